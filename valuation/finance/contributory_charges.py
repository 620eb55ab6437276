"""Contributory asset charges: what the asset valued must pay for the other assets that earn with it.

Source: The Appraisal Foundation, best practice on contributory assets (2010), existence page-read.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def charge_share_of_revenue(asset_value: Any, return_on: Any, return_of: Any, revenue: Any) -> Any:
    """Charge of one contributory asset as a share of revenue: (value x after-tax return on + return of) / revenue.

    Working capital pays a return on only; wasting assets pay also a return of, unless depreciation is in the margin.
    A year without revenue has no share: 0 stands there, and the charge of that year must be counted as an amount.
    """
    earns = revenue > 0
    return np.where(earns, contributory_charge(asset_value, return_on, return_of) / np.where(earns, revenue, 1), 0)


def contributory_charge(asset_value: Any, return_on: Any, return_of: Any) -> Any:
    """Charge of one contributory asset in money: value x after-tax return on + return of."""
    return asset_value * return_on + return_of

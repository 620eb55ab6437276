"""Depreciation: what part of a cost is used up since new, by age or by use, down to the salvage value and no further.

Source: OpenStax, Principles of Finance (2e), section 4.4 (file-read), whose asset costs 58,000, is worth 10,000 after
5 years or 960,000 units, and is the number to check by below.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.finance.powers import power


def straight_line_depreciation(cost: Any, age: Any, life: Any, *, salvage: Any = 0.0) -> Any:
    """Cost used up at an age if every year takes the same. After one year: 9,600."""
    return (cost - salvage) * np.minimum(age / life, 1.0)


def units_of_production_depreciation(cost: Any, used: Any, capacity: Any, *, salvage: Any = 0.0) -> Any:
    """Cost used up if every unit of use takes the same, whatever the age. After 180,000 units: 9,000."""
    return (cost - salvage) * np.minimum(used / capacity, 1.0)


def declining_balance_depreciation(cost: Any, age: Any, life: Any, *, salvage: Any = 0.0, multiple: Any = 2.0) -> Any:
    """Cost used up at an age if every year takes the same share, multiple / life, of what is left.

    Multiple 2 is the double-declining balance: 23,200 after one year, 37,120 after two.
    """
    left = cost * power(1 - np.minimum(multiple / life, 1.0), age)
    return cost - np.maximum(left, salvage)


def fixed_declining_balance_depreciation(cost: Any, age: Any, life: Any, *, salvage: Any) -> Any:
    """Cost used up at an age if every year takes the share of what is left that leaves the salvage value at the end.

    That share is 1 - (salvage / cost) ** (1 / life), as Excel's DB has it (rounded there). After one year: 17,192.27.
    The salvage value must be above 0.
    """
    kept = salvage / np.where(cost > 0, cost, 1.0)
    return cost - cost * power(kept, np.minimum(age / life, 1.0))


def sum_of_years_depreciation(cost: Any, age: Any, life: Any, *, salvage: Any = 0.0) -> Any:
    """Cost used up if the years take shares that fall evenly: n, n - 1, … 1 out of their sum (年数总和法).

    After one year: 16,000, after two 28,800. Within a year the shares are joined by a smooth curve.
    """
    passed = np.minimum(age, life)
    return (cost - salvage) * passed * (2 * life - passed + 1) / (life * (life + 1))

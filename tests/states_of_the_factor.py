"""Means over the factor by brute force, against which the closed forms of pools of loans are held."""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.lending import portfolio
from valuation.lending.losses import shortfall
from valuation.workings import FloatArray

NODES = 64  # 48 change the reference values by less than 1e-15


def shortfall_at(claim: Any, median: Any, market_spread: Any, own_spread: Any, sensitivity: Any, factor: Any) -> Any:
    """What a sale leaves uncovered of a claim on average, where the factor has this value.

    `median` is what the sale brings in the middle case, `market_spread` the sd of its logarithm that prices add and
    `own_spread` what is not of the market, such as the valuation error. Debt 50, net value 90 of mean drift -20% and
    volatility 40%, a year, sensitivity .5, the factor at its 0.1% quantile: 50 x 0.26308116588061337.
    """
    return shortfall(claim, *portfolio.proceeds_at(median, market_spread, own_spread, sensitivity, factor))[0]


def factor_nodes() -> tuple[FloatArray, FloatArray]:
    """Values of the factor and their weights, for means over it (Gauss and Hermite)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return nodes, weights / weights.sum()

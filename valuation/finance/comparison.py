"""Prices of comparables side by side: how far each was adjusted, which figure is taken, how far they lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from valuation.finance.rows import how_many_are_at_most, quantile

NOT_COMPARABLE = 0.7  # gross adjustment above which a thing is another thing: e ** 0.7 is twice the price


def gross_adjustment(factors: Sequence[Any]) -> Any:
    """How unlike the subject a comparable is: the sum of |ln factor|, in which a rise and a fall do not cancel.

    Factors 0.9, 1.05, 1.1, 0.8: 0.4726.
    """
    return sum(np.abs(np.log(factor)) for factor in factors)


def median(row: Any) -> Any:
    """The figure in the middle of the row. 174.43, 176.27, 174.77: 174.77."""
    return quantile(row, how_many_are_at_most(row), 0.5)


def weighted_mean(row: Any, weights: Any) -> Any:
    """Sum of figure times weight over the sum of weights. 20 and 60 with weights 3 and 1: 30."""
    return np.sum(row * weights, axis=-1, keepdims=True) / np.sum(weights, axis=-1, keepdims=True)


def dispersion(row: Any) -> Any:
    """Mean distance of the row's figures from their median, as a share of it (coefficient of dispersion).

    9, 10, 12: 0.1.
    """
    middle = median(row)
    return np.mean(np.abs(row - middle), axis=-1, keepdims=True) / middle


def middle(row: Any, weights: Any, which: str) -> Any:
    """The figure of several views of one thing that is taken: their "median", "mean" or "weighted_mean"."""
    if which == "median":
        return median(row)
    return weighted_mean(row, weights) if which == "weighted_mean" else np.mean(row, axis=-1, keepdims=True)

"""Several figures of one calculation side by side in a row, the quantiles of such a row, and running sums along it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from valuation.finance.powers import is_cell


def joined(figures: Sequence[Any]) -> Any:
    """Figures (..., 1) of a list as one row (..., how many), in the order of the list."""
    if is_cell(*figures):
        return np.concatenate([one if is_cell(one) else np.atleast_1d(one) for one in figures], axis=-1)
    return np.concatenate(np.broadcast_arrays(*(np.atleast_1d(one) for one in figures)), axis=-1)


def running_sum(yearly: Any) -> Any:
    """Sum of each year's figure and all before it. 1, 2, 4: 1, 3, 7."""
    return _running(np.add, yearly)


def running_product(yearly: Any) -> Any:
    """Product of each year's figure and all before it. 2, 3, 4: 2, 6, 24."""
    return _running(np.multiply, yearly)


def _running(function: Any, yearly: Any) -> Any:
    if is_cell(yearly) or not (np.ndim(yearly) == 2 and yearly.flags.f_contiguous):
        return function.accumulate(yearly, axis=-1)
    # Rows of a book whose years lie one after the other in memory: numpy's own would go through it row by row, at a
    # fifth of the speed. Same operations in the same order, so the same bits.
    run = np.empty_like(yearly)
    run[:, 0] = yearly[:, 0]
    for year in range(1, run.shape[-1]):
        function(run[:, year - 1], yearly[:, year], out=run[:, year])
    return run


def how_many_are_at_most(row: Any) -> Any:
    """For each figure of the row, how many of them (itself among them) do not exceed it. 3, 1, 2, 2: 4, 1, 3, 3."""
    return sum(np.where(row[..., place : place + 1] <= row, 1.0, 0.0) for place in range(np.shape(row)[-1]))


def quantile(row: Any, at_most: Any, share: float) -> Any:
    """The figure below which this share of the row lies; between two neighbours in proportion, as Excel's QUARTILE.INC.

    `at_most` is how_many_are_at_most(row), handed in so that several quantiles share it. Quartile of 11, 21, 42, 27,
    18, 29, 32, 52: 20.25.
    """
    place = share * (np.shape(row)[-1] - 1)
    before = int(place)
    lower = _in_order(row, at_most, before)
    if place == before:
        return lower
    return lower + (place - before) * (_in_order(row, at_most, before + 1) - lower)


def _in_order(row: Any, at_most: Any, place: int) -> Any:
    """The figure at this place, counted from 0, if the row were sorted: the least with more than `place` at most it."""
    largest = np.max(row, axis=-1, keepdims=True)
    return np.min(np.where(at_most > place, row, largest), axis=-1, keepdims=True)

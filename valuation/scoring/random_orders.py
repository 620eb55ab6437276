"""What each of many sources adds, estimated: the mean gain over random orders, with its standard error."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from valuation.scoring.refusals import refuse
from valuation.workings import FloatArray

ROWS_AT_ONCE = 2**15  # coalitions handed to a utility function in one call

Utility = Callable[[NDArray[np.bool_]], Any]  # coalitions (row, source) to their utilities (row)


class Estimate(NamedTuple):
    """Contributions estimated from random orders (n), and the standard error of each."""

    contributions: FloatArray
    standard_errors: FloatArray


def permutation_shapley(utility: Utility, sources: int, *, orders: int, seed: int = 1) -> Estimate:
    """Shapley values of many sources, as the mean gain of each over random orders, with the standard error.

    `utility` gets coalitions as rows of booleans (row, source), many in one call, and gives their utilities. Orders go
    in pairs, one the reverse of the other: whoever came late comes early. The error is that of the pairs' means, so
    state each contribution as mean and sd. The estimates add up to the total exactly. The same seed gives the same
    orders with any release of numpy. Refused: an odd number of orders, or fewer than four.
    """
    if orders < 4 or orders % 2:
        refuse(
            f"{orders} orders were asked for; they go in pairs, and an error needs two pairs",
            f"给出的排列数为 {orders}；排列成对抽取，且至少需要两对才能估计误差",
            "Ask for an even number, such as 1000.", "请给出偶数，如 1000。",
        )  # fmt: skip
    random = np.random.PCG64(seed)
    pairs, at_once = orders // 2, max(1, ROWS_AT_ONCE // (2 * (sources + 1)))
    means = [
        _pair_means(utility, random.random_raw(min(at_once, pairs - start) * sources).reshape(-1, sources))
        for start in range(0, pairs, at_once)
    ]
    gains = np.concatenate(means)
    return Estimate(np.mean(gains, axis=0), np.std(gains, axis=0, ddof=1) / np.sqrt(pairs))


def orders_needed(largest_gain: float, *, error: float, sources: int, chance: float = 0.05) -> int:
    """How many random orders keep all estimates within the error, but for this chance (Hoeffding's bound).

    2 (r / error)^2 ln(2 n / chance), where one gain is between -r and r; half the range, a quarter of the orders, if no
    source ever harms. It is far on the safe side. r = 1, error 0.05, 10 sources: 4794.
    """
    return ceil(2 * (largest_gain / error) ** 2 * log(2 * sources / chance))


def _pair_means(utility: Utility, keys: Any) -> FloatArray:
    """Mean gain of each source in an order and its reverse, one row a pair; the keys' ranks are the order."""
    pairs, sources = keys.shape
    forth = np.argsort(keys, axis=-1, kind="stable")
    order = np.concatenate([forth, forth[:, ::-1]])
    place = np.argsort(order, axis=-1)
    joined = place[:, None, :] < np.arange(sources + 1)[:, None]  # after so many steps, who is in
    reached = np.asarray(utility(joined.reshape(-1, sources)), dtype=float).reshape(2 * pairs, sources + 1)
    gains = np.take_along_axis(np.diff(reached, axis=-1), place, axis=-1)
    return np.asarray((gains[:pairs] + gains[pairs:]) / 2)

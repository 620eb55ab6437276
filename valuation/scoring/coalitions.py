"""What each source of a joint result adds: Shapley, Banzhaf and leave-one-out from the utilities of coalitions.

Utilities are (..., 2 ** n): entry `mask` is what the sources whose bits are set in `mask` reach together (source 0 is
bit 0), entry 0 what is reached without any. Leading axes are draws or assets. Contributions are (..., n), in the unit
of the utilities. What sources add depends on the model, the test set and the metric the utilities were measured with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import ceil, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from valuation.scoring.refusals import refuse
from valuation.workings import FloatArray

MOST_SOURCES = 20  # 2^20 utilities are 8 MB; each one more doubles the coalitions to be measured
ROWS_AT_ONCE = 2**15  # coalitions handed to a utility function in one call

Utility = Callable[[NDArray[np.bool_]], Any]  # coalitions (row, source) to their utilities (row)


def mask_of(members: Sequence[int]) -> int:
    """The place of a coalition among the utilities. Sources 0 and 2: 5."""
    return sum(1 << member for member in set(members))


def sizes(sources: int) -> NDArray[np.intp]:
    """How many sources each coalition of so many has, by its mask: 0, 1, 1, 2, 1, 2, 2, 3."""
    return np.bitwise_count(np.arange(2**sources)).astype(np.intp)


def shapley_weights(sources: int) -> FloatArray:
    """Weight of a gain on each coalition of the others: the chance that just they come before in a random order.

    Three sources: 1/3, 1/6, 1/6, 1/3.
    """
    by_size = np.ones(sources)  # |S|! (n - |S| - 1)! / n!, step by step, as factorials would overflow
    by_size[0] = 1 / sources
    for size in range(1, sources):
        by_size[size] = by_size[size - 1] * size / (sources - size)
    return np.asarray(by_size[sizes(sources - 1)])


def banzhaf_weights(sources: int) -> FloatArray:
    """Every coalition of the others counts alike: 2 ** (1 - n). Most robust where utilities are noisy."""
    return np.full(2 ** (sources - 1), 0.5 ** (sources - 1))


def leave_one_out_weights(sources: int) -> FloatArray:
    """Only the gain on all others counts. Two copies of one source hide each other: both come out as nothing."""
    weights = np.zeros(2 ** (sources - 1))
    weights[-1] = 1.0
    return weights


def marginal_gains(utilities: Any, source: int) -> FloatArray:
    """What one source adds to each coalition of the others, (..., 2 ** (n - 1)), in order of their masks without it."""
    given = np.asarray(utilities, dtype=float)
    parted = given.reshape(*given.shape[:-1], -1, 2, 2**source)
    gains = parted[..., 1, :] - parted[..., 0, :]
    return np.asarray(gains.reshape(*given.shape[:-1], -1))


def shapley(utilities: Any) -> FloatArray:
    """What each source adds on average over all orders in which the sources could have come.

    The contributions add up to what all reach together above nothing. Refused: more than 20 sources.
    Utilities 0, 2, 4, 18, 5, 14, 9, 24: 9.5, 8, 6.5 (CoopGame).
    """
    return _weighted(utilities, shapley_weights)


def banzhaf(utilities: Any) -> FloatArray:
    """What each source adds on average over all coalitions of the others; the sum is no total: see renormalised.

    More than half of four votes wins: 0.375 each, 1.5 together.
    """
    return _weighted(utilities, banzhaf_weights)


def leave_one_out(utilities: Any) -> FloatArray:
    """What is lost if one source alone is taken away; the sum is no total: see renormalised. As above: 0 each."""
    return _weighted(utilities, leave_one_out_weights)


def renormalised(contributions: Any, utilities: Any) -> FloatArray:
    """Contributions stretched to add up to what all reach above nothing; refused if they add up to nothing themselves.

    Votes 50, 49, 1 of which 51 decide, Banzhaf: 0.6, 0.2, 0.2.
    """
    given, total = np.asarray(contributions, dtype=float), np.asarray(utilities, dtype=float)
    together = np.sum(given, axis=-1, keepdims=True)
    if np.any(together == 0):
        refuse(
            "the contributions add up to 0, so nothing can be shared out by them",
            "贡献合计为 0，无法据以分配",
            "Copies of one source hide each other when one is left out; use Shapley.",
            "同一来源的副本在逐一剔除时相互掩盖；请采用 Shapley 值。",
        )
    return np.asarray(given * (total[..., -1:] - total[..., :1]) / together)


def shapley_of_largest(figures: Any) -> FloatArray:
    """Shapley values where a coalition is worth its best source's figure, for any number of sources, exactly.

    Each step from one figure to the next higher is shared by all who reach it: a runway by the planes that need it, or
    sources that replace each other wholly. Figures >= 0. Figures 1, 2, 2: 1/3, 5/6, 5/6.
    """
    given = np.asarray(figures, dtype=float)
    order = np.argsort(given, kind="stable")
    steps = np.diff(given[order], prepend=0.0) / np.arange(given.size, 0, -1)
    shared = np.empty(given.size)
    shared[order] = np.cumsum(steps)
    return shared


def substitutes(utilities: Any, *, within: float = 0.0) -> list[tuple[int, int]]:
    """Pairs of sources that do each other's work: either adds something, but not where the other is in already.

    Look at each pair before money is shared out. A copy raises its owner's part where sources overlap (half becomes two
    thirds) and lowers it where they need each other. `within` is the gain that counts as none, in parts of what all
    sources reach; 0 finds exact copies. Utilities (2 ** n,).
    """
    given = np.asarray(utilities, dtype=float)
    sources, none = _sources(given), within * abs(given[-1] - given[0])
    masks, found = np.arange(given.size), []
    for one, other in combinations(range(sources), 2):
        without = masks[masks & (1 << one | 1 << other) == 0]
        alone = given[without | 1 << one], given[without | 1 << other]
        both = given[without | 1 << one | 1 << other]
        useful = all(np.any(np.abs(each - given[without]) > none) for each in alone)
        if useful and all(np.all(np.abs(both - each) <= none) for each in alone):
            found.append((one, other))
    return found


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


def _weighted(utilities: Any, weights: Callable[[int], FloatArray]) -> FloatArray:
    given = np.asarray(utilities, dtype=float)
    sources = _sources(given)
    on_each = weights(sources)
    # No matrix product: it adds in an order that depends on the machine, and waits for a second thread that is busy.
    parts = [np.sum(marginal_gains(given, source) * on_each, axis=-1) for source in range(sources)]
    return np.stack(parts, axis=-1)


def _sources(utilities: FloatArray) -> int:
    """How many sources there are, by the number of coalitions."""
    coalitions = utilities.shape[-1] if utilities.ndim else 0
    sources = coalitions.bit_length() - 1
    if sources < 1 or coalitions != 2**sources:
        refuse(
            f"{coalitions} utilities are not those of all coalitions of some sources",
            f"{coalitions} 个效用值不是若干来源的全部组合",
            "Give 2 ** n, by mask, the first for no source at all.", "请按掩码给出 2 ** n 个值，首个对应无任何来源。",
        )  # fmt: skip
    if sources > MOST_SOURCES:
        refuse(
            f"{sources} sources have too many coalitions to count out; at most {MOST_SOURCES} are",
            f"{sources} 个来源的组合过多，无法逐一计算；最多 {MOST_SOURCES} 个",
            "Estimate by permutation_shapley, or put sources together.", "请用 permutation_shapley 估计，或合并来源。",
        )  # fmt: skip
    return sources

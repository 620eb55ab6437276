"""What each source of a joint result adds: Shapley, Banzhaf and leave-one-out from the utilities of coalitions.

Utilities are (..., 2 ** n): entry `mask` is what the sources whose bits are set in `mask` reach together (source 0 is
bit 0), entry 0 what is reached without any. Leading axes are draws or assets. Contributions are (..., n), in the unit
of the utilities. What sources add depends on the model, the test set and the metric the utilities were measured with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.scoring.refusals import refuse
from valuation.workings import FloatArray

MOST_SOURCES = 20  # 2^20 utilities are 8 MB; each one more doubles the coalitions to be measured
STRETCH = 12  # sources whose coalitions are worked at once: 4,096 figures


def mask_of(members: Sequence[int]) -> int:
    """The place of a coalition among the utilities. Sources 0 and 2: 5."""
    return sum(1 << member for member in set(members))


def sizes(sources: int) -> NDArray[np.uint8]:
    """How many sources each coalition of so many has, by its mask: 0, 1, 1, 2, 1, 2, 2, 3."""
    size = np.zeros(1, dtype=np.uint8)
    for _ in range(sources):
        size = np.concatenate([size, size + 1])
    return size


# Weight of a source's gain by how many others were in before it (n figures, for none to all)


def shapley_weights(sources: int) -> FloatArray:
    """The chance that just these came before in a random order, |S|! (n - |S| - 1)! / n!. For three: 1/3, 1/6, 1/3."""
    weights = np.ones(sources)
    weights[0] = 1 / sources
    for size in range(1, sources):
        weights[size] = weights[size - 1] * size / (sources - size)
    return weights


def banzhaf_weights(sources: int) -> FloatArray:
    """Every coalition of the others counts alike: 2 ** (1 - n). Most robust where utilities are noisy."""
    return np.full(sources, 0.5 ** (sources - 1))


def leave_one_out_weights(sources: int) -> FloatArray:
    """Only the gain on all others counts. Two copies of one source hide each other: both come out as nothing."""
    weights = np.zeros(sources)
    weights[-1] = 1.0
    return weights


# Contributions


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


def _weighted(utilities: Any, weights: Callable[[int], FloatArray]) -> FloatArray:
    """Sum over the coalitions S of the others of weight x (utility with the source - utility without it).

    A coalition of s counts with weight[s - 1] for each member and with -weight[s] for all others. So utility x (both
    weights) is summed by member, less the second part for everybody: 2 ** n steps and not n 2 ** n. That goes stretch
    by stretch of the coalitions with the same high bits, in the cache: fresh memory costs more than the arithmetic.
    """
    given = np.asarray(utilities, dtype=float)
    sources, lead = _sources(given), given.shape[:-1]
    if np.any(given[..., 0]):  # what is reached without any source is nobody's; digits are lost with it
        given = given - given[..., :1]
    others, both = _tables(weights, sources)
    low = both.shape[-1].bit_length() - 1
    alike = np.zeros((len(both), *lead, 2**low))  # sums of the stretches with as many high bits
    by_high = np.empty((*lead, 2 ** (sources - low)))
    for high, before in enumerate(sizes(sources - low)):
        stretch = given[..., high << low : high + 1 << low]
        alike[before] += stretch
        by_high[..., high] = np.einsum("...s,s->...", stretch, both[before])
    by_low = np.einsum("b...s,bs->...s", alike, both)
    everybody = np.einsum("b...s,bs->...", alike, others)
    return np.asarray(np.concatenate([_by_member(by_low), _by_member(by_high)], axis=-1) - everybody[..., None])


@cache
def _tables(weights: Callable[[int], FloatArray], sources: int) -> tuple[FloatArray, FloatArray]:
    """Weights of a stretch's coalitions for those not in them, and these with those of members, by number of high bits.

    They depend on how many sources there are and not on their utilities, so they are kept.
    """
    low, by_size = min(sources, STRETCH), weights(sources)
    for_others, for_members = np.append(by_size, 0.0), np.append(0.0, by_size)
    size = np.arange(sources - low + 1)[:, None] + sizes(low)
    return for_others[size], (for_others + for_members)[size]


def _by_member(table: FloatArray) -> FloatArray:
    """For each source the sum over all coalitions that it is in, folding the table on the last source first."""
    sources = table.shape[-1].bit_length() - 1
    found = np.empty((*table.shape[:-1], sources))
    for source in reversed(range(sources)):
        without, with_it = table[..., : 2**source], table[..., 2**source :]
        found[..., source] = np.sum(with_it, axis=-1)
        table = without + with_it
    return found


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

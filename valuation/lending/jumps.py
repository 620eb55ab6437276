"""A new generation, a ban, an open rival: losses of value at one stroke, at an average number of times a year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from valuation.finance import normal_cdf, normal_quantile
from valuation.lending.losses import shortfall

MOST_JUMPS = 80  # with ten of them expected, more have a chance of 1e-42
HALVINGS = 100


def shortfall_with_jumps(claim: Any, median: Any, spread: Any, *, expected_jumps: Any, factor: Any) -> Any:
    """Mean of what proceeds leave uncovered of a claim if each jump multiplies them by `factor`.

    Poisson jumps, lognormal between them. Claim 50, proceeds of median 90 x exp(-.145) and spread .3, half a jump to
    70% expected: 50 x 0.05072927994023886, where without jumps it is 50 x 0.008298566666002767.
    """
    return sum(
        chance * shortfall(claim, median * factor**jumps, spread)[0]
        for jumps, chance in enumerate(poisson_chances(expected_jumps))
    )


def haircut_with_jumps(log_drift: Any, spread: Any, tail: float, *, expected_jumps: Any, factor: Any) -> Any:
    """The part of the value that is lost in all but `tail` of cases, by bisection on the mixture.

    `log_drift` is that of the median over the whole time, jumps apart. -.145, spread .3, tail 5%, half a jump to 70%
    expected: 0.6346293924128223, where without jumps it is .47189285413348514.
    """
    chances = list(poisson_chances(expected_jumps))
    wide = np.maximum(spread, np.finfo(float).eps)

    def below(score: Any) -> Any:
        """Chance that ln of the value lies so many spreads from its drift."""
        return sum(chance * normal_cdf(score - jumps * np.log(factor) / wide) for jumps, chance in enumerate(chances))

    high = normal_quantile(tail) + np.zeros_like(wide)  # jumps down only add to what lies below
    low = high + MOST_JUMPS * np.log(factor) / wide
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = below(middle) < tail
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return -np.expm1(log_drift + high * wide)


def poisson_chances(expected: Any) -> Iterator[Any]:
    """The chances of no jump, one, two … where so many are expected."""
    chance = np.exp(-np.asarray(expected, dtype=float))
    for jumps in range(MOST_JUMPS + 1):
        yield chance
        chance = chance * expected / (jumps + 1)

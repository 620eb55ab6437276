"""The chance that two correlated normal figures both lie below given scores: default and a low price at once."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from valuation.finance.powers import is_cell, normal_cdf

STEPS = 48  # absolute error 5e-15 at any correlation, up to the last double below 1
REACH = 9.0  # the density is exp(-REACH**2 / 2), 3e-18 of what it can be at most, where the ridge has left the scores
NEXT_TO_NOTHING = 1e-300
FARTHEST = 38.0  # beyond this score no normal figure lies that a double can tell from none


@cache
def quadrature() -> tuple[tuple[float, float], ...]:
    """Places between 0 and 1, and their weights, which add up to 1 (Gauss and Legendre)."""
    nodes, weights = np.polynomial.legendre.leggauss(STEPS)
    return tuple(zip(((nodes + 1) / 2).tolist(), (weights / 2).tolist(), strict=True))


def bivariate_normal_cdf(first: Any, second: Any, correlation: Any) -> Any:
    """Chance that two standard normal figures of this correlation lie below the scores `first` and `second`.

    Scores -1.6448536269514729 and -.7694666622552973, correlation .5: 0.03077774049247947. The derivative by the
    correlation is the joint density (Plackett 1954), integrated here over y, where the correlation is tanh y: that
    stretches the neighbourhood of 1, where the density narrows to a ridge. The steps end where the ridge no longer
    meets the scores: spread over nothing they would miss its edge. At 1 itself the smaller chance remains.
    """
    if is_cell(first, second, correlation):
        cell = next(operand for operand in (first, second, correlation) if is_cell(operand))
        return cell.bivariate_normal_cdf(first, second, correlation)
    first, second = np.clip(first, -FARTHEST, FARTHEST), np.clip(second, -FARTHEST, FARTHEST)
    sign = np.sign(correlation)
    other = sign * second
    distance = np.abs(first - other)
    edge = np.arcsinh(REACH / np.maximum(distance, NEXT_TO_NOTHING))
    end = np.minimum(np.arctanh(np.minimum(np.abs(correlation), 1 - 2.0**-53)), edge)
    product, apart = first * other, distance**2 / 2
    total = 0.0
    for place, weight in quadrature():
        ridge = np.cosh(end * place)
        total = total + weight * np.exp(-apart * ridge**2 - product / (1 + np.tanh(end * place))) / ridge
    below_first, below_second = normal_cdf(first), normal_cdf(second)
    both = below_first * below_second + sign * end * total / (2 * np.pi)
    at_one = np.minimum(below_first, below_second)
    at_minus_one = np.maximum(below_first + below_second - 1, 0.0)
    return np.where(np.abs(correlation) < 1, both, np.where(correlation > 0, at_one, at_minus_one))

"""The limit of the measured case: all of a draw but its normal scores in one loop compiled by numba."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from benchmarks.royalty_case import RANGES, TAX_RATE, YEARS, score_factor
from valuation.distributions import Pert

FloatArray = np.ndarray[Any, np.dtype[np.float64]]

KNOTS, LAST_SCORE = 2048, 8.5
BLOCK = 8192


def loop(count: int) -> FloatArray:
    """The limit: scipy's compiled Sobol points and normal scores, then all else of a draw in one compiled loop."""
    factor, points = score_factor(), qmc.Sobol(len(RANGES), rng=1)
    grid = np.linspace(-LAST_SCORE, LAST_SCORE, KNOTS + 1)
    tables = np.array([Pert(*map(np.float64, ends)).at(grid) for ends in RANGES.values()])
    values = np.empty(count)
    for start in range(0, count, BLOCK):
        stop = min(start + BLOCK, count)
        _values(ndtri(points.random(stop - start)), factor, tables, values[start:stop])
    return values


@numba.njit
def _values(scores: FloatArray, factor: FloatArray, tables: FloatArray, values: FloatArray) -> None:
    x = np.empty(len(tables))
    for draw in range(len(values)):
        for row in range(len(tables)):
            z = 0.0
            for other in range(row + 1):
                z += factor[row, other] * scores[draw, other]
            x[row] = _cubic(tables[row], z)
        values[draw] = formula(x)


@numba.njit(inline="always")
def _cubic(table: FloatArray, z: float) -> float:
    """The cubic through the four knots around z."""
    place = (z + LAST_SCORE) * (KNOTS / (2 * LAST_SCORE))
    cell = min(max(int(place), 1), KNOTS - 2)
    t = place - cell
    a, b, c, d = table[cell - 1], table[cell], table[cell + 1], table[cell + 2]
    second, third = (a - 2 * b + c) / 2, (d - a + 3 * (b - c)) / 6
    return b + t * ((c - a) / 2 - third + t * (second + t * third))


@numba.njit
def formula(x: FloatArray) -> float:
    """One draw, with each year's discount factor made of the one before."""
    levered = x[4] * (1 + (1 - TAX_RATE) * x[8] / (1 - x[8]))
    equity = x[3] + levered * x[5] + x[6]
    rate = equity * (1 - x[8]) + x[7] * (1 - TAX_RATE) * x[8] + x[9]
    a_year, factor, growth, annuity, present = 1 / (1 + rate), 1.0, 1.0, 0.0, 0.0
    for _ in range(YEARS):
        factor *= a_year
        present += growth * factor
        annuity += factor
        growth *= 1.06
    saved = x[0] * x[1] * x[2] * (1 - TAX_RATE)
    return saved * present / (1 - TAX_RATE * annuity / YEARS)

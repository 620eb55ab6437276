"""The same case worked in the ways that others would: full arrays, a loop, a package, a compiled loop.

Each has a formula for one draw or for columns of draws, and a run from ranges to the values of all draws. Inputs come
in the order of royalty_case.RANGES.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from scipy.special import ndtri
from scipy.stats import beta as beta_distribution
from scipy.stats import norm, qmc

from benchmarks.royalty_case import GROWTH, RANGES, TAX_RATE, YEARS, score_factor
from valuation.distributions import Pert

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


def scipy_draws(count: int, seed: int = 1) -> list[FloatArray]:
    """Every input in every draw, as scipy's documentation leads one to write it: Sobol points, copula, beta.ppf."""
    scores = norm.ppf(qmc.Sobol(len(RANGES), rng=seed).random(count)) @ score_factor().T
    chances = norm.cdf(scores)
    drawn = []
    for column, (low, mode, high) in enumerate(RANGES.values()):
        part = (mode - low) / (high - low)
        drawn.append(beta_distribution.ppf(chances[:, column], 1 + 4 * part, 5 - 4 * part, loc=low, scale=high - low))
    return drawn


def full_arrays(count: int) -> FloatArray:
    """scipy's draws, and the formula on arrays of all draws and years."""
    return array_formula(*(drawn[:, None] for drawn in scipy_draws(count)))


def array_formula(revenue: Any, share: Any, royalty_rate: Any, *of_rate: Any) -> FloatArray:
    """Columns of draws in, a row of values out."""
    rate = discount_rate(*of_rate)
    factor = (1 + rate) ** -np.arange(1, YEARS + 1)
    saved = revenue * np.array(GROWTH) * share * royalty_rate * (1 - TAX_RATE)
    annuity = (1 - (1 + rate[:, 0]) ** -YEARS) / rate[:, 0]
    return (saved * factor).sum(axis=1) / (1 - TAX_RATE * annuity / YEARS)


def discount_rate(
    risk_free: Any, beta: Any, equity_premium: Any, size_premium: Any, cost_of_debt: Any, debt_share: Any,
    asset_premium: Any,
) -> Any:  # fmt: skip
    """Cost of capital and the asset's premium, for one draw or a column of them."""
    levered = beta * (1 + (1 - TAX_RATE) * debt_share / (1 - debt_share))
    equity = risk_free + levered * equity_premium + size_premium
    return equity * (1 - debt_share) + cost_of_debt * (1 - TAX_RATE) * debt_share + asset_premium


def loop_formula(revenue: float, share: float, royalty_rate: float, *of_rate: float) -> float:
    """One draw, as an analyst writes it."""
    rate = discount_rate(*of_rate)
    present = 0.0
    for year in range(YEARS):
        present += revenue * GROWTH[year] * share * royalty_rate * (1 - TAX_RATE) / (1 + rate) ** (year + 1)
    annuity = (1 - (1 + rate) ** -YEARS) / rate
    return present / (1 - TAX_RATE * annuity / YEARS)


def loop(formula: Callable[..., float], count: int) -> FloatArray:
    """scipy's draws, and a formula once a draw."""
    return np.array([formula(*draw) for draw in zip(*(column.tolist() for column in scipy_draws(count)), strict=True)])


def package_formula() -> Callable[..., float] | None:
    """One draw by the package intangible-valuation, the discount rate handed to it ready; None if it is not there."""
    try:
        from intangible_valuation.income_methods.relief_from_royalty import relief_from_royalty
    except ImportError:
        return None

    def formula(revenue: float, share: float, royalty_rate: float, *of_rate: float) -> float:
        revenues = [revenue * share * growth for growth in GROWTH]
        return float(relief_from_royalty(revenues, royalty_rate, discount_rate(*of_rate), TAX_RATE, YEARS).value)

    return formula


KNOTS, LAST_SCORE = 2048, 8.5
BLOCK = 8192


def compiled_loop(count: int) -> FloatArray:
    """The limit: scipy's compiled Sobol points and normal scores, then all else of a draw in one compiled loop."""
    factor, points = score_factor(), qmc.Sobol(len(RANGES), rng=1)
    grid = np.linspace(-LAST_SCORE, LAST_SCORE, KNOTS + 1)
    tables = np.array([Pert(*map(np.float64, ends)).at(grid) for ends in RANGES.values()])
    values = np.empty(count)
    for start in range(0, count, BLOCK):
        stop = min(start + BLOCK, count)
        _compiled(ndtri(points.random(stop - start)), factor, tables, values[start:stop])
    return values


@numba.njit
def _compiled(scores: FloatArray, factor: FloatArray, tables: FloatArray, values: FloatArray) -> None:
    x = np.empty(len(tables))
    for draw in range(len(values)):
        for row in range(len(tables)):
            z = 0.0
            for other in range(row + 1):
                z += factor[row, other] * scores[draw, other]
            x[row] = _cubic(tables[row], z)
        values[draw] = compiled_formula(x)


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
def compiled_formula(x: FloatArray) -> float:
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

"""The same case worked in the ways that others would: full arrays, a loop, a package, a compiled loop.

Each has a formula for one draw or for columns of draws, and a run from ranges to the values of all draws. Inputs come
in the order of royalty_case.RANGES.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import numpy as np
from scipy.stats import beta as beta_distribution
from scipy.stats import norm, qmc

from benchmarks.royalty_case import GROWTH, RANGES, TAX_RATE, YEARS, score_factor

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


def compiled() -> ModuleType | None:
    """The compiled loop and its formula; None without numba."""
    return import_module("benchmarks.compiled_way") if find_spec("numba") is not None else None

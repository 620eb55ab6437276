"""Powers and the normal distribution, written once for arrays and for Excel cells.

numpy's power costs 14 ns a number, exp and log1p together 10; a cell shows base^exponent, as a valuer writes it. An
object that writes formulas says so by the attribute `valuation_cell`.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def is_cell(*operands: Any) -> bool:
    """Whether any operand is a stand-in that writes formulas."""
    return any(getattr(operand, "valuation_cell", False) for operand in operands)


def compound(rate: Any, years: Any) -> Any:
    """(1 + rate) ** years: what 1 grows to. The rate must be above -100%."""
    if is_cell(rate, years):
        return (1 + rate) ** years
    # Draws of one year side by side, as the ranges of a forecast have them: 1.4 times faster over ten years.
    return np.exp(np.multiply(years, np.log1p(rate), order="F"))


def power(base: Any, exponent: Any) -> Any:
    """base ** exponent for a base that is not negative; 0 ** positive is 0."""
    return base**exponent if is_cell(base, exponent) else np.power(base, exponent)


def normal_cdf(score: Any) -> Any:
    """Chance that a standard normal figure lies below the score."""
    if is_cell(score):
        return score.normal_cdf()
    from scipy.special import ndtr  # 0.25 s of import: only when asked for

    return ndtr(score)


def normal_quantile(probability: Any) -> Any:
    """The score below which a standard normal figure lies with this chance."""
    if is_cell(probability):
        return probability.normal_quantile()
    from scipy.special import ndtri

    return ndtri(probability)


def gamma(argument: Any) -> Any:
    """The gamma function of a positive argument; gamma(n) = (n - 1)! for whole n."""
    if is_cell(argument):
        return argument.gamma()
    from scipy.special import gamma as scipy_gamma

    return scipy_gamma(argument)

"""Survival: which part of today's benefit is still there after so many years, for an asset that is already aged."""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.finance.powers import gamma, power

FAR = 50.0  # -ln S(age) from which on an integral replaces the incomplete gamma function


def exponential_survival(attrition_rate: Any, time: Any) -> Any:
    """Share left after `time` years when the same share of what is left goes every moment: exp(-rate x time)."""
    return np.exp(-attrition_rate * time)


def weibull_survival(shape: Any, scale: Any, age: Any, time: Any) -> Any:
    """Share of what has reached `age` that is still there `time` years later: S(age + time) / S(age).

    Shape 1 is constant attrition 1/scale; above 1 attrition rises with age. Never the curve of age 0 for an aged asset.
    """
    return np.exp(power(age / scale, shape) - power((age + time) / scale, shape))


def weibull_mean_life(shape: Any, scale: Any) -> Any:
    """Mean life at age 0: scale x gamma(1 + 1/shape). Shape 1.8, scale 6: 5.335720394713277."""
    return scale * gamma(1 + 1 / shape)


def weibull_remaining_life(shape: Any, scale: Any, age: Any) -> Any:
    """Years still to be expected at `age`: the area under S(age + time) / S(age), with a last axis of length 1.

    Shape 1.8, scale 6, age 2: 3.939829033318862.
    """
    from scipy.special import gammaincc

    exponent, passed = 1 / shape, power(age / scale, shape)
    near = np.minimum(passed, FAR)
    area = gamma(exponent) * gammaincc(exponent, near) * np.exp(near)
    # Far past the scale that is 0 x infinity in the end, but the area then is that of a smooth curve times exp(-u).
    nodes, weights = np.polynomial.laguerre.laggauss(32)
    smooth = np.sum(weights * power(passed + nodes, exponent - 1), axis=-1, keepdims=True)
    return scale / shape * np.where(passed < FAR, area, smooth)


def half_life_decay(half_life: Any, time: Any) -> Any:
    """Share left after `time` years when half is lost every half-life: 2 ** (-time / half_life)."""
    return power(2.0, -time / half_life)


def mid_year_survival(at_start: Any, at_end: Any) -> Any:
    """Share present on average during a year: the mean of start and end."""
    return (at_start + at_end) / 2

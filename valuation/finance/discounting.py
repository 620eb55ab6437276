"""Discounting: when a flow arrives, how much of a year lies within the life, and what a later unit is worth today."""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.finance.powers import compound

LEAST_SPREAD = 0.005  # of rate over growth; a perpetuity nearer to its limit says nothing


def year_numbers(horizon: int) -> Any:
    """1, 2, … up to the horizon, one a forecast year."""
    return np.arange(1.0, horizon + 1)


def horizon(*yearly: Any) -> int:
    """How many forecast years these inputs cover (the longest last axis)."""
    return int(max(np.shape(item)[-1] for item in yearly))


def period_start(years: int, first_period: Any = 1.0) -> Any:
    """Years from the valuation date to the start of each forecast period; the first may be a part of a year."""
    number = year_numbers(years)
    return np.where(number > 1, number - 2 + first_period, 0.0)


def period_length(years: int, first_period: Any = 1.0) -> Any:
    """Years of each forecast period: 1, and for the first the part of a year that is left of it."""
    return np.where(year_numbers(years) > 1, 1.0, first_period)


def period_in_life(remaining_useful_life: Any, years: int, first_period: Any = 1.0) -> Any:
    """Years of each forecast period that lie within the remaining life: full ones, one part, then 0.

    Life 2.5 over 4 full years: 1, 1, 0.5, 0.
    """
    left = remaining_useful_life - period_start(years, first_period)
    return np.clip(left, 0.0, period_length(years, first_period))


def share_in_life(remaining_useful_life: Any, years: int, first_period: Any = 1.0) -> Any:
    """Share of each period's flow that falls within the remaining life."""
    return period_in_life(remaining_useful_life, years, first_period) / period_length(years, first_period)


def flow_time(in_life: Any, years: int, first_period: Any = 1.0, *, timing: str = "mid") -> Any:
    """Years from the valuation date to each period's flow: the middle, or the end, of the part that lies within life.

    timing "mid": receipts spread over the period; "end": one receipt at its end (an annual licence paid in arrears).
    A part year centres on that part: life 2.5 gives 0.5, 1.5, 2.25.
    """
    return period_start(years, first_period) + in_life * {"mid": 0.5, "end": 1.0}[timing]


def discount_factor(discount_rate: Any, time: Any) -> Any:
    """Worth today of one unit received after `time` years at a rate that holds throughout: (1 + rate) ** -time."""
    return compound(discount_rate, -time)


def discount_factor_by_year(discount_rate: Any, years: int, *, timing: str = "mid") -> Any:
    """Worth today of one unit received in each full year when every year has its own rate.

    All earlier years are discounted whole, the year itself by half (mid) or whole (end).
    Rates 10%, 20%, end: 0.909, 0.758.
    """
    a_year = compound(discount_rate, -np.ones(years))
    before = np.cumprod(a_year, axis=-1) / a_year
    return before * compound(discount_rate, np.full(years, {"mid": -0.5, "end": -1.0}[timing]))


def opportunity_cost(cost: Any, return_rate: Any, time: Any) -> Any:
    """Return that money spent `time` years before completion has missed by then: cost x ((1 + rate) ** time - 1).

    100 spent half a year before, at 10%: 4.88.
    """
    return cost * (compound(return_rate, time) - 1)


def annuity_factor(rate: Any, periods: Any) -> Any:
    """Worth today of one unit at the end of each of n periods: (1 - (1 + rate) ** -n) / rate, or n at rate 0.

    n = 10 at 15%: 5.018768625854229.
    """
    flat = rate == 0
    return np.where(flat, periods, (1 - compound(rate, -periods)) / np.where(flat, 1.0, rate))


def growing_perpetuity(next_flow: Any, discount_rate: Any, growth_rate: Any, *, timing: str = "end") -> Any:
    """Worth, one period before it, of a flow that grows for ever; the rate must exceed the growth by LEAST_SPREAD.

    Not finite below that, which a calculation refuses. Not for data, models or patents, whose lives end. 100 next year
    at 15%, growing 3%: 833.33; 893.65 if the flows arrive in the middle of their years.
    """
    spread = discount_rate - growth_rate
    worth = next_flow / np.where(spread < LEAST_SPREAD, 0.0, spread)
    return worth * compound(discount_rate, 0.5) if timing == "mid" else worth


def present_value(flows: Any, factors: Any) -> Any:
    """Sum over the years of flow times discount factor, with a last axis of length 1."""
    return np.sum(flows * factors, axis=-1, keepdims=True)

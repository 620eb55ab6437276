"""Steps that every forecast goes through, named in its workings: survivors, how much counts, when, and a buyer's tax.

`inputs` are those of a method: remaining_useful_life (None where nothing ends it), first_period, timing, discount_rate,
growth_for_ever, and for the tax benefit tax_rate, tax_life, tax_write_off. `forecast` is the number of forecast years.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.finance.discounting import (
    discount_factor,
    flow_time,
    growing_perpetuity,
    period_in_life,
    period_length,
    present_value,
    share_in_life,
)
from valuation.finance.survival import mid_year_survival
from valuation.finance.tax import amortisation_benefit_factor

TAIL = 0.05  # share still there after the last forecast year above which the reader is told
INCOME = ("income after the last forecast year is", "收益")


def survivors_by_year(at_start: Any, at_end: Any, workings: Any) -> Any:
    """Share of today's asset that is there on average in each forecast year; tells of what outlives the forecast.

    1 and 0.8 at the starts, 0.8 and 0.5 at the ends: 0.9, 0.65.
    """
    at_start = workings.line("survivors_at_start", at_start, unit="fraction")
    at_end = workings.line("survivors_at_end", at_end, unit="fraction")
    workings.warn(
        at_end[..., -1:] > TAIL,
        f"More than {TAIL:.0%} of the asset is still there after the last forecast year, and is not counted.",
        f"预测期末仍有超过 {TAIL:.0%} 的资产存续，其后收益未计入。",
    )
    return workings.line("survivors", mid_year_survival(at_start, at_end), unit="fraction")


def share_of_years_in_life(inputs: Any, forecast: int, workings: Any) -> Any:
    """Share of each forecast year's income that counts, since it falls within the remaining life.

    Life 2.5 over 4 full years: 1, 1, 0.5, 0.
    """
    share = share_in_life(inputs.remaining_useful_life, forecast, inputs.first_period)
    return workings.line("share_of_year_in_life", share, unit="fraction")


def time_of_flows(inputs: Any, forecast: int, workings: Any, *, uncounted: tuple[str, str] = INCOME) -> Any:
    """Years from the valuation date to each year's income; tells of a life that runs beyond the forecast.

    Receipts of a part year centre on that part, not on the middle of the whole year: life 2.5 gives 0.5, 1.5, 2.25.
    """
    life, first = inputs.remaining_useful_life, inputs.first_period
    if life is None:
        lived = period_length(forecast, first)
    else:
        tell_of_years_not_counted(inputs, forecast, workings, uncounted=uncounted)
        lived = period_in_life(life, forecast, first)
    return workings.line("flow_time", flow_time(lived, forecast, first, timing=inputs.timing), unit="years")


def tell_of_years_not_counted(
    inputs: Any, forecast: int, workings: Any, *, uncounted: tuple[str, str] = INCOME
) -> None:
    """Warn where the remaining life is longer than the forecast."""
    workings.warn(
        inputs.remaining_useful_life > forecast + inputs.first_period - 1,
        f"The remaining life runs beyond the forecast; {uncounted[0]} not counted.",
        f"剩余寿命超出预测期；预测期之后的{uncounted[1]}未计入。",
    )


def value_in_life(flow: Any, inputs: Any, workings: Any, *, uncounted: tuple[str, str] = INCOME) -> Any:
    """Worth today of a yearly flow (..., year), as far as the years lie within the remaining life.

    Or, with growth_for_ever in place of a life, of all forecast years and of the last one going on for ever.
    """
    line, forecast = workings.line, int(np.shape(flow)[-1])
    for_ever = inputs.growth_for_ever
    counted = flow if for_ever is not None else flow * share_of_years_in_life(inputs, forecast, workings)
    time = time_of_flows(inputs, forecast, workings, uncounted=uncounted)
    discount = line("discount_factor", discount_factor(inputs.discount_rate, time), unit="fraction")
    within = present_value(counted, discount)
    if for_ever is not None:
        within = line("value_of_forecast", within) + value_after_forecast(flow, for_ever, inputs, workings)
    return line("value_before_tax_benefit", within)


def value_after_forecast(flow: Any, growth: Any, inputs: Any, workings: Any) -> Any:
    """Worth today of what comes after the forecast where the last year's flow (..., year) goes on growing for ever.

    Later flows arrive in their years when those of the forecast do. Not finite, and refused, where the rate hardly
    exceeds the growth. 100 in the last of five years, 15%, growth 3%, year ends: 426.74.
    """
    workings.warn(
        True,
        "Income is counted for ever: right for a trademark that is renewed, never for data, models or patents.",
        "收益按永续计算：仅适用于可续展的商标等权利，不适用于数据、模型或专利。",
    )
    forecast, first = int(np.shape(flow)[-1]), inputs.first_period
    next_flow = flow[..., -1:] / period_length(forecast, first)[..., -1:] * (1 + growth)
    worth = growing_perpetuity(next_flow, inputs.discount_rate, growth, timing=inputs.timing)
    worth = workings.line("value_at_end_of_forecast", worth)
    end = forecast - 1 + first
    return workings.line("value_after_forecast", worth * discount_factor(inputs.discount_rate, end))


def value_with_tax_benefit(before: Any, inputs: Any, workings: Any) -> Any:
    """Value to a buyer who may write it off for tax: that before the benefit, times the benefit's factor.

    Tax 25%, rate 18%, write-off over 10 years, mid-year: 7,268,457.39 becomes 8,278,856.03.
    """
    benefit = amortisation_benefit_factor(
        inputs.tax_rate, inputs.discount_rate, inputs.tax_life, timing=inputs.timing, write_off=inputs.tax_write_off
    )
    return workings.line("value", before * workings.line("tax_benefit_factor", benefit, unit="ratio"))

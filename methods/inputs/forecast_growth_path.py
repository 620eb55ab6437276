"""Growth path (增长路径预测): a forecast by year from what is earned now and how its growth fades."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from valuation import common_inputs as common
from valuation.finance import period_length, year_numbers
from valuation.method import Citation, Inputs, Method, Quantity, amount, choice, money, rate, refuse, years


class GrowthPathInputs(Inputs):
    """What is earned now, and its growth: stated by year, or from a first rate to a final one."""

    base: Quantity = money(
        "Amount of the base year", "基期金额",
        help="The year before the forecast, unless years_gone says otherwise. A whole year, cleared of what will not "
        "come again.",
    )  # fmt: skip
    path: Literal["stated", "fading"] = choice("How growth is given", "增长率给出方式", "fading")
    growth: Quantity | None = rate(
        "Growth by year", "逐年增长率", None, by_year="list", warn_above=1, rolls="stays",
        help="From the first year after the base, also through the years gone.",
    )  # fmt: skip
    first_growth: Quantity | None = rate("Growth in the first year", "首年增长率", None, warn_above=1)
    final_growth: Quantity | None = rate("Growth in the last year", "末年增长率", None, warn_above=0.05)
    steady_years: Quantity = years(
        "Years at the first growth before it fades", "保持首年增长率的年数", 1,
        help="1: the fading begins at once. From there to the last year growth changes by equal steps.",
    )  # fmt: skip
    first_period: Quantity = years(
        "Length of the first forecast period", "首个预测期长度", 1, above=0, high=1,
        help="The first figure is that part of the first year's amount.",
    )  # fmt: skip
    forecast_years: common.WholeYears = common.forecast_years()
    years_gone: Annotated[int, Field(ge=0, le=100)] = amount(
        "whole years", "Whole years between the base year and the forecast", "基期至预测期之间的整年数", 0, rolls="up",
        help="The path begins after the base year; what lies in these years is not part of the forecast.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _complete(self) -> "GrowthPathInputs":
        needed = ("growth",) if self.path == "stated" else ("first_growth", "final_growth")
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            refuse(
                f"the path {self.path} lacks {', '.join(missing)}", f"路径 {self.path} 缺少 {'、'.join(missing)}",
                "Add it, or choose the other path.", "请补充，或选择另一种路径。",
            )  # fmt: skip
        covered = self.years_gone + self.forecast_years
        if self.path == "stated" and self.growth is not None and self.growth.years != covered:
            refuse(
                f"growth covers {self.growth.years} years, years_gone and forecast_years make {covered}",
                f"growth 覆盖 {self.growth.years} 年，而 years_gone 与 forecast_years 合计 {covered}",
                "State one rate a year.", "请每年填写一个增长率。",
            )  # fmt: skip
        return self


def growth_path(inputs, workings):
    """Amount in each forecast year: the base, grown by each year's rate; an amount may be negative and then stays so.

    Growth stated is (..., year), all else (..., 1), the answer (..., year). The path begins after the base year, the
    forecast after the years gone, if any. A fading growth is the first rate while it
    is steady, then moves in equal steps and is the final rate in the last year. Refused: a path without its rates, or
    with more or fewer than one a year.

    Base 43,185, growth 2% for five years, then down to 1.11% in the tenth: 51,278 in year ten.
    """
    line = workings.line
    growth = inputs.growth
    if inputs.path == "fading":
        path_years = inputs.years_gone + inputs.forecast_years
        year = line("year", year_numbers(path_years), unit="whole years")
        fading_years = path_years - inputs.steady_years
        faded = np.clip((year - inputs.steady_years) / np.where(fading_years > 0, fading_years, 1.0), 0.0, 1.0)
        growth = inputs.first_growth + (inputs.final_growth - inputs.first_growth) * faded
    growth = line("growth", growth, unit="fraction per year")
    workings.warn(
        np.max(np.abs(growth), axis=-1, keepdims=True) == 0,
        "No year grows or shrinks: a past year repeated is not a forecast.",
        "各年增长率均为零：重复历史年度不构成预测。",
    )
    grown = line("grown_since_base", np.cumprod(1 + growth, axis=-1), unit="ratio")
    whole_year = line("whole_year", inputs.base * grown[..., inputs.years_gone :])
    return line("forecast", whole_year * period_length(inputs.forecast_years, inputs.first_period))


method = Method(
    id="forecast.growth_path",
    version=1,
    approach="input",
    title=("Forecast by growth path", "增长路径预测"),
    serves=(),
    citations=(
        Citation(
            "dark7wind/stock_fundamental_valuation, test_firm_valuation.py: ten years of fading growth", "file-read"
        ),
        Citation("Running products checked year by year", "recomputed"),
    ),
    limitations=(
        "Growth is stated, not explained: argue it from capacity, customers and prices, not from the past alone.",
        "增长率为给定值，须以产能、客户和价格论证，不能仅凭历史外推。",
    ),
    evidence=("revenue_history", "business_plan"),
    inputs=GrowthPathInputs,
    value=growth_path,
    by_year=True,
)

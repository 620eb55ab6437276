"""Exponential survivors (指数存续率): the same share of what is left goes every year, whatever its age."""

import numpy as np
from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import exponential_survival, period_length, period_start, survivors_by_year
from valuation.method import Citation, Inputs, Method, Quantity, fraction, rate, refuse, years

WAYS = ("annual_attrition", "attrition_rate", "half_life", "mean_life")


class ExponentialInputs(Inputs):
    """The attrition, in one of four ways, and how many years are asked for."""

    annual_attrition: Quantity | None = fraction(
        "Share lost within a year", "年流失率", None, above=0, below=1,
        help="What counting customers or records at the start and end of a year gives.",
    )  # fmt: skip
    attrition_rate: Quantity | None = rate(
        "Rate of loss at any moment", "瞬时流失率", None, above=0, high=10,
        help="A fitted hazard rate. 0.1 loses 9.5% within a year, not 10%.",
    )  # fmt: skip
    half_life: Quantity | None = years("Years until half is lost", "半衰期", None, above=0)
    mean_life: Quantity | None = years("Mean life", "平均寿命", None, above=0)
    years_since_count: Quantity = common.years_since_count()
    first_period: Quantity = common.first_period(help="")
    forecast_years: common.WholeYears = common.forecast_years()

    @model_validator(mode="after")
    def _one_way(self) -> "ExponentialInputs":
        if sum(getattr(self, name) is not None for name in WAYS) != 1:
            refuse(
                "the attrition is stated by none or several ways", "流失率的给出方式缺失或重复",
                f"Give one of {', '.join(WAYS)}.", f"请给出以下之一：{'、'.join(WAYS)}。",
            )  # fmt: skip
        return self


def exponential_survivors(inputs, workings):
    """Share of today's asset that is there on average in each forecast year: the mean of the year's start and end.

    Parameters are (..., 1), the answer is (..., year). The age does not matter: what is left is as good as new, which
    is the reason to doubt it for anything that wears or goes out of fashion. Losses count from when it was counted.
    Refused: an attrition stated by none or several ways.

    A median of 21.3 months is a rate of 0.39051 a year: 82.3%, 67.7%, 45.8% left after 6, 12, 24 months.
    """
    line = workings.line
    hazard = line("attrition_rate", hazard_rate(inputs), unit="fraction per year")
    line("mean_life", 1 / hazard, unit="years")
    start = line("period_start", period_start(inputs.forecast_years, inputs.first_period), unit="years")
    end = start + period_length(inputs.forecast_years, inputs.first_period)
    since = inputs.years_since_count
    at_start = exponential_survival(hazard, since + start)
    at_end = exponential_survival(hazard, since + end)
    return survivors_by_year(at_start, at_end, workings)


def hazard_rate(inputs):
    """The rate of loss at any moment, from whichever way the attrition is stated."""
    if inputs.annual_attrition is not None:
        return -np.log1p(-inputs.annual_attrition)
    if inputs.half_life is not None:
        return np.log(2) / inputs.half_life
    return inputs.attrition_rate if inputs.attrition_rate is not None else 1 / inputs.mean_life


method = Method(
    id="survival.exponential",
    version=1,
    approach="input",
    title=("Exponential survivors", "指数存续率"),
    serves=(),
    citations=(
        Citation(
            "ParCC (CRAN) vignette, Survival Extrapolation from Published Curves: rate from a median", "page-read"
        ),
        Citation("Closed form checked by multiplying month by month", "recomputed"),
    ),
    limitations=(
        "Constant attrition: an asset that ages, as most do, has fewer early and more late losses.",
        "假定流失率恒定；多数资产会老化，前期流失较少、后期较多。",
    ),
    evidence=("attrition",),
    inputs=ExponentialInputs,
    value=exponential_survivors,
    unit="fraction",
    by_year=True,
)

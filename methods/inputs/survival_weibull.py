"""Weibull survivors (威布尔存续率): which part of today's asset is still there in each forecast year."""

from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import (
    period_length,
    period_start,
    survivors_by_year,
    weibull_mean_life,
    weibull_remaining_life,
    weibull_survival,
)
from valuation.method import Citation, Inputs, Method, Quantity, ratio, years


class WeibullInputs(Inputs):
    """The curve, how far the asset has come on it, and how many years are asked for."""

    shape: Quantity = ratio(
        "Weibull shape", "威布尔形状参数", low=0.1, high=20, warn_below=0.5, warn_above=5,
        help="1: the same share goes every year; above 1 the old go faster; below 1 the young do.",
    )  # fmt: skip
    scale: Quantity = years(
        "Weibull scale: years after which 37% are left", "威布尔尺度参数（剩余 37% 时的年数）", above=0,
        help="Not the mean life, which stands in the workings.",
    )  # fmt: skip
    age: Quantity = years(
        "Age of the asset", "资产已使用年限", 0, rolls="up",
        help="What has survived so far no longer carries the early losses; 0 for an aged asset misstates its life.",
    )  # fmt: skip
    years_since_count: Quantity = common.years_since_count()
    first_period: Quantity = common.first_period(help="")
    forecast_years: common.WholeYears = common.forecast_years()

    @model_validator(mode="after")
    def _counted_in_its_life(self) -> "WeibullInputs":
        common.check_counted_in_its_life(self.age, self.years_since_count)
        return self


def weibull_survivors(inputs, workings):
    """Share of today's asset that is there on average in each forecast year: the mean of the year's start and end.

    Parameters are (..., 1), the answer is (..., year). Survival is conditional on the age: S(age + time) / S(age), or
    on the age when the asset was counted, if that was earlier. The mean life at age 0 and the years still expected at
    this age stand beside it. Refused: an asset counted before it began.

    Shape 1.8, scale 6, age 2: mean life 5.335720394713277, still expected 3.939829033318862; first year 0.93088794.
    """
    line, shape, scale, age = workings.line, inputs.shape, inputs.scale, inputs.age
    line("mean_life", weibull_mean_life(shape, scale), unit="years")
    workings.opaque("expected_remaining_life", weibull_remaining_life, shape, scale, age, unit="years")

    start = line("period_start", period_start(inputs.forecast_years, inputs.first_period), unit="years")
    end = start + period_length(inputs.forecast_years, inputs.first_period)
    since = inputs.years_since_count
    at_start = weibull_survival(shape, scale, age - since, since + start)
    at_end = weibull_survival(shape, scale, age - since, since + end)
    return survivors_by_year(at_start, at_end, workings)


method = Method(
    id="survival.weibull",
    version=1,
    approach="input",
    title=("Weibull survivors", "威布尔存续率"),
    serves=(),
    citations=(
        Citation("weibull.com, article on intangible valuation: Weibull fits in place of Iowa curves", "secondary"),
        Citation("Mean and remaining life checked by integrating the survival function", "recomputed"),
    ),
    limitations=(
        "The curve is only as good as the observed attrition it is fitted to, of the same kind of asset or customers.",
        "曲线取决于用于拟合的流失数据，须来自同类资产或客户。",
    ),
    evidence=("attrition",),
    inputs=WeibullInputs,
    value=weibull_survivors,
    unit="fraction",
    by_year=True,
)

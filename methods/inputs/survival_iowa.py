"""Iowa-type survivors (艾奥瓦型存续曲线): a standard retirement curve, stretched to the asset's own average life."""

from typing import Literal

import numpy as np
from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import (
    joined,
    period_length,
    period_start,
    survivors_by_year,
    tabulated_remaining_life,
    tabulated_survivors,
)
from valuation.method import Citation, Inputs, Method, Quantity, choice, fraction, ratio, refuse, years

OFF = 0.02  # how far the mean of a table may lie from the average life it is scaled by

# The one curve of the family whose table could be read: the Winfrey S-3 as the Bureau of Economic Analysis cut it at
# 45% and 155% of the average life. It prints what has been retired by each twentieth; the printed steps have their mean
# at the average life itself, so each is spread evenly over the twentieth around its age.
RETIRED_PERCENT = (
    *(0.0, 0.0, 1.2, 2.4, 4.1, 6.5, 9.7, 13.7, 18.7, 24.6, 31.2, 38.4, 46.1, 53.9, 61.6, 68.8, 75.4, 81.3, 86.3, 90.3),
    *(93.5, 95.9, 97.6, 98.8, 100.0),
)
MODIFIED_S3 = (
    np.array([0.0, *(0.425 + 0.05 * step for step in range(len(RETIRED_PERCENT) - 1))]),
    1 - np.array(RETIRED_PERCENT) / 100,
)


class IowaInputs(Inputs):
    """The curve, the average life that scales it, how far the asset has come, and how many years are asked for."""

    curve: Literal["stated", "modified_s3"] = choice(
        "Retirement curve", "退役曲线", "stated",
        help="The other curves of the family (L, S, R, O) are not at hand: state the table of the one you fitted.",
    )  # fmt: skip
    ages: Quantity | None = ratio(
        "Ages of the table as multiples of the average life, from 0", "表列年龄（平均寿命的倍数，自 0 起）", None,
        by_year="list", low=0, high=10, rolls="stays", help="Tables print them in percent: 5% is 0.05.",
    )  # fmt: skip
    survivors: Quantity | None = fraction(
        "Share left at each of these ages",
        "各年龄存续率",
        None,
        by_year="list",
        rolls="stays",
        help="Never rising; 95.2% is 0.952.",
    )
    average_life: Quantity = years("Average life", "平均寿命", above=0)
    age: Quantity = years(
        "Age of the asset", "资产已使用年限", 0, rolls="up",
        help="What has survived so far no longer carries the early losses; 0 for an aged asset misstates its life.",
    )  # fmt: skip
    years_since_count: Quantity = common.years_since_count()
    first_period: Quantity = common.first_period(help="")
    forecast_years: common.WholeYears = common.forecast_years()

    @model_validator(mode="after")
    def _complete(self) -> "IowaInputs":
        if self.curve == "stated" and (self.ages is None or self.survivors is None):
            refuse(
                "the curve is stated, and ages or survivors are missing", "曲线为自行给出，但缺少 ages 或 survivors",
                'Add both, or choose "modified_s3".', '请补充两者，或选择 "modified_s3"。',
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _counted_in_its_life(self) -> "IowaInputs":
        common.check_counted_in_its_life(self.age, self.years_since_count)
        return self

    @model_validator(mode="after")
    def _is_a_survivor_curve(self) -> "IowaInputs":
        common.check_survivor_table(self.ages, self.survivors)
        return self


def iowa_survivors(inputs, workings):
    """Share of today's asset that is there on average in each forecast year: the mean of the year's start and end.

    Table rows are (..., point), all other inputs (..., 1), the answer (..., year). Survival is conditional on the age
    when the asset was counted, and not finite, so refused, where the curve leaves nothing at it. The 31 standard curves
    are published as tables; a table that could not be read is not made up here, so all but one of them must be stated.

    Modified S-3, average life 10, age 0: the mean life comes back as 10, and 46.1% are left after 10.25 years; in the
    tenth year 57.6% are there on average.
    """
    line = workings.line
    ages, left = MODIFIED_S3 if inputs.curve == "modified_s3" else (inputs.ages, inputs.survivors)
    reached = line("age_over_average_life", inputs.age / inputs.average_life, unit="ratio")
    own_mean = line("mean_life_of_table", tabulated_remaining_life(ages, left, 0 * reached), unit="ratio")
    workings.warn(
        np.abs(own_mean - 1) > OFF,
        f"The mean life of the table lies more than {OFF:.0%} from the average life it is scaled by.",
        f"曲线自身的平均寿命与所用平均寿命相差超过 {OFF:.0%}。",
    )
    remaining = tabulated_remaining_life(ages, left, reached) * inputs.average_life
    line("expected_remaining_life", remaining, unit="years")

    start = line("period_start", period_start(inputs.forecast_years, inputs.first_period), unit="years")
    ends = start + period_length(inputs.forecast_years, inputs.first_period)
    times = [0.0, *(ends[..., year : year + 1] for year in range(inputs.forecast_years))]
    at = [tabulated_survivors(ages, left, reached + time / inputs.average_life) for time in times]
    counted = tabulated_survivors(ages, left, (inputs.age - inputs.years_since_count) / inputs.average_life)
    return survivors_by_year(joined(at[:-1]) / counted, joined(at[1:]) / counted, workings)


method = Method(
    id="survival.iowa",
    version=1,
    approach="input",
    title=("Iowa-type survivors", "艾奥瓦型存续率"),
    serves=(),
    citations=(
        Citation(
            "US Bureau of Economic Analysis, Fixed Assets and Consumer Durable Goods in the United States, 1925-97 "
            "(2003), Table D, p. M-34: modified Winfrey S-3 retirement pattern, as typed in a public repository",
            "secondary",
        ),
        Citation(
            "Winfrey, Iowa Engineering Experiment Station Bulletin 125 (1935): the curves; tables not read", "memory"
        ),
    ),
    limitations=(
        "The curves were fitted to poles, pipes and machines; show that data, models or customers retire alike.",
        "曲线源自电杆、管道和机器的退役数据；数据、模型或客户是否同样退役须另行论证。",
    ),
    evidence=("attrition",),
    inputs=IowaInputs,
    value=iowa_survivors,
    unit="fraction",
    by_year=True,
)

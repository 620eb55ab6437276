"""Expected remaining life from a survivor curve (存续曲线法剩余寿命): how long what has come this far still lasts."""

from typing import Literal

from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import tabulated_remaining_life, tabulated_survivors, weibull_remaining_life
from valuation.method import Citation, Inputs, Method, Quantity, choice, fraction, ratio, refuse, years

NEEDED = {"table": ("ages", "survivors"), "weibull": ("shape", "scale")}


class SurvivorInputs(Inputs):
    """The curve and how far the asset has come on it."""

    curve: Literal["table", "weibull"] = choice("Survivor curve", "存续曲线", "table")
    ages: Quantity | None = years(
        "Ages of the table, from 0", "表列年龄（自 0 起）", None, by_year="list",
        help="In years; or as multiples of the average life, if that is given below.",
    )  # fmt: skip
    survivors: Quantity | None = fraction(
        "Share left at each of these ages", "各年龄存续率", None, by_year="list",
        help="Never rising. Straight lines lie between the points.",
    )  # fmt: skip
    average_life: Quantity = years(
        "Average life by which the ages are multiplied", "平均寿命（年龄的倍数基准）", 1, above=0,
        help="1 if the ages are years.",
    )  # fmt: skip
    shape: Quantity | None = ratio("Weibull shape", "威布尔形状参数", None, low=0.1, high=20)
    scale: Quantity | None = years(
        "Weibull scale: years after which 37% are left", "威布尔尺度参数（剩余 37% 时的年数）", None, above=0
    )
    age: Quantity = years(
        "Age of the asset", "资产已使用年限", 0, rolls="up",
        help="What has survived so far no longer carries the early losses.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _complete(self) -> "SurvivorInputs":
        missing = [name for name in NEEDED[self.curve] if getattr(self, name) is None]
        if missing:
            refuse(
                f"the curve {self.curve} lacks {', '.join(missing)}", f"曲线 {self.curve} 缺少 {'、'.join(missing)}",
                "Add it, or choose the other curve.", "请补充，或选择另一种曲线。",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _is_a_survivor_curve(self) -> "SurvivorInputs":
        if self.curve == "table":
            common.check_survivor_table(self.ages, self.survivors)
        return self


def remaining_life(inputs, workings):
    """Years the asset can still be expected to last: the area under the curve beyond its age, over what is left at it.

    Ages and survivors of the table are (..., point), all else and the answer (..., 1). Not finite, and so refused,
    where the curve leaves nothing at this age. Never the mean life of new ones less the age.

    Ages 0, 2, 4 years, survivors 1, 0.8, 0: 2.6 years when new, 1.0 at age 2. Weibull, shape 1.8, scale 6: at age 2
    3.939829033318862, though the mean when new is 5.34.
    """
    line = workings.line
    if inputs.curve == "weibull":
        parameters = (inputs.shape, inputs.scale, inputs.age)
        return workings.opaque("remaining_useful_life", weibull_remaining_life, *parameters, unit="years")
    ages = line("age_of_point", inputs.ages * inputs.average_life, unit="years")
    line("mean_life", tabulated_remaining_life(ages, inputs.survivors, 0 * inputs.age), unit="years")
    line("survivors_at_age", tabulated_survivors(ages, inputs.survivors, inputs.age), unit="fraction")
    workings.warn(
        inputs.survivors[..., -1:] > 0,
        "The table ends with a part still there; the years it lives beyond the table are not counted.",
        "存续曲线末端仍有剩余；其后的寿命未计入。",
    )
    return line("remaining_useful_life", tabulated_remaining_life(ages, inputs.survivors, inputs.age), unit="years")


method = Method(
    id="life.survivor",
    version=1,
    approach="input",
    title=("Remaining life from a survivor curve", "存续曲线法剩余寿命"),
    serves=(),
    citations=(
        Citation(
            "Practice of utility depreciation studies: average remaining life is the area of the survivor curve beyond "
            "the age over the survivors at it",
            "secondary",
        ),
        Citation("US Social Security Administration, Actuarial Study 116, Table 6: life table of 1970", "page-read"),
        Citation("Remaining lives checked by integrating the curve", "recomputed"),
    ),
    limitations=(
        "An average, not the day on which the last of it goes; falling income would count it twice.",
        "为平均值，并非最后终止时点；已按流失率递减的收益再用此寿命会重复扣减。",
    ),
    evidence=("attrition",),
    inputs=SurvivorInputs,
    value=remaining_life,
    unit="years",
)

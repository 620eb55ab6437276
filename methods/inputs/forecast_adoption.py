"""Adoption (市场采用预测): a forecast by year from how many will take a product up, how fast, and what each brings."""

from typing import Literal

from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import bass_adoption, logistic_adoption, period_length, period_start
from valuation.method import (
    Citation,
    Inputs,
    Method,
    Quantity,
    choice,
    count,
    fraction,
    money,
    rate,
    refuse,
    years,
)

NEEDED = {"bass": ("innovation", "imitation"), "logistic": ("speed", "midpoint")}


class AdoptionInputs(Inputs):
    """The market, the share of it that will ever adopt, the curve, and what an adopter brings."""

    market: Quantity = count("Possible adopters", "潜在用户数", help="All who could use it, whoever sells to them.")
    final_share: Quantity = fraction(
        "Share of them who will ever adopt this product", "最终采用比例", 1.0,
        help="Below 1 for what competitors take and for those who never will.",
    )  # fmt: skip
    curve: Literal["bass", "logistic"] = choice("Adoption curve", "采用曲线", "bass")
    innovation: Quantity | None = rate(
        "Innovation p: adopt of their own accord", "创新系数 p", None, above=0, high=1,
        help="Share of those left who adopt in a year without seeing others; from like products.",
    )  # fmt: skip
    imitation: Quantity | None = rate(
        "Imitation q: adopt because others have", "模仿系数 q", None, low=0, high=5,
        help="The same, times the share that has adopted already.",
    )  # fmt: skip
    speed: Quantity | None = rate("Logistic speed", "逻辑曲线速度", None, above=0, high=10)
    midpoint: Quantity | None = years("Years from launch until half have adopted", "达到一半采用的年数", None)
    years_since_launch: Quantity = years(
        "Years since launch",
        "已上市年数",
        0,
        rolls="up",
        help="How far the product has come on the curve at the valuation date.",
    )
    counted: Literal["users", "new_adopters"] = choice(
        "Who pays in a year", "计费对象（在用户或新增用户）", "users",
        help="users: all who have adopted, on average over the year (a subscription). new_adopters: once, on adopting.",
    )  # fmt: skip
    revenue_each: Quantity = money(
        "Revenue from each", "单位用户收入", per="unit", by_year=True, low=0,
        help="A year's, for users; once, for new adopters.",
    )  # fmt: skip
    first_period: Quantity = common.first_period(help="Revenue from each stays that of a full year.")
    forecast_years: common.WholeYears = common.forecast_years()

    @model_validator(mode="after")
    def _complete(self) -> "AdoptionInputs":
        missing = [name for name in NEEDED[self.curve] if getattr(self, name) is None]
        if missing:
            refuse(
                f"the curve {self.curve} lacks {', '.join(missing)}", f"曲线 {self.curve} 缺少 {'、'.join(missing)}",
                "Add it, or choose the other curve.", "请补充，或选择另一种曲线。",
            )  # fmt: skip
        if self.revenue_each.years not in (None, self.forecast_years):
            refuse(
                f"revenue_each covers {self.revenue_each.years} years, forecast_years says {self.forecast_years}",
                f"revenue_each 覆盖 {self.revenue_each.years} 年，而 forecast_years 为 {self.forecast_years}",
                "State one figure, or one a year.", "请填写一个数，或每年一个数。",
            )  # fmt: skip
        return self


def adoption(inputs, workings):
    """Revenue in each forecast year: those who pay then, times what each brings.

    Revenue from each may be (..., year), all else is (..., 1), the answer (..., year). Users are the mean of the year's
    start and end, as the year's length counts. Nobody leaves and nobody buys twice: take churn as survivors, elsewhere.
    Refused: a curve without its figures, revenue from each over other years than the forecast.

    Market 1,000,000, p 0.03, q 0.38, from launch, 100 from each new adopter: 3,575,816 in the first year; at the start
    of the ninth 651,738 have adopted.
    """
    line = workings.line
    final = line("final_adopters", inputs.market * inputs.final_share, unit="count")
    start = line("period_start", period_start(inputs.forecast_years, inputs.first_period), unit="years")
    length = line("period_length", period_length(inputs.forecast_years, inputs.first_period), unit="years")
    since = line("years_since_launch_at_start", inputs.years_since_launch + start, unit="years")
    at_start = line("adopted_at_start", adopted(inputs, since), unit="fraction")
    at_end = line("adopted_at_end", adopted(inputs, since + length), unit="fraction")
    if inputs.counted == "new_adopters":
        paying = line("new_adopters", final * (at_end - at_start), unit="count")
    else:
        paying = line("users", final * (at_start + at_end) / 2 * length, unit="count")
    return line("forecast", paying * inputs.revenue_each)


def adopted(inputs, time):
    """Share of the final adopters who have adopted by this time after launch."""
    if inputs.curve == "bass":
        return bass_adoption(inputs.innovation, inputs.imitation, time)
    return logistic_adoption(inputs.speed, inputs.midpoint, time)


method = Method(
    id="forecast.adoption",
    version=1,
    approach="input",
    title=("Forecast by adoption of a market", "市场采用预测"),
    serves=(),
    citations=(
        Citation(
            "Bass, A New Product Growth for Model Consumer Durables, Management Science 15 (1969): abstract read; "
            "formula in the documentation of pymc-marketing",
            "secondary",
        ),
        Citation("Curve checked by stepping through its differential equation", "recomputed"),
    ),
    limitations=(
        "Before the peak the data say little of the market's final size, so that must come from elsewhere.",
        "销售到达顶峰之前，历史数据难以确定最终市场规模，须另有依据。",
    ),
    evidence=("market_study", "sales_history"),
    inputs=AdoptionInputs,
    value=adoption,
    by_year=True,
)

"""Inputs that many methods ask for in the same words: label, unit, bounds and help are written here, once.

Each is a field maker without a name of its own: `discount_rate: Quantity = discount_rate_after_tax()`. What a method
asks otherwise it says itself.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from valuation.finance import LEAST_SPREAD, is_survivor_table
from valuation.method import NOMINAL_AFTER_TAX, Inputs, Quantity, amount, choice, fraction, rate, ratio, refuse, years

Timing = Literal["mid", "end"]
WriteOff = Literal["straight_line", "declining_balance"]
WholeYears = Annotated[int, Field(ge=1, le=100)]  # the length of an answer: a plain number without a range


def discount_rate_after_tax(**facts: Any) -> Any:
    """The rate that nominal cash flows after tax are discounted at."""
    return rate(
        "Discount rate, nominal, after tax", "税后名义折现率",
        **{"basis": NOMINAL_AFTER_TAX, "warn_below": 0.04, "warn_above": 0.4, **facts},
    )  # fmt: skip


def income_tax_rate(**facts: Any) -> Any:
    """Income tax; China's general rate unless stated."""
    return fraction("Income tax rate", "所得税率", {"reference": "cn.tax.income"}, **{"below": 1, **facts})


def tax_life(*, help: str = "") -> Any:
    """How long a buyer writes the asset off for tax."""
    return years(
        "Years of tax write-off for a buyer; 0 if none", "税法摊销年限（无则为 0）", 0,
        help=help or "Of the tax law, not the economic life. Not for a liquidation value.",
    )  # fmt: skip


def tax_write_off() -> Any:
    """How the write-off is spread over these years."""
    return choice(
        "How it is written off", "税法摊销方式", "straight_line",
        help="declining_balance: twice the straight-line share of what is left, the last two years evenly "
        "(双倍余额递减法). Only where the tax law allows it.",
    )  # fmt: skip


def first_period(*, help: str = "Money of the first period is what falls into it, not a whole year's.") -> Any:
    """The part of a year from the valuation date to the first year's end."""
    return years("Length of the first forecast period", "首个预测期长度", 1, above=0, high=1, help=help)


def receipts() -> Any:
    """Mid-year or year-end discounting."""
    return choice(
        "When receipts arrive in a year", "年内收款时点", "mid",
        help="Middle: spread over the year. End: one receipt in arrears, as published Chinese examples have it.",
    )  # fmt: skip


def growth_for_ever() -> Any:
    """For rights that can be renewed without end; never for data, models or patents."""
    return rate(
        "Growth for ever after the forecast", "预测期后永续增长率", None, high=0.5, warn_above=0.03,
        help="In place of remaining_useful_life, for a right that can be renewed for ever, such as a trademark; the "
        "last forecast year goes on growing. Must lie below the discount rate. Data, models and patents end.",
    )  # fmt: skip


def check_below_rate(growth: Quantity, rate: Quantity) -> None:
    """Refuse a perpetuity whose rate hardly exceeds its growth, as far as plain numbers tell."""
    if isinstance(rate.value, float) and isinstance(growth.value, float) and rate.value - growth.value < LEAST_SPREAD:
        refuse(
            f"the discount rate {rate.value:g} must exceed the growth {growth.value:g} by at least {LEAST_SPREAD:g}",
            f"折现率 {rate.value:g} 须至少高于增长率 {growth.value:g} 达 {LEAST_SPREAD:g}",
            "Lower the growth, or forecast the years and stop at the end of the life.",
            "请降低增长率，或逐年预测至寿命终止。",
        )


def forecast_years() -> Any:
    """How many years a derived forecast has; a plain whole number, since it is the length of the answer."""
    return amount(
        "whole years", "Forecast years", "预测年数", rolls="down", help="As many as the forecast it goes into has."
    )


def years_since_count() -> Any:
    """How long ago the assets or customers were counted whose survivors are asked for."""
    return years(
        "Years since the asset was counted", "距资产计数日年数", 0, rolls="up",
        help="0 where revenue before attrition is that of what is there today; more where it is that of an earlier "
        "day, from which losses then count.",
    )  # fmt: skip


def check_counted_in_its_life(age: Quantity, since: Quantity) -> None:
    """Refuse an asset that was counted before it began, as far as plain numbers tell."""
    if isinstance(age.value, float) and isinstance(since.value, float) and since.value > age.value:
        refuse(
            f"the asset was counted {since.value:g} years ago, and is {age.value:g} years old",
            f"资产于 {since.value:g} 年前计数，而其已使用年限为 {age.value:g} 年",
            "State the age on the valuation date.", "请填写评估基准日的已使用年限。",
        )  # fmt: skip


def check_survivor_table(ages: Quantity | None, survivors: Quantity | None) -> None:
    """Refuse a table by age that is no survivor curve, as far as plain numbers tell."""
    given = [table.value if table is not None else None for table in (ages, survivors)]
    if all(isinstance(one, list) for one in given) and not is_survivor_table(*given):  # type: ignore[arg-type]
        refuse(
            "the table is no survivor curve", "该表不是存续曲线",
            "Let the ages rise from 0, and the survivors never.", "年龄须自 0 起递增，存续率不得上升。",
        )  # fmt: skip


class EquityReturn(Inputs):
    """The rate without risk, the market's premium, and how strongly comparable firms move with the market."""

    risk_free_rate: Quantity = rate(
        "Risk-free rate", "无风险利率", {"reference": "cn.bond.government_10y"}, warn_above=0.1,
        help="Yield of government bonds in the currency and of the term of the cash flows. Not China: state your own.",
    )  # fmt: skip
    beta: Quantity = ratio("Beta of comparable firms", "可比公司贝塔系数", low=-1, high=5, warn_above=2.5)
    beta_is: Literal["unlevered", "levered", "levered_of_peers"] = choice(
        "Without debt, at the debt share below, or at the peers' own", "贝塔系数为无杠杆、已含目标杠杆或为可比公司杠杆",
        "unlevered",
        help="levered_of_peers: it is unlevered with the peers' debt and tax, then levered to the debt share below.",
    )  # fmt: skip
    peer_debt_share: Quantity | None = fraction(
        "Debt of the comparable firms, as a share of debt and equity", "可比公司债务占总资本比（市值）", None, below=1,
        help="With levered_of_peers. Debt / equity of 0.25 is a share of 0.2.",
    )  # fmt: skip
    peer_tax_rate: Quantity | None = fraction(
        "Income tax rate of the comparable firms", "可比公司所得税率", None, below=1,
        help="With levered_of_peers; that of the firm valued if it is left out.",
    )  # fmt: skip
    equity_risk_premium: Quantity = rate(
        "Equity risk premium", "市场风险溢价", {"reference": "cn.equity_risk_premium.rating_based"}, low=0,
        warn_below=0.03, warn_above=0.1,
        help="Return of the market less the same risk-free rate. Not China: state your own.",
    )  # fmt: skip
    size_premium: Quantity = rate("Size premium", "规模溢价", 0, warn_above=0.1)
    specific_premium: Quantity = rate(
        "Specific risk premium", "特定风险报酬率", 0, warn_above=0.1,
        help="Not what the cash flows already carry as probability or attrition: a risk counts once.",
    )  # fmt: skip
    tax_rate: Quantity = income_tax_rate()

    @model_validator(mode="after")
    def _peers_have_their_debt(self) -> Self:
        of_peers = self.beta_is == "levered_of_peers"
        stated = self.peer_debt_share is not None
        if of_peers != stated or (self.peer_tax_rate is not None and not of_peers):
            refuse(
                "the peers' debt and tax go with a beta that is levered_of_peers, and with no other",
                "peer_debt_share 与 peer_tax_rate 仅且必须用于 levered_of_peers 的贝塔系数",
                "Give peer_debt_share with it, or leave both out.", "请填写 peer_debt_share，或两者均不填。",
            )  # fmt: skip
        return self


class LifeOrGrowth(Inputs):
    """A remaining life, or growth for ever in its place; the method that takes both as inputs declares them."""

    @model_validator(mode="before")
    @classmethod
    def _no_life_needed(cls, given: Any) -> Any:
        """The life is asked for, unless the income has no end."""
        for_ever = isinstance(given, dict) and given.get("growth_for_ever") is not None
        return {"remaining_useful_life": None, **given} if for_ever else given

    @model_validator(mode="after")
    def _ends_or_does_not(self) -> Self:
        life, growth, rate = (
            getattr(self, name) for name in ("remaining_useful_life", "growth_for_ever", "discount_rate")
        )
        if (life is None) == (growth is None):
            refuse(
                "exactly one of remaining_useful_life and growth_for_ever is needed",
                "remaining_useful_life 与 growth_for_ever 必须且只能填写一项",
                "State the life; growth for ever is for rights that can be renewed without end.",
                "请填写剩余寿命；永续增长仅适用于可无限续展的权利。",
            )
        if growth is not None:
            check_below_rate(growth, rate)
        return self

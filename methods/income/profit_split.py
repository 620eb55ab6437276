"""Profit or revenue split (分成收益法): the share of what is earned with the asset that is due to it."""

from typing import Literal, Self

from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import (
    horizon,
    power,
    value_in_life,
    value_with_tax_benefit,
    year_numbers,
)
from valuation.method import (
    Citation,
    Method,
    Quantity,
    choice,
    fraction,
    money,
    ratio,
    refuse,
    years,
)
from valuation.rights import RightHeld

NEEDED = {
    "rate": ("split_rate",),
    "equivalent_investment": (
        "asset_replacement_cost", "asset_profit_rate", "partner_replacement_cost", "partner_profit_rate"
    ),
}  # fmt: skip
BASE_OF_RATE = {"royalty_rate.split_by_score": "rate_is", "royalty_rate.from_comparables": "base"}
CUSTOMARY = {"revenue": 0.1, "profit": 0.5}  # the share above which a reader is told


class ProfitSplitInputs(RightHeld, common.LifeOrGrowth):
    """What is split, the share of it due to the asset, and how that is taxed and discounted."""

    base: Literal["revenue", "profit"] = choice(
        "What is split", "分成基础",
        help="A rate of one base never goes on the other: 5% of revenue may be half the profit.",
    )  # fmt: skip
    revenue: Quantity | None = money(
        "Revenue earned with the asset", "使用该资产的收入", None, by_year="list", low=0,
        help="What is split if the base is revenue. Otherwise it is not needed.",
    )  # fmt: skip
    profit: Quantity | None = money(
        "Profit earned with the asset", "使用该资产的利润", None, by_year="list",
        help="What is split if the base is profit: gross or operating, as the split rate means it. With a base of "
        "revenue it only shows how much of the profit the split takes.",
    )  # fmt: skip
    share_of_income: Quantity = fraction(
        "Part of it that uses this asset", "使用该资产部分的占比", 1.0, by_year=True,
        help="By year as the asset ages; survival.exponential gives such a list.",
    )  # fmt: skip
    split_by: Literal["rate", "equivalent_investment"] = choice(
        "How the split is found", "分成率的确定方式", "rate",
        help="equivalent_investment: 约当投资分成法, by what each side brings, cost and profit on it; of profit only.",
    )  # fmt: skip
    split_rate: Quantity | None = fraction(
        "Split rate", "分成率", None, by_year=True,
        help="By licences or by score. A quarter or a third of the profit is a rule of thumb and no evidence.",
    )  # fmt: skip
    asset_replacement_cost: Quantity | None = money("Replacement cost of the asset", "无形资产重置成本", None, low=0)
    asset_profit_rate: Quantity | None = ratio(
        "Profit on the cost of such assets", "无形资产成本利润率", None, low=0, help="400% is 4."
    )
    partner_replacement_cost: Quantity | None = money(
        "Replacement cost of the assets it works with", "购买方投入资产重置成本", None, above=0
    )
    partner_profit_rate: Quantity | None = ratio("Profit on their cost", "购买方资产成本利润率", None, low=0)
    yearly_decay: Quantity | None = fraction(
        "Yearly fall of the split rate", "分成率年衰减率", None, below=1, rolls="anew",
        help="K in year t: K in year 1 x (1 - fall) ^ (t - 1). A split that never falls says the asset never ages.",
    )  # fmt: skip
    owner_costs: Quantity = money(
        "Upkeep the owner bears", "权利人维持成本", 0, by_year=True, low=0, help="Before or after tax, as `tax` says."
    )
    tax: Literal["split_then_tax", "tax_then_split", "already_net"] = choice(
        "How income tax is taken", "所得税的处理", "split_then_tax",
        help="split_then_tax: (split x income - upkeep) x (1 - tax). tax_then_split: split x income x (1 - tax) - "
        "upkeep, which saves no tax. already_net: profit and upkeep are stated after tax (净利润分成).",
    )  # fmt: skip
    tax_rate: Quantity = common.income_tax_rate(help="With already_net it counts for a buyer's tax benefit only.")
    remaining_useful_life: Quantity | None = years("Remaining useful life", "剩余使用寿命", above=0, rolls="down")
    growth_for_ever: Quantity | None = common.growth_for_ever()
    discount_rate: Quantity = common.discount_rate_after_tax()
    tax_life: Quantity = common.tax_life()
    tax_write_off: common.WriteOff = common.tax_write_off()
    first_period: Quantity = common.first_period()
    timing: common.Timing = common.receipts()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [name for name in (self.base, *NEEDED[self.split_by]) if getattr(self, name) is None]
        if missing:
            refuse(
                f"a split of {self.base} by {self.split_by} lacks {', '.join(missing)}",
                f"按 {self.split_by} 对 {self.base} 分成缺少 {'、'.join(missing)}",
                "Add it.", "请补充。",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _never_mixed(self) -> Self:
        if self.base == "revenue" and (self.split_by == "equivalent_investment" or self.tax == "already_net"):
            wrong = "already_net" if self.tax == "already_net" else self.split_by
            refuse(
                f"{wrong} is a way to split profit, and the base is revenue",
                f"{wrong} 仅适用于利润分成，而分成基础为收入",
                "Split the profit, or state a rate of revenue before tax.",
                "请改用利润分成，或填写税前收入分成率。",
            )
        rate = self.split_rate
        if rate is not None and rate.derive in BASE_OF_RATE:
            of = (rate.inputs or {}).get(BASE_OF_RATE[rate.derive], "revenue")
            if ("profit" in str(of)) != (self.base == "profit"):
                refuse(
                    f"the split rate is derived as a share {str(of).removeprefix('of_')}, and the base is {self.base}",
                    f"分成率的基础为 {of}，而分成基础为 {self.base}",
                    "Derive it on the same base.", "请在同一基础上确定分成率。",
                )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _falls_once(self) -> Self:
        by_year = self.split_by == "rate" and self.split_rate is not None and self.split_rate.years is not None
        if by_year and self.yearly_decay is not None:
            refuse(
                "split_rate is stated by year and falls by yearly_decay as well",
                "split_rate 已逐年给出，又设 yearly_decay",
                "State the first year's rate alone, or no decay.", "请仅填写首年分成率，或不设衰减率。",
            )  # fmt: skip
        return self


def profit_split(inputs, workings):
    """Present value of the share of revenue or profit that is due to the asset, after tax, over its remaining life.

    Yearly inputs are (..., year), all others (..., 1); the value is (..., 1), in the case's currency. May be negative.
    Refused: a split of one base by a rate of the other, a missing base, a rate by year that falls by a formula as well,
    a life and growth for ever together or neither, income that the right held does not allow.
    Equivalent investment: asset x (1 + its profit) / (the same + partner's assets x (1 + their profit)).

    Asset 100 at 400%, partner 5,000 at 15%: split 0.08. Net profits 1,500, 1,500, 1,400, 1,400, 1,300 at 10%, year
    ends: 433.485.
    """
    line = workings.line
    base = {"revenue": inputs.revenue, "profit": inputs.profit}[inputs.base]
    forecast = horizon(base)
    income = line("income_split", base * inputs.share_of_income)
    rate = line("split_rate", split_by_year(inputs, forecast, workings), unit="fraction")
    due = line("income_due_to_asset", income * rate)
    after_tax = line("after_tax_income", AFTER_TAX[inputs.tax](due, inputs.owner_costs, inputs.tax_rate))
    warn(inputs, rate, due, workings)

    return value_with_tax_benefit(value_in_life(after_tax, inputs, workings), inputs, workings)


AFTER_TAX = {
    "split_then_tax": lambda due, upkeep, tax_rate: (due - upkeep) * (1 - tax_rate),
    "tax_then_split": lambda due, upkeep, tax_rate: due * (1 - tax_rate) - upkeep,
    "already_net": lambda due, upkeep, tax_rate: due - upkeep,
}


def split_by_year(inputs, forecast, workings):
    """Share due to the asset in each year, as stated or by equivalent investment, and falling if a decay is stated."""
    if inputs.split_by == "rate":
        first = inputs.split_rate
    else:
        brought = inputs.asset_replacement_cost * (1 + inputs.asset_profit_rate)
        brought = workings.line("equivalent_investment_of_asset", brought)
        partner = inputs.partner_replacement_cost * (1 + inputs.partner_profit_rate)
        first = brought / (brought + workings.line("equivalent_investment_of_partner", partner))
    return first if inputs.yearly_decay is None else first * power(1 - inputs.yearly_decay, year_numbers(forecast) - 1)


def warn(inputs, rate, due, workings):
    """What a reader must know of the figure."""
    limit, of, of_zh = CUSTOMARY[inputs.base], inputs.base, {"revenue": "收入", "profit": "利润"}[inputs.base]
    workings.warn(
        rate > limit,
        f"The split rate exceeds {limit:g} of {of}, more than is customary; say why in the report.",
        f"{of_zh}分成率高于惯常的 {limit:g}，请在报告中说明理由。",
    )
    if inputs.base == "revenue" and inputs.profit is not None:
        workings.warn(
            due > CUSTOMARY["profit"] * inputs.profit * inputs.share_of_income,
            "The split of revenue takes more than half of the profit in some year; few licensees would pay that.",
            "收入分成在部分年度超过利润的一半，被许可方通常不会接受。",
        )


method = Method(
    id="income.profit_split",
    version=1,
    approach="income",
    title=("Revenue or profit split", "分成收益法"),
    serves=("intellectual_property", "training_data", "ai_model"),
    citations=(
        Citation("中评协〔2023〕17号 数据资产评估指导意见：分成收益预测（公式凭记忆）", "memory"),
        Citation(
            "资产评估题库: 约当投资分成法 (2005-2023), 专利使用权转让 (2022), 商标使用权许可 (2010), to year ends",
            "page-read",
        ),
        Citation("UNIDO: revenue splits of 0.5% to 10% by trade, as an examination guide quotes them", "secondary"),
    ),
    limitations=(
        "The split is a judgement of what each side brings; two honest valuers may halve or double it.",
        "分成率反映对各方贡献的判断，不同评估人员的结果可能相差数倍。",
    ),
    evidence=("title", "licence_agreements", "revenue_forecast"),
    inputs=ProfitSplitInputs,
    value=profit_split,
)

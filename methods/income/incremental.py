"""Incremental income (增量收益法): what the asset adds by dearer sales, cheaper making and more of them."""

from typing import Self

from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import (
    value_in_life,
    value_with_tax_benefit,
)
from valuation.method import (
    Citation,
    Inputs,
    Method,
    Quantity,
    check_named_once,
    count,
    fraction,
    items,
    money,
    refuse,
    text,
    years,
)
from valuation.rights import RightHeld


class Market(Inputs):
    """What is sold in one market, and how much better it sells or is made with the asset."""

    name: str = text("Market or product", "市场或产品")
    volume: Quantity = count("Units sold with the asset", "使用该资产后的销量", by_year="list")
    price_premium: Quantity = money(
        "Price above that without the asset", "单位价格溢价", 0, per="unit", by_year=True,
        help="For the same product otherwise; negative if it is sold cheaper.",
    )  # fmt: skip
    cost_saved: Quantity = money(
        "Cost saved", "单位成本节约", 0, per="unit", by_year=True, help="Negative if a unit costs more with the asset."
    )
    extra_volume: Quantity | None = count(
        "Units of these that would not be sold without the asset", "其中新增销量", None, by_year=True, low=None,
        help="A part of the volume above, not on top of it. Only these bring their whole profit.",
    )  # fmt: skip
    margin_without: Quantity | None = money(
        "Profit of a unit at the price and cost without the asset", "无该资产时的单位利润", None, per="unit",
        by_year=True, help="For the extra units; what they bring above it is in premium and saving already.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _extra_units_have_a_margin(self) -> Self:
        if (self.extra_volume is None) != (self.margin_without is None):
            refuse(
                f"{self.name} needs extra_volume and margin_without together",
                f"{self.name} 的 extra_volume 与 margin_without 须成对给出",
                "Give both, or neither if the same number is sold without the asset.",
                "请同时填写；若销量不变则均不填。",
            )
        return self


class IncrementalInputs(RightHeld, common.LifeOrGrowth):
    """The gains market by market, what they cost, and how they are valued."""

    markets: list[Market] = items("Markets or products", "市场或产品")
    costs: Quantity = money(
        "Costs that only the asset causes, before tax", "因该资产新增的成本（税前）", 0, by_year=True, low=0,
        help="Upkeep, refreshing, campaigns; what is in the unit costs above stays out.",
    )  # fmt: skip
    investment: Quantity = money(
        "Investment that only the asset causes", "因该资产新增的投资", 0, by_year=True,
        help="Capital spending and increase of working capital for extra sales; not deducted for tax.",
    )  # fmt: skip
    share_due_to_asset: Quantity = fraction(
        "Share of the gain due to the asset", "资产贡献占比", 1.0, by_year=True,
        help="Below 1 where other assets, such as a brand or new machines, help to bring the same gain.",
    )  # fmt: skip
    tax_rate: Quantity = common.income_tax_rate()
    remaining_useful_life: Quantity | None = years(
        "Remaining useful life",
        "剩余收益期限",
        above=0,
        rolls="down",
        help="Until rivals offer the same, if that comes first.",
    )
    growth_for_ever: Quantity | None = common.growth_for_ever()
    discount_rate: Quantity = common.discount_rate_after_tax()
    tax_life: Quantity = common.tax_life()
    tax_write_off: common.WriteOff = common.tax_write_off()
    first_period: Quantity = common.first_period()
    timing: common.Timing = common.receipts()

    @model_validator(mode="after")
    def _each_market_once(self) -> Self:
        check_named_once([market.name for market in self.markets], "market", "市场")
        return self


def incremental_income(inputs, workings):
    """Present value after tax of what the asset adds: with less without, never the whole profit made with it.

    Yearly inputs are (..., year), all others (..., 1); the value is (..., 1), in the case's currency. May be negative.
    Premium x volume + cost saved x volume + extra volume x margin without is, unit by unit, the profit with the asset
    less the profit without. Refused: extra units without a margin, one market twice, a life
    and growth for ever together or neither, income that the right held does not allow.

    100,000 units, 2.5 dearer and 0.5 cheaper to make, tax 25%, 10%, five year ends: 852,927.02.
    """
    line = workings.line
    premium = line("revenue_gain", sum(revenue_gain(market, line) for market in inputs.markets))
    saved = line("cost_saving", sum(cost_saving(market, line) for market in inputs.markets))
    gain = premium + saved - inputs.costs
    growing = [market for market in inputs.markets if market.extra_volume is not None]
    if growing:
        gain = gain + line("profit_of_extra_volume", sum(extra_profit(market, workings) for market in growing))
    gain = line("gain_before_tax", gain)
    after_tax = line("gain_after_tax", gain * (1 - inputs.tax_rate) - inputs.investment)
    due = line("gain_due_to_asset", after_tax * inputs.share_due_to_asset)

    uncounted = ("gains after the last forecast year are", "收益")
    return value_with_tax_benefit(value_in_life(due, inputs, workings, uncounted=uncounted), inputs, workings)


def revenue_gain(market, line):
    """Price premium x all units sold with the asset."""
    return line(f"revenue_gain[{market.name}]", market.price_premium * market.volume)


def cost_saving(market, line):
    """Cost saved x all units sold with the asset."""
    return line(f"cost_saving[{market.name}]", market.cost_saved * market.volume)


def extra_profit(market, workings):
    """Extra units x their profit at the price and cost without the asset."""
    workings.warn(
        market.extra_volume > market.volume,
        f"{market.name}: more extra units than units; the extra ones are a part of the volume.",
        f"{market.name}：新增销量大于总销量；新增销量应为总销量的一部分。",
    )
    return workings.line(f"profit_of_extra_volume[{market.name}]", market.extra_volume * market.margin_without)


method = Method(
    id="income.incremental",
    version=1,
    approach="income",
    title=("Incremental income", "增量收益法"),
    serves=("training_data", "ai_model", "intellectual_property"),
    citations=(
        Citation("中评协〔2023〕17号 数据资产评估指导意见：增量收益预测（公式凭记忆）", "memory"),
        Citation(
            "资产评估题库 (2022-2023): 专利技术 10万件, 商标所有权转让 with five markets, to year ends; two more whose "
            "printed answers leave out the tax or count the whole profit",
            "page-read",
        ),
    ),
    limitations=(
        "Credits the asset with the whole difference unless a share is stated; rivals and other assets move it too.",
        "除非注明占比，全部差额均归于该资产，而竞争者和其他资产同样影响差额。",
    ),
    evidence=("title", "price_comparison", "cost_ledger", "revenue_forecast"),
    inputs=IncrementalInputs,
    value=incremental_income,
)

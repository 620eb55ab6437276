"""Incremental income (增量收益法): what the asset adds by dearer sales, cheaper making and more of them."""

from typing import Literal, Self

from pydantic import model_validator

from valuation.finance import (
    discount_factor,
    horizon,
    present_value,
    share_of_years_in_life,
    time_of_flows,
    value_with_tax_benefit,
)
from valuation.method import (
    NOMINAL_AFTER_TAX,
    Citation,
    Inputs,
    Method,
    Quantity,
    choice,
    count,
    fraction,
    items,
    money,
    named_twice,
    rate,
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


class IncrementalInputs(RightHeld):
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
    tax_rate: Quantity = fraction("Income tax rate", "所得税率", {"reference": "cn.tax.income"}, below=1)
    remaining_useful_life: Quantity = years(
        "Remaining useful life",
        "剩余收益期限",
        above=0,
        rolls="down",
        help="Until rivals offer the same, if that comes first.",
    )
    discount_rate: Quantity = rate(
        "Discount rate, nominal, after tax", "税后名义折现率", basis=NOMINAL_AFTER_TAX, warn_below=0.04, warn_above=0.4
    )
    tax_life: Quantity = years("Years of tax write-off for a buyer; 0 if none", "税法摊销年限（无则为 0）", 0)
    first_period: Quantity = years("Length of the first forecast period", "首个预测期长度", 1, above=0, high=1)
    timing: Literal["mid", "end"] = choice(
        "When receipts arrive in a year", "年内收款时点", "mid",
        help="Published Chinese examples discount to year ends.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _each_market_once(self) -> Self:
        twice = named_twice(market.name for market in self.markets)
        if twice is not None:
            refuse(
                f'the market "{twice}" stands twice', f"市场“{twice}”重复",
                "Keep one, or give each its own name.", "请保留一项，或使用不同的名称。",
            )  # fmt: skip
        return self


def incremental_income(inputs, workings):
    """Present value after tax of what the asset adds: with less without, never the whole profit made with it.

    Yearly inputs are (..., year), all others (..., 1); the value is (..., 1), in the case's currency. May be negative.
    Premium x volume + cost saved x volume + extra volume x margin without is, unit by unit, the profit with the asset
    less the profit without. Refused: extra units without a margin, one market twice, income that
    the right held does not allow.

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

    forecast = horizon(*(market.volume for market in inputs.markets))
    in_life = share_of_years_in_life(inputs, forecast, workings)
    time = time_of_flows(inputs, forecast, workings, uncounted=("gains after the last forecast year are", "收益"))
    discount = line("discount_factor", discount_factor(inputs.discount_rate, time), unit="fraction")
    before_benefit = line("value_before_tax_benefit", present_value(due * in_life, discount))
    return value_with_tax_benefit(before_benefit, inputs, workings)


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

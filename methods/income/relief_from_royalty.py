"""Relief from royalty (许可费节省法): the royalties an owner is spared by not having to license the asset."""

from typing import Literal

from valuation.finance import (
    discount_factor,
    horizon,
    present_value,
    share_of_years_in_life,
    time_of_flows,
    value_with_tax_benefit,
)
from valuation.method import NOMINAL_AFTER_TAX, Citation, Inputs, Method, Quantity, choice, fraction, money, rate, years


class RoyaltyInputs(Inputs):
    """What is spared, for how long, and at which rate."""

    revenue: Quantity = money("Revenue earned with the asset", "使用该资产的收入", by_year="list", low=0)
    share_of_revenue: Quantity = fraction("Part of it that uses this asset", "资产贡献占比", 1.0, by_year=True)
    royalty_rate: Quantity = fraction(
        "Royalty rate", "许可费率", by_year=True, warn_above=0.15,
        help="Paid on the revenue above; convert a rate agreed on another base (per unit, per patent family).",
    )  # fmt: skip
    owner_costs: Quantity = money(
        "Upkeep the owner bears, before tax", "权利人维持成本（税前）", 0, by_year=True, low=0
    )
    remaining_useful_life: Quantity = years("Remaining useful life", "剩余使用寿命", above=0, rolls="down")
    discount_rate: Quantity = rate(
        "Discount rate, nominal, after tax", "税后名义折现率", basis=NOMINAL_AFTER_TAX, warn_below=0.04, warn_above=0.4
    )
    tax_rate: Quantity = fraction("Income tax rate", "所得税率", {"reference": "cn.tax.income"}, below=1)
    tax_life: Quantity = years("Years of tax write-off for a buyer; 0 if none", "税法摊销年限（无则为 0）", 0)
    first_period: Quantity = years("Length of the first forecast period", "首个预测期长度", 1, above=0, high=1)
    timing: Literal["mid", "end"] = choice("When receipts arrive in a year", "年内收款时点", "mid")


def relief_from_royalty(inputs, workings):
    """Present value of the royalties saved after tax over the remaining life, with the buyer's tax benefit.

    Yearly inputs are (..., year), all others (..., 1); the value is (..., 1), in the case's currency. May be negative.

    Revenue 100, 120, 130 million; shares 1, 0.8, 0.6; royalty 5%; life 2.5 years; rate 18%; tax 25%; write-off
    10 years: 7,268,457.39 before the tax benefit, 8,278,856.03 with it.
    """
    line = workings.line
    forecast = horizon(inputs.revenue)
    royalty = line("royalty_saved", inputs.revenue * inputs.share_of_revenue * inputs.royalty_rate)
    after_tax = line("after_tax_royalty", (royalty - inputs.owner_costs) * (1 - inputs.tax_rate))

    in_life = share_of_years_in_life(inputs, forecast, workings)
    time = time_of_flows(inputs, forecast, workings, uncounted=("royalties after the last forecast year are", "许可费"))
    discount = line("discount_factor", discount_factor(inputs.discount_rate, time), unit="fraction")

    before_benefit = line("value_before_tax_benefit", present_value(after_tax * in_life, discount))
    return value_with_tax_benefit(before_benefit, inputs, workings)


method = Method(
    id="income.relief_from_royalty",
    version=1,  # raise it when the same inputs would give another figure
    approach="income",
    title=("Relief from royalty", "许可费节省法"),
    serves=("intellectual_property", "ai_model", "training_data"),
    citations=(
        Citation(
            "IVS 2025, 210 Intangible Assets: relief-from-royalty method (paragraph 60.18 as quoted by a third party)",
            "secondary",
        ),
        Citation("ISO 10668:2010 Brand valuation: royalty relief", "secondary"),
    ),
    limitations=(
        "Only as good as the royalty evidence: the rate must be for the same right, base, field and exclusivity.",
        "结果取决于许可费率证据：费率须与所评权利、计费基础、领域和独占性一致。",
    ),
    evidence=("title", "licence_agreements", "revenue_forecast"),
    inputs=RoyaltyInputs,
    value=relief_from_royalty,
)

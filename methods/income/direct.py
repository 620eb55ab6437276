"""Direct income (直接收益法): what a stand-alone product brings in, as far as the asset and the right held earn it."""

import numpy as np

from valuation import common_inputs as common
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
    Method,
    Quantity,
    fraction,
    money,
    rate,
    years,
)
from valuation.rights import RightHeld


class DirectIncomeInputs(RightHeld):
    """The product's income and costs, the part of it that is due to the asset, and how it is valued."""

    revenue: Quantity = money(
        "Revenue of the product, under contract or expected", "产品收入（合同或预期）", by_year="list", low=0,
        help="In one scenario: revenues of scenarios that compete for the same users do not add up.",
    )  # fmt: skip
    survivors: Quantity = fraction(
        "Share of that revenue still earned", "收入留存率", 1.0, by_year=True,
        help="Customers who stay, or what data that are not refreshed are still worth, on average in the year.",
    )  # fmt: skip
    renewal_revenue: Quantity = money("Revenue if contracts are renewed", "续约收入", 0, by_year=True, low=0)
    renewal_probability: Quantity = fraction(
        "Chance that it comes", "续约概率", 1.0, by_year=True,
        help="In each year, of all earlier renewals together. A risk named here does not belong in the rate again.",
    )  # fmt: skip
    renewal_discount_rate: Quantity | None = rate(
        "Discount rate of renewals, nominal, after tax", "续约收入税后名义折现率", None, basis=NOMINAL_AFTER_TAX,
        warn_below=0.04, warn_above=0.4, help="That of the contracts if it is left out.",
    )  # fmt: skip
    margin: Quantity = fraction(
        "Margin before tax and the costs below", "利润率（税前、扣除下列成本前）", 1.0, by_year=True, low=None
    )
    costs: Quantity = money(
        "Costs that do not move with revenue, before tax", "固定成本（税前）", 0, by_year=True, low=0
    )
    refresh_cost: Quantity = money(
        "Cost of keeping the data or model fresh, before tax", "数据更新或模型维护成本（税前）", 0, by_year=True, low=0,
        help="Without it the income decays: then state survivors.",
    )  # fmt: skip
    capital_spending: Quantity = money("Investment", "资本性支出", 0, by_year=True, low=0, help="Not deducted for tax.")
    working_capital_increase: Quantity = money(
        "Increase of working capital", "营运资金增加额", 0, by_year=True, help="Negative where it is released."
    )
    contributory_charge_rate: Quantity = fraction(
        "Charge for other assets used, share of revenue, after tax", "其他资产贡献回报占收入比（税后）", 0, by_year=True
    )
    share_due_to_asset: Quantity = fraction(
        "Share of the product's cash flow due to the asset", "资产贡献占比", 1.0, by_year=True,
        help="Shares of all assets of one product add up to 1 at most. What is charged above is not shared out again.",
    )  # fmt: skip
    tax_rate: Quantity = common.income_tax_rate()
    remaining_useful_life: Quantity = years(
        "Remaining useful life", "剩余收益期限", above=0, rolls="down",
        help="The shortest of legal, contract, refresh and product life, as life.shortest gives.",
    )  # fmt: skip
    discount_rate: Quantity = common.discount_rate_after_tax()
    tax_life: Quantity = common.tax_life()
    tax_write_off: common.WriteOff = common.tax_write_off()
    first_period: Quantity = common.first_period()
    timing: common.Timing = common.receipts()


def direct_income(inputs, workings):
    """Present value of the product's cash flow after tax that is due to the asset over its remaining life.

    Yearly inputs are (..., year), all others (..., 1); the value is (..., 1), in the case's currency. May be negative.
    Earnings are taxed, since the rate is after tax; all fixed costs are borne by the first stream of revenue, renewals
    bear their margin and charges only. Refused: income that the right held does not allow.

    Income of 100 falling by 10 a year for 10 years, no tax, 10%, year ends: 385.5432894295316.
    """
    line = workings.line
    kept = inputs.margin * (1 - inputs.tax_rate) - inputs.contributory_charge_rate
    kept = line("kept_of_revenue", kept, unit="fraction")
    revenue = line("revenue_still_earned", inputs.revenue * inputs.survivors)
    spent = line("costs_after_tax", (inputs.costs + inputs.refresh_cost) * (1 - inputs.tax_rate))
    invested = line("investment", inputs.capital_spending + inputs.working_capital_increase)
    flow = line("cash_flow_of_asset", (revenue * kept - spent - invested) * inputs.share_due_to_asset)
    renewals = line("expected_renewals", inputs.renewal_revenue * inputs.renewal_probability)
    renewed = line("cash_flow_of_renewals", renewals * kept * inputs.share_due_to_asset)
    warn_of_free_income(inputs, workings)

    forecast = horizon(inputs.revenue)
    time = time_of_flows(inputs, forecast, workings)
    in_life = share_of_years_in_life(inputs, forecast, workings)
    discount = line("discount_factor", discount_factor(inputs.discount_rate, time), unit="fraction")
    later = inputs.discount_rate if inputs.renewal_discount_rate is None else inputs.renewal_discount_rate
    renewal_discount = line("renewal_discount_factor", discount_factor(later, time), unit="fraction")
    first_stream = line("value_of_revenue", present_value(flow * in_life, discount))
    second_stream = line("value_of_renewals", present_value(renewed * in_life, renewal_discount))
    return value_with_tax_benefit(first_stream + second_stream, inputs, workings)


def warn_of_free_income(inputs, workings):
    """Income that neither decays nor pays for being kept fresh is rare."""
    stays = np.min(inputs.survivors, axis=-1, keepdims=True) >= 1
    free = np.max(inputs.refresh_cost, axis=-1, keepdims=True) <= 0
    workings.warn(
        stays & free & (inputs.remaining_useful_life > 1),
        "The income neither decays nor pays for keeping the data or model fresh: state survivors or refresh_cost, "
        "unless contracts fix it.",
        "收入既不衰减也未扣除更新成本：除非合同已锁定，请填写 survivors 或 refresh_cost。",
    )


method = Method(
    id="income.direct",
    version=1,
    approach="income",
    title=("Direct income", "直接收益法"),
    serves=("training_data", "ai_model", "intellectual_property"),
    citations=(
        Citation(
            "中评协〔2023〕17号 附件 评估方法相关模型示例：Ft = Rt，Rt 为息税前利润 (its opening, at max.book118.com)",
            "page-read",
        ),
        Citation("资产评估题库：收益逐年递减的专利 (2022), worked example to year ends", "page-read"),
    ),
    limitations=(
        "Holds only where the product stands alone; income that other assets help to earn must be charged or shared.",
        "仅适用于可独立产生收益的产品；其他资产共同贡献的收益须扣除或分成。",
    ),
    evidence=("title", "revenue_forecast", "contracts"),
    inputs=DirectIncomeInputs,
    value=direct_income,
)

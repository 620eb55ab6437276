"""Level profit (稳定利润法): an asset that brings the same profit every year until its life ends."""

from valuation.finance import annuity_factor
from valuation.method import Citation, Inputs, Method, Quantity, fraction, money, rate, years


class LevelProfitInputs(Inputs):
    """What the asset brings a year, for how long, and what an investor asks of it."""

    yearly_profit: Quantity = money("Profit of one year, before tax", "年利润（税前）", per="year")
    tax_rate: Quantity = fraction("Income tax rate", "所得税率", {"reference": "cn.tax.income"}, below=1)
    remaining_useful_life: Quantity = years("Remaining useful life", "剩余使用寿命", above=0, warn_above=10)
    discount_rate: Quantity = rate("Discount rate, nominal, after tax", "税后名义折现率", warn_below=0.04)


def level_profit(inputs, workings):
    """Present value of the same profit after tax, received at the end of every year of the remaining life.

    Inputs and value are (..., 1). Profit 100, tax 25%, 10 years at 15%: 75 a year, times 5.018768625854229, is
    376.40764693906715.
    """
    line = workings.line
    after_tax = line("profit_after_tax", inputs.yearly_profit * (1 - inputs.tax_rate), unit="money per year")
    factor = line("annuity_factor", annuity_factor(inputs.discount_rate, inputs.remaining_useful_life), unit="years")
    return line("value", after_tax * factor)


method = Method(
    id="income.level_profit",
    version=1,
    approach="income",
    title=("Level profit", "稳定利润法"),
    serves=("training_data", "ai_model"),
    citations=(Citation("Annuity of a level flow, checked by the sum of its discounted years", "recomputed"),),
    limitations=(
        "The profit never falls: of little use for data or models that fade before their life ends.",
        "假设利润始终不变：不适用于寿命期内价值衰减的数据或模型。",
    ),
    evidence=("title", "profit_record"),
    inputs=LevelProfitInputs,
    value=level_profit,
)

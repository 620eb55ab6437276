"""Excess earnings (超额收益法): what the primary asset earns once every other asset has been paid for its part."""

from typing import Literal, Self

from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import (
    charge_share_of_revenue,
    contributory_charge,
    discount_factor,
    growing_perpetuity,
    horizon,
    period_length,
    present_value,
    share_of_years_in_life,
    time_of_flows,
    value_after_forecast,
    value_with_tax_benefit,
)
from valuation.method import (
    Citation,
    Inputs,
    Method,
    Quantity,
    check_named_once,
    choice,
    fraction,
    items,
    money,
    rate,
    refuse,
    text,
    years,
)
from valuation.rights import RightHeld


class ContributoryAsset(Inputs):
    """What one other asset must be paid: a share of revenue, an amount, or its value with the return on and of it."""

    name: str = text("Contributory asset", "贡献资产")
    share_of_revenue: Quantity | None = fraction(
        "Charge as a share of revenue, after tax", "贡献资产回报占收入比（税后）", None, by_year=True
    )
    charge: Quantity | None = money(
        "Charge as an amount, after tax", "贡献资产回报金额（税后）", None, by_year=True, low=0,
        help="For the revenue above, before attrition; it falls with the survivors as all charges do.",
    )  # fmt: skip
    asset_value: Quantity | None = money(
        "Its fair value, average of the year", "贡献资产公允价值（年均）", None, by_year=True, low=0, rolls="level"
    )
    return_on: Quantity | None = rate(
        "Return on it, nominal, after tax", "贡献资产投资回报率（税后名义）", None, by_year=True, low=0
    )
    return_of: Quantity = money(
        "Return of it: its wear in the year", "贡献资产投资返还（年损耗）", 0, by_year=True, low=0,
        help="Only what the margin does not already bear as depreciation; working capital has none.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_value = self.asset_value is not None
        ways = [self.share_of_revenue is not None, self.charge is not None, by_value]
        if sum(ways) != 1 or by_value != (self.return_on is not None):
            refuse(
                f"the charge of {self.name} must be stated in one of three ways",
                f"贡献资产“{self.name}”的回报须以三种方式之一填写",
                "Give share_of_revenue, or charge, or asset_value with return_on.",
                "请填写 share_of_revenue，或 charge，或 asset_value 与 return_on。",
            )
        return self


class ExcessEarningsInputs(RightHeld):
    """What the business earns with the asset, what the other assets must be paid, and how the rest is valued."""

    form: Literal["multi_period", "capitalised", "forecast_then_for_ever"] = choice(
        "Forecast years, one year capitalised, or both", "多期预测、单期资本化或预测后永续", "multi_period",
        help="One forecast year is the single-period form. Capitalised: the first forecast year, growing for ever. "
        "forecast_then_for_ever: the forecast, and its last year growing for ever after it.",
    )  # fmt: skip
    revenue: Quantity = money(
        "Revenue earned with the asset", "使用该资产的收入", by_year="list", low=0,
        help="Before attrition. Only one asset, the primary one, may be valued by this method on one revenue.",
    )  # fmt: skip
    survivors: Quantity = fraction(
        "Share of today's asset still there, average of the year", "存续率（年均）", 1.0, by_year=True,
        help="Mid-year averages for an asset of this age, as survival.weibull gives; never its curve from age 0.",
    )  # fmt: skip
    margin: Quantity = fraction(
        "Operating margin before tax and charges", "营业利润率（税前、扣除贡献资产回报前）", by_year=True, low=None,
        help="Negative for a loss. After depreciation, if the return of fixed assets is not charged below.",
    )  # fmt: skip
    contributory_assets: list[ContributoryAsset] = items("Contributory assets", "贡献资产")
    business_revenue: Quantity | None = money(
        "Revenue of all that the contributory assets serve", "贡献资产所服务业务的全部收入", None, by_year=True,
        above=0, help="What a charge stated by asset value is divided by; the revenue above if it is left out.",
    )  # fmt: skip
    tax_rate: Quantity = common.income_tax_rate()
    remaining_useful_life: Quantity | None = years(
        "Remaining useful life, if it ends within the forecast", "剩余使用寿命（如在预测期内终止）", None, above=0,
        rolls="down",
        help="Leave it out where the survivors say when the asset ends: a shortened life counts attrition twice.",
    )  # fmt: skip
    discount_rate: Quantity = common.discount_rate_after_tax()
    growth: Quantity = rate(
        "Growth for ever, where the form has it", "永续增长率（资本化或预测后永续）", 0, high=0.5,
        help="Negative for an asset that wears off steadily. Must lie below the discount rate.",
    )  # fmt: skip
    tax_life: Quantity = common.tax_life()
    tax_write_off: common.WriteOff = common.tax_write_off()
    first_period: Quantity = common.first_period()
    timing: common.Timing = common.receipts()

    @model_validator(mode="after")
    def _each_charge_once(self) -> Self:
        check_named_once([asset.name for asset in self.contributory_assets], "contributory asset", "贡献资产")
        return self

    @model_validator(mode="after")
    def _capitalised_for_ever(self) -> Self:
        if self.form == "multi_period":
            return self
        one_year = self.form == "forecast_then_for_ever" or self.revenue.years == 1
        if not one_year or self.remaining_useful_life is not None:
            refuse(
                "what holds for ever has no remaining life, and the capitalised form one forecast year",
                "永续形式不得有剩余寿命，其中资本化形式只能有一个预测年度",
                "Use the multi_period form for an asset whose life ends.", "寿命有限的资产请用 multi_period。",
            )  # fmt: skip
        common.check_below_rate(self.growth, self.discount_rate)
        return self


def excess_earnings(inputs, workings):
    """Present value of after-tax earnings less after-tax charges for all contributory assets, with the tax benefit.

    Yearly inputs are (..., year), all others (..., 1); the value is (..., 1), in the case's currency. Earnings and
    charges fall with the same survivors; charges are after tax, so they are never taxed again. A year in which the
    charges exceed the earnings counts as it is, below zero. Refused: a perpetuity whose rate hardly exceeds its
    growth, income that the right held does not allow.

    Revenue 200, 220, 231, 231, 231; survivors .95, .8, .6, .4, .2; margin 30%; charges 6% of revenue; tax 25%; rate
    15%; write-off 10 years: 82.3190914836667 before the tax benefit, 95.11717862624063 with it.
    """
    line = workings.line
    revenue = line("attrited_revenue", inputs.revenue * inputs.survivors)
    earnings = line("after_tax_earnings", revenue * inputs.margin * (1 - inputs.tax_rate))
    charges = line("after_tax_charges", contributory_charges(inputs, revenue, line))
    excess = line("excess_earnings", earnings - charges)
    workings.warn(
        excess < 0,
        "In some years the contributory assets earn more than the business does; those years count below zero.",
        "部分年度贡献资产回报超过业务收益；该等年度按负值计入。",
    )
    single = inputs.form == "capitalised"
    worth = capitalisation_factor(inputs, workings) if single else discounted_life(inputs, workings)
    before_benefit = present_value(excess, worth)
    if inputs.form == "forecast_then_for_ever":
        later = value_after_forecast(excess, inputs.growth, inputs, workings)
        before_benefit = line("value_of_forecast", before_benefit) + later
    return value_with_tax_benefit(line("value_before_tax_benefit", before_benefit), inputs, workings)


def contributory_charges(inputs, revenue, line):
    """What all contributory assets must be paid out of the attrited revenue, each year."""
    total = 0.0
    for asset in inputs.contributory_assets:
        if asset.charge is not None:
            charge = asset.charge * inputs.survivors
        elif asset.share_of_revenue is not None:
            charge = revenue * asset.share_of_revenue
        else:
            charge = charge_by_value(asset, inputs, revenue, line)
        total = total + line(f"charge[{asset.name}]", charge)
    return total


def charge_by_value(asset, inputs, revenue, line):
    """Return on and of the asset's value, as far as this revenue takes part in all that the asset serves."""
    base = inputs.revenue if inputs.business_revenue is None else inputs.business_revenue
    # A return is earned by the year: revenue of half a year bears half a year's return.
    return_on = asset.return_on * period_length(horizon(inputs.revenue), inputs.first_period)
    charge = asset.asset_value, return_on, asset.return_of
    share = line(f"charge_share[{asset.name}]", charge_share_of_revenue(*charge, base), unit="fraction")
    # What serves this revenue alone is paid in full, also in a year before there is any.
    return contributory_charge(*charge) * inputs.survivors if inputs.business_revenue is None else revenue * share


def discounted_life(inputs, workings):
    """Worth today of one unit of each forecast year, as far as the year lies within the life."""
    forecast = horizon(inputs.revenue)
    time = time_of_flows(inputs, forecast, workings, uncounted=("earnings after the last forecast year are", "收益"))
    discount = workings.line("discount_factor", discount_factor(inputs.discount_rate, time), unit="fraction")
    if inputs.remaining_useful_life is None:
        return discount
    workings.warn(
        inputs.survivors < 1,
        "Attrition and an end of life are both applied; the life must be a legal or contractual term, not an average.",
        "同时采用了流失率和终止年限；该年限须为法定或合同期限，而非平均寿命。",
    )
    return discount * share_of_years_in_life(inputs, forecast, workings)


def capitalisation_factor(inputs, workings):
    """Worth today of one unit next year that grows for ever."""
    workings.warn(
        inputs.growth >= 0,
        "Capitalising says that the asset earns for ever without wearing off; data, models and patents do not.",
        "资本化假设资产永续收益且不衰减；数据、模型和专利并非如此。",
    )
    worth = growing_perpetuity(1.0, inputs.discount_rate, inputs.growth, timing=inputs.timing)
    return workings.line("capitalisation_factor", worth, unit="ratio")


method = Method(
    id="income.excess_earnings",
    version=2,
    approach="income",
    title=("Excess earnings", "超额收益法"),
    serves=("intellectual_property", "ai_model", "training_data"),
    citations=(
        Citation("IVS 2025, 210: excess earnings method (paragraph 60.08 as quoted by a third party)", "secondary"),
        Citation("The Appraisal Foundation, contributory assets best practice, 31 May 2010 (text not read)", "memory"),
        Citation("中评协〔2023〕17号 数据资产评估指导意见：超额收益预测（公式凭记忆）", "memory"),
    ),
    limitations=(
        "Whatever earns and is not charged is taken for the asset; only one asset may be valued so on one revenue.",
        "未计提回报的其他资产收益会被计入本资产；同一收入流只能有一项资产采用本方法。",
    ),
    evidence=("title", "revenue_forecast", "contributory_assets", "attrition"),
    inputs=ExcessEarningsInputs,
    value=excess_earnings,
)

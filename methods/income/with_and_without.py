"""With and without (有无对比法): what the business is worth with the asset, less what it would be worth without it."""

from typing import Self

import numpy as np
from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import (
    discount_factor,
    horizon,
    period_in_life,
    period_start,
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
    fraction,
    money,
    rate,
    refuse,
    years,
)

AS_WITH = "The same as with the asset if it is left out."


class WithAndWithoutInputs(Inputs):
    """The business in both states, how likely the worse one is, and how the difference is discounted."""

    revenue_with: Quantity = money("Revenue with the asset", "有该资产时的收入", by_year="list", low=0)
    margin_with: Quantity = fraction(
        "Margin with the asset, before tax and the costs below", "有该资产时的利润率（税前、扣除下列成本前）", 1.0,
        by_year=True, low=None,
    )  # fmt: skip
    costs_with: Quantity = money(
        "Costs with the asset, before tax", "有该资产时的成本（税前）", 0, by_year=True, low=0,
        help="What the margin does not bear: fixed costs, or all of them with a margin of 1.",
    )  # fmt: skip
    investment_with: Quantity = money(
        "Investment with the asset", "有该资产时的投资", 0, by_year=True,
        help="Capital spending and increase of working capital; not deducted for tax.",
    )  # fmt: skip
    revenue_without: Quantity | None = money(
        "Revenue without the asset",
        "无该资产时的收入",
        None,
        by_year=True,
        low=0,
        rolls="anew",
        help="Or give ramp_up_time. Counted from the valuation date, on which the asset is lost.",
    )
    ramp_up_time: Quantity | None = years(
        "Years until a substitute earns as much", "达到同等收入所需年限", None,
        help="In place of revenue_without: revenue rises evenly from the share below to that with the asset.",
    )  # fmt: skip
    share_at_start: Quantity | None = fraction(
        "Share of the revenue left at first", "初始收入占比", None, help="With ramp_up_time; nothing if left out."
    )
    margin_without: Quantity | None = fraction(
        "Margin without the asset", "无该资产时的利润率", None, by_year=True, low=None, rolls="anew", help=AS_WITH
    )
    costs_without: Quantity | None = money(
        "Costs without the asset, before tax",
        "无该资产时的成本（税前）",
        None,
        by_year=True,
        low=0,
        rolls="anew",
        help=AS_WITH,
    )
    investment_without: Quantity | None = money(
        "Investment without the asset", "无该资产时的投资", None, by_year=True, rolls="anew",
        help=f"With what it costs to make or find a substitute. {AS_WITH}",
    )  # fmt: skip
    probability_of_competition: Quantity = fraction(
        "Chance that it comes to that", "发生竞争（损失）的概率", 1.0, by_year=True,
        help="That somebody competes, and that it hurts, in each year; 1 if the business surely lacks the asset. A "
        "risk named here does not belong in the rate again.",
    )  # fmt: skip
    tax_rate: Quantity = common.income_tax_rate()
    remaining_useful_life: Quantity = years(
        "Remaining useful life", "剩余使用寿命", above=0, rolls="down", help="Of a contract: its term, and no longer."
    )
    discount_rate: Quantity = common.discount_rate_after_tax()
    discount_rate_without: Quantity | None = rate(
        "Discount rate without the asset, if it differs", "无该资产时的折现率（如不同）", None, basis=NOMINAL_AFTER_TAX,
        warn_below=0.04, warn_above=0.4, help="Only if the risk differs and the forecasts do not show it already.",
    )  # fmt: skip
    tax_life: Quantity = common.tax_life()
    tax_write_off: common.WriteOff = common.tax_write_off()
    first_period: Quantity = common.first_period()
    timing: common.Timing = common.receipts()

    @model_validator(mode="after")
    def _one_way_without(self) -> Self:
        ramped = self.ramp_up_time is not None
        if ramped == (self.revenue_without is not None) or (self.share_at_start is not None and not ramped):
            refuse(
                "the revenue without the asset must be stated in one of two ways",
                "无该资产时的收入须以两种方式之一填写",
                "Give revenue_without, or ramp_up_time with share_at_start.",
                "请填写 revenue_without，或 ramp_up_time 与 share_at_start。",
            )
        return self


def with_and_without(inputs, workings):
    """Present value of the business with the asset, less its expected present value without, with the tax benefit.

    Yearly inputs are (..., year), all others (..., 1); the value is (..., 1), in the case's currency. May be negative,
    if the asset hurts. Without the asset its absence is felt with the stated chance; otherwise all goes on as with it.
    Refused: revenue without the asset stated in both ways or in none.

    Profit 420 with and 200 without, tax 33%, 10%, five year ends: 281.4 and 134 after tax, value 558.76.
    """
    line = workings.line
    income_with = line(
        "income_with",
        income(inputs.revenue_with, inputs.margin_with, inputs.costs_with, inputs.investment_with, inputs.tax_rate),
    )
    forecast = horizon(inputs.revenue_with)
    lived = period_in_life(inputs.remaining_useful_life, forecast, inputs.first_period)
    income_without = line("income_without", without(inputs, lived, workings))

    time = time_of_flows(inputs, forecast, workings)
    in_life = share_of_years_in_life(inputs, forecast, workings)
    warn(inputs, income_with - income_without, workings)
    discount = line("discount_factor", discount_factor(inputs.discount_rate, time), unit="fraction")
    rate_without = inputs.discount_rate if inputs.discount_rate_without is None else inputs.discount_rate_without
    discount_without = line("discount_factor_without", discount_factor(rate_without, time), unit="fraction")

    chance = inputs.probability_of_competition
    value_with = line("value_with", present_value(income_with * in_life, discount))
    spared = line("value_if_spared", present_value((1 - chance) * income_with * in_life, discount))
    harmed = line("value_if_harmed", present_value(chance * income_without * in_life, discount_without))
    difference = line("value_before_tax_benefit", value_with - line("value_without", spared + harmed))
    return value_with_tax_benefit(difference, inputs, workings)


def income(revenue, margin, costs, investment, tax_rate):
    """Cash flow after tax of one state of the business."""
    return (revenue * margin - costs) * (1 - tax_rate) - investment


def without(inputs, lived, workings):
    """Cash flow after tax if the asset is missing and its absence is felt; what is not stated is as with the asset."""
    revenue = inputs.revenue_without
    if revenue is None:
        start = 0.0 if inputs.share_at_start is None else inputs.share_at_start
        period = period_start(horizon(inputs.revenue_with), inputs.first_period)
        reached = ramp_reached(inputs.ramp_up_time, period, lived)
        share = workings.line("share_of_revenue_without", start + (1 - start) * reached, unit="fraction")
        revenue = workings.line("revenue_without", inputs.revenue_with * share)
    margin = inputs.margin_with if inputs.margin_without is None else inputs.margin_without
    costs = inputs.costs_with if inputs.costs_without is None else inputs.costs_without
    investment = inputs.investment_with if inputs.investment_without is None else inputs.investment_without
    return income(revenue, margin, costs, investment, inputs.tax_rate)


def ramp_reached(ramp_time, start, length):
    """Mean share reached from `start` on for `length` years by what rises evenly from 0 to 1 in the ramp time.

    Two years of ramp, year by year: 0.25, 0.75, 1. Its integral is time - reached + reached^2 / (2 x ramp time), where
    `reached` is the time, and at most the ramp time.
    """
    steepness = 2 * np.where(ramp_time > 0, ramp_time, 1.0)

    def area(time):
        reached = np.minimum(time, ramp_time)
        return time - reached + reached * reached / steepness

    return (area(start + length) - area(start)) / np.where(length > 0, length, 1.0)


def warn(inputs, gain, workings):
    """What a reader must know of the figure."""
    workings.warn(
        gain < 0,
        "In some year the business earns less with the asset than without it.",
        "部分年度有该资产时的收益低于无该资产时。",
    )
    if inputs.discount_rate_without is not None:
        workings.warn(
            inputs.discount_rate_without != inputs.discount_rate,
            "The two states are discounted at two rates; a risk in the forecasts or the probability is priced twice.",
            "两种情形采用不同折现率；若风险已体现在预测或概率中，则重复计入。",
        )


method = Method(
    id="income.with_and_without",
    version=1,
    approach="income",
    title=("With and without", "有无对比法"),
    serves=("training_data", "ai_model", "compute_cluster", "intellectual_property"),
    citations=(
        Citation("IVS 2025, 210 Intangible Assets: with-and-without method (paragraph not read)", "memory"),
        Citation("资产评估题库 A公司专利技术 (2023): profit with less profit without, year ends", "page-read"),
        Citation(
            "joltofwisdom.com, How to value non-compete agreements (2013): one rate for both states, probability of "
            "competition",
            "page-read",
        ),
    ),
    limitations=(
        "The state without the asset is never observed: a substitute found sooner than forecast lowers the value.",
        "无该资产的情形无法观测；若替代方案早于预测出现，价值将降低。",
    ),
    evidence=("title", "revenue_forecast", "substitutes"),
    inputs=WithAndWithoutInputs,
    value=with_and_without,
)

"""What a loan must cost: funding, running, the loss the bank bears and a return on its capital; and whether it pays."""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.method import Citation, Inputs, Method, Quantity, fraction, rate, years


class PriceInputs(Inputs):
    """The agreed rate, what the bank pays and wants, what it loses, and the bounds set by others."""

    funding_rate: Quantity = rate("Cost of funds (FTP)", "资金成本（FTP）", low=-0.05, high=0.5)
    running_cost: Quantity = rate("Running cost", "运营成本率", 0, low=0, high=0.5)
    capital_share: Quantity = fraction(
        "Capital held, part of the loan", "资本占用比例", 0,
        help="Such as 8% times the risk weight. It earns the funding rate at least, since it needs no funds.",
    )  # fmt: skip
    return_wanted: Quantity = rate("Return on it before tax", "税前资本回报要求", 0, low=0, high=1)
    default_probability: Quantity = fraction("Probability of default in a year", "年违约概率", below=1)
    loss_given_default: Quantity = fraction("Part of the debt lost in default", "违约损失率")
    share_of_loss: Quantity = fraction("Part of the loss the bank bears", "银行承担的损失比例", 1)
    ceiling: Quantity | None = rate("Highest rate, or what it is counted from", "利率上限或其基准", None, low=0, high=1)
    ceiling_margin: Quantity = rate("Added to it", "上限加点", 0, low=-0.1, high=0.5)
    floor: Quantity | None = rate("Lowest rate, or what it is counted from", "利率下限或其基准", None, low=0, high=1)
    floor_margin: Quantity = rate("Added to it", "下限加点", 0, low=-0.1, high=0.5)
    guarantee_fee: Quantity = rate("Guarantee fee a year, on the loan", "担保费率（按贷款）", 0, low=0, high=0.2)
    one_off_costs: Quantity = fraction("Appraisal and filing, part of the loan", "评估登记等一次性费用占比", 0)
    subsidy: Quantity = rate("Subsidy to the borrower a year", "贴息", 0, low=0, high=0.5)
    tenor: Quantity = years("Tenor", "期限", 1, above=0)
    rate: Quantity = rate("Loan rate a year", "贷款年利率", low=0, high=1)


def rate_needed(inputs: Any, workings: Any) -> Any:
    """The loan rate at which what comes back on average pays for funds, running and capital, as a fraction a year.

    Losses divide, they are not added: the loan that defaults pays no interest either. Beside it: the most the rate may
    be, by how much the deal falls short, what loss it would bear, and the whole cost to the borrower.

    Funds 2.1%, running .8%, capital 8% at 16%, default 4% losing 35%: 5.488843813%, where the sum is 5.412%; with half
    of the loss borne by others 4.745216515%.
    """
    line = workings.line
    capital = inputs.capital_share * (inputs.return_wanted - inputs.funding_rate)
    cost = line("cost_without_loss", inputs.funding_rate + inputs.running_cost + capital, "fraction per year")
    whole = line("loss_a_year", inputs.default_probability * inputs.loss_given_default, "fraction per year")
    own = line("loss_of_bank_a_year", whole * inputs.share_of_loss, "fraction per year")
    line("rate_by_sum", cost + own, "fraction per year")
    allowed = inputs.rate
    if inputs.floor is not None:
        lowest = line("lowest_rate", inputs.floor + inputs.floor_margin, "fraction per year")
        allowed = np.maximum(allowed, lowest)
    if inputs.ceiling is not None:
        highest = line("highest_rate", inputs.ceiling + inputs.ceiling_margin, "fraction per year")
        allowed = np.minimum(allowed, highest)
    allowed = line("rate_allowed", allowed, "fraction per year")
    bearable = line("loss_it_bears", 1 - (1 + cost) / (1 + allowed), "fraction per year")
    line("loss_to_be_cut", np.maximum(own - bearable, 0.0), "fraction per year")
    others = 1 - np.maximum(bearable, 0.0) / np.where(whole > 0, whole, 1.0)
    line("share_others_must_bear", np.where(whole > 0, np.maximum(others, 0.0), 0.0), "fraction")
    extra = inputs.guarantee_fee + inputs.one_off_costs / inputs.tenor - inputs.subsidy
    line("cost_to_borrower", allowed + extra, "fraction per year")
    needed = (1 + cost) / (1 - own) - 1
    line("falls_short_by", np.maximum(needed - allowed, 0.0), "fraction per year")
    _say(inputs, allowed, bearable, workings)
    return line("rate_needed", needed, "fraction per year")


def _say(inputs: Any, allowed: Any, bearable: Any, workings: Any) -> None:
    workings.warn(
        inputs.rate > allowed,
        "The agreed rate lies above the ceiling; the ceiling is taken.",
        "约定利率高于上限，按上限计算。",
    )
    workings.warn(
        inputs.rate < allowed,
        "The agreed rate lies below the floor; the floor is taken.",
        "约定利率低于下限，按下限计算。",
    )
    workings.warn(
        bearable < 0,
        "Even without a loss the rate does not pay for funds, running and capital: no sharing of it cures that.",
        "即使没有损失，该利率也不足以覆盖资金、运营与资本成本；风险分担无法弥补。",
    )


method = Method(
    id="lending.price",
    version=1,
    approach="lending",
    title=("Rate that pays for the loss", "覆盖风险的贷款利率"),
    serves=(),
    citations=(Citation("One-year rate with the loss in the denominator: derived", "recomputed"),),
    limitations=(
        "One year of one rate; what prepayment, drawing in parts and relations with the client bring is not in it.",
        "按一年期单一利率计算，未计提前还款、分次提款与客户综合收益。",
    ),
    evidence=("funding_cost", "probability_of_default"),
    inputs=PriceInputs,
    value=rate_needed,
    unit="fraction per year",
)

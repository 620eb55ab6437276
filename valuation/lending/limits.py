"""The largest loan: the smallest of several limits, each shown, the binding one named.

A limit whose facts nobody stated is not among them; the offer says which were not tested and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, Self

import numpy as np
from pydantic import model_validator

from valuation.distributions import shape_of
from valuation.lending.course import Course, course, per_unit
from valuation.lending.haircuts import PledgedAsset
from valuation.lending.loss_limit import loss_limit
from valuation.lending.schedules import Plan, Repayment
from valuation.method import Citation, Inputs, Method, Quantity, fraction, items, money, rate, ratio, refuse, text

LIMIT_NAMES = {  # the order decides which of two equal limits is called binding
    "policy_cap": ("Policy cap", "质押率上限"),
    "value_at_risk": ("Value at risk", "风险价值"),
    "loss_given_default": ("Loss given default", "违约损失率"),
    "decay_path": ("Decay path", "价值衰减路径"),
    "debt_service": ("Debt service", "偿债能力"),
    "product_amount": ("Largest loan of the product", "产品金额上限"),
    "need": ("Need for funds", "资金需求"),
    "guarantor": ("Guarantor's capacity", "担保人代偿能力"),
    "amount_asked": ("Amount asked for", "申请金额"),
}


NEVER_LOST = {
    "reason": "no default loses the part allowed, since more is recovered from the borrower",
    "reason_zh": "因向借款人追偿，违约损失不会达到所设比例",
    "remedy": "State a smaller loss_given_default, or leave it out.",
    "remedy_zh": "请减小 loss_given_default，或不填写。",
}


class StatedLimit(Inputs):
    """A limit of the bank's own, such as the room left under its limit for one borrower or one technology."""

    name: str = text("Name of the limit", "限额名称")
    amount: Quantity = money("Room left under it", "剩余额度", low=0)


class LimitInputs(Repayment):
    """The loan, the assets behind it, and the limits that are plain amounts."""

    assets: list[PledgedAsset] = items("Pledged assets", "押品")
    shortfall_probability: Quantity = fraction(
        "Probability of shortfall accepted", "可接受的不足额概率", above=0, high=0.5
    )
    money_rate: Quantity = rate("Rate for the time until the money is in hand", "变现期间的资金利率", 0, low=0, high=1)
    share_covered_by_sale: Quantity = fraction(
        "Part of the debt that a sale of the security must cover", "押品变现须覆盖的债务比例", 1, above=0,
        help="Less than 1 where the debt also rests on a contract or a guarantor; a policy somebody answers for.",
    )  # fmt: skip
    loss_given_default: Quantity | None = fraction(
        "Part of the debt that a default may cost", "可接受的违约损失率", None, above=0, below=1,
        help="On average over defaults at the worst date. The better rule for a book; the shortfall for a single name.",
    )  # fmt: skip
    default_probability: Quantity | None = fraction(
        "Probability of default in a year", "年违约概率", None, above=0, below=1,
        help="Asked for where the price of an asset moves with the borrower's default.",
    )  # fmt: skip
    unsecured_recovery: Quantity = fraction(
        "Recovered from the borrower of what is short", "不足部分的追偿率", 0, below=1
    )
    stressed_cash_flow: Quantity | None = money(
        "The same cash flow under stress", "压力情形下各期可用于偿债的现金流", None, by_year="list"
    )
    stressed_dscr: Quantity = ratio(
        "Coverage asked for under stress", "压力情形下要求的偿债备付率", 1, low=1,
        help="At least 1: what the cash flow does not cover under stress is not paid under stress.",
    )  # fmt: skip
    product_amount: Quantity | None = money("Largest loan of the product", "产品金额上限", None, low=0)
    need: Quantity | None = money("Need for funds", "资金需求", None, low=0)
    guarantor: Quantity | None = money(
        "Loan whose guaranteed part the guarantor can pay", "担保人可承担的贷款额", None, low=0
    )
    amount_asked: Quantity | None = money("Amount asked for", "申请金额", None, low=0)
    others: list[StatedLimit] = items("Other limits", "其他限额", [], at_least=0)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [*LIMIT_NAMES, *(other.name for other in self.others)]
        if len(set(names)) < len(names):
            refuse(
                "two limits have one name",
                "两个限额使用了同一名称",
                f"Give each its own, none of {', '.join(LIMIT_NAMES)}.",
                f"请使用不同名称，且不得为 {', '.join(LIMIT_NAMES)}。",
            )
        return self

    @model_validator(mode="after")
    def _loss_can_be_reached(self) -> Self:
        target, recovered = self.loss_given_default, self.unsecured_recovery
        if target is None:
            return self
        if self.default_probability is None and any(a.default_correlation is not None for a in self.assets):
            refuse(
                "prices move with the borrower's default, and default_probability is not stated",
                "价格与借款人违约相关，但未给出 default_probability",
                "State the probability of default in a year.",
                "请给出年违约概率。",
            )
        known = target.form not in ("reference", "derive") and recovered.form not in ("reference", "derive")
        if known and np.any(shape_of(target).stated + shape_of(recovered).stated >= 1):
            refuse(*NEVER_LOST.values())
        return self


def limits(inputs: Any, workings: Any) -> Any:
    """The largest loan, in the case's currency; 0 where a limit leaves nothing. One line a limit, `limit_…`.

    Value 20m, dependency 10%, forced sale 35%, cost 8%, error .25, volatility .30, drift -20%, tail 10%, title failure
    4%, sold 1 year after default; 3 years at 4%, straight line; cap .30; cash flow 2.2, 2.6, 2.8m at DSCR 1.3: value
    at risk binds at 3,259,323.85, policy cap 6,000,000, debt service 4,532,967.03, decay path 4,723,446.65.
    """
    return limits_along(inputs, course(inputs, workings), workings)


def limits_along(inputs: Any, loan: Course, workings: Any) -> Any:
    """The largest loan, where the course of loan and security is already worked out."""
    by_sale, found = limits_by_period(inputs, loan, workings)
    return largest_loan(inputs, by_sale, found, workings)


def limits_by_period(inputs: Any, loan: Course, workings: Any) -> tuple[Any, dict[str, Any]]:
    """What a sale carries in its worst period, and the limits that look at every period; one figure each."""
    line = workings.line
    found = {}
    capped = all(asset.policy_cap is not None for asset in inputs.assets)
    if capped:
        cap = line("limit_policy_cap", sum(_capped(asset, asset.value) for asset in inputs.assets))
        found["policy_cap"] = cap
    by_sale = line("carried_by_sale", np.min(loan.carried, axis=-1, keepdims=True))
    found["value_at_risk"] = line("limit_value_at_risk", by_sale / inputs.share_covered_by_sale)
    if inputs.loss_given_default is not None:
        found["loss_given_default"] = loss_limit(inputs, loan.plan, workings)
    if capped:
        value_path = sum(_capped(asset, value) for asset, value in zip(inputs.assets, loan.expected, strict=True))
        by_period = line("decay_path_by_period", loan.per_unit_owed(value_path))
        tightest = np.minimum(np.min(by_period, axis=-1, keepdims=True), cap)
        found["decay_path"] = line("limit_decay_path", tightest)
    if inputs.cash_flow is not None and inputs.dscr is not None:
        found["debt_service"] = _debt_service(inputs, loan.plan, line)
    return by_sale, found


def largest_loan(inputs: Any, by_sale: Any, found: Mapping[str, Any], workings: Any) -> Any:
    """The smallest of the limits found and of those that are plain amounts, and what carries it."""
    line = workings.line
    amounts = {name: getattr(inputs, name) for name in ("product_amount", "need", "guarantor", "amount_asked")}
    amounts |= {other.name: other.amount for other in inputs.others}
    limits = [*found.values()]
    limits += [line(f"limit_{name}", amount) for name, amount in amounts.items() if amount is not None]
    largest = np.maximum(reduce(np.minimum, limits), 0.0)
    carried = line("carried_by_security", np.minimum(largest, by_sale))
    line("rests_on_borrower", largest - carried)
    return line("maximum_loan", largest)


def _capped(asset: Any, value: Any) -> Any:
    """Policy cap on what this value leaves after claims that rank ahead."""
    return asset.policy_cap * np.maximum(asset.acceptance * value - asset.prior_claims, 0.0)


def _debt_service(inputs: Any, loan: Plan, line: Any) -> Any:
    """Loan whose payments the cash flow covers `dscr` times in every period; a sculpted one is all that it carries.

    Where a cash flow under stress is stated the payments must be covered by that too.
    """
    free = inputs.cash_flow / inputs.dscr
    by_period = line("debt_service_by_period", per_unit(free, loan.payment, always=loan.always_paying))
    if inputs.stressed_cash_flow is not None:
        free = inputs.stressed_cash_flow / inputs.stressed_dscr
        stressed = line("debt_service_by_period_under_stress", per_unit(free, loan.payment, always=loan.always_paying))
        by_period = np.minimum(by_period, stressed)
    return line("limit_debt_service", np.min(by_period, axis=-1, keepdims=True))


method = Method(
    id="lending.limits",
    version=1,
    approach="lending",
    title=("Largest loan", "最高贷款额"),
    serves=(),
    citations=(
        Citation("EAST data items: pledge rate is principal over valuation, by contract", "secondary"),
        Citation(
            "Collateral guidelines for commercial banks 2017, Articles 5, 16: ability to pay, ceilings", "secondary"
        ),
        Citation("Test of the exposure just before each payment: derived, checked by simulation", "recomputed"),
    ),
    limitations=(
        "Only the limits whose facts are stated; the decay path is an expected one, and prices of GPU have also risen.",
        "仅包含已给出依据的限额；衰减路径为预期路径，而 GPU 价格也曾上涨。",
    ),
    evidence=("appraisal", "title", "cash_flow"),
    inputs=LimitInputs,
    value=limits,
)

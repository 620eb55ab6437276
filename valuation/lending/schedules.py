"""How a loan is paid back: what is owed after each payment, and what is owed just before it.

All figures are for one unit lent, on arrays with the loan's periods as last axis. A lender who tests the debt after the
payment tests the one moment at which no borrower defaults: `exposure` is what is owed just before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from valuation.distributions import shape_of
from valuation.finance import running_product, running_sum, year_numbers
from valuation.method import Inputs, Quantity, choice, count, fraction, money, rate, ratio, refuse, years

Schedule = Literal["annuity", "straight_line", "bullet", "balloon", "sculpted"]


class Repayment(Inputs):
    """When and how a loan is paid back, and out of which cash flow."""

    payment_times: Quantity = years(
        "Time of each payment after drawing", "各期还款时点（提款后年数）", by_year="list", above=0
    )
    rate: Quantity = rate("Loan rate a year", "贷款年利率", low=0, high=1)
    schedule: Schedule = choice("How it is paid back", "还款方式")
    balloon_share: Quantity = fraction("Part left to the last payment", "期末大额还款占比", 0)
    interest_only_periods: Quantity | None = count(
        "Periods of interest alone at first", "宽限期（仅付息期数）", None, low=0,
        help="A whole number of periods in which nothing is paid back; the rest is paid back as the schedule says.",
    )  # fmt: skip
    cash_flow: Quantity | None = money(
        "Cash for debt service in each period", "各期可用于偿债的现金流", None, by_year="list"
    )
    dscr: Quantity | None = ratio("Debt service coverage asked for", "要求的偿债备付率", None, above=0)

    @model_validator(mode="after")
    def _payments_in_order(self) -> Self:
        if np.any(np.diff(np.atleast_1d(shape_of(self.payment_times).stated)) <= 0):
            refuse(
                "the times of the payments do not rise",
                "还款时点未按先后排列",
                "Write them in order, such as [1, 2, 3].",
                "请按先后顺序填写，如 [1, 2, 3]。",
            )
        return self

    @model_validator(mode="after")
    def _sculpted_needs_cash_flow(self) -> Self:
        if self.schedule == "sculpted" and (self.cash_flow is None or self.dscr is None):
            refuse(
                "a sculpted loan follows the cash flow, and cash_flow or dscr is not stated",
                "定制还款须与现金流匹配，但未给出 cash_flow 或 dscr",
                "State both, or choose another schedule.",
                "请同时给出两者，或选择其他还款方式。",
            )
        return self


@dataclass(frozen=True)
class Plan:
    """One unit lent, by period: owed after the payment before, paid, owed after it, owed just before it."""

    schedule: str
    opening: Any
    payment: Any
    closing: Any
    exposure: Any
    grace: bool = False  # nothing is paid back at first

    @property
    def always_owing(self) -> bool:
        """Whether something is owed before every payment; a sculpted loan may be paid back early."""
        return self.schedule != "sculpted"

    @property
    def always_paying(self) -> bool:
        """Whether something falls due in every period; a bullet without interest pays once."""
        return self.schedule in ("annuity", "straight_line") and not self.grace


def plan(loan: Any, workings: Any) -> Plan:
    """The repayment of one unit. Interest of a period is the yearly rate times its length, as Chinese loans reckon it.

    Annuity of 5 years at 6%: payment 0.23739640043118931, owed after the first 0.8226035995688104. A balloon pays an
    annuity on the part that is not left to the end. A sculpted payment is a fixed part of the period's cash flow. After
    periods of interest alone the same holds of the periods that are left.
    """
    line = workings.line
    times = loan.payment_times
    number = year_numbers(times.shape[-1])
    earlier = np.concatenate([np.zeros_like(times[..., :1]), times[..., :-1]], axis=-1)
    growth = line("growth_of_debt", 1 + loan.rate * (times - earlier), unit="ratio")
    owed = _owed_after(loan, growth, number, line)
    # What rounding leaves after the last payment is nothing.
    closing = line("owed_after_payment", np.where(number < number[-1], owed, 0.0), unit="fraction")
    opening = np.concatenate([np.ones_like(closing[..., :1]), closing[..., :-1]], axis=-1)
    opening = line("owed_before_interest", opening, unit="fraction")
    exposure = line("exposure_before_payment", opening * growth, unit="fraction")
    payment = line("payment", exposure - closing, unit="fraction")
    return Plan(loan.schedule, opening, payment, closing, exposure, grace=loan.interest_only_periods is not None)


def _owed_after(loan: Any, growth: Any, number: Any, line: Any) -> Any:
    """What is owed of one unit after each payment; after the last one it is not read."""
    if loan.schedule == "bullet":
        return np.ones_like(growth)
    grace = loan.interest_only_periods
    if loan.schedule == "straight_line":
        if grace is None:
            return np.ones_like(growth) - number / number[-1]
        return 1 - np.maximum(number - grace, 0.0) / np.maximum(number[-1] - grace, 1.0)
    # While interest alone is paid the debt neither grows nor falls.
    grown = growth if grace is None else np.where(number > grace, growth, 1.0)
    grown = line("growth_since_drawing", running_product(grown), unit="ratio")
    if loan.schedule == "sculpted":
        service = line("debt_service_allowed", np.maximum(loan.cash_flow, 0.0) / loan.dscr)
        name, unit, worth = "worth_of_payments", "money", service / grown
    else:
        name, unit, worth = "worth_of_ones", "ratio", 1 / grown
    worth = worth if grace is None else np.where(number > grace, worth, 0.0)
    worth = line(name, running_sum(worth), unit=unit)
    carried = worth[..., -1:]
    owed = (1 - worth / np.where(carried > 0, carried, 1.0)) * grown
    return (1 - loan.balloon_share) * owed + loan.balloon_share if loan.schedule == "balloon" else owed

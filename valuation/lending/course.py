"""The loan and its security side by side, period by period: what the limits and the path both look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from valuation.lending.haircuts import recoverable, sale, with_lines
from valuation.lending.schedules import Plan, plan

ROUNDING = 1e-12  # of one unit lent: less than this is not owed, but left over by rounding


@dataclass(frozen=True)
class Course:
    """One unit lent, and its security at the time of each payment.

    `expected` is by asset the value expected then; `carried` is the loan whose debt just before that payment a sale
    then covers whole.
    """

    plan: Plan
    expected: Sequence[Any]
    carried: Any

    def per_unit_owed(self, amount: Any) -> Any:
        """Loan whose debt just before each payment is this amount."""
        return per_unit(amount, self.plan.exposure, always=self.plan.always_owing)


def course(inputs: Any, workings: Any) -> Course:
    """The repayment of one unit, and what the assets are expected to be worth and to bring in meanwhile."""
    tail, money_rate = inputs.shortfall_probability, inputs.money_rate
    sales = [sale(asset, tail, money_rate, line) for asset, line in with_lines(inputs.assets, workings)]
    return course_of_sales(inputs, sales, workings)


def course_of_sales(inputs: Any, sales: Sequence[tuple[Any, Any]], workings: Any) -> Course:
    """The same, where what a sale of each asset would bring today is already worked out."""
    return course_of_plan(inputs, plan(inputs, workings), sales, workings)


def course_of_plan(inputs: Any, loan: Plan, sales: Sequence[tuple[Any, Any]], workings: Any) -> Course:
    """The same, where the repayment is already worked out; it may look at some of the payments alone."""
    times = inputs.payment_times
    sold = zip(with_lines(inputs.assets, workings), sales, strict=True)
    recovered = sum(recoverable(asset, today, times, line) for (asset, line), today in sold)
    recovered = workings.line("recoverable_value", recovered)
    carried = per_unit(recovered, loan.exposure, always=loan.always_owing)
    return Course(
        plan=loan,
        expected=[asset.value * np.exp(asset.log_drift * times) for asset in inputs.assets],
        carried=workings.line("carried_by_sale_by_period", carried),
    )


def per_unit(amount: Any, owed: Any, *, always: bool) -> Any:
    """Units of the loan that an amount carries, by period; where nothing is owed, the largest of the other periods.

    So it binds nothing, and the line stays a figure. `always`: something is owed in every period.
    """
    if always:
        return amount / owed
    is_owed = owed > ROUNDING
    carried = np.where(is_owed, amount / np.where(is_owed, owed, 1.0), 0.0)
    return np.where(is_owed, carried, np.max(carried, axis=-1, keepdims=True))

"""The loan against the value of its security, year by year."""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.lending.course import Course, course
from valuation.lending.haircuts import PledgedAsset
from valuation.lending.schedules import Repayment
from valuation.method import Citation, Method, Quantity, fraction, items, money, rate


class PathInputs(Repayment):
    """The loan, how it is paid back, and the assets behind it."""

    loan: Quantity = money("Loan", "贷款金额", low=0)
    assets: list[PledgedAsset] = items("Pledged assets", "押品")
    shortfall_probability: Quantity = fraction(
        "Probability of shortfall accepted", "可接受的不足额概率", above=0, high=0.5
    )
    money_rate: Quantity = rate("Rate for the time until the money is in hand", "变现期间的资金利率", 0, low=0, high=1)


def path(inputs: Any, workings: Any) -> Any:
    """Principal over the expected value after each payment (抵质押率, as the supervisor counts it), by period.

    Beside it stands what a lender lives by: exposure just before the payment over what a sale would bring in all but
    `shortfall_probability` of cases. Value 100 halving in 2.5 years, bullet of 20: 0.264 after one year.
    """
    return path_along(inputs, course(inputs, workings), workings)


def path_along(inputs: Any, loan: Course, workings: Any) -> Any:
    """Principal over expected value, where the course of one unit of the loan is already worked out."""
    line = workings.line
    drawn = line("balance_at_drawing", inputs.loan)
    value = line("value_at_drawing", sum(asset.value for asset in inputs.assets))
    line("loan_to_value_at_drawing", drawn / np.where(value > 0, value, 1.0), unit="fraction")
    line("expected_value", sum(loan.expected))
    line("balance", inputs.loan * loan.plan.closing)
    line("exposure", inputs.loan * loan.plan.exposure)
    line("share_of_exposure_covered", cover(loan.carried, inputs.loan), unit="ratio")
    return line("loan_to_value", inputs.loan * balance_to_value(inputs, loan), unit="fraction")


def balance_to_value(inputs: Any, loan: Course) -> Any:
    """Principal of one unit of the loan after each payment, over the value expected then."""
    worthless = np.where(sum(asset.value for asset in inputs.assets) > 0, 0.0, 1.0)
    return loan.plan.closing / (sum(loan.expected) + worthless)


def cover(carried: Any, loan: Any) -> Any:
    """What a sale brings in over what is owed: the loan that it carries whole over the loan."""
    return carried / np.where(loan > 0, loan, 1.0)


method = Method(
    id="lending.path",
    version=1,
    approach="lending",
    title=("Value and balance by year", "价值与余额路径"),
    serves=(),
    citations=(
        Citation("EAST data items: pledge rate is principal over valuation, by contract", "secondary"),
        Citation("Exposure just before each payment: derived", "recomputed"),
    ),
    limitations=(
        "An expected path, not a forecast: a revaluation at least once a year replaces it.",
        "此为预期路径而非预测：至少每年一次的重估应予替代。",
    ),
    evidence=("appraisal",),
    inputs=PathInputs,
    value=path,
    unit="fraction",
    by_year=True,
)

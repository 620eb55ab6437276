"""Need for working capital: the published form's example, the loan's limit from it, and a cycle others carry."""

from typing import Any

import pytest
from readings import outcome_of

import valuation

FIRM = {
    "last_sales": 100_000_000, "profit_margin": 0.12, "growth": 0.3, "days_of_stock": 60, "days_receivable": 90,
    "days_payable": 45, "days_prepaid": 10, "days_advances": 20, "own_funds": 20_000_000, "existing_loans": 5_000_000,
}  # fmt: skip


def lines(**changed: Any) -> dict[str, float]:
    outcome = outcome_of("need.working_capital", {**FIRM, **changed})
    return {line.name: line.values[0] for line in outcome.lines}


def test_turns_and_need_of_a_growing_company() -> None:
    found = lines()
    assert found["turns_a_year"] == pytest.approx(3.789473684210526, rel=1e-14)
    assert found["working_capital"] == pytest.approx(30_188_888.88888889, rel=1e-14)
    assert found["need"] == pytest.approx(5_188_888.89, abs=0.005)


def test_a_cycle_that_suppliers_carry_needs_nothing_and_says_so() -> None:
    outcome = outcome_of("need.working_capital", {**FIRM, "days_payable": 200})
    assert outcome.value == 0
    assert [warning.english for warning in outcome.warnings] == [
        "Suppliers and customers' advances carry the whole cycle: no working capital is needed."
    ]


def test_what_is_there_already_leaves_no_negative_need() -> None:
    assert lines(own_funds=40_000_000)["need"] == 0


def test_a_longer_cycle_needs_more() -> None:
    needs = [lines(days_receivable=days)["need"] for days in (90, 120, 180)]
    assert needs == sorted(needs)


def test_it_is_the_limit_of_a_loan_whose_need_is_worked_out() -> None:
    sure = {"value": 1e9, "log_drift": 0, "volatility": 0, "valuation_error": 0}
    loan = {"payment_times": [1], "rate": 0.04, "schedule": "bullet", "shortfall_probability": 0.1, "assets": [sure]}
    given = {**loan, "need": {"derive": "need.working_capital", "inputs": FIRM}}
    assert outcome_of("lending.limits", given).value == pytest.approx(5_188_888.89, abs=0.005)


def test_it_is_offered_to_callers() -> None:
    assert valuation.run("need.working_capital", FIRM).value == pytest.approx(5_188_888.89, abs=0.005)

"""Borrowing base: ineligibles before the rate, limits by class, one reserve on the whole, and a loan limited by it."""

from typing import Any

import pytest
from readings import outcome_of

from valuation.errors import InputError

CLASSES = [
    {"name": "receivables", "amount": 100, "ineligible": 10, "advance_rate": 0.8, "interest_rate": 0.05},
    {"name": "stock", "amount": 50, "advance_rate": 0.5, "at_most": 20},
]


def lines(**changed: Any) -> dict[str, float]:
    outcome = outcome_of("limit.borrowing_base", {"classes": CLASSES, "reserve": 5, "drawn": 30, **changed})
    return {line.name: line.values[0] for line in outcome.lines}


def test_base_and_what_is_left_to_draw() -> None:
    found = lines()
    assert [found["capacity[1]"], found["capacity[2]"]] == [72, 20]
    assert (found["borrowing_base"], found["left_to_draw"]) == (87, 57)
    assert found["total_interest_if_drawn"] == pytest.approx(3.6)


def test_what_is_not_eligible_comes_off_before_the_rate() -> None:
    more = [{**CLASSES[0], "ineligible": 20}, CLASSES[1]]
    assert lines()["left_to_draw"] - lines(classes=more)["left_to_draw"] == pytest.approx(0.8 * 10)


def test_more_ineligible_than_there_is_carries_nothing() -> None:
    assert lines(classes=[{**CLASSES[0], "ineligible": 500}])["total_capacity"] == 0


def test_a_base_that_fell_below_the_loan_asks_for_the_excess() -> None:
    outcome = outcome_of("limit.borrowing_base", {"classes": CLASSES, "drawn": 100})
    assert outcome.value == 0
    assert "falls due" in outcome.warnings[0].english


def test_two_classes_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="two classes are called stock"):
        lines(classes=[CLASSES[1], CLASSES[1]])


def test_it_limits_a_loan_under_its_own_name() -> None:
    sure = {"value": 1e9, "log_drift": 0, "volatility": 0, "valuation_error": 0}
    base = {"derive": "limit.borrowing_base", "inputs": {"classes": CLASSES, "reserve": 5, "drawn": 30}}
    given = {
        "payment_times": [1], "rate": 0.04, "schedule": "bullet", "shortfall_probability": 0.1, "assets": [sure],
        "others": [{"name": "borrowing_base", "amount": base}],
    }  # fmt: skip
    assert outcome_of("lending.limits", given).value == 57

"""Debt service cover and how far revenue may fall: the figures of a rented cluster, and the block of an offer."""

import json
from pathlib import Path

import pytest

import valuation
from valuation.case import read_case
from valuation.json_text import read_json
from valuation.lending.cover import debt_service_cover, tolerated_fall
from valuation.lending.products import read_product

TUTORIAL = Path(__file__).parents[2] / "docs/tutorial"


def test_half_the_rent_leaves_a_sixth_of_the_cover() -> None:
    """Power, space and staff stay when rents fall."""
    assert debt_service_cover(100.0 - 40, 45.0) == pytest.approx(1.3333, abs=5e-5)
    assert debt_service_cover(50.0 - 40, 45.0) == pytest.approx(0.2222, abs=5e-5)
    assert tolerated_fall(100.0, 40.0, 45.0) == pytest.approx(0.15, abs=1e-15)


def test_nothing_due_is_covered_without_bound() -> None:
    assert debt_service_cover(10.0, 0.0) == float("inf")


def offer(**loan: object) -> dict[str, object]:
    content = read_json(TUTORIAL / "cluster.json")
    content["loan"].update(loan)
    appraisal = valuation.appraise(read_case(content), draws=0)
    return valuation.lend(appraisal, product=read_product(TUTORIAL / "our_compute_loan.toml")).to_json()


def test_an_offer_says_how_far_the_cash_flow_may_fall() -> None:
    """At the fall it tells, the cash flow pays exactly what is due in the worst year."""
    found = offer()
    rate, amount = 0.038, found["maximum_loan"]
    payment = amount * rate / (1 - (1 + rate) ** -3)
    block = found["debt_service"]
    assert block["year"] == 3
    assert block["least_cover"] == pytest.approx(8e6 / payment, rel=1e-12)
    assert 8e6 * (1 - block["cash_flow_may_fall_by"]) == pytest.approx(payment, rel=1e-12)


def test_without_a_cash_flow_there_is_nothing_to_say() -> None:
    borrower = {"name": "A borrower", "pd": {"value": 0.02, "source": "a grade"}}
    assert offer(borrower=borrower)["debt_service"] is None
    json.dumps(offer(), allow_nan=False)


def test_payments_by_quarter_are_held_against_the_cash_of_a_quarter() -> None:
    """A unit lent costs the cash of a year about as much by quarters as by years; the loan itself may differ."""

    def cash_over_payment_of_a_unit(times: int) -> float:
        steady = {"name": "A borrower", "cash_flow": {"value": [8e6 / times] * (3 * times), "source": "a budget"}}
        found = offer(payments_per_year=times, borrower=steady)
        return found["debt_service"]["least_cover"] * found["maximum_loan"]

    assert cash_over_payment_of_a_unit(4) == pytest.approx(cash_over_payment_of_a_unit(1), rel=0.05)

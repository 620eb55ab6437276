"""The loan as it is written: what is wrong with it is told when the file is read, at the keys of the file."""

from typing import Any

import pytest
from made_cases import with_loan

import valuation
from valuation import saved_case
from valuation.errors import InputError
from valuation.lending.products import find_product
from valuation.lending.terms import read_loan

LINES = {"warning": 0.6, "top_up": 0.7, "close_out": 0.8}


def case(**changed: Any) -> dict[str, Any]:
    content = with_loan()
    return {**content, "loan": {**content["loan"], **changed}}


def told(content: dict[str, Any]) -> list[str]:
    with pytest.raises(InputError) as refused:
        saved_case.read(content)
    return [problem.sentence() for problem in refused.value.problems]


OUT_OF_BOUNDS = [
    ({"amount": -5}, "loan.amount: -5 was given, at least 0"),
    ({"rate": 5}, "loan.rate: 5 was given, at most 1"),
    ({"money_rate": 3}, "loan.money_rate: 3 was given, at most 1"),
    ({"tenor_years": 1e-300}, "loan.tenor_years: 1e-300 was given, more than 0.0027"),
    ({"policy_cap": 40}, "loan.policy_cap: 40 was given, at most 1"),
    ({"max_amount": -1}, "loan.max_amount: -1 was given, at least 0"),
    ({"limits": [{"name": "room", "amount": -1}]}, "loan.limits[0].amount: -1 was given, at least 0"),
    ({"borrower": {"pd": 1.5}}, "loan.borrower.pd: 1.5 was given, at most 1"),
    ({"borrower": {"dscr": 0}}, "loan.borrower.dscr: 0 was given, more than 0"),
    ({"lines": {**LINES, "warning": -1}}, "loan.lines.warning: -1 was given, more than 0"),
    ({"sale": {"corpus": {"sold_within_a_year": 30}}}, "loan.sale.corpus.sold_within_a_year: 30 was given, at most 1"),
    ({"pricing": {"funding_rate": 2}}, "loan.pricing.funding_rate: 2 was given, at most 0.5"),
    ({"product": "cn.data_pledg"}, 'loan.product: "cn.data_pledg" is not known'),
]


@pytest.mark.parametrize(("changed", "said"), OUT_OF_BOUNDS)
def test_a_figure_out_of_bounds_is_told_at_its_key_when_the_file_is_read(changed: dict[str, Any], said: str) -> None:
    (sentence,) = told(case(**changed))
    assert sentence.startswith(said)


def test_all_problems_of_a_loan_come_at_once_with_those_of_the_case() -> None:
    content = case(amount=-5, rate=5, tenor_years=1e-300, product="cn.data_pledg") | {"currency": "XXX"}
    places = [sentence.split(":")[0] for sentence in told(content)]
    assert places == ["currency", "loan.tenor_years", "loan.amount", "loan.rate", "loan.product"]


def test_terms_that_are_missing_hide_no_others() -> None:
    """The cap and the source of the probability are asked for later, when the product is known."""
    (sentence,) = told(case(product="cn.compute_loan", amount=-5, borrower={"pd": 0.03}))
    assert sentence.startswith("loan.amount")


@pytest.mark.parametrize("name", ["amount", "rate"])
def test_a_loan_is_agreed_at_one_figure(name: str) -> None:
    """A lender who writes a range would be answered at its middle."""
    (sentence,) = told(case(**{name: {"low": 0.03, "mode": 0.04, "high": 0.06}}))
    assert sentence.startswith(f"loan.{name}: a range is given, and a loan is agreed at one figure")


def test_the_shortest_loan_is_a_day() -> None:
    assert read_loan({"tenor_years": 1 / 366}).periods() == 1


def test_a_banks_own_product_is_known_from_its_own_file() -> None:
    assert saved_case.read(case(product="own.our_pledge")).loan is not None


def test_a_record_keeps_a_product_that_is_published_no_more() -> None:
    content = case(product="cn.withdrawn")
    look_up = saved_case.read(with_loan()).circumstances().look_up
    assert saved_case.read(content, look_up=look_up).loan == content["loan"]
    with pytest.raises(InputError, match=r"cn\.withdrawn"):
        find_product("cn.withdrawn")


TOO_HIGH = {
    "derive": "rate.capm",
    "inputs": {"risk_free_rate": 1.9, "beta": 1, "beta_is": "levered", "equity_risk_premium": 0.05},
}


@pytest.mark.parametrize("name", ["rate", "money_rate"])
def test_a_derived_figure_out_of_bounds_is_told_at_its_key_too(name: str) -> None:
    """It is known only when it is worked out, by then under the name of the input that it became."""
    appraisal = valuation.appraise(saved_case.read(case(**{name: TOO_HIGH})), draws=0)
    with pytest.raises(InputError) as refused:
        valuation.lend(appraisal)
    assert [problem.path for problem in refused.value.problems] == [f"loan.{name}"]

"""What holds between a loan and its product: nothing filled in, nothing replaced without a name, all faults at once."""

from datetime import date

import pytest

from valuation.errors import InputError
from valuation.lending.agreement import agree, product_of
from valuation.lending.collateral import Collateral
from valuation.lending.terms import read_loan

ON = date(2026, 6, 30)
DATA = Collateral("corpus", "training_data", 1e7, None)
PATENT = Collateral("patent", "intellectual_property", 1e7, None, subkind="invention_patent")
SOFTWARE = Collateral("code", "intellectual_property", 1e7, None, subkind="software")
CLUSTER = Collateral("cluster", "compute_cluster", 1e7, None)
OVERRIDE = {"who": "Credit committee", "why": "sold data before", "until": "2027-06-30"}
DATA_LOAN = {"product": "cn.data_pledge", "tenor_years": 1, "rate": 0.04, "schedule": "bullet"}
COMPUTE_LOAN = {"product": "cn.compute_loan", "tenor_years": 3}
STATED = {"rate": 0.045, "schedule": "straight_line", "policy_cap": 0.6}


def agreed(loan, *assets, on=ON, currency="CNY"):
    terms = read_loan(loan)
    return agree(terms, product_of(terms, on), assets, on=on, currency=currency)


def sentences(loan, *assets, **more):
    with pytest.raises(InputError) as refused:
        agreed(loan, *assets, **more)
    return [problem.sentence() for problem in refused.value.problems]


def test_terms_nobody_published_must_be_stated_all_at_once():
    said = sentences(COMPUTE_LOAN, CLUSTER)
    assert [sentence.split(":")[0] for sentence in said] == ["loan.rate", "loan.schedule", "loan.policy_cap"]
    assert all("publishes no" in sentence for sentence in said)


def test_stated_terms_fill_what_is_not_published():
    found = agreed({**COMPUTE_LOAN, **STATED}, CLUSTER)
    assert found.rate.value == 0.045
    assert found.caps["cluster"].value == 0.6
    assert found.max_amount is None


def test_published_terms_need_not_be_stated():
    found = agreed(DATA_LOAN, DATA)
    assert found.caps["corpus"].value == 0.30
    assert found.max_amount.value == 10_000_000
    assert "Xinhua" in found.caps["corpus"].source


def test_a_term_published_after_the_valuation_date_must_be_stated():
    said = sentences(DATA_LOAN, DATA, on=date(2024, 7, 1))
    assert [sentence.split(":")[0] for sentence in said] == ["loan.policy_cap"]


def test_an_amount_in_another_currency_is_no_limit():
    assert agreed(DATA_LOAN, DATA, currency="USD").max_amount is None


# overrides


@pytest.mark.parametrize(
    "changed",
    [
        {"policy_cap": 0.5},
        {"max_amount": 20_000_000},
        {"assumptions": {"corpus": {"policy_cap": 0.5}}},
        {"max_tenor_years": 2},
        {"share_covered_by_sale": 0.5},
    ],
)
def test_a_published_term_is_replaced_only_by_name(changed):
    assert "who, why and until when" in sentences({**DATA_LOAN, **changed}, DATA)[0]


def test_an_override_with_a_name_holds():
    found = agreed({**DATA_LOAN, "policy_cap": {"value": 0.5, "override": OVERRIDE}}, DATA)
    assert found.caps["corpus"].value == 0.5


def test_the_cap_of_one_asset_goes_before_that_of_the_loan():
    caps = {"policy_cap": {"value": 0.5, "override": OVERRIDE}}
    found = agreed({**DATA_LOAN, **caps, "assumptions": {"corpus": {"policy_cap": 0.3}}}, DATA)
    assert found.caps["corpus"].value == 0.3


def test_an_override_that_ended_is_refused():
    ended = {"value": 0.5, "override": {**OVERRIDE, "until": "2026-06-29"}}
    assert "ended on 2026-06-29" in sentences({**DATA_LOAN, "policy_cap": ended}, DATA)[0]


# tenor, kinds, cash flow


def test_a_loan_longer_than_the_product_is_refused():
    assert "at most 1 is allowed" in sentences({**DATA_LOAN, "tenor_years": 2}, DATA)[0]


def test_a_longer_loan_needs_an_override_of_the_tenor():
    loan = {**DATA_LOAN, "tenor_years": 2, "max_tenor_years": {"value": 2, "override": OVERRIDE}}
    assert agreed(loan, DATA).terms.tenor_years == 2


def test_a_product_lends_on_its_own_kinds_only():
    assert "lends on training_data, and cluster is compute_cluster" in "".join(
        sentences({**DATA_LOAN, "policy_cap": 0.3}, CLUSTER)
    )


def test_pledge_rates_differ_by_the_sort_of_right():
    found = agreed({**DATA_LOAN, "product": "cn.ip_pledge"}, PATENT)
    assert found.caps["patent"].value == 0.25
    assert "policy_cap" in sentences({**DATA_LOAN, "product": "cn.ip_pledge"}, SOFTWARE)[0]


def test_a_cash_flow_covers_the_years_of_the_loan():
    loan = {**COMPUTE_LOAN, **STATED, "borrower": {"cash_flow": [1e6, 1e6], "dscr": 1.3}}
    assert "2 years were given, 3 where tenor_years is stated" in sentences(loan, CLUSTER)[0]


def test_a_cash_flow_needs_a_coverage():
    loan = {**COMPUTE_LOAN, **STATED, "borrower": {"cash_flow": [1e6, 1e6, 1e6]}}
    assert "publishes no" in sentences(loan, CLUSTER)[0]


def test_a_coverage_below_the_published_one_needs_an_override():
    loan = {**STATED, "product": "int.gpu_term_loan", "tenor_years": 1, "borrower": {"cash_flow": [1e6], "dscr": 1.0}}
    assert "loan.borrower.dscr" in sentences(loan, CLUSTER)[0]
    assert agreed({**loan, "borrower": {"cash_flow": [1e6], "dscr": 1.3}}, CLUSTER).dscr.value == 1.3
    assert agreed({**loan, "borrower": {"cash_flow": [1e6]}}, CLUSTER).dscr.value == 1.05


def test_a_sculpted_loan_needs_a_cash_flow():
    said = sentences({**COMPUTE_LOAN, **STATED, "schedule": "sculpted"}, CLUSTER)
    assert said[0].startswith("loan.borrower.cash_flow")


def test_a_balloon_needs_its_share():
    said = sentences({**COMPUTE_LOAN, **STATED, "schedule": "balloon"}, CLUSTER)
    assert said[0].startswith("loan.balloon_share")


def test_a_probability_of_default_needs_a_source():
    loan = {**DATA_LOAN, "borrower": {"pd": 0.03}}
    assert sentences(loan, DATA)[0].startswith("loan.borrower.pd_source")
    agreed({**DATA_LOAN, "borrower": {"pd": {"value": 0.03, "source": "scorecard 2026-05"}}}, DATA)


# periods

MONTHLY = {**COMPUTE_LOAN, **STATED, "payments_per_year": 12}


def test_monthly_payments_and_a_first_year_of_interest_alone():
    terms = agreed({**MONTHLY, "interest_only_years": 1}, CLUSTER).terms
    assert terms.payment_times() == pytest.approx([month / 12 for month in range(1, 37)])
    assert terms.interest_only_periods() == pytest.approx(12)
    assert agreed(MONTHLY, CLUSTER).terms.interest_only_periods() is None


@pytest.mark.parametrize("years", [0.05, 3, 4])
def test_interest_alone_takes_whole_periods_and_leaves_some(years):
    said = sentences({**MONTHLY, "interest_only_years": years}, CLUSTER)
    assert "State a whole number of periods, fewer than there are payments" in said[0]


def test_a_monthly_loan_takes_a_monthly_cash_flow():
    loan = {**MONTHLY, "borrower": {"cash_flow": [1e5] * 3, "dscr": 1.2}}
    assert "3 years were given, 36" in sentences(loan, CLUSTER)[0]


def test_stress_lowers_a_cash_flow_that_is_stated_and_covers_the_same_periods():
    flow = {"cash_flow": [1e6, 1e6, 1e6], "dscr": 1.3}
    loan = {**COMPUTE_LOAN, **STATED}
    assert "2 years were given" in sentences({**loan, "borrower": {**flow, "stressed_cash_flow": [1, 1]}}, CLUSTER)[0]
    assert sentences({**loan, "borrower": {**flow, "stressed_dscr": 1.1}}, CLUSTER)[0].startswith(
        "loan.borrower.stressed_cash_flow"
    )
    without = {**loan, "borrower": {"stressed_cash_flow": [1, 1, 1]}}
    assert sentences(without, CLUSTER)[0].startswith("loan.borrower.cash_flow")


# reading


def test_mistyped_names_are_offered_the_near_one():
    with pytest.raises(InputError, match="Did you mean tenor_years"):
        read_loan({"product": "cn.data_pledge", "tenor_year": 1})
    with pytest.raises(InputError, match="Did you mean dependency"):
        read_loan({**DATA_LOAN, "assumptions": {"corpus": {"dependancy": 0.1}}})
    assert "Did you mean corpus" in "".join(sentences({**DATA_LOAN, "assumptions": {"corpse": {}}}, DATA))
    assert "Did you mean cn.data_pledge" in "".join(sentences({**DATA_LOAN, "product": "cn.data_plege"}, DATA))


def test_an_assumption_out_of_bounds_is_refused_at_its_place():
    with pytest.raises(InputError, match=r"loan\.assumptions\.corpus\.dependency: 40 was given"):
        read_loan({**DATA_LOAN, "assumptions": {"corpus": {"dependency": 40}}})


def test_equal_periods_of_at_most_a_year():
    assert read_loan({**DATA_LOAN, "tenor_years": 2.5}).payment_times() == pytest.approx([2.5 / 3, 5 / 3, 2.5])
    assert read_loan({**DATA_LOAN, "tenor_years": 3}).payment_times() == [1, 2, 3]


def test_a_lender_without_a_product_states_everything():
    found = agreed({"tenor_years": 2, **STATED}, CLUSTER)
    assert found.product.id == "own"
    assert found.jurisdiction == "CN"
    assert agreed({"tenor_years": 2, "jurisdiction": "other", **STATED}, CLUSTER).jurisdiction == "other"

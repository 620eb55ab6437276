"""Who bears the loss: order, base, tiers, caps and the bearers' own default, to the last unit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import outcome_of
from scipy.special import ndtr, ndtri

from valuation.errors import InputError
from valuation.lending.risk_sharing import defaults_beyond, guarantors_pay, largest_guaranteed_loan, pool_pays

ORDERS = ("net", "bank_first", "guarantor_first")
CERTAIN = {"log_drift": 0, "volatility": 0, "valuation_error": 0}
LOSSY = {"value": 90, "log_drift": -0.2, "volatility": 0.4, "valuation_error": 0.3, "title_failure": 0.02}
ONCE = {"payment_times": [1], "rate": 0, "schedule": "bullet", "shortfall_probability": 0.1, "default_probability": 0.5}


def shared(order="net", asset=LOSSY, base="principal_and_interest", bearers=None, **changed):
    """Every line by name."""
    inputs = {
        **ONCE,
        "loan": 100,
        "assets": [asset],
        "base": base,
        "order_of_recovery": order,
        "bearers": bearers or [{"name": "guarantor", "share": 0.6}],
        **changed,
    }
    return {line.name: line.values[0] for line in outcome_of("lending.risk_sharing", inputs).lines}


# the order


@pytest.mark.parametrize(("order", "bank"), [("net", 24), ("bank_first", 0), ("guarantor_first", 40)])
def test_the_order_of_recovery_changes_everything(order, bank):
    """Debt 100, proceeds 40, guarantee of 60%."""
    assert 100 - 40 - guarantors_pay(order, 100.0, 0.6, 40.0) == pytest.approx(bank, abs=1e-12)
    found = shared(order, {"value": 40, **CERTAIN})
    assert found["borne_by_bank"] == pytest.approx(0.5 * bank, abs=1e-12)
    assert found["borne_by_guarantor"] == pytest.approx(0.5 * (60 - bank), abs=1e-12)


@pytest.mark.parametrize("recovered", [0.0, 30.0, 60.0, 100.0, 180.0])
@pytest.mark.parametrize("order", ORDERS)
def test_nobody_bears_a_negative_loss(order, recovered):
    """Proceeds above the debt are the pledgor's."""
    paid = guarantors_pay(order, 100.0, 0.6, recovered)
    assert 0 <= paid <= max(100 - recovered, 0)


@pytest.mark.parametrize(("guaranteed", "recovered"), [(0.6, 0.0), (0.0, 40.0), (1.0, 40.0)])
def test_where_nothing_is_recovered_or_all_or_none_guaranteed_the_order_does_not_matter(guaranteed, recovered):
    paid = {round(float(guarantors_pay(order, 100.0, guaranteed, recovered)), 9) for order in ORDERS}
    assert len(paid) == 1


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_without_default_value_must_be_stated(order):
    with pytest.raises(InputError) as refused:
        shared(order=None)
    assert any(problem.path == "order_of_recovery" for problem in refused.value.problems)


def test_an_unknown_order_is_refused_with_the_known_ones():
    with pytest.raises(InputError) as refused:
        shared("pari_passu")
    assert "bank_first" in refused.value.problems[0].sentence()


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("base", ["principal", "principal_and_interest"])
@pytest.mark.parametrize("cap", [None, 15])
def test_by_counting_cases(order, base, cap):
    """200,000 even steps through the proceeds; title fails in two of a hundred on top."""
    bearers = [{"name": "guarantor", "share": 0.6, **({} if cap is None else {"cap": cap})}]
    found = shared(order, base=base, rate=0.1, bearers=bearers)
    steps = ndtri((np.arange(200_000) + 0.5) / 200_000)
    for_sale = 90 * np.exp(-0.2 + np.sqrt(0.3**2 + 0.4**2) * steps)
    debt = 110.0
    counted = 0.0
    for proceeds, weight in ((for_sale, 0.98), (np.zeros(1), 0.02)):
        paid = guarantors_pay(order, 100.0 if base == "principal" else debt, 0.6, proceeds)
        paid = np.minimum(paid, np.inf if cap is None else cap)
        counted += weight * np.mean(np.maximum(debt - proceeds, 0) - paid)
    assert found["borne_by_bank"] == pytest.approx(0.5 * counted, rel=2e-5)


# the split


def test_a_loss_divided_among_four():
    """54, 26, 16 and 4 of a loss of 2.4 million."""
    bearers = [{"name": "fund", "share": 0.54}, {"name": "insurer", "share": 0.16}, {"name": "valuer", "share": 0.04}]
    found = shared(asset={"value": 0, **CERTAIN}, bearers=bearers, loan=2_400_000)
    borne = [2 * found[f"borne_by_{name}"] for name in ("fund", "bank", "insurer", "valuer")]
    assert borne == pytest.approx([1_296_000, 624_000, 384_000, 96_000], rel=1e-13)


@pytest.mark.parametrize(
    ("loan", "lost", "interest", "share", "fund", "bank"),
    [(10e6, 8e6, 0.3e6, 0.8, 6.4e6, 1.9e6), (30e6, 20e6, 0.9e6, 0.5, 10e6, 10.9e6)],
)
def test_where_principal_alone_is_shared_the_bank_bears_all_interest(loan, lost, interest, share, fund, bank):
    found = shared(
        asset={"value": loan - lost, **CERTAIN},
        base="principal",
        bearers=[{"name": "fund", "share": share}],
        loan=loan,
        rate=interest / loan,
    )
    assert 2 * found["borne_by_fund"] == pytest.approx(fund, rel=1e-12)
    assert 2 * found["borne_by_bank"] == pytest.approx(bank, rel=1e-12)


@settings(max_examples=20)
@given(
    order=st.sampled_from(ORDERS),
    base=st.sampled_from(["principal", "principal_and_interest"]),
    shares=st.lists(st.sampled_from([0.0, 0.01, 0.2, 0.33]), min_size=1, max_size=3),
    cap=st.floats(0, 60),
    fails=st.floats(0, 0.5),
    correlation=st.floats(0, 1),
    together=st.sampled_from([None, 0.5]),
)
def test_what_all_bear_adds_up_to_the_loss_and_nobody_gains(order, base, shares, cap, fails, correlation, together):
    bearers = [
        {"name": f"b{n}", "share": share, "default_probability": fails, "default_correlation": correlation}
        for n, share in enumerate(shares)
    ]
    bearers[0]["cap"] = cap
    found = shared(order, {**LOSSY, "default_correlation": together}, base, bearers, payment_times=[1, 2], rate=0.05)
    borne = [figure for name, figure in found.items() if name.startswith("borne_by_")]
    assert len(borne) == len(shares) + 1
    assert sum(borne) == pytest.approx(found["expected_loss"], rel=1e-12)
    assert min(borne) >= -1e-9


def test_without_bearers_shares_the_bank_bears_what_the_expected_loss_is():
    found = shared(bearers=[{"name": "nobody", "share": 0}], payment_times=[1, 2, 3], schedule="annuity", rate=0.06)
    inputs = {**ONCE, "loan": 100, "assets": [LOSSY], "payment_times": [1, 2, 3], "schedule": "annuity", "rate": 0.06}
    assert found["borne_by_bank"] == pytest.approx(outcome_of("lending.expected_loss", inputs).value, rel=1e-13)


@pytest.mark.parametrize(
    ("bearers", "said"),
    [
        ([{"name": "fund", "share": 0.7}, {"name": "insurer", "share": 0.4}], "add up to more than 1"),
        ([{"name": "fund", "share": 0.2}, {"name": "fund", "share": 0.3}], "two bearers have one name"),
        ([{"name": "bank", "share": 0.2}], "one is called bank"),
        ([{"name": "fund", "share": 1.2}], "at most 1 is allowed"),
    ],
)
def test_a_split_that_is_none_is_refused(bearers, said):
    with pytest.raises(InputError) as refused:
        shared(bearers=bearers)
    assert any(said in problem.sentence() for problem in refused.value.problems)


# a bearer that fails


@pytest.mark.parametrize(("correlation", "expected"), [(0, 0.00812), (0.3, 0.008481551360919392)])
def test_a_guarantor_that_may_fail_itself(correlation, expected):
    """Borrower 4%, loss 50%, guarantee 60%, guarantor 1%; uncovered it would be 2%."""
    bearer = {"name": "guarantor", "share": 0.6, "default_probability": 0.01, "default_correlation": correlation}
    found = shared(asset={"value": 50, **CERTAIN}, bearers=[bearer], default_probability=0.04)
    assert found["borne_by_bank"] / 100 == pytest.approx(expected, rel=1e-12)


# a fund that runs out

POOL = {"default_probability": 0.05, "correlation": 0.15, "loss_given_default": 0.5}


@pytest.mark.parametrize(
    ("share", "cap", "fund", "bank"),
    [
        (0.5, 0.03, 0.011674886063480834, 0.013325113936519167),
        (0.5, 0.05, 0.012359947198349049, 0.012640052801650953),
        (0.4, 0.03, 0.009660929846518894, 0.015339070153481108),
    ],
)
def test_a_fund_capped_at_a_part_of_its_pool(share, cap, fund, bank):
    assert pool_pays(share, cap, **POOL) == pytest.approx(fund, rel=1e-12)
    assert 0.025 - pool_pays(share, cap, **POOL) == pytest.approx(bank, rel=1e-12)


def test_first_loss_of_a_pool_borne_by_others():
    assert 0.5 * defaults_beyond(0.02 / 0.5, 0.05, 0.15) == pytest.approx(0.010122556738670805, rel=1e-12)


def test_a_fund_that_cannot_run_out_pays_its_share():
    assert pool_pays(0.5, 0.9, **POOL) == pytest.approx(0.0125, rel=1e-14)
    assert pool_pays(0.5, 0.0, **POOL) == pytest.approx(0, abs=1e-15)


def test_by_counting_pools():
    """100,000 even steps through the common shock."""
    shock = ndtri((np.arange(100_000) + 0.5) / 100_000)
    defaulting = ndtr((ndtri(0.05) - np.sqrt(0.15) * shock) / np.sqrt(0.85))
    counted = np.mean(np.minimum(0.5 * 0.5 * defaulting, 0.03))
    assert pool_pays(0.5, 0.03, **POOL) == pytest.approx(counted, rel=1e-5)


# what the law leaves a guarantor


@pytest.mark.parametrize(
    ("outstanding", "multiple", "expected"),
    [(0, 10, 12.5e6), (995e6, 10, 6.25e6), (995e6, 15, 12.5e6), (1200e6, 10, 0)],
)
def test_capacity_of_a_guarantee_company(outstanding, multiple, expected):
    """Net assets of 100 million, 80% guaranteed: a tenth for one client, ten or fifteen times in all."""
    assert largest_guaranteed_loan(100e6, outstanding, 0.8, multiple=multiple) == pytest.approx(expected)

"""A whole book under the shocks of one loan: sizes by hand, the same as lending on shocked columns, sums of parts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_books import KINDS, ON, POLICY, book, mixed_book

from valuation import saved_case
from valuation.appraisal import appraise
from valuation.assets import KIND_NAMES
from valuation.book import stretches
from valuation.book.tables import lend_book
from valuation.lending.offer import lend
from valuation.lending.stress_tests import Scenario, standard_scenarios, stress

EXAMPLES = Path(__file__).parents[2] / "examples"


def scenario(name="shock", kinds=tuple(KIND_NAMES), **shocks):
    return Scenario(id=name, name={"en": name, "zh": name}, because="test", kinds=list(kinds), **shocks)


def stressed(frame, *scenarios, policy=POLICY, **options):
    found = lend_book(frame, policy, on=ON, stress=list(scenarios) or "standard", **options)
    return {row["scenario"]: row for row in found.summary["stress"]}


HALVED = scenario(loan={"acceptance": 0.5})
RENT = {"kind": "compute_cluster", "approach": "income", "value": 69.32030720362894}
RENT["revenue_over_value"] = 2.854826405749638


@pytest.mark.parametrize(("factor", "value"), [(0.75, 19.845946338729757), (0.5, None)])
def test_rents_that_fall_take_more_than_their_share_of_a_value(factor, value):
    """Power, space and staff stay: a quarter less rent leaves 19.85 of 69.32, half of it less than nothing."""
    found = stressed(book(1, **RENT), scenario(multiply={"rent_per_hour": factor}))
    base, after = (found[name]["maximum_loan"] for name in ("as_stated", "shock"))
    assert after == pytest.approx(0 if value is None else base * value / 69.32030720362894, rel=1e-12)
    assert found["shock"]["rows_without_loan"] == (value is None)


@pytest.mark.parametrize(("approach", "left"), [("income", 0.75), ("market", 0.52), ("cost", 0.5), (None, 0.5)])
def test_each_approach_is_moved_by_its_own_drivers_and_an_unknown_one_by_the_worst(approach, left):
    shock = scenario(multiply={"revenue": 0.75, "unit_price": 0.52, "price_per_gpu_hour": 0.5})
    found = stressed(book(1, kind="ai_model", approach=[approach]), shock)
    assert found["shock"]["maximum_loan"] == pytest.approx(left * found["as_stated"]["maximum_loan"], rel=1e-12)


def test_a_shock_of_nothing_changes_nothing():
    still = scenario(
        multiply={"revenue": 1.0, "unit_price": 1.0}, loan={"acceptance": 1.0, "sale_time": 1.0, "cash_flow": 1.0}
    )
    found = stressed(mixed_book(60), still)
    names = ("maximum_loan", "rows_below_debt", "shortfall", "expected_loss", "binding_limits", "rows_without_loan")
    assert found["shock"]["rows_touched"] == 0
    assert {name: found["shock"][name] for name in names} == {name: found["as_stated"][name] for name in names}


def test_a_shocked_book_is_the_book_with_shocked_columns():
    """Same formulas: what the table states after the shock is lent on again."""
    frame = mixed_book(120).assign(acceptance=0.9, sale_time=0.8, title="pass")
    shock = scenario(multiply={"revenue": 0.7}, loan={"acceptance": 0.6, "sale_time": 1.5, "cash_flow": 0.5})
    by_hand = frame.assign(value=frame.value * 0.7, acceptance=0.54, sale_time=1.2, cash_flow=frame.cash_flow * 0.5)
    again = lend_book(by_hand, POLICY, on=ON)
    row = stressed(frame, shock)["shock"]
    assert row["maximum_loan"] == pytest.approx(again.summary["sums_of_offers"]["maximum_loan"], rel=1e-12)
    assert row["binding_limits"] == again.summary["binding_limits"]


def test_a_row_is_shocked_as_its_case_is():
    """Iren's servers, valued by cost: where a row knows what a case knows, both lend the same after a shock."""
    case = saved_case.load(EXAMPLES / "iren_childress/case.json")
    stated = lend(appraise(case, draws=2**10)).assessment.limits.stated
    asset = {name[10:]: float(figure[0]) for name, figure in stated.items() if name.startswith("assets[0].")}
    terms = {"rate": 0.06, "money_rate": 0.06, "tenor_years": 5.0, "schedule": "annuity", "amount": 3.65e9}
    row = book(1, **asset, **terms, kind="compute_cluster", approach="cost")
    of_row = stressed(row)
    of_case = {one.to_json()["scenario"]: one for one in stress(case)}
    for name in (
        "as_stated",
        "rent_minus_25",
        "rent_minus_50",
        "appraisal_halved",
        "sale_time_doubled",
        "all_together",
    ):
        assert of_row[name]["maximum_loan"] == pytest.approx(of_case[name].maximum_loan, rel=1e-12)
        assert list(of_row[name]["binding_limits"]) == [of_case[name].binding]


def test_only_kinds_that_the_shock_concerns_are_touched():
    frame = book(4, kind=list(KINDS))
    found = stressed(frame, scenario(kinds=("ai_model",), loan={"acceptance": 0.5}))
    assert found["shock"]["rows_touched"] == 1
    each = lend_book(frame, POLICY, on=ON).table["maximum_loan"]
    assert found["shock"]["maximum_loan"] == pytest.approx(each.sum() - each[1] / 2, rel=1e-12)


def test_debt_that_is_no_longer_carried_is_counted_with_its_rows():
    frame = book(3, balance=[1e6, 5e6, np.nan], id=["a", "b", "c"])
    loan = lend_book(frame, POLICY, on=ON).table["maximum_loan"].iloc[0]
    row = stressed(frame, HALVED)["shock"]
    short = {"b": 5e6 - loan / 2, "c": loan / 2, "a": 1e6 - loan / 2}
    expected = {name: figure for name, figure in short.items() if figure > 0}
    assert row["rows_below_debt"] == len(expected)
    assert row["shortfall"] == pytest.approx(sum(expected.values()), rel=1e-12)
    assert {entry["id"]: entry["short"] for entry in row["largest_shortfalls"]} == pytest.approx(expected, rel=1e-12)
    assert row["largest_shortfalls"][0]["row"] == 2


def test_expected_loss_is_that_of_the_debt_as_it_stands():
    """30 over 5 years, level, value 100 halving in 2.5 years: 0.28821163155504004; a shock does not lend less first."""
    frame = book(
        1, kind="compute_cluster", value=100.0, tenor_years=5.0, rate=0.06, schedule="annuity", balance=30.0,
        disposal_cost=0.1, volatility=0.4, log_drift=np.log(0.5) / 2.5 - 0.08, sale_time=0.5, valuation_error=0.0,
        title_failure=0.0, forced_sale_discount=0.0, dependency=0.0, acceptance=1.0, money_rate=np.expm1(0.03),
        default_probability=-np.expm1(-0.04),
    )  # fmt: skip
    found = stressed(frame, HALVED)
    assert found["as_stated"]["expected_loss"] == pytest.approx(0.28821163155504004, rel=1e-12)
    dearer = lend_book(frame.assign(value=50.0), POLICY, on=ON, stress=[HALVED]).summary["stress"][0]["expected_loss"]
    assert found["shock"]["expected_loss"] == pytest.approx(dearer, rel=1e-12)


def test_without_a_probability_of_default_no_expected_loss_is_stated():
    assert stressed(book(2), HALVED)["shock"]["expected_loss"] is None


def test_a_loan_that_leans_on_a_guarantor_must_lean_on_its_security_once_that_fails():
    policy = {**POLICY, "loans": {"share_covered_by_sale": {"value": 0.5, "source": "minute 12"}}}
    frame = book(3, guarantor=["fund", None, None], guarantor_capacity=[np.nan, np.nan, 1e9])
    each = lend_book(frame, policy, on=ON).table
    assert set(each["binding_limit"]) == {"value_at_risk"}
    row = stressed(frame, scenario(guarantor_fails=True), policy=policy)["shock"]
    assert row["rows_touched"] == 2
    assert row["maximum_loan"] == pytest.approx(each["maximum_loan"].iloc[0] * 2, rel=1e-12)


@pytest.mark.parametrize(("two_sided", "touched"), [(True, 1), (False, 2)])
def test_where_a_row_says_nothing_only_a_shock_that_must_harm_is_taken_to_happen(two_sided, touched):
    shock = scenario(multiply={"unit_price": 1.3 if two_sided else 0.7}, two_sided=two_sided, jurisdiction="CN")
    frame = book(3, approach="market", jurisdiction=["CN", "other", None])
    assert stressed(frame, shock)["shock"]["rows_touched"] == touched


def test_only_a_two_sided_shock_may_raise_what_is_lent():
    found = stressed(mixed_book(150).assign(jurisdiction="CN"))
    two_sided = {one.id for one in standard_scenarios() if one.two_sided}
    base = found["as_stated"]["maximum_loan"]
    for name, row in found.items():
        assert row["maximum_loan"] <= base * (1 + 1e-12) or name in two_sided
    assert found["export_ban_raises_local_price"]["maximum_loan"] > base
    for part in ("rent_minus_25", "appraisal_halved", "sale_time_doubled", "guarantor_fails"):
        assert found["all_together"]["maximum_loan"] <= found[part]["maximum_loan"]
    assert found["rent_minus_50"]["maximum_loan"] <= found["rent_minus_25"]["maximum_loan"]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(0.1, 1.0), min_size=2, max_size=2), st.sampled_from(["acceptance", "cash_flow", "sale_time"]))
def test_a_harder_shock_never_lends_more(factors, driver):
    mild, hard = sorted(factors, reverse=True)
    if driver == "sale_time":
        mild, hard = 1 / mild, 1 / hard
    shocks = [scenario("mild", loan={driver: mild}), scenario("hard", loan={driver: hard})]
    found = stressed(mixed_book(40), *shocks)
    assert found["hard"]["maximum_loan"] <= found["mild"]["maximum_loan"] * (1 + 1e-12)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 99), st.integers(5, 40), st.sampled_from([1, 2]))
def test_order_stretches_and_threads_do_not_matter(seed, stretch, threads):
    frame = mixed_book(60).assign(balance=np.linspace(1e5, 4e5, 60))
    order = np.random.default_rng(seed).permutation(60)
    whole = stressed(frame)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "LENGTH", stretch)
        pieces = stressed(frame.iloc[order], threads=threads)
    for name, row in whole.items():
        for figure in ("maximum_loan", "shortfall", "expected_loss"):
            assert pieces[name][figure] == pytest.approx(row[figure], rel=1e-11)
        for count in ("rows_touched", "rows_below_debt", "rows_without_loan", "binding_limits"):
            assert pieces[name][count] == row[count]
        assert [one["id"] for one in pieces[name]["largest_shortfalls"]] == [
            one["id"] for one in row["largest_shortfalls"]
        ]


def test_a_row_that_is_left_out_is_in_no_scenario():
    frame = book(2, rate=[0.05, 7.0], balance=1e9)
    row = stressed(frame, HALVED)["shock"]
    assert (row["rows_touched"], row["rows_below_debt"]) == (1, 1)


def test_the_table_has_a_row_a_scenario_in_either_language():
    found = lend_book(book(2), POLICY, on=ON, stress="standard")
    assert list(found.stress["scenario"]) == ["as_stated", *(one.id for one in standard_scenarios())]
    assert np.isnan(pd.to_numeric(found.stress["expected_loss"])).all()
    chinese = lend_book(book(2), POLICY, on=ON, stress="standard", language="zh").stress
    assert list(chinese["名称"])[:2] == ["基准", "租金与收入下降 25%"]


def test_without_the_wish_for_stress_there_is_none():
    found = lend_book(book(2), POLICY, on=ON)
    assert found.stress is None
    assert "stress" not in found.summary

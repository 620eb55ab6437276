"""The offer: title first, the smallest limit named, nothing hidden, the same again from what a record keeps."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from valuation.appraisal import appraise
from valuation.calculation import Circumstances
from valuation.canonical import canonical_bytes, read_back
from valuation.case import read_case
from valuation.errors import InputError
from valuation.lending.assessment import Policy
from valuation.lending.collateral import Collateral
from valuation.lending.haircuts import PARTS
from valuation.lending.offer import lend, offer_on
from valuation.lending.terms import read_loan
from valuation.reference.look_up import LookUp
from valuation.saved_case import load
from valuation.strict import read
from valuation.title import Title

ON = date(2025, 4, 30)
TITLE = {
    "right": "operation",
    "holder": "Port Co",
    "evidence": [{"kind": "data_registration_certificate", "issuer": "Shandong", "dated": "2025-02-01"}],
    "exclusive": True,
    "transferable": True,
    "lawful_source": True,
    "personal_information": "none",
    "state_core_data": False,
}
CORPUS = Collateral("corpus", "training_data", 10_019_400.0, read(Title, TITLE), indications=(10_019_400.0,))
OTHER = replace(CORPUS, id="other", value=5_000_000.0)
LOAN: dict[str, Any] = {"product": "cn.data_pledge", "tenor_years": 1, "rate": 0.0345, "schedule": "bullet"}
KEYS = [
    "decision",
    "reasons",
    "maximum_loan",
    "loan_to_value",
    "haircut",
    "limits",
    "path",
    "expected_loss",
    "warnings",
]


def offered(*assets, policy=None, **changed):
    terms = read_loan({**LOAN, **changed})
    return offer_on(assets or (CORPUS,), terms, Circumstances(LookUp(ON), "CNY"), policy=policy)


def titled(**changed):
    return replace(CORPUS, title=read(Title, {**TITLE, **changed}))


# refusals


@pytest.mark.parametrize(
    ("asset", "why"),
    [
        (replace(CORPUS, title=None), "no title is stated"),
        (titled(right="use"), "a right to use is no security"),
        (titled(exclusive=False), "the right is not exclusive"),
        (titled(disputes=["seized 2025-03"]), "dispute"),
        (titled(state_core_data=True), "state core data"),
    ],
)
def test_a_failing_title_is_a_refusal_without_any_figure(asset, why):
    found = offered(asset).to_json()
    assert found["decision"] == "refuse"
    assert any(why in reason["en"] for reason in found["reasons"])
    assert [found[key] for key in ("maximum_loan", "loan_to_value", "haircut", "expected_loss")] == [None] * 4
    assert found["limits"] == found["path"] == []


def test_a_negative_value_carries_no_loan_and_says_so():
    found = offered(replace(CORPUS, value=-250_000.0))
    assert found.decision == "refuse"
    assert found.reasons[0]["en"] == "corpus: the value is -250,000.00; nothing can be lent on it."


def test_what_is_still_open_in_the_appraisal_is_the_reason():
    asset = replace(CORPUS, value=None, open_points=({"en": "Say why they differ.", "zh": "请说明差异原因。"},))
    assert [reason["en"] for reason in offered(asset).reasons] == [
        "corpus: no value was concluded.",
        "corpus: Say why they differ.",
    ]


def test_title_that_fails_too_often_is_a_refusal_although_the_gate_passes():
    """Without any filing the default probability would be 20%, above the shortfall accepted."""
    found = offered(assumptions={"corpus": {"title_failure": 0.2}})
    assert found.decision == "refuse"
    assert found.maximum_loan is None
    assert "probability of 20%" in found.reasons[0]["en"]
    assert found.haircut["total"] == 1


def test_a_limit_of_nothing_is_a_refusal_that_names_it():
    found = offered(limits=[{"name": "technology", "amount": 0}])
    assert (found.decision, found.binding) == ("refuse", "technology")
    assert found.reasons[0]["en"] == "technology leaves nothing to lend."


# offers


@pytest.fixture(scope="module")
def offer():
    return offered(amount=5_000_000, borrower={"pd": 0.03, "pd_source": "bank's scorecard"})


def test_the_keys_of_the_contract_come_first_and_in_order(offer):
    found = offer.to_json()
    assert list(found)[: len(KEYS)] == KEYS
    assert list(found["haircut"])[:2] == ["total", "parts"]
    assert all(list(part)[:2] == ["name", "retained"] for part in found["haircut"]["parts"])
    assert all(list(limit)[:3] == ["name", "amount", "binding"] for limit in found["limits"])
    assert all(list(year)[:4] == ["year", "value", "balance", "loan_to_value"] for year in found["path"])


def test_the_smallest_limit_is_the_loan_and_is_named(offer):
    amounts = {limit.name: limit.amount for limit in offer.limits if limit.amount is not None}
    assert offer.maximum_loan == min(amounts.values())
    assert [limit.name for limit in offer.limits if limit.binding] == [offer.binding] == ["value_at_risk"]
    assert amounts["policy_cap"] == pytest.approx(0.3 * 10_019_400)


def test_a_limit_that_could_not_be_tested_says_why(offer):
    silent = {limit.name: limit.not_tested for limit in offer.limits if limit.amount is None}
    assert set(silent) == {"debt_service", "need"}
    assert all(said["en"].startswith("not tested: ") and said["zh"].startswith("未测试") for said in silent.values())


def test_parts_of_the_haircut_multiply_step_and_share_up_to_the_total(offer):
    left, parts = 1.0, offer.haircut["parts"]
    for part in parts:
        left *= part["retained"]
    assert [part["name"] for part in parts] == list(PARTS)
    assert 1 - left == pytest.approx(offer.haircut["total"], rel=1e-12)
    for way in ("step", "share"):
        assert sum(part[way] for part in parts) == pytest.approx(offer.haircut["total"], rel=1e-12)


def test_every_assumption_nobody_stated_is_shown_with_its_reason(offer):
    shown = {(default.asset, default.name): default for default in offer.defaults_used}
    assert ("", "shortfall_probability") in shown
    assert {name for asset, name in shown if asset == "corpus"} == {
        *("acceptance", "dependency", "log_drift", "volatility", "valuation_error", "title_failure"),
        *("forced_sale_discount", "disposal_cost", "sale_time"),
    }
    assert all(default.because for default in offer.defaults_used)


def test_a_stated_assumption_is_no_default():
    found = offered(assumptions={"corpus": {"dependency": {"value": 0.1, "source": "visit of 2025-03"}}})
    assert "dependency" not in {default.name for default in found.defaults_used}
    assert next(part for part in found.haircut["parts"] if part["name"] == "dependency")["retained"] == 0.9


def test_conditions_before_drawing_are_told(offer):
    assert {check.name for check in offer.conditions} == {
        *("works_without_borrower", "escrow", "perfection", "effect_against_others"),
        *("important_data", "cross_border"),
    }


def test_judgement_younger_than_the_valuation_date_is_told(offer):
    assert any("later than the valuation date" in warning.english for warning in offer.warnings)


def test_without_a_probability_of_default_there_is_no_expected_loss_and_it_says_so():
    found = offered()
    assert found.expected_loss is None
    assert any(warning.english.startswith("No expected loss") for warning in found.warnings)


def test_with_one_the_expected_loss_is_no_more_than_default_times_debt(offer):
    assert 0 < offer.expected_loss < 0.03 * offer.maximum_loan * 1.0345


def test_path_begins_with_the_loan_and_ends_with_nothing_owed(offer):
    first, last = offer.path
    assert (first["year"], first["value"], first["balance"]) == (0.0, 10_019_400.0, offer.maximum_loan)
    assert (last["year"], last["balance"]) == (1.0, 0.0)
    assert last["recoverable"] == pytest.approx(last["exposure_before_payment"], rel=1e-12)  # it is what binds


def test_what_a_sale_carries_is_told_apart_from_what_rests_on_the_borrower():
    override = {"who": "Credit committee", "why": "port contracts", "until": "2026-04-30"}
    found = offered(share_covered_by_sale={"value": 0.2, "override": override})
    carried = found.carried
    assert carried["carried_by_security"] == pytest.approx(offered().maximum_loan, rel=1e-12)
    assert sum(carried.values()) == pytest.approx(found.maximum_loan, rel=1e-12)


def test_what_the_supervisor_counts_stands_beside_what_the_lender_lives_by(offer):
    """Principal over valuation against debt over what a sale brings; at the limit of value at risk the latter is 1."""
    found = offer.to_json()
    assert found["ltv_regulatory"] == found["loan_to_value"] == pytest.approx(offer.maximum_loan / 10_019_400)
    assert found["ltv_economic"] == pytest.approx(1, rel=1e-12)
    last = found["path"][-1]
    assert last["ltv_economic"] == pytest.approx(last["exposure_before_payment"] / last["recoverable"], rel=1e-12)
    assert [offered(titled(right="use")).to_json()[name] for name in ("ltv_regulatory", "ltv_economic")] == [None, None]


def test_haircut_and_path_are_also_worked_out_by_draws(offer):
    drawn = offer.to_json()["drawn"]
    low, high = drawn["haircut"]["between"]
    assert low < offer.haircut["total"] < high
    assert drawn["haircut"]["expected_shortfall"] == pytest.approx(
        offer.haircut["expected_shortfall_before_claims"], abs=0.004
    )
    assert [row["year"] for row in drawn["path"]] == [1.0]
    assert drawn["path"][0]["chance_of_shortfall"] == pytest.approx(0.1, abs=0.005)


def test_lines_are_also_watched_at_the_payments_by_draws():
    found = offered(lines={"warning": 0.2, "top_up": 0.3, "close_out": 0.4}).to_json()
    drawn, closed = found["drawn"]["chance_of_lines"], found["lines"]
    assert list(drawn) == ["warning", "top_up", "close_out"]
    assert list(drawn.values()) == sorted(drawn.values(), reverse=True)
    assert all(0 <= closed[name]["chance"] <= 1 for name in drawn)


def test_a_longer_loan_is_no_larger():
    longer = {"max_tenor_years": {"value": 3, "override": {"who": "a", "why": "b", "until": "2030-01-01"}}}
    assert offered(tenor_years=3, **longer).maximum_loan < offered().maximum_loan


def test_a_loan_paid_monthly_for_ten_years_has_its_whole_path():
    longer = {"max_tenor_years": {"value": 10, "override": {"who": "a", "why": "b", "until": "2030-01-01"}}}
    found = offered(tenor_years=10, schedule="annuity", payments_per_year=12, **longer).to_json()
    assert len(found["path"]) == 121
    assert found["path"][-1]["balance"] == 0
    assert len(found["drawn"]["path"]) <= 60


# several assets


def test_an_asset_that_fails_carries_nothing_and_the_others_carry_the_loan():
    found = offered(CORPUS, replace(OTHER, title=None))
    assert found.decision == "offer"
    assert found.pledged == ("corpus",)
    assert found.maximum_loan == offered().maximum_loan
    assert any(reason["en"].startswith("other: no title") for reason in found.reasons)


def test_two_assets_are_summed_and_it_is_said():
    found = offered(CORPUS, OTHER)
    assert found.maximum_loan == pytest.approx(offered().maximum_loan + offered(OTHER).maximum_loan, rel=1e-12)
    assert any("as if all fell together" in warning.english for warning in found.warnings)


# the same again


def test_the_offer_comes_out_again_from_what_a_record_keeps(offer):
    """Product and assumptions are kept with the offer, so that what is published later changes nothing."""
    kept = read_back(offer.to_json())
    policy = read(Policy, kept["policy"])
    again = offered(policy=policy, amount=5_000_000, borrower={"pd": 0.03, "pd_source": "bank's scorecard"})
    assert canonical_bytes(read_back(again.to_json())) == canonical_bytes(kept)


def test_money_in_other_units_gives_the_loan_in_other_units():
    units = 7.0
    same = offered(replace(CORPUS, value=units * 10_019_400.0, indications=(units * 10_019_400.0,)))
    assert same.maximum_loan == pytest.approx(units * offered().maximum_loan, rel=1e-12)


# from an appraisal

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_corpus_its_users_own_is_refused():
    """Reddit holds a non-exclusive licence to what its users wrote."""
    found = lend(appraise(load(EXAMPLES / "reddit_corpus" / "case.json"), draws=0))
    assert found.decision == "refuse"
    assert any("not exclusive" in reason["en"] for reason in found.reasons)


def test_port_data_pass_the_gate_with_conditions():
    """Shandong Gangtong: a real bank lent; what nobody published of the title is asked for before drawing."""
    found = lend(appraise(load(EXAMPLES / "gangtong_port_data" / "case.json"), draws=0))
    assert found.decision == "offer"
    assert {"perfection", "effect_against_others"} <= {check.name for check in found.conditions}


def test_without_draws_the_spread_is_missed_and_it_says_so_and_what_a_record_kept_brings_it_back():
    """A point value alone shows a smaller error and a larger loan."""
    case = load(EXAMPLES / "gangtong_port_data" / "case.json")
    drawn, undrawn = (appraise(case, draws=draws) for draws in (256, 0))
    full, bare = lend(drawn), lend(undrawn)
    assert bare.maximum_loan > full.maximum_loan
    assert any("not in the valuation error" in warning.english for warning in bare.warnings)
    assert lend(undrawn, spreads=full.spreads).maximum_loan == full.maximum_loan


def test_a_case_without_a_loan_is_told_what_is_missing():
    case = load(EXAMPLES / "reddit_corpus" / "case.json")
    content = {name: part for name, part in case.to_json().items() if name != "loan"}
    with pytest.raises(InputError, match="the loan asked for is needed"):
        lend(appraise(read_case(content), draws=0))


def test_a_value_made_for_another_purpose_is_warned_of():
    case = load(EXAMPLES / "gangtong_port_data" / "case.json")
    found = lend(appraise(read_case({**case.to_json(), "purpose": "financial_reporting"}), draws=0))
    assert any("Valued for financial_reporting" in warning.english for warning in found.warnings)

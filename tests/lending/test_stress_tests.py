"""The loan under shocks of its drivers: sizes by hand, nothing but two-sided shocks ever raises it."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from valuation import saved_case
from valuation.appraisal import appraise
from valuation.case import read_case
from valuation.cli import main
from valuation.errors import InputError
from valuation.lending.stress_tests import Scenario, read_scenarios, scaled, shocked, standard_scenarios, stress

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def cluster():
    return saved_case.load(EXAMPLES / "iren_childress/case.json")


@pytest.fixture(scope="module")
def results(cluster):
    return {row.to_json()["scenario"]: row for row in stress(cluster)}


def test_every_form_of_a_quantity_is_multiplied_with_its_unit():
    assert scaled(4, 0.5) == 2
    assert scaled([4, 8], 0.5) == [2, 4]
    assert scaled({"low": 2, "mode": 4, "high": 6, "source": "x"}, 0.5) == {
        "low": 1,
        "mode": 2,
        "high": 3,
        "source": "x",
    }
    assert scaled({"median": 4, "sigma": 0.3}, 0.5) == {"median": 2, "sigma": 0.3}
    assert scaled({"values": [2, 4], "weights": [0.5, 0.5]}, 0.5) == {"values": [1, 2], "weights": [0.5, 0.5]}


def test_rents_that_fall_take_more_than_their_share_of_the_value(results):
    """Running costs stay: a quarter less revenue takes more than a quarter off an income value."""
    stated, fallen = results["as_stated"].value, results["rent_minus_25"].value
    assert fallen <= stated
    assert results["rent_minus_50"].value <= fallen


def test_a_new_generation_takes_what_its_price_for_the_same_work_takes():
    """1.3 times the price at 2.5 times the speed."""
    shock = next(scenario for scenario in standard_scenarios() if scenario.id == "new_generation")
    assert set(shock.multiply.values()) == {1.3 / 2.5}


def test_halving_what_is_accepted_halves_the_loan_that_a_sale_carries(results):
    assert results["as_stated"].binding == results["appraisal_halved"].binding == "value_at_risk"
    assert results["appraisal_halved"].maximum_loan == pytest.approx(results["as_stated"].maximum_loan / 2, rel=1e-9)
    assert results["appraisal_halved"].coverage == pytest.approx(0.5, rel=1e-9)
    assert results["appraisal_halved"].first_breach == 1.0


def test_the_loan_as_stated_is_just_covered(results):
    assert results["as_stated"].coverage == pytest.approx(1)
    assert results["as_stated"].first_breach is None


def test_only_a_two_sided_shock_may_raise_the_loan(results):
    two_sided = {scenario.id for scenario in standard_scenarios() if scenario.two_sided}
    for name, row in results.items():
        if name not in two_sided:
            assert row.maximum_loan <= results["as_stated"].maximum_loan * (1 + 1e-12)


def test_all_together_is_worse_than_each_of_its_parts(results):
    for part in ("rent_minus_25", "appraisal_halved", "sale_time_doubled"):
        assert results["all_together"].maximum_loan <= results[part].maximum_loan


def test_a_lost_offtaker_takes_the_cash_flow(cluster):
    offtaker = next(scenario for scenario in standard_scenarios() if scenario.id == "offtaker_lost")
    after = shocked(cluster, offtaker)
    assert (
        appraise(after, draws=0).assets[0].indications[1].value
        < appraise(cluster, draws=0).assets[0].indications[1].value
    )
    assert set(after.loan["borrower"]["cash_flow"]["value"]) == {0.0}


def test_a_refused_loan_cannot_be_stressed():
    with pytest.raises(InputError, match="there is no loan to stress"):
        stress(saved_case.load(EXAMPLES / "reddit_corpus/case.json"))


def test_a_case_without_loan_is_told_so():
    case = saved_case.load(EXAMPLES / "reddit_corpus/case.json").model_copy(update={"loan": None})
    with pytest.raises(InputError, match="loan"):
        stress(case)


def test_a_bank_states_its_own_scenario(cluster):
    own = Scenario(
        id="own",
        name={"en": "Own", "zh": "自定"},
        because="policy",
        kinds=["compute_cluster"],
        loan={"acceptance": 0.9},
    )
    base, row = stress(cluster, [own])
    assert row.maximum_loan == pytest.approx(0.9 * base.maximum_loan, rel=1e-9)


GUARANTOR_FAILS = Scenario(
    id="guarantor_fails",
    name={"en": "The guarantor fails", "zh": "担保人失去代偿能力"},
    because="test",
    kinds=["compute_cluster"],
    guarantor_fails=True,
)
SHARED = {
    "shares": {"fund": 0.6, "bank": 0.4},
    "base": "principal_and_interest",
    "order_of_recovery": "net",
    "source": "test",
}


def test_without_its_guarantor_a_sale_must_cover_the_whole_debt(cluster):
    content = cluster.to_json()
    content["loan"] |= {
        "risk_sharing": SHARED,
        "share_covered_by_sale": {
            "value": 0.5,
            "override": {"who": "credit committee", "why": "test", "until": "2030-01-01"},
        },
    }
    base, row = stress(read_case(content), [GUARANTOR_FAILS])
    assert base.binding == row.binding == "value_at_risk"
    assert row.maximum_loan == pytest.approx(base.maximum_loan / 2, rel=1e-12)


def test_no_guarantor_fails_where_there_is_none(cluster):
    assert len(stress(cluster, [GUARANTOR_FAILS])) == 1


def test_a_ban_makes_hardware_scarce_only_where_it_holds(cluster):
    scarce = next(scenario for scenario in standard_scenarios() if scenario.jurisdiction == "CN")
    content = cluster.to_json()
    found = {
        where: len(stress(read_case({**content, "loan": {**content["loan"], "jurisdiction": where}}), [scarce]))
        for where in ("CN", "other")
    }
    assert found == {"CN": 2, "other": 1}


def test_a_file_of_its_own_is_read_like_the_one_that_comes_along(tmp_path):
    copied = tmp_path / "own.toml"
    copied.write_bytes((files("valuation.reference") / "stress" / "standard.toml").read_bytes())
    assert read_scenarios(copied) == standard_scenarios()


def test_a_faulty_file_is_named_with_its_key(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        'dated = 2026-01-01\nmark = "judgement"\n[[scenario]]\nid = "x"\nkind = ["ai_model"]\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"own\.toml") as caught:
        read_scenarios(own)
    assert {"missing", "unknown_key"} <= {found.code for found in caught.value.problems}


def test_the_verb_takes_a_file_of_the_banks_own(tmp_path):
    own = tmp_path / "own.toml"
    text = (files("valuation.reference") / "stress" / "standard.toml").read_text(encoding="utf-8")
    own.write_text(text.replace('id = "rent_minus_25"', 'id = "rent_falls"'), encoding="utf-8")
    case = str(EXAMPLES / "iren_childress/case.json")
    found = CliRunner().invoke(main, ["stress", case, "--scenarios", str(own), "--json"], catch_exceptions=False)
    assert json.loads(found.stdout)[1]["scenario"] == "rent_falls"

"""Replacement cost of data: total cost today times the value adjustment coefficient, nothing counted twice."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

CORPUS = {
    "collection_cost": 6e6,
    "cleaning_cost": 1e6,
    "labelling_cost": 2e6,
    "indirect_cost": 1e6,
    "taxes": 3e5,
    "build_time": 1,
    "return_rate": 0.1,
    "quality_coefficient": 0.8,
}
AGED = {"timeliness": "by_life", "age": 1, "remaining_useful_life": 3}
MONEY = ("collection_cost", "cleaning_cost", "labelling_cost", "indirect_cost", "taxes")


def outcome(**changes):
    return run("cost.data_replacement", {**CORPUS, **changes})


def lines(**changes):
    return {line.name: line.values for line in outcome(**changes).lines}


def refusal(**changes):
    with pytest.raises(InputError) as caught:
        outcome(**changes)
    return str(caught.value)


def english(**changes):
    return " ".join(warning.english for warning in outcome(**changes).warnings)


def test_number_to_check_by():
    """Ten million spent on average half a year before completion, at 10%: 10 x 1.1 ** 0.5 million, taxes on top."""
    found = lines(**AGED)
    assert found["total_cost"] == pytest.approx((10e6 * 1.1**0.5 + 3e5,), rel=1e-12)
    assert found["adjustment_coefficient"] == pytest.approx((0.8 * 3 / 4,), rel=1e-12)
    assert found["value"] == pytest.approx((6_472_853.09,), abs=0.005)


@pytest.mark.parametrize("page", ["cn-cost-minfee-1", "cn-cost-minfee-2"])
def test_indexed_cost_by_life_as_two_published_answers_have_it(page):
    """TC x remaining life / whole life, the formula here with full quality: net replacement costs of know-how."""
    case = json.loads((Path(__file__).parent.parent / f"cases/{page}.json").read_text("utf-8"))
    stated = case["inputs"]
    found = run(
        "cost.data_replacement",
        {
            "collection_cost": stated["historical_cost"],
            "price_index_ratio": stated["price_index_factor"],
            "opportunity_cost": 0,
            "quality_coefficient": 1,
            "timeliness": "by_life",
            "age": stated["years_used"],
            "remaining_useful_life": stated["years_left"],
        },
    )
    (printed,) = case["intermediate"]["net_replacement_cost"]
    assert found.value == pytest.approx(printed["value"], abs=printed["tolerance"])


def test_coefficients_of_the_predecessor_guidance():
    """P = TC x (1 + R) x alpha x beta x (1 + l) x (1 - r), by hand."""
    terms = {"profit_rate": 0.1, "circulation_coefficient": 1.2, "scarcity": 0.3, "realisation_risk": 0.25}
    stated = {"build_time": None, "return_rate": None, "opportunity_cost": 0, "reason_above_one": "no other such data"}
    found = outcome(**stated, **terms)
    assert found.value == pytest.approx(10.3e6 * 1.1 * 0.8 * 1.2 * 1.3 * 0.75, rel=1e-12)
    assert found.warnings == ()
    assert "Profit and opportunity cost are both counted" in english(profit_rate=0.1)


def test_opportunity_cost_of_every_stage_equals_a_loop_over_the_outlays():
    collected, labelled, index, waits = [3e6, 2e6, 1e6], [0.0, 5e5, 1.5e6], [1.08, 1.03, 1.0], [2.2, 1.4, 0.3]
    missed = 0.0
    for stage in range(3):
        for cost in (collected[stage], labelled[stage], 1e6 / 3, 1e6 / 3):  # cleaning and indirect: spread evenly
            missed += cost * index[stage] * (1.1 ** waits[stage] - 1)
    found = lines(
        collection_cost=collected,
        labelling_cost=labelled,
        price_index_ratio=index,
        build_time=None,
        years_to_completion=waits,
    )
    assert found["opportunity_cost"] == pytest.approx((missed,), rel=1e-12)


def test_each_stage_of_a_build_waits_from_its_own_middle():
    assert lines(collection_cost=[1.0, 1.0, 1.0], build_time=3)["waiting_time"] == pytest.approx((2.5, 1.5, 0.5))


def test_one_figure_is_spent_evenly_and_waits_half_the_build():
    assert outcome(build_time=3).value == outcome(build_time=None, years_to_completion=1.5).value


def test_a_total_beside_a_list_is_counted_once():
    """A cleaning cost of one million beside three years of collection is one million, not three."""
    assert sum(lines(collection_cost=[1e6, 1e6, 1e6])["cleaning_cost_today"]) == pytest.approx(1e6)


def test_totals_beside_stated_waiting_times_are_counted_whole():
    """Three waiting times split every cost in three; the thirds must add up to the cost again."""
    found = lines(build_time=None, years_to_completion=[2.5, 1.5, 0.5])
    missed = sum(10e6 / 3 * (1.1**wait - 1) for wait in (2.5, 1.5, 0.5))
    assert found["total_cost"] == pytest.approx((10e6 + missed + 3e5,), rel=1e-12)


def test_historical_costs_are_carried_to_prices_of_the_valuation_date():
    assert lines(price_index_ratio=1.2)["direct_cost"] == pytest.approx((9e6 * 1.2,))


def test_a_stated_opportunity_cost_is_taken_as_it_is():
    found = lines(build_time=None, return_rate=None, opportunity_cost=4e5)
    assert found["total_cost"] == pytest.approx((10e6 + 4e5 + 3e5,))


@pytest.mark.parametrize(
    "changes",
    [
        {"opportunity_cost": 4e5},
        {"years_to_completion": 0.5},
        {"build_time": None},
        {"return_rate": None},
        {"build_time": None, "opportunity_cost": 4e5},
    ],
)
def test_an_opportunity_cost_stated_twice_or_by_half_is_refused(changes):
    assert "stated by none or several ways" in refusal(**changes)


def test_timeliness_in_the_quality_score_leaves_the_life_out_and_says_so():
    aged = {"age": 1, "remaining_useful_life": 3}
    assert outcome(**aged).value == outcome().value
    assert "Age and remaining life are not applied" in english(**aged)


@pytest.mark.parametrize("left_out", ["age", "remaining_useful_life"])
def test_timeliness_by_life_needs_the_life(left_out):
    assert "age or remaining_useful_life is missing" in refusal(**{**AGED, left_out: None})


def test_a_coefficient_above_one_needs_a_written_reason():
    assert "exceeds 1 without a written reason" in refusal(quality_coefficient=1.2)
    assert "exceeds" not in english(quality_coefficient=1.2, reason_above_one="cleaner than the reference by audit")


def test_a_range_whose_middle_exceeds_one_is_told_to_give_a_reason():
    assert "reason_above_one" in english(quality_coefficient={"low": 0.9, "mode": 1.1, "high": 1.3})


@pytest.mark.parametrize("quality", [0.19, 1.51])
def test_an_uncustomary_coefficient_is_kept_and_said(quality):
    changes = {"quality_coefficient": quality, "reason_above_one": "by audit"}
    assert "outside 0.2 to 1.5" in english(**changes)
    assert lines(**changes)["adjustment_coefficient"] == (quality,)


def test_a_licensee_bears_only_its_part_of_the_cost():
    assert outcome(share_of_cost=0.25).value == pytest.approx(outcome().value / 4)


@given(factor=st.floats(1e-3, 1e6))
def test_value_scales_with_the_currency(factor):
    scaled = {name: CORPUS[name] * factor for name in MONEY}
    assert outcome(**scaled).value == pytest.approx(outcome().value * factor, rel=1e-12)


@given(age=st.floats(0, 20), older=st.floats(0.01, 20))
def test_value_falls_with_age(age, older):
    assert outcome(**{**AGED, "age": age + older}).value < outcome(**{**AGED, "age": age}).value


@given(rate=st.floats(0, 0.5), dearer=st.floats(0.001, 0.5))
def test_value_rises_with_the_return_that_capital_would_have_earned(rate, dearer):
    assert outcome(return_rate=rate + dearer).value > outcome(return_rate=rate).value

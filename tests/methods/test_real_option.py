"""Real option: the right to launch, its traps, and what Damodaran's slide should have printed."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

SLIDE = {
    "exercise": "european",
    "value_now": 350,
    "exercise_price": 500,
    "time_left": 17,
    "volatility": 0.25,
    "cost_of_delay": 1 / 17,
    "risk_free_rate": 0.04,
    "compounding": "continuous",
    "probability_of_success": 1,
}


def outcome(**changed):
    return run("income.real_option", {**SLIDE, **changed})


def line(found, name):
    return next(line for line in found.lines if line.name == name)


def english(found):
    return [warning.english for warning in found.warnings]


def test_the_inputs_of_the_slide_are_worth_less_than_it_prints():
    """37.12 is on many slides; the inputs give 26.60 on the last day and 43.96 on any."""
    assert outcome().value == pytest.approx(26.600089385263452, rel=1e-13)
    assert outcome(exercise="american", steps="2000").value == pytest.approx(43.9648, abs=5e-5)


def test_two_figures_of_haug():
    """Call 2.1334 and put 2.4648, as QuantLib tests them."""
    call = {"value_now": 60, "exercise_price": 65, "cost_of_delay": 0, "risk_free_rate": 0.08, "volatility": 0.3}
    assert outcome(**call, time_left=0.25).value == pytest.approx(2.1334, abs=1e-4)
    put = {"value_now": 100, "exercise_price": 95, "cost_of_delay": 0.05, "risk_free_rate": 0.1, "volatility": 0.2}
    assert outcome(right_to="sell", **put, time_left=0.5).value == pytest.approx(2.4648, abs=1e-4)


def test_a_yearly_rate_is_turned_into_a_continuous_one():
    yearly = outcome(risk_free_rate=math.expm1(0.04), compounding="yearly")
    assert yearly.value == pytest.approx(outcome().value, rel=1e-13)
    assert outcome(compounding="yearly").value < outcome().value


@given(chance=st.floats(0.01, 1))
def test_technical_success_weighs_the_whole_right(chance):
    assert outcome(probability_of_success=chance).value == pytest.approx(chance * outcome().value, rel=1e-13)


@settings(max_examples=20, deadline=None)
@given(
    value=st.floats(100, 900),
    cost=st.floats(100, 900),
    volatility=st.floats(0.2, 0.9),
    exercise=st.sampled_from(["american", "european"]),
)
def test_a_right_is_worth_more_if_more_may_happen_and_never_less_than_nothing(value, cost, volatility, exercise):
    stated = {"value_now": value, "exercise_price": cost, "exercise": exercise}
    calm, wild = (outcome(**stated, volatility=one).value for one in (volatility, volatility + 0.1))
    assert 0 <= calm <= wild * (1 + 1e-3)


@settings(max_examples=20, deadline=None)
@given(value=st.floats(100, 900), right_to=st.sampled_from(["invest", "sell"]))
def test_to_choose_the_day_is_worth_no_less_than_to_use_it_now(value, right_to):
    found = outcome(value_now=value, exercise="american", right_to=right_to)
    assert found.value >= max(line(found, "gain_if_used_now").values[0], 0) - 1e-9


def test_a_right_best_used_today_is_pointed_out():
    assert "value the project itself" in english(outcome(value_now=5000, exercise="american"))[0]
    assert english(outcome()) == []


def test_the_tree_has_no_formula_and_neither_has_what_follows_from_it():
    """A live product of a fixed tree and a live probability would move by half."""
    found = outcome(exercise="american")
    assert [each.name for each in found.lines if each.opaque] == ["american_value", "value"]
    assert not any(each.opaque for each in outcome().lines)


def test_a_european_right_by_a_tree_comes_near_the_formula():
    by_formula = outcome(exercise="european").value
    assert outcome(exercise="european", european_by="tree", steps=1000).value == pytest.approx(by_formula, rel=2e-3)
    few = outcome(exercise="european", european_by="tree", steps=2)
    assert [each.name for each in few.lines if each.opaque] == ["european_value_by_tree", "value"]
    assert few.value != pytest.approx(by_formula, rel=2e-3)


def test_steps_written_as_a_word_are_read_as_a_number():
    assert outcome(steps="500").value == outcome(steps=500).value


def test_steps_too_long_for_a_probability_are_refused_with_the_remedy():
    with pytest.raises(InputError, match="take more steps"):
        outcome(exercise="american", volatility=0.001, risk_free_rate=0.3, cost_of_delay=0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"volatility": 0}, "volatility"),
        ({"time_left": 0}, "time_left"),
        ({"probability_of_success": 0}, "probability_of_success"),
        ({"cost_of_delay": -0.1}, "cost_of_delay"),
        ({"steps": 0}, "steps"),
        ({"steps": "many"}, "steps"),
    ],
)
def test_refuses_in_a_sentence(changed, said):
    with pytest.raises(InputError, match=said):
        outcome(**changed)


@pytest.mark.parametrize("volatility", [0.1, 1.2])
def test_a_volatility_out_of_the_ordinary_is_pointed_out(volatility):
    assert "customary" in english(outcome(volatility=volatility))[0]

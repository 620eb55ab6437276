"""Stage-weighted income: a textbook's drug, every path counted, and hurdle rates refused."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

PHASE_3 = {"name": "phase III", "probability": 0.8, "cost": 130, "duration": 3}


def outcome(*stages, **changed):
    stated = {"launch_value": 700, "discount_rate": 0.096, "cost_timing": "start"}
    return run("income.stage_weighted", {"stages": list(stages or (PHASE_3,)), **stated, **changed})


def with_cash(cash, *stages, **changed):
    stated = {"cash_flow": cash, "discount_rate": 0.12}
    return run("income.stage_weighted", {"stages": list(stages or (PHASE_3,)), **stated, **changed})


def line(found, name):
    return list(next(line.values for line in found.lines if line.name == name))


stages_ahead = st.lists(
    st.tuples(st.floats(0.05, 1), st.floats(0, 500), st.floats(0, 4)), min_size=1, max_size=5
)  # fmt: skip


def named(stages):
    return [
        {"name": str(number), "probability": chance, "cost": cost, "duration": duration}
        for number, (chance, cost, duration) in enumerate(stages)
    ]


def test_phase_three_of_a_textbook():
    """Brealey, Myers & Allen print 295 for the upside and 52 for the likely case."""
    assert outcome().value == pytest.approx(295, abs=0.5)
    assert outcome(launch_value=300).value == pytest.approx(52, abs=0.5)


def test_and_its_phase_two():
    """18 now and two years; 44% then lead to 25% upside, 50% likely, and a downside that is stopped: about 19."""
    then = 0.25 * outcome().value + 0.5 * outcome(launch_value=300).value
    phase_2 = {"name": "phase II", "probability": 0.44, "cost": 18, "duration": 2}
    assert outcome(phase_2, launch_value=then).value == pytest.approx(19, abs=0.5)


@given(stages=stages_ahead, worth=st.floats(0, 10_000))
def test_every_path_counted(stages, worth):
    """The mean over failing in each stage, and over succeeding in all, of the money each path brings."""
    rate, mean, so_far = 0.11, 0.0, 1.0
    starts = [0.0, *accumulate(duration for _, _, duration in stages)]
    spent = list(accumulate(cost * (1 + rate) ** -start for (_, cost, _), start in zip(stages, starts, strict=False)))
    for (chance, _, _), gone in zip(stages, spent, strict=True):
        mean -= so_far * (1 - chance) * gone
        so_far *= chance
    mean += so_far * (worth * (1 + rate) ** -starts[-1] - spent[-1])
    found = outcome(*named(stages), launch_value=worth, discount_rate=rate)
    assert found.value == pytest.approx(mean, rel=1e-9, abs=1e-8)


def test_flows_weighed_by_r0_over_rn():
    """Stewart's form: each flow times the chance of all from now over the chance of all from it."""
    stages = [(0.6, 50, 1), (0.7, 80, 2), (0.9, 20, 1)]
    ahead = [0.6 * 0.7 * 0.9, 0.7 * 0.9, 0.9]
    flows = [(-50, 0, ahead[0]), (-80, 1, ahead[1]), (-20, 3, ahead[2]), (900, 4, 1.0)]
    expected = sum(flow * ahead[0] / left / 1.12**time for flow, time, left in flows)
    assert outcome(*named(stages), launch_value=900, discount_rate=0.12).value == pytest.approx(expected, rel=1e-13)


def test_a_stage_that_costs_and_risks_nothing_changes_nothing():
    sure = {"name": "filing", "probability": 1, "cost": 0, "duration": 0}
    assert outcome(PHASE_3, sure).value == pytest.approx(outcome().value, rel=1e-14)
    assert outcome(sure, PHASE_3).value == pytest.approx(outcome().value, rel=1e-14)


@given(stages=stages_ahead, chance=st.floats(0.05, 0.94))
def test_a_better_last_chance_adds_and_never_takes(stages, chance):
    values = [outcome(*named([*stages, (one, 100, 1)]), discount_rate=0.1).value for one in (chance, chance + 0.05)]
    assert values[0] < values[1]


def test_cost_spread_over_a_stage_is_paid_in_its_middle():
    assert line(outcome(cost_timing="mid"), "paid_after") == [1.5]
    assert outcome(cost_timing="mid").value == pytest.approx(0.8 * 700 / 1.096**3 - 130 / 1.096**1.5, rel=1e-13)


def test_cost_paid_at_the_end_of_a_stage_is_that_of_the_next_one_s_start():
    stage = {"name": "trial", "probability": 1, "cost": 100, "duration": 2}
    later = {"name": "after", "probability": 1, "cost": 100, "duration": 0}
    assert outcome(stage, cost_timing="end").value == pytest.approx(outcome({**stage, "cost": 0}, later).value)


@pytest.mark.parametrize(("timing", "shift"), [("mid", 0.5), ("end", 1.0)])
def test_cash_flow_begins_at_launch(timing, shift):
    worth = sum(cash / 1.12 ** (year + shift) for year, cash in enumerate((100, 200, 150)))
    found = with_cash([100, 200, 150], timing=timing, cost_timing="start")
    assert line(found, "value_at_launch") == pytest.approx([worth], rel=1e-13)
    assert found.value == pytest.approx(0.8 * worth / 1.12**3 - 130, rel=1e-12)


HURDLES = [
    0.5,
    {"low": 0.1, "high": 0.4},
    {"low": 0.1, "mode": 0.2, "high": 0.5},
    {"values": [0.1, 0.6], "weights": [0.5, 0.5]},
]


@pytest.mark.parametrize("hurdle", HURDLES, ids=str)
def test_a_hurdle_rate_with_probabilities_is_refused(hurdle):
    """R4: both hold the risk of failure."""
    with pytest.raises(InputError, match="Risk is counted once"):
        outcome(discount_rate=hurdle)


def test_also_one_that_was_worked_out():
    built = {"derive": "rate.build_up", "inputs": {"risk_free_rate": 0.02, "premiums": [
        {"risk": "equity", "premium": 0.07}, {"risk": "specific", "premium": 0.3, "reason": "start-up"}]}}  # fmt: skip
    with pytest.raises(InputError, match="Risk is counted once"):
        outcome(discount_rate=built)


def test_where_nothing_can_fail_it_is_a_discount_rate_like_any():
    sure = {**PHASE_3, "probability": 1}
    assert outcome(sure, discount_rate=0.5).value == pytest.approx(700 / 1.5**3 - 130, rel=1e-13)


def test_flows_are_of_the_success_case_and_the_rate_is_for_expected_ones():
    success = {"value": 700, "basis": {"outcome": "success_case"}}
    rate = {"value": 0.096, "basis": {"outcome": "expected"}}
    assert outcome(launch_value=success, discount_rate=rate).value == outcome().value


@pytest.mark.parametrize(
    "changed",
    [
        {"launch_value": {"value": 700, "basis": {"outcome": "expected"}}},
        {"discount_rate": {"value": 0.2, "basis": {"outcome": "success_case"}}},
    ],
)
def test_flows_already_weighed_or_a_rate_for_success_would_count_risk_twice(changed):
    with pytest.raises(InputError, match="Risk is counted once"):
        outcome(**changed)


def test_a_project_nobody_would_begin_is_reported_and_not_floored():
    found = outcome(launch_value=100)
    assert found.value < 0
    assert "would not begin" in found.warnings[0].english


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"launch_value": None}, "exactly one of launch_value and cash_flow"),
        ({"cash_flow": [1, 2]}, "exactly one of launch_value and cash_flow"),
        ({"stages": [PHASE_3, PHASE_3]}, "phase III stands twice"),
        ({"stages": [{**PHASE_3, "probability": 0}]}, "probability"),
        ({"stages": []}, "stages"),
    ],
)
def test_refuses_in_a_sentence(changed, said):
    with pytest.raises(InputError, match=said):
        outcome(**changed)

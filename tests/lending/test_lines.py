"""Warning, top-up and close-out: reference times and chances, what must be added, and lines that make no sense."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import outcome_of
from scipy.special import ndtr

from valuation.errors import InputError
from valuation.lending.lines import first_passage, revaluation_interval, years_until_fallen

HALVING = {"value": 100, "log_drift": float(np.log(0.5) / 2.5), "volatility": 0.3, "valuation_error": 0}


def found(loan=40.0, schedule="bullet", rate=0.0, years=3, asset=HALVING, **more):
    """Every line of the calculation by name."""
    inputs = {
        "payment_times": list(range(1, years + 1)),
        "rate": rate,
        "schedule": schedule,
        "loan": loan,
        "assets": [asset],
        "warning": 0.5,
        "top_up": 0.6,
        "close_out": 0.75,
        **more,
    }
    return {line.name: line.values for line in outcome_of("lending.lines", inputs).lines}


@pytest.mark.parametrize(
    ("line", "expected"),
    [("warning", 0.8048202372184059), ("top_up", 1.46240625180289), ("close_out", 2.2672264890212963)],
)
def test_time_to_each_line(line, expected):
    """Two fifths of a value that halves in two and a half years."""
    assert found()[f"time_to_{line}"][0] == pytest.approx(expected, rel=1e-14)


def test_longest_bullet_within_a_line():
    """A fifth of the value stays below .3 of it for a year and a half."""
    lines = found(20, warning=0.3, top_up=0.4, close_out=0.5)
    assert lines["time_to_warning"][0] == pytest.approx(1.46240625180289, rel=1e-14)


def test_a_line_that_is_not_reached_says_so_and_its_time_is_the_end():
    lines = found(10)
    assert lines["warning_is_reached"][0] == 0
    assert lines["time_to_warning"][0] == 3
    assert lines["top_up"] == (0, 0, 0)


def test_a_line_already_passed_is_reached_at_once():
    assert found(80)["time_to_close_out"][0] == 0


def test_interest_brings_a_line_nearer_and_repayment_takes_it_away():
    bullet, with_interest, level = (found(rate=0.0), found(rate=0.08), found(schedule="annuity", rate=0.08))
    assert with_interest["time_to_warning"] < bullet["time_to_warning"]
    assert level["chance_of_close_out"] < bullet["chance_of_close_out"]


def test_what_is_added_brings_the_debt_back_to_the_warning_line():
    """Asked for once the top-up line is passed; to pay back instead takes half as much here."""
    lines = found()
    added, paid, value = (lines[name] for name in ("top_up", "prepayment_instead", "expected_value"))
    assert added[0] == 0
    assert 40 / (value[1] + added[1]) == pytest.approx(0.5, rel=1e-14)
    assert (40 - paid[2]) / value[2] == pytest.approx(0.5, rel=1e-14)


def test_two_halves_reach_a_line_when_the_whole_does():
    half = {**HALVING, "value": 50}
    inputs = {"payment_times": [1, 2, 3], "rate": 0.05, "schedule": "bullet", "loan": 40, "assets": [half, half]}
    outcome = outcome_of("lending.lines", {**inputs, "warning": 0.5, "top_up": 0.6, "close_out": 0.75})
    lines = {line.name: line.values for line in outcome.lines}
    whole = found(rate=0.05)
    for name in ("time_to_top_up", "chance_of_top_up", "top_up"):
        assert lines[name] == pytest.approx(whole[name], rel=1e-13)


@pytest.mark.parametrize("lines", [(0.5, 0.5, 0.75), (0.6, 0.5, 0.75), (0.5, 0.8, 0.75)])
def test_lines_out_of_order_are_refused(lines):
    with pytest.raises(InputError) as refused:
        found(**dict(zip(("warning", "top_up", "close_out"), lines, strict=True)))
    assert "do not rise" in refused.value.problems[0].sentence()


# chances

DISTANCE = np.log(100 / 70)


@pytest.mark.parametrize(("growth", "expected"), [(0.0, 0.38930246394174634), (-0.2, 0.18671753211256037)])
def test_first_passage(growth, expected):
    """Value 100, line 70, mean drift -10%, volatility 30%; the line at rest, and falling by a fifth a year."""
    assert first_passage(DISTANCE, -0.1 - 0.045 - growth, 0.3, 1.0) == pytest.approx(expected, rel=1e-13)


def test_the_end_alone_understates_the_chance():
    at_the_end = ndtr((-DISTANCE + 0.145) / 0.3)
    assert at_the_end == pytest.approx(0.24022370407745486, rel=1e-13)
    assert first_passage(DISTANCE, -0.145, 0.3, 1.0) > 1.6 * at_the_end


@given(
    distance=st.floats(0, 5),
    drift=st.floats(-3, 1),
    volatility=st.floats(0.001, 2),
    time=st.floats(0.01, 20),
    longer=st.floats(0, 5),
)
def test_a_chance_that_rises_with_time(distance, drift, volatility, time, longer):
    soon, later = (first_passage(distance, drift, volatility, until) for until in (time, time + longer))
    assert 0 <= soon <= later + 1e-9
    assert later <= 1


def test_without_volatility_it_is_certain_or_impossible():
    assert first_passage(0.5, -0.3, 0.0, 2.0) == 1
    assert first_passage(0.5, -0.2, 0.0, 2.0) == 0


# when to value again


@pytest.mark.parametrize(("half_life", "months"), [(3.3, 6), (0.5, 1), (5, 9)])
def test_revaluation_before_a_tenth_is_gone(half_life, months):
    """Servers twice a year, model weights monthly, patents nearly yearly."""
    years = years_until_fallen(np.log(0.5) / half_life, 0.1)
    assert round(12 * years) == months
    assert 0.5 ** (years / half_life) == pytest.approx(0.9, rel=1e-14)


def test_what_does_not_decay_sets_no_interval():
    assert years_until_fallen(0.0, 0.1) == np.inf
    assert revaluation_interval(0.0) == 1.0

"""Weibull survivors: against the integral of the curve, and what must hold for any curve."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

AGED = {"shape": 1.8, "scale": 6, "age": 2, "forecast_years": 12}


def outcome(**changed):
    return run("survival.weibull", {**AGED, **changed})


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def test_gives_the_standard_lives():
    found = outcome()
    assert line(found, "mean_life") == pytest.approx([5.335720394713277], rel=1e-15)
    assert line(found, "expected_remaining_life") == pytest.approx([3.939829033318862], rel=1e-15)


def test_survivors_are_the_mean_of_start_and_end_given_the_age():
    def left(age):
        return np.exp(-((age / 6) ** 1.8))

    found = outcome(forecast_years=3).figures
    assert found == pytest.approx([(left(2 + year) + left(3 + year)) / 2 / left(2) for year in range(3)], rel=1e-14)


def test_first_period_may_be_a_part_of_a_year():
    found = outcome(forecast_years=2, first_period=0.25, shape=1, age=0)
    left = np.exp(-np.array([0, 0.25, 1.25]) / 6)
    assert found.figures == pytest.approx((left[:-1] + left[1:]) / 2, rel=1e-14)


@given(shape=st.floats(1.2, 5), scale=st.floats(3, 15), share=st.floats(0, 1))
def test_survivors_over_all_years_add_up_to_the_remaining_life(shape, scale, share):
    """But for a twelfth of the first year's rate of loss, by which the mean of start and end misses the area."""
    found = outcome(shape=shape, scale=scale, age=share * scale, forecast_years=100)
    assert found.figures.sum() == pytest.approx(
        line(found, "expected_remaining_life")[0], abs=shape / scale / 12 + 0.02
    )


@given(shape=st.floats(0.2, 10), scale=st.floats(0.5, 50), age=st.floats(0, 100))
def test_survivors_fall_from_one_towards_zero(shape, scale, age):
    found = outcome(shape=shape, scale=scale, age=age).figures
    assert np.all(found <= 1)
    assert np.all(found >= 0)
    assert np.all(np.diff(found) <= 0)


def test_constant_attrition_does_not_know_the_age():
    """Shape 1: what has survived is as good as new."""
    np.testing.assert_allclose(outcome(shape=1, age=0).figures, outcome(shape=1, age=9).figures, rtol=1e-13)


def test_the_uncounted_tail_is_pointed_out():
    assert any("last forecast year" in warning.english for warning in outcome(forecast_years=3).warnings)
    assert outcome(forecast_years=12).warnings == ()


@pytest.mark.parametrize(
    "bad", [{"forecast_years": 0}, {"forecast_years": 2.5}, {"shape": 0}, {"scale": 0}, {"age": -1}]
)
def test_refuses_in_a_sentence(bad):
    with pytest.raises(InputError, match=next(iter(bad))):
        outcome(**bad)


def test_what_was_counted_earlier_has_lost_since():
    """Counted at age 2, valued at age 3: the years after the first, of the same whole."""
    since = outcome(age=3, years_since_count=1, forecast_years=4).figures
    assert since == pytest.approx(outcome(forecast_years=5).figures[1:], rel=1e-12)


def test_nothing_is_counted_before_it_began():
    with pytest.raises(InputError, match="was counted 3 years ago, and is 2 years old"):
        outcome(years_since_count=3)

"""Exponential survivors: a published curve, month by month, and what constant attrition means."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError


def outcome(forecast_years=4, **attrition):
    return run("survival.exponential", {"forecast_years": forecast_years, **attrition})


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


@pytest.mark.parametrize(("months", "printed"), [(6, 0.823), (12, 0.677), (24, 0.458), (36, 0.310), (60, 0.142)])
def test_survivors_of_a_median_of_21_months(months, printed):
    """ParCC vignette, bevacizumab: a rate of 0.03254 a month from a median of 21.3; the year is the forecast period."""
    found = outcome(half_life=21.3 / 12, forecast_years=6, first_period=months / 12 if months < 12 else 1)
    place = 0 if months <= 12 else months // 12 - 1
    assert line(found, "survivors_at_end")[place] == pytest.approx(printed, abs=5e-4)
    assert line(found, "attrition_rate")[0] / 12 == pytest.approx(0.03254, abs=5e-6)


@given(share=st.floats(0.001, 0.9))
def test_the_same_share_goes_every_year(share):
    left = 1.0
    for found in line(outcome(annual_attrition=share, forecast_years=10), "survivors_at_end"):
        left *= 1 - share
        assert found == pytest.approx(left, rel=1e-11)


@given(rate=st.floats(0.01, 3))
def test_the_four_ways_say_the_same(rate):
    ways = {
        "attrition_rate": rate,
        "annual_attrition": 1 - np.exp(-rate),
        "half_life": np.log(2) / rate,
        "mean_life": 1 / rate,
    }
    figures = [outcome(**{name: float(given)}).figures for name, given in ways.items()]
    for other in figures[1:]:
        np.testing.assert_allclose(other, figures[0], rtol=1e-9)


@given(mean=st.floats(1, 8))
def test_over_many_years_the_survivors_add_up_to_the_mean_life(mean):
    """But for a twelfth of the rate of loss, by which the mean of start and end misses the area."""
    assert outcome(mean_life=mean, forecast_years=100).figures.sum() == pytest.approx(mean, abs=1 / mean / 11)


def test_is_weibull_of_shape_one():
    weibull = run("survival.weibull", {"shape": 1, "scale": 3, "age": 7, "forecast_years": 4})
    np.testing.assert_allclose(outcome(mean_life=3).figures, weibull.figures, rtol=1e-13)


def test_the_uncounted_tail_is_pointed_out():
    assert any("last forecast year" in warning.english for warning in outcome(mean_life=3).warnings)
    assert outcome(mean_life=0.5).warnings == ()


@pytest.mark.parametrize("attrition", [{}, {"half_life": 2, "mean_life": 3}])
def test_no_way_or_two_are_refused(attrition):
    with pytest.raises(InputError, match="none or several ways"):
        outcome(**attrition)


@pytest.mark.parametrize("bad", [{"annual_attrition": 1}, {"annual_attrition": 0}, {"half_life": 0}])
def test_refuses_in_a_sentence(bad):
    with pytest.raises(InputError, match=next(iter(bad))):
        outcome(**bad)


def test_what_was_counted_earlier_has_lost_since():
    since = outcome(half_life=2, years_since_count=1.5).figures
    assert since == pytest.approx(outcome(half_life=2).figures * 2 ** (-1.5 / 2), rel=1e-12)

"""Iowa-type survivors: the published table of the modified S-3, its mean, and any other table against an integral."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

# Percent retired by percent of the average life: Bureau of Economic Analysis (2003), Table D.
PRINTED = {45: 1.2, 50: 2.4, 60: 6.5, 75: 18.7, 90: 38.4, 100: 53.9, 110: 68.8, 125: 86.3, 140: 95.9, 155: 100.0}
STEEP = {"ages": [0, 0.5, 0.8, 1, 1.2, 1.5, 2], "survivors": [1, 0.97, 0.76, 0.5, 0.24, 0.03, 0]}


def outcome(**changed):
    return run("survival.iowa", {"average_life": 10, "forecast_years": 8, **changed})


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


@pytest.mark.parametrize(("percent", "retired"), PRINTED.items())
def test_the_printed_table_comes_back(percent, retired):
    """A printed step is spread over the twentieth around its age: at its end the whole of it has gone."""
    end = (percent + 2.5) / 100
    found = outcome(curve="modified_s3", average_life=1, first_period=end if end <= 1 else end - 1, forecast_years=2)
    place = 0 if end <= 1 else 1
    assert line(found, "survivors_at_end")[place] == pytest.approx(1 - retired / 100, abs=1e-12)


def test_the_mean_life_of_the_printed_table_is_the_average_life():
    """Read as lines from one printed age to the next it would be 97.5% of it."""
    found = outcome(curve="modified_s3")
    assert line(found, "mean_life_of_table") == pytest.approx([1], abs=1e-12)
    assert line(found, "expected_remaining_life") == pytest.approx([10], abs=1e-11)


def test_the_modified_curve_is_near_the_formula_of_the_family():
    """Winfrey's S-3, (1 - u²)^6.902 from memory: the tails that were cut make up a seventh of a point elsewhere."""
    from scipy.special import betainc

    for percent, retired in PRINTED.items():
        u = (percent + 2.5 - 100) / 100
        if percent < 155:
            assert 100 * betainc(7.902, 7.902, (1 + u) / 2) == pytest.approx(retired, abs=0.15)


@given(age=st.floats(0, 12), average=st.floats(2, 30))
def test_any_table_against_an_integral(age, average):
    found = outcome(curve="stated", **STEEP, age=min(age, 1.8 * average), average_life=average)
    at = min(age, 1.8 * average)
    time = np.linspace(at, 2 * average, 200_001)
    left = np.interp(time / average, STEEP["ages"], STEEP["survivors"])
    expected = np.sum((left[1:] + left[:-1]) / 2) * (time[1] - time[0]) / left[0]
    assert line(found, "expected_remaining_life") == pytest.approx([expected], rel=1e-4)
    ends = np.interp((at + np.arange(9)) / average, STEEP["ages"], STEEP["survivors"]) / left[0]
    np.testing.assert_allclose(found.figures, (ends[1:] + ends[:-1]) / 2, rtol=1e-9, atol=1e-12)


def test_survivors_fall_and_an_aged_asset_falls_faster():
    new, aged = outcome(curve="modified_s3").figures, outcome(curve="modified_s3", age=8).figures
    assert np.all(np.diff(new) <= 0)
    assert np.all(aged <= new)


def test_a_table_scaled_by_another_average_is_pointed_out():
    early = {**STEEP, "ages": [0.9 * age for age in STEEP["ages"]]}
    assert any("mean life of the table" in warning.english for warning in outcome(curve="stated", **early).warnings)
    found = outcome(curve="stated", **STEEP, average_life=4).warnings
    assert not any("mean life of the table" in warning.english for warning in found)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"curve": "stated"}, "missing"),
        ({**STEEP, "ages": [0, 0.5, 0.5, 1, 1.2, 1.5, 2]}, "no survivor curve"),
        ({**STEEP, "ages": [0.1, 0.5, 0.8, 1, 1.2, 1.5, 2]}, "no survivor curve"),
        ({**STEEP, "survivors": [1, 0.7, 0.76, 0.5, 0.24, 0.03, 0]}, "no survivor curve"),
        ({**STEEP, "survivors": [1, 0]}, "survivors"),
        ({**STEEP, "age": 20}, "no finite figure"),
    ],
)
def test_what_is_no_curve_is_refused(changed, said):
    with pytest.raises(InputError, match=said):
        outcome(**changed)


def test_what_was_counted_earlier_has_lost_since():
    """Counted at age 2, valued at age 3: the years after the first, of the same whole."""
    since = outcome(curve="modified_s3", age=3, years_since_count=1, forecast_years=4).figures
    assert since == pytest.approx(outcome(curve="modified_s3", age=2, forecast_years=5).figures[1:], rel=1e-12)


def test_nothing_is_counted_before_it_began():
    with pytest.raises(InputError, match="was counted 3 years ago, and is 2 years old"):
        outcome(curve="modified_s3", age=2, years_since_count=3)

"""Remaining life from a survivor curve: a published life table, integrals, and the mistake it replaces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

# Social Security Administration, Actuarial Study 116, Table 6, men, 1970: survivors at ages 0 to 15, years still lived
# by all of them together from age 15 on, and the life expectancy printed for some ages.
MEN_1970 = [
    *(100_000, 97_754, 97_625, 97_536, 97_461, 97_398, 97_341, 97_288),
    *(97_239, 97_194, 97_155, 97_121, 97_087, 97_046, 96_988, 96_906),
]
YEARS_FROM_15 = 5_254_753
PRINTED = {1: 67.69, 2: 66.77, 5: 63.93, 10: 59.08, 13: 56.15, 15: 54.23}
TABLE = {"ages": [0, 2, 4], "survivors": [1, 0.8, 0]}


def outcome(**changed):
    return run("life.survivor", changed)


@pytest.mark.parametrize(("age", "printed"), PRINTED.items())
def test_expectation_of_life_of_a_published_table(age, printed):
    """The page prints the years after 15 as one sum; a straight line to nobody holds the same area."""
    end = 15 + 2 * YEARS_FROM_15 / MEN_1970[15]  # 123 years, in tenths to keep within the bounds of an age
    ages = [number / 10 for number in [*range(16), end]]
    survivors = [left / 100_000 for left in [*MEN_1970, 0]]
    found = outcome(ages=ages, survivors=survivors, average_life=10, age=age)
    assert found.value == pytest.approx(printed, abs=0.0051)


def test_weibull_gives_the_standard_remaining_life():
    assert outcome(curve="weibull", shape=1.8, scale=6, age=2).value == pytest.approx(3.939829033318862, rel=1e-14)


@given(shape=st.floats(1, 4), scale=st.floats(1, 8), share=st.floats(0, 1))
def test_a_fine_table_of_a_weibull_curve_gives_its_remaining_life(shape, scale, share):
    ages = np.linspace(0, 6 * scale if shape < 2 else 3 * scale, 100)
    table = {"ages": ages.tolist(), "survivors": np.exp(-((ages / scale) ** shape)).tolist(), "age": share * scale}
    expected = outcome(curve="weibull", shape=shape, scale=scale, age=share * scale).value
    assert outcome(**table).value == pytest.approx(expected, rel=0.02)


@given(age=st.floats(0, 3.99))
def test_the_table_against_an_integral(age):
    time = np.linspace(age, 4, 100_001)
    left = np.interp(time, TABLE["ages"], TABLE["survivors"])
    expected = np.sum((left[1:] + left[:-1]) / 2) * (time[1] - time[0]) / left[0]
    assert outcome(**TABLE, age=age).value == pytest.approx(expected, rel=1e-8)


@given(age=st.floats(0.01, 3.9))
def test_mean_life_less_age_understates_what_has_come_this_far(age):
    assert outcome(**TABLE, age=age).value > outcome(**TABLE).value - age


@given(factor=st.floats(0.1, 20))
def test_lives_scale_with_the_average_life(factor):
    found = outcome(**TABLE, average_life=factor, age=1.5 * factor)
    assert found.value == pytest.approx(factor * outcome(**TABLE, age=1.5).value, rel=1e-12)


def test_a_table_that_ends_early_is_pointed_out():
    cut = outcome(ages=[0, 2, 3], survivors=[1, 0.8, 0.4])
    assert any("beyond the table" in warning.english for warning in cut.warnings)
    assert outcome(**TABLE).warnings == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ages": [0, 1]}, "lacks survivors"),
        ({"curve": "weibull", "shape": 2}, "lacks scale"),
        ({"ages": [0, 2, 1], "survivors": [1, 0.5, 0]}, "no survivor curve"),
        ({"ages": [0, 1, 2], "survivors": [1, 0.5, 0.6]}, "no survivor curve"),
        ({**TABLE, "age": 4}, "no finite figure"),
    ],
)
def test_refuses_in_a_sentence(changed, said):
    with pytest.raises(InputError, match=said):
        outcome(**changed)

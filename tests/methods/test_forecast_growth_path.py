"""Growth path: a published fading path, year by year, and what a reader is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

# Growth and revenue of a published ten-year valuation (dark7wind, 43,185 million now); growth as printed, to 0.01%.
PRINTED = [0.02, 0.02, 0.02, 0.02, 0.02, 0.0182, 0.0164, 0.0147, 0.0129, 0.0111]
TEN_YEARS = {"base": 43185, "first_growth": 0.02, "final_growth": 0.0111, "steady_years": 5, "forecast_years": 10}


def outcome(**changed):
    return run("forecast.growth_path", changed)


def growth(found):
    return next(line.values for line in found.lines if line.name == "growth")


def test_published_growth_fades_by_equal_steps():
    found = outcome(**TEN_YEARS)
    assert growth(found) == pytest.approx(PRINTED, abs=5.1e-5)
    assert found.figures[-1] == pytest.approx(51278, abs=0.5)


def test_published_growth_stated_by_year_gives_the_published_revenue():
    found = outcome(base=43185, path="stated", growth=PRINTED, forecast_years=10)
    assert found.figures[-1] == pytest.approx(51278, abs=0.5)


@given(
    base=st.floats(1, 1e9),
    first=st.floats(-0.5, 1),
    final=st.floats(-0.1, 0.05),
    steady=st.integers(1, 6),
    years=st.integers(1, 12),
)
def test_each_year_grows_from_the_one_before(base, first, final, steady, years):
    found = outcome(base=base, first_growth=first, final_growth=final, steady_years=steady, forecast_years=years)
    amount = base
    for year in range(1, years + 1):
        faded = 0 if year <= steady else (year - steady) / (years - steady)
        amount *= 1 + first + (final - first) * faded
        assert found.figures[year - 1] == pytest.approx(amount, rel=1e-11)


def test_growth_stays_between_the_first_and_the_final():
    found = growth(outcome(**{**TEN_YEARS, "first_growth": 0.6, "final_growth": 0.02}))
    assert np.all(np.diff(found) <= 1e-15)
    assert (found[0], found[-1]) == (0.6, pytest.approx(0.02, rel=1e-14))


def test_a_first_period_takes_its_part_and_leaves_the_rest():
    whole, part = outcome(**TEN_YEARS), outcome(**TEN_YEARS, first_period=0.25)
    assert part.figures == pytest.approx([whole.figures[0] / 4, *whole.figures[1:]], rel=1e-14)


def test_a_past_year_repeated_is_pointed_out():
    flat = outcome(base=100, first_growth=0, final_growth=0, forecast_years=3)
    assert any("repeated" in warning.english for warning in flat.warnings)
    assert outcome(**TEN_YEARS).warnings == ()


def test_goes_into_a_method_as_its_forecast():
    value = run(
        "income.relief_from_royalty",
        {
            "revenue": {"derive": "forecast.growth_path", "inputs": TEN_YEARS},
            "royalty_rate": 0.05,
            "remaining_useful_life": 10,
            "discount_rate": 0.12,
            "tax_rate": 0.25,
        },
    ).value
    stated = outcome(**TEN_YEARS).figures
    factors = 1.12 ** -(np.arange(10) + 0.5)
    assert value == pytest.approx(np.sum(stated * 0.05 * 0.75 * factors), rel=1e-12)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"base": 1, "forecast_years": 3}, "lacks first_growth, final_growth"),
        ({"base": 1, "path": "stated", "forecast_years": 3}, "lacks growth"),
        ({"base": 1, "path": "stated", "growth": [0.1, 0.1], "forecast_years": 3}, "covers 2 years"),
        ({**TEN_YEARS, "forecast_years": 0}, "forecast_years"),
    ],
)
def test_refuses_in_a_sentence(changed, said):
    with pytest.raises(InputError, match=said):
        outcome(**changed)


@pytest.mark.parametrize("gone", [1, 3])
def test_years_gone_are_part_of_the_path_and_not_of_the_forecast(gone):
    """Two years of the published path later the forecast is its last eight years."""
    later = outcome(**{**TEN_YEARS, "forecast_years": 10 - gone}, years_gone=gone)
    assert later.figures == pytest.approx(outcome(**TEN_YEARS).figures[gone:], rel=1e-14)


def test_growth_stated_covers_the_years_gone_too():
    later = outcome(base=43185, path="stated", growth=PRINTED, forecast_years=8, years_gone=2)
    assert later.figures[-1] == pytest.approx(51278, abs=0.5)
    with pytest.raises(InputError, match="growth covers 10 years, years_gone and forecast_years make 12"):
        outcome(base=43185, path="stated", growth=PRINTED, forecast_years=10, years_gone=2)

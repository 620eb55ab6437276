"""How far a value may be off: between approaches and within each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.lending.collateral import Collateral, small_sample_factor, valuation_error


def error(indications, spreads=()):
    return float(valuation_error(np.array(indications, dtype=float), np.array(spreads, dtype=float))[0])


@pytest.mark.parametrize(("number", "factor"), [(2, 0.797885), (3, 0.886227), (4, 0.921318)])
def test_few_approaches_show_too_little_spread(number, factor):
    assert small_sample_factor(number) == pytest.approx(factor, abs=5e-7)


def test_spread_between_approaches_is_made_up_for_their_number():
    """By the sample standard deviation alone it would be .2430 and .2034."""
    for values, plain in (([80, 100, 130], 0.24301779459805103), ([90, 120], 0.20342194425645388)):
        assert np.std(np.log(values), ddof=1) == pytest.approx(plain, rel=1e-13)
        assert error(values) == pytest.approx(plain / small_sample_factor(len(values)), rel=1e-13)
    assert error([80, 100, 130]) == pytest.approx(0.2742162166579372, rel=1e-12)
    assert error([90, 120]) == pytest.approx(0.25495159857681926, rel=1e-12)


def test_spread_within_the_approaches_is_added_to_it():
    assert error([80, 100, 130], [0.2, 0.3, 0.15]) == pytest.approx(0.35500403773975037, rel=1e-12)


def test_one_approach_shows_only_its_own_spread():
    assert error([100], [0.2]) == pytest.approx(0.2, rel=1e-15)
    assert error([100]) == 0


@given(st.lists(st.floats(1, 1e12), min_size=2, max_size=5), st.floats(0.01, 100))
def test_another_currency_shows_the_same_spread(indications, units):
    assert error([units * value for value in indications]) == pytest.approx(error(indications), abs=1e-7)


def test_approaches_that_agree_are_not_believed_below_the_floor():
    """They may share their inputs, and be wrong together."""
    assert Collateral("a", "ai_model", 100, None, indications=(100, 100)).valuation_error(0.5) == 0.5


def test_approaches_far_apart_count_more_than_the_floor():
    apart = Collateral("a", "ai_model", 100, None, indications=(100, 600))
    assert apart.valuation_error(0.5) == pytest.approx(error([100, 600]))


def test_an_approach_that_gave_less_than_nothing_has_no_logarithm():
    kept = Collateral("a", "ai_model", 100, None, indications=(80, 100, 130, -20)).valuation_error(0.1)
    assert kept == pytest.approx(error([80, 100, 130]))
    assert Collateral("a", "ai_model", -5, None, indications=(-5,)).valuation_error(0.1) == 0.1

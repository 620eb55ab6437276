"""Prices side by side: the middle taken, and how far they lie apart."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.finance import dispersion, gross_adjustment, median, middle, weighted_mean

prices = st.lists(st.floats(1, 1000), min_size=1, max_size=9)


def test_a_rise_and_a_fall_do_not_make_up_for_each_other():
    assert gross_adjustment([2.0, 0.5]) == pytest.approx(2 * math.log(2), rel=1e-15)


def test_gross_adjustment_of_four_factors():
    assert gross_adjustment([0.9, 1.05, 1.1, 0.8]) == pytest.approx(0.4726, abs=5e-5)


def test_the_middle_of_three_published_prices():
    assert median(np.array([174.43, 176.27, 174.77])) == pytest.approx([174.77], rel=1e-15)


def test_weighted_mean():
    assert weighted_mean(np.array([20.0, 60.0]), np.array([3.0, 1.0])) == pytest.approx([30], rel=1e-15)


def test_coefficient_of_dispersion():
    assert dispersion(np.array([9.0, 10.0, 12.0])) == pytest.approx([0.1], rel=1e-14)


@given(row=prices, data=st.data())
def test_middles_by_numpy_in_whatever_order(row, data):
    shuffled = np.array(data.draw(st.permutations(row)))
    ones = np.ones(len(row))
    assert middle(shuffled, ones, "median") == pytest.approx([np.median(row)], rel=1e-12)
    assert middle(shuffled, ones, "mean") == pytest.approx([np.mean(row)], rel=1e-12)
    assert middle(shuffled, ones, "weighted_mean") == pytest.approx([np.mean(row)], rel=1e-12)


@given(row=prices, times=st.floats(0.01, 100))
def test_dispersion_does_not_depend_on_the_currency(row, times):
    assert dispersion(np.array(row) * times) == pytest.approx(dispersion(np.array(row)), rel=1e-9, abs=1e-12)

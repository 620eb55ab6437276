"""Losses of value at one stroke: reference values, and without them the figures of a value that only drifts."""

import numpy as np
import pytest
from scipy.special import ndtri

from valuation.lending.jumps import haircut_with_jumps, poisson_chances, shortfall_with_jumps
from valuation.lending.losses import shortfall

MEDIAN, SPREAD = 90 * np.exp(-0.145), 0.3  # net value 90, mean drift -10%, volatility 30%, a year
HALF = {"expected_jumps": 0.5, "factor": 0.7}
NONE = {"expected_jumps": 0.0, "factor": 0.7}


def lost(**jumps):
    return shortfall_with_jumps(50.0, MEDIAN, SPREAD, **jumps) / 50


def test_loss_given_default_with_jumps():
    assert lost(**HALF) == pytest.approx(0.05072927994023886, rel=1e-13)


def test_without_jumps_it_is_the_put():
    assert lost(**NONE) == pytest.approx(0.008298566666002767, rel=1e-12)
    assert lost(**NONE) == shortfall(50.0, MEDIAN, SPREAD)[0] / 50


def test_haircut_with_jumps():
    found = haircut_with_jumps(-0.145, SPREAD, 0.05, **HALF)
    assert found == pytest.approx(0.6346293924128223, rel=1e-13)


def test_without_jumps_it_is_the_quantile():
    found = haircut_with_jumps(-0.145, SPREAD, 0.05, **NONE)
    assert found == pytest.approx(0.47189285413348514, rel=1e-13)
    assert found == pytest.approx(1 - np.exp(-0.145 + ndtri(0.05) * SPREAD), rel=1e-14)


def test_without_spread_the_number_of_jumps_alone_decides():
    """More than one jump comes in 9 of 100 cases, more than two in 1.4."""
    assert haircut_with_jumps(0.0, 0.0, 0.05, **HALF) == pytest.approx(1 - 0.7**2, rel=1e-12)


def test_more_jumps_and_deeper_ones_cost_more():
    haircuts = [haircut_with_jumps(-0.1, 0.3, 0.1, expected_jumps=n, factor=0.7) for n in (0, 0.2, 1, 5)]
    losses = [lost(expected_jumps=1.0, factor=factor) for factor in (1.0, 0.8, 0.5)]
    assert haircuts == sorted(haircuts)
    assert losses == sorted(losses)


def test_the_chances_add_up():
    assert sum(poisson_chances(10.0)) == pytest.approx(1, rel=1e-14)

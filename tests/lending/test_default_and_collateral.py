"""Default and price falling together, losses of bad years: reference values, and what must hold whatever they are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from valuation.lending.default_and_collateral import (
    downturn_loss_given_default,
    in_default,
)
from valuation.lending.losses import shortfall
from valuation.workings import Silent

MEDIAN, SPREAD, CLAIM = 90 * np.exp(-0.28), 0.4, 50.0  # net value 90, mean drift -20%, volatility 40%, a year


def loss_given_default(correlation, probability=0.05, claim=CLAIM, median=MEDIAN, spread=SPREAD):
    chances = in_default(np.array([probability]), np.array([correlation]), Silent().line)
    return float(shortfall(np.array([claim]), np.array([median]), np.array([spread]), chances)[0][0]) / claim


@pytest.mark.parametrize(
    ("correlation", "expected"),
    [
        (0.0, 0.04232969129790699),
        (0.2, 0.07816786012562162),
        (0.5, 0.15906270641776257),
        (0.8, 0.2834208892192755),
        (1.0, 0.39770298403773996),
    ],
)
def test_loss_where_price_and_default_move_together(correlation, expected):
    """Taken as independent, the loss of a bank lending on the borrower's own patents is a quarter of what it is."""
    assert loss_given_default(correlation) == pytest.approx(expected, rel=1e-12)


def test_by_counting_pairs_of_shocks():
    """1,000 x 4,000 even steps through the two shocks, correlated by .5."""
    defaulting = ndtri((np.arange(1_000) + 0.5) / 1_000 * 0.05)[:, None]
    other = ndtri((np.arange(4_000) + 0.5) / 4_000)
    shocks = 0.5 * defaulting + np.sqrt(0.75) * other
    counted = np.mean(np.maximum(CLAIM - MEDIAN * np.exp(SPREAD * shocks), 0)) / CLAIM
    assert loss_given_default(0.5) == pytest.approx(counted, rel=1e-3)


LOANS = {
    "probability": st.floats(0.001, 0.5),
    "claim": st.floats(1, 200),
    "spread": st.floats(0.01, 2),
    "correlation": st.floats(0, 1),
}


@given(**LOANS, more=LOANS["correlation"])
def test_rises_with_the_correlation(correlation, more, **loan):
    higher = max(correlation, more)
    assert loss_given_default(correlation, **loan) <= loss_given_default(higher, **loan) + 1e-11


@given(**LOANS, factor=st.floats(1, 3))
def test_a_larger_debt_loses_a_larger_part(factor, **loan):
    larger = {**loan, "claim": loan["claim"] * factor}
    assert loss_given_default(**loan) <= loss_given_default(**larger) + 1e-11


@given(**LOANS, factor=st.floats(1, 3))
def test_a_larger_security_loses_less(factor, **loan):
    assert loss_given_default(**loan, median=MEDIAN * factor) <= loss_given_default(**loan) + 1e-11


@given(**LOANS)
def test_lies_between_nothing_and_all(**loan):
    assert -1e-11 <= loss_given_default(**loan) <= 1 + 1e-11


# bad years

POOL = {"default_probability": 0.05, "loss_given_default": 0.4, "correlation": 0.15}


def test_loss_of_a_bad_year():
    assert downturn_loss_given_default(0.2, **POOL) == pytest.approx(0.4968667658727083, rel=1e-13)


def test_distance_between_default_and_loss():
    """How many spreads the pool's loss lies behind its defaults: the one figure that the form knows."""
    apart = (ndtri(0.05) - ndtri(0.02)) / np.sqrt(0.85)
    assert apart == pytest.approx(0.44350920544333816, rel=1e-13)
    assert ndtri(0.2 * downturn_loss_given_default(0.2, **POOL)) == pytest.approx(ndtri(0.2) - apart, rel=1e-12)


def test_averaged_over_all_years_it_is_the_expected_loss():
    """Default rates of 200,000 even steps through the common shock."""
    shock = ndtri((np.arange(200_000) + 0.5) / 200_000)
    rates = ndtr((ndtri(0.05) - np.sqrt(0.15) * shock) / np.sqrt(0.85))
    assert np.mean(rates * downturn_loss_given_default(rates, **POOL)) == pytest.approx(0.02, rel=1e-5)


def test_worse_years_lose_a_larger_part():
    found = downturn_loss_given_default(np.linspace(0.01, 0.9, 50), **POOL)
    assert np.all(np.diff(found) > 0)

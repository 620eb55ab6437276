"""Two correlated normal figures: against another quadrature, and at the ends where the answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from valuation.finance import bivariate_normal_cdf

SCORES = st.floats(-6, 6)
BETWEEN = st.floats(0, 0.9999)


def by_conditioning(first: float, second: float, correlation: float) -> float:
    """The chance of the second given the first, over 4,000 panels of the first: another formula, by brute force."""
    nodes, weights = np.polynomial.legendre.leggauss(10)
    edges = np.linspace(-9, first, 4001)
    half = np.diff(edges)[:, None] / 2
    places = edges[:-1, None] + half * (nodes + 1)
    given_first = ndtr((second - correlation * places) / np.sqrt(1 - correlation**2))
    return float(np.sum(half * weights * np.exp(-(places**2) / 2) * given_first) / np.sqrt(2 * np.pi))


@pytest.mark.parametrize("correlation", [-0.92, -0.3, 0.2, 0.5, 0.8, 0.95, 0.999])
@pytest.mark.parametrize(("first", "second"), [(-1.6448536269514729, -0.77), (0.3, 0.31), (-2.5, 1.0), (1.0, -3.0)])
def test_is_the_integral_over_one_of_the_two(first: float, second: float, correlation: float) -> None:
    found = float(bivariate_normal_cdf(first, second, correlation))
    assert found == pytest.approx(by_conditioning(first, second, correlation), rel=0, abs=1e-14)


def test_reference_value() -> None:
    found = bivariate_normal_cdf(-1.6448536269514729, -0.7694666622552973, 0.5)
    assert float(found) == pytest.approx(0.03077774049247947, rel=1e-14)


@given(first=SCORES, second=SCORES)
def test_without_correlation_it_is_the_product(first: float, second: float) -> None:
    assert float(bivariate_normal_cdf(first, second, 0.0)) == pytest.approx(ndtr(first) * ndtr(second), rel=1e-14)


@given(first=SCORES, second=SCORES)
def test_at_the_ends_of_the_correlation_one_figure_is_the_other(first: float, second: float) -> None:
    assert float(bivariate_normal_cdf(first, second, 1.0)) == min(ndtr(first), ndtr(second))
    opposed = max(ndtr(first) + ndtr(second) - 1, 0.0)
    assert float(bivariate_normal_cdf(first, second, -1.0)) == pytest.approx(opposed, abs=1e-15)


@given(first=SCORES, second=SCORES, correlation=BETWEEN)
def test_of_both_or_of_the_first_alone(first: float, second: float, correlation: float) -> None:
    """Below the second or above it, the first lies below its score all the same."""
    above = bivariate_normal_cdf(first, -second, -correlation)
    assert float(bivariate_normal_cdf(first, second, correlation) + above) == pytest.approx(ndtr(first), abs=1e-14)


@given(first=SCORES, second=SCORES, low=BETWEEN, high=BETWEEN)
def test_rises_with_the_correlation(first: float, second: float, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert bivariate_normal_cdf(first, second, low) <= bivariate_normal_cdf(first, second, high) + 1e-15


@pytest.mark.parametrize("far", [np.inf, -np.inf, 500.0, -500.0])
def test_scores_beyond_all_figures_leave_the_other(far: float) -> None:
    assert float(bivariate_normal_cdf(far, 0.7, 0.6)) == pytest.approx(ndtr(0.7) if far > 0 else 0.0, abs=1e-15)

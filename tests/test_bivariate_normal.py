"""Two correlated normal figures: against another quadrature, and at the ends where the answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from valuation.finance import bivariate_normal_cdf

SCORES = st.floats(-6, 6)
BETWEEN = st.floats(0, 1, exclude_max=True)


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


def beside_the_ridge(first: float, second: float, correlation: float) -> float:
    """The smaller chance less what lies between this correlation and 1, over panels of a tenth: a third formula."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    edges = np.arange(np.arctanh(correlation), 45, 0.1)
    half = np.diff(edges)[:, None] / 2
    ridge = np.cosh(edges[:-1, None] + half * (nodes + 1))
    along = np.tanh(edges[:-1, None] + half * (nodes + 1))
    density = np.exp(-((first - second) ** 2) / 2 * ridge**2 - first * second / (1 + along)) / ridge
    return float(min(ndtr(first), ndtr(second)) - np.sum(half * weights * density) / (2 * np.pi))


@pytest.mark.parametrize("short_of_one", [1e-3, 1e-5, 1e-8, 1e-12, 1e-15])
@pytest.mark.parametrize("apart", [0.0, 1e-7, 1e-5, 1e-3, 0.05, 0.7, 3.0])
@pytest.mark.parametrize("first", [-2.6, -0.02, 1.1])
def test_just_below_a_correlation_of_one_it_is_as_sharp_as_anywhere(
    first: float, apart: float, short_of_one: float
) -> None:
    """The ridge is as wide as the scores lie apart, or a millionth of that."""
    found = float(bivariate_normal_cdf(first, first + apart, 1 - short_of_one))
    assert found == pytest.approx(beside_the_ridge(first, first + apart, 1 - short_of_one), rel=0, abs=1e-14)


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
    assert bivariate_normal_cdf(first, second, low) <= bivariate_normal_cdf(first, second, high) + 1e-14


@pytest.mark.parametrize("far", [np.inf, -np.inf, 500.0, -500.0])
def test_scores_beyond_all_figures_leave_the_other(far: float) -> None:
    assert float(bivariate_normal_cdf(far, 0.7, 0.6)) == pytest.approx(ndtr(0.7) if far > 0 else 0.0, abs=1e-15)

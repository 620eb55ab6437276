"""Many loans together: reference values to their printed precision, exact counting, and identities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri
from scipy.stats import binom, gamma, multivariate_normal
from states_of_the_factor import factor_nodes, shortfall_at

from valuation.lending import portfolio as p

# concentration


def test_concentration_of_six_loans():
    index = p.concentration(np.array([0.3, 0.2, 0.2, 0.1, 0.1, 0.1]))
    assert index == pytest.approx(0.2, abs=1e-15)
    assert p.effective_number(index) == pytest.approx(5, abs=1e-13)


@given(st.lists(st.floats(1, 1e9), min_size=1, max_size=40))
def test_concentration_lies_between_equal_loans_and_one_alone(amounts):
    index = p.concentration(np.array(amounts))
    assert 1 / len(amounts) * (1 - 1e-12) <= index <= 1 + 1e-12


def test_splitting_a_loan_lowers_the_concentration():
    assert p.concentration(np.array([60.0, 20, 20])) > p.concentration(np.array([30.0, 30, 20, 20]))


def test_a_book_of_nothing_is_not_concentrated():
    assert p.concentration(np.zeros(3)) == 0


# one factor


@pytest.mark.parametrize(("confidence", "expected"), [(0.99, 0.20988144625265498), (0.999, 0.313505907936788)])
def test_share_in_default_in_bad_times(confidence, expected):
    assert p.default_share_at(0.05, 0.15, p.factor_at(confidence)) == pytest.approx(expected, rel=1e-14)


def test_mean_share_in_default_is_the_probability():
    factor, weight = factor_nodes()
    assert np.sum(weight * p.default_share_at(0.05, 0.15, factor)) == pytest.approx(0.05, rel=1e-12)


# defaults and security on the same factor: debt 50, net value 90, mean drift -20%, volatility 40%, a year, PD 5%

MEDIAN, SPREAD = 90 * np.exp(-0.2 - 0.4**2 / 2), 0.4


def lost(sensitivity, factor):
    share = p.default_share_at(0.05, 0.15, factor)
    return share * shortfall_at(50.0, MEDIAN, SPREAD, 0.0, sensitivity, factor) / 50


@pytest.mark.parametrize(
    ("sensitivity", "confidence", "expected"),
    [(0.0, 0.999, 0.01327060830303429), (0.5, 0.999, 0.08247749977047043), (0.5, 0.99, 0.03833825450765529)],
)
def test_loss_of_the_pool_in_bad_times(sensitivity, confidence, expected):
    """A security that falls with the factor loses six times as much in the worst year of a thousand."""
    assert lost(sensitivity, p.factor_at(confidence)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("sensitivity", "expected"), [(0.0, 0.0021164845648953498), (0.5, 0.003841248251920909)])
def test_mean_loss_of_the_pool(sensitivity, expected):
    factor, weight = factor_nodes()
    assert np.sum(weight * lost(sensitivity, factor)) == pytest.approx(expected, rel=1e-12)


def test_mean_loss_is_that_of_default_and_price_correlated_through_the_factor():
    """PD x loss with correlation sqrt(.15) x .5, by the bivariate normal cdf (Jokivuolle and Peura)."""
    r, k = np.sqrt(0.15) * 0.5, np.log(50 / MEDIAN) / SPREAD

    def both(first, second):
        return multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([first, second])

    mean = MEDIAN * np.exp(SPREAD**2 / 2)
    expected = both(ndtri(0.05), k) - mean / 50 * both(ndtri(0.05) - r * SPREAD, k - SPREAD)
    factor, weight = factor_nodes()
    assert np.sum(weight * lost(0.5, factor)) == pytest.approx(expected, rel=1e-7)


def test_loss_given_default_in_the_worst_year_of_a_thousand():
    found = shortfall_at(50.0, MEDIAN, SPREAD, 0.0, 0.5, p.factor_at(0.999))
    assert found == pytest.approx(50 * 0.26308116588061337, rel=1e-13)


def test_certain_proceeds_leave_what_they_do_not_cover():
    assert shortfall_at(50.0, 40.0, 0.0, 0.0, 0.0, -3.0) == 10


# single names


def equal(loans, lgd=0.5):
    return p.granularity_add_on(np.full(loans, 1 / loans), 0.05, lgd, 0.15, 0.999)


def test_add_on_of_fifty_equal_loans():
    assert equal(50) == pytest.approx(0.021939295879063, rel=1e-12)


@pytest.mark.parametrize("loans", [50, 500])
def test_quantile_with_add_on_against_counting_all_cases(loans):
    factor, weight = np.polynomial.hermite_e.hermegauss(180)
    share = ndtr((ndtri(0.05) - np.sqrt(0.15) * factor) / np.sqrt(0.85))
    below = [np.sum(weight / weight.sum() * binom.cdf(k, loans, share)) for k in range(loans + 1)]
    exact = 0.5 * np.argmax(np.array(below) >= 0.999) / loans
    asymptotic = 0.5 * p.default_share_at(0.05, 0.15, p.factor_at(0.999))
    assert asymptotic == pytest.approx(0.156752953968394, rel=1e-13)
    assert asymptotic + equal(loans) == pytest.approx(exact, abs=0.5 / loans)


def test_quantile_of_five_hundred_equal_loans():
    asymptotic = 0.5 * p.default_share_at(0.05, 0.15, p.factor_at(0.999))
    assert asymptotic + equal(500) == pytest.approx(0.158946883556299, rel=1e-12)


def test_add_on_is_the_derivative_it_stands_for():
    """-1/(2 phi) d/dy [phi V / M'], by central differences, for loans that differ."""
    share, pd, lgd = np.array([0.5, 0.3, 0.2]), np.array([0.02, 0.05, 0.1]), np.array([0.4, 0.6, 0.5])

    def slope(function, at, step=1e-5):
        return (function(at + step) - function(at - step)) / (2 * step)

    def mean(y):
        return np.sum(share * lgd * p.default_share_at(pd, 0.15, -y))

    def variance(y):
        defaults = p.default_share_at(pd, 0.15, -y)
        return np.sum((share * lgd) ** 2 * defaults * (1 - defaults))

    bad = ndtri(0.999)

    def weighted(y):
        return np.exp(-(y**2) / 2) * variance(y) / slope(mean, y)

    expected = -slope(weighted, bad, 1e-3) / (2 * np.exp(-(bad**2) / 2))
    assert p.granularity_add_on(share, pd, lgd, 0.15, 0.999) == pytest.approx(expected, rel=1e-4)


def test_add_on_vanishes_with_the_largest_share():
    assert equal(100_000) == pytest.approx(equal(50) / 2000, rel=1e-10)


def test_simple_form_of_the_add_on():
    assert gamma(0.25, scale=4).ppf(0.999) == pytest.approx(17.505777031546746, rel=1e-10)
    assert p.gamma_delta() == pytest.approx(4.833601258193017, rel=1e-13)
    capital = 0.11724390964333423
    found = p.granularity_add_on_of_capital(1 / 50, 0.05, 0.5, capital)
    assert found == pytest.approx(0.030401708749408594, rel=1e-13)


# several assets behind one loan


@pytest.mark.parametrize(
    ("r", "expected"), [(0.0, 56.82169107322663), (0.5, 50.1917140348537), (1.0, 44.74497503532182)]
)
def test_quantile_of_a_pool_of_two_assets(r, expected):
    matrix = np.array([[1, r], [r, 1]])
    found = p.pool_quantile(np.array([60.0, 40.0]), np.array([0.35, 0.55]), matrix, 0.05)
    assert found == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(("r", "true"), [(0.0, 57.60745), (0.5, 50.92881), (1.0, 45.64912284390093)])
def test_quantile_of_a_pool_errs_on_the_low_side(r, true):
    matrix = np.array([[1, r], [r, 1]])
    found = p.pool_quantile(np.array([60.0, 40.0]), np.array([0.35, 0.55]), matrix, 0.05)
    assert 0.97 * true < found < true


def test_a_single_asset_is_its_own_pool():
    found = p.pool_quantile(np.array([60.0]), np.array([0.35]), np.array([[1.0]]), 0.05)
    assert found == pytest.approx(60 * np.exp(-(0.35**2) / 2 + ndtri(0.05) * 0.35), rel=1e-13)

"""The arithmetic of value: standard values, closed forms against sums and integrals, and what must hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from valuation import finance
from valuation.finance import (
    amortisation_benefit_factor,
    annuity_factor,
    capm,
    charge_share_of_revenue,
    compound,
    declining_balance_worth,
    discount_factor,
    discount_factor_by_year,
    exponential_survival,
    flow_time,
    growing_perpetuity,
    half_life_decay,
    horizon,
    mid_year_survival,
    opportunity_cost,
    period_in_life,
    period_length,
    period_start,
    power,
    present_value,
    real_rate,
    relevered_beta,
    share_in_life,
    unlevered_beta,
    wacc,
    weibull_mean_life,
    weibull_remaining_life,
    weibull_survival,
    year_numbers,
)

rates = st.floats(-0.5, 1.5)


def test_offers_what_it_says():
    assert sorted(finance.__all__) == finance.__all__
    assert all(hasattr(finance, name) for name in finance.__all__)


# powers


@given(rate=st.floats(-0.9, 3), years=st.floats(-50, 50))
def test_compound_is_a_power_of_one_plus_the_rate(rate, years):
    assert compound(rate, years) == pytest.approx((1 + rate) ** years, rel=1e-12)


def test_power_of_nothing():
    """An asset of age 0 has no wear, whatever the exponent."""
    assert power(0.0, 1.8) == 0


def test_normal_functions_are_inverse_and_gamma_is_a_factorial():
    scores = np.linspace(-6, 6, 25)
    np.testing.assert_allclose(finance.normal_cdf(scores), stats.norm.cdf(scores), rtol=1e-13)
    np.testing.assert_allclose(finance.normal_quantile(finance.normal_cdf(scores)), scores, rtol=1e-8, atol=1e-12)
    assert finance.gamma(5.0) == pytest.approx(24)


# when a flow arrives, and what it is worth


def test_horizon_is_the_longest_of_the_yearly_inputs():
    assert horizon(np.ones(1), np.ones((4, 7))) == 7


def test_periods_start_after_a_part_year():
    assert period_start(4, 0.25).tolist() == [0, 0.25, 1.25, 2.25]
    assert period_length(4, 0.25).tolist() == [0.25, 1, 1, 1]


@pytest.mark.parametrize(
    ("life", "first", "within"),
    [(2.5, 1.0, [1, 1, 0.5, 0]), (1.0, 0.25, [0.25, 0.75, 0, 0]), (9.0, 0.5, [0.5, 1, 1, 1]), (0.0, 1.0, [0, 0, 0, 0])],
)
def test_life_covers_full_years_then_a_part_then_none(life, first, within):
    assert period_in_life(life, 4, first).tolist() == within
    np.testing.assert_allclose(share_in_life(life, 4, first) * period_length(4, first), within)


def test_flows_centre_on_the_part_of_the_year_within_life():
    within = period_in_life(2.5, 3)
    assert flow_time(within, 3).tolist() == [0.5, 1.5, 2.25]
    assert flow_time(within, 3, timing="end").tolist() == [1, 2, 2.5]


def test_one_life_an_asset_gives_one_row_an_asset():
    assert period_in_life(np.array([[1.0], [2.5]]), 3).tolist() == [[1, 0, 0], [1, 1, 0.5]]


@given(rate=rates, years=st.integers(1, 30), timing=st.sampled_from(["mid", "end"]))
def test_equal_rates_by_year_are_one_rate(rate, years, timing):
    time = year_numbers(years) - {"mid": 0.5, "end": 0.0}[timing]
    by_year = discount_factor_by_year(np.full(years, rate), years, timing=timing)
    np.testing.assert_allclose(by_year, discount_factor(rate, time), rtol=1e-10)


def test_rates_by_year_are_chained():
    factors = discount_factor_by_year(np.array([0.1, 0.2]), 2, timing="end")
    np.testing.assert_allclose(factors, [1 / 1.1, 1 / 1.1 / 1.2])


def test_annuity_has_its_standard_value():
    assert annuity_factor(0.15, 10) == pytest.approx(5.018768625854229, rel=1e-15)


@given(rate=st.floats(-0.3, 1).filter(lambda rate: abs(rate) > 1e-6), periods=st.integers(1, 40))
def test_annuity_is_a_sum_of_discount_factors(rate, periods):
    assert annuity_factor(rate, periods) == pytest.approx(
        sum((1 + rate) ** -j for j in range(1, periods + 1)), rel=1e-8
    )


def test_annuity_at_no_interest_is_the_number_of_payments():
    with np.errstate(all="raise"):
        assert annuity_factor(np.array([0.0, 0.1]), 4)[0] == 4


def test_perpetuity_at_year_ends_and_in_the_middle():
    assert growing_perpetuity(100, 0.15, 0.03) == pytest.approx(833.33, abs=0.005)
    assert growing_perpetuity(100, 0.15, 0.03, timing="mid") == pytest.approx(893.65, abs=0.005)


@pytest.mark.parametrize("growth", [0.096, 0.1, 0.2])
def test_perpetuity_near_its_limit_has_no_finite_value(growth):
    """Which a calculation refuses, rather than showing a value without meaning."""
    with np.errstate(divide="ignore"):
        assert np.isinf(growing_perpetuity(100, 0.1, growth))


def test_present_value_keeps_draws_apart():
    assert present_value(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 0.5])).tolist() == [[2], [5]]


def test_opportunity_cost_of_money_spent_early():
    assert opportunity_cost(100, 0.1, 0.5) == pytest.approx(100 * (1.1**0.5 - 1))


# tax


@pytest.mark.parametrize(("timing", "factor"), [("end", 1.1434703247628826), ("mid", 1.1554692467070442)])
def test_benefit_factor_has_its_standard_values(timing, factor):
    assert amortisation_benefit_factor(0.25, 0.15, 10, timing=timing) == pytest.approx(factor, rel=1e-14)


@given(tax=st.floats(0, 0.6), rate=st.floats(0.005, 0.6), life=st.integers(1, 30), mid=st.booleans())
def test_benefit_is_the_fixed_point_of_a_price_that_is_itself_written_off(tax, rate, life, mid):
    """value = present value + tax x value written off year by year, iterated until it stands still."""
    written_off = sum((1 + rate) ** -(year - 0.5 * mid) for year in range(1, life + 1)) / life
    price = 1.0
    for _ in range(400):
        price = 1 + tax * price * written_off
    assert amortisation_benefit_factor(tax, rate, life, timing="mid" if mid else "end") == pytest.approx(
        price, rel=1e-9
    )


@given(rate=st.floats(-0.05, 0.6), life=st.integers(2, 30))
def test_declining_balance_by_year(rate, life):
    """Twice the straight-line share of what is left; the last two years share the rest; all of it is written off."""
    left, written = 1.0, []
    for year in range(1, life + 1):
        written.append(left * 2 / life if year <= life - 2 else left / (life - year + 1))
        left -= written[-1]
    assert sum(written) == pytest.approx(1)
    worth = sum(part * (1 + rate) ** -(year + 1) for year, part in enumerate(written))
    assert declining_balance_worth(rate, life) == pytest.approx(worth, rel=1e-9)


@pytest.mark.parametrize("life", [0.0, 1.0, 2.0])
def test_two_years_or_less_are_written_off_evenly(life):
    both = [
        amortisation_benefit_factor(0.25, np.array([0.1]), np.array([life]), write_off=way)
        for way in ("straight_line", "declining_balance")
    ]
    assert both[0] == pytest.approx(both[1], rel=1e-14)


@given(tax=st.floats(0.01, 0.6), rate=st.floats(0.01, 0.6), life=st.integers(3, 30))
def test_writing_off_sooner_is_worth_more(tax, rate, life):
    ways = ("straight_line", "declining_balance")
    even, sooner = (amortisation_benefit_factor(tax, rate, np.array([life]), write_off=way) for way in ways)
    assert sooner > even


def test_no_tax_or_no_write_off_gives_no_benefit():
    assert amortisation_benefit_factor(0.0, 0.15, 10) == 1
    assert amortisation_benefit_factor(np.array([0.25]), 0.15, np.array([0.0])).tolist() == [1]


# survival


@given(shape=st.floats(0.4, 6), scale=st.floats(0.5, 30), share=st.floats(0, 3))
def test_remaining_life_is_the_area_under_the_conditional_curve(shape, scale, share):
    """Integrated numerically, in units of the scale; near shape 0.5 a function of scipy was wrong by 4%."""
    passed = share**shape
    expected, _ = integrate.quad(lambda v: np.exp(passed - (share + v) ** shape), 0, np.inf, limit=500, epsabs=0)
    assert weibull_remaining_life(shape, scale, share * scale) == pytest.approx(scale * expected, rel=1e-6)


@pytest.mark.parametrize("shape", [0.1, 0.5, 1.0, 1.8, 6.0, 20.0])
def test_remaining_life_has_no_seam(shape):
    """Where the integral takes over from the incomplete gamma function both give the same."""
    ages = 3.0 * (50 * np.array([[1 - 1e-12], [1 + 1e-12]])) ** (1 / shape)
    before, after = weibull_remaining_life(shape, 3.0, ages).ravel()
    assert before == pytest.approx(after, rel=1e-10)


def test_lives_have_their_standard_values():
    assert weibull_mean_life(1.8, 6.0) == pytest.approx(5.335720394713277, rel=1e-15)
    assert weibull_remaining_life(1.8, 6.0, 2.0) == pytest.approx(3.939829033318862, rel=1e-15)
    assert weibull_remaining_life(1.8, 6.0, 0.0) == pytest.approx(weibull_mean_life(1.8, 6.0), rel=1e-14)


def test_remaining_life_far_past_the_scale_is_finite():
    """The survival function itself underflows there; by its asymptote an hour or two is left."""
    x, rest = 40.0**3, 1 / 3
    asymptote = 2.0 / 3 * x ** (rest - 1) * (1 + (rest - 1) / x)
    assert weibull_remaining_life(3.0, 2.0, 80.0) == pytest.approx(asymptote, rel=1e-8)
    assert special.gammaincc(rest, x) == 0


@given(rate=st.floats(0, 2), time=st.floats(0, 30))
def test_constant_attrition_is_the_weibull_curve_of_shape_one(rate, time):
    if rate > 1e-6:
        assert exponential_survival(rate, time) == pytest.approx(weibull_survival(1.0, 1 / rate, 0.0, time), rel=1e-9)
    assert exponential_survival(0.0, time) == 1


def test_half_lives_and_mid_year_survivors():
    assert half_life_decay(2.1, 4.2) == pytest.approx(0.25)
    assert mid_year_survival(1.0, 0.6) == 0.8


# cost of capital and charges


def test_cost_of_capital_by_hand():
    assert capm(0.0336, 1.39, 0.0828) == pytest.approx(0.148692)
    assert capm(0.04, 1, 0.06, 0.055) == pytest.approx(0.155)
    assert relevered_beta(0.8, 0.25, 0.5) == pytest.approx(1.1)
    assert unlevered_beta(1.1, 0.25, 0.5) == pytest.approx(0.8)
    assert wacc(0.12, 0.05, 0.25, 0.3, cost_of_preferred=0.08, preferred_share=0.1) == pytest.approx(0.09125)
    assert wacc(0.134, 0.0499, 0.0, 0.24) == pytest.approx(0.113816)


def test_real_rate_is_a_quotient_and_no_difference():
    assert real_rate(0.12, 0.025) == pytest.approx(0.09268293, abs=5e-9)


def test_charge_is_return_on_and_of_over_revenue():
    assert charge_share_of_revenue(500.0, 0.08, 20.0, 1000.0) == pytest.approx(0.06)

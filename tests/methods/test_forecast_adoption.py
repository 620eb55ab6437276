"""Adoption: the curves against their differential equations, the published time of the peak, and what is counted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError
from valuation.finance import bass_adoption, logistic_adoption

LAUNCH = {"market": 1e6, "innovation": 0.03, "imitation": 0.38, "revenue_each": 100, "forecast_years": 8}


def outcome(**changed):
    return run("forecast.adoption", {**LAUNCH, **changed})


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def stepped(share, of, years, steps=4000):
    """The differential equation d share / dt = of(share), stepped through by Runge and Kutta."""
    step = years / steps
    for _ in range(steps):
        a = of(share)
        b = of(share + step / 2 * a)
        c = of(share + step / 2 * b)
        d = of(share + step * c)
        share += step / 6 * (a + 2 * b + 2 * c + d)
    return share


@pytest.mark.parametrize(("p", "q"), [(0.03, 0.38), (0.0104, 0.4186), (0.2, 0), (0.01, 1.5)])
def test_bass_follows_its_equation(p, q):
    for years in (0.5, 3, 9):
        expected = stepped(0.0, lambda share: (p + q * share) * (1 - share), years)
        assert bass_adoption(p, q, years) == pytest.approx(expected, rel=1e-10)


def test_logistic_follows_its_equation():
    start = logistic_adoption(0.9, 4, 0)
    expected = stepped(start, lambda share: 0.9 * share * (1 - share), 6)
    assert logistic_adoption(0.9, 4, 6) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    ("p", "q", "peak"),
    [(0.0104, 0.4186, 8.6), (0.03, 0.38, 6.19)],
    ids=["room air conditioners, Bass 1969, from memory", "ln(q/p)/(p+q), documentation of pymc-marketing"],
)
def test_new_adopters_peak_when_they_are_said_to(p, q, peak):
    time = np.linspace(0, 20, 200_001)
    fastest = time[np.argmax(np.diff(bass_adoption(p, q, time)))]
    assert fastest == pytest.approx(peak, abs=0.05)


def test_without_imitation_the_same_share_of_those_left_adopts():
    found = line(outcome(imitation=0), "adopted_at_end")
    assert found == pytest.approx([1 - np.exp(-0.03 * year) for year in range(1, 9)], rel=1e-13)


def test_new_adopters_add_up_to_those_who_have_adopted():
    found = outcome(counted="new_adopters")
    assert sum(line(found, "new_adopters")) == pytest.approx(1e6 * line(found, "adopted_at_end")[-1], rel=1e-13)
    assert found.figures == pytest.approx(np.array(line(found, "new_adopters")) * 100, rel=1e-14)


def test_users_are_the_mean_of_start_and_end_for_the_length_of_the_period():
    found = outcome(first_period=0.5)
    ends = bass_adoption(0.03, 0.38, np.array([0, 0.5, 1.5]))
    assert line(found, "users")[:2] == pytest.approx(
        [1e6 * (ends[0] + ends[1]) / 2 / 2, 1e6 * (ends[1] + ends[2]) / 2], rel=1e-13
    )


def test_a_product_already_launched_goes_on_from_where_it_is():
    assert outcome(years_since_launch=3).figures[:5] == pytest.approx(outcome().figures[3:], rel=1e-13)


@given(share=st.floats(0.01, 1), price=st.floats(0, 1e4))
def test_revenue_scales_with_market_and_price(share, price):
    found = outcome(final_share=share, revenue_each=price)
    assert found.figures == pytest.approx(outcome().figures * share * price / 100, rel=1e-12)


@given(p=st.floats(0.001, 0.2), q=st.floats(0, 2))
def test_adoption_rises_from_none_to_all(p, q):
    shares = bass_adoption(p, q, np.linspace(0, 60, 61))
    assert shares[0] == 0
    assert np.all(np.diff(shares) >= 0)
    assert shares[-1] <= 1


def test_prices_may_change_by_year():
    prices = [100, 90, 80, 70, 60, 50, 40, 30]
    assert outcome(revenue_each=prices).figures == pytest.approx(outcome().figures * np.array(prices) / 100, rel=1e-14)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"curve": "logistic"}, "lacks speed, midpoint"),
        ({"revenue_each": [1, 2]}, "covers 2 years"),
        ({"innovation": 0}, "innovation"),
        ({"final_share": 1.5}, "final_share"),
    ],
)
def test_refuses_in_a_sentence(changed, said):
    with pytest.raises(InputError, match=said):
        outcome(**changed)

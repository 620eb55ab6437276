"""Options: figures of two books, closed forms the tree must meet, and trees walked node by node."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from valuation.finance import CALL, PUT, european_option, tree_option, up_probability

DAMODARAN = (350.0, 500.0, 0.04, 1 / 17, 0.25, 17.0)

terms = st.tuples(
    st.floats(20, 200), st.floats(20, 200), st.floats(0.0, 0.1), st.floats(0.0, 0.1), st.floats(0.15, 0.9),
    st.floats(0.1, 10),
)  # fmt: skip
sides = st.sampled_from([CALL, PUT])


def tree(*stated, side=CALL, steps=200):
    return float(tree_option(*stated, side=side, steps=steps))


def test_european_call_of_haug():
    assert european_option(60.0, 65.0, 0.08, 0.0, 0.3, 0.25) == pytest.approx(2.1333684449162007, rel=1e-13)


def test_the_patent_of_a_widely_copied_slide_is_not_worth_what_it_prints():
    """It prints N(d1) = 0.5285 and 37.12; neither follows from its inputs."""
    assert european_option(*DAMODARAN) == pytest.approx(26.600089385263452, rel=1e-13)
    assert tree(*DAMODARAN, steps=2000) == pytest.approx(43.9648, abs=5e-5)


def test_american_puts_of_longstaff_and_schwartz():
    """Their finite differences, 50 exercise dates a year: within the tolerance of QuantLib's own test."""
    assert tree(36.0, 40.0, 0.06, 0.0, 0.2, 1.0, side=PUT, steps=1000) == pytest.approx(4.478, abs=0.012)
    assert tree(44.0, 40.0, 0.06, 0.0, 0.4, 2.0, side=PUT, steps=1000) == pytest.approx(5.647, abs=0.012)


@settings(max_examples=20, deadline=None)
@given(stated=terms, side=sides)
def test_european_is_the_discounted_mean_gain(stated, side):
    """Integrated over what the value may be at the end."""
    spot, strike, risk_free, leakage, volatility, years = stated
    drift = (risk_free - leakage - volatility**2 / 2) * years
    swing = volatility * math.sqrt(years)

    def gain(score):
        chance = math.exp(-(score**2) / 2) / math.sqrt(2 * math.pi)
        return max(side * (spot * math.exp(drift + swing * score) - strike), 0.0) * chance

    at_the_money = (math.log(strike / spot) - drift) / swing
    ends = (at_the_money, 12 + swing) if side == CALL else (-12, at_the_money)
    mean = quad(gain, *ends, epsabs=1e-12, limit=200)[0] if ends[0] < ends[1] else 0.0
    assert european_option(*stated, side=side) == pytest.approx(math.exp(-risk_free * years) * mean, rel=1e-6, abs=1e-7)


@given(stated=terms)
def test_a_call_less_a_put_is_the_forward(stated):
    spot, strike, risk_free, leakage, _, years = stated
    forward = spot * np.exp(-leakage * years) - strike * np.exp(-risk_free * years)
    difference = european_option(*stated, side=CALL) - european_option(*stated, side=PUT)
    assert difference == pytest.approx(forward, rel=1e-9, abs=1e-9)


def walked(spot, strike, risk_free, leakage, volatility, years, side, steps):
    """The same tree, one node after the other."""
    step = years / steps
    up = math.exp(volatility * math.sqrt(step))
    chance = (math.exp((risk_free - leakage) * step) - 1 / up) / (up - 1 / up)

    @cache
    def worth(date, ups):
        gain = side * (spot * up ** (2 * ups - date) - strike)
        if date == steps:
            return max(gain, 0.0)
        later = chance * worth(date + 1, ups + 1) + (1 - chance) * worth(date + 1, ups)
        return max(math.exp(-risk_free * step) * later, gain)

    return worth(0, 0)


def test_five_steps_of_a_textbook():
    """Hull, Options, Futures and Other Derivatives, American put of five months in five steps: 4.49 (from memory)."""
    assert tree_option(50, 50, 0.1, 0, 0.4, 5 / 12, side=PUT, steps=5) == pytest.approx(4.49, abs=0.005)


@settings(max_examples=20, deadline=None)
@given(stated=terms, side=sides, steps=st.integers(1, 30))
def test_on_the_last_day_only_the_tree_is_a_sum_over_its_ends(stated, side, steps):
    """Each end by the number of ways to it, the binomial chance of it, and what it is worth."""
    spot, strike, risk_free, leakage, volatility, years = stated
    chance = float(up_probability(risk_free, leakage, volatility, years, steps))
    if 0 < chance < 1:
        up = math.exp(volatility * math.sqrt(years / steps))
        ends = (
            math.comb(steps, ups) * chance**ups * (1 - chance) ** (steps - ups)
            * max(side * (spot * up ** (2 * ups - steps) - strike), 0.0)
            for ups in range(steps + 1)
        )  # fmt: skip
        found = tree_option(*stated, side=side, steps=steps, early=False)
        assert found == pytest.approx(math.exp(-risk_free * years) * sum(ends), rel=1e-9, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(stated=terms, side=sides, steps=st.integers(5, 40))
def test_the_tree_is_the_tree_walked_node_by_node(stated, side, steps):
    if 0 < up_probability(*stated[2:], steps) < 1:
        assert tree(*stated, side=side, steps=steps) == pytest.approx(walked(*stated, side, steps), rel=1e-10)


@settings(max_examples=20, deadline=None)
@given(stated=terms, side=sides)
def test_the_right_to_choose_the_day_is_worth_something_or_nothing(stated, side):
    """Never less than using it now, nor, but for the tree's own error, than having to wait."""
    now = max(side * (stated[0] - stated[1]), 0.0)
    american = tree(*stated, side=side)
    assert american >= now
    assert american >= european_option(*stated, side=side) - 0.01 * stated[0]


def test_without_a_cost_of_delay_nobody_launches_early():
    stated = (100.0, 110.0, 0.05, 0.0, 0.3, 2.0)
    assert tree(*stated, steps=2000) == pytest.approx(european_option(*stated), rel=1e-3)


def test_a_right_without_end_is_the_closed_form_of_mcdonald_and_siegel():
    """Two centuries stand for ever: strike / (b - 1) x (spot (b - 1) / (strike b)) ** b."""
    risk_free, leakage, volatility = 0.04, 0.06, 0.3
    half = 0.5 - (risk_free - leakage) / volatility**2
    b = half + math.sqrt(half**2 + 2 * risk_free / volatility**2)
    for_ever = 100 / (b - 1) * (80 * (b - 1) / (100 * b)) ** b
    assert tree(80.0, 100.0, risk_free, leakage, volatility, 200.0, steps=4000) == pytest.approx(for_ever, rel=2e-3)


def test_more_options_than_fit_at_once_are_each_their_own():
    spots = np.linspace(50, 150, 600).reshape(2, 300, 1)
    together = tree_option(spots, 100.0, 0.03, 0.05, 0.4, 3.0, steps=20)
    assert together.shape == spots.shape
    alone = [tree(spot, 100.0, 0.03, 0.05, 0.4, 3.0, steps=20) for spot in (spots[0, 0, 0], spots[1, 200, 0])]
    assert [together[0, 0, 0], together[1, 200, 0]] == pytest.approx(alone, rel=1e-14)


def test_a_step_that_is_too_long_gives_no_figure():
    """Its up-probability leaves 0 to 1 where the step exceeds volatility² / (risk-free rate - leakage)²."""
    calm = (100.0, 100.0, 0.1, 0.0, 0.05, 4.0)
    enough = math.ceil(4.0 * 0.1**2 / 0.05**2)
    assert math.isnan(tree(*calm, steps=enough - 2))
    assert math.isfinite(tree(*calm, steps=enough + 2))

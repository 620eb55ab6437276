"""Selling quickly at a discount, or slowly at the price of the day: reference values and never both at once."""

import numpy as np
import pytest
from readings import outcome_of

from valuation.lending.sale_time import retained_while_waiting

SLOW = {"value": 100, "sold_within_a_year": 0.3, "log_drift": -0.28, "money_rate": float(np.expm1(0.05))}


def sale(**changed):
    inputs = {**SLOW, "forced_sale_discount": 0.5, **changed}
    return {line.name: line.values[0] for line in outcome_of("lending.sale_time", inputs).lines}


def test_waiting_without_an_end():
    assert retained_while_waiting(1.5, 0.28, 0.05) == pytest.approx(0.819672131147541, rel=1e-14)


def test_the_mean_time_understates_what_waiting_leaves():
    at_mean_time = np.exp(-0.33 / 1.5)
    assert at_mean_time == pytest.approx(0.8025187979624785, rel=1e-14)
    assert retained_while_waiting(1.5, 0.28, 0.05) > at_mean_time


def test_waiting_with_an_end_and_scrap():
    found = retained_while_waiting(1.5, 0.28, 0.05, longest_wait=1.0, scrap=0.1)
    assert found == pytest.approx(0.7042269569618019, rel=1e-14)


def test_of_packages_of_which_three_in_ten_are_sold_in_a_year():
    lines = sale(longest_wait=2, scrap=0.1)
    assert lines["sale_rate"] == pytest.approx(0.35667494393873245, rel=1e-14)
    assert lines["retained_while_waiting"] == pytest.approx(0.41320132541497073, rel=1e-14)


def test_by_counting_the_days_of_sale():
    """200,000 even steps through the exponential time."""
    times = -np.log1p(-(np.arange(200_000) + 0.5) / 200_000) / 1.5
    worth = np.where(times < 1, np.exp(-0.33 * times), 0.1 * np.exp(-0.33))
    found = retained_while_waiting(1.5, 0.28, 0.05, longest_wait=1.0, scrap=0.1)
    assert found == pytest.approx(worth.mean(), rel=1e-5)


def test_the_better_way_is_taken_and_never_both():
    """A discount and a waiting time on one sale would count the same loss twice."""
    quick = sale(forced_sale_discount=0.2)
    slow = sale(forced_sale_discount=0.9)
    assert quick["better_sale"] == quick["quick_sale"] == pytest.approx(80)
    assert slow["better_sale"] == slow["slow_sale"] == quick["slow_sale"]


def test_a_longer_wait_for_buyers_leaves_less():
    kept = [sale(sold_within_a_year=sold)["slow_sale"] for sold in (0.9, 0.5, 0.2, 0.05)]
    assert kept == sorted(kept, reverse=True)

"""Depreciation: five ways to spread a cost over life or use."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.finance import (
    declining_balance_depreciation,
    fixed_declining_balance_depreciation,
    straight_line_depreciation,
    sum_of_years_depreciation,
    units_of_production_depreciation,
)

COST, SALVAGE, LIFE = 58_000, 10_000, 5


def test_straight_line_takes_the_same_every_year():
    assert straight_line_depreciation(COST, np.array([1.0, 2.0]), LIFE, salvage=SALVAGE) == pytest.approx(
        [9_600, 19_200]
    )


def test_units_of_production_takes_the_same_every_unit():
    assert units_of_production_depreciation(COST, 180_000, 960_000, salvage=SALVAGE) == pytest.approx(9_000)


def test_double_declining_balance_takes_two_fifths_of_what_is_left():
    used_up = declining_balance_depreciation(COST, np.array([1.0, 2.0]), LIFE, salvage=SALVAGE)
    assert used_up == pytest.approx([23_200, 37_120])


@given(life=st.integers(1, 12), salvage=st.floats(100, 50_000))
def test_falling_shares_year_by_year(life, salvage):
    """Sum of years: n, n - 1, … 1. Fixed declining: one share of what is left, which ends at the salvage value."""
    left, share, used_up = float(COST), 1 - (salvage / COST) ** (1 / life), 0.0
    for year in range(1, life + 1):
        left -= left * share
        used_up += (COST - salvage) * (life - year + 1) / (life * (life + 1) / 2)
        fixed = fixed_declining_balance_depreciation(COST, year, life, salvage=salvage)
        assert fixed == pytest.approx(COST - left, rel=1e-9)
        assert sum_of_years_depreciation(COST, year, life, salvage=salvage) == pytest.approx(used_up, rel=1e-9)
    assert left == pytest.approx(salvage)


@pytest.mark.parametrize(
    "way",
    [
        straight_line_depreciation,
        sum_of_years_depreciation,
        units_of_production_depreciation,
        declining_balance_depreciation,
        fixed_declining_balance_depreciation,
    ],
)
def test_nothing_new_is_used_up_and_nothing_goes_below_salvage(way):
    assert way(COST, np.array([0.0, 4.9, 50.0]), LIFE, salvage=SALVAGE)[[0, 2]] == pytest.approx([0, COST - SALVAGE])


def test_a_declining_balance_shorter_than_its_multiple_is_used_up_in_the_first_year():
    """A share above 1 would leave a negative rest, and its root no number."""
    assert declining_balance_depreciation(COST, 1.5, 1.2) == COST

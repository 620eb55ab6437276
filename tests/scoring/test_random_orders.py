"""Estimates from random orders: against exact values, and their stated errors against those of repetition."""

import numpy as np
import pytest

from valuation.errors import InputError
from valuation.scoring import orders_needed, permutation_shapley, shapley_of_largest


def additive_with_a_bonus(joined):
    """Each source its own figure, and 5 for 0 and 1 together: contributions own + 2.5 for these two."""
    return joined @ np.arange(1.0, joined.shape[1] + 1) + 5.0 * (joined[:, 0] & joined[:, 1])


def largest(joined):
    return np.max(joined * np.arange(1.0, joined.shape[1] + 1), axis=1)


def test_estimates_lie_within_their_errors():
    """Of 30 sources some may lie two errors off, and none five."""
    exact = shapley_of_largest(np.arange(1.0, 31))
    found = permutation_shapley(largest, 30, orders=4000)
    off = np.abs(found.contributions - exact) / np.where(found.standard_errors > 0, found.standard_errors, 1)
    assert np.max(off) < 5
    assert np.mean(off < 2) > 0.8


def test_the_stated_error_is_that_of_repetition():
    """The spread of many estimates with other seeds is what one says of itself."""
    found = [permutation_shapley(largest, 6, orders=40, seed=seed) for seed in range(300)]
    spread = np.std([each.contributions for each in found], axis=0, ddof=1)
    said = np.sqrt(np.mean([each.standard_errors**2 for each in found], axis=0))
    assert said == pytest.approx(spread, rel=0.2)


def test_estimates_share_out_the_whole_exactly():
    found = permutation_shapley(largest, 25, orders=10)
    assert found.contributions.sum() == pytest.approx(25, rel=1e-12)


def test_an_order_and_its_reverse_know_what_pairs_add_exactly():
    """Where gains go together by pairs, one of the two comes late in one order and early in the other."""
    found = permutation_shapley(additive_with_a_bonus, 4, orders=4)
    assert found.contributions == pytest.approx([3.5, 4.5, 3, 4], rel=1e-12)
    assert found.standard_errors == pytest.approx(np.zeros(4), abs=1e-12)


def test_the_same_seed_gives_the_same_orders():
    """Whatever numpy does to its distributions: these orders are of the raw generator."""
    first, again, other = (permutation_shapley(largest, 5, orders=20, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(first.contributions, again.contributions)
    assert not np.array_equal(first.contributions, other.contributions)


def test_many_orders_are_asked_for_in_several_calls():
    rows = []

    def counted(joined):
        rows.append(len(joined))
        return largest(joined)

    permutation_shapley(counted, 30, orders=2000)
    assert sum(rows) == 2000 * 31
    assert max(rows) <= 2**15


@pytest.mark.parametrize("orders", [0, 2, 7])
def test_an_error_needs_two_pairs_of_orders(orders):
    with pytest.raises(InputError, match=f"{orders} orders were asked for"):
        permutation_shapley(largest, 3, orders=orders)


def test_more_orders_are_needed_for_a_smaller_error():
    assert orders_needed(1.0, error=0.05, sources=10) == 4794
    assert orders_needed(1.0, error=0.025, sources=10) == pytest.approx(4 * 4794, rel=1e-3)

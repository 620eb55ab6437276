"""Contributions from coalitions: against orders counted one by one, against a subset loop, and by their axioms."""

from itertools import permutations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from valuation.errors import InputError
from valuation.scoring import (
    banzhaf,
    banzhaf_weights,
    duplicate_points,
    leave_one_out,
    leave_one_out_weights,
    mask_of,
    renormalised,
    shapley,
    shapley_of_largest,
    shapley_weights,
    substitutes,
)

RULES = [shapley, banzhaf, leave_one_out]


def game(sources, seed=0):
    return np.random.default_rng(seed).normal(size=2**sources)


def games(most=5):
    sizes = st.integers(1, most)
    return sizes.flatmap(lambda n: arrays(float, 2**n, elements=st.floats(-1e3, 1e3).map(lambda x: round(x, 6))))


def of_coalitions(sources, utility):
    """Utilities by mask of a function of the set of sources."""
    members = [{source for source in range(sources) if mask >> source & 1} for mask in range(2**sources)]
    return np.array([float(utility(each)) for each in members])


def by_orders(utilities, sources):
    """Shapley's own words: the mean gain over every order in which the sources can come."""
    gains = np.zeros(sources)
    orders = list(permutations(range(sources)))
    for order in orders:
        mask = 0
        for source in order:
            gains[source] += utilities[mask | 1 << source] - utilities[mask]
            mask |= 1 << source
    return gains / len(orders)


# Exact


@pytest.mark.parametrize("sources", range(1, 8))
def test_shapley_is_the_mean_over_all_orders(sources):
    utilities = game(sources)
    assert shapley(utilities) == pytest.approx(by_orders(utilities, sources), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("sources", range(1, 7))
def test_banzhaf_is_the_mean_with_less_the_mean_without(sources):
    """Another way to say it: all coalitions with the source against all without."""
    utilities, masks = game(sources), np.arange(2**sources)
    expected = [
        utilities[masks >> source & 1 == 1].mean() - utilities[masks >> source & 1 == 0].mean()
        for source in range(sources)
    ]
    assert banzhaf(utilities) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_leave_one_out_is_what_the_whole_loses():
    utilities = game(4)
    assert leave_one_out(utilities) == pytest.approx([utilities[15] - utilities[15 - (1 << at)] for at in range(4)])


@given(games())
def test_shapley_shares_out_the_whole(utilities):
    assert shapley(utilities).sum() == pytest.approx(utilities[-1] - utilities[0], abs=1e-9)


@pytest.mark.parametrize("rule", RULES)
@given(utilities=games(4), place=st.integers(0, 4))
def test_who_adds_nothing_anywhere_has_nothing(rule, utilities, place):
    sources = utilities.size.bit_length() - 1
    place = min(place, sources)
    parted = utilities.reshape(-1, 1, 2**place)
    with_idler = np.concatenate([parted, parted], axis=1).reshape(-1)
    found = rule(with_idler)
    assert found[place] == pytest.approx(0, abs=1e-11)
    assert np.delete(found, place) == pytest.approx(rule(utilities), abs=1e-9)


@pytest.mark.parametrize("rule", RULES)
def test_who_adds_alike_has_alike(rule):
    """Sources 0 and 2 are exchangeable in it, source 1 is not."""
    found = rule(of_coalitions(3, lambda members: len(members) ** 2 + 5 * (1 in members)))
    assert found[0] == pytest.approx(found[2], rel=1e-14)
    assert found[1] > found[0]


@pytest.mark.parametrize("rule", RULES)
@given(utilities=games(), factor=st.floats(-10, 10))
def test_contributions_add_and_scale_as_utilities_do(rule, utilities, factor):
    other = game(utilities.size.bit_length() - 1, seed=1)
    expected = factor * rule(utilities) + rule(other)
    assert rule(factor * utilities + other) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("rule", RULES)
def test_renamed_sources_keep_their_contributions(rule):
    utilities, new_place = game(4), [2, 0, 3, 1]
    renamed = np.empty(16)
    for mask in range(16):
        renamed[mask_of([new_place[source] for source in range(4) if mask >> source & 1])] = utilities[mask]
    assert rule(renamed)[new_place] == pytest.approx(rule(utilities), rel=1e-12)


@pytest.mark.parametrize("rule", RULES)
def test_each_row_of_a_batch_is_its_own(rule):
    rows = np.stack([game(4, seed) for seed in range(6)]).reshape(2, 3, 16)
    found = rule(rows)
    assert found.shape == (2, 3, 4)
    assert found[1, 2] == pytest.approx(rule(rows[1, 2]), rel=1e-14)


def test_twenty_sources_are_counted_out():
    """A game with a known answer: each source brings its own figure, whoever else is there."""
    own = np.arange(1.0, 21)
    utilities = np.zeros(2**20)
    for source, figure in enumerate(own):
        utilities.reshape(-1, 2, 2**source)[:, 1, :] += figure
    assert shapley(utilities) == pytest.approx(own, rel=1e-12)


@pytest.mark.parametrize("sources", [1, 2, 5, 20])
def test_the_weights_of_all_gains_are_chances(sources):
    """Over all coalitions of the others they add up to 1."""
    ways = [comb(sources - 1, size) for size in range(sources)]
    for weights in (shapley_weights, banzhaf_weights, leave_one_out_weights):
        assert weights(sources) @ ways == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize(
    ("utilities", "said"),
    [
        ([1.0], "1 utilities are not those of all coalitions"),
        (5.0, "0 utilities"),
        (np.zeros(12), "12 utilities"),
        (np.zeros(2**21), "21 sources have too many coalitions to count out; at most 20 are"),
    ],
)
def test_what_is_no_table_of_coalitions_is_refused(utilities, said):
    with pytest.raises(InputError, match=said):
        shapley(utilities)


# Shares of the whole


def test_renormalised_contributions_add_up_to_the_whole():
    utilities = of_coalitions(4, lambda members: len(members) > 2)
    assert banzhaf(utilities).sum() == pytest.approx(1.5)
    assert renormalised(banzhaf(utilities), utilities) == pytest.approx([0.25] * 4)


def test_contributions_that_add_up_to_nothing_share_nothing_out():
    """Two copies of one source: the loss of either is nothing."""
    utilities = of_coalitions(2, bool)
    with pytest.raises(InputError, match="add up to 0"):
        renormalised(leave_one_out(utilities), utilities)


def test_the_largest_decides_as_counted_out():
    figures = np.array([3.0, 1.0, 7.0, 3.0, 0.5])
    expected = shapley(of_coalitions(5, lambda members: max((figures[at] for at in members), default=0.0)))
    assert shapley_of_largest(figures) == pytest.approx(expected, rel=1e-12)


# Copies


def test_a_copy_raises_its_owners_part_where_sources_overlap():
    """Any one of three will do: with two of them a copy of the other, half becomes two thirds."""
    any_will_do = of_coalitions(3, bool)
    assert shapley(of_coalitions(2, bool))[0] == 0.5
    assert shapley(any_will_do)[:2].sum() == pytest.approx(2 / 3)
    assert substitutes(any_will_do) == [(0, 1), (0, 2), (1, 2)]


def test_a_copy_lowers_its_owners_part_where_sources_complete_each_other():
    """Two left gloves for one right: half becomes a third. So a copy is to be looked at either way."""
    gloves = of_coalitions(3, lambda members: bool(members & {0, 1}) and 2 in members)
    assert shapley(gloves)[:2].sum() == pytest.approx(1 / 3)
    assert substitutes(gloves) == [(0, 1)]


def test_near_copies_are_found_within_what_is_said():
    utilities = of_coalitions(3, lambda members: bool(members & {0, 1}) + bool(members & {2}) + 0.01 * (0 in members))
    assert substitutes(utilities) == []
    assert substitutes(utilities, within=0.005) == [(0, 1)]


def test_sources_that_add_nothing_are_no_copies_of_each_other():
    assert substitutes(of_coalitions(3, lambda members: 2 in members)) == []


def test_equal_points_are_found_in_groups_by_first_place():
    points = [[1, 2], [0, 0], [1, 2], [3, 3], [-0.0, 0], [1, 2]]
    assert duplicate_points(points) == [[0, 2, 5], [1, 4]]
    assert duplicate_points([[1, 2], [1, 3]]) == []

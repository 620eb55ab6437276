"""Nearest-neighbour Shapley values: against every subset counted out, and against a plain loop over the test points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from valuation.errors import InputError
from valuation.scoring import (
    knn_shapley,
    matching_values,
    regression_knn_shapley,
    regression_values,
    shapley,
    soft_label_knn_shapley,
    soft_label_values,
    threshold_knn_shapley,
    threshold_values,
)

GUESS = 1 / 3
every_size = pytest.mark.parametrize("points", range(1, 8))
every_count = pytest.mark.parametrize("neighbours", range(1, 10))


def counted_out(points, utility):
    """Exact Shapley values of a utility of the sorted places of those who are in."""
    sets = [[at for at in range(points) if mask >> at & 1] for mask in range(2**points)]
    return shapley([float(utility(each)) for each in sets])


def close(expected, *, within=1e-12):
    return pytest.approx(expected, rel=within, abs=within)


# The closed forms, for every number of points and neighbours


@every_size
@every_count
def test_matching_labels_as_counted_out(points, neighbours):
    for labels in range(2**points):
        matches = np.array([labels >> at & 1 for at in range(points)])
        expected = counted_out(points, lambda near, m=matches: m[near[:neighbours]].sum() / neighbours)
        assert matching_values(matches, neighbours) == close(expected)


@every_size
@every_count
def test_soft_labels_as_counted_out(points, neighbours):
    for labels in range(2**points):
        matches = np.array([labels >> at & 1 for at in range(points)])
        expected = counted_out(points, lambda near, m=matches: m[near[:neighbours]].mean() if near else GUESS)
        assert soft_label_values(matches, neighbours, GUESS) == close(expected)


@every_size
def test_points_within_a_radius_as_counted_out(points):
    random = np.random.default_rng(points)
    for _ in range(40):
        matches, near = random.integers(0, 2, points), random.integers(0, 2, points).astype(bool)

        def share(members, matches=matches, near=near):
            inside = [at for at in members if near[at]]
            return matches[inside].mean() if inside else GUESS

        assert threshold_values(matches, near, GUESS) == close(counted_out(points, share))


@every_size
@every_count
def test_regression_as_counted_out(points, neighbours):
    random = np.random.default_rng(points)
    for _ in range(10):
        targets, target = random.normal(size=points), random.normal()

        def less_error(near, y=targets, aim=target):
            return -((y[near[:neighbours]].sum() / neighbours - aim) ** 2) if near else 0.0

        expected = counted_out(points, less_error)
        assert regression_values(targets, target, neighbours) == close(expected)


def test_figures_worked_out_by_hand_elsewhere():
    """Matches 1, 0, 1, 1 with two neighbours and two classes; targets 1, 2, 0.5 for 1.5."""
    matches = [1, 0, 1, 1]
    assert matching_values(matches, 2) == close([0.25, -0.25, 0.25, 0.25])
    assert soft_label_values(matches, 2, 0.5) == close([1 / 6, -1 / 2, 1 / 6, 1 / 6])
    threshold = threshold_values(matches, [1, 1, 1, 0], 0.5)
    assert threshold == close([0.30555556, -0.44444444, 0.30555556, 0], within=1e-8)
    assert threshold.sum() == close(1 / 6)
    regression = regression_values([1, 2, 0.5], 1.5, 2)
    assert regression == close([-0.10416667, 0.52083333, -0.41666667], within=1e-7)
    assert regression.sum() == close(0)


# What must hold for any labels


labels = st.integers(1, 60).flatmap(lambda n: arrays(float, n, elements=st.sampled_from([0.0, 1.0])))


@given(labels, st.integers(1, 70))
def test_the_values_add_up_to_what_all_points_reach(matches, neighbours):
    reached = matches[:neighbours]
    assert matching_values(matches, neighbours).sum() == close(reached.sum() / neighbours)
    assert soft_label_values(matches, neighbours, GUESS).sum() == close(reached.mean() - GUESS)
    near = np.arange(matches.size) < neighbours
    assert threshold_values(matches, near, GUESS).sum() == close(reached.mean() - GUESS)


@given(arrays(float, st.integers(1, 40), elements=st.floats(-50, 50)), st.floats(-50, 50), st.integers(1, 50))
def test_regression_values_add_up_to_less_the_squared_error(targets, target, neighbours):
    error = -((targets[:neighbours].sum() / neighbours - target) ** 2)
    assert regression_values(targets, target, neighbours).sum() == pytest.approx(error, rel=1e-9, abs=1e-8)


@given(labels, st.integers(1, 70))
def test_neighbours_with_the_same_label_are_worth_the_same(matches, neighbours):
    """So to swap the labels of duplicates swaps nothing but their values."""
    values = matching_values(matches, neighbours)
    same = matches[1:] == matches[:-1]
    assert np.all(values[1:][same] == values[:-1][same])


# On features: against a plain loop


def looped(points, test_points, values):
    """Mean over the test points of values(test point, places by distance), handed back to the points."""
    total = np.zeros(len(points))
    for at, one in enumerate(test_points):
        order = np.argsort(np.sum((points - one) ** 2, axis=1), kind="stable")
        total[order] += values(at, order)
    return total / len(test_points)


@pytest.fixture(scope="module")
def data():
    """More test points than one block, and a number of them that no block divides."""
    random = np.random.default_rng(5)
    points, test_points = random.normal(size=(400, 6)), random.normal(size=(53, 6))
    return points, random.integers(0, 4, 400), test_points, random.integers(0, 4, 53)


@pytest.mark.parametrize("neighbours", [1, 5, 400, 500])
def test_labels_on_features_as_in_a_loop(data, neighbours):
    points, labels, test_points, test_labels = data
    expected = looped(
        points, test_points, lambda at, order: matching_values(labels[order] == test_labels[at], neighbours)
    )
    assert knn_shapley(*data, neighbours=neighbours) == pytest.approx(expected, abs=1e-15)
    expected = looped(
        points, test_points, lambda at, order: soft_label_values(labels[order] == test_labels[at], neighbours, 1 / 4)
    )
    assert soft_label_knn_shapley(*data, neighbours=neighbours) == pytest.approx(expected, abs=1e-15)


def test_a_radius_on_features_as_in_a_loop(data):
    points, labels, test_points, test_labels = data

    def values(at, order):
        near = np.sum((points[order] - test_points[at]) ** 2, axis=1) <= 2.5**2
        return threshold_values(labels[order] == test_labels[at], near, 1 / 4)

    found = threshold_knn_shapley(*data, radius=2.5)
    assert found == pytest.approx(looped(points, test_points, values), abs=1e-15)
    assert np.any(found == 0)


@pytest.mark.parametrize("neighbours", [1, 5, 400, 500])
def test_targets_on_features_as_in_a_loop(data, neighbours):
    points, labels, test_points, test_labels = data
    targets, test_targets = np.sin(labels + points[:, 0]), np.sin(test_labels + test_points[:, 0])
    expected = looped(
        points, test_points, lambda at, order: regression_values(targets[order], test_targets[at], neighbours)
    )
    found = regression_knn_shapley(points, targets, test_points, test_targets, neighbours=neighbours)
    assert found == pytest.approx(expected, abs=1e-14)


@settings(max_examples=30)
@given(st.data())
def test_points_equally_far_stand_in_their_own_order(data):
    """On a grid most distances are ties: a stable sort keeps the order of the points, and so do we."""
    count = data.draw(st.integers(1, 20))
    points = data.draw(arrays(float, (count, 2), elements=st.integers(0, 2).map(float)))
    labels = data.draw(arrays(int, count, elements=st.integers(0, 2)))
    test_points = data.draw(arrays(float, (3, 2), elements=st.integers(0, 2).map(float)))
    expected = looped(points, test_points, lambda at, order: matching_values(labels[order] == at, 2))
    assert knn_shapley(points, labels, test_points, [0, 1, 2], neighbours=2) == close(expected)


def test_points_far_from_the_origin_are_as_near_as_anywhere(data):
    """Squares of large figures taken from each other lose digits; the mean is taken off first."""
    points, labels, test_points, test_labels = data
    moved = knn_shapley(points + 1e6, labels, test_points + 1e6, test_labels)
    assert moved == pytest.approx(knn_shapley(*data), abs=1e-15)


def test_one_thread_and_several_give_the_same_bytes(data):
    assert np.array_equal(knn_shapley(*data, threads=3), knn_shapley(*data))
    assert np.array_equal(threshold_knn_shapley(*data, radius=2.5, threads=3), threshold_knn_shapley(*data, radius=2.5))


def test_labels_may_be_words(data):
    points, labels, test_points, test_labels = data
    words = np.array(["cat", "dog", "owl", "fox"])
    found = knn_shapley(points, words[labels], test_points, words[test_labels])
    assert np.array_equal(found, knn_shapley(*data))


def test_the_sum_is_the_accuracy_of_the_model(data):
    points, labels, test_points, test_labels = data
    order = np.argsort(np.sum((test_points[:, None] - points) ** 2, axis=2), axis=1)[:, :5]
    accuracy = np.mean(labels[order] == test_labels[:, None])
    assert knn_shapley(*data).sum() == close(accuracy)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"points": np.zeros(4)}, "points of shape"),
        ({"points": np.zeros((0, 2))}, "points of shape"),
        ({"test_points": [[np.nan, 1.0]]}, "test_points of shape"),
        ({"test_points": [[1.0, 2.0, 3.0]]}, "different features"),
        ({"labels": [1]}, "every point needs one label"),
        ({"test_labels": [[1]]}, "every point needs one label"),
        ({"neighbours": 0}, "0 neighbours predict nothing"),
    ],
)
def test_data_that_do_not_fit_are_refused(changed, said):
    good = {"points": [[0.0, 1.0], [1.0, 1.0]], "labels": [0, 1], "test_points": [[0.0, 0.0]], "test_labels": [1]}
    given = {**good, **changed}
    with pytest.raises(InputError, match=said):
        knn_shapley(**given)

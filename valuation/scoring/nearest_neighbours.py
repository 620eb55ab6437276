"""What each point of the training data adds to a nearest-neighbour model: Shapley values in closed form, on arrays.

The model predicts a test point from its K nearest training points. Its Shapley values need one sort a test point, not
2 ** n trainings, so ten thousand points are valued in a fraction of a second. They rank points and sum to a score for
each source; they are relative to these features, this test set and K, and no money until a pool is split by them.

Points are (point, feature), labels and targets (point,). Each function hands back one figure a training point: the mean
over the test points. Their sum is the mean utility of all points above that of none. Points equally far, as far as the
digits of their distances tell, stand in their own order. Sources: R. Jia and others (2019), J. T. Wang and R. Jia
(2023), by pyDVL and from memory; every form was checked by brute force.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.scoring.distance_order import MATCH, Bits, DistanceOrder
from valuation.workings import FloatArray


def knn_shapley(
    points: Any, labels: Any, test_points: Any, test_labels: Any, *, neighbours: int = 5, threads: int = 1
) -> FloatArray:
    """Part of each training point in the accuracy of K nearest neighbours, where a missing neighbour counts as wrong.

    Utility of a set: its right labels among its K nearest, over K; none: 0. See matching_values.
    """
    data = DistanceOrder(points, labels, test_points, test_labels, neighbours)
    return data.mean_in_order(lambda at, keys: matching_values(keys & MATCH, neighbours), threads)


def soft_label_knn_shapley(
    points: Any, labels: Any, test_points: Any, test_labels: Any, *, neighbours: int = 5, threads: int = 1
) -> FloatArray:
    """Part of each training point in the share of right labels among the neighbours there are.

    Utility of a set: its right labels among its K nearest, over the number of these; none: a guess, 1 over the number
    of classes in the training data. See soft_label_values.
    """
    data = DistanceOrder(points, labels, test_points, test_labels, neighbours)
    return data.mean_in_order(lambda at, keys: soft_label_values(keys & MATCH, neighbours, data.guess), threads)


def threshold_knn_shapley(
    points: Any, labels: Any, test_points: Any, test_labels: Any, *, radius: float, threads: int = 1
) -> FloatArray:
    """Part of each training point in the share of right labels within a radius; it needs no sort.

    Utility of a set: share of right labels among its points within the radius (the edge counts); none there: a guess,
    1 over the number of classes in the training data. Points outside have no part. See threshold_values.
    """
    data = DistanceOrder(points, labels, test_points, test_labels, 1)

    def summed(at: slice) -> FloatArray:
        near = data.distances(at) <= radius**2
        return np.asarray(np.sum(threshold_values(data.matches(at), near, data.guess), axis=0))

    return data.mean(summed, threads)


def regression_knn_shapley(
    points: Any, targets: Any, test_points: Any, test_targets: Any, *, neighbours: int = 5, threads: int = 1
) -> FloatArray:
    """Part of each training point in minus the squared error of the mean of K nearest neighbours. Scale the targets.

    Utility of a set: -(sum of its K nearest targets over K - target)^2; none: 0. A set of fewer than K predicts too
    near to 0, by this convention. If none is to predict 0, add the mean of target^2 over n to each. See
    regression_values.
    """
    data = DistanceOrder(points, targets, test_points, test_targets, neighbours)

    def values(at: slice, keys: Bits) -> FloatArray:
        return regression_values(data.labels[data.owners_twice(keys) >> 1], data.test_labels[at, None], neighbours)

    return data.mean_in_order(values, threads)


def duplicate_points(points: Any) -> list[list[int]]:
    """Groups of training points that are the same in every feature: look at them before their shares are added up.

    Copies share one place in the order, so their owner is paid for each. The first of a group is the original if the
    points are in order of arrival.
    """
    given = np.ascontiguousarray(np.asarray(points, dtype=float)) + 0.0  # -0 is 0
    _, group, count = np.unique(given, axis=0, return_inverse=True, return_counts=True)
    group = group.reshape(-1)
    together = np.argsort(group, kind="stable")
    parts = np.split(together, np.cumsum(count)[:-1])
    return sorted(part.tolist() for part in parts if part.size > 1)


# In order of distance: the closed forms, (..., n) with the nearest first


def matching_values(matches: Any, neighbours: int) -> FloatArray:
    """Shapley values of points whose labels match (1) or not (0), the nearest first; a missing neighbour is wrong.

    Matches 1, 0, 1, 1 with K = 2: .25, -.25, .25, .25.
    """
    given = np.asarray(matches, dtype=float)
    count = given.shape[-1]
    place = np.arange(1.0, count)
    last = given[..., -1:] / max(neighbours, count)
    return _from_the_farthest(last, given, np.minimum(neighbours, place) / (place * neighbours))


def soft_label_values(matches: Any, neighbours: int, guess: float) -> FloatArray:
    """As matching_values, where a missing neighbour is not counted and none at all is a guess.

    Matches 1, 0, 1, 1 with K = 2 and a guess of 1/2: 1/6, -1/2, 1/6, 1/6.
    """
    given = np.asarray(matches, dtype=float)
    count = given.shape[-1]
    counted = min(neighbours, count)
    harmonic = np.sum(1 / np.arange(1.0, counted + 1))
    last = given[..., -1:] - guess
    if count > 1:
        others = np.sum(given[..., :-1], axis=-1, keepdims=True) / (count - 1)
        last = last + (given[..., -1:] - others) * (harmonic - 1)
    place = np.arange(1.0, count)
    ahead = np.minimum(place, counted) * (count - 1) / place - counted
    weights = (harmonic + ahead / counted) / max(count - 1, 1)
    return _from_the_farthest(last / count, given, weights)


def threshold_values(matches: Any, near: Any, guess: float) -> FloatArray:
    """Shapley values where all points within a radius count and all others have no part, in any order.

    Matches 1, 0, 1, 1, the first three near, a guess of 1/2: 11/36, -4/9, 11/36, 0.
    """
    given, within = np.asarray(matches, dtype=float), np.asarray(near, dtype=bool)
    count = np.sum(within, axis=-1, keepdims=True)
    rank = np.arange(1.0, given.shape[-1] + 1)
    harmonic = np.append(0.0, np.cumsum(1 / rank))[count]
    right = np.sum(given * within, axis=-1, keepdims=True)
    others = (right - given) / np.maximum(count - 1, 1)
    beside = np.where(count > 1, (given - others) * (harmonic - 1), 0.0)
    return np.asarray(np.where(within, (given - guess + beside) / np.maximum(count, 1), 0.0))


def regression_values(targets: Any, target: Any, neighbours: int) -> FloatArray:
    """Shapley values of training targets, the nearest first, in minus the squared error of their mean over K.

    Targets 1, 2, 0.5 for a target of 1.5 with K = 2: -.10416667, .52083333, -.41666667.
    """
    y, aim = np.asarray(targets, dtype=float), np.asarray(target, dtype=float)
    count = y.shape[-1]
    if neighbours >= count:  # all are neighbours in every set, and the recursion would divide by zero
        together = np.sum(y, axis=-1, keepdims=True) / neighbours
        return np.asarray((2 * aim - together) * y / neighbours - aim**2 / count)
    farthest = y[..., -1:] / neighbours
    others = np.sum(y[..., :-1], axis=-1, keepdims=True) / (count - 1)
    first = (neighbours - 1) / count * farthest * (farthest - 2 * aim + others)
    last = -first - (farthest - aim) ** 2 / count
    place = np.arange(1.0, count)
    share = np.minimum(neighbours, place) / (place * neighbours)
    return _from_the_farthest(last, y, share * (2 * aim - _predicted_beside(y, neighbours)))


def _predicted_beside(y: FloatArray, neighbours: int) -> FloatArray:
    """What neighbours i and i + 1 (n - 1 columns) and those that stand beside them in the sets that count predict."""
    count = y.shape[-1]
    place = np.arange(1.0, count)
    kept = np.minimum(neighbours, place)
    nearer = np.cumsum(y, axis=-1)[..., :-1] - y[..., :-1]
    nearer = nearer * (kept - 1) / np.maximum(place - 1, 1)
    rank = np.arange(3.0, count + 1)  # of those beyond i + 1
    chance = np.minimum(neighbours, rank - 1) * np.minimum(neighbours - 1, rank - 2) / ((rank - 1) * (rank - 2))
    beyond = np.zeros(np.shape(y[..., 1:]))
    beyond[..., :-1] = _summed_from_the_farthest(chance * y[..., 2:])
    return np.asarray((nearer + y[..., :-1] + y[..., 1:] + beyond * place / kept) / neighbours)


def _from_the_farthest(last: FloatArray, figures: FloatArray, weights: FloatArray) -> FloatArray:
    """Values from the farthest on: each is the next farther one's plus the difference of their figures, weighed."""
    steps = np.empty(np.broadcast_shapes(figures.shape, last.shape))
    steps[..., -1:] = last
    np.subtract(figures[..., :-1], figures[..., 1:], out=steps[..., :-1])
    steps[..., :-1] *= weights
    return _summed_from_the_farthest(steps)


def _summed_from_the_farthest(steps: FloatArray) -> FloatArray:
    """Each step with all farther ones, in the steps' own memory."""
    np.cumsum(steps[..., ::-1], axis=-1, out=steps[..., ::-1])
    return steps

"""Ranking: against loops over single figures, and the traps of TOPSIS."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from valuation.errors import InputError
from valuation.scoring import closeness, fuzzy_evaluation, fuzzy_score, ideal_points, weighted_score

ALTERNATIVES = np.array([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]])
WEIGHTS = np.array([0.3, 0.4, 0.3])


def by_hand(scores, weights):
    """TOPSIS one figure after the other."""
    items, criteria = scores.shape
    norms = [sum(scores[i, j] ** 2 for i in range(items)) ** 0.5 for j in range(criteria)]
    v = [[weights[j] * scores[i, j] / norms[j] for j in range(criteria)] for i in range(items)]
    found = []
    for row in v:
        to_best = sum((row[j] - max(other[j] for other in v)) ** 2 for j in range(criteria)) ** 0.5
        to_worst = sum((row[j] - min(other[j] for other in v)) ** 2 for j in range(criteria)) ** 0.5
        found.append(to_worst / (to_best + to_worst))
    return found


@given(
    scores=arrays(float, st.tuples(st.integers(2, 6), st.just(3)), elements=st.floats(0.1, 10), unique=True),
    weights=arrays(float, 3, elements=st.floats(0.05, 1)),
)
def test_closeness_is_that_worked_out_one_by_one(scores, weights):
    found = closeness(scores, weights, ideal_points(scores))
    np.testing.assert_allclose(found, by_hand(scores, weights), rtol=1e-9, atol=1e-12)
    assert np.all((found >= 0) & (found <= 1))


def test_the_unit_of_a_criterion_does_not_matter():
    scaled = ALTERNATIVES * [1, 100, 0.01]
    np.testing.assert_allclose(
        closeness(scaled, WEIGHTS, ideal_points(scaled)),
        closeness(ALTERNATIVES, WEIGHTS, ideal_points(ALTERNATIVES)),
        rtol=1e-13,
    )


def test_another_member_of_the_set_turns_the_ranking_round():
    """The trap: the second leads the first, until a third comes, best in one thing and worst in the other."""
    two = np.array([[9, 1], [7, 2]])
    three = np.array([[9, 1], [7, 2], [2, 9]])
    weights = np.array([0.5, 0.5])
    before = closeness(two, weights, ideal_points(two))
    after = closeness(three, weights, ideal_points(three))
    assert np.argmax(before) != np.argmax(after[:2])


def test_kept_points_give_the_same_score_whoever_else_is_there():
    points = ideal_points(ALTERNATIVES)
    alone = [float(closeness(one, WEIGHTS, points)) for one in ALTERNATIVES]
    many = np.concatenate([ALTERNATIVES, np.random.default_rng(1).uniform(0, 20, (1000, 3))])
    assert closeness(many, WEIGHTS, points)[:4].tolist() == alone


def test_the_best_is_one_and_the_worst_is_zero():
    points = ideal_points(ALTERNATIVES)
    assert closeness(np.stack([points.best, points.worst]), WEIGHTS, points).tolist() == [1, 0]


def test_a_set_of_equals_has_no_ranking():
    with pytest.raises(InputError, match="the same"):
        closeness(ALTERNATIVES[:1], WEIGHTS, ideal_points(ALTERNATIVES[:1]))


def test_weighted_score_of_many_borrowers():
    scores = np.random.default_rng(1).uniform(size=(1000, 3))
    assert weighted_score(scores, WEIGHTS)[17] == pytest.approx(sum(scores[17] * WEIGHTS), rel=1e-14)


def test_a_restaurant_by_votes():
    """Four factors, four grades: the weights and memberships of a published page; the products added by hand."""
    memberships = [[0.5, 0.3, 0.2, 0], [0.2, 0.4, 0.3, 0.1], [0.1, 0.3, 0.5, 0.1], [0, 0.2, 0.4, 0.4]]
    shares = fuzzy_evaluation([0.4, 0.3, 0.2, 0.1], memberships)
    assert shares == pytest.approx([0.28, 0.32, 0.31, 0.09], rel=1e-14)
    assert fuzzy_score(shares, [1, 0.8, 0.6, 0.3]) == pytest.approx(0.28 + 0.256 + 0.186 + 0.027, rel=1e-14)


@given(data=st.data())
def test_shares_of_grades_add_up_to_one(data):
    weights = data.draw(arrays(float, 4, elements=st.floats(0.1, 1)))
    votes = data.draw(arrays(float, (4, 3), elements=st.floats(0.1, 9)))
    shares = fuzzy_evaluation(weights / weights.sum(), votes / votes.sum(axis=1, keepdims=True))
    assert shares.sum() == pytest.approx(1, rel=1e-14)

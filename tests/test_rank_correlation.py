"""Inputs that move together: what was stated is drawn, and what cannot hold together is mended and told."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from valuation.distributions import Pert
from valuation.rank_correlation import correlation_of, nearest_correlation
from valuation.sampling import Draws

CONTRADICTION = [(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9)]


@pytest.mark.parametrize("rank", [0.3, -0.7, 0.95])
def test_stated_rank_correlation_is_reached(rank):
    scores = Draws(1, 2**14, 3, [(0, 2, rank)]).scores(0, 2**14)
    drawn = spearmanr(Pert(1.0, 2.0, 9.0).at(scores[0]), scores[2]).statistic
    assert drawn == pytest.approx(rank, abs=0.01)


def test_all_pairs_are_reached_and_the_rest_left_alone():
    pairs = {(0, 1): 0.6, (1, 4): -0.4, (0, 4): 0.1}
    correlated = Draws(3, 2**14, 6, [(i, j, rank) for (i, j), rank in pairs.items()])
    scores = correlated.scores(0, 2**14)
    drawn = spearmanr(scores.T).statistic
    for i in range(6):
        for j in range(i):
            assert drawn[i, j] == pytest.approx(pairs.get((j, i), 0.0), abs=0.01)
    assert correlated.correlation.possible
    assert correlated.correlation.largest_change == 0
    free = Draws(3, 2**14, 6).scores(0, 2**14)
    np.testing.assert_array_equal(scores[[0, 2, 3, 5]], free[[0, 2, 3, 5]])  # the first correlated one leads the others


def test_rank_correlation_of_one_moves_together():
    correlated = Draws(1, 256, 2, [(0, 1, 1.0)])
    scores = correlated.scores(0, 256)
    np.testing.assert_allclose(scores[0], scores[1], atol=1e-3)
    assert correlated.correlation.possible


def test_impossible_correlations_are_mended_and_told():
    """A with B and B with C at 0.9 leave no room for A with C at -0.9."""
    correlation = correlation_of(CONTRADICTION)
    assert not correlation.possible
    assert 0.2 < correlation.largest_change < 1
    assert np.linalg.eigvalsh(correlation.matrix).min() > 0
    np.testing.assert_array_equal(np.diag(correlation.matrix), np.ones(3))
    np.testing.assert_allclose(correlation.factor @ correlation.factor.T, correlation.matrix, atol=1e-9)
    scores = Draws(1, 2**14, 3, CONTRADICTION).scores(0, 2**14)
    np.testing.assert_allclose(np.corrcoef(scores), correlation.matrix, atol=0.01)


def test_nearest_matrix_of_highams_example():
    """The 3 x 3 example of Higham (2002) has one free figure beside the diagonal; scanned here by brute force."""
    found = nearest_correlation(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]]))
    beside = np.linspace(0.5, 1, 500_001)
    corner = 2 * beside**2 - 1  # the border of the possible
    best = np.argmin(2 * (1 - beside) ** 2 + corner**2)
    assert found[0, 1] == pytest.approx(beside[best], abs=1e-5)
    assert found[0, 2] == pytest.approx(corner[best], abs=1e-5)
    assert found[0, 1] == pytest.approx(found[1, 2], abs=1e-9)


def test_no_matrix_nearby_is_closer_than_the_nearest():
    """Every possible matrix, sampled at random and drawn towards the stated one, is farther from it."""
    rng = np.random.default_rng(8)
    stated = np.eye(5)
    stated[np.triu_indices(5, 1)] = rng.uniform(-1, 1, 10)
    stated = np.triu(stated) + np.triu(stated, 1).T
    assert np.linalg.eigvalsh(stated).min() < 0
    found = nearest_correlation(stated)
    distance = np.linalg.norm(found - stated)
    for _ in range(200):
        sides = rng.normal(size=(5, 5))
        other = sides @ sides.T
        other /= np.sqrt(np.outer(np.diag(other), np.diag(other)))
        for step in (0.001, 0.01, 0.1, 1):
            assert np.linalg.norm(found + step * (other - found) - stated) > distance - 1e-7

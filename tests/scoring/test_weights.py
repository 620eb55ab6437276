"""Weights: against LAPACK's eigenvectors, loops over single figures, and what must hold for any judgements."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from valuation.errors import InputError
from valuation.scoring import (
    RANDOM_INDEX,
    consistency,
    entropy_weights,
    joint_judgement,
    made_reciprocal,
    principal_weights,
    random_index,
    root_weights,
)

STANDARD = np.array([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]])
SCALE = np.array([*(1 / np.arange(9, 1, -1)), *np.arange(1, 10)])
both_ways = pytest.mark.parametrize("weights_of", [root_weights, principal_weights])


def random_judgements(how_many, size, seed=0):
    upper = np.triu(SCALE[np.random.default_rng(seed).integers(0, 17, (how_many, size, size))], 1)
    lower = np.swapaxes(np.divide(1, upper, out=np.zeros_like(upper), where=upper > 0), 1, 2)
    return upper + lower + np.eye(size)


@st.composite
def judgements(draw, least=2, most=7):
    size = draw(st.integers(least, most))
    upper = np.triu(draw(arrays(float, (size, size), elements=st.sampled_from(list(SCALE)))), 1)
    return upper + np.divide(1, upper.T, out=np.zeros_like(upper), where=upper.T > 0) + np.eye(size)


positive = st.floats(0.05, 20)


def test_gives_the_standard_weights_and_consistency():
    weights = principal_weights(STANDARD)
    assert weights == pytest.approx([0.64832901, 0.22965079, 0.12202019], abs=5e-9)
    found = consistency(STANDARD, weights, random_index("saaty", 3))
    assert found.lambda_max == pytest.approx(3.00369459806, abs=5e-12)
    assert found.consistency_index == pytest.approx(0.0018473, abs=5e-8)
    assert found.consistency_ratio == pytest.approx(0.003185, abs=5e-7)


@pytest.mark.parametrize("size", [3, 4, 6, 10])
def test_principal_weights_are_the_eigenvector(size):
    """Also of judgements that contradict each other wildly, which converge slowest."""
    matrices = random_judgements(300, size)
    values, vectors = np.linalg.eig(matrices)
    first = np.argmax(values.real, axis=-1)
    expected = np.abs(np.take_along_axis(vectors, first[:, None, None], axis=-1)[..., 0].real)
    expected = expected / expected.sum(axis=-1, keepdims=True)
    weights = principal_weights(matrices)
    np.testing.assert_allclose(weights, expected, rtol=1e-10)
    largest = consistency(matrices, weights, 1).lambda_max
    np.testing.assert_allclose(largest, np.take_along_axis(values.real, first[:, None], axis=-1)[:, 0], rtol=1e-12)


@pytest.mark.parametrize("size", range(3, 11))
def test_our_random_index_is_the_mean_of_random_judgements(size):
    """To two digits, but for what chance leaves: ours comes from ten times as many."""
    matrices = random_judgements(40_000, size, seed=size)
    found = consistency(matrices, principal_weights(matrices), 1).consistency_index
    allowed = 4 * found.std() / np.sqrt(found.size) + 0.005
    assert found.mean() == pytest.approx(random_index("monte_carlo", size), abs=allowed)


def test_both_tables_agree_but_for_the_smallest_sizes():
    difference = np.abs(np.subtract(*RANDOM_INDEX.values()))
    assert np.argmax(difference) == 0
    assert difference[1:].max() <= 0.02 + 1e-12


@pytest.mark.parametrize("size", [1, 2])
def test_one_or_two_criteria_cannot_contradict(size):
    assert random_index("saaty", size) == 0
    matrix = made_reciprocal([[1, 5], [0.2, 1]])[:size, :size]
    assert consistency(matrix, root_weights(matrix), 0).consistency_ratio == 0


def test_a_table_is_not_read_beyond_its_end():
    with pytest.raises(InputError, match="ends at 10 criteria"):
        random_index("saaty", 11)


@both_ways
@given(priorities=arrays(float, st.integers(2, 8), elements=positive))
def test_judgements_without_contradiction_give_back_the_weights(weights_of, priorities):
    matrix = priorities[:, None] / priorities
    weights = weights_of(matrix)
    np.testing.assert_allclose(weights, priorities / priorities.sum(), rtol=1e-11)
    assert consistency(matrix, weights, 0.58).consistency_ratio == pytest.approx(0, abs=1e-12)


@both_ways
@given(matrix=judgements())
def test_weights_are_positive_and_add_up_to_one(weights_of, matrix):
    weights = weights_of(matrix)
    assert np.all(weights > 0)
    assert weights.sum() == pytest.approx(1, rel=1e-14)


@both_ways
@given(matrix=judgements(), data=st.data())
def test_the_order_of_the_criteria_does_not_matter(weights_of, matrix, data):
    order = data.draw(st.permutations(range(len(matrix))))
    np.testing.assert_allclose(weights_of(matrix[np.ix_(order, order)]), weights_of(matrix)[order], rtol=1e-11)


@given(matrix=judgements(least=3))
def test_no_judgements_are_more_consistent_than_consistent_ones(matrix):
    """Perron: lambda_max is at least n, so the index is never negative."""
    assert consistency(matrix, principal_weights(matrix), 1).consistency_index >= -1e-12


def test_a_row_does_not_depend_on_its_batch():
    matrices = random_judgements(50, 5)
    for weights_of in (root_weights, principal_weights):
        alone = np.stack([weights_of(matrix) for matrix in matrices])
        assert np.array_equal(weights_of(matrices), alone)


def test_joining_experts_keeps_the_reciprocals_which_the_arithmetic_mean_does_not():
    experts = random_judgements(5, 4)
    joint = joint_judgement(experts)
    np.testing.assert_allclose(joint * joint.T, 1, rtol=1e-14)
    mean = experts.mean(axis=0)
    assert np.abs(mean * mean.T - 1).max() > 0.5


def test_weights_of_joined_experts_are_the_joined_root_weights():
    """The root method and the geometric mean change places."""
    experts = random_judgements(4, 5)
    joined = np.exp(np.log(root_weights(experts)).mean(axis=0))
    np.testing.assert_allclose(root_weights(joint_judgement(experts)), joined / joined.sum(), rtol=1e-13)


def test_rounded_reciprocals_are_mended_from_the_upper_half():
    mended = made_reciprocal([[1, 3, 7], [0.33, 1, 6], [0.14, 0.17, 1]])
    assert mended[1, 0] == 1 / 3
    assert mended[2].tolist() == [1 / 7, 1 / 6, 1]


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        ([[1, 3], [3, 1]], "not reciprocal"),
        ([[2, 3], [1 / 3, 1]], "not reciprocal"),
        ([[1, 0], [1, 1]], "not positive"),
        ([[1, 2, 3], [0.5, 1, 2]], "not square"),
    ],
)
def test_what_is_no_judgement_matrix_is_refused(matrix, said):
    with pytest.raises(InputError, match=said):
        made_reciprocal(matrix)


# entropy


def by_hand(scores):
    """One figure after the other."""
    items, criteria = scores.shape
    spread = []
    for j in range(criteria):
        total = sum(scores[i, j] for i in range(items))
        shares = [scores[i, j] / total for i in range(items)]
        spread.append(1 + sum(p * np.log(p) for p in shares if p > 0) / np.log(items))
    return np.array(spread) / sum(spread)


@given(arrays(float, st.tuples(st.integers(2, 6), st.integers(1, 5)), elements=positive))
def test_entropy_weights_are_those_worked_out_one_by_one(scores):
    if np.ptp(scores / scores.sum(axis=0), axis=0).max() > 1e-3:  # else there is nothing to tell apart
        np.testing.assert_allclose(entropy_weights(scores), by_hand(scores), rtol=1e-7, atol=1e-12)


def test_a_zero_score_has_no_entropy():
    assert entropy_weights([[0, 1], [1, 1]]) == pytest.approx([1, 0], abs=1e-15)


def test_entropy_does_not_ask_for_the_unit_of_a_score():
    scores = np.random.default_rng(1).uniform(1, 9, (4, 3))
    np.testing.assert_allclose(entropy_weights(scores * [1, 100, 0.01]), entropy_weights(scores), rtol=1e-12)


def test_entropy_takes_many_sets_at_once():
    sets = np.random.default_rng(1).uniform(1, 9, (7, 4, 3))
    np.testing.assert_array_equal(entropy_weights(sets), np.stack([entropy_weights(one) for one in sets]))


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([[1, 2]], "two items"),
        ([[1, -2], [1, 2]], "negative"),
        ([[0, 2], [0, 1]], "all scores of a criterion are 0"),
        ([[1, 2], [1, 2]], "score alike"),
    ],
)
def test_scores_without_entropy_weights_are_refused(scores, said):
    with pytest.raises(InputError, match=said):
        entropy_weights(scores)

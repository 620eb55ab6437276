"""Judgements as inputs: the same weights as on arrays, and which judgements are refused."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError
from valuation.scoring import consistency, joint_judgement, principal_weights, root_weights

NAMES = ["legal", "technical", "economic", "strategic"]
WEIGHTS_OF = {"root": root_weights, "eigenvector": principal_weights}


def expert(values, names=NAMES, name="A"):
    pairs = zip(combinations(names, 2), values, strict=True)
    return {"name": name, "comparisons": [{"of": i, "against": j, "importance": value} for (i, j), value in pairs]}


def matrix(values, size):
    found = np.eye(size)
    for (i, j), value in zip(combinations(range(size), 2), values, strict=True):
        found[i, j], found[j, i] = value, 1 / value
    return found


def outcome(*experts, names=NAMES, **changed):
    factors = [{"name": name, "indicators": [{"name": "overall", "score": 0.5}]} for name in names]
    given = {"lower_rate": 0.01, "upper_rate": 0.03, "factors": factors, "weights_by": "ahp", "experts": list(experts)}
    return run("royalty_rate.split_by_score", {**given, **changed})


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def test_standard_judgements():
    found = outcome(expert([3, 5, 2], NAMES[:3]), names=NAMES[:3], priorities="eigenvector")
    assert line(found, "weights") == pytest.approx([0.64832901, 0.22965079, 0.12202019], abs=5e-9)
    assert line(found, "lambda_max") == pytest.approx([3.00369459806], abs=5e-12)
    assert line(found, "consistency_ratio") == pytest.approx([0.003185], abs=5e-7)


@pytest.mark.parametrize("priorities", WEIGHTS_OF)
@given(values=st.lists(st.floats(1 / 9, 9), min_size=6, max_size=6))
def test_the_workings_say_what_the_arrays_say(priorities, values):
    """Sixteen steps of the eigenvector are enough for judgements that would be accepted."""
    expected = matrix(values, 4)
    weights = WEIGHTS_OF[priorities](expected)
    index = consistency(expected, weights, 0.9)
    found = outcome(expert(values), priorities=priorities, reason_inconsistent="for the test")
    near = {"rel": 1e-8 if index.consistency_ratio < 0.1 else 0.02, "abs": 1e-12}
    assert line(found, "weights") == pytest.approx(weights, **near)
    assert line(found, "consistency_ratio") == pytest.approx([index.consistency_ratio], **near)


def test_several_experts_are_joined_by_the_geometric_mean():
    first, second = [2, 3, 4, 2, 3, 2], [3, 3, 5, 1, 2, 2]
    found = outcome(expert(first), expert(second, name="B"))
    joint = joint_judgement([matrix(first, 4), matrix(second, 4)])
    assert line(found, "weights") == pytest.approx(root_weights(joint), rel=1e-14)
    assert line(found, "weights by B") == pytest.approx(root_weights(matrix(second, 4)), rel=1e-14)
    assert line(found, "judgements[legal]") == pytest.approx(joint[0], rel=1e-14)


def test_judgements_that_contradict_each_other_are_refused():
    with pytest.raises(InputError, match=r"A contradict each other: consistency ratio 2\.759"):
        outcome(expert([5, 1 / 5, 5], NAMES[:3]), names=NAMES[:3])


def test_with_a_reason_they_are_used_and_the_reader_is_told():
    found = outcome(expert([5, 1 / 5, 5], NAMES[:3]), names=NAMES[:3], reason_inconsistent="asked twice")
    assert any("contradict" in warning.english for warning in found.warnings)


def test_of_several_experts_each_must_be_consistent():
    """Joined, two who contradict themselves in opposite ways would look consistent."""
    wild = [5, 1 / 5, 5]
    with pytest.raises(InputError, match="B contradict"):
        outcome(expert([1, 1, 1], NAMES[:3]), expert(wild, NAMES[:3], name="B"), names=NAMES[:3])


def test_judgements_with_a_range_are_drawn_and_warned_of():
    ranged = [{"low": 4, "mode": 5, "high": 6}, 1 / 5, 5]
    found = outcome(expert(ranged, NAMES[:3]), names=NAMES[:3])
    assert any("contradict" in warning.english for warning in found.warnings)


def test_the_table_of_random_indices_is_an_input():
    given = [expert([3, 5, 2], NAMES[:3])]
    ratios = {
        name: line(outcome(*given, names=NAMES[:3], **more), "consistency_ratio")[0]
        for name, more in {
            "saaty": {},
            "monte_carlo": {"random_index": "monte_carlo"},
            "stated": {"random_index": "stated", "stated_random_index": 0.29},
        }.items()
    }
    assert ratios["monte_carlo"] == pytest.approx(ratios["saaty"] * 0.58 / 0.52, rel=1e-12)
    assert ratios["stated"] == pytest.approx(ratios["saaty"] * 2, rel=1e-12)


def test_two_criteria_need_no_consistency():
    found = outcome(expert([9], NAMES[:2]), names=NAMES[:2])
    assert line(found, "weights") == pytest.approx([0.9, 0.1], rel=1e-14)
    assert "consistency_ratio" not in [line.name for line in found.lines]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda pairs: pairs[:-1], "economic / strategic"),
        (lambda pairs: [*pairs, {**pairs[0], "of": "technical", "against": "legal"}], "legal / technical"),
        (lambda pairs: [{**pairs[0], "of": "legel"}, *pairs[1:]], "legel / technical"),
        (lambda pairs: [{**pairs[0], "importance": 10}, *pairs[1:]], "at most 9"),
    ],
    ids=["a pair left out", "a pair twice", "an unknown criterion", "beyond the scale"],
)
def test_an_incomplete_set_of_judgements_is_refused(change, said):
    whole = expert([1] * 6)
    with pytest.raises(InputError, match=said):
        outcome({**whole, "comparisons": change(whole["comparisons"])})


def test_no_experts_no_weights():
    with pytest.raises(InputError, match="need experts"):
        outcome()


def test_experts_are_told_apart_by_their_names():
    with pytest.raises(InputError, match="two experts have one name"):
        outcome(expert([1] * 6), expert([1] * 6))


def test_more_criteria_than_the_table_has_are_refused():
    names = [f"factor {number}" for number in range(11)]
    with pytest.raises(InputError, match="ends at 10 criteria, 11 were given"):
        outcome(expert([1] * 55, names), names=names)

"""Quality score: every way of weighting and scoring against the functions on arrays and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.ensemble import Ensemble
from valuation.errors import InputError
from valuation.scoring import entropy_weights, fuzzy_evaluation, fuzzy_score

SIX = ["accuracy", "consistency", "completeness", "standardisation", "timeliness", "accessibility"]
share = st.floats(0, 1)


def dimension(name, score=None, **more):
    indicators = [] if score is None else [{"name": "share that conforms", "score": score}]
    return {"dimension": name, "indicators": indicators, **more}


def weighted(scores, weights=None, **more):
    weights = weights or [1 / len(scores)] * len(scores)
    listed = zip(SIX, scores, weights, strict=False)
    return {"dimensions": [dimension(name, score, weight=weight) for name, score, weight in listed], **more}


def outcome(inputs, **changed):
    return run("quality.score", {**inputs, **changed})


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def english(found):
    return [warning.english for warning in found.warnings]


def test_by_hand():
    assert outcome(weighted([0.9, 0.6], [0.7, 0.3])).value == pytest.approx(0.81, rel=1e-14)
    assert outcome(weighted([0.9, 0.6], [0.7, 0.3]), score_by="topsis").value == pytest.approx(0.8251, abs=5e-5)


def test_an_indicator_is_the_share_of_what_was_assessed():
    counted = [
        {"name": "in range", "conforming": 950, "assessed": 1000, "weight": 3},
        {"name": "labels", "conforming": 80, "assessed": 100},
    ]
    inputs = weighted([0, 1])
    inputs["dimensions"][0]["indicators"] = counted
    assert line(outcome(inputs), "score[accuracy]") == pytest.approx([(3 * 0.95 + 0.8) / 4], rel=1e-14)


@given(scores=st.lists(share, min_size=6, max_size=6), weights=st.lists(st.floats(0.05, 1), min_size=6, max_size=6))
def test_weighted_sum_and_topsis_one_by_one(scores, weights):
    total = sum(weights)
    shares = [weight / total for weight in weights]
    expected = sum(w * s for w, s in zip(shares, scores, strict=True))
    assert outcome(weighted(scores, weights)).value == pytest.approx(expected, rel=1e-12, abs=1e-15)
    worst = sum((w * s) ** 2 for w, s in zip(shares, scores, strict=True)) ** 0.5
    best = sum((w * (1 - s)) ** 2 for w, s in zip(shares, scores, strict=True)) ** 0.5
    found = outcome(weighted(scores, weights), score_by="topsis").value
    assert found == pytest.approx(worst / (worst + best), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("score_by", ["weighted_sum", "topsis"])
@given(data=st.data())
def test_better_in_one_dimension_is_better_in_all(score_by, data):
    scores = data.draw(st.lists(st.floats(0, 0.9), min_size=6, max_size=6))
    place = data.draw(st.integers(0, 5))
    better = [score + 0.1 * (number == place) for number, score in enumerate(scores)]
    found = [outcome(weighted(one), score_by=score_by).value for one in (scores, better)]
    assert found[1] > found[0]


@pytest.mark.parametrize("score_by", ["weighted_sum", "topsis"])
def test_full_marks_are_one_and_no_marks_zero(score_by):
    assert outcome(weighted([1, 1, 1]), score_by=score_by).value == pytest.approx(1, rel=1e-14)
    assert outcome(weighted([0, 0, 0]), score_by=score_by).value == 0


def test_the_coefficient_is_over_the_score_of_the_reference():
    reference = {"derive": "quality.score", "inputs": weighted([0.9, 0.9])}
    found = outcome(weighted([0.6, 0.6]), reference_score=reference)
    assert found.value == pytest.approx(2 / 3, rel=1e-14)


def test_entropy_weights_are_those_of_all_data_sets():
    others = np.array([[0.7, 0.8, 0.95], [0.9, 0.3, 0.5], [0.2, 0.9, 0.0]])
    own = [0.9, 0.6, 0.5]
    dimensions = [
        dimension(name, score, others=row.tolist()) for name, score, row in zip(SIX, own, others, strict=False)
    ]
    found = outcome({"dimensions": dimensions, "weights_by": "entropy"})
    expected = entropy_weights(np.column_stack([own, others]).T)
    assert line(found, "weights") == pytest.approx(expected, rel=1e-12)
    assert found.value == pytest.approx(expected @ own, rel=1e-12)


def test_data_sets_that_all_score_alike_have_no_entropy_weights():
    dimensions = [dimension(name, 0.5, others=[0.5]) for name in SIX[:2]]
    with pytest.raises(InputError, match="no finite figure in the line weights"):
        outcome({"dimensions": dimensions, "weights_by": "entropy"})


def test_votes_for_grades():
    """Published weights and memberships of a restaurant, as votes of ten; grades worth 1, 0.8, 0.6, 0.3."""
    votes = [[5, 3, 2, 0], [2, 4, 3, 1], [1, 3, 5, 1], [0, 2, 4, 4]]
    weights, grades = [0.4, 0.3, 0.2, 0.1], [1, 0.8, 0.6, 0.3]
    listed = zip(SIX, weights, votes, strict=False)
    dimensions = [dimension(name, weight=weight, votes=vote) for name, weight, vote in listed]
    found = outcome({"dimensions": dimensions, "score_by": "fuzzy", "grade_values": grades})
    shares = fuzzy_evaluation(weights, np.array(votes) / 10)
    assert shares == pytest.approx([0.28, 0.32, 0.31, 0.09], rel=1e-14)
    assert line(found, "share_of_grade") == pytest.approx(shares, rel=1e-14)
    assert found.value == pytest.approx(fuzzy_score(shares, grades), rel=1e-14)


def test_judged_weights():
    pairs = [("accuracy", "completeness", 3), ("accuracy", "timeliness", 5), ("completeness", "timeliness", 2)]
    comparisons = [{"of": of, "against": against, "importance": value} for of, against, value in pairs]
    scores = {"accuracy": 0.9, "completeness": 0.8, "timeliness": 0.5}
    inputs = {
        "weights_by": "ahp",
        "priorities": "eigenvector",
        "experts": [{"name": "A", "comparisons": comparisons}],
        "dimensions": [dimension(name, score) for name, score in scores.items()],
    }
    expected = 0.64832901 * 0.9 + 0.22965079 * 0.8 + 0.12202019 * 0.5
    assert outcome(inputs).value == pytest.approx(expected, abs=1e-8)


def test_a_count_with_a_range_is_drawn():
    inputs = weighted([0.5, 1])
    counted = {"name": "sample", "conforming": {"low": 40, "mode": 50, "high": 60}, "assessed": 100}
    inputs["dimensions"][0]["indicators"] = [counted]
    ensemble = Ensemble([outcome(inputs)])
    assert ensemble.paths == ("dimensions[0].indicators[0].conforming",)
    (values,) = ensemble.values(np.array([[-2.0, 0.0, 2.0]]))
    assert np.all(np.diff(values) > 0)
    assert values[1] == pytest.approx(0.75, abs=1e-3)


def test_dimensions_left_out_are_named():
    """Timeliness may be counted in the life instead."""
    (told,) = english(outcome(weighted([0.9] * 4)))
    assert told == "Dimensions left out of the score: timeliness, accessibility."
    assert english(outcome(weighted([0.9] * 6))) == []


def test_goes_into_the_cost_of_data_as_its_coefficient():
    inputs = {"collection_cost": 1e6, "opportunity_cost": 0}
    derived = {"derive": "quality.score", "inputs": weighted([0.8, 0.7])}
    found = [run("cost.data_replacement", {**inputs, "quality_coefficient": q}).value for q in (derived, 0.75)]
    assert found[0] == pytest.approx(found[1], rel=1e-14)


COUNTED = {"name": "sample", "conforming": 11, "assessed": 10}


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (weighted([0.9]), "dimensions"),
        ({"dimensions": [dimension("accuracy", 0.9, weight=0.5)] * 2}, "accuracy stands twice"),
        ({"dimensions": [dimension("accuracy", 0.9), dimension("timeliness", 0.9)]}, "accuracy has no weight"),
        ({**weighted([0.9, 0.8]), "weights_by": "entropy"}, "accuracy has no others"),
        ({**weighted([0.9, 0.8]), "score_by": "fuzzy", "grade_values": [1, 0]}, "accuracy has no votes"),
        ({**weighted([0.9, 0.8]), "score_by": "fuzzy"}, "fuzzy needs grade_values"),
        ({**weighted([0.9, 0.8]), "score_by": "fuzzy", "weights_by": "entropy"}, "entropy weights need scores"),
        (
            {"dimensions": [dimension(n, weight=0.5, indicators=[COUNTED]) for n in SIX[:2]]},
            "11 elements conform of 10",
        ),
        ({"dimensions": [dimension(n, weight=0.5, indicators=[{"name": "x"}]) for n in SIX[:2]]}, "needs a score"),
        ({"dimensions": [dimension("speed", 0.9), dimension("accuracy", 0.9)]}, "accessibility, accuracy"),
    ],
)
def test_refuses_in_a_sentence(inputs, said):
    with pytest.raises(InputError, match=said):
        outcome(inputs)

"""Split rate by score: by hand, its bounds, and the weights of several experts.

Published weights and consistency ratios run through this method in tests/cases (three of AHP). Of K = m + (n - m) q
itself no worked example could be read in full; the ranges by trade are published.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

TRADE = {"lower_rate": 0.01, "upper_rate": 0.03}
share = st.floats(0, 1)


def factor(name, score, weight=None, **more):
    return {"name": name, "weight": weight, "indicators": [{"name": "overall", "score": score, **more}]}


def outcome(*factors, **changed):
    return run("royalty_rate.split_by_score", {**TRADE, "factors": list(factors), **changed})


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def test_by_hand():
    found = outcome(factor("legal", 0.8, 0.3), factor("technical", 0.6, 0.5), factor("economic", 0.5, 0.2))
    assert line(found, "weighted_score") == pytest.approx([0.3 * 0.8 + 0.5 * 0.6 + 0.2 * 0.5], rel=1e-14)
    assert found.value == pytest.approx(0.01 + 0.02 * 0.64, rel=1e-14)


@given(scores=st.lists(share, min_size=2, max_size=5), data=st.data())
def test_any_factors_and_indicators_one_by_one(scores, data):
    weights = data.draw(st.lists(st.floats(0.1, 1), min_size=len(scores), max_size=len(scores)))
    inner = data.draw(st.lists(st.floats(0.1, 3), min_size=len(scores), max_size=len(scores)))
    factors, expected = [], 0.0
    for number, (score, weight, other) in enumerate(zip(scores, weights, inner, strict=True)):
        indicators = [{"name": "a", "score": score}, {"name": "b", "score": 0.5, "weight": other}]
        factors.append({"name": str(number), "weight": weight, "indicators": indicators})
        expected += weight / sum(weights) * (score + 0.5 * other) / (1 + other)
    assert line(outcome(*factors), "weighted_score") == pytest.approx([expected], rel=1e-12)


@given(scores=st.tuples(share, share), weights=st.tuples(st.floats(0.1, 1), st.floats(0.1, 1)))
def test_the_rate_stays_within_the_trade(scores, weights):
    found = outcome(*(factor(str(i), s, w) for i, (s, w) in enumerate(zip(scores, weights, strict=True))))
    assert 0.01 - 1e-15 <= found.value <= 0.03 + 1e-15


@pytest.mark.parametrize(("score", "rate"), [(0, 0.01), (1, 0.03)])
def test_no_marks_have_the_lower_rate_and_full_marks_the_upper(score, rate):
    assert outcome(factor("a", score, 0.4), factor("b", score, 0.6)).value == pytest.approx(rate, rel=1e-14)


@pytest.mark.parametrize(
    ("lower", "upper"), [(0.005, 0.02), (0.01, 0.025), (0.015, 0.03), (0.02, 0.035), (0.045, 0.06), (0.07, 0.1)]
)
def test_the_ends_are_the_ranges_that_unido_found_by_trade(lower, upper):
    """Petrochemistry to electronics, as an examination guide quotes them (t.100ksw.com, page-read), and half way."""
    rates = [
        outcome(factor("a", score, 0.5), factor("b", score, 0.5), lower_rate=lower, upper_rate=upper).value
        for score in (0, 0.5, 1)
    ]
    assert rates == pytest.approx([lower, (lower + upper) / 2, upper], rel=1e-14)


def test_experts_weigh_the_factors():
    """Three times as much: 0.75 and 0.25."""
    comparison = {"of": "technical", "against": "economic", "importance": 3}
    found = outcome(
        factor("technical", 0.8),
        factor("economic", 0.4),
        weights_by="ahp",
        experts=[{"name": "A", "comparisons": [comparison]}],
    )
    assert found.value == pytest.approx(0.01 + 0.02 * (0.75 * 0.8 + 0.25 * 0.4), rel=1e-14)


def test_weights_that_do_not_add_up_are_normalised_aloud():
    found = outcome(factor("a", 0.8, 0.3), factor("b", 0.4, 0.3))
    assert line(found, "weighted_score") == pytest.approx([0.6], rel=1e-14)
    assert ["do not add up to 1" in warning.english for warning in found.warnings] == [True]


def test_goes_into_a_method_as_its_split():
    inputs = {**TRADE, "factors": [factor("a", 0.5, 0.5), factor("b", 0.5, 0.5)]}
    royalty = {"derive": "royalty_rate.split_by_score", "inputs": inputs}
    given = {"revenue": [100], "remaining_useful_life": 1, "discount_rate": 0.1, "tax_rate": 0}
    derived, stated = (
        run("income.relief_from_royalty", {**given, "royalty_rate": rate}).value for rate in (royalty, 0.02)
    )
    assert derived == pytest.approx(stated, rel=1e-14)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lower_rate": 0.05}, "exceeds the upper rate"),
        ({"factors": [factor("a", 0.5, 0.5), factor("b", 0.5)]}, "has no weight"),
        ({"factors": [factor("a", 0.5, 0.5), factor("a", 0.5, 0.5)]}, "stands twice"),
        ({"factors": [factor("a", 0.5, 0.5)]}, "factors"),
        ({"factors": [factor("a", 80, 0.5), factor("b", 0.5, 0.5)]}, "Write 80% as 0.8"),
    ],
)
def test_refuses_in_a_sentence(changed, said):
    with pytest.raises(InputError, match=said):
        outcome(factor("a", 0.5, 0.5), factor("b", 0.5, 0.5), **changed) if "factors" not in changed else run(
            "royalty_rate.split_by_score", {**TRADE, **changed}
        )

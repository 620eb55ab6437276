"""Contribution in money: orders counted one by one, a loop over the years, what is refused and what must hold."""

from itertools import chain, combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_cases import conclusion_of, corpus

from valuation import scoring
from valuation.appraisal import appraise
from valuation.calculation import run
from valuation.case import read_case
from valuation.errors import InputError

REACHED = {"a": 2, "b": 4, "c": 5, "ab": 18, "ac": 14, "bc": 9, "abc": 24}  # CoopGame's three players
MODEL = {
    "measured_on": "one model, one test set, one metric",
    "pool": [1000],
    "data_share": 0.6,
    "remaining_useful_life": 1,
    "discount_rate": 0.1,
    "timing": "end",
}


def game(reached, **changed):
    """Inputs of sources with one letter each."""
    names = sorted(set("".join(reached)))
    coalitions = [{"sources": list(members), "utility": utility} for members, utility in reached.items()]
    return {"sources": [{"name": name} for name in names], "coalitions": coalitions, **MODEL, **changed}


def outcome(reached=REACHED, **changed):
    return run("allocation.shapley", game(reached, **changed))


def lines(found, name):
    return {line.name.split("[")[1][:-1]: line.values[0] for line in found.lines if line.name.startswith(f"{name}[")}


def one(found, name):
    return next(line.values[0] for line in found.lines if line.name == name)


def random_game(sources, seed=0):
    names = "abcdefghij"[:sources]
    random = np.random.default_rng(seed)
    members = chain.from_iterable(combinations(names, size) for size in range(1, sources + 1))
    return {"".join(each): float(random.uniform(0.5, 1) * len(each)) for each in members}


def refusal(reached=REACHED, **changed):
    with pytest.raises(InputError) as caught:
        outcome(reached, **changed)
    return " ".join(problem.sentence() for problem in caught.value.problems)


# The value


def test_the_parts_of_three_sources_by_hand():
    """Data earn 600 at the end of one year; a has 9.5 of 24."""
    found = outcome(subject=["a"])
    assert lines(found, "contribution") == pytest.approx({"a": 9.5, "b": 8, "c": 6.5}, rel=1e-14)
    assert found.value == pytest.approx(600 / 1.1 * 9.5 / 24, rel=1e-14)


def test_without_a_subject_the_data_pool_is_valued():
    assert outcome().value == pytest.approx(600 / 1.1, rel=1e-14)


@pytest.mark.parametrize("sources", range(1, 7))
def test_contributions_are_the_mean_gain_over_all_orders(sources):
    reached = random_game(sources)
    expected = dict.fromkeys("abcdefghij"[:sources], 0.0)
    orders = list(permutations(expected))
    for order in orders:
        for place, name in enumerate(order):
            before, after = ("".join(sorted(order[:upto])) for upto in (place, place + 1))
            expected[name] += (reached[after] - reached.get(before, 0)) / len(orders)
    assert lines(outcome(reached), "contribution") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("rule", "function"),
    [
        ("shapley", scoring.shapley),
        ("banzhaf_normalised", scoring.banzhaf),
        ("leave_one_out_normalised", scoring.leave_one_out),
    ],
)
def test_the_lines_are_what_scoring_gives_on_arrays(rule, function):
    reached = random_game(5)
    utilities = np.zeros(32)
    for members, utility in reached.items():
        utilities[scoring.mask_of(["abcde".index(name) for name in members])] = utility
    found = outcome(reached, rule=rule)
    assert list(lines(found, "contribution").values()) == pytest.approx(list(function(utilities)), rel=1e-12)
    shares = scoring.renormalised(function(utilities), utilities) / utilities[-1]
    assert list(lines(found, "share").values()) == pytest.approx(list(shares), rel=1e-12)


def test_the_data_pool_is_a_sum_over_the_years():
    """Half a year, then full ones, and a life that ends in the middle of the third period."""
    pool, share, rate = [900, 1000, 800], [0.5, 0.4, 0.4], 0.12
    found = outcome(
        pool=pool, data_share=share, first_period=0.5, remaining_useful_life=2, discount_rate=rate, timing="mid"
    )
    expected = 900 * 0.5 / (1 + rate) ** 0.25 + 1000 * 0.4 / (1 + rate) ** 1 + 800 * 0.4 * 0.5 / (1 + rate) ** 1.75
    assert found.value == pytest.approx(expected, rel=1e-14)


def test_what_is_reached_without_any_source_is_no_ones_part():
    with_base = {"": 1, **{members: utility + 1 for members, utility in REACHED.items()}}
    assert lines(outcome(with_base), "contribution") == pytest.approx(lines(outcome(), "contribution"), rel=1e-14)


def test_leave_one_out_needs_only_the_whole_and_the_whole_without_each():
    few = {members: REACHED[members] for members in ("ab", "ac", "bc", "abc")}
    found = outcome(few, rule="leave_one_out_normalised")
    assert lines(found, "contribution") == {"a": 15, "b": 10, "c": 6}
    assert one(found, "stretched_by") == pytest.approx(24 / 31)


def test_stated_contributions_are_shared_out_as_they_are():
    """Point values added up, or an estimate from random orders with its error: then the parts are drawn."""
    sources = [{"name": "a", "contribution": 3}, {"name": "b", "contribution": {"mean": 1, "sd": 0.1}}]
    found = run("allocation.shapley", {**MODEL, "sources": sources, "rule": "stated", "subject": ["b"]})
    assert found.value == pytest.approx(600 / 1.1 / 4)


def test_cost_is_shown_beside_the_part_and_does_not_move_it():
    plain, costly = outcome(), outcome(sources=[{"name": "a", "cost": 200}, {"name": "b"}, {"name": "c"}])
    assert costly.value == plain.value
    assert one(costly, "value_less_cost[a]") == pytest.approx(600 / 1.1 * 9.5 / 24 - 200)


# Sources that harm


HARM = {"a": 10, "b": -2, "ab": 8.5}


def test_a_negative_part_is_reported_and_the_others_exceed_the_pool_by_it():
    found = outcome(HARM)
    shares = lines(found, "share")
    assert shares["b"] < 0
    assert sum(shares.values()) == pytest.approx(1)
    assert any("harms the model: its part is negative" in warning.english for warning in found.warnings)


def test_a_negative_part_set_to_nothing_leaves_the_pool_to_the_others():
    found = outcome(HARM, negative_shares="zero_and_renormalise")
    assert lines(found, "share") == {"a": 1, "b": 0}
    assert any("gets nothing" in warning.english for warning in found.warnings)


def test_sources_that_add_nothing_together_are_refused_with_a_cause():
    assert "Together the sources add nothing" in refusal({"a": -1, "b": -2, "ab": -4})


# What must hold


utilities = st.floats(0.01, 100).map(lambda figure: round(figure, 4))


@given(st.lists(utilities, min_size=7, max_size=7))
def test_parts_add_up_to_the_pool(figures):
    reached = dict(zip(REACHED, figures, strict=True))
    found = outcome(reached, reason_substitutes="any")
    assert sum(lines(found, "value_of").values()) == pytest.approx(found.value, rel=1e-9)


@given(st.lists(utilities, min_size=3, max_size=3), st.floats(0.1, 50))
def test_the_unit_of_the_metric_does_not_matter(figures, factor):
    reached = dict(zip(("a", "b", "ab"), figures, strict=True))
    scaled = {members: factor * utility for members, utility in reached.items()}
    parts = [lines(outcome(game, reason_substitutes="any"), "share") for game in (reached, scaled)]
    assert parts[0] == pytest.approx(parts[1], rel=1e-9, abs=1e-9)


def test_a_source_that_adds_nothing_has_nothing():
    idle = {**REACHED, "d": 0, **{f"{members}d": utility for members, utility in REACHED.items()}}
    assert lines(outcome(idle), "value_of")["d"] == 0


# What is refused


COPIES = {"a": 5, "b": 5, "c": 3, "ab": 5, "ac": 8, "bc": 8, "abc": 8}


def test_copies_are_refused_before_they_move_a_share_unless_a_reason_is_given():
    assert "a and b do the same work: neither adds anything where the other is in" in refusal(COPIES)
    found = outcome(COPIES, reason_substitutes="two owners, both with title")
    assert any("two owners, both with title" in warning.english for warning in found.warnings)


@pytest.mark.parametrize(
    ("reached", "changed", "said"),
    [
        ({"a": 1, "ab": 2, "b": 1, "c": 1, "abc": 3}, {}, "the coalition a + c is missing (2 in all)"),
        ({"a": 1, "b": 1, "ab": 2, "ba": 2}, {}, "the coalition a + b stands twice"),
        ({"a": 1, "aa": 1}, {}, "the source a stands twice"),
        (REACHED, {"subject": ["d"]}, "d is no source. Sources: a, b, c."),
        (REACHED, {"subject": ["a", "a"]}, "the source a stands twice"),
        (REACHED, {"sources": [{"name": "a + b"}, {"name": "c"}]}, "'a + b' names no single source"),
        (REACHED, {"sources": [{"name": "a"}, {"name": "b"}]}, "c is no source"),
        (REACHED, {"rule": "stated"}, "contributions go with rule stated"),
        ({"a": 1}, {"sources": [{"name": "a", "contribution": 1}]}, "contributions go with rule stated"),
        ({}, {"sources": [{"name": str(at)} for at in range(13)]}, "at most 12 go by them"),
    ],
)
def test_what_cannot_be_shared_out_is_said_in_a_sentence(reached, changed, said):
    assert said in refusal(reached, **changed)


# In a case


def case_with_allocation(**conclusion):
    content = corpus()
    content["assets"][0]["methods"].append({"id": "allocation.shapley", "inputs": game(REACHED, subject=["a"])})
    conclusion_of(content).clear()
    conclusion_of(content).update(conclusion)
    return content


def test_an_allocation_is_never_averaged_with_the_approaches():
    reasons = {"income.relief_from_royalty": "licences", "allocation.shapley": "ablation"}
    with pytest.raises(InputError) as caught:
        read_case(case_with_allocation(weights=dict.fromkeys(reasons, 0.5), reasons=reasons))
    (problem,) = caught.value.problems
    assert problem.path == "assets[0].conclusion.weights.allocation.shapley"
    assert "allocation.shapley" in problem.sentence("en")
    assert "shares an income out; it is no approach" in problem.sentence("en")
    assert "不是可与其他方法加权的评估途径" in problem.sentence("zh")


def test_an_allocation_may_be_selected_alone_for_a_reason():
    case = read_case(
        case_with_allocation(
            select="allocation.shapley", because="sold within the pool", spread_cause="a part of the model's income"
        )
    )
    (asset,) = appraise(case, draws=256).assets
    assert asset.value == pytest.approx(600 / 1.1 * 9.5 / 24)

"""Royalty rate from comparable licences: quartiles of published figures, and the licences that are no comparables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError


def licence(rate, name="A", **terms):
    return {"name": name, "rate": rate, "agreed_on": "2024-01-31", **terms}


def licences(*rates, **terms):
    return [licence(rate, f"licence {number}", **terms) for number, rate in enumerate(rates)]


def outcome(found, **changed):
    return run("royalty_rate.from_comparables", {"licences": found, **changed})


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def english(found):
    return [warning.english for warning in found.warnings]


@pytest.mark.parametrize(
    ("per_mille", "select", "printed"),
    [
        ([11, 21, 42, 27, 18, 29, 32, 52], "lower_quartile", 20.25),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], "upper_quartile", 7),
        ([1, 2, 4, 7, 8, 9, 10, 12], "lower_quartile", 3.5),
    ],
    ids=["GrapeCity Spread", "PlanMaker", "Excel"],
)
def test_quartiles_of_spreadsheet_programs(per_mille, select, printed):
    found = outcome(licences(*(rate / 1000 for rate in per_mille)), select=select, reason="the example")
    assert found.value == pytest.approx(printed / 1000, rel=1e-13)


@given(rates=st.lists(st.floats(0.001, 0.9), min_size=1, max_size=12), data=st.data())
def test_the_median_is_the_middle_in_whatever_order(rates, data):
    shuffled = data.draw(st.permutations(rates))
    assert outcome(licences(*shuffled)).value == pytest.approx(np.median(rates), rel=1e-12)


@given(rates=st.lists(st.floats(0.001, 0.4), min_size=4, max_size=12))
def test_how_dear_the_dearest_is_does_not_matter(rates):
    """The largest rate is one licence, and the one that most likely differs."""
    found = [outcome(licences(*rates, dearest)).value for dearest in (0.5, 0.9)]
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_weighted_mean():
    found = [licence(0.02, "A", weight=3, reason="same field"), licence(0.06, "B")]
    assert outcome(found, select="weighted_mean", reason="A is close").value == pytest.approx(0.03, rel=1e-14)


def test_a_licence_left_out_does_not_count():
    found = [*licences(0.02, 0.03, 0.04), licence(0.9, used="no", reason="includes a supply contract")]
    assert outcome(found).value == pytest.approx(0.03, rel=1e-14)


def test_adjustment_brings_a_rate_to_the_terms_of_the_right_valued():
    found = [licence(0.06, exclusivity="exclusive", adjustment=0.5, reason="ours is not exclusive")]
    assert outcome(found).value == pytest.approx(0.03, rel=1e-14)


def test_the_spread_stands_in_the_workings():
    found = outcome(licences(0.01, 0.02, 0.03, 0.04, 0.05))
    assert line(found, "interquartile_range") == pytest.approx([0.02], rel=1e-14)


def test_licences_on_another_base_are_refused():
    mixed = [*licences(0.02, 0.03), licence(0.25, base="operating_profit")]
    with pytest.raises(InputError, match="A is paid on another base than revenue"):
        outcome(mixed)


def test_and_used_on_their_own_base():
    assert outcome(licences(0.25, base="operating_profit"), base="operating_profit").value == 0.25


@pytest.mark.parametrize(
    "terms",
    [
        {"used": "no"},
        {"parties": "related"},
        {"price": "asked"},
        {"adjustment": 1.2},
        {"adjustment": {"low": 1, "high": 1.2}},
        {"weight": 2},
    ],
)
def test_what_sets_a_licence_apart_needs_a_reason(terms):
    with pytest.raises(InputError, match="without a reason"):
        outcome([*licences(0.02), licence(0.03, **terms)])


@pytest.mark.parametrize("select", ["lower_quartile", "upper_quartile", "weighted_mean"])
def test_another_figure_than_the_median_needs_a_reason(select):
    with pytest.raises(InputError, match=f"the {select} is taken without a reason"):
        outcome(licences(0.02, 0.03), select=select)


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"price": "asked", "reason": "no other"}, "although asked only: A."),
        ({"parties": "related", "reason": "tested"}, "although between related parties: A."),
        ({"exclusivity": "exclusive"}, "although not non_exclusive"),
    ],
)
def test_what_makes_it_less_comparable_is_pointed_out(terms, told):
    (warning,) = english(outcome([*licences(0.02, 0.03, 0.04), licence(0.03, **terms)]))
    assert told in warning


def test_few_licences_are_pointed_out():
    assert english(outcome(licences(0.02, 0.03, 0.04))) == ["Fewer than 4 licences: the quartiles say little."]
    assert english(outcome(licences(0.02, 0.03, 0.04, 0.05))) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([licence(0.02, used="no", reason="old")], "no licence is used"),
        ([licence(0.02), licence(0.02)], "stands twice"),
        ([licence(0)], "rate"),
        ([{**licence(0.02), "agreed_on": "spring 2024"}], "a date is expected"),
        ([], "licences"),
    ],
)
def test_refuses_in_a_sentence(found, said):
    with pytest.raises(InputError, match=said):
        outcome(found)

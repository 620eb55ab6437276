"""Comparable deals: a published grid, every grid by plain loops, and what makes a deal no comparable."""

import math
from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError


def deal(price, *scores, **terms):
    """Scores are pairs of subject and comparable."""
    factors = [{"name": str(n), "subject": ours, "comparable": theirs} for n, (ours, theirs) in enumerate(scores)]
    return {"price": price, "agreed_on": "2025-06-30", "factors": factors, **terms}


def outcome(*deals, **changed):
    listed = [{"name": f"deal {number}", **one} for number, one in enumerate(deals)]
    return run("market.comparables", {"comparables": listed, **changed})


def line(found, name):
    return list(next(line.values for line in found.lines if line.name == name))


def english(found):
    return " ".join(warning.english for warning in found.warnings)


PAGE = (
    deal(186, (100, 105), (100, 102), (100, 99), (125, 110), (70, 80)),
    deal(155, (100, 98), (100, 100), (100, 101), (125, 112), (70, 70)),
    deal(168, (100, 103), (100, 102), (100, 98), (125, 108), (70, 75)),
)
MEAN = {"middle": "mean", "why_this_middle": "the deals are equally near"}


def test_three_references_of_a_published_answer():
    """174.43, 174.77, 176.26 and their mean 175.15: cut off after two digits, not rounded."""
    found = outcome(*PAGE, **MEAN)
    assert line(found, "adjusted_price") == pytest.approx([174.43, 174.77, 176.26], abs=0.011)
    assert found.value == pytest.approx(175.15, abs=0.011)
    assert found.warnings == ()


scores = st.tuples(st.floats(95, 105), st.floats(95, 105))


def grid_of(width):
    """Deals that are all compared by so many factors: price, units, weight, scores."""
    pairs = st.lists(scores, min_size=width, max_size=width)
    row = st.tuples(st.floats(1, 1e6), st.integers(1, 30), st.floats(0.5, 4), pairs)
    return st.lists(row, min_size=1, max_size=6)


@given(
    grid=st.integers(0, 4).flatmap(grid_of),
    which=st.sampled_from(["median", "mean", "weighted_mean"]),
    together=st.sampled_from(["multiplied", "added"]),
    size=st.floats(0.1, 50),
)
def test_by_plain_loops(grid, which, together, size):
    adjusted = []
    for price, units, _, pairs in grid:
        ratios = [ours / theirs for ours, theirs in pairs]
        factor = math.prod(ratios) if together == "multiplied" else 1 + sum(one - 1 for one in ratios)
        adjusted.append(price / units * factor * size)
    expected = {
        "median": median(adjusted),
        "mean": fmean(adjusted),
        "weighted_mean": fmean(adjusted, [weight for _, _, weight, _ in grid]),
    }[which]
    deals = [deal(price, *pairs, units=units, weight=weight, reason="nearest") for price, units, weight, pairs in grid]
    found = outcome(
        *deals, middle=which, why_this_middle="the test", factors_are=together, subject_units=size
    )  # fmt: skip
    assert found.value == pytest.approx(expected, rel=1e-11)


@given(order=st.permutations(PAGE))
def test_the_order_of_deals_does_not_matter(order):
    assert outcome(*order).value == pytest.approx(outcome(*PAGE).value, rel=1e-12)


def test_without_differences_the_price_is_the_value():
    assert outcome(deal(100)).value == 100


def test_two_factors_added_are_not_two_multiplied():
    """+10% and +20%: 1.3 or 1.32. Both are in use, so the method says which."""
    pairs = ((110, 100), (120, 100))
    assert outcome(deal(100, *pairs), factors_are="added").value == pytest.approx(130, rel=1e-13)
    assert outcome(deal(100, *pairs)).value == pytest.approx(132, rel=1e-13)


def test_the_price_of_ten_units_from_that_of_four():
    assert outcome(deal(100, units=4), subject_units=10).value == pytest.approx(250, rel=1e-14)


def test_how_far_prices_lie_apart_stands_in_the_workings():
    found = outcome(deal(9), deal(10), deal(12))
    assert line(found, "dispersion") == pytest.approx([0.1], rel=1e-13)
    assert "say why" not in english(found)
    assert "say why" in english(outcome(deal(5), deal(10), deal(20)))


def test_an_asked_price_is_brought_down_to_a_closed_one():
    found = outcome(deal(100, price_is="asked", asking_discount=0.2, reason="no deal closed"))
    assert found.value == pytest.approx(80, rel=1e-14)
    assert "asked only: deal 0" in english(found)


def test_a_deal_left_out_may_have_another_grid():
    odd = deal(1000, (1, 3), (1, 2), used="no", reason="with the team")
    assert outcome(deal(100, (1, 1)), odd).value == 100


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"price_is": "asked", "reason": "r"}, "asking_discount goes with an asked price"),
        ({"asking_discount": 0.1}, "asking_discount goes with an asked price"),
        ({"used": "no"}, "without a reason"),
        ({"parties": "related"}, "without a reason"),
        ({"weight": 2}, "without a reason"),
        ({"units": 0}, "units"),
    ],
)
def test_what_a_price_is_must_be_said(terms, said):
    with pytest.raises(InputError, match=said):
        outcome(deal(100), deal(100, **terms))


@pytest.mark.parametrize(
    ("deals", "changed", "said"),
    [
        ([deal(1, (1, 2), (2, 1))], {}, "deal 0 is no comparable"),
        ([deal(1, (1, 1)), deal(1)], {}, "deal 1 is compared by other factors than deal 0"),
        ([deal(1, used="no", reason="old")], {}, "no deal is used"),
        ([deal(1)], {"middle": "mean"}, "the mean is taken without a reason"),
        ([deal(1, name="A"), deal(1, name="A")], {}, "the deal A stands twice"),
    ],
)
def test_refuses_in_a_sentence(deals, changed, said):
    with pytest.raises(InputError, match=said):
        outcome(*deals, **changed)


def test_a_range_that_leaves_the_limit_is_reported():
    assert "beyond the limit" in english(outcome(deal(100, ({"low": 2, "high": 4}, 1))))

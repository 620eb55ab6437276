"""Comparable data sets: the sum runs over the parts of the data, and every deal is one view of its part."""

import math
from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError


def deal(price, name="deal", **terms):
    return {"name": name, "price": price, "agreed_on": "2025-06-30", **terms}


def part(*deals, name="text", **terms):
    return {"name": name, "comparables": [{**one, "name": f"{name} {n}"} for n, one in enumerate(deals)], **terms}


def outcome(*parts, **changed):
    return run("market.data_comparables", {"parts": list(parts), **changed})


def english(found):
    return " ".join(warning.english for warning in found.warnings)


def factors(quality, supply_and_demand, date_index, capacity, other=1):
    x5 = {} if other == 1 else {"other": other, "reason": "other region"}
    return {
        "quality": quality, "supply_and_demand": supply_and_demand, "date_index": date_index, "capacity": capacity, **x5
    }  # fmt: skip


def test_two_parts_of_the_guidance():
    """P = 120 x 0.9 x 1.05 x 1.1 x 0.8 x 1 + 60 x 1 x 1 x 1.1 x 1.5 x 1."""
    text = part(deal(120, **factors(0.9, 1.05, 1.1, 0.8)), name="text")
    speech = part(deal(60, **factors(1, 1, 1.1, 1.5)), name="speech")
    assert outcome(text, speech).value == pytest.approx(198.792, rel=1e-14)


def test_three_references_of_a_published_answer():
    """Adjusted 174.43, 174.77, 176.26 and their mean 175.15, cut off after two digits, by the five factors here."""
    deals = [
        deal(186, **factors(100 / 102 * 70 / 80, 100 / 105, 125 / 110, 100 / 99)),
        deal(155, **factors(100 / 100 * 70 / 70, 100 / 98, 125 / 112, 100 / 101)),
        deal(168, **factors(100 / 102 * 70 / 75, 100 / 103, 125 / 108, 100 / 98)),
    ]
    found = outcome(part(*deals, middle="mean", why_this_middle="as the page does"))
    adjusted = next(line.values for line in found.lines if line.name == "adjusted_price[text]")
    assert adjusted == pytest.approx([174.43, 174.77, 176.26], abs=0.011)
    assert found.value == pytest.approx(175.15, abs=0.011)


x = st.floats(0.9, 1.1)
deals_found = st.lists(st.tuples(st.floats(1, 1e6), x, x, x, x, x, st.floats(0.5, 4)), min_size=1, max_size=5)


@given(parts=st.lists(deals_found, min_size=1, max_size=3), which=st.sampled_from(["median", "mean", "weighted_mean"]))
def test_by_plain_loops(parts, which):
    expected, stated = 0.0, []
    for number, deals in enumerate(parts):
        adjusted = [price * math.prod(five) for price, *five, _ in deals]
        weights = [one[-1] for one in deals]
        expected += {
            "median": median(adjusted),
            "mean": fmean(adjusted),
            "weighted_mean": fmean(adjusted, weights),
        }[which]
        listed = [
            deal(price, **(factors(*five) | {"weight": weight, "reason": "nearest"})) for price, *five, weight in deals
        ]
        stated.append(part(*listed, name=str(number), middle=which, why_this_middle="the test"))
    assert outcome(*stated).value == pytest.approx(expected, rel=1e-11)


@given(price=st.floats(1, 1e6), times=st.integers(1, 6))
def test_the_same_deal_seen_often_is_worth_no_more(price, times):
    """Comparables are never summed."""
    assert outcome(part(*[deal(price)] * times)).value == pytest.approx(price, rel=1e-12)


def test_a_deal_left_out_does_not_count():
    assert outcome(part(deal(100), deal(900, used="no", reason="with software"))).value == 100


def test_an_asked_price_is_brought_down_to_a_closed_one():
    asked = deal(100, price_is="asked", asking_discount=0.3, reason="the only offer")
    assert outcome(part(asked)).value == pytest.approx(70, rel=1e-14)
    assert "asked only" in english(outcome(part(asked)))


def test_the_price_of_a_licence_is_not_that_of_the_data():
    """A copy at 5,000 that 40 more will buy, each counted by its discount factor."""
    licence = deal(5000, price_for="one_licence", expected_licences=40)
    assert outcome(part(licence)).value == 200_000
    assert "discount factors" in english(outcome(part(licence)))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"price_is": "asked", "reason": "r"}, "asking_discount goes with an asked price"),
        ({"asking_discount": 0.1}, "asking_discount goes with an asked price"),
        ({"price_for": "one_licence"}, "expected_licences goes with one licence"),
        ({"expected_licences": 10}, "expected_licences goes with one licence"),
        ({"used": "no"}, "without a reason"),
        ({"parties": "related"}, "without a reason"),
        ({"other": 1.2}, "without a reason"),
        ({"weight": 2}, "without a reason"),
        ({"quality": 0}, "quality"),
        ({"price": 0}, "price"),
    ],
)
def test_what_a_price_is_must_be_said(terms, said):
    with pytest.raises(InputError, match=said):
        outcome(part({**deal(100), **terms}))


def test_a_deal_adjusted_beyond_the_limit_is_refused_by_name():
    """|ln 0.5| + |ln 2| is 1.39, though the factors cancel."""
    with pytest.raises(InputError, match="text 0 is no comparable for text"):
        outcome(part(deal(100, quality=0.5, capacity=2)))


def test_but_may_stand_in_the_list_unused():
    far = deal(100, capacity=5, used="no", reason="five times the size")
    assert outcome(part(deal(80), far)).value == 80


def test_a_higher_limit_is_pointed_out():
    found = outcome(part(deal(100, quality=0.5, capacity=2)), comparability_limit=1.5)
    assert found.value == pytest.approx(100)
    assert "customary" in english(found)


def test_a_range_that_leaves_the_limit_is_reported():
    """A range is no plain number: its stated figure is held against the limit in the workings."""
    assert "beyond the limit" in english(outcome(part(deal(100, capacity={"low": 2, "high": 4}))))


def test_an_owner_has_data_valued_by_comparables():
    """The title of a case states the right, and an owner's is ownership."""
    assert outcome(part(deal(100, right="ownership")), right="ownership").value == pytest.approx(100)


def test_a_deal_on_another_right_is_pointed_out_unless_it_is_explained():
    assert "not of the right valued" in english(outcome(part(deal(100, right="use"))))
    explained = deal(100, right="use", other=1.3, reason="use only, so X5")
    assert "not of the right valued" not in english(outcome(part(explained)))


def test_prices_far_apart_are_pointed_out():
    assert "say why" in english(outcome(part(deal(100), deal(200), deal(900))))
    assert outcome(part(deal(100), deal(102), deal(104))).warnings == ()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([part(deal(1)), part(deal(1))], "the part text stands twice"),
        ([part(deal(1, used="no", reason="old"))], "no deal is used for text"),
        ([part(deal(1), middle="mean")], "the mean is taken for text without a reason"),
        ([{"name": "text", "comparables": [deal(1), deal(2)]}], "the deal on text deal stands twice"),
        ([], "parts"),
    ],
)
def test_refuses_in_a_sentence(parts, said):
    with pytest.raises(InputError, match=said):
        outcome(*parts)

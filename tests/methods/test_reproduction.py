"""Reproduction cost: a loop over the layers, COCOMO tables, losses that multiply, and what each basis asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

BOOKS = {"basis": "historical", "historical_cost": [100, 200], "price_index_ratio": [1.2, 1.1]}
KNOW_HOW = {
    "basis": "multiplier",
    "materials_and_other_cost": 60,
    "staff_cost": 20,
    "creative_labour_multiplier": 2,
    "average_research_risk": 0.2,
    "profit_rate": 0.25,
}
SOFTWARE = {
    "basis": "code_size",
    "thousand_lines": 400,
    "effort_coefficient": 2.4,
    "size_exponent": 1.05,
    "cost_per_person_month": 1,
}
LICENCE = {"asked": "minimum_fee", "owner_capacity": 600, "licensee_capacity": 2400}


def outcome(asset=BOOKS, **changed):
    return run("cost.reproduction", {**asset, **changed})


def value(asset=BOOKS, **changed):
    return outcome(asset, **changed).value


def said(found):
    return " ".join(warning.english for warning in found.warnings)


@pytest.mark.parametrize(
    ("coefficient", "exponent", "person_months"), [(2.4, 1.05, 1295), (3, 1.12, 2462), (3.6, 1.2, 4772)]
)
def test_person_months_are_those_of_a_course_on_cocomo(coefficient, exponent, person_months):
    """400,000 lines, organic, semi-detached and embedded; the page cuts off the decimals (page-read)."""
    effort = value(SOFTWARE, effort_coefficient=coefficient, size_exponent=exponent)
    assert int(effort) == person_months


def test_whole_person_months_are_rounded_at_each_step():
    """Halves go up: 1,295.35 and half of it again as upkeep are 1,295 and 1,942.5, so 1,943."""
    assert value(SOFTWARE, upkeep_share=0.5, person_months="whole") == 1943
    assert value(SOFTWARE, upkeep_share=0.5) == pytest.approx(1.5 * 2.4 * 400**1.05)


def test_failures_divide_the_cost_and_make_it_larger():
    """One examination guide prints 1 + the risk below the line, which would make risky research cheap."""
    assert value(KNOW_HOW) == pytest.approx(156.25)
    assert value(KNOW_HOW, average_research_risk=0.6) == pytest.approx(2 * 156.25)


def test_losses_multiply_and_never_reach_below_zero():
    """Added up, three losses of 40% would leave less than nothing."""
    losses = {"physical_depreciation": 0.4, "functional_obsolescence": 0.4, "economic_obsolescence": 0.4}
    assert value(**losses) == pytest.approx((120 + 220) * 0.6**3)


@given(
    layers=st.lists(st.tuples(st.floats(0, 1e8), st.floats(0.2, 5), st.floats(0, 10)), min_size=1, max_size=6),
    rates=st.tuples(st.floats(0, 1), st.floats(0, 0.5)),
    lives=st.tuples(st.floats(0, 30), st.floats(0.1, 30)),
    losses=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    capacities=st.tuples(st.floats(0, 1e4), st.floats(0.1, 1e4)),
    loss=st.floats(0, 1e6),
)
def test_agrees_with_a_loop_over_the_layers(layers, rates, lives, losses, capacities, loss):
    new = 0.0
    for cost, index, wait in layers:
        today = cost * index
        new += today + today * rates[0] + today * ((1 + rates[1]) ** wait - 1)
    left = lives[1] / (lives[0] + lives[1]) * (1 - losses[0]) * (1 - losses[1])
    found = value(
        historical_cost=[cost for cost, _, _ in layers],
        price_index_ratio=[index for _, index, _ in layers],
        years_to_completion=[wait for _, _, wait in layers],
        profit_rate=rates[0],
        return_rate=rates[1],
        depreciation="by_life",
        age=lives[0],
        remaining_useful_life=lives[1],
        functional_obsolescence=losses[0],
        economic_obsolescence=losses[1],
        asked="minimum_fee",
        owner_capacity=capacities[0],
        licensee_capacity=capacities[1],
        licensing_loss=loss,
    )
    assert found == pytest.approx(new * left * capacities[1] / sum(capacities) + loss, rel=1e-10, abs=1e-6)


@given(age=st.floats(0, 20), more=st.floats(0.1, 20))
def test_falls_with_age(age, more):
    lives = {"depreciation": "by_life", "remaining_useful_life": 5}
    assert value(**lives, age=age + more) < value(**lives, age=age)


def test_a_licensee_who_uses_all_of_it_bears_all_of_the_cost():
    fee = {"asked": "minimum_fee", "owner_capacity": 0, "licensee_capacity": 7}
    assert value(**fee) == value()
    assert value(**fee, licensing_loss=50) == value() + 50


def test_a_life_known_for_other_methods_depreciates_only_if_asked_to():
    """An asset's facts reach every method; one that states its depreciation must not take the life on top."""
    found = outcome(age=5, remaining_useful_life=5, physical_depreciation=0.1)
    assert found.value == pytest.approx(340 * 0.9)
    assert "Not used with historical, stated, value: age, remaining_useful_life" in said(found)


@pytest.mark.parametrize(
    ("asset", "without"),
    [
        (BOOKS, "price_index_ratio"),
        (KNOW_HOW, "average_research_risk"),
        (SOFTWARE, "cost_per_person_month"),
        (BOOKS | LICENCE, "licensee_capacity"),
        (BOOKS | {"depreciation": "by_life", "age": 2, "remaining_useful_life": 3}, "age"),
        (BOOKS | {"return_rate": 0.1, "years_to_completion": 1}, "years_to_completion"),
        (BOOKS | {"return_rate": 0.1, "years_to_completion": 1}, "return_rate"),
    ],
)
def test_what_a_choice_needs_is_asked_for(asset, without):
    with pytest.raises(InputError, match=f"needs {without}, not stated"):
        outcome({name: given for name, given in asset.items() if name != without})


@pytest.mark.parametrize(
    ("asset", "changed"),
    [
        (BOOKS, {"historical_cost": 300}),
        (KNOW_HOW, {"return_rate": 0.1, "years_to_completion": [1, 2]}),
    ],
)
def test_a_list_without_a_list_of_costs_is_refused(asset, changed):
    """One cost times a list of indices would count it once for each."""
    with pytest.raises(InputError, match="is a list and the cost is one figure"):
        outcome(asset, **changed)


def test_depreciation_is_taken_once():
    with pytest.raises(InputError, match="taken by life and stated as well"):
        outcome(depreciation="by_life", age=2, remaining_useful_life=3, physical_depreciation=0.2)


def test_says_what_a_reader_must_know():
    assert "Nothing is deducted" in said(outcome())
    assert "Nothing is deducted" not in said(outcome(functional_obsolescence=0.1))
    assert "least fee for a licence" in said(outcome(**LICENCE))
    both = {"return_rate": 0.1, "years_to_completion": [1, 0.5], "profit_rate": 0.1}
    assert "counts it twice" in said(outcome(**both))
    assert "counts it twice" not in said(outcome(**both | {"profit_rate": 0}))

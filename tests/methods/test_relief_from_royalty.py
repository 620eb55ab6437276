"""Relief from royalty: published values, a loop over the years, and what must hold for any inputs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

STANDARD = {
    "revenue": [100, 110, 121],
    "royalty_rate": 0.05,
    "remaining_useful_life": 3,
    "discount_rate": 0.15,
    "tax_rate": 0.25,
}


def value(**changed):
    return run("income.relief_from_royalty", {**STANDARD, **changed}).value


@pytest.mark.parametrize(
    ("timing", "tax_life", "expected"),
    [
        ("mid", 0, 10.0411729942134),
        ("end", 0, 9.363442097476783),
        ("mid", 10, 11.602266595678874),
        ("end", 10, 10.706818176100224),
    ],
)
def test_gives_the_standard_values(timing, tax_life, expected):
    assert value(timing=timing, tax_life=tax_life) == pytest.approx(expected, rel=1e-14)


def test_part_year_centres_on_what_is_within_life():
    """The docstring's example: 2.5 years of life."""
    given = {
        "revenue": [100e6, 120e6, 130e6],
        "share_of_revenue": [1, 0.8, 0.6],
        "remaining_useful_life": 2.5,
        "discount_rate": 0.18,
    }
    assert value(**given) == pytest.approx(7_268_457.39, abs=0.005)
    assert value(**given, tax_life=10) == pytest.approx(8_278_856.03, abs=0.005)


def by_hand(revenue, royalty, costs, life, rate, tax, first_period):
    """Year after year, as one would on paper."""
    total, start = 0.0, 0.0
    for year, sales in enumerate(revenue):
        length = first_period if year == 0 else 1.0
        lived = min(max(life - start, 0.0), length)
        after_tax = (sales * royalty - costs) * (1 - tax)
        total += after_tax * lived / length / (1 + rate) ** (start + lived / 2)
        start += length
    return total


@given(
    revenue=st.lists(st.floats(0, 1e9), min_size=1, max_size=8),
    royalty=st.floats(0, 0.3),
    costs=st.floats(0, 1e6),
    life=st.floats(0.1, 9),
    rate=st.floats(0.01, 0.6),
    tax=st.floats(0, 0.5),
    first_period=st.floats(0.05, 1),
)
def test_agrees_with_a_loop_over_the_years(revenue, royalty, costs, life, rate, tax, first_period):
    found = value(
        revenue=revenue,
        royalty_rate=royalty,
        owner_costs=costs,
        remaining_useful_life=life,
        discount_rate=rate,
        tax_rate=tax,
        first_period=first_period,
    )
    expected = by_hand(revenue, royalty, costs, life, rate, tax, first_period)
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-4)


@given(royalty=st.floats(0, 0.3), times=st.floats(0, 3))
def test_is_linear_in_the_royalty(royalty, times):
    assert value(royalty_rate=royalty * times) == pytest.approx(times * value(royalty_rate=royalty), rel=1e-12)


@given(rates=st.tuples(st.floats(-0.5, 1), st.floats(0.001, 1)))
def test_falls_in_the_discount_rate(rates):
    low, step = rates
    assert value(discount_rate=low) > value(discount_rate=low + step)


@given(share=st.floats(0, 1), royalty=st.floats(0, 0.2))
def test_streams_add_up(share, royalty):
    """One revenue cut in two, each part at the same rate, is that revenue."""
    parts = [[revenue * part for revenue in STANDARD["revenue"]] for part in (share, 1 - share)]
    cut = value(
        revenue=parts[0],
        royalty_rate=royalty,
        further_streams=[{"name": "rest", "revenue": parts[1], "royalty_rate": royalty}],
    )
    assert cut == pytest.approx(value(royalty_rate=royalty), rel=1e-12, abs=1e-12)


def test_a_trademark_that_is_renewed_for_ever():
    """Year ends, five years of 100 and 3% growth after: annuity and Gordon's formula by hand."""
    stated = {"revenue": [100.0] * 5, "royalty_rate": 0.1, "tax_rate": 0, "discount_rate": 0.15, "timing": "end"}
    found = value(**stated, remaining_useful_life=None, growth_for_ever=0.03)
    assert found == pytest.approx(10 * (1 - 1.15**-5) / 0.15 + 10 * 1.03 / 0.12 * 1.15**-5, rel=1e-13)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"growth_for_ever": 0.02}, "exactly one of remaining_useful_life and growth_for_ever"),
        ({"remaining_useful_life": None, "growth_for_ever": 0.147}, "must exceed the growth 0.147"),
        ({"further_streams": [{"name": "a", "revenue": [1, 1, 1], "royalty_rate": 0.1}] * 2}, "stream a stands twice"),
    ],
)
def test_refuses_what_contradicts_itself(changed, sentence):
    with pytest.raises(InputError, match=sentence):
        value(**changed)


def test_the_life_is_missing_unless_there_is_no_end():
    """Readiness lists it as a fact that is lacking."""
    left_out = {name: figure for name, figure in STANDARD.items() if name != "remaining_useful_life"}
    with pytest.raises(InputError) as refused:
        run("income.relief_from_royalty", left_out)
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [
        ("missing", "remaining_useful_life")
    ]
    assert run("income.relief_from_royalty", {**left_out, "growth_for_ever": 0.01}).value > value()


@given(lives=st.tuples(st.floats(0.01, 3), st.floats(0.01, 3)), timing=st.sampled_from(["mid", "end"]))
def test_a_longer_life_is_worth_no_less(lives, timing):
    """More of a year comes later on average, and still adds."""
    shorter, longer = (value(remaining_useful_life=life, timing=timing) for life in sorted(lives))
    assert longer >= shorter


@given(times=st.floats(0.01, 1e6))
def test_is_homogeneous_in_money(times):
    """All amounts times k: the value times k."""
    revenue = [figure * times for figure in STANDARD["revenue"]]
    assert value(revenue=revenue, owner_costs=times) == pytest.approx(times * value(owner_costs=1), rel=1e-12)


def test_no_royalty_is_worth_nothing():
    assert value(royalty_rate=0) == 0


def test_upkeep_above_the_royalty_is_reported_below_zero():
    """A negative indication is no error and is not floored."""
    assert value(owner_costs=20) < 0


def test_no_tax_no_benefit():
    assert value(tax_rate=0, tax_life=10) == value(tax_rate=0)


def test_says_that_life_runs_beyond_the_forecast():
    outcome = run("income.relief_from_royalty", {**STANDARD, "remaining_useful_life": 5})
    assert any("beyond the forecast" in warning.english for warning in outcome.warnings)
    assert outcome.value == value()


@pytest.mark.parametrize(
    "bad",
    [{"royalty_rate": 5}, {"remaining_useful_life": 0}, {"tax_rate": 1}, {"revenue": 100}, {"first_period": 1.5}],
    ids=lambda bad: next(iter(bad)),
)
def test_refuses_in_a_sentence(bad):
    with pytest.raises(InputError) as refused:
        value(**bad)
    (problem,) = refused.value.problems
    assert problem.path == next(iter(bad))
    assert problem.sentence("zh") != problem.sentence("en")


def test_every_line_is_finite_and_has_a_unit():
    outcome = run("income.relief_from_royalty", STANDARD)
    assert all(line.unit for line in outcome.lines)
    assert all(np.all(np.isfinite(line.values)) for line in outcome.lines)
    assert outcome.lines[-1].values == (outcome.value,)

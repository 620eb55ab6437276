"""With and without: published differences, a loop over the years, a ramp by small steps, and what must hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

BUSINESS = {
    "revenue_with": [100, 110, 120],
    "margin_with": 0.3,
    "revenue_without": [70, 80, 100],
    "tax_rate": 0.25,
    "remaining_useful_life": 3,
    "discount_rate": 0.12,
}


def outcome(**changed):
    stated = {**BUSINESS, **changed}
    return run("income.with_and_without", {name: given for name, given in stated.items() if given is not None})


def value(**changed):
    return outcome(**changed).value


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def said(found):
    return " ".join(warning.english for warning in found.warnings)


def ramped(**changed):
    return outcome(revenue_without=None, **changed)


@pytest.mark.parametrize(
    ("page", "printed"),
    [
        # A patent: price 17.5 to 20, unit cost 4 to 3.5, 100,000 units (examination bank 2023, page-read).
        (
            {
                "revenue_with": [200] * 5,
                "costs_with": 35,
                "revenue_without": [175] * 5,
                "costs_without": 40,
                "tax_rate": 0.25,
            },
            85.29,
        ),
        # A firm of 1,000 in a trade that earns 20% takes in 300 with a patent (examination bank, page-read).
        ({"revenue_with": [300] * 5, "revenue_without": [200] * 5, "tax_rate": 0}, 379.08),
    ],
)
def test_agrees_with_published_answers(page, printed):
    level = {"margin_with": 1, "remaining_useful_life": 5, "discount_rate": 0.1, "timing": "end"}
    assert value(**level, **page) == pytest.approx(printed, abs=0.005)


@given(
    years=st.lists(st.tuples(*[st.floats(0, 1e6)] * 4, st.floats(-1e5, 1e5), st.floats(0, 1)), min_size=1, max_size=6),
    margins=st.tuples(st.floats(-0.5, 1), st.floats(-0.5, 1)),
    tax=st.floats(0, 0.5),
    rates=st.tuples(st.floats(0.02, 0.4), st.floats(0.02, 0.4)),
    life=st.floats(0.1, 7),
    first_period=st.floats(0.1, 1),
)
def test_agrees_with_a_loop_over_both_outcomes(years, margins, tax, rates, life, first_period):
    total, start = 0.0, 0.0
    for number, (revenue, costs, less, other_costs, investment, chance) in enumerate(years):
        length = first_period if number == 0 else 1.0
        lived = min(max(life - start, 0.0), length)
        having = (revenue * margins[0] - costs) * (1 - tax) - investment
        lacking = (less * margins[1] - other_costs) * (1 - tax) - 2 * investment
        weights = [lived / length / (1 + rate) ** (start + lived / 2) for rate in rates]
        total += having * weights[0]
        for probability, flow, weight in ((1 - chance, having, weights[0]), (chance, lacking, weights[1])):
            total -= probability * flow * weight
        start += length
    columns = list(zip(*years, strict=True))
    found = value(
        revenue_with=list(columns[0]),
        costs_with=list(columns[1]),
        revenue_without=list(columns[2]),
        costs_without=list(columns[3]),
        investment_with=list(columns[4]),
        investment_without=[2 * each for each in columns[4]],
        probability_of_competition=list(columns[5]),
        margin_with=margins[0],
        margin_without=margins[1],
        tax_rate=tax,
        discount_rate=rates[0],
        discount_rate_without=rates[1],
        remaining_useful_life=life,
        first_period=first_period,
    )
    assert found == pytest.approx(total, rel=1e-9, abs=1e-4)


@given(ramp=st.floats(0, 6), start=st.floats(0, 1), life=st.floats(0.2, 5), first_period=st.floats(0.1, 1))
def test_a_ramp_is_the_mean_of_small_steps(ramp, start, life, first_period):
    """Where a substitute takes time, each period's share of revenue is the mean over the part of it that is lived."""
    found = ramped(
        revenue_with=[100] * 5,
        ramp_up_time=ramp,
        share_at_start=start,
        remaining_useful_life=life,
        first_period=first_period,
    )
    steps, begin = 4000, 0.0
    for number, share in enumerate(line(found, "share_of_revenue_without")):
        length = first_period if number == 0 else 1.0
        lived = min(max(life - begin, 0.0), length)
        moments = (begin + lived * (step + 0.5) / steps for step in range(steps))
        mean = sum(min(moment / ramp, 1.0) if ramp > 0 else 1.0 for moment in moments) / steps
        if lived > 1e-9:
            assert share == pytest.approx(start + (1 - start) * mean, abs=1e-3)
        begin += length


def test_two_years_of_ramp_year_by_year():
    assert line(ramped(ramp_up_time=2), "share_of_revenue_without") == pytest.approx((0.25, 0.75, 1))


def test_an_asset_that_makes_no_difference_is_worth_nothing():
    assert value(revenue_without=BUSINESS["revenue_with"]) == pytest.approx(0, abs=1e-12)
    assert ramped(ramp_up_time=0).value == pytest.approx(0, abs=1e-12)
    assert ramped(ramp_up_time=5, share_at_start=1).value == pytest.approx(0, abs=1e-12)


def test_what_is_not_stated_without_is_as_with():
    assert value() == pytest.approx(value(margin_without=0.3, costs_without=0, investment_without=0))


@given(chance=st.floats(0, 1))
def test_value_is_in_proportion_to_the_chance_of_competition(chance):
    assert value(probability_of_competition=chance) == pytest.approx(chance * value(), abs=1e-9)


@given(low=st.floats(0.001, 0.5), step=st.floats(0.001, 0.5))
def test_falls_in_the_discount_rate(low, step):
    assert value(discount_rate=low) > value(discount_rate=low + step)


@given(short=st.floats(0, 5), longer=st.floats(0.01, 5))
def test_the_longer_a_substitute_takes_the_more_the_asset_is_worth(short, longer):
    assert ramped(ramp_up_time=short).value < ramped(ramp_up_time=short + longer).value


def test_the_cost_of_a_substitute_is_spared():
    """Paid in the middle of the first year if the asset is missing, and it saves no tax."""
    assert value(investment_without=[40, 0, 0]) - value() == pytest.approx(40 / 1.12**0.5)


def test_tax_benefit_of_a_buyer_is_added_on_request():
    assert value(tax_life=10) == pytest.approx(
        value() / (1 - 0.25 / 10 * sum(1.12 ** -(year - 0.5) for year in range(1, 11)))
    )


@pytest.mark.parametrize(
    "changed",
    [{"ramp_up_time": 2}, {"revenue_without": None}, {"share_at_start": 0.2}],
    ids=["both", "none", "half of one"],
)
def test_revenue_without_is_stated_in_one_way(changed):
    with pytest.raises(InputError, match="one of two ways"):
        outcome(**changed)


def test_says_what_a_reader_must_know():
    assert said(outcome()) == ""
    assert "earns less with the asset" in said(outcome(revenue_without=[70, 120, 100]))
    assert "two rates" in said(outcome(discount_rate_without=0.2))
    assert "two rates" not in said(outcome(discount_rate_without=0.12))
    assert "runs beyond the forecast" in said(outcome(remaining_useful_life=4))

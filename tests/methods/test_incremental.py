"""Incremental income: published answers and slips, profit with less profit without, and what must hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

MARKET = {"name": "home", "volume": [10, 11, 12], "price_premium": 3, "cost_saved": 1}
GAINS = {
    "right": "ownership",
    "income_from": "own_use",
    "markets": [MARKET],
    "tax_rate": 0.25,
    "remaining_useful_life": 3,
    "discount_rate": 0.12,
}
LEVEL = {"remaining_useful_life": 5, "discount_rate": 0.1, "timing": "end"}


def outcome(*markets, **changed):
    return run("income.incremental", {**GAINS, **({"markets": list(markets)} if markets else {}), **changed})


def value(*markets, **changed):
    return outcome(*markets, **changed).value


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def said(found):
    return " ".join(warning.english for warning in found.warnings)


def test_a_level_gain_agrees_with_a_published_answer():
    """100 a year more for five years at 10%, tax left aside: 379.08 (examination bank, page-read)."""
    assert value({"name": "all", "volume": [1] * 5, "price_premium": 100}, **LEVEL, tax_rate=0) == pytest.approx(
        379.08, abs=0.005
    )


def test_extra_sales_of_a_design_are_taxed():
    """Two banks answer one question: 621.72 forgets its 25% tax, 466.29 does not; factor 2.4869 on the page."""
    extra = {"name": "all", "volume": [5] * 3, "extra_volume": 5, "margin_without": 50}
    terms = {**LEVEL, "remaining_useful_life": 3}
    assert value(extra, **terms) == pytest.approx(466.29, abs=0.01)
    assert value(extra, **terms, tax_rate=0) == pytest.approx(621.72, abs=0.01)


def test_the_whole_profit_is_not_the_gain():
    """A page values 6,095 a year, the whole profit with the patent; 4,000 of it was there before."""
    toys = {"volume": [115] * 10, "extra_volume": 15, "price_premium": 10, "cost_saved": 3, "margin_without": 40}
    found = outcome({"name": "toys", **toys}, **LEVEL | {"remaining_useful_life": 10})
    assert line(found, "gain_before_tax") == pytest.approx([6095 - 4000] * 10)
    assert found.value == pytest.approx(2095 * 0.75 * (1 - 1.1**-10) / 0.1)  # 9,654.65, and not the page's 28,088.5


@given(
    before=st.tuples(*[st.floats(0, 1e4)] * 3),
    after=st.tuples(*[st.floats(0, 1e4)] * 3),
    tax=st.floats(0, 0.5),
    rate=st.floats(0.02, 0.4),
)
def test_is_the_business_with_less_the_business_without(before, after, tax, rate):
    """Premium, saving and extra units add up to the difference of the two profits, as another method takes it."""
    (units, price, cost), (more_units, higher, lower) = before, after
    market = {
        "name": "all",
        "volume": [more_units] * 4,
        "price_premium": higher - price,
        "cost_saved": cost - lower,
        "extra_volume": more_units - units,
        "margin_without": price - cost,
    }
    terms = {"tax_rate": tax, "discount_rate": rate, "remaining_useful_life": 4}
    states = {
        "revenue_with": [more_units * higher] * 4,
        "costs_with": more_units * lower,
        "revenue_without": [units * price] * 4,
        "costs_without": units * cost,
    }
    both = run("income.with_and_without", {**states, **terms}).value
    assert value(market, **terms) == pytest.approx(both, rel=1e-9, abs=1e-3)


@given(
    years=st.lists(st.tuples(st.floats(0, 1e5), *[st.floats(-1e3, 1e3)] * 5, st.floats(0, 1)), min_size=1, max_size=6),
    tax=st.floats(0, 0.5),
    rate=st.floats(0.02, 0.4),
    life=st.floats(0.1, 7),
    first_period=st.floats(0.1, 1),
)
def test_agrees_with_a_loop_over_years_and_markets(years, tax, rate, life, first_period):
    """Two markets, the second with half the volume of the first and no extra units."""
    total, start = 0.0, 0.0
    for number, (volume, premium, saved, extra, margin, spent, share) in enumerate(years):
        length = first_period if number == 0 else 1.0
        lived = min(max(life - start, 0.0), length)
        gain = sum(units * premium + units * saved for units in (volume, volume / 2)) + extra * margin - abs(spent)
        total += (gain * (1 - tax) - spent) * share * lived / length / (1 + rate) ** (start + lived / 2)
        start += length
    names = (
        "volume",
        "price_premium",
        "cost_saved",
        "extra_volume",
        "margin_without",
        "investment",
        "share_due_to_asset",
    )
    columns = dict(zip(names, (list(column) for column in zip(*years, strict=True)), strict=True))
    gains = {name: columns[name] for name in names[1:3]}
    first = {"name": "first", **{name: columns[name] for name in names[:5]}}
    second = {"name": "second", "volume": [units / 2 for units in columns["volume"]], **gains}
    found = value(
        first,
        second,
        costs=[abs(spent) for spent in columns["investment"]],
        investment=columns["investment"],
        share_due_to_asset=columns["share_due_to_asset"],
        tax_rate=tax,
        discount_rate=rate,
        remaining_useful_life=life,
        first_period=first_period,
    )
    assert found == pytest.approx(total, rel=1e-9, abs=1e-2)


def test_an_asset_that_changes_nothing_is_worth_nothing():
    assert value({**MARKET, "price_premium": 0, "cost_saved": 0}) == 0
    assert value(MARKET, share_due_to_asset=0) == 0


def test_markets_add_up():
    abroad = {"name": "abroad", "volume": [5, 4, 3], "price_premium": -1, "cost_saved": 2}
    assert value(MARKET, abroad) == pytest.approx(value(MARKET) + value(abroad))


@given(share=st.floats(0, 1))
def test_one_market_cut_in_two_is_the_same(share):
    volumes = [[part * units for units in MARKET["volume"]] for part in (share, 1 - share)]
    parts = [{**MARKET, "name": str(part), "volume": volume} for part, volume in enumerate(volumes)]
    assert value(*parts) == pytest.approx(value())


@given(low=st.floats(0.001, 0.5), step=st.floats(0.001, 0.5))
def test_falls_in_the_discount_rate(low, step):
    assert value(discount_rate=low) > value(discount_rate=low + step)


def test_a_gain_that_costs_more_than_it_brings_is_reported_below_zero():
    assert value(costs=100) < 0


def test_tax_benefit_of_a_buyer_is_added_on_request():
    assert value(tax_life=10) == pytest.approx(
        value() / (1 - 0.25 / 10 * sum(1.12 ** -(year - 0.5) for year in range(1, 11)))
    )


@pytest.mark.parametrize("half", [{"extra_volume": 2}, {"margin_without": 5}])
def test_extra_units_need_their_margin(half):
    with pytest.raises(InputError, match="home needs extra_volume and margin_without together"):
        outcome({**MARKET, **half})


def test_one_market_stands_once():
    with pytest.raises(InputError, match="the market home stands twice"):
        outcome(MARKET, MARKET)


def test_markets_cover_the_same_years():
    with pytest.raises(InputError, match=r"markets\[1\].volume"):
        outcome(MARKET, {**MARKET, "name": "abroad", "volume": [1, 2]})


def test_says_what_a_reader_must_know():
    assert said(outcome()) == ""
    assert "more extra units than units" in said(outcome({**MARKET, "extra_volume": 20, "margin_without": 5}))
    assert "runs beyond the forecast" in said(outcome(remaining_useful_life=4))

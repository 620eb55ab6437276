"""A case brought to a later date: what is left of forecasts, lives and ages if nothing but time has passed."""

from datetime import date
from typing import Any

import pytest
from made_cases import ROYALTY, corpus, inputs_of, software
from readings import EXAMPLES, INSTALLED

import valuation
from valuation import plugins
from valuation.appraisal import appraise
from valuation.canonical import canonical_bytes
from valuation.case import Case, read_case
from valuation.errors import InputError
from valuation.rolled_case import Periods, put, roll_forward, years_between

START, YEAR_LATER = date(2024, 6, 30), date(2025, 6, 30)
RATE = 0.18


def case_of(method_id: str, on: date = START, facts: dict[str, Any] | None = None, **inputs: Any) -> Case:
    """One asset valued by one method."""
    method = plugins.find(method_id, "").method
    rights = {"right": "ownership", "income_from": "own_use"}
    needed = {name: word for name, word in rights.items() if name in method.inputs.model_fields}
    asset = {
        "id": "asset",
        "kind": method.serves[0],
        "facts": facts or {},
        "methods": [{"id": method_id, "inputs": {**needed, **inputs}}],
        "conclusion": {"select": method_id, "because": "x", "single_method_reason": "y"},
    }
    return read_case({**software(), "valuation_date": on.isoformat(), "assets": [asset]})


def royalties(**inputs: Any) -> Case:
    """A million a year for five years, of which 5% are spared, taxed at 25%: 37,500 a year."""
    stated = {"revenue": [1e6] * 5, "royalty_rate": 0.05, "tax_rate": 0.25, "discount_rate": RATE}
    return case_of(ROYALTY, **{**stated, "remaining_useful_life": 5, **inputs})


def value(case: Case) -> float:
    (asset,) = appraise(case, draws=0).assets
    return asset.indications[0].value


def inputs_left(case: Case, method: int = 0) -> dict[str, Any]:
    return case.assets[0].methods[method].inputs


def refused(case: Case, to: date = YEAR_LATER) -> list[str]:
    with pytest.raises(InputError) as found:
        roll_forward(case, to)
    return [problem.sentence() for problem in found.value.problems]


# by hand


@pytest.mark.parametrize(("timing", "middle"), [("mid", 0.5), ("end", 0.0)])
def test_a_level_forecast_loses_its_first_year_and_gains_a_year_of_discount(timing: str, middle: float) -> None:
    """37,500 at 18%: after a year four of five are left, each a year nearer."""
    old = royalties(timing=timing)
    new = roll_forward(old, YEAR_LATER)
    assert value(old) == pytest.approx(sum(37500 * 1.18 ** (middle - year) for year in (1, 2, 3, 4, 5)), rel=1e-12)
    assert value(new) == pytest.approx(sum(37500 * 1.18 ** (middle - year) for year in (1, 2, 3, 4)), rel=1e-12)
    assert value(new) == pytest.approx(value(old) * 1.18 - 37500 * 1.18**middle, rel=1e-12)


def test_a_year_that_has_begun_counts_with_what_is_left_of_it() -> None:
    """Half a year later: 18,750 in the middle of half a year, then whole years in their middles."""
    new = roll_forward(royalties(first_period=1), date(2024, 12, 30))
    part = 1 - years_between(START, date(2024, 12, 30))
    by_hand = 37500 * part * 1.18 ** -(part / 2) + sum(37500 * 1.18 ** -(part + year - 0.5) for year in (1, 2, 3, 4))
    assert value(new) == pytest.approx(by_hand, rel=1e-12)
    assert inputs_left(new)["first_period"] == pytest.approx(part)
    assert inputs_left(new)["revenue"] == pytest.approx([1e6 * part, 1e6, 1e6, 1e6, 1e6])


def test_a_short_first_period_is_over_before_a_year() -> None:
    """A quarter of a year first: after half a year a quarter of the next year is over."""
    old = royalties(revenue=[25e4, 1e6, 1e6], first_period=0.25, remaining_useful_life=2.25)
    new = roll_forward(old, date(2024, 12, 30))
    gone = years_between(START, date(2024, 12, 30)) - 0.25
    assert inputs_left(new)["revenue"] == pytest.approx([1e6 * (1 - gone), 1e6])
    assert inputs_left(new)["first_period"] == pytest.approx(1 - gone)


def test_rolling_twice_is_rolling_once() -> None:
    between = roll_forward(royalties(), date(2024, 9, 30))
    once, twice = (value(roll_forward(case, YEAR_LATER)) for case in (royalties(), between))
    assert twice == pytest.approx(once, rel=1e-9)


SURVIVORS = {"derive": "survival.weibull", "inputs": {"shape": 1.8, "scale": 6, "age": 2, "forecast_years": 4}}
IOWA = {"derive": "survival.iowa", "inputs": {"curve": "modified_s3", "average_life": 6, "age": 2, "forecast_years": 4}}
EXPONENTIAL = {"derive": "survival.exponential", "inputs": {"half_life": 2, "forecast_years": 4}}
FADING = {
    "derive": "forecast.growth_path",
    "inputs": {"base": 1e6, "first_growth": 0.4, "final_growth": 0.05, "steady_years": 1, "forecast_years": 4},
}
STATED = {
    "derive": "forecast.growth_path",
    "inputs": {"base": 1e6, "path": "stated", "growth": [0.4, 0.3, 0.2, 0.1], "forecast_years": 4},
}
ADOPTION = {
    "derive": "forecast.adoption",
    "inputs": {
        "market": 1e5, "innovation": 0.03, "imitation": 0.4, "years_since_launch": 1.5,
        "revenue_each": [120, 110, 100, 90], "forecast_years": 4,
    },
}  # fmt: skip
RENTED = {"name": "H100", "quantity": 8, "utilisation": [0.7, 0.6, 0.5, 0.4], "power": 1.3}
LEVEL = {"timing": "end", "tax_rate": 0.25, "discount_rate": RATE, "remaining_useful_life": 4}
WHOLE_YEARS: dict[str, tuple[str, dict[str, Any]]] = {
    "upkeep in one figure": (ROYALTY, {"revenue": [1e6, 2e6, 3e6, 2e6], "royalty_rate": 0.05, "owner_costs": 9000}),
    "growth that fades": (ROYALTY, {"revenue": FADING, "royalty_rate": 0.05}),
    "growth by year": (ROYALTY, {"revenue": STATED, "royalty_rate": [0.05, 0.04, 0.03, 0.02]}),
    "adoption": (ROYALTY, {"revenue": ADOPTION, "royalty_rate": 0.05}),
    "Weibull survivors": ("income.direct", {"revenue": [1e6] * 4, "survivors": SURVIVORS}),
    "exponential survivors": ("income.direct", {"revenue": [1e6] * 4, "survivors": EXPONENTIAL}),
    "tabulated survivors": ("income.direct", {"revenue": [1e6] * 4, "survivors": IOWA}),
    "units by year": (
        "income.incremental",
        {"markets": [{"name": "home", "volume": [100, 110, 120, 90], "price_premium": 25, "cost_saved": [9, 8, 7, 6]}]},
    ),
    "with and without": (
        "income.with_and_without",
        {"revenue_with": [9e6, 8e6, 7e6, 6e6], "revenue_without": 5e6,
         "probability_of_competition": [0.2, 0.4, 0.5, 1]},
    ),
    "rents that fall": (
        "income.compute_rental",
        {
            "rented_hardware": [{**RENTED, "rent_per_hour": 2.2, "rent_change": -0.25}],
            "electricity_price": 0.07, "power_usage_effectiveness": 1.2,
        },
    ),
    "rents by year": (
        "income.compute_rental",
        {
            "rented_hardware": [{**RENTED, "rent_per_hour": [2.2, 1.9, 1.5, 1.2]}],
            "electricity_price": [0.07, 0.08, 0.09, 0.1], "power_usage_effectiveness": 1.2,
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE_YEARS)
def test_a_year_later_the_value_is_the_old_one_with_interest_less_what_the_year_brought(name: str) -> None:
    """Of the same forecast: (value of all years - value of the first alone) x (1 + rate), whatever method makes it."""
    method_id, inputs = WHOLE_YEARS[name]
    old = case_of(method_id, **LEVEL, **inputs)
    first_year = case_of(method_id, **{**LEVEL, "remaining_useful_life": 1}, **inputs)
    new = roll_forward(old, YEAR_LATER)
    assert value(new) == pytest.approx((value(old) - value(first_year)) * (1 + RATE), rel=1e-9)


# what moves, and how


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (date(2024, 6, 30), date(2025, 6, 30), 1.0),
        (date(2024, 6, 30), date(2026, 6, 30), 2.0),
        (date(2025, 1, 1), date(2025, 12, 31), 364 / 365),
        (date(2023, 7, 1), date(2024, 6, 30), 365 / 366),
        (date(2024, 2, 29), date(2025, 2, 28), 1.0),
        (date(2024, 2, 29), date(2025, 3, 1), 1 + 1 / 365),
        (date(2024, 12, 31), date(2025, 1, 31), 31 / 365),
    ],
)
def test_years_are_anniversaries_and_days_of_the_year_begun(start: date, end: date, years: float) -> None:
    assert years_between(start, end) == pytest.approx(years, abs=1e-15)


@pytest.mark.parametrize(
    ("elapsed", "first", "expected"),
    [
        (0.25, 1.0, (0, 0.75, 0.75)),
        (0.25, 0.5, (0, 0.25, 0.5)),
        (0.5, 0.5, (1, 1.0, 1.0)),
        (1.0, 1.0, (1, 1.0, 1.0)),
        (1.25, 1.0, (1, 0.75, 0.75)),
        (1.0, 0.25, (1, 0.25, 0.25)),
        (3.0, 1.0, (3, 1.0, 1.0)),
        (0.1 + 0.2, 0.3, (1, 1.0, 1.0)),
    ],
)
def test_what_is_left_of_the_periods(elapsed: float, first: float, expected: tuple[int, float, float]) -> None:
    """The last: 0.1 + 0.2 is more than 0.3 by the last digit of a double, and nothing of a year is that short."""
    found = Periods.after(elapsed, first)
    assert (found.over, found.first, found.share_left) == pytest.approx(expected)


def test_a_range_moves_whole_and_keeps_its_source() -> None:
    life = {"low": 3.0, "mode": 4.0, "high": 6.0, "source": "contracts", "level": 2}
    new = roll_forward(royalties(remaining_useful_life=life), YEAR_LATER)
    assert inputs_left(new)["remaining_useful_life"] == {**life, "low": 2.0, "mode": 3.0, "high": 5.0}


def test_ranges_by_year_drop_the_year_in_every_part() -> None:
    revenue = {"median": [1e6, 2e6, 3e6], "sigma": [0.1, 0.2, 0.3]}
    new = roll_forward(royalties(revenue=revenue, remaining_useful_life=3), YEAR_LATER)
    assert inputs_left(new)["revenue"] == {"median": [2e6, 3e6], "sigma": [0.2, 0.3]}


def test_a_part_year_scales_amounts_and_no_spread_of_logarithms_rates_or_shares() -> None:
    revenue = {"median": [1e6, 2e6, 3e6], "sigma": [0.1, 0.2, 0.3]}
    old = royalties(revenue=revenue, royalty_rate=[0.05, 0.04, 0.03], owner_costs=1000, remaining_useful_life=3)
    left = inputs_left(roll_forward(old, date(2024, 9, 29)))
    part = left["first_period"]
    assert left["revenue"] == {"median": [pytest.approx(1e6 * part), 2e6, 3e6], "sigma": [0.1, 0.2, 0.3]}
    assert left["royalty_rate"] == [0.05, 0.04, 0.03]
    assert left["owner_costs"] == [pytest.approx(1000 * part), 1000, 1000]


def test_a_part_year_does_not_cut_what_an_asset_is_worth_through_the_year() -> None:
    """The charge for it counts the part of the year itself."""
    farm = {"name": "servers", "asset_value": [500000, 400000, 300000], "return_on": 0.08, "return_of": 1000}
    held = {"right": "ownership", "income_from": "own_use", "remaining_useful_life": 3, "discount_rate": 0.18}
    earned = {"revenue": [1e6, 1e6, 1e6], "margin": 0.3, "survivors": 1, "contributory_assets": [farm]}
    left = inputs_left(roll_forward(case_of("income.excess_earnings", **held, **earned), date(2024, 9, 29)))
    (rolled,) = left["contributory_assets"]
    assert rolled["asset_value"] == [500000, 400000, 300000]
    assert rolled["return_of"] == [pytest.approx(1000 * left["first_period"]), 1000, 1000]


def test_a_fact_that_two_methods_read_moves_once() -> None:
    new = roll_forward(read_case(corpus()), date(2026, 9, 30))
    part = years_between(date(2026, 3, 31), date(2026, 9, 30))
    (asset,) = new.assets
    assert asset.facts["remaining_useful_life"]["mode"] == pytest.approx(4 - part)
    assert all("remaining_useful_life" not in call.inputs for call in asset.methods)
    assert asset.methods[0].inputs["age"] == pytest.approx(1 + part)


def test_what_time_does_not_move_stays_as_it_was() -> None:
    old = read_case(corpus())
    new = roll_forward(old, date(2026, 9, 30)).to_json()
    for name in ("collection_cost", "opportunity_cost", "quality_coefficient"):
        assert inputs_of(new)[name] == inputs_of(old.to_json())[name]
    assert new["assets"][0]["conclusion"] == old.to_json()["assets"][0]["conclusion"]


def test_the_old_case_is_not_touched() -> None:
    old = read_case(corpus())
    before = canonical_bytes(old.to_json())
    roll_forward(old, date(2026, 9, 30))
    assert canonical_bytes(old.to_json()) == before


def test_reference_figures_are_those_of_the_new_date() -> None:
    """The one-year LPR was cut from 3.1% to 3.0% on 2025-05-20."""
    old = case_of(
        ROYALTY, on=date(2025, 3, 31), revenue=[1e6] * 3, royalty_rate=0.05, remaining_useful_life=3, timing="end",
        tax_rate=0.25, discount_rate={"reference": "cn.lpr.1y"},
    )  # fmt: skip
    new = roll_forward(old, date(2026, 3, 31))
    assert value(new) == pytest.approx(37500 / 1.03 + 37500 / 1.03**2, rel=1e-12)


def test_lists_that_are_no_forecast_stay() -> None:
    """A survivor table goes by age; the years of growth that are over still lie between base and forecast."""
    table = {"curve": "stated", "ages": [0, 1, 2], "survivors": [1, 0.5, 0], "average_life": 4, "forecast_years": 4}
    old = case_of("income.direct", **LEVEL, revenue=[1e6] * 4, survivors={"derive": "survival.iowa", "inputs": table})
    left = inputs_left(roll_forward(old, YEAR_LATER))["survivors"]["inputs"]
    assert (left["ages"], left["survivors"]) == ([0, 1, 2], [1, 0.5, 0])
    assert (left["forecast_years"], left["age"], left["years_since_count"]) == (3, 1.0, 1.0)


def test_a_cluster_ages_sort_by_sort() -> None:
    hardware = [
        {"name": "H100", "quantity": 8, "unit_price": 3e4, "age": 1, "physical_life": 5},
        {"name": "B200", "quantity": 8, "unit_price": 4e4, "age": 0.5, "physical_life": 5,
         "excess_operating_cost": 1000, "excess_cost_years": 3},
    ]  # fmt: skip
    old = case_of("cost.compute_cluster", hardware=hardware, discount_rate=0.1, tax_rate=0.25)
    left = inputs_left(roll_forward(old, YEAR_LATER))["hardware"]
    assert [entry["age"] for entry in left] == [2.0, 1.5]
    assert left[1]["excess_cost_years"] == 2.0


# what cannot be rolled


def test_a_life_that_may_be_over_is_to_be_stated_again() -> None:
    (said,) = refused(royalties(remaining_useful_life={"low": 0.5, "mode": 2, "high": 3}))
    assert said == (
        "assets[0].methods[0].inputs.remaining_useful_life: Remaining useful life may be over by then, so it cannot be "
        "rolled to 2025-06-30. State it as of 2025-06-30."
    )


def test_a_forecast_that_is_over_is_to_be_made_again() -> None:
    (said,) = refused(royalties(revenue=[1e6]))
    assert "inputs.revenue: the forecast of 1 years is over by then" in said


def test_a_derived_forecast_that_is_over_is_refused_at_its_place() -> None:
    short = {"derive": "forecast.growth_path", "inputs": {**STATED["inputs"], "growth": [0.4], "forecast_years": 1}}
    (said,) = refused(royalties(revenue=short))
    assert said.startswith("assets[0].methods[0].inputs.revenue.inputs.forecast_years: the forecast of 1 years is over")


def test_what_was_seen_on_the_old_date_is_to_be_seen_again() -> None:
    seen = {"name": "H100", "quantity": 8, "unit_price": 3e4, "wear": "observed", "observed_wear": 0.3}
    (said,) = refused(case_of("cost.compute_cluster", hardware=[seen]))
    assert "hardware[0].observed_wear: Wear seen on inspection holds for the old date only" in said


def test_a_loss_counted_from_the_valuation_date_is_to_be_stated_again() -> None:
    """Without the asset from another day on is another forecast; in one figure it is the same on every day."""
    inputs = {**LEVEL, "revenue_with": [9e6] * 4, "revenue_without": [2e6, 4e6, 6e6, 8e6]}
    (said,) = refused(case_of("income.with_and_without", **inputs))
    assert "Revenue without the asset holds for the old date only" in said


def test_a_range_that_time_does_not_move_is_to_be_stated_otherwise() -> None:
    (said,) = refused(royalties(remaining_useful_life={"median": 4, "sigma": 0.2}))
    assert "Remaining useful life is stated as lognormal, which time does not move" in said


def test_scenarios_of_an_amount_are_not_cut() -> None:
    old = royalties(owner_costs={"values": [1000, 2000], "weights": [0.5, 0.5]})
    (said,) = refused(old, date(2024, 9, 30))
    assert "stated as scenarios cannot be cut to a part of a year" in said
    assert inputs_left(roll_forward(old, YEAR_LATER))["owner_costs"]["values"] == [1000, 2000]


def test_all_that_cannot_be_rolled_is_said_at_once() -> None:
    assert len(refused(royalties(revenue=[1e6], remaining_useful_life=0.5))) == 2


@pytest.mark.parametrize("to", [START, date(2023, 6, 30)])
def test_only_forward(to: date) -> None:
    assert refused(royalties(), to) == [
        f"valuation_date: {to} is not after the valuation date 2024-06-30. Roll forward to a later date."
    ]


def test_a_date_that_has_not_come_is_refused() -> None:
    (said,) = refused(royalties(revenue=[1e6] * 90, remaining_useful_life=90), date(2099, 6, 30))
    assert "2099-06-30 lies in the future" in said


def test_an_override_that_has_ended_by_then_is_refused() -> None:
    override = {"who": "the bank", "why": "its own view", "until": "2024-12-31"}
    (said,) = refused(royalties(discount_rate={"value": 0.18, "override": override}))
    assert "the override by the bank ended on 2024-12-31" in said.replace('"', "")


def test_the_public_name_is_the_function() -> None:
    assert valuation.roll_forward is roll_forward


def test_put_makes_what_is_not_there() -> None:
    content: dict[str, Any] = {"assets": [{"methods": [{}]}]}
    put(content, "assets[0].methods[0].inputs.age", 2.0)
    assert content == {"assets": [{"methods": [{"inputs": {"age": 2.0}}]}]}


VALUED = [
    (method_id, name)
    for method_id, named in EXAMPLES.items()
    for name in named
    if INSTALLED[method_id].method.serves and INSTALLED[method_id].method.approach != "lending"
]


def rolled_or_refused(case: Case, to: date) -> tuple[Case | None, tuple[str, ...]]:
    try:
        return roll_forward(case, to), ()
    except InputError as error:
        return None, tuple(problem.sentence() for problem in error.problems)


@pytest.mark.parametrize(("method_id", "name"), VALUED)
def test_every_example_of_every_method_rolls_or_says_why_not(method_id: str, name: str) -> None:
    """A method with forecast periods that rolls and stays worth the same has lost no time: a mark is missing."""
    old = case_of(method_id, on=date(2026, 6, 30), **EXAMPLES[method_id][name])
    new, said = rolled_or_refused(old, date(2026, 8, 31))
    assert all("cannot be rolled" in sentence for sentence in said)
    assert (new is None) == (said != ())
    if new is not None and "first_period" in INSTALLED[method_id].method.inputs.model_fields:
        assert value(new) != value(old)

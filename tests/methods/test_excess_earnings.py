"""Excess earnings: published values, loops over years and charges, what must hold, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

STANDARD = {
    "right": "ownership",
    "income_from": "own_use",
    "revenue": [200, 220, 231, 231, 231],
    "survivors": [0.95, 0.8, 0.6, 0.4, 0.2],
    "margin": 0.3,
    "contributory_assets": [{"name": "all", "share_of_revenue": 0.06}],
    "tax_rate": 0.25,
    "discount_rate": 0.15,
}
CAPITALISED = {"form": "capitalised", "revenue": [100], "survivors": 1.0, "growth": 0.03}


def outcome(**changed):
    return run("income.excess_earnings", {**STANDARD, **changed})


def value(**changed):
    return outcome(**changed).value


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def said(found):
    return " ".join(warning.english for warning in found.warnings)


def test_a_charge_as_an_amount_is_its_share_of_revenue():
    """6% of each year's revenue before attrition; both fall with the survivors."""
    amounts = [0.06 * revenue for revenue in STANDARD["revenue"]]
    assert value(contributory_assets=[{"name": "all", "charge": amounts}]) == pytest.approx(value(), rel=1e-13)


def test_a_forecast_that_goes_on_for_ever_is_the_limit_of_a_long_one():
    shared = {"survivors": 1.0, "contributory_assets": [{"name": "all", "share_of_revenue": 0.06}]}
    for_ever = value(**shared, form="forecast_then_for_ever", growth=0.02)
    long = [*STANDARD["revenue"], *(231 * 1.02**year for year in range(1, 96))]
    assert for_ever == pytest.approx(value(**shared, revenue=long), rel=1e-4)


def test_gives_the_standard_values():
    found = outcome(tax_life=10)
    assert line(found, "excess_earnings") == pytest.approx((31.35, 29.04, 22.869, 15.246, 7.623), rel=1e-14)
    assert line(found, "value_before_tax_benefit") == pytest.approx([82.3190914836667], rel=1e-14)
    assert found.value == pytest.approx(95.11717862624063, rel=1e-14)


def test_charges_are_not_taxed_a_second_time():
    """The error seen elsewhere, (earnings - charge) x (1 - tax), keeps more than earnings after tax less charge."""
    kept = line(outcome(), "excess_earnings")[0]
    assert kept == pytest.approx(190 * 0.3 * 0.75 - 190 * 0.06)
    assert kept < 190 * (0.3 - 0.06) * 0.75


def test_charge_by_asset_value_is_return_on_and_of_over_all_revenue():
    """A server farm of 500 at 8% that wears by 20 a year, serving a business of 1,000: 6% of revenue."""
    farm = {"name": "servers", "asset_value": 500, "return_on": 0.08, "return_of": 20}
    by_value = outcome(contributory_assets=[farm], business_revenue=1000)
    assert line(by_value, "charge_share[servers]") == pytest.approx([0.06] * 5)
    assert by_value.value == pytest.approx(value())


def test_assets_are_paid_in_full_in_a_year_without_revenue():
    """A young business with no sales yet: there is no share of revenue, and servers of 50 at 8% still ask for 4."""
    farm = {"name": "servers", "asset_value": 50, "return_on": 0.08}
    by_value = outcome(revenue=[0, 100], survivors=[1.0, 0.5], contributory_assets=[farm])
    assert line(by_value, "charge_share[servers]") == pytest.approx([0, 0.04])
    assert line(by_value, "charge[servers]") == pytest.approx([4, 2])
    assert line(by_value, "excess_earnings") == pytest.approx([-4, 50 * 0.3 * 0.75 - 2])


def test_a_part_of_a_year_bears_that_part_of_the_return_on_an_asset():
    """Half a year's revenue of 50 once bore the whole year's return of 4 on an asset of 50 at 8%; it bears 2."""
    farm = {"name": "servers", "asset_value": 50, "return_on": 0.08}
    by_value = outcome(revenue=[50, 100], survivors=1.0, contributory_assets=[farm], first_period=0.5)
    assert line(by_value, "charge[servers]") == pytest.approx([2, 4])


@given(
    years=st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1), st.floats(-1, 1)), min_size=1, max_size=6),
    shares=st.lists(st.floats(0, 0.3), min_size=1, max_size=3),
    rate=st.floats(0.02, 0.5),
    tax=st.floats(0, 0.5),
    life=st.none() | st.floats(0.1, 7),
    first_period=st.floats(0.1, 1),
)
def test_agrees_with_a_loop_over_the_years(years, shares, rate, tax, life, first_period):
    total, start = 0.0, 0.0
    for number, (revenue, survivors, margin) in enumerate(years):
        length = first_period if number == 0 else 1.0
        lived = length if life is None else min(max(life - start, 0.0), length)
        attrited = revenue * survivors
        excess = attrited * margin * (1 - tax) - sum(attrited * share for share in shares)
        total += excess * lived / length / (1 + rate) ** (start + lived / 2)
        start += length
    given = {name: [year[place] for year in years] for place, name in enumerate(("revenue", "survivors", "margin"))}
    if life is not None:
        given["remaining_useful_life"] = life
    found = value(
        **given,
        contributory_assets=[{"name": str(n), "share_of_revenue": share} for n, share in enumerate(shares)],
        discount_rate=rate,
        tax_rate=tax,
        first_period=first_period,
    )
    assert found == pytest.approx(total, rel=1e-11, abs=1e-6)


@given(times=st.floats(0, 1e3))
def test_is_linear_in_revenue(times):
    """Charges are shares of the same revenue."""
    assert value(revenue=[times * year for year in STANDARD["revenue"]]) == pytest.approx(times * value(), rel=1e-12)


@given(low=st.floats(0.001, 0.5), step=st.floats(0.001, 0.5))
def test_falls_in_the_discount_rate(low, step):
    assert value(discount_rate=low) > value(discount_rate=low + step)


def test_no_survivors_no_value():
    assert value(survivors=0) == 0


def test_negative_excess_is_reported_and_not_floored():
    found = outcome(margin=0.05)
    assert found.value < 0
    assert "below zero" in said(found)
    assert "below zero" not in said(outcome())


def test_survivors_may_be_derived():
    weibull = {"derive": "survival.weibull", "inputs": {"shape": 1.8, "scale": 6, "age": 2, "forecast_years": 5}}
    assert outcome(survivors=weibull).derived["survivors"].figures.size == 5
    assert 0 < value(survivors=weibull) < value(survivors=1)


def test_a_derived_forecast_of_other_length_is_refused():
    """Three years of survivors beside five of revenue."""
    weibull = {"derive": "survival.weibull", "inputs": {"shape": 1.8, "scale": 6, "forecast_years": 3}}
    with pytest.raises(InputError, match=r"^survivors: 3 years were given, 5 where revenue is stated"):
        value(survivors=weibull)


def test_attrition_and_a_shortened_life_together_are_pointed_out():
    assert "Attrition and an end of life" in said(outcome(remaining_useful_life=4))
    assert "Attrition and an end of life" not in said(outcome(remaining_useful_life=4, survivors=1))


def test_capitalised_form_is_next_years_excess_over_rate_less_growth():
    excess = 100 * 0.3 * 0.75 - 6
    end, mid = (value(**CAPITALISED, timing=timing) for timing in ("end", "mid"))
    assert end == pytest.approx(excess / 0.12)
    assert mid == pytest.approx(end * 1.15**0.5)


@given(growth=st.floats(-0.5, 0.1))
def test_capitalised_form_is_the_limit_of_a_long_forecast(growth):
    """A hundred years at 15% leave a thousandth or two at most."""
    revenue = [100 * (1 + growth) ** year for year in range(100)]
    forecast = value(revenue=revenue, survivors=1, timing="end")
    remainder = ((1 + growth) / 1.15) ** 100
    assert forecast == pytest.approx(
        value(**{**CAPITALISED, "growth": growth}, timing="end") * (1 - remainder), rel=1e-9
    )


def test_capitalised_form_says_that_data_and_models_end():
    assert "earns for ever" in said(outcome(**CAPITALISED))
    assert "earns for ever" not in said(outcome(**{**CAPITALISED, "growth": -0.1}))


def test_growth_near_the_rate_is_refused():
    with pytest.raises(InputError, match=r"discount rate 0\.15 must exceed the growth 0\.146 by at least 0\.005"):
        value(**{**CAPITALISED, "growth": 0.146})


def test_growth_near_a_derived_rate_is_refused():
    """The rate is known only when it has been worked out; the perpetuity then has no finite value."""
    wacc = {
        "derive": "rate.wacc",
        "inputs": {
            "risk_free_rate": 0.02,
            "beta": 1,
            "equity_risk_premium": 0.05,
            "cost_of_debt": 0.04,
            "debt_share": 0,
        },
    }
    assert value(**CAPITALISED, discount_rate=wacc) > 0
    with pytest.raises(InputError, match="no finite figure in the line capitalisation_factor"):
        value(**{**CAPITALISED, "growth": 0.068}, discount_rate=wacc)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"contributory_assets": []}, "contributory_assets"),
        ({"contributory_assets": [{"name": "brand"}]}, "one of three ways"),
        ({"contributory_assets": [{"name": "brand", "asset_value": 5}]}, "one of three ways"),
        (
            {"contributory_assets": [{"name": "b", "share_of_revenue": 0.1, "asset_value": 5, "return_on": 0.1}]},
            "one of three ways",
        ),
        ({"contributory_assets": [{"name": "b", "share_of_revenue": 0.1}] * 2}, "stands twice"),
        ({**CAPITALISED, "revenue": [100, 110]}, "one forecast year"),
        ({**CAPITALISED, "remaining_useful_life": 5}, "no remaining life"),
        ({"survivors": [1, 1]}, "5 where revenue"),
    ],
)
def test_refuses_in_a_sentence(bad, sentence):
    with pytest.raises(InputError, match=sentence):
        value(**bad)

"""Direct income: a loop over the years, a contract and its renewal, the right held, what must hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run

PRODUCT = {
    "right": "operation",
    "income_from": "data_products",
    "revenue": [100, 110, 120],
    "survivors": 0.9,
    "margin": 0.6,
    "tax_rate": 0.25,
    "remaining_useful_life": 3,
    "discount_rate": 0.12,
}
# Backlog of Reddit's data licences at 2024-06-30 (10-Q, note 3), million USD: half a year, then two years.
LICENCES = {
    "right": "operation",
    "income_from": "licensing",
    "revenue": [58.3, 118.2, 143.8],
    "margin": 0.85,
    "tax_rate": 0.21,
    "remaining_useful_life": 2.5,
    "discount_rate": 0.08,
    "first_period": 0.5,
}


def outcome(product=PRODUCT, **changed):
    return run("income.direct", {**product, **changed})


def value(product=PRODUCT, **changed):
    return outcome(product, **changed).value


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def said(found):
    return " ".join(warning.english for warning in found.warnings)


def test_income_is_taxed_since_the_rate_is_after_tax():
    """Never EBIT at a rate after tax."""
    flows = [revenue * 0.9 * 0.6 * 0.75 for revenue in (100, 110, 120)]
    assert line(outcome(), "cash_flow_of_asset") == pytest.approx(flows)
    assert value() == pytest.approx(sum(flow / 1.12 ** (year + 0.5) for year, flow in enumerate(flows)))


def test_contracts_and_renewals_are_discounted_at_their_own_rates():
    """Contracts of two and a half years at 8%, renewed at even odds in the last year at 15%."""
    kept = 0.85 * 0.79
    contracts = sum(kept * flow / 1.08**time for flow, time in ((58.3, 0.25), (118.2, 1.0), (143.8, 2.0)))
    renewals = kept * 60 * 0.5 / 1.15**2
    found = outcome(LICENCES, renewal_revenue=[0, 0, 60], renewal_probability=[1, 1, 0.5], renewal_discount_rate=0.15)
    assert line(found, "value_of_revenue") == pytest.approx([contracts])
    assert line(found, "value_of_renewals") == pytest.approx([renewals])
    assert found.value == pytest.approx(contracts + renewals)


def test_renewals_without_their_own_rate_take_that_of_the_contracts():
    both = value(LICENCES, renewal_revenue=10)
    assert both == pytest.approx(value(LICENCES, revenue=[68.3, 128.2, 153.8]))


@given(
    years=st.lists(st.tuples(*[st.floats(0, 1e6)] * 5, st.floats(-1e5, 1e5), st.floats(0, 1)), min_size=1, max_size=6),
    margin=st.floats(-0.5, 1),
    charge=st.floats(0, 0.3),
    share=st.floats(0, 1),
    tax=st.floats(0, 0.5),
    rates=st.tuples(st.floats(0.02, 0.4), st.floats(0.02, 0.4)),
    life=st.floats(0.1, 7),
    first_period=st.floats(0.1, 1),
)
def test_agrees_with_a_loop_over_the_years(years, margin, charge, share, tax, rates, life, first_period):
    names = ("revenue", "renewal_revenue", "costs", "refresh_cost", "capital_spending", "working_capital_increase")
    total, start = 0.0, 0.0
    for number, (revenue, renewal, costs, refresh, capital, working, probability) in enumerate(years):
        length = first_period if number == 0 else 1.0
        lived = min(max(life - start, 0.0), length)
        flow = (revenue * margin - costs - refresh) * (1 - tax) - revenue * charge - capital - working
        again = renewal * probability * (margin * (1 - tax) - charge)
        for amount, rate in ((flow, rates[0]), (again, rates[1])):
            total += amount * share * lived / length / (1 + rate) ** (start + lived / 2)
        start += length
    found = value(
        survivors=1,
        **{name: [year[place] for year in years] for place, name in enumerate(names)},
        renewal_probability=[year[-1] for year in years],
        margin=margin,
        contributory_charge_rate=charge,
        share_due_to_asset=share,
        tax_rate=tax,
        discount_rate=rates[0],
        renewal_discount_rate=rates[1],
        remaining_useful_life=life,
        first_period=first_period,
    )
    assert found == pytest.approx(total, rel=1e-10, abs=1e-5)


@given(share=st.floats(0, 1))
def test_shares_of_one_product_add_up_to_it(share):
    assert value(share_due_to_asset=share) + value(share_due_to_asset=1 - share) == pytest.approx(value())


@given(low=st.floats(0.001, 0.5), step=st.floats(0.001, 0.5))
def test_falls_in_the_discount_rate(low, step):
    assert value(discount_rate=low) > value(discount_rate=low + step)


def test_nothing_retained_is_worth_nothing():
    assert value(survivors=0) == 0


def test_a_product_that_loses_money_is_reported_below_zero():
    assert value(costs=100) < 0


def test_income_that_neither_decays_nor_costs_is_pointed_out():
    assert "neither decays" in said(outcome(survivors=1))
    assert "neither decays" not in said(outcome(survivors=[1, 0.9, 0.8]))
    assert "neither decays" not in said(outcome(survivors=1, refresh_cost=5))


def test_tax_benefit_of_a_buyer_is_added_on_request():
    assert value(tax_life=10) == pytest.approx(
        value() / (1 - 0.25 / 10 * sum(1.12 ** -(j - 0.5) for j in range(1, 11)))
    )

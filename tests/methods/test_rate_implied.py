"""Implied rate: published figures, the price that comes back, and flows no rate explains."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError


def outcome(price, *flows, **changed):
    return run("rate.implied", {"price": price, "cash_flow": list(flows), "timing": "end", **changed})


@pytest.mark.parametrize(
    ("price", "flows", "printed"),
    [
        (1083, (1200,), 0.108),
        (566, (0, 700), 0.112),
        (100, (39, 59, 55, 20), 0.28095),
        (100, (0, 0, 74), -0.0955),
        (100, (100, 0, 7), 0.06206),
    ],
    ids=["IFRS 13 B20, asset B", "IFRS 13 B20, asset C", "numpy-financial", "a loss", "early money"],
)
def test_published_rates(price, flows, printed):
    digits = len(str(printed).split(".")[1])
    assert outcome(price, *flows).value == pytest.approx(printed, abs=0.55 * 10**-digits)


money = st.lists(st.floats(1, 1e6), min_size=1, max_size=8)


@given(flows=money, rate=st.floats(-0.2, 1), first_period=st.floats(0.1, 1), timing=st.sampled_from(["mid", "end"]))
def test_the_flows_at_the_rate_are_worth_the_price(flows, rate, first_period, timing):
    """Priced year by year; the rate that priced them comes back."""
    lengths = [first_period, *[1.0] * (len(flows) - 1)]
    starts = [sum(lengths[:year]) for year in range(len(flows))]
    part = {"mid": 0.5, "end": 1.0}[timing]
    price = sum(
        flow * (1 + rate) ** -(start + part * length)
        for flow, start, length in zip(flows, starts, lengths, strict=True)
    )
    found = outcome(price, *flows, first_year_length=first_period, timing=timing)
    assert found.value == pytest.approx(rate, abs=1e-9)


@given(flows=money, low=st.floats(0.5, 0.95))
def test_who_pays_more_earns_less(flows, low):
    total = sum(flows)
    assert outcome(low * total, *flows).value > outcome(0.99 * total, *flows).value


def test_goes_into_a_method_as_its_discount_rate():
    """IFRS 13 B21: the flow of 800 at the rate of the comparable asset is worth 722."""
    rate = {"derive": "rate.implied", "inputs": {"price": 1083, "cash_flow": [1200], "timing": "end"}}
    stated = {"right": "ownership", "income_from": "own_use", "revenue": [800], "tax_rate": 0, "timing": "end"}
    found = run("income.direct", {**stated, "remaining_useful_life": 1, "discount_rate": rate})
    assert found.value == pytest.approx(722, abs=0.5)


def test_flows_that_no_rate_explains_are_refused():
    with pytest.raises(InputError, match="no finite figure in the line implied_rate"):
        outcome(1, 1e6)


def test_flows_that_change_their_sign_are_pointed_out():
    assert "more than one rate" in outcome(100, -20, 90, 80).warnings[0].english

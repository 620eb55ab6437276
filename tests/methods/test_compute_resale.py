"""Resale of compute: prices that were really paid, and never one curve for all."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

VENDOR = [{"age": age, "share": share} for age, share in ((0, 1), (1, 0.78), (2, 0.6), (3, 0.46), (4, 0.35))]
CARD = {"name": "H100 PCIe", "quantity": 1, "age": 2, "form_factor": "card", "price": 25000}
NEW = {**CARD, "price_is": "new_today", "curve": "points", "curve_points": VENDOR}
FALLING = {**CARD, "price_is": "new_today", "curve": "declining"}


def outcome(*hardware, **changed):
    return run("market.compute_resale", {"used_hardware": list(hardware), **changed}, on=date(2026, 6, 30))


def english(found):
    return " ".join(warning.english for warning in found.warnings)


@pytest.mark.parametrize(("age", "printed"), [(1, 400), (2, 320), (3, 256)])
def test_a_published_calculator(age, printed):
    card = {**FALLING, "price": 500, "yearly_decline": 0.2, "age": age}
    assert outcome(card).value == pytest.approx(printed, rel=1e-13)


@pytest.mark.parametrize(
    ("new", "resold", "years", "decline"),
    [(10_500, 1_100, 6, 0.313), (5_500, 2_200, 6, 0.142), (11_500, 2_500, 4, 0.317), (15_000, 12_500, 2, 0.087)],
    ids=["P100 module", "P100 card", "V100 module", "A100"],
)
def test_prices_of_a_survey_and_their_yearly_decline(new, resold, years, decline):
    """Epoch's rows give both; the decline is printed to a tenth of a percent."""
    card = {**FALLING, "price": new, "yearly_decline": decline, "age": years}
    assert outcome(card).value == pytest.approx(resold, rel=0.01)


def test_servers_a_listed_firm_sold():
    """76 servers bought at 2.825 million in January 2024 brought 169.44 million by mid 2025: 79% after 1.3 years.

    Six-year straight line down to 5%, the life that fits its accounts, is within 1% of it.
    """
    book = [{"age": 0, "share": 1}, {"age": 6, "share": 0.05}]
    server = {"name": "8-GPU server", "quantity": 76, "age": 1.3, "form_factor": "server", "price": 2_825_000}
    curve = {"price_is": "at_purchase", "curve_is_of": "at_purchase", "curve": "points", "curve_points": book}
    assert outcome({**server, **curve}).value == pytest.approx(169_440_000, rel=0.01)


ages = st.lists(st.floats(0, 10), min_size=2, max_size=6, unique=True).map(sorted).filter(
    lambda found: min(np.diff(found)) > 1e-3
)  # fmt: skip


def test_the_curve_of_a_vendor_by_reference():
    """SpotWire's anchor curve of the H100 card, and its grade of a working one."""
    kept = ["kept_after_1_year", "kept_after_2_years", "kept_after_3_years", "kept_after_4_years"]
    points = [{"age": n, "share": {"reference": f"gpu.h100_pcie.{name}"}} for n, name in enumerate(kept, start=1)]
    found = outcome(
        {**NEW, "curve_points": points, "age": 3, "condition": {"reference": "gpu.condition_factor.used_working"}}
    )
    assert found.value == pytest.approx(25000 * 0.46 * 0.72, rel=1e-13)


@given(ages=ages, data=st.data(), age=st.floats(0, 12), quantity=st.integers(1, 5000))
def test_a_curve_is_joined_by_straight_lines(ages, data, age, quantity):
    """As numpy does it, also where the price rose; beyond its ends the nearest point holds."""
    shares = data.draw(st.lists(st.floats(0.05, 2), min_size=len(ages), max_size=len(ages)))
    points = [{"age": one, "share": share} for one, share in zip(ages, shares, strict=True)]
    found = outcome({**NEW, "curve_points": points, "age": age, "quantity": quantity})
    assert found.value == pytest.approx(quantity * 25000 * np.interp(age, ages, shares), rel=1e-9)


@given(
    sorts=st.lists(
        st.tuples(st.integers(1, 900), st.floats(100, 1e6), st.floats(0.01, 0.5), st.floats(0, 8), st.floats(0.5, 1)),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_each_sort_has_its_own_price_and_curve(sorts):
    expected = sum(units * price * (1 - lost) ** age * state for units, price, lost, age, state in sorts)
    hardware = [
        {
            **FALLING, "name": str(number), "quantity": units, "price": price, "yearly_decline": lost, "age": age,
            "condition": state,
        }
        for number, (units, price, lost, age, state) in enumerate(sorts)
    ]  # fmt: skip
    assert outcome(*hardware).value == pytest.approx(expected, rel=1e-11)


def test_a_used_price_of_units_of_that_age_is_the_price():
    assert outcome({**CARD, "price": 9000, "quantity": 8}).value == 72_000


def test_a_used_price_of_younger_units_is_brought_to_the_age_by_the_curve():
    used = {**CARD, "price": 9000, "price_is": "used", "age_of_price": 1, "curve": "points", "curve_points": VENDOR}
    assert outcome(used).value == pytest.approx(9000 * 0.6 / 0.78, rel=1e-13)


@pytest.mark.parametrize("factor", ["condition", "warranty", "bundle", "price_index_ratio"])
def test_every_factor_of_the_price(factor):
    assert outcome({**NEW, factor: 0.8}).value == pytest.approx(0.8 * 0.6 * 25000, rel=1e-13)


def test_a_curve_seen_on_cards_is_not_that_of_a_module():
    module = {**NEW, "form_factor": "module", "curve_form_factor": "card"}
    with pytest.raises(InputError, match="lacks form_adjustment: its curve is of a card"):
        outcome(module)
    assert outcome({**module, "form_adjustment": 0.6}).value == pytest.approx(0.6 * 15000, rel=1e-13)


def test_the_same_chip_falls_faster_in_a_socket():
    """P100 bought in 2016, sold in 2022: a tenth of the module's price was left, two fifths of the card's."""
    module, card = (
        outcome({**FALLING, "price": 1, "age": 6, "form_factor": form, "yearly_decline": lost}).value
        for form, lost in (("module", 0.313), ("card", 0.142))
    )
    assert module < 0.11 < 0.39 < card


@pytest.mark.parametrize(
    ("premise", "share"), [("broker_90_days", 0.85), ("auction_30_days", 0.65), ("distressed_7_days", 0.45)]
)
def test_a_hurried_sale_takes_the_convention_and_says_that_it_is_one(premise, share):
    found = outcome(NEW, premise=premise)
    assert found.value == pytest.approx(share * outcome(NEW).value, rel=1e-13)
    assert "convention of one vendor" in english(found)


def test_or_the_share_that_is_stated():
    assert outcome(NEW, premise="auction_30_days", forced_share=0.5).value == pytest.approx(7500, rel=1e-13)


def test_a_market_value_needs_no_reference_figure():
    """The conventions are of 2026; hardware is valued at earlier dates too."""
    earlier = run("market.compute_resale", {"used_hardware": [NEW]}, on=date(2024, 12, 31))
    assert earlier.value == 15000


@pytest.mark.parametrize("status", ["licence_needed", "barred"])
def test_export_that_is_not_free_needs_a_price_of_where_it_may_be_sold(status):
    with pytest.raises(InputError, match="lacks market_adjustment"):
        outcome({**NEW, "export_status": status})
    found = outcome({**NEW, "export_status": status, "market_adjustment": 1.4})
    assert found.value == pytest.approx(1.4 * 15000, rel=1e-13)
    assert "for the haircut" in english(found)


@pytest.mark.parametrize("age", [0.5, 6])
def test_an_age_the_curve_does_not_reach_is_pointed_out(age):
    assert "does not reach" in english(outcome({**NEW, "curve_points": VENDOR[1:], "age": age}))
    assert english(outcome(NEW)) == ""


def test_prices_may_have_risen():
    """A card of 1,599 stood at 3,686 two years later; no curve is forced down."""
    risen = [{"age": 0, "share": 1}, {"age": 2, "share": 2.3}]
    assert outcome({**NEW, "price": 1599, "curve_points": risen}).value == pytest.approx(3678, abs=1)
    assert outcome({**FALLING, "yearly_decline": -0.1}).value == pytest.approx(25000 * 1.21, rel=1e-13)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"curve": "none"}, "lacks a curve, since its price is that of a new unit"),
        ({"curve_is_of": "at_purchase"}, "lacks a price that is at_purchase, as its curve is"),
        ({"price_is": "used"}, "one of curve and age_of_price"),
        ({"curve": "declining"}, "lacks yearly_decline"),
        ({"curve_points": VENDOR[:1]}, "lacks curve_points"),
        ({"curve_points": VENDOR[::-1]}, "lacks curve_points"),
        ({"price": 0}, "price"),
        ({"yearly_decline": 1}, "yearly_decline"),
    ],
)
def test_refuses_in_a_sentence(changed, said):
    with pytest.raises(InputError, match=said):
        outcome({**NEW, **changed})


def test_refuses_a_forced_share_without_a_hurry_and_one_sort_twice():
    with pytest.raises(InputError, match="forced_share is given for an orderly sale"):
        outcome(NEW, forced_share=0.5)
    with pytest.raises(InputError, match="stands twice"):
        outcome(NEW, NEW)

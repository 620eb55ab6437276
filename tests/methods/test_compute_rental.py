"""Rental income of compute: published values, a loop over years and hardware, what must hold, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

HOURS = 8766
GPU = {
    "name": "GPU",
    "quantity": 1,
    "utilisation": [1, 1, 1, 1],
    "rent_per_hour": 100 / HOURS,
    "rent_change": -0.25,
    "power": 0,
    "maintenance": 40,
}
SHARED = {
    "electricity_price": 0,
    "power_usage_effectiveness": 1,
    "tax_rate": 0,
    "remaining_useful_life": 4,
    "discount_rate": 0.12,
}


def outcome(gpu=None, **changed):
    return run("income.compute_rental", {"rented_hardware": [{**GPU, **(gpu or {})}], **SHARED, **changed})


def value(gpu=None, **changed):
    return outcome(gpu, **changed).value


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def said(found):
    return " ".join(warning.english for warning in found.warnings)


@pytest.mark.parametrize(
    ("rent", "held", "stopped"),
    [
        (100, 69.32030720362894, 71.65045873785827),
        (75, 19.845946338729757, 30.92902086431792),
        (50, -29.628414526169436, 3.119407118325847),
    ],
)
def test_gives_the_standard_values(rent, held, stopped):
    """Rent falling by 25% a year and read in mid-year, costs of 40, four years at 12%."""
    gpu = {"rent_per_hour": rent / HOURS}
    assert value(gpu) == pytest.approx(held, rel=1e-13)
    assert value(gpu, may_stop="yes") == pytest.approx(stopped, rel=1e-13)


def by_hand(entries, shared):
    """Year after year and sort after sort, with losses carried forward."""
    rate, life, first = shared["discount_rate"], shared["remaining_useful_life"], shared["first_period"]
    total, start, loss = 0.0, 0.0, 0.0
    for year in range(len(entries[0]["utilisation"])):
        length = first if year == 0 else 1.0
        used = min(max(life - start, 0.0), length)
        cash = -shared["overheads"] * used
        for entry in entries:
            rent = entry["rent_per_hour"] * (1 + entry["rent_change"]) ** (start + used / 2)
            hours = entry["quantity"] * HOURS * used
            earned = hours * entry["utilisation"][year] * rent + entry["committed_revenue"] * used
            power = hours * entry["power"] * shared["power_usage_effectiveness"] * shared["electricity_price"]
            kept = earned - power - entry["quantity"] * entry["maintenance"] * used
            cash += max(kept, 0.0) if shared["may_stop"] == "yes" else kept
        if shared["loss_relief"] == "at_once":
            taxed = cash
        else:
            taxed, loss = max(cash - loss, 0.0), max(loss - cash, 0.0)
        total += (cash - shared["tax_rate"] * taxed) / (1 + rate) ** (start + used / 2)
        start += length
    resale = sum(entry["quantity"] * entry["unit_cost"] * entry["residual_share"] for entry in entries)
    return total + resale / (1 + rate) ** life


@given(
    first=st.tuples(st.floats(0, 1), st.floats(0, 5), st.floats(-0.6, 0.3), st.floats(0, 1e4)),
    second=st.tuples(st.floats(0, 1), st.floats(0, 5), st.floats(-0.6, 0.3), st.floats(0, 1e4)),
    shared=st.fixed_dictionaries(
        {
            "electricity_price": st.floats(0, 1),
            "power_usage_effectiveness": st.floats(1, 2),
            "overheads": st.floats(0, 5e4),
            "tax_rate": st.floats(0, 0.5),
            "discount_rate": st.floats(0.02, 0.4),
            "remaining_useful_life": st.floats(0.1, 6),
            "first_period": st.floats(0.1, 1),
            "may_stop": st.sampled_from(["no", "yes"]),
            "loss_relief": st.sampled_from(["at_once", "carried_forward"]),
        }
    ),
)
def test_agrees_with_a_loop_over_the_years(first, second, shared):
    entries = [
        {
            "name": name,
            "quantity": 3,
            "utilisation": [utilisation, 0.9, 0.7, 0.2, 0.0],
            "rent_per_hour": rent,
            "rent_change": change,
            "committed_revenue": committed,
            "power": 0.7,
            "maintenance": 500,
            "unit_cost": 2e4,
            "residual_share": 0.1,
        }
        for name, (utilisation, rent, change, committed) in (("A", first), ("B", second))
    ]
    found = run("income.compute_rental", {"rented_hardware": entries, **shared}).value
    assert found == pytest.approx(by_hand(entries, shared), rel=1e-10, abs=1e-6)


def test_rents_by_year_replace_rent_and_change():
    """The same path of rent, stated year by year."""
    rents = [100 / HOURS * 0.75 ** (year + 0.5) for year in range(4)]
    assert value({"rent_per_hour": rents, "rent_change": None}) == pytest.approx(value(), rel=1e-13)


def test_rent_read_at_the_start_of_the_year_is_worth_more_when_it_falls():
    assert line(outcome(rent_timing="start"), "revenue[GPU]") == pytest.approx((100, 75, 56.25, 42.1875))
    assert value(rent_timing="start") > value()


def test_power_is_drawn_over_all_hours_and_by_the_building_too():
    """0.7 kW at PUE 1.2 for a year at 0.6 a kWh; utilisation does not enter."""
    gpu = {"power": 0.7, "utilisation": [0.5, 0, 1, 1]}
    found = line(outcome(gpu, electricity_price=0.6, power_usage_effectiveness=1.2), "electricity[GPU]")
    assert found == pytest.approx([0.7 * 1.2 * HOURS * 0.6] * 4)


def test_fixed_costs_stay_when_hardware_is_switched_off():
    """Rent below the unit's own costs in every year: what remains are the overheads."""
    gpu = {"rent_per_hour": 0}
    found = outcome(gpu, may_stop="yes", overheads=10)
    assert line(found, "cash_before_tax") == (-10, -10, -10, -10)


def test_right_to_stop_never_lowers_the_value_and_its_absence_is_said():
    assert value(may_stop="yes") >= value()
    assert "earns less than it costs" in said(outcome())
    assert "earns less than it costs" not in said(outcome({"maintenance": 0}))


def test_credited_prepayment_is_not_received_a_second_time():
    """A five-year contract of 1,940 a year at 85% margin, 647 a year credited from the third year on."""
    gpu = {"utilisation": [0] * 5, "rent_per_hour": 0, "maintenance": 0, "committed_revenue": 1940}
    found = outcome(gpu, overheads=0.15 * 1940, prepayment_credited=[0, 0, 647, 647, 647], remaining_useful_life=5)
    assert line(found, "cash_before_tax") == pytest.approx((1649, 1649, 1002, 1002, 1002))


def test_a_loss_carried_forward_lowers_later_tax_only():
    gpu = {"utilisation": [0, 1, 1, 1], "rent_change": None, "maintenance": 60}
    found = outcome(gpu, tax_rate=0.25, loss_relief="carried_forward")
    assert line(found, "cash_before_tax") == pytest.approx((-60, 40, 40, 40))
    assert line(found, "losses_carried_forward") == pytest.approx((60, 20, 0, 0))
    assert line(found, "taxable_income") == pytest.approx((0, 0, 20, 40))
    assert found.value < value(gpu, tax_rate=0.25)


def test_resale_is_counted_at_the_end_of_the_life():
    gpu = {"unit_cost": 300, "residual_share": 0.2}
    assert value(gpu) - value() == pytest.approx(60 / 1.12**4)


def test_missing_tax_depreciation_is_pointed_out():
    assert "tax depreciation" in said(outcome(tax_rate=0.25))
    assert "tax depreciation" not in said(outcome(tax_rate=0.25, tax_life=3))
    assert value(tax_rate=0.25, tax_life=3) > value(tax_rate=0.25)


@given(times=st.floats(0.01, 1e6))
def test_scaling_all_money_scales_the_value(times):
    gpu = {
        "rent_per_hour": 100 / HOURS * times,
        "maintenance": 40 * times,
        "unit_cost": 300 * times,
        "residual_share": 0.1,
    }
    ones = {**gpu, "rent_per_hour": 100 / HOURS, "maintenance": 40, "unit_cost": 300}
    scaled = value(gpu, overheads=5 * times, electricity_price=0.1 * times, insurance_rate=0.01)
    assert scaled == pytest.approx(
        times * value(ones, overheads=5, electricity_price=0.1, insurance_rate=0.01), rel=1e-11
    )


@given(low=st.floats(0.01, 0.5), step=st.floats(0.001, 0.5))
def test_income_that_is_positive_falls_in_the_discount_rate(low, step):
    gpu = {"maintenance": 0}
    assert value(gpu, discount_rate=low) > value(gpu, discount_rate=low + step)


@pytest.mark.parametrize(
    ("gpu", "shared", "sentence"),
    [
        ({"rent_per_hour": [1, 1, 1, 1]}, {}, "stated by year and changes"),
        ({"utilisation": 0.8}, {}, "list by year is needed"),
        ({"utilisation": [1.2, 1, 1, 1]}, {}, "at most 1"),
        ({}, {"power_usage_effectiveness": 0.9}, "at least 1"),
        ({}, {"overheads": [1, 2]}, "4 where"),
        ({}, {"rented_hardware": [GPU, GPU]}, "stands twice"),
        ({}, {"hours_per_year": 9000}, "at most 8784"),
    ],
)
def test_refuses_in_a_sentence(gpu, shared, sentence):
    with pytest.raises(InputError, match=sentence):
        value(gpu, **shared)


def test_a_rent_of_an_earlier_day_has_moved_since():
    """100 that fall by a quarter a year are 75 a year later."""
    assert value({"rent_age": 1}) == pytest.approx(value({"rent_per_hour": 75 / HOURS}), rel=1e-12)

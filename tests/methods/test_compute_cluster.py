"""Depreciated replacement cost of a cluster: capacity counted once, losses that multiply, nothing cut off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

H100 = {"name": "H100", "quantity": 64, "unit_price": 220_000, "age": 2, "physical_life": 5}
A100 = {
    "name": "A100",
    "quantity": 32,
    "unit_price": 220_000,
    "subject_throughput": 312e12,
    "modern_throughput": 989e12,
    "age": 3,
    "physical_life": 5,
}


def outcome(*hardware, **cluster):
    return run("cost.compute_cluster", {"hardware": list(hardware or [H100]), **cluster})


def lines(*hardware, **cluster):
    return {line.name: line.values[0] for line in outcome(*hardware, **cluster).lines}


def refusal(*hardware, **cluster):
    with pytest.raises(InputError) as caught:
        outcome(*hardware, **cluster)
    return str(caught.value)


def english(*hardware, **cluster):
    return " ".join(warning.english for warning in outcome(*hardware, **cluster).warnings)


def test_indexed_layers_with_excess_operating_cost_match_their_printed_example():
    """资产评估题库, machinery: three layers, three years to go, net excess cost of 10 a year at 10%."""
    layers = [
        {"name": str(age), "quantity": 1, "unit_price": cost, "price_index_ratio": 130 / index, "age": age}
        | {"physical_life": age + 3}
        for cost, index, age in ((120, 100, 7), (10, 120, 4), (20, 125, 1))
    ]
    layers[0] |= {"excess_operating_cost": 10, "excess_cost_years": 3}
    found = lines(*layers, discount_rate=0.1, tax_rate=0, timing="end")
    printed = {
        "replacement_cost_new": 187.63,
        "physical_depreciation": 120.59,
        "functional_obsolescence": 24.87,
        "value": 42.17,
    }
    assert {name: found[name] for name in printed} == pytest.approx(printed, abs=0.005)


def test_repairs_are_deducted_in_full_and_wear_is_taken_on_the_rest():
    """资产评估题库, press brake: 16.5 + (150 - 16.5) x 2 / 20."""
    press = {"name": "press", "quantity": 1, "unit_price": 150, "repair_cost": 16.5, "age": 2, "physical_life": 20}
    found = lines(press)
    assert found["incurable_depreciation[press]"] == pytest.approx(13.35)
    assert found["physical_depreciation"] == pytest.approx(29.85)


def test_economic_obsolescence_by_scale_exponent_matches_its_printed_example():
    """资产评估题库: 35,000 by design, 20,000 expected, exponent 0.68."""
    found = lines(H100, share_of_design_use=20_000 / 35_000, scale_exponent=0.68)
    assert found["economic_obsolescence"] == pytest.approx(0.3165, abs=5e-5)


def test_economic_obsolescence_takes_its_share_of_what_wear_left():
    """40% worn and 30% idle leave 42%, not 30%: losses multiply, they do not add up."""
    found = lines(H100, share_of_design_use=0.7)
    assert found["value"] / found["replacement_cost_new"] == pytest.approx(0.6 * 0.7)


def test_capacity_counts_once():
    """An old card costs what its throughput costs in modern ones, whatever it cost itself."""
    assert lines(A100)["hardware_cost_new"] == pytest.approx(32 * 220_000 * 312 / 989)


def test_one_throughput_without_the_other_is_refused():
    half = {name: given for name, given in A100.items() if name != "modern_throughput"}
    assert "lacks modern_throughput" in refusal(half)


def test_a_modern_equivalent_slower_than_the_subject_is_questioned():
    assert "slower than the unit valued" in english({**A100, "modern_throughput": 300e12})


def test_network_as_share_of_the_total_and_of_the_hardware_differ():
    """19 of 100 in all is 19 on 81, not 19 on 100."""
    hardware = 64 * 220_000
    assert lines(network_share=0.19)["network_cost_new"] == pytest.approx(hardware * 19 / 81)
    assert lines(network_share=0.19, network_share_of="hardware")["network_cost_new"] == pytest.approx(hardware * 0.19)


def test_network_and_installation_wear_with_the_hardware_they_serve():
    found = lines(H100, A100, network_cost=1e6, installation_cost=5e5)
    installed = 1 + 1.5e6 / found["hardware_cost_new"]
    worn = found["hardware_cost_new[H100]"] * 2 / 5 + found["hardware_cost_new[A100]"] * 3 / 5
    assert found["physical_depreciation"] == pytest.approx(worn * installed)


@pytest.mark.parametrize(
    ("wear", "used_up"),
    [
        ({"wear": "straight_line", "age": 1, "physical_life": 5}, 9_600),
        ({"wear": "units_of_production", "use_so_far": 180_000, "use_in_life": 960_000}, 9_000),
        ({"wear": "declining_balance", "age": 1, "physical_life": 5}, 23_200),
        ({"wear": "declining_balance", "declining_multiple": 1.5, "age": 1, "physical_life": 5}, 17_400),
        ({"wear": "fixed_declining_balance", "age": 5, "physical_life": 5}, 48_000),
        ({"wear": "sum_of_years", "age": 2, "physical_life": 5}, 28_800),
        ({"wear": "observed", "observed_wear": 0.3}, 17_400),
    ],
)
def test_every_way_of_measuring_wear(wear, used_up):
    """OpenStax, Principles of Finance, 4.4: an asset of 58,000 that leaves 10,000."""
    asset = {"name": "asset", "quantity": 1, "unit_price": 58_000, "residual_share": 10 / 58}
    assert lines(asset | wear)["physical_depreciation"] == pytest.approx(used_up)


@pytest.mark.parametrize(
    ("wear", "needed"),
    [
        ("straight_line", "age, physical_life"),
        ("declining_balance", "age, physical_life"),
        ("units_of_production", "use_so_far, use_in_life"),
        ("fixed_declining_balance", "age, physical_life, residual_share"),
        ("observed", "observed_wear"),
    ],
)
def test_every_way_of_measuring_wear_says_what_it_lacks(wear, needed):
    assert f"lacks {needed}." in refusal({"name": "asset", "quantity": 1, "unit_price": 1, "wear": wear})


def test_use_beyond_the_stated_life_is_worth_its_residual_and_is_said():
    old = {**H100, "age": 7, "residual_share": 0.05}
    assert outcome(old).value == pytest.approx(0.05 * 64 * 220_000)
    assert "beyond its stated life" in english(old)


def test_excess_operating_cost_equals_a_loop_over_its_years():
    dear = {**H100, "excess_operating_cost": 1e5, "excess_cost_years": 3}
    paid_in_mid_year = sum(1e5 * (1 - 0.25) / 1.1 ** (year - 0.5) for year in (1, 2, 3))
    found = lines(dear, discount_rate=0.1, tax_rate=0.25)
    assert found["functional_obsolescence"] == pytest.approx(paid_in_mid_year)


def test_excess_operating_cost_needs_its_years_and_rates():
    dear = {**H100, "excess_operating_cost": 1e5}
    assert "lacks excess_cost_years" in refusal(dear)
    assert "lacks excess_cost_years" in refusal({**dear, "excess_cost_years": None})
    assert "needs discount_rate and tax_rate" in refusal({**dear, "excess_cost_years": 3}, discount_rate=0.1)


def test_a_cluster_dearer_to_run_than_it_is_worth_is_reported_and_not_floored():
    dear = {**H100, "excess_operating_cost": 1e7, "excess_cost_years": 3}
    assert outcome(dear, discount_rate=0.1, tax_rate=0.25).value < 0
    assert "costs more than it is worth" in english(dear, discount_rate=0.1, tax_rate=0.25)


def test_export_status_is_told_to_the_lender_and_leaves_the_value():
    barred = {**H100, "export_status": "re-export needs a licence"}
    assert outcome(barred).value == outcome(H100).value
    assert "re-export needs a licence" in english(barred)


def test_two_entries_of_one_name_are_refused():
    assert "H100 stands twice" in refusal(H100, H100)


def test_an_entry_without_a_name_is_refused():
    assert "lacks name" in refusal({**H100, "name": " "})


def test_a_cluster_is_worth_the_sum_of_its_sorts():
    assert outcome(H100, A100).value == pytest.approx(outcome(H100).value + outcome(A100).value)


@given(factor=st.floats(1e-3, 1e6))
def test_value_scales_with_the_currency(factor):
    def cluster(money):
        entry = {**H100, "unit_price": 220_000 * money, "repair_cost": 1e5 * money, "excess_cost_years": 3}
        entry["excess_operating_cost"] = 2e5 * money
        return outcome(entry, network_cost=1e6 * money, installation_cost=3e5 * money, discount_rate=0.1, tax_rate=0.25)

    assert cluster(factor).value == pytest.approx(cluster(1).value * factor, rel=1e-9)


@given(used=st.floats(0.05, 0.95), less=st.floats(0.01, 0.95), exponent=st.floats(0.2, 1.5))
def test_value_falls_as_less_of_the_design_is_used(used, less, exponent):
    fuller, emptier = (outcome(share_of_design_use=share, scale_exponent=exponent) for share in (used, used * less))
    assert emptier.value < fuller.value


@given(age=st.floats(0, 4), older=st.floats(0.01, 1))
def test_value_falls_with_age(age, older):
    assert outcome({**H100, "age": age + older}).value < outcome({**H100, "age": age}).value

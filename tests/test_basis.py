"""Flows and rates on one basis, or a refusal that says how to turn one into the other."""

import pytest

from valuation.calculation import run
from valuation.errors import InputError

ROYALTY = {"revenue": [100e6, 110e6], "royalty_rate": 0.05, "remaining_useful_life": 2, "discount_rate": 0.12}


def refused(**changed):
    with pytest.raises(InputError) as caught:
        run("income.relief_from_royalty", {**ROYALTY, "tax_rate": 0.25, **changed})
    return [problem.sentence() for problem in caught.value.problems]


def test_a_rate_before_tax_is_refused_where_one_after_tax_is_needed():
    found = refused(discount_rate={"value": 0.15, "basis": {"tax": "before_tax"}})
    assert len(found) == 1
    assert found[0].startswith("discount_rate: Discount rate, nominal, after tax is stated before tax")


def test_real_revenue_against_a_nominal_rate_is_refused():
    assert "real (without inflation)" in refused(revenue={"value": [100e6, 110e6], "basis": {"prices": "real"}})[0]


def test_success_case_flows_do_not_meet_expected_ones():
    """Standards R4: a hurdle rate already holds the risk that expected flows weigh."""
    found = refused(
        revenue={"value": [100e6, 110e6], "basis": {"outcome": "expected"}},
        discount_rate={"value": 0.5, "basis": {"outcome": "success_case"}},
    )
    assert "Risk is counted once" in found[0]


def test_a_derived_rate_brings_the_basis_of_its_method():
    """rate.wacc is nominal and after tax: it meets nominal revenue and refuses real one."""
    derived = {"derive": "rate.wacc", "inputs": {"risk_free_rate": 0.02, "beta": 1.1, "equity_risk_premium": 0.05,
               "cost_of_debt": 0.04, "tax_rate": 0.25, "debt_share": 0.2}}  # fmt: skip
    same = {**ROYALTY, "tax_rate": 0.25, "discount_rate": derived}
    nominal = {"value": [100e6, 110e6], "basis": {"prices": "nominal"}}
    assert run("income.relief_from_royalty", {**same, "revenue": nominal}).value > 0
    assert refused(revenue={"value": [100e6, 110e6], "basis": {"prices": "real"}}, discount_rate=derived)


def test_equal_bases_change_no_figure():
    stated = {
        **ROYALTY,
        "tax_rate": 0.25,
        "revenue": {"value": ROYALTY["revenue"], "basis": {"prices": "nominal", "outcome": "expected"}},
        "discount_rate": {"value": 0.12, "basis": {"prices": "nominal", "tax": "after_tax", "outcome": "expected"}},
    }
    plain = run("income.relief_from_royalty", {**ROYALTY, "tax_rate": 0.25})
    assert run("income.relief_from_royalty", stated).value == plain.value

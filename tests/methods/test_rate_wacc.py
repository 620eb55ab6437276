"""Weighted average cost of capital: by hand, its limits, and what a reader is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

FIRM = {
    "risk_free_rate": 0.02,
    "beta": 1,
    "equity_risk_premium": 0.06,
    "cost_of_debt": 0.04,
    "tax_rate": 0.25,
    "debt_share": 0.2,
}


def outcome(**changed):
    return run("rate.wacc", {**FIRM, **changed})


def value(**changed):
    return outcome(**changed).value


def line(found, name):
    return next(line.values[0] for line in found.lines if line.name == name)


def test_unlevered_beta_is_levered_to_the_debt_share():
    """A fifth of debt is a quarter of equity: 1 + 0.75 x 0.25."""
    found = outcome()
    assert line(found, "levered_beta") == pytest.approx(1.1875, rel=1e-15)
    assert line(found, "cost_of_equity") == pytest.approx(0.09125, rel=1e-15)
    assert found.value == pytest.approx(0.079, rel=1e-15)


def test_levered_beta_is_taken_as_it_is():
    assert value(beta=1.1875, beta_is="levered") == pytest.approx(value(), rel=1e-15)


def test_bluebonnet_with_its_stated_debt_weight():
    """The page says 24.4% of debt but multiplies by 24%; with 24.4% it is 11.35%, not the printed 11.33%."""
    given = {"risk_free_rate": 0.134, "equity_risk_premium": 0, "cost_of_debt": 0.0499, "tax_rate": 0}
    assert value(**given, debt_share=0.244) == pytest.approx(0.1135, abs=5e-5)


def test_preferred_stock_bears_its_own_cost_and_saves_no_tax():
    """By hand: 0.6 x 12% + 0.3 x 5% x 0.75 + 0.1 x 8%."""
    shares = {"debt_share": 0.3, "preferred_share": 0.1, "cost_of_preferred": 0.08, "cost_of_debt": 0.05}
    found = outcome(**shares, risk_free_rate=0.12, equity_risk_premium=0, beta_is="levered")
    assert found.value == pytest.approx(0.09125, rel=1e-14)
    assert line(outcome(**shares), "debt_to_equity") == pytest.approx(0.5, rel=1e-14)


def test_shares_that_leave_no_equity_are_refused():
    with pytest.raises(InputError, match="leave no equity"):
        outcome(debt_share=0.5, preferred_share=0.5)


def test_premium_of_the_asset_stands_on_top_of_the_firm():
    assert value(asset_premium=0.05) == pytest.approx(value() + 0.05, rel=1e-15)


@given(debt_share=st.floats(0, 0.95), beta=st.floats(0, 3))
def test_without_tax_the_debt_share_does_not_matter_if_debt_bears_no_risk(debt_share, beta):
    """Modigliani and Miller: debt at the risk-free rate, relevered beta, no tax."""
    found = value(tax_rate=0, cost_of_debt=0.02, debt_share=debt_share, beta=beta)
    assert found == pytest.approx(0.02 + beta * 0.06, rel=1e-12)


def test_size_and_specific_premium_together_are_pointed_out():
    both = outcome(size_premium=0.02, specific_premium=0.02)
    assert ["Size and specific" in warning.english for warning in both.warnings] == [True]
    assert outcome(size_premium=0.02).warnings == ()


def test_defaults_are_chinese_reference_figures():
    """Yield, premium, prime rate and tax of China as of the date; the look-up says which."""
    from datetime import date

    on = date(2026, 6, 30)
    found = run("rate.wacc", {"beta": 1, "debt_share": 0}, on=on)
    assert found.value == pytest.approx(0.0179 + 0.05143, rel=1e-12)


@pytest.mark.parametrize("bad", [{"debt_share": 1}, {"cost_of_debt": 4}, {"beta": "high"}, {"beta_is": "raw"}])
def test_refuses_in_a_sentence(bad):
    with pytest.raises(InputError, match=next(iter(bad))):
        value(**bad)

"""Cost of equity by CAPM: published examples, agreement with the WACC of a firm without debt, what a reader is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

FIRM = {"risk_free_rate": 0.02, "beta": 1, "beta_is": "levered", "equity_risk_premium": 0.06, "tax_rate": 0.25}


def outcome(**changed):
    return run("rate.capm", {**FIRM, **changed})


@pytest.mark.parametrize(
    ("risk_free", "market", "beta", "printed"),
    [(0.04, 0.09, 1.2, 0.10), (0.04, 0.10, 1.5, 0.13), (0.0336, 0.1164, 1.39, 0.1487)],
    ids=["policylink, cost of equity", "toasta, cost of equity", "OpenStax 15.3"],
)
def test_published_examples(risk_free, market, beta, printed):
    found = outcome(risk_free_rate=risk_free, equity_risk_premium=market - risk_free, beta=beta)
    assert found.value == pytest.approx(printed, abs=5e-5)


@given(beta=st.floats(-1, 4), debt_share=st.floats(0, 0.9))
def test_levering_is_that_of_the_wacc(beta, debt_share):
    """The cost of equity that stands in the WACC's own workings."""
    given = {"beta": beta, "beta_is": "unlevered", "debt_share": debt_share}
    wacc = run("rate.wacc", {**FIRM, **given, "cost_of_debt": 0.04})
    equity = next(line.values[0] for line in wacc.lines if line.name == "cost_of_equity")
    assert outcome(**given).value == pytest.approx(equity, rel=1e-13)


def test_premiums_stand_on_top():
    assert outcome(size_premium=0.01, specific_premium=0.02).value == pytest.approx(outcome().value + 0.03, rel=1e-14)


def test_size_and_specific_premium_together_are_pointed_out():
    both = outcome(size_premium=0.02, specific_premium=0.02)
    assert ["Size and specific" in warning.english for warning in both.warnings] == [True]
    assert outcome(size_premium=0.02).warnings == ()


@pytest.mark.parametrize("bad", [{"debt_share": 1}, {"beta": 6}, {"beta_is": "raw"}])
def test_refuses_in_a_sentence(bad):
    with pytest.raises(InputError, match=next(iter(bad))):
        outcome(**bad)

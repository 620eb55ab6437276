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


def test_a_beta_of_peers_is_unlevered_with_their_debt_and_levered_with_ours():
    """Peers 1.2 at debt / equity 0.5 and 21%; 40% debt of our own at 25%."""
    found = outcome(beta=1.2, beta_is="levered_of_peers", peer_debt_share=1 / 3, peer_tax_rate=0.21, debt_share=0.4)
    beta = 1.2 / (1 + 0.79 * 0.5) * (1 + 0.75 * 0.4 / 0.6)
    assert found.value == pytest.approx(0.02 + 0.06 * beta, rel=1e-14)


@given(beta=st.floats(-1, 4), debt_share=st.floats(0, 0.9))
def test_peers_with_our_own_debt_have_our_beta(beta, debt_share):
    of_peers = outcome(beta=beta, beta_is="levered_of_peers", peer_debt_share=debt_share, debt_share=debt_share)
    assert of_peers.value == pytest.approx(outcome(beta=beta).value, rel=1e-12)


@pytest.mark.parametrize("given", [{"beta_is": "levered_of_peers"}, {"peer_debt_share": 0.2}, {"peer_tax_rate": 0.2}])
def test_peers_debt_goes_with_their_beta_only(given):
    with pytest.raises(InputError, match="the peers' debt and tax go with a beta"):
        outcome(**given)


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

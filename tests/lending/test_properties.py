"""What must hold of a loan whatever the figures: more at risk never lends more, parts add up, formulas agree."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import outcome_of
from states_of_the_factor import shortfall_at

from valuation.lending import portfolio
from valuation.lending.default_and_collateral import in_default
from valuation.lending.losses import shortfall
from valuation.lending.risk_sharing import guarantors_pay
from valuation.workings import Silent

SCHEDULES = st.sampled_from(["annuity", "straight_line", "bullet"])
ASSETS = st.fixed_dictionaries(
    {
        "value": st.floats(100, 1e7),
        "policy_cap": st.floats(0.05, 1),
        "log_drift": st.floats(-1, 0),
        "volatility": st.floats(0, 1),
        "valuation_error": st.floats(0, 0.8),
        "dependency": st.floats(0, 0.8),
        "forced_sale_discount": st.floats(0, 0.8),
        "disposal_cost": st.floats(0, 0.5),
        "title_failure": st.floats(0, 0.09),
        "sale_time": st.floats(0, 2),
    }
)
LOAN = {"payment_times": [1, 2, 3], "rate": 0.05, "shortfall_probability": 0.1, "money_rate": 0.04}
MONEY = ("value", "fixed_cost", "prior_claims")


def limits(*assets: dict[str, Any], schedule: str = "annuity", **more: Any) -> dict[str, float]:
    lines = outcome_of("lending.limits", {**LOAN, "schedule": schedule, "assets": list(assets), **more}).lines
    return {line.name: line.values[0] for line in lines}


def lent(*assets: dict[str, Any], **more: Any) -> float:
    return limits(*assets, **more)["maximum_loan"]


HARDER = {  # each part of a haircut, made harder
    "dependency": 0.05, "log_drift": -0.1, "volatility": 0.1, "valuation_error": 0.1, "title_failure": 0.005,
    "forced_sale_discount": 0.05, "disposal_cost": 0.05, "sale_time": 0.5, "fixed_cost": 20.0, "prior_claims": 20.0,
    "acceptance": -0.1, "policy_cap": -0.02,
}  # fmt: skip


@pytest.mark.parametrize("part", HARDER)
@settings(max_examples=8)
@given(asset=ASSETS, schedule=SCHEDULES)
def test_no_harder_part_lends_more(part: str, asset: dict[str, float], schedule: str) -> None:
    start = {"fixed_cost": 0.0, "prior_claims": 0.0, "acceptance": 1.0, **asset}
    harder = {**start, part: start[part] + HARDER[part]}
    assert lent(harder, schedule=schedule) <= lent(start, schedule=schedule) * (1 + 1e-12)


@settings(max_examples=12)
@given(asset=ASSETS, units=st.floats(1e-3, 1e3), schedule=SCHEDULES)
def test_money_in_other_units_gives_the_loan_in_other_units(
    asset: dict[str, float], units: float, schedule: str
) -> None:
    charged = {**asset, "fixed_cost": 10.0, "prior_claims": 15.0}
    scaled = {name: figure * units if name in MONEY else figure for name, figure in charged.items()}
    assert lent(scaled, schedule=schedule) == pytest.approx(units * lent(charged, schedule=schedule), rel=1e-10)


@settings(max_examples=12)
@given(asset=ASSETS, other=ASSETS, schedule=SCHEDULES)
def test_one_more_asset_never_lends_less(asset: dict[str, float], other: dict[str, float], schedule: str) -> None:
    """A sum fitted by one lognormal can fall when an asset is added, which is why none is fitted here."""
    assert lent(asset, other, schedule=schedule) >= lent(asset, schedule=schedule) * (1 - 1e-12)


@settings(max_examples=12)
@given(asset=ASSETS, years=st.integers(1, 8), more=st.integers(0, 8))
def test_a_longer_bullet_is_never_carried_further_by_the_decay_path(
    asset: dict[str, float], years: int, more: int
) -> None:
    short, long = (
        limits(asset, schedule="bullet", payment_times=list(range(1, n + 1)))["limit_decay_path"]
        for n in (years, years + more)
    )
    assert long <= short * (1 + 1e-12)


@settings(max_examples=12)
@given(asset=ASSETS, schedule=SCHEDULES, probability=st.floats(0.001, 0.5), together=st.sampled_from([None, 0.4]))
def test_expected_loss_is_the_sum_of_its_years(
    asset: dict[str, float], schedule: str, probability: float, together: float | None
) -> None:
    inputs = {**LOAN, "loan": 50.0, "schedule": schedule, "default_probability": probability}
    outcome = outcome_of("lending.expected_loss", {**inputs, "assets": [{**asset, "default_correlation": together}]})
    lines = {line.name: line.values for line in outcome.lines}
    assert outcome.value == pytest.approx(sum(lines["expected_loss_by_period"]), rel=1e-12)
    by_hand = sum(d * lost for d, lost in zip(lines["share_defaulting"], lines["loss_today"], strict=True))
    assert outcome.value == pytest.approx(by_hand, rel=1e-12)


ORDERS = ("net", "bank_first", "guarantor_first")


@given(debt=st.floats(1, 1e6), share=st.floats(0, 1))
def test_orders_of_recovery_agree_where_nothing_comes_in_or_nothing_is_guaranteed(debt: float, share: float) -> None:
    without = [float(guarantors_pay(order, debt, share, 0.0)) for order in ORDERS]  # type: ignore[arg-type]
    assert without == pytest.approx([share * debt] * 3, rel=1e-12)
    assert [float(guarantors_pay(order, debt, 0.0, 0.4 * debt)) for order in ORDERS] == [0, 0, 0]  # type: ignore[arg-type]


@given(debt=st.floats(1, 1e6), share=st.floats(0, 1), recovered=st.floats(0, 2))
def test_bank_and_guarantor_bear_the_whole_loss_and_neither_gains(debt: float, share: float, recovered: float) -> None:
    lost = max(debt - recovered * debt, 0.0)
    for order in ORDERS:
        paid = float(guarantors_pay(order, debt, share, recovered * debt))  # type: ignore[arg-type]
        assert -1e-9 * debt <= paid <= lost + 1e-9 * debt


CHANCES = {
    "claim": st.floats(5, 200), "median": st.floats(20, 150), "spread": st.floats(0.05, 1.5),
    "probability": st.floats(0.002, 0.4),
}  # fmt: skip


def loss_given_default(claim: float, median: float, spread: float, probability: float, correlation: float) -> float:
    chances = in_default(np.array([probability]), np.array([correlation]), Silent().line)
    lost, _ = shortfall(np.array([claim]), np.array([median]), np.array([spread]), chances)
    return float(lost[0]) / claim


@given(**CHANCES)
def test_without_correlation_the_loss_in_default_is_the_put(
    claim: float, median: float, spread: float, probability: float
) -> None:
    put = float(shortfall(np.array([claim]), np.array([median]), np.array([spread]))[0][0]) / claim
    assert loss_given_default(claim, median, spread, probability, 0.0) == pytest.approx(put, abs=1e-12)


@settings(max_examples=40)
@given(**CHANCES, tied=st.floats(0.02, 0.5), sensitivity=st.floats(0, 0.9))
def test_the_mean_over_the_factor_is_default_and_price_correlated_through_it(
    claim: float, median: float, spread: float, probability: float, tied: float, sensitivity: float
) -> None:
    """Two formulas for one figure: an integral over bad times, and one bivariate chance of root(tied) x sensitivity."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(180)
    defaulting = portfolio.default_share_at(probability, tied, nodes)
    lost = shortfall_at(claim, median, spread, 0.0, sensitivity, nodes) / claim
    over_factor = float(np.sum(weights / weights.sum() * defaulting * lost))
    at_once = loss_given_default(claim, median, spread, probability, np.sqrt(tied) * sensitivity)
    assert over_factor == pytest.approx(probability * at_once, abs=1e-9)


@given(loans=st.integers(2, 400), probability=st.floats(0.005, 0.2), tied=st.floats(0.03, 0.4))
def test_the_add_on_for_single_names_vanishes_with_their_size(loans: int, probability: float, tied: float) -> None:
    def add_on(number: int) -> float:
        amounts = np.full(number, 1 / number)
        return float(portfolio.granularity_add_on(amounts, probability, 0.5, tied, 0.999))

    assert add_on(10 * loans) == pytest.approx(add_on(loans) / 10, rel=1e-9)

"""Expected loss: reference values of the lognormal put and of the whole path."""

import numpy as np
import pytest
from readings import outcome_of
from scipy.special import ndtri

from valuation.lending.losses import shortfall

DRIFT = np.log(0.5) / 2.5 - 0.4**2 / 2  # of the log, where the mean halves in 2.5 years


def outcome(schedule="annuity", assets=None, **changed):
    asset = {"value": 100, "disposal_cost": 0.1, "volatility": 0.4, "valuation_error": 0, "log_drift": DRIFT}
    given = {
        "payment_times": [1, 2, 3, 4, 5],
        "rate": 0.06,
        "schedule": schedule,
        "loan": 30,
        "shortfall_probability": 0.1,
        "money_rate": np.expm1(0.03),
        "default_probability": -np.expm1(-0.04),
        "assets": assets or [{**asset, "sale_time": 0.5}],
        **changed,
    }
    return outcome_of("lending.expected_loss", given)


@pytest.mark.parametrize(
    ("claim", "time", "loss", "probability"),
    [
        (50, 1, 0.04232969129790701, 0.22080816399827224),
        (30, 1, 0.002638216644060505, 0.020352091523445973),
        (70, 1, 0.1376846507943975, 0.5285852146353386),
        (50, 2, 0.1554306839814631, 0.4804116938313058),
    ],
)
def test_loss_given_default_is_a_put_on_the_proceeds(claim, time, loss, probability):
    """Net value 90, mean drift -20%, volatility 40%."""
    median, spread = 90 * np.exp((-0.2 - 0.08) * time), 0.4 * np.sqrt(time)
    mean, chance = shortfall(np.array([claim]), np.array([median]), np.array([spread]))
    assert mean[0] / claim == pytest.approx(loss, rel=1e-12)
    assert chance[0] == pytest.approx(probability, rel=1e-12)


def test_time_until_the_sale_is_a_loss_too():
    """Money at 4%, continuous, for a year: 1 - exp(-.04)(1 - .0423) = 7.988%."""
    asset = {"value": 100, "disposal_cost": 0.1, "volatility": 0.4, "valuation_error": 0, "log_drift": -0.28}
    once = {"payment_times": [1e-9], "rate": 0, "loan": 50, "money_rate": np.expm1(0.04), "default_probability": 0.5}
    found = outcome("bullet", [{**asset, "sale_time": 1 - 1e-9}], **once)
    lines = {line.name: line.values[0] for line in found.lines}
    lost = lines["loss_given_default"]
    assert lost == pytest.approx(0.04232969129790701, rel=1e-7)
    discounted = 1 - np.exp(-0.04) * (1 - lost)
    assert discounted == pytest.approx(0.07988048120928382, rel=1e-7)
    assert lines["loss_today"] == pytest.approx(50 * lost * np.exp(-0.04), rel=1e-12)


@pytest.mark.parametrize("claim", [40.0, 60.0])
@pytest.mark.parametrize("spread", [0.0, 1e-9])
def test_without_uncertainty_the_loss_is_what_is_short(claim, spread):
    """The limit of a small spread is the figure without one."""
    mean, chance = shortfall(np.array([claim]), np.array([50.0]), np.array([spread]))
    assert mean[0] == pytest.approx(max(claim - 50, 0), abs=1e-6)
    assert chance[0] == (1.0 if claim > 50 else 0.0)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [("annuity", 0.28821163155504004), ("straight_line", 0.25052251440050005), ("bullet", 1.3168614924206705)],
)
def test_expected_loss_over_the_life_of_a_loan(schedule, expected):
    assert outcome(schedule).value == pytest.approx(expected, rel=1e-12)


def test_loss_given_default_by_year():
    by_year = next(line.values for line in outcome().lines if line.name == "loss_given_default")
    expected = [0.031501402505243685, 0.08729487298062023, 0.13334627557996762, 0.14798815785901068, 0.1037091683446571]
    assert by_year == pytest.approx(expected, rel=1e-11)


def test_where_title_fails_all_is_lost():
    certain = {"value": 1e6, "log_drift": 0, "volatility": 0, "valuation_error": 0, "title_failure": 0.25}
    lost = outcome("bullet", [certain], payment_times=[1], money_rate=0, default_probability=0.1)
    assert lost.value == pytest.approx(0.1 * 0.25 * 30 * 1.06, rel=1e-13)


def test_claims_ahead_are_served_first():
    """By counting 200,000 even steps through the proceeds."""
    asset = {"value": 100, "log_drift": -0.1, "volatility": 0.4, "valuation_error": 0.2, "prior_claims": 30}
    found = outcome("bullet", [asset], payment_times=[1], money_rate=0, default_probability=0.5, loan=50, rate=0)
    steps = ndtri((np.arange(200_000) + 0.5) / 200_000)
    proceeds = 100 * np.exp(-0.1 + np.sqrt(0.2**2 + 0.4**2) * steps)
    lost = 50 - np.clip(proceeds - 30, 0, 50)
    assert found.value == pytest.approx(0.5 * lost.mean(), rel=1e-5)


def test_several_assets_never_show_a_smaller_loss_than_their_pool():
    asset = {"value": 50, "log_drift": -0.2, "volatility": 0.4, "valuation_error": 0.2}
    assert outcome(assets=[asset, asset]).value == pytest.approx(
        outcome(assets=[{**asset, "value": 100}]).value, rel=1e-12
    )


def test_title_that_fails_and_recourse_to_the_borrower():
    """The loss of a sale is .0423; enforcement fails in a tenth of cases, and 15% of what is short is recovered."""
    asset = {"value": 100, "disposal_cost": 0.1, "volatility": 0.4, "valuation_error": 0, "log_drift": -0.28}
    found = outcome(
        "bullet",
        [{**asset, "title_failure": 0.1}],
        payment_times=[1],
        rate=0,
        loan=50,
        money_rate=0,
        default_probability=0.05,
        unsecured_recovery=0.15,
    )
    assert found.value == pytest.approx(0.05 * 50 * 0.11738221384289886, rel=1e-12)


def test_a_correlation_raises_the_loss_and_one_of_nothing_leaves_it():
    asset = {"value": 100, "volatility": 0.4, "valuation_error": 0.3, "log_drift": -0.2}
    alone = outcome(assets=[asset]).value
    assert outcome(assets=[{**asset, "default_correlation": 0}]).value == pytest.approx(alone, rel=1e-12)
    assert outcome(assets=[{**asset, "default_correlation": 0.6}]).value > 1.5 * alone


def test_the_error_of_the_appraisal_does_not_move_with_the_borrower():
    """A price that does not move cannot fall with the borrower, however wrong its appraisal is."""
    asset = {"value": 40, "volatility": 0, "valuation_error": 0.3, "log_drift": 0}
    together = outcome(assets=[{**asset, "default_correlation": 0.9}]).value
    assert together == pytest.approx(outcome(assets=[asset]).value, rel=1e-12)


def test_a_yearly_probability_is_a_constant_hazard_whatever_the_length_of_a_period():
    by_month = outcome(payment_times=[month / 12 for month in range(1, 13)], default_probability=0.04)
    alive = next(line.values for line in by_month.lines if line.name == "share_not_defaulted")
    hazards = [-12 * np.log(share) / month for month, share in enumerate(alive, 1)]
    assert hazards == pytest.approx([0.040821994520255166] * 12, rel=1e-12)

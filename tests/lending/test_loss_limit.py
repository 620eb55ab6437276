"""The limit by loss given default: reference values, the loss at that loan, and when there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import outcome_of

from valuation.errors import InputError

NET = {"value": 100, "disposal_cost": 0.1, "log_drift": -0.28, "volatility": 0.4, "valuation_error": 0}
WHOLE = {  # the asset of the whole check in test_limits
    "value": 20_000_000, "dependency": 0.1, "forced_sale_discount": 0.35, "disposal_cost": 0.08,
    "valuation_error": 0.25, "volatility": 0.3, "log_drift": -0.2, "title_failure": 0.04,
}  # fmt: skip
BULLET = {"payment_times": [1], "rate": 0, "schedule": "bullet", "shortfall_probability": 0.1}


def limit(target, *assets, **more):
    given = {**BULLET, "default_probability": 0.05, "loss_given_default": target, "assets": list(assets), **more}
    lines = {line.name: line for line in outcome_of("lending.limits", given).lines}
    assert lines["limit_loss_given_default"].opaque
    return lines["limit_loss_given_default"].values[0]


@pytest.mark.parametrize(
    ("correlation", "target", "expected"),
    [
        (0.0, 0.1, 63.00485436641807),
        (0.0, 0.2, 80.88424667201133),
        (0.0, 0.3, 98.74349209028512),
        (0.5, 0.1, 43.24292716339455),
        (0.5, 0.2, 54.44113708146855),
        (0.5, 0.3, 65.60869885533087),
    ],
)
def test_largest_loan_of_a_loss(correlation, target, expected):
    """The same loss allows a third less where the price falls with the borrower."""
    assert limit(target, {**NET, "default_correlation": correlation}) == pytest.approx(expected, rel=1e-12)


def test_without_a_correlation_it_is_that_of_independence():
    assert limit(0.1, NET) == pytest.approx(63.00485436641807, rel=1e-12)


def test_largest_loan_where_title_may_fail():
    """Sold two years from now."""
    assert limit(0.15, WHOLE, payment_times=[2]) == pytest.approx(6_500_197.501234417, rel=1e-12)


def lost_part(loan, asset, **more):
    given = {**BULLET, "default_probability": 0.05, "loan": loan, "assets": [asset], **more}
    lines = {line.name: line.values for line in outcome_of("lending.expected_loss", given).lines}
    return max(lines["loss_given_default"])


@settings(max_examples=25)
@given(
    target=st.floats(0.06, 0.6),
    volatility=st.floats(0, 1.5),
    error=st.floats(0, 0.6),
    correlation=st.floats(0, 1),
    ahead=st.sampled_from([0, 1e5]),
    recovered=st.floats(0, 0.3),
    schedule=st.sampled_from(["bullet", "annuity"]),
)
def test_at_that_loan_the_worst_date_loses_just_that_part(
    target, volatility, error, correlation, ahead, recovered, schedule
):
    asset = {**WHOLE, "volatility": volatility, "valuation_error": error, "default_correlation": correlation}
    asset["prior_claims"] = ahead
    more = {"payment_times": [1, 2, 3], "rate": 0.04, "schedule": schedule, "unsecured_recovery": recovered}
    loan = limit(target, asset, **more)
    if loan == 0:  # what ranks ahead often takes all
        assert lost_part(1.0, asset, **more) >= target
    else:
        assert lost_part(loan, asset, **more) == pytest.approx(target, rel=1e-7)


def test_where_title_fails_more_often_than_may_be_lost_there_is_no_loan():
    assert limit(0.04, {**WHOLE, "title_failure": 0.05}) == 0


def test_where_prior_claims_take_all_there_is_no_loan():
    assert limit(0.1, {**WHOLE, "prior_claims": 1e9}) == 0


@pytest.mark.parametrize("target", [0.1, 0.35])
def test_a_security_without_uncertainty_carries_itself_and_what_may_be_lost(target):
    certain = {"value": 90, "log_drift": 0, "volatility": 0, "valuation_error": 0}
    assert limit(target, certain) == pytest.approx(90 / (1 - target), rel=1e-13)


def test_two_halves_carry_what_the_whole_carries():
    half = {**WHOLE, "value": 10_000_000}
    assert limit(0.15, half, half) == pytest.approx(limit(0.15, WHOLE), rel=1e-12)


def test_even_under_wild_prices_the_root_is_found():
    """Mean proceeds lie thirty thousand times above the median."""
    wild = {**NET, "volatility": 1.5, "log_drift": -1}
    found = limit(0.15, wild, payment_times=[9])
    assert lost_part(found, wild, payment_times=[9]) == pytest.approx(0.15, rel=1e-9)


def test_a_correlation_needs_the_probability_of_default():
    with pytest.raises(InputError) as refused:
        limit(0.1, {**NET, "default_correlation": 0.5}, default_probability=None)
    assert "default_probability is not stated" in refused.value.problems[0].sentence()


def test_a_loss_that_no_default_reaches_is_no_limit():
    with pytest.raises(InputError) as refused:
        limit(0.6, NET, unsecured_recovery=0.4)
    assert "no default loses the part allowed" in refused.value.problems[0].sentence()


def test_it_binds_where_it_is_the_smallest():
    given = {**BULLET, "loss_given_default": 0.01, "shortfall_probability": 0.5, "assets": [NET]}
    lines = {line.name: line.values[0] for line in outcome_of("lending.limits", given).lines}
    assert lines["maximum_loan"] == lines["limit_loss_given_default"] < lines["limit_value_at_risk"]
    assert np.isfinite(lines["maximum_loan"])


HARDER = ("dependency", "forced_sale_discount", "disposal_cost", "title_failure", "valuation_error", "volatility")


@settings(max_examples=30)
@given(part=st.sampled_from(HARDER), more=st.floats(0, 0.3), correlation=st.sampled_from([None, 0.0, 0.6]))
def test_no_larger_haircut_part_raises_it(part, more, correlation):
    asset = {**WHOLE, "default_correlation": correlation}
    harder = {**asset, part: min(asset[part] + more, 0.95)}
    assert limit(0.15, harder) <= limit(0.15, asset) * (1 + 1e-12)


@given(factor=st.floats(1e-3, 1e3))
@settings(max_examples=20)
def test_it_scales_with_the_money(factor):
    """Also with claims ahead and a fixed cost, which are money too."""
    asset = {**WHOLE, "prior_claims": 300_000, "fixed_cost": 50_000}
    scaled = {
        name: figure * factor if name in ("value", "prior_claims", "fixed_cost") else figure
        for name, figure in asset.items()
    }
    assert limit(0.15, scaled) == pytest.approx(factor * limit(0.15, asset), rel=1e-11)

"""The haircut: reference values worked out twice elsewhere, and what must hold whatever the figures."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import Kept, outcome_of
from scipy.special import ndtri

from valuation.errors import InputError
from valuation.lending.haircuts import PARTS, haircut, log_shares, waterfall

TEN_DIGITS = {"rel": 1e-12, "abs": 1e-15}


def cut(*others, value=1.0, log_drift=0.0, volatility=0.0, valuation_error=0.0, tail=0.1, time=0.0, money=0.0, **more):
    """The haircut of one asset (and others), as its lines by name."""
    asset = {
        "value": value,
        "log_drift": log_drift,
        "volatility": volatility,
        "valuation_error": valuation_error,
        **more,
    }
    outcome = outcome_of(
        "lending.haircut",
        {"assets": [asset, *others], "time_to_default": time, "shortfall_probability": tail, "money_rate": money},
    )
    return {line.name: line.values[0] for line in outcome.lines}


SECOND = {"log_drift": -0.3, "volatility": 0.4, "valuation_error": 0.25, "time": 0.5}


# parts

FIVE = [np.array([kept]) for kept in (0.9, 2 ** (-1 / 3), 0.65, 0.92, 0.95)]


def test_parts_in_their_order_add_up_to_the_haircut():
    steps = [float(step[0]) for step in waterfall(FIVE)]
    expected = [0.1, 0.1856695266143102, 0.2500156656849914, 0.03714518461605585, 0.021358481154232143]
    assert steps == pytest.approx(expected, **TEN_DIGITS)
    assert sum(steps) == pytest.approx(0.5941888580695897, **TEN_DIGITS)


def test_shares_without_an_order_add_up_to_the_haircut():
    shares = [float(share[0]) for share in log_shares(FIVE, np.array([0.5941888580695897]))]
    expected = [0.06941601926528641, 0.1522250143994179, 0.28381823129781564, 0.05493537437953687, 0.03379421872753273]
    assert shares == pytest.approx(expected, **TEN_DIGITS)


def test_shares_of_nothing_taken_are_nothing():
    """All retentions 1 is 0/0."""
    assert [float(share[0]) for share in log_shares([np.ones(1)] * 3, np.zeros(1))] == [0, 0, 0]


def test_a_part_that_leaves_nothing_takes_the_whole_haircut():
    shares = log_shares([np.array([0.9]), np.array([0.0]), np.array([0.5])], np.ones(1))
    assert [float(share[0]) for share in shares] == [0, 1, 0]


def test_retentions_multiply_and_are_never_added():
    """Dependency 10%, half-life of 3 years after one, forced sale 35%, cost 8%: added they would take 74%."""
    found = cut(dependency=0.1, log_drift=-np.log(2) / 3, time=1, forced_sale_discount=0.35, disposal_cost=0.08)
    assert found["haircut"] == pytest.approx(1 - 0.9 * 2 ** (-1 / 3) * 0.65 * 0.92, **TEN_DIGITS)


def test_fixed_costs_and_prior_claims_come_off_once_and_are_a_part():
    found = cut(value=100, disposal_cost=0.1, fixed_cost=6, prior_claims=30)
    assert found["recoverable_value"] == 54
    assert found["retained_claims"] == pytest.approx(0.6)
    assert found["haircut"] == pytest.approx(0.46)


def test_claims_above_the_proceeds_leave_nothing():
    assert cut(value=100, prior_claims=200)["recoverable_value"] == 0


def test_time_until_the_money_is_in_hand_costs_its_interest_once():
    assert cut(sale_time=2, money=0.05)["retained_time_value"] == pytest.approx(1.05**-2, rel=1e-14)


# value at risk and expected shortfall


@pytest.mark.parametrize(
    ("inputs", "at_risk", "shortfall"),
    [
        ({"volatility": 0.4, "time": 0.5}, 0.3720124022223613, 0.4390768102470576),
        (SECOND, 0.5374120730095329, 0.6012631587568861),
        ({**SECOND, "time": 1.5}, 0.7419674385422275, 0.7910200778205606),
    ],
)
def test_haircut_at_five_per_cent(inputs, at_risk, shortfall):
    found = cut(tail=0.05, **inputs)
    assert found["haircut"] == pytest.approx(at_risk, **TEN_DIGITS)
    assert found["expected_shortfall_haircut_before_claims"] == pytest.approx(shortfall, **TEN_DIGITS)


def test_haircut_at_one_per_cent():
    found = cut(tail=0.01, **SECOND)
    assert found["haircut"] == pytest.approx(0.6423416451858546, **TEN_DIGITS)
    assert found["expected_shortfall_haircut_before_claims"] == pytest.approx(0.6832367752792525, **TEN_DIGITS)


def test_market_and_error_are_joined_before_the_quantile():
    """Two 5% quantiles multiplied would take 64%, about what one in a hundred loses."""
    alone = [cut(tail=0.05, **{**SECOND, name: 0.0}) for name in ("valuation_error", "volatility")]
    multiplied = alone[0]["retained_market_move"] * alone[1]["retained_valuation_error"] * np.exp(-0.3 * 0.5)
    assert 1 - multiplied == pytest.approx(0.64172279200547, rel=1e-12)
    assert cut(tail=0.05, **SECOND)["haircut"] == pytest.approx(0.5374120730095329, rel=1e-12)


def test_drift_market_and_error_share_the_haircut_by_variance():
    found = cut(tail=0.05, **SECOND)
    shares = [found[f"share_of_haircut_{name}"] for name in ("technological_decay", "market_move", "valuation_error")]
    assert shares == pytest.approx([0.10456591403596023, 0.2430013524062162, 0.18984480656735642], **TEN_DIGITS)


# title failure

TITLE_FAILURES = [(0.0, 0.4694149997054927), (0.04, 0.5176656849541585), (0.1, 1.0)]


@pytest.mark.parametrize(("failure", "expected"), TITLE_FAILURES)
def test_title_failure_moves_the_quantile_and_is_no_factor(failure, expected):
    """As a factor on the quantile, 4% would take 49.1% instead of 51.8%; from the accepted 10% on nothing is left."""
    assert cut(tail=0.1, title_failure=failure, **SECOND)["haircut"] == pytest.approx(expected, **TEN_DIGITS)


def test_title_failure_by_counting_cases():
    """96,000 even steps where title holds and 4,000 sales that bring nothing: 10,000 bring less than is left."""
    found = cut(tail=0.1, title_failure=0.04, **SECOND)
    holds = np.exp(-0.15 + np.sqrt(0.25**2 + 0.4**2 * 0.5) * ndtri((np.arange(96_000) + 0.5) / 96_000))
    proceeds = np.sort(np.concatenate([np.zeros(4_000), holds]))
    assert np.count_nonzero(proceeds < found["recoverable_value"]) == 10_000
    assert 1 - proceeds[:10_000].mean() == pytest.approx(found["expected_shortfall_haircut_before_claims"], abs=1e-5)


# several assets


def test_several_assets_are_summed_as_if_they_fell_together():
    one, two = cut(value=60, volatility=0.35, time=1), cut(value=40, volatility=0.55, time=1)
    other = {"value": 40, "log_drift": 0, "volatility": 0.55, "valuation_error": 0}
    both = cut(other, value=60, volatility=0.35, time=1)
    assert both["recoverable_value"] == pytest.approx(one["recoverable_value"] + two["recoverable_value"], rel=1e-15)


def test_pool_of_two_at_full_correlation():
    """Means of 60 and 40 with standard deviations of ln of .35 and .55: one in twenty brings less than 45.649."""
    means = ((60, 0.35), (40, 0.55))
    assets = [
        {"value": m * np.exp(-(s**2) / 2), "log_drift": 0, "volatility": 0, "valuation_error": s} for m, s in means
    ]
    outcome = outcome_of("lending.haircut", {"assets": assets, "time_to_default": 0, "shortfall_probability": 0.05})
    assert outcome.value == pytest.approx(45.64912284390093, rel=1e-12)


# what must hold whatever the figures

SHARES = st.floats(0, 0.9)
CAUSES = {
    "log_drift": st.floats(-2, 0),
    "volatility": st.floats(0, 1.5),
    "valuation_error": st.floats(0, 1),
    "time_to_default": st.floats(0, 10),
    "shortfall_probability": st.floats(0.001, 0.5),
    "title_failure": SHARES,
    "dependency": SHARES,
    "forced_sale_discount": SHARES,
    "disposal_cost": SHARES,
    "sale_time": st.floats(0, 3),
    "money_rate": st.floats(0, 0.2),
    "value": st.floats(1, 1e9),
}
ALMOST = 1e-9
any_asset = given(facts=st.fixed_dictionaries(CAUSES))


def lines(facts):
    """The lines of the haircut on these facts, straight from the formula."""
    arrays = SimpleNamespace(
        acceptance=np.ones(1),
        fixed_cost=np.zeros(1),
        prior_claims=np.zeros(1),
        **{name: np.array([figure]) for name, figure in facts.items()},
    )
    kept = Kept()
    with np.errstate(all="ignore"):
        haircut(SimpleNamespace(assets=[arrays], **vars(arrays)), kept)
    return {name: float(figures[0]) for name, figures in kept.steps.items()}


@any_asset
def test_haircut_lies_between_nothing_and_all_and_its_parts_make_it_up(facts):
    found = lines(facts)
    assert -ALMOST <= found["haircut"] <= 1 + ALMOST
    kept = np.prod([found[f"retained_{part}"] for part in PARTS])
    assert 1 - kept == pytest.approx(found["haircut"], abs=ALMOST)
    assert sum(found[f"share_of_haircut_{part}"] for part in PARTS) == pytest.approx(found["haircut"], abs=ALMOST)


@any_asset
def test_mean_of_the_worst_is_no_better_than_the_best_of_them(facts):
    found = lines(facts)
    assert found["expected_shortfall_haircut_before_claims"] >= found["haircut"] - ALMOST


@pytest.mark.parametrize(
    "cause", [name for name in CAUSES if name not in ("value", "log_drift", "shortfall_probability")]
)
@given(facts=st.fixed_dictionaries(CAUSES), data=st.data())
def test_haircut_never_falls_when_a_cause_grows(cause, facts, data):
    grown = {**facts, cause: max(facts[cause], data.draw(CAUSES[cause]))}
    assert lines(grown)["haircut"] >= lines(facts)["haircut"] - ALMOST


@given(facts=st.fixed_dictionaries(CAUSES), less=st.floats(0.1, 1.0))
def test_a_more_careful_lender_takes_no_smaller_haircut(facts, less):
    careful = {**facts, "shortfall_probability": facts["shortfall_probability"] * less}
    assert lines(careful)["haircut"] >= lines(facts)["haircut"] - ALMOST


def test_a_longer_loan_takes_a_larger_haircut():
    """A haircut that forgets the tenor is the oldest mistake of all."""
    taken = [
        cut(log_drift=-0.2, volatility=0.3, valuation_error=0.25, time=years)["haircut"] for years in (1, 3, 5, 10)
    ]
    assert taken == sorted(taken)
    assert taken[3] > taken[0] + 0.4


def test_a_rise_in_value_is_not_counted_on():
    with pytest.raises(InputError, match="at most 0"):
        cut(log_drift=0.05)

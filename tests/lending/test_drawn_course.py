"""By draws: order statistics agree with the closed forms as far as draws can know, and say how far they may be off."""

from types import SimpleNamespace

import numpy as np
import pytest

from valuation.lending.drawn_course import (
    MOST_DATES,
    drawn_haircut,
    drawn_path,
    interval,
    mean_of_worst,
    sale_draws,
    shocks,
    value_at_risk,
    value_draws,
)
from valuation.lending.lines import first_passage

HUNDRED = np.random.default_rng(3).permutation(np.arange(1.0, 101.0))


def asset(**changed):
    figures = {
        "value": 100.0, "acceptance": 1.0, "dependency": 0.0, "forced_sale_discount": 0.0, "disposal_cost": 0.0,
        "fixed_cost": 0.0, "prior_claims": 0.0, "sale_time": 0.0, "log_drift": -0.3, "volatility": 0.4,
        "valuation_error": 0.25, "title_failure": 0.0,
    }  # fmt: skip
    return SimpleNamespace(**{**figures, **changed})


# order statistics


def test_no_more_than_the_tail_lies_below_the_order_statistic():
    assert value_at_risk(HUNDRED, 0.1) == 10
    assert value_at_risk(HUNDRED, 0.105) == 11
    assert np.mean(value_at_risk(HUNDRED, 0.105) > HUNDRED) <= 0.105


def test_mean_of_the_worst_counts_the_draw_at_the_edge_in_part():
    assert mean_of_worst(HUNDRED, 0.1) == pytest.approx(5.5)
    assert mean_of_worst(HUNDRED, 0.105) == pytest.approx((55 + 0.5 * 11) / 10.5)


def test_the_interval_holds_the_true_quantile_nineteen_times_of_twenty():
    random = np.random.default_rng(11)
    samples = random.uniform(size=(400, 2000))
    within = [low <= 0.1 <= high for low, high in (interval(sample, 0.1) for sample in samples)]
    assert 0.91 <= np.mean(within) <= 0.99


# haircuts


@pytest.mark.parametrize(
    ("changed", "tail", "at_risk", "shortfall"),
    [
        ({"log_drift": 0.0, "valuation_error": 0.0}, 0.05, 0.3720124022223613, 0.4390768102470576),
        ({}, 0.05, 0.5374120730095329, 0.6012631587568861),
        ({}, 0.01, 0.6423416451858546, 0.6832367752792525),
        ({"title_failure": 0.04}, 0.1, 0.5176656849541585, None),
        ({"title_failure": 0.12}, 0.1, 1.0, 1.0),
    ],
)
def test_draws_give_the_closed_forms(changed, tail, at_risk, shortfall):
    """Half a year. The closed forms are checked elsewhere by quadrature; nothing is fitted here."""
    found = drawn_haircut([asset(**changed)], 0.5, tail, 0.0)
    assert found["value_at_risk"] == pytest.approx(at_risk, abs=0.004)
    assert found["between"][0] <= at_risk <= found["between"][1] + 1e-12
    if shortfall is not None:
        assert found["expected_shortfall"] == pytest.approx(shortfall, abs=0.004)
    assert found["expected_shortfall"] >= found["value_at_risk"]


def test_time_costs_and_claims_come_off_each_draw():
    claimed = asset(
        prior_claims=30.0, fixed_cost=5.0, sale_time=1.0, log_drift=0.0, volatility=0.0, valuation_error=0.0
    )
    assert drawn_haircut([claimed], 0.0, 0.1, 0.25)["value_at_risk"] == pytest.approx(1 - (80 - 35) / 100, rel=1e-12)


def test_assets_worth_nothing_have_no_haircut():
    assert drawn_haircut([asset(value=0.0)], 1.0, 0.1, 0.0) is None


def test_two_assets_move_by_the_same_shocks():
    """As the closed form sums them: halves of one asset are that asset."""
    dates = np.array([1.0, 2.0])
    found = shocks(dates)
    halves = sale_draws([asset(value=50.0), asset(value=50.0)], dates, 0.0, found)
    assert halves == pytest.approx(sale_draws([asset()], dates, 0.0, found), rel=1e-12)


# the path

TIMES = np.array([1.0, 2.0, 3.0])
BULLET = {"balance": np.array([40.0, 40.0, 0.0]), "exposure": np.array([42.4, 42.4, 42.4])}


def test_the_middle_of_the_draws_is_the_expected_path():
    rows, _ = drawn_path([asset()], TIMES, BULLET, 0.0, {})
    middles = [row["value"]["p50"] for row in rows]
    assert middles == pytest.approx((100 * np.exp(-0.3 * TIMES)).tolist(), rel=0.01)
    for row in rows:
        assert row["value"]["p5"] < row["value"]["p50"] < row["value"]["p95"]
    assert rows[0]["loan_to_value"]["p50"] == pytest.approx(40 / middles[0], rel=1e-3)


def test_spread_grows_with_time_as_that_of_the_closed_form():
    rows, _ = drawn_path([asset()], TIMES, BULLET, 0.0, {})
    for row in rows:
        spread = np.sqrt(0.25**2 + 0.4**2 * row["year"])
        assert np.log(row["value"]["p95"] / row["value"]["p5"]) == pytest.approx(2 * 1.6448536 * spread, rel=0.02)


def test_a_loan_at_the_limit_falls_short_as_often_as_accepted():
    """The whole check of the limits: 3,259,323.85 on 20 million, one in ten at the first date, fewer later."""
    whole = asset(
        value=2e7, dependency=0.1, forced_sale_discount=0.35, disposal_cost=0.08, valuation_error=0.25, volatility=0.3,
        log_drift=-0.2, title_failure=0.04, sale_time=1.0,
    )  # fmt: skip
    loan = 3259323.847435296
    owed = {"balance": loan * np.array([2, 1, 0]) / 3, "exposure": 1.04 * loan * np.array([3, 2, 1]) / 3}
    rows, _ = drawn_path([whole], TIMES, owed, 0.0, {})
    chances = [row["chance_of_shortfall"] for row in rows]
    assert chances[0] == pytest.approx(0.1, abs=0.003)
    assert chances == sorted(chances, reverse=True)


def test_a_line_watched_at_payments_is_passed_less_often_than_one_watched_all_along_and_more_than_at_the_end():
    certain = asset(valuation_error=0.0, log_drift=-0.145, volatility=0.3)
    times = np.arange(1, 13) / 12
    owed = {"balance": np.full(12, 70.0), "exposure": np.full(12, 70.0)}
    _, chances = drawn_path([certain], times, owed, 0.0, {"close_out": 1.0})
    assert 0.24022370407745486 < chances["close_out"] < 0.38930246394174634
    assert first_passage(np.log(100 / 70), -0.145, 0.3, 1.0) == pytest.approx(0.38930246394174634, rel=1e-12)


def test_many_payments_are_drawn_at_some_of_their_dates_and_at_the_last():
    times = np.arange(1, 241) / 12
    owed = {"balance": np.linspace(40, 0, 240), "exposure": np.linspace(41, 1, 240)}
    rows, _ = drawn_path([asset()], times, owed, 0.0, {})
    assert len(rows) <= MOST_DATES
    assert rows[-1]["year"] == 20.0


def test_the_same_seed_gives_the_same_bytes():
    dates = np.array([0.5, 1.0])
    first, again = (value_draws([asset()], dates, shocks(dates)) for _ in range(2))
    assert first.tobytes() == again.tobytes()

"""How a loan is paid back: reference values, and identities that hold for every schedule."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import outcome_of

from valuation.errors import InputError
from valuation.lending.schedules import plan
from valuation.workings import Silent


def unit(schedule, rate=0.06, times=(1, 2, 3, 4, 5), balloon=0.0, cash_flow=None, dscr=None, grace=None):
    """One unit lent."""
    loan = SimpleNamespace(
        payment_times=np.array(times, dtype=float),
        rate=np.array([rate]),
        schedule=schedule,
        balloon_share=np.array([balloon]),
        cash_flow=None if cash_flow is None else np.array(cash_flow, dtype=float),
        dscr=None if dscr is None else np.array([dscr]),
        interest_only_periods=None if grace is None else np.array([float(grace)]),
    )
    return plan(loan, Silent())


def test_annuity_of_five_years_at_six_per_cent():
    loan = unit("annuity")
    assert loan.payment == pytest.approx(np.full(5, 0.23739640043118931), rel=1e-14)
    owed = [0.8226035995688104, 0.6345634151117492, 0.435240819587265, 0.22395886833131065, 0]
    assert loan.closing == pytest.approx(owed, rel=1e-13, abs=0)


def test_straight_line_pays_less_interest_every_year():
    assert unit("straight_line").payment == pytest.approx([0.26, 0.248, 0.236, 0.224, 0.212], rel=1e-14)


def test_bullet_pays_interest_and_all_at_the_end():
    assert unit("bullet").payment == pytest.approx([0.06] * 4 + [1.06], rel=1e-14)


def test_sculpted_payments_follow_the_cash_flow():
    loan = unit("sculpted", cash_flow=(30, 28, 25, 21, 16), dscr=1.25)
    owed = [63.17640711637223, 44.56699154335457, 27.241011035955843, 12.075471698113194, 0]
    assert 82.24189350601154 * loan.closing == pytest.approx(owed, rel=1e-13, abs=0)
    assert 82.24189350601154 * loan.payment == pytest.approx([24, 22.4, 20, 16.8, 12.8], rel=1e-13)


def test_months_are_periods_like_any_other():
    """36 months at 4%, owed after a year .67989; 120 months at 3.5%."""
    three_years = unit("annuity", 0.04, np.arange(1, 37) / 12)
    assert three_years.payment[0] == pytest.approx(0.02952398500684305, rel=1e-12)
    assert three_years.closing[11] == pytest.approx(0.6798857322239257, rel=1e-12)
    assert unit("annuity", 0.035, np.arange(1, 121) / 12).payment[0] == pytest.approx(0.009888586746190298, rel=1e-12)


def test_a_balloon_leaves_its_part_to_the_last_payment():
    loan = unit("balloon", balloon=0.4)
    assert loan.payment[:-1] == pytest.approx(0.6 * 0.23739640043118931 + 0.4 * 0.06, rel=1e-13)
    assert loan.payment[-1] == pytest.approx(0.6 * 0.23739640043118931 + 0.4 * 1.06, rel=1e-13)


def test_after_periods_of_interest_alone_the_rest_is_an_annuity_of_what_is_left():
    loan = unit("annuity", grace=2)
    assert loan.payment[:2] == pytest.approx([0.06, 0.06], rel=1e-13)
    assert loan.closing[:2] == pytest.approx([1, 1], rel=1e-15)
    three = unit("annuity", times=(1, 2, 3))
    assert loan.payment[2:] == pytest.approx(three.payment, rel=1e-13)
    assert loan.closing[2:] == pytest.approx(three.closing, abs=1e-14)


def test_straight_line_and_balloon_wait_too():
    straight = unit("straight_line", grace=1)
    assert straight.closing == pytest.approx([1, 0.75, 0.5, 0.25, 0], abs=1e-15)
    balloon = unit("balloon", balloon=0.4, grace=1)
    assert balloon.closing[0] == pytest.approx(1, rel=1e-15)
    assert balloon.payment[-1] == pytest.approx(0.6 * unit("annuity", times=(1, 2, 3, 4)).payment[0] + 0.4 * 1.06)


def test_a_sculpted_loan_follows_the_cash_flow_from_the_first_repayment():
    loan = unit("sculpted", cash_flow=(5, 28, 25, 21, 16), dscr=1.25, grace=1)
    assert loan.payment[0] == pytest.approx(0.06, rel=1e-13)
    later = loan.payment[1:] / np.array([28, 25, 21, 16])
    assert later == pytest.approx(np.full(4, later[0]), rel=1e-13)


def test_interest_alone_to_the_last_payment_is_a_bullet():
    for schedule in ("annuity", "straight_line"):
        assert unit(schedule, grace=4).payment == pytest.approx(unit("bullet").payment, rel=1e-13)


def test_without_interest_an_annuity_is_a_straight_line():
    assert unit("annuity", 0.0).closing == pytest.approx(unit("straight_line", 0.0).closing, abs=1e-15)


def test_exposure_is_what_is_owed_just_before_the_payment():
    assert unit("straight_line").exposure == pytest.approx([1.06, 0.848, 0.636, 0.424, 0.212], rel=1e-14)


@given(
    schedule=st.sampled_from(["annuity", "straight_line", "bullet", "balloon", "sculpted"]),
    rate=st.floats(0, 0.3),
    lengths=st.lists(st.floats(0.05, 1), min_size=1, max_size=12),
    balloon=st.floats(0, 1),
    cash=st.floats(0.5, 2),
    grace=st.sampled_from([None, 0, 1, 3]),
)
def test_payments_are_worth_what_was_lent_and_nothing_stays_owed(schedule, rate, lengths, balloon, cash, grace):
    """At the loan's own rate, whatever the schedule and however uneven the periods."""
    times = np.cumsum(lengths)
    flow = cash ** np.arange(len(lengths)) if schedule == "sculpted" else None
    loan = unit(schedule, rate, times, balloon, flow, 1.3, grace)
    discount = np.cumprod(1 / (1 + rate * np.array(lengths)))
    assert np.sum(loan.payment * discount) == pytest.approx(1, rel=1e-9)
    assert loan.closing[-1] == 0
    assert np.all(loan.closing >= -1e-9)


LOAN = {
    "shortfall_probability": 0.1,
    "assets": [{"value": 100, "log_drift": 0, "volatility": 0, "valuation_error": 0}],
    "rate": 0.05,
    "payment_times": [1, 2],
    "schedule": "bullet",
}


def test_a_sculpted_loan_without_cash_flow_is_refused():
    with pytest.raises(InputError, match="follows the cash flow"):
        outcome_of("lending.limits", {**LOAN, "schedule": "sculpted"})


def test_payment_times_out_of_order_are_refused():
    with pytest.raises(InputError, match="do not rise"):
        outcome_of("lending.limits", {**LOAN, "payment_times": [2, 1]})


def test_a_cash_flow_of_other_years_than_the_loan_is_refused():
    with pytest.raises(InputError, match="years were given"):
        outcome_of("lending.limits", {**LOAN, "cash_flow": [1, 1, 1], "dscr": 1.2})

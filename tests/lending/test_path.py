"""Value against balance by year."""

import numpy as np
import pytest
from readings import outcome_of


def lines(**changed):
    given = {
        "payment_times": [1, 2, 3],
        "rate": 0.06,
        "schedule": "bullet",
        "loan": 20,
        "shortfall_probability": 0.1,
        "assets": [{"value": 100, "log_drift": np.log(0.5) / 2.5, "volatility": 0.3, "valuation_error": 0.2}],
        **changed,
    }
    return {line.name: line.values for line in outcome_of("lending.path", given).lines}


def test_a_bullet_grows_against_a_value_that_falls():
    found = lines()
    assert found["loan_to_value_at_drawing"] == (0.2,)
    expected = [0.2 * 2 ** (year / 2.5) for year in (1, 2)]
    assert found["loan_to_value"][:2] == pytest.approx(expected, rel=1e-13)


def test_after_the_last_payment_nothing_is_owed():
    assert lines()["balance"] == (20, 20, 0)
    assert lines()["loan_to_value"][2] == 0


def test_years_to_a_warning_line():
    """From .4 with a half-life of 2.5 years, .5 is reached after .8048 years and .6 after 1.4625."""
    times = [0.8048202372184059, 1.46240625180289, 2.2672264890212963, 3]
    found = lines(loan=40, payment_times=times)
    assert found["loan_to_value"][:3] == pytest.approx([0.5, 0.6, 0.75], rel=1e-13)


def test_what_a_lender_lives_by_stands_beside_what_the_supervisor_counts():
    """Exposure just before the payment over what a sale brings, not principal over valuation."""
    found = lines()
    assert found["exposure"] == pytest.approx((21.2, 21.2, 21.2))
    covered = [left / owed for left, owed in zip(found["recoverable_value"], found["exposure"], strict=True)]
    assert found["share_of_exposure_covered"] == pytest.approx(covered, rel=1e-15)

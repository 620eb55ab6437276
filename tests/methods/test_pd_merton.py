"""Default read from share prices: the model's two equations hold, a printed example, and the way it moves."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import outcome_of
from scipy.special import ndtr

from valuation.errors import InputError
from valuation.finance import european_option

FIRM = {"equity_value": 3, "equity_volatility": 0.8, "debt": 10, "risk_free_rate": 0.05, "horizon": 1}


def lines(**changed: Any) -> dict[str, float]:
    return {line.name: line.values[0] for line in outcome_of("pd.merton", {**FIRM, **changed}).lines}


def test_printed_example() -> None:
    found = lines()
    assert found["asset_value"] == pytest.approx(12.395387188639662, rel=1e-13)
    assert found["asset_volatility"] == pytest.approx(0.21230471342320786, rel=1e-13)
    assert found["default_probability"] == pytest.approx(0.12697124106279645, rel=1e-11)
    assert found["recovery"] == pytest.approx(0.9032056327930591, rel=1e-11)


@given(equity=st.floats(0.01, 100), volatility=st.floats(0.05, 2), rate=st.floats(-0.02, 0.2), years=st.floats(0.25, 5))
def test_equity_is_an_option_on_the_assets_and_moves_as_it_must(
    equity: float, volatility: float, rate: float, years: float
) -> None:
    given = {"equity_value": equity, "equity_volatility": volatility, "risk_free_rate": rate, "horizon": years}
    found = lines(**given)
    worth, moves = found["asset_value"], found["asset_volatility"]
    call = european_option(worth, 10.0, rate, 0.0, moves, years)
    assert call == pytest.approx(equity, rel=1e-8)
    score = found["distance_to_default_of_market"] + moves * years**0.5
    assert ndtr(score) * moves * worth / equity == pytest.approx(volatility, rel=1e-9)


def test_more_debt_and_wilder_shares_default_more_often() -> None:
    by_debt = [lines(debt=debt)["default_probability"] for debt in (2, 5, 10, 20)]
    by_volatility = [lines(equity_volatility=moves)["default_probability"] for moves in (0.3, 0.6, 0.9)]
    assert by_debt == sorted(by_debt)
    assert by_volatility == sorted(by_volatility)


def test_assets_that_earn_more_than_money_default_less_often_than_the_market_fears() -> None:
    found = lines(expected_return=0.1)
    assert found["default_probability"] < found["default_probability_of_market"]
    assert lines(expected_return=0.05)["default_probability"] == pytest.approx(
        found["default_probability_of_market"], rel=1e-9
    )


def test_the_answer_is_a_yearly_probability() -> None:
    found = lines(horizon=2)
    assert 1 - (1 - found["default_probability"]) ** 2 == pytest.approx(found["default_probability_to_horizon"])


def test_it_can_be_the_probability_of_a_loan() -> None:
    sure = {"value": 1e9, "log_drift": -0.2, "volatility": 0.3, "valuation_error": 0.3}
    loan = {"payment_times": [1], "rate": 0.04, "schedule": "bullet", "shortfall_probability": 0.1, "loan": 1e8}
    loan["assets"] = [sure]
    derived = {"default_probability": {"derive": "pd.merton", "inputs": FIRM}}
    stated = {"default_probability": lines()["default_probability"]}
    found = [outcome_of("lending.expected_loss", {**loan, **pd}).value for pd in (derived, stated)]
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_shares_worth_nothing_are_refused() -> None:
    with pytest.raises(InputError, match="equity_value"):
        lines(equity_value=0)

"""From indications to a conclusion: by selection or by weights, each with a reason, and never by default."""

from typing import Any

import pytest

from valuation.assets import Selection
from valuation.conclusion import TOLERANCE, Conclusion, conclude, spread_of

CLOSE = {"cost.a": 100.0, "income.b": 110.0, "market.c": 105.0}
APART = {"cost.a": 60.0, "income.b": 140.0}


def concluded(values: dict[str, float], **stated: Any) -> Conclusion:
    return conclude(Selection(**stated), values)


def open_demands(conclusion: Conclusion) -> str:
    return " ".join(demand.english for demand in conclusion.demands)


def test_the_selected_indication_is_the_conclusion() -> None:
    found = concluded(CLOSE, select="income.b", because="it earns")
    assert (found.value, found.because) == (110.0, "it earns")
    assert found.weights == {"income.b": 1.0}
    assert found.demands == ()


@pytest.mark.parametrize("name", CLOSE)
def test_neither_the_larger_nor_the_smaller_has_a_claim(name: str) -> None:
    assert concluded(CLOSE, select=name, because="x").value == CLOSE[name]


def test_weights_are_a_weighted_sum_with_their_reasons() -> None:
    weights = {"cost.a": 0.25, "income.b": 0.75}
    reasons = {"cost.a": "recent invoices", "income.b": "signed contracts"}
    found = concluded(CLOSE, weights=weights, reasons=reasons)
    assert found.value == 0.25 * 100 + 0.75 * 110
    assert found.because == "cost.a: recent invoices; income.b: signed contracts"


@pytest.mark.parametrize("values", [CLOSE, APART])
def test_without_a_selection_there_is_no_value_and_no_average(values: dict[str, float]) -> None:
    found = conclude(None, values)
    assert found.value is None
    assert found.weights == {}
    assert "select one method and say because, or give weights with reasons" in open_demands(found)


def test_a_spread_above_the_tolerance_demands_its_cause() -> None:
    found = concluded(APART, select="income.b", because="it earns")
    assert found.value is None
    assert found.spread == pytest.approx(0.8)
    assert open_demands(found) == "The indications differ by 80%, above 25%: say why in conclusion.spread_cause."
    assert found.demands[0].chinese.startswith("各评估结果相差 80%")


def test_a_cause_meets_the_demand_and_is_kept() -> None:
    found = concluded(APART, select="income.b", because="it earns", spread_cause="the cost side misses the content")
    assert found.value == 140.0
    assert found.to_json()["spread_cause"] == "the cost side misses the content"


def test_a_spread_at_the_tolerance_needs_no_cause() -> None:
    assert spread_of({"a": 7.0, "b": 9.0}) == TOLERANCE
    assert concluded({"a": 7.0, "b": 9.0}, select="a", because="x").demands == ()
    assert concluded({"a": 7.0, "b": 9.01}, select="a", because="x").demands != ()


@pytest.mark.parametrize(
    ("values", "spread"),
    [
        ({"a": 5.0}, None),
        ({"a": 80.0, "b": 100.0}, 20 / 90),
        ({"a": 100.0, "b": 90.0, "c": 80.0}, 20 / 90),
        ({"a": -80.0, "b": -100.0}, 20 / 90),
        ({"a": -1.0, "b": 1.0}, 2.0),
        ({"a": -1.0, "b": 1000.0}, 2.0),
        ({"a": 0.0, "b": 7.0}, 2.0),
        ({"a": 0.0, "b": 0.0}, 0.0),
    ],
)
def test_spread_is_the_distance_over_the_middle_of_the_sizes(values: dict[str, float], spread: float | None) -> None:
    """A loss beside an equal gain has its midpoint at nothing; it is no reason to demand nothing."""
    assert spread_of(values) == (None if spread is None else pytest.approx(spread))


def test_a_single_method_needs_its_reason() -> None:
    """Asset Appraisal Law of China, Article 26: two methods or more, unless only one can be used."""
    bare = concluded({"cost.a": 7.0}, select="cost.a", because="x")
    assert bare.value is None
    assert open_demands(bare) == "One method only: say why in conclusion.single_method_reason."
    assert concluded({"cost.a": 7.0}, select="cost.a", because="x", single_method_reason="no income").value == 7.0


def test_a_negative_indication_is_concluded_as_it_is() -> None:
    assert concluded({"a": -5.0}, select="a", because="x", single_method_reason="y").value == -5.0


def test_what_is_open_stands_in_the_output() -> None:
    found = conclude(None, CLOSE).to_json()
    assert set(found) == {"value", "weights", "because", "spread", "spread_cause", "open"}
    assert [set(demand) for demand in found["open"]] == [{"en", "zh"}]

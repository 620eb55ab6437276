"""From indications to a conclusion: by selection or by weights, each with a reason, and never by default."""

from typing import Any

import pytest
from made_cases import conclusion_of, corpus

from valuation.assets import Asset, MethodCall, Selection
from valuation.case import read_case
from valuation.conclusion import TOLERANCE, Conclusion, conclude, spread_of
from valuation.errors import InputError

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
    assert set(found) == {"value", "weights", "because", "spread", "spread_cause", "protection", "open"}
    assert [set(demand) for demand in found["open"]] == [{"en", "zh"}]


# substitution: what it costs to make the same again


AGAIN = {"cost.model_retraining": 100.0, "income.direct": 300.0}
APPROACHES = {"cost.model_retraining": "cost", "income.direct": "income", "market.comparables": "market"}


def substituted(values: dict[str, float], *, can_be_made_again: bool = True, **stated: Any) -> Conclusion:
    selection = Selection(**{"because": "it earns", "spread_cause": "said", **stated})
    return conclude(selection, values, approaches=APPROACHES, can_be_made_again=can_be_made_again)


def test_an_income_above_the_cost_of_making_it_again_needs_a_stated_protection() -> None:
    """Nobody pays 300 for what he may make for 100."""
    found = substituted(AGAIN, select="income.direct")
    assert found.value is None
    (demand,) = found.demands
    assert demand.english == (
        "The income concluded is 3.0 times the value by cost (cost.model_retraining): a buyer could make the asset "
        "again instead. Say in conclusion.protection what legal or practical protection keeps him from it."
    )
    assert "conclusion.protection" in demand.chinese


def test_a_stated_protection_meets_the_demand_and_is_kept() -> None:
    found = substituted(AGAIN, select="income.direct", protection="the data cannot be had again")
    assert (found.value, found.demands) == (300.0, ())
    assert found.to_json()["protection"] == "the data cannot be had again"


@pytest.mark.parametrize(
    "conclusion",
    [
        {"select": "cost.model_retraining"},
        {"weights": {"cost.model_retraining": 0.9, "income.direct": 0.1}, "reasons": {}},
    ],
)
def test_no_protection_is_asked_where_the_figure_lies_near_the_cost(conclusion: dict[str, Any]) -> None:
    """All cost, or 120 beside 100: 18% apart."""
    assert substituted(AGAIN, **conclusion).demands == ()


def test_weights_that_lift_the_figure_well_above_the_cost_ask_for_protection() -> None:
    weights = {"cost.model_retraining": 0.5, "income.direct": 0.5}
    assert "2.0 times" in open_demands(substituted(AGAIN, weights=weights, reasons={}))


def test_a_market_price_above_the_cost_is_no_income() -> None:
    """What others paid already knows that they might have made their own."""
    assert substituted({**AGAIN, "market.comparables": 300.0}, select="market.comparables").demands == ()


def test_what_nobody_may_make_again_has_no_ceiling() -> None:
    assert substituted(AGAIN, can_be_made_again=False, select="income.direct").value == 300.0


def test_the_cheapest_way_to_make_it_again_is_the_ceiling() -> None:
    values = {"cost.model_retraining": 100.0, "cost.reproduction": 290.0, "income.direct": 300.0}
    approaches = {**APPROACHES, "cost.reproduction": "cost"}
    stated = Selection(select="income.direct", because="x", spread_cause="y")
    found = conclude(stated, values, approaches=approaches, can_be_made_again=True)
    assert "3.0 times" in open_demands(found)


def test_cost_above_income_is_told_and_lifts_nothing() -> None:
    """What earns 100 and costs 300 is worth 100. The 300 is left after depreciation: a new one may cost more still."""
    values = {"cost.model_retraining": 300.0, "income.direct": 100.0}
    found = substituted(values, select="income.direct")
    assert (found.value, found.demands) == (100.0, ())
    (remark,) = found.remarks
    assert remark.english == (
        "The value by cost is 300, by income only 100: the income does not bear the cost. The difference points to "
        "economic obsolescence; cost is no floor to the value."
    )


def test_cost_near_income_is_no_remark() -> None:
    assert substituted({"cost.model_retraining": 120.0, "income.direct": 100.0}, select="income.direct").remarks == ()


@pytest.mark.parametrize(
    ("kind", "subkind", "expected"),
    [
        ("training_data", None, True),
        ("ai_model", None, True),
        ("intellectual_property", "software", True),
        ("intellectual_property", "invention_patent", False),
        ("intellectual_property", None, False),
        ("compute_cluster", None, False),
    ],
)
def test_which_assets_a_buyer_could_make_again(kind: str, subkind: str | None, expected: bool) -> None:
    asset = Asset(id="a", kind=kind, subkind=subkind, methods=[MethodCall(id="x")])  # type: ignore[arg-type]
    assert asset.can_be_made_again is expected


@pytest.mark.parametrize("word", ["max", "larger", "highest"])
def test_no_rule_picks_the_larger(word: str) -> None:
    """A selection names a method; the larger of two is no reason."""
    content = corpus()
    conclusion_of(content)["select"] = word
    with pytest.raises(InputError, match=f'"{word}" is not known'):
        read_case(content)


def test_a_model_whose_weights_are_open_is_no_ones_income_alone() -> None:
    """A remark, where income is concluded; not where the cost is, and it holds nothing up."""
    approaches = {"cost.a": "cost", "income.b": "income"}
    values = {"cost.a": 100.0, "income.b": 110.0}
    for select, told in (("income.b", True), ("cost.a", False)):
        stated = Selection(select=select, because="x")
        found = conclude(stated, values, approaches=approaches, open_weights=True)
        assert any("weights are open" in remark.english for remark in found.remarks) is told
        assert found.value == values[select]
    assert conclude(Selection(select="income.b", because="x"), values, approaches=approaches).remarks == ()

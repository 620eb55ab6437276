"""A case is read whole or refused whole, and is saved as it was read."""

import json
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from made_cases import ROYALTY, corpus, inputs_of, software

import valuation
from valuation.calculation import Calculation
from valuation.canonical import canonical_bytes
from valuation.case import calculations, read_case
from valuation.errors import InputError
from valuation.json_text import parse
from valuation.method import leaves
from valuation.quantity import Quantity

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*/case.json"))


def problems_of(content: Any) -> list[tuple[str, str]]:
    """Place and code of everything that is wrong."""
    with pytest.raises(InputError) as refused:
        read_case(content)
    return [(problem.path, problem.code) for problem in refused.value.problems]


def stated(calculation: Calculation) -> dict[str, Quantity]:
    return {path: quantity for path, quantity, _ in leaves(calculation.inputs)}


# reading and saving


def saved_and_read(content: Any) -> Any:
    """The case after a way through canonical bytes, as a record takes it."""
    return read_case(parse(canonical_bytes(read_case(content).to_json())))


@pytest.mark.parametrize("made", [software, corpus])
def test_a_case_is_saved_as_it_was_read(made: Any) -> None:
    assert saved_and_read(made()) == read_case(made())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_every_example_is_saved_as_it_was_read(path: Path) -> None:
    case = valuation.load(path)
    assert read_case(parse(canonical_bytes(case.to_json()))) == case


def test_there_are_examples_to_read() -> None:
    assert len(EXAMPLES) >= 4


def test_what_was_left_out_stays_left_out() -> None:
    """A default that changes later must not look as if somebody had stated the old one."""
    content = software()
    assert read_case(content).to_json() == content


def test_nothing_stated_over_a_fact_is_kept() -> None:
    """null in a method's inputs sets a fact aside for this method; saved without it, the case would mean another."""
    content = corpus()
    content["assets"][0]["facts"]["age"] = 2
    inputs_of(content).update(age=None, timeliness="in_quality")
    assert stated(calculations(read_case(content).assets[0])[0]).get("age") is None
    assert saved_and_read(content) == read_case(content)
    assert stated(calculations(saved_and_read(content).assets[0])[0]).get("age") is None


def test_load_reads_a_file_and_names_it_in_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "route.json"
    path.write_text(json.dumps(software()), encoding="utf-8")
    assert valuation.load(path).name == "Route planner"
    assert valuation.load(str(path)) == valuation.load(path)
    path.write_text(json.dumps({**software(), "currency": "RMB"}), encoding="utf-8")
    with pytest.raises(InputError, match=r'^route\.json: currency: "RMB" is not known'):
        valuation.load(path)


def test_names_are_kept_in_one_form() -> None:
    decomposed = unicodedata.normalize("NFD", "Mémoire")
    content = parse(json.dumps({**software(), "name": decomposed}).encode())
    assert read_case(content).name == unicodedata.normalize("NFC", "Mémoire")


def test_a_case_cannot_be_changed_after_it_was_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_case(software()).name = "Another"


@pytest.mark.parametrize("content", [None, [], "case", 1, True])
def test_what_is_no_object_is_no_case(content: Any) -> None:
    assert problems_of(content) == [("", "json_not_object")]


# facts


def test_a_fact_fills_the_input_of_that_name_for_every_method() -> None:
    content = corpus()
    cost, royalty = calculations(read_case(content).assets[0])
    fact = Quantity.model_validate(content["assets"][0]["facts"]["remaining_useful_life"])
    assert stated(cost)["remaining_useful_life"] == stated(royalty)["remaining_useful_life"] == fact
    places = {calculation.place("remaining_useful_life") for calculation in (cost, royalty)}
    assert places == {"corpus.remaining_useful_life"}


def test_what_a_method_is_given_comes_before_a_fact() -> None:
    content = corpus()
    inputs_of(content, 1)["remaining_useful_life"] = 5
    cost, royalty = calculations(read_case(content).assets[0])
    assert stated(royalty)["remaining_useful_life"].value == 5
    assert royalty.place("remaining_useful_life") == f"corpus.{ROYALTY}.remaining_useful_life"
    assert cost.place("remaining_useful_life") == "corpus.remaining_useful_life"


def test_a_fact_that_two_methods_share_is_wrong_once_and_at_its_own_place() -> None:
    content = corpus()
    content["assets"][0]["facts"]["remaining_useful_life"] = -1
    assert problems_of(content) == [("assets[0].facts.remaining_useful_life", "too_small")]


@pytest.mark.parametrize(
    ("fact", "meant"), [("tax_rat", "tax_rate"), ("size_premum", "size_premium"), ("royalty_rates", "royalty_rate")]
)
def test_a_fact_that_is_nearly_an_input_is_refused(fact: str, meant: str) -> None:
    """It would be let be, and a default would stand where somebody stated a figure: 15% tax would stay 25%."""
    content = corpus()
    content["assets"][0]["facts"][fact] = 0.15
    for inputs in (inputs_of(content, 1), inputs_of(content, 1)["discount_rate"]["inputs"]):
        inputs.pop(meant, None)
    with pytest.raises(InputError) as refused:
        read_case(content)
    found = next(each for each in refused.value.problems if each.code == "unknown_key")
    assert found.path == "assets[0].facts"
    assert f"Did you mean {meant}?" in found.sentence()


def test_a_fact_for_a_method_that_is_not_asked_for_is_let_be() -> None:
    """Facts are gathered before the methods are chosen: readiness says what each would unlock."""
    content = software()
    content["assets"][0]["facts"] = {"revenue_with": 1e6, "ages": [1, 2], "discount_rate": 0.2}
    assert read_case(content)


def test_facts_that_are_no_figures_are_let_be() -> None:
    content = corpus()
    content["assets"][0]["facts"] |= {"language": "zh", "public": True, "files": ["a", "b"], "tokens": 1e9}
    assert read_case(content).assets[0].facts["files"] == ["a", "b"]


# places


def test_a_derived_input_is_found_in_the_file() -> None:
    content = corpus()
    inputs_of(content, 1)["discount_rate"]["inputs"]["beta"] = 50
    place = "assets[0].methods[1].inputs.discount_rate.inputs.beta"
    assert problems_of(content) == [(place, "too_large")]
    keys: Any = content
    for step in place.replace("[", ".").replace("]", "").split("."):
        keys = keys[int(step)] if step.isdigit() else keys[step]
    assert keys == 50


def test_an_asset_may_have_any_name() -> None:
    """Also one that a path begins with."""
    content = corpus()
    content["assets"][0]["id"] = "assets"
    content["assets"][0]["facts"]["remaining_useful_life"] = -1
    inputs_of(content)["collection_cost"] = -1
    assert problems_of(content) == [
        ("assets[0].methods[0].inputs.collection_cost", "too_small"),
        ("assets[0].facts.remaining_useful_life", "too_small"),
    ]


def test_a_fault_of_the_case_does_not_hide_those_of_the_methods() -> None:
    content = corpus()
    content["currency"] = "RMB"
    inputs_of(content)["quality_coefficient"] = -1
    inputs_of(content, 1)["royalty_rate"] = 5
    assert problems_of(content) == [
        ("currency", "not_known"),
        ("assets[0].methods[0].inputs.quality_coefficient", "not_above"),
        ("assets[0].methods[1].inputs.royalty_rate", "too_large"),
    ]


def test_problems_of_every_sort_come_at_once() -> None:
    content = corpus()
    content["valuation_date"] = "2999-01-01"
    content["assets"].append({**content["assets"][0], "methods": [{"id": "nothing.here"}], "conclusion": None})
    inputs_of(content)["age"] = 200
    inputs_of(content, 1)["discount_rate"] = {"reference": "cn.lpr.1x"}
    found = problems_of(content)
    assert set(found) == {
        ("valuation_date", "date_future"),
        ("assets[1].id", "duplicate"),
        ("assets[1].methods[0].id", "unknown_method"),
        ("assets[0].methods[0].inputs.age", "too_large"),
        ("assets[0].methods[1].inputs.discount_rate", "unknown_reference"),
    }
    assert len(found) == 5


def test_a_misspelt_method_is_not_also_held_against_the_conclusion() -> None:
    content = software()
    content["assets"][0]["methods"][0]["id"] = "income.relief_of_royalty"
    assert problems_of(content) == [("assets[0].methods[0].id", "unknown_method")]


# dates, overrides, currencies


def test_today_is_a_valuation_date_and_tomorrow_is_none() -> None:
    today = datetime.now().astimezone().date()
    inputs = {"tax_rate": 0.25}
    content = software()
    inputs_of(content).update(inputs)
    read_case({**content, "valuation_date": today.isoformat()})
    tomorrow = {**content, "valuation_date": (today + timedelta(days=1)).isoformat()}
    assert problems_of(tomorrow) == [("valuation_date", "date_future")]


@pytest.mark.parametrize(("dated", "known"), [("2025-06-30", True), ("2025-07-01", False)])
def test_evidence_of_the_valuation_date_is_known_and_later_is_hindsight(dated: str, known: bool) -> None:
    content = software()
    evidence = [{"kind": "contract", "issuer": "Example Ltd", "dated": dated}]
    content["assets"][0]["title"] = {"right": "ownership", "holder": "Example Ltd", "evidence": evidence}
    if known:
        read_case(content)
    else:
        assert problems_of(content) == [("assets[0].title.evidence[0].dated", "date_after")]


@pytest.mark.parametrize(("until", "holds"), [("2025-06-30", True), ("2025-06-29", False)])
def test_an_override_holds_to_its_last_day(until: str, holds: bool) -> None:
    content = software()
    override = {"who": "tax adviser", "why": "high-tech enterprise", "until": until}
    inputs_of(content)["tax_rate"] = {"value": 0.15, "override": override}
    if holds:
        read_case(content)
    else:
        assert problems_of(content) == [("assets[0].methods[0].inputs.tax_rate", "override_ended")]


def test_a_reference_figure_is_used_in_its_own_unit_only() -> None:
    """Taken as a royalty, an interest rate is a figure that looks right."""
    content = software()
    inputs_of(content)["discount_rate"] = {"reference": "cn.lpr.1y"}
    read_case(content)
    inputs_of(content)["royalty_rate"] = {"reference": "cn.lpr.1y"}
    assert problems_of(content) == [("assets[0].methods[0].inputs.royalty_rate", "derived_unit")]


def test_a_figure_in_another_currency_needs_its_exchange_rate() -> None:
    content = software()
    inputs_of(content)["owner_costs"] = {"reference": "gpu.h100_sxm.price_new"}
    assert problems_of(content) == [("assets[0].methods[0].inputs.owner_costs", "exchange_rate_missing")]
    read_case({**content, "exchange_rates": {"USD": {"value": 7.1, "source": "central bank"}}})


@pytest.mark.parametrize("rate", [0, -7.1, [7.1, 7.2], {"low": 7, "high": 8}, {"reference": "cn.lpr.1y"}])
def test_an_exchange_rate_is_one_figure(rate: Any) -> None:
    content = {**software(), "exchange_rates": {"USD": rate}}
    assert problems_of(content) == [("exchange_rates.USD", "exchange_rate_form")]


def test_an_exchange_rate_of_the_currency_of_the_case_is_refused() -> None:
    """It would be read and never used."""
    assert problems_of({**software(), "exchange_rates": {"CNY": 2}}) == [("exchange_rates.CNY", "combination")]


def test_a_whole_number_with_a_point_is_told_to_leave_it_out() -> None:
    """1024 was given, a whole number is expected: nobody could mend that."""
    with pytest.raises(InputError, match="a whole number without a decimal point is expected"):
        read_case({**software(), "uncertainty": {"draws": 512.0}})


# names and reasons


def test_blanks_are_neither_a_name_nor_a_reason() -> None:
    content = software()
    content["name"] = "  "
    content["assets"][0]["title"] = {"right": "ownership", "holder": "\u3000"}
    content["assets"][0]["conclusion"]["because"] = " \n"
    inputs_of(content)["tax_rate"] = {"value": 0.15, "override": {"who": " ", "why": "-", "until": "2026-06-30"}}
    assert problems_of(content) == [
        ("name", "text_length"),
        ("assets[0].title.holder", "text_length"),
        ("assets[0].conclusion.because", "text_length"),
    ]
    del content["name"], content["assets"][0]["title"], content["assets"][0]["conclusion"]
    assert ("assets[0].methods[0].inputs.tax_rate.override.who", "text_length") in problems_of(content)


# the right that is held


def sold_data(held: str | None, **inputs: Any) -> dict[str, Any]:
    """Data sold as a product, which needs the right to operate; `held` is the right of the title."""
    content = corpus()
    (asset,) = content["assets"]
    stated = {"revenue": [1000000.0], "margin": 0.5, "remaining_useful_life": 1, "discount_rate": 0.15, **inputs}
    asset["methods"] = [{"id": "income.direct", "inputs": stated}]
    asset["conclusion"] = {"select": "income.direct", "because": "x"}
    if held is not None:
        asset["title"] = {"right": held, "holder": "Example Ltd"}
    return content


def right_valued(content: Any) -> Any:
    (calculation,) = calculations(read_case(content).assets[0])
    return getattr(calculation.inputs, "right", None)


@pytest.mark.parametrize("held", ["operation", "ownership"])
def test_the_right_held_is_the_right_valued(held: str) -> None:
    assert right_valued(sold_data(held, income_from="data_products")) == held


def test_income_that_the_title_does_not_allow_is_refused_though_no_right_is_stated() -> None:
    with pytest.raises(InputError, match="needs the right to operate, and the right held is the right to use"):
        read_case(sold_data("use", income_from="data_products"))


def test_a_right_that_is_not_held_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        read_case(sold_data("use", income_from="own_use", right="operation"))
    (found,) = refused.value.problems
    assert found.sentence() == (
        "assets[0].methods[0].inputs.right: the right valued is the right to operate, and the title holds the right to "
        "use. Leave it out, which takes the right of the title, or mend the title."
    )


def test_an_owner_may_value_less_than_he_holds() -> None:
    assert right_valued(sold_data("ownership", income_from="own_use", right="use")) == "use"


def test_without_a_title_the_right_must_be_stated() -> None:
    assert problems_of(sold_data(None, income_from="own_use")) == [("assets[0].methods[0].inputs.right", "missing")]
    assert right_valued(sold_data(None, income_from="own_use", right="use")) == "use"

"""The JSON Schema of a case file refuses what an editor can see is wrong, and nothing that `load` would take."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from made_cases import COST, ROYALTY, corpus, inputs_of, software, with_loan

from valuation.case import CURRENCIES
from valuation.errors import InputError
from valuation.saved_case import read, schema

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*/case.json"))
BAD = sorted((Path(__file__).parent / "bad_inputs").glob("*.json"))


@pytest.fixture(scope="module")
def validator() -> Any:
    found = schema()
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def test_it_holds_the_case_and_the_inputs_of_every_method() -> None:
    found = json.loads(json.dumps(schema()))
    assert found["$id"] == "urn:valuation-case:1"
    assert set(found["required"]) == {
        "format", "name", "purpose", "valuation_date", "currency", "basis_of_value", "assets",
    }  # fmt: skip
    assert found["properties"]["currency"]["enum"] == list(CURRENCIES)
    assert found["properties"]["valuation_date"]["format"] == "date"
    facts = found["methods"][ROYALTY]["properties"]["discount_rate"]["valuation"]
    assert facts["unit"] == "fraction per year"
    assert COST in found["methods"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_it_takes_every_example(validator: Any, path: Path) -> None:
    validator.validate(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("made", [software, corpus, with_loan])
def test_it_takes_a_case_whose_facts_fill_what_a_method_asks_for(validator: Any, made: Any) -> None:
    validator.validate(made())


def test_what_it_refuses_is_refused_by_the_reader_too(validator: Any) -> None:
    """An editor must not underline what is right."""
    refused = [content for content in _cases(BAD) if not validator.is_valid(content)]
    assert len(refused) > 40
    for content in refused:
        with pytest.raises(InputError):
            read(content)


def _cases(paths: list[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        with suppress(ValueError):  # some are no JSON
            content = json.loads(path.read_bytes())
            if isinstance(content, dict) and content.get("format") == "valuation-case/1":
                yield content


@pytest.mark.parametrize(
    "rate",
    [
        0.05,
        [0.05, 0.05, 0.04],
        {"value": 0.05, "level": 2, "source": "agreement", "note": "read"},
        {"value": 0.05, "override": {"who": "credit", "why": "agreed", "until": "2026-12-31"}},
        {"low": 0.03, "mode": 0.05, "high": 0.08, "shape": "triangular"},
        {"low": [0.03, 0.03, 0.02], "high": 0.08},
        {"median": 0.05, "sigma": 0.1},
        {"mean": 0.05, "sd": 0.001},
        {"values": [0.03, 0.05], "weights": [0.4, 0.6]},
        {"reference": "cn.lpr.1y"},
        {"derive": "royalty_rate.from_comparables", "inputs": {}},
    ],
)
def test_it_takes_a_quantity_in_every_form(validator: Any, rate: Any) -> None:
    content = software()
    inputs_of(content)["royalty_rate"] = rate
    validator.validate(content)


@pytest.mark.parametrize(
    "rate",
    [
        "5%",
        None,
        True,
        {},
        [],
        {"low": 0.03, "mode": 0.05},
        {"value": 0.05, "low": 0.03, "high": 0.08},
        {"low": 0.03, "high": 0.08, "shape": "triangular"},
        {"value": 0.05, "inputs": {}},
        {"value": 0.05, "level": 4},
        {"valeu": 0.05},
        {"value": 0.05, "override": {"who": "credit"}},
        {"derive": "rate.wac", "inputs": {}},
        {"derive": "royalty_rate.from_comparables", "inputs": {"comparable": []}},
    ],
)
def test_it_refuses_what_is_no_quantity(validator: Any, rate: Any) -> None:
    content = software()
    inputs_of(content)["royalty_rate"] = rate
    assert not validator.is_valid(content)


def test_it_refuses_a_misspelt_input_method_or_term_of_the_loan(validator: Any) -> None:
    for spoil in (
        lambda content: inputs_of(content).update(tax_rat=0.15),
        lambda content: content["assets"][0]["methods"][0].update(id="income.relief_of_royalty"),
        lambda content: content["loan"].update(tenor=1),
        lambda content: content.update(valuation_date="2025-06-30T00:00:00"),
    ):
        content = with_loan()
        spoil(content)
        assert not validator.is_valid(content)

"""A case file with the loan it asks for: all problems of both at once, and the JSON Schema of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from valuation import plugins
from valuation.case import Case, read_case
from valuation.errors import InputError
from valuation.json_text import read_json
from valuation.reference.look_up import LookUp


def load(path: str | Path) -> Case:
    """The case in a file. Raises InputError with one sentence a problem; never anything else."""
    content = read_json(path)
    try:
        return read(content)
    except InputError as error:
        raise error.in_file(Path(path).name) from None


def read(content: Any, *, look_up: LookUp | None = None) -> Case:
    """The case in parsed JSON with its loan. A replay looks figures up in its record instead."""
    return read_case(content, look_up=look_up, read_loan=_read_loan if look_up is None else _read_again)


def _read_loan(asked: Mapping[str, Any]) -> Any:
    from valuation.lending.terms import check_loan  # 40 ms of import: only for a case that asks for a loan

    return check_loan(asked)


def _read_again(asked: Mapping[str, Any]) -> Any:
    """The loan of a record, which keeps its product: it may no longer be published."""
    from valuation.lending.terms import read_loan

    return read_loan(asked)


def schema() -> dict[str, Any]:
    """The JSON Schema of a case file, with the inputs of every installed method under `methods`.

    It holds keys, kinds and forms. What depends on other entries or on the day (bounds, dates, rights, inputs filled
    from the facts) is checked by `load` alone.
    """
    from pydantic.json_schema import models_json_schema

    from valuation.lending.terms import LoanTerms

    methods = [found.method for found in plugins.methods() if not isinstance(found, InputError)]
    models: list[type[BaseModel]] = [Case, LoanTerms, *(method.inputs for method in methods)]
    referred, all_parts = models_json_schema([(model, "validation") for model in models])
    parts: dict[str, Any] = all_parts["$defs"]
    places = {model: referred[model, "validation"]["$ref"].rpartition("/")[2] for model in models}
    content: dict[str, Any] = parts.pop(places[Case])
    content["$id"] = "urn:valuation-case:1"
    content["properties"]["loan"] = {"anyOf": [{"$ref": f"#/$defs/{places[LoanTerms]}"}, {"type": "null"}]}
    content["methods"] = {method.id: parts.pop(places[method.inputs]) for method in methods}
    for method in methods:
        parts[f"inputs-of-{method.id}"] = _partly(content["methods"][method.id], f"#/methods/{method.id}")
    worked_out = [method.id for method in methods if method.approach == "input"]
    valued = [method.id for method in methods if method.approach != "input"]
    _by_method(parts["MethodCall"], "id", valued)
    _by_method(parts["Quantity"]["anyOf"][-1], "derive", worked_out)
    return {**content, "$defs": parts}


def _partly(inputs: dict[str, Any], place: str) -> dict[str, Any]:
    """The inputs of a method of which the facts of the asset may fill some, so that none is required."""
    known = {name: {"$ref": f"{place}/properties/{name}"} for name in inputs["properties"]}
    return {"type": "object", "properties": known, "additionalProperties": False}


def _by_method(called: dict[str, Any], key: str, ids: list[str]) -> None:
    """The inputs beside the name of a method are those of that method."""
    called["properties"][key] = {"title": key.title(), "enum": ids}
    called["allOf"] = [
        {
            "if": {"properties": {key: {"const": name}}, "required": [key]},
            "then": {"properties": {"inputs": {"$ref": f"#/$defs/inputs-of-{name}"}}},
        }
        for name in ids
    ]

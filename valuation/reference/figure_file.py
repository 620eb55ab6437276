"""Reads a dated figure from its TOML file, whose path under figures/ is the dotted name (cn/lpr/1y.toml is cn.lpr.1y).

Reading is strict: an unknown key, text for a number, a source without an entry, a date given twice are problems that
name file and key, and all problems of a file come at once. Nothing is read before it is asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from valuation.errors import InputError, Problem, problem
from valuation.reference.dated_figure import Cell, Check, Pool, Series, Source, TableMedian, Value
from valuation.reference.dated_table import MARKS

# Keys and what each holds; a key that ends in ? may be left out.
_DESCRIBED = {"name": "table", "unit": "text", "currency?": "text", "stale_after_days?": "count", "note?": "text"}
_SERIES = {**_DESCRIBED, "values": "tables", "checked?": "tables", "sources": "table"}
_RULE = {**_DESCRIBED, "kind": "text", "window_days": "count", "level": "level", "tables": "tables"}
_NAME = {"en": "text", "zh": "text"}
_VALUE = {
    "from": "date", "published?": "date", "value?": "number", "ended?": "yes", "corrects?": "text", "source": "text",
    "level": "level", "verified": "mark", "note?": "text", "cell?": "table",
}  # fmt: skip
_CHECK = {"on": "date", "still": "number", "source": "text", "verified": "mark", "cell?": "table"}
_CELL = {"table": "text", "where": "table", "column": "text or texts", "convert?": "text"}
_POOL = {"table": "text", "value": "text or texts", "where": "table", "exclude?": "table", "seller?": "text"}
_SOURCE = {"title": "text", "publisher": "text", "year?": "count", "url?": "text"}

_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "text": ("a text", lambda x: isinstance(x, str) and x.strip() != ""),
    "text or texts": ("a text or a list of texts", lambda x: bool(x) and all(isinstance(t, str) for t in _listed(x))),
    "number": ("a number", lambda x: isinstance(x, int | float) and not isinstance(x, bool) and abs(x) < float("inf")),
    "count": ("a whole number above 0", lambda x: type(x) is int and x > 0),
    "level": ("1, 2 or 3", lambda x: type(x) is int and 1 <= x <= 3),
    "mark": (", ".join(MARKS), lambda x: x in MARKS),
    "yes": ("true", lambda x: x is True),
    "date": ("a date", lambda x: type(x) is date),
    "table": ("a table", lambda x: isinstance(x, dict)),
    "tables": ("a list of tables", lambda x: isinstance(x, list) and bool(x) and all(isinstance(t, dict) for t in x)),
}
_EXAMPLES = {
    "text": '"…"', "text or texts": '"low" or ["low", "high"]', "number": "0.031", "count": "60", "level": "2",
    "mark": '"page-read"', "yes": "ended = true", "date": "2025-05-20", "table": "{…}", "tables": "[[…]]",
}  # fmt: skip


@cache
def figure_files() -> Mapping[str, Traversable]:
    """The file of every dated figure by its dotted name, in order of name."""
    return dict(sorted(_files_below(files("valuation.reference") / "figures", "")))


@cache
def read(name: str) -> Series | TableMedian:
    """The dated figure of that name, read strictly from its file."""
    return parse(figure_files()[name].read_text(encoding="utf-8"), name)


def parse(text: str, name: str) -> Series | TableMedian:
    """A dated figure from the text of its file."""
    place = f"figures/{name.replace('.', '/')}.toml"
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(problem("toml_syntax", place, reason=str(error))) from None
    is_rule = given.get("kind") == "table_median"
    _refuse(_shape_problems(given, is_rule=is_rule, place=place))
    if is_rule:
        return _rule(given, name)
    _refuse(_series_problems(given, place))
    return _series(given, name)


def _files_below(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _files_below(entry, f"{prefix}{entry.name}.")
        elif entry.name.endswith(".toml"):
            found.append((prefix + entry.name.removesuffix(".toml"), entry))
    return found


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InputError(problems)


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


# shape: are the keys known and of their kind?


def _shape_problems(given: dict[str, Any], *, is_rule: bool, place: str) -> list[Problem]:
    found = _key_problems(given, _RULE if is_rule else _SERIES, f"{place}: ")
    if found:
        return found
    found += _key_problems(given["name"], _NAME, f"{place}: name.")
    for part, keys in (("values", _VALUE), ("checked", _CHECK), ("tables", _POOL)):
        for at, entry in enumerate(given.get(part, [])):
            found += _key_problems(entry, keys, f"{place}: {part}[{at}].")
            if isinstance(entry.get("cell"), dict):
                found += _key_problems(entry["cell"], _CELL, f"{place}: {part}[{at}].cell.")
    for key, entry in given.get("sources", {}).items():
        is_table = isinstance(entry, dict)
        found += _key_problems(entry if is_table else {}, _SOURCE, f"{place}: sources.{key}.")
    return found


def _key_problems(given: dict[str, Any], keys: Mapping[str, str], place: str) -> list[Problem]:
    kinds = {key.rstrip("?"): kind for key, kind in keys.items()}
    found = [problem("unknown_key", place.rstrip(".: "), key, known=tuple(kinds)) for key in given if key not in kinds]
    found += [
        problem("missing", place + key, what=_KINDS[kind][0], example=f", such as {_EXAMPLES[kind]}")
        for key, kind in keys.items()
        if not key.endswith("?") and key not in given
    ]
    found += [
        problem("wrong_kind", place + key, given[key], allowed=_KINDS[kind][0], example=_EXAMPLES[kind])
        for key, kind in kinds.items()
        if key in given and not _KINDS[kind][1](given[key])
    ]
    return found


# sense: do the entries of a series fit together?


def _series_problems(given: dict[str, Any], place: str) -> list[Problem]:
    found: list[Problem] = []
    for part in ("values", "checked"):
        for at, entry in enumerate(given.get(part, [])):
            here = f"{place}: {part}[{at}]."
            if entry["source"] not in given["sources"]:
                found.append(problem("not_known", here + "source", entry["source"], known=tuple(given["sources"])))
            if part == "values":
                found += _value_problems(entry, given["values"][at - 1] if at else None, given["unit"], here)
            else:
                found += _check_problems(entry, given["values"], here)
    return found


def _value_problems(entry: dict[str, Any], before: dict[str, Any] | None, unit: str, here: str) -> list[Problem]:
    found = []
    if ("value" in entry) == ("ended" in entry):
        found.append(problem("missing", here + "value", what="either a value or ended = true", example=""))
    if unit.startswith("fraction") and abs(entry.get("value", 0)) > 1:
        found.append(problem("too_large", here + "value", entry["value"], limit=1, remedy="Write 3% as 0.03."))
    if before is not None and entry["from"] == before["from"] and "corrects" not in entry:
        found.append(problem("duplicate", here + "from", entry["from"].isoformat()))
    if before is not None and entry["from"] < before["from"]:
        allowed = f"it is not before {before['from']}"
        found.append(problem("not_in_order", here + "from", entry["from"], allowed=allowed))
    return found


def _check_problems(check: dict[str, Any], values: list[dict[str, Any]], here: str) -> list[Problem]:
    held = [entry.get("value") for entry in values if entry["from"] <= check["on"]]
    if held and held[-1] == check["still"]:
        return []
    words = {
        "allowed": f"the value that held on {check['on']}, {held[-1] if held else 'none'},",
        "example": "a figure that has changed as a new value",
    }
    return [problem("wrong_kind", here + "still", check["still"], **words)]


# building, once nothing is wrong


def _described(given: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": given["name"],
        "unit": given["unit"],
        "currency": given.get("currency"),
        "stale_after_days": given.get("stale_after_days"),
        "note": given.get("note", ""),
    }


def _series(given: dict[str, Any], name: str) -> Series:
    sources = {key: Source(**entry) for key, entry in given["sources"].items()}
    values = tuple(
        Value(
            start=entry["from"],
            published=entry.get("published", entry["from"]),
            value=float(entry["value"]) if "value" in entry else None,
            source=sources[entry["source"]],
            level=entry["level"],
            verified=entry["verified"],
            note=entry.get("note", ""),
            cell=_cell(entry),
        )
        for entry in given["values"]
    )
    checks = tuple(
        Check(on=entry["on"], source=sources[entry["source"]], verified=entry["verified"], cell=_cell(entry))
        for entry in given.get("checked", [])
    )
    return Series(**_described(given, name), values=values, checks=checks)


def _cell(entry: dict[str, Any]) -> Cell | None:
    if "cell" not in entry:
        return None
    given = entry["cell"]
    return Cell(given["table"], given["where"], tuple(_listed(given["column"])), given.get("convert"))


def _rule(given: dict[str, Any], name: str) -> TableMedian:
    pools = tuple(
        Pool(
            table=entry["table"],
            value=tuple(_listed(entry["value"])),
            where={column: _listed(allowed) for column, allowed in entry["where"].items()},
            exclude={column: _listed(barred) for column, barred in entry.get("exclude", {}).items()},
            seller=entry.get("seller"),
        )
        for entry in given["tables"]
    )
    return TableMedian(**_described(given, name), window_days=given["window_days"], level=given["level"], pools=pools)

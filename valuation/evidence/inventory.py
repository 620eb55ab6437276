"""What a cluster reports of itself: `nvidia-smi --query-gpu=name,serial,uuid,… --format=csv`, one row a card."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

from valuation.errors import InputError, problem
from valuation.evidence.data_sample import decoded

NEEDED = ("name", "uuid")
ERRORS = "ecc.errors.uncorrected.aggregate.total"
RETIRED = "retired_pages.double_bit.count"


def is_report(beginning: bytes) -> bool:
    """Whether a CSV file begins like the report of a cluster."""
    names = [name.split(" [")[0] for name in _cells(beginning.split(b"\n", 1)[0].decode("utf-8", "replace"))]
    return set(NEEDED) <= set(names)


def read(file: Path) -> dict[str, Any]:
    """Cards by name, how many report uncorrected memory errors or retired pages, and that no card is listed twice."""
    rows = list(csv.reader(io.StringIO(decoded(file)[0], newline=""), skipinitialspace=True))
    header = [name.split(" [")[0] for name in rows[0]]
    cards = [dict(zip(header, row, strict=False)) for row in rows[1:] if row]
    if not cards:
        raise InputError(problem("table_empty", file.name))
    for number, card in enumerate(cards, 2):
        if len(card) < len(header) or not card["uuid"].strip():
            raise InputError(problem("missing", f"{file.name}, line {number}", None, what="a cell for every column"))
    for name in ("uuid", "serial"):
        known = [card[name] for card in cards if card.get(name, "[N/A]") not in ("[N/A]", "N/A", "0")]
        twice = next((value for value, count in Counter(known).items() if count > 1), None)
        if twice is not None:
            raise InputError(problem("duplicate", f"{file.name}.{name}", twice))
    found: dict[str, Any] = {
        "kind": "cluster inventory",
        "quantity": len(cards),
        "quantity_by_name": dict(Counter(card["name"] for card in cards)),
        "serials_known": sum(card.get("serial", "[N/A]") not in ("[N/A]", "N/A", "0") for card in cards),
    }
    for name, column in (("cards_with_memory_errors", ERRORS), ("cards_with_retired_pages", RETIRED)):
        if column in header:
            found[name] = sum(_whole(card[column]) > 0 for card in cards)
    return found


def _whole(cell: str) -> int:
    text = cell.strip()
    return int(text) if text.isdigit() else 0


def _cells(line: str) -> list[str]:
    return next(csv.reader([line], skipinitialspace=True), [])

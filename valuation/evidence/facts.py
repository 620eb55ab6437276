"""What a file says of the asset: facts in the form a case takes them, and which kind of file it is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from valuation.canonical import digest
from valuation.errors import InputError, problem
from valuation.evidence import data_sample, inventory, weights

READERS: Mapping[str, Callable[[Path], dict[str, Any]]] = {
    ".safetensors": weights.read,
    ".jsonl": data_sample.read_jsonl,
    ".csv": data_sample.read_csv,
}
DIGESTED = 64_000_000  # bytes; of a larger file the beginning is digested, and said so


@dataclass(frozen=True)
class Facts:
    """Facts of one file with its digest, so that an auditor can tell that the same file was read."""

    file: str
    digest: str
    digested_bytes: int
    facts: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """For machines; figures under `facts` are quantities of a case, with their source."""
        return {**vars(self), "facts": dict(self.facts)}


def read_evidence(path: str | Path) -> Facts:
    """The facts of a weights file (.safetensors), a data sample (.csv, .jsonl) or a cluster's report (.csv).

    Figures come as quantities whose source is the file and its digest, evidence level 2: read, not stated.
    """
    file = Path(path)
    if not file.exists():
        raise InputError(problem("file_missing", "", str(path)))
    if not file.is_file():
        raise InputError(problem("file_unreadable", "", str(path), reason="it is no ordinary file"))
    suffix = file.suffix.lower()
    if suffix not in READERS:
        raise InputError(problem("not_known", file.name, suffix, known=list(READERS)))
    try:
        with file.open("rb") as opened:
            beginning = opened.read(DIGESTED)
        is_report = suffix == ".csv" and inventory.is_report(beginning)
        found = inventory.read(file) if is_report else READERS[suffix](file)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise InputError(problem("file_unreadable", "", str(path), reason=reason)) from None
    except csv.Error as error:
        raise InputError(problem("table_unreadable", file.name, reason=str(error))) from None
    mark = digest(beginning, domain="valuation-evidence/1")
    source = f"read from {file.name}, {mark}"
    return Facts(file.name, mark, len(beginning), {name: _quantity(fact, source) for name, fact in found.items()})


def _quantity(fact: Any, source: str) -> Any:
    """A figure as a quantity with its source; a text or table as it is."""
    if isinstance(fact, bool) or not isinstance(fact, int | float):
        return fact
    return {"value": fact, "source": source, "level": 2}

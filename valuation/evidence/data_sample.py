"""Counts over a sample of the data: rows, empty cells, cells of another type, doubled rows and keys.

Each score is conforming over assessed elements (A/B, the form of GB/T 36344), with both numbers kept, so that it goes
straight into the indicators of quality.score. What a file cannot show (accuracy against the world, timeliness,
accessibility) is not made up.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from valuation.errors import InputError, problem

LARGEST_SAMPLE = 2_000_000  # rows
LARGEST_CELL = 100_000_000  # characters; a text to train on may be a whole book
EMPTY = ("", "na", "n/a", "null", "none", "nan", "-")


def read_csv(file: Path) -> dict[str, Any]:
    """Counts over a CSV sample with a header row, in UTF-8 or GB 18030 (which is said)."""
    text, encoding = decoded(file)
    csv.field_size_limit(LARGEST_CELL)
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        header = next(rows)
    except StopIteration:
        raise InputError(problem("table_empty", file.name)) from None
    if len(set(header)) < len(header):
        raise InputError(problem("duplicate", file.name, next(name for name in header if header.count(name) > 1)))
    return {**_counted(file, header, rows), "encoding": encoding}


def read_jsonl(file: Path) -> dict[str, Any]:
    """Counts over a sample with one JSON object a line; the columns are the keys of all objects."""
    text, encoding = decoded(file)
    objects = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):  # also a number of more digits than Python reads
            found = None
        if not isinstance(found, dict):
            raise InputError(problem("json_not_object", f"{file.name}, line {number}", line[:40]))
        objects.append(found)
    header = list(dict.fromkeys(key for found in objects for key in found))
    rows = ([_text(found.get(name)) for name in header] for found in objects)
    return {**_counted(file, header, rows), "encoding": encoding}


def _counted(file: Path, header: list[str], rows: Iterable[list[str]]) -> dict[str, Any]:
    number = cells = filled = whole = 0
    seen: set[bytes] = set()
    values: list[list[int]] = [[0, 0] for _ in header]  # by column: filled cells, of these numbers
    for row in _within(file, rows):
        number += 1
        cells += len(header)
        whole += len(row) == len(header)
        seen.add(hashlib.sha256("\x1f".join(row).encode(errors="surrogatepass")).digest())
        for column, cell in zip(values, row, strict=False):
            if cell.strip().lower() not in EMPTY:
                filled += 1
                column[0] += 1
                column[1] += _is_number(cell)
    if not number:
        raise InputError(problem("table_empty", file.name))
    # A column that is mostly numbers is one of numbers, and the few other cells in it do not fit; likewise for texts.
    fitting = sum(max(numbers, total - numbers) for total, numbers in values)
    return {
        "kind": "data sample",
        "rows": number,
        "columns": len(header),
        "completeness_conforming": filled,
        "completeness_assessed": cells,
        "standardisation_conforming": fitting,
        "standardisation_assessed": filled,
        "consistency_conforming": len(seen),
        "consistency_assessed": number,
        "rows_of_full_width": whole,
        "completeness_standard_error": math.sqrt(filled / cells * (1 - filled / cells) / cells) if cells else 0.0,
    }


def _within(file: Path, rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows):
        if number >= LARGEST_SAMPLE:
            raise InputError(problem("too_large", f"{file.name}, rows", number + 1, limit=LARGEST_SAMPLE))
        yield row


def decoded(file: Path) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8 or GB 18030."""
    stored = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return stored.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise InputError(problem("file_encoding", file.name, position=1, guess="binary", guess_zh="二进制"))


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell.strip()))
    except ValueError:
        return False

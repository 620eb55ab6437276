"""Cells of one column as an array, and what is wrong with them. One by one only where the column as a whole fails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from valuation.book.columns import COLUMNS, WHOLE, Column
from valuation.method import check_figures
from valuation.strict import iso_date, number_written
from valuation.workings import FloatArray

EPOCH = date(1970, 1, 1)
BLANK, UNKNOWN = -1, -2  # codes of words
PLAIN = re.compile(r"[0-9+\-.eE\n]*")  # numbers in writing, one a line
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
Codes = NDArray[np.int8]


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell: where, what was given, and the code and parameters of its sentence."""

    at: int
    given: Any
    code: str
    params: dict[str, Any] = field(default_factory=dict)


def wanted(column: str) -> dict[str, str]:
    """What is needed where nothing was given."""
    return {"what": COLUMNS[column].en, "what_zh": COLUMNS[column].zh}


def listed(cells: Any) -> list[Any]:
    """The cells as plain Python values."""
    return list(cells) if isinstance(cells, list | tuple) else cells.tolist()


def is_blank(cell: Any) -> bool:
    """Whether nothing was written; every library has its own nothing."""
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(cell, str):
        return not cell
    return cell.is_nan() if isinstance(cell, Decimal) else isinstance(cell, float | np.generic) and bool(cell != cell)


def numbers(column: Column, cells: Any) -> tuple[FloatArray, list[Fault]]:
    """The figures, NaN where nothing or no number stands. A number in writing is one, if it is written plainly."""
    faults: list[Fault] = []
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "fiu":
        figures = cells.astype(np.float64, copy=False)
    else:
        figures = _written(listed(cells), faults)
    if len(figures) and not _surely_within(column, figures):
        faults += _out_of_bounds(column, figures)
    return figures, faults


def has_blanks(figures: FloatArray) -> bool:
    """Whether some figure is left out; the smallest of figures is NaN if one of them is."""
    return bool(np.isnan(np.min(figures))) if len(figures) else False


def _surely_within(column: Column, figures: FloatArray) -> bool:
    """Whether the smallest and largest figure keep the bounds; False where some are blank, which hides them."""
    facts = column.facts
    assert facts is not None
    lowest, highest = float(np.min(figures)), float(np.max(figures))
    within = (facts.low is None or lowest >= facts.low) and (facts.above is None or lowest > facts.above)
    within &= (facts.high is None or highest <= facts.high) and (facts.below is None or highest < facts.below)
    return within and -np.inf < lowest and highest < np.inf and column.name not in WHOLE


def _written(cells: list[Any], faults: list[Fault]) -> FloatArray:
    try:
        if PLAIN.fullmatch("\n".join(cells)):
            return np.array([float(cell) if cell else np.nan for cell in cells])
    except (TypeError, ValueError):
        pass  # some cell is no text, or no number: look at each
    figures = np.full(len(cells), np.nan)
    for at, cell in enumerate(cells):
        if is_blank(cell):
            continue
        if _is_number(cell) or (isinstance(cell, str) and NUMBER.fullmatch(cell)):
            figures[at] = _as_float(cell)
        else:
            given = bool(cell) if isinstance(cell, np.bool_) else cell if isinstance(cell, str | bool) else str(cell)
            words = {"allowed": "a number", "allowed_zh": "数字", **number_written(given)}
            faults.append(Fault(at, given, "wrong_kind", words))
    return figures


def _is_number(cell: Any) -> bool:
    """Also those of numpy and of databases; true and false are none."""
    return isinstance(cell, int | float | Decimal | np.number) and not isinstance(cell, bool | np.complexfloating)


def _as_float(cell: Any) -> float:
    try:
        return float(cell)
    except OverflowError:
        return np.inf if cell > 0 else -np.inf


def _out_of_bounds(column: Column, figures: FloatArray) -> Iterator[Fault]:
    """Cells outside the bounds of their field, said in the words of the field."""
    facts = column.facts
    assert facts is not None
    # A bound nobody set is NaN, and broken by nothing; nor is any by a blank.
    low, above, high, below = (
        np.nan if bound is None else bound for bound in (facts.low, facts.above, facts.high, facts.below)
    )
    broken = (figures < low) | (figures <= above) | (figures > high) | (figures >= below) | np.isinf(figures)
    outside = np.flatnonzero(broken)
    for at in outside.tolist():
        yield _fault(at, float(figures[at]), column)
    if column.name in WHOLE:
        for at in np.flatnonzero(figures != np.where(np.isnan(figures), figures, np.floor(figures))).tolist():
            if not np.isnan(figures[at]):
                words = {"allowed": "a whole number", "allowed_zh": "整数", "example": "it whole", "example_zh": "整数"}
                yield Fault(at, float(figures[at]), "wrong_kind", words)


def _fault(at: int, given: float, column: Column) -> Fault:
    if np.isinf(given):
        return Fault(at, str(given), "not_finite")
    assert column.facts is not None
    try:
        check_figures(np.array([given]), column.facts)
    except PydanticCustomError as error:
        context = dict(error.context or {})
        return Fault(at, context.pop("given"), error.type, context)
    raise AssertionError(f"{given} is within the bounds of {column.name}")


def words(column: Column, cells: Any) -> tuple[Codes, list[Fault]]:
    """The place of each word in the column's list; BLANK where nothing stands, UNKNOWN where no such word is."""
    known: dict[Any, int] = {word: code for code, word in enumerate(column.words)}
    known[None] = known[""] = BLANK
    if hasattr(cells, "codes"):  # a categorical column keeps each word once
        each = np.array([_code(known, word) for word in [*listed(cells.categories), None]], dtype=np.int8)
        codes: Codes = each[np.asarray(cells.codes)]  # the code -1 of a blank finds the last
        given: Sequence[Any] = cells
    else:
        given = listed(cells)
        codes = np.array([_code(known, word) for word in given], dtype=np.int8)
    faults = [
        Fault(at, str(given[at]), "not_known", {"known": list(column.words)})
        for at in np.flatnonzero(codes == UNKNOWN).tolist()
    ]
    return codes, faults


def _code(known: dict[Any, int], word: Any) -> int:
    found = known.get(word) if isinstance(word, str | None) else None
    if found is not None:
        return found
    return BLANK if is_blank(word) else UNKNOWN


def days(cells: Any, today: float) -> tuple[FloatArray, list[Fault]]:
    """Days since 1970, NaN where nothing stands. What lies after the day of the book is refused."""
    faults: list[Fault] = []
    if isinstance(cells, np.ndarray) and cells.dtype.kind == "M":
        found = np.where(np.isnat(cells), np.nan, cells.astype("datetime64[D]").astype(np.float64))
    else:
        found = _days_written(listed(cells), faults)
    later = np.flatnonzero(found > today).tolist()
    faults += [Fault(at, _iso(found[at]), "date_after", {"limit": _iso(today)}) for at in later]
    return found, faults


def _days_written(cells: list[Any], faults: list[Fault]) -> FloatArray:
    found = np.full(len(cells), np.nan)
    for at, cell in enumerate(cells):
        if is_blank(cell):
            continue
        day = cell.date() if isinstance(cell, datetime) else iso_date(cell)
        if day is None:
            faults.append(Fault(at, str(cell), "date_form"))
        else:
            found[at] = (day - EPOCH).days
    return found


def _iso(days: float) -> str:
    return date.fromordinal(EPOCH.toordinal() + int(days)).isoformat()

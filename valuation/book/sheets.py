"""Tables written a stretch at a time: CSV that Chinese Excel opens, Parquet, Excel.

A column comes as an array of numbers or days (NaN and NaT are blank), as words by their places in a list, as a list of
cells, or as Arrow has it.
"""

from __future__ import annotations

import codecs
import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np

from valuation.book.cells import NUMBER, has_blanks, is_blank
from valuation.book.stretches import library, optional
from valuation.errors import InputError, problem

FORMULAS = "=+-@\t\r"  # how a text begins that a spreadsheet would run
FORMULA = re.compile(f"[{re.escape(FORMULAS)}]")
SEPARATORS = '",\r\n'
KINDS = (".csv", ".parquet", ".xlsx")
MOST_ROWS = 2**20 - 1  # of a sheet of Excel, below the heading
LONGEST, TOO_LONG = 32_767, -2  # characters in a cell of Excel, and what its writer says of more
EXCEL_BEGINS = 1900  # years before are text
EXACT = 1e15  # beyond, not every whole number is one
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - of every workbook, so that the same book is the same bytes


@dataclass(frozen=True)
class Words:
    """Words, each by its place in a list; -1 is blank."""

    places: Any
    words: Sequence[str]


@dataclass(frozen=True)
class Numerals:
    """Texts that are all numbers, as they were written."""

    cells: Any


Columns = Mapping[str, Any]


class Sheet(Protocol):
    """A table being written; whole once its block ends."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def write(self, columns: Columns) -> None:
        """The next rows; every time the same columns."""


def sheet_of(kind: str, path: Path) -> Sheet:
    """A table of this kind, which is the ending of its name."""
    if kind == ".csv":
        return ArrowCsvSheet(path) if optional("pyarrow") else PlainCsvSheet(path)
    return ParquetSheet(path) if kind == ".parquet" else ExcelSheet(path)


def check_kind(target: Path) -> None:
    """Refuse a file whose ending names no kind of table, or one that needs a library that is not there."""
    kind = target.suffix.lower()
    if kind not in KINDS:
        raise InputError(problem("table_kind", "", target.name, known=list(KINDS)))
    if kind == ".parquet":
        library("pyarrow", "Parquet")


class ParquetSheet:
    """A Parquet file; the kinds of its columns are those of the first rows."""

    def __init__(self, path: Path) -> None:
        self.path, self.arrow = path, import_module("pyarrow")
        self.writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.writer is not None:
            self.writer.close()

    def write(self, columns: Columns) -> None:
        """The next rows."""
        table = self.arrow.table({name: _in_arrow(self.arrow, cells) for name, cells in columns.items()})
        if self.writer is None:
            texts = [field.name for field in table.schema if not _is_number(field.type)]
            # Of figures and names hardly two are alike: a dictionary of them costs time and saves nothing. Nor does it
            # help to know the least and largest figure of each group of rows, which stand in any order.
            options = {"use_dictionary": [name for name in texts if name != "id"], "write_statistics": texts}
            self.writer = import_module("pyarrow.parquet").ParquetWriter(self.path, table.schema, **options)
        self.writer.write(table.cast(self.writer.schema))


class _CsvSheet:
    """An open file, and whether its heading stands."""

    file: Any
    begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


class ArrowCsvSheet(_CsvSheet):
    """A CSV file by Arrow's writer, which takes a ninth of the time of pandas'."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")
        self.file.write(codecs.BOM_UTF8)
        self.arrow, self.csv = import_module("pyarrow"), import_module("pyarrow.csv")

    def write(self, columns: Columns) -> None:
        """The next rows."""
        table = self.arrow.table({guarded(name): self._column(cells) for name, cells in columns.items()})
        style = "needed" if any(map(self._has_separators, table.columns, columns.values())) else "none"
        options = self.csv.WriteOptions(include_header=not self.begun, quoting_style=style)
        self.csv.write_csv(table, self.file, options)
        self.begun = True

    def _column(self, cells: Any) -> Any:
        """Plain columns, which is what CSV has, and no text that a spreadsheet would run."""
        if isinstance(cells, Numerals):
            return cells.cells
        column, kinds = _in_arrow(self.arrow, cells), self.arrow.types
        if kinds.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if kinds.is_nested(column.type) or kinds.is_binary(column.type):
            column = _in_arrow(self.arrow, column.to_pylist())
        return _guarded_column(column) if _is_text(column) and not isinstance(cells, Words) else column

    def _has_separators(self, column: Any, cells: Any) -> bool:
        if isinstance(cells, Words):
            return any(sign in word for word in cells.words for sign in SEPARATORS)
        return _is_text(column) and not isinstance(cells, Numerals) and _holds(column, "match_substring", SEPARATORS)


class PlainCsvSheet(_CsvSheet):
    """A CSV file by Python's own writer, where Arrow is not installed."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("w", encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.file, lineterminator="\n")

    def write(self, columns: Columns) -> None:
        """The next rows."""
        if not self.begun:
            self.writer.writerow(map(guarded, columns))
            self.begun = True
        texts = [[guarded(text(cell)) for cell in python_cells(cells)] for cells in columns.values()]
        self.writer.writerows(zip(*texts, strict=True))


class ExcelSheet:
    """A workbook of one sheet, written row by row; a text is never a formula."""

    def __init__(self, path: Path) -> None:
        from xlsxwriter import Workbook

        options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "remove_timezone": True}
        self.book = Workbook(str(path), options)
        self.book.set_properties({"created": MADE})
        self.sheet = self.book.add_worksheet("book")
        self.sheet.freeze_panes(1, 1)
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.book.close()

    def write(self, columns: Columns) -> None:
        """The next rows."""
        if not self.count:
            for at, name in enumerate(columns):
                self.sheet.write_string(0, at, name)
        for row in zip(*map(python_cells, columns.values()), strict=True):
            self.count += 1
            if self.count > MOST_ROWS:
                raise InputError(problem("sheet_full", "", None, limit=f"{MOST_ROWS:,}"))
            for at, cell in enumerate(row):
                if not is_blank(cell):
                    self._cell(at, cell)

    def _cell(self, at: int, cell: Any) -> None:
        if isinstance(cell, bool):
            self.sheet.write_boolean(self.count, at, cell)
        elif isinstance(cell, int | float | Decimal) and math.isfinite(cell):
            self.sheet.write_number(self.count, at, cell)
        elif isinstance(cell, date) and cell.year >= EXCEL_BEGINS:
            self.sheet.write_datetime(self.count, at, cell)
        elif self.sheet.write_string(self.count, at, text(cell)) == TOO_LONG:
            place, allowed = f"row {self.count:,}", {"allowed": f"up to {LONGEST:,}", "allowed_zh": f"至多 {LONGEST:,}"}
            raise InputError(problem("text_length", place, len(text(cell)), **allowed))


def _in_arrow(arrow: Any, cells: Any) -> Any:
    if isinstance(cells, np.ndarray):
        # Looking for blanks one by one takes twelve times as long as seeing that there are none.
        return arrow.array(cells, from_pandas=cells.dtype.kind != "f" or has_blanks(cells))
    if isinstance(cells, Words):
        places = arrow.array(cells.places, mask=cells.places < 0)
        return arrow.DictionaryArray.from_arrays(places, arrow.array(cells.words, arrow.string())).cast("string")
    if isinstance(cells, list):
        return arrow.array([None if is_blank(cell) else text(cell) for cell in cells], arrow.string())
    return cells


def python_cells(cells: Any) -> list[Any]:
    """A column as Python's values, None where it is blank."""
    if isinstance(cells, Numerals):
        return python_cells(cells.cells)
    if isinstance(cells, Words):
        return [cells.words[place] if place >= 0 else None for place in cells.places.tolist()]
    if isinstance(cells, np.ndarray) and cells.dtype.kind == "f":
        return [None if math.isnan(figure) else figure for figure in cells.tolist()]
    found: list[Any] = cells if isinstance(cells, list) else cells.tolist() if hasattr(cells, "tolist") else []
    return cells.to_pylist() if hasattr(cells, "to_pylist") else found


def text(cell: Any) -> str:
    """A cell in writing; a whole number has no point, a day no hour."""
    if isinstance(cell, str):
        return cell
    if is_blank(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    return str(cell)


def guarded(written: str) -> str:
    """A text that a spreadsheet would take for a formula gets a ' in front, as OWASP advises; numbers stay."""
    return f"'{written}" if FORMULA.match(written) and not NUMBER.fullmatch(written) else written


def _guarded_column(column: Any) -> Any:
    """The same for a column of Arrow."""
    compute = import_module("pyarrow.compute")
    if not _holds(column, "starts_with", FORMULAS):
        return column
    risky = compute.match_substring_regex(column, f"^{FORMULA.pattern}")
    number = compute.match_substring_regex(column, f"^(?:{NUMBER.pattern})$")
    mark, nothing = (import_module("pyarrow").scalar(sign, column.type) for sign in ("'", ""))
    marked = compute.binary_join_element_wise(mark, column, nothing)
    return compute.if_else(compute.and_not(risky, number), marked, column)


def _is_text(column: Any) -> bool:
    return str(column.type) in ("string", "large_string")


def _is_number(kind: Any) -> bool:
    return str(kind).startswith(("double", "float", "int", "uint"))


def _holds(column: Any, test: str, signs: str) -> bool:
    """Whether some text passes this test of Arrow's with one of the signs; each alone is faster than a pattern."""
    compute = import_module("pyarrow.compute")
    return any(compute.any(getattr(compute, test)(column, sign)).as_py() for sign in signs)

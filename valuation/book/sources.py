"""Where the rows of a book come from: a pandas table, or a file of CSV, Parquet or Excel."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from valuation.book import stretches
from valuation.book.arrow_source import ParquetSource
from valuation.book.columns import COLUMNS
from valuation.book.csv_source import CsvSource
from valuation.book.stretches import Cells, Source
from valuation.errors import InputError, problem

LARGEST_UNPACKED, LARGEST_RATIO, MOST_ENTRIES = 200_000_000, 100, 1_000  # bytes, times, parts of a workbook


def source_of(path: Path) -> Source:
    """The table in a file; the ending says of which kind it is."""
    kinds: dict[str, Any] = {".csv": CsvSource, ".parquet": ParquetSource, ".xlsx": ExcelSource}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise InputError(problem("table_kind", "", path.name, known=list(kinds)))
    if not path.is_file():
        raise InputError(problem("file_missing", "", str(path)))
    try:
        source: Source = kind(path)
    except OSError as error:
        raise InputError(problem("file_unreadable", "", str(path), reason=error.strerror)) from None
    return source


class FrameSource:
    """A pandas table."""

    typed = True
    encoding: str | None = None

    def __init__(self, frame: Any) -> None:
        columns = getattr(frame, "columns", None)
        if columns is None or not hasattr(frame, "iloc"):
            words = {"allowed": "a pandas table", "allowed_zh": "pandas 表格"}
            example = {"example": "pandas.DataFrame(…)", "example_zh": "pandas.DataFrame(…)"}
            raise InputError(problem("wrong_kind", "frame", type(frame).__name__, **words, **example))
        if columns.nlevels > 1:
            raise InputError(problem("heading_levels", "frame", columns.nlevels))
        self.frame = frame
        self.names = list(map(str, columns))

    def stretches(self) -> Iterator[Cells]:
        """Slices of its columns; nothing is copied."""
        sorts = {name: COLUMNS[name].sort for name in self.names if name in COLUMNS}
        columns = {name: self._column(name, sort) for name, sort in sorts.items()}
        for start in range(0, len(self.frame), stretches.LENGTH):
            yield Cells({name: column[start : start + stretches.LENGTH] for name, column in columns.items()})

    def _column(self, name: str, sort: str) -> Any:
        """Numbers and days as numpy has them, all else as pandas holds it."""
        column = self.frame[name]
        if sort == "number" and column.dtype.kind in "fiu":
            return column.to_numpy(dtype=float, na_value=float("nan"))
        return column.to_numpy() if sort == "date" and column.dtype.kind == "M" else column.array


class ExcelSource:
    """The first sheet of a workbook, whole; a file that unpacks beyond all measure is refused before it is opened."""

    typed = False
    encoding: str | None = None

    def __init__(self, path: Path) -> None:
        _check_packing(path)
        calamine = import_module("python_calamine")
        try:
            rows = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=True)
        except Exception as error:  # the library has no common class for what is no workbook
            raise InputError(problem("table_unreadable", "", None, reason=str(error))) from None
        heading = [str(name).strip() for name in rows[0]] if rows else []
        self.rows = [row for row in rows[1:] if any(cell != "" for cell in row)]
        used = [at for at, name in enumerate(heading) if name or any(row[at] != "" for row in self.rows)]
        self.names = [heading[at] for at in used]
        if len(used) < len(heading):
            self.rows = [[row[at] for at in used] for row in self.rows]

    def stretches(self) -> Iterator[Cells]:
        """Rows as calamine reads them: numbers, texts, dates."""
        for start in range(0, len(self.rows), stretches.LENGTH):
            columns = zip(*self.rows[start : start + stretches.LENGTH], strict=True)
            yield Cells({name: list(column) for name, column in zip(self.names, columns, strict=True)})


def _check_packing(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
    except zipfile.BadZipFile as error:
        raise InputError(problem("table_unreadable", "", None, reason=str(error))) from None
    unpacked, size = sum(entry.file_size for entry in entries), max(1, path.stat().st_size)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or unpacked / size > LARGEST_RATIO:
        reason = f"{len(entries)} parts, {unpacked / 1e6:,.0f} MB from {size / 1e6:,.1f} MB"
        raise InputError(problem("workbook_packed", "", None, reason=reason))

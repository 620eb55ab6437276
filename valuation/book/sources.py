"""Tables read a stretch at a time: CSV in UTF-8 or GB 18030, Parquet, and Excel within bounds.

Each gives its column names and an iterator of stretches, dictionaries of cells by column. What is not read is never
guessed: `1,234万` stays text and is refused with the sentence that says how to write it.
"""

from __future__ import annotations

import codecs
import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from valuation.book.cells import Fault
from valuation.book.columns import COLUMNS, Column
from valuation.errors import InputError, problem

STRETCH = 2**17  # rows that go through together
ENCODINGS = ("utf-8-sig", "gb18030")
BLOCK = 2**20  # bytes read at once while looking for the encoding
LARGEST_UNPACKED, LARGEST_RATIO, MOST_ENTRIES = 200_000_000, 100, 1_000  # bytes, times, parts of a workbook
KINDS = (".csv", ".parquet", ".xlsx")
LONGEST_CELL = 2**17  # characters


@dataclass(frozen=True)
class Cells:
    """A stretch of a table: cells by column, all of one length, and rows that do not fit its heading."""

    columns: dict[str, Any]
    faults: Sequence[Fault] = ()
    arrow: Any = None  # the same as an Arrow table, where it was read as one


class Source(Protocol):
    """A table to be read."""

    names: list[str]
    of_text: bool  # numbers come in writing
    encoding: str | None

    def stretches(self) -> Iterator[Cells]:
        """Its rows, in order."""


def source_of(path: Path) -> Source:
    """The table in a file; the ending says of which kind it is."""
    kinds: dict[str, Any] = {".csv": CsvSource, ".parquet": ParquetSource, ".xlsx": ExcelSource}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise InputError(problem("table_kind", "", path.name, known=list(KINDS)))
    if not path.is_file():
        raise InputError(problem("file_missing", "", str(path)))
    try:
        source: Source = kind(path)
    except OSError as error:
        raise InputError(problem("file_unreadable", "", str(path), reason=error.strerror)) from None
    return source


class CsvSource:
    """A CSV file with a heading. Chinese Excel writes GBK, of which GB 18030 is the whole."""

    of_text = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding: str | None = _encoding(path)
        with self._open() as file:
            self.names = [name.strip() for name in next(csv.reader(file), [])]

    def _open(self) -> Any:
        return self.path.open(encoding=self.encoding, newline="")

    def stretches(self) -> Iterator[Cells]:
        """Rows as they are written; an empty line is none."""
        csv.field_size_limit(LONGEST_CELL)
        with self._open() as file:
            reader = csv.reader(file)
            next(reader, None)
            rows: list[list[str]] = []
            try:
                for row in reader:
                    if row:
                        rows.append(row)
                    if len(rows) == STRETCH:
                        yield self._cells(rows)
                        rows = []
            except csv.Error as error:
                raise InputError(
                    problem("table_unreadable", f"line {reader.line_num}", None, reason=str(error))
                ) from None
            if rows:
                yield self._cells(rows)

    def _cells(self, rows: list[list[str]]) -> Cells:
        width, faults = len(self.names), []
        if set(map(len, rows)) != {width}:
            for at, row in enumerate(rows):
                if len(row) != width:
                    faults.append(Fault(at, len(row), "row_length", {"expected": width}))
                    rows[at] = (row + [""] * width)[:width]
        return Cells(
            {name: list(column) for name, column in zip(self.names, zip(*rows, strict=True), strict=True)}, faults
        )


def _encoding(path: Path) -> str:
    """The first of the encodings in which the whole file is text."""
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        with path.open("rb") as file:
            try:
                while block := file.read(BLOCK):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError as error:
                position = error.start + 1
                continue
        return encoding
    raise InputError(problem("file_encoding", "", guess="neither GB 18030", guess_zh="非 GB 18030", position=position))


class ParquetSource:
    """A Parquet file, read a stretch at a time."""

    of_text = False
    encoding: str | None = None

    def __init__(self, path: Path) -> None:
        self._parquet, self._arrow = library("pyarrow.parquet", "Parquet"), library("pyarrow", "Parquet")
        try:
            self.file = self._parquet.ParquetFile(path)
        except self._arrow.ArrowInvalid as error:
            raise InputError(problem("table_unreadable", "", None, reason=str(error).splitlines()[0])) from None
        self.names = list(self.file.schema_arrow.names)

    def stretches(self) -> Iterator[Cells]:
        """Rows in stretches of one length, whatever the row groups are."""
        held: list[Any] = []
        count = 0
        for batch in self.file.iter_batches(batch_size=STRETCH):
            held.append(batch)
            count += batch.num_rows
            while count >= STRETCH:
                table = self._arrow.Table.from_batches(held)
                yield _of_arrow(table.slice(0, STRETCH))
                held = table.slice(STRETCH).to_batches()
                count -= STRETCH
        if count:
            yield _of_arrow(self._arrow.Table.from_batches(held))


def _of_arrow(table: Any) -> Cells:
    return Cells({name: _of_column(table.column(name), COLUMNS.get(name)) for name in table.column_names}, arrow=table)


def _of_column(cells: Any, column: Column | None) -> Any:
    """Numbers as an array, words each once, all else as pandas holds it."""
    kind = str(cells.type)
    if column is not None and column.sort == "number" and kind.startswith(("double", "float", "int", "uint")):
        return cells.to_numpy()
    if column is not None and column.sort == "word" and kind in ("string", "large_string"):
        return cells.dictionary_encode().to_pandas().array
    return cells.to_pylist() if column is not None and column.sort == "date" else cells.to_pandas().array


class FrameSource:
    """A pandas table."""

    of_text = False
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
        for start in range(0, len(self.frame), STRETCH):
            yield Cells({name: column[start : start + STRETCH] for name, column in columns.items()})

    def _column(self, name: str, sort: str) -> Any:
        """Numbers and days as numpy has them, all else as pandas holds it."""
        column = self.frame[name]
        if sort == "number" and column.dtype.kind in "fiu":
            return column.to_numpy(dtype=float, na_value=float("nan"))
        return column.to_numpy() if sort == "date" and column.dtype.kind == "M" else column.array


class ExcelSource:
    """The first sheet of a workbook, whole; a file that unpacks beyond all measure is refused before it is opened."""

    of_text = False
    encoding: str | None = None

    def __init__(self, path: Path) -> None:
        _check_packing(path)
        calamine = import_module("python_calamine")
        try:
            rows = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=True)
        except Exception as error:  # the library has no common class for what is no workbook
            raise InputError(problem("table_unreadable", "", None, reason=str(error))) from None
        self.names = [str(name).strip() for name in rows[0]] if rows else []
        self.rows = [row for row in rows[1:] if any(cell != "" for cell in row)]

    def stretches(self) -> Iterator[Cells]:
        """Rows as calamine reads them: numbers, texts, dates."""
        for start in range(0, len(self.rows), STRETCH):
            columns = zip(*self.rows[start : start + STRETCH], strict=True)
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


def library(name: str, files: str) -> Any:
    """A library of an extra, or the sentence that says how to install it."""
    try:
        return import_module(name)
    except ImportError:
        install = 'pip install "ai-asset-valuation[book]"'
        raise InputError(problem("library_missing", "", files, package=name.split(".")[0], install=install)) from None

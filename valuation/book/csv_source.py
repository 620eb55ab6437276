"""A CSV file as stretches of a table, in UTF-8 or GB 18030.

What is not read is never guessed: `1,234万` stays text and is refused with the sentence that says how to write it.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any

from valuation.book import stretches
from valuation.book.arrow_source import of_one_length
from valuation.book.cells import Fault
from valuation.book.stretches import Cells, optional
from valuation.errors import InputError, problem
from valuation.json_text import UNKNOWN, beginning_of

ENCODINGS = ("utf-8-sig", "gb18030")
BLOCK = 2**22  # bytes read at once
LONGEST_CELL = 2**17  # characters


class CsvSource:
    """A CSV file with a heading. Chinese Excel writes GBK, of which GB 18030 is the whole.

    The file is cut into blocks at ends of lines. Arrow reads a block if it is installed and every row of it fits; else
    Python's own reader does, which says which row does not.
    """

    typed = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding: str | None = _encoding(path)
        self.arrow = optional("pyarrow")
        csv.field_size_limit(LONGEST_CELL)
        with self._open() as file:
            self.names = [name.strip() for name in self._first_row(file)]

    @contextmanager
    def _open(self) -> Iterator[Any]:
        """The file as UTF-8 bytes without a mark at its beginning."""
        with self.path.open("rb") as file:
            if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
                file.seek(0)
            yield file if self.encoding == ENCODINGS[0] else _Recoded(file, self.encoding)

    def _first_row(self, file: Any) -> list[str]:
        return next(_rows(file.readline(), file), [])

    def stretches(self) -> Iterator[Cells]:
        """Rows as they are written; a line without anything in it is none."""
        with self._open() as file:
            self._first_row(file)
            if self.arrow is None:
                yield from self._without_arrow(file)
            else:
                yield from of_one_length(self.arrow, self._tables(file))

    def _tables(self, file: Any) -> Iterator[tuple[Any, list[Fault]]]:
        text = dict.fromkeys(self.names, self.arrow.string())
        while block := file.read(BLOCK) + file.readline():
            table = _by_arrow(block, text)
            if table is not None:
                yield _without_empty_rows(table), []
                continue
            rows, faults = self._fitted(_rows(block, file))
            columns = list(zip(*rows, strict=True)) or [()] * len(self.names)
            yield self.arrow.table(dict(zip(self.names, columns, strict=True)), self.arrow.schema(text)), faults

    def _without_arrow(self, file: Any) -> Iterator[Cells]:
        every = (row for row in _rows(b"", file, to_the_end=True) if any(row))
        while stretch := list(islice(every, stretches.LENGTH)):
            fitted, faults = self._fitted(stretch)
            columns = map(list, zip(*fitted, strict=True))
            yield Cells(dict(zip(self.names, columns, strict=True)), faults)

    def _fitted(self, rows: Iterable[list[str]]) -> tuple[list[list[str | None]], list[Fault]]:
        """The rows cut or filled up to the width of the heading, and which were not of that width."""
        width = len(self.names)
        fitted: list[list[str | None]] = []
        faults: list[Fault] = []
        for row in (row for row in rows if any(row)):
            if len(row) != width:
                faults.append(Fault(len(fitted), len(row), "row_length", {"expected": width}))
            fitted.append([cell or None for cell in (row + [""] * width)[:width]])
        return fitted, faults


class _Recoded:
    """A file in another encoding as UTF-8; only the sign U+000A ends a line."""

    def __init__(self, file: Any, encoding: str | None) -> None:
        self.text = TextIOWrapper(file, encoding=encoding, newline="\n")

    def read(self, size: int) -> bytes:
        return self.text.read(size).encode()

    def readline(self) -> bytes:
        return self.text.readline().encode()


def _by_arrow(block: bytes, text: Mapping[str, Any]) -> Any:
    """The rows of a block as texts; None where a quote is left open, or a row is too long or too short."""
    if block.count(b'"') % 2:
        return None
    reader, arrow = import_module("pyarrow.csv"), import_module("pyarrow")
    try:
        return reader.read_csv(
            arrow.py_buffer(block),
            read_options=reader.ReadOptions(column_names=list(text), use_threads=False, block_size=len(block) + 1),
            parse_options=reader.ParseOptions(newlines_in_values=b'"' in block),
            convert_options=reader.ConvertOptions(column_types=text, strings_can_be_null=True, null_values=[""]),
        )
    except arrow.ArrowInvalid:
        return None


def _rows(block: bytes, file: Any, *, to_the_end: bool = False) -> Iterator[list[str]]:
    """The rows that begin in a block; where its last one goes on behind it, the lines it needs are read from the file.

    `to_the_end`: all rows of the file too.
    """
    lines = _Lines(block, file)
    reader = csv.reader(lines, strict=True)
    try:
        while (to_the_end or lines.left > 0) and (row := next(reader, None)) is not None:
            yield row
    except csv.Error as error:
        reason = f"{error}: {lines.last.strip()[:60]}"
        raise InputError(problem("table_unreadable", "", None, reason=reason)) from None


class _Lines:
    """The lines of a block of bytes, then those of the file behind it."""

    def __init__(self, block: bytes, file: Any) -> None:
        self.block, self.file = BytesIO(block), file
        self.left = block.count(b"\n") + (block[-1:] not in (b"\n", b""))
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.block.readline() or self.file.readline()
        self.left -= 1
        if not line:
            raise StopIteration
        self.last = line.decode("utf-8")
        return self.last


def _without_empty_rows(table: Any) -> Any:
    """Excel leaves rows of nothing but commas at the end of a sheet."""
    compute = import_module("pyarrow.compute")
    if not table.column(0).null_count:
        return table
    filled = compute.is_valid(table.column(0))
    for column in table.columns[1:]:
        filled = compute.or_(filled, compute.is_valid(column))
    return table.filter(filled)


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
    with path.open("rb") as file:
        guess, guess_zh = beginning_of(file.read(8)) or UNKNOWN
    raise InputError(problem("file_encoding", "", guess=guess, guess_zh=guess_zh, position=position))

"""Arrow's tables as stretches of one length: those of a Parquet file, and those read from blocks of a CSV file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from valuation.book import stretches
from valuation.book.cells import Fault
from valuation.book.columns import COLUMNS, Column
from valuation.book.stretches import Cells, library
from valuation.errors import InputError, problem


class ParquetSource:
    """A Parquet file, read a stretch at a time."""

    typed = True
    encoding: str | None = None

    def __init__(self, path: Path) -> None:
        self.arrow = library("pyarrow", "Parquet")
        try:
            # Pages as they are needed: else the whole of a group of rows is read ahead, a million in a file of pandas.
            self.file = library("pyarrow.parquet", "Parquet").ParquetFile(path, pre_buffer=False, buffer_size=2**16)
        except self.arrow.ArrowInvalid as error:
            raise InputError(problem("table_unreadable", "", None, reason=str(error).splitlines()[0])) from None
        self.names = list(self.file.schema_arrow.names)

    def stretches(self) -> Iterator[Cells]:
        """Rows in stretches of one length, whatever the row groups are."""
        batches = self.file.iter_batches(batch_size=stretches.LENGTH)
        none: list[Fault] = []
        tables = ((self.arrow.Table.from_batches([batch]), none) for batch in batches)
        return of_one_length(self.arrow, tables)


def of_one_length(arrow: Any, parts: Iterable[tuple[Any, list[Fault]]]) -> Iterator[Cells]:
    """Tables with their faults as stretches of one length, the last one shorter."""
    length = stretches.LENGTH
    held: list[Any] = []
    faults: list[Fault] = []
    count = 0
    for table, of_rows in parts:
        faults += [replace(fault, at=fault.at + count) for fault in of_rows]
        held.append(table)
        count += table.num_rows
        while count >= length:
            joined = arrow.concat_tables(held)
            yield _of_arrow(joined.slice(0, length), [f for f in faults if f.at < length])
            held, count = [joined.slice(length)], count - length
            faults = [replace(fault, at=fault.at - length) for fault in faults if fault.at >= length]
    if count:
        yield _of_arrow(arrow.concat_tables(held), faults)


def _of_arrow(table: Any, faults: Sequence[Fault]) -> Cells:
    table = table.combine_chunks()
    known = (name for name in table.column_names if name in COLUMNS)
    columns = {name: _of_column(table.column(name), COLUMNS[name]) for name in known}
    return Cells(columns, faults, table)


def _of_column(cells: Any, column: Column) -> Any:
    """Numbers and days as arrays of numpy, words each once, all else as Python or pandas holds it."""
    kind = str(cells.type)
    is_text = kind in ("string", "large_string")
    if column.sort == "number" and kind.startswith(("double", "float", "int", "uint", "decimal")):
        return cells.cast("double").to_numpy()
    if column.sort == "date" and kind.startswith(("date", "timestamp")) and "tz=" not in kind:
        return cells.cast("date32").to_numpy()
    if is_text and column.sort in ("number", "date"):
        found = _converted(cells, {"number": "double", "date": "date32"}[column.sort])
        return cells.to_pylist() if found is None else found
    if column.sort == "word" and is_text:
        return cells.dictionary_encode().to_pandas().array
    return cells.to_numpy() if is_text and column.name != "id" else cells.to_pandas().array


def _converted(cells: Any, kind: str) -> Any:
    """Texts as numbers or days; None where one is neither, or is a NaN in writing, which is no number."""
    try:
        found = cells.cast(kind).to_numpy()
    except import_module("pyarrow").ArrowInvalid:
        return None
    nothing = np.isnat(found) if found.dtype.kind == "M" else np.isnan(found)
    return found if np.count_nonzero(nothing) == cells.null_count else None

"""A book from file to file: its rows come out with their answers, the rejects in a table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from valuation.book.columns import COLUMNS
from valuation.book.desk import Answer, Desk
from valuation.book.policy import BookPolicy, read_policy
from valuation.book.reasons import DECISIONS, LIMITS, sentence
from valuation.book.reports import Reports, Shocks
from valuation.book.rows import REJECT_COLUMNS, Reject
from valuation.book.sheets import Columns, Words, check_kind, python_cells, sheet_of
from valuation.book.sources import source_of
from valuation.book.stretches import Source
from valuation.errors import InputError, problem
from valuation.whole_files import whole


def lend_file(
    table: str | Path,
    policy: BookPolicy | Mapping[str, Any] | str | Path,
    target: str | Path,
    *,
    rejects: str | Path | None = None,
    on: date | None = None,
    threads: int = 1,
    language: str = "en",
    stress: Shocks = None,
    due_within_days: int | None = None,
    supervisor: bool = False,
) -> dict[str, Any]:
    """The summary of a book read from a file; its rows with what may be lent on each are written to another.

    CSV, Parquet and Excel by the endings of the names, CSV and Parquet a stretch at a time. The target and the table of
    rejects appear when all is done, or not at all. The further tables are those of `lend_book`, beside the target.
    """
    table, target = Path(table), Path(target)
    asked = {"stress": stress is not None, "due": due_within_days is not None, "supervisor": supervisor}
    places = {"out": target, "rejects": beside(target, "rejects") if rejects is None else Path(rejects)}
    places |= {name: beside(target, name) for name in asked if asked[name]}
    _check(table, places)
    stated = read_policy(policy)
    with _naming(table):
        source = source_of(table)
        desk = Desk(source, stated, on)
    reports = Reports(desk, stress=stress, due_within_days=due_within_days, supervisor=supervisor)
    with whole(*places.values()) as parts:
        sheets = {name: (places[name].suffix.lower(), part) for name, part in zip(places, parts, strict=True)}
        answers = _named(desk.answers(partial(_room, desk.results), threads), table)
        _write(answers, source, sheets["out"], sheets["rejects"], language)
        for name, frame in reports.tables(language).items():
            with sheet_of(*sheets[name]) as sheet:
                sheet.write(columns_of(frame))
    files = {"table": table, "encoding": source.encoding, **places}
    return {**desk.summary(), **reports.to_json(), "files": {name: str(at) for name, at in files.items() if at}}


def beside(target: Path, what: str) -> Path:
    """Where a further table goes if nobody says: book.csv, book.rejects.csv."""
    return target.with_name(f"{target.stem}.{what}{target.suffix}")


def _check(table: Path, places: Mapping[str, Path]) -> None:
    written = [place.resolve() for place in places.values()]
    for place in places.values():
        check_kind(place)
        if place.resolve() == table.resolve():
            raise InputError(problem("table_itself", "", place.name))
        if written.count(place.resolve()) > 1:
            raise InputError(problem("duplicate", "", place.name))


def _named(answers: Iterator[Answer], table: Path) -> Iterator[Answer]:
    with _naming(table):
        yield from answers


@contextmanager
def _naming(table: Path) -> Iterator[None]:
    """Problems met here are those of the table that is read."""
    try:
        yield
    except InputError as error:
        raise error.in_file(table.name) from None


def _room(names: Sequence[str], _: int, rows: int) -> dict[str, Any]:
    return {name: np.empty(rows) for name in names}


def _write(
    answers: Iterator[Answer], source: Source, out: tuple[str, Path], rejects: tuple[str, Path], language: str
) -> None:
    with sheet_of(*out) as sheet, sheet_of(*rejects) as told:
        told.write(rejected([], language))
        for answer in answers:
            sheet.write({**given(source, answer, out[0]), **found(answer, language)})
            if answer.stretch.rows.rejects:
                told.write(rejected(answer.stretch.rows.rejects, language))


def given(source: Source, answer: Answer, kind: str) -> Columns:
    """The columns as they were read."""
    table, columns = answer.cells.arrow, answer.cells.columns
    read = {name: columns[name] if table is None else table.column(name) for name in source.names}
    return read if table is not None and not source.of_text else {n: _typed(n, read[n], answer, kind) for n in read}


def _typed(name: str, cells: Any, answer: Answer, kind: str) -> Any:
    """Numbers and days among texts or mixed cells: Parquet holds nothing else beside them, Excel the text of a bad one.

    A CSV file gets them as they were written.
    """
    column = COLUMNS.get(name)
    if column is None or column.sort not in ("number", "date") or kind == ".csv":
        return cells
    figures = answer.stretch.rows.stated[name]
    if column.sort == "date":
        blank = np.isnan(figures)
        figures = np.where(blank, np.datetime64("NaT"), np.where(blank, 0, figures).astype("datetime64[D]"))
    if kind == ".parquet":
        return figures
    return [
        text if figure is None else figure for figure, text in zip(*map(python_cells, (figures, cells)), strict=True)
    ]


def found(answer: Answer, language: str) -> Columns:
    """What a book comes back with."""
    sentences = [sentence(key, language) for key in answer.keys]
    return {
        **answer.stretch.figures,
        "decision": Words(answer.decisions, DECISIONS),
        "binding_limit": Words(answer.stretch.binding, LIMITS),
        "reasons": Words(answer.reasons, sentences),
    }


def rejected(rejects: Sequence[Reject], language: str) -> Columns:
    """The table of rejects: a line a cell."""
    lines = [reject.to_json(language) for reject in rejects]
    columns: dict[str, Any] = {name: [line[name] for line in lines] for name in REJECT_COLUMNS}
    return {**columns, "row": np.array(columns["row"], dtype=np.int64)}


def columns_of(frame: pd.DataFrame) -> Columns:
    """A small table of pandas as columns to be written."""
    return {
        str(name): column.to_numpy(dtype=float) if column.dtype.kind in "fiu" else column.astype(object).tolist()
        for name, column in frame.items()
    }

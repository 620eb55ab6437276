"""A book from file to file: its rows come out with their answers, the rejects in a table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from valuation.book.columns import COLUMNS
from valuation.book.desk import Answer, Desk
from valuation.book.policy import BookPolicy, read_policy
from valuation.book.reasons import DECISIONS, LIMITS, sentence
from valuation.book.reports import STANDARD, Reports, Shocks
from valuation.book.rows import REJECT_COLUMNS, Reject
from valuation.book.sheets import Columns, Numerals, Words, check_kind, python_cells, sheet_of
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
    stress: str | Path | None = None,
    scenarios: Shocks = STANDARD,
    due: str | Path | None = None,
    due_within_days: int = 0,
    supervisor: str | Path | None = None,
) -> dict[str, Any]:
    """The summary of a book read from a file; its rows with what may be lent on each are written to another.

    CSV, Parquet and Excel by the endings of the names, CSV and Parquet a stretch at a time. `stress`, `due` and
    `supervisor` name files for the book under shocks, for what is due and for the supervisor's table; see `lend_book`.
    All files appear when all is done, or none.
    """
    table, target = Path(table), Path(target)
    check_kind(target)  # before another name is made of it
    rejects = beside(target) if rejects is None else Path(rejects)
    asked = {"stress": stress, "due": due, "supervisor": supervisor}
    more = {name: Path(path) for name, path in asked.items() if path is not None}
    _check(table, target, rejects, *more.values())
    stated = read_policy(policy)
    with _naming(table):
        source = source_of(table)
        desk = Desk(source, stated, on)
    reports = Reports(
        desk,
        stress=scenarios if "stress" in more else None,
        due_within_days=due_within_days if "due" in more else None,
        supervisor="supervisor" in more,
    )
    answers = _named(desk.answers(partial(_room, desk.results), threads), table)
    _write(answers, source, {"out": target, "rejects": rejects, **more}, reports, language)
    files = {**_files(source, table, target, rejects), **{name: str(path) for name, path in more.items()}}
    return {**desk.summary(), **reports.to_json(), "files": files}


def beside(target: Path) -> Path:
    """Where the rejects of a book go if nobody says: book.csv, book.rejects.csv."""
    return target.with_name(f"{target.stem}.rejects{target.suffix}")


def _check(table: Path, *targets: Path) -> None:
    seen: set[Path] = set()
    for written in targets:
        check_kind(written)
        if written.resolve() == table.resolve():
            raise InputError(problem("table_itself", "", written.name))
        if written.resolve() in seen:
            raise InputError(problem("duplicate", "", written.name))
        seen.add(written.resolve())


def _files(source: Source, table: Path, target: Path, rejects: Path) -> dict[str, str]:
    encoding = {"encoding": source.encoding} if source.encoding else {}
    return {"table": str(table), **encoding, "out": str(target), "rejects": str(rejects)}


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
    answers: Iterator[Answer], source: Source, files: Mapping[str, Path], reports: Reports, language: str
) -> None:
    kind = files["out"].suffix.lower()
    with whole(*files.values()) as parts, ExitStack() as opened:
        sheets = {
            name: opened.enter_context(sheet_of(path.suffix.lower(), part))
            for (name, path), part in zip(files.items(), parts, strict=True)
        }
        sheets["rejects"].write(rejected([], language))
        for answer in answers:
            sheets["out"].write({**given(source, answer, kind), **found(answer, language)})
            if answer.stretch.rows.rejects:
                sheets["rejects"].write(rejected(answer.stretch.rows.rejects, language))
        for name, table in reports.tables(language).items():
            sheets[name].write(of_frame(table))


def given(source: Source, answer: Answer, kind: str) -> Columns:
    """The columns as they were read."""
    table, columns = answer.cells.arrow, answer.cells.columns
    read = {name: columns[name] if table is None else table.column(name) for name in source.names}
    return read if source.typed else {n: _typed(n, read[n], answer, kind) for n in read}


def _typed(name: str, cells: Any, answer: Answer, kind: str) -> Any:
    """Numbers and days among texts or mixed cells: Parquet holds nothing else beside them, Excel the text of a bad one.

    A CSV file gets them as they were written.
    """
    column = COLUMNS.get(name)
    if column is None or column.sort not in ("number", "date"):
        return cells
    if kind == ".csv":
        plain = isinstance(answer.cells.columns[name], np.ndarray) and column.sort == "number"
        return Numerals(cells) if plain else cells
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


def of_frame(frame: Any) -> Columns:
    """A table of pandas as columns to write."""
    return {name: _figures(column) if column.dtype.kind in "iuf" else column.tolist() for name, column in frame.items()}


def _figures(column: Any) -> Any:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)

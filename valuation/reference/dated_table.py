"""Tables of dated, sourced rows (tables/*.csv): every cell as it was written, and the last day its date can mean.

The first of DATE_COLUMNS that a table has says when a row could be known. Rows without such a date stay in the table
for a reader to judge, but no rule and no look-up on a day ever uses them. Licences and changes: tables/SOURCES.md.
"""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO

from valuation.errors import InputError, problem

Row = dict[str, str]

DATE_COLUMNS = ("published", "date", "as_of", "release_date")
MARK_COLUMNS = ("verified", "mark")
# How a figure was checked, strongest first: the data file or the page itself was read; worked out from such data; a
# third party reports it; not checked; written from memory.
MARKS = ("file-read", "page-read", "derived", "secondary", "unverified", "memory")


def table(name: str) -> list[Row]:
    """All rows of a table, undated ones too; every cell is text."""
    return [dict(row) for row in _rows(name)]


def table_rows(name: str, on: date) -> list[Row]:
    """The rows of a table that could be known on a day: dated, and published no later."""
    return [dict(row) for row in _rows(name) if (day := known_on(row)) is not None and day <= on]


@cache
def table_names() -> tuple[str, ...]:
    """The tables that are installed, in order of name."""
    return tuple(
        sorted(entry.name.removesuffix(".csv") for entry in _folder().iterdir() if entry.name.endswith(".csv"))
    )


def known_on(row: Mapping[str, str]) -> date | None:
    """The day from which a row could be known; None if it states no date."""
    column = next((name for name in DATE_COLUMNS if name in row), None)
    return None if column is None else last_day(row[column])


def mark_of(row: Mapping[str, str]) -> str:
    """How a row was checked (one of MARKS)."""
    return next(row[name] for name in MARK_COLUMNS if name in row)


def last_day(written: str) -> date | None:
    """The last day that a written date can mean, so that nothing is used too early; None for an undated row.

    2024-03 is 2024-03-31; 2013-14 and late 2014 are 2014-12-31; 2026-Q1 is 2026-03-31; a/b ends with b.
    """
    text = written.strip().rpartition("/")[2]
    if text in ("", "undated"):
        return None
    for form, end in _DATE_FORMS:
        if found := form.fullmatch(text):
            return end(*map(int, found.groups()))
    raise InputError(problem("date_form", "", written))


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _year_end(year: int) -> date:
    return date(year, 12, 31)


_DATE_FORMS: tuple[tuple[re.Pattern[str], Callable[..., date]], ...] = (
    (re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"), date),
    (re.compile(r"(\d{4})-(0[1-9]|1[0-2])"), _month_end),
    (re.compile(r"(\d{4})-Q([1-4])"), lambda year, quarter: _month_end(year, 3 * quarter)),
    (re.compile(r"(\d\d)\d\d-(\d\d)"), lambda century, year: _year_end(100 * century + year)),
    (re.compile(r"\d{4}-(\d{4})"), _year_end),
    (re.compile(r"(?:(?:early|mid|late) )?(\d{4})(?:-(?:early|mid|late)?)?"), _year_end),
)


@cache
def _rows(name: str) -> tuple[Row, ...]:
    if name not in table_names():
        raise InputError(problem("not_known", "table", name, known=table_names()))
    text = (_folder() / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(StringIO(text, newline=""), strict=True))


def _folder() -> Traversable:
    return files("valuation.reference") / "tables"

"""Which figure held on a day, as far as it was known on that day, and where it comes from.

A figure published after the valuation date is never handed out: before its first date a look-up refuses and says how
to give one's own. A LookUp notes every figure it hands out, so that a record lists them and a replay answers from that
list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median
from typing import Any, Self

from valuation.errors import InputError, Problem, problem
from valuation.reference.dated_figure import Described, Pool, Series, Source, TableMedian
from valuation.reference.dated_table import MARKS, Row, known_on, mark_of, table, table_names, table_rows
from valuation.reference.figure_file import figure_files, read

__all__ = ["Figure", "LookUp", "Source", "figure", "names", "table", "table_names", "table_rows"]


@dataclass(frozen=True)
class Figure:
    """A figure as it was known on the day of the look-up: what it was, since when, who says so, and how fresh it is.

    level: IFRS 13 (1 quoted, 2 observable, 3 judgement). verified: how it was checked (dated_table.MARKS). age_days:
    from the day it came into force, or was last looked at again, to the day of the look-up. rows: those a median used.
    """

    name: str
    label: Mapping[str, str]
    value: float
    unit: str
    currency: str | None
    valid_from: date
    published: date
    checked_on: date | None
    age_days: int
    stale_after_days: int | None
    source: Source
    level: int
    verified: str
    note: str
    rows: tuple[Row, ...] = ()

    @property
    def stale(self) -> bool:
        """Whether it is older than its source is usually renewed."""
        return self.stale_after_days is not None and self.age_days > self.stale_after_days

    def warning(self) -> Problem | None:
        """The sentence to show beside a stale figure; None for a fresh one."""
        if not self.stale:
            return None
        return problem("reference_stale", "", self.name, age=self.age_days, limit=self.stale_after_days)

    def to_json(self) -> dict[str, Any]:
        """The figure as a record keeps it; dates as year-month-day."""
        return {
            **vars(self),
            "label": dict(self.label),
            "source": dict(vars(self.source)),
            "rows": [dict(row) for row in self.rows],
            **{key: day.isoformat() for key in _DATES if (day := getattr(self, key)) is not None},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The figure that a record kept."""
        dates = {key: date.fromisoformat(kept[key]) for key in _DATES if kept[key] is not None}
        return cls(**{**kept, **dates, "source": Source(**kept["source"]), "rows": tuple(map(dict, kept["rows"]))})


_DATES = ("valid_from", "published", "checked_on")


class LookUp:
    """Hands out the figures that held on one day and notes each, in order of name, in `used`.

    With `frozen`, the figures of a record (as Figure or as its JSON), it answers from these alone: what the installed
    figures have become since does not matter to a replay.
    """

    def __init__(self, on: date, *, frozen: Iterable[Figure | Mapping[str, Any]] | None = None) -> None:
        self.on = on
        self._frozen = None if frozen is None else {kept.name: kept for kept in map(_as_figure, frozen)}
        self._used: dict[str, Figure] = {}

    def figure(self, name: str, *, path: str = "") -> Figure:
        """The figure of that name; `path` is the place in the case that asks, for the sentence if there is none."""
        if self._frozen is None:
            found = figure(name, self.on, path=path)
        elif name in self._frozen:
            found = self._frozen[name]
        else:
            raise InputError(problem("unknown_reference", path, name, known=tuple(self._frozen)))
        self._used[name] = found
        return found

    @property
    def used(self) -> tuple[Figure, ...]:
        """Every figure handed out so far, once each, in order of name."""
        return tuple(self._used[name] for name in sorted(self._used))


def names() -> tuple[str, ...]:
    """The dotted names of all installed figures, in order."""
    return tuple(figure_files())


def figure(name: str, on: date, *, path: str = "") -> Figure:
    """What a figure was on a day, from what was published by that day.

    cn.lpr.1y on 2025-06-30 is 0.03 (cut on 2025-05-20), on 2025-05-19 it is 0.031.
    Refused, with a sentence: an unknown name (a near one is offered), a day before the first value, a figure that no
    longer exists, a median without a row in its window. A stale figure is handed out and says so.
    """
    if name not in figure_files():
        raise InputError(problem("unknown_reference", path, name, known=names()))
    kept = read(name)
    return _in_force(kept, on, path) if isinstance(kept, Series) else _median(kept, on, path)


def _as_figure(kept: Figure | Mapping[str, Any]) -> Figure:
    return kept if isinstance(kept, Figure) else Figure.from_json(kept)


def _in_force(series: Series, on: date, path: str) -> Figure:
    known = [value for value in series.values if value.known <= on]
    if not known:
        raise _too_early(series, on, min(value.known for value in series.values), path)
    held = known[-1]
    if held.value is None:
        raise InputError(problem("reference_ended", path, series.name, since=held.start.isoformat()))
    checked_on = max((check.on for check in series.checks if held.start <= check.on <= on), default=None)
    return Figure(
        **_said(series),
        value=held.value,
        valid_from=held.start,
        published=held.published,
        checked_on=checked_on,
        age_days=(on - (checked_on or held.start)).days,
        source=held.source,
        level=held.level,
        verified=held.verified,
        note=" ".join(filter(None, (series.note, held.note))),
    )


def _too_early(kept: Described, on: date, first: date, path: str) -> InputError:
    return InputError(problem("reference_too_early", path, kept.name, on=on.isoformat(), first=first.isoformat()))


def _said(kept: Described) -> dict[str, Any]:
    return {key: getattr(kept, key) for key in ("name", "label", "unit", "currency", "stale_after_days")}


_Offer = tuple[date, Pool, Row]


def _median(rule: TableMedian, on: date, path: str) -> Figure:
    offers = [offer for pool in rule.pools for offer in _offers(pool)]
    past = [offer for offer in offers if offer[0] <= on]
    if not past:
        raise _too_early(rule, on, min(day for day, _, _ in offers), path)
    latest = max(day for day, _, _ in past)
    used = _current([offer for offer in past if offer[0] > on - timedelta(days=rule.window_days)])
    if not used:
        window = {"on": on.isoformat(), "window": rule.window_days, "latest": latest.isoformat()}
        raise InputError(problem("reference_window", path, rule.name, **window))
    return Figure(
        **_said(rule),
        value=median(_price(pool, row) for _, pool, row in used),
        valid_from=latest,
        published=latest,
        checked_on=None,
        age_days=(on - latest).days,
        source=_source_of(used),
        level=rule.level,
        verified=max((mark_of(row) for _, _, row in used), key=MARKS.index),  # no stronger than its weakest row
        note=rule.note,
        rows=tuple({"table": pool.table, **row} for _, pool, row in used),
    )


def _offers(pool: Pool) -> list[_Offer]:
    """The dated rows a pool takes from its table; the same row entered twice counts once."""
    found: list[_Offer] = []
    for row in table(pool.table):
        day = known_on(row)
        is_wanted = all(row[column] in allowed for column, allowed in pool.where.items())
        is_barred = any(row[column] in barred for column, barred in pool.exclude.items())
        if day is not None and is_wanted and not is_barred and (day, pool, row) not in found:
            found.append((day, pool, row))
    return found


def _current(offers: list[_Offer]) -> list[_Offer]:
    """Of each named seller only the offers of its latest day: an older quote is superseded, not a second opinion."""
    latest: dict[str, date] = {}
    for day, pool, row in offers:
        if pool.seller is not None:
            latest[row[pool.seller]] = max(day, latest.get(row[pool.seller], day))
    return [(day, pool, row) for day, pool, row in offers if pool.seller is None or day == latest[row[pool.seller]]]


def _price(pool: Pool, row: Row) -> float:
    """The price of a row; the middle where it states a low and a high."""
    return fmean(float(row[column]) for column in pool.value if row[column])


def _source_of(used: list[_Offer]) -> Source:
    tables = " and ".join(dict.fromkeys(pool.table for _, pool, _ in used))
    titles = "; ".join(dict.fromkeys(row["source_title"] for _, _, row in used))
    count = "1 row" if len(used) == 1 else f"{len(used)} rows"
    return Source(f"median of {count} of {tables}", titles, max(day for day, _, _ in used).year)

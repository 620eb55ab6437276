"""What a dated figure is: a series of values, each from its date until the next, or a rule over tables of prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Source:
    """Where a figure was read; no year for an undated page, no url for what is not on the web."""

    title: str
    publisher: str
    year: int | None = None
    url: str = ""


@dataclass(frozen=True)
class Cell:
    """The table cell a value was taken from, and by which conversion; a test holds the two equal."""

    table: str
    where: Mapping[str, str]
    columns: tuple[str, ...]
    convert: str | None


@dataclass(frozen=True)
class Value:
    """What a figure was from a day on; None if it ended on that day."""

    start: date
    published: date
    value: float | None
    source: Source
    level: int
    verified: str
    note: str
    cell: Cell | None

    @property
    def known(self) -> date:
        """The first day on which a valuer may use it: in force and published."""
        return max(self.start, self.published)


@dataclass(frozen=True)
class Check:
    """Looked at again on a day, and still so."""

    on: date
    source: Source
    verified: str
    cell: Cell | None


@dataclass(frozen=True)
class Described:
    """What every kind of dated figure says of itself."""

    name: str
    label: Mapping[str, str]
    unit: str
    currency: str | None
    stale_after_days: int | None
    note: str


@dataclass(frozen=True)
class Series(Described):
    """A figure whose values were published one after the other."""

    values: tuple[Value, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Pool:
    """The rows of one table that enter a rule: where a column is one of these, except where it is one of those."""

    table: str
    value: tuple[str, ...]
    where: Mapping[str, list[str]]
    exclude: Mapping[str, list[str]]
    seller: str | None


@dataclass(frozen=True)
class TableMedian(Described):
    """A figure that is the median of the rows of one or more tables within some days before the valuation date."""

    window_days: int
    level: int
    pools: tuple[Pool, ...]

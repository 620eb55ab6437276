"""The desk at which a book is worked: one policy and one set of assumptions, stretch after stretch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np

from valuation import plugins
from valuation.book.assumptions import Assumptions
from valuation.book.cells import Fault
from valuation.book.columns import FIELDS, RESULTS, check_names
from valuation.book.lending_of_rows import Stretch, lend
from valuation.book.names import NamesSeen
from valuation.book.policy import BookPolicy
from valuation.book.reasons import Key, decisions, reasons
from valuation.book.rows import Reader
from valuation.book.stretches import Cells, Source
from valuation.book.totals import Totals
from valuation.engines import in_order
from valuation.errors import InputError, problem
from valuation.lending.limits import LIMIT_NAMES
from valuation.workings import FloatArray

Figures = Mapping[str, FloatArray]
LIMITS_OF_COLUMNS = {"debt_service": "cash_flow", "loss_given_default": "loss_given_default"}  # what a limit needs
ALWAYS_TESTED = ("policy_cap", "value_at_risk", "decay_path")


class Further(Protocol):
    """Something that is asked of every stretch: `of` may run beside other stretches, `add` comes in order."""

    def of(self, stretch: Stretch, cells: Mapping[str, Any]) -> Any:
        """What this stretch comes to."""

    def add(self, found: Any) -> None:
        """Count it in."""


@dataclass(frozen=True)
class Given:
    """A stretch to work out: its cells, its first row, what is wrong with its names, where its figures go."""

    cells: Cells
    first: int
    of_names: list[Fault]
    figures: Figures


@dataclass(frozen=True)
class Answer:
    """A stretch worked out, with the decision on each row and its reason as a place in a list."""

    stretch: Stretch
    cells: Cells
    decisions: Any
    reasons: Any
    keys: list[Key]
    further: Sequence[Any]


class Desk:
    """Works out the stretches of one book."""

    def __init__(self, source: Source, policy: BookPolicy, on: date | None) -> None:
        check_names(source.names, policy.other_columns)
        self.source = source
        self.on = on or datetime.now().astimezone().date()
        self.assumptions = Assumptions(policy, self.on)
        self.reader = Reader(self.assumptions, self.on, of_text=source.of_text)
        self.totals = Totals(self.assumptions)
        self.further: list[Further] = [self.totals]
        self.results = results_of(source.names, policy)
        self.for_all = {"shortfall_probability": np.array([self.assumptions.shortfall_probability().value])}
        for name in ("share_covered_by_sale", "loss_given_default"):
            if (stated := policy.for_all(name)) is not None:
                self.for_all[name] = np.array([stated])

    def answers(self, room: Callable[[int, int], Figures], threads: int) -> Iterator[Answer]:
        """The answers to all stretches, in order; `room` gives arrays for the figures of so many rows from a row on."""
        for answer in in_order(self._answer, self._given(room), threads=threads):
            for one, found in zip(self.further, answer.further, strict=True):
                one.add(found)
            yield answer

    def _given(self, room: Callable[[int, int], Figures]) -> Iterator[Given]:
        seen, first = NamesSeen(), 0
        for cells in self.source.stretches():
            names = cells.columns["id"]
            yield Given(cells, first, seen.faults(names), room(first, len(names)))
            first += len(names)
        if not first:
            raise InputError(problem("table_empty", ""))

    def _answer(self, given: Given) -> Answer:
        rows = self.reader.read(given.cells.columns, given.first, [*given.cells.faults, *given.of_names])
        stretch = lend(rows, self.for_all, given.figures)
        found, keys = reasons(stretch, given.cells.columns.get("title_reason"))
        further = [one.of(stretch, given.cells.columns) for one in self.further]
        return Answer(stretch, given.cells, decisions(stretch), found, keys, further)

    def summary(self) -> dict[str, Any]:
        """What the run came to, and by which version."""
        return {"on": self.on.isoformat(), "version": version(plugins.OURS), **self.totals.to_json()}


def results_of(given: list[str], policy: BookPolicy) -> list[str]:
    """The columns of figures that this book can have: a limit that no row and no policy states has none."""
    known = {*given, *policy.loans}
    columns = {field: column for column, field in FIELDS.items()}
    tested = {
        f"limit_{name}"
        for name in LIMIT_NAMES
        if name in ALWAYS_TESTED or LIMITS_OF_COLUMNS.get(name, columns.get(name, name)) in known
    }
    left_out = {name for name in RESULTS if name.startswith("limit_")} - tested
    if "default_probability" not in known:
        left_out.add("expected_loss")
    return [name for name in RESULTS if name not in left_out]

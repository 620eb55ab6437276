"""The desk at which a book is worked: one policy and one set of assumptions, stretch after stretch."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
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
from valuation.engines import in_order, on_executor
from valuation.errors import InputError, problem
from valuation.lending.limits import LIMIT_NAMES
from valuation.workings import FloatArray

Figures = Mapping[str, FloatArray]
LIMITS_OF_COLUMNS = {"debt_service": "cash_flow", "loss_given_default": "loss_given_default"}  # what a limit needs
SENT_AHEAD = 8  # stretches under way on an executor
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
    further: Sequence[Any] = ()


@dataclass(frozen=True)
class Work:
    """All that is needed to work a stretch out, so that it can be sent to another process or machine."""

    reader: Reader
    for_all: Figures
    results: Sequence[str]

    def __call__(self, given: Given) -> Answer:
        """The answer to a stretch; its figures go where they were wanted, or into arrays of their own."""
        columns = given.cells.columns
        figures = given.figures or {name: np.empty(len(columns["id"])) for name in self.results}
        rows = self.reader.read(columns, given.first, [*given.cells.faults, *given.of_names])
        stretch = lend(rows, self.for_all, figures)
        found, keys = reasons(stretch, columns.get("title_reason"))
        return Answer(stretch, given.cells, decisions(stretch), found, keys)


class Desk:
    """Works out the stretches of one book."""

    def __init__(self, source: Source, policy: BookPolicy, on: date | None) -> None:
        check_names(source.names, policy.other_columns)
        self.source = source
        self.on = on or datetime.now().astimezone().date()
        self.assumptions = Assumptions(policy, self.on)
        self.reader = Reader(self.assumptions, self.on)
        self.totals = Totals(self.assumptions)
        self.further: list[Further] = [self.totals]
        self.results = results_of(source.names, policy)
        self.for_all = {"shortfall_probability": np.array([self.assumptions.shortfall_probability().value])}
        for name in ("share_covered_by_sale", "loss_given_default"):
            if (stated := policy.for_all(name)) is not None:
                self.for_all[name] = np.array([stated])
        self.work = Work(self.reader, self.for_all, self.results)

    def answers(
        self, room: Callable[[int, int], Figures], threads: int, executor: Executor | None = None
    ) -> Iterator[Answer]:
        """The answers to all stretches, in order; `room` gives arrays for the figures of so many rows from a row on."""
        found = self._here(room, threads) if executor is None else self._elsewhere(room, executor)
        for answer in found:
            for one, part in zip(self.further, answer.further, strict=True):
                one.add(part)
            yield answer
            del answer  # so that no two stretches are kept at a time

    def _here(self, room: Callable[[int, int], Figures], threads: int) -> Iterator[Answer]:
        return in_order(lambda given: self._with_further(self.work(given)), self._given(room), threads=threads)

    def _elsewhere(self, room: Callable[[int, int], Figures], executor: Executor) -> Iterator[Answer]:
        """Only cells go out and figures come back; what looks on at the whole book stays here."""
        at_home: deque[Given] = deque()

        def sent() -> Iterator[Given]:
            for given in self._given(room):
                at_home.append(given)
                yield replace(given, cells=replace(given.cells, arrow=None), figures={})

        for answer in on_executor(self.work, sent(), executor, ahead=SENT_AHEAD):
            given = at_home.popleft()
            for name, column in given.figures.items():
                column[:] = answer.stretch.figures[name]
            stretch = replace(answer.stretch, figures=given.figures)
            yield self._with_further(replace(answer, stretch=stretch, cells=given.cells))

    def _with_further(self, answer: Answer) -> Answer:
        return replace(answer, further=[one.of(answer.stretch, answer.cells.columns) for one in self.further])

    def _given(self, room: Callable[[int, int], Figures]) -> Iterator[Given]:
        seen, first = NamesSeen(), 0
        for cells in self.source.stretches():
            names = cells.columns["id"]
            yield Given(cells, first, seen.faults(names), room(first, len(names)))
            first += len(names)
        if not first:
            raise InputError(problem("table_empty", ""))

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

"""Rows of a book made ready: cells checked, what a row leaves out filled in, bad rows told and set aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.book.assumptions import Assumptions
from valuation.book.cells import BLANK, EPOCH, Codes, Fault, days, has_blanks, numbers, wanted, words
from valuation.book.columns import COLUMNS, FIELDS, KINDS, SCHEDULES, SUBKINDS, TITLES, Column
from valuation.book.names import name_at
from valuation.errors import Problem, problem
from valuation.lending.assessment import ASSUMED_OF_SALE
from valuation.lending.limits import NEVER_LOST
from valuation.workings import FloatArray

Mask = NDArray[np.bool_]
REJECT_COLUMNS = ("row", "id", "column", "given", "allowed", "sentence")
NOTHING = np.full(1, np.nan)
NO_LIMIT = ("product_amount", "need", "guarantor_capacity", "amount")  # a blank limits nothing


@dataclass(frozen=True)
class Reject:
    """One cell that keeps its row out. Rows are counted from 1, the heading left out."""

    row: int
    id: str
    column: str
    given: Any
    problem: Problem

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """A line of the table of rejects."""
        given = f"{self.given:.15g}" if isinstance(self.given, float) else str("" if self.given is None else self.given)
        allowed = COLUMNS[self.column].allowed(language) if self.column in COLUMNS else ""
        parts = (self.row, self.id, self.column, given, allowed, self.problem.sentence(language))
        return dict(zip(REJECT_COLUMNS, parts, strict=True))


@dataclass
class Rows:
    """A stretch of a book. Figures are (rows,), or (1,) where one holds for all; `asset` are those of PledgedAsset."""

    first: int  # counted from 0
    names: Any  # cells of the column id
    bad: Mask
    rejects: list[Reject] = field(default_factory=list)
    misread: set[int] = field(default_factory=set)  # rows whose cells may stand under wrong headings: told once
    stated: dict[str, FloatArray] = field(default_factory=dict)  # as given, NaN where nothing was
    words: dict[str, Codes] = field(default_factory=dict)
    asset: dict[str, FloatArray] = field(default_factory=dict)
    loan: dict[str, FloatArray] = field(default_factory=dict)

    def reject(self, column: str, faults: Iterable[Fault]) -> None:
        """Set rows aside for cells of this column."""
        for fault in faults:
            if fault.at in self.misread:
                continue
            self.bad[fault.at] = True
            row = self.first + fault.at + 1
            place = f"row {row:,}, {column}" if column else f"row {row:,}"
            found = problem(fault.code, place, fault.given, **fault.params)
            self.rejects.append(Reject(row, name_at(self.names, fault.at), column, fault.given, found))

    def demand(self, column: str, missing: Mask) -> None:
        """Set rows aside where what other cells say makes a cell needed, and it is left out."""
        if missing.any():
            at = np.flatnonzero(missing & ~self.bad).tolist()
            self.reject(column, (Fault(place, None, "missing", wanted(column)) for place in at))

    def blank(self, column: str) -> Mask:
        """Where a number is left out; everywhere if the table has no such column."""
        return np.isnan(self.stated[column]) if column in self.stated else np.ones(len(self.bad), dtype=bool)

    def assumed(self, column: str) -> Mask:
        """Where a figure that was left out is taken from the assumptions."""
        if column == "default_correlation":
            return self.blank(column) & (self.asset.get(column, NOTHING) > 0)
        return self.blank(column)

    def filled(self, column: str, otherwise: FloatArray) -> FloatArray:
        """The figures of a column, and these where one is left out."""
        if column not in self.stated:
            return otherwise
        given = self.stated[column]
        return np.where(np.isnan(given), otherwise, given) if has_blanks(given) else given

    def titled(self, word: str) -> Mask:
        """The rows whose title was found so."""
        if "title" not in self.words:
            return np.full(len(self.bad), fill_value=word == TITLES[0])
        codes = np.where(self.words["title"] == BLANK, 0, self.words["title"])
        return np.asarray(codes == TITLES.index(word))

    def paid_back(self, schedule: str) -> Mask:
        """The rows with this schedule."""
        return np.asarray(self.words["schedule"] == SCHEDULES.index(schedule))


class Reader:
    """Makes the rows of one book ready, stretch by stretch."""

    def __init__(self, assumptions: Assumptions, on: date) -> None:
        self.assumptions = assumptions
        self.policy = assumptions.policy
        self.today = float((on - EPOCH).days)
        self.caps = np.array([[self._cap(kind, subkind) for subkind in (*SUBKINDS, None)] for kind in KINDS])

    def _cap(self, kind: str, subkind: str | None) -> float:
        found = self.policy.cap(kind, subkind)
        return np.nan if found is None else found

    def read(self, cells: Mapping[str, Any], first: int, of_rows: Iterable[Fault]) -> Rows:
        """The rows whose first is number `first` of the book, from 0; `of_rows` is what is wrong with names or rows."""
        rows = Rows(first, cells["id"], np.zeros(len(cells["id"]), dtype=bool))
        for fault in of_rows:
            rows.reject("" if fault.code == "row_length" else "id", [fault])
            if fault.code == "row_length":
                rows.misread.add(fault.at)
        for name in (name for name in COLUMNS if name in cells):
            self._column(rows, COLUMNS[name], cells[name])
        self._fill_asset(rows)
        self._fill_loan(rows)
        rows.rejects.sort(key=lambda reject: reject.row)
        return rows

    def _column(self, rows: Rows, column: Column, cells: Any) -> None:
        blank: Mask | None = None
        faults: list[Fault] = []
        if column.sort == "number":
            rows.stated[column.name], faults = numbers(column, cells)
            blank = rows.blank(column.name) if column.needed and has_blanks(rows.stated[column.name]) else None
        elif column.sort == "word":
            rows.words[column.name], faults = words(column, cells)
            blank = rows.words[column.name] == BLANK if column.needed else None
        elif column.sort == "date":
            rows.stated[column.name], faults = days(cells, np.inf if column.ahead else self.today)
        rows.reject(column.name, faults)
        if blank is not None:
            told = {fault.at for fault in faults}
            empty = [at for at in np.flatnonzero(blank).tolist() if at not in told]
            rows.reject(column.name, (Fault(at, None, "missing", wanted(column.name)) for at in empty))

    def _fill_asset(self, rows: Rows) -> None:
        kinds, assumed = rows.words["kind"], self.assumptions
        rows.asset["value"] = rows.stated["value"]
        for name in (*ASSUMED_OF_SALE, "acceptance"):
            rows.asset[name] = rows.filled(name, assumed.figures(name)[kinds])
        level = rows.filled("evidence_level", np.full(len(kinds), 3.0))
        at = np.clip(level, 1, 3).astype(np.int8) - 1
        rows.asset["valuation_error"] = rows.filled("valuation_error", assumed.valuation_errors()[kinds, at])
        subkinds = rows.words.get("subkind", np.full(len(kinds), BLANK, dtype=np.int8))  # BLANK finds the last cap
        rows.asset["policy_cap"] = rows.filled("policy_cap", self.caps[kinds, subkinds])
        if has_blanks(rows.asset["policy_cap"]):
            rows.demand("policy_cap", np.isnan(rows.asset["policy_cap"]))
        for name in ("fixed_cost", "prior_claims"):
            rows.asset[name] = rows.filled(name, np.zeros(1))

    def _fill_loan(self, rows: Rows) -> None:
        """What a row may leave out is the policy's; a limit that neither states limits nothing."""
        stated, loan = rows.stated, rows.loan
        loan |= {name: stated[name] for name in ("tenor_years", "rate")}
        loan["payments_per_year"] = rows.filled("payments_per_year", np.ones(1))
        loan["money_rate"] = rows.filled("money_rate", self._policy("money_rate", stated["rate"]))
        self._fill_recovery(rows)
        for name in NO_LIMIT:
            if name in stated or name in self.policy.loans:
                loan[FIELDS.get(name, name)] = rows.filled(name, self._policy(name, np.full(1, np.inf)))
        self._fill_cash_flow(rows)
        loan["balloon_share"] = rows.filled("balloon_share", np.zeros(1))
        if "balloon_share" not in stated or has_blanks(stated["balloon_share"]):
            rows.demand("balloon_share", rows.paid_back("balloon") & rows.blank("balloon_share"))
        if "default_probability" in stated or "default_probability" in self.policy.loans:
            loan["default_probability"] = rows.filled(
                "default_probability", self._policy("default_probability", NOTHING)
            )
        self._fill_correlation(rows)

    def _fill_recovery(self, rows: Rows) -> None:
        """With a limit on the loss in default, less must be recovered from the borrower than that leaves."""
        recovery = rows.filled("unsecured_recovery", self._policy("unsecured_recovery", np.zeros(1)))
        rows.loan["unsecured_recovery"] = recovery
        allowed = self.policy.for_all("loss_given_default")
        if allowed is not None and (never := recovery + allowed >= 1).any():
            at = np.flatnonzero(np.broadcast_to(never, rows.bad.shape) & ~rows.bad).tolist()
            given = np.broadcast_to(recovery, rows.bad.shape)
            rows.reject("unsecured_recovery", (Fault(a, float(given[a]), "combination", NEVER_LOST) for a in at))

    def _fill_correlation(self, rows: Rows) -> None:
        """How price and default move together; without a probability of default they do not."""
        known = np.broadcast_to(~np.isnan(rows.loan.get("default_probability", NOTHING)), rows.bad.shape)
        if "default_correlation" in rows.stated:
            rows.demand("default_probability", ~rows.blank("default_correlation") & ~known)
        by_kind = self.assumptions.figures("default_correlation")
        if known.any() and ("default_correlation" in rows.stated or by_kind.any()):
            correlation = rows.filled("default_correlation", by_kind[rows.words["kind"]])
            rows.asset["default_correlation"] = np.where(known, correlation, 0.0)

    def _fill_cash_flow(self, rows: Rows) -> None:
        """Without cash flow the ability to pay is not tested; a sculpted loan cannot do without."""
        rows.demand("cash_flow", rows.paid_back("sculpted") & rows.blank("cash_flow"))
        if "cash_flow" not in rows.stated:
            return
        dscr = rows.filled("dscr", self._policy("dscr", NOTHING))
        rows.demand("dscr", ~rows.blank("cash_flow") & np.isnan(dscr))
        rows.loan["cash_flow"] = rows.filled("cash_flow", np.full(1, np.inf))
        rows.loan["dscr"] = np.where(np.isnan(dscr), 1.0, dscr)

    def _policy(self, name: str, otherwise: FloatArray) -> FloatArray:
        stated = self.policy.for_all(name)
        return otherwise if stated is None else np.array([stated])

"""Which rows are due: for a new appraisal, for a fee of their right, or because the right ends before its loan.

The supervisor asks for a new appraisal once a year at least (collateral guidelines of 2017, read in the press); what
decays faster is due when a tenth of its value is expected to be gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from valuation.book.cells import EPOCH
from valuation.book.exposure import exposure
from valuation.book.lending_of_rows import Stretch
from valuation.book.rows import Mask, Rows
from valuation.lending.lines import LONGEST_INTERVAL, revaluation_interval
from valuation.workings import FloatArray

DAYS_A_YEAR = 365.0
REASONS = ("no_appraisal_date", "decay", "yearly_rule", "fee", "legal_life")
UNKNOWN, DECAY, YEARLY, FEE, LIFE = range(len(REASONS))
SENTENCES = {
    "en": (
        "No date of the latest appraisal is stated, so it counts as due.",
        "A tenth of the value is expected to be gone by then, {years:.2f} years after the appraisal of {valued_on}.",
        "A year after the appraisal of {valued_on} the supervisor's rule asks for a new one.",
        "The next fee of the right falls due; unpaid, the right may end early.",
        "The right ends before the loan, drawn today, is paid back and its security could be sold.",
    ),
    "zh": (
        "未填写最近评估日期，视为已到期。",
        "{valued_on} 评估后 {years:.2f} 年，价值预计已损失十分之一。",
        "{valued_on} 评估已满一年，按监管规则应重新评估。",
        "权利年费到期；未缴可能导致权利提前终止。",
        "权利届满早于（自今日起算的）贷款还清及押品变现。",
    ),
}
HEADINGS = {
    "row": "行号", "id": "编号", "reason": "原因代码", "due_on": "到期日", "days_late": "逾期天数",
    "valued_on": "最近评估日期", "debt": "债务", "sentence": "说明",
}  # fmt: skip


@dataclass(frozen=True)
class Due:
    """Things that are due on the rows of a stretch, one an entry; days are since 1970, NaN where none is known."""

    row: Any  # counted from 1
    id: list[str]
    reason: Any  # place in REASONS
    due_on: FloatArray
    valued_on: FloatArray
    years: FloatArray
    debt: FloatArray


class DueList:
    """What is due by a day, or within some days after it, over a book."""

    def __init__(self, on: date, within_days: int = 0) -> None:
        self.today = float((on - EPOCH).days)
        self.last = self.today + within_days
        self.found: list[Due] = []

    def of(self, stretch: Stretch, _: Any = None) -> Due:
        """What is due on these rows; a row that is left out stands among the rejects."""
        rows, owed = stretch.rows, exposure(stretch)
        valued = rows.stated.get("valued_on", np.full(len(owed), np.nan))
        years = revaluation_interval(rows.asset["log_drift"])
        parts = [
            (np.flatnonzero(late & ~rows.bad), due_on, reason)
            for due_on, reason, late in self._checks(rows, valued, years)
        ]
        at = np.concatenate([places for places, _, _ in parts])
        names = rows.names
        return Due(
            row=rows.first + at + 1,
            id=[str(names[place]) for place in at.tolist()],
            reason=np.concatenate([reason[places] for places, _, reason in parts]),
            due_on=np.concatenate([due_on[places] for places, due_on, _ in parts]),
            valued_on=valued[at],
            years=years[at],
            debt=owed[at],
        )

    def _checks(self, rows: Rows, valued: FloatArray, years: FloatArray) -> Iterator[tuple[FloatArray, Any, Mask]]:
        """Of each thing that can be due: when, why, and whether it is to be told now."""
        due_on = valued + np.floor(years * DAYS_A_YEAR)
        by_rule = np.where(years < LONGEST_INTERVAL, DECAY, YEARLY)
        yield due_on, np.where(np.isnan(valued), UNKNOWN, by_rule), np.isnan(valued) | (due_on <= self.last)
        if "fee_due_on" in rows.stated:
            fee = rows.stated["fee_due_on"]
            yield fee, np.full(len(fee), FEE), fee <= self.last
        if "right_ends_on" in rows.stated:
            ends = rows.stated["right_ends_on"]
            needed = (rows.loan["tenor_years"] + rows.asset["sale_time"]) * DAYS_A_YEAR
            yield ends, np.full(len(ends), LIFE), ends < self.today + needed

    def add(self, found: Due) -> None:
        """Count a stretch in."""
        self.found.append(found)

    def table(self, language: str = "en") -> pd.DataFrame:
        """The latest first; before them what states no date, since nobody can say how late it is."""
        columns = {
            name: np.concatenate([getattr(due, name) for due in self.found])
            for name in ("row", "id", "reason", "due_on", "valued_on", "years", "debt")
        }
        late = self.today - columns["due_on"]
        order = np.lexsort((columns["reason"], columns["row"], -np.nan_to_num(late, nan=np.inf)))
        entries = zip(*(columns[name][order].tolist() for name in columns), late[order].tolist(), strict=True)
        table = pd.DataFrame([_told(language, *entry) for entry in entries], columns=list(HEADINGS))
        table["days_late"] = table["days_late"].astype("Int64")
        return table.rename(columns=HEADINGS) if language == "zh" else table

    def to_json(self) -> dict[str, int]:
        """How many entries there are of each reason."""
        counts = np.bincount(np.concatenate([due.reason for due in self.found]), minlength=len(REASONS)).tolist()
        return dict(zip(REASONS, counts, strict=True))


def _told(
    language: str, row: int, name: str, reason: int, due_on: float, valued_on: float, years: float, debt: float,
    late: float,
) -> tuple[Any, ...]:  # fmt: skip
    valued = _day(valued_on)
    sentence = SENTENCES[language][reason].format(valued_on=valued, years=years)
    return row, name, REASONS[reason], _day(due_on), None if np.isnan(late) else int(late), valued, debt, sentence


def _day(days: float) -> str | None:
    return None if np.isnan(days) else (EPOCH + timedelta(days=int(days))).isoformat()

"""What lender and supervisor ask of a whole book beside its rows: stress, what is due, the table of collateral."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from valuation.book.desk import Desk
from valuation.book.revaluation import DueList
from valuation.book.stress import Stress
from valuation.book.supervision import CollateralTable, field_list
from valuation.lending.stress_tests import Scenario, read_scenarios, standard_scenarios

STANDARD = "standard"
Shocks = Sequence[Scenario] | str | Path | None  # scenarios, a file of them, or the standard set


class Reports:
    """Those of the three that are asked for; they look on as the desk works the book out."""

    def __init__(self, desk: Desk, *, stress: Shocks, due_within_days: int | None, supervisor: bool) -> None:
        scenarios = _scenarios(stress)
        share = desk.for_all.get("share_covered_by_sale")
        covered = 1.0 if share is None else float(share[0])
        currency = desk.assumptions.policy.currency
        self.stress = None if scenarios is None else Stress(scenarios, desk.for_all)
        self.due = None if due_within_days is None else DueList(desk.on, due_within_days)
        self.supervisor = CollateralTable(desk.on, currency, covered) if supervisor else None
        desk.further += [one for one in (self.stress, self.due, self.supervisor) if one is not None]

    def tables(self, language: str = "en") -> dict[str, pd.DataFrame]:
        """The tables by name."""
        found = {"stress": self.stress, "due": self.due, "supervisor": self.supervisor}
        return {name: one.table(language) for name, one in found.items() if one is not None}

    def to_json(self) -> dict[str, Any]:
        """What the summary says of them: the stress whole, counts of what is due, what the supervisor's fields mean."""
        found: dict[str, Any] = {}
        if self.stress is not None:
            found["stress"] = self.stress.to_json()
        if self.due is not None:
            found["due"] = self.due.to_json()
        if self.supervisor is not None:
            found["supervisor_fields"] = field_list()
        return found


def _scenarios(asked: Shocks) -> Sequence[Scenario] | None:
    if asked == STANDARD:
        return standard_scenarios()
    return read_scenarios(asked) if isinstance(asked, str | Path) else asked

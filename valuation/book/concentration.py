"""How concentrated a book is: by loan, kind, borrower, base model, GPU generation, guarantor; and limits on that.

Loans on one base model or one GPU generation fall together, so they are one name in an index of their own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from valuation.book.columns import GROUPS, KINDS
from valuation.book.groups import UNNAMED, Group, Places
from valuation.book.lending_of_rows import Stretch
from valuation.book.policy import ConcentrationLimit
from valuation.lending import portfolio
from valuation.workings import FloatArray

ROUNDING = 1e-12  # a name at its limit has not broken it
LARGEST = 10  # names shown, and rows of a name that breaks a limit
BY_KIND = "kind"


class Concentration:
    """Debt by name over a book, stretch by stretch. Only limits need to remember the rows."""

    def __init__(self, limits: Sequence[ConcentrationLimit]) -> None:
        self.limits = limits
        self.groups: dict[str, Group] = {}
        self.totals: list[float] = []
        self.squares: list[float] = []
        self.balances: list[float] = []
        self.owed: list[FloatArray] = []
        self.of_rows: dict[str, list[Places]] = {limit.group: [] for limit in limits}

    def add(self, stretch: Stretch, cells: Mapping[str, Any], owed: FloatArray) -> None:
        """Count a stretch in; `owed` is the debt on each row."""
        self.totals.append(float(np.sum(owed)))
        self.squares.append(float(np.sum(owed**2)))
        self.balances.append(float(np.sum(owed[~stretch.rows.blank("balance")])))
        if self.limits:
            self.owed.append(owed)
        for name in (BY_KIND, *GROUPS):
            if name not in cells:
                continue
            group = self.groups.setdefault(name, Group(2))
            places = self._kinds(group, stretch) if name == BY_KIND else group.places(cells[name])
            group.add(places, owed, (owed > 0).astype(np.float64))
            if name in self.of_rows:
                self.of_rows[name].append(places)

    def _kinds(self, group: Group, stretch: Stretch) -> Places:
        codes = np.where(stretch.rows.bad, UNNAMED, stretch.rows.words["kind"])
        group.known = group.known or {kind: code for code, kind in enumerate(KINDS)}
        return codes.astype(np.int32)

    def to_json(self) -> dict[str, Any]:
        """Index, effective number, largest names with their shares, by group; and the limits of the policy."""
        total, squares = math.fsum(self.totals), math.fsum(self.squares)
        return {
            "concentration": {
                "debt": total,
                "of_it_stated_balances": math.fsum(self.balances),
                "by_loan": _index(portfolio.concentration_of_sums(total, squares)),
                **{name: self._of_group(group, total) for name, group in self.groups.items()},
            },
            "concentration_limits": [self._tested(limit, total) for limit in self.limits],
        }

    def _of_group(self, group: Group, total: float) -> dict[str, Any]:
        """All loans of one name count as one; what states no name is in no index, and its share is told."""
        amounts = group.sums[0]
        largest = [{"name": name, "amount": amount, "share": amount / total} for name, amount in group.largest(LARGEST)]
        unnamed = 1 - float(np.sum(amounts)) / total if total else 0.0
        found = _index(portfolio.concentration(amounts))
        return {**found, "names": int(np.sum(amounts > 0)), "share_without_name": max(0.0, unnamed), "largest": largest}

    def _tested(self, limit: ConcentrationLimit, total: float) -> dict[str, Any]:
        group = self.groups.get(limit.group)
        told = limit.model_dump(mode="json", exclude_none=True)
        if group is None:
            return {**told, "tested": False, "broken": []}
        most = limit.value * (total if limit.of is None else limit.of)
        return {**told, "tested": True, "largest_amount": most, "broken": self._broken(limit, group, most)}

    def _broken(self, limit: ConcentrationLimit, group: Group, most: float) -> list[dict[str, Any]]:
        """The names above the limit, by how much, and which rows carry them; rows are counted from 1."""
        amounts, counts = group.sums
        over = np.flatnonzero(amounts > most * (1 + ROUNDING))
        if not len(over):
            return []
        names, places, owed = list(group.known), np.concatenate(self.of_rows[limit.group]), np.concatenate(self.owed)
        found = [
            {
                "name": names[place],
                "amount": float(amounts[place]),
                "share": float(amounts[place] / most * limit.value),
                "over": float(amounts[place] - most),
                "rows": int(counts[place]),
                "largest_rows": _largest_rows(places == place, owed),
            }
            for place in over.tolist()
        ]
        return sorted(found, key=lambda entry: (-entry["amount"], entry["name"]))


def _largest_rows(of_name: Any, owed: FloatArray) -> list[int]:
    rows = np.flatnonzero(of_name & (owed > 0))
    largest: list[int] = (rows[np.argsort(-owed[rows], kind="stable")][:LARGEST] + 1).tolist()
    return largest


def _index(index: Any) -> dict[str, float]:
    found = float(index)
    return {"herfindahl": found, "effective_number": float(portfolio.effective_number(found)) if found else 0.0}

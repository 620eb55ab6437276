"""What a run comes to: counts, sums, what was assumed, how concentrated the loans are, what they lose on one factor.

Stretches are added in the order of the book, each summed by itself, so that a stream gives the same as the whole.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from valuation.book.assumptions import Assumptions
from valuation.book.cells import listed
from valuation.book.columns import GROUPS, KINDS
from valuation.book.lending_of_rows import Stretch
from valuation.book.one_factor import HORIZON, factor_sums
from valuation.book.policy import OF_KIND
from valuation.book.reasons import DECISIONS, LIMITS, decisions
from valuation.lending import portfolio
from valuation.workings import FloatArray

SUMS = ("maximum_loan", "recoverable_value", "carried_by_security", "rests_on_borrower", "expected_loss")
LARGEST_GROUPS = 10  # shown by name


class Totals:
    """Sums over a book, stretch by stretch."""

    def __init__(self, assumptions: Assumptions) -> None:
        self.assumptions = assumptions
        self.decisions: Counter[str] = Counter()
        self.binding: Counter[str] = Counter()
        self.sums: dict[str, list[float]] = defaultdict(list)
        self.groups: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.assumed: dict[str, Any] = defaultdict(lambda: np.zeros(len(KINDS), dtype=int))
        self.factor_sums: list[FloatArray] = []
        self.rejects = 0
        self.digest = hashlib.sha256()

    def add(self, stretch: Stretch, cells: Mapping[str, Any]) -> None:
        """Count a stretch in."""
        offered, figures = stretch.offered, stretch.figures
        self.decisions.update(_counted(decisions(stretch), DECISIONS))
        self.binding.update(_counted(stretch.binding[offered], LIMITS))
        self.rejects += len(stretch.rows.rejects)
        for name in (name for name in SUMS if name in figures):
            self.sums[name].append(float(np.nansum(figures[name][offered])))
        self.sums["value"].append(float(np.sum(stretch.rows.stated["value"][offered])))
        loans = figures["maximum_loan"][offered]
        self.sums["squares"].append(float(np.sum(loans**2)))
        self._add_groups(stretch, cells, loans)
        self._add_assumed(stretch)
        if self.assumptions.policy.one_factor is not None and "default_probability" in stretch.rows.loan:
            self.factor_sums.append(factor_sums(stretch, self.assumptions.policy.one_factor))
        for name in ("haircut_total", "maximum_loan"):
            self.digest.update(figures[name].tobytes())

    def _add_groups(self, stretch: Stretch, cells: Mapping[str, Any], loans: FloatArray) -> None:
        by_kind = np.bincount(stretch.rows.words["kind"][stretch.offered], weights=loans, minlength=len(KINDS))
        for kind, amount in zip(KINDS, by_kind.tolist(), strict=True):
            if amount:
                self.groups["kind"][kind] += amount
        places = np.flatnonzero(stretch.offered).tolist()
        for group in (group for group in GROUPS if group in cells):
            names, of_group = listed(cells[group]), self.groups[group]
            for at, loan in zip(places, loans.tolist(), strict=True):
                of_group[str(names[at] or "")] += loan

    def _add_assumed(self, stretch: Stretch) -> None:
        kinds, good = stretch.rows.words["kind"], ~stretch.rows.bad
        for name in OF_KIND:
            self.assumed[name] += np.bincount(kinds[good & stretch.rows.assumed(name)], minlength=len(KINDS))

    def to_json(self) -> dict[str, Any]:
        """The summary of the run."""
        sums = {name: math.fsum(parts) for name, parts in self.sums.items()}
        squares = sums.pop("squares", 0.0)
        policy = self.assumptions.policy
        loans = sums.get("maximum_loan", 0.0)
        return {
            "rows": self.decisions.total(),
            **{name: self.decisions[name] for name in DECISIONS},
            "rejected_cells": self.rejects,
            "sums_of_offers": sums,
            "binding_limits": {name: self.binding[name] for name in LIMITS if self.binding[name]},
            "concentration": {
                "by_loan": _index(portfolio.concentration_of_sums(loans, squares)),
                **{group: _of_group(amounts) for group, amounts in self.groups.items()},
            },
            **self._on_one_factor(loans),
            "shortfall_probability": vars(self.assumptions.shortfall_probability()),
            "assumed": list(self._assumed()),
            "policy": policy.model_dump(mode="json", exclude_none=True),
            "digest_of_figures": self.digest.hexdigest(),
        }

    def _assumed(self) -> Any:
        """Every figure that rows left out, with its reason and how many did."""
        for name, counts in self.assumed.items():
            for kind, count in enumerate(counts.tolist()):
                if count and name == "valuation_error":
                    floors = [floor.value for floor in self.assumptions.errors[kind]]
                    yield {"kind": KINDS[kind], "name": name, "by_evidence_level": floors, "rows": count}
                elif count:
                    yield {"kind": KINDS[kind], "name": name, **vars(self.assumptions.of[name][kind]), "rows": count}

    def _on_one_factor(self, loans: float) -> dict[str, Any]:
        factor = self.assumptions.policy.one_factor
        if factor is None or not self.factor_sums or not loans:
            return {}
        sums = [math.fsum(column) for column in np.array(self.factor_sums).T.tolist()]
        add_on = portfolio.add_on_of_sums(np.array(sums[2:]), factor.confidence)
        return {
            "on_one_factor": {
                "expected_loss": sums[0],
                "loss_at_confidence": sums[1],
                "granularity_add_on": float(add_on),
                "confidence": factor.confidence,
                "horizon_years": HORIZON,
            }
        }


def _counted(codes: Any, names: tuple[str, ...]) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def _index(index: Any) -> dict[str, float]:
    found = float(index)
    return {"herfindahl": found, "effective_number": float(portfolio.effective_number(found)) if found else 0.0}


def _of_group(amounts: Mapping[str, float]) -> dict[str, Any]:
    """A group's concentration and its largest names; all loans of one name count as one."""
    largest = sorted(amounts.items(), key=lambda entry: (-entry[1], entry[0]))[:LARGEST_GROUPS]
    return {**_index(portfolio.concentration(np.array(list(amounts.values())))), "largest": dict(largest)}

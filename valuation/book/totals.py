"""What a run comes to: counts, sums, what was assumed, how concentrated the loans are, what they lose on one factor.

Stretches are added in the order of the book, each summed by itself, so that a stream gives the same as the whole.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from valuation.book.assumptions import Assumptions
from valuation.book.columns import KINDS
from valuation.book.concentration import Concentration
from valuation.book.exposure import exposure
from valuation.book.lending_of_rows import Stretch
from valuation.book.one_factor import Pool, PooledLosses
from valuation.book.policy import OF_KIND
from valuation.book.reasons import DECISIONS, LIMITS, decisions
from valuation.workings import FloatArray

SUMS = ("maximum_loan", "recoverable_value", "carried_by_security", "rests_on_borrower", "expected_loss")
DIGESTED = ("haircut_total", "maximum_loan")  # each column by itself, so that it is no matter how long stretches are


@dataclass(frozen=True)
class Counted:
    """A stretch with the debt on each row, ready to be counted in."""

    stretch: Stretch
    cells: Mapping[str, Any]
    owed: FloatArray
    losses: PooledLosses | None


class Totals:
    """Sums over a book, stretch by stretch."""

    def __init__(self, assumptions: Assumptions) -> None:
        self.assumptions = assumptions
        self.decisions: Counter[str] = Counter()
        self.binding: Counter[str] = Counter()
        self.sums: dict[str, list[float]] = defaultdict(list)
        self.concentration = Concentration(assumptions.policy.concentration_limits)
        factor = assumptions.policy.one_factor
        self.pool = None if factor is None else Pool(factor)
        self.assumed: dict[str, Any] = defaultdict(lambda: np.zeros(len(KINDS), dtype=int))
        self.rejects = 0
        self.digests = {name: hashlib.sha256() for name in DIGESTED}

    def of(self, stretch: Stretch, cells: Mapping[str, Any]) -> Counted:
        """The debt on each row, and what its loans lose in the pool; the long part of the work."""
        owed = exposure(stretch)
        return Counted(stretch, cells, owed, None if self.pool is None else self.pool.of(stretch, owed))

    def add(self, counted: Counted) -> None:
        """Count a stretch in."""
        stretch, cells, owed = counted.stretch, counted.cells, counted.owed
        offered, figures = stretch.offered, stretch.figures
        self.decisions.update(_counted(decisions(stretch), DECISIONS))
        self.binding.update(_counted(stretch.binding[offered], LIMITS))
        self.rejects += len(stretch.rows.rejects)
        for name in (name for name in SUMS if name in figures):
            self.sums[name].append(float(np.nansum(figures[name][offered])))
        self.sums["value"].append(float(np.sum(stretch.rows.stated["value"][offered])))
        self.concentration.add(stretch, cells, owed)
        self._add_assumed(stretch)
        if self.pool is not None and counted.losses is not None:
            self.pool.add(counted.losses, stretch, cells, owed)
        for name, digest in self.digests.items():
            digest.update(figures[name].tobytes())

    def _add_assumed(self, stretch: Stretch) -> None:
        kinds, good = stretch.rows.words["kind"], ~stretch.rows.bad
        for name in OF_KIND:
            self.assumed[name] += np.bincount(kinds[good & stretch.rows.assumed(name)], minlength=len(KINDS))

    def to_json(self) -> dict[str, Any]:
        """The summary of the run."""
        sums = {name: math.fsum(parts) for name, parts in self.sums.items()}
        policy = self.assumptions.policy
        return {
            "rows": self.decisions.total(),
            **{name: self.decisions[name] for name in DECISIONS},
            "rejected_cells": self.rejects,
            "sums_of_offers": sums,
            "binding_limits": {name: self.binding[name] for name in LIMITS if self.binding[name]},
            **self.concentration.to_json(),
            **({} if self.pool is None else self.pool.to_json()),
            "shortfall_probability": vars(self.assumptions.shortfall_probability()),
            "assumed": list(self._assumed()),
            "policy": policy.model_dump(mode="json", exclude_none=True),
            "digest_of_figures": {name: digest.hexdigest() for name, digest in self.digests.items()},
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


def _counted(codes: Any, names: tuple[str, ...]) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count}

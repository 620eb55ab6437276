"""What is assumed of a sale where a case says nothing: dated judgement, each figure with its reason.

The set in force at the valuation date is used; before the first one, the first. Sets are added, never edited, and
every figure used is shown beside the result.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from valuation.strict import Date, Strict, read


class Assumed(Strict):
    """A figure and why it was chosen."""

    value: float
    because: str = Field(min_length=1)


class ByLevel(Strict):
    """Floor on the valuation error by evidence level (IFRS 13)."""

    level_1: Assumed
    level_2: Assumed
    level_3: Assumed


class OfKind(Strict):
    """What is assumed of one kind of asset."""

    log_drift: Assumed
    volatility: Assumed
    valuation_error_floor: Assumed
    forced_sale_discount: Assumed
    disposal_cost: Assumed
    dependency: Assumed
    title_failure: Assumed
    horizon: Assumed
    sale_time: Assumed
    default_correlation: Assumed | None = None  # none in sets made before it was asked for


class Defaults(Strict):
    """One dated set of assumptions."""

    dated: Date
    mark: Literal["judgement"]
    shortfall_probability: Assumed
    acceptance: Assumed
    valuation_error_by_level: ByLevel
    intellectual_property: OfKind
    training_data: OfKind
    ai_model: OfKind
    compute_cluster: OfKind

    def of_kind(self, kind: str) -> OfKind:
        """The assumptions for this kind of asset."""
        found: OfKind = getattr(self, kind)
        return found

    def valuation_error_floor(self, kind: str, level: int) -> Assumed:
        """The smallest standard deviation of ln(value) that is believed: the larger of the kind's and the level's."""
        floors: list[Assumed] = [
            self.of_kind(kind).valuation_error_floor,
            getattr(self.valuation_error_by_level, f"level_{level}"),
        ]
        return max(floors, key=lambda floor: floor.value)


def defaults_on(on: date) -> Defaults:
    """The set in force on a day; the first one for days before it."""
    sets = _sets()
    return next((found for found in reversed(sets) if found.dated <= on), sets[0])


@cache
def _sets() -> tuple[Defaults, ...]:
    folder = files("valuation.reference") / "lending"
    entries = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)
    return tuple(read(Defaults, tomllib.loads(e.read_text(encoding="utf-8")), f"lending/{e.name}") for e in entries)

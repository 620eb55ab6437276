"""From case to values, in the order a valuer works: methods, indications, spread, conclusion, evidence, warnings.

The point value is each method at the stated values. The range comes from draws of the stated ranges and is information
beside the value: a rate that already carries risk is not risked again (standards R4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from pydantic import Field

from valuation.appraisal_remarks import (
    correlation_warnings,
    drawn_apart,
    foreign_figures,
    hurried_sale,
    stale_figures,
    unsourced_figures,
)
from valuation.assets import Asset
from valuation.calculation import Outcome, point, uncertain
from valuation.case import Case, calculations, in_file
from valuation.conclusion import Conclusion, conclude
from valuation.drawn_values import Progress, draw
from valuation.errors import InputError, problem
from valuation.evidence_grade import evidence_level
from valuation.income_ledger import double_counting, lives_on_income
from valuation.reference.look_up import Figure, LookUp
from valuation.strict import Strict
from valuation.strict import read as read_model
from valuation.value_range import Range, range_of
from valuation.workings import FloatArray, Warning


@dataclass(frozen=True)
class Indication:
    """What one method says: its value, every line, and its range, None where stated ranges were not drawn."""

    outcome: Outcome
    range: Range | None

    @property
    def id(self) -> str:
        """The method's id."""
        return self.outcome.calculation.method.id

    @property
    def value(self) -> float:
        """The value at the stated inputs; may be negative."""
        return self.outcome.value

    def to_json(self) -> dict[str, Any]:
        """The indication with the workings of all it is derived from."""
        installed = self.outcome.calculation.installed
        return {
            "method": self.id,
            "version": installed.method.version,
            "distribution": installed.distribution,
            "distribution_version": installed.version,
            "value": self.value,
            "range": self.range.to_json() if self.range else None,
            **_workings_json(self.outcome),
        }


def _workings_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "lines": [line.to_json() for line in outcome.lines],
        "derived": {
            path: {
                "method": below.calculation.method.id,
                "version": below.calculation.method.version,
                "values": below.figures.tolist(),
                **_workings_json(below),
            }
            for path, below in outcome.derived.items()
        },
        "warnings": [warning.to_json() for warning in outcome.warnings],
    }


@dataclass(frozen=True)
class AssetAppraisal:
    """The value of one asset, and everything that leads to it."""

    asset: Asset
    indications: tuple[Indication, ...]
    conclusion: Conclusion
    range: Range | None
    evidence_level: int
    warnings: tuple[Warning, ...]

    @property
    def id(self) -> str:
        """The asset's id."""
        return self.asset.id

    @property
    def kind(self) -> str:
        """The asset's kind."""
        return self.asset.kind

    @property
    def value(self) -> float | None:
        """The concluded value; None while something is still to be said."""
        return self.conclusion.value

    def to_json(self) -> dict[str, Any]:
        """The keys of the contract first."""
        return {
            "id": self.id,
            "kind": self.kind,
            "value": self.value,
            "range": self.range.to_json() if self.range else None,
            "indications": [indication.to_json() for indication in self.indications],
            "conclusion": self.conclusion.to_json(),
            "evidence_level": self.evidence_level,
            "warnings": [warning.to_json() for warning in self.warnings],
        }


@dataclass(frozen=True)
class Appraisal:
    """A case valued: one appraisal an asset, and the reference figures that were used."""

    case: Case
    assets: tuple[AssetAppraisal, ...]
    figures: tuple[Figure, ...]

    def to_json(self) -> dict[str, Any]:
        """As `valuation value --json` prints it."""
        return {
            "assets": [asset.to_json() for asset in self.assets],
            "currency": self.case.currency,
            "valuation_date": self.case.valuation_date.isoformat(),
            "basis_of_value": self.case.basis_of_value,
            "figures": [figure.to_json() for figure in self.figures],
        }


class _Asked(Strict):
    """How the draws are asked for; whether their number is a power of two is told where they are made."""

    draws: int | None
    threads: int = Field(ge=1, le=64)


def appraise(
    case: Case,
    *,
    draws: int | None = None,
    threads: int = 1,
    look_up: LookUp | None = None,
    progress: Progress | None = None,
    below: float | None = None,
) -> Appraisal:
    """Value every asset of a case. `draws` replaces the case's number of draws (0: point values only).

    With `below` each range also says how often the value lies below this amount, such as the loan asked for. Raises
    InputError where a method gives no finite figure at the stated values or in a draw.
    """
    read_model(_Asked, {"draws": draws, "threads": threads})
    circumstances = case.circumstances(look_up)
    count = case.uncertainty.draws if draws is None else draws
    try:
        outcomes = [[point(calculation, circumstances) for calculation in calculations(asset)] for asset in case.assets]
        flat = [outcome for of_asset in outcomes for outcome in of_asset]
        _check_below(below, flat, count)
        values = draw(case, flat, count, threads=threads, progress=progress)
    except InputError as error:
        raise in_file(case, error) from None
    drawn = iter(values)
    used = circumstances.look_up.used
    general = [*correlation_warnings(case, flat), *drawn_apart(case, flat)]
    counted_twice = list(double_counting(case.assets))
    assets = tuple(
        _appraise_asset(
            asset,
            of_asset,
            [next(drawn) for _ in of_asset],
            used,
            [
                *general,
                *(counted_twice if lives_on_income(asset) else ()),
                *foreign_figures(case.currency, of_asset),
                *hurried_sale(case.basis_of_value, of_asset),
            ],
            below,
        )
        for asset, of_asset in zip(case.assets, outcomes, strict=True)
    )
    return Appraisal(case, assets, used)


def _check_below(below: float | None, outcomes: Sequence[Outcome], count: int) -> None:
    """Refuse an amount that is none, and the question how often where ranges are stated and nothing is drawn."""
    if below is None:
        return
    if not np.isfinite(below):
        raise InputError(problem("not_finite", "below", below))
    if count < 2 and uncertain([outcome.calculation for outcome in outcomes]):
        raise InputError(
            problem(
                "combination", "below", below,
                reason="draws say how often the value lies below an amount, and none are asked for",
                reason_zh="价值低于某金额的概率由抽样得出，而此处未要求抽样",
                remedy="Leave draws out, or state a power of two.",
                remedy_zh="请不填 draws，或填写 2 的幂。",
            )
        )  # fmt: skip


def _appraise_asset(
    asset: Asset,
    outcomes: Sequence[Outcome],
    drawn: Sequence[FloatArray],
    figures: Sequence[Figure],
    general: Sequence[Warning],
    below: float | None,
) -> AssetAppraisal:
    indications = tuple(Indication(o, _range([o], values, below)) for o, values in zip(outcomes, drawn, strict=True))
    conclusion = conclude(
        asset.conclusion,
        {indication.id: indication.value for indication in indications},
        approaches={indication.id: indication.outcome.calculation.method.approach for indication in indications},
        can_be_made_again=asset.can_be_made_again,
        open_weights=asset.title is not None and asset.title.open_weights is True,
    )
    chosen = [i for i in indications if i.id in conclusion.weights] or list(indications)
    levels = {figure.name: figure.level for figure in figures}
    return AssetAppraisal(
        asset,
        indications,
        conclusion,
        _concluded_range(indications, drawn, conclusion, below),
        max((evidence_level(indication.outcome, levels) for indication in chosen), default=3),
        (*general, *_warnings(indications, conclusion, figures)),
    )


def _concluded_range(
    indications: Sequence[Indication], drawn: Sequence[FloatArray], conclusion: Conclusion, below: float | None
) -> Range | None:
    """Of the weighted sum in each draw; None while there is no conclusion."""
    weighted = [(conclusion.weights.get(i.id), i, values) for i, values in zip(indications, drawn, strict=True)]
    chosen = [(weight, i, values) for weight, i, values in weighted if weight is not None]
    if not chosen or conclusion.value is None:
        return None
    if [weight for weight, _, _ in chosen] == [1]:
        return chosen[0][1].range
    weighed = reduce(np.add, (weight * values for weight, _, values in chosen))
    return _range([i.outcome for _, i, _ in chosen], weighed, below)


def _range(outcomes: Sequence[Outcome], values: FloatArray, below: float | None) -> Range | None:
    """None where ranges are stated and not drawn: one figure at every percentile would be read as certainty."""
    drawn = values.size > 1 or not uncertain([outcome.calculation for outcome in outcomes])
    return range_of(values, below=below) if drawn else None


def _warnings(
    indications: Sequence[Indication], conclusion: Conclusion, figures: Sequence[Figure]
) -> tuple[Warning, ...]:
    outcomes = [indication.outcome for indication in indications]
    found = [warning for outcome in outcomes for warning in outcome.all_warnings()]
    found += [*unsourced_figures(outcomes), *stale_figures(figures, outcomes)]
    found += [Warning(f"{i.id} is negative.", f"{i.id} 的结果为负。") for i in indications if i.value < 0]
    return tuple(dict.fromkeys([*found, *conclusion.remarks, *conclusion.demands]))

"""An appraised asset as a lender sees it: value, title, and how far the value may be off."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from valuation.appraisal import AssetAppraisal
from valuation.title import Title
from valuation.workings import FloatArray


@dataclass(frozen=True)
class Collateral:
    """What is pledged; `indications` are the values of the approaches, `spreads` the sd of ln of the draws of each."""

    id: str
    kind: str
    value: float | None  # None: nothing was concluded
    title: Title | None
    subkind: str | None = None
    evidence_level: int = 3
    indications: tuple[float, ...] = ()
    spreads: tuple[float, ...] = ()
    open_points: tuple[dict[str, str], ...] = ()  # why there is no value

    def valuation_error(self, floor: float) -> float:
        """Standard deviation of ln(value), not below the floor: approaches that share inputs may agree and be wrong."""
        positive = [value for value in self.indications if value > 0]
        measured = valuation_error(np.array(positive), np.array(self.spreads)) if positive else np.array([0.0])
        return max(floor, float(measured[..., 0]))


def collateral_of(appraised: AssetAppraisal) -> Collateral:
    """The asset of an appraisal as security."""
    drawn = [i.range.log_sd for i in appraised.indications if i.range is not None and i.range.draws > 1]
    return Collateral(
        id=appraised.id,
        kind=appraised.kind,
        subkind=appraised.asset.subkind,
        value=appraised.value,
        title=appraised.asset.title,
        evidence_level=appraised.evidence_level,
        indications=tuple(indication.value for indication in appraised.indications),
        spreads=tuple(spread for spread in drawn if spread is not None),
        open_points=tuple(demand.to_json() for demand in appraised.conclusion.demands),
    )


def valuation_error(indications: FloatArray, spreads: FloatArray) -> Any:
    """Standard deviation of ln(value): between the approaches, unbiased for their small number, and within each.

    `indications` are positive values, (..., approach); `spreads` are standard deviations of ln within an approach and
    may be none. Approaches 80, 100, 130 with .20, .30, .15 within: 0.35500403773975037. One approach: within alone.
    """
    approaches = indications.shape[-1]
    logs = np.log(indications)
    within = np.mean(spreads**2, axis=-1, keepdims=True) if spreads.size else 0.0
    if approaches < 2:
        return np.sqrt(within + 0 * logs)
    squares = (logs - np.mean(logs, axis=-1, keepdims=True)) ** 2
    between = np.sum(squares, axis=-1, keepdims=True) / (approaches - 1) / small_sample_factor(approaches) ** 2
    return np.sqrt(between + within)


def small_sample_factor(number: int) -> float:
    """By how much the sample standard deviation of so few normal figures falls short on average (c4).

    2: 0.797885, 3: 0.886227, 4: 0.921318.
    """
    return math.sqrt(2 / (number - 1)) * math.exp(math.lgamma(number / 2) - math.lgamma((number - 1) / 2))

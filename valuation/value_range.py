"""Where a value lies when the stated ranges are drawn: percentiles with their errors, mean and spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from valuation import sampling
from valuation.sensitivity import probability_below
from valuation.workings import FloatArray

PERCENTILES = {"p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


@dataclass(frozen=True)
class Below:
    """How often the value lies below an amount, such as a loan, with the error of that share."""

    amount: float
    probability: float
    error: float


@dataclass(frozen=True)
class Range:
    """Where the value lies when the stated ranges are drawn; each percentile with its own error."""

    percentiles: Mapping[str, float]
    errors: Mapping[str, float]
    mean: float
    sd: float
    log_sd: float | None  # of the positive draws; None if any draw is not positive
    draws: int
    below: Below | None = None  # if an amount was asked for

    def to_json(self) -> dict[str, Any]:
        """Percentiles first, as the contract names them."""
        rest = {"errors": dict(self.errors), "mean": self.mean, "sd": self.sd, "draws": self.draws}
        return {**self.percentiles, **rest, **({"below": vars(self.below)} if self.below is not None else {})}


def range_of(values: FloatArray, *, below: float | None = None) -> Range:
    """Percentiles with their errors, mean and spread of drawn values, and how many lie below an amount.

    A value without any range is one draw: a share below of 0 or 1, without error.
    """
    found, errors = sampling.percentiles(values, list(PERCENTILES.values()))
    positive = bool(np.min(values) > 0)
    return Range(
        dict(zip(PERCENTILES, map(float, found), strict=True)),
        dict(zip(PERCENTILES, map(float, errors), strict=True)),
        float(np.mean(values)),
        _spread(values.copy()),
        _spread(np.log(values)) if positive else None,
        values.size,
        None if below is None else Below(below, *probability_below(values, below)),
    )


def _spread(figures: FloatArray) -> float:
    """Standard deviation, worked out in the figures' own memory: a million draws are 8 MB."""
    figures -= np.mean(figures)
    figures *= figures
    return float(np.sqrt(np.mean(figures)))

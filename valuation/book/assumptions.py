"""What is taken for a figure that a row leaves out: the policy's own by kind of asset, else the dated default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from valuation.assets import KIND_NAMES
from valuation.book.policy import OF_KIND, BookPolicy
from valuation.lending.defaults import Assumed, Defaults, defaults_on
from valuation.workings import FloatArray

KINDS = tuple(KIND_NAMES)
LEVELS = (1, 2, 3)


@dataclass(frozen=True)
class Assumption:
    """A figure and where it comes from."""

    value: float
    because: str
    judgement: bool = True  # False: the policy states it with its source


class Assumptions:
    """The figures by name, each an array with one figure a kind of asset, in the order of KINDS."""

    def __init__(self, policy: BookPolicy, on: date) -> None:
        self.policy = policy
        self.defaults: Defaults = defaults_on(on)
        self.of: dict[str, list[Assumption]] = {
            name: [self._of(kind, name) for kind in KINDS] for name in OF_KIND if name != "valuation_error"
        }
        self.errors = [[self._error(kind, level) for level in LEVELS] for kind in KINDS]

    def figures(self, name: str) -> FloatArray:
        """One figure a kind."""
        return np.array([assumption.value for assumption in self.of[name]])

    def valuation_errors(self) -> FloatArray:
        """By kind and evidence level."""
        return np.array([[assumption.value for assumption in levels] for levels in self.errors])

    def shortfall_probability(self) -> Assumption:
        """What the lender accepts for a single name."""
        own = self.policy.loans.get("shortfall_probability")
        return _own(own) if own is not None else _judged(self.defaults.shortfall_probability)

    def _of(self, kind: str, name: str) -> Assumption:
        own = self.policy.assumptions.get(kind, {}).get(name)  # type: ignore[call-overload]
        if own is not None:
            return _own(own)
        if name == "acceptance":
            return _judged(self.defaults.acceptance)
        if name == "default_correlation":
            return self._correlation(kind)
        return _judged(getattr(self.defaults.of_kind(kind), name))

    def _correlation(self, kind: str) -> Assumption:
        """As in the offer on one asset: only a limit on the loss in default brings in a correlation nobody stated."""
        judged = self.defaults.of_kind(kind).default_correlation
        if judged is None or self.policy.for_all("loss_given_default") is None:
            return Assumption(0.0, "Price and default are taken as independent.")
        return _judged(judged)

    def _error(self, kind: str, level: int) -> Assumption:
        own = self.policy.assumptions.get(kind, {}).get("valuation_error")  # type: ignore[call-overload]
        return _own(own) if own is not None else _judged(self.defaults.valuation_error_floor(kind, level))


def _own(stated: Any) -> Assumption:
    return Assumption(float(stated.value), stated.source, judgement=False)


def _judged(figure: Assumed) -> Assumption:
    return Assumption(float(figure.value), figure.because)

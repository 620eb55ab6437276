"""How good the evidence behind a value is: the lowest grade among the inputs that move it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from valuation.calculation import Outcome
from valuation.method import Inputs, leaves
from valuation.quantity import Quantity
from valuation.sensitivity import elasticities

SIGNIFICANT = 0.1  # an input is significant if 10% more of it moves the value by 1% or more (judgement)


def evidence_level(outcome: Outcome, levels: Mapping[str, int]) -> int:
    """The level of a value: the lowest grade (largest number) among its significant inputs, as IFRS 13 grades them.

    Significant inputs are those that move the value (SIGNIFICANT); a number without a stated level is judgement, 3. A
    factor that nobody stated and that stands at 1 changes nothing and needs no evidence.
    """
    moved = elasticities(outcome)
    inputs = outcome.calculation.inputs
    found = [
        _level(quantity, path, outcome, levels)
        for path, quantity, _ in leaves(inputs)
        if abs(moved[path]) >= SIGNIFICANT and (is_stated(inputs, path) or np.any(outcome.stated[path] != 1))
    ]
    return max(found, default=3)


def _level(quantity: Quantity, path: str, outcome: Outcome, levels: Mapping[str, int]) -> int:
    if quantity.derive is not None:
        return evidence_level(outcome.derived[path], levels)
    if quantity.reference is not None:
        return levels[quantity.reference]
    return quantity.level or 3


def is_stated(inputs: Inputs, path: str) -> bool:
    """Whether somebody wrote this figure; no for what an entry such as hardware[0] left to its default."""
    model: Any = inputs
    for step in path.split("."):
        name, _, index = step.rstrip("]").partition("[")
        if name not in model.model_fields_set:
            return False
        model = getattr(model, name)[int(index)] if index else getattr(model, name)
    return True

"""What would raise each limit by one more unit of money: which input, by how much, and how far that helps.

All inputs of lending.limits are moved by a little, each in its own row, in one run; the slope of a limit by an input is
the difference over the move. What stands at its bound, or would have to pass it, is not offered.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydantic_core import PydanticCustomError

from valuation.calculation import Outcome, evaluate
from valuation.method import FieldFacts, Quantity, check_figures, leaves
from valuation.workings import FloatArray, Silent

STEP = 1e-4  # part of an input; the error of the difference is about 1e-8 of it, rounding a ten-thousandth of that
LEAST_ELASTICITY = 1e-9  # below it the limit does not depend on the input
SHOWN = 5  # strongest first


@dataclass(frozen=True)
class Lever:
    """An input, the change of it that frees one more unit of money, and that which raises the limit by a hundredth."""

    input: str
    stated: float | tuple[float, ...]
    for_one_more: float  # change of the input; of every year alike, as a part of each, where it is a list by year
    elasticity: float  # percent of the limit for one percent of the input

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        stated = list(self.stated) if isinstance(self.stated, tuple) else self.stated
        return {
            "input": self.input,
            "stated": stated,
            "change_for_one_more": self.for_one_more,
            "elasticity": self.elasticity,
        }


@dataclass
class _Kept(Silent):
    """Workings that keep the limits of every row."""

    limits: dict[str, FloatArray] = field(default_factory=dict)

    def line(self, name: str, array: Any, unit: str = "money") -> Any:
        if name.startswith("limit_"):
            self.limits[name.removeprefix("limit_")] = np.asarray(array, dtype=float)
        return array


def levers(limited: Outcome, pledged: Sequence[str]) -> dict[str, tuple[Lever, ...]]:
    """What would raise each limit, the strongest input first; `pledged` names the assets in their order.

    A limit that is a plain amount has one lever, itself. Value 100, cap 25%: one more unit of cap needs 4 of value.
    """
    inputs = {path: (quantity, facts) for path, quantity, facts in leaves(limited.calculation.inputs)}
    moved = [path for path in inputs if np.any(limited.stated[path] != 0)]
    up, down = (_limits(limited, moved, factor) for factor in (1 + STEP, 1 - STEP))
    found: dict[str, tuple[Lever, ...]] = {}
    for name, raised in up.items():
        here = _stated_limit(limited, name)
        slopes = (raised[:, 0] - down[name][:, 0]) / (2 * STEP)  # for the whole of the input
        by_input = [
            _lever(path, slope, here, limited.stated[path], inputs[path][1], pledged)
            for path, slope in zip(moved, slopes.tolist(), strict=True)
        ]
        # Equal ones stay in the order of the inputs, whatever rounding adds to them.
        strongest = sorted((one for one in by_input if one is not None), key=lambda one: -round(abs(one.elasticity), 6))
        found[name] = tuple(strongest[:SHOWN])
    return found


def _stated_limit(limited: Outcome, name: str) -> float:
    return next(line.values[0] for line in limited.lines if line.name == f"limit_{name}")


def _limits(limited: Outcome, moved: Sequence[str], factor: float) -> Mapping[str, FloatArray]:
    """Every limit in as many rows as inputs, each row with one of them moved."""

    def value_of(path: str, quantity: Quantity, facts: FieldFacts) -> FloatArray:
        rows = np.tile(limited.stated[path], (len(moved), 1))
        if path in moved:
            rows[moved.index(path)] *= factor
        return rows

    kept = _Kept()
    evaluate(limited.calculation, value_of, kept)
    return {name: np.broadcast_to(array, (len(moved), 1)) for name, array in kept.limits.items()}


def _lever(
    path: str, slope: float, limit: float, stated: FloatArray, facts: FieldFacts, pledged: Sequence[str]
) -> Lever | None:
    """The lever of one input; None where the limit does not depend on it, or its bound is in the way."""
    if limit <= 0 or slope == 0 or abs(slope) < LEAST_ELASTICITY * limit or path == "payment_times":
        return None
    by_year = stated.size > 1
    for_one_more, elasticity = (1.0 if by_year else float(stated[0])) / slope, slope / limit
    if not (math.isfinite(for_one_more) and math.isfinite(elasticity)):
        return None  # of a limit next to nothing
    try:
        check_figures(stated * (1 + STEP * np.sign(slope)), facts)
    except PydanticCustomError:
        return None
    return Lever(
        input=_named(path, pledged),
        stated=tuple(stated.tolist()) if by_year else float(stated[0]),
        for_one_more=for_one_more,
        elasticity=elasticity,
    )


def _named(path: str, pledged: Sequence[str]) -> str:
    """The path with the asset's own name: assets[0].value of corpus is corpus.value."""
    if not path.startswith("assets["):
        return path
    number, rest = path.removeprefix("assets[").split("]", 1)
    return f"{pledged[int(number)]}{rest}"

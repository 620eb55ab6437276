"""Every installed method with example inputs, and the ways in which one calculation can be read.

A figure is the same whether it is computed as a point, as a draw, as a row of a book or by a sheet; tests compare them.
"""

import json
import pkgutil
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from pydantic_core import PydanticCustomError

from valuation import lending, plugins
from valuation.calculation import Circumstances, Outcome, evaluate, point, prepare
from valuation.method import FieldFacts, Method, check_figures, leaves
from valuation.plugins import Installed
from valuation.quantity import Quantity
from valuation.reference.look_up import LookUp
from valuation.workings import FloatArray, Silent

EXAMPLES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "methods" / "examples.json").read_text(encoding="utf-8")
)
VALUATION_DATE = date(2026, 6, 30)


def lending_methods() -> Iterator[Installed]:
    """Haircut, limits and path follow the contract of methods but are no plugins: each is `method` of its module."""
    for module in pkgutil.iter_modules(lending.__path__, "valuation.lending."):
        method = getattr(import_module(module.name), "method", None)
        if isinstance(method, Method):
            yield Installed(method, plugins.OURS, version(plugins.OURS))


INSTALLED: dict[str, Installed] = {
    found.id: found for found in (*plugins.methods(), *lending_methods()) if isinstance(found, Installed)
}
CASES = [(method_id, name) for method_id, named in EXAMPLES.items() for name in named if method_id in INSTALLED]


def outcome_of(method_id: str, inputs: dict[str, Any]) -> Outcome:
    """The method at these inputs, with all its lines."""
    return point(prepare(INSTALLED[method_id], inputs), Circumstances(LookUp(VALUATION_DATE), "CNY"))


def example(method_id: str, name: str) -> Outcome:
    """The method at its example inputs."""
    return outcome_of(method_id, EXAMPLES[method_id][name])


def family(outcome: Outcome) -> Iterator[Outcome]:
    """The outcomes it is derived from, then itself: the order in which sheets are written."""
    for below in outcome.derived.values():
        yield from family(below)
    yield outcome


# Inputs written anew

Change = Callable[[str, FieldFacts, FloatArray], FloatArray]


def rewritten(outcome: Outcome, change: Change, *, as_range: bool = False) -> dict[str, Any]:
    """The inputs of this calculation, each figure as `change` gives it; what is derived stays so, from changed inputs.

    As a range each figure is drawn, from a range so narrow that it holds nothing else.
    """
    inputs = outcome.calculation.inputs
    content = inputs.model_dump(mode="json", exclude_none=True)
    for path, quantity, facts in leaves(inputs):
        if quantity.derive is not None:
            below = rewritten(outcome.derived[path], change, as_range=as_range)
            _put(content, path, {"derive": quantity.derive, "inputs": below})
        else:
            figures = change(path, facts, outcome.stated[path])
            by_year = quantity.years is not None
            figure = figures.tolist() if by_year else float(figures[0])
            _put(content, path, {"low": figure, "high": figure} if as_range else figure)
    return content


def _put(content: Any, path: str, figure: Any) -> None:
    *way, last = (int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path))
    for step in way:
        content = content[step]
    content[last] = figure


def unchanged(path: str, facts: FieldFacts, figures: FloatArray) -> FloatArray:
    """The figure itself."""
    return figures


def in_other_currency(units: float) -> Change:
    """Every amount and price in a currency of which so many units make one; all else as it is."""
    return lambda path, facts, figures: figures * units if facts.unit.startswith("money") else figures


def moved(variant: int) -> Change:
    """Each figure moved by up to a tenth, differently for each input, and never out of its bounds."""

    def move(path: str, facts: FieldFacts, figures: FloatArray) -> FloatArray:
        share = crc32(f"{path} {variant}".encode()) % 1000 / 10_000
        for factor in (1 + share, 1 - share):
            try:
                check_figures(figures * factor, facts)
            except PydanticCustomError:
                continue
            return figures * factor
        return figures

    return move


# Lines of many rows at once


@dataclass
class Kept(Silent):
    """Workings that keep each step with all its rows."""

    steps: dict[str, FloatArray] = field(default_factory=dict)

    def line(self, name: str, array: Any, unit: str = "money") -> Any:
        self.steps[name] = np.asarray(array, dtype=float)
        return array


def steps_in_rows(outcomes: Sequence[Outcome]) -> list[dict[str, FloatArray]]:
    """Each step of several calculations of one method, computed in one call, row by row."""

    def value_of(path: str, quantity: Quantity, facts: FieldFacts) -> FloatArray:
        return np.stack([outcome.stated[path] for outcome in outcomes])

    kept = Kept()
    evaluate(outcomes[0].calculation, value_of, kept)
    return [
        {name: np.broadcast_to(array, (len(outcomes), array.shape[-1]))[row] for name, array in kept.steps.items()}
        for row in range(len(outcomes))
    ]

"""The workings of a calculation: named lines a valuer can follow, from the inputs to the value.

A method names each step with `workings.line(...)` and gets its array back, so the name in the report is the name in
the formula. The same calls are answered in four ways: kept for a point value (Workings), let through for draws and
books (Silent), or written as rows of formulas (valuation.report.cells). A method cannot tell which.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """One named step: its figures (one, or one a year) and their unit. An opaque line has no formula in Excel."""

    name: str
    unit: str
    values: tuple[float, ...]
    opaque: bool = False

    def to_json(self) -> dict[str, Any]:
        """The line as it stands in a record."""
        return {"name": self.name, "unit": self.unit, "values": list(self.values)}


@dataclass(frozen=True)
class Warning:
    """Something a reader must know about a figure, in both languages."""

    english: str
    chinese: str

    def to_json(self) -> dict[str, str]:
        """Both languages, for machines."""
        return {"en": self.english, "zh": self.chinese}


class Silent:
    """Workings that keep nothing: for draws and books, where a million rows need no memory of each step."""

    def line(self, name: str, array: Any, unit: str = "money") -> Any:
        """Name a step and hand it back. Units are plain words: money, fraction, ratio, years, hours, count, FLOP."""
        return array

    def scan(self, name: str, step: Callable[..., Any], start: Any, *yearly: Any, unit: str = "money") -> Any:
        """A recursion over years: state = step(state, *this year's figures), from `start`; returns the state by year.

        The one way to write a loss carried forward or a balance, since it alone can also be written as a row of cells.
        """
        years = max(np.shape(item)[-1] for item in yearly)
        state, states = start, []
        for year in range(years):
            state = step(state, *(item[..., year : year + 1] if np.shape(item)[-1] > 1 else item for item in yearly))
            states.append(state)
        return self.line(name, np.concatenate(np.broadcast_arrays(*states), axis=-1), unit=unit)

    def opaque(self, name: str, function: Callable[..., Any], *arguments: Any, unit: str = "money") -> Any:
        """A step with no Excel form (a tree, a permutation): its figure is written, marked as computed in Python."""
        return self.line(name, function(*arguments), unit=unit)

    def warn(self, condition: Any, english: str, chinese: str) -> None:
        """Tell the reader something if the condition holds anywhere at the stated values; never changes a figure."""


@dataclass
class Workings(Silent):
    """Workings of a point value: every line kept in order."""

    lines: list[Line] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)

    def line(self, name: str, array: Any, unit: str = "money") -> Any:
        """Keep the step and hand it back."""
        if any(line.name == name for line in self.lines):
            raise ValueError(f"the line {name!r} is named twice; give each step its own name")
        values = np.atleast_1d(np.asarray(array, dtype=float))
        self.lines.append(Line(name, unit, tuple(values.reshape(-1).tolist())))
        return array

    def opaque(self, name: str, function: Callable[..., Any], *arguments: Any, unit: str = "money") -> Any:
        """Keep the figure and mark it as having no formula."""
        array = super().opaque(name, function, *arguments, unit=unit)
        last = self.lines[-1]
        self.lines[-1] = Line(last.name, last.unit, last.values, opaque=True)
        return array

    def warn(self, condition: Any, english: str, chinese: str) -> None:
        """Keep the warning if the condition holds anywhere."""
        if bool(np.any(condition)):
            self.warnings.append(Warning(english, chinese))

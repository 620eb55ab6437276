"""One line of the table: ours against another way, and the goal for their ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """What was measured. The ratio is how many times better ours is; with `at_most`, how many times worse it may be."""

    what: str
    ours: str
    peer: str
    ratio: float | None  # None: not measured, and `peer` says why
    goal: float | None = None  # None: shown for information
    at_most: bool = False

    @property
    def reached(self) -> str:
        """Whether the goal was reached in this run."""
        if self.ratio is None:
            return "not measured"
        if self.goal is None:
            return ""
        return "yes" if (self.ratio <= self.goal if self.at_most else self.ratio >= self.goal) else "NO"

    def cells(self) -> tuple[str, ...]:
        """The line as the table shows it."""
        goal = "" if self.goal is None else f"{'<=' if self.at_most else '>='} {self.goal:g}"
        return (self.what, self.ours, self.peer, "" if self.ratio is None else f"{self.ratio:.3g}", goal, self.reached)


HEADINGS = ("what", "ours", "peer", "ratio", "goal", "reached")


def table(comparisons: Sequence[Comparison]) -> str:
    """All lines in columns of equal width."""
    lines = [HEADINGS, *(comparison.cells() for comparison in comparisons)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def summary(comparisons: Sequence[Comparison]) -> str:
    """How many goals were reached, and by name those that were not and what was left out."""
    with_goal = [one for one in comparisons if one.goal is not None and one.ratio is not None]
    missed = [f"not reached: {one.what}" for one in with_goal if one.reached != "yes"]
    left_out = [f"left out: {one.what} ({one.peer})" for one in comparisons if one.ratio is None]
    return "\n".join([f"{len(with_goal) - len(missed)} of {len(with_goal)} goals reached", *missed, *left_out])


def shown(seconds: float) -> str:
    """A time with the unit that suits it."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"

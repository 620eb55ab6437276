"""Calculations in many draws at once: the ranges of their inputs become rows, all else stays as stated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from valuation.calculation import Outcome, evaluate, uncertain
from valuation.distributions import Together, shape_of
from valuation.method import FieldFacts, FloatArray, beyond, check_figures
from valuation.quantity import Quantity
from valuation.workings import Silent


class Ensemble:
    """Calculations prepared for draws: constants looked up once, ranges turned into inverse CDFs once.

    `values(scores)` runs all of them on one block of normal scores, one row a dimension in the order of `paths`.
    """

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes = tuple(outcomes)
        found = uncertain([outcome.calculation for outcome in outcomes])
        self.paths = tuple(found)
        self.strayed: Counter[tuple[str, str, str]] = Counter()  # draws by derived input and the bound they broke
        self._counting = Lock()
        self._ranges = Together([shape_of(quantity) for quantity in found.values()])

    def width(self) -> int:
        """Figures that a draw takes at once, which decide how many make a block: its scores, or its longest row."""
        return max(1, len(self.paths), *(length for outcome in self.outcomes for length in _lengths(outcome)))

    def values(self, scores: FloatArray) -> list[FloatArray]:
        """The value of each calculation in every draw of the block; scores are (dimensions, draws)."""
        return self.values_of(self.figures(scores), scores.shape[-1])

    def figures(self, scores: FloatArray) -> dict[str, FloatArray]:
        """Every uncertain input at these scores, (draws, 1) or (draws, years), by its path."""
        with np.errstate(over="ignore"):  # what is not finite is counted afterwards, in words
            return dict(zip(self.paths, self._ranges.at(scores), strict=True))

    def values_of(self, figures: Mapping[str, FloatArray], count: int) -> list[FloatArray]:
        """The value of each calculation where the inputs at these paths are these figures, and all others as stated.

        A fact shared by two methods is one figure. Paths may name any input, also one without a range.
        """
        return [self._run(outcome, figures, count)[..., 0] for outcome in self.outcomes]

    def _run(self, outcome: Outcome, figures: Mapping[str, FloatArray], count: int) -> FloatArray:
        strayed: list[NDArray[np.bool_]] = []

        def value_of(path: str, quantity: Quantity, facts: FieldFacts) -> FloatArray:
            place = outcome.calculation.place(path)
            if place in figures:
                return figures[place]
            if quantity.derive is not None:
                derived = self._run(outcome.derived[path], figures, count)
                if not _within(derived, facts):
                    strayed.append(self._outside(derived, facts, place))
                return derived
            return outcome.stated[path]

        value = evaluate(outcome.calculation, value_of, Silent())
        value = np.broadcast_to(value, (count, np.shape(value)[-1]))
        return np.where(np.any(strayed, axis=0)[:, None], np.nan, value) if strayed else value

    def _outside(self, derived: FloatArray, facts: FieldFacts, place: str) -> NDArray[np.bool_]:
        """The draws in which a derived figure leaves the bounds of its field, or is none: they give no value.

        A stated range is held to its field's bounds when it is read; what is worked out from ranges only shows here.
        """
        outside: NDArray[np.bool_] = np.asarray(np.isnan(derived).any(axis=-1))
        for bound, broken in beyond(derived, facts):
            if broken.any():
                outside |= broken.any(axis=-1)
                with self._counting:  # blocks may run on several threads
                    self.strayed[place, *bound] += int(np.count_nonzero(broken.any(axis=-1)))
        return outside


def _within(figures: FloatArray, facts: FieldFacts) -> bool:
    """Whether all are figures within the field's bounds: told by their ends, faster than draw by draw."""
    try:
        check_figures(figures, facts)
    except PydanticCustomError:
        return False
    return not np.isnan(np.min(figures))


def _lengths(outcome: Outcome) -> Iterator[int]:
    for below in outcome.derived.values():
        yield from _lengths(below)
        yield below.figures.size
    yield from (figures.size for figures in outcome.stated.values())
    yield from (len(line.values) for line in outcome.lines)

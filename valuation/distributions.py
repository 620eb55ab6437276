"""What a stated range means: the figure at every normal score.

A shape answers x(z) = F^-1(Phi(z)): the figure as far along its own range as z is along the normal bell, so z = 0 is
the median and z = -1.645 the figure that one draw in twenty stays below. In the normal score even a range with ends is
smooth from tail to tail: a PERT range is read from a table of cubics, at 8 ns a figure where inverting the beta
distribution costs 800, and the scores of two inputs can be correlated whatever their shapes.

Parameters are figures, or arrays by year of one length. By year, one score moves the whole path: z of shape (draws, 1)
gives (draws, years). Ranges in wrong order are refused where they are stated (quantity.py), not here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from valuation.quantity import Quantity
from valuation.score_tables import CELLS, pert_table, read, root_table, rows_at_once

FloatArray = npt.NDArray[np.float64]
Figures = float | FloatArray  # one figure, or one a year


class Shape(Protocol):
    """A stated range: its point value, its moments and the figure at a normal score."""

    @property
    def stated(self) -> Figures: ...

    @property
    def mean(self) -> Figures: ...

    @property
    def sd(self) -> Figures: ...

    def at(self, z: FloatArray) -> FloatArray: ...


@dataclass(frozen=True, eq=False)
class Fixed:
    """A figure without a range."""

    value: Figures

    @property
    def stated(self) -> Figures:
        return self.value

    @property
    def mean(self) -> Figures:
        return self.value

    @property
    def sd(self) -> Figures:
        return 0.0 * self.value

    def at(self, z: FloatArray) -> FloatArray:
        return self.value + 0.0 * z


@dataclass(frozen=True, eq=False)
class Pert:
    """Lowest, most likely and highest figure, the most likely weighing four times as much as an end.

    A beta distribution between the ends with alpha = 1 + 4 (mode - low) / (high - low) and alpha + beta = 6.
    Low 0, mode 30, high 100 has mean 36.67 and sd 18.21.
    """

    low: Figures
    mode: Figures
    high: Figures

    @property
    def stated(self) -> Figures:
        return self.mode

    @property
    def mean(self) -> Figures:
        return (self.low + 4 * self.mode + self.high) / 6

    @property
    def sd(self) -> Figures:
        return np.sqrt((self.mean - self.low) * (self.high - self.mean) / 7)

    def at(self, z: FloatArray) -> FloatArray:
        parts, year = self._parts
        units = [read(pert_table(part), z) for part in parts]
        return self.between(units[0] if len(parts) == 1 else np.concatenate(units, axis=-1)[..., year])

    def between(self, unit: FloatArray) -> FloatArray:
        """The figure that lies this part of the way from the low end to the high one."""
        figure = _times(self.high - self.low, unit)
        figure += self.low
        return figure

    @property
    def part(self) -> float | None:
        """Where the mode lies between the ends, 0 to 1; None if it is not the same in all years."""
        parts, _ = self._parts
        return parts[0] if len(parts) == 1 else None

    @cached_property
    def _parts(self) -> tuple[list[float], npt.NDArray[np.intp]]:
        """Where the modes lie, each once, and which of them is that of each year."""
        span = np.asarray(self.high - self.low, dtype=float)
        part = np.divide(self.mode - self.low, span, out=np.full_like(span, 0.5), where=span > 0)
        # Rounded, so that years which are multiples of one range share one table in spite of their last bits.
        by_year = np.round(part, 12).reshape(-1).tolist()
        parts = list(dict.fromkeys(by_year))
        return parts, np.array([parts.index(part) for part in by_year])


@dataclass(frozen=True, eq=False)
class Triangular:
    """Lowest, most likely and highest figure, the chances falling off in straight lines: wider than a PERT range."""

    low: Figures
    mode: Figures
    high: Figures

    @property
    def stated(self) -> Figures:
        return self.mode

    @property
    def mean(self) -> Figures:
        return (self.low + self.mode + self.high) / 3

    @property
    def sd(self) -> Figures:
        left, right = self.mode - self.low, self.high - self.mode
        return np.sqrt((left**2 + left * right + right**2) / 18)

    def at(self, z: FloatArray) -> FloatArray:
        # Each side of the mode is a square root of the chance beyond it, so each tail is read from its own end.
        below, above = read(root_table(), z), read(root_table(), -z)
        span, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        rising = self.low + np.sqrt(span * left) * below
        falling = self.high - np.sqrt(span * right) * above
        return np.where(span * below**2 <= left, rising, falling)


@dataclass(frozen=True, eq=False)
class Uniform:
    """Two ends, and nothing known between them; the point value is the middle."""

    low: Figures
    high: Figures

    @property
    def stated(self) -> Figures:
        return (self.low + self.high) / 2

    @property
    def mean(self) -> Figures:
        return self.stated

    @property
    def sd(self) -> Figures:
        return (self.high - self.low) / math.sqrt(12)

    def at(self, z: FloatArray) -> FloatArray:
        return self.low + _times(self.high - self.low, read(root_table(), z) ** 2)


@dataclass(frozen=True, eq=False)
class Lognormal:
    """A median and the sd of the logarithm: sigma 0.3 puts one draw in six above 1.35 times the median."""

    median: Figures
    sigma: Figures

    @property
    def stated(self) -> Figures:
        return self.median

    @property
    def mean(self) -> Figures:
        return self.median * np.exp(np.square(self.sigma) / 2)

    @property
    def sd(self) -> Figures:
        return self.mean * np.sqrt(np.expm1(np.square(self.sigma)))

    def at(self, z: FloatArray) -> FloatArray:
        return _times(self.median, np.exp(_times(self.sigma, z)))


@dataclass(frozen=True, eq=False)
class Normal:
    """A mean and a standard deviation, without ends."""

    mean: Figures
    sd: Figures

    @property
    def stated(self) -> Figures:
        return self.mean

    def at(self, z: FloatArray) -> FloatArray:
        return self.mean + _times(self.sd, z)


@dataclass(frozen=True, eq=False)
class Scenarios:
    """A few figures with their chances, which add up to 1; the point value is their weighted mean.

    The scenarios are put in order of value, so that a high score means a high figure and a correlation keeps its sense.
    """

    values: Sequence[float]
    weights: Sequence[float]

    @property
    def stated(self) -> float:
        return math.fsum(np.multiply(self.values, self.weights))

    @property
    def mean(self) -> float:
        return self.stated

    @property
    def sd(self) -> float:
        return math.sqrt(math.fsum(np.multiply(self.weights, np.subtract(self.values, self.mean) ** 2)))

    def at(self, z: FloatArray) -> FloatArray:
        values, last_scores = self._steps
        return values[np.searchsorted(last_scores, z)]

    @cached_property
    def _steps(self) -> tuple[FloatArray, FloatArray]:
        """The figures in order, and the score up to which each but the last holds."""
        from statistics import NormalDist  # 6 ms of import: only when asked for

        values, weights = np.asarray(self.values, dtype=float), np.asarray(self.weights, dtype=float)
        order = np.argsort(values, kind="stable")
        chances = np.cumsum(weights[order])[:-1]
        score = NormalDist().inv_cdf
        ends = [score(chance) if 0 < chance < 1 else math.copysign(math.inf, chance - 0.5) for chance in chances]
        return values[order], np.array(ends)


def shape_of(quantity: Quantity) -> Shape:
    """The shape of a quantity that states its figures; a reference or a derived input has none before it is looked up.

    A part stated once beside parts by year holds for every year.
    """
    shapes: dict[str, type[Shape]] = {
        "value": Fixed,
        "pert": Triangular if quantity.shape == "triangular" else Pert,
        "uniform": Uniform,
        "lognormal": Lognormal,
        "normal": Normal,
        "scenarios": Scenarios,
    }
    shape = shapes[quantity.form]
    parts = [np.asarray(getattr(quantity, name), dtype=float) for name in shape.__annotations__]
    return shape(*(part[()] for part in np.broadcast_arrays(*parts)))


def _times(parts: Figures, draws: FloatArray) -> FloatArray:
    """The product, by year with the draws of one year side by side: a call then walks thousands of them and not ten."""
    return np.multiply(parts, draws, order="F")


class Together:
    """Many ranges read at once, the tables of PERT ranges side by side: a call costs as much as a thousand figures."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self._shapes = tuple(shapes)
        parts = [(row, shape.part) for row, shape in enumerate(shapes) if isinstance(shape, Pert)]
        self._parts = {row: part for row, part in parts if part is not None}

    def at(self, scores: FloatArray) -> list[FloatArray]:
        """The figures of each, (draws, 1) or (draws, years), at its row of scores."""
        tabled = np.array(list(self._parts), dtype=np.intp)
        units: dict[int, FloatArray] = {}
        for some in rows_at_once(len(tabled), scores.shape[-1]):
            rows = tabled[some]
            units |= zip(rows.tolist(), read(self._tables, scores[rows], self._first[some]), strict=True)
        return [
            shape.between(units[row][:, None])
            if isinstance(shape, Pert) and row in units
            else shape.at(scores[row][:, None])
            for row, shape in enumerate(self._shapes)
        ]

    @cached_property
    def _tables(self) -> FloatArray:
        return np.hstack([pert_table(part) for part in self._parts.values()])

    @cached_property
    def _first(self) -> npt.NDArray[np.intp]:
        """The first cell of each table."""
        return (CELLS + 1) * np.arange(len(self._parts))[:, None]

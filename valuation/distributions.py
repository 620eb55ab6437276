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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from valuation.quantity import Quantity

FloatArray = npt.NDArray[np.float64]
Figures = float | FloatArray  # one figure, or one a year

LAST_SCORE = 8.5  # one draw in 10^17 lies beyond; figures there are held at this score
CELLS = 1024  # the cubics then miss by 1.4e-11 of a PERT range, and one table fills a first-level cache
FIGURES_AT_ONCE = 2**15  # a quarter of a megabyte a temporary array
SERIES_TERMS = 40  # each at most half the one before: the rest is below 1e-16


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
        units = [read(_pert_table(part), z) for part in parts]
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
        below, above = read(_root_table(), z), read(_root_table(), -z)
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
        return self.low + _times(self.high - self.low, read(_root_table(), z) ** 2)


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
        return np.hstack([_pert_table(part) for part in self._parts.values()])

    @cached_property
    def _first(self) -> npt.NDArray[np.intp]:
        """The first cell of each table."""
        return (CELLS + 1) * np.arange(len(self._parts))[:, None]


def rows_at_once(rows: int, draws: int) -> Iterator[slice]:
    """Groups of rows of so many draws that one call walks within the cache: few calls, and small ones together."""
    together = max(1, FIGURES_AT_ONCE // max(draws, 1))
    return (slice(first, first + together) for first in range(0, rows, together))


def cubics(knots: FloatArray, values: FloatArray, slopes: FloatArray) -> FloatArray:
    """Coefficients (4, knots) of the cubic that meets value and slope at both ends of each cell, for t from 0 to 1.

    From the last knot on the value is held.
    """
    width, rise = np.diff(knots), np.diff(values)
    left, right = width * slopes[:-1], width * slopes[1:]
    table = np.zeros((4, len(knots)))
    table[0] = values
    table[1:, :-1] = left, 3 * rise - 2 * left - right, left + right - 2 * rise
    return table


def cubic_at(table: FloatArray, cell: npt.NDArray[np.int64], t: FloatArray) -> FloatArray:
    """The cubic of each cell at t, by Horner's rule."""
    figure = np.asarray(table[3].take(cell, mode="clip"))  # clip is the fastest way to take; no cell lies outside
    for coefficients in table[2::-1]:
        figure *= t
        figure += coefficients.take(cell, mode="clip")
    return figure


def read(table: FloatArray, z: FloatArray, first: npt.NDArray[np.intp] | int = 0) -> FloatArray:
    """A table over the even grid of scores, read at z; of several tables side by side each from its first cell on."""
    t = np.asarray(z + LAST_SCORE)
    t *= CELLS / (2 * LAST_SCORE)
    np.clip(t, 0, CELLS, out=t)
    whole = np.floor(t)
    t -= whole
    cell = whole.astype(np.intp)
    cell += first
    return cubic_at(table, cell, t)


@lru_cache(maxsize=1)
def _grid() -> tuple[FloatArray, FloatArray, FloatArray]:
    """The grid of scores, the chance below each, accurate in the lower tail, and the height of the bell."""
    z = np.linspace(-LAST_SCORE, LAST_SCORE, CELLS + 1)
    chance = np.array([math.erfc(-score / math.sqrt(2)) / 2 for score in z])
    return z, chance, np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


@lru_cache(maxsize=1)
def _root_table() -> FloatArray:
    """The square root of the chance below a score."""
    z, chance, bell = _grid()
    root = np.sqrt(chance)
    return cubics(z, root, bell / (2 * root))


@lru_cache(maxsize=256)  # 33 kB each
def _pert_table(part: float) -> FloatArray:
    """The PERT range from 0 to 1 whose mode lies at this part of it.

    Up to the middle of the range a figure is measured from the low end by the chance of less, above it from the high
    end by the chance of more (alpha and beta swapped), so that neither tail is lost in a difference from 1.
    """
    shape = np.array([1 + 4 * part, 5 - 4 * part])
    complete = math.exp(math.lgamma(shape[0]) + math.lgamma(shape[1]) - math.lgamma(6))
    below_middle = 0.5 ** shape[0] * _series(_terms(shape)[:, 0], np.array(0.5)) / complete
    z, chance, bell = _grid()
    high = (chance > below_middle).astype(np.intp)
    distance, slope = _inverse_beta(shape, high, complete * np.where(high, chance[::-1], chance))
    return cubics(z, np.where(high, 1 - distance, distance), complete * bell * slope)


def _inverse_beta(shape: FloatArray, swap: npt.NDArray[np.intp], integral: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The x at most 1/2 up to which t^(alpha-1) (1-t)^(beta-1) has this integral, and dx / d(integral).

    Halley's method on the logarithm of the integral as a function of w = log x, nearly a line of slope alpha: from the
    tail's own power law four steps reach the last bits for every alpha from 1 to 5.
    """
    alpha, beta, terms = shape[swap], shape[1 - swap], _terms(shape)[:, swap]
    target = np.log(integral)
    w = (target + np.log(alpha)) / alpha
    for _ in range(4):
        x = np.exp(w)
        series = _series(terms, x)
        slope = np.exp((beta - 1) * np.log1p(-x)) / series
        step = (alpha * w + np.log(series) - target) / slope
        w -= step / (1 - step / 2 * (alpha - (beta - 1) * x / (1 - x) - slope))
    x = np.exp(w)
    return x, np.exp((1 - alpha) * w + (1 - beta) * np.log1p(-x))


def _series(terms: FloatArray, x: FloatArray) -> FloatArray:
    """The integral of t^(alpha-1) (1-t)^(beta-1) from 0 to x at most 1/2, over x^alpha."""
    total = np.full_like(x, terms[-1])
    for term in terms[-2::-1]:
        total *= x
        total += term
    return total


def _terms(shape: FloatArray) -> FloatArray:
    """(1-t)^(beta-1) as a binomial series, integrated term by term; a column for each order of alpha and beta."""
    beta, k = shape[::-1], np.arange(1, SERIES_TERMS)[:, None]
    binomials = np.cumprod(np.vstack([np.ones(2), (k - beta) / k]), axis=0)
    return binomials / (shape + np.arange(SERIES_TERMS)[:, None])

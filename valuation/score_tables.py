"""Tables of cubics: a function inverted once a cell and then read, at 8 ns a figure, in as few calls as possible."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

LAST_SCORE = 8.5  # one draw in 10^17 lies beyond; figures there are held at this score
CELLS = 1024  # the cubics then miss by 1.4e-11 of a PERT range, and one table fills a first-level cache
FIGURES_AT_ONCE = 2**15  # a quarter of a megabyte a temporary array
SERIES_TERMS = 40  # each at most half the one before: the rest is below 1e-16


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
def root_table() -> FloatArray:
    """The square root of the chance below a score."""
    z, chance, bell = _grid()
    root = np.sqrt(chance)
    return cubics(z, root, bell / (2 * root))


@lru_cache(maxsize=256)  # 33 kB each
def pert_table(part: float) -> FloatArray:
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

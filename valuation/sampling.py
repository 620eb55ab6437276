"""Draws: where in its range each uncertain input stands in each draw, as correlated normal scores.

The points are a scrambled Sobol sequence. With equal work the mean of a smooth value comes out some hundred times
closer than by plain random numbers, a percentile two to three times. All of it is our own, so that no release of a
library moves a draw: words of splitmix64 scramble the directions of S. Joe and F. Y. Kuo (the set new-joe-kuo-6, SIAM
J. Sci. Comput. 30, 2008; sobol_directions.csv) by a random lower-triangular bit matrix for each dimension and a digital
shift (J. Matousek, J. Complexity 14, 1998). The stream of a dimension depends on the seed and its own number only, and
any stretch of draws is the same alone as within the whole: blocks run in any order, on any number of threads.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from valuation.errors import InputError, Problem, problem
from valuation.rank_correlation import Correlation, correlation_of
from valuation.score_tables import cubic_at, cubics, rows_at_once

FloatArray = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint64]

MAX_DIMENSIONS = 256
INDEX_BITS = 20
MAX_COUNT = 2**INDEX_BITS
POINT_BITS = 52  # all that a float between 1 and 2 holds
ONE = 1023 << POINT_BITS  # the bits of 1.0: with a point's bits below them they make a float from 1 to 2
STRETCH_BITS = 10
STRETCH = 1 << STRETCH_BITS  # points made from one short table by a single exclusive or
CELLS_PER_OCTAVE = 9  # in bits: 512 cells of the score table from each power of 1/2 to the next
CELL_SHIFT = POINT_BITS - CELLS_PER_OCTAVE
FIRST_CELL = (1023 - POINT_BITS - 1) << CELLS_PER_OCTAVE  # at 2^-53, the smallest chance of a point


@dataclass(frozen=True)
class Draws:
    """A number of draws (a power of two) over some uncertain inputs (the dimensions), all fixed by one seed.

    Rank correlations are stated as (dimension, other dimension, rank); `correlation` says which were used. Refuses more
    than 256 dimensions, more than 2^20 draws, and counts that are no power of two: they upset the sequence's balance.
    """

    seed: int
    count: int
    dimensions: int
    rank_correlation: Sequence[tuple[int, int, float]] = ()

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise InputError(problems)

    def scores(self, start: int, stop: int) -> FloatArray:
        """Normal scores of the draws from start up to stop: (dimensions, stop - start), so that an input is one row."""
        scores = self.uniforms(start, stop)
        for rows in rows_at_once(*scores.shape):
            scores[rows] = normal_score(scores[rows])
        return self.correlation.apply(scores)

    def uniforms(self, start: int, stop: int) -> FloatArray:
        """The points before they become scores: odd multiples of 2^-53 between 0 and 1, (dimensions, stop - start)."""
        high, low = self._sequence
        first, last = start // STRETCH, -(-stop // STRETCH)
        bits = (high[:, first:last, None] ^ low[:, None, :]).reshape(self.dimensions, -1)
        points = bits.view(np.float64)[:, start - first * STRETCH : stop - first * STRETCH]
        # From 1 and up to 0 and up, into the middle of each cell: never 0 or 1. In place, as new memory costs more.
        points -= 1 - 2.0 ** -(POINT_BITS + 1)
        return points

    @cached_property
    def correlation(self) -> Correlation:
        """The correlation of the scores as used, and how far it had to leave what was stated."""
        return correlation_of(self.rank_correlation)

    @cached_property
    def _sequence(self) -> tuple[Bits, Bits]:
        """First point of each stretch, shifted, and the points of the first: each other one is a bitwise sum of two."""
        words = _splitmix64(self.seed, self.dimensions, INDEX_BITS + 1) >> np.uint64(64 - POINT_BITS)
        columns = _scrambled(direction_numbers(self.dimensions), words[:, :-1])
        starts = sobol_bits(columns[:, STRETCH_BITS:], max(1, self.count >> STRETCH_BITS))
        starts[:, 1::2] ^= columns[:, STRETCH_BITS - 1, None]  # Gray code carries one bit into the stretch
        shift = words[:, -1:] | np.uint64(ONE)
        return shift ^ starts, sobol_bits(columns, STRETCH)


def _problems(draws: Draws) -> Iterator[Problem]:
    if draws.count < 1 or draws.count & (draws.count - 1):
        yield problem("power_of_two", "draws", draws.count)
    for path, given, limit in (
        ("draws", draws.count, MAX_COUNT),
        ("dimensions", draws.dimensions, MAX_DIMENSIONS),
        ("seed", draws.seed, 2**64 - 1),
    ):
        if given > limit:
            yield problem("too_large", path, given, limit=limit)
    if draws.seed < 0:
        yield problem("too_small", "seed", draws.seed, limit=0)


BLOCK_ELEMENTS = 2**18  # figures a temporary array: larger ones need memory, smaller ones wait on calls


def blocks(count: int, width: int) -> list[tuple[int, int]]:
    """Start and stop of the stretches in which draws of so many figures are worked: 16,384 draws for ten years."""
    size = min(count, 1 << (max(BLOCK_ELEMENTS // width, 1).bit_length() - 1))  # both powers of two
    return [(start, start + size) for start in range(0, count, size)]


def keep_memory() -> None:
    """Lets the C library keep what one block frees for the next, instead of handing it back and fetching it zeroed.

    Freeing one large array raises glibc's threshold for handing back; it is never touched and costs nothing. Without
    it 2^17 draws in a fresh process take 1.4 times as long, all of it page faults. Elsewhere it does nothing.
    """
    np.empty(2**21)


def percentiles(values: FloatArray, probabilities: Sequence[float]) -> tuple[FloatArray, FloatArray]:
    """Figures that this part of the draws does not exceed, and the standard error of each.

    The figure is the order statistic ceil(n p). The error is sqrt(p (1 - p) / n) over the density, which is read from
    the order statistics one standard deviation of the rank away: half their distance. It holds for plain random draws;
    for a scrambled sequence it is an upper guide.
    """
    count, p = values.size, np.asarray(probabilities, dtype=float)
    spread = np.sqrt(count * p * (1 - p))
    rank = np.ceil(count * p - 1e-9) - 1
    ranks = np.stack([rank, rank - np.ceil(spread), rank + np.ceil(spread)]).clip(0, count - 1).astype(np.intp)
    figure, lower, upper = np.sort(values)[ranks]  # takes less time than to partition at so many places
    steps = np.maximum(ranks[2] - ranks[1], 1)
    return figure, spread * (upper - lower) / steps


def normal_score(u: FloatArray) -> FloatArray:
    """The score below which a standard normal figure lies with chance u, 2^-53 <= u <= 1 - 2^-53; within 1e-12.

    The bits of a float are nearly its logarithm, so its leading bits number cells that are as fine in the far tail as
    in the body. A cubic in each costs 10 ns a figure where the inverse of scipy.special costs 15, and 0.2 s of import.
    """
    t = 1 - u
    np.minimum(t, u, out=t)
    bits = t.view(np.int64)
    cell = bits >> CELL_SHIFT
    cell -= FIRST_CELL
    bits &= 2**CELL_SHIFT - 1  # in place: what is left of a figure is where it lies within its cell
    bits |= ONE
    t -= 1
    score = cubic_at(_score_table(), cell, t)
    return np.copysign(score, u - 0.5, out=score)


@lru_cache(maxsize=1)
def _score_table() -> FloatArray:
    from statistics import NormalDist  # 6 ms of import, and as much to fill the table: only when draws are made

    inverse = NormalDist().inv_cdf
    chance = (np.arange(FIRST_CELL, (1022 << CELLS_PER_OCTAVE) + 1) << CELL_SHIFT).view(np.float64)
    score = np.array([inverse(p) for p in chance.tolist()])
    table = cubics(chance, score, math.sqrt(2 * math.pi) * np.exp(score**2 / 2))
    table *= 2.0 ** (CELLS_PER_OCTAVE * np.arange(4))[:, None]  # t runs over a cell from 0 to 2^-9, not to 1
    return table


def sobol_bits(columns: Bits, count: int) -> Bits:
    """The first points of the sequence, a power of two of them, in Gray-code order: the first bit is worth 2^51.

    Each half is the one before it in reverse order, with one more column of directions.
    """
    bits = np.zeros((len(columns), 1), dtype=np.uint64)
    for place in range(count.bit_length() - 1):
        bits = np.hstack([bits, bits[:, ::-1] ^ columns[:, place, None]])
    return bits


@lru_cache(maxsize=8)
def direction_numbers(dimensions: int) -> Bits:
    """The unscrambled directions, (dimensions, 20): the point at place 2^k of a dimension, before Gray code."""
    lines = Path(__file__).with_name("sobol_directions.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines if not line.startswith("#")][1:dimensions]
    numbers = [[1] * INDEX_BITS]
    for _, degree, coefficients, first in rows:
        numbers.append(_recurrence(int(degree), int(coefficients), [int(number) for number in first.split()]))
    places = np.arange(POINT_BITS - 1, POINT_BITS - 1 - INDEX_BITS, -1, dtype=np.uint64)
    return np.array(numbers, dtype=np.uint64) << places


def _recurrence(degree: int, coefficients: int, numbers: list[int]) -> list[int]:
    """All direction numbers of a dimension from its first ones, by its primitive polynomial."""
    polynomial = 1 << degree | coefficients << 1 | 1
    while len(numbers) < INDEX_BITS:
        number = numbers[-degree]
        for back in range(1, degree + 1):
            if polynomial >> (degree - back) & 1:
                number ^= numbers[-back] << back
        numbers.append(number)
    return numbers


def _scrambled(columns: Bits, words: Bits) -> Bits:
    """Each direction times a random lower-triangular bit matrix with ones on its diagonal, whose columns are words."""
    mixed = np.zeros_like(columns)
    for row in range(INDEX_BITS):
        diagonal = 1 << (POINT_BITS - 1 - row)
        column = words[:, row, None] & np.uint64(diagonal - 1) | np.uint64(diagonal)
        mixed ^= (columns >> np.uint64(POINT_BITS - 1 - row) & np.uint64(1)) * column
    return mixed


def _splitmix64(seed: int, dimensions: int, count: int) -> Bits:
    """Random words (dimensions, count): a stream for each dimension, keyed by the seed and its number."""
    numbers: Bits = np.arange(dimensions, dtype=np.uint64)
    keys = _mixed(_mixed(np.array([seed], dtype=np.uint64)) + numbers)
    steps: Bits = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return _mixed(keys[:, None] + steps)


def _mixed(word: Bits) -> Bits:
    word = (word ^ word >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ word >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return word ^ word >> np.uint64(31)

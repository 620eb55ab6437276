"""Inputs that move together: from stated rank correlations to correlated normal scores (a Gaussian copula)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Correlation:
    """Which scores are correlated, and how far the stated correlations had to be changed to be possible together."""

    columns: tuple[int, ...]
    matrix: FloatArray  # correlation of the scores as used; 2 sin(pi/6 x rank correlation)
    factor: FloatArray  # lower triangular, factor x its transpose = matrix
    largest_change: float  # in rank correlation, over all pairs; a pair not stated was stated as 0

    @property
    def possible(self) -> bool:
        """Whether the correlations were used as stated; if not, say so beside every figure drawn from them."""
        return self.largest_change < 1e-6  # a rank correlation of exactly 1 becomes 0.99999999

    def apply(self, scores: FloatArray) -> FloatArray:
        """Correlates the rows of independent scores (dimensions, draws), in place.

        Row by row and figure by figure: a matrix product would add in an order that depends on machine and threads.
        """
        for row in reversed(range(len(self.columns))):  # from the last, so that the rows above are still independent
            target = scores[self.columns[row]]
            target *= self.factor[row, row]
            for other in np.flatnonzero(self.factor[row, :row]):
                target += self.factor[row, other] * scores[self.columns[other]]
        return scores


def correlation_of(pairs: Sequence[tuple[int, int, float]]) -> Correlation:
    """The Gaussian copula with these rank correlations (Spearman).

    Correlations that contradict each other belong to no distribution; the nearest matrix that does is used instead.
    """
    columns = tuple(sorted({column for i, j, _ in pairs for column in (i, j)}))
    place = {column: row for row, column in enumerate(columns)}
    stated = np.eye(len(columns))
    for i, j, rank in pairs:
        assert i != j, "a score is not correlated with itself"
        stated[place[i], place[j]] = stated[place[j], place[i]] = normal_correlation(rank)
    used, factor = stated, _cholesky(stated)
    if factor is None:
        used = nearest_correlation(stated)
        factor = _cholesky(used)
        assert factor is not None
    change = np.abs(rank_correlation(used) - rank_correlation(stated)).max(initial=0.0)
    return Correlation(columns, used, factor, float(change))


def normal_correlation(rank: float) -> float:
    """Correlation of two normal scores whose ranks have this correlation: 2 sin(pi/6 x rank)."""
    return 2 * math.sin(math.pi / 6 * rank)


def rank_correlation(normal: FloatArray) -> FloatArray:
    """Rank correlation of two normal scores with this correlation, the inverse of `normal_correlation`."""
    return np.asarray(6 / math.pi * np.arcsin(normal / 2))


def nearest_correlation(stated: FloatArray) -> FloatArray:
    """The correlation matrix with the least sum of squared changes, its smallest eigenvalue at least 1e-8.

    Alternating projections with Dykstra's correction: N. J. Higham, Computing the nearest correlation matrix, IMA J.
    Numer. Anal. 22 (2002). [[1, 1, 0], [1, 1, 1], [0, 1, 1]] becomes 0.7607 beside the diagonal, 0.1573 in the corner.
    """
    nearest, correction = stated, np.zeros_like(stated)
    for _ in range(1000):
        start = nearest - correction
        eigenvalues, vectors = np.linalg.eigh(start)
        positive = (vectors * np.maximum(eigenvalues, 1e-8)) @ vectors.T
        correction = positive - start
        nearest = positive - np.diag(np.diag(positive) - 1)
        if np.abs(nearest - positive).max() < 1e-10:
            break
    scale = np.sqrt(np.diag(positive))
    # Rounded, so that the last bits of a linear-algebra library cannot move a draw.
    return np.asarray(np.round(positive / np.outer(scale, scale), 12))


def _cholesky(matrix: FloatArray) -> FloatArray | None:
    """The lower triangular factor; None if the matrix is not positive definite."""
    factor = np.zeros_like(matrix)
    for column in range(len(matrix)):
        rest = matrix[column:, column] - (factor[column:, :column] * factor[column, :column]).sum(axis=1)
        if rest[0] < 1e-9:
            return None
        factor[column:, column] = rest / math.sqrt(rest[0])
    return factor

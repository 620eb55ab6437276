"""What weighted scores say together: a weighted sum, the closeness to the ideal (TOPSIS), a fuzzy evaluation.

Scores are (..., criterion), more is better; leading axes are borrowers, draws or data sets.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from valuation.errors import InputError, problem
from valuation.workings import FloatArray


class IdealPoints(NamedTuple):
    """What closeness is measured from, one figure a criterion: the length of each column, its best and its worst.

    Taken from a set they belong to that set: another member moves them, and with them the score and even the rank of
    all others (rank reversal). So they are kept with a policy or a case, and every later score uses the kept ones.
    """

    norms: FloatArray
    best: FloatArray
    worst: FloatArray


def weighted_score(scores: Any, weights: Any) -> FloatArray:
    """Weighted sum (...,) of scores. 0.8, 0.5 with weights 0.6, 0.4: 0.68."""
    return np.asarray(np.sum(np.asarray(scores) * weights, axis=-1))


def ideal_points(scores: Any) -> IdealPoints:
    """The points of a set (item, criterion), as TOPSIS takes them: column lengths, largest and least of each column.

    Keep them; see IdealPoints.
    """
    given = np.asarray(scores, dtype=float)
    return IdealPoints(np.sqrt(np.sum(given**2, axis=-2)), np.max(given, axis=-2), np.min(given, axis=-2))


def closeness(scores: Any, weights: Any, points: IdealPoints) -> FloatArray:
    """How near (...,) each row of scores comes to the best: 1 there, 0 at the worst, by weighted Euclidean distances.

    Depends on the row and the points alone, never on who else is in the batch. Refused where best and worst are one
    point. Tzeng and Huang's four alternatives: 0.5037, 0.6581, 0.7482, 0.3340.
    """
    if np.array_equal(points.best, points.worst):
        words = {"reason": "the best and the worst point are the same", "reason_zh": "最优点与最劣点相同"}
        raise InputError(problem("combination", "", None, **words))
    given = np.asarray(scores, dtype=float)
    to_best, to_worst = (
        np.sqrt(np.sum((weights * (given - point) / points.norms) ** 2, axis=-1)) for point in points[1:]
    )
    return np.asarray(to_worst / (to_best + to_worst))


def fuzzy_evaluation(weights: Any, memberships: Any) -> FloatArray:
    """Share of each grade (..., grade) in the whole: weights over memberships (..., criterion, grade).

    Products are added; the operator of maxima and minima lets one criterion stand for all and forgets the others.
    Weights 0.2, 0.5, 0.3 on rows (88, 100, 77), (99, 60, 77), (100, 67, 66): 97.1, 70.1, 73.7.
    """
    return np.asarray(np.sum(np.asarray(weights)[..., None] * memberships, axis=-2))


def fuzzy_score(shares: Any, grade_values: Any) -> FloatArray:
    """One figure (...,) of the shares of all grades: what each grade is worth, weighted by its share."""
    return np.asarray(np.sum(np.asarray(shares) * grade_values, axis=-1))

"""Scores: weights of criteria, and what a weighted set of them says; all of it on arrays with any leading axes."""

from valuation.scoring.ranking import (
    IdealPoints,
    closeness,
    fuzzy_evaluation,
    fuzzy_score,
    ideal_points,
    weighted_score,
)
from valuation.scoring.weights import (
    RANDOM_INDEX,
    Consistency,
    consistency,
    entropy_weights,
    joint_judgement,
    made_reciprocal,
    principal_weights,
    random_index,
    root_weights,
)

__all__ = [
    "RANDOM_INDEX",
    "Consistency",
    "IdealPoints",
    "closeness",
    "consistency",
    "entropy_weights",
    "fuzzy_evaluation",
    "fuzzy_score",
    "ideal_points",
    "joint_judgement",
    "made_reciprocal",
    "principal_weights",
    "random_index",
    "root_weights",
    "weighted_score",
]

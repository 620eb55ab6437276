"""Published examples of weights and scores."""

from itertools import combinations
from typing import Any

from readings import outcome_of

from cases_mapping.reading import Figures, Inputs, reading
from valuation.calculation import Outcome
from valuation.scoring import closeness, fuzzy_evaluation, ideal_points


def judged(case: Inputs, priorities: str) -> Outcome:
    """A split rate whose factors are weighted by the judgements above the diagonal of the page's matrix."""
    names = [f"factor {number}" for number in range(len(case["matrix"]))]
    comparisons = [
        {"of": names[i], "against": names[j], "importance": case["matrix"][i][j]}
        for i, j in combinations(range(len(names)), 2)
    ]
    index = case["random_index"]
    table = {"random_index": index["name"]} if isinstance(index, dict) else {"random_index": "stated"}
    stated = {} if isinstance(index, dict) else {"stated_random_index": index}
    factors = [{"name": name, "indicators": [{"name": "overall", "score": 0.5}]} for name in names]
    return outcome_of(
        "royalty_rate.split_by_score",
        {
            "lower_rate": 0.01,
            "upper_rate": 0.03,
            "factors": factors,
            "weights_by": "ahp",
            "priorities": priorities,
            "experts": [{"name": "the page", "comparisons": comparisons}],
            **table,
            **stated,
        },
    )


def found(outcome: Outcome, **names: str) -> Figures:
    """Lines of the workings under the page's names."""
    lines: dict[str, Any] = {line.name: line.values for line in outcome.lines}
    return {ours: list(lines[theirs]) if len(lines[theirs]) > 1 else lines[theirs][0] for ours, theirs in names.items()}


@reading("ahp-fuzzyahp-ci")
def _(case: Inputs) -> Figures:
    return found(judged(case, "eigenvector"), ci="consistency_index", cr="consistency_ratio")


@reading("ahp-saaty-drinks")
def _(case: Inputs) -> Figures:
    return found(judged(case, "eigenvector"), weights="weights", cr="consistency_ratio")


@reading("cn-ahp-root-3x3")
def _(case: Inputs) -> Figures:
    lines = {"weights": "weights", "lambda_max": "lambda_max", "ci": "consistency_index", "cr": "consistency_ratio"}
    return found(judged(case, "root"), **lines)


@reading("entropy-skcriteria-2x2")
def _(case: Inputs) -> Figures:
    """Each column over its larger figure, since a score is a share; that leaves the weights as they are."""
    own, other = case["matrix"]
    dimensions = [
        {
            "dimension": name,
            "indicators": [{"name": "all", "score": mine / max(mine, theirs)}],
            "others": [theirs / max(mine, theirs)],
        }
        for name, mine, theirs in zip(("accuracy", "completeness"), own, other, strict=True)
    ]
    outcome = outcome_of("quality.score", {"weights_by": "entropy", "dimensions": dimensions})
    return found(outcome, weights="weights")


@reading("topsis-tzeng")
def _(case: Inputs) -> Figures:
    return {"closeness": list(closeness(case["matrix"], case["weights"], ideal_points(case["matrix"])))}


@reading("fuzzy-mcm-97")
def _(case: Inputs) -> Figures:
    return {"B": list(fuzzy_evaluation(case["weights"], case["matrix_rows_are_criteria"]))}

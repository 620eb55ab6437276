"""Weights of criteria as lines of a method's workings: stated, or from experts' pairwise judgements (AHP, 层次分析法).

Each pair is stated once: the reverse is its reciprocal by construction. The matrix then stands in the workings row by
row, so that a sheet recalculates it; scoring.weights does the same on whole arrays of matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import combinations
from typing import Any, Literal

import numpy as np

from valuation.finance import joined, power
from valuation.method import Inputs, Quantity, choice, items, ratio, refuse, text
from valuation.scoring.weights import (
    ACCEPTED_RATIO,
    consistency,
    consistency_index,
    principal_weights,
    random_index,
    root_weights,
)

WEIGHTS = {"root": root_weights, "eigenvector": principal_weights}
OFF = 1e-6  # how far stated weights may be from adding up to 1 before the reader is told
POWER_STEPS = 16  # each leaves a third of the distance to the eigenvector, or less, if the judgements are consistent


class Comparison(Inputs):
    """How much more one criterion matters than another."""

    of: str = text("Criterion", "指标")
    against: str = text("Compared with", "对比指标")
    importance: Quantity = ratio(
        "Importance, 1 to 9", "相对重要性（1—9 标度）", low=1 / 9, high=9,
        help="1 as much, 3 somewhat more, 5 clearly, 7 strongly, 9 absolutely; below 1 if the other matters more.",
    )  # fmt: skip


class Expert(Inputs):
    """One expert's judgements, each pair once."""

    name: str = text("Expert", "专家")
    comparisons: list[Comparison] = items("Comparisons", "两两比较")


class Judged(Inputs):
    """What every method that takes experts' judgements asks of them."""

    experts: list[Expert] = items("Experts", "专家判断", [], at_least=0)
    priorities: Literal["root", "eigenvector"] = choice(
        "How judgements become weights", "权重计算方式（方根法或特征向量法）", "root",
        help="Root method: geometric mean of each row. Both agree where the judgements are consistent.",
    )  # fmt: skip
    random_index: Literal["saaty", "monte_carlo", "stated"] = choice(
        "Table of random indices", "随机一致性指标表", "saaty",
        help="Two tables are in use; the consistency ratio differs by up to a tenth, so the report names the table.",
    )  # fmt: skip
    stated_random_index: Quantity | None = ratio("Random index, stated", "随机一致性指标（自定）", None, above=0)
    reason_inconsistent: str = text(
        "Why judgements with a ratio above 0.10 are used", "一致性比例超过 0.10 仍采用的理由", "",
        help="Without it they are refused: experts are asked again.",
    )  # fmt: skip


def check_judgements(given: Judged, criteria: Sequence[str]) -> None:
    """Refuse judgements that leave out or repeat a pair, name an unknown criterion, or contradict each other.

    The consistency ratio can be told here only for judgements without a range; with one, the workings warn.
    """
    if not given.experts:
        refuse("weights by judgement need experts", "采用专家判断赋权但未给出 experts", "Add them.", "请补充。")
    if len({expert.name for expert in given.experts}) < len(given.experts):
        refuse("two experts have one name", "两位专家同名", "Give each a name of their own.", "请使用不同的名称。")
    if (given.random_index == "stated") == (given.stated_random_index is None):
        refuse(
            "a stated random index and random_index go together", "stated_random_index 须与 random_index 相配",
            'Give stated_random_index with "random_index": "stated", and only then.',
            '仅在 "random_index": "stated" 时填写 stated_random_index。',
        )  # fmt: skip
    for expert in given.experts:
        stated = [frozenset((one.of, one.against)) for one in expert.comparisons]
        wanted = [frozenset(pair) for pair in combinations(criteria, 2)]
        wrong = [pair for pair in stated if pair not in wanted or stated.count(pair) > 1]
        wrong += [pair for pair in wanted if pair not in stated]
        if wrong:
            pair = " / ".join(sorted(wrong[0]))
            refuse(
                f"{expert.name} must compare each pair of criteria once; look at {pair}",
                f"{expert.name} 须对每一对指标比较且仅比较一次；请检查 {pair}",
                f"The criteria are {', '.join(criteria)}.", f"指标为：{'、'.join(criteria)}。",
            )  # fmt: skip
        _check_consistency(given, expert, criteria)


def _check_consistency(given: Judged, expert: Expert, criteria: Sequence[str]) -> None:
    known = {(one.of, one.against): one.importance.value for one in expert.comparisons}
    index = given.stated_random_index.value if given.stated_random_index else _index(given, len(criteria))
    if given.reason_inconsistent.strip() or not all(isinstance(item, float) for item in [*known.values(), index]):
        return
    matrix = np.array(_matrix(known, criteria), dtype=float)
    found = float(consistency(matrix, WEIGHTS[given.priorities](matrix), np.asarray(index)).consistency_ratio)
    if found > ACCEPTED_RATIO:
        refuse(
            f"the judgements of {expert.name} contradict each other: consistency ratio {found:.3f}, at most "
            f"{ACCEPTED_RATIO:g} is accepted",
            f"{expert.name} 的判断相互矛盾：一致性比例 {found:.3f}，应不超过 {ACCEPTED_RATIO:g}",
            "Ask again, or say in reason_inconsistent why they are used.",
            "请重新征询，或在 reason_inconsistent 中说明采用理由。",
        )


def _index(given: Any, size: int) -> Any:
    return given.stated_random_index if given.random_index == "stated" else random_index(given.random_index, size)


def _matrix(judgements: dict[tuple[str, str], Any], criteria: Sequence[str]) -> list[list[Any]]:
    """The judgements as rows, the reverse of each pair as its reciprocal."""

    def entry(of: str, against: str) -> Any:
        if of == against:
            return 1.0
        return judgements[of, against] if (of, against) in judgements else 1 / judgements[against, of]

    return [[entry(of, against) for against in criteria] for of in criteria]


def stated_weights(weights: Sequence[Any], workings: Any) -> Any:
    """Stated weights as a row (..., criterion) that adds up to 1; the reader is told if they did not."""
    row = joined(weights)
    total = workings.line("stated_weights_add_up_to", np.sum(row, axis=-1, keepdims=True), unit="fraction")
    workings.warn(
        np.abs(total - 1) > OFF,
        "The stated weights do not add up to 1 and are divided by their sum.",
        "给定权重之和不为 1，已按合计归一化。",
    )
    return workings.line("weights", row / total, unit="fraction")


def judged_weights(inputs: Any, criteria: Sequence[str], workings: Any) -> Any:
    """Weights of the criteria as a row (..., criterion), from inputs that are Judged; all steps are lines.

    Several experts are joined by the geometric mean of each judgement. Lambda_max, consistency index and ratio stand
    beside the weights, for each expert where there are several. Judgements 3, 5, 2 by the eigenvector: 0.64832901,
    0.22965079, 0.12202019, lambda_max 3.00369460, ratio 0.003185 with the index 0.58.
    """
    each = [
        _matrix({(one.of, one.against): one.importance for one in expert.comparisons}, criteria)
        for expert in inputs.experts
    ]
    if len(each) > 1:
        for expert, matrix in zip(inputs.experts, each, strict=True):
            _weighed(inputs, matrix, criteria, workings, f" by {expert.name}")
    size = range(len(criteria))
    joint = [[_geometric_mean([matrix[i][j] for matrix in each]) for j in size] for i in size]
    return _weighed(inputs, joint, criteria, workings, "")


def _geometric_mean(figures: Sequence[Any]) -> Any:
    if len(figures) == 1 or isinstance(figures[0], float):  # one expert, or the diagonal
        return figures[0]
    return power(reduce(lambda a, b: a * b, figures), 1 / len(figures))


def _weighed(inputs: Any, matrix: list[list[Any]], criteria: Sequence[str], workings: Any, by: str) -> Any:
    line, size = workings.line, len(criteria)
    rows = [
        line(f"judgements[{name}]{by}", joined(row), unit="ratio") for name, row in zip(criteria, matrix, strict=True)
    ]

    def applied(weights: Any) -> Any:
        """The judgements times the weights: column j of a reciprocal matrix is 1 over its row j."""
        return sum(weights[..., j : j + 1] / row for j, row in enumerate(rows))

    means = joined([power(np.prod(row, axis=-1, keepdims=True), 1 / size) for row in rows])
    weights = line(f"root_means{by}", means, unit="ratio")
    if inputs.priorities == "eigenvector":
        for step in range(1, POWER_STEPS + 1):
            weights = line(f"power_step_{step}{by}", applied(weights), unit="ratio")
    weights = line(f"weights{by}", weights / np.sum(weights, axis=-1, keepdims=True), unit="fraction")

    quotients = line(f"judged_over_weight{by}", applied(weights) / weights, unit="ratio")
    largest = line(f"lambda_max{by}", np.mean(quotients, axis=-1, keepdims=True), unit="ratio")
    if size > 2:  # two criteria cannot contradict each other
        index = line(f"consistency_index{by}", consistency_index(largest, size), unit="ratio")
        found = line(f"consistency_ratio{by}", index / _index(inputs, size), unit="ratio")
        workings.warn(
            found > ACCEPTED_RATIO,
            f"Judgements{by}: the consistency ratio is above {ACCEPTED_RATIO:g}; they contradict each other.",
            f"专家判断{by.replace(' by ', '：')}的一致性比例超过 {ACCEPTED_RATIO:g}，判断相互矛盾。",
        )
    return weights

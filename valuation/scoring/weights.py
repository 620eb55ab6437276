"""Weights of criteria: from pairwise judgements (AHP, 层次分析法) or from how far the scores differ (熵权法).

A judgement matrix is (..., n, n): how many times criterion i matters as much as criterion j, on the scale 1 to 9 and
its reciprocals. Leading axes are experts, draws or borrowers; no row is touched by another.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from valuation.scoring.refusals import refuse
from valuation.workings import FloatArray

# Mean consistency index of random judgement matrices, by their size from 3 on; of size 1 and 2 none is inconsistent.
# Saaty's table was read in public implementations, not in his paper. The other one is ours: 400,000 random matrices a
# size, standard error about 0.001. They differ most at 3, where one makes the ratio a tenth larger than the other.
RANDOM_INDEX: dict[str, tuple[float, ...]] = {
    "saaty": (0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
    "monte_carlo": (0.52, 0.88, 1.11, 1.25, 1.34, 1.40, 1.45, 1.49),
}
ACCEPTED_RATIO = 0.10  # judgements with a higher consistency ratio are to be made again (Saaty)
RECIPROCAL_WITHIN = 0.05  # how far a_ij x a_ji may lie from 1: 0.13 for 1/8 is 4% off, the next judgement 1/9 is 11%
SQUARINGS = 12  # the 4096th power: beyond it the weights of matrices an expert would sign no longer move


class Consistency(NamedTuple):
    """How far judgements contradict each other: index (lambda_max - n) / (n - 1), ratio that over random ones'."""

    lambda_max: FloatArray
    consistency_index: FloatArray
    consistency_ratio: FloatArray


def random_index(table: str, size: int) -> float:
    """The random index of a judgement matrix of this size; 0 for 1 and 2, which cannot be inconsistent.

    Refused where the table ends. Saaty, size 7: 1.32.
    """
    if size < 3:
        return 0.0
    if size - 3 >= len(RANDOM_INDEX[table]):
        refuse(
            f"the table {table} of random indices ends at {len(RANDOM_INDEX[table]) + 2} criteria, {size} were given",
            f"随机一致性指标表 {table} 只到 {len(RANDOM_INDEX[table]) + 2} 阶，给出的是 {size} 阶",
            "Group the criteria in two levels, or state the index with its source.",
            "请将指标分为两层，或给出指标及其来源。",
        )
    return RANDOM_INDEX[table][size - 3]


def made_reciprocal(matrix: Any) -> FloatArray:
    """The judgements with a_ji = 1 / a_ij exactly, from the half above the diagonal.

    Refused where the lower half says something else, by more than two digits round it; where the diagonal is not 1;
    and where a judgement is not positive.
    """
    given = np.asarray(matrix, dtype=float)
    if given.ndim < 2 or given.shape[-1] != given.shape[-2]:
        refuse(f"a judgement matrix of shape {given.shape[-2:]} is not square", f"判断矩阵 {given.shape[-2:]} 不是方阵")
    if not np.all(given > 0):
        refuse("a judgement is not positive", "判断值必须为正数", "Write 1/3 where the other matters three times.")
    if np.max(np.abs(given * np.swapaxes(given, -1, -2) - 1)) > RECIPROCAL_WITHIN:
        refuse(
            "the judgements are not reciprocal: a_ij times a_ji must be 1, and so the diagonal",
            "判断矩阵不满足互反性：a_ij × a_ji 应为 1，对角线也应为 1",
            "Ask the expert which of the two is meant; the mean of both is neither.",
            "请向专家确认以何者为准；两者的平均并非任何一方的判断。",
        )
    upper = np.triu(given, 1)
    lower = np.swapaxes(np.divide(1, upper, out=np.zeros_like(upper), where=upper > 0), -1, -2)
    return np.asarray(upper + lower + np.eye(given.shape[-1]))


def joint_judgement(matrices: Any) -> FloatArray:
    """One judgement matrix of several experts', (..., expert, n, n): the geometric mean, which keeps a_ji = 1 / a_ij.

    The arithmetic mean does not: of 2 and 1/2 it makes 1.25 both ways.
    """
    return np.asarray(np.exp(np.mean(np.log(np.asarray(matrices, dtype=float)), axis=-3)))


def root_weights(matrix: Any) -> FloatArray:
    """Weights (..., n) by the root method (方根法): the geometric mean of each row, over their sum.

    [[1, 1/3, 1/5], [3, 1, 1/4], [5, 4, 1]]: 0.1007, 0.2255, 0.6738.
    """
    means = np.exp(np.mean(np.log(np.asarray(matrix, dtype=float)), axis=-1))
    return np.asarray(means / np.sum(means, axis=-1, keepdims=True))


def principal_weights(matrix: Any) -> FloatArray:
    """Weights (..., n) by the principal eigenvector, Saaty's own: weights that the judgements, applied, give back.

    By squaring the matrix a fixed number of times, so that a row's weights do not depend on its batch.
    [[1, 3, 5], [1/3, 1, 2], [1/5, 1/2, 1]]: 0.64832901, 0.22965079, 0.12202019.
    """
    power = np.asarray(matrix, dtype=float)
    for _ in range(SQUARINGS):
        power = power @ power
        power = power / np.sum(power, axis=(-1, -2), keepdims=True)
    weights = np.sum(power, axis=-1)
    return np.asarray(weights / np.sum(weights, axis=-1, keepdims=True))


def consistency_index(lambda_max: Any, size: int) -> Any:
    """How much the eigenvalue of n judged criteria exceeds n, which it is without contradiction, over n - 1."""
    return (lambda_max - size) / (size - 1)


def consistency(matrix: Any, weights: Any, index_of_random: Any) -> Consistency:
    """Consistency of judgements with the weights drawn from them; ratios above 0.10 call for another round.

    lambda_max is the mean of (A w)_i / w_i, the eigenvalue itself if the weights are the eigenvector. The ratio is 0
    for one or two criteria. The matrix above by its eigenvector: 3.00369460, 0.0018473, and 0.003185 with 0.58.
    """
    judgements = np.asarray(matrix, dtype=float)
    weights = np.asarray(weights, dtype=float)
    size = judgements.shape[-1]
    largest = np.mean((judgements @ weights[..., None])[..., 0] / weights, axis=-1)
    if size < 3:
        return Consistency(largest, np.zeros_like(largest), np.zeros_like(largest))
    index = consistency_index(largest, size)
    return Consistency(largest, index, index / index_of_random)


def entropy_weights(scores: Any) -> FloatArray:
    """Weights (..., criterion) of scores (..., item, criterion): a criterion weighs by how far it tells items apart.

    e = -sum p ln p / ln m with p the item's share of the column and m items; weights are 1 - e over their sum. It says
    what differs, not what matters. Refused for one item, for a negative score, a column of zeros, and where nothing
    differs. [[1, 2], [4, 16]]: 0.358889, 0.641111.
    """
    given = np.asarray(scores, dtype=float)
    totals = np.sum(given, axis=-2, keepdims=True)
    if given.ndim < 2 or given.shape[-2] < 2:
        refuse("entropy weights need two items or more", "熵权法至少需要两个评价对象")
    if np.any(given < 0) or np.any(totals == 0):
        refuse(
            "a score is negative, or all scores of a criterion are 0", "存在负的评分，或某一指标的评分全部为 0",
            "Turn the criterion round, so that more is better.", "请将指标转换为越大越好的形式。",
        )  # fmt: skip
    share = given / totals
    entropy = -np.sum(information(share), axis=-2) / np.log(given.shape[-2])
    spread = 1 - entropy
    told_apart = np.sum(spread, axis=-1, keepdims=True)
    if np.any(told_apart <= given.shape[-1] * np.finfo(float).eps):
        refuse(
            "all items score alike, so that no criterion tells them apart", "各对象评分完全相同，没有指标能区分它们",
            "State the weights, or ask experts.", "请直接给出权重或采用专家判断。",
        )  # fmt: skip
    return np.asarray(spread / told_apart)


def information(share: Any) -> Any:
    """p ln p, which is 0 for p 0."""
    return share * np.log(np.where(share > 0, share, 1.0))

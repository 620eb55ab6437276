"""The order of distance: for each of a few test points at a time, all training points from the nearest on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.scoring.refusals import refuse
from valuation.workings import FloatArray

PAIRS = 2**18  # of test and training points worked at once: their keys and steps stay in the processor's cache
# Multiplications of one matrix product. Up to here OpenBLAS uses one thread; a second one of its own goes on spinning
# after every product and slows all the rest, which took 0.38 s with it and 0.30 s without.
PRODUCT = 2**18

Bits = NDArray[np.uint64]
MATCH = np.uint64(1)  # the bit of a key that says whether the labels match
Values = Callable[[slice, Bits], FloatArray]  # of a block of test points and their sorted keys


class DistanceOrder:
    """Training and test data, checked, and how far each test point has it to each training point."""

    def __init__(self, points: Any, labels: Any, test_points: Any, test_labels: Any, neighbours: int) -> None:
        points, test_points = _table(points, "points"), _table(test_points, "test_points")
        self.labels, self.test_labels = np.asarray(labels), np.asarray(test_labels)
        self.count, self.tests = len(points), len(test_points)
        self.bits = self.count.bit_length() + 1  # of a key, for number and match
        _check_sizes(points, self.labels, test_points, self.test_labels, neighbours)
        # Squares of small figures lose less. A median keeps whole figures whole; of some hundred points it is cheap.
        centre = np.median(points[:: -(-self.count // 200)], axis=0)
        # |t - x|^2 is one product: (-2 t, 1, |t|^2) times (x, |x|^2, 1). In rows of features it is twice as fast.
        self._left = _with_squares(-2, test_points - centre, ones_first=True)
        self._right = np.ascontiguousarray(_with_squares(1, points - centre, ones_first=False).T)

    @cached_property
    def guess(self) -> float:
        """Share of right answers of a guess among the classes of the training data."""
        return 1 / len(np.unique(self.labels))

    def matches(self, at: slice) -> NDArray[np.bool_]:
        """Whether the labels of test points and training points agree, (test point, training point)."""
        return np.asarray(self.test_labels[at, None] == self.labels)

    def distances(self, at: slice) -> FloatArray:
        """Squared distances of these test points to all training points, (test point, training point)."""
        block = self._left[at]
        found = np.empty((len(block), self.count))
        width = max(16, PRODUCT // block.size)
        for first in range(0, self.count, width):
            some = slice(first, first + width)
            np.matmul(block, self._right[:, some], out=found[:, some])
        return np.maximum(found, 0.0, out=found)

    def mean(self, summed: Callable[[slice], FloatArray], threads: int) -> FloatArray:
        """Mean over the test points of what `summed` gives for a few; the same bytes with any number of threads."""
        rows = max(1, PAIRS // self.count)
        blocks = [slice(start, start + rows) for start in range(0, self.tests, rows)]
        total = np.zeros(self.count)
        for of_block in _each(summed, blocks, threads):
            total += of_block
        return total / self.tests

    def mean_in_order(self, values: Values, threads: int) -> FloatArray:
        """Mean over the test points of values worked out in order of distance, for each training point."""

        def summed(at: slice) -> FloatArray:
            keys = self._in_order(self.distances(at), self.matches(at))
            found = values(at, keys).ravel()
            each = np.bincount(self.owners_twice(keys).ravel(), weights=found, minlength=2 * self.count)
            return np.asarray(each[::2], dtype=float)

        return self.mean(summed, threads)

    def owners_twice(self, keys: Bits) -> NDArray[np.int64]:
        """Twice the number of the point that each key is of: to halve it would be one more walk over all pairs."""
        return (keys & np.uint64(2**self.bits - 2)).view(np.int64)

    def _in_order(self, distances: FloatArray, matches: NDArray[np.bool_]) -> Bits:
        """One sorted key a pair: the bits of its distance, the lowest replaced by the point's number and its match.

        The bits of figures >= 0 are in the order of the figures. So one plain sort of whole numbers gives the order,
        who stands there and whether it matches, several times faster than an argsort. For ten thousand points 49 bits
        are left to the distance, which tell apart what differs by a part in 10^11; the rest is in order of number.
        """
        keys = distances.view(np.uint64)
        keys &= np.uint64(2**64 - 2**self.bits)
        keys |= np.arange(0, 2 * self.count, 2, dtype=np.uint64)
        keys |= matches
        keys.sort(axis=-1)
        return keys


def _each(work: Callable[[slice], FloatArray], blocks: list[slice], threads: int) -> Iterator[FloatArray]:
    """The answer for each block, in order."""
    if threads == 1:
        yield from map(work, blocks)
        return
    from concurrent.futures import ThreadPoolExecutor  # 10 ms of import, most of it logging: only when asked for

    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(work, blocks)


def _with_squares(factor: float, points: FloatArray, *, ones_first: bool) -> FloatArray:
    """The points times a factor with two columns more: 1 and the square of their length, or the other way round."""
    squares, ones = np.sum(points**2, axis=1, keepdims=True), np.ones((len(points), 1))
    return np.concatenate([factor * points, *((ones, squares) if ones_first else (squares, ones))], axis=1)


def _table(given: Any, name: str) -> FloatArray:
    table = np.asarray(given, dtype=float)
    if table.ndim != 2 or table.size == 0 or not np.all(np.isfinite(table)):
        refuse(
            f"{name} of shape {table.shape} must be a table (point, feature) of finite figures",
            f"{name}（形状 {table.shape}）须为有限数的表（样本, 特征）",
        )
    return table


def _check_sizes(
    points: FloatArray, labels: NDArray[Any], test_points: FloatArray, test_labels: NDArray[Any], neighbours: int
) -> None:
    if points.shape[1] != test_points.shape[1]:
        refuse("training and test points have different features", "训练样本与测试样本的特征数不同")
    if labels.shape != (len(points),) or test_labels.shape != (len(test_points),):
        refuse("every point needs one label or target", "每个样本须有一个标签或目标值")
    if neighbours < 1:
        refuse(f"{neighbours} neighbours predict nothing", f"近邻数 {neighbours} 无法预测", "At least 1.", "至少为 1。")

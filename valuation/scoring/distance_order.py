"""The order of distance: for each of a few test points at a time, all training points from the nearest on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.scoring.refusals import refuse
from valuation.workings import FloatArray

BLOCK = 8  # test points worked at once: their keys and steps stay in the cache of the processor
PRODUCT = 16 * BLOCK  # test points of one product: it may run on several threads, and few large ones wait less for them

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

    @property
    def guess(self) -> float:
        """Share of right answers of a guess among the classes of the training data."""
        return 1 / len(np.unique(self.labels))

    def matches(self, at: slice) -> NDArray[np.bool_]:
        """Whether the labels of test points and training points agree, (test point, training point)."""
        return np.asarray(self.test_labels[at, None] == self.labels)

    def blocks(self) -> Iterator[tuple[slice, FloatArray]]:
        """A few test points and their squared distances to all training points, (test point, training point)."""
        for start in range(0, self.tests, PRODUCT):
            several = self._left[start : start + PRODUCT] @ self._right
            for row in range(0, len(several), BLOCK):
                distances = several[row : row + BLOCK]
                yield slice(start + row, start + row + BLOCK), np.maximum(distances, 0.0, out=distances)

    def mean_in_order(self, values: Values) -> FloatArray:
        """Mean over the test points of values worked out in order of distance, for each training point."""
        total = np.zeros(2 * self.count)
        for at, distances in self.blocks():
            keys = self._in_order(distances, self.matches(at))
            found = values(at, keys)
            total += np.bincount(self.owners_twice(keys).ravel(), weights=found.ravel(), minlength=total.size)
        return total[::2] / self.tests

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

"""What each of ten thousand training points adds, against pyDVL and a textbook loop; and each of 16 sources."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.comparison import Comparison, shown
from benchmarks.timing import medians
from valuation import scoring
from valuation.workings import FloatArray

POINTS, TESTS, FEATURES, CLASSES, NEIGHBOURS = 10_000, 1_000, 64, 10, 5
FEW = 40  # test points of the textbook loop, whose time is scaled up test point by test point
WHAT = f"nearest-neighbour Shapley, {POINTS:,} x {TESTS:,} x {FEATURES}"
SOURCES = 16

# pyDVL needs numpy 1, so it lives in an environment of its own beside the packages of ours: about 700 MB, made once.
PYDVL = Path(sys.prefix) / "pydvl"
REQUIREMENTS = ("pyDVL==0.10.0", "numpy<2")
IN_PYDVL = """
import sys, warnings
from time import perf_counter
warnings.simplefilter("ignore")
import numpy as np
from pydvl.valuation import Dataset
from pydvl.valuation.methods import KNNShapleyValuation
from sklearn.neighbors import KNeighborsClassifier
given = np.load(sys.argv[1])
train, test = (Dataset(given[name], given[name + "_labels"]) for name in ("points", "test_points"))
model = KNeighborsClassifier(n_neighbors=int(sys.argv[2]))
valuation = KNNShapleyValuation(model, test, progress=False)
start = perf_counter()
valuation.fit(train)
print(perf_counter() - start)
result = valuation.result
values = np.empty(len(result))
values[result.indices] = result.values
np.save(sys.argv[3], values)
"""


def compare() -> Iterator[Comparison]:
    """Points first, then sources; every way gives the same values to 1e-15."""
    data = problem()
    yield against_a_loop(data)
    yield from against_pydvl(data)
    yield sources()


def problem() -> dict[str, Any]:
    """Points around the centres of their classes, named as scoring.knn_shapley names them."""
    random = np.random.default_rng(1)
    centres = random.normal(size=(CLASSES, FEATURES))
    labels, test_labels = random.integers(0, CLASSES, POINTS), random.integers(0, CLASSES, TESTS)
    return {
        "points": centres[labels] + random.normal(size=(POINTS, FEATURES)),
        "points_labels": labels,
        "test_points": centres[test_labels] + random.normal(size=(TESTS, FEATURES)),
        "test_points_labels": test_labels,
    }


def ours(data: dict[str, Any], tests: int = TESTS, threads: int = 1) -> FloatArray:
    """The public way."""
    test_points, test_labels = data["test_points"][:tests], data["test_points_labels"][:tests]
    given = (data["points"], data["points_labels"], test_points, test_labels)
    return scoring.knn_shapley(*given, neighbours=NEIGHBOURS, threads=threads)


def textbook(data: dict[str, Any], tests: int) -> FloatArray:
    """The paper's recursion as it stands there: sort, then from the farthest point to the nearest."""
    points, labels = data["points"], data["points_labels"]
    total = np.zeros(POINTS)
    for test_point, label in zip(data["test_points"][:tests], data["test_points_labels"][:tests], strict=True):
        order = np.argsort(np.sum((points - test_point) ** 2, axis=1))
        match = (labels[order] == label).astype(float)
        value = match[-1] / POINTS
        total[order[-1]] += value
        for rank in range(POINTS - 1, 0, -1):
            value += (match[rank - 1] - match[rank]) / NEIGHBOURS * min(NEIGHBOURS, rank) / rank
            total[order[rank - 1]] += value
    return total / tests


def own_ways(data: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """One thread and two."""
    return {"1 thread": lambda: ours(data), "2 threads": lambda: ours(data, threads=2)}


def against_a_loop(data: dict[str, Any]) -> Comparison:
    """Ours on all test points, the loop on a few."""
    same(ours(data, FEW), textbook(data, FEW), "the textbook loop")
    taken = medians({**own_ways(data), "loop": lambda: textbook(data, FEW)}, runs=3)
    own, whole = taken["1 thread"], taken["loop"] * TESTS / FEW
    peer = f"{shown(whole)} (from {FEW} test points)"
    return Comparison(f"{WHAT}, 1 thread: textbook loop", shown(own), peer, whole / own, 40)


def against_pydvl(data: dict[str, Any]) -> Iterator[Comparison]:
    """pyDVL takes some twenty seconds, so it runs once, between runs of ours; imports and reading are not counted."""
    before = medians(own_ways(data), runs=3)
    taken, failure = in_pydvl(data)
    after = medians(own_ways(data), runs=3)
    for threads, goal in (("1 thread", 75), ("2 threads", None)):
        what, own = f"{WHAT}, {threads}: pyDVL 0.10.0", (before[threads] + after[threads]) / 2
        if taken is None:
            yield Comparison(what, shown(own), failure, None, goal)
        else:
            yield Comparison(what, shown(own), f"{shown(taken)} (1 run)", taken / own, goal)


def in_pydvl(data: dict[str, Any]) -> tuple[float | None, str]:
    """Seconds that pyDVL takes for values equal to ours, or in plain words why it could not be asked."""
    unmade = environment()
    if unmade:
        return None, f"its environment could not be made: {unmade}"
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "data.npz", Path(folder) / "values.npy"
        np.savez(given, **data)
        arguments = [str(python()), "-c", IN_PYDVL, str(given), str(NEIGHBOURS), str(found)]
        answer = subprocess.run(arguments, check=False, capture_output=True, text=True)
        if answer.returncode:
            return None, f"it failed: {last_line(answer.stderr)}"
        same(ours(data), np.load(found), "pyDVL")
    return float(answer.stdout), ""


def environment() -> str:
    """Make pyDVL's environment unless it is there; the reason if that fails, which is no fault of ours."""
    steps = ([sys.executable, "-m", "venv", str(PYDVL)], [str(python()), "-m", "pip", "install", "-q", *REQUIREMENTS])
    asked = [str(python()), "-c", "import pydvl"]
    if python().exists() and subprocess.run(asked, check=False, capture_output=True).returncode == 0:
        return ""
    for step in steps:
        made = subprocess.run(step, check=False, capture_output=True, text=True)
        if made.returncode:
            return last_line(made.stderr or made.stdout)
    return ""


def python() -> Path:
    """The interpreter of that environment."""
    return PYDVL / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def last_line(text: str) -> str:
    """The last thing a program said, short enough for a table."""
    return (text.strip().splitlines() or ["no reason given"])[-1][:100]


def subset_loop(utilities: list[float], sources: int) -> list[float]:
    """The formula as it is written: for every source a sum over the coalitions that it is not in."""
    weights = [factorial(size) * factorial(sources - size - 1) / factorial(sources) for size in range(sources)]
    found = []
    for source in range(sources):
        total = 0.0
        for mask in range(2**sources):
            if not mask >> source & 1:
                total += weights[mask.bit_count()] * (utilities[mask | 1 << source] - utilities[mask])
        found.append(total)
    return found


def sources() -> Comparison:
    """All utilities known, since to measure them is another matter."""
    utilities = np.random.default_rng(1).uniform(size=2**SOURCES)
    listed = utilities.tolist()
    same(scoring.shapley(utilities), np.array(subset_loop(listed, SOURCES)), "the subset loop", within=1e-13)
    ways = {"ours": lambda: scoring.shapley(utilities), "loop": lambda: subset_loop(listed, SOURCES)}
    taken = medians(ways, runs=9)
    what = f"exact Shapley values of {SOURCES} sources: subset loop"
    return Comparison(what, shown(taken["ours"]), shown(taken["loop"]), taken["loop"] / taken["ours"], 200)


def same(own: FloatArray, other: FloatArray, name: str, *, within: float = 1e-15) -> None:
    """A ratio of two ways that differ would say nothing."""
    apart = float(np.max(np.abs(own - other)))
    assert apart < within, f"{name} differs by {apart:.2g}"

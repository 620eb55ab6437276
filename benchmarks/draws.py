"""From a case file to values and ranges, nothing kept from an earlier run, against other ways of the same work."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import valuation
from benchmarks import other_ways, royalty_case
from benchmarks.comparison import Comparison, shown
from benchmarks.timing import medians, peak_memory
from valuation import sampling, score_tables

FEW = 2**13  # draws of the ways that loop in Python, whose time is scaled up draw by draw
GOALS = {2**17: 20, 2**20: 28}


def compare() -> Iterator[Comparison]:
    """Times at 2^17 and 2^20 draws, then peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = royalty_case.write(Path(folder) / "case.json")
        check(path)
        yield from times(path, 2**17, runs=5)
        yield from loops(path, 2**17)
        yield from times(path, 2**20, runs=3)
        yield memory(path, 2**20)


def ours(path: Path, draws: int, threads: int = 1) -> Any:
    """The public way, cold: tables of earlier runs are forgotten."""
    for module in (sampling, score_tables):
        for function in vars(module).values():
            if hasattr(function, "cache_clear"):
                function.cache_clear()
    return valuation.appraise(valuation.load(path), draws=draws, threads=threads)


def times(path: Path, draws: int, runs: int) -> Iterator[Comparison]:
    """One thread and two against scipy, and one against the compiled loop, which is the limit."""
    ways: dict[str, Callable[[], Any]] = {
        "one": partial(ours, path, draws),
        "two": partial(ours, path, draws, threads=2),
        "scipy": partial(other_ways.full_arrays, draws),
    }
    compiled = other_ways.compiled()
    if compiled is not None:
        ways["compiled"] = partial(compiled.loop, draws)
    taken = medians(ways, runs)
    title = f"case to values, 2^{draws.bit_length() - 1} draws"
    one, two, scipy = taken["one"], taken["two"], taken["scipy"]
    yield Comparison(
        f"{title}, 1 thread: scipy.stats, full arrays", shown(one), shown(scipy), scipy / one, GOALS[draws]
    )
    yield Comparison(f"{title}, 2 threads: scipy.stats, full arrays", shown(two), shown(scipy), scipy / two, 28)
    what, limit = f"{title}, 1 thread: compiled loop (numba)", taken.get("compiled")
    if limit is None:
        yield Comparison(what, shown(one), "numba is not installed", None, 2.5, at_most=True)
    else:
        yield Comparison(what, shown(one), shown(limit), one / limit, 2.5, at_most=True)


def loops(path: Path, draws: int) -> Iterator[Comparison]:
    """Against a loop over the draws in Python: an analyst's own, and one that calls a package for each draw."""
    package = other_ways.package_formula()
    formulas = {"Python loop": other_ways.loop_formula, "package intangible-valuation": package}
    title = f"case to values, 2^{draws.bit_length() - 1} draws, 1 thread"
    for (name, formula), goal in zip(formulas.items(), (28, 60), strict=True):
        if formula is None:
            yield Comparison(f"{title}: {name}", "", "the package is not installed", None, goal)
            continue
        taken = medians({"ours": partial(ours, path, draws), "loop": partial(other_ways.loop, formula, FEW)}, runs=3)
        whole = taken["loop"] * draws / FEW
        peer = f"{shown(whole)} (from {FEW:,} draws)"
        yield Comparison(f"{title}: {name}", shown(taken["ours"]), peer, whole / taken["ours"], goal)


def memory(path: Path, draws: int) -> Comparison:
    """Peak above what was resident after imports and reading the case, each in a process of its own."""
    read = f"import pathlib, valuation\ncase = valuation.load(pathlib.Path({str(path)!r}))\n"
    own = f"{read}valuation.appraise(case, draws=0)"
    small = peak_memory(own, f"valuation.appraise(case, draws={draws})")
    large = peak_memory("from benchmarks import other_ways", f"other_ways.full_arrays({draws})")
    what = f"peak memory above imports, 2^{draws.bit_length() - 1} draws: scipy.stats, full arrays"
    if small is None or large is None:
        return Comparison(what, "", "needs Linux", None, 20)
    return Comparison(what, f"{small:.0f} MiB", f"{large:.0f} MiB", large / small, 20)


def check(path: Path) -> None:
    """All ways must say the same: the value at the stated inputs to 1e-9, the means of draws within four errors."""
    appraisal = valuation.appraise(valuation.load(path), draws=FEW).assets[0]
    stated = royalty_case.STATED
    package, compiled = other_ways.package_formula(), other_ways.compiled()
    values = {
        "arrays": other_ways.array_formula(*(np.array([[figure]]) for figure in stated))[0],
        "loop": other_ways.loop_formula(*stated),
        **({"compiled": compiled.formula(np.array(stated))} if compiled else {}),
        **({"package": package(*stated)} if package else {}),
    }
    for name, value in values.items():
        assert abs(value / appraisal.value - 1) < 1e-9, f"{name} says {value!r} and we {appraisal.value!r}"
    assert appraisal.range is not None
    error = appraisal.range.sd / FEW**0.5
    ways = {"full arrays": other_ways.full_arrays, **({"compiled loop": compiled.loop} if compiled else {})}
    for name, way in ways.items():
        mean = float(np.mean(way(FEW)))
        assert abs(mean - appraisal.range.mean) < 4 * error, f"{name}: mean {mean}, ours {appraisal.range.mean}"

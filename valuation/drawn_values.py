"""The values of a case in every draw of its stated ranges, walked in blocks and on several threads.

A million draws need little more memory than ten thousand; one thread and two give the same bytes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np

from valuation import sampling
from valuation.calculation import Calculation, Outcome, usable
from valuation.case import Case
from valuation.ensemble import Ensemble
from valuation.errors import InputError, problem
from valuation.workings import FloatArray

Progress = Callable[[int, int], None]


def draw(
    case: Case, outcomes: Sequence[Outcome], count: int, *, threads: int = 1, progress: Progress | None = None
) -> list[FloatArray]:
    """The values of every calculation in every draw, from one sequence, so that shared and correlated inputs agree."""
    ensemble = Ensemble(outcomes)
    if count == 0:
        return [np.array([outcome.value]) for outcome in outcomes]
    draws = draws_of(case, ensemble.paths, count)
    if not ensemble.paths:
        return [np.array([outcome.value]) for outcome in outcomes]
    stretches = list(sampling.blocks(count, ensemble.width()))
    if len(stretches) > 1:
        sampling.keep_memory()
    values = [np.empty(count) for _ in outcomes]
    done, lock = [0], threading.Lock()

    def walk(stretch: tuple[int, int]) -> None:
        start, stop = stretch
        for target, block in zip(values, ensemble.values(draws.scores(start, stop)), strict=True):
            target[start:stop] = block
        if progress is not None:
            with lock:
                done[0] += stop - start
                progress(done[0], count)

    if threads > 1:
        ensemble.figures(draws.scores(0, 1))  # the tables are made once, before several threads ask for them
    _walk_all(walk, stretches, threads)
    _check_derived(ensemble, count)
    for outcome, target in zip(outcomes, values, strict=True):
        _check_draws(outcome.calculation, target)
    return values


def _walk_all(walk: Callable[[tuple[int, int]], None], stretches: Sequence[tuple[int, int]], threads: int) -> None:
    if threads == 1:
        for stretch in stretches:
            walk(stretch)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(walk, stretches))


def _check_derived(ensemble: Ensemble, count: int) -> None:
    """Refuse draws in which what is worked out from the ranges left its bounds: how many did, and which bound."""
    problems = [
        problem("derived_beyond", place, draws, total=f"{count:,}", bound=bound, bound_zh=bound_zh)
        for (place, bound, bound_zh), draws in sorted(ensemble.strayed.items())
    ]
    if problems:
        raise InputError(problems)


def draws_of(case: Case, paths: Sequence[str], count: int) -> sampling.Draws:
    """The sequence of a case: one dimension an uncertain input, correlated as stated."""
    row = {path: number for number, path in enumerate(paths)}
    pairs = [(row[a], row[b], rho) for a, b, rho in case.uncertainty.rank_correlation if a in row and b in row]
    return sampling.Draws(case.uncertainty.seed, count, len(paths), pairs)


def _check_draws(calculation: Calculation, values: FloatArray) -> None:
    broken = int(np.count_nonzero(~usable(values)))
    if broken:
        names = ", ".join(list(type(calculation.inputs).model_fields)[:8])
        line = f"value ({broken:,} of {values.size:,} draws)"
        raise InputError(
            problem(
                "no_finite_value", calculation.path, calculation.method.id, line=line, inputs=names, said="", said_zh=""
            )
        )

"""What moves the value: one input at a time, from draws, by share of variance, and two inputs against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic_core import PydanticCustomError

from valuation import sampling
from valuation.calculation import Outcome, evaluate
from valuation.ensemble import Ensemble
from valuation.errors import InputError, problem
from valuation.method import FieldFacts, check_figures, leaves
from valuation.quantity import Quantity
from valuation.workings import FloatArray, Silent

BUMP = 0.01  # each input is raised by one hundredth of itself
END = 1.6448536269514722  # score that one draw in twenty lies beyond
TAIL = 0.1  # part of the draws in which an input counts as low, or as high


def elasticities(outcome: Outcome) -> Mapping[str, float]:
    """By how many percent the value moves when an input rises by one percent, by relative path of the input.

    A derived input counts as one figure, and a forecast by its sum. The value must not be 0; inputs that are 0 do not
    move. All inputs are bumped in one call of the method, one row an input. Royalty rate of a relief from royalty
    without upkeep: 1.
    """
    paths = [path for path, _, _ in leaves(outcome.calculation.inputs)]
    row = {path: number for number, path in enumerate(paths)}

    def value_of(path: str, quantity: Quantity, facts: FieldFacts) -> FloatArray:
        stated = outcome.stated[path]
        bumped = np.repeat(stated[None, :], len(paths), axis=0)
        bumped[row[path]] *= 1 + BUMP
        return bumped

    values = evaluate(outcome.calculation, value_of, Silent())
    sums = np.broadcast_to(values, (len(paths), np.shape(values)[-1])).sum(axis=-1)
    before = float(outcome.figures.sum())
    if before == 0:
        return dict.fromkeys(paths, 0.0)
    moved = (sums / before - 1) / BUMP
    return {path: float(moved[row[path]]) if np.isfinite(moved[row[path]]) else 0.0 for path in paths}


@dataclass(frozen=True)
class Swing:
    """How far one input moves the value: at its low and its high end."""

    path: str
    low: float
    high: float

    @property
    def width(self) -> float:
        """Distance between the two values."""
        return abs(self.high - self.low)


def tornado(outcome: Outcome) -> tuple[Swing, ...]:
    """The value with one input at its 5th and 95th percentile, all others as stated, widest first (龙卷风图)."""
    ensemble = Ensemble([outcome])
    ends = ensemble.figures(np.tile([-END, END], (len(ensemble.paths), 1)))
    swings = [Swing(path, *map(float, ensemble.values_of({path: figures}, 2)[0])) for path, figures in ends.items()]
    return tuple(sorted(swings, key=lambda swing: (-swing.width, swing.path)))


def tornado_of_draws(outcome: Outcome, draws: sampling.Draws) -> tuple[Swing, ...]:
    """Mean value over the draws in which an input is low, and high (a tenth each), all others as they were drawn.

    Where inputs are correlated this holds what goes along with the input, as one at a time does not.
    """
    ensemble = Ensemble([outcome])
    scores = draws.scores(0, draws.count)
    values = _in_blocks(ensemble, scores)
    part = max(1, int(draws.count * TAIL))
    swings = []
    for path, score in zip(ensemble.paths, scores, strict=True):
        order = np.argsort(score, kind="stable")
        swings.append(Swing(path, float(values[order[:part]].mean()), float(values[order[-part:]].mean())))
    return tuple(sorted(swings, key=lambda swing: (-swing.width, swing.path)))


@dataclass(frozen=True)
class SobolIndex:
    """Share of the variance of the value due to one input alone (first) and with all it acts with (total)."""

    path: str
    first: float
    first_interval: tuple[float, float]
    total: float
    total_interval: tuple[float, float]


def sobol_indices(
    outcome: Outcome, *, count: int = 2**12, seed: int = 1, resamples: int = 100
) -> tuple[SobolIndex, ...]:
    """Sobol indices of every uncertain input with 95% intervals, largest total first; inputs taken as independent.

    Two samples A and B out of one scrambled sequence of twice as many dimensions; A' is A with one input taken from B:
    first = mean f(B) (f(A') - f(A)) / variance, total = mean (f(A) - f(A'))^2 / (2 variance). Small negative estimates
    are shown as they are. count x (inputs + 2) values are computed; the intervals come from resampled draws.
    Source: Saltelli et al. 2010 and Jansen 1999 (memory); held against scipy in the tests.
    """
    ensemble = Ensemble([outcome])
    inputs = len(ensemble.paths)
    scores = sampling.Draws(seed, count, 2 * inputs).scores(0, count)
    first, total, variance = _pick_freeze(ensemble, scores[:inputs], scores[inputs:])
    weights = _resampling(count, resamples, seed)
    of_all = [np.full((1, count), 1 / count), weights]
    (points, drawn) = ([(w @ first.T) / (w @ variance.T), (w @ total.T) / (w @ variance.T)] for w in of_all)
    found = []
    for row, path in enumerate(ensemble.paths):
        ends = [np.quantile(share[:, row], (0.025, 0.975)).tolist() for share in drawn]
        found.append(
            SobolIndex(path, float(points[0][0, row]), tuple(ends[0]), float(points[1][0, row]), tuple(ends[1]))
        )
    return tuple(sorted(found, key=lambda index: (-index.total, index.path)))


def _pick_freeze(ensemble: Ensemble, a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Per draw: first-order and total terms (inputs, draws), and the squared distance from the mean (1, draws)."""
    inputs, count = a.shape
    values = np.empty((inputs + 2, count))
    sampling.keep_memory()
    for start, stop in sampling.blocks(count, ensemble.width()):
        stretch, size = slice(start, stop), stop - start
        from_a, from_b = ensemble.figures(a[:, stretch]), ensemble.figures(b[:, stretch])
        values[0, stretch] = ensemble.values_of(from_a, size)[0]
        values[1, stretch] = ensemble.values_of(from_b, size)[0]
        for row, path in enumerate(ensemble.paths):
            values[row + 2, stretch] = ensemble.values_of({**from_a, path: from_b[path]}, size)[0]
    values -= values[:2].mean()  # the estimates do not depend on the level; about the mean they vary least
    at_a, at_b, swapped = values[0], values[1], values[2:]
    variance = ((at_a - at_a.mean()) ** 2 + (at_b - at_b.mean()) ** 2) / 2
    return at_b * (swapped - at_a), (at_a - swapped) ** 2 / 2, variance[None, :]


def _resampling(count: int, resamples: int, seed: int) -> FloatArray:
    """How often each draw stands in each resample, over count: (resamples, count). Raw words of PCG64 never change."""
    words = np.random.PCG64(seed).random_raw(resamples * count).reshape(resamples, count)
    chosen = (words >> np.uint64(32)) * np.uint64(count) >> np.uint64(32)
    return np.stack([np.bincount(row, minlength=count) for row in chosen.astype(np.intp)]) / count


@dataclass(frozen=True)
class Grid:
    """The value over two inputs; None with its reason where a pair of figures is not possible."""

    rows: tuple[str, tuple[float, ...]]
    columns: tuple[str, tuple[float, ...]]
    values: tuple[tuple[float | None, ...], ...]
    reasons: Mapping[tuple[int, int], str]


def grid(outcome: Outcome, rows: tuple[str, Sequence[float]], columns: tuple[str, Sequence[float]]) -> Grid:
    """The value at every pair of figures of two inputs, each given as (full path, figures); all others as stated.

    Infeasible cells are marked, not left out: a figure outside its bounds, or a value that is not finite (rate at or
    below growth).
    """
    facts = _facts_by_place(outcome)
    for path, _ in (rows, columns):
        if path not in facts:
            raise InputError(problem("not_known", "grid", path, known=list(facts)))
    over, under = (np.asarray(figures, dtype=float) for _, figures in (rows, columns))
    pairs = {rows[0]: np.repeat(over, under.size)[:, None], columns[0]: np.tile(under, over.size)[:, None]}
    values = Ensemble([outcome]).values_of(pairs, over.size * under.size)[0].reshape(over.size, under.size)
    reasons: dict[tuple[int, int], str] = {}
    for row, above in enumerate(over):
        for column, left in enumerate(under):
            found = _bound_broken(above, facts[rows[0]]) or _bound_broken(left, facts[columns[0]])
            if found or not np.isfinite(values[row, column]):
                reasons[row, column] = found or "no finite value"
    shown = tuple(
        tuple(None if (r, c) in reasons else float(values[r, c]) for c in range(under.size)) for r in range(over.size)
    )
    return Grid((rows[0], tuple(over.tolist())), (columns[0], tuple(under.tolist())), shown, reasons)


def _facts_by_place(outcome: Outcome) -> dict[str, FieldFacts]:
    return {
        member.place(path): facts for member in outcome.calculation.family() for path, _, facts in leaves(member.inputs)
    }


def _bound_broken(figure: float, facts: FieldFacts) -> str:
    try:
        check_figures(np.array([figure]), facts)
    except PydanticCustomError as error:
        return problem(error.type, facts.label_en, **dict(error.context or {})).sentence()
    return ""


def probability_below(values: FloatArray, limit: float) -> tuple[float, float]:
    """Share of the draws below a figure such as the loan, and its standard error (an upper guide for our sequence)."""
    share = float(np.mean(values < limit))
    return share, float(np.sqrt(share * (1 - share) / values.size))


def _in_blocks(ensemble: Ensemble, scores: FloatArray) -> FloatArray:
    stretches = sampling.blocks(scores.shape[-1], ensemble.width())
    return np.concatenate([ensemble.values(scores[:, start:stop])[0] for start, stop in stretches])

"""How far mean and fifth percentile lie from the truth over many seeds, against plain random draws in equal time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks import royalty_case
from benchmarks.comparison import Comparison, shown
from benchmarks.timing import medians
from valuation import sampling
from valuation.calculation import point
from valuation.case import Case, calculations
from valuation.drawn_values import draws_of
from valuation.ensemble import Ensemble
from valuation.saved_case import read

SEEDS = {2**14: 100, 2**17: 30}  # of 30 seeds the ratio of two errors is itself known to a fifth only
TRUTH_SEEDS, TRUTH_DRAWS = 4, 2**20

FloatArray = sampling.FloatArray


def compare() -> Iterator[Comparison]:
    """Root mean square errors at the draws of a screen and of a record."""
    case = read(royalty_case.content())
    ensemble = Ensemble([point(calculations(case.assets[0])[0], case.circumstances())])
    truth = np.mean([figures(own(case, ensemble, TRUTH_DRAWS, 1000 + seed)) for seed in range(TRUTH_SEEDS)], axis=0)
    for count, seeds in SEEDS.items():
        plain_errors = [figures(plain(case, ensemble, count, seed)) / truth - 1 for seed in range(seeds)]
        own_errors = [figures(own(case, ensemble, count, seed)) / truth - 1 for seed in range(seeds)]
        peer, ours = (np.sqrt(np.mean(np.square(errors), axis=0)) for errors in (plain_errors, own_errors))
        taken = medians(
            {"ours": partial(own, case, ensemble, count, 1), "plain": partial(plain, case, ensemble, count, 1)}
        )
        # With more time the error of plain draws falls by its square root; that of ours would fall faster.
        equal_time = (taken["plain"] / taken["ours"]) ** 0.5
        for place, (name, goal) in enumerate((("mean", 100), ("P5", 2))):
            yield Comparison(
                f"error of the {name}, {seeds} seeds, 2^{count.bit_length() - 1} draws: plain random draws, equal time",
                f"{ours[place]:.2g} in {shown(taken['ours'])}",
                f"{peer[place]:.2g} in {shown(taken['plain'])}",
                peer[place] / ours[place] * equal_time,
                goal,
            )


def figures(values: FloatArray) -> FloatArray:
    """Mean and P5 of drawn values."""
    return np.array([np.mean(values), sampling.percentiles(values, [0.05])[0][0]])


def own(case: Case, ensemble: Ensemble, count: int, seed: int) -> FloatArray:
    """Values in the draws of our scrambled sequence."""
    draws = draws_of(
        case.model_copy(update={"uncertainty": case.uncertainty.model_copy(update={"seed": seed})}),
        ensemble.paths,
        count,
    )
    return np.concatenate([ensemble.values(draws.scores(*block))[0] for block in blocks(ensemble, count)])


def plain(case: Case, ensemble: Ensemble, count: int, seed: int) -> FloatArray:
    """Values in as many normal scores of numpy's generator, correlated and turned into figures by the same tables."""
    generator, correlation = np.random.default_rng(seed), draws_of(case, ensemble.paths, 1).correlation
    dimensions = len(ensemble.paths)
    return np.concatenate(
        [
            ensemble.values(correlation.apply(generator.standard_normal((dimensions, stop - start))))[0]
            for start, stop in blocks(ensemble, count)
        ]
    )


def blocks(ensemble: Ensemble, count: int) -> list[tuple[int, int]]:
    """The stretches in which an appraisal walks."""
    return sampling.blocks(count, ensemble.width())

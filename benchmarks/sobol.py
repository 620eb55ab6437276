"""Shares of variance of the measured case, with intervals from 100 resamples, against SALib on the same formula."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
from scipy.stats import beta as beta_distribution

import valuation
from benchmarks import other_ways, royalty_case
from benchmarks.comparison import Comparison, shown
from benchmarks.timing import medians
from valuation.calculation import Outcome
from valuation.sensitivity import sobol_indices

COUNT = 2**14
RESAMPLES = 100


def compare() -> Iterator[Comparison]:
    """Ours against SALib's sampling and analysis, with beta.ppf and arrays between them."""
    what = f"Sobol indices with intervals, N = 2^{COUNT.bit_length() - 1}, 10 inputs: SALib, scipy.stats, arrays"
    if find_spec("SALib") is None:
        yield Comparison(what, "", "SALib is not installed", None, 25)
        return
    outcome = measured_outcome()
    ways = {"ours": lambda: sobol_indices(outcome, count=COUNT, resamples=RESAMPLES), "salib": salib}
    taken = medians(ways, runs=3)
    check(outcome)
    yield Comparison(what, shown(taken["ours"]), shown(taken["salib"]), taken["salib"] / taken["ours"], 25)


def measured_outcome() -> Outcome:
    """The royalty method of the measured case at its stated values."""
    from valuation.case import read_case

    return valuation.appraise(read_case(royalty_case.content()), draws=0).assets[0].indications[0].outcome


def salib() -> Any:
    """What SALib's own documentation leads one to write."""
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    problem = {"num_vars": 10, "names": list(royalty_case.RANGES), "bounds": [[0.0, 1.0]] * 10}
    chances = sampling.sample(problem, COUNT, calc_second_order=False, seed=1)
    columns = [
        beta_distribution.ppf(chances[:, at], 1 + 4 * part, 5 - 4 * part, loc=low, scale=high - low)[:, None]
        for at, (low, mode, high) in enumerate(royalty_case.RANGES.values())
        for part in [(mode - low) / (high - low)]
    ]
    values = other_ways.array_formula(*columns)
    return analysis.analyze(problem, values, calc_second_order=False, num_resamples=RESAMPLES, seed=1)


def check(outcome: Outcome) -> None:
    """Both must say the same within what the draws leave open."""
    ours = {index.path.rsplit(".", 1)[-1]: index.total for index in sobol_indices(outcome, count=COUNT)}
    theirs = dict(zip(royalty_case.RANGES, np.asarray(salib()["ST"]).tolist(), strict=True))
    for name, total in theirs.items():
        assert abs(ours[name] - total) < 0.02, f"{name}: SALib says {total:.4f} and we {ours[name]:.4f}"

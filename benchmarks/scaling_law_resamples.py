"""How valuation/finance/scaling_law_resamples.csv was made: the re-fit of the scaling law on resampled training runs.

    python -m benchmarks.scaling_law_resamples svg_extracted_data.csv > valuation/finance/scaling_law_resamples.csv

The points are those that Besiroglu et al. 2024 read off a figure of Hoffmann et al. 2022 (github.com/Besiroglu/data,
commit 02783ae; no licence, so they are not shipped), here to five digits. As they do, the five runs of the highest loss
are left out, and Huber's loss with threshold 0.001 is taken of the logarithm of the loss. The fit: E 1.8172, A 477.8,
B 2142.9, alpha 0.3473, beta 0.3672; standard errors over 400 resamples 0.025, 124, 1,405, 0.0154, 0.0200 (published:
0.03, 124.58, 1,293.23, 0.02, 0.02). Rows are in order of the compute for a loss of 2.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from valuation.finance import ScalingLaw, training_flop
from valuation.workings import FloatArray

THRESHOLD = 1e-3
LEFT_OUT = 5
RESAMPLES = 100
PUBLISHED = np.array([np.log(482.01), np.log(2085.43), np.log(1.8172), 0.3478, 0.3658])


def training_runs(path: Path) -> FloatArray:
    """Logarithms of parameters, tokens and loss, a row each, without the runs of the highest loss."""
    with path.open(encoding="utf-8") as file:
        rows = [[float(row[name]) for name in ("Model Size", "Training FLOP", "loss")] for row in csv.DictReader(file)]
    parameters, flop, loss = np.array(sorted(rows, key=lambda row: row[2])[:-LEFT_OUT]).T
    return np.log([parameters, flop / (6 * parameters), loss])


def misfit(theta: FloatArray, runs: FloatArray, weights: FloatArray) -> tuple[float, FloatArray]:
    """Huber's loss of the logarithms, and its slope in log A, log B, log E, alpha and beta."""
    parameters, tokens, loss = runs
    log_a, log_b, log_e, alpha, beta = theta
    parts = np.stack([log_a - alpha * parameters, log_b - beta * tokens, np.full_like(loss, log_e)])
    together = np.logaddexp.reduce(parts, axis=0)
    shares, off = np.exp(parts - together), together - loss
    pull = weights * np.clip(off, -THRESHOLD, THRESHOLD)
    far = np.abs(off) > THRESHOLD
    cost = np.where(far, THRESHOLD * (np.abs(off) - THRESHOLD / 2), off**2 / 2)
    slope = [*(pull * shares).sum(axis=1), -(pull * shares[0] * parameters).sum(), -(pull * shares[1] * tokens).sum()]
    return float((weights * cost).sum()) * 1e3, np.array(slope) * 1e3


def fitted(runs: FloatArray, weights: FloatArray, start: FloatArray) -> FloatArray:
    """E, A, B, alpha, beta of the best fit, looked for from `start` until nothing is gained."""
    best = minimize(misfit, start, args=(runs, weights), jac=True, method="BFGS", options={"gtol": 1e-9})
    for _ in range(5):
        again = minimize(misfit, best.x, args=(runs, weights), jac=True, method="BFGS", options={"gtol": 1e-9})
        if again.fun >= best.fun - 1e-12:
            break
        best = again
    log_a, log_b, log_e, alpha, beta = best.x
    return np.array([np.exp(log_e), np.exp(log_a), np.exp(log_b), alpha, beta])


def resampled(runs: FloatArray) -> Iterator[FloatArray]:
    """Fits on as many runs, drawn with replacement; the raw words of PCG64 never change."""
    count = runs.shape[1]
    words = np.random.PCG64(1).random_raw(RESAMPLES * count).reshape(RESAMPLES, count)
    for row in (words >> np.uint64(32)) * np.uint64(count) >> np.uint64(32):
        yield fitted(runs, np.bincount(row.astype(np.intp), minlength=count).astype(float), PUBLISHED)


def compute_for_loss(constants: FloatArray, loss: float = 2.0) -> float:
    """The least compute that reaches the loss under these constants."""
    return float(training_flop(*ScalingLaw(*constants).cheapest_match(loss)))


def main() -> None:
    """Print the table."""
    runs = training_runs(Path(sys.argv[1]))
    rows = sorted(resampled(runs), key=compute_for_loss)
    print("E,A,B,alpha,beta")
    for row in rows:
        print(",".join(f"{constant:.7g}" for constant in row))


if __name__ == "__main__":
    main()

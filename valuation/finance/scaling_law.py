"""Scaling law of language models: the loss that a model of a size reaches on so much data, and the compute it takes.

Loss = E + A / N^alpha + B / D^beta in nats a token, for N parameters trained on D tokens with C = 6 N D FLOP
(Hoffmann et al. 2022; constants re-fitted by Besiroglu et al. 2024). The constants hold for one kind of data and one
tokenizer: losses measured on another cannot be put in. The numbers to check by are of the re-fit: E 1.8172, A 482.01,
B 2085.43, alpha 0.3478, beta 0.3658.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.finance.powers import normal_cdf, power
from valuation.finance.rows import joined

FLOP_PER_PARAMETER_AND_TOKEN = (
    6.0  # 2 forward and 4 backward in a dense transformer; recomputed activations not counted
)


def training_flop(parameters: Any, tokens: Any) -> Any:
    """Compute of one training run: 6 x parameters x tokens; for a mixture of experts the parameters active per token.

    70 billion parameters, 1.4 trillion tokens: 5.88e23.
    """
    return FLOP_PER_PARAMETER_AND_TOKEN * parameters * tokens


@dataclass(frozen=True)
class ScalingLaw:
    """The constants of the law, each a figure or an array of draws, and what follows from them."""

    irreducible_loss: Any  # E
    parameter_coefficient: Any  # A
    token_coefficient: Any  # B
    parameter_exponent: Any  # alpha
    token_exponent: Any  # beta

    def loss(self, parameters: Any, tokens: Any) -> Any:
        """Loss that this size reaches on so many tokens. 72.249 billion, 1.32874 trillion: 1.97444."""
        return self.least_loss(parameters) + self.token_coefficient / power(tokens, self.token_exponent)

    def optimum(self, flop: Any) -> tuple[Any, Any]:
        """Parameters and tokens that reach the lowest loss with so much compute. 5.76e23: 7.2249e10 and 1.32874e12."""
        alpha, beta = self.parameter_exponent, self.token_exponent
        balance = alpha * self.parameter_coefficient / (beta * self.token_coefficient)
        per_six = flop / FLOP_PER_PARAMETER_AND_TOKEN
        parameters = power(balance, 1 / (alpha + beta)) * power(per_six, beta / (alpha + beta))
        return parameters, per_six / parameters

    def cheapest_match(self, loss: Any) -> tuple[Any, Any]:
        """Parameters and tokens that reach this loss with the least compute; NaN unless the loss exceeds E.

        There one percent more size and one percent more data gain the same. Loss 2.0: 4.68556e10 and 8.80293e11, which
        take 2.474802e23 FLOP.
        """
        alpha, beta, gap = self.parameter_exponent, self.token_exponent, loss - self.irreducible_loss
        parameters = power(self.parameter_coefficient * (alpha + beta) / (beta * gap), 1 / alpha)
        tokens = power(self.token_coefficient * (alpha + beta) / (alpha * gap), 1 / beta)
        return parameters, tokens

    def least_loss(self, parameters: Any) -> Any:
        """Loss that a model of this size comes near on data without end. 7 billion: 1.99872."""
        return self.irreducible_loss + self.parameter_coefficient / power(parameters, self.parameter_exponent)

    def tokens_to_match(self, loss: Any, parameters: Any) -> Any:
        """Tokens on which a model of this size reaches this loss; NaN unless the loss exceeds the least of this size.

        Loss 2.0 with 20 billion parameters: 3.013022e12.
        """
        return power(self.token_coefficient / (loss - self.least_loss(parameters)), 1 / self.token_exponent)


@cache
def refit_resamples() -> NDArray[np.float64]:
    """How far the re-fit's constants may lie off, all together: E, A, B, alpha, beta of 100 fits on resampled runs.

    In order of the compute for a loss of 2. A and alpha go along (correlation 0.99), so do B and beta (0.91): drawn
    apart by the published standard errors the compute for a loss of 2 has a 90% interval of four powers of ten; by
    these rows it is 1.46e23 to 4.32e23. Made by benchmarks/scaling_law_resamples.py.
    """
    text = (files("valuation.finance") / "scaling_law_resamples.csv").read_text(encoding="utf-8")
    return np.array([[float(figure) for figure in row.split(",")] for row in text.splitlines()[1:]])


def chosen_row(score: Any, rows: int) -> Any:
    """1 for the row that a normal score picks out of so many, all equally likely, and 0 for the others: (..., row).

    Score 0 of 4 rows: 0, 0, 1, 0.
    """
    place = np.minimum(np.floor(normal_cdf(score) * rows), rows - 1.0)
    return np.where(place == np.arange(float(rows)), 1.0, 0.0)


def law_used(inputs: Any, workings: Any) -> ScalingLaw:
    """The law by its stated constants, or by those of the resample that is drawn, all five of one row.

    `inputs` are those of a method: the five constants by name, law_draw (a normal score; 0 for the stated ones, None
    for no draw) and law_resamples (none for those of the re-fit).
    """
    names = [one.name for one in fields(ScalingLaw)]
    stated = {name: getattr(inputs, name) for name in names}
    if inputs.law_draw is None:
        return ScalingLaw(**stated)
    given = [joined([getattr(one, name) for one in inputs.law_resamples]) for name in names if inputs.law_resamples]
    rows = dict(zip(names, given or refit_resamples().T, strict=True))
    chosen = chosen_row(inputs.law_draw, np.shape(rows[names[0]])[-1])
    chosen = workings.line("resample_chosen", chosen, unit="count")
    used = {}
    for name, row in rows.items():
        drawn = np.where(inputs.law_draw == 0, stated[name], (chosen * row).sum(axis=-1, keepdims=True))
        unit = "ratio" if name.endswith("exponent") else "nats per token"
        used[name] = workings.line(f"{name}_used", drawn, unit=unit)
    return ScalingLaw(**used)

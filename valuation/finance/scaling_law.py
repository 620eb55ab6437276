"""Scaling law of language models: the loss that a model of a size reaches on so much data, and the compute it takes.

Loss = E + A / N^alpha + B / D^beta in nats a token, for N parameters trained on D tokens with C = 6 N D FLOP
(Hoffmann et al. 2022; constants re-fitted by Besiroglu et al. 2024). The constants hold for one kind of data and one
tokenizer: losses measured on another cannot be put in. The numbers to check by are of the re-fit: E 1.8172, A 482.01,
B 2085.43, alpha 0.3478, beta 0.3658.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from valuation.finance.powers import power

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

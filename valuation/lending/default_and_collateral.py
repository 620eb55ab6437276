"""The news that sinks a borrower also sinks what it pledged: chances of a low price where the borrower has defaulted.

Default and price are driven by two normal shocks of one correlation (Jokivuolle and Peura 2003): the borrower defaults
where its own shock lies below Phi^-1(probability of default). Correlation 0 gives back independence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from valuation.finance import bivariate_normal_cdf, normal_cdf, normal_quantile

# From the score of a claim and the spread of the proceeds: the chance that the proceeds fall short of the claim, and
# the part of their mean that lies in those cases.
Chances = Callable[[Any, Any], tuple[Any, Any]]


def whatever_defaults(score: Any, spread: Any) -> tuple[Any, Any]:
    """The chances where default tells nothing about the price."""
    return normal_cdf(score), normal_cdf(score - spread)


def in_default(default_probability: Any, correlation: Any, line: Any) -> Chances:
    """The chances among the cases in which the borrower defaults; `correlation` is that of the two whole shocks.

    Default probability 5%, correlation .5, score -.7694666622552973, spread .4: .03077774049247947 and
    .015487797616943636, each over 5%.
    """
    defaults = np.where(default_probability > 0, default_probability, 0.5)  # where nobody defaults no case is counted
    threshold = line("score_of_default", normal_quantile(defaults), unit="ratio")

    def chances(score: Any, spread: Any) -> tuple[Any, Any]:
        score = line("score_of_claim", score, unit="ratio")
        both = line("default_and_shortfall", bivariate_normal_cdf(threshold, score, correlation), unit="fraction")
        # Weighted by the price, every shock of it moves up by its spread, and the borrower's by its share of that.
        moved = line("score_of_default_by_value", threshold - correlation * spread, unit="ratio")
        score = line("score_of_claim_by_value", score - spread, unit="ratio")
        weighted = line("default_and_shortfall_by_value", bivariate_normal_cdf(moved, score, correlation), "fraction")
        return both / defaults, weighted / defaults

    return chances


def downturn_loss_given_default(
    default_rate: Any, *, default_probability: Any, loss_given_default: Any, correlation: Any
) -> Any:
    """Loss given default of a large pool in a year in which this share of it defaults (Frye and Jacobs 2012).

    Averaged over all years, with their default rates, it gives back the expected loss. All arguments lie between 0 and
    1. Default probability 5%, loss given default 40%, correlation 15%, a year of 20% defaults: 0.4968667658727083.
    """
    expected_loss = default_probability * loss_given_default
    apart = (normal_quantile(default_probability) - normal_quantile(expected_loss)) / np.sqrt(1 - correlation)
    return normal_cdf(normal_quantile(default_rate) - apart) / default_rate

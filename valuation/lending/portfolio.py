"""Many loans together: how concentrated they are, and what they lose when one factor moves them and their security.

Pure functions of numpy arrays. The factor is a standard normal figure, low in bad times. Defaults are tied
to each other by `default_correlation`, the square of what ties each of them to the factor; `sensitivity` ties the price
of the security to the same factor.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.finance import normal_cdf, normal_quantile
from valuation.workings import FloatArray

CONFIDENCE = 0.999  # of the supervisor's formula
NET_OF_EXPECTED = 0.25  # variance of the factor of Gordy and Luetkebohmert, and of the loss in default they assume


def concentration(amounts: Any) -> Any:
    """Herfindahl index: the sum of squared shares along the last axis, 1 for a single loan. .3 .2 .2 .1 .1 .1: 0.2."""
    return concentration_of_sums(np.sum(amounts, axis=-1), np.sum(np.square(amounts), axis=-1))


def concentration_of_sums(total: Any, squares: Any) -> Any:
    """The same from the sum of the amounts and of their squares, for a book that is read in stretches."""
    return squares / np.where(total > 0, np.square(total), 1.0)


def effective_number(index: Any) -> Any:
    """How many loans of one size would be as concentrated. Index 0.2: 5."""
    return 1 / np.asarray(index)


def default_share_at(default_probability: Any, default_correlation: Any, factor: Any) -> Any:
    """Share of many small loans that defaults where the factor has this value (Vasicek).

    PD 5%, correlation .15, the factor at its 1% quantile: 0.20988144625265498; at 0.1%: 0.313505907936788.
    """
    score = normal_quantile(default_probability) - np.sqrt(default_correlation) * factor
    return normal_cdf(score / np.sqrt(1 - default_correlation))


def proceeds_at(median: Any, market_spread: Any, own_spread: Any, sensitivity: Any, factor: Any) -> tuple[Any, Any]:
    """Middle proceeds of a sale, and the spread that is left of them, where the factor has this value."""
    left = np.sqrt(market_spread**2 * (1 - np.square(sensitivity)) + np.square(own_spread))
    return median * np.exp(sensitivity * market_spread * factor), left


def factor_at(confidence: Any) -> Any:
    """Value of the factor that times are worse than with 1 - confidence. 99.9%: -3.090232306167813."""
    return -normal_quantile(confidence)


def granularity_add_on(
    amount: Any, default_probability: Any, loss_given_default: Any, default_correlation: Any, confidence: Any
) -> Any:
    """What single names add to the loss quantile of infinitely many small ones; in money, or a share if amounts are.

    Fifty equal loans of PD 5%, LGD 50%, correlation .15 at 99.9%: 0.021939295879063 on 0.156752953968394, where
    counting all cases gives 0.18. It falls to 0 with the largest share. Loans run along the last axis.
    """
    sums = granularity_sums(amount, default_probability, loss_given_default, default_correlation, confidence)
    return add_on_of_sums(sums, confidence)


def granularity_sums(
    amount: Any, default_probability: Any, loss_given_default: Any, default_correlation: Any, confidence: Any
) -> Any:
    """What the add-on needs of all loans: two derivatives of the mean loss, the variance and its derivative."""
    terms = granularity_terms(amount, default_probability, loss_given_default, default_correlation, confidence)
    return squared_terms(*terms)


def granularity_terms(
    amount: Any, default_probability: Any, loss_given_default: Any, default_correlation: Any, confidence: Any
) -> tuple[Any, Any, Any, Any]:
    """Of each loan in bad times: two derivatives of its mean loss, its standard deviation and the derivative of that.

    All four add up over the loans of one name, which default together, before `squared_terms` counts it as one.
    """
    tied, bad = np.sqrt(default_correlation / (1 - default_correlation)), normal_quantile(confidence)
    score = normal_quantile(default_probability) / np.sqrt(1 - default_correlation) + tied * bad
    defaults, density = normal_cdf(score), np.exp(-(score**2) / 2) / np.sqrt(2 * np.pi)
    loss = amount * loss_given_default
    slope, deviation = tied * density, np.sqrt(defaults * (1 - defaults))
    widening = slope * (1 - 2 * defaults) / (2 * np.where(deviation > 0, deviation, 1.0))
    return loss * slope, -loss * tied * score * slope, loss * deviation, loss * widening


def squared_terms(mean1: Any, mean2: Any, deviation: Any, deviation1: Any) -> Any:
    """The sums that the add-on needs, from the terms of names that default each by itself."""
    terms = (mean1, mean2, np.square(deviation), 2 * deviation * deviation1)
    return np.array([np.sum(term, axis=-1) for term in terms])


def add_on_of_sums(sums: Any, confidence: Any) -> Any:
    """The add-on from these sums: -1/(2 phi) times the derivative of phi x variance / mean', at the bad quantile."""
    mean1, mean2, variance, variance1 = sums
    bad = normal_quantile(confidence)
    return (bad * variance / mean1 - variance1 / mean1 + variance * mean2 / mean1**2) / 2


def granularity_add_on_of_capital(
    index: Any, default_probability: Any, loss_given_default: Any, capital: Any, confidence: float = CONFIDENCE
) -> Any:
    """The add-on in the simple form of Gordy and Luetkebohmert, for a book of like loans (form from memory).

    Fifty loans of PD 5%, LGD 50%, capital 0.11724390964333423: 0.030401708749408594.
    """
    spread = loss_given_default + NET_OF_EXPECTED * (1 - loss_given_default)
    delta = gamma_delta(confidence)
    needed = delta * (capital + default_probability * loss_given_default) - capital
    return index * spread * needed / (2 * capital)


def gamma_delta(confidence: float = CONFIDENCE) -> float:
    """Their constant, from a factor of gamma shape with mean 1 and variance 4. 99.9%: 4.833601258193017."""
    from scipy.special import gammaincinv

    worst = gammaincinv(NET_OF_EXPECTED, confidence) / NET_OF_EXPECTED
    return float((worst - 1) * (NET_OF_EXPECTED + (1 - NET_OF_EXPECTED) / worst))


def pool_quantile(means: FloatArray, spreads: FloatArray, correlation: FloatArray, tail: float) -> float:
    """What the assets behind one loan bring in together in all but `tail` of cases, after Fenton and Wilkinson.

    `correlation` is the matrix for the logarithms. Means 60 and 40, sd of the logarithms .35 and .55, tail 5%,
    independent: 56.82169107322663, where simulation gives 57.6. The larger the spreads the farther below the true
    figure; above .6 simulate.
    """
    products = np.outer(means, means)
    variance = np.sum(products * np.expm1(correlation * np.outer(spreads, spreads)))
    total = np.sum(means)
    square = np.log1p(variance / total**2)
    return float(total * np.exp(-square / 2 + normal_quantile(tail) * np.sqrt(square)))

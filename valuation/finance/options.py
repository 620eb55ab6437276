"""Options on one value that moves at random: the right to invest in it (a call) or to sell it (a put).

Rates are continuous and per year, `leakage` is the yield that the holder misses while waiting; every argument is
(..., 1) and so is the answer. Sources: E.G. Haug, The Complete Guide to Option Pricing Formulas (figures in QuantLib's
test suite, file-read); Cox, Ross & Rubinstein 1979 (tree, from memory); F.A. Longstaff & E.S. Schwartz 2001, Table 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.finance.powers import normal_cdf

CALL, PUT = 1, -1  # what the holder gains when the value rises by one above the strike
FloatArray = NDArray[np.float64]
TREES_AT_ONCE = 256  # few enough for a processor's cache, and enough to forget the cost of a call


def option_score(spot: Any, strike: Any, risk_free: Any, leakage: Any, volatility: Any, years: Any) -> Any:
    """Normal score d1, whose chance N(d1) is the option's move for one unit of value. Haug's first case: -0.3253."""
    drift = risk_free - leakage + volatility**2 / 2
    return (np.log(spot / strike) + drift * years) / (volatility * np.sqrt(years))


def european_option(
    spot: Any, strike: Any, risk_free: Any, leakage: Any, volatility: Any, years: Any, *, side: int = CALL
) -> Any:
    """Worth of a right that can be used on its last day only: Black, Scholes and Merton with leakage.

    Call on 60 at strike 65, 8%, no leakage, 30%, a quarter of a year: 2.1333684449162007.
    """
    score = option_score(spot, strike, risk_free, leakage, volatility, years)
    on_value = side * spot * np.exp(-leakage * years) * normal_cdf(side * score)
    at_strike = side * strike * np.exp(-risk_free * years) * normal_cdf(side * (score - volatility * np.sqrt(years)))
    return on_value - at_strike


def up_probability(risk_free: Any, leakage: Any, volatility: Any, years: Any, steps: int) -> Any:
    """Chance of a step upwards in the tree, in which value and money earn the same; needed between 0 and 1.

    Between them only while a step is shorter than volatility**2 / (risk_free - leakage)**2.
    """
    step = years / steps
    up = np.exp(volatility * np.sqrt(step))
    return (np.exp((risk_free - leakage) * step) - 1 / up) / (up - 1 / up)


def tree_option(
    spot: Any,
    strike: Any,
    risk_free: Any,
    leakage: Any,
    volatility: Any,
    years: Any,
    *,
    side: int = CALL,
    steps: int = 500,
    early: bool = True,
) -> Any:
    """Worth of a right that can be used on any day, or on its last only: binomial tree of Cox, Ross and Rubinstein.

    Not a number where the chance of a step is not between 0 and 1: take more steps. Call on 350 at strike 500, 4%,
    leakage 1/17, 25%, 17 years, 2,000 steps: 43.9648.
    """
    stated = np.broadcast_arrays(spot, strike, risk_free, leakage, volatility, years)
    options = np.stack([one.reshape(-1) for one in stated]).astype(float)
    parts = [
        _trees(options[:, at : at + TREES_AT_ONCE], side, steps, early=early)
        for at in range(0, options.shape[1], TREES_AT_ONCE)
    ]
    return np.concatenate(parts).reshape(stated[0].shape)


def _trees(options: FloatArray, side: int, steps: int, *, early: bool) -> FloatArray:
    """Trees of a few options, from the last day back to today: nodes down, options across, so that memory runs on."""
    spot, strike, risk_free, leakage, volatility, years = options
    up = np.exp(volatility * np.sqrt(years / steps))
    chance = up_probability(risk_free, leakage, volatility, years, steps)
    discount = np.exp(-risk_free * years / steps)
    rise, fall = discount * chance, discount * (1 - chance)
    gains = side * (spot * up ** np.arange(-steps, steps + 1.0)[:, None] - strike)
    every_other = (gains[::2].copy(), gains[1::2].copy())  # the nodes of one date, and those of the date before
    worth = np.maximum(every_other[0], 0.0)
    for passed in range(1, steps + 1):
        nodes = steps + 1 - passed
        waiting = rise * worth[1:] + fall * worth[:-1]
        now = every_other[passed % 2][passed // 2 : passed // 2 + nodes]
        worth = np.maximum(waiting, now) if early else waiting
    return np.where((chance > 0) & (chance < 1), worth[0], np.nan)

"""The sale after default and the path of the loan by draws: order statistics beside the closed forms.

No shape is fitted to the draws. Prices move by one shock of the market, every appraisal is off by one more, title of
all assets fails at once: the cautious reading, which for a single asset is exactly that of the closed form.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from valuation import sampling
from valuation.finance import normal_cdf
from valuation.lending.haircuts import in_hand_later
from valuation.workings import FloatArray

DRAWS, SEED = 2**13, 1  # the 10% quantile of a value that moves by half is known to about half a percent of it
MOST_DATES = 60  # dates at which a path is drawn; of more payments every second, third … is taken, and the last
PERCENTILES = {"p5": 0.05, "p50": 0.50, "p95": 0.95}


@dataclass(frozen=True)
class Shocks:
    """Where each draw stands: appraisal and sale (draws, 1), title as a uniform figure, the market by date."""

    appraisal: FloatArray
    sale: FloatArray
    title: FloatArray
    market: FloatArray  # (draws, dates): a walk whose variance at each date is its time


def shocks(dates: FloatArray, *, draws: int = DRAWS, seed: int = SEED) -> Shocks:
    """Draws of everything that moves; the same seed gives the same figures on any machine."""
    scores = sampling.Draws(seed, draws, 3 + len(dates)).scores(0, draws)
    steps = np.sqrt(np.diff(dates, prepend=0.0))
    return Shocks(
        appraisal=scores[0][:, None],
        sale=scores[1][:, None],
        title=normal_cdf(scores[2])[:, None],
        market=np.cumsum(scores[3:].T * steps, axis=-1),
    )


def value_draws(assets: Sequence[Any], dates: FloatArray, found: Shocks) -> FloatArray:
    """What the assets are worth together at each date, (draws, dates)."""
    moved = [asset.value * np.exp(asset.log_drift * dates + asset.volatility * found.market) for asset in assets]
    errors = [np.exp(asset.valuation_error * found.appraisal) for asset in assets]
    return np.asarray(sum(value * error for value, error in zip(moved, errors, strict=True)))


def sale_draws(assets: Sequence[Any], dates: FloatArray, money_rate: float, found: Shocks) -> FloatArray:
    """What a sale after a default at each date brings in, after costs and prior claims, (draws, dates)."""
    return np.asarray(sum(_sold(asset, dates, money_rate, found) for asset in assets))


def _sold(asset: Any, dates: FloatArray, money_rate: float, found: Shocks) -> FloatArray:
    moved = asset.volatility * (found.market + math.sqrt(asset.sale_time) * found.sale)
    log = asset.log_drift * (dates + asset.sale_time) + moved + asset.valuation_error * found.appraisal
    brought = in_hand_later(asset, money_rate) * np.exp(log)
    left = np.maximum(brought - asset.fixed_cost - asset.prior_claims, 0.0)
    return np.where(found.title < asset.title_failure, 0.0, left)


def value_at_risk(draws: FloatArray, tail: float) -> float:
    """The order statistic at ceil(n x tail): no more than that part of the draws lies below it. 1..100, 10%: 10."""
    return float(np.sort(draws)[math.ceil(draws.size * tail) - 1])


def mean_of_worst(draws: FloatArray, tail: float) -> float:
    """Mean of the worst part of the draws, the draw at its edge counted in part. 1..100, 10%: 5.5."""
    ordered, count = np.sort(draws), draws.size * tail
    whole = math.floor(count)
    edge = (count - whole) * ordered[whole] if count > whole else 0.0
    return float((ordered[:whole].sum() + edge) / count)


def interval(draws: FloatArray, tail: float) -> tuple[float, float]:
    """Order statistics two standard errors of the rank to either side: where the true figure lies 95 times of 100."""
    ordered, spread = np.sort(draws), 2 * math.sqrt(draws.size * tail * (1 - tail))
    places = [round(draws.size * tail + sign * spread) - 1 for sign in (-1, 1)]
    low, high = (ordered[min(max(place, 0), draws.size - 1)] for place in places)
    return float(low), float(high)


def drawn_haircut(assets: Sequence[Any], default: float, tail: float, money_rate: float) -> dict[str, Any] | None:
    """The haircut and that of the mean of the worst cases, by draws; None where the assets are worth nothing.

    Drift -30%, volatility 40%, error 25%, half a year, tail 5%: 0.537 and 0.601, as the closed forms have it.
    """
    value = sum(asset.value for asset in assets)
    if value <= 0:
        return None
    dates = np.array([max(default, 0.0)])
    brought = sale_draws(assets, dates, money_rate, shocks(dates))[:, 0] / value
    low, high = interval(brought, tail)
    return {
        "draws": DRAWS,
        "value_at_risk": 1 - value_at_risk(brought, tail),
        "between": [1 - high, 1 - low],
        "expected_shortfall": 1 - mean_of_worst(brought, tail),
    }


def drawn_path(
    assets: Sequence[Any],
    times: FloatArray,
    owed: Mapping[str, FloatArray],
    money_rate: float,
    levels: Mapping[str, float],
) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """By date how value and loan to value scatter and how often a sale falls short; by line how often it is passed.

    `owed` holds `balance` after and `exposure` before each payment. A line is looked at just before each payment only,
    so its chance lies below that of a line that is watched all along.
    """
    chosen = _dates(len(times))
    found = shocks(times[chosen])
    value = value_draws(assets, times[chosen], found)
    sold = sale_draws(assets, times[chosen], money_rate, found)
    balance, exposure = owed["balance"][chosen], owed["exposure"][chosen]
    ratio = balance / np.maximum(value, np.finfo(float).tiny)
    rows = [
        {
            "year": float(times[place]),
            "value": _percentiles(value[:, at]),
            "loan_to_value": _percentiles(ratio[:, at]),
            "chance_of_shortfall": float(np.mean(sold[:, at] < exposure[at] * (1 - 1e-12))),
        }
        for at, place in enumerate(chosen)
    ]
    highest = np.max(exposure / np.maximum(value, np.finfo(float).tiny), axis=-1)
    return rows, {name: float(np.mean(highest >= level)) for name, level in levels.items()}


def _dates(periods: int) -> list[int]:
    step = math.ceil(periods / MOST_DATES)
    return sorted({periods - 1 - step * back for back in range(MOST_DATES) if periods - 1 - step * back >= 0})


def _percentiles(draws: FloatArray) -> dict[str, float]:
    return {name: value_at_risk(draws, chance) for name, chance in PERCENTILES.items()}

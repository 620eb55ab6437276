"""The haircut's market part against what prices and rents really did, in falls and in rises.

For each window of a price series: would the stressed value we lend on have held? The retention tested is that of
lending.haircut (drift and market move at the default assumptions of the kind), without dependency, title, forced sale
and cost, since a list of prices is no forced sale. Windows of one series do not overlap; series of one regime fell or
rose together, so the count of regimes, not of windows, says how much was really seen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np

from valuation.lending.defaults import Defaults, defaults_on
from valuation.lending.haircuts import retentions
from valuation.reference.dated_table import last_day
from valuation.reference.look_up import table
from valuation.workings import Silent

TABLE = "price_moves"
SHORTFALLS = (0.10, 0.05, 0.01)
DAYS_OF_YEAR = 365.25


@dataclass(frozen=True)
class Window:
    """A price, and the price of the same thing later."""

    series: str
    kind: str
    regime: str
    years: float
    kept: float  # later price over earlier
    mark: str


@dataclass(frozen=True)
class Breaches:
    """Expected and seen breaches of the stressed value over some windows, with the Kupiec test of the seen rate."""

    kind: str
    regime: str
    shortfall_probability: float
    windows: int
    breaches: int
    likelihood_ratio: float
    p_value: float

    @property
    def seen(self) -> float:
        """Share of the windows in which the price fell below the stressed value."""
        return self.breaches / self.windows

    def to_json(self) -> dict[str, Any]:
        """One row of the table."""
        return {**vars(self), "expected": self.shortfall_probability, "seen": self.seen}


def windows() -> tuple[Window, ...]:
    """Every price move that comes with the package; figures and sources stand in its table."""
    return tuple(_window(row) for row in table(TABLE))


def _window(row: Mapping[str, str]) -> Window:
    first, later = last_day(row["date"]), last_day(row["later_date"])
    assert first is not None, row
    assert later is not None, row
    years = (later - first).days / DAYS_OF_YEAR
    kept = float(row["later_price"]) / float(row["price"])
    return Window(row["series"], row["kind"], row["regime"], years, kept, row["verified"])


def stressed_retention(kind: str, years: float, shortfall_probability: float, defaults: Defaults) -> float:
    """What the lender counts on after `years` in all but this share of cases, of the price alone.

    GPU at the defaults of 2026-11-24 (drift -21%, volatility 30%), one year, 10%: exp(-0.21 - 1.2816 x 0.30) = 0.5519.
    """
    assumed = defaults.of_kind(kind)
    asset = SimpleNamespace(
        acceptance=1.0, dependency=0.0, valuation_error=0.0, title_failure=0.0, forced_sale_discount=0.0,
        disposal_cost=0.0, sale_time=0.0, log_drift=assumed.log_drift.value, volatility=assumed.volatility.value,
    )  # fmt: skip
    kept = retentions(asset, np.array([years]), np.array([shortfall_probability]), 0.0, Silent().line)
    return float((kept["technological_decay"] * kept["market_move"]).item())


def kupiec(windows: int, breaches: int, expected: float) -> tuple[float, float]:
    """Likelihood ratio of the seen breach rate against the expected one, and the chance of one so large by luck.

    -2 ln[(1-a)^(n-x) a^x / ((1-x/n)^(n-x) (x/n)^x)], chi-square with one degree of freedom. 250 windows, 8 breaches,
    1%: 7.7336, 0.0054. Source: Kupiec, Journal of Derivatives 3(2), 1995 (memory).
    """
    seen = breaches / windows
    under_expected = (windows - breaches) * math.log(1 - expected) + breaches * math.log(expected)
    under_seen = sum(n * math.log(share) for n, share in ((windows - breaches, 1 - seen), (breaches, seen)) if n)
    ratio = max(0.0, -2 * (under_expected - under_seen))
    return ratio, math.erfc(math.sqrt(ratio / 2))


def backtest(on: date | None = None, moves: Sequence[Window] | None = None) -> tuple[Breaches, ...]:
    """Breaches by kind, regime and shortfall probability under the default assumptions of a day (the newest)."""
    defaults = defaults_on(on or date.max)
    found = moves if moves is not None else windows()
    return tuple(_breaches(group, tail, defaults) for group in regimes(found) for tail in SHORTFALLS)


def regimes(moves: Sequence[Window]) -> list[list[Window]]:
    """The windows by kind and regime: what fell or rose together."""
    keys = dict.fromkeys((window.kind, window.regime) for window in moves)
    return [[window for window in moves if (window.kind, window.regime) == key] for key in keys]


def _breaches(group: Sequence[Window], tail: float, defaults: Defaults) -> Breaches:
    broken = sum(window.kept < stressed_retention(window.kind, window.years, tail, defaults) for window in group)
    ratio, chance = kupiec(len(group), broken, tail)
    return Breaches(group[0].kind, group[0].regime, tail, len(group), broken, ratio, chance)


def volatility_needed(group: Sequence[Window], tail: float, log_drift: float) -> float:
    """The smallest yearly volatility at which no window of the group falls below the stressed value, drift as given."""
    from valuation.finance import normal_quantile

    score = -float(normal_quantile(tail))
    gaps = [(log_drift * w.years - math.log(w.kept)) / (score * math.sqrt(w.years)) for w in group]
    return max(0.0, *gaps)

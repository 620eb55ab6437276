"""The backtest: its test statistic, its retentions, and a table without overlapping windows."""

import math
from collections import defaultdict
from datetime import date
from itertools import pairwise

import pytest
from scipy import stats

from valuation.lending.backtest import (
    Window,
    backtest,
    kupiec,
    stressed_retention,
    volatility_needed,
    windows,
)
from valuation.lending.defaults import defaults_on
from valuation.reference.dated_table import last_day, table


def test_kupiec_ratio_and_its_chance():
    ratio, chance = kupiec(250, 8, 0.01)
    assert ratio == pytest.approx(7.7336, abs=5e-5)
    assert chance == pytest.approx(stats.chi2.sf(ratio, 1), rel=1e-12)


def test_as_many_breaches_as_expected_reject_nothing():
    assert kupiec(100, 5, 0.05) == (0.0, 1.0)


def test_no_breach_and_only_breaches_have_a_ratio():
    assert kupiec(20, 0, 0.1)[0] == pytest.approx(-2 * 20 * math.log(0.9))
    assert kupiec(3, 3, 0.1)[0] == pytest.approx(-2 * 3 * math.log(0.1))


def test_the_retention_is_that_of_the_haircut():
    found = stressed_retention("compute_cluster", 1.0, 0.10, defaults_on(date.max))
    assert found == pytest.approx(math.exp(-0.21 - stats.norm.ppf(0.9) * 0.30), rel=1e-12)


def test_the_volatility_needed_is_the_smallest_that_holds():
    fall = [Window("x", "compute_cluster", "one", 1.0, 0.3, "page-read")]
    needed = volatility_needed(fall, 0.10, -0.21)
    assert math.exp(-0.21 - stats.norm.ppf(0.9) * needed) == pytest.approx(0.3)


def test_windows_of_one_series_do_not_overlap():
    ends = defaultdict(list)
    for row in table("price_moves"):
        ends[row["series"]].append((last_day(row["date"]), last_day(row["later_date"])))
    for spans in ends.values():
        spans.sort()
        assert all(first[1] <= later[0] for first, later in pairwise(spans))


def test_falls_and_rises_are_both_there():
    kept = [window.kept for window in windows()]
    assert min(kept) < 0.2 < 1.3 < max(kept)


def test_the_card_crash_broke_the_default():
    """Three of seven yearly windows: the default for GPU does not hold consumer cards in a crash."""
    crash = {row.shortfall_probability: row for row in backtest() if row.regime == "card crash 2021-23"}
    assert (crash[0.10].breaches, crash[0.10].windows) == (3, 7)


def test_breaches_never_grow_with_confidence():
    found = defaultdict(dict)
    for row in backtest():
        found[row.kind, row.regime][row.shortfall_probability] = row.breaches
    for by_tail in found.values():
        assert by_tail[0.01] <= by_tail[0.05] <= by_tail[0.10]

"""What may be lent on each row of a stretch, by the formulas of one loan: haircut, limits, path, expected loss.

What has one figure a row is done on many rows at a time. What runs over the periods of a loan is done on rows of one
schedule and number of payments, in pieces whose arrays stay in the processor's cache; arrays are (row, period) with the
rows of a period one after the other in memory. Of evenly repaid loans only the worst payments are worked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.book.cells import Codes
from valuation.book.columns import SCHEDULES
from valuation.book.rows import Mask, Rows
from valuation.book.worst_payments import EVEN_SCHEDULES, are_even, payments, plan_at_worst_payments
from valuation.calculation import arrays
from valuation.distributions import shape_of
from valuation.lending.course import ROUNDING, course_of_plan
from valuation.lending.haircuts import PARTS, counted_on_today, parts
from valuation.lending.limits import LIMIT_NAMES, LimitInputs, largest_loan, limits_by_period
from valuation.lending.lines import revaluation_interval
from valuation.lending.losses import expected_loss
from valuation.lending.path import balance_to_value, cover
from valuation.lending.schedules import Plan
from valuation.lending.schedules import plan as plan_of
from valuation.strict import read
from valuation.workings import FloatArray, Silent

BY_PERIOD = ("policy_cap", "value_at_risk", "loss_given_default", "decay_path", "debt_service")  # limits
BETWEEN = ("sold_today", "score", "carried", "carried_at", "highest", "highest_at")  # handed from one step to the next
ROWS_AT_ONCE = 8192
FIGURES_AT_ONCE = 2**15  # of one array: rows times periods
PERIODS = 361  # more than any loan has payments
KEPT = ("carried_by_security", "rests_on_borrower")
SCORE = "score_where_title_holds"  # of the haircut and of the limits alike
ANY_PROBABILITY = 0.5  # a row without its own has no correlation either: the limits come out the same whatever it is
Places = NDArray[np.intp]


class Kept(Silent):
    """Workings that keep the lines for which the table has columns, and the score, which takes long to find."""

    def __init__(self) -> None:
        self.arrays: dict[str, Any] = {}

    def line(self, name: str, array: Any, unit: str = "money") -> Any:
        """Keep the line if it is wanted."""
        if name.startswith("limit_") or name in KEPT or name == SCORE:
            self.arrays[name] = array
        return array


@dataclass(frozen=True)
class Stretch:
    """The answers to a stretch of rows: figures by column, NaN where there is none, and the smallest limit of each."""

    rows: Rows
    figures: Mapping[str, FloatArray]
    binding: Codes  # place in LIMIT_NAMES; -1 where no limit was reached

    @property
    def offered(self) -> Mask:
        """Where something may be lent."""
        found: Mask = self.figures["maximum_loan"] > 0
        return found


@dataclass(frozen=True)
class Group:
    """Rows of one schedule and number of payments, by their places."""

    schedule: str
    periods: int
    places: Places


class Piece:
    """Some rows as a formula sees them: each figure (rows, 1), or one for all, fetched when a formula asks for it.

    A figure that the book has no column for is the default of its field.
    """

    def __init__(self, columns: Mapping[str, FloatArray], defaults: SimpleNamespace, at: Any) -> None:
        self._columns, self._defaults, self._at = columns, defaults, at

    def __getattr__(self, name: str) -> Any:
        if name not in self._columns:
            return getattr(self._defaults, name)
        figures = self._columns[name]
        taken = figures if len(figures) == 1 else figures[self._at][:, None]
        setattr(self, name, taken)
        return taken


def lend(rows: Rows, for_all: Mapping[str, FloatArray], figures: Mapping[str, FloatArray]) -> Stretch:
    """Writes what may be lent on each row into `figures`; a row whose title fails, or that is worth nothing, has none.

    `for_all` are inputs that one figure holds for in the whole book.
    """
    lendable = ~rows.bad & (rows.stated["value"] > 0) & ~rows.titled("refuse")
    binding = np.full(len(lendable), -1, dtype=np.int8)
    between = {name: np.empty(len(lendable)) for name in BETWEEN}
    asset, terms = {**rows.asset, **between}, {**rows.loan, **for_all}
    if "default_probability" in terms:
        terms["default_probability"] = np.nan_to_num(terms["default_probability"], nan=ANY_PROBABILITY)
    if not lendable.all():
        for column in figures.values():
            column[:] = np.nan
    with np.errstate(all="ignore"):
        for at in _many(lendable):
            _haircuts(_piece(asset, terms, at), figures, between, at)
        even = lendable & are_even(rows, terms)
        for schedule, at in _evenly_repaid(rows, asset, even):
            piece = _piece(asset, terms, at)
            _limits_by_period(piece, plan_at_worst_payments(piece, schedule), figures, between, at)
        for group, at in _alike(rows, lendable & ~even):
            piece = _scheduled(asset, terms, group, at)
            _limits_by_period(piece, plan_of(piece, Silent()), figures, between, at)
        for at in _many(lendable):
            binding[at] = _loans(_piece(asset, terms, at), figures, between, at)
        if "expected_loss" in figures:
            figures["expected_loss"][:] = expected_losses(rows, asset, figures["maximum_loan"], lendable)
    return Stretch(rows, figures, binding)


def expected_losses(rows: Rows, asset: Mapping[str, FloatArray], loans: FloatArray, where: Mask) -> FloatArray:
    """The expected loss on these loans of the rows at `where`, with these assets behind them; NaN elsewhere."""
    found = np.full(len(where), np.nan)
    terms = {**rows.loan, "loan": loans}
    with np.errstate(all="ignore"):
        for group, at in _alike(rows, where):
            lost = expected_loss(_scheduled(asset, terms, group, at), Silent())
            _put({"expected_loss": found}, at, {"expected_loss": lost})
    return found


def _many(lendable: Mask) -> Iterator[Any]:
    """Where the rows to lend on lie, some thousands at a time."""
    places = None if lendable.all() else np.flatnonzero(lendable)
    for first in range(0, len(lendable) if places is None else len(places), ROWS_AT_ONCE):
        here = slice(first, min(first + ROWS_AT_ONCE, len(lendable)))
        yield here if places is None else places[here]


def _alike(rows: Rows, lendable: Mask) -> Iterator[tuple[Group, Any]]:
    """Where the rows of each schedule and number of payments lie, as many at a time as the cache holds by period."""
    for group in _groups(rows, lendable):
        at_once = max(2, FIGURES_AT_ONCE // group.periods)
        for first in range(0, len(group.places), at_once):
            at = group.places[first : first + at_once]
            # A single row goes through twice: numpy adds up the periods of a lone row in another order.
            yield group, at if len(at) > 1 else np.repeat(at, 2)


def _evenly_repaid(rows: Rows, asset: Mapping[str, FloatArray], even: Mask) -> Iterator[tuple[str, Any]]:
    """Where the evenly repaid rows of each schedule lie, those with and without anything ahead of the lender apart."""
    ahead = asset["fixed_cost"] + asset["prior_claims"] > 0
    for schedule in EVEN_SCHEDULES:
        alike = even & rows.paid_back(schedule)
        for where in (alike & ~ahead, alike & ahead):
            yield from ((schedule, at) for at in _many(where))


def _groups(rows: Rows, lendable: Mask) -> Iterator[Group]:
    found = payments(rows.loan["tenor_years"], rows.loan["payments_per_year"])
    periods = np.where(lendable, found, 1.0).astype(np.int16)
    key = np.where(lendable, rows.words["schedule"] * np.int16(PERIODS) + periods, -1).astype(np.int16)
    order = np.argsort(key, kind="stable")
    keys = key[order]
    starts = np.flatnonzero(np.diff(keys, prepend=np.int16(-1))).tolist()
    for start, end in pairwise([*starts, len(order)]):
        schedule, count = divmod(int(keys[start]), PERIODS)
        yield Group(SCHEDULES[schedule], count, order[start:end])


def _piece(asset: Mapping[str, FloatArray], terms: Mapping[str, FloatArray], at: Any) -> Any:
    piece: Any = Piece(terms, template(), at)
    piece.assets = [Piece(asset, template().assets[0], at)]
    return piece


def _scheduled(asset: Mapping[str, FloatArray], terms: Mapping[str, FloatArray], group: Group, at: Any) -> Any:
    """A piece with the times of its payments, as the terms of one loan reckon them, and cash by period."""
    piece = _piece(asset, terms, at)
    piece.schedule = group.schedule
    tenor, number = terms["tenor_years"][at], np.arange(1.0, group.periods + 1)[:, None]
    piece.payment_times = (tenor * number / group.periods).T
    if piece.cash_flow is not None:
        piece.cash_flow = piece.cash_flow * (tenor / group.periods)[:, None]
    return piece


def _haircuts(piece: Any, figures: Mapping[str, FloatArray], between: Mapping[str, FloatArray], at: Any) -> None:
    """Haircut in its parts at the end of the loan, and what a sale would bring today."""
    asset, kept = piece.assets[0], Kept()
    piece.time_to_default = piece.tenor_years
    retained, total, left = parts(piece, kept)
    today = counted_on_today(asset, piece.shortfall_probability, piece.money_rate, kept.line)
    found = {f"retained_{part}": kept for part, kept in zip(PARTS, retained, strict=True)}
    found |= {"haircut_total": total, "recoverable_value": left}
    _put(figures, at, {**found, "revalue_within_years": revaluation_interval(asset.log_drift)})
    _put(between, at, {"sold_today": today, "score": kept.arrays[SCORE]})


def _limits_by_period(
    piece: Any, plan: Plan, figures: Mapping[str, FloatArray], between: Mapping[str, FloatArray], at: Any
) -> None:
    """The limits that look at every period, and the worst periods of the path of one unit lent."""
    asset, times = piece.assets[0], piece.payment_times
    loan = course_of_plan(piece, plan, [(asset.sold_today, asset.score)], Silent())
    carried, limits = limits_by_period(piece, loan, Silent())
    owed = balance_to_value(piece, loan)
    highest = np.max(owed, axis=-1, keepdims=True)
    worst = {"carried": carried, "carried_at": _first(loan.carried == carried, times)}
    worst |= {"highest": highest, "highest_at": _first(owed == highest, times)}
    _put(between, at, worst)
    _put(figures, at, {f"limit_{name}": limit for name, limit in limits.items()})


def _first(reached: Any, times: Any) -> Any:
    return np.min(np.where(reached, times, np.inf), axis=-1, keepdims=True)


def _loans(piece: Any, figures: Mapping[str, FloatArray], between: Mapping[str, FloatArray], at: Any) -> Codes:
    """The largest loan and its path; returns which limit is the smallest."""
    asset, kept = piece.assets[0], Kept()
    found = {name: figures[f"limit_{name}"][at, None] for name in BY_PERIOD if f"limit_{name}" in figures}
    lent = largest_loan(piece, asset.carried, found, kept)
    offered = np.where(lent > 0, 0.0, np.nan)  # added to figures that only an offer has
    drawn, later = lent / asset.value, lent * asset.highest
    higher = later > drawn * (1 + ROUNDING)
    path = {
        "maximum_loan": lent,
        "loan_to_value": drawn,
        "highest_loan_to_value": np.maximum(later, drawn),
        "year_of_highest_loan_to_value": np.where(higher, asset.highest_at, 0.0),
        "least_cover": cover(asset.carried, lent),
        "year_of_least_cover": asset.carried_at,
    }
    limits = {**{f"limit_{name}": limit for name, limit in found.items()}, **kept.arrays}
    smallest = _smallest(limits, len(lent))  # before the columns are written: what was found may be a view of them
    _put(figures, at, {name: array + offered for name, array in path.items()})
    _put(figures, at, {name: np.where(np.isfinite(array), array, np.nan) for name, array in limits.items()})
    return smallest


def _put(figures: Mapping[str, FloatArray], at: Any, answers: Mapping[str, Any]) -> None:
    """Write answers into the columns of their names, as far as the table has them."""
    for name, array in answers.items():
        if name in figures:
            figures[name][at] = array[..., 0]


def _smallest(limits: Mapping[str, Any], count: int) -> Codes:
    """Place in LIMIT_NAMES of the smallest limit, the first of equal ones."""
    smallest = np.full((count, 1), np.inf)
    binding = np.full((count, 1), -1, dtype=np.int8)
    for place, name in enumerate(LIMIT_NAMES):
        limit = limits.get(f"limit_{name}")
        if limit is not None:
            binding = np.where(limit < smallest, np.int8(place), binding)
            smallest = np.minimum(smallest, limit)
    return binding[:, 0]


@cache
def template() -> SimpleNamespace:
    """Inputs of one loan with everything at the default of its field."""
    least = {"value": 1, "log_drift": 0, "volatility": 0, "valuation_error": 0}
    given = {"payment_times": [1], "rate": 0, "schedule": "bullet", "shortfall_probability": 0.1, "assets": [least]}
    return arrays(read(LimitInputs, given), lambda path, quantity, facts: np.atleast_1d(shape_of(quantity).stated))

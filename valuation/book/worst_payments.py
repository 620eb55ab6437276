"""The payments at which the lender of an evenly repaid loan stands worst, found without working out all of them.

A loan is even if its payments are equally far apart and follow an annuity, a straight line, a bullet or a balloon. What
is owed is then concave in time; what a sale brings in, less what ranks ahead, is convex in it, being an exponential of
a falling line less a root. A convex figure over a concave one falls, turns once, and rises: the least of each limit is
beside its turn. What falls due is largest and smallest at the first and the last payment. Only the places are found
here: the figures there come from the formulas that every loan goes through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from valuation.book.rows import Mask, Rows
from valuation.lending.schedules import Plan
from valuation.workings import FloatArray

EVEN_SCHEDULES = ("annuity", "straight_line", "bullet", "balloon")
EVERY_PAYMENT_COUNTS = ("loss_given_default", "interest_only_periods", "stressed_cash_flow")  # where one is stated
MANY_PAYMENTS = 4  # with fewer it is quicker to look at all
ROUNDING_OF_TENOR = 1e-9  # as in the terms of one loan
NO_INTEREST = 1e-17  # a period, as a logarithm: at this an annuity is a straight line to the last digit
NO_DECAY = NO_SPREAD = 1e-300


def payments(tenor_years: Any, payments_per_year: Any) -> Any:
    """How many payments a loan has, the last of them at its end."""
    return np.ceil(tenor_years * payments_per_year - ROUNDING_OF_TENOR)


def are_even(rows: Rows, terms: Mapping[str, FloatArray]) -> Mask:
    """Rows of which not every payment must be looked at, and that have enough of them for that to pay."""
    many = payments(terms["tenor_years"], terms["payments_per_year"]) > MANY_PAYMENTS
    all_count = rows.paid_back("sculpted") | any(name in terms for name in EVERY_PAYMENT_COUNTS)
    return np.asarray(many & ~all_count)


def plan_at_worst_payments(piece: Any, schedule: str) -> Plan:
    """What is owed and paid where a limit or the path can be at its worst; the piece gets the times of that."""
    number = payments(piece.tenor_years, piece.payments_per_year)
    length = piece.tenor_years / number
    left = {"bullet": 1.0, "balloon": piece.balloon_share}.get(schedule, 0.0)
    force = np.maximum(np.log1p(piece.rate * length), NO_INTEREST)
    loans = EvenLoans(schedule, number, length, 1 + piece.rate * length, force, left)
    looked_at = worst_payments(loans, piece.assets[0])
    piece.payment_times = length * looked_at
    if piece.cash_flow is not None:
        piece.cash_flow = piece.cash_flow * length
    return loans.plan(looked_at)


@dataclass(frozen=True)
class EvenLoans:
    """Evenly repaid loans of one schedule, each figure (rows, 1).

    Of one unit lent, after k of `number` payments there is owed 1 - k / number in a straight line, else
    (1 - left) x (1 - exp(-force x (number - k))) / (1 - exp(-force x number)) + left.
    """

    schedule: str
    number: FloatArray
    length: FloatArray  # years from one payment to the next
    growth: FloatArray  # of the debt by the interest of a period
    force: FloatArray  # that as a logarithm
    left: Any  # to the last payment: all for a bullet, a part for a balloon

    def plan(self, payment: Any) -> Plan:
        """One unit lent: the debt at these payments only, and what falls due first and last."""
        opening, closing = self._owed_around(payment)
        before, after = self._owed_around(_side_by_side(np.ones_like(self.number), self.number))
        return Plan(self.schedule, opening, before * self.growth - after, closing, opening * self.growth)

    def _owed_around(self, payment: Any) -> tuple[Any, Any]:
        """Of one unit, what is owed before the interest of this payment and after it."""
        if self.schedule == "bullet":
            return np.ones_like(payment), np.where(payment < self.number, 1.0, 0.0)
        if self.schedule == "straight_line":
            return (self.number - payment + 1) / self.number, (self.number - payment) / self.number
        paid_after = np.expm1(self.force * (payment - self.number))
        # exp(x - force) - 1 from exp(x) - 1, which is precise where both are small
        paid_before = paid_after * np.exp(-self.force) + np.expm1(-self.force)
        share = (1 - self.left) / np.expm1(-self.force * self.number)
        after = np.where(payment < self.number, paid_after * share + self.left, 0.0)
        return paid_before * share + self.left, after

    def turn(self, decay: Any) -> Any:
        """Payments made when the debt shrinks by as large a part a period as `decay`, a logarithm.

        Before that it shrinks more slowly. Below 0 if it shrinks faster from the first payment on.
        """
        decay = np.maximum(decay, NO_DECAY)
        if self.schedule == "straight_line":
            return self.number - 1 / decay
        sooner = np.log1p(self.force / decay)
        return self.number - (sooner - self._to_make_up) / self.force

    def shrinks_slower(self, made: Any, decay: Any) -> Any:
        """Whether fewer payments than `turn` are made: the same without its logarithm."""
        if self.schedule == "straight_line":
            return decay * (self.number - made) >= 1
        return decay * np.expm1(self.force * (self.number - made) + self._to_make_up) >= self.force

    @cached_property
    def _to_make_up(self) -> Any:
        """How much later, in logarithms, the debt shrinks as fast since a part is left to the end."""
        return np.log1p(-self.left / (1 - self.left) * np.expm1(-self.force * self.number))


def worst_payments(loans: EvenLoans, asset: Any) -> FloatArray:
    """Numbers of the payments among which each limit and the path of a loan are at their worst, (rows, 2 to 6)."""
    last, ahead = loans.number, asset.fixed_cost + asset.prior_claims
    if loans.schedule == "bullet":  # the debt stays and the security decays: the end, or just before it
        return _side_by_side(last - 1, last)
    # The loan to value looks at the debt just after a payment, the limits at that just before it.
    path = np.floor(np.clip(loans.turn(-asset.log_drift * loans.length), 0.0, last - 1))
    sale = _falls_until(loans, asset, asset.sold_today, ahead, asset.score, asset.sale_time)
    found = [path, path + 1, sale, sale + 1]
    if np.any(ahead > 0):
        value = _falls_until(loans, asset, asset.value * asset.acceptance, asset.prior_claims, 0.0, 0.0)
        found += [value, value + 1]
    else:
        found.append(path + 2)
    return np.clip(_side_by_side(*found), 1.0, last)


def _side_by_side(*numbers: FloatArray) -> FloatArray:
    """Columns as one array, the rows of each one after the other in memory."""
    return np.asarray(np.concatenate([number.T for number in numbers]).T)


def _falls_until(loans: EvenLoans, asset: Any, today: Any, ahead: Any, score: Any, later: Any) -> FloatArray:
    """The last payment up to which a limit falls, by halving: it does while the debt shrinks too slowly.

    The limit is today x exp(drift x time - score x spread) - ahead over the debt, `later` years after each payment.
    """
    drift, variance, any_ahead = asset.log_drift * loans.length, asset.volatility**2 * loans.length, np.any(ahead > 0)
    at_first, widening = asset.valuation_error**2 + asset.volatility**2 * later, score * variance / 2
    last = np.ones_like(loans.number)
    # Steps that halve and are multiplied in: to choose by a mask that looks random costs several times that.
    for halving in range(int(np.ceil(np.log2(np.max(loans.number)))) - 1, -1, -1):
        further = last + 2.0**halving
        spread = np.sqrt(at_first + variance * further)
        decay = widening / np.maximum(spread, NO_SPREAD) - drift
        if any_ahead:
            worth = today * np.exp(drift * further + asset.log_drift * later - score * spread)
            decay = np.where(worth > ahead, decay * worth / (worth - ahead), 0.0)  # it cannot fall below nothing
        falls = loans.shrinks_slower(further - 1, decay) & (further < loans.number)
        last = last + 2.0**halving * falls
    return last

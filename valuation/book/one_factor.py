"""What the loans of a book lose together when one factor moves their defaults and their security.

Each loan's loss is that of `lending.losses`: over all states of the factor with default and price tied through it, in
bad times at one value of the factor. What is assumed stands beside the figures, in `assumed`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.book.columns import GROUPS, KINDS
from valuation.book.exposure import security
from valuation.book.groups import UNNAMED, Group, Places
from valuation.book.lending_of_rows import ROWS_AT_ONCE, Stretch
from valuation.book.policy import OneFactor
from valuation.lending import portfolio
from valuation.lending.losses import loss_in_default, median_proceeds
from valuation.workings import FloatArray, Silent

HORIZON = 1.0  # years to default, since the probability of default is that of a year
TERMS = 4  # of the granularity add-on
BY_ROW = "row"
ASSUMED = {
    "en": (
        "Default after one year, on the debt as it stands, without interest; nothing is discounted.",
        "How defaults hang together and how the security falls with them is the policy's statement, not a measurement.",
        "The error of an appraisal and the failure of a title are each row's own; they average out over many rows.",
        "The add-on for single names is a first approximation, for dozens of names and more; losses in default stay.",
        "A correlation of price and default stated in the rows is not used here: the factor takes its place.",
    ),
    "zh": (
        "假设一年后违约，按现有债务本金计算，不含利息，不折现。",
        "违约之间的相关性及押品随之下跌的程度由政策给定，并非实测。",
        "评估误差与权属失败视为各行独立，在多行之间相互抵消。",
        "单一客户集中度附加为一阶近似，适用于数十个以上客户；不利情形下的违约损失率视为固定。",
        "各行自填的价格与违约相关系数在此不使用，由单一因子代替。",
    ),
}


@dataclass(frozen=True)
class PooledLosses:
    """Loans that have a probability of default: their places in the stretch, and figures of each.

    `terms` are those of portfolio.granularity_terms, (4, loans).
    """

    places: NDArray[np.intp]
    owed: FloatArray
    default_probability: FloatArray
    expected: FloatArray
    at_confidence: FloatArray
    terms: FloatArray


def pooled_losses(stretch: Stretch, owed: FloatArray, factor: OneFactor) -> PooledLosses:
    """Mean loss of each loan and its loss where the factor is as bad as the confidence says."""
    loan = stretch.rows.loan
    probability = np.broadcast_to(loan.get("default_probability", np.full(1, np.nan)), owed.shape)
    places = np.flatnonzero((owed > 0) & ~np.isnan(probability))
    found = np.empty((2 + TERMS, len(places)))
    assets = security(stretch.rows)
    for first in range(0, len(places), ROWS_AT_ONCE):
        here = slice(first, first + ROWS_AT_ONCE)
        at = places[here]
        asset = SimpleNamespace(**{name: _taken(column, at) for name, column in assets.items()})
        borrower = SimpleNamespace(
            default_probability=probability[at], unsecured_recovery=_taken(loan["unsecured_recovery"], at)
        )
        found[:, here] = _losses(asset, borrower, owed[at], factor)
    return PooledLosses(places, owed[places], probability[places], found[0], found[1], found[2:])


def _taken(column: FloatArray, at: Any) -> FloatArray:
    return column if len(column) == 1 else column[at]


def _losses(asset: Any, borrower: Any, owed: FloatArray, factor: OneFactor) -> FloatArray:
    """Mean loss, loss at the confidence, and the terms of the add-on, one a row of the answer."""
    line = Silent().line
    probability = borrower.default_probability
    tied, sensitivity = factor.default_correlation.value, factor.sensitivity.value
    time = HORIZON + asset.sale_time
    median, market = median_proceeds(asset, HORIZON), asset.volatility * np.sqrt(time)
    spread = np.sqrt(asset.valuation_error**2 + market**2)
    # Two shocks that hang on one factor, the borrower's by sqrt(tied) and the price's by sensitivity.
    asset.default_correlation = np.sqrt(tied) * sensitivity
    lost, _ = loss_in_default(asset, owed, median, spread, borrower, line)
    asset.default_correlation = None  # once the factor is known, default tells nothing more about the price
    bad = portfolio.factor_at(factor.confidence)
    then = portfolio.proceeds_at(median, market, asset.valuation_error, sensitivity, bad)
    lost_then, _ = loss_in_default(asset, owed, *then, borrower, line)
    in_default = portfolio.default_share_at(probability, tied, bad)
    terms = portfolio.granularity_terms(owed, probability, lost_then / owed, tied, factor.confidence)
    return np.array([probability * lost, in_default * lost_then, *terms])


class AddOn:
    """What single names of one group add to the loss in bad times; rows without a name stand each for itself."""

    def __init__(self) -> None:
        self.names = Group(TERMS)
        self.single: list[FloatArray] = []

    def add(self, places: Places, terms: FloatArray) -> None:
        """Count loans in, `places` of their names."""
        self.names.add(places, *terms)
        self.single.append(portfolio.squared_terms(*terms[:, places == UNNAMED]))

    def at(self, factor: OneFactor) -> float | None:
        """In money. None where nothing ties the defaults: then there is no bad time for single names to add to."""
        if not factor.default_correlation.value:
            return None
        single = [math.fsum(column) for column in np.array(self.single).T.tolist()]
        sums = np.array(single) + portfolio.squared_terms(*self.names.sums)
        return float(portfolio.add_on_of_sums(sums, factor.confidence))


class Pool:
    """The loans of a book together, stretch by stretch; all rows of one borrower default as one."""

    def __init__(self, factor: OneFactor) -> None:
        self.factor = factor
        self.sums: list[list[float]] = []
        self.add_ons = {BY_ROW: AddOn()}
        self.by_kind = np.zeros((2, len(KINDS)))

    def of(self, stretch: Stretch, owed: FloatArray) -> PooledLosses:
        """What the loans of a stretch lose; `owed` is the debt on each row."""
        return pooled_losses(stretch, owed, self.factor)

    def add(self, losses: PooledLosses, stretch: Stretch, cells: Mapping[str, Any], owed: FloatArray) -> None:
        """Count them in."""
        at = losses.places
        self.add_ons[BY_ROW].add(np.full(len(at), UNNAMED, dtype=np.int32), losses.terms)
        for name in (name for name in GROUPS if name in cells):
            add_on = self.add_ons.setdefault(name, AddOn())
            add_on.add(add_on.names.places(cells[name])[at], losses.terms)
        sums = [losses.expected, losses.at_confidence, losses.owed, losses.owed * losses.default_probability]
        counted = [float(len(at)), float(np.sum(owed > 0)), float(np.sum(owed))]
        self.sums.append([*(float(np.sum(each)) for each in sums), *counted])
        kinds = stretch.rows.words["kind"][at]
        for place, of_loans in enumerate((losses.expected, losses.at_confidence)):
            self.by_kind[place] += np.bincount(kinds, weights=of_loans, minlength=len(KINDS))

    def to_json(self) -> dict[str, Any]:
        """Expected loss, loss at the confidence, add-on for single names, and what all of it rests on."""
        sums = [math.fsum(column) for column in zip(*self.sums, strict=True)]
        expected, at_confidence, owed, weighted, rows, of_rows, debt = sums
        if not rows:
            return {"on_one_factor": None}
        add_ons = {name: add_on.at(self.factor) for name, add_on in self.add_ons.items()}
        counted_by = "borrower" if "borrower" in add_ons else BY_ROW
        return {
            "on_one_factor": {
                "expected_loss": expected,
                "loss_at_confidence": at_confidence,
                "granularity_add_on": add_ons[counted_by],
                "names_counted_by": counted_by,
                "granularity_add_on_by": add_ons,
                "by_kind": self._of_kinds(),
                "rows": int(rows),
                "debt": owed,
                "mean_default_probability": weighted / owed,
                "rows_without_default_probability": int(of_rows - rows),
                "debt_without_default_probability": max(0.0, debt - owed),
                "horizon_years": HORIZON,
                **self.factor.model_dump(mode="json"),
                "assumed": {language: list(sentences) for language, sentences in ASSUMED.items()},
            }
        }

    def _of_kinds(self) -> dict[str, Any]:
        losses = zip(KINDS, *self.by_kind.tolist(), strict=True)
        return {kind: {"expected_loss": mean, "loss_at_confidence": bad} for kind, mean, bad in losses if bad}

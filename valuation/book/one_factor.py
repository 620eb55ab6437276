"""What the loans of a book lose together when one factor moves their defaults and their security."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from valuation.book.lending_of_rows import Stretch
from valuation.book.policy import OneFactor
from valuation.lending import portfolio
from valuation.lending.haircuts import sold_today
from valuation.workings import FloatArray

HORIZON = 1.0  # years to default


def factor_sums(stretch: Stretch, factor: OneFactor) -> FloatArray:
    """Mean loss, loss at the confidence, and the four sums of the granularity add-on, over loans that have a PD.

    Default after a year on the largest loan; the error of the appraisal is each asset's own, its price moves with the
    factor. The add-on takes the loss given default of the bad times as fixed.
    """
    rows = stretch.rows
    probability = np.broadcast_to(rows.loan["default_probability"], stretch.offered.shape)
    at = np.flatnonzero(stretch.offered & ~np.isnan(probability))
    asset = SimpleNamespace(
        **{name: figures if figures.size == 1 else figures[at] for name, figures in rows.asset.items()}
    )
    loan, probability = stretch.figures["maximum_loan"][at], probability[at]
    recovery = rows.loan["unsecured_recovery"]
    recovery = recovery if recovery.size == 1 else recovery[at]
    time = HORIZON + asset.sale_time
    median, spread = sold_today(asset) * np.exp(asset.log_drift * time), asset.volatility * np.sqrt(time)
    ahead = asset.fixed_cost + asset.prior_claims
    tied, sensitivity = factor.default_correlation.value, factor.sensitivity.value

    def lost(value: float) -> FloatArray:
        """Mean loss on each loan in default."""
        whole, alone = (
            portfolio.shortfall_at(claim, median, spread, asset.valuation_error, sensitivity, value)
            for claim in (loan + ahead, np.broadcast_to(ahead, loan.shape))
        )
        failing = asset.title_failure
        return np.asarray((failing * loan + (1 - failing) * (whole - alone)) * (1 - recovery))

    def mean(value: float) -> float:
        return float(np.sum(portfolio.default_share_at(probability, tied, value) * lost(value)))

    nodes, weights = portfolio.factor_nodes()
    expected = sum(weight * mean(node) for node, weight in zip(nodes.tolist(), weights.tolist(), strict=True))
    bad = portfolio.factor_at(factor.confidence)
    add_on = portfolio.granularity_sums(loan, probability, lost(bad) / loan, tied, factor.confidence)
    return np.array([expected, mean(bad), *add_on])

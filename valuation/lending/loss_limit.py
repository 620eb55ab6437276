"""The largest loan of which a default would cost no more than a stated part, whenever it comes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from valuation.lending.haircuts import PledgedAsset
from valuation.lending.losses import loss_in_default, median_proceeds
from valuation.lending.schedules import Plan
from valuation.workings import Silent

FIELDS = tuple(PledgedAsset.model_fields)
LEAST_OWED = 1e-12  # of one unit lent; less is what rounding leaves
MOST_STEPS = 200  # a dozen are usual; spreads of several hundred percent take more


def loss_limit(inputs: Any, loan: Plan, workings: Any) -> Any:
    """The line `limit_loss_given_default`. No sheet solves for a root, so it holds the figure alone."""
    fields = [getattr(asset, name) for asset in inputs.assets for name in FIELDS]
    terms = (inputs.loss_given_default, inputs.default_probability, inputs.unsecured_recovery, inputs.payment_times)
    return workings.opaque("limit_loss_given_default", largest_loan, *terms, loan.exposure, *fields)


def largest_loan(
    target: Any, default_probability: Any, unsecured_recovery: Any, times: Any, owed: Any, *fields: Any
) -> Any:
    """Largest loan of which a default before any payment loses no larger part than `target`, on average.

    `owed` is the debt of one unit lent at each time; `fields` are those of PledgedAsset, asset after asset. Claims that
    rank ahead count; nothing is discounted.
    """
    parts = [fields[at : at + len(FIELDS)] for at in range(0, len(fields), len(FIELDS))]
    assets = [SimpleNamespace(**dict(zip(FIELDS, part, strict=True))) for part in parts]
    loan = SimpleNamespace(default_probability=default_probability, unsecured_recovery=unsecured_recovery)
    exposure = largest_exposure(target, assets, times, loan)
    return np.min(exposure / np.maximum(owed, LEAST_OWED), axis=-1, keepdims=True)


def largest_exposure(target: Any, assets: Any, times: Any, loan: Any) -> Any:
    """Largest debt at each time whose loss in default is no larger part of it than `target`; 0 if none is.

    By Newton's steps from above: the loss is convex in the debt, so they never pass the root. Net value 90, mean drift
    -20%, volatility 40%, a year: 63.00485436641807 for a loss of 10%; 43.24292716339455 where default at 5% and price
    are correlated by .5.
    """
    spreads = [np.sqrt(a.valuation_error**2 + a.volatility**2 * (times + a.sale_time)) for a in assets]
    medians = [median_proceeds(a, times) for a in assets]
    pool = sum(medians)

    def loss(debt: Any) -> tuple[Any, Any]:
        each = [
            (share, *loss_in_default(asset, debt * share, median, spread, loan, Silent().line))
            for asset, median, spread in zip(assets, medians, spreads, strict=True)
            for share in [median / np.where(pool > 0, pool, 1.0)]
        ]
        return sum(lost for _, lost, _ in each), sum(share * more for share, _, more in each)

    kept = 1 - loan.unsecured_recovery
    mean = sum(median * np.exp(spread**2 / 2) for median, spread in zip(medians, spreads, strict=True))
    # The loss is at least what the debt exceeds mean proceeds by, so the root lies below this.
    debt = mean * kept / np.where(target < kept, kept - target, np.inf)
    for _ in range(MOST_STEPS):
        lost, more = loss(debt)
        step = (lost - target * debt) / np.where(more > target, more - target, np.inf)
        closer = np.maximum(debt - step, 0.0)
        moved = np.abs(closer - debt) > 1e-14 * debt
        debt = np.where(moved, closer, debt)  # one that has settled stays, however long those beside it take
        if not np.any(moved):
            break
    at_once = loss(np.zeros_like(debt))[1]  # even the first unit loses as much
    return np.where(at_once >= target, 0.0, debt)

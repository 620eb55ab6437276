"""What a lender loses on average: default in each period, times what the sale then leaves uncovered."""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.finance import compound, normal_cdf
from valuation.lending.haircuts import numbered, sold_today
from valuation.lending.path import PathInputs
from valuation.lending.schedules import plan
from valuation.method import Citation, Method, Quantity, fraction


class LossInputs(PathInputs):
    """The loan, its security, and how likely the borrower is to default."""

    default_probability: Quantity = fraction("Probability of default in a year", "年违约概率", below=1)


def expected_loss(inputs: Any, workings: Any) -> Any:
    """Mean loss over the life of the loan, discounted to today, in the case's currency.

    Default just before each payment; the sale is independent of it, which flatters the lender where the news that sinks
    the borrower also sinks the asset. Several assets: each carries its part of the debt, which is never less than the
    loss on the pool.

    Loan 30 over 5 years at 6%, level; value 100 with mean halving in 2.5 years, volatility 40%, cost 10%, sold half a
    year after default; hazard 4% a year and money at 3%, both continuous: 0.28821163 (annuity), 1.31686149 (bullet).
    """
    line = workings.line
    loan = plan(inputs, workings)
    alive = compound(-inputs.default_probability, inputs.payment_times)
    alive = line("share_not_defaulted", alive, unit="fraction")
    before = np.concatenate([np.ones_like(alive[..., :1]), alive[..., :-1]], axis=-1)
    defaults = line("share_defaulting", before - alive, unit="fraction")
    exposure = line("exposure", inputs.loan * loan.exposure)
    medians = [_median_proceeds(asset, inputs.payment_times) for asset in inputs.assets]
    total = line("median_proceeds", sum(medians))
    lost = 0.0
    for number, (asset, median) in enumerate(zip(inputs.assets, medians, strict=True), 1):
        named = numbered(workings, number, len(medians))
        part = exposure * median / np.where(total > 0, total, 1.0) if len(medians) > 1 else exposure
        lost = lost + _discounted_loss(asset, inputs, named("exposure_on_it", part), median, named)
    by_period = line("expected_loss_by_period", defaults * lost)
    return line("expected_loss", np.sum(by_period, axis=-1, keepdims=True))


def _median_proceeds(asset: Any, default: Any) -> Any:
    """What a sale after default brings in the middle case, before fixed costs and claims."""
    return sold_today(asset) * np.exp(asset.log_drift * (default + asset.sale_time))


def _discounted_loss(asset: Any, inputs: Any, exposure: Any, median: Any, line: Any) -> Any:
    """Mean of what the sale leaves uncovered of this exposure, today's money: all of it where title fails."""
    time = inputs.payment_times + asset.sale_time
    spread = line("spread", np.sqrt(asset.valuation_error**2 + asset.volatility**2 * time), unit="ratio")
    # Costs and prior claims are served first: what is short of both together, less what is short of them alone.
    ahead = asset.fixed_cost + asset.prior_claims
    uncovered = mean_shortfall(exposure + ahead, median, spread) - mean_shortfall(ahead, median, spread)
    lost = asset.title_failure * exposure + (1 - asset.title_failure) * uncovered
    line("loss_given_default", lost / np.where(exposure > 0, exposure, 1.0), unit="fraction")
    return line("loss_today", lost * compound(inputs.money_rate, -time))


def mean_shortfall(claim: Any, median: Any, spread: Any) -> Any:
    """Mean of what lognormal proceeds leave uncovered of a claim: Phi(-d) x claim - Phi(-d - s) x mean proceeds.

    Claim 50, proceeds of median 90 x exp(-.28) and spread .4: 50 x 0.04232969129790701.
    """
    wide = np.where(spread > 0, spread, 1.0)
    owed, there = np.where(claim > 0, claim, 1.0), np.where(median > 0, median, 1.0)
    distance = np.log(there / owed) / wide
    short = claim * normal_cdf(-distance) - median * np.exp(spread**2 / 2) * normal_cdf(-distance - spread)
    certain = np.maximum(claim - median, 0.0)
    return np.where((claim > 0) & (median > 0) & (spread > 0), short, certain)


method = Method(
    id="lending.expected_loss",
    version=1,
    approach="lending",
    title=("Expected loss", "预期损失"),
    serves=(),
    citations=(
        Citation("Lognormal put on the proceeds, hazard of default: derived, checked by simulation", "recomputed"),
    ),
    limitations=(
        "Default and the value of the security are taken as independent; a borrower's own model is not.",
        "假设违约与押品价值相互独立；对借款人自有专利或模型而言并非如此。",
    ),
    evidence=("appraisal", "probability_of_default"),
    inputs=LossInputs,
    value=expected_loss,
)

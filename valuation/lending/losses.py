"""What a lender loses on average: default in each period, times what the sale then leaves uncovered."""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.finance import compound
from valuation.lending.default_and_collateral import Chances, in_default, whatever_defaults
from valuation.lending.haircuts import numbered, sold_today
from valuation.lending.path import PathInputs
from valuation.lending.schedules import plan
from valuation.method import Citation, Method, Quantity, fraction


class LossInputs(PathInputs):
    """The loan, its security, and how likely the borrower is to default."""

    default_probability: Quantity = fraction("Probability of default in a year", "年违约概率", below=1)
    unsecured_recovery: Quantity = fraction("Recovered from the borrower of what is short", "不足部分的追偿率", 0)


def expected_loss(inputs: Any, workings: Any) -> Any:
    """Mean loss over the life of the loan, discounted to today, in the case's currency.

    Default just before each payment. Without a `default_correlation` of the asset the sale is independent of it, which
    flatters the lender where the news that sinks the borrower also sinks the asset. Several assets: each carries its
    part of the debt, which is never less than the loss on the pool.

    Loan 30 over 5 years at 6%, level; value 100 with mean halving in 2.5 years, volatility 40%, cost 10%, sold half a
    year after default; hazard 4% a year and money at 3%, both continuous: 0.28821163 (annuity), 1.31686149 (bullet).
    """
    loan = plan(inputs, workings)
    defaults = defaulting(inputs, workings.line)
    exposure = workings.line("exposure", inputs.loan * loan.exposure)
    return workings.line("expected_loss", lost_on(exposure, defaults, inputs, workings))


def defaulting(inputs: Any, line: Any) -> Any:
    """Part of all borrowers that default in each period."""
    alive = compound(-inputs.default_probability, inputs.payment_times)
    alive = line("share_not_defaulted", alive, unit="fraction")
    before = np.concatenate([np.ones_like(alive[..., :1]), alive[..., :-1]], axis=-1)
    return line("share_defaulting", before - alive, unit="fraction")


def lost_on(claim: Any, defaults: Any, inputs: Any, workings: Any) -> Any:
    """Mean of what sales after default leave uncovered of a claim by period, discounted to today."""
    medians = [median_proceeds(asset, inputs.payment_times) for asset in inputs.assets]
    total = workings.line("median_proceeds", sum(medians))
    lost = 0.0
    for number, (asset, median) in enumerate(zip(inputs.assets, medians, strict=True), 1):
        named = numbered(workings, number, len(medians))
        part = claim * median / np.where(total > 0, total, 1.0) if len(medians) > 1 else claim
        lost = lost + _discounted_loss(asset, inputs, named("exposure_on_it", part), median, named)
    return np.sum(workings.line("expected_loss_by_period", defaults * lost), axis=-1, keepdims=True)


def median_proceeds(asset: Any, default: Any) -> Any:
    """What a sale after default brings in the middle case, before fixed costs and claims."""
    return sold_today(asset) * np.exp(asset.log_drift * (default + asset.sale_time))


def _discounted_loss(asset: Any, inputs: Any, exposure: Any, median: Any, line: Any) -> Any:
    """Mean of what the sale leaves uncovered of this exposure, today's money."""
    time = inputs.payment_times + asset.sale_time
    spread = line("spread", np.sqrt(asset.valuation_error**2 + asset.volatility**2 * time), unit="ratio")
    lost, _ = loss_in_default(asset, exposure, median, spread, inputs, line)
    line("loss_given_default", lost / np.where(exposure > 0, exposure, 1.0), unit="fraction")
    return line("loss_today", lost * compound(inputs.money_rate, -time))


def loss_in_default(asset: Any, exposure: Any, median: Any, spread: Any, loan: Any, line: Any) -> tuple[Any, Any]:
    """Mean loss on an exposure in default, in money of the day of the sale, and what one more unit owed adds to it.

    All is lost where title fails. Net value 90 of mean drift -20% and volatility 40%, exposure 50 after a year,
    enforcement failing with 10% and 15% recovered from the borrower: 50 x 0.11738221384289886.
    """
    ahead = asset.fixed_cost + asset.prior_claims
    # Costs and prior claims are served first: what is short of both together, less what is short of them alone.
    whole, more = _shortfall(asset, exposure + ahead, median, spread, loan, line)
    alone, _ = _shortfall(asset, ahead, median, spread, loan, _ahead(line))
    holds, failing, kept = 1 - asset.title_failure, asset.title_failure, 1 - loan.unsecured_recovery
    return (failing * exposure + holds * (whole - alone)) * kept, (failing + holds * more) * kept


def _ahead(line: Any) -> Any:
    """Names the lines of what ranks ahead apart from those of the whole claim."""
    return lambda name, array, unit="money": line(f"{name}_ahead", array, unit=unit)


def _shortfall(asset: Any, claim: Any, median: Any, spread: Any, loan: Any, line: Any) -> tuple[Any, Any]:
    """Shortfall among the cases of default; alike in all cases if no correlation is stated."""
    if asset.default_correlation is None:
        return shortfall(claim, median, spread)
    # The error of the appraisal is no news of the borrower: only the move of the price goes with its default.
    of_move = np.sqrt(np.maximum(spread**2 - asset.valuation_error**2, 0.0))
    shocks = asset.default_correlation * of_move / np.where(spread > 0, spread, 1.0)
    shocks = line("correlation_of_shocks", shocks, unit="ratio")
    return shortfall(claim, median, spread, in_default(loan.default_probability, shocks, line))


def shortfall(claim: Any, median: Any, spread: Any, chances: Chances = whatever_defaults) -> tuple[Any, Any]:
    """Mean of what lognormal proceeds leave uncovered of a claim, and the probability that they do not cover it.

    Phi(-d) x claim - Phi(-d - s) x mean proceeds. Claim 50, proceeds of median 90 x exp(-.28) and spread .4:
    50 x 0.04232969129790701 and 0.22080816399827224; among the cases of default at 5%, correlated by .5:
    50 x 0.15906270641776257.
    """
    wide = np.where(spread > 0, spread, 1.0)
    there = np.where(median > 0, median, 1.0)
    # A difference of logarithms, since a quotient overflows at the smallest of claims.
    distance = (np.log(there) - np.log(np.where(claim > 0, claim, there))) / wide
    below, below_by_value = chances(-distance, spread)
    short = claim * below - median * np.exp(spread**2 / 2) * below_by_value
    random = (claim > 0) & (median > 0) & (spread > 0)
    certain = np.where(claim > median, 1.0, 0.0)
    return np.where(random, short, np.maximum(claim - median, 0.0)), np.where(random, below, certain)


method = Method(
    id="lending.expected_loss",
    version=1,
    approach="lending",
    title=("Expected loss", "预期损失"),
    serves=(),
    citations=(
        Citation("Lognormal put on the proceeds, hazard of default: derived, checked by simulation", "recomputed"),
        Citation(
            "Jokivuolle and Peura, European Financial Management 9(3) 2003, 299-314: abstract read, formula derived",
            "recomputed",
        ),
    ),
    limitations=(
        "Default and value are independent unless a correlation is stated, which nobody has measured on such assets.",
        "未给出相关系数时假设违约与押品价值相互独立；此类资产的相关系数尚无实测。",
    ),
    evidence=("appraisal", "probability_of_default"),
    inputs=LossInputs,
    value=expected_loss,
)

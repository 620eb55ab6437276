"""The supervisor's arithmetic beside ours: capital by internal ratings, haircuts by holding period, table of losses.

It is shown for comparison and for the price of capital; no limit of ours is worked out with it.

The formulas are those of the Basel framework from memory, checked against figures that it prints (Annex 5 of 2006).
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np

from valuation.lending.portfolio import CONFIDENCE, default_share_at, factor_at

CAPITAL_RATIO = 0.08  # risk weights are capital over this
USUAL_MATURITY = 2.5  # years; capital for firms is adjusted from here
SMALL, LARGE = 5.0, 50.0  # turnover in millions of euro between which a firm counts as small
SMALL_FIRM_RELIEF = 0.04

ExposureClass = Literal["corporate", "residential_mortgage", "revolving_retail", "other_retail"]
EXPOSURE_CLASSES: tuple[str, ...] = get_args(ExposureClass)
# Correlation with the common factor: of a safe borrower, of a risky one, and how fast it falls with the probability.
CORRELATIONS: dict[str, tuple[float, float, float]] = {
    "corporate": (0.24, 0.12, 50.0),
    "residential_mortgage": (0.15, 0.15, 1.0),
    "revolving_retail": (0.04, 0.04, 1.0),
    "other_retail": (0.16, 0.03, 35.0),
}


def supervisory_correlation(
    default_probability: Any, *, exposure_class: ExposureClass = "corporate", turnover: Any = None
) -> Any:
    """How strongly a borrower hangs on the common factor, by the supervisor's table; safer ones hang on it more.

    `turnover` in millions of euro makes a firm below 50 a small one. A firm of PD 1%: 0.192783679165516.
    """
    safe, risky, fall = CORRELATIONS[exposure_class]
    blend = -np.expm1(-fall * default_probability) / -np.expm1(-fall)
    found = risky * blend + safe * (1 - blend)
    if exposure_class != "corporate" or turnover is None:
        return found
    size = (np.clip(turnover, SMALL, LARGE) - SMALL) / (LARGE - SMALL)
    return found - SMALL_FIRM_RELIEF * (1 - size)


def supervisory_capital(
    default_probability: Any,
    loss_given_default: Any,
    maturity: Any = USUAL_MATURITY,
    *,
    exposure_class: ExposureClass = "corporate",
    turnover: Any = None,
) -> Any:
    """Capital per unit of exposure in the internal ratings formula; times 12.5 it is the risk weight.

    Maturity counts for firms alone. PD 1%, LGD 45%, 2.5 years: 0.07385344111364114, a risk weight of 92.32%; with a
    turnover of 5 million 72.39%; a home loan 56.40%.
    """
    correlation = supervisory_correlation(default_probability, exposure_class=exposure_class, turnover=turnover)
    worst = default_share_at(default_probability, correlation, factor_at(CONFIDENCE))
    unexpected = loss_given_default * (worst - default_probability)
    if exposure_class != "corporate":
        return unexpected
    slope = (0.11852 - 0.05478 * np.log(default_probability)) ** 2
    return unexpected * (1 + (maturity - USUAL_MATURITY) * slope) / (1 - 1.5 * slope)


def supervisory_loss_given_default(
    exposure: Any, collateral: Any, *, haircut: Any, secured: Any, unsecured: Any
) -> Any:
    """Loss given default by the supervisor's table: one figure on what the security covers, another on the rest.

    Exposure 100, collateral 120, haircut 40%, 25% secured, 40% unsecured: 0.292. For servers at best, as other physical
    collateral; rights, data and models are not eligible (from memory).
    """
    covered = np.minimum(exposure, collateral * (1 - haircut)) / exposure
    return secured * covered + unsecured * (1 - covered)


def scaled_haircut(haircut: Any, *, days: Any, holding_days: Any, revalued_every_days: Any) -> Any:
    """A haircut stated for some days of holding, brought to another holding period and rarer revaluation.

    By the square root of time, so it knows no decay and can pass 1: a comparison, never a haircut of ours. 15% for 10
    days, held 20, revalued daily: 0.21213203435596426; every 20 days 0.29622626487197246; 25% every 90 days
    0.8253787009609589.
    """
    held = haircut * np.sqrt(np.asarray(holding_days) / days)
    return held * np.sqrt((revalued_every_days + holding_days - 1) / holding_days)


def adjusted_exposure(
    exposure: Any, collateral: Any, *, exposure_haircut: Any = 0.0, haircut: Any = 0.0, currency_haircut: Any = 0.0
) -> Any:
    """Exposure that is left where both sides move against the lender (comprehensive approach); never below 0.

    Exposure 80 that may rise by 10%, security 70 that may fall by 15%: 28.5.
    """
    return np.maximum(exposure * (1 + exposure_haircut) - collateral * (1 - haircut - currency_haircut), 0.0)


def substituted_risk_weight(exposure: Any, collateral: Any, *, of_borrower: Any, of_collateral: Any) -> Any:
    """Risk-weighted exposure where the covered part takes the weight of the security (simple approach).

    Exposure 80 at 150%, of which 70 covered at 50%: 50.
    """
    covered = np.minimum(exposure, collateral)
    return covered * of_collateral + (exposure - covered) * of_borrower

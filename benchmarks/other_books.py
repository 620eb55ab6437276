"""The book as others work it out: a loop over rows, and pandas with tables of rows by quarters. As users write it.

All take the book of `book_case` and answer the columns of FIGURES and the binding limit; `benchmarks.book` compares the
figures before it measures. Payments are evenly spaced, so the balances are written in closed form.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from benchmarks.book_case import CAPS, DSCR, LIMITS, MONEY_RATE, QUARTERS, SHORTFALL

# A loop over rows, each a dictionary.


def loop(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row after the other."""
    score = NormalDist().inv_cdf
    return [_of_row(row, -score(SHORTFALL), score) for row in rows]


def _of_row(row: dict[str, Any], plain: float, score: Any) -> dict[str, Any]:
    value, tenor, sale_time = row["value"], row["tenor_years"], row["sale_time"]
    error2, volatility2 = row["valuation_error"] ** 2, row["volatility"] ** 2
    drift, failing, claims = row["log_drift"], row["title_failure"], row["prior_claims"]
    holds = failing < SHORTFALL
    within = -score((SHORTFALL - failing) / (1 - failing)) if holds else plain
    time = tenor + sale_time
    spread = math.sqrt(error2 + volatility2 * time)
    share = plain / spread if spread > 0 else 0.0
    kept = {
        "acceptance": row["acceptance"],
        "dependency": 1 - row["dependency"],
        "technological_decay": math.exp(drift * time),
        "market_move": math.exp(-share * volatility2 * time),
        "valuation_error": math.exp(-share * error2),
        "title_failure": math.exp(-(within - plain) * spread) if holds else 0.0,
        "forced_sale": 1 - row["forced_sale_discount"],
        "disposal_cost": 1 - row["disposal_cost"],
        "time_value": (1 + MONEY_RATE) ** -sale_time,
    }
    left = value * math.prod(kept.values())
    after = max(left - claims, 0.0)
    kept["claims"] = after / left if left > 0 else 1.0
    today = value * row["acceptance"] * (1 - row["dependency"]) * (1 - row["forced_sale_discount"])
    today *= (1 - row["disposal_cost"]) * kept["time_value"] * holds
    worst = _periods(row, today, within)
    cap = CAPS[row["kind"]] * max(row["acceptance"] * value - claims, 0.0)
    limits = {
        "policy_cap": cap,
        "value_at_risk": worst["carried"],
        "decay_path": min(worst["decay"], cap),
        "debt_service": worst["service"],
        "need": row["need"],
    }
    binding = min(limits, key=limits.__getitem__)
    loan = limits[binding]
    found = {f"retained_{part}": part_kept for part, part_kept in kept.items()}
    found |= {"haircut_total": 1 - after / value, "recoverable_value": after}
    found |= {f"limit_{name}": limit for name, limit in limits.items()}
    found |= {"maximum_loan": loan, "loan_to_value": loan / value, "binding_limit": binding}
    found["carried_by_security"] = min(loan, worst["carried"])
    found["rests_on_borrower"] = loan - found["carried_by_security"]
    later = loan * worst["highest"] > loan / value
    found["highest_loan_to_value"] = loan * worst["highest"] if later else loan / value
    found["year_of_highest_loan_to_value"] = worst["highest_at"] if later else 0.0
    found["least_cover"], found["year_of_least_cover"] = worst["carried"] / (loan or 1.0), worst["carried_at"]
    found["revalue_within_years"] = min(math.log(0.9) / drift, 1.0) if drift < 0 else 1.0
    if loan <= 0:
        found |= dict.fromkeys(ONLY_IF_LENT, math.nan)
    return found


def _periods(row: dict[str, Any], today: float, within: float) -> dict[str, float]:
    """The worst quarters of the path of one unit lent."""
    periods = round(row["tenor_years"] * row["payments_per_year"])
    step = row["tenor_years"] / periods
    interest = row["rate"] * step
    error2, volatility2, drift = row["valuation_error"] ** 2, row["volatility"] ** 2, row["log_drift"]
    cap, accepted, claims = CAPS[row["kind"]], row["acceptance"] * row["value"], row["prior_claims"]
    free = row["cash_flow"] * step / DSCR
    schedule = row["schedule"]
    left_over = row["balloon_share"] if schedule == "balloon" else 0.0
    whole = (1 + interest) ** periods
    worst = {"carried": math.inf, "decay": math.inf, "service": math.inf, "highest": -math.inf}
    owed = 1.0
    for number in range(1, periods + 1):
        at = step * number
        if number == periods:
            closing = 0.0
        elif schedule == "bullet":
            closing = 1.0
        elif schedule == "straight_line":
            closing = 1 - number / periods
        else:
            closing = (1 - left_over) * (whole - (1 + interest) ** number) / (whole - 1) + left_over
        exposure = owed * (1 + interest)
        time = at + row["sale_time"]
        sold = today * math.exp(drift * time - within * math.sqrt(error2 + volatility2 * time))
        carried = max(sold - claims, 0.0) / exposure
        decayed = math.exp(drift * at)
        of_value = closing / (row["value"] * decayed)
        if carried < worst["carried"]:
            worst["carried"], worst["carried_at"] = carried, at
        if of_value > worst["highest"]:
            worst["highest"], worst["highest_at"] = of_value, at
        worst["decay"] = min(worst["decay"], cap * max(accepted * decayed - claims, 0.0) / exposure)
        if exposure > closing:
            worst["service"] = min(worst["service"], free / (exposure - closing))
        owed = closing
    return worst


ONLY_IF_LENT = (  # blank where nothing can be lent
    "maximum_loan",
    "loan_to_value",
    "highest_loan_to_value",
    "year_of_highest_loan_to_value",
    "least_cover",
    "year_of_least_cover",
)

# pandas: a column a figure, and a table of rows by quarters where a figure runs over the periods.


def pandas_book(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with its figures, all rows at once; quarters after the last payment are masked."""
    out = frame.copy(deep=False)
    value, claims, drift = frame["value"], frame["prior_claims"], frame["log_drift"]
    error2, volatility2 = frame["valuation_error"] ** 2, frame["volatility"] ** 2
    plain, failing = -ndtri(SHORTFALL), frame["title_failure"]
    holds = failing < SHORTFALL
    within = -ndtri(((SHORTFALL - failing) / (1 - failing)).where(holds, SHORTFALL))
    time = frame["tenor_years"] + frame["sale_time"]
    spread = np.sqrt(error2 + volatility2 * time)
    share = (plain / spread).where(spread > 0, 0.0)
    out["retained_acceptance"] = frame["acceptance"]
    out["retained_dependency"] = 1 - frame["dependency"]
    out["retained_technological_decay"] = np.exp(drift * time)
    out["retained_market_move"] = np.exp(-share * volatility2 * time)
    out["retained_valuation_error"] = np.exp(-share * error2)
    out["retained_title_failure"] = np.exp(-(within - plain) * spread).where(holds, 0.0)
    out["retained_forced_sale"] = 1 - frame["forced_sale_discount"]
    out["retained_disposal_cost"] = 1 - frame["disposal_cost"]
    out["retained_time_value"] = (1 + MONEY_RATE) ** -frame["sale_time"]
    left = value * out.filter(like="retained_").prod(axis=1)
    after = (left - claims).clip(lower=0)
    out["retained_claims"] = (after / left).where(left > 0, 1.0)
    out["haircut_total"], out["recoverable_value"] = 1 - after / value, after
    sold = value * out["retained_acceptance"] * out["retained_dependency"] * out["retained_forced_sale"]
    today = sold * out["retained_disposal_cost"] * out["retained_time_value"] * holds
    caps = frame["kind"].map(CAPS).astype(float)
    worst = _pandas_periods(frame, today, within, caps)
    cap = caps * (frame["acceptance"] * value - claims).clip(lower=0)
    out["limit_policy_cap"], out["limit_value_at_risk"] = cap, worst["carried"]
    out["limit_decay_path"] = np.minimum(worst["decay"], cap)
    out["limit_debt_service"], out["limit_need"] = worst["service"], frame["need"]
    limits = out[[f"limit_{name}" for name in LIMITS]]
    loan = limits.min(axis=1)
    out["binding_limit"] = pd.Categorical.from_codes(limits.to_numpy().argmin(axis=1), list(LIMITS))
    out["carried_by_security"] = np.minimum(loan, worst["carried"])
    out["rests_on_borrower"] = loan - out["carried_by_security"]
    out["maximum_loan"], out["loan_to_value"] = loan, loan / value
    later = loan * worst["highest"]
    out["highest_loan_to_value"] = np.maximum(later, out["loan_to_value"])
    out["year_of_highest_loan_to_value"] = worst["highest_at"].where(later > out["loan_to_value"], 0.0)
    out["least_cover"], out["year_of_least_cover"] = worst["carried"] / loan, worst["carried_at"]
    out["revalue_within_years"] = (np.log(0.9) / drift).clip(upper=1.0).where(drift < 0, 1.0)
    out.loc[loan <= 0, list(ONLY_IF_LENT)] = np.nan
    return out


def _pandas_periods(frame: pd.DataFrame, today: Any, within: Any, caps: Any) -> pd.DataFrame:
    """The worst quarters of the path of one unit lent, from tables of rows by quarters."""

    def down(column: Any) -> Any:
        return np.asarray(column, dtype=float)[:, None]

    number = np.arange(1, QUARTERS + 1)
    periods = down((frame["tenor_years"] * frame["payments_per_year"]).round())
    step = down(frame["tenor_years"]) / periods
    interest = down(frame["rate"]) * step
    at = step * number
    running = number <= periods
    schedule = frame["schedule"].to_numpy()[:, None]
    left_over = np.where(schedule == "balloon", down(frame["balloon_share"]), 0.0)
    whole, grown = (1 + interest) ** periods, (1 + interest) ** number
    level = (1 - left_over) * (whole - grown) / (whole - 1) + left_over
    closing = np.select([schedule == "bullet", schedule == "straight_line"], [1.0, 1 - number / periods], level)
    closing = np.where(number < periods, closing, 0.0)
    opening = np.hstack([np.ones((len(frame), 1)), closing[:, :-1]])
    exposure = opening * (1 + interest)
    time = at + down(frame["sale_time"])
    spread = np.sqrt(down(frame["valuation_error"]) ** 2 + down(frame["volatility"]) ** 2 * time)
    claims = down(frame["prior_claims"])
    sold = np.maximum(down(today) * np.exp(down(frame["log_drift"]) * time - down(within) * spread) - claims, 0.0)
    expected = down(frame["value"]) * np.exp(down(frame["log_drift"]) * at)
    capped = down(caps) * np.maximum(down(frame["acceptance"]) * expected - claims, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        carried = np.where(running, sold / exposure, np.inf)
        decay = np.where(running, capped / exposure, np.inf)
        paid = exposure - closing
        service = np.where(running & (paid > 0), down(frame["cash_flow"]) * step / DSCR / paid, np.inf)
    of_value = np.where(running, closing / expected, -np.inf)
    rows, least, most = np.arange(len(frame)), carried.argmin(axis=1), of_value.argmax(axis=1)
    return pd.DataFrame(
        {
            "carried": carried[rows, least],
            "carried_at": at[rows, least],
            "highest": of_value[rows, most],
            "highest_at": at[rows, most],
            "decay": decay.min(axis=1),
            "service": service.min(axis=1),
        },
        index=frame.index,
    )

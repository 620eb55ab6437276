"""A made-up book of loans on data, models, GPU clusters and patents, paid back quarter by quarter, and its policy."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from valuation.lending.haircuts import PARTS

ON = date(2026, 6, 30)
QUARTERS = 40  # of the longest loan
CAPS = {"training_data": 0.3, "ai_model": 0.25, "compute_cluster": 0.6, "intellectual_property": 0.4}
SCHEDULES = ("annuity", "straight_line", "bullet", "balloon")
SHORTFALL, MONEY_RATE, DSCR = 0.1, 0.04, 1.2  # for every loan
SOURCE = "benchmark: made up"
POLICY: dict[str, Any] = {
    "name": "Policy of the benchmark",
    "source": SOURCE,
    "caps": [{"kind": kind, "value": cap, "source": SOURCE} for kind, cap in CAPS.items()],
    "loans": {
        name: {"value": value, "source": SOURCE}
        for name, value in {"shortfall_probability": SHORTFALL, "money_rate": MONEY_RATE, "dscr": DSCR}.items()
    },
}
LIMITS = ("policy_cap", "value_at_risk", "decay_path", "debt_service", "need")
FIGURES = (  # what every way answers for each row
    "haircut_total",
    *(f"retained_{part}" for part in PARTS),
    "recoverable_value",
    *(f"limit_{limit}" for limit in LIMITS),
    "maximum_loan",
    "loan_to_value",
    "carried_by_security",
    "rests_on_borrower",
    "highest_loan_to_value",
    "year_of_highest_loan_to_value",
    "least_cover",
    "year_of_least_cover",
    "revalue_within_years",
)


def made(rows: int, *, longest: bool = False, seed: int = 20261124) -> pd.DataFrame:
    """A book with figures of every bank's table: loans of one to ten years, or all of ten."""
    rng = np.random.default_rng(seed)
    kinds, schedules = list(CAPS), list(SCHEDULES)
    value = rng.lognormal(16, 1, rows).round(2)
    return pd.DataFrame(
        {
            "id": np.char.add("A", np.arange(rows).astype(str)),
            "kind": pd.Categorical.from_codes(rng.integers(0, len(kinds), rows), kinds),
            "schedule": pd.Categorical.from_codes(rng.integers(0, len(schedules), rows), schedules),
            "value": value,
            "tenor_years": np.full(rows, QUARTERS / 4) if longest else rng.integers(4, QUARTERS + 1, rows) / 4,
            "payments_per_year": np.full(rows, 4.0),
            "rate": rng.uniform(0.03, 0.12, rows).round(4),
            "balloon_share": rng.uniform(0.1, 0.5, rows).round(3),
            "cash_flow": (value * rng.lognormal(-2.5, 0.8, rows)).round(2),
            "need": (value * rng.uniform(0.05, 1, rows)).round(2),
            "acceptance": rng.uniform(0.8, 1, rows).round(3),
            "dependency": rng.uniform(0, 0.4, rows).round(3),
            "log_drift": -rng.uniform(0.02, 0.5, rows).round(4),
            "volatility": rng.uniform(0.05, 0.7, rows).round(4),
            "valuation_error": rng.uniform(0.05, 0.4, rows).round(4),
            "title_failure": rng.uniform(0, 0.08, rows).round(4),
            "forced_sale_discount": rng.uniform(0.1, 0.5, rows).round(3),
            "disposal_cost": rng.uniform(0.02, 0.15, rows).round(3),
            "sale_time": rng.uniform(0.1, 1.5, rows).round(3),
            "prior_claims": np.where(rng.random(rows) < 0.2, value * rng.uniform(0, 0.2, rows), 0).round(2),
        }
    )

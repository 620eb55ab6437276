"""Books that several tests start from, and the answer to one row by the path of a single loan."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from valuation.book.columns import RESULTS, WORDS
from valuation.calculation import Circumstances
from valuation.lending.collateral import Collateral
from valuation.lending.haircuts import PARTS
from valuation.lending.offer import Offer, offer_on
from valuation.lending.terms import Assumptions, read_loan
from valuation.reference.look_up import LookUp
from valuation.strict import read
from valuation.title import Title

ON = date(2026, 6, 30)
KINDS = ("training_data", "ai_model", "compute_cluster", "intellectual_property")
SCHEDULES = ("annuity", "straight_line", "bullet", "balloon", "sculpted")
POLICY: dict[str, Any] = {
    "name": "Policy of the tests",
    "source": "credit committee, minute 12",
    "caps": [
        {"kind": "training_data", "value": 0.3, "source": "minute 12"},
        {"kind": "ai_model", "value": 0.2, "source": "minute 12"},
        {"kind": "compute_cluster", "value": 0.6, "source": "minute 12"},
        {"kind": "intellectual_property", "value": 0.4, "source": "minute 12"},
        {"kind": "intellectual_property", "subkind": "software", "value": 0.35, "source": "minute 12"},
    ],
}
LOSS = {"loss_given_default": {"value": 0.25, "source": "minute 12"}}
ROW: dict[str, Any] = {
    "id": "r", "kind": "training_data", "value": 1e7, "tenor_years": 3.0, "rate": 0.05, "schedule": "annuity",
}  # fmt: skip


def book(rows: int = 3, **columns: Any) -> pd.DataFrame:
    """Rows alike but for their names, with these columns in place of the usual ones."""
    usual = {name: [given] * rows for name, given in ROW.items()}
    usual["id"] = [f"r{row + 1}" for row in range(rows)]
    return pd.DataFrame({**usual, **columns})


def mixed_book(rows: int, seed: int = 1) -> pd.DataFrame:
    """Every kind, schedule and number of payments, with gaps that the policy fills and a few titles that fail."""
    rng = np.random.default_rng(seed)

    def gaps(figures: Any, share: float = 0.3) -> Any:
        return np.where(rng.random(rows) < share, np.nan, figures)

    schedules = rng.choice(SCHEDULES, rows)
    cash = np.where(schedules == "sculpted", rng.uniform(1e5, 5e6, rows), gaps(rng.uniform(1e5, 5e6, rows)))
    return pd.DataFrame(
        {
            "id": [f"押品{row:05d}" for row in range(rows)],
            "kind": rng.choice(KINDS, rows),
            "value": rng.lognormal(16, 1, rows).round(2) * np.where(rng.random(rows) < 0.02, 0, 1),
            "tenor_years": rng.integers(1, 40, rows) / 4,
            "payments_per_year": rng.choice([1.0, 2.0, 4.0], rows),
            "rate": rng.uniform(0.02, 0.12, rows).round(4),
            "schedule": schedules,
            "balloon_share": rng.uniform(0.1, 0.6, rows).round(3),
            "cash_flow": cash.round(2),
            "dscr": 1.2,
            "volatility": gaps(rng.uniform(0.05, 0.9, rows)),
            "log_drift": gaps(-rng.uniform(0.0, 1.2, rows)),
            "title_failure": gaps(rng.uniform(0.0, 0.15, rows)),
            "evidence_level": rng.choice([1.0, 2.0, 3.0, np.nan], rows),
            "prior_claims": gaps(rng.uniform(0, 3e5, rows), 0.7),
            "default_probability": gaps(rng.uniform(0.002, 0.2, rows)),
            "amount": gaps(rng.lognormal(14, 1, rows)),
            "title": rng.choice(["pass", "hold", "refuse"], rows, p=[0.6, 0.35, 0.05]),
            "borrower": rng.choice(["甲公司", "乙公司", "丙公司"], rows),
        }
    )


def same_figures(found: pd.DataFrame, expected: pd.DataFrame, rtol: float = 0.0) -> None:
    """The results of two books are the same, and to the last bit if no tolerance is named."""
    for name in (name for name in expected.columns if name in RESULTS):
        np.testing.assert_allclose(
            found[name].to_numpy(dtype=float), expected[name].to_numpy(dtype=float), rtol=rtol, err_msg=name
        )
    for name in WORDS:
        assert list(map(str, found[name])) == list(map(str, expected[name])), name


# One loan

TITLE = {
    "right": "ownership", "holder": "Example Ltd", "exclusive": True, "transferable": True, "lawful_source": True,
    "personal_information": "none", "state_core_data": False,
}  # fmt: skip


def offered(row: dict[str, Any], policy: dict[str, Any]) -> Offer:
    """What one call says of a row: its stated figures as the assumptions and terms of a loan."""
    stated = {name: given for name, given in row.items() if given is not None}
    cap = next(cap["value"] for cap in policy["caps"] if cap["kind"] == stated["kind"])
    loans = {name: figure["value"] for name, figure in policy.get("loans", {}).items()}
    assumptions = {name: stated[name] for name in Assumptions.model_fields if name in stated and name != "policy_cap"}
    terms = {
        **{name: stated[name] for name in ("rate", "schedule", "tenor_years", "balloon_share") if name in stated},
        **{name: stated[name] for name in ("amount", "need", "money_rate") if name in stated},
        **{name: loans[name] for name in ("shortfall_probability", "loss_given_default") if name in loans},
        "policy_cap": stated.get("policy_cap", cap),
        "jurisdiction": "other",
        "assumptions": {"r": assumptions},
        "borrower": borrower(stated),
    }
    asset = Collateral("r", stated["kind"], stated["value"], read(Title, TITLE | {"prior_claims": claims(stated)}))
    return offer_on([asset], read_loan(terms), Circumstances(LookUp(ON), "CNY"))


def claims(stated: dict[str, Any]) -> float:
    """What ranks ahead, which a case states with the title."""
    return float(stated.get("prior_claims", 0.0))


def borrower(stated: dict[str, Any]) -> dict[str, Any]:
    """Who pays: a row states the cash of a year, a loan that of each period."""
    found: dict[str, Any] = {}
    if "default_probability" in stated:
        found |= {"pd": stated["default_probability"], "pd_source": "bureau"}
    if "unsecured_recovery" in stated:
        found["unsecured_recovery"] = stated["unsecured_recovery"]
    if "cash_flow" in stated:
        periods = int(np.ceil(stated["tenor_years"] - 1e-9))
        found["cash_flow"] = [stated["cash_flow"] * stated["tenor_years"] / periods] * periods
        found["dscr"] = stated["dscr"]
    return found


def figures_of(offer: Offer) -> dict[str, float | None]:
    """The figures of an offer under the names of a book's columns."""
    assert offer.haircut is not None
    found: dict[str, float | None] = {"haircut_total": offer.haircut["total"]}
    found |= {f"retained_{part['name']}": part["retained"] for part in offer.haircut["parts"]}
    assert len(offer.haircut["parts"]) == len(PARTS)
    assert offer.assessment is not None
    found["recoverable_value"] = offer.assessment.haircut.value
    found |= {f"limit_{limit.name}": limit.amount for limit in offer.limits if limit.amount is not None}
    found |= {"maximum_loan": offer.maximum_loan, "loan_to_value": offer.loan_to_value}
    found["expected_loss"] = offer.expected_loss
    if offer.path:
        found |= offer.carried or {}
        found["highest_loan_to_value"] = max(year["loan_to_value"] for year in offer.path)
        found["least_cover"] = min(cover_by_period(offer))
    return found


def cover_by_period(offer: Offer) -> tuple[float, ...]:
    """What a sale brings in over what is owed, by period."""
    assert offer.assessment is not None
    assert offer.assessment.path is not None
    return next(line.values for line in offer.assessment.path.lines if line.name == "share_of_exposure_covered")

"""The loan of a case, as it is written: the product asked for, terms stated, the borrower, assumptions on the sale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, get_args

from pydantic import Field, ValidationInfo, field_validator

from valuation.lending.haircuts import PledgedAsset
from valuation.lending.products import Purpose
from valuation.lending.schedules import Schedule
from valuation.lending.supplement_terms import (
    DownturnTerms,
    JumpTerms,
    LineTerms,
    PricingTerms,
    SaleTerms,
    SharingTerms,
    SupervisoryTerms,
)
from valuation.method import check_bounds, field_facts
from valuation.quantity import Quantity
from valuation.scoring.scorecards import Scored
from valuation.strict import Strict, read

Jurisdiction = Literal["CN", "other"]
ROUNDING = 1e-9  # of a period
JURISDICTIONS: tuple[str, ...] = get_args(Jurisdiction)


class Borrower(Strict):
    """Who pays first. Cash flow is what is left for debt service in each period of the loan."""

    name: str | None = None
    stage: str | None = None
    pd: Quantity | None = None  # probability of default in a year
    pd_source: str | None = None
    scorecard: Scored | None = None  # a card, the answers to it, and what the grade moves
    cash_flow: Quantity | None = None
    dscr: Quantity | None = None  # coverage the lender asks for
    stressed_cash_flow: Quantity | None = None  # the same under stress
    stressed_dscr: Quantity | None = None  # coverage asked for then; 1 if not stated
    unsecured_recovery: Quantity | None = None  # of what the security leaves short


class Assumptions(Strict):
    """What a case assumes of the sale of one asset, in place of the defaults (fields of PledgedAsset)."""

    acceptance: Quantity | None = None
    policy_cap: Quantity | None = None
    dependency: Quantity | None = None
    log_drift: Quantity | None = None
    volatility: Quantity | None = None
    valuation_error: Quantity | None = None
    title_failure: Quantity | None = None
    forced_sale_discount: Quantity | None = None
    disposal_cost: Quantity | None = None
    fixed_cost: Quantity | None = None
    sale_time: Quantity | None = None
    default_correlation: Quantity | None = None

    @field_validator("*", mode="after")
    @classmethod
    def _within_bounds(cls, given: Quantity | None, info: ValidationInfo) -> Quantity | None:
        facts = field_facts(PledgedAsset, info.field_name or "")
        if given is not None and facts is not None:
            check_bounds(given, facts)
        return given

    def stated(self) -> dict[str, Quantity]:
        """What was stated, by name."""
        return {name: given for name in type(self).model_fields if (given := getattr(self, name)) is not None}


class OtherLimit(Strict):
    """Room left under a limit of the bank's own."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    amount: Quantity
    source: str | None = None


class LoanTerms(Strict):
    """The loan of a case. What the product publishes need not be stated; stating another figure needs an override."""

    product: str | None = None
    segment: str | None = None  # of the product's, such as chips
    purpose: Purpose | None = None
    jurisdiction: Jurisdiction | None = None
    tenor_years: float = Field(gt=0, le=30)
    amount: Quantity | None = None
    rate: Quantity | None = None
    schedule: Schedule | None = None
    payments_per_year: Literal[1, 2, 4, 12] = 1
    interest_only_years: float = Field(0.0, ge=0)  # at first; whole periods
    balloon_share: Quantity | None = None
    borrower: Borrower = Borrower()
    shortfall_probability: Quantity | None = None
    loss_given_default: Quantity | None = None  # the most that a default may cost, as a part of the debt
    share_covered_by_sale: Quantity | None = None  # less than the whole debt needs an override
    money_rate: Quantity | None = None  # for the time until the sale brings its money; the loan's rate if not stated
    policy_cap: Quantity | None = None
    max_tenor_years: Quantity | None = None
    max_amount: Quantity | None = None
    need: Quantity | None = None
    limits: list[OtherLimit] = Field(default=[], max_length=20)
    assumptions: dict[str, Assumptions] = {}
    risk_sharing: SharingTerms | None = None
    pricing: PricingTerms | None = None
    lines: LineTerms | None = None
    sale: dict[str, SaleTerms] = {}  # by asset
    jumps: dict[str, JumpTerms] = {}  # by asset
    downturn: DownturnTerms | None = None
    supervisory: SupervisoryTerms | None = None

    def periods(self) -> int:
        """How many payments there are: equal periods of the length agreed, or a little less if the tenor needs it."""
        return math.ceil(self.tenor_years * self.payments_per_year - ROUNDING)

    def payment_times(self) -> list[float]:
        """When each payment falls due, in years after drawing."""
        return [self.tenor_years * period / self.periods() for period in range(1, self.periods() + 1)]

    def interest_only_periods(self) -> float | None:
        """Periods at first in which nothing is paid back; None if there are none."""
        return self.interest_only_years * self.periods() / self.tenor_years if self.interest_only_years > 0 else None


def read_loan(given: Mapping[str, Any], path: str = "loan") -> LoanTerms:
    """The loan as it stands in a case, read strictly."""
    return read(LoanTerms, dict(given), path)

"""The loan of a case, as it is written: the product asked for, terms stated, the borrower, assumptions on the sale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, get_args

from pydantic import Field, field_validator

from valuation.errors import InputError, Problem
from valuation.lending.haircuts import PledgedAsset
from valuation.lending.limits import LimitInputs, StatedLimit
from valuation.lending.losses import LossInputs
from valuation.lending.products import Purpose, find_product
from valuation.lending.schedules import Schedule
from valuation.lending.supplement_terms import (
    Bounded,
    DownturnTerms,
    JumpTerms,
    LineTerms,
    PricingTerms,
    SaleTerms,
    SharingTerms,
    SupervisoryTerms,
)
from valuation.method import refuse
from valuation.quantity import Quantity
from valuation.scoring.scorecards import OWN, Scored
from valuation.strict import read

Jurisdiction = Literal["CN", "other"]
ROUNDING = 1e-9  # of a period
SHORTEST = 0.0027  # years: a day, of which there are 365 or 366
JURISDICTIONS: tuple[str, ...] = get_args(Jurisdiction)


class Borrower(Bounded):
    """Who pays first. Cash flow is what is left for debt service in each period of the loan."""

    inputs = (LossInputs, LimitInputs)
    called = {"pd": "default_probability"}

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


class Assumptions(Bounded):
    """What a case assumes of the sale of one asset, in place of the defaults (fields of PledgedAsset)."""

    inputs = (PledgedAsset,)

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

    def stated(self) -> dict[str, Quantity]:
        """What was stated, by name."""
        return {name: given for name in type(self).model_fields if (given := getattr(self, name)) is not None}


class OtherLimit(Bounded):
    """Room left under a limit of the bank's own."""

    inputs = (StatedLimit,)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    amount: Quantity
    source: str | None = None


class LoanTerms(Bounded):
    """The loan of a case. What the product publishes need not be stated; stating another figure needs an override."""

    inputs = (LimitInputs, PledgedAsset)
    called = {"amount": "amount_asked", "max_amount": "product_amount"}

    product: str | None = None
    segment: str | None = None  # of the product's, such as chips
    purpose: Purpose | None = None
    jurisdiction: Jurisdiction | None = None
    tenor_years: float = Field(gt=SHORTEST, le=30)
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

    @field_validator("amount", "rate", mode="after")
    @classmethod
    def _one_figure(cls, given: Quantity | None) -> Quantity | None:
        """What is agreed is no range, and its middle would be taken without a word."""
        if given is not None and given.uncertain:
            refuse(
                "a range is given, and a loan is agreed at one figure",
                "给出的是区间，而贷款按单一数值约定",
                "State one figure, such as the amount or rate asked for.",
                "请填写单一数值，如申请的金额或利率。",
            )
        return given

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


def check_loan(given: Mapping[str, Any]) -> None:
    """Refuse the loan of a case that is read to be lent on: its terms, and a product that nobody published.

    A replay has the product in its record, and a bank's own comes in a file of its own.
    """
    problems: list[Problem] = []
    product = given.get("product")
    published = isinstance(product, str) and not product.startswith(OWN)
    for reading in (lambda: read_loan(given), lambda: published and find_product(product, "loan.product")):
        try:
            reading()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)

"""What a loan may ask beside its limits: lines, ways of sale, jumps, a bad year, shared losses, the price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from valuation.lending.lines import LineInputs
from valuation.lending.price import PriceInputs
from valuation.lending.risk_sharing import Base, Bearer, Order
from valuation.lending.sale_time import SaleInputs
from valuation.lending.schemes import Party, Shares
from valuation.lending.supervision import ExposureClass
from valuation.method import check_bounds, field_facts, refuse
from valuation.quantity import Quantity
from valuation.strict import Strict


class Bounded(Strict):
    """Terms whose quantities keep the bounds of the inputs that they become, so that a fault is told at their key."""

    inputs: ClassVar[tuple[type[Strict], ...]]
    called: ClassVar[Mapping[str, str]] = {}  # inputs that have another name there

    @field_validator("*", mode="after")
    @classmethod
    def _within_bounds(cls, given: Any, info: ValidationInfo) -> Any:
        name = cls.called.get(info.field_name or "", info.field_name or "")
        model = next((model for model in cls.inputs if name in model.model_fields), None)
        facts = None if model is None else field_facts(model, name)
        if isinstance(given, Quantity) and facts is not None:
            check_bounds(given, facts)
        return given


class LineTerms(Bounded):
    """The lender's three lines on debt over value."""

    inputs = (LineInputs,)

    warning: Quantity
    top_up: Quantity
    close_out: Quantity


class SaleTerms(Bounded):
    """How slowly an asset sells if nobody forces it, and how quickly if somebody does."""

    inputs = (SaleInputs,)

    sold_within_a_year: Quantity
    longest_wait: Quantity | None = None
    scrap: Quantity | None = None
    quick_sale_time: Quantity | None = None


class JumpTerms(Strict):
    """Something that takes a part of the value at one stroke, such as a new generation of chips."""

    per_year: float = Field(gt=0, le=5)
    factor: float = Field(gt=0, le=1)
    because: str = Field(min_length=1)


class DownturnTerms(Strict):
    """A year in which so many of all borrowers default, and how strongly they default together."""

    default_rate: float = Field(gt=0, lt=1)
    correlation: float = Field(ge=0, lt=1)
    because: str = Field(min_length=1)


class SupervisoryTerms(Strict):
    """The supervisor's figures for a loan on eligible collateral, as the bank has to use them.

    `haircut_days`: the haircut is stated for so many days of holding, and is scaled to `holding_days` and to a
    revaluation every `revalued_every_days`; without it the haircut is taken as it stands.
    """

    haircut: float = Field(ge=0, le=1)
    haircut_days: float | None = Field(None, gt=0)
    holding_days: float = Field(20.0, gt=0)  # of secured lending
    revalued_every_days: float = Field(1.0, ge=1)
    exposure_class: ExposureClass = "corporate"
    turnover: float | None = Field(None, ge=0)  # of the borrower, in millions of euro: below 50 it counts as small
    secured: float = Field(ge=0, le=1)  # loss given default on what the collateral covers
    unsecured: float = Field(ge=0, le=1)  # and on the rest
    source: str = Field(min_length=1)


class BearerTerms(Bounded):
    """What is known of one who shares the loss: the most it pays, whether it may fail, what it may still guarantee."""

    inputs = (Bearer,)

    cap: Quantity | None = None
    default_probability: Quantity | None = None
    default_correlation: Quantity | None = None
    net_assets: float | None = Field(None, gt=0)
    outstanding: float = Field(0.0, ge=0)
    multiple: float = Field(10.0, gt=0, le=15)


class PoolTerms(Strict):
    """A fund that stops paying once its pay-outs on the pool reach a part of it."""

    of: Party
    cap: float = Field(gt=0, lt=1)
    default_probability: float = Field(gt=0, lt=1)
    correlation: float = Field(ge=0, lt=1)
    loss_given_default: float = Field(gt=0, le=1)


class SharingTerms(Strict):
    """The contract that shares the loss: a published scheme, with what it leaves open, or shares of its own."""

    scheme: str | None = None
    shares: Shares | None = None
    base: Base | None = None
    order_of_recovery: Order | None = None
    balance_beside: float = Field(0.0, ge=0)  # what the borrower owes the bank already; tiers look at all of it
    bearers: dict[Party, BearerTerms] = {}
    pool: PoolTerms | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _one_split(self) -> Self:
        if (self.scheme is None) == (self.shares is None):
            refuse(
                "exactly one of scheme and shares is needed",
                "scheme 与 shares 必须且只能给出一个",
                "Name a published scheme, or state the shares of the contract.",
                "请写已公布方案，或写明合同中的分担比例。",
            )
        if self.shares is not None and not self.source:
            refuse(
                "shares of its own have no source",
                "自定分担比例未注明来源",
                "Name the contract in source.",
                "请在 source 中注明合同。",
            )
        return self


class PricingTerms(Bounded):
    """What the bank pays for money and wants for its capital, and the bounds others set."""

    inputs = (PriceInputs,)

    funding_rate: Quantity
    running_cost: Quantity | None = None
    capital_share: Quantity | None = None
    return_wanted: Quantity | None = None
    ceiling: Quantity | None = None
    ceiling_margin: Quantity | None = None
    floor: Quantity | None = None
    floor_margin: Quantity | None = None
    guarantee_fee: Quantity | None = None
    one_off_costs: Quantity | None = None
    subsidy: Quantity | None = None


def stated(terms: Strict) -> dict[str, Quantity]:
    """Every quantity that was stated, by name."""
    found = {name: getattr(terms, name) for name in type(terms).model_fields}
    return {name: given for name, given in found.items() if isinstance(given, Quantity)}

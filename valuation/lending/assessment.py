"""The figures of an offer: assumptions filled in and noted, then haircut, limits, path and expected loss computed.

Several assets behind one loan: their recoverable amounts are summed as if all fell together, which is the safe side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from valuation import plugins
from valuation.calculation import Circumstances, Outcome, point, prepare
from valuation.distributions import shape_of
from valuation.errors import InputError, Problem
from valuation.lending import haircuts, limits, losses, path
from valuation.lending.agreement import Agreed
from valuation.lending.collateral import Collateral
from valuation.lending.defaults import Assumed, Defaults
from valuation.lending.gate import Check, Facts, no_title
from valuation.lending.gate_rules import gate
from valuation.lending.products import Product
from valuation.lending.schemes import Scheme
from valuation.lending.terms import Assumptions, Borrower, LoanTerms
from valuation.method import Method
from valuation.plugins import Installed
from valuation.quantity import Quantity
from valuation.scoring.scorecards import Card
from valuation.strict import Strict

ASSUMED_OF_SALE = (
    "dependency", "log_drift", "volatility", "title_failure", "forced_sale_discount", "disposal_cost", "sale_time",
)  # fmt: skip


class Policy(Strict):
    """What the lender's side brings: the product as published, and the assumptions where the case makes none.

    A record keeps it, so that a replay does not depend on what is published later.
    """

    product: Product
    defaults: Defaults
    scheme: Scheme | None = None  # that shares the loss
    card: Card | None = None  # that grades the borrower


@dataclass(frozen=True)
class Default:
    """A figure assumed because nobody stated it; always judgement."""

    asset: str
    name: str
    value: float
    because: str

    def to_json(self) -> dict[str, Any]:
        """The figure with its reason."""
        return {**vars(self), "mark": "judgement"}


@dataclass(frozen=True)
class Assessment:
    """The calculations behind an offer. Without a loan there is no path; without a probability of default no loss."""

    haircut: Outcome
    limits: Outcome
    path: Outcome | None
    loss: Outcome | None
    drawn: Mapping[str, Any] | None = None  # the inputs of the largest loan

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """The calculations by method id, in order."""
        found = (self.haircut, self.limits, self.path, self.loss)
        return {outcome.calculation.method.id: outcome for outcome in found if outcome is not None}


class Assumer:
    """Hands out defaults as quantities and notes each."""

    def __init__(self, defaults: Defaults) -> None:
        self.defaults = defaults
        self.used: list[Default] = []

    def quantity(self, asset: str, name: str, figure: Assumed) -> Quantity:
        """The default, marked as judgement of its date."""
        self.used.append(Default(asset, name, figure.value, figure.because))
        return Quantity(value=figure.value, source=f"judgement of {self.defaults.dated}", level=3, note=figure.because)

    def pledged(self, asset: Collateral, stated: Mapping[str, Quantity]) -> dict[str, Any]:
        """The asset as the haircut sees it: what the case states, else what its spread shows, else the default."""
        figures: dict[str, Any] = {
            "value": asset.value,
            "prior_claims": asset.title.prior_claims if asset.title else 0.0,
            **stated,
        }
        if "valuation_error" not in stated:
            floor = self.defaults.valuation_error_floor(asset.kind, asset.evidence_level)
            error = asset.valuation_error(floor.value)
            figures["valuation_error"] = (
                Quantity(value=error, source="spread of the approaches and of their draws")
                if error > floor.value
                else self.quantity(asset.id, "valuation_error", floor)
            )
        for name in ASSUMED_OF_SALE:
            if name not in stated:
                figures[name] = self.quantity(asset.id, name, getattr(self.defaults.of_kind(asset.kind), name))
        if "acceptance" not in stated:
            figures["acceptance"] = self.quantity(asset.id, "acceptance", self.defaults.acceptance)
        return figures


def check(asset: Collateral, agreed: Agreed, policy: Policy, circumstances: Circumstances) -> tuple[Check, ...]:
    """The gate on one asset."""
    if asset.title is None:
        return (no_title(asset.id),)
    asked = agreed.product.min_remaining_life(asset.kind, asset.subkind)
    assumed = policy.defaults.of_kind(asset.kind).sale_time.value
    return gate(
        Facts(
            asset=asset.id,
            kind=asset.kind,
            subkind=asset.subkind,
            title=asset.title,
            on=circumstances.look_up.on,
            tenor_years=agreed.terms.tenor_years,
            sale_time=stated_figure(_stated(agreed, asset).get("sale_time"), assumed),
            jurisdiction=agreed.jurisdiction,
            min_remaining_life_years=asked.value if asked else None,
        )
    )


def assess(assets: Sequence[Collateral], agreed: Agreed, assumer: Assumer, circumstances: Circumstances) -> Assessment:
    """Haircut at the end of the loan, limits, and the path and expected loss of the largest loan."""
    try:
        return _assessed(assets, agreed, assumer, circumstances)
    except InputError as error:
        written = [_at_its_key(found, assets, agreed.terms) for found in error.problems]
        raise InputError(list(dict.fromkeys(written))) from None


def _at_its_key(found: Problem, assets: Sequence[Collateral], terms: LoanTerms) -> Problem:
    """The problem at the key of the file, which is not always the name of the input."""
    moves = {f"loan.{Borrower.called.get(key, key)}": f"loan.borrower.{key}" for key in Borrower.model_fields}
    moves |= {f"loan.{name}": f"loan.{key}" for key, name in LoanTerms.called.items()} | {"loan.others": "loan.limits"}
    if terms.money_rate is None:
        moves["loan.money_rate"] = "loan.rate"
    for number, asset in enumerate(assets):
        own = terms.assumptions.get(asset.id, Assumptions()).stated()
        place = f"loan.assets[{number}]"
        moves |= {f"{place}.{name}": f"loan.assumptions.{asset.id}.{name}" for name in own}
        moves |= {} if "policy_cap" in own else {f"{place}.policy_cap": "loan.policy_cap"}
    return next((moved for start, end in moves.items() if (moved := found.moved(start, end)) is not found), found)


def _assessed(
    assets: Sequence[Collateral], agreed: Agreed, assumer: Assumer, circumstances: Circumstances
) -> Assessment:
    terms = agreed.terms
    tail = terms.shortfall_probability or assumer.quantity(
        "", "shortfall_probability", assumer.defaults.shortfall_probability
    )
    pledged = [
        {**assumer.pledged(asset, _stated(agreed, asset)), "policy_cap": agreed.caps[asset.id]} for asset in assets
    ]
    if terms.loss_given_default is not None and terms.borrower.pd is not None:
        pledged = [_moving(figures, asset, assumer) for figures, asset in zip(pledged, assets, strict=True)]
    common = {"assets": pledged, "shortfall_probability": tail, "money_rate": terms.money_rate or agreed.rate}
    loan = {**common, **_repayment(agreed)}
    cut = run(haircuts.method, {**common, "time_to_default": terms.tenor_years}, circumstances)
    limited = run(limits.method, {**loan, **_amounts(agreed)}, circumstances)
    if limited.value <= 0:
        return Assessment(cut, limited, None, None)
    drawn = {**loan, "loan": limited.value}
    ahead = run(path.method, drawn, circumstances)
    pd, recovered = terms.borrower.pd, _given(unsecured_recovery=terms.borrower.unsecured_recovery)
    lost = None if pd is None else run(losses.method, {**drawn, "default_probability": pd, **recovered}, circumstances)
    return Assessment(cut, limited, ahead, lost, drawn)


def _moving(figures: dict[str, Any], asset: Collateral, assumer: Assumer) -> dict[str, Any]:
    """With the correlation of price and default, which a limit on the loss in default must not leave out."""
    assumed = assumer.defaults.of_kind(asset.kind).default_correlation
    if "default_correlation" in figures or assumed is None:
        return figures
    return {**figures, "default_correlation": assumer.quantity(asset.id, "default_correlation", assumed)}


def _given(**stated: Any) -> dict[str, Any]:
    return {name: given for name, given in stated.items() if given is not None}


def run(method: Method, inputs: Mapping[str, Any], circumstances: Circumstances, *, path: str = "loan") -> Outcome:
    """One of the lending methods at the stated values; these are no plugins."""
    installed = Installed(method, plugins.OURS, version(plugins.OURS))
    return point(prepare(installed, inputs, path=path), circumstances)


def stated_figure(quantity: Quantity | None, otherwise: float) -> float:
    """The point value of a quantity that states its figure; `otherwise` if there is none, or one to be looked up."""
    if quantity is None or quantity.form in ("reference", "derive"):
        return otherwise
    return float(np.atleast_1d(shape_of(quantity).stated)[0])


def _stated(agreed: Agreed, asset: Collateral) -> dict[str, Quantity]:
    return agreed.terms.assumptions.get(asset.id, Assumptions()).stated()


def _repayment(agreed: Agreed) -> dict[str, Any]:
    borrower = agreed.terms.borrower
    stated = _given(
        balloon_share=agreed.terms.balloon_share,
        interest_only_periods=agreed.terms.interest_only_periods(),
        cash_flow=borrower.cash_flow,
        dscr=agreed.dscr if borrower.cash_flow is not None else None,
    )
    return {
        "payment_times": agreed.terms.payment_times(),
        "rate": agreed.rate,
        "schedule": agreed.schedule,
        **stated,
    }


def _amounts(agreed: Agreed) -> dict[str, Any]:
    terms = agreed.terms
    target = terms.loss_given_default
    stated = _given(
        share_covered_by_sale=terms.share_covered_by_sale,
        stressed_cash_flow=terms.borrower.stressed_cash_flow,
        stressed_dscr=terms.borrower.stressed_dscr,
        loss_given_default=target,
        default_probability=None if target is None else terms.borrower.pd,
        unsecured_recovery=None if target is None else terms.borrower.unsecured_recovery,
        product_amount=agreed.max_amount,
        need=terms.need,
        guarantor=agreed.sharing.capacity() if agreed.sharing else None,
        amount_asked=terms.amount,
    )
    return {**stated, "others": [{"name": limit.name, "amount": limit.amount} for limit in terms.limits]}

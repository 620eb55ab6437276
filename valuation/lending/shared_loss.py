"""The expected loss of a drawn loan as others see it: in a bad year, shared with others, paid for by the rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from valuation.calculation import Outcome
from valuation.lending import price, risk_sharing
from valuation.lending.default_and_collateral import downturn_loss_given_default
from valuation.lending.drawn_loan import DrawnLoan, by_name
from valuation.lending.sharing_contract import Contract
from valuation.lending.supplement_terms import DownturnTerms, PricingTerms, stated

PRICE_LINES = (
    "rate_needed", "rate_allowed", "falls_short_by", "loss_of_bank_a_year", "loss_it_bears", "loss_to_be_cut",
    "share_others_must_bear", "cost_to_borrower",
)  # fmt: skip


def average_loss_given_default(loss: Outcome) -> float:
    """Expected loss over what is owed in default, both in today's money; the likelier date of default counts more."""
    found = by_name(loss)
    discount = (1 + loss.stated["money_rate"][0]) ** -loss.stated["payment_times"]
    owed = float(np.sum(np.array(found["share_defaulting"]) * np.array(found["exposure"]) * discount))
    return loss.value / owed if owed > 0 else 0.0


def in_downturn(loss: Outcome, year: DownturnTerms) -> dict[str, Any]:
    """The loss given default on average and in a year in which so many default; None where there is none to move."""
    lost, probability = average_loss_given_default(loss), float(loss.stated["default_probability"][0])
    worse = None
    if 0 < lost < 1 and probability > 0:
        terms = {"default_probability": probability, "loss_given_default": lost, "correlation": year.correlation}
        worse = float(downturn_loss_given_default(year.default_rate, **terms))
    return {"loss_given_default": lost, "in_such_a_year": worse, "because": year.because}


def shared(drawn: DrawnLoan, contract: Contract, loss: Outcome) -> tuple[dict[str, Any], Outcome | None]:
    """The split of this loan and the expected loss each bears, with its calculation if anybody shares."""
    loan = drawn.assessment.limits.value
    bearers, outcome = contract.bearers(loan), None
    borne = {"bank": loss.value}
    if bearers:
        terms = {"base": contract.base, "order_of_recovery": contract.order_of_recovery, "bearers": bearers}
        outcome = drawn.run(risk_sharing.method, {**drawn.loss_inputs, **terms}, "risk_sharing")
        figures = by_name(outcome)
        borne = {name: figures[f"borne_by_{name}"][0] for name in ("bank", *(bearer["name"] for bearer in bearers))}
    source = contract.scheme or contract.terms
    block = {
        "scheme": contract.scheme.id if contract.scheme else None,
        "base": contract.base,
        "order_of_recovery": contract.order_of_recovery,
        "shares": contract.shares(loan),
        "expected_loss_borne_by": borne,
        "source": source.source,
        "mark": contract.scheme.mark if contract.scheme else None,
    }
    return block, outcome


def priced(
    drawn: DrawnLoan, pricing: PricingTerms, loss: Outcome, *, borne_by_bank: float, moving_together: float | None
) -> tuple[dict[str, Any], Outcome]:
    """Whether the loan pays, with its calculation; beside it the rate if price and default move together."""
    lost = average_loss_given_default(loss)
    share = borne_by_bank / loss.value if loss.value > 0 else 1.0
    given = {**_bounds(drawn), **stated(pricing), "share_of_loss": min(1.0, max(0.0, share))}

    def at(loss_given_default: float) -> Outcome:
        part = min(1.0, max(0.0, loss_given_default))
        return drawn.run(price.method, {**given, "loss_given_default": part}, "pricing")

    outcome = at(lost)
    figures = {name: by_name(outcome)[name][0] for name in PRICE_LINES}
    together = None if moving_together is None or loss.value <= 0 else at(lost * moving_together / loss.value).value
    block = {
        "pays": figures["falls_short_by"] <= 0,
        **figures,
        "rate_needed_moving_together": together,
        "remarks": [warning.to_json() for warning in outcome.warnings],
    }
    return block, outcome


def _bounds(drawn: DrawnLoan) -> Mapping[str, Any]:
    """What the loan and the scheme that shares its loss say of the price."""
    agreed = drawn.agreed
    given: dict[str, Any] = {
        "rate": agreed.rate,
        "tenor": agreed.terms.tenor_years,
        "default_probability": agreed.terms.borrower.pd,
    }
    scheme = agreed.sharing.scheme if agreed.sharing else None
    if scheme is not None and scheme.rate_ceiling is not None:
        given["ceiling"] = {"reference": scheme.rate_ceiling.reference}
        given["ceiling_margin"] = scheme.rate_ceiling.margin
    if agreed.sharing is not None and scheme is not None and scheme.guarantee_fee is not None:
        given["guarantee_fee"] = scheme.guarantee_fee * agreed.sharing.guaranteed(drawn.assessment.limits.value)
    return given

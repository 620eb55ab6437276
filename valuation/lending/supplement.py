"""What an offer says beside the loan: what it was asked besides, what would move each limit, what else would fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from valuation.calculation import Circumstances, Outcome
from valuation.lending import lines, losses, price, risk_sharing, sale_time
from valuation.lending.agreement import Agreed
from valuation.lending.assessment import Assessment, Policy, run
from valuation.lending.carrying import Carried, carried, remarks_on
from valuation.lending.collateral import Collateral
from valuation.lending.default_and_collateral import downturn_loss_given_default
from valuation.lending.haircuts import tail_within
from valuation.lending.jumps import haircut_with_jumps
from valuation.lending.levers import levers
from valuation.lending.sharing_contract import Contract
from valuation.lending.supplement_terms import JumpTerms, SaleTerms, stated
from valuation.workings import Warning

TOLERATED_FALL = 0.10  # of the value, expected since the last appraisal: judgement
LONGEST_INTERVAL = 1.0  # collateral guidelines of 2017: at least once a year (read in the press only)


@dataclass(frozen=True)
class Supplement:
    """Blocks of the answer by name, and the calculations behind them by method id; a block not asked for is not there.

    `carried` is of the largest loan, None without one.
    """

    blocks: dict[str, Any] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    carried: Carried | None = None
    carried_of_asked: Carried | None = None
    warnings: tuple[Warning, ...] = ()


@dataclass(frozen=True)
class _Asked:
    """The loan drawn in full, and all it depends on."""

    assets: Sequence[Collateral]
    agreed: Agreed
    policy: Policy
    assessment: Assessment
    circumstances: Circumstances

    @property
    def drawn(self) -> Mapping[str, Any]:
        """The inputs of the largest loan."""
        return self.assessment.drawn or {}

    @property
    def loss_inputs(self) -> dict[str, Any]:
        """The inputs of its expected loss."""
        borrower = self.agreed.terms.borrower
        given = {"default_probability": borrower.pd, "unsecured_recovery": borrower.unsecured_recovery}
        return {**self.drawn, **{name: figure for name, figure in given.items() if figure is not None}}

    def figure(self, number: int, name: str) -> float:
        """An input of an asset at its stated value."""
        return float(self.assessment.limits.stated[f"assets[{number}].{name}"][0])


def supplement(
    assets: Sequence[Collateral], agreed: Agreed, policy: Policy, assessment: Assessment, circumstances: Circumstances
) -> Supplement:
    """Every block of an offer on these assets; what needs a loan is None where none is offered."""
    asked, terms = _Asked(assets, agreed, policy, assessment, circumstances), agreed.terms
    found = _carried(asked)
    by_limit = levers(assessment.limits, [asset.id for asset in assets])
    found.blocks["levers"] = {name: [lever.to_json() for lever in strongest] for name, strongest in by_limit.items()}
    found.blocks["revaluation"] = _revaluation(asked)
    found.blocks["sale"] = {name: _sale(asked, name, route) for name, route in terms.sale.items()} or None
    found.blocks["jumps"] = {name: _jumps(asked, name, jump) for name, jump in terms.jumps.items()} or None
    if assessment.drawn is None:
        return found
    found.blocks["expected_loss_moving_together"] = _moving_together(asked)
    if terms.lines is not None:
        outcome = _run(asked, lines.method, {**asked.drawn, **stated(terms.lines)}, "lines")
        found.outcomes[lines.method.id] = outcome
        found.blocks["lines"] = _lines(outcome)
    if terms.downturn is not None and assessment.loss is not None:
        found.blocks["downturn"] = _downturn(asked, assessment.loss)
    if agreed.sharing is not None:
        found.blocks["risk_sharing"] = _sharing(asked, agreed.sharing, found)
    if terms.pricing is not None and assessment.loss is not None:
        outcome = _run(asked, price.method, _price_inputs(asked, assessment.loss, found), "pricing")
        found.outcomes[price.method.id] = outcome
        found.blocks["price"] = _price(outcome)
    return found


def _carried(asked: _Asked) -> Supplement:
    """What carries the largest loan and the amount asked for, with what must be said of it."""
    limited, sharing = asked.assessment.limits, asked.agreed.sharing
    wanted = limited.stated.get("amount_asked")
    of_asked = carried(float(wanted[0]), limited, sharing) if wanted is not None and wanted[0] > 0 else None
    if limited.value <= 0:
        return Supplement(carried_of_asked=of_asked)
    loan = carried(limited.value, limited, sharing)
    return Supplement(carried=loan, carried_of_asked=of_asked, warnings=tuple(remarks_on(loan)))


def _run(asked: _Asked, method: Any, inputs: Mapping[str, Any], block: str) -> Outcome:
    """The method on those of these inputs that it has."""
    kept = {name: given for name, given in inputs.items() if name in method.inputs.model_fields}
    return run(method, kept, asked.circumstances, path=f"loan.{block}")


def _by_name(outcome: Outcome) -> dict[str, tuple[float, ...]]:
    return {line.name: line.values for line in outcome.lines}


def _number(asked: _Asked, asset: str) -> int | None:
    """The asset's place among those that carry the loan; None if its title failed."""
    return next((number for number, pledged in enumerate(asked.assets) if pledged.id == asset), None)


def _revaluation(asked: _Asked) -> dict[str, Any]:
    """How often the assets must be valued again: yearly, or before a tenth is expected to be gone."""
    drifts = [asked.figure(number, "log_drift") for number in range(len(asked.assets))]
    intervals = [float(lines.revaluation_interval(drift, TOLERATED_FALL)) for drift in drifts]
    soonest = min(intervals)
    return {
        "every_years": min(soonest, LONGEST_INTERVAL),
        "because_of": asked.assets[intervals.index(soonest)].id if soonest < LONGEST_INTERVAL else None,
        "tolerated_fall": TOLERATED_FALL,
        "mark": "judgement",
    }


def _sale(asked: _Asked, asset: str, route: SaleTerms) -> dict[str, Any] | None:
    """What a slow and a quick sale would bring today, in the case's currency."""
    number = _number(asked, asset)
    if number is None:
        return None
    known = {name: asked.figure(number, name) for name in ("value", "log_drift", "forced_sale_discount")}
    money_rate = float(asked.assessment.limits.stated["money_rate"][0])
    outcome = _run(asked, sale_time.method, {**known, "money_rate": money_rate, **stated(route)}, f"sale.{asset}")
    found = {name: figures[0] for name, figures in _by_name(outcome).items()}
    better = "slow" if found["slow_sale"] > found["quick_sale"] else "quick"
    return {"slow_sale": found["slow_sale"], "quick_sale": found["quick_sale"], "better": better}


def _jumps(asked: _Asked, asset: str, jump: JumpTerms) -> dict[str, Any] | None:
    """The haircut for decay, market, appraisal and title at the end of the loan, with jumps and without."""
    number = _number(asked, asset)
    if number is None:
        return None
    time = asked.agreed.terms.tenor_years + asked.figure(number, "sale_time")
    variance = asked.figure(number, "valuation_error") ** 2 + asked.figure(number, "volatility") ** 2 * time
    tail = float(asked.assessment.limits.stated["shortfall_probability"][0])
    failing = asked.figure(number, "title_failure")
    haircuts = [
        1.0
        if failing >= tail
        else float(
            haircut_with_jumps(
                asked.figure(number, "log_drift") * time,
                np.sqrt(variance),
                float(tail_within(tail, failing)),
                expected_jumps=jumps * time,
                factor=jump.factor,
            )
        )
        for jumps in (0.0, jump.per_year)
    ]
    return {"haircut_without": haircuts[0], "haircut_with": haircuts[1], "because": jump.because}


def _moving_together(asked: _Asked) -> dict[str, Any] | None:
    """The expected loss where prices fall with the borrower, as assumed of each kind wherever nobody stated it."""
    assumed = [
        None if "default_correlation" in pledged else asked.policy.defaults.of_kind(asset.kind).default_correlation
        for asset, pledged in zip(asked.assets, asked.drawn["assets"], strict=True)
    ]
    if asked.assessment.loss is None or all(figure is None for figure in assumed):
        return None
    moving = [
        pledged if figure is None else {**pledged, "default_correlation": figure.value}
        for pledged, figure in zip(asked.drawn["assets"], assumed, strict=True)
    ]
    outcome = _run(asked, losses.method, {**asked.loss_inputs, "assets": moving}, "borrower")
    return {
        "expected_loss": outcome.value,
        "default_correlation": {
            asset.id: {"value": figure.value, "because": figure.because, "mark": "judgement"}
            for asset, figure in zip(asked.assets, assumed, strict=True)
            if figure is not None
        },
    }


def _lines(outcome: Outcome) -> dict[str, Any]:
    found = _by_name(outcome)
    each = {
        name: {
            "level": float(outcome.stated[name][0]),
            "reached_after_years": found[f"time_to_{name}"][0] if found[f"{name}_is_reached"][0] else None,
            "chance": found[f"chance_of_{name}"][0],
        }
        for name in lines.LINES
    }
    return {
        **each,
        "years": outcome.stated["payment_times"].tolist(),
        "debt_to_value": list(found["debt_to_value"]),
        "value_to_add": list(found["top_up"]),
        "prepayment_instead": list(found["prepayment_instead"]),
    }


def average_loss_given_default(loss: Outcome) -> float:
    """Expected loss over what is owed in default, both in today's money.

    Between the periods the more likely default counts more, and a debt of the day of default has no sale to wait for.
    """
    found = _by_name(loss)
    discount = (1 + loss.stated["money_rate"][0]) ** -loss.stated["payment_times"]
    owed = float(np.sum(np.array(found["share_defaulting"]) * np.array(found["exposure"]) * discount))
    return loss.value / owed if owed > 0 else 0.0


def _downturn(asked: _Asked, loss: Outcome) -> dict[str, Any]:
    year = asked.agreed.terms.downturn
    assert year is not None
    lost, probability = average_loss_given_default(loss), float(loss.stated["default_probability"][0])
    worse = None
    if 0 < lost < 1 and probability > 0:
        worse = float(
            downturn_loss_given_default(
                year.default_rate,
                default_probability=probability,
                loss_given_default=lost,
                correlation=year.correlation,
            )
        )
    return {"loss_given_default": lost, "in_such_a_year": worse, "because": year.because}


def _sharing(asked: _Asked, contract: Contract, found: Supplement) -> dict[str, Any]:
    """Shares at the largest loan and the expected loss each bears."""
    loan = asked.assessment.limits.value
    bearers = contract.bearers(loan)
    if bearers:
        terms = {"base": contract.base, "order_of_recovery": contract.order_of_recovery, "bearers": bearers}
        outcome = _run(asked, risk_sharing.method, {**asked.loss_inputs, **terms}, "risk_sharing")
        found.outcomes[risk_sharing.method.id] = outcome
        figures = _by_name(outcome)
        borne = {name: figures[f"borne_by_{name}"][0] for name in ("bank", *(bearer["name"] for bearer in bearers))}
    else:
        borne = {"bank": asked.assessment.loss.value if asked.assessment.loss else 0.0}
    return {
        "scheme": contract.scheme.id if contract.scheme else None,
        "base": contract.base,
        "order_of_recovery": contract.order_of_recovery,
        "shares": contract.shares(loan),
        "expected_loss_borne_by": borne,
        "source": contract.scheme.source if contract.scheme else contract.terms.source,
        "mark": contract.scheme.mark if contract.scheme else None,
    }


def _price_inputs(asked: _Asked, loss: Outcome, found: Supplement) -> dict[str, Any]:
    """The terms of the price with the loss of this loan, the bank's part of it, and the bounds of the scheme."""
    agreed, pricing = asked.agreed, asked.agreed.terms.pricing
    assert pricing is not None
    given: dict[str, Any] = {
        "rate": agreed.rate,
        "tenor": agreed.terms.tenor_years,
        "default_probability": agreed.terms.borrower.pd,
        "loss_given_default": min(1.0, max(0.0, average_loss_given_default(loss))),
    }
    shared = found.blocks.get("risk_sharing")
    if shared is not None and loss.value > 0:
        given["share_of_loss"] = min(1.0, max(0.0, shared["expected_loss_borne_by"]["bank"] / loss.value))
    scheme = agreed.sharing.scheme if agreed.sharing else None
    if scheme is not None and scheme.rate_ceiling is not None:
        given["ceiling"] = {"reference": scheme.rate_ceiling.reference}
        given["ceiling_margin"] = scheme.rate_ceiling.margin
    if agreed.sharing is not None and scheme is not None and scheme.guarantee_fee is not None:
        given["guarantee_fee"] = scheme.guarantee_fee * agreed.sharing.guaranteed(asked.assessment.limits.value)
    return {**given, **stated(pricing)}


def _price(outcome: Outcome) -> dict[str, Any]:
    shown = (
        "rate_needed", "rate_allowed", "falls_short_by", "loss_of_bank_a_year", "loss_it_bears", "loss_to_be_cut",
        "share_others_must_bear", "cost_to_borrower",
    )  # fmt: skip
    found = _by_name(outcome)
    figures = {name: found[name][0] for name in shown}
    said = [warning.to_json() for warning in outcome.warnings]
    return {"pays": figures["falls_short_by"] <= 0, **figures, "remarks": said}

"""What an offer says beside the loan: what it was asked besides, what would move each limit, what else would fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from valuation.calculation import Circumstances, Outcome
from valuation.lending import lines, losses, price, risk_sharing, sale_time, supervision
from valuation.lending.agreement import Agreed
from valuation.lending.assessment import Assessment, Policy, stated_figure
from valuation.lending.carrying import Carried, carried, remarks_on
from valuation.lending.collateral import Collateral
from valuation.lending.cover import debt_service_cover, tolerated_fall
from valuation.lending.drawn_course import drawn_haircut, drawn_path
from valuation.lending.drawn_loan import DrawnLoan, by_name
from valuation.lending.haircuts import tail_within
from valuation.lending.jumps import haircut_with_jumps
from valuation.lending.levers import levers
from valuation.lending.shared_loss import in_downturn, priced, shared
from valuation.lending.supplement_terms import JumpTerms, SaleTerms, SupervisoryTerms, stated
from valuation.workings import Warning

LEAST_PROBABILITY = 0.0005  # of default that the supervisor lets a bank count with (from memory)


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


def supplement(
    assets: Sequence[Collateral], agreed: Agreed, policy: Policy, assessment: Assessment, circumstances: Circumstances
) -> Supplement:
    """Every block of an offer on these assets; what needs a loan is None where none is offered."""
    drawn, terms = DrawnLoan(assets, agreed, policy, assessment, circumstances), agreed.terms
    found = _carried(drawn)
    by_limit = levers(assessment.limits, [asset.id for asset in assets])
    found.blocks["levers"] = {name: [lever.to_json() for lever in strongest] for name, strongest in by_limit.items()}
    found.blocks["revaluation"] = _revaluation(drawn)
    found.blocks["drawn"] = _drawn(drawn)
    found.blocks["debt_service"] = _debt_service(drawn)
    found.blocks["sale"] = {name: _sale(drawn, name, route) for name, route in terms.sale.items()} or None
    found.blocks["jumps"] = {name: _jumps(drawn, name, jump) for name, jump in terms.jumps.items()} or None
    if assessment.drawn is not None and terms.lines is not None:
        outcome = drawn.run(lines.method, {**drawn.inputs, **stated(terms.lines)}, "lines")
        found.outcomes[lines.method.id] = outcome
        found.blocks["lines"] = _lines(outcome)
    if terms.supervisory is not None and assessment.drawn is not None:
        found.blocks["supervisory"] = _supervisory(drawn, terms.supervisory)
    if assessment.loss is not None:
        _of_loss(drawn, assessment.loss, found)
    return found


def _of_loss(drawn: DrawnLoan, loss: Outcome, found: Supplement) -> None:
    """The blocks that start from the expected loss."""
    terms, sharing = drawn.agreed.terms, drawn.agreed.sharing
    together = _moving_together(drawn)
    found.blocks["expected_loss_moving_together"] = together
    if terms.downturn is not None:
        found.blocks["downturn"] = in_downturn(loss, terms.downturn)
    borne = loss.value
    if sharing is not None:
        found.blocks["risk_sharing"], outcome = shared(drawn, sharing, loss)
        borne = found.blocks["risk_sharing"]["expected_loss_borne_by"]["bank"]
        if outcome is not None:
            found.outcomes[risk_sharing.method.id] = outcome
    if terms.pricing is not None:
        moving = together["expected_loss"] if together else None
        found.blocks["price"], found.outcomes[price.method.id] = priced(
            drawn, terms.pricing, loss, borne_by_bank=borne, moving_together=moving
        )


def _carried(drawn: DrawnLoan) -> Supplement:
    """What carries the largest loan and the amount asked for, with what must be said of it."""
    limited, sharing = drawn.assessment.limits, drawn.agreed.sharing
    wanted = limited.stated.get("amount_asked")
    of_asked = carried(float(wanted[0]), limited, sharing) if wanted is not None and wanted[0] > 0 else None
    if limited.value <= 0:
        return Supplement(carried_of_asked=of_asked)
    loan = carried(limited.value, limited, sharing)
    return Supplement(carried=loan, carried_of_asked=of_asked, warnings=tuple(remarks_on(loan)))


def _number(drawn: DrawnLoan, asset: str) -> int | None:
    """The asset's place among those that carry the loan; None if its title failed."""
    return next((number for number, pledged in enumerate(drawn.assets) if pledged.id == asset), None)


def _revaluation(drawn: DrawnLoan) -> dict[str, Any]:
    """How often the assets must be valued again: yearly, or before a tenth is expected to be gone."""
    drifts = [drawn.figure(number, "log_drift") for number in range(len(drawn.assets))]
    intervals = [float(lines.revaluation_interval(drift)) for drift in drifts]
    soonest = min(intervals)
    return {
        "every_years": soonest,
        "because_of": drawn.assets[intervals.index(soonest)].id if soonest < lines.LONGEST_INTERVAL else None,
        "tolerated_fall": lines.TOLERATED_FALL,
        "mark": "judgement",
    }


def _debt_service(drawn: DrawnLoan) -> dict[str, Any] | None:
    """How often the stated cash flow pays what falls due on the largest loan, when least, and how far it may fall."""
    cash = drawn.assessment.limits.stated.get("cash_flow")
    if cash is None or drawn.assessment.path is None:
        return None
    service = drawn.assessment.limits.value * np.array(by_name(drawn.assessment.path)["payment"])
    cash = np.broadcast_to(cash, service.shape)
    cover = debt_service_cover(cash, service)
    worst = int(np.argmin(cover))
    if not np.isfinite(cover[worst]):
        return None
    spare = float(tolerated_fall(cash[worst], 0.0, service[worst])) if cash[worst] > 0 else None
    times = drawn.assessment.limits.stated["payment_times"]
    return {"least_cover": float(cover[worst]), "year": float(times[worst]), "cash_flow_may_fall_by": spare}


def _sale(drawn: DrawnLoan, asset: str, route: SaleTerms) -> dict[str, Any] | None:
    """What a slow and a quick sale would bring today, in the case's currency."""
    number = _number(drawn, asset)
    if number is None:
        return None
    known = {name: drawn.figure(number, name) for name in ("value", "log_drift", "forced_sale_discount")}
    money_rate = float(drawn.assessment.limits.stated["money_rate"][0])
    outcome = drawn.run(sale_time.method, {**known, "money_rate": money_rate, **stated(route)}, f"sale.{asset}")
    found = {name: figures[0] for name, figures in by_name(outcome).items()}
    better = "slow" if found["slow_sale"] > found["quick_sale"] else "quick"
    return {"slow_sale": found["slow_sale"], "quick_sale": found["quick_sale"], "better": better}


def _jumps(drawn: DrawnLoan, asset: str, jump: JumpTerms) -> dict[str, Any] | None:
    """The haircut for decay, market, appraisal and title at the end of the loan, with jumps and without."""
    number = _number(drawn, asset)
    if number is None:
        return None
    time = drawn.agreed.terms.tenor_years + drawn.figure(number, "sale_time")
    variance = drawn.figure(number, "valuation_error") ** 2 + drawn.figure(number, "volatility") ** 2 * time
    tail = float(drawn.assessment.limits.stated["shortfall_probability"][0])
    failing = drawn.figure(number, "title_failure")
    haircuts = [
        1.0
        if failing >= tail
        else float(
            haircut_with_jumps(
                drawn.figure(number, "log_drift") * time,
                np.sqrt(variance),
                float(tail_within(tail, failing)),
                expected_jumps=jumps * time,
                factor=jump.factor,
            )
        )
        for jumps in (0.0, jump.per_year)
    ]
    return {"haircut_without": haircuts[0], "haircut_with": haircuts[1], "because": jump.because}


def _drawn(drawn: DrawnLoan) -> dict[str, Any] | None:
    """Haircut, path and lines by draws, beside the closed forms: order statistics, no shape fitted."""
    assets = [drawn.figures(number) for number in range(len(drawn.assets))]
    stated = drawn.assessment.limits.stated
    tail, money_rate = (float(stated[name][0]) for name in ("shortfall_probability", "money_rate"))
    cut = drawn_haircut(assets, drawn.agreed.terms.tenor_years, tail, money_rate)
    if drawn.assessment.path is None:
        return {"haircut": cut, "path": [], "chance_of_lines": {}}
    ahead, times = by_name(drawn.assessment.path), stated["payment_times"]
    owed = {name: np.array(ahead[name]) for name in ("balance", "exposure")}
    terms = drawn.agreed.terms.lines
    levels = {} if terms is None else {name: stated_figure(getattr(terms, name), np.inf) for name in lines.LINES}
    rows, chances = drawn_path(assets, times, owed, money_rate, levels)
    return {"haircut": cut, "path": rows, "chance_of_lines": chances}


def _supervisory(drawn: DrawnLoan, table: SupervisoryTerms) -> dict[str, Any]:
    """The loss given default of the supervisor's table, and the capital it asks for where a probability is stated.

    Servers alone may count as collateral there.
    """
    eligible = [number for number, asset in enumerate(drawn.assets) if asset.kind == "compute_cluster"]
    collateral = sum(drawn.figure(number, "value") for number in eligible)
    haircut = table.haircut
    if table.haircut_days is not None:
        held = {"holding_days": table.holding_days, "revalued_every_days": table.revalued_every_days}
        haircut = min(1.0, float(supervision.scaled_haircut(haircut, days=table.haircut_days, **held)))
    shares = {"haircut": haircut, "secured": table.secured, "unsecured": table.unsecured}
    lost = float(supervision.supervisory_loss_given_default(drawn.assessment.limits.value, collateral, **shares))
    loss = drawn.assessment.loss
    capital = None if loss is None else _capital(float(loss.stated["default_probability"][0]), lost, drawn, table)
    return {
        "loss_given_default": lost,
        "eligible": collateral,
        "haircut": haircut,
        "capital": capital,
        "risk_weight": None if capital is None else capital / supervision.CAPITAL_RATIO,
        "source": table.source,
    }


def _capital(probability: float, lost: float, drawn: DrawnLoan, table: SupervisoryTerms) -> float:
    """Capital per unit of the loan by internal ratings; maturity counts between one and five years."""
    maturity = min(max(drawn.agreed.terms.tenor_years, 1.0), 5.0)
    counted = max(probability, LEAST_PROBABILITY)
    return float(
        supervision.supervisory_capital(
            counted, lost, maturity, exposure_class=table.exposure_class, turnover=table.turnover
        )
    )


def _moving_together(drawn: DrawnLoan) -> dict[str, Any] | None:
    """The expected loss where prices fall with the borrower, as assumed of each kind wherever nobody stated it."""
    assumed = [
        None if "default_correlation" in pledged else drawn.policy.defaults.of_kind(asset.kind).default_correlation
        for asset, pledged in zip(drawn.assets, drawn.inputs["assets"], strict=True)
    ]
    if drawn.assessment.loss is None or all(figure is None for figure in assumed):
        return None
    moving = [
        pledged if figure is None else {**pledged, "default_correlation": figure.value}
        for pledged, figure in zip(drawn.inputs["assets"], assumed, strict=True)
    ]
    outcome = drawn.run(losses.method, {**drawn.loss_inputs, "assets": moving}, "borrower")
    return {
        "expected_loss": outcome.value,
        "default_correlation": {
            asset.id: {"value": figure.value, "because": figure.because, "mark": "judgement"}
            for asset, figure in zip(drawn.assets, assumed, strict=True)
            if figure is not None
        },
    }


def _lines(outcome: Outcome) -> dict[str, Any]:
    found = by_name(outcome)
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

"""What else fits this borrower at this stage, by rule: equity, loan, bond, insurance, leasing or advice, and why."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from valuation.lending.gate import Said
from valuation.strict import Strict, read


class ServiceTexts(Strict):
    """Every sentence of this page (valuation/texts/services.toml)."""

    equity: dict[str, Said]
    loan: dict[str, Said]
    bond: dict[str, Said]
    insurance: dict[str, Said]
    leasing: dict[str, Said]
    advice: dict[str, Said]


@dataclass(frozen=True)
class Situation:
    """What the rules look at: the answer to the loan, the borrower, and the security."""

    offered: bool
    stage: str | None
    kinds: frozenset[str]
    open_conditions: bool  # of the gate: to be met before drawing, or failed
    cash_flow_shown: bool
    cash_flow_carries: bool  # what is asked for, or else what is offered
    asked_beyond_security: bool
    security_decides: bool  # what a sale brings is the smallest limit


@dataclass(frozen=True)
class Rule:
    """A service, the reason it is named for, and when; the first reason that holds is given."""

    service: str
    reason: str
    holds: Callable[[Situation], bool]


RULES = (
    Rule("equity", "seed", lambda s: s.stage == "seed"),
    Rule("equity", "no_loan", lambda s: not s.offered),
    Rule("equity", "rests_on_borrower", lambda s: s.asked_beyond_security),
    Rule("loan", "offered", lambda s: s.offered),
    Rule("bond", "mature", lambda s: s.stage == "mature" and s.cash_flow_carries),
    Rule("insurance", "security_decides", lambda s: s.security_decides),
    Rule("leasing", "cluster", lambda s: "compute_cluster" in s.kinds),
    Rule("advice", "conditions", lambda s: s.open_conditions),
    Rule("advice", "no_cash_flow", lambda s: not s.cash_flow_shown),
)


@cache
def service_texts() -> ServiceTexts:
    """The sentences, read strictly and once."""
    stored = (files("valuation.texts") / "services.toml").read_text(encoding="utf-8")
    return read(ServiceTexts, tomllib.loads(stored), "texts/services.toml")


def also_fits(situation: Situation) -> list[dict[str, Any]]:
    """The services that fit, each with its name and one reason, in the order of the rules."""
    found: dict[str, dict[str, Any]] = {}
    for rule in RULES:
        if rule.service not in found and rule.holds(situation):
            texts: dict[str, Said] = getattr(service_texts(), rule.service)
            found[rule.service] = {
                "service": rule.service,
                "label": texts["name"].model_dump(),
                "because": texts[rule.reason].model_dump(),
            }
    return list(found.values())

"""One call for a lender who already has a value: the haircut, with every assumption shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from valuation.assets import KIND_NAMES
from valuation.calculation import Circumstances, Outcome
from valuation.errors import InputError, problem
from valuation.lending import haircuts
from valuation.lending.assessment import Assumer, Default, run, stated_figure
from valuation.lending.collateral import Collateral
from valuation.lending.defaults import defaults_on
from valuation.lending.drawn_course import drawn_haircut
from valuation.lending.terms import Assumptions
from valuation.reference.look_up import LookUp
from valuation.strict import read


@dataclass(frozen=True)
class Haircut:
    """What a sale after default would take: the total, what each part retains, what is left, what was assumed."""

    total: float
    parts: Mapping[str, float]
    recoverable: float
    expected_shortfall: float
    defaults: tuple[Default, ...]
    dated: date  # of the set of assumptions
    outcome: Outcome
    drawn: Mapping[str, Any] | None  # the same by draws: order statistics and their interval

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "total": self.total,
            "parts": [{"name": name, "retained": kept} for name, kept in self.parts.items()],
            "recoverable": self.recoverable,
            "expected_shortfall_before_claims": self.expected_shortfall,
            "drawn": dict(self.drawn) if self.drawn else None,
            "defaults": [default.to_json() for default in self.defaults],
            "judgement_of": self.dated.isoformat(),
            "lines": [line.to_json() for line in self.outcome.lines],
        }


def haircut(
    *,
    kind: str,
    value: float,
    tenor_years: float | None = None,
    rate: float = 0.0,
    evidence_level: int = 2,
    shortfall_probability: float | None = None,
    prior_claims: float = 0.0,
    on: date | None = None,
    **stated: Any,
) -> Haircut:
    """The haircut on a value for one kind of asset, title and terms aside; nothing here says that a pledge holds.

    Without `tenor_years` the money is in hand after the kind's usual horizon. `rate` is what the time of the sale costs
    a year. Any field of PledgedAsset may be stated (dependency=0.1, sale_time=0.25, …); the rest are defaults, listed
    in `.defaults` with their reasons.

    Patents: 0.8966599842, of which .1033400158 is left. GPU with quoted prices (evidence level 1): .3028601243 is left.
    """
    if kind not in KIND_NAMES:
        raise InputError(problem("not_known", "kind", kind, known=list(KIND_NAMES)))
    if evidence_level not in (1, 2, 3):
        raise InputError(problem("not_known", "evidence_level", evidence_level, known=["1", "2", "3"]))
    on = on or date.today()  # noqa: DTZ011 - which set of assumptions is in force, not an instant
    assumer = Assumer(defaults_on(on))
    asset = Collateral(id="", kind=kind, value=value, title=None, evidence_level=evidence_level)
    pledged = {**assumer.pledged(asset, read(Assumptions, stated).stated()), "prior_claims": prior_claims}
    default = tenor_years
    if default is None:
        horizon = assumer.quantity("", "horizon", assumer.defaults.of_kind(kind).horizon)
        default = max(0.0, stated_figure(horizon, 0.0) - stated_figure(pledged["sale_time"], 0.0))
    tail = shortfall_probability
    outcome = run(
        haircuts.method,
        {
            "assets": [pledged],
            "time_to_default": default,
            "money_rate": rate,
            "shortfall_probability": tail
            if tail is not None
            else assumer.quantity("", "shortfall_probability", assumer.defaults.shortfall_probability),
        },
        Circumstances(LookUp(on), "CNY"),
    )
    lines = {line.name: line.values[0] for line in outcome.lines}
    return Haircut(
        total=lines["haircut"],
        parts={part: lines[f"retained_{part}"] for part in haircuts.PARTS},
        recoverable=outcome.value,
        expected_shortfall=lines["expected_shortfall_haircut_before_claims"],
        defaults=tuple(assumer.used),
        dated=assumer.defaults.dated,
        outcome=outcome,
        drawn=_by_draws(outcome),
    )


def _by_draws(outcome: Outcome) -> dict[str, Any] | None:
    stated = {path.removeprefix("assets[0]."): float(figures[0]) for path, figures in outcome.stated.items()}
    terms = (stated[name] for name in ("time_to_default", "shortfall_probability", "money_rate"))
    return drawn_haircut([SimpleNamespace(**stated)], *terms)

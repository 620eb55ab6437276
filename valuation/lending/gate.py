"""Title first: what must be true before a figure is put on a pledge, and what must be done before money is drawn.

Each rule (valuation.lending.gate_rules) passes, holds or refuses. A hold is a condition to be met before drawing. What
nobody said is a hold, never a pass; a wrong or missing right is a refusal, and no haircut mends it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from valuation.strict import Strict, read
from valuation.title import Title

Result = Literal["pass", "hold", "refuse"]
DAYS_OF_YEAR = 365.25


class Said(Strict):
    """A sentence in both languages."""

    en: str
    zh: str


class Ground(Said):
    """The law or practice a rule rests on, and how its text was checked."""

    mark: Literal["file-read", "page-read", "secondary"]


class Answers(Strict):
    """What a rule says when it passes, when nobody said, and when it fails."""

    yes: Said | None = None
    open: Said | None = None
    no: Said | None = None


class GateTexts(Strict):
    """Every sentence of the gate (valuation/texts/gate.toml)."""

    grounds: dict[str, Ground]
    rules: dict[str, Answers]


@cache
def gate_texts() -> GateTexts:
    """The sentences, read strictly and once."""
    stored = (files("valuation.texts") / "gate.toml").read_text(encoding="utf-8")
    return read(GateTexts, tomllib.loads(stored), "texts/gate.toml")


@dataclass(frozen=True)
class Facts:
    """What the gate looks at: the title on the valuation date, and how long loan and sale would last."""

    asset: str
    kind: str
    subkind: str | None
    title: Title
    on: date
    tenor_years: float
    sale_time: float
    jurisdiction: str
    min_remaining_life_years: float | None = None

    @property
    def sort(self) -> str:
        """The sort of asset where it has one (invention_patent), else its kind."""
        return self.subkind or self.kind

    def evidence(self, *kinds: str) -> str:
        """The documents of these kinds (of any, if none is named), with issuer and date."""
        found = [e for e in self.title.evidence if not kinds or e.kind in kinds]
        return "; ".join(f"{e.kind}, {e.issuer}{f', {e.dated}' if e.dated else ''}" for e in found)

    def newest(self, *kinds: str) -> date | None:
        """Date of the newest document of these kinds (of any, if none is named)."""
        dates = [e.dated for e in self.title.evidence if e.dated and (not kinds or e.kind in kinds)]
        return max(dates, default=None)

    def end_of_sale(self) -> date:
        """The day by which a sale after a default at the last payment has brought its money."""
        return self.on + timedelta(days=DAYS_OF_YEAR * (self.tenor_years + self.sale_time))


@dataclass(frozen=True)
class Check:
    """The answer to one rule: pass, hold (a condition before drawing) or refuse, with reason, ground and evidence.

    `dated` is the day of that evidence, None where no date was stated.
    """

    name: str
    asset: str
    result: Result
    said: Said
    ground: Ground | None = None
    evidence: str = ""
    dated: date | None = None

    def reason(self) -> dict[str, str]:
        """Asset and reason in both languages."""
        return {"en": f"{self.asset}: {self.said.en}", "zh": f"{self.asset}：{self.said.zh}"}

    def to_json(self) -> dict[str, Any]:
        """The check as a record keeps it."""
        return {
            "name": self.name,
            "asset": self.asset,
            "result": self.result,
            "reason": self.said.model_dump(),
            "ground": self.ground.model_dump() if self.ground else None,
            "evidence": self.evidence,
            "date": self.dated.isoformat() if self.dated else None,
        }


@dataclass(frozen=True)
class Rule:
    """One thing a lender asks. `holds` answers yes, no, or None if nobody said.

    `name` finds the sentences; `topic` is the name of the check, where several rules ask the same of different assets.
    `sorts` are the kinds or sorts asked about (none: all); `on_no` what a no means; `shown` the evidence and
    `dated` its day.
    """

    name: str
    holds: Callable[[Facts], bool | None]
    sorts: tuple[str, ...] = ()
    ground: str | None = None
    shown: Callable[[Facts], str] = lambda _: ""
    on_no: Result = "refuse"
    jurisdiction: str | None = None
    topic: str | None = None
    dated: Callable[[Facts], date | None] = lambda _: None

    def applies(self, facts: Facts) -> bool:
        """Whether the rule asks about this asset."""
        in_sorts = not self.sorts or facts.kind in self.sorts or facts.sort in self.sorts
        return in_sorts and self.jurisdiction in (None, facts.jurisdiction)

    def check(self, facts: Facts) -> Check:
        """The rule's answer for this asset."""
        answer, answers = self.holds(facts), gate_texts().rules[self.name]
        result: Result = "pass" if answer else "hold" if answer is None else self.on_no
        said = answers.yes if answer else answers.open if answer is None else answers.no
        assert said is not None, f"texts/gate.toml lacks an answer of {self.name}"
        # Chinese articles say nothing of a pledge under another law.
        ground = gate_texts().grounds[self.ground] if self.ground and facts.jurisdiction == "CN" else None
        return Check(self.topic or self.name, facts.asset, result, said, ground, self.shown(facts), self.dated(facts))


def no_title(asset: str) -> Check:
    """The refusal of an asset of which nobody said who holds which right."""
    said = gate_texts().rules["title"].no
    assert said is not None
    return Check("title", asset, "refuse", said)

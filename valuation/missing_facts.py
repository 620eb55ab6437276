"""What is missing: which methods can run on what is known of each asset, and what each missing fact would unlock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from valuation import plugins
from valuation.assets import Asset
from valuation.calculation import prepare
from valuation.case import Case
from valuation.errors import InputError, Problem
from valuation.plugins import Installed


@dataclass(frozen=True)
class Readiness:
    """For one asset: methods that can run, what the others lack or refuse, and what each missing fact unlocks."""

    asset: str
    ready: tuple[str, ...]
    missing: Mapping[str, tuple[str, ...]]
    refused: Mapping[str, tuple[Problem, ...]]

    @property
    def unlocks(self) -> dict[str, list[str]]:
        """For each missing fact the methods that lack it alone, then those that also lack others; most useful first."""
        facts = sorted({fact for lacking in self.missing.values() for fact in lacking})
        found = {fact: self._lacking(fact) for fact in facts}
        alone = {fact: sum(len(self.missing[method]) == 1 for method in found[fact]) for fact in facts}
        return {fact: found[fact] for fact in sorted(facts, key=lambda fact: (-alone[fact], -len(found[fact]), fact))}

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "asset": self.asset,
            "ready": list(self.ready),
            "missing": {method: list(lacking) for method, lacking in self.missing.items()},
            "refused": {method: [p.sentence() for p in problems] for method, problems in self.refused.items()},
            "unlocks": self.unlocks,
        }

    def _lacking(self, fact: str) -> list[str]:
        methods = [method for method, lacking in self.missing.items() if fact in lacking]
        return sorted(methods, key=lambda method: (len(self.missing[method]), method))


def readiness(case: Case) -> tuple[Readiness, ...]:
    """For each asset of the case, what can run now and what is missing for the rest."""
    methods = [found for found in plugins.methods() if isinstance(found, Installed)]
    return tuple(_of_asset(asset, methods) for asset in case.assets)


def _of_asset(asset: Asset, methods: Sequence[Installed]) -> Readiness:
    given = {call.id: call.inputs for call in asset.methods}
    ready: list[str] = []
    missing: dict[str, tuple[str, ...]] = {}
    refused: dict[str, tuple[Problem, ...]] = {}
    for installed in methods:
        method = installed.method
        if method.approach == "input" or asset.kind not in method.serves:
            continue
        try:
            prepare(installed, given.get(method.id, {}), path=method.id, facts=asset.known, facts_path=asset.id)
            ready.append(method.id)
        except InputError as error:
            lacking = tuple(p.path.removeprefix(f"{method.id}.") for p in error.problems if p.code == "missing")
            others = tuple(p for p in error.problems if p.code != "missing")
            if lacking:
                missing[method.id] = lacking
            if others:
                refused[method.id] = others
    return Readiness(asset.id, tuple(ready), missing, refused)

"""The largest loan drawn in full, with all it depends on: what every further question about an offer starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from valuation.calculation import Circumstances, Outcome
from valuation.lending.agreement import Agreed
from valuation.lending.assessment import Assessment, Policy, run
from valuation.lending.collateral import Collateral
from valuation.method import Method


@dataclass(frozen=True)
class DrawnLoan:
    """The loan drawn in full, and all it depends on."""

    assets: Sequence[Collateral]
    agreed: Agreed
    policy: Policy
    assessment: Assessment
    circumstances: Circumstances

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The inputs of the largest loan."""
        return self.assessment.drawn or {}

    @property
    def loss_inputs(self) -> dict[str, Any]:
        """The inputs of its expected loss."""
        borrower = self.agreed.terms.borrower
        given = {"default_probability": borrower.pd, "unsecured_recovery": borrower.unsecured_recovery}
        return {**self.inputs, **{name: figure for name, figure in given.items() if figure is not None}}

    def figure(self, number: int, name: str) -> float:
        """An input of an asset at its stated value."""
        return float(self.assessment.limits.stated[f"assets[{number}].{name}"][0])

    def figures(self, number: int) -> SimpleNamespace:
        """All inputs of an asset at their stated values, by name."""
        start = f"assets[{number}]."
        found = {path: each for path, each in self.assessment.limits.stated.items() if path.startswith(start)}
        return SimpleNamespace(**{path.removeprefix(start): float(each[0]) for path, each in found.items()})

    def run(self, method: Method, inputs: Mapping[str, Any], block: str) -> Outcome:
        """The method on those of these inputs that it has; `block` is the part of the loan that asks."""
        kept = {name: given for name, given in inputs.items() if name in method.inputs.model_fields}
        return run(method, kept, self.circumstances, path=f"loan.{block}")


def by_name(outcome: Outcome) -> dict[str, tuple[float, ...]]:
    """The lines of a calculation by name."""
    return {line.name: line.values for line in outcome.lines}

"""From several indications to one conclusion: a selection with its reason, or weights each with a reason.

Approaches that differ are a finding, not a nuisance: above the tolerance the valuer must say why they differ before
there is a conclusion. There is no average by default, and never the larger of two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from valuation.assets import Selection
from valuation.workings import Warning

TOLERANCE = 0.25  # spread between approaches above which a cause is demanded; 20-25% is a common trigger (secondary)


@dataclass(frozen=True)
class Conclusion:
    """The value concluded, out of which indications, why, and their spread. No value while a demand is open."""

    value: float | None
    weights: Mapping[str, float]
    because: str
    spread: float | None
    spread_cause: str | None
    demands: tuple[Warning, ...]

    def to_json(self) -> dict[str, Any]:
        """As it stands in the output and the record."""
        return {
            "value": self.value,
            "weights": dict(self.weights),
            "because": self.because,
            "spread": self.spread,
            "spread_cause": self.spread_cause,
            "open": [demand.to_json() for demand in self.demands],
        }


def spread_of(values: Mapping[str, float]) -> float | None:
    """How far the indications lie apart: (largest - smallest) / the middle of their sizes; None for one indication.

    80 and 100: 22%. A loss and a gain are 200% apart, whatever their sizes.
    """
    if len(values) < 2:
        return None
    largest, smallest = max(values.values()), min(values.values())
    middle = (abs(largest) + abs(smallest)) / 2
    return (largest - smallest) / middle if middle else 0.0


def conclude(selection: Selection | None, values: Mapping[str, float]) -> Conclusion:
    """The conclusion out of indications by method id, as stated; demands name what is still to be said."""
    spread = spread_of(values)
    cause = selection.spread_cause if selection else None
    demands = []
    if selection is None and len(values) > 1:
        demands.append(
            Warning(
                "Several indications, no conclusion: select one method and say because, or give weights with reasons.",
                "有多个评估结果而无结论：请选择一种方法并说明理由，或给出各权重及理由。",
            )
        )
    if len(values) == 1 and not (selection and selection.single_method_reason):
        demands.append(
            Warning(
                "One method only: say why in conclusion.single_method_reason.",
                "仅采用一种方法：请在 conclusion.single_method_reason 中说明理由。",
            )
        )
    if spread is not None and spread > TOLERANCE and not cause:
        demands.append(
            Warning(
                f"The indications differ by {spread:.0%}, above {TOLERANCE:.0%}: say why in conclusion.spread_cause.",
                f"各评估结果相差 {spread:.0%}，超过 {TOLERANCE:.0%}：请在 conclusion.spread_cause 中说明原因。",
            )
        )
    weights, because = _weights(selection, values)
    value = None if demands else sum(weight * values[name] for name, weight in weights.items())
    return Conclusion(value, weights, because, spread, cause, tuple(demands))


def _weights(selection: Selection | None, values: Mapping[str, float]) -> tuple[dict[str, float], str]:
    if selection is None:
        return (dict.fromkeys(values, 1.0) if len(values) == 1 else {}), ""
    if selection.select is not None:
        return {selection.select: 1.0}, selection.because or ""
    reasons = selection.reasons or {}
    weights = dict(selection.weights or {})
    return weights, "; ".join(f"{name}: {reasons.get(name, '')}" for name in weights)

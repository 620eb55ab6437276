"""From several indications to one conclusion: a selection with its reason, or weights each with a reason.

Approaches that differ are a finding, not a nuisance: above the tolerance the valuer must say why they differ before
there is a conclusion. There is no average by default, and never the larger of two. Nobody pays for an income more than
what making the same again costs, unless something keeps him from it (substitution, 替代原则); and nobody makes again
what earns less than its cost, so cost is no floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from valuation.assets import Selection
from valuation.workings import Warning

TOLERANCE = 0.25  # spread between approaches above which a cause is demanded; 20-25% is a common trigger (secondary)

OPEN_WEIGHTS = (
    Warning(
        "The weights are open: whoever buys the model buys what anybody may copy. Count only income that comes from "
        "something else as well, such as hosting, service or a brand, and charge for that.",
        "模型权重已开放，任何人均可复制：仅应计入依托托管、服务或品牌等其他资源取得的收益，并扣除其回报。",
    ),
)


@dataclass(frozen=True)
class Conclusion:
    """The value concluded, out of which indications, why, and their spread. No value while a demand is open.

    `protection` is what keeps a buyer from making the asset again; `remarks` hold nothing up.
    """

    value: float | None
    weights: Mapping[str, float]
    because: str
    spread: float | None
    spread_cause: str | None
    protection: str | None
    demands: tuple[Warning, ...]
    remarks: tuple[Warning, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it stands in the output and the record."""
        return {
            "value": self.value,
            "weights": dict(self.weights),
            "because": self.because,
            "spread": self.spread,
            "spread_cause": self.spread_cause,
            "protection": self.protection,
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


def conclude(
    selection: Selection | None,
    values: Mapping[str, float],
    *,
    approaches: Mapping[str, str] | None = None,
    can_be_made_again: bool = False,
    open_weights: bool = False,
) -> Conclusion:
    """The conclusion out of indications by method id, as stated; demands name what is still to be said.

    With the approach of each method, cost and income are held against each other: see `ceiling` and `floor`. Of a model
    whose weights are open the reader is told what its income cannot be.
    """
    stated = selection or Selection()
    spread, approaches = spread_of(values), approaches or {}
    weights, because = _weights(selection, values)
    figure = sum(weight * values[name] for name, weight in weights.items())
    costs, incomes = ({m: v for m, v in values.items() if approaches.get(m) == a} for a in ("cost", "income"))
    demands = [*_open(selection, values, spread)]
    by_income = any(weights.get(name) for name in incomes)
    if can_be_made_again and not stated.protection and by_income:
        demands += ceiling(figure, costs)
    return Conclusion(
        None if demands else figure,
        weights,
        because,
        spread,
        stated.spread_cause,
        stated.protection,
        tuple(demands),
        (*floor(costs, incomes), *(OPEN_WEIGHTS if open_weights and by_income else ())),
    )


def _open(selection: Selection | None, values: Mapping[str, float], spread: float | None) -> Iterator[Warning]:
    """What is still to be said of one method, of several, and of their spread."""
    if selection is None and len(values) > 1:
        yield Warning(
            "Several indications, no conclusion: select one method and say because, or give weights with reasons.",
            "有多个评估结果而无结论：请选择一种方法并说明理由，或给出各权重及理由。",
        )
    if len(values) == 1 and not (selection and selection.single_method_reason):
        yield Warning(
            "One method only: say why in conclusion.single_method_reason.",
            "仅采用一种方法：请在 conclusion.single_method_reason 中说明理由。",
        )
    if spread is not None and spread > TOLERANCE and not (selection and selection.spread_cause):
        yield Warning(
            f"The indications differ by {spread:.0%}, above {TOLERANCE:.0%}: say why in conclusion.spread_cause.",
            f"各评估结果相差 {spread:.0%}，超过 {TOLERANCE:.0%}：请在 conclusion.spread_cause 中说明原因。",
        )


def ceiling(figure: float, costs: Mapping[str, float]) -> Iterator[Warning]:
    """The demand where an income is concluded well above the least that making the asset again costs."""
    method = min(costs, key=lambda name: costs[name], default=None)
    if method is None or costs[method] <= 0 or not _above(figure, costs[method]):
        return
    times = figure / costs[method]
    yield Warning(
        f"The income concluded is {times:.1f} times the value by cost ({method}): a buyer could make the asset again "
        "instead. Say in conclusion.protection what legal or practical protection keeps him from it.",
        f"结论所采用的收益法结果为成本法结果（{method}）的 {times:.1f} 倍，买方可自行重建："
        "请在 conclusion.protection 中说明何种法律或事实上的保护使其无法重建。",
    )


def floor(costs: Mapping[str, float], incomes: Mapping[str, float]) -> Iterator[Warning]:
    """What a reader is told where the least cost lies well above the highest income."""
    if not costs or not incomes:
        return
    cost, income = min(costs.values()), max(incomes.values())
    if _above(cost, income):
        yield Warning(
            f"The value by cost is {cost:,.0f}, by income only {income:,.0f}: the income does not bear the cost. The "
            "difference points to economic obsolescence; cost is no floor to the value.",
            f"成本法结果为 {cost:,.0f}，收益法结果仅 {income:,.0f}，收益不足以支撑成本；"
            "差额表明存在经济性贬值，成本不构成价值下限。",
        )


def _above(larger: float, smaller: float) -> bool:
    spread = spread_of({"larger": larger, "smaller": smaller})
    return larger > smaller and spread is not None and spread > TOLERANCE


def _weights(selection: Selection | None, values: Mapping[str, float]) -> tuple[dict[str, float], str]:
    if selection is None:
        return (dict.fromkeys(values, 1.0) if len(values) == 1 else {}), ""
    if selection.select is not None:
        return {selection.select: 1.0}, selection.because or ""
    reasons = selection.reasons or {}
    weights = dict(selection.weights or {})
    return weights, "; ".join(f"{name}: {reasons.get(name, '')}" for name in weights)

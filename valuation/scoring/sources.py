"""What sources add together and each alone, as inputs of a method and lines of its workings.

Every coalition stands in the workings by its sources' names, and every gain next to it, so that a sheet recalculates
the shares; scoring.coalitions does the same on whole arrays of utilities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from valuation.finance import joined
from valuation.method import Inputs, Quantity, choice, items, money, ratio, refuse, text
from valuation.scoring.coalitions import (
    banzhaf_weights,
    leave_one_out_weights,
    mask_of,
    shapley_weights,
    sizes,
    substitutes,
)
from valuation.workings import FloatArray

WEIGHTS = {
    "shapley": shapley_weights,
    "banzhaf_normalised": banzhaf_weights,
    "leave_one_out_normalised": leave_one_out_weights,
}
JOIN = " + "
MOST_SOURCES = 12  # 4,095 coalitions to be measured and stated; with more, contributions are estimated beforehand


class Source(Inputs):
    """One who brought part of the data."""

    name: str = text("Source", "数据来源")
    contribution: Quantity | None = ratio(
        "What it adds, worked out elsewhere", "贡献值（另行计算）", None,
        help="With rule stated: the KNN-Shapley values of its points added up, or an estimate from random orders as "
        "mean and sd, its standard error. No quality coefficient goes on top: quality is in it.",
    )  # fmt: skip
    cost: Quantity | None = money(
        "What it cost to obtain", "取得成本", None, low=0, help="Shown beside its part, which does not depend on it."
    )


class Coalition(Inputs):
    """What the model reaches with some of the sources alone."""

    sources: list[str] = items(
        "Sources it is trained on", "所用数据来源", at_least=0, at_most=MOST_SOURCES,
        help="Empty for what is reached without any, which counts as 0 if it is left out.",
    )  # fmt: skip
    utility: Quantity = ratio(
        "What is reached", "效用值",
        help="More is better. In money if it can be, since income does not rise in step with a metric.",
    )  # fmt: skip


class Shared(Inputs):
    """What every method that shares something out among sources asks of them."""

    sources: list[Source] = items("Sources of the data", "数据来源")
    coalitions: list[Coalition] = items(
        "What coalitions of sources reach", "各来源组合的效用", [], at_least=0, at_most=2**MOST_SOURCES,
        help="Every coalition the rule asks for: all, or for leave-one-out the whole and the whole without each.",
    )  # fmt: skip
    measured_on: str = text(
        "Model, test set and metric", "模型、测试集与指标",
        help="With their digests: contributions hold for these alone.",
    )  # fmt: skip
    rule: Literal["shapley", "banzhaf_normalised", "leave_one_out_normalised", "stated"] = choice(
        "How the sources' parts are found", "分配规则", "shapley",
        help="Shapley parts add up by themselves. Banzhaf (robust to noise) and leave-one-out are stretched to do so.",
    )  # fmt: skip
    negative_shares: Literal["report", "zero_and_renormalise"] = choice(
        "A source that harms the model", "负贡献的处理", "report",
        help="report: it bears its negative part. zero_and_renormalise: it gets nothing and all others less.",
    )  # fmt: skip
    reason_substitutes: str = text(
        "Why sources that replace each other both count", "可互相替代的来源均计入的理由", "",
        help="Without it they are refused: a copy moves all parts, and mostly raises its owner's.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        known = [source.name for source in self.sources]
        for name in known:
            if not name.strip() or JOIN in name:
                refuse(
                    f"{name!r} names no single source", f"{name!r} 不能作为单一来源的名称",
                    "Write a name without ' + ', which joins the names of a coalition.", "名称不能为空或含“ + ”。",
                )  # fmt: skip
        for names in (known, *(each.sources for each in self.coalitions)):
            check_names(names, known)
        return self

    @model_validator(mode="after")
    def _contributions_or_utilities(self) -> Self:
        """Contributions, or the utilities they are worked out from, and never both."""
        stated = self.rule == "stated"
        if any((source.contribution is None) == stated for source in self.sources) or (stated and self.coalitions):
            refuse(
                "contributions go with rule stated, for every source, and coalitions with the other rules",
                "rule 为 stated 时每个来源须填写 contribution 且不填 coalitions，其他规则反之",
                "Give contributions, or what the coalitions reach.", "请填写贡献值，或各组合的效用。",
            )  # fmt: skip
        if not stated:
            self._check_coalitions()
            self._check_substitutes()
        return self

    def _check_coalitions(self) -> None:
        if len(self.sources) > MOST_SOURCES:
            refuse(
                f"{len(self.sources)} sources have too many coalitions to state; at most {MOST_SOURCES} go by them",
                f"{len(self.sources)} 个来源的组合过多；按组合计算最多 {MOST_SOURCES} 个来源",
                'Put sources together, or estimate by scoring.permutation_shapley and give "rule": "stated".',
                '请合并来源，或用 scoring.permutation_shapley 估计后以 "rule": "stated" 填写。',
            )  # fmt: skip
        stated = Counter(mask for mask, _ in by_mask(self))
        missing = [mask for mask in _wanted_masks(self) if mask and mask not in stated]
        twice = [mask for mask in stated if stated[mask] > 1]
        if missing or twice:
            what, what_zh = ("is missing", "缺少") if missing else ("stands twice", "重复给出")
            name = coalition_name(self, (missing + twice)[0])
            more = f" ({len(missing)} in all)" if len(missing) > 1 else ""
            more_zh = f"（共缺 {len(missing)} 个）" if len(missing) > 1 else ""
            refuse(
                f"the coalition {name} {what}{more}", f"{what_zh}组合 {name}{more_zh}",
                "Give each coalition once.", "每个组合填写一次。",
            )  # fmt: skip

    def _check_substitutes(self) -> None:
        """Only where every coalition is stated, by one plain figure, can it be told who replaces whom."""
        figures: dict[int, Any] = {0: 0.0} | {mask: utility.value for mask, utility in by_mask(self)}
        plain = [figures.get(mask) for mask in range(2 ** len(self.sources))]
        if self.reason_substitutes.strip() or not all(isinstance(figure, float) for figure in plain):
            return
        for one, other in substitutes(plain):
            first, second = self.sources[one].name, self.sources[other].name
            refuse(
                f"{first} and {second} do the same work: neither adds anything where the other is in",
                f"{first} 与 {second} 可互相替代：已有其一时，另一个没有增量贡献",
                "Count a copy once, or say in reason_substitutes why both have a part.",
                "副本只计一次，或在 reason_substitutes 中说明均参与分配的理由。",
            )


def check_names(names: Iterable[str], known: list[str]) -> None:
    """Refuse a list of sources that names one twice, or one that is not there."""
    for name, times in Counter(names).items():
        if times > 1:
            refuse(f"the source {name} stands twice", f"来源 {name} 重复", "Name each once.", "每个来源写一次。")
        if name not in known:
            listed, listed_zh = ", ".join(known), "、".join(known)
            refuse(f"{name} is no source", f"{name} 不是来源", f"Sources: {listed}.", f"来源：{listed_zh}。")


def by_mask(inputs: Any) -> list[tuple[int, Any]]:
    """Each stated coalition as its mask, with its utility."""
    place = {source.name: number for number, source in enumerate(inputs.sources)}
    return [(mask_of([place[name] for name in each.sources]), each.utility) for each in inputs.coalitions]


def coalition_name(inputs: Any, mask: int) -> str:
    """Its sources' names."""
    return JOIN.join(source.name for at, source in enumerate(inputs.sources) if mask >> at & 1)


def _gains_asked(inputs: Any, source: int) -> tuple[list[int], FloatArray]:
    """The coalitions of the others on which the rule looks at what this source adds, and the weight of each gain."""
    weights = WEIGHTS[inputs.rule](len(inputs.sources))[sizes(len(inputs.sources) - 1)]
    others = [mask for mask in range(2 ** len(inputs.sources)) if not mask >> source & 1]
    looked_at = np.flatnonzero(weights)
    return [others[at] for at in looked_at], weights[looked_at]


def _wanted_masks(inputs: Any) -> list[int]:
    asked = [(mask, source) for source in range(len(inputs.sources)) for mask in _gains_asked(inputs, source)[0]]
    return sorted({each for mask, source in asked for each in (mask, mask | 1 << source)})


def contributions_of(inputs: Any, workings: Any) -> list[Any]:
    """What each source adds, (..., 1): stated, or as the rule weighs its gains on the coalitions of the others."""
    if inputs.rule == "stated":
        return [source.contribution for source in inputs.sources]
    line = workings.line
    reached = {0: np.zeros(1)} | {
        mask: line(f"utility[{coalition_name(inputs, mask)}]", utility, unit="ratio")
        for mask, utility in by_mask(inputs)
    }
    found = []
    for number, source in enumerate(inputs.sources):
        others, weights = _gains_asked(inputs, number)
        with_it = joined([reached[mask | 1 << number] for mask in others])
        gains = with_it - joined([reached[mask] for mask in others])
        weighed = line(f"weighed_gains[{source.name}]", gains * weights, unit="ratio")
        found.append(line(f"contribution[{source.name}]", weighed.sum(axis=-1, keepdims=True), unit="ratio"))
    if inputs.rule != "shapley":
        whole = reached[2 ** len(found) - 1] - reached[0]
        line("stretched_by", whole / joined(found).sum(axis=-1, keepdims=True), unit="ratio")
    return found


def shares_of(inputs: Any, workings: Any) -> list[Any]:
    """Each source's share of what is shared out, (..., 1); they add up to 1. Not finite if all together add nothing."""
    row = joined(contributions_of(inputs, workings))
    _warn_of_harm(inputs, row, workings)
    if inputs.negative_shares == "zero_and_renormalise":
        row = np.maximum(row, 0)
    together = workings.line("contributions_together", row.sum(axis=-1, keepdims=True), unit="ratio")
    workings.warn(
        together <= 0,
        "Together the sources add nothing, so nothing can be shared out: is more of the utility better? Copies hide "
        "each other when one is left out.",
        "各来源合计没有贡献，无法分配：效用值是否越大越好？逐一剔除时副本会相互掩盖。",
    )
    whole = np.where(together > 0, together, 0.0)
    return [
        workings.line(f"share[{source.name}]", row[..., at : at + 1] / whole, unit="fraction")
        for at, source in enumerate(inputs.sources)
    ]


def _warn_of_harm(inputs: Any, contributions: Any, workings: Any) -> None:
    reason = inputs.reason_substitutes.strip()
    workings.warn(
        bool(reason),
        f"Sources that replace each other both count, which moves all parts: {reason}",
        f"可互相替代的来源均参与分配，各方份额因此改变：{reason}",
    )
    said, said_zh = {
        "report": ("its part is negative, and the others' exceed the pool by it", "其份额为负，其他来源合计相应超出"),
        "zero_and_renormalise": ("it gets nothing, and the others' are cut to fit", "其份额计为零，其他来源相应缩减"),
    }[inputs.negative_shares]
    workings.warn(contributions < 0, f"A source harms the model: {said}.", f"存在负贡献来源：{said_zh}。")

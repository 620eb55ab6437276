"""What a reader of an appraisal must know beside its figures: sources, dates, correlations, figures of elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from valuation.calculation import Outcome
from valuation.case import Case
from valuation.drawn_values import draws_of
from valuation.ensemble import Ensemble
from valuation.evidence_grade import is_stated
from valuation.method import leaves
from valuation.quantity import Quantity
from valuation.reference.look_up import Figure
from valuation.workings import Warning


def correlation_warnings(case: Case, outcomes: Sequence[Outcome]) -> list[Warning]:
    """Say so if the stated correlations contradict each other and the nearest possible ones were used."""
    used = draws_of(case, Ensemble(outcomes).paths, 1).correlation
    if used.possible:
        return []
    return [
        Warning(
            f"The stated rank correlations cannot hold together; the nearest possible are used, changed by up to "
            f"{used.largest_change:.2f}.",
            f"所列秩相关系数不能同时成立；采用最接近的可行值，最大改动 {used.largest_change:.2f}。",
        )
    ]


def drawn_apart(case: Case, outcomes: Sequence[Outcome]) -> Iterator[Warning]:
    """Say so of inputs that one fit gave and that are drawn as if they had nothing to do with each other."""
    stated = {frozenset(pair[:2]) for pair in case.uncertainty.rank_correlation}
    for member in (member for outcome in outcomes for member in outcome.calculation.family()):
        ranged = [name for name in member.inputs.drawn_together if _has_a_range(getattr(member.inputs, name))]
        pairs = [frozenset(map(member.place, pair)) for pair in combinations(ranged, 2)]
        if any(pair not in stated for pair in pairs):
            yield Warning(
                f"{', '.join(ranged)} of {member.method.id} have ranges of their own and are drawn apart, though one "
                "fit gave them: the range of the value is far too wide. Draw resamples of the fit.",
                f"{member.method.id} 的 {'、'.join(ranged)} 出自同一拟合，却各自独立抽样，结果区间将严重偏宽；"
                "请改用拟合的重抽样。",
            )


def _has_a_range(given: Any) -> bool:
    return isinstance(given, Quantity) and given.uncertain


def foreign_figures(currency: str, outcomes: Sequence[Outcome]) -> Iterator[Warning]:
    """China's tax by default, or its interest rates at all, in a case of another currency."""
    members = [member for outcome in outcomes for member in outcome.calculation.family()]
    found = {
        f"{member.place(path)} ({quantity.reference})"
        for member in members
        for path, quantity, facts in leaves(member.inputs)
        if (quantity.reference or "").startswith("cn.")
        and (facts.unit == "fraction per year" or not is_stated(member.inputs, path))
    }
    if currency != "CNY" and found:
        shown = ", ".join(sorted(found))
        yield Warning(
            f"The case is in {currency} and takes figures of China: {shown}. State those of the country and currency.",
            f"案例币种为 {currency}，却采用中国数据：{shown}。请填写相应国家和币种的数据。",
        )


def hurried_sale(basis_of_value: str, outcomes: Sequence[Outcome]) -> Iterator[Warning]:
    """What a liquidation value does not go with: a benefit of writing off the price, and prices of unhurried sales."""
    if basis_of_value != "liquidation_value":
        return
    for calculation in (outcome.calculation for outcome in outcomes):
        written_off = getattr(calculation.inputs, "tax_life", None)
        if written_off is not None and written_off.value != 0:
            yield Warning(
                f"{calculation.method.id} adds the buyer's tax benefit of writing off the price; a liquidation value "
                "is stated without it. Leave tax_life out.",
                f"{calculation.method.id} 计入了买方摊销的税收利益；清算价值不含该利益，请勿填写 tax_life。",
            )
        if calculation.method.approach == "market" and getattr(calculation.inputs, "premise", "orderly") == "orderly":
            yield Warning(
                f"{calculation.method.id} takes prices of sales without haste as they are; a liquidation value is what "
                "a hurried sale brings. Say how the prices were lowered.",
                f"{calculation.method.id} 直接采用有序交易的价格；清算价值是快速变现所得，请说明价格如何调低。",
            )


def unsourced_figures(outcomes: Sequence[Outcome]) -> Iterator[Warning]:
    """How many stated figures name no source, and the first of them."""
    unsourced = sorted(
        {
            member.place(path)
            for outcome in outcomes
            for member in outcome.calculation.family()
            for path, quantity, _ in leaves(member.inputs)
            if is_stated(member.inputs, path)
            and quantity.source is None and quantity.reference is None and quantity.derive is None
        }
    )  # fmt: skip
    if unsourced:
        shown = ", ".join(unsourced[:6]) + (", …" if len(unsourced) > 6 else "")
        yield Warning(
            f"{len(unsourced)} stated figures name no source: {shown}.",
            f"{len(unsourced)} 个数据未注明来源：{shown}。",
        )


def stale_figures(figures: Sequence[Figure], outcomes: Sequence[Outcome]) -> Iterator[Warning]:
    """Which reference figures these methods use that are older than their source is usually renewed."""
    members = [member for outcome in outcomes for member in outcome.calculation.family()]
    used = {quantity.reference for member in members for _, quantity, _ in leaves(member.inputs)}
    for figure in figures:
        stale = figure.warning() if figure.name in used else None
        if stale is not None:
            yield Warning(stale.sentence("en"), stale.sentence("zh"))

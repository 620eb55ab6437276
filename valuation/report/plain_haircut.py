"""The haircut on one value as plain tables: its parts, and every assumption nobody stated with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from valuation.lending.haircuts import PART_NAMES, PledgedAsset
from valuation.lending.quick import Haircut
from valuation.method import field_facts
from valuation.report.table import Table, money, percent

WORDS = {
    "en": {
        "haircut": "Haircut {total}: {left} is left", "part": "Part", "retained": "Retained", "worst":
        "Mean of the worst cases: {worst}. By {draws:,} draws: {cut} (between {low} and {high}).",
        "assumed": "Assumed, since not stated (judgement of {dated})", "name": "Assumption", "figure": "Figure",
        "because": "Because", "title": "Nothing here says that a pledge holds: title and terms are not looked at.",
        "horizon": "Years to the money in hand", "shortfall_probability": "Probability of shortfall accepted",
    },
    "zh": {
        "haircut": "折扣率 {total}：剩余 {left}", "part": "组成", "retained": "保留率",
        "worst": "最差情形均值：{worst}。抽样 {draws:,} 次：{cut}（介于 {low} 与 {high} 之间）。",
        "assumed": "未给出而采用的假设（{dated} 的判断）", "name": "假设", "figure": "数值", "because": "理由",
        "title": "此处不考察权属与条款，不表示质押有效。", "horizon": "至变现的年数",
        "shortfall_probability": "可接受的不足额概率",
    },
}  # fmt: skip


def haircut_tables(found: Haircut, language: str = "en") -> Iterator[Table]:
    """Parts that multiply to what is left, then the defaults."""
    words, zh = WORDS[language], language == "zh"
    rows = [[PART_NAMES[name][zh], percent(kept, digits=1)] for name, kept in found.parts.items()]
    remarks = [words["title"]]
    if found.drawn is not None:
        low, high = found.drawn["between"]
        shares = {"cut": found.drawn["value_at_risk"], "low": low, "high": high}
        shares["worst"] = found.drawn["expected_shortfall"]  # the closed form is before claims
        written = {name: percent(share, digits=1) for name, share in shares.items()}
        remarks.insert(0, words["worst"].format(draws=found.drawn["draws"], **written))
    heading = words["haircut"].format(total=percent(found.total, digits=1), left=money(found.recoverable))
    yield Table(heading, [words["part"], words["retained"]], rows, remarks)
    if found.defaults:
        assumed = [[_label(d.name, language), f"{d.value:g}", d.because] for d in found.defaults]
        columns = [words["name"], words["figure"], words["because"]]
        yield Table(words["assumed"].format(dated=found.dated.isoformat()), columns, assumed)


def _label(name: str, language: str) -> str:
    facts = field_facts(PledgedAsset, name) if name in PledgedAsset.model_fields else None
    if facts is None:
        return WORDS[language][name]
    return facts.label_zh if language == "zh" else facts.label_en

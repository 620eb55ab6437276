"""Values as plain tables, for the command line: what a reader needs first, in either language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from valuation.appraisal import Appraisal, AssetAppraisal
from valuation.calculation import Outcome, uncertain
from valuation.report.table import Table, joined, money, percent, step_figure, unit_name
from valuation.sensitivity import sobol_indices, tornado
from valuation.texts.line_names import label

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "method": "Method", "title": "Title", "version": "Version", "value": "Value", "p5": "5th percentile",
        "p95": "95th percentile", "conclusion": "Conclusion", "none": "no conclusion yet", "warning": "Note",
        "dated": "{basis}, valued on {date}", "level": "evidence level {level} of 3: {meaning}",
        "level1": "quoted prices", "level2": "observed figures", "level3": "an input that matters is judgement",
        "below": "chance of a value below", "because": "because", "line": "Step", "unit": "Unit",
        "figures": "Figures", "input": "Input", "first": "Share of variance alone",
        "total": "With all it acts with", "at_low": "Value at its P5", "at_high": "Value at its P95",
        "independent": "Shares take the inputs as independent; in brackets the 95% interval.",
    },
    "zh": {
        "method": "方法", "title": "名称", "version": "版本", "value": "评估值", "p5": "5% 分位", "p95": "95% 分位",
        "conclusion": "结论", "none": "尚无结论", "warning": "提示", "dated": "{basis}，评估基准日 {date}",
        "level": "证据层级 {level}（共 3 级）：{meaning}", "level1": "活跃市场报价", "level2": "可观察数据",
        "level3": "有重要输入依赖专业判断", "below": "价值低于该金额的概率", "because": "理由", "line": "步骤",
        "unit": "单位", "figures": "数值", "input": "输入", "first": "单独方差占比", "total": "含交互方差占比",
        "at_low": "取 P5 时的值", "at_high": "取 P95 时的值",
        "independent": "方差占比假设各输入相互独立；括号内为 95% 区间。",
    },
}  # fmt: skip
BASES: dict[str, tuple[str, str]] = {
    "market_value": ("Market value", "市场价值"),
    "fair_value": ("Fair value", "公允价值"),
    "investment_value": ("Investment value", "投资价值"),
    "value_in_use": ("Value in use", "在用价值"),
    "liquidation_value": ("Liquidation value", "清算价值"),
}


def dated(basis_of_value: str, valuation_date: Any, language: str = "en") -> str:
    """What kind of value it is, and on which day it held."""
    basis = BASES[basis_of_value][language == "zh"]
    return WORDS[language]["dated"].format(basis=basis, date=valuation_date)


def level_of(evidence_level: int, language: str = "en") -> str:
    """How good the evidence is, in words: the level is that of the weakest input that moves the value."""
    words = WORDS[language]
    return words["level"].format(level=evidence_level, meaning=words[f"level{evidence_level}"])


def appraisal_tables(appraisal: Appraisal, language: str = "en", *, lines: bool = False) -> Iterator[Table]:
    """One table an asset: its indications, the conclusion, and what a reader must know; with `lines` every step too."""
    for asset in appraisal.assets:
        yield _asset_table(asset, appraisal, language)
        if lines:
            yield from _line_tables(asset, language)


def _asset_table(asset: AssetAppraisal, appraisal: Appraisal, language: str) -> Table:
    words, case = WORDS[language], appraisal.case
    rows = []
    for i in asset.indications:
        method = i.outcome.calculation.method
        rows.append([i.id, method.title[language == "zh"], str(method.version), money(i.value), *_ends(i.range)])
    if asset.value is not None:
        rows.append([words["conclusion"], "", "", money(asset.value), *_ends(asset.range)])
    value = f"{words['value']} ({case.currency})"
    columns = [words["method"], words["title"], words["version"], value, words["p5"], words["p95"]]
    remarks = [dated(case.basis_of_value, case.valuation_date, language), *remarks_on(asset, case.currency, language)]
    return Table(f"{asset.id} – {asset.asset.name or asset.kind}", columns, rows, remarks)


def remarks_on(asset: AssetAppraisal, currency: str, language: str = "en") -> Iterator[str]:
    """What a reader of the value must know: its evidence, why it was concluded, and every warning."""
    words = WORDS[language]
    yield level_of(asset.evidence_level, language)
    if asset.conclusion.because:
        yield joined(words["because"], asset.conclusion.because, language)
    if asset.value is None:
        yield words["none"]
    if asset.range is not None and asset.range.below is not None:
        below = asset.range.below
        chance = f"{percent(below.probability)} ± {percent(below.error)}"
        yield joined(f"{words['below']} {money(below.amount, currency)}", chance, language)
    for warning in asset.warnings:
        yield joined(words["warning"], warning.chinese if language == "zh" else warning.english, language)


def _ends(drawn: Any) -> list[str]:
    if drawn is None or drawn.draws == 1:  # not drawn, or certain
        return [money(None), money(None)]
    return [money(drawn.percentiles["p5"]), money(drawn.percentiles["p95"])]


def _line_tables(asset: AssetAppraisal, language: str) -> Iterator[Table]:
    for indication in asset.indications:
        members = [*indication.outcome.derived.items(), ("", indication.outcome)]
        for path, outcome in members:
            table = outcome_table(outcome, language)
            yield Table(f"{indication.id} {path}".rstrip(), table.columns, table.rows)


def outcome_table(outcome: Outcome, language: str = "en") -> Table:
    """One calculation with every step."""
    words = WORDS[language]
    rows = [
        [
            label(line.name, language),
            unit_name(line.unit, language),
            ", ".join(step_figure(v, line.unit) for v in line.values),
        ]
        for line in outcome.lines
    ]
    remarks = [w.chinese if language == "zh" else w.english for w in outcome.all_warnings()]
    return Table(outcome.calculation.method.id, [words["line"], words["unit"], words["figures"]], rows, remarks)


def sensitivity_json(appraisal: Appraisal) -> dict[str, Any]:
    """Swings and Sobol indices of every indication with an uncertain input, by asset and method, for machines."""
    return {
        asset.id: {
            i.id: {
                "tornado": [vars(swing) for swing in tornado(i.outcome)],
                "sobol": [vars(index) for index in sobol_indices(i.outcome, seed=appraisal.case.uncertainty.seed)],
            }
            for i in asset.indications
            if uncertain([i.outcome.calculation])
        }
        for asset in appraisal.assets
    }


def sensitivity_tables(appraisal: Appraisal, language: str = "en") -> Iterator[Table]:
    """Which inputs move the value: the value at both ends of each, and its share of the variance with its error."""
    words = WORDS[language]
    columns = [words["input"], words["at_low"], words["at_high"], words["first"], words["total"]]
    for asset, found in sensitivity_json(appraisal).items():
        for method, moved in found.items():
            shares = {index["path"]: index for index in moved["sobol"]}
            rows = [
                [
                    swing["path"].removeprefix(f"{asset}."),
                    money(swing["low"]),
                    money(swing["high"]),
                    _with_interval(shares[swing["path"]], "first"),
                    _with_interval(shares[swing["path"]], "total"),
                ]
                for swing in moved["tornado"]
            ]
            yield Table(f"{asset} – {method}", columns, rows, [words["independent"]])


def _with_interval(index: dict[str, Any], name: str) -> str:
    low, high = index[f"{name}_interval"]
    return f"{index[name]:.3f} [{low:.3f}, {high:.3f}]"

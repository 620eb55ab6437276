"""Results as plain tables, for the command line and the demo: what a reader needs first, in either language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from valuation.appraisal import Appraisal, AssetAppraisal
from valuation.calculation import Outcome, uncertain
from valuation.case import Case
from valuation.errors import InputError
from valuation.missing_facts import Readiness
from valuation.plugins import Installed
from valuation.sensitivity import sobol_indices, tornado

if TYPE_CHECKING:  # a value without a loan needs nothing of lending: 60 ms of import
    from valuation.lending.backtest import Breaches
    from valuation.lending.stress_tests import Stressed

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "method": "Method", "version": "Version", "value": "Value", "p5": "5 in 100 below",
        "p95": "5 in 100 above",
        "conclusion": "Conclusion", "none": "no conclusion yet", "warning": "Note", "level": "evidence level",
        "below": "chance of a value below",
        "because": "because", "line": "Step", "unit": "Unit", "figures": "Figures", "package": "Package",
        "title": "Title",
        "serves": "Serves", "approach": "Approach", "ready": "can run", "missing": "needs", "unlocks": "unlocks",
        "fact": "Fact", "broken": "cannot be loaded", "limit": "Limit", "amount": "Amount", "binding": "binds",
        "part": "Part", "retained": "Retained", "year": "Year", "balance": "Balance", "ltv": "Loan to value",
        "refuse": "No loan", "offer": "Loan up to", "hold": "Before drawing", "reason": "Why", "el": "Expected loss",
        "haircut": "Haircut", "state": "State", "of": "of", "input": "Input", "first": "Share of variance alone",
        "total": "With all it acts with",
        "at_low": "Value at its P5", "at_high": "Value at its P95",
        "kind": "Kind", "regime": "Regime", "windows": "Windows", "expected": "Expected", "seen": "Seen",
        "chance": "Kupiec p",
        "short": "A regime is one episode, however many windows it fills: read it as one observation.",
        "scenario": "Scenario", "maximum": "Largest loan", "cover": "Cover of the first offer",
        "breach": "First breach",
        "sizes": "Sizes of the shocks are judgement; a bank states its own.",
        "independent": "Shares take the inputs as independent; in brackets the 95% interval.",
    },
    "zh": {
        "method": "方法", "version": "版本", "value": "评估值", "p5": "5% 分位", "p95": "95% 分位",
        "conclusion": "结论", "none": "尚无结论", "warning": "提示", "level": "证据层级",
        "below": "价值低于该金额的概率",
        "because": "理由", "line": "步骤", "unit": "单位", "figures": "数值", "package": "软件包", "title": "名称",
        "serves": "适用资产", "approach": "途径", "ready": "可运行", "missing": "缺少", "unlocks": "可解锁",
        "fact": "事实", "broken": "无法加载", "limit": "限额", "amount": "金额", "binding": "起约束",
        "part": "组成", "retained": "保留率", "year": "年", "balance": "余额", "ltv": "质押率",
        "refuse": "不予贷款", "offer": "最高贷款额", "hold": "放款前条件", "reason": "原因", "el": "预期损失",
        "haircut": "折扣率", "state": "状态", "of": "/", "input": "输入", "first": "单独方差占比",
        "total": "含交互方差占比",
        "at_low": "取 P5 时的值", "at_high": "取 P95 时的值",
        "kind": "类别", "regime": "阶段", "windows": "窗口数", "expected": "预期", "seen": "实际",
        "chance": "Kupiec p 值", "short": "一个阶段无论含多少窗口都只是一次事件，应视为一次观测。",
        "scenario": "情景", "maximum": "最高贷款额", "cover": "原额度覆盖倍数", "breach": "首次击穿（年）",
        "sizes": "冲击幅度为判断，银行可自行设定。",
        "independent": "方差占比假设各输入相互独立；括号内为 95% 区间。",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A heading, column names, rows of text, and remarks below."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = ()


def money(figure: float | None, currency: str = "") -> str:
    """An amount with thousands separators, in whole units; a dash for none."""
    return "–" if figure is None else f"{figure:,.0f} {currency}".rstrip()


def percent(figure: float | None) -> str:
    """A fraction as a percentage with two decimals; a dash for none."""
    return "–" if figure is None else f"{figure:.2%}"


def appraisal_tables(appraisal: Appraisal, language: str = "en", *, lines: bool = False) -> Iterator[Table]:
    """One table an asset: its indications, the conclusion, and what a reader must know; with `lines` every step too."""
    for asset in appraisal.assets:
        yield _asset_table(asset, appraisal.case.currency, WORDS[language], language)
        if lines:
            yield from _line_tables(asset, language)


def _asset_table(asset: AssetAppraisal, currency: str, words: dict[str, str], language: str) -> Table:
    rows = [
        [i.id, str(i.outcome.calculation.method.version), money(i.value), *_ends(i.range)] for i in asset.indications
    ]
    if asset.value is not None:
        rows.append([words["conclusion"], "", money(asset.value), *_ends(asset.range)])
    remarks = [f"{words['level']} {asset.evidence_level}"]
    remarks += [f"{words['because']}: {asset.conclusion.because}"] if asset.conclusion.because else []
    remarks += [words["none"]] if asset.value is None else []
    if asset.range is not None and asset.range.below is not None:
        below = asset.range.below
        remarks.append(
            f"{words['below']} {money(below.amount, currency)}: {percent(below.probability)} ± {percent(below.error)}"
        )
    remarks += [f"{words['warning']}: {w.chinese if language == 'zh' else w.english}" for w in asset.warnings]
    columns = [words["method"], words["version"], f"{words['value']} ({currency})", words["p5"], words["p95"]]
    return Table(f"{asset.id} – {asset.asset.name or asset.kind}", columns, rows, remarks)


def _ends(drawn: Any) -> list[str]:
    if drawn is None or drawn.draws == 1:
        return ["–", "–"]
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
    rows = [[line.name, line.unit, ", ".join(f"{v:,.6g}" for v in line.values)] for line in outcome.lines]
    remarks = [w.chinese if language == "zh" else w.english for w in outcome.all_warnings()]
    return Table(outcome.calculation.method.id, [words["line"], words["unit"], words["figures"]], rows, remarks)


def offer_tables(offer: dict[str, Any], currency: str, language: str = "en") -> Iterator[Table]:
    """The decision with its reason, then haircut, limits and path; `offer` as it stands in the output."""
    words = WORDS[language]
    reasons = [_said(reason, language) for reason in offer["reasons"]]
    if offer["decision"] == "refuse":
        yield Table(words["refuse"], [words["reason"]], [[reason] for reason in reasons])
        return
    held = [f"{words['hold']}: {_said(check['reason'], language)}" for check in offer["conditions"]]
    remarks = [*reasons, *held, *(_said(warning, language) for warning in offer["warnings"])]
    rows = [
        [
            _said(limit["label"], language),
            money(limit["amount"]),
            words["binding"] if limit["binding"] else _said(limit.get("not_tested", ""), language),
        ]
        for limit in offer["limits"]
    ]
    heading = f"{words['offer']} {money(offer['maximum_loan'], currency)} ({percent(offer['loan_to_value'])})"
    yield Table(heading, [words["limit"], words["amount"], ""], rows, remarks)
    parts = [[_said(part["label"], language), percent(part["retained"])] for part in offer["haircut"]["parts"]]
    yield Table(f"{words['haircut']} {percent(offer['haircut']['total'])}", [words["part"], words["retained"]], parts)
    path = [
        [f"{step['year']:g}", money(step["value"]), money(step["balance"]), percent(step["loan_to_value"])]
        for step in offer["path"]
    ]
    yield Table("", [words["year"], words["value"], words["balance"], words["ltv"]], path)


def _said(text: Any, language: str) -> str:
    return str(text.get(language) or text.get("en")) if isinstance(text, dict) else str(text)


def method_table(found: Sequence[Installed | InputError], language: str = "en") -> Table:
    """Every installed method, and those that cannot be loaded with the reason."""
    words = WORDS[language]
    rows, remarks = [], []
    for entry in found:
        if isinstance(entry, InputError):
            remarks += [problem.sentence(language) for problem in entry.problems]
            continue
        method = entry.method
        title = method.title[1] if language == "zh" else method.title[0]
        rows.append(
            [method.id, str(method.version), title, ", ".join(method.serves), f"{entry.distribution} {entry.version}"]
        )
    columns = [words["method"], words["version"], words["title"], words["serves"], words["package"]]
    return Table("", columns, rows, remarks)


def method_json(found: Sequence[Installed | InputError]) -> list[dict[str, Any]]:
    """Every installed method with what a reader must know of it, for machines."""
    return [
        {"broken": [problem.to_json() for problem in entry.problems]}
        if isinstance(entry, InputError)
        else {
            "id": entry.id,
            "version": entry.method.version,
            "approach": entry.method.approach,
            "title": {"en": entry.method.title[0], "zh": entry.method.title[1]},
            "serves": list(entry.method.serves),
            "limitations": {"en": entry.method.limitations[0], "zh": entry.method.limitations[1]},
            "citations": [{"text": citation.text, "mark": citation.mark} for citation in entry.method.citations],
            "evidence": list(entry.method.evidence),
            "distribution": entry.distribution,
            "distribution_version": entry.version,
        }
        for entry in found
    ]


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


def stress_table(rows: Sequence[Stressed], case: Case, language: str = "en") -> Table:
    """Value, largest loan, what binds, and how far the loan as first offered is covered, by scenario."""
    from valuation.lending.limits import LIMIT_NAMES

    words = WORDS[language]
    columns = ["scenario", "value", "maximum", "binding", "cover", "breach"]
    shown = [
        [
            row.to_json()["name"][language],
            money(row.value),
            money(row.maximum_loan),
            LIMIT_NAMES.get(row.binding or "", ("–", "–"))[language == "zh"],
            "–" if row.coverage is None else f"{row.coverage:.2f}",
            "–" if row.first_breach is None else f"{row.first_breach:g}",
        ]
        for row in rows
    ]
    heading = f"{case.name} ({case.currency})"
    return Table(heading, [words.get(name, name) for name in columns], shown, [words["sizes"]])


def backtest_table(rows: Sequence[Breaches], language: str = "en") -> Table:
    """Expected and seen breaches of the stressed value by kind and regime, with the chance of so many by luck."""
    words = WORDS[language]
    shown = [
        [
            row.kind,
            row.regime,
            str(row.windows),
            f"{row.shortfall_probability:.0%}",
            f"{row.seen:.0%}",
            f"{row.p_value:.3f}",
        ]
        for row in rows
    ]
    columns = [words[name] for name in ("kind", "regime", "windows", "expected", "seen", "chance")]
    return Table("", columns, shown, [words["short"]])


def readiness_tables(found: Sequence[Readiness], language: str = "en") -> Iterator[Table]:
    """For each asset what can run, what is missing, and what a missing fact would unlock."""
    words = WORDS[language]
    for asset in found:
        rows = [[method, words["ready"], ""] for method in asset.ready]
        rows += [[method, words["missing"], ", ".join(lacking)] for method, lacking in asset.missing.items()]
        refused = [problem.sentence(language) for problems in asset.refused.values() for problem in problems]
        yield Table(asset.asset, [words["method"], words["state"], words["fact"]], rows, refused)
        unlocks = [[fact, ", ".join(methods)] for fact, methods in asset.unlocks.items()]
        if unlocks:
            yield Table("", [words["fact"], words["unlocks"]], unlocks)


def text_of(table: Table) -> str:
    """The table as plain text with aligned columns, Chinese counted at two places a sign; for files and pipes."""
    grid = [list(table.columns), *[list(row) for row in table.rows]]
    widths = [max(_width(row[column]) for row in grid) for column in range(len(table.columns))]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in grid]
    return "\n".join(
        [*([table.heading] if table.heading else []), *lines, *(f"  {remark}" for remark in table.remarks)]
    )


def _width(text: str) -> int:
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int) -> str:
    space = " " * (width - _width(text))
    return space + text if text[:1].isdigit() or text[:1] in "–-" else text + space

"""A loan as plain tables: decision and limits, conditions before drawing, haircut, path; stresses and history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from valuation.assets import KIND_NAMES
from valuation.case import Case
from valuation.report.table import NONE, Table, joined, money, percent, said

if TYPE_CHECKING:
    from valuation.lending.backtest import Breaches
    from valuation.lending.stress_tests import Stressed

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "refuse": "No loan", "reason": "Why", "offer": "Loan up to {amount}, {ltv} of the value", "limit": "Limit",
        "amount": "Amount", "binding": "binds", "warning": "Note", "hold": "Before drawing", "asset": "Asset",
        "condition": "Condition",
        "haircut": "Haircut {total}: what a forced sale would take", "part": "Part", "retained": "Retained",
        "path": "Value against balance", "year": "Year", "value": "Value", "balance": "Balance",
        "ltv": "Loan to value", "el": "Expected loss over the life of the loan",
        "kind": "Kind", "regime": "Regime", "windows": "Windows", "expected": "Expected", "seen": "Seen",
        "chance": "Kupiec p",
        "short": "A regime is one episode, however many windows it fills: read it as one observation.",
        "scenario": "Scenario", "maximum": "Largest loan", "cover": "Cover of the first offer",
        "breach": "First breach (year)", "sizes": "Sizes of the shocks are judgement; a bank states its own.",
        "untouched": "Where nothing moves, contracts fix what is shocked, or the case has no such input.",
    },
    "zh": {
        "refuse": "不予贷款", "reason": "原因", "offer": "最高贷款额 {amount}，为评估值的 {ltv}", "limit": "限额",
        "amount": "金额", "binding": "起约束", "warning": "提示", "hold": "放款前条件", "asset": "资产",
        "condition": "条件",
        "haircut": "折扣率 {total}：强制变现的各项扣减", "part": "组成", "retained": "保留率",
        "path": "价值与余额", "year": "年", "value": "评估值", "balance": "余额", "ltv": "质押率",
        "el": "贷款期内预期损失",
        "kind": "类别", "regime": "阶段", "windows": "窗口数", "expected": "预期", "seen": "实际",
        "chance": "Kupiec p 值", "short": "一个阶段无论含多少窗口都只是一次事件，应视为一次观测。",
        "scenario": "情景", "maximum": "最高贷款额", "cover": "原额度覆盖倍数", "breach": "首次击穿（年）",
        "sizes": "冲击幅度为判断，银行可自行设定。",
        "untouched": "结果未变的情景：合同已锁定所冲击的项目，或案例中没有该项输入。",
    },
}  # fmt: skip


def offer_tables(offer: dict[str, Any], currency: str, language: str = "en") -> Iterator[Table]:
    """The decision with its reason, then conditions, haircut and path; `offer` as it stands in the output."""
    words = WORDS[language]
    reasons = [said(reason, language) for reason in offer["reasons"]]
    if offer["decision"] == "refuse":
        yield Table(words["refuse"], [words["reason"]], [[reason] for reason in reasons])
        return
    yield _limits(offer, currency, language, reasons)
    if offer["conditions"]:
        held = [[check["asset"], said(check["reason"], language)] for check in offer["conditions"]]
        yield Table(words["hold"], [words["asset"], words["condition"]], held)
    parts = [[said(part["label"], language), percent(part["retained"], digits=1)] for part in offer["haircut"]["parts"]]
    taken = words["haircut"].format(total=percent(offer["haircut"]["total"], digits=1))
    yield Table(taken, [words["part"], words["retained"]], parts)
    yield _path(offer, currency, language)


def _limits(offer: dict[str, Any], currency: str, language: str, reasons: Sequence[str]) -> Table:
    words = WORDS[language]
    rows = [
        [
            said(limit["label"], language),
            money(limit["amount"]),
            words["binding"] if limit["binding"] else said(limit.get("not_tested", ""), language),
        ]
        for limit in offer["limits"]
    ]
    amount, ltv = money(offer["maximum_loan"], currency), percent(offer["loan_to_value"])
    remarks = [
        *reasons,
        *(joined(words["warning"], said(warning, language), language) for warning in offer["warnings"]),
    ]
    columns = [words["limit"], f"{words['amount']} ({currency})", ""]
    return Table(words["offer"].format(amount=amount, ltv=ltv), columns, rows, remarks)


def _path(offer: dict[str, Any], currency: str, language: str) -> Table:
    words = WORDS[language]
    rows = [
        [f"{step['year']:g}", money(step["value"]), money(step["balance"]), percent(step["loan_to_value"])]
        for step in offer["path"]
    ]
    loss = offer["expected_loss"]
    remarks = [] if loss is None else [joined(words["el"], money(loss, currency), language)]
    columns = [words["year"], f"{words['value']} ({currency})", words["balance"], words["ltv"]]
    return Table(words["path"], columns, rows, remarks)


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
            LIMIT_NAMES.get(row.binding or "", (NONE, NONE))[language == "zh"],
            NONE if row.coverage is None else f"{row.coverage:.2f}",
            NONE if row.first_breach is None else f"{row.first_breach:g}",
        ]
        for row in rows
    ]
    still = any(row.value == rows[0].value and row.maximum_loan == rows[0].maximum_loan for row in rows[1:])
    remarks = [words["sizes"], *([words["untouched"]] if still else [])]
    heading = f"{case.name} ({case.currency})"
    return Table(heading, [words.get(name, name) for name in columns], shown, remarks)


def backtest_table(rows: Sequence[Breaches], language: str = "en") -> Table:
    """Expected and seen breaches of the stressed value by kind and regime, with the chance of so many by luck."""
    words = WORDS[language]
    shown = [
        [
            KIND_NAMES[row.kind][1] if language == "zh" else row.kind,
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

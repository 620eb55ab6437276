"""How a loan fares and why, as plain tables: the grade, both ratios, the lever of every limit, the path by draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from valuation.report.table import Table, joined, money, percent, said

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "borrower": "The borrower: grade {grade}, {score:.1f} points", "module": "Module", "weight": "Weight",
        "points": "Points", "by_score": "Grade by score", "by_hand": "Grade set by hand to {grade} until {until}",
        "pd": "The grade moves the probability of default alone: {figure} a year",
        "cap": "The grade moves the pledge rate alone: times {figure:g}", "card": "Card", "of": "of",
        "consistency": "consistency ratio of the judgements", "ratios": "Debt against security",
        "regulatory": "Principal over valuation (as the supervisor counts)",
        "economic": "Debt over what a sale brings, at its highest",
        "cover": "Cash flow over interest and principal, at its lowest (year {year:g})",
        "may_fall": "The cash flow may fall by {fall} before it no longer pays them",
        "limits": "What would raise each limit by 1%", "limit": "Limit", "amount": "Amount", "input": "Input",
        "stated": "Stated", "change": "Change", "drawn": "The path by {draws:,} draws", "year": "Year",
        "value": "Value, 5% to 95%", "ltv": "Loan to value, 5% to 95%", "short": "A sale falls short",
        "cut": "Haircut by draws {cut} (between {low} and {high}); mean of the worst cases {worst}",
    },
    "zh": {
        "borrower": "借款人：评级 {grade}，得分 {score:.1f}", "module": "模块", "weight": "权重", "points": "得分",
        "by_score": "按得分评级", "by_hand": "人工调整评级为 {grade}，有效期至 {until}",
        "pd": "评级仅作用于违约概率：每年 {figure}", "cap": "评级仅作用于质押率：乘以 {figure:g}", "card": "评分卡",
        "of": "日期", "consistency": "判断矩阵一致性比率", "ratios": "债务与押品",
        "regulatory": "本金/评估值（监管口径抵质押率）", "economic": "债务/变现所得（最高时点，经济口径）",
        "cover": "现金流/还本付息（最低，第 {year:g} 年）", "may_fall": "现金流下降 {fall} 之内仍足以还本付息",
        "limits": "将各限额提高 1% 所需的变动", "limit": "限额", "amount": "金额", "input": "输入", "stated": "现值",
        "change": "变动", "drawn": "抽样路径（{draws:,} 次）", "year": "年", "value": "价值 5%—95%",
        "ltv": "质押率 5%—95%", "short": "变现不足概率",
        "cut": "抽样折扣率 {cut}（介于 {low} 与 {high} 之间）；最差情形均值 {worst}",
    },
}  # fmt: skip
Lever = Callable[[dict[str, Any], float], list[str]]


def course_tables(offer: dict[str, Any], currency: str, language: str, lever: Lever) -> Iterator[Table]:
    """Every table of these that the offer has figures for; `lever` writes an input and its change in words."""
    words = WORDS[language]
    if offer["borrower"] is not None:
        yield _borrower(offer["borrower"], words, language)
    if offer["ltv_regulatory"] is None:
        return
    rows = [[words[name], percent(offer[f"ltv_{name}"])] for name in ("regulatory", "economic")]
    remarks, service = [], offer["debt_service"]
    if service is not None:
        rows.append([words["cover"].format(year=service["year"]), f"{service['least_cover']:.2f}"])
        fall = service["cash_flow_may_fall_by"]
        remarks += [words["may_fall"].format(fall=percent(fall, digits=1))] if fall is not None and fall > 0 else []
    yield Table(words["ratios"], ["", ""], rows, remarks)
    yield _limits(offer, currency, words, language, lever)
    yield _drawn(offer["drawn"], currency, words)


def _borrower(graded: dict[str, Any], words: dict[str, str], language: str) -> Table:
    rows = []
    for module, weight in graded["weights"].items():
        points = sum(part for name, part in graded["contributions"].items() if name.split(".")[0] == module)
        rows.append([module, percent(weight), f"{points:.1f}"])
    grade, override = graded["grade"], graded["override"]
    remarks = [joined(words["by_score"], graded["earned"], language)]
    if override is not None:
        by_hand = words["by_hand"].format(grade=override["grade"], until=override["until"])
        remarks.append(joined(by_hand, f"{override['who']}, {override['why']}", language))
    moved = percent(grade["pd"]) if graded["moves"] == "pd" else grade["cap_multiple"]
    remarks.append(words[graded["moves"]].format(figure=moved))
    card = f"{graded['card']}, {graded['dated']}, {graded['mark']}"
    remarks.append(joined(words["card"], f"{card}; {words['consistency']} {graded['consistency_ratio']:.3f}", language))
    heading = words["borrower"].format(grade=grade["id"], score=graded["score"])
    return Table(heading, [words["module"], words["weight"], words["points"]], rows, remarks)


def _limits(offer: dict[str, Any], currency: str, words: dict[str, str], language: str, lever: Lever) -> Table:
    rows = [
        [said(limit["label"], language), money(limit["amount"]), *lever(levers[0], limit["amount"] / 100)]
        for limit in offer["limits"]
        if limit["amount"] and (levers := offer["levers"].get(limit["name"]))
    ]
    columns = [words["limit"], f"{words['amount']} ({currency})", words["input"], words["stated"], words["change"]]
    return Table(words["limits"], columns, rows)


def _drawn(drawn: dict[str, Any], currency: str, words: dict[str, str]) -> Table:
    rows = [
        [
            f"{row['year']:g}",
            f"{money(row['value']['p5'])} – {money(row['value']['p95'])}",
            f"{percent(row['loan_to_value']['p5'])} – {percent(row['loan_to_value']['p95'])}",
            percent(row["chance_of_shortfall"]),
        ]
        for row in drawn["path"]
    ]
    cut = drawn["haircut"]
    low, high = (percent(end, digits=1) for end in cut["between"])
    at_risk, worst = (percent(cut[name], digits=1) for name in ("value_at_risk", "expected_shortfall"))
    remark = words["cut"].format(cut=at_risk, low=low, high=high, worst=worst)
    columns = [words["year"], f"{words['value']} ({currency})", words["ltv"], words["short"]]
    return Table(words["drawn"].format(draws=cut["draws"]), columns, rows, [remark])

"""What an offer says beside the loan, as plain tables: what carries it, what raises it, shared losses, price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from valuation.lending.limits import LIMIT_NAMES
from valuation.lending.schemes import PARTY_NAMES
from valuation.report.plain import Table, money, percent

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "carried": "What carries it", "loan": "The largest loan", "amount_asked": "The amount asked for",
        "amount": "Amount", "by_security": "Sale of the security", "by_guarantee": "Guarantee",
        "by_cash_flow": "Cash flow", "by_nothing_tested": "Nothing tested", "raise": "To raise this limit by 1%",
        "input": "Input", "stated": "Stated", "change": "Change", "sharing": "Who bears the expected loss",
        "party": "Bearer", "share": "Share", "loss": "Expected loss", "price": "Price", "line": "Line",
        "level": "Debt over value", "after": "Reached after years", "chance": "Chance",
        "never": "not on the expected path", "fits": "What else fits", "because": "because",
        "rate_needed": "Rate needed", "rate_allowed": "Rate allowed", "falls_short_by": "Falls short by",
        "loss_to_be_cut": "Yearly loss to be cut by",
        "share_others_must_bear": "Part of the loss others must bear",
        "cost_to_borrower": "Whole cost to the borrower", "warning": "Warning", "top_up": "Top-up",
        "close_out": "Close-out", "again": "To be valued again every {years:.2g} years.",
        "together": "Expected loss if price and default move together", "each": "each by {:+.1%}",
    },
    "zh": {
        "carried": "贷款由什么支撑", "loan": "最高贷款额", "amount_asked": "申请金额", "amount": "金额",
        "by_security": "押品变现", "by_guarantee": "担保", "by_cash_flow": "现金流", "by_nothing_tested": "未经测试",
        "raise": "将该限额提高 1%", "input": "输入", "stated": "现值", "change": "变动", "sharing": "预期损失的分担",
        "party": "承担方", "share": "比例", "loss": "预期损失", "price": "定价", "line": "线", "level": "债务/押品价值",
        "after": "触及时间（年）", "chance": "概率", "never": "预期路径上不触及", "fits": "其他适合的服务",
        "because": "理由", "rate_needed": "所需利率", "rate_allowed": "允许利率", "falls_short_by": "缺口",
        "loss_to_be_cut": "年损失须降低", "share_others_must_bear": "他方须承担的损失比例",
        "cost_to_borrower": "借款人综合成本", "warning": "预警", "top_up": "补仓", "close_out": "处置",
        "again": "每 {years:.2g} 年重新评估一次。", "together": "价格与违约同向变动时的预期损失",
        "each": "逐年各 {:+.1%}",
    },
}  # fmt: skip
PARTS = ("by_security", "by_guarantee", "by_cash_flow", "by_nothing_tested")
PRICES = (
    "rate_needed", "rate_allowed", "falls_short_by", "loss_to_be_cut", "share_others_must_bear", "cost_to_borrower",
)  # fmt: skip


def supplement_tables(offer: dict[str, Any], language: str = "en") -> Iterator[Table]:
    """Every table that the offer has figures for; `offer` as it stands in the output."""
    words = WORDS[language]
    if offer["carried_by"]["loan"] is not None:
        yield _carried(offer, words)
        yield _levers(offer, words, language)
    if offer["risk_sharing"] is not None:
        yield _sharing(offer["risk_sharing"], words, language)
    if offer["price"] is not None:
        said = [remark[language] for remark in offer["price"]["remarks"]]
        yield Table(words["price"], ["", ""], [[words[n], percent(offer["price"][n])] for n in PRICES], said)
    if offer["lines"] is not None:
        yield _lines(offer["lines"], words)
    rows = [[service["label"][language], service["because"][language]] for service in offer["also_fits"]]
    if rows:
        yield Table(words["fits"], ["", words["because"]], rows)


def _carried(offer: dict[str, Any], words: dict[str, str]) -> Table:
    rows = [
        [words[name], money(parts["amount"]), *(money(parts[part]) for part in PARTS)]
        for name, parts in offer["carried_by"].items()
        if parts is not None
    ]
    remarks = [words["again"].format(years=offer["revaluation"]["every_years"])]
    if offer["expected_loss_moving_together"] is not None:
        remarks.append(f"{words['together']}: {money(offer['expected_loss_moving_together']['expected_loss'])}")
    return Table(words["carried"], ["", words["amount"], *(words[part] for part in PARTS)], rows, remarks)


def _levers(offer: dict[str, Any], words: dict[str, str], language: str) -> Table:
    binding = next(limit for limit in offer["limits"] if limit["binding"])
    rows = []
    for lever in offer["levers"][binding["name"]]:
        change = lever["change_for_one_more"] * binding["amount"] / 100
        by_year = isinstance(lever["stated"], list)
        stated = ", ".join(f"{figure:,.6g}" for figure in lever["stated"]) if by_year else f"{lever['stated']:,.6g}"
        rows.append([lever["input"], stated, words["each"].format(change) if by_year else f"{change:+,.4g}"])
    name = LIMIT_NAMES.get(binding["name"], (binding["name"], binding["name"]))[language == "zh"]
    return Table(f"{words['raise']}: {name}", [words["input"], words["stated"], words["change"]], rows)


def _sharing(shared: dict[str, Any], words: dict[str, str], language: str) -> Table:
    rows = [
        [PARTY_NAMES[party][language == "zh"], percent(shared["shares"].get(party, 0.0)), money(loss)]
        for party, loss in shared["expected_loss_borne_by"].items()
    ]
    terms = f"{shared['scheme'] or shared['source']}: {shared['base']}, {shared['order_of_recovery']}"
    return Table(words["sharing"], [words["party"], words["share"], words["loss"]], rows, [terms])


def _lines(lines: dict[str, Any], words: dict[str, str]) -> Table:
    rows = []
    for name in ("warning", "top_up", "close_out"):
        after = lines[name]["reached_after_years"]
        when = words["never"] if after is None else f"{after:.2f}"
        rows.append([words[name], percent(lines[name]["level"]), when, percent(lines[name]["chance"])])
    return Table("", [words["line"], words["level"], words["after"], words["chance"]], rows)

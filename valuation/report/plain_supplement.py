"""What an offer says beside the loan, as plain tables: what carries it, what raises it, shared losses, price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from valuation.lending.haircuts import PledgedAsset
from valuation.lending.limits import LIMIT_NAMES, LimitInputs
from valuation.lending.schemes import PARTY_NAMES
from valuation.method import field_facts
from valuation.report.plain_course import course_tables
from valuation.report.table import Table, change, joined, money, percent, stated

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "carried": "What carries it", "loan": "The largest loan", "amount_asked": "The amount asked for",
        "amount": "Amount", "by_security": "Sale of the security", "by_guarantee": "Guarantee",
        "by_cash_flow": "Cash flow", "by_nothing_tested": "Nothing tested", "raise": "To raise this limit by 1%",
        "input": "Input", "stated": "Stated", "change": "Change", "sharing": "Who bears the expected loss",
        "party": "Bearer", "share": "Share", "loss": "Expected loss", "price": "Price", "line": "Line",
        "level": "Debt over value", "after": "Reached after years", "chance": "Chance",
        "never": "not on the expected path", "fits": "Services that fit", "service": "Service", "because": "Because",
        "rate_needed": "Rate needed", "rate_allowed": "Rate allowed", "falls_short_by": "Falls short by",
        "loss_to_be_cut": "Yearly loss to be cut by",
        "share_others_must_bear": "Part of the loss others must bear",
        "cost_to_borrower": "Whole cost to the borrower", "warning": "Warning", "top_up": "Top-up",
        "close_out": "Close-out", "again": "To be valued again every {months} months.",
        "together": "Expected loss if price and default move together", "each": "each year by {:+.1%}",
        "watch": "Lines to watch",
    },
    "zh": {
        "carried": "贷款由什么支撑", "loan": "最高贷款额", "amount_asked": "申请金额", "amount": "金额",
        "by_security": "押品变现", "by_guarantee": "担保", "by_cash_flow": "现金流", "by_nothing_tested": "未经测试",
        "raise": "将该限额提高 1%", "input": "输入", "stated": "现值", "change": "变动", "sharing": "预期损失的分担",
        "party": "承担方", "share": "比例", "loss": "预期损失", "price": "定价", "line": "线", "level": "债务/押品价值",
        "after": "触及时间（年）", "chance": "概率", "never": "预期路径上不触及", "fits": "适合的金融服务",
        "service": "服务", "because": "理由", "rate_needed": "所需利率", "rate_allowed": "允许利率",
        "falls_short_by": "缺口", "loss_to_be_cut": "年损失须降低", "share_others_must_bear": "他方须承担的损失比例",
        "cost_to_borrower": "借款人综合成本", "warning": "预警", "top_up": "补仓", "close_out": "处置",
        "again": "每 {months} 个月重新评估一次。", "together": "价格与违约同向变动时的预期损失",
        "each": "逐年各 {:+.1%}", "watch": "监控线",
    },
}  # fmt: skip
BASES = {
    "principal": ("of the principal", "以本金为基数"),
    "principal_and_interest": ("of principal and interest", "以本息为基数"),
}
ORDERS = {
    "net": ("the proceeds of the security first reduce what is shared", "先以处置所得冲减，不足部分分担"),
    "bank_first": ("the bank keeps the proceeds of the security first", "处置所得先归银行"),
    "guarantor_first": ("the guarantor keeps the proceeds of the security first", "处置所得先归担保方"),
}
PARTS = ("by_security", "by_guarantee", "by_cash_flow", "by_nothing_tested")
PRICES = (
    "rate_needed", "rate_allowed", "falls_short_by", "loss_to_be_cut", "share_others_must_bear", "cost_to_borrower",
)  # fmt: skip


def supplement_tables(offer: dict[str, Any], currency: str, language: str = "en") -> Iterator[Table]:
    """Every table that the offer has figures for; `offer` as it stands in the output."""
    words = WORDS[language]
    if offer["carried_by"]["loan"] is not None:
        yield _carried(offer, currency, words, language)
        yield _levers(offer, words, language)
    yield from course_tables(offer, currency, language, lambda lever, by: _lever(lever, by, words, language))
    if offer["risk_sharing"] is not None:
        yield _sharing(offer["risk_sharing"], currency, words, language)
    if offer["price"] is not None:
        remarks = [remark[language] for remark in offer["price"]["remarks"]]
        yield Table(words["price"], ["", ""], [[words[n], percent(offer["price"][n])] for n in PRICES], remarks)
    if offer["lines"] is not None:
        yield _lines(offer["lines"], words)
    rows = [[service["label"][language], service["because"][language]] for service in offer["also_fits"]]
    if rows:
        yield Table(words["fits"], [words["service"], words["because"]], rows)


def _carried(offer: dict[str, Any], currency: str, words: dict[str, str], language: str) -> Table:
    rows = [
        [words[name], money(parts["amount"]), *(money(parts[part]) for part in PARTS)]
        for name, parts in offer["carried_by"].items()
        if parts is not None
    ]
    remarks = [words["again"].format(months=max(1, int(12 * offer["revaluation"]["every_years"])))]
    if offer["expected_loss_moving_together"] is not None:
        loss = money(offer["expected_loss_moving_together"]["expected_loss"], currency)
        remarks.append(joined(words["together"], loss, language))
    columns = ["", f"{words['amount']} ({currency})", *(words[part] for part in PARTS)]
    return Table(words["carried"], columns, rows, remarks)


def _levers(offer: dict[str, Any], words: dict[str, str], language: str) -> Table:
    binding = next(limit for limit in offer["limits"] if limit["binding"])
    rows = [_lever(lever, binding["amount"] / 100, words, language) for lever in offer["levers"][binding["name"]]]
    name = LIMIT_NAMES.get(binding["name"], (binding["name"], binding["name"]))[language == "zh"]
    return Table(joined(words["raise"], name, language), [words["input"], words["stated"], words["change"]], rows)


def _lever(lever: dict[str, Any], amount: float, words: dict[str, str], language: str) -> list[str]:
    """An input by its label, with the change of it that raises the limit by this amount."""
    name, unit = _input_name(lever["input"], language)
    moved = lever["change_for_one_more"] * amount
    if isinstance(lever["stated"], list):
        return [name, ", ".join(stated(figure, unit) for figure in lever["stated"]), words["each"].format(moved)]
    return [name, stated(lever["stated"], unit), change(moved, unit, language)]


def _input_name(path: str, language: str) -> tuple[str, str]:
    """Label and unit of an input such as corpus.value; the path itself where no field of ours has that name."""
    asset, _, name = path.rpartition(".")
    model = PledgedAsset if asset else LimitInputs
    facts = field_facts(model, name) if name in model.model_fields else None
    if facts is None:
        return path, ""
    label = facts.label_zh if language == "zh" else facts.label_en
    return joined(asset, label, language) if asset else label, facts.unit


def _sharing(shared: dict[str, Any], currency: str, words: dict[str, str], language: str) -> Table:
    rows = [
        [PARTY_NAMES[party][language == "zh"], percent(shared["shares"].get(party, 0.0)), money(loss)]
        for party, loss in shared["expected_loss_borne_by"].items()
    ]
    terms = [BASES[shared["base"]][language == "zh"], ORDERS[shared["order_of_recovery"]][language == "zh"]]
    remark = joined(shared["scheme"] or shared["source"], ("；" if language == "zh" else "; ").join(terms), language)
    return Table(words["sharing"], [words["party"], words["share"], f"{words['loss']} ({currency})"], rows, [remark])


def _lines(lines: dict[str, Any], words: dict[str, str]) -> Table:
    rows = []
    for name in ("warning", "top_up", "close_out"):
        after = lines[name]["reached_after_years"]
        when = words["never"] if after is None else f"{after:.2f}"
        rows.append([words[name], percent(lines[name]["level"]), when, percent(lines[name]["chance"])])
    return Table(words["watch"], [words["line"], words["level"], words["after"], words["chance"]], rows)

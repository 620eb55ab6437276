"""The risks of a book as plain tables: who has too much of it, what falls together, what shocks do, what is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from valuation.assets import KIND_NAMES
from valuation.report.table import NONE, Table, joined, money, percent, said

GROUPS = {
    "by_loan": ("Loan", "单笔贷款"), "kind": ("Kind of asset", "资产类别"), "borrower": ("Borrower", "借款人"),
    "base_model": ("Base model", "基础模型"), "gpu_generation": ("GPU generation", "GPU 代际"),
    "guarantor": ("Guarantor", "担保人"),
}  # fmt: skip
DUE = {
    "no_appraisal_date": ("Appraisal: no date is stated", "评估：未填日期"),
    "decay": ("Appraisal: a tenth of the value is gone", "评估：价值已衰减十分之一"),
    "yearly_rule": ("Appraisal: a year has passed", "评估：已满一年"),
    "fee": ("Fee of the right", "权利年费"),
    "legal_life": ("The right ends before the loan", "权利先于贷款届满"),
}  # fmt: skip
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "debt": "Debt",
        "concentration": "Concentration of the debt", "group": "By", "index": "Herfindahl index",
        "number": "As many as of one size", "largest": "Largest", "share": "Share", "unnamed": "Without a name",
        "limits": "Limits of the policy on one name", "limit": "At most", "name": "Name", "amount": "Debt",
        "over": "Above the limit", "rows": "Rows", "where": "Largest of them", "kept": "kept",
        "untested": "not tested: the table has no such column", "pool": "Losses on one factor, default within a year",
        "mean": "Mean loss", "bad": "Loss in {confidence} of cases not exceeded", "add_on": "Added by single names",
        "together": "Added instead if all of one name fail together: {group}",
        "correlation": "Correlation of defaults", "sensitivity": "Sensitivity of the security",
        "probability": "Mean probability of default", "counted": "Names counted by", "borrower": "borrower",
        "row": "row", "no_pd": "Debt without a probability of default, left out", "stress": "Stress",
        "scenario": "Scenario", "touched": "Rows touched", "maximum": "Largest loans", "change": "Change",
        "below": "Rows below their debt", "short": "Short by", "loss": "Expected loss on the debt",
        "binding": "What decides", "judged": "Sizes of the shocks are judgement; a bank states its own.",
        "balance": "Debt is the balance of a row, or its largest loan where none is stated.",
        "due": "Due", "reason": "Reason", "count": "Rows",
    },
    "zh": {
        "debt": "债务合计",
        "concentration": "债务集中度", "group": "分组", "index": "赫芬达尔指数", "number": "等效个数",
        "largest": "最大者", "share": "占比", "unnamed": "未填名称占比", "limits": "政策的集中度限额",
        "limit": "上限", "name": "名称", "amount": "债务", "over": "超出金额", "rows": "行数", "where": "其中最大的行",
        "kept": "未突破", "untested": "未检验：表中无此列", "pool": "单因子组合损失（一年内违约）", "mean": "平均损失",
        "bad": "{confidence} 置信水平损失", "add_on": "单一客户集中度附加", "correlation": "违约相关系数",
        "together": "同一名称一同违约时的附加：{group}",
        "sensitivity": "押品对因子的敏感度", "probability": "平均违约概率", "counted": "集中度统计单位",
        "borrower": "借款人", "row": "行", "no_pd": "未填违约概率的债务（未计入）", "stress": "压力测试",
        "scenario": "情景", "touched": "受影响行数", "maximum": "最高贷款额合计", "change": "变动",
        "below": "低于债务的行数", "short": "缺口", "loss": "现有债务预期损失", "binding": "起决定作用的限额",
        "judged": "冲击幅度为判断，银行可自行设定。", "balance": "债务为各行余额；未填余额的行取其最高贷款额。",
        "due": "到期事项", "reason": "原因", "count": "行数",
    },
}  # fmt: skip


def portfolio_tables(summary: Mapping[str, Any], language: str = "en") -> Iterator[Table]:
    """Every table that the summary has figures for; `summary` as it stands in the output."""
    words, currency = WORDS[language], summary["policy"]["currency"]
    if summary["concentration"]["debt"]:
        yield _concentration(summary["concentration"], words, currency, language)
    if summary["concentration_limits"]:
        yield _limits(summary["concentration_limits"], words, currency, language)
    if summary.get("on_one_factor"):
        yield _pool(summary["on_one_factor"], words, currency, language)
    if "stress" in summary:
        yield _stress(summary["stress"], words, currency, language)
    if "due" in summary:
        rows = [[DUE[reason][language == "zh"], f"{count:,}"] for reason, count in summary["due"].items()]
        yield Table(words["due"], [words["reason"], words["count"]], rows)


def _concentration(found: Mapping[str, Any], words: Mapping[str, str], currency: str, language: str) -> Table:
    rows = []
    for name, of_group in found.items():
        if not isinstance(of_group, Mapping):
            continue
        largest = of_group.get("largest") or [{"name": "", "share": None}]
        index = [f"{of_group['herfindahl']:.4f}", f"{of_group['effective_number']:,.1f}"]
        shares = [percent(largest[0]["share"], digits=1), percent(of_group.get("share_without_name"), digits=1)]
        rows.append([GROUPS[name][language == "zh"], *index, _named(largest[0]["name"], language), *shares])
    columns = [words[name] for name in ("group", "index", "number", "largest", "share", "unnamed")]
    debt = joined(words["debt"], money(found["debt"], currency), language)
    return Table(words["concentration"], columns, rows, [debt, words["balance"]])


def _named(name: str, language: str) -> str:
    """A name as it was written; a kind of asset in the reader's language."""
    return KIND_NAMES[name][language == "zh"] if name in KIND_NAMES else name


def _limits(tested: Any, words: Mapping[str, str], currency: str, language: str) -> Table:
    """One row a broken limit and name, one for a limit that is kept or could not be tested."""
    rows = []
    for limit in tested:
        group, most = GROUPS[limit["group"]][language == "zh"], percent(limit["value"], digits=1)
        if not limit["broken"]:
            rows.append([group, most, words["kept" if limit["tested"] else "untested"], "", "", "", ""])
        for name in limit["broken"]:
            where = ", ".join(f"{row:,}" for row in name["largest_rows"])
            amounts = [money(name["amount"], currency), money(name["over"], currency)]
            rows.append([group, most, _named(name["name"], language), *amounts, f"{name['rows']:,}", where])
    columns = [words[name] for name in ("group", "limit", "name", "amount", "over", "rows", "where")]
    return Table(words["limits"], columns, rows)


def _pool(pool: Mapping[str, Any], words: Mapping[str, str], currency: str, language: str) -> Table:
    amounts = {
        "mean": pool["expected_loss"], "bad": pool["loss_at_confidence"], "add_on": pool["granularity_add_on"],
        "no_pd": pool["debt_without_default_probability"],
    }  # fmt: skip
    confidence = percent(pool["confidence"], digits=1)
    rows = [[words[name].format(confidence=confidence), money(amount, currency)] for name, amount in amounts.items()]
    for name, amount in pool["granularity_add_on_by"].items():
        if name not in ("row", pool["names_counted_by"]):
            rows.append([words["together"].format(group=GROUPS[name][language == "zh"]), money(amount, currency)])
    rows.append([words["probability"], percent(pool["mean_default_probability"])])
    for name, key in (("correlation", "default_correlation"), ("sensitivity", "sensitivity")):
        rows.append([words[name], f"{pool[key]['value']:g} ({pool[key]['source']})"])
    rows.append([words["counted"], words[pool["names_counted_by"]]])
    return Table(words["pool"], ["", ""], rows, pool["assumed"][language])


def _stress(rows: Any, words: Mapping[str, str], currency: str, language: str) -> Table:
    from valuation.lending.limits import LIMIT_NAMES

    shown = []
    for row in rows:
        most = max(row["binding_limits"].items(), key=lambda entry: entry[1], default=(None, 0))[0]
        counts = [f"{row['rows_touched']:,}", money(row["maximum_loan"]), percent(row["change"], digits=1)]
        after = [f"{row['rows_below_debt']:,}", money(row["shortfall"]), money(row["expected_loss"])]
        shown.append(
            [said(row["name"], language), *counts, *after, LIMIT_NAMES.get(most or "", (NONE, NONE))[language == "zh"]]
        )
    columns = [
        words[name] for name in ("scenario", "touched", "maximum", "change", "below", "short", "loss", "binding")
    ]
    return Table(f"{words['stress']} ({currency})", columns, shown, [words["judged"], words["balance"]])

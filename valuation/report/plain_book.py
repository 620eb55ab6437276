"""The summary of a book as plain tables: how many rows got which answer, what may be lent on them, what decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from valuation.lending.limits import LIMIT_NAMES
from valuation.report.table import Table, money

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "book": "{name}, {on}", "what": "Of the book", "figure": "Figure", "rows": "Rows", "offer": "Loans offered",
        "refuse": "Refused", "rejected": "Left out", "value": "Value behind the offers",
        "maximum_loan": "Largest loans, together", "carried_by_security": "Carried by sales of the security",
        "rests_on_borrower": "Resting on the borrowers", "expected_loss": "Expected loss",
        "limit": "What decides", "name": "Limit", "loans": "Loans",
        "assumed": "{count} figures were taken for what rows left out; --json gives each with its reason.",
        "left_out": "{rejected:,} of {rows:,} rows were left out for {cells:,} bad cells: see {rejects}",
    },
    "zh": {
        "book": "{name}，{on}", "what": "资产组合", "figure": "数值", "rows": "行数", "offer": "可贷",
        "refuse": "不予贷款", "rejected": "未计算", "value": "可贷资产评估值合计", "maximum_loan": "最高贷款额合计",
        "carried_by_security": "由押品变现承担", "rests_on_borrower": "依赖借款人", "expected_loss": "预期损失",
        "limit": "起决定作用的限额", "name": "限额", "loans": "笔数",
        "assumed": "未填项使用了 {count} 个假设值；--json 列出每个值及其依据。",
        "left_out": "{rows:,} 行中有 {rejected:,} 行（{cells:,} 个单元格）未计算：见 {rejects}",
    },
}  # fmt: skip
SUMS = ("value", "maximum_loan", "carried_by_security", "rests_on_borrower", "expected_loss")


def book_tables(summary: Mapping[str, Any], language: str = "en") -> Iterator[Table]:
    """What a run came to; `summary` as it stands in the output."""
    words, policy = WORDS[language], summary["policy"]
    counts = [[words[name], f"{summary[name]:,}"] for name in ("rows", "offer", "refuse", "rejected")]
    sums, currency = summary["sums_of_offers"], policy["currency"]
    amounts = [[words[name], money(sums[name], currency)] for name in SUMS if name in sums]
    heading = words["book"].format(name=policy["name"], on=summary["on"])
    yield Table(heading, [words["what"], words["figure"]], [*counts, *amounts], [summary["files"]["out"]])
    binding = [[LIMIT_NAMES[name][language == "zh"], f"{n:,}"] for name, n in summary["binding_limits"].items()]
    assumed = words["assumed"].format(count=len(summary["assumed"]))
    if binding:
        yield Table(words["limit"], [words["name"], words["loans"]], binding, [assumed] if summary["assumed"] else [])


def left_out(summary: Mapping[str, Any], language: str = "en") -> str:
    """How many rows have no answer, and where it stands why."""
    return WORDS[language]["left_out"].format(
        rejected=summary["rejected"],
        rows=summary["rows"],
        cells=summary["rejected_cells"],
        rejects=summary["files"]["rejects"],
    )

"""What is installed and what a case lacks, as plain tables: no figure is worked out here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from valuation.assets import KIND_NAMES
from valuation.errors import InputError
from valuation.missing_facts import Readiness
from valuation.plugins import Installed
from valuation.report.table import Table

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "method": "Method", "version": "Version", "title": "Title", "serves": "Serves", "package": "Package",
        "approach": "Approach", "ready": "can run", "missing": "needs", "unlocks": "unlocks",
        "fact": "Fact", "state": "State",
    },
    "zh": {
        "method": "方法", "version": "版本", "title": "名称", "serves": "适用资产", "package": "软件包",
        "approach": "评估途径", "ready": "可运行", "missing": "缺少", "unlocks": "可解锁",
        "fact": "事实", "state": "状态",
    },
}  # fmt: skip
APPROACHES: dict[str, str] = {
    "cost": "成本法", "income": "收益法", "market": "市场法", "input": "输入推导",
    "allocation": "收益分配", "lending": "贷款",
}  # fmt: skip


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
            [
                method.id,
                str(method.version),
                title,
                APPROACHES[method.approach] if language == "zh" else method.approach,
                _kinds(method.serves, language),
                f"{entry.distribution} {entry.version}",
            ]
        )
    columns = [words[name] for name in ("method", "version", "title", "approach", "serves", "package")]
    return Table("", columns, rows, remarks)


def _kinds(kinds: Sequence[str], language: str) -> str:
    return "、".join(KIND_NAMES[kind][1] for kind in kinds) if language == "zh" else ", ".join(kinds)


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

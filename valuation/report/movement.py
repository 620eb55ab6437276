"""What moved between two dates, as plain tables: the inputs of a rolled case, and the lines of a value bridge."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from valuation.case import Case
from valuation.changed_inputs import at, changes, place_of, tree_of
from valuation.report.table import Table, joined, money
from valuation.value_bridge import AssetBridge, Bridge

LONGEST = 48  # signs of an input shown in a cell

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "what": "What moved", "before": "Before", "after": "After", "amount": "Change", "old": "Old value",
        "new": "New value", "method": "Method version", "time": "Passing of time", "asset": "Asset", "input": "Input",
        "stays": "All else stays as stated: bring prices, costs, rates and exchange rates to the new date.",
    },
    "zh": {
        "what": "变动项目", "before": "变动前", "after": "变动后", "amount": "影响", "old": "原评估值",
        "new": "新评估值", "method": "方法版本", "time": "时间推移", "asset": "资产", "input": "输入",
        "stays": "其余均按原样保留：请将价格、成本、折现率和汇率更新至新基准日。",
    },
}  # fmt: skip


def rolled_json(old: Case, new: Case) -> list[dict[str, Any]]:
    """Every input that time has moved, before and after, for machines."""
    before = tree_of(old)
    moved = changes(before, tree_of(new))
    return [{"input": place_of(path), "before": at(before, path), "after": after} for path, after in moved]


def rolled_table(old: Case, new: Case, language: str = "en") -> Table:
    """Every input that time has moved, and what the valuer must still bring to the new date."""
    words = WORDS[language]
    rows = [[entry["input"], _short(entry["before"]), _short(entry["after"])] for entry in rolled_json(old, new)]
    heading = f"{new.name}: {old.valuation_date} → {new.valuation_date}"
    return Table(heading, [words["input"], words["before"], words["after"]], rows, [words["stays"]])


def bridge_tables(found: Bridge, currency: str, language: str = "en") -> Iterator[Table]:
    """One table an asset: the old value, each line, the new value."""
    for place, asset in enumerate(found.assets):
        yield _bridge_table(asset, currency, language, found.remarks if place == 0 else ())


def _bridge_table(asset: AssetBridge, currency: str, language: str, remarks: tuple[str, ...]) -> Table:
    words = WORDS[language]
    rows = [[words["old"], "", "", money(asset.before)]]
    for line in asset.lines:
        name = words[line.kind] if line.kind == "time" else line.name.removeprefix(f"{asset.asset}.")
        name = joined(words["method"], name, language) if line.kind == "method" else name
        rows.append([name, _short(line.before), _short(line.after), f"{line.amount:+,.0f}"])
    rows.append([words["new"], "", "", money(asset.after)])
    columns = [words["what"], words["before"], words["after"], f"{words['amount']} ({currency})"]
    return Table(asset.asset, columns, rows, remarks)


def _short(given: Any) -> str:
    """An input as it is written, cut where it would fill the page."""
    if given is None or isinstance(given, str):
        return given or ""
    if isinstance(given, dict):
        given = {name: part for name, part in given.items() if name not in ("source", "note", "level", "override")}
    text = f"{given:,.6g}" if isinstance(given, int | float) else json.dumps(given, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

"""The workbook of a case: a summary, one sheet a method or derived input, one each for haircut, limits and path.

Every sheet is written by the method's own function, handed cells instead of numbers. Inputs are figures that may be
changed; a derived input is a link to its own sheet; the summary concludes from the methods' sheets; and the loan's
sheets start from the summary. So a change of any input moves value, haircut and loan.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

import numpy as np

from valuation.appraisal import Appraisal, AssetAppraisal
from valuation.calculation import Outcome, arrays, breach_told
from valuation.lending.offer import Offer
from valuation.method import FieldFacts
from valuation.quantity import Quantity
from valuation.report import excel
from valuation.report.cells import Cell
from valuation.report.sheets import LONGEST_NAME, Sheet, SheetWorkings


class Pages:
    """The sheets of a workbook in the making; names stay unique and short enough for Excel."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.sheets: list[Sheet] = []

    def sheet(self, name: str, title: str) -> Sheet:
        """A new sheet under this name, numbered, since two assets may use one method."""
        numbered = f"{len(self.sheets) + 1} {name}"[:LONGEST_NAME]
        made = Sheet(numbered, title, language=self.language)
        self.sheets.append(made)
        return made

    def calculation(self, outcome: Outcome, links: Mapping[str, Cell] | None = None) -> tuple[Cell, SheetWorkings]:
        """The sheets of all a calculation is derived from, then its own; hands back the cell of its result.

        `links` names inputs whose figure stands on another sheet, such as the value a loan starts from.
        """
        derived = {path: self.calculation(below)[0] for path, below in outcome.derived.items()}
        method = outcome.calculation.method
        workings = SheetWorkings(self.sheet(method.id, f"{method.title[0]} | {method.title[1]}"))
        workings.sheet.heading({"en": "Inputs", "zh": "输入"}[self.language])
        from_elsewhere = {**derived, **(links or {})}
        cells: dict[str, Cell] = {}

        def value_of(path: str, quantity: Quantity, facts: FieldFacts) -> Cell:
            label = facts.label_zh if self.language == "zh" else facts.label_en
            name = path if "[" not in path else f"{path}: {label}"
            if path in from_elsewhere:
                cells[path] = workings.link(path, from_elsewhere[path], facts.unit, label=name, note=label)
            else:
                note = _note(label, quantity)
                yearly = bool(facts.by_year) and (quantity.years is not None or outcome.stated[path].size > 1)
                cells[path] = workings.input(
                    path, outcome.stated[path], facts.unit, label=name, note=note, yearly=yearly
                )
            return cells[path]

        inputs = arrays(outcome.calculation.inputs, value_of)
        workings.sheet.heading({"en": "Workings", "zh": "计算过程"}[self.language])
        with np.errstate(all="ignore"), breach_told(outcome.calculation):
            result = method.value(inputs, workings)
        return result, workings


def _note(label: str, quantity: Quantity) -> str:
    said = [label, quantity.source or quantity.reference or "", quantity.note or ""]
    return "; ".join(part for part in said if part)


def workbook(path: str | Path, appraisal: Appraisal, offer: Offer | None = None, *, language: str = "en") -> Path:
    """Write the workbook of a valuation; its cells recalculate without us. Hands back the path.

    The same valuation gives the same bytes: the date in the file is the valuation date.
    """
    pages = Pages(language)
    summary = SheetWorkings(pages.sheet("summary", appraisal.case.name))
    concluded = {asset.id: _asset(pages, summary, asset) for asset in appraisal.assets}
    if offer is not None:
        _loan(pages, offer, concluded)
    target = Path(path)
    created = datetime.combine(appraisal.case.valuation_date, time())
    excel.write(target, pages.sheets, title=appraisal.case.name, created=created)
    return target


def _asset(pages: Pages, summary: SheetWorkings, asset: AssetAppraisal) -> Cell | None:
    """The asset's indications as links, and its conclusion out of them; None while there is no conclusion."""
    summary.sheet.heading(f"{asset.id}: {asset.asset.name or asset.kind}")
    indications: dict[str, Cell] = {}
    for indication in asset.indications:
        result, workings = pages.calculation(indication.outcome)
        # A link needs the row on which the result stands, also where a method's last step is no line of its own.
        if not any(row.name == "value" for row in workings.sheet.rows):
            result = workings.line("value", result)
        indications[indication.id] = summary.link(f"{asset.id}.{indication.id}", result, "money")
    if asset.value is None:
        return None
    concluded: Any = 0.0
    for name, weight in asset.conclusion.weights.items():
        share = summary.input(f"{asset.id}.weight.{name}", weight, "fraction", note=asset.conclusion.because)
        concluded = share * indications[name] + concluded
    value: Cell = summary.line(f"{asset.id}.value", concluded)
    return value


def _loan(pages: Pages, offer: Offer, concluded: Mapping[str, Cell | None]) -> None:
    """Haircut, limits, path and loss: they start from the concluded values, and the path from the largest loan."""
    links = {
        f"assets[{at}].value": cell for at, name in enumerate(offer.pledged) if (cell := concluded[name]) is not None
    }
    for outcome in offer.outcomes.values():
        result, _ = pages.calculation(outcome, links)
        if outcome.calculation.method.id == "lending.limits":
            links = {**links, "loan": result}

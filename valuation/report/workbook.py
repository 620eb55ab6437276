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
from valuation.method import FieldFacts, Method
from valuation.quantity import Quantity
from valuation.report import excel
from valuation.report.cells import Cell
from valuation.report.plain import dated, remarks_on
from valuation.report.sheets import LONGEST_NAME, Sheet, SheetWorkings
from valuation.report.table import joined, said

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "summary": "summary", "answer": "Value and loan", "inputs": "Inputs", "workings": "Workings",
        "weight": "Weight of {title}",
        "concluded": "Concluded value of {asset}", "loan": "Loan", "left": "A forced sale leaves",
        "haircut": "Haircut", "maximum": "Largest loan", "ltv": "Loan to value", "refused": "No loan",
        "hold": "Before drawing",
    },
    "zh": {
        "summary": "汇总", "answer": "价值与贷款", "inputs": "输入", "workings": "计算过程", "weight": "{title}的权重",
        "concluded": "{asset} 评估结论", "loan": "贷款", "left": "强制变现所得", "haircut": "折扣率",
        "maximum": "最高贷款额", "ltv": "质押率", "refused": "不予贷款",
        "hold": "放款前条件",
    },
}  # fmt: skip


class Pages:
    """The sheets of a workbook in the making; names stay unique and short enough for Excel."""

    def __init__(self, language: str = "en", *, currency: str = "", subtitle: str = "") -> None:
        self.language = language
        self.words = WORDS[language]
        self.currency = currency
        self.subtitle = subtitle
        self.sheets: list[Sheet] = []

    def sheet(self, name: str, title: str) -> Sheet:
        """A new sheet under this name, numbered, since two assets may use one method."""
        numbered = f"{len(self.sheets) + 1} {name}"[:LONGEST_NAME]
        made = Sheet(numbered, title, self.subtitle, language=self.language, currency=self.currency)
        self.sheets.append(made)
        return made

    def title(self, outcome: Outcome) -> str:
        """The method's title in the workbook's language."""
        return outcome.calculation.method.title[self.language == "zh"]

    def calculation(self, outcome: Outcome, links: Mapping[str, Cell] | None = None) -> tuple[Cell, SheetWorkings]:
        """The sheets of all a calculation is derived from, then its own; hands back the cell of its result.

        `links` names inputs whose figure stands on another sheet, such as the value a loan starts from.
        """
        derived = {path: self.calculation(below)[0] for path, below in outcome.derived.items()}
        workings = SheetWorkings(self.sheet(outcome.calculation.method.id, self.title(outcome)))
        workings.sheet.in_years = _in_years(outcome.calculation.method)
        workings.sheet.heading(self.words["inputs"])
        from_elsewhere = {**derived, **(links or {})}

        def value_of(path: str, quantity: Quantity, facts: FieldFacts) -> Cell:
            label = facts.label_zh if self.language == "zh" else facts.label_en
            name = workings.sheet.word("named", label=label, name=path)
            if path in from_elsewhere:
                return workings.link(path, from_elsewhere[path], facts.unit, label=name)
            figures = outcome.stated[path]
            yearly = bool(facts.by_year) and (quantity.years is not None or figures.size > 1)
            return workings.input(path, figures, facts.unit, label=name, note=_source(quantity), yearly=yearly)

        inputs = arrays(outcome.calculation.inputs, value_of)
        workings.sheet.heading(self.words["workings"])
        with np.errstate(all="ignore"), breach_told(outcome.calculation):
            result = outcome.calculation.method.value(inputs, workings)
        return result, workings


def _in_years(method: Method) -> bool:
    """Whether figures side by side are years, and not the stages of a build or the dimensions of a score."""
    if method.approach not in ("cost", "input"):
        return True
    return not {"first_period", "forecast_years", "timing"}.isdisjoint(method.inputs.model_fields)


def _source(quantity: Quantity) -> str:
    return "; ".join(part for part in (quantity.source or quantity.reference, quantity.note) if part)


def workbook(path: str | Path, appraisal: Appraisal, offer: Offer | None = None, *, language: str = "en") -> Path:
    """Write the workbook of a valuation; its cells recalculate without us. Hands back the path.

    The same valuation gives the same bytes: the date in the file is the valuation date.
    """
    case = appraisal.case
    subtitle = f"{case.name} · {dated(case.basis_of_value, case.valuation_date, language)} · {case.currency}"
    pages = Pages(language, currency=case.currency, subtitle=subtitle)
    summary = SheetWorkings(pages.sheet(pages.words["summary"], pages.words["answer"]))
    concluded = {asset.id: _asset(pages, summary, asset) for asset in appraisal.assets}
    if offer is not None:
        _loan(pages, summary, offer, concluded)
    target = Path(path)
    excel.write(target, pages.sheets, title=case.name, created=datetime.combine(case.valuation_date, time()))
    return target


def _asset(pages: Pages, summary: SheetWorkings, asset: AssetAppraisal) -> Cell | None:
    """The asset's indications as links, and its conclusion out of them; None while there is no conclusion."""
    summary.sheet.heading(f"{asset.id}: {asset.asset.name or asset.kind}")
    indications: dict[str, Cell] = {}
    titles = {indication.id: pages.title(indication.outcome) for indication in asset.indications}
    for indication in asset.indications:
        result, workings = pages.calculation(indication.outcome)
        # A link needs the row on which the result stands, also where a method's last step is no line of its own.
        if not any(row.name == "value" for row in workings.sheet.rows):
            result = workings.line("value", result)
        place = f"{asset.id}.{indication.id}"
        indications[indication.id] = summary.link(place, result, "money", label=titles[indication.id])
    value = None if asset.value is None else _concluded(pages, summary, asset, indications, titles)
    for remark in remarks_on(asset, pages.currency, pages.language):
        summary.sheet.remark(remark)
    return value


def _concluded(
    pages: Pages,
    summary: SheetWorkings,
    asset: AssetAppraisal,
    indications: Mapping[str, Cell],
    titles: Mapping[str, str],
) -> Cell:
    """The sum of the indications by their weights."""
    concluded: Any = 0.0
    for name, weight in asset.conclusion.weights.items():
        label = pages.words["weight"].format(title=titles[name])
        share = summary.input(f"{asset.id}.weight.{name}", weight, "fraction", label)
        concluded = share * indications[name] + concluded
    label = pages.words["concluded"].format(asset=asset.id)
    value: Cell = summary.line(f"{asset.id}.value", concluded, label=label)
    return value


def _loan(pages: Pages, summary: SheetWorkings, offer: Offer, concluded: Mapping[str, Cell | None]) -> None:
    """Haircut, limits, path and loss: they start from the concluded values, and the path from the largest loan."""
    links = {
        f"assets[{at}].value": cell for at, name in enumerate(offer.pledged) if (cell := concluded[name]) is not None
    }
    value, words, results = sum(links.values()), pages.words, {}
    for outcome in offer.outcomes.values():
        name = outcome.calculation.method.id
        results[name], _ = pages.calculation(outcome, links)
        if name == "lending.limits":
            links = {**links, "loan": results[name]}
    summary.sheet.heading(words["loan"])
    if "lending.limits" in results:
        left = summary.link("recoverable", results["lending.haircut"], "money", words["left"])
        summary.line("haircut", 1 - left / value, "fraction", words["haircut"])
        loan = summary.link("maximum_loan", results["lending.limits"], "money", words["maximum"])
        summary.line("loan_to_value", loan / value, "fraction", words["ltv"])
    _answer(pages, summary.sheet, offer.to_json())


def _answer(pages: Pages, sheet: Sheet, answer: dict[str, Any]) -> None:
    """What is decided and why, and what must be done before drawing."""
    refused = answer["decision"] == "refuse"
    if refused:
        sheet.remark(pages.words["refused"])
    for reason in (*answer["reasons"], *answer["warnings"]):
        sheet.remark(said(reason, pages.language))
    for check in () if refused else answer["conditions"]:
        sheet.remark(joined(pages.words["hold"], said(check["reason"], pages.language), pages.language))

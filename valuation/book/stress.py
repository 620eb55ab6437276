"""What a whole book would still carry under shocks: the scenarios of one loan, on the rows they touch.

A row knows its value, not the forecast behind it. So what moves revenue moves a value found by income, by its revenue
over value (running costs stay: rents that halve take more than half of it); what moves prices moves one found by market
or cost; a row that does not say how it was valued takes the worst of these. Then the same formulas lend again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from valuation.book.cells import BLANK
from valuation.book.columns import APPROACHES, KINDS
from valuation.book.exposure import exposure, security
from valuation.book.groups import Group
from valuation.book.lending_of_rows import Stretch, expected_losses, lend
from valuation.book.names import name_at
from valuation.book.reasons import LIMITS
from valuation.book.rows import Mask, Rows
from valuation.lending.limits import LIMIT_NAMES
from valuation.lending.stress_tests import Scenario
from valuation.lending.terms import JURISDICTIONS
from valuation.workings import FloatArray

DRIVERS = {  # which inputs of a method stand for the value it finds, by approach; the most adverse of several counts
    "income": ("rent_per_hour", "revenue"),
    "market": ("unit_price",),
    "cost": ("unit_price", "price_per_gpu_hour"),
}
AS_STATED = {"scenario": "as_stated", "name": {"en": "As stated", "zh": "基准"}}
ROUNDING = 1e-12  # a loan as large as its debt is not below it
WORST = 10  # rows shown of each scenario
HEADINGS = {
    "scenario": "情景", "name": "名称", "rows_touched": "受影响行数", "maximum_loan": "最高贷款额合计",
    "change": "变动比例", "rows_below_debt": "低于债务的行数", "shortfall": "缺口合计",
    "rows_without_loan": "无可贷金额行数", "expected_loss": "现有债务预期损失", "binding_limits": "起决定作用的限额",
}  # fmt: skip


@dataclass(frozen=True)
class Carried:
    """A stretch in one scenario: sums over its rows, counts of binding limits, its largest shortfalls."""

    sums: Mapping[str, float]
    binding: Any  # by place in LIMITS
    worst: Sequence[tuple[float, int, str]]  # short by, row counted from 1, its name


class Stress:
    """Runs every scenario on each stretch of a book and adds up; the debt is that of the day, not lent again."""

    def __init__(self, scenarios: Sequence[Scenario], for_all: Mapping[str, FloatArray]) -> None:
        self.scenarios = scenarios
        self.for_all = for_all
        self.found: list[list[Carried]] = []

    def of(self, stretch: Stretch, cells: Mapping[str, Any]) -> list[Carried]:
        """The stretch as stated and in each scenario; may run beside other stretches."""
        owed, rows = exposure(stretch), stretch.rows
        lost = expected_losses(rows, security(rows), owed, _may_default(rows, owed))
        base = _Answers(np.nan_to_num(stretch.figures["maximum_loan"]), lost, stretch.binding)
        guaranteed = _guaranteed(rows, cells)
        found = [_carried(rows, owed, base, np.zeros(len(owed), dtype=bool))]
        for scenario in self.scenarios:
            after, touched = shocked(rows, scenario, guaranteed)
            share = self._share_covered(touched & guaranteed) if scenario.guarantor_fails else {}
            answers = _again(after, {**self.for_all, **share}, stretch, owed, base, touched)
            found.append(_carried(rows, owed, answers, touched))
        return found

    def _share_covered(self, alone: Mask) -> Mapping[str, FloatArray]:
        """Where the guarantor fails a sale must cover the whole debt, whatever the policy allows with a guarantor."""
        share = self.for_all.get("share_covered_by_sale")
        return {} if share is None else {"share_covered_by_sale": np.where(alone, 1.0, share)}

    def add(self, found: list[Carried]) -> None:
        """Count a stretch in."""
        self.found.append(found)

    def to_json(self) -> list[dict[str, Any]]:
        """One row a scenario, the book as stated first."""
        rows = [_summed(parts) for parts in zip(*self.found, strict=True)]
        base = rows[0]["maximum_loan"]
        told = [AS_STATED]
        told += [{"scenario": s.id, "name": s.name.model_dump(), "because": s.because} for s in self.scenarios]
        change = [{"change": row["maximum_loan"] / base - 1 if base else None} for row in rows]
        return [{**one, **row, **moved} for one, row, moved in zip(told, rows, change, strict=True)]

    def table(self, language: str = "en") -> pd.DataFrame:
        """The same as a table."""
        rows = self.to_json()
        for row in rows:
            row["name"] = row["name"][language]
            counts = row["binding_limits"].items()
            names = {name: LIMIT_NAMES[name][1] if language == "zh" else name for name, _ in counts}
            row["binding_limits"] = ", ".join(f"{names[name]} {count}" for name, count in counts)
        table = pd.DataFrame(rows, columns=list(HEADINGS))
        return table.rename(columns=HEADINGS) if language == "zh" else table


@dataclass(frozen=True)
class _Answers:
    """Largest loan, expected loss on the debt, and binding limit of each row."""

    loans: FloatArray
    lost: FloatArray
    binding: Any


def shocked(rows: Rows, scenario: Scenario, guaranteed: Mask) -> tuple[Rows, Mask]:
    """The rows with the scenario's factors on them, and which of them it moves; bad rows stay as they are."""
    concerned = ~rows.bad & np.isin(rows.words["kind"], [KINDS.index(kind) for kind in scenario.kinds])
    concerned &= _happens(rows, scenario)
    moves = {
        "value": np.where(rows.asset["value"] > 0, value_factors(rows, scenario), 1.0),
        "acceptance": np.full(len(concerned), scenario.loan.get("acceptance", 1.0)),
        "sale_time": np.full(len(concerned), scenario.loan.get("sale_time", 1.0)),
    }
    asset = {name: np.where(concerned, rows.asset[name] * factor, rows.asset[name]) for name, factor in moves.items()}
    asset["acceptance"] = np.minimum(asset["acceptance"], 1.0)
    touched = sum((asset[name] != rows.asset[name] for name in moves), start=np.zeros(len(concerned), dtype=bool))
    loan = dict(rows.loan)
    if "cash_flow" in loan and (factor := scenario.loan.get("cash_flow", 1.0)) != 1:
        paying = concerned & ~rows.blank("cash_flow")
        loan["cash_flow"] = np.where(paying, np.where(paying, loan["cash_flow"], 0.0) * factor, loan["cash_flow"])
        touched = touched | paying
    if scenario.guarantor_fails:
        touched = touched | (concerned & guaranteed)
    stated = {**rows.stated, "value": asset["value"]}
    return replace(rows, asset={**rows.asset, **asset}, loan=loan, stated=stated), touched & concerned


def value_factors(rows: Rows, scenario: Scenario) -> FloatArray:
    """What the value of each row is multiplied by, by the approach that found it.

    Rents that fall by a quarter on a value whose revenue is worth 2.854826405749638 times as much leave
    0.28629339856259050 of it: 19.845946338729757 of 69.32030720362894; rents that halve leave less than nothing.
    """
    by_approach = [
        min((scenario.multiply[name] for name in DRIVERS[approach] if name in scenario.multiply), default=1.0)
        for approach in APPROACHES
    ]
    revenue, *prices = by_approach
    income = 1 - rows.filled("revenue_over_value", np.ones(1)) * (1 - revenue)
    found = rows.words.get("approach", np.full(1, BLANK))
    return np.select([found == 0, found == 1, found == 2], [income, *prices], np.minimum(income, min(prices)))


def _happens(rows: Rows, scenario: Scenario) -> Any:
    """Whether it happens where the asset is; where that is not stated, only what can do nothing but harm does."""
    if scenario.jurisdiction is None:
        return True
    found = rows.words.get("jurisdiction", np.full(1, BLANK))
    here = found == JURISDICTIONS.index(scenario.jurisdiction)
    return here | (found == BLANK) if not scenario.two_sided else here


def _guaranteed(rows: Rows, cells: Mapping[str, Any]) -> Mask:
    """The rows that name a guarantor or its capacity."""
    named = Group().places(cells["guarantor"]) >= 0 if "guarantor" in cells else False
    return np.asarray(named | ~rows.blank("guarantor_capacity"))


def _may_default(rows: Rows, owed: FloatArray) -> Mask:
    probability = rows.loan.get("default_probability", np.full(1, np.nan))
    return np.asarray((owed > 0) & ~np.isnan(probability))


def _again(
    after: Rows, for_all: Mapping[str, FloatArray], stretch: Stretch, owed: FloatArray, base: _Answers, touched: Mask
) -> _Answers:
    """Lend again on the rows that are touched; the others keep their answers."""
    only = replace(after, bad=~touched)
    names = [name for name in stretch.figures if name == "maximum_loan" or name.startswith("limit_")]
    again = lend(only, for_all, {name: np.empty(len(owed)) for name in names})
    lost = expected_losses(after, security(after), owed, _may_default(after, owed) & touched)
    return _Answers(
        np.where(touched, np.nan_to_num(again.figures["maximum_loan"]), base.loans),
        np.where(touched, lost, base.lost),
        np.where(touched, again.binding, base.binding),
    )


def _carried(rows: Rows, owed: FloatArray, answers: _Answers, touched: Mask) -> Carried:
    short = np.where(owed > answers.loans * (1 + ROUNDING), owed - answers.loans, 0.0)
    sums = {
        "rows_touched": np.sum(touched),
        "maximum_loan": np.sum(answers.loans),
        "rows_below_debt": np.sum(short > 0),
        "shortfall": np.sum(short),
        "rows_without_loan": np.sum(~rows.bad & (answers.loans <= 0)),
        "expected_loss": np.nansum(answers.lost),
        "rows_that_may_default": np.sum(~np.isnan(answers.lost)),
    }
    worst = np.argsort(-short, kind="stable")[:WORST].tolist()
    told = [(float(short[at]), rows.first + at + 1, name_at(rows.names, at)) for at in worst if short[at] > 0]
    binding = np.bincount(answers.binding[answers.loans > 0], minlength=len(LIMITS))
    return Carried({name: float(figure) for name, figure in sums.items()}, binding, told)


def _summed(parts: Sequence[Carried]) -> dict[str, Any]:
    """A scenario over all stretches."""
    sums = {name: math.fsum(part.sums[name] for part in parts) for name in parts[0].sums}
    counted: dict[str, Any] = {name: int(sum_) if name.startswith("rows") else sum_ for name, sum_ in sums.items()}
    if not counted.pop("rows_that_may_default"):
        counted["expected_loss"] = None  # not nothing: no row states how likely its borrower is to default
    binding = np.sum([part.binding for part in parts], axis=0).tolist()
    worst = sorted((row for part in parts for row in part.worst), key=lambda row: (-row[0], row[1]))[:WORST]
    return {
        **counted,
        "binding_limits": {name: count for name, count in zip(LIMITS, binding, strict=True) if count},
        "largest_shortfalls": [{"row": row, "id": name, "short": short} for short, row, name in worst],
    }

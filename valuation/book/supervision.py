"""The supervisor's table of collateral, filled from a book: one line a row, what is not known left empty.

Names and meanings of the fields are those of EAST 5.0, table IE_006_603 (表内外业务抵质押物), as a public repository
shows them (made 2026-04-28); the supervisor's own text was not read. The pledge rate is that of the guarantee contract
as a whole: principal over latest valuation of all its collateral together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from valuation.assets import KIND_NAMES
from valuation.book.cells import is_blank
from valuation.book.columns import KINDS
from valuation.book.groups import Group
from valuation.book.lending_of_rows import Stretch
from valuation.book.rows import Rows
from valuation.workings import FloatArray


@dataclass(frozen=True)
class Field:
    """One column of the table; `mark` is secondary where its meaning was read in a third-party page, own if ours."""

    name: str
    zh: str
    en: str
    mark: str = "secondary"


FIELDS = (
    Field("collected_on", "采集日期", "Last day of the period reported, as YYYYMMDD"),
    Field("guarantee_contract", "担保合同号", "Number of the guarantee contract"),
    Field("collateral_id", "押品编号", "Number of the collateral"),
    Field("type", "押品类型", "Kind of asset in our words; its class in form G13 is the bank's to assign"),
    Field("owner", "押品所有人名称", "Owner; of several the one with the largest part"),
    Field("owner_id", "押品所有人证件号码", "Number of the owner's papers"),
    Field("first_value", "起始估值", "Value when the bank first accepted it"),
    Field("latest_value", "最新估值", "Value that the bank accepts now: appraised value times acceptance"),
    Field("encumbered", "已抵押价值", "Value pledged before; 0 for the first rank"),
    Field("ranking", "处置权顺位", "Rank of the claim"),
    Field("certificate", "权证登记号码", "Number of the certificate of title"),
    Field("state", "抵质押物状态", "State of the collateral"),
    Field("currency", "币种", "Currency"),
    Field("ltv_regulatory", "抵质押率", "Principal over latest valuation of the contract; EAST has it times 100"),
    Field("ltv_economic", "经济抵质押率", "Debt over what a sale brings, worst payment date, by contract", "own"),
    Field("principal", "押品担保本金余额", "Principal outstanding on the row", "own"),
    Field("valued_on", "最近评估日期", "Date of the latest appraisal", "own"),
)  # fmt: skip
TEXTS = ("guarantee_contract", "owner", "owner_id", "certificate", "state")  # columns of a book by the same name


class CollateralTable:
    """The table over a book, stretch by stretch. It is held whole, since a contract may stand anywhere in a book."""

    def __init__(self, on: date, currency: str, share_covered_by_sale: float) -> None:
        self.on, self.currency = on, currency
        self.share_covered = share_covered_by_sale
        self.contracts = Group(3)
        self.parts: list[dict[str, Any]] = []

    def of(self, stretch: Stretch, cells: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of these rows, with the rows left out still in them."""
        rows = stretch.rows
        accepted = rows.asset["value"] * rows.asset["acceptance"]
        return {
            "bad": rows.bad,
            "collateral_id": _texts(rows.names, rows),
            "type": [KIND_NAMES[KINDS[kind]][1] if kind >= 0 else None for kind in rows.words["kind"].tolist()],
            **{name: _texts(cells.get(name), rows) for name in TEXTS},
            "first_value": _stated(rows, "first_value"),
            "latest_value": accepted,
            "encumbered": np.where(_stated(rows, "ranking") == 1, 0.0, _stated(rows, "prior_claims")),
            "ranking": _stated(rows, "ranking"),
            "principal": _stated(rows, "balance"),
            "carried": stretch.figures["limit_value_at_risk"] * self.share_covered,
            "valued_on": _stated(rows, "valued_on"),
        }

    def add(self, part: dict[str, Any]) -> None:
        """Count a stretch in. One row left out, or without a balance, leaves the rates of its contract empty."""
        part["places"] = self.contracts.places(part["guarantee_contract"])
        sums = (part["principal"], part["latest_value"], part["carried"])
        self.contracts.add(part["places"], *(np.where(part["bad"], np.nan, figure) for figure in sums))
        self.parts.append(part)

    def table(self, language: str = "en") -> pd.DataFrame:
        """One line a row of the book that was worked out, in its order."""
        names = [name for name in self.parts[0] if name != "bad"]
        good = [~part["bad"] for part in self.parts]
        columns = {
            name: np.concatenate([np.asarray(part[name])[kept] for part, kept in zip(self.parts, good, strict=True)])
            for name in names
        }
        principal, value, carried = (_of_contract(sums, columns["places"]) for sums in self.contracts.sums)
        columns |= {"ltv_regulatory": _over(principal, value), "ltv_economic": _over(principal, carried)}
        columns["ranking"] = pd.array(columns["ranking"], dtype="Int64")
        columns["valued_on"] = pd.to_datetime(columns["valued_on"], unit="D").date
        whole = {"collected_on": self.on.strftime("%Y%m%d"), "currency": self.currency}
        table = pd.DataFrame({name: whole.get(name, columns.get(name)) for name in (f.name for f in FIELDS)})
        return table.rename(columns={f.name: f.zh for f in FIELDS}) if language == "zh" else table


def field_list() -> list[dict[str, str]]:
    """Every column of the table: what it means and how surely the supervisor means the same."""
    return [{"field": f.name, "zh": f.zh, "en": f.en, "mark": f.mark} for f in FIELDS]


def _texts(cells: Sequence[Any] | None, rows: Rows) -> Any:
    found = np.full(len(rows.bad), None, dtype=object)
    if cells is not None:
        found[:] = [None if is_blank(cell) else str(cell).strip() or None for cell in cells]
    return found


def _stated(rows: Rows, name: str) -> FloatArray:
    return rows.stated.get(name, np.full(len(rows.bad), np.nan))


def _of_contract(sums: FloatArray, places: Any) -> FloatArray:
    """The sum over the contract of each row; NaN where no contract is named."""
    found: FloatArray = np.append(sums, np.nan)[places]
    return found


def _over(principal: FloatArray, value: FloatArray) -> FloatArray:
    """Empty where either is unknown, or nothing stands below the line."""
    return np.where(value > 0, principal / np.where(value > 0, value, 1.0), np.nan)

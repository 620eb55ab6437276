"""A table of results for any reader: how amounts, rates and inputs are written, and the table as plain text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NONE = "–"
LETTERS_TO_A_DIGIT = 1.1  # widths of columns count digits, and letters are narrower
UNITS_ZH = {
    "money": "金额", "fraction": "比例", "ratio": "倍数", "years": "年", "whole years": "整年", "hours": "小时",
    "count": "个数", "throughput": "吞吐量", "person-months": "人月", "year": "年", "hour": "小时", "unit": "单位",
    "person-month": "人月", "second": "秒", "token": "token",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A heading, column names, rows of text, and remarks below."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = ()


def money(figure: float | None, currency: str = "") -> str:
    """An amount with thousands separators, in whole units; a dash for none."""
    return NONE if figure is None else f"{figure:,.0f} {currency}".rstrip()


def percent(figure: float | None, *, digits: int = 2) -> str:
    """A fraction as a percentage; a dash for none. Rates need two digits, what rests on judgement one."""
    return NONE if figure is None else f"{figure:.{digits}%}"


def stated(figure: float, unit: str) -> str:
    """An input as a reader of its unit expects it: amounts in whole units, fractions as percentages."""
    if unit == "money":
        return money(figure)
    return percent(figure) if unit.startswith("fraction") else f"{figure:,.6g}"


def change(figure: float, unit: str, language: str = "en") -> str:
    """How far an input must move, with its sign; percentage points where it is a fraction."""
    if unit == "money":
        return f"{figure:+,.0f}"
    if unit.startswith("fraction"):
        return f"{100 * figure:+.3g} {'个百分点' if language == 'zh' else 'percentage points'}"
    return f"{figure:+,.3g}"


def step_figure(figure: float, unit: str) -> str:
    """A figure of a step: enough digits to work on with it by hand."""
    return f"{figure:,.2f}" if unit == "money" else f"{figure:,.6g}"


def unit_name(unit: str, language: str = "en", currency: str = "") -> str:
    """A unit in the reader's language, such as 金额/小时 for money per hour; a symbol such as kW stands as it is.

    Money is named by the currency where it is known.
    """
    parts = [currency if currency and part == "money" else part for part in unit.split(" per ")]
    return "/".join(UNITS_ZH.get(part, part) for part in parts) if language == "zh" else " per ".join(parts)


def lines_needed(text: str, width: int) -> int:
    """How many lines a text takes in a column this wide, Chinese counted at two places a sign."""
    return max(1, math.ceil(_width(text) / (LETTERS_TO_A_DIGIT * width)))


def said(text: Any, language: str) -> str:
    """A text in the reader's language; one that a user wrote stands as it is."""
    return str(text.get(language) or text.get("en")) if isinstance(text, dict) else str(text)


def joined(word: str, rest: str, language: str) -> str:
    """A word and what it introduces."""
    return f"{word}：{rest}" if language == "zh" else f"{word}: {rest}"


def text_of(table: Table) -> str:
    """The table as plain text with aligned columns, Chinese counted at two places a sign; for files and pipes."""
    columns = [
        _aligned([head, *cells], right=figures_only(cells))
        for head, *cells in zip(table.columns, *table.rows, strict=True)
    ]
    lines = ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]
    heading = [table.heading] if table.heading else []
    return "\n".join([*heading, *(line for line in lines if line), *(f"  {remark}" for remark in table.remarks)])


def figures_only(cells: Sequence[str]) -> bool:
    """Whether a column holds one figure a row; they stand to the right so that their digits can be compared."""
    return any(cells) and all((cell[:1].isdigit() or cell[:1] in (*"–-+", "")) and ", " not in cell for cell in cells)


def _aligned(cells: Sequence[str], *, right: bool) -> list[str]:
    widths = [_width(cell) for cell in cells]
    spaces = [" " * (max(widths) - width) for width in widths]
    return [space + cell if right else cell + space for cell, space in zip(cells, spaces, strict=True)]


def _width(text: str) -> int:
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)

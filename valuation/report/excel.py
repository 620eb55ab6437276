"""A workbook file out of sheets of rows: live formulas that also carry the figure they gave.

Viewers that do not recalculate show the same figures as Excel. Text never becomes a formula or a link, whatever it
begins with. The same sheets give the same bytes, so that two workpapers can be compared by their digest.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from valuation.report.formulas import LARGEST
from valuation.report.sheets import FIRST_ROW, FOR_ALL_YEARS, Row, Sheet
from valuation.report.table import lines_needed, unit_name
from valuation.whole_files import write_whole

HEADER = {
    "en": ("Item", "Unit", "Note", "Figure", "Year {}"),
    "zh": ("项目", "单位", "说明", "数值", "第 {} 年"),
}
NOT_YEARS = {"en": "No. {}", "zh": "第 {} 项"}  # stages of a build, dimensions of a score
WIDTHS = (46, 14, 52, 19)  # of the columns A to D
WIDTH_OF_YEAR = 15
LINE, LINE_OF_TITLE, MOST_LINES = 15.75, 22.5, 25  # points in whole pixels, enough for Chinese; rows end at 409
A4 = 9
PLAIN = "#,##0.0000"
SCIENTIFIC = "0.00E+00"  # for a limit that does not bind: "∞" by a [>=9E+307] section would hide the sign of the others
FORMATS = {
    "money": "#,##0.00",
    "fraction": "0.00%",
    "years": "0.00",
    "hours": "#,##0.00",
    "count": "#,##0.00",
    "FLOP": SCIENTIFIC,
}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "subtitle": {"font_color": "#595959"},
    "heading": {"bold": True, "bg_color": "#D9E1F2"},
    "heading of figures": {"bold": True, "bg_color": "#D9E1F2", "align": "right"},
    "input": {"font_color": "#0000FF", "bg_color": "#FFFBE6"},  # blue: what may be changed
    "link": {"font_color": "#007A33"},  # green: from another sheet
    "constant": {"font_color": "#7F7F7F"},
    "helper": {"font_color": "#7F7F7F"},
    "opaque": {"italic": True},
    "warning": {"font_color": "#C00000"},
    "result": {"bold": True, "top": 1, "bottom": 6},
}
RUNNING_ON = ("title", "subtitle", "heading")  # over the empty cells to their right


def write(path: Path, sheets: Sequence[Sheet], *, title: str, created: datetime) -> None:
    """Write the sheets as one .xlsx file. `created` stands in it as the date it was made; no clock is read."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title, "created": created})
        styles = _Styles(book)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, styles)
    write_whole(path, buffer.getvalue())


def number_format(unit: str) -> str:
    """How Excel shows a figure of this unit; prices (money per hour) with four decimals."""
    if unit.startswith("money per "):
        return PLAIN
    return FORMATS.get(unit.split(" per ")[0], PLAIN)


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}

    def of(self, style: str, number: str = "") -> Any:
        if (style, number) not in self._made:
            wrap = {} if style in RUNNING_ON else {"text_wrap": True}
            facts = {**STYLES.get(style, {}), **({"num_format": number} if number else wrap)}
            self._made[style, number] = self._book.add_format({**facts, "valign": "top"})
        return self._made[style, number]


class _AllDigits(float):
    """A float that XlsxWriter, which rounds to 16 digits, writes with all 17 it may need."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


def _write_sheet(page: Any, sheet: Sheet, styles: _Styles) -> None:
    years = max((len(row.values) for row in sheet.rows if row.yearly), default=0)
    _set_up(page, sheet, years)
    page.write_string(0, 0, sheet.title or sheet.name, styles.of("title"))
    page.write_string(1, 0, sheet.subtitle, styles.of("subtitle"))
    *words, year = HEADER[sheet.language]
    heads = [*words, *_year_names(sheet, years, year if sheet.in_years else NOT_YEARS[sheet.language])]
    for column, word in enumerate(heads):
        style = "heading" if column < FOR_ALL_YEARS else "heading of figures"
        page.write_string(FIRST_ROW - 1, column, word, styles.of(style))
    for row, style in _styled(sheet.rows):
        if row.kind == "heading":
            page.write_string(row.number, 0, row.name, styles.of(style))
            for column in range(1, len(heads)):
                page.write_blank(row.number, column, None, styles.of(style))
        elif row.kind == "remark":
            _write_remark(page, row, styles)
        else:
            _write_row(page, row, unit_name(row.unit, sheet.language, sheet.currency), style, styles)


def _set_up(page: Any, sheet: Sheet, years: int) -> None:
    for column, width in enumerate([*WIDTHS, *[WIDTH_OF_YEAR] * max(years, 1)]):
        page.set_column(column, column, width)
    page.set_default_row(LINE)
    page.set_row(0, LINE_OF_TITLE)
    page.freeze_panes(FIRST_ROW, 1)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(FIRST_ROW - 1)
    page.set_footer(f"&L{sheet.name.replace('&', '&&')}&R&P / &N")


def _year_names(sheet: Sheet, years: int, word: str) -> list[str]:
    return [str(sheet.years[step]) if step < len(sheet.years) else word.format(step + 1) for step in range(years)]


def _styled(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Each row with its style; the last line of each part of the sheet is its result."""
    results = _results(rows)
    for row in rows:
        yield row, "result" if row.number in results else row.kind


def _results(rows: Iterable[Row]) -> set[int]:
    last: int | None = None
    found = set()
    for row in rows:
        if row.kind == "heading":
            found.add(last)
            last = None
        elif row.kind in ("line", "opaque"):
            last = row.number
    return {number for number in (*found, last) if number is not None}


def _write_remark(page: Any, row: Row, styles: _Styles) -> None:
    """A text over the columns A to D, in a row high enough for it: nothing makes a merged row higher by itself."""
    page.merge_range(row.number, 0, row.number, FOR_ALL_YEARS, "", styles.of("remark"))
    page.write_string(row.number, 0, row.name, styles.of("remark"))
    page.set_row(row.number, LINE * min(lines_needed(row.name, sum(WIDTHS)), MOST_LINES))


def _write_row(page: Any, row: Row, unit: str, style: str, styles: _Styles) -> None:
    texts = (row.label or row.name, unit, row.note)
    for column, text in enumerate(texts):
        if text:
            page.write_string(row.number, column, text, styles.of(style))
        else:
            page.write_blank(row.number, column, None, styles.of(style))
    lines = max(lines_needed(text, width) for text, width in zip(texts, WIDTHS, strict=False))
    if lines > 1:
        page.set_row(row.number, LINE * min(lines, MOST_LINES))
    usual = '[=0]"–";[Red]"!"' if row.kind == "warning" else number_format(row.unit)
    for (number, column), formula, figure in zip(row.places, row.formulas, row.values, strict=True):
        shown = styles.of(style, SCIENTIFIC if abs(figure) >= LARGEST else usual)
        if formula is None:
            page.write_number(number, column, _AllDigits(figure), shown)
        else:
            page.write_formula(number, column, formula, shown, figure)

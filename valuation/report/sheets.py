"""A sheet of workings as rows: inputs, then every named step with the formula that gives it.

    A name   B unit   C note   D the figure, if one holds for all years ($D$9)   E, F, … one figure a year (E13)

SheetWorkings answers a method as valuation.workings does, and lays each line down as a row. What becomes of the rows
(fonts, widths, the file) is the business of valuation.report.excel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from xlsxwriter.utility import quote_sheetname

from valuation.report.cells import Cell, lift, refuse
from valuation.report.formulas import Place, Term, in_excel, reference
from valuation.texts import line_names
from valuation.workings import Silent

FIRST_ROW = 4  # above it stand the title and the header
FOR_ALL_YEARS, FIRST_YEAR = 3, 4  # columns D and E
LONGEST_NAME = 31
FORBIDDEN_IN_NAME = "[]:*?/\\"

WORDS = {
    "en": {
        "named": "{label} ({name})",
        "terms": "terms of {name}",
        "constant": "fixed figures",
        "opaque": "computed in Python",
        "link": "from sheet {name}",
        "warning": "warning",
    },
    "zh": {
        "named": "{label}（{name}）",
        "terms": "{name} 的各项",
        "constant": "固定数值",
        "opaque": "由 Python 计算",
        "link": "引自工作表 {name}",
        "warning": "提示",
    },
}


@dataclass
class Row:
    """One row: `values` are its figures, `formulas` what gives them (None for a fixed figure).

    kind: heading, remark (text across the sheet), input, link, constant, helper (terms side by side for a sum), line,
    opaque, warning (1 if it holds).
    """

    number: int  # counted from 0
    kind: str
    name: str
    unit: str = ""
    label: str = ""
    note: str = ""
    yearly: bool = False
    formulas: list[str | None] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    @property
    def places(self) -> list[Place]:
        """Where its figures stand."""
        first = FIRST_YEAR if self.yearly else FOR_ALL_YEARS
        return [Place(self.number, first + step) for step in range(len(self.values))]

    def append(self, term: Term | None, figure: float) -> None:
        """Add one figure with the formula that gives it."""
        if np.isnan(figure):
            raise ValueError(f"{self.name or 'a step'} is not a number, and no cell can hold that: choose by np.where.")
        self.formulas.append(None if term is None else f"={term.number().text}")
        self.values.append(in_excel(figure))


@dataclass
class Sheet:
    """Rows under one name; `years` heads the yearly columns (1, 2, … if not given), `currency` names money.

    Not `in_years` where what stands side by side are stages or dimensions.
    """

    name: str
    title: str = ""
    subtitle: str = ""
    years: Sequence[str | int] = ()
    language: str = "en"
    currency: str = ""
    in_years: bool = True
    rows: list[Row] = field(default_factory=list)
    _constants: dict[tuple[bytes, int], Cell] = field(default_factory=dict)
    _unnamed: list[Row] = field(default_factory=list)  # helper rows of a line that is still to come

    def __post_init__(self) -> None:
        if not 0 < len(self.name) <= LONGEST_NAME or any(mark in self.name for mark in FORBIDDEN_IN_NAME):
            raise ValueError(f"{self.name!r} names no sheet: write 1 to 31 characters without {FORBIDDEN_IN_NAME}")

    def heading(self, text: str) -> None:
        """Begin a part of the sheet."""
        self._begin("heading", text)

    def remark(self, text: str) -> None:
        """Write a text across the sheet."""
        self._begin("remark", text)

    def add(
        self, kind: str, name: str, figures: Any, unit: str, label: str = "", note: str = "", *, yearly: bool = False
    ) -> Cell:
        """Lay down a row, of formulas or of fixed figures, and hand back cells that refer to it."""
        self._name_helpers(name)
        return self._lay(self._begin(kind, name, unit, label, note), figures, yearly=yearly)

    def word(self, word: str, **parts: str) -> str:
        """A word of the sheet's own, in its language."""
        return WORDS[self.language][word].format(**parts)

    def named(self, name: str) -> str:
        """A step in the reader's language, its name in brackets; the name alone where that says as much."""
        label = line_names.label(name, self.language)
        return name if label == name else self.word("named", label=label, name=name)

    # what cells ask of it

    def constant(self, values: Any) -> Cell:
        """Fixed figures in a row of their own, once for all who use them."""
        key = (values.tobytes(), values.size)
        if key not in self._constants:
            row = self._begin("constant", self.word("constant"))
            self._constants[key] = self._lay(row, values, yearly=values.size > 1)
        return self._constants[key]

    def side_by_side(self, cell: Cell) -> Cell:
        """The same figures in neighbouring cells of one row, as SUM and a running sum need them."""
        places = [term.place for term in cell.terms]
        if any(places == row.places for row in self.rows):
            return cell
        return self._lay(self._helper(), Cell(self, cell.value, cell.terms, yearly=True))

    def recursion(self, first: Cell, later: Callable[[Cell, int], Cell], years: int) -> Cell:
        """A row that begins with `first` and goes on by later(figure of the year before, year)."""
        row = self._helper()
        row.yearly = True
        state, figures = first, []
        for year in range(years):
            state = later(state, year) if year else first
            if state.size != 1:
                refuse("A step of a recursion that gives several figures", "make one figure of those of one year.")
            row.append(state.terms[0], state.value[0])
            figures.append(state.value)
            state = Cell(self, state.value, [reference(row.places[-1], fixed=False)], yearly=False)
        return self._referring(row, np.concatenate(figures))

    # rows

    def name_helper(self, name: str, cell: Cell, unit: str, label: str = "") -> bool:
        """Make a line of the helper row these cells are, if there is one, so that it is not written twice."""
        places = [term.place for term in cell.terms]
        row = next((row for row in self._unnamed if row.places == places), None)
        if row is not None:
            self._unnamed.remove(row)
            row.kind, row.name, row.unit, row.label = "line", name, unit, label or self.named(name)
            self._name_helpers(name)
        return row is not None

    def _name_helpers(self, name: str) -> None:
        for row in self._unnamed:
            row.name = self.word("terms", name=line_names.label(name, self.language))
        self._unnamed.clear()

    def _helper(self) -> Row:
        row = self._begin("helper", "")
        self._unnamed.append(row)
        return row

    def _begin(self, kind: str, name: str, unit: str = "", label: str = "", note: str = "") -> Row:
        row = Row(FIRST_ROW + len(self.rows), kind, name, unit, label, note)
        self.rows.append(row)
        return row

    def _lay(self, row: Row, figures: Any, *, yearly: bool = False) -> Cell:
        value, terms = (figures.value, figures.terms) if isinstance(figures, Cell) else (figures, [None] * len(figures))
        row.yearly = figures.yearly if isinstance(figures, Cell) else yearly
        for term, figure in zip(terms, value, strict=True):
            row.append(term, figure)
        return self._referring(row, value)

    def _referring(self, row: Row, value: Any) -> Cell:
        terms = [reference(place, fixed=not row.yearly) for place in row.places]
        return Cell(self, value, terms, yearly=row.yearly)


class SheetWorkings(Silent):
    """Workings that lay every step down on a sheet: first inputs and links, then the method's own lines."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._names: set[str] = set()

    def input(
        self, name: str, values: Any, unit: str, label: str = "", note: str = "", *, yearly: bool | None = None
    ) -> Cell:
        """A stated figure, or one a year. Say `yearly` of a list that may cover one year only."""
        figures = _one_axis(values)
        yearly = figures.size > 1 if yearly is None else yearly
        return self.sheet.add("input", name, figures, unit, label, note, yearly=yearly)

    def link(self, name: str, cell: Cell, unit: str, label: str = "", note: str = "") -> Cell:
        """A figure worked out on another sheet."""
        if not isinstance(cell.sheet, Sheet) or any(term.place is None for term in cell.terms):
            refuse("A link to a figure without a row", "name it by workings.line first.")
        other = cell.sheet.name
        terms = [Term(f"{quote_sheetname(other)}!{term.text}") for term in cell.terms]
        there = Cell(self.sheet, cell.value, terms, yearly=cell.yearly)
        return self.sheet.add("link", name, there, unit, label, note or self.sheet.word("link", name=other))

    def line(self, name: str, array: Any, unit: str = "money", label: str = "") -> Any:
        """Lay the step down and hand back references to its row."""
        self._claim(name)
        if not isinstance(array, Cell):
            return self._fixed("line", name, array, unit)
        if self.sheet.name_helper(name, array, unit, label):
            return array
        return self.sheet.add("line", name, array, unit, label or self.sheet.named(name))

    def scan(self, name: str, step: Callable[..., Any], start: Any, *yearly: Any, unit: str = "money") -> Any:
        """A recursion over years as one row: the first year from `start`, every other from the year before it."""
        cells = [lift(self.sheet, item) for item in yearly]
        years = max(cell.size for cell in cells)
        first = lift(self.sheet, step(start, *(cell.column(0) for cell in cells)))
        states = self.sheet.recursion(
            first, lambda state, year: step(state, *(cell.column(year) for cell in cells)), years
        )
        return self.line(name, states, unit)

    def opaque(self, name: str, function: Callable[..., Any], *arguments: Any, unit: str = "money") -> Any:
        """Write the figure alone, with a note that Python worked it out and no change of an input moves it."""
        self._claim(name)
        figures = function(*(item.value if isinstance(item, Cell) else item for item in arguments))
        return self._fixed("opaque", name, figures, unit, note=self.sheet.word("opaque"))

    def warn(self, condition: Any, english: str, chinese: str) -> None:
        """Write the warning with a figure that is 1 as long as it holds."""
        text = chinese if self.sheet.language == "zh" else english
        if isinstance(condition, Cell):
            holds = np.max(condition, axis=-1, keepdims=True)
        elif np.any(condition):
            holds = np.ones(1)
        else:
            return
        self.sheet.add("warning", self.sheet.word("warning"), holds, "", note=text)

    def _claim(self, name: str) -> None:
        if name in self._names:
            raise ValueError(f"the line {name!r} is named twice; give each step its own name")
        self._names.add(name)

    def _fixed(self, kind: str, name: str, array: Any, unit: str, note: str = "") -> Cell:
        figures = _one_axis(array)
        return self.sheet.add(kind, name, figures, unit, self.sheet.named(name), note, yearly=figures.size > 1)


def _one_axis(figures: Any) -> Any:
    array = np.atleast_1d(np.asarray(figures, dtype=float))
    if array.ndim > 1:
        refuse("An array with more axes than years", "give it one axis, the years.")
    return array

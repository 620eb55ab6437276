"""What every installed method must do, whoever wrote it: one figure however it is read, scaling money, words for all.

A new method needs no test here, only an entry in examples.json; see tests/readings.py for the four readings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args, get_origin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libreoffice import Figures, figures, recalculate
from readings import (
    CASES,
    EXAMPLES,
    INSTALLED,
    example,
    family,
    in_other_currency,
    moved,
    outcome_of,
    rewritten,
    steps_in_rows,
    unchanged,
)

from valuation import plugins
from valuation.calculation import Outcome, rows
from valuation.ensemble import Ensemble
from valuation.errors import InputError
from valuation.method import MARKS, FieldFacts, Inputs, field_facts
from valuation.report import excel
from valuation.report.formulas import in_excel
from valuation.report.sheets import Row, Sheet
from valuation.report.workbook import Pages
from valuation.workings import FloatArray, Line

EXACT = 1e-12  # the last digits of a double, after some tens of operations

# The ids that other people rely on. A method that is lost, or found under another name, is seen here.
OURS = [
    "allocation.shapley",
    "cost.compute_cluster",
    "cost.data_replacement",
    "cost.model_retraining",
    "cost.reproduction",
    "forecast.adoption",
    "forecast.growth_path",
    "income.compute_rental",
    "income.direct",
    "income.excess_earnings",
    "income.incremental",
    "income.profit_split",
    "income.real_option",
    "income.relief_from_royalty",
    "income.stage_weighted",
    "income.with_and_without",
    "lending.expected_loss",
    "lending.haircut",
    "lending.limits",
    "lending.lines",
    "lending.path",
    "lending.price",
    "lending.risk_sharing",
    "lending.sale_time",
    "life.shortest",
    "life.survivor",
    "limit.borrowing_base",
    "market.comparables",
    "market.compute_resale",
    "market.data_comparables",
    "need.working_capital",
    "pd.merton",
    "quality.score",
    "rate.build_up",
    "rate.capm",
    "rate.implied",
    "rate.wacc",
    "royalty_rate.from_comparables",
    "royalty_rate.split_by_score",
    "survival.exponential",
    "survival.iowa",
    "survival.weibull",
]

UNITS = {
    *("money", "money per hour", "money per year", "money per unit", "money per kWh", "money per person-month"),
    *("fraction", "fraction per year", "ratio"),
    *("years", "whole years", "hours", "person-months", "count"),
    *("kW", "kWh", "FLOP", "FLOP per second", "throughput", "nats per token"),
}
WORDS = {"choice", "text", "items"}  # what a field may be beside a figure

every_case = pytest.mark.parametrize(("method_id", "name"), CASES)
every_method = pytest.mark.parametrize("method_id", INSTALLED)


def apart(found: Any, line: Line) -> float:
    """How far figures lie from a line's, as a part of the line's largest."""
    expected = np.array([in_excel(figure) for figure in line.values])
    found = np.array([in_excel(figure) for figure in found])
    assert found.shape == expected.shape, f"{line.name}: {found.size} figures for {expected.size}"
    return float(np.max(np.abs(found - expected)) / max(np.max(np.abs(expected)), np.finfo(float).tiny))


# Which methods there are


def test_the_ids_are_those_that_others_rely_on() -> None:
    ours = [method_id for method_id, found in INSTALLED.items() if found.distribution == plugins.OURS]
    assert sorted(ours) == OURS


def test_every_installed_method_can_be_loaded() -> None:
    assert [found for found in plugins.methods() if isinstance(found, InputError)] == []


def test_every_method_has_example_inputs() -> None:
    """Without them the tests below would pass a method by."""
    assert sorted(EXAMPLES) == sorted(INSTALLED)


def models_within(model: type[Inputs]) -> Iterator[type[Inputs]]:
    """The model and those of its lists of things."""
    yield model
    for declared in model.model_fields.values():
        for part in get_args(declared.annotation):
            if isinstance(part, type) and issubclass(part, Inputs):
                yield from models_within(part)


def declared_in(model: type[Inputs], name: str) -> str:
    """The field's full name, under the model that declares it."""
    home = next(parent for parent in model.__mro__ if name in vars(parent).get("__annotations__", {}))
    return f"{home.__name__}.{name}"


def used_within(model: type[Inputs], stated: dict[str, Any]) -> Iterator[str]:
    """Every field that is stated, and every word chosen."""
    for name, content in stated.items():
        field = declared_in(model, name)
        yield from [field, f"{field}: {content}"] if isinstance(content, str) else [field]
        for entry in content if isinstance(content, list) else []:
            if isinstance(entry, dict):
                (of,) = get_args(model.model_fields[name].annotation)
                yield from used_within(of, entry)


def test_the_examples_state_every_input_and_choose_every_word() -> None:
    """An input that no example states is never moved, scaled or typed into a sheet."""
    wanted, used = set(), set()
    for method_id, found in INSTALLED.items():
        for model in models_within(found.method.inputs):
            for name, declared in model.model_fields.items():
                field = declared_in(model, name)
                wanted.add(field)
                if get_origin(declared.annotation) is Literal:
                    wanted |= {f"{field}: {word}" for word in get_args(declared.annotation)}
        for stated in EXAMPLES.get(method_id, {}).values():
            used |= set(used_within(found.method.inputs, stated))
    assert wanted - used == set()


# What it says of itself

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def in_both_languages(english: str, chinese: str) -> bool:
    return bool(english.strip()) and not CHINESE.search(english) and bool(CHINESE.search(chinese))


@every_method
def test_every_method_says_what_it_means_where_it_comes_from_and_where_it_fails(method_id: str) -> None:
    method = INSTALLED[method_id].method
    said = method.value.__doc__ or ""
    assert len(said.splitlines()[0]) > 20, "the first line says what the figure means"
    assert re.search(r"\d", said), "the docstring gives a number to check by"
    assert all(citation.text.strip() and citation.mark in MARKS for citation in method.citations)
    assert method.citations
    assert in_both_languages(*method.title)
    assert in_both_languages(*method.limitations)
    assert method.evidence
    assert method.version >= 1


@every_method
def test_every_input_has_a_unit_and_labels_in_both_languages(method_id: str) -> None:
    for model in models_within(INSTALLED[method_id].method.inputs):
        for name in model.model_fields:
            facts = field_facts(model, name)
            assert facts is not None, f"{name} was made by no field maker"
            assert facts.unit in UNITS | WORDS, name
            assert in_both_languages(facts.label_en, facts.label_zh), name


@every_case
def test_every_line_has_a_unit_and_a_name_of_its_own_and_the_last_is_the_value(method_id: str, name: str) -> None:
    for outcome in family(example(method_id, name)):
        names = [line.name for line in outcome.lines]
        assert len(set(names)) == len(names)
        assert {line.unit for line in outcome.lines} <= UNITS
        assert outcome.lines[-1].values == tuple(outcome.figures)
        assert outcome.lines[-1].unit == outcome.calculation.method.unit


@every_case
def test_every_warning_speaks_both_languages(method_id: str, name: str) -> None:
    for warning in example(method_id, name).all_warnings():
        assert in_both_languages(warning.english, warning.chinese)


# Whatever is typed in

FAR = {"FLOP": 1e28, "FLOP per second": 1e18, "count": 1e14, "ratio": 1e4}  # how far an input without bounds is tried


def anything(facts: FieldFacts) -> st.SearchStrategy[float]:
    """Any figure the field's bounds allow."""
    far = FAR.get(facts.unit, 1e13)
    least = next((limit for limit in (facts.above, facts.low) if limit is not None), -far)
    most = next((limit for limit in (facts.below, facts.high) if limit is not None), far)
    ends = {"exclude_min": facts.above is not None, "exclude_max": facts.below is not None}
    return st.floats(least, most, allow_subnormal=False, **ends)


@every_case
@settings(max_examples=10)
@given(data=st.data())
def test_any_allowed_figures_give_a_figure_or_a_sentence(method_id: str, name: str, data: st.DataObject) -> None:
    def typed(path: str, facts: FieldFacts, figures: FloatArray) -> FloatArray:
        return np.array([data.draw(anything(facts), label=path) for _ in figures])

    try:
        outcome = outcome_of(method_id, rewritten(example(method_id, name), typed))
    except InputError as error:
        for problem in error.problems:
            assert all(problem.sentence(language).strip() for language in ("en", "zh"))
    else:
        assert np.all(np.isfinite(outcome.figures))


# One figure, however it is read


@every_case
def test_a_draw_is_the_point(method_id: str, name: str) -> None:
    outcome = example(method_id, name)
    drawn = outcome_of(method_id, rewritten(outcome, unchanged, as_range=True))
    ensemble = Ensemble([drawn])
    assert ensemble.paths, "nothing is drawn, so this test would say nothing"
    (values,) = ensemble.values(np.zeros((len(ensemble.paths), 3)))
    assert values == pytest.approx(np.repeat(outcome.figures[0], 3), rel=EXACT, abs=0)


@every_case
def test_a_row_of_a_batch_is_the_point(method_id: str, name: str) -> None:
    outcome = example(method_id, name)
    assert rows([outcome]) == pytest.approx(outcome.figures[:1], rel=EXACT, abs=0)


@every_case
def test_rows_of_a_batch_do_not_touch_each_other(method_id: str, name: str) -> None:
    """Every step of each row is that of the row alone; a sum over the wrong axis would mix them."""
    outcome = example(method_id, name)
    alone = [outcome_of(method_id, rewritten(outcome, moved(variant))) for variant in (1, 2, 3)]
    for one, steps in zip(alone, steps_in_rows(alone), strict=True):
        assert max(apart(steps[line.name], line) for line in one.lines) <= EXACT


@every_case
def test_a_currency_of_smaller_units_gives_larger_figures(method_id: str, name: str) -> None:
    """All amounts in a currency k times smaller: every figure of money is k times as large, every other as it was."""
    units = 7.3
    outcome = example(method_id, name)
    scaled = outcome_of(method_id, rewritten(outcome, in_other_currency(units)))
    for one, other in zip(family(outcome), family(scaled), strict=True):
        for line, found in zip(one.lines, other.lines, strict=True):
            factor = units if line.unit.startswith("money") else 1.0
            expected = Line(line.name, line.unit, tuple(factor * figure for figure in line.values))
            assert apart(found.values, expected) <= EXACT, line.name
    factor = units if INSTALLED[method_id].method.unit.startswith("money") else 1.0
    assert scaled.figures == pytest.approx(factor * outcome.figures, rel=EXACT, abs=0)


# The same figure by a sheet, recalculated by LibreOffice

WRONG = -1.0  # cached where a formula stands: whoever reads it back has not recalculated


@dataclass
class Page:
    """A sheet of a calculation, and what it must show once it is recalculated."""

    book: str
    sheet: Sheet
    expected: Outcome
    changed: bool  # whether somebody typed other inputs into it


def pages_of(book: str, pages: Pages, outcome: Outcome, expected: Outcome) -> Iterator[Page]:
    """The sheets of a calculation with the inputs of `expected` typed in and a wrong figure behind every formula."""
    before = len(pages.sheets)
    pages.calculation(outcome)
    for sheet, shown in zip(pages.sheets[before:], family(expected), strict=True):
        for row in sheet.rows:
            if row.kind == "input":
                row.values = shown.stated[row.name].tolist()
            row.values = [
                figure if formula is None else WRONG for formula, figure in zip(row.formulas, row.values, strict=True)
            ]
        yield Page(book, sheet, shown, changed=expected is not outcome)


@pytest.fixture(scope="module")
def recalculated(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Any]:
    """Every example as it is and with other inputs, one workbook a method, recalculated at one go."""
    folder = tmp_path_factory.mktemp("written")
    made: dict[tuple[str, str], list[Page]] = {}
    books: dict[str, Pages] = {}
    for method_id, name in CASES:
        pages, outcome = books.setdefault(method_id, Pages()), example(method_id, name)
        other = outcome_of(method_id, rewritten(outcome, moved(1)))
        made[method_id, name] = [
            page for expected in (outcome, other) for page in pages_of(method_id, pages, outcome, expected)
        ]
    for method_id, pages in books.items():
        excel.write(folder / f"{method_id}.xlsx", pages.sheets, title=method_id, created=datetime(2026, 6, 30))  # noqa: DTZ001
    files = [folder / f"{method_id}.xlsx" for method_id in books]
    outputs = recalculate(soffice, files, tmp_path_factory.mktemp("recalculated"))
    shown = {method_id: figures(output) for method_id, output in zip(books, outputs, strict=True)}
    return {case: [(page, shown[page.book]) for page in pages] for case, pages in made.items()}


def shown_in(row: Row, sheet: Sheet, cells: Figures) -> list[Any]:
    return [cells.get((sheet.name, *place)) for place in row.places]


@every_case
def test_the_recalculated_sheet_shows_the_same_lines(method_id: str, name: str, recalculated: Any) -> None:
    """Also after other inputs were typed in, and although every formula had a wrong figure cached."""
    found = {}
    for page, cells in recalculated[method_id, name]:
        rows_by_name = {row.name: row for row in page.sheet.rows if row.kind in ("line", "opaque")}
        for line in page.expected.lines:
            row = rows_by_name[line.name]
            if not (line.opaque and page.changed):  # Python wrote that figure, and nothing moves it
                found[page.sheet.name, line.name] = apart(shown_in(row, page.sheet, cells), line)
    assert {place: error for place, error in found.items() if error > EXACT} == {}

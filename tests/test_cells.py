"""The stand-in array: one function gives figures and a live sheet that LibreOffice works out to the same figures."""

import copy
import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from libreoffice import figures, recalculate

from valuation import finance
from valuation.report.cells import Cell
from valuation.report.excel import write
from valuation.report.sheets import Sheet, SheetWorkings
from valuation.workings import Silent, Workings

CREATED = datetime(2026, 6, 30, tzinfo=UTC)


# Three methods as a valuer writes them.


def relief_from_royalty(inputs: Any, workings: Silent) -> Any:
    line = workings.line
    years = finance.horizon(inputs.revenue)
    royalty = line("royalty_saved", inputs.revenue * inputs.share_of_revenue * inputs.royalty_rate)
    after_tax = line("after_tax_royalty", (royalty - inputs.owner_costs) * (1 - inputs.tax_rate))
    in_life = line("period_in_life", finance.period_in_life(inputs.remaining_useful_life, years), unit="years")
    discount = finance.discount_factor(inputs.discount_rate, finance.flow_time(in_life, years))
    discount = line("discount_factor", discount, unit="fraction")
    before_benefit = line("value_before_tax_benefit", finance.present_value(after_tax * in_life, discount))
    benefit = finance.amortisation_benefit_factor(inputs.tax_rate, inputs.discount_rate, inputs.tax_life)
    return line("value", before_benefit * line("tax_benefit_factor", benefit, unit="ratio"))


def compute_rental(inputs: Any, workings: Silent) -> Any:
    """Rent at a falling price that stops at a floor; shut down below variable cost; losses are carried forward."""
    line = workings.line
    year = line("year", finance.year_numbers(finance.horizon(inputs.utilisation)), unit="years")
    falling = inputs.price * finance.compound(-inputs.price_decline, year - 1)
    price = line("price", np.maximum(falling, inputs.price_floor), unit="money per hour")
    running = line("running", (price > inputs.variable_cost) & (year <= inputs.life), unit="count")
    margin = price * (1 - inputs.fee) - inputs.variable_cost
    profit = line("profit", np.where(running, inputs.hours * inputs.utilisation * margin, 0.0) - inputs.fixed_cost)
    loss = workings.scan("loss_carried", lambda before, this: np.maximum(before - this, 0.0), inputs.loss, profit)
    before = line("loss_brought", np.concatenate([inputs.loss, loss[..., :-1]], axis=-1))
    tax = line("tax", inputs.tax_rate * np.maximum(profit - before, 0.0))
    survival = line("survival", np.cumprod(1 - inputs.failure * np.ones_like(year), axis=-1), unit="fraction")
    flows = (profit - tax) * survival * finance.discount_factor(inputs.discount_rate, year - 0.5)
    operating = line("operating_value", flows.sum(axis=-1, keepdims=True))
    residual = inputs.residual * finance.discount_factor(inputs.discount_rate, year[..., -1:]) * survival[..., -1:]
    return line("value", operating + line("residual_value", residual))


def excess_earnings(inputs: Any, workings: Silent) -> Any:
    """Charges of a list of contributory assets, attrition by a Weibull curve, the lowest of a few caps."""
    line = workings.line
    years = finance.horizon(inputs.revenue)
    charges = [
        line(f"charge_{index}", inputs.revenue * finance.charge_share_of_revenue(*one, inputs.revenue))
        for index, one in enumerate((c.value, c.return_on, c.return_of) for c in inputs.charges)
    ]
    time = finance.year_numbers(years) - 0.5
    left = line("survival", finance.weibull_survival(inputs.shape, inputs.scale, inputs.age, time), unit="fraction")
    excess = line("excess", (inputs.revenue * inputs.margin - sum(charges)) * left)
    present = line("present_value", excess * finance.discount_factor(inputs.discount_rate, time))
    total = line("total", np.sum(present, axis=-1, keepdims=True))
    workings.warn(excess < 0, "The charges eat the earnings in some year.", "某些年份贡献资产费用超过收益。")
    mean_life = line("mean_life", finance.weibull_mean_life(inputs.shape, inputs.scale), unit="years")
    caps = np.concatenate([total, inputs.cap, mean_life * 1e9], axis=-1)
    return line("value", np.min(caps, axis=-1, keepdims=True))


METHODS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "royalty": (
        relief_from_royalty,
        {
            "revenue": [100e6, 120e6, 130e6, 131e6],
            "share_of_revenue": [1.0, 0.8, 0.6, 0.5],
            "royalty_rate": 0.05,
            "owner_costs": 123456.78,
            "tax_rate": 0.25,
            "remaining_useful_life": 2.5,
            "discount_rate": 0.18,
            "tax_life": 10.0,
        },
    ),
    "rental": (
        compute_rental,
        {
            "utilisation": [0.7, 0.75, 0.6, 0.5, 0.4],
            "price": 2.5,
            "price_decline": 0.31,
            "price_floor": 0.55,
            "variable_cost": 0.6,
            "fee": 0.03,
            "hours": 8760.0,
            "fixed_cost": 6000.0,
            "life": 4.0,
            "loss": 1500.0,
            "tax_rate": 0.25,
            "failure": 0.04,
            "discount_rate": 0.145,
            "residual": 900.0,
        },
    ),
    "excess": (
        excess_earnings,
        {
            "revenue": [5e6, 6e6, 6.6e6],
            "margin": [0.3, 0.31, 0.29],
            "charges": [
                {"value": [1e6, 1.1e6, 1.2e6], "return_on": 0.05, "return_of": 0.0},
                {"value": 2e6, "return_on": 0.08, "return_of": [2e5, 2e5, 1.5e5]},
                {"value": 3e5, "return_on": 0.12, "return_of": 1e4},
            ],
            "shape": 1.8,
            "scale": 6.0,
            "age": 1.5,
            "discount_rate": 0.2,
            "cap": 1e8,
        },
    ),
}


def as_arrays(inputs: Any) -> Any:
    if isinstance(inputs, dict):
        return SimpleNamespace(**{name: as_arrays(value) for name, value in inputs.items()})
    if isinstance(inputs, list) and isinstance(inputs[0], dict):
        return [as_arrays(entry) for entry in inputs]
    return np.atleast_1d(np.array(inputs, dtype=float))


def as_cells(inputs: Any, workings: SheetWorkings, name: str = "") -> Any:
    if isinstance(inputs, dict):
        return SimpleNamespace(**{key: as_cells(value, workings, f"{name}.{key}") for key, value in inputs.items()})
    if isinstance(inputs, list) and isinstance(inputs[0], dict):
        return [as_cells(entry, workings, f"{name}[{index}]") for index, entry in enumerate(inputs)]
    return workings.input(name, inputs, "ratio", yearly=isinstance(inputs, list))


def changed(inputs: Any, rng: np.random.Generator) -> Any:
    """Every figure moved by up to a fifth."""
    if isinstance(inputs, dict):
        return {name: changed(value, rng) for name, value in inputs.items()}
    if isinstance(inputs, list):
        return [changed(entry, rng) for entry in inputs]
    return inputs * rng.uniform(0.8, 1.2)


def on_sheet(name: str, method: Callable[..., Any], inputs: Any) -> Sheet:
    sheet = Sheet(name)
    workings = SheetWorkings(sheet)
    method(as_cells(inputs, workings), workings)
    return sheet


def lines_of(method: Callable[..., Any], inputs: Any) -> dict[str, tuple[float, ...]]:
    workings = Workings()
    method(as_arrays(inputs), workings)
    return {line.name: line.values for line in workings.lines}


def named_rows(sheet: Sheet) -> dict[str, Any]:
    return {row.name: row for row in sheet.rows if row.kind in ("line", "opaque")}


def with_wrong_figures(sheet: Sheet) -> Sheet:
    """The same sheet, -1 cached for every formula."""
    sheet = copy.deepcopy(sheet)
    for row in sheet.rows:
        row.values = [
            value if formula is None else -1.0 for formula, value in zip(row.formulas, row.values, strict=True)
        ]
    return sheet


def with_inputs(sheet: Sheet, inputs: Any) -> Sheet:
    """The sheet as somebody leaves it who types other inputs and does not recalculate."""
    sheet, other = copy.deepcopy(sheet), Sheet("other")
    as_cells(inputs, SheetWorkings(other))
    for row, typed in zip(sheet.rows, other.rows, strict=False):
        row.values = typed.values
    return sheet


def differences(found: dict[Any, Any], sheet: Sheet, expected: dict[str, Any], within: float = 1e-12) -> list[str]:
    """Each cell that is not the expected figure (of a helper row: the sheet's), relative to the largest of its row."""
    wrong = []
    for row in sheet.rows:
        right = expected.get(row.name, row.values)
        scale = max(map(abs, right), default=0.0) or 1.0
        for place, formula, figure in zip(row.places, row.formulas, right, strict=True):
            cell = found.get((sheet.name, *place))
            if not isinstance(cell, int | float) or abs(cell - figure) > within * scale:
                wrong.append(f"{row.name}: {formula} gives {cell}, not {figure}")
    return wrong


# Every operator and function, with the brackets and signs that Excel reads in its own way.

Expression = Callable[[Any, Any, Any], Any]
EXPRESSIONS: dict[str, Expression] = {
    "minus_a_square": lambda x, y, a: -(x**2),
    "square_of_minus": lambda x, y, a: (-x) ** 2,
    "minus_a_root": lambda x, y, a: -(y**0.5),
    "tower_from_the_left": lambda x, y, a: (y**a) ** a,
    "tower_from_the_right": lambda x, y, a: a ** (a**y),
    "minus_in_the_exponent": lambda x, y, a: 2.0 ** (-x),
    "exp_of_minus_a_power": lambda x, y, a: np.exp(-((y / a) ** 1.5)),
    "difference_of_a_difference": lambda x, y, a: a - (x - y) - (y - a),
    "quotient_of_a_quotient": lambda x, y, a: a / (y / (a / y)) / a,
    "product_of_sums": lambda x, y, a: (x + y) * (x - a) / (a + y),
    "minus_minus": lambda x, y, a: x - -y + -a * -x,
    "negative_number_typed": lambda x, y, a: -2.5 * x - -3 + (-1.5) ** 2 * a,
    "number_on_the_left": lambda x, y, a: 1 - x + 2 / a,
    "numbers_of_all_sizes": lambda x, y, a: x * 1e-7 + 1e22 * y - 1 / 3 * a + (0.1 + 0.2),
    "condition_counts": lambda x, y, a: 3 * (x < y) + (x <= a) * (y > a) - (x >= y),
    "conditions_equal": lambda x, y, a: (x == a) | (y != a),
    "conditions_joined": lambda x, y, a: np.where(np.logical_or(x > a, ~(y > x)) & (y > 0), x, -y),
    "condition_kept": lambda x, y, a: np.logical_and(x < y, np.logical_not(x < 0)),
    "choice_of_conditions": lambda x, y, a: np.where(x > 0, x < y, x > y) * 2.0,
    "largest_of_conditions": lambda x, y, a: np.maximum(x < y, x < a) * y,
    "choice_between_fixed": lambda x, y, a: np.where(x > a, 1.0, np.inf),
    "nested_choice": lambda x, y, a: np.where(x < 0, 0.0, np.where(x > a, y, x)) + 1,
    "division_where_allowed": lambda x, y, a: np.where(x == 0, 0.0, a / np.where(x == 0, 1.0, x)),
    "clipped": lambda x, y, a: np.clip(x, 0.0, a) + x.clip(-1.0, 1.0) + np.clip(y, None, a),
    "extremes": lambda x, y, a: np.minimum(x, np.maximum(y, a)) - np.maximum(0.0, x),
    "functions": lambda x, y, a: np.sqrt(y) + np.log(y) + abs(x) + np.exp(x / 9) + np.absolute(-a),
    "near_one": lambda x, y, a: np.expm1(-y / 9) * np.log1p(y) + np.log1p(-1 / (1 + y)),
    "whole_numbers": lambda x, y, a: np.floor(x) * 10 + np.ceil(x) + np.floor(a),
    "normal": lambda x, y, a: finance.normal_cdf(x) + finance.normal_quantile(1 / (1 + y)),
    "two_normal": lambda x, y, a: finance.bivariate_normal_cdf(x, a, np.clip(y / 9, 0.0, 0.9)),
    "two_normal_at_its_ends": lambda x, y, a: finance.bivariate_normal_cdf(x, y, np.where(x > 0, 1.0, -1.0)),
    "gamma": lambda x, y, a: finance.gamma(1 + 1 / y),
    "powers": lambda x, y, a: finance.power(2.0, x) * finance.compound(0.07, -y) + finance.power(y, a),
    "discounting": lambda x, y, a: finance.discount_factor(a / 10, np.arange(1.0, x.shape[-1] + 1) - 0.5),
    "rates_by_year": lambda x, y, a: finance.discount_factor_by_year(y / 20, x.shape[-1]),
    "flat_annuity": lambda x, y, a: finance.annuity_factor(np.where(x > 0, 0.0, 0.1), a),
    "half_life": lambda x, y, a: finance.half_life_decay(a, y),
    "fixed_figures": lambda x, y, a: x * np.arange(1.0, x.shape[-1] + 1) + np.linspace(0, 1 / 7, x.shape[-1]),
    "fixed_conditions": lambda x, y, a: np.where(np.arange(x.shape[-1]) < 2, x, y),
    "sum": lambda x, y, a: (x * y).sum(axis=-1, keepdims=True) + np.sum(x, axis=-1, keepdims=True),
    "sum_by_year": lambda x, y, a: y / np.sum(y, axis=-1, keepdims=True),
    "sum_of_conditions": lambda x, y, a: np.sum(x < y, axis=-1, keepdims=True),
    "sum_of_all_years_alike": lambda x, y, a: a.sum(axis=-1, keepdims=True) + np.max(a + 1, axis=-1, keepdims=True),
    "product_and_mean": lambda x, y, a: y.prod(axis=-1, keepdims=True) - np.mean(x, axis=-1, keepdims=True),
    "lowest_and_highest": lambda x, y, a: x.min(axis=-1, keepdims=True) + np.max(x + y, axis=-1, keepdims=True),
    "running": lambda x, y, a: np.cumsum(x * a, axis=-1) + np.cumprod(1 + y / 10, axis=-1) * x.cumsum(axis=-1),
    "running_low": lambda x, y, a: np.minimum.accumulate(x, axis=-1) + np.maximum.accumulate(y, axis=-1),
    "year_before": lambda x, y, a: x - np.concatenate([a, x[..., :-1]], axis=-1),
    "year_after": lambda x, y, a: np.concatenate([y[..., 1:], np.array([7.0])], axis=-1) * x,
    "first_and_last": lambda x, y, a: x[..., :1] * y[..., -1:] - x,
    "change": lambda x, y, a: np.sum((y[..., 1:] - y[..., :-1]) ** 2, axis=-1, keepdims=True),
    "to_come": lambda x, y, a: np.cumsum(y[..., ::-1], axis=-1)[..., ::-1],
    "picked_by_hand": lambda x, y, a: np.min(np.concatenate([a, x[..., :1], a * 2], axis=-1), axis=-1, keepdims=True),
    "sum_of_a_list": lambda x, y, a: sum([x, y, a, x < y]),
    "filled": lambda x, y, a: np.zeros_like(x) + np.ones_like(x) * 2 + np.full_like(y, a),
    "broadcast": lambda x, y, a: np.broadcast_to(a, x.shape) - np.broadcast_to(y, x.shape),
}
VARIABLES = {"x": [-2.5, 0.0, 1.25, 3.0, 4.0], "y": [0.5, 2.0, 1.25, 7.5, 0.1], "a": 1.25}
ONE_YEAR = {"x": [-2.5], "y": [0.5], "a": 1.25}


def expressions(inputs: Any, workings: Silent) -> Any:
    for name, expression in EXPRESSIONS.items():
        workings.line(name, expression(inputs.x, inputs.y, inputs.a), unit="ratio")


def random_expressions(inputs: Any, workings: Silent) -> Any:
    """Two hundred formulas made by chance, the same each time: no pair of operators is left untried."""
    rng = np.random.default_rng(20260630)
    for number in range(200):
        workings.line(f"random_{number}", _random(rng, 4, inputs), unit="ratio")


def _random(rng: np.random.Generator, depth: int, inputs: Any) -> Any:
    if depth == 0:
        return [inputs.x, inputs.y, inputs.a, 2.0, 0.3][rng.integers(5)]
    left, right = (_random(rng, depth - 1 - int(rng.integers(2)) * (depth > 1), inputs) for _ in range(2))
    return [
        lambda: left + right,
        lambda: left - right,
        lambda: left * right,
        lambda: left / (abs(right) + 1),
        lambda: -left,
        lambda: (abs(left) + 0.5) ** np.clip(right, -2.0, 2.0),
        lambda: np.where(left > right, right, left * 0.5),
        lambda: np.maximum(left, -right) - 1,
    ][rng.integers(8)]()


SHEETS: dict[str, tuple[Callable[..., Any], Any]] = {
    **METHODS,
    "expressions": (expressions, VARIABLES),
    "one year": (expressions, ONE_YEAR),
    "random": (random_expressions, VARIABLES),
}
OTHER_INPUTS = {name: changed(inputs, np.random.default_rng(7)) for name, (_, inputs) in METHODS.items()}


@pytest.fixture(scope="module")
def recalculated(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[Any, Any]]:
    """All workbooks of this file, with wrong figures cached, recalculated at one go."""
    books = {f"wrong {name}": [with_wrong_figures(on_sheet(name, *case))] for name, case in SHEETS.items()}
    for name, inputs in OTHER_INPUTS.items():
        books[f"changed {name}"] = [with_inputs(on_sheet(name, *METHODS[name]), inputs)]
    books["broken"] = [broken_sheet()]
    books["linked"] = [with_wrong_figures(sheet) for sheet in linked_sheets()]
    folder = tmp_path_factory.mktemp("written")
    for name, sheets in books.items():
        write(folder / f"{name}.xlsx", sheets, title=name, created=CREATED)
        assert_figures_stand_as_written(folder / f"{name}.xlsx", sheets)
    outputs = recalculate(soffice, [folder / f"{name}.xlsx" for name in books], tmp_path_factory.mktemp("recalculated"))
    return dict(zip(books, map(figures, outputs), strict=True))


def assert_figures_stand_as_written(path: Path, sheets: list[Sheet]) -> None:
    """To the last digit, the wrong ones too: else a recalculation could not be told from what was there before."""
    found = figures(path)
    for sheet in sheets:
        for row in sheet.rows:
            assert [found[sheet.name, *place] for place in row.places] == row.values


def broken_sheet() -> Sheet:
    """The rental sheet with a floor on the price turned into a cap in one year."""
    sheet = on_sheet("rental", *METHODS["rental"])
    price = named_rows(sheet)["price"]
    price.formulas[1] = price.formulas[1].replace("MAX", "MIN")
    return sheet


def linked_sheets() -> list[Sheet]:
    """A rate and growth by year worked out on one sheet, used on another whose name needs quotes."""
    rate_sheet, value_sheet = Sheet("rate.wacc"), Sheet("company's value")
    rates, values = SheetWorkings(rate_sheet), SheetWorkings(value_sheet)
    rate = rates.line("rate", finance.wacc(*(rates.input(n, 0.1 + 0.01 * k, "fraction") for k, n in enumerate("edts"))))
    growth = rates.line("growth", rates.input("inflation", [0.02, 0.03], "fraction") + 0.01)
    linked = values.link("discount_rate", rate, "fraction"), values.link("growth_rate", growth, "fraction")
    values.line("value", np.sum(linked[1] / linked[0], axis=-1, keepdims=True))
    return [rate_sheet, value_sheet]


@pytest.mark.parametrize("name", SHEETS)
def test_cells_hold_the_figures_of_the_arrays(name: str) -> None:
    """(1 + rate) ** years is exp(years x log1p(rate)) on arrays, which leaves the last digits open."""
    method, inputs = SHEETS[name]
    sheet = on_sheet(name, method, inputs)
    expected = lines_of(method, inputs)
    assert list(named_rows(sheet)) == list(expected)
    for line, row in named_rows(sheet).items():
        np.testing.assert_allclose(row.values, np.clip(expected[line], None, 9.99e307), rtol=4e-15, err_msg=line)


@pytest.mark.parametrize("name", SHEETS)
def test_recalculation_gives_the_figures_of_the_arrays(name: str, recalculated: Any) -> None:
    """-1 stood in every cell with a formula; infinity is the largest figure Excel knows."""
    method, inputs = SHEETS[name]
    expected = {line: np.clip(values, None, 9.99e307) for line, values in lines_of(method, inputs).items()}
    assert differences(recalculated[f"wrong {name}"], on_sheet(name, method, inputs), expected) == []


@pytest.mark.parametrize("name", METHODS)
def test_changed_inputs_move_the_sheet_as_they_move_the_method(name: str, recalculated: Any) -> None:
    method, inputs = METHODS[name]
    expected = lines_of(method, OTHER_INPUTS[name])
    assert expected["value"] != lines_of(method, inputs)["value"]
    assert differences(recalculated[f"changed {name}"], on_sheet(name, method, OTHER_INPUTS[name]), expected) == []


def test_a_wrong_formula_is_found(recalculated: Any) -> None:
    """The check above can fail: in the year of the wrong price, and in what follows from it."""
    sheet = on_sheet("rental", *METHODS["rental"])
    wrong = differences(recalculated["broken"], sheet, lines_of(*METHODS["rental"]))
    names = {text.split(":")[0] for text in wrong}
    assert {"price", "profit", "value"} <= names
    assert not {"year", "survival"} & names


def test_links_carry_a_figure_from_sheet_to_sheet(recalculated: Any) -> None:
    value_sheet = linked_sheets()[-1]
    value = recalculated["linked"][value_sheet.name, *named_rows(value_sheet)["value"].places[0]]
    rate = 0.1 * (1 - 0.13) + 0.11 * (1 - 0.12) * 0.13
    assert value == pytest.approx((0.03 + 0.04) / rate, rel=1e-12)


def formula_of(expression: Expression, inputs: Any = VARIABLES) -> list[str | None]:
    sheet = on_sheet("s", lambda i, w: w.line("it", expression(i.x, i.y, i.a)), inputs)
    return named_rows(sheet)["it"].formulas


@pytest.mark.parametrize(
    ("expression", "formula"),
    [
        (lambda x, y, a: x * (1 - a), "=E5*(1-$D$7)"),
        (lambda x, y, a: -(x**2), "=-(E5^2)"),
        (lambda x, y, a: (y**a) ** -x, "=(E6^$D$7)^(-E5)"),
        (lambda x, y, a: a - (x - y) - -3, "=$D$7-(E5-E6)-(-3)"),
        (lambda x, y, a: np.where(x <= a, (x - y) * (1 - a), 0), "=IF(E5<=$D$7,(E5-E6)*(1-$D$7),0)"),
        (lambda x, y, a: finance.discount_factor(a, x), "=(1+$D$7)^(-E5)"),
        (lambda x, y, a: np.sum(x, axis=-1, keepdims=True), "=SUM(E5:I5)"),
        (lambda x, y, a: x / y[..., -1:], "=E5/$I$6"),
        (lambda x, y, a: (x < y) * a, "=IF(E5<E6,1,0)*$D$7"),
        (lambda x, y, a: x < y, "=IF(E5<E6,1,0)"),
        (lambda x, y, a: sum([x, y]), "=E5+E6"),
        (lambda x, y, a: np.minimum(x, np.inf), "=MIN(E5,9.99E+307)"),
    ],
)
def test_formulas_read_as_a_valuer_writes_them(expression: Expression, formula: str) -> None:
    assert formula_of(expression)[0] == formula


def test_a_number_that_excel_would_round_gets_a_cell() -> None:
    """1/3 typed into a formula loses its last digits; in a cell it keeps them."""
    sheet = on_sheet("s", lambda i, w: w.line("it", i.x * (1 / 3) * 0.25), VARIABLES)
    (constant,) = (row for row in sheet.rows if row.kind == "constant")
    assert constant.values == [1 / 3]
    assert named_rows(sheet)["it"].formulas[0] == "=E5*$D$8*0.25"


def test_fixed_figures_used_twice_stand_once() -> None:
    sheet = on_sheet("s", lambda i, w: w.line("it", i.x * np.arange(5) + i.y * np.arange(5)), VARIABLES)
    assert [row.values for row in sheet.rows if row.kind == "constant"] == [[0, 1, 2, 3, 4]]


def test_terms_of_a_sum_are_named_after_the_line_they_serve() -> None:
    sheet = on_sheet("s", lambda i, w: w.line("total", np.sum(i.x * i.y, axis=-1, keepdims=True)), VARIABLES)
    assert [(row.kind, row.name) for row in sheet.rows[3:]] == [("helper", "terms of total"), ("line", "total")]


def test_a_running_row_is_itself_the_line() -> None:
    sheet = on_sheet("s", lambda i, w: w.line("so_far", np.cumsum(i.x, axis=-1)), VARIABLES)
    assert [row.name for row in sheet.rows[3:]] == ["so_far"]
    assert sheet.rows[-1].formulas[:3] == ["=E5", "=E8+F5", "=F8+G5"]


def test_a_recursion_is_one_row_that_refers_to_the_year_before() -> None:
    row = named_rows(on_sheet("rental", *METHODS["rental"]))["loss_carried"]
    profit = named_rows(on_sheet("rental", *METHODS["rental"]))["profit"].number + 1
    assert row.formulas[:2] == [f"=MAX($D$14-E{profit},0)", f"=MAX(E{row.number + 1}-F{profit},0)"]


def test_a_recursion_takes_fixed_figures_by_year() -> None:
    sheet = on_sheet(
        "s", lambda i, w: w.scan("s", lambda s, k: s * i.a + k, 1.0, np.arange(3.0), unit="ratio"), VARIABLES
    )
    assert named_rows(sheet)["s"].values == [1.25, 2.5625, 5.203125]


def test_a_horizon_of_one_year_stays_a_row_by_year() -> None:
    """Its one figure stands under its year, not where figures for all years stand."""
    sheet = on_sheet("s", lambda i, w: w.line("it", i.x * i.a), ONE_YEAR)
    assert named_rows(sheet)["it"].yearly
    assert named_rows(sheet)["it"].formulas == ["=E5*$D$7"]


def test_what_python_computed_is_marked_and_has_no_formula() -> None:
    sheet = on_sheet("s", lambda i, w: w.opaque("it", lambda x, a: np.sort(x) * a, i.x, i.a), VARIABLES)
    row = named_rows(sheet)["it"]
    assert (row.kind, row.note, row.formulas[0]) == ("opaque", "computed in Python", None)
    assert row.values == [-3.125, 0.0, 1.5625, 3.75, 5.0]


@pytest.mark.parametrize(("language", "text"), [("en", "Mind this."), ("zh", "请注意。")])
def test_a_warning_is_live(language: str, text: str) -> None:
    sheet = Sheet("s", language=language)
    workings = SheetWorkings(sheet)
    x = workings.input("x", [1.0, -1.0], "money")
    workings.warn(x < 0, "Mind this.", "请注意。")
    workings.warn(np.bool_(False), "No.", "不。")
    assert (sheet.rows[-1].note, sheet.rows[-1].values, sheet.rows[-1].formulas) == (text, [1.0], ["=MAX(E6:F6)"])


@pytest.mark.parametrize(
    ("breach", "sentence"),
    [
        (lambda x, y, a: x if x > 0 else y, "An input's value that decides an `if`"),
        (lambda x, y, a: 1 < x < 4, "An input's value that decides an `if`"),
        (lambda x, y, a: max(x, y), "np.where or np.minimum"),
        (lambda x, y, a: x > 0 and y > 0, "An input's value that decides an `if`"),
        (lambda x, y, a: x[x > 0], "An index other than x[..., from:to]"),
        (lambda x, y, a: x[0], "An index other than x[..., from:to]"),
        (lambda x, y, a: x[..., 0], "An index other than x[..., from:to]"),
        (lambda x, y, a: x[..., None], "An index other than x[..., from:to]"),
        (lambda x, y, a: a[..., 1:], "A slice of one figure that holds for all years"),
        (lambda x, y, a: x.__setitem__((..., slice(1)), 0), "A change in place (x[...] = )"),
        (lambda x, y, a: x.__iadd__(y), "A change in place (+=, out=)"),
        (lambda x, y, a: np.add(x, y, out=np.zeros(5)), "A change in place (+=, out=)"),
        (lambda x, y, a: float(a), "float() or math.*"),
        (lambda x, y, a: math.exp(a), "float() or math.*"),
        (lambda x, y, a: int(a), "int() or round()"),
        (lambda x, y, a: round(a), "int() or round()"),
        (lambda x, y, a: range(a), "int() or round()"),
        (lambda x, y, a: list(x), "A loop over an array"),
        (lambda x, y, a: len(x), "len() has no Excel form: use x.shape[-1]."),
        (lambda x, y, a: x.T, "array.T has no Excel form"),
        (lambda x, y, a: x.reshape(1, 5), "array.reshape"),
        (lambda x, y, a: x.astype(int), "array.astype"),
        (lambda x, y, a: np.asarray(x), "An array made of arrays"),
        (lambda x, y, a: np.array([x, y]), "An array made of arrays"),
        (lambda x, y, a: np.stack([x, y]), "np.stack has no Excel form"),
        (lambda x, y, a: np.interp(a, x, y), "np.interp has no Excel form"),
        (lambda x, y, a: np.sinh(x), "np.sinh has no Excel form"),
        (lambda x, y, a: x @ y, "np.matmul has no Excel form"),
        (lambda x, y, a: np.where(x > 0), "np.where has no Excel form"),
        (lambda x, y, a: np.add.reduce(x), "np.add.reduce has no Excel form"),
        (lambda x, y, a: np.exp(x, where=[True] * 5), "np.exp with these options"),
        (lambda x, y, a: np.sum(x, axis=-1, keepdims=True, where=[True] * 5), "np.sum with these options"),
        (lambda x, y, a: x.sum(), "np.sum over other axes has no Excel form: write axis=-1, keepdims=True"),
        (lambda x, y, a: x.sum(axis=-1), "np.sum over other axes has no Excel form: write axis=-1, keepdims=True"),
        (lambda x, y, a: np.cumsum(x), "write axis=-1 to cumulate"),
        (lambda x, y, a: np.concatenate([a, x]), "write axis=-1 to join"),
        (lambda x, y, a: x * np.ones((2, 5)), "An array with more axes than years"),
        (lambda x, y, a: np.broadcast_to(x, (3, 5)), "An array with more axes than years"),
        (lambda x, y, a: x[..., 1:] * y, "Arithmetic on yearly figures of different lengths"),
        (lambda x, y, a: x * "2", "The operand '2'"),
        (lambda x, y, a: x * np.nan, "choose by np.where before a figure is missing"),
        (lambda x, y, a: (x > 0) + (y > 0), "The sum of two conditions has no Excel form: use np.logical_or."),
    ],
)
def test_a_breach_of_the_rules_is_one_sentence(breach: Expression, sentence: str) -> None:
    with pytest.raises(TypeError) as caught:
        formula_of(breach)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_a_scipy_function_is_refused_by_its_name() -> None:
    special = pytest.importorskip("scipy.special")
    with pytest.raises(TypeError, match=r"^ndtr has no Excel form: .*workings\.opaque"):
        formula_of(lambda x, y, a: special.ndtr(x))


def test_a_recursion_without_scan_is_refused_before_it_grows_without_bound() -> None:
    def doubling(x: Any, y: Any, a: Any) -> Any:
        for _ in range(60):
            x = x * a + x
        return x

    with pytest.raises(TypeError, match=r"A formula this long.*workings\.scan"):
        formula_of(doubling)


def test_more_brackets_than_excel_takes_are_refused() -> None:
    def nested(x: Any, y: Any, a: Any) -> Any:
        for _ in range(70):
            x = np.exp(-x)
        return x

    with pytest.raises(TypeError, match="A formula this long"):
        formula_of(nested)


def test_a_step_that_is_not_a_number_is_refused_by_name() -> None:
    with (
        np.errstate(invalid="ignore"),
        pytest.raises(ValueError, match=r"^it is not a number, and no cell can hold that: choose by np\.where\.$"),
    ):
        formula_of(lambda x, y, a: np.log(x - 9))


def test_cells_of_two_sheets_do_not_mix() -> None:
    one, two = (SheetWorkings(Sheet(name)).input("x", 1.0, "money") for name in ("one", "two"))
    with pytest.raises(TypeError, match="Arithmetic on cells of two sheets has no Excel form: link the figure first"):
        one + two


def test_a_link_needs_a_row() -> None:
    one, two = (SheetWorkings(Sheet(name)) for name in ("one", "two"))
    with pytest.raises(TypeError, match=r"name it by workings\.line first"):
        two.link("x", one.input("x", 1.0, "money") * 2, "money")


def test_a_name_is_given_once() -> None:
    with pytest.raises(ValueError, match="the line 'it' is named twice"):
        on_sheet("s", lambda i, w: w.line("it", w.line("it", i.x)), VARIABLES)


@pytest.mark.parametrize("name", ["", "a" * 32, "a/b", "[a]"])
def test_a_name_that_excel_refuses_for_a_sheet_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="names no sheet"):
        Sheet(name)


def test_unknown_attributes_are_unknown() -> None:
    """hasattr must answer no, as finance asks what it was given."""
    cell = SheetWorkings(Sheet("s")).input("x", 1.0, "money")
    assert isinstance(cell, Cell)
    assert not hasattr(cell, "draws")

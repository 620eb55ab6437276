"""A stand-in for an array that keeps, beside each figure, the Excel formula that gives it: one function, a live sheet.

A method handed cells instead of arrays runs unchanged. Whatever it does to them is done twice: to the figures, by the
numpy function it called, and to the formulas. What has no Excel form is refused in one sentence.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, Protocol

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from valuation import finance
from valuation.report import formulas
from valuation.report.formulas import Term

OPAQUE = "use the functions of the contract, or write the figure by workings.opaque(name, function, ...)."
ONE_AXIS = "give it one axis, the years."


class Rows(Protocol):
    """The sheet a cell stands on, as far as cells write to it."""

    def constant(self, values: Any) -> Cell:
        """Fixed figures, put where a reader sees them."""

    def side_by_side(self, cell: Cell) -> Cell:
        """The same figures in neighbouring cells of one row."""

    def recursion(self, first: Cell, later: Callable[[Cell, int], Cell], years: int) -> Cell:
        """A row whose later columns refer to the column before."""


def refuse(what: str, instead: str) -> NoReturn:
    """Say in one sentence what a method did that Excel cannot follow, and what to write instead."""
    raise TypeError(f"{what} has no Excel form: {instead}")


class Cell(NDArrayOperatorsMixin):
    """Figures with their formulas: one for all years, or one a year (`yearly`, which a horizon of one year is too).

    `value` is what numpy gives, shaped (1,) or (years,); `terms` holds the formula of each column.
    """

    valuation_cell = True  # how valuation.finance knows one

    def __init__(self, sheet: Rows, value: Any, terms: Sequence[Term], *, yearly: bool) -> None:
        self.sheet = sheet
        self.value = value
        self.terms = tuple(terms)
        self.yearly = yearly

    @property
    def shape(self) -> tuple[int]:
        return (self.size,)

    @property
    def size(self) -> int:
        return len(self.terms)

    @property
    def ndim(self) -> int:
        return 1

    def __repr__(self) -> str:
        return f"Cell({', '.join(term.text for term in self.terms)} = {self.value})"

    # what numpy hands over

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Cell:
        if "out" in options:
            refuse("A change in place (+=, out=)", "write x = x + y.")
        if method == "accumulate" and ufunc in RUNNING and options == {"axis": -1}:
            return _running(ufunc, operands[0])
        if method != "__call__" or options or ufunc not in formulas.ELEMENTWISE:
            refuse(_name_of(ufunc, "" if method == "__call__" else f".{method}", options), OPAQUE)
        if ufunc is np.add and all(_is_condition(item) for item in operands):
            refuse("The sum of two conditions", "use np.logical_or.")
        return elementwise(formulas.ELEMENTWISE[ufunc], ufunc, *operands)

    def __array_function__(self, function: Any, types: Any, given: Any, options: Any) -> Any:
        handler = FUNCTIONS.get(function)
        if handler is None:
            refuse(_name_of(function), OPAQUE)
        try:
            inspect.signature(handler).bind(*given, **options)
        except TypeError:
            refuse(_name_of(function, options=options), OPAQUE)
        return handler(*given, **options)

    # what valuation.finance asks for

    def normal_cdf(self) -> Cell:
        return elementwise(formulas.normal_cdf, finance.normal_cdf, self)

    def normal_quantile(self) -> Cell:
        return elementwise(formulas.normal_quantile, finance.normal_quantile, self)

    def bivariate_normal_cdf(self, *operands: Any) -> Cell:
        return elementwise(formulas.bivariate_normal_cdf, finance.bivariate_normal_cdf, *operands)

    def gamma(self) -> Cell:
        return elementwise(formulas.gamma, finance.gamma, self)

    # what a method calls on an array

    def sum(self, axis: Any = None, *, keepdims: bool = False) -> Cell:
        return _reduce(np.sum, self, axis, keepdims=keepdims)

    def prod(self, axis: Any = None, *, keepdims: bool = False) -> Cell:
        return _reduce(np.prod, self, axis, keepdims=keepdims)

    def min(self, axis: Any = None, *, keepdims: bool = False) -> Cell:
        return _reduce(np.min, self, axis, keepdims=keepdims)

    def max(self, axis: Any = None, *, keepdims: bool = False) -> Cell:
        return _reduce(np.max, self, axis, keepdims=keepdims)

    def mean(self, axis: Any = None, *, keepdims: bool = False) -> Cell:
        return _reduce(np.mean, self, axis, keepdims=keepdims)

    def cumsum(self, axis: Any = None) -> Cell:
        return _cumulate(np.add, self, axis)

    def cumprod(self, axis: Any = None) -> Cell:
        return _cumulate(np.multiply, self, axis)

    def clip(self, min: Any = None, max: Any = None) -> Any:
        return _clip(self, min, max)

    def __getitem__(self, key: Any) -> Cell:
        if not (isinstance(key, tuple) and len(key) == 2 and key[0] is ... and isinstance(key[1], slice)):
            refuse("An index other than x[..., from:to]", "slice the years, as x[..., 1:], or choose by np.where.")
        years = key[1]
        terms = self.terms[years]
        if not self.yearly and len(terms) != 1:
            refuse("A slice of one figure that holds for all years", "slice yearly figures only.")
        picks_one = len(terms) == 1 and (years.start == -1 or years.stop == (years.start or 0) + 1)
        if picks_one and terms[0].place is not None:
            terms = (formulas.reference(terms[0].place, fixed=True),)
        return Cell(self.sheet, self.value[years], terms, yearly=self.yearly and not picks_one)

    def column(self, year: int) -> Cell:
        """The figure of one year alone, or the one that holds for all years."""
        only = slice(year, year + 1) if self.yearly else slice(None)
        return Cell(self.sheet, self.value[only], self.terms[only], yearly=False)

    # what no sheet can follow

    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        refuse("A change in place (x[...] = )", "use np.where or np.concatenate.")

    def __bool__(self) -> NoReturn:
        refuse("An input's value that decides an `if`, `and`, `or`, min() or max()", "use np.where or np.minimum.")

    def __float__(self) -> NoReturn:
        refuse("float() or math.*", "keep the array and use numpy's function.")

    def __int__(self) -> NoReturn:
        refuse("int() or round()", "keep the array and use np.floor.")

    __index__ = __round__ = __int__

    def __iter__(self) -> NoReturn:
        refuse("A loop over an array", "let numpy work on all years at once, or use workings.scan.")

    def __len__(self) -> NoReturn:
        refuse("len()", "use x.shape[-1].")

    def __array__(self, *given: Any, **options: Any) -> NoReturn:
        refuse("An array made of arrays (np.array, np.asarray, a list)", "pass it on as it is, or use np.concatenate.")

    def __getattr__(self, name: str) -> NoReturn:
        if not name.startswith("_") and hasattr(np.ndarray, name):
            refuse(f"array.{name}", "keep the shape (..., year) and use numpy's plain functions.")
        raise AttributeError(name)


def elementwise(write: Callable[..., Term], compute: Callable[..., Any], *operands: Any) -> Cell:
    """Do `compute` to the figures and `write` to the formulas, column by column; one figure for all goes with each."""
    sheet = _sheet_of(operands)
    cells = [lift(sheet, item) for item in operands]
    lengths = {cell.size for cell in cells if cell.yearly}
    if len(lengths) > 1:
        refuse("Arithmetic on yearly figures of different lengths", "let all cover the same years.")
    columns = zip(*(cell.terms if cell.yearly else cell.terms * max(lengths, default=1) for cell in cells), strict=True)
    terms = [write(*column) for column in columns]
    if any(term.too_long() for term in terms):
        refuse("A formula this long", "name its steps by workings.line, and a recursion over years by workings.scan.")
    value = compute(*(item.value if isinstance(item, Cell) else item for item in operands))
    return Cell(sheet, value, terms, yearly=bool(lengths))


def lift(sheet: Rows, operand: Any) -> Cell:
    """An operand as a cell: a short number stands in the formula, other fixed figures in cells of their own."""
    if isinstance(operand, Cell):
        return operand
    array = np.atleast_1d(np.asarray(operand))
    if array.ndim > 1:
        refuse("An array with more axes than years", ONE_AXIS)
    if array.dtype.kind not in "biuf" or np.isnan(array).any():
        refuse(f"The operand {operand!r}", "give numbers, and choose by np.where before a figure is missing.")
    if array.size == 0:
        return Cell(sheet, array, (), yearly=True)
    term = formulas.literal(array[0]) if array.size == 1 else None
    return sheet.constant(array.astype(float)) if term is None else Cell(sheet, array, [term], yearly=False)


def _sheet_of(operands: Sequence[Any]) -> Rows:
    sheets = [item.sheet for item in operands if isinstance(item, Cell)]
    if any(sheet is not sheets[0] for sheet in sheets):
        refuse("Arithmetic on cells of two sheets", "link the figure first.")
    return sheets[0]


def _is_condition(operand: Any) -> bool:
    return np.asarray(operand.value if isinstance(operand, Cell) else operand).dtype == bool


def _name_of(function: Any, method: str = "", options: Any = None) -> str:
    prefix = "np." if hasattr(np, function.__name__) else ""
    return f"{prefix}{function.__name__}{method}{' with these options' if options else ''}"


# over the years

RUNNING = (np.add, np.multiply, np.minimum, np.maximum)


def _reduce(function: Callable[..., Any], a: Cell, axis: Any = None, *, keepdims: bool = False) -> Cell:
    if axis != -1 or not keepdims:
        refuse(f"np.{function.__name__} over other axes", "write axis=-1, keepdims=True to reduce over the years.")
    value = function(a.value, axis=-1, keepdims=True)
    if a.size == 0:
        return lift(a.sheet, value)
    if a.size == 1:
        return Cell(a.sheet, value, [a.terms[0].number()], yearly=False)
    listed = formulas.arguments(a.terms) or formulas.arguments(a.sheet.side_by_side(a).terms)
    return Cell(a.sheet, value, [Term(f"{formulas.OVER_YEARS[function]}({listed})")], yearly=False)


def _cumulate(ufunc: Any, a: Cell, axis: Any = None) -> Cell:
    if axis != -1:
        refuse("np.cumsum or np.cumprod over other axes", "write axis=-1 to cumulate over the years.")
    return _running(ufunc, a)


def _running(ufunc: Any, a: Cell) -> Cell:
    if a.size == 0:
        return a
    source = a.sheet.side_by_side(a)
    return a.sheet.recursion(source.column(0), lambda state, year: ufunc(state, source.column(year)), a.size)


def _clip(a: Any, a_min: Any = None, a_max: Any = None) -> Any:
    at_least = a if a_min is None else np.maximum(a, a_min)
    return at_least if a_max is None else np.minimum(at_least, a_max)


def _concatenate(arrays: Sequence[Any], axis: Any = 0) -> Cell:
    if axis != -1:
        refuse("np.concatenate over other axes", "write axis=-1 to join years.")
    sheet = _sheet_of(arrays)
    # Fixed figures are lifted one by one: joined to others they are no row of their own.
    lifted = [[item] if isinstance(item, Cell) else [lift(sheet, one) for one in item] for item in arrays]
    cells = [cell for part in lifted for cell in part]
    value = np.concatenate([cell.value for cell in cells], axis=-1)
    return Cell(sheet, value, [term for cell in cells for term in cell.terms], yearly=True)


def _full_like(a: Cell, fill_value: Any) -> Cell:
    return elementwise(lambda _, fill: fill, lambda of, fill: np.full_like(of, fill, dtype=float), a, fill_value)


def _broadcast_to(array: Cell, shape: Any) -> Cell:
    value = np.broadcast_to(array.value, shape)
    if value.ndim > 1:
        refuse("An array with more axes than years", ONE_AXIS)
    if value.size == array.size:
        return array
    return Cell(array.sheet, value, array.terms * value.size, yearly=True)


def _reduction(function: Any) -> Callable[..., Cell]:
    return lambda a, axis=None, *, keepdims=False: _reduce(function, a, axis, keepdims=keepdims)


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    **{function: _reduction(function) for function in formulas.OVER_YEARS},
    np.where: lambda condition, x, y: elementwise(formulas.where, np.where, condition, x, y),
    np.cumsum: lambda a, axis=None: _cumulate(np.add, a, axis),
    np.cumprod: lambda a, axis=None: _cumulate(np.multiply, a, axis),
    np.clip: _clip,
    np.concatenate: _concatenate,
    np.broadcast_to: _broadcast_to,
    np.full_like: _full_like,
    np.zeros_like: lambda a: _full_like(a, 0.0),
    np.ones_like: lambda a: _full_like(a, 1.0),
    np.shape: lambda a: a.shape,
    np.ndim: lambda a: a.ndim,
    np.size: lambda a: a.size,
}

"""One method on stated inputs: from what somebody wrote to arrays, through the method, to the value and its lines.

A Calculation is a method with its checked inputs and, below them, the calculations of derived inputs. It can be read
in four ways, which differ only in what each quantity becomes: its stated figure (point), its draws
(valuation.ensemble), the rows of a book (rows), or a cell of a workbook (valuation.report.workbook). The walk over the
inputs (arrays) and the method function are the same for all four.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
from pydantic_core import PydanticCustomError

from valuation import plugins
from valuation.basis import basis_problems
from valuation.distributions import shape_of
from valuation.errors import InputError, Problem, problem
from valuation.method import FieldFacts, FloatArray, Inputs, Method, check_figures, field_facts, leaves
from valuation.plugins import Installed
from valuation.quantity import Quantity
from valuation.reference.look_up import LookUp
from valuation.strict import Date, Strict
from valuation.strict import read as read_model
from valuation.workings import Line, Silent, Warning, Workings

LARGEST = 1e150
CURRENCIES = ("CNY", "USD", "EUR", "GBP", "HKD", "JPY", "KRW", "SGD", "AUD", "CAD", "CHF", "INR", "MYR", "TWD", "SEK")
ValueOf = Callable[[str, Quantity, FieldFacts], Any]


@dataclass(frozen=True)
class Calculation:
    """A method with its inputs. `shared` names the inputs taken from the asset's facts, drawn once for all methods."""

    path: str
    installed: Installed
    inputs: Inputs
    derived: Mapping[str, Calculation] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)

    @property
    def method(self) -> Method:
        """The method itself."""
        return self.installed.method

    def shares(self, relative: str) -> bool:
        """Whether an input is taken from the asset's facts."""
        return _head(relative) in self.shared

    def place(self, relative: str) -> str:
        """The full path of an input: below this calculation, or below the asset's facts if it came from there."""
        return _place(self.path, self.shared, relative)

    def family(self) -> Iterator[Calculation]:
        """This calculation after all it is derived from."""
        for below in self.derived.values():
            yield from below.family()
        yield self


def read(
    method_id: str,
    given: Mapping[str, Any],
    *,
    path: str = "",
    facts: Mapping[str, Any] | None = None,
    facts_path: str = "",
) -> Calculation:
    """The calculation of this method on these inputs; what is not given is taken from the facts of the same name.

    Raises InputError with every problem of the inputs and of all they are derived from.
    """
    return prepare(plugins.find(method_id, path), given, path=path, facts=facts, facts_path=facts_path)


def prepare(
    installed: Installed,
    given: Mapping[str, Any],
    *,
    path: str = "",
    facts: Mapping[str, Any] | None = None,
    facts_path: str = "",
) -> Calculation:
    """As `read`, for a method already found."""
    fields = installed.method.inputs.model_fields
    from_facts = {name: value for name, value in (facts or {}).items() if name in fields and name not in given}
    shared = {name: f"{facts_path}.{name}" if facts_path else name for name in from_facts}
    try:
        inputs = read_model(installed.method.inputs, {**from_facts, **given})
    except InputError as error:
        raise InputError([replace(p, path=_place(path, shared, p.path)) for p in error.problems]) from None
    derived: dict[str, Calculation] = {}
    problems: list[Problem] = []
    for relative, quantity, facts_of_field in leaves(inputs):
        if quantity.derive is None:
            continue
        # A fact that is worked out is not among the facts it is worked out from.
        others = {name: fact for name, fact in (facts or {}).items() if name not in shared or name != _head(relative)}
        try:
            derived[relative] = _derived(
                quantity, facts_of_field, _place(path, shared, relative), facts=others, facts_path=facts_path
            )
        except InputError as error:
            problems += error.problems
    of_basis = basis_problems(inputs, {name: below.method for name, below in derived.items()}, "")
    problems += [replace(p, path=_place(path, shared, p.path)) for p in of_basis]
    if problems:
        raise InputError(problems)
    return Calculation(path, installed, inputs, derived, shared)


def _head(relative: str) -> str:
    return relative.split(".")[0].split("[")[0]


def _place(path: str, shared: Mapping[str, str], relative: str) -> str:
    head = _head(relative)
    if head in shared:
        return shared[head] + relative[len(head) :]
    return f"{path}.{relative}".strip(".")


def _derived(
    quantity: Quantity, expected: FieldFacts, path: str, *, facts: Mapping[str, Any], facts_path: str
) -> Calculation:
    installed = plugins.find(str(quantity.derive), path)
    method = installed.method
    if method.approach != "input":
        raise InputError(problem("not_an_input_method", path, method.id))
    if not _fits(method.unit, expected.unit):
        raise InputError(problem("derived_unit", path, method.id, unit=method.unit, expected=expected.unit))
    if method.by_year and not expected.by_year:
        raise InputError(problem("derived_by_year", path, method.id))
    try:
        return prepare(installed, quantity.inputs or {}, path=path, facts=facts, facts_path=facts_path)
    except InputError as error:
        raise InputError([found.moved(path, f"{path}.inputs") for found in error.problems]) from None


def _fits(unit: str, expected: str) -> bool:
    """Whether a figure in one unit may stand where another is expected; a share may be used as a ratio."""
    return unit == expected or {unit, expected} in ({"fraction", "ratio"}, {"years", "whole years"})


def arrays(inputs: Inputs, value_of: ValueOf, path: str = "") -> SimpleNamespace:
    """The inputs as a method sees them: every quantity replaced by what `value_of` makes of it."""
    seen: dict[str, Any] = {}
    for name in type(inputs).model_fields:
        given = getattr(inputs, name)
        if isinstance(given, Quantity):
            facts = field_facts(type(inputs), name)
            assert facts is not None, f"{type(inputs).__name__}.{name} has no field maker"
            seen[name] = _read_only(value_of(path + name, given, facts))
        elif isinstance(given, Inputs):
            seen[name] = arrays(given, value_of, f"{path}{name}.")
        elif isinstance(given, list):
            seen[name] = [
                arrays(entry, value_of, f"{path}{name}[{index}].") if isinstance(entry, Inputs) else entry
                for index, entry in enumerate(given)
            ]
        else:
            seen[name] = given
    return SimpleNamespace(**seen)


def _read_only(figures: Any) -> Any:
    """A method that changed what it is given would change it for the next block, and for the next method."""
    if not isinstance(figures, np.ndarray):
        return figures  # a cell of a workbook
    seen = figures.view()
    seen.flags.writeable = False
    return seen


def evaluate(calculation: Calculation, value_of: ValueOf, workings: Silent) -> Any:
    """Run the method once."""
    seen = arrays(calculation.inputs, value_of)
    with np.errstate(all="ignore"), breach_told(calculation):  # what is not finite is reported by line, in words
        result = calculation.method.value(seen, workings)
        if np.ndim(result) == 0 or (np.shape(result)[-1] != 1 and not calculation.method.by_year):
            raise TypeError(f"its result has the shape {np.shape(result)}, where the last axis is the year")
    return result


@contextmanager
def breach_told(calculation: Calculation) -> Iterator[None]:
    """A method that breaks the contract, such as by an `if` on an array, is told in a sentence with its package."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # somebody else's function may fail in any way
        installed = calculation.installed
        package, reason = f"{installed.distribution} {installed.version}", f"{type(error).__name__}: {error}"
        raise InputError(
            problem("method_breaks_off", calculation.path, installed.id, package=package, reason=reason)
        ) from error


@dataclass(frozen=True)
class Outcome:
    """What a calculation gives at the stated values: value, lines and warnings, and the same for derived inputs."""

    calculation: Calculation
    figures: FloatArray
    lines: tuple[Line, ...]
    warnings: tuple[Warning, ...]
    derived: Mapping[str, Outcome]
    stated: Mapping[str, FloatArray]  # what each input was, by relative path

    @property
    def value(self) -> float:
        """The figure itself; a forecast by year has none."""
        return float(self.figures[0])

    def all_warnings(self) -> tuple[Warning, ...]:
        """Its own warnings after those of what it is derived from, each once."""
        below = [warning for outcome in self.derived.values() for warning in outcome.all_warnings()]
        return tuple(dict.fromkeys([*below, *self.warnings]))


@dataclass(frozen=True)
class Circumstances:
    """What a figure depends on beside its inputs: the date (through the look-up), the currency, and exchange rates."""

    look_up: LookUp
    currency: str
    exchange_rates: Mapping[str, float] = field(default_factory=dict)

    def referred(self, quantity: Quantity, expected: FieldFacts, path: str) -> FloatArray:
        """The reference figure a quantity names, in the case's currency; refused if it is in another unit."""
        figure = self.look_up.figure(str(quantity.reference), path=path)
        if not _fits(figure.unit, expected.unit):
            raise InputError(problem("derived_unit", path, figure.name, unit=figure.unit, expected=expected.unit))
        if figure.currency in (None, self.currency):
            return np.array([figure.value], dtype=float)  # a record holds 15.0 as 15
        if figure.currency not in self.exchange_rates:
            raise InputError(
                problem(
                    "exchange_rate_missing", path, figure.name, currency=figure.currency, case_currency=self.currency
                )
            )
        return np.array([figure.value * self.exchange_rates[figure.currency]])


def point(calculation: Calculation, circumstances: Circumstances) -> Outcome:
    """The calculation at the stated values, with all its lines."""
    derived = {path: point(below, circumstances) for path, below in calculation.derived.items()}
    _check_years(calculation, derived)
    stated: dict[str, FloatArray] = {}
    workings = Workings()

    def value_of(path: str, quantity: Quantity, facts: FieldFacts) -> FloatArray:
        place = calculation.place(path)
        if quantity.derive is not None:
            figures = derived[path].figures
        elif quantity.reference is not None:
            figures = circumstances.referred(quantity, facts, place)
        else:
            figures = np.atleast_1d(shape_of(quantity).stated)
        if quantity.form in ("derive", "reference"):
            _check_known(figures, facts, place)
        _warn_uncustomary(workings, figures, facts)
        stated[path] = figures
        return figures

    figures = np.atleast_1d(evaluate(calculation, value_of, workings))
    _check_finite(calculation, workings, figures)
    return Outcome(calculation, figures, tuple(workings.lines), tuple(workings.warnings), derived, stated)


def _check_years(calculation: Calculation, derived: Mapping[str, Outcome]) -> None:
    """A derived forecast must cover the same years as the lists it meets."""
    covered = {path: quantity.years for path, quantity, _ in leaves(calculation.inputs) if quantity.years is not None}
    covered |= {path: outcome.figures.size for path, outcome in derived.items() if outcome.calculation.method.by_year}
    expected, other = next(((years, path) for path, years in covered.items()), (0, ""))
    for path, years in covered.items():
        if years != expected:
            raise InputError(problem("years_differ", calculation.place(path), years, expected=expected, other=other))


def _check_known(figures: FloatArray, facts: FieldFacts, place: str) -> None:
    """A derived or referred figure must keep the field's bounds like a stated one."""
    try:
        check_figures(figures, facts)
    except PydanticCustomError as error:
        context = dict(error.context or {})
        raise InputError(Problem(error.type, place, context.pop("given"), context)) from None


def _warn_uncustomary(workings: Workings, figures: FloatArray, facts: FieldFacts) -> None:
    for limit, outside, word, word_zh in (
        (facts.warn_below, np.less, "below", "低于"),
        (facts.warn_above, np.greater, "above", "高于"),
    ):
        if limit is not None:
            given = float(np.min(figures) if word == "below" else np.max(figures))
            workings.warn(
                outside(given, limit),
                f"{facts.label_en}: {given:g} is {word} what is customary ({limit:g}); say why in the report.",
                f"{facts.label_zh}：{given:g} {word_zh}惯常值（{limit:g}），请在报告中说明理由。",
            )


def _check_finite(calculation: Calculation, workings: Workings, figures: FloatArray) -> None:
    """Refuse a value, or a step on the way to it, that is no figure or so large that its square is none."""
    broken = next((line.name for line in workings.lines if not np.all(np.isfinite(line.values))), None)
    if broken is None and np.all(usable(figures)):
        return
    broken = broken or "value"
    names = ", ".join(list(type(calculation.inputs).model_fields)[:8])
    said = " ".join(warning.english for warning in workings.warnings)
    said_zh = "".join(warning.chinese for warning in workings.warnings)
    raise InputError(
        problem(
            "no_finite_value", calculation.path, calculation.method.id,
            line=broken, inputs=names, said=said, said_zh=said_zh,
        )
    )  # fmt: skip


def usable(figures: Any) -> Any:
    """Which figures are finite and may be squared: what is larger than 1e150 is a slip, not money."""
    return np.abs(figures) < LARGEST


def uncertain(calculations: Sequence[Calculation]) -> dict[str, Quantity]:
    """Every quantity with a range, by its full path, in order; one shared by several methods stands once."""
    found: dict[str, Quantity] = {}
    for calculation in calculations:
        for member in calculation.family():
            for path, quantity, _ in leaves(member.inputs):
                if quantity.uncertain:
                    found.setdefault(member.place(path), quantity)
    return found


def rows(outcomes: Sequence[Outcome]) -> FloatArray:
    """The values of many calculations of one method, as a book has them: inputs stacked, the method run once."""
    first = outcomes[0].calculation

    def value_of(path: str, quantity: Quantity, facts: FieldFacts) -> FloatArray:
        return np.stack([outcome.stated[path] for outcome in outcomes])

    return np.asarray(evaluate(first, value_of, Silent()))[..., 0]


class _Stated(Strict):
    """What may be stated beside the inputs of one method."""

    on: Date | None = None
    currency: Literal[CURRENCIES]  # type: ignore[valid-type]


def run(method_id: str, inputs: Mapping[str, Any], *, on: date | str | None = None, currency: str = "CNY") -> Outcome:
    """One method on plain inputs: `.value`, `.lines`, `.warnings`. Reference figures are those known `on` this date.

    Without a date it is today, so name the date if an input is a reference figure.
    """
    stated = read_model(_Stated, {"on": on, "currency": currency})
    circumstances = Circumstances(LookUp(stated.on or datetime.now().astimezone().date()), currency)
    return point(read(method_id, dict(inputs)), circumstances)

"""A case brought to a later date (前滚): what is left of its forecasts, lives and ages if nothing but time has passed.

Lives still to run get shorter, ages longer; forecast years that are over drop out, the year that has begun counts with
what is left of it; reference figures are those of the new date. Each field says how it moves (FieldFacts.rolls). What
time does not move by itself (prices, costs, rates, exchange rates) stays as stated and is for the valuer to bring up to
date; what was seen on the old date and cannot be carried on is refused in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from valuation import saved_case
from valuation.calculation import Calculation
from valuation.case import Case, calculations
from valuation.errors import InputError, Problem, problem
from valuation.method import FieldFacts, Inputs, field_facts
from valuation.quantity import Number, Quantity
from valuation.reference.look_up import LookUp

FLOWS = ("money", "count")  # by year these are amounts of the period; prices, rates and shares are not
MOVED = ("value", "low", "mode", "high", "mean", "values")  # parts of a quantity that move with it
SCALED = ("value", "low", "mode", "high", "mean", "sd", "median")  # and those that grow with it
NEARLY = 1e-9  # of a year, about 30 milliseconds


def roll_forward(case: Case, to: date, *, look_up: LookUp | None = None) -> Case:
    """The same case at a later date, all else as it was.

    A forecast of five level years, a year later: four years, each a year nearer. `look_up` answers for the reference
    figures of the new date. Refused: a date not after the old one, a life or forecast that is over by then, and what
    was counted from the old date.
    """
    if to <= case.valuation_date:
        raise InputError(
            problem(
                "combination", "valuation_date", str(to),
                reason=f"{to} is not after the valuation date {case.valuation_date}",
                reason_zh=f"{to} 不晚于评估基准日 {case.valuation_date}",
                remedy="Roll forward to a later date.", remedy_zh="请前滚至更晚的日期。",
            )
        )  # fmt: skip
    rolled = _Rolled(years_between(case.valuation_date, to), to)
    for index, asset in enumerate(case.assets):
        for place, calculation in enumerate(calculations(asset)):
            rolled.add(calculation, f"assets[{index}].methods[{place}].inputs", f"assets[{index}].facts")
    if rolled.problems:
        raise InputError(list(dict.fromkeys(rolled.problems)))
    content = deepcopy(case.to_json())
    content["valuation_date"] = to.isoformat()
    for path, value in rolled.changes.items():
        put(content, path, value)
    return saved_case.read(content, look_up=look_up)


def years_between(start: date, end: date) -> float:
    """Whole years by anniversaries, and days of the next year over its length. 2025-06-30 to 2026-12-30: 1.501."""
    whole = end.year - start.year - (_anniversary(start, end.year) > end)
    begin, next_one = (_anniversary(start, start.year + whole + more) for more in (0, 1))
    return whole + (end - begin).days / (next_one - begin).days


def _anniversary(day: date, year: int) -> date:
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def put(content: Any, path: str, value: Any) -> None:
    """Set the value at a place of the file such as assets[0].methods[1].inputs.revenue."""
    *above, last = (int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path))
    for step in above:
        content = content[step] if isinstance(step, int) else content.setdefault(step, {})
    content[last] = value


@dataclass(frozen=True)
class Periods:
    """What is left of a forecast: periods that are over, length of the first one left, and how much of its flow."""

    over: int
    first: float
    share_left: float

    @classmethod
    def after(cls, elapsed: float, first: float) -> Periods:
        """Half a year into full years: half of the first left; after 1.25 one is over, 0.75 of the next left."""
        if elapsed < first - NEARLY:
            return cls(0, first - elapsed, (first - elapsed) / first)
        whole = int(elapsed - first + NEARLY)
        left = min(1.0, 1.0 - (elapsed - first - whole))
        return cls(1 + whole, left, left)


@dataclass
class _Rolled:
    """New values by their place in the file, and everything that cannot be rolled."""

    elapsed: float
    to: date
    changes: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, calculation: Calculation, inputs: str, facts: str) -> None:
        """Roll a calculation and all it is derived from; `inputs` and `facts` are where its figures stand."""
        periods = self._periods(calculation, inputs, facts)
        years_left = _horizon(calculation, periods)
        for relative, given, about in _stated(calculation.inputs):
            head = re.split(r"[.\[]", relative)[0]
            place = f"{facts if head in calculation.shared else inputs}.{relative}"
            if relative in calculation.derived:
                self.add(calculation.derived[relative], f"{place}.inputs", facts)
                continue
            try:
                value = self._moved(given, about, periods, years_left, place)
            except InputError as error:
                self.problems += error.problems
                continue
            if value is not None:
                self._change(place, value)

    def _periods(self, calculation: Calculation, inputs: str, facts: str) -> Periods | None:
        """What is left of the forecast of this method; None for a method without forecast periods."""
        first = getattr(calculation.inputs, "first_period", None)
        if not isinstance(first, Quantity):
            return None
        place = f"{facts if 'first_period' in calculation.shared else inputs}.first_period"
        if not isinstance(first.value, float):
            self.problems.append(self._cannot(place, "first_period is no plain figure", "first_period 不是单一数值"))
            return None
        periods = Periods.after(self.elapsed, first.value)
        if abs(periods.first - first.value) > NEARLY:
            self._change(place, periods.first)
        return periods

    def _change(self, place: str, value: Any) -> None:
        """Note a new value; a fact that two methods read must move alike for both."""
        if self.changes.setdefault(place, value) != value:
            self.problems.append(
                self._cannot(place, "two methods roll this fact differently", "两种方法对该事实的前滚方式不同")
            )

    def _moved(self, given: Any, about: FieldFacts, periods: Periods | None, left: int | None, place: str) -> Any:
        """The value on the new date; None if it is the same."""
        if isinstance(given, int):
            return self._whole_years(given, about, periods, place)
        if about.rolls in ("down", "up"):
            return self._time(given, about, place)
        if about.rolls == "anew" and (given.years is not None or not about.by_year):
            reason = f"{about.label_en} holds for the old date only"
            raise InputError(self._cannot(place, reason, f"{about.label_zh}仅适用于原基准日"))
        if periods is None or not about.by_year or about.rolls == "stays":
            return None
        return self._by_year(given, about, periods, left, place)

    def _whole_years(self, given: int, about: FieldFacts, periods: Periods | None, place: str) -> int | None:
        """A number of forecast years, fewer by those that are over, or of years gone, more by them."""
        over = periods.over if periods is not None else 0
        if over == 0 or about.rolls not in ("down", "up"):
            return None
        if about.rolls == "down" and given <= over:
            raise InputError(self._over(place, given))
        return given - over if about.rolls == "down" else given + over

    def _time(self, given: Quantity, about: FieldFacts, place: str) -> Any:
        """A time that has become shorter or longer."""
        if given.form not in ("value", "pert", "uniform", "normal", "scenarios"):
            reason = f"{about.label_en} is stated as {given.form}, which time does not move"
            reason_zh = f"{about.label_zh}以 {given.form} 形式给出，无法随时间推移"
            raise InputError(self._cannot(place, reason, reason_zh))
        by = -self.elapsed if about.rolls == "down" else self.elapsed
        if about.rolls == "down" and min(_figures(given)) + by < (NEARLY if about.above is not None else -NEARLY):
            reason = f"{about.label_en} may be over by then"
            raise InputError(self._cannot(place, reason, f"{about.label_zh}届时可能已届满"))
        return _with(given, lambda name, part: _each(part, by) if name in MOVED else part)

    def _by_year(self, given: Quantity, about: FieldFacts, periods: Periods, left: int | None, place: str) -> Any:
        """A forecast without the years that are over; of a flow the first year counts with what is left of it."""
        if given.years is not None and given.years <= periods.over:
            raise InputError(self._over(place, given.years))
        flows = about.unit in FLOWS and about.rolls != "level"
        cut = flows and periods.share_left < 1 and any(_figures(given))
        if not cut and (given.years is None or periods.over == 0):
            return None
        if cut and given.form not in ("value", "pert", "uniform", "normal", "lognormal"):
            reason = f"{about.label_en} stated as {given.form} cannot be cut to a part of a year"
            raise InputError(self._cannot(place, reason, f"{about.label_zh}以 {given.form} 形式给出，无法截取部分年度"))

        def remaining(name: str, part: Number) -> Number:
            flow = cut and name in SCALED
            if not isinstance(part, list) and not flow:
                return part
            rest = part[periods.over :] if isinstance(part, list) else [part] * (left or 1)
            return [rest[0] * periods.share_left, *rest[1:]] if flow else rest

        return _with(given, remaining)

    def _over(self, place: str, years: int) -> Problem:
        return self._cannot(place, f"the forecast of {years} years is over by then", f"{years} 年预测期届时已结束")

    def _cannot(self, place: str, reason: str, reason_zh: str) -> Problem:
        return problem(
            "combination", place, str(self.to),
            reason=f"{reason}, so it cannot be rolled to {self.to}",
            reason_zh=f"{reason_zh}，无法前滚至 {self.to}",
            remedy=f"State it as of {self.to}.", remedy_zh=f"请按 {self.to} 重新填写。",
        )  # fmt: skip


def _stated(inputs: Inputs, path: str = "") -> Iterator[tuple[str, Quantity | int, FieldFacts]]:
    """Every figure of these inputs with its path and facts, whole numbers too."""
    for name in type(inputs).model_fields:
        given, about = getattr(inputs, name), field_facts(type(inputs), name)
        if isinstance(given, list):
            for index, entry in enumerate(given):
                if isinstance(entry, Inputs):
                    yield from _stated(entry, f"{path}{name}[{index}].")
        elif about is not None and (isinstance(given, Quantity) or type(given) is int):
            yield path + name, given, about


def _horizon(calculation: Calculation, periods: Periods | None) -> int | None:
    """How many forecast years are left, by the lists or the derived forecasts of the method."""
    if periods is None:
        return None
    stated = [
        given.years
        for _, given, about in _stated(calculation.inputs)
        if isinstance(given, Quantity) and given.years is not None and about.rolls != "stays"
    ]
    derived = [getattr(below.inputs, "forecast_years", None) for below in calculation.derived.values()]
    return max((years - periods.over for years in (*stated, *derived) if years is not None), default=None)


def _figures(quantity: Quantity) -> list[float]:
    """Every figure stated in it that can be moved or scaled."""
    parts = [getattr(quantity, name) for name in {*MOVED, *SCALED}]
    return [figure for part in parts if part is not None for figure in (part if isinstance(part, list) else [part])]


def _each(part: Number, by: float) -> Number:
    """A time, or each of several, moved; never below nothing."""
    return [max(figure + by, 0.0) for figure in part] if isinstance(part, list) else max(part + by, 0.0)


def _with(quantity: Quantity, change: Callable[[str, Number], Number]) -> Any:
    """The quantity with every figure changed by its name, as it is written in a case; source and level stay."""
    content = quantity.to_json()
    if not isinstance(content, dict):
        return change("value", content)
    figures = {*MOVED, *SCALED, "sigma"}
    return {name: change(name, part) if name in figures else part for name, part in content.items()}

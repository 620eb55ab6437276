"""What is known of one input of a method (unit, labels, bounds, help), and the check that figures keep the bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from valuation.distributions import shape_of
from valuation.quantity import Quantity
from valuation.strict import custom_error, percent_remedy
from valuation.workings import FloatArray

ROLLS = (
    "down",  # a time still to run, which gets shorter
    "up",  # an age, or the time since something was counted, which gets longer
    "level",  # by year, but held through the year and not earned in it: a part of a year does not cut it
    "stays",  # a list that is no forecast, such as a table by age
    "anew",  # seen on, or counted from, the valuation date: must be stated again
)
ONCE_IN_A_BILLION = 6.3  # normal score beyond which a draw of our sequence cannot lie


@dataclass(frozen=True)
class FieldFacts:
    """What is known of one input: unit, labels, bounds and help. Form, messages, schema, report and docs read it."""

    unit: str
    label_en: str
    label_zh: str
    by_year: bool | Literal["list"] = False
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    warn_below: float | None = None
    warn_above: float | None = None
    basis: Mapping[str, str] | None = None  # as Quantity.basis; what the figure must be stated in
    rolls: str | None = None  # what time does to it when a case is brought to a later date: see ROLLS
    help: str = ""
    clause: str = ""

    def __post_init__(self) -> None:
        if self.rolls not in (None, *ROLLS):
            raise ValueError(f"{self.label_en}: rolls {self.rolls!r} is none of {', '.join(ROLLS)}")


def check_bounds(quantity: Quantity, facts: FieldFacts) -> None:
    """Refuse a stated number, or a range, that leaves what the field allows. Derived figures are checked when known."""
    if quantity.years is not None and not facts.by_year:
        raise custom_error("not_by_year", quantity.years)
    if quantity.form in ("reference", "derive"):
        return
    if quantity.years is None and facts.by_year == "list":
        raise custom_error("by_year_needed", quantity.value)
    for part in ("low", "mode", "high", "value", "values", "mean", "median"):
        if getattr(quantity, part) is not None:
            check_figures(np.atleast_1d(getattr(quantity, part)), facts)
    if quantity.form in ("lognormal", "normal"):
        with np.errstate(over="ignore"):
            ends = shape_of(quantity).at(np.array([[-ONCE_IN_A_BILLION], [ONCE_IN_A_BILLION]]))
        try:
            check_figures(ends, facts)
        except PydanticCustomError as error:
            context = error.context or {}
            given, limit = f"{context['given']:.4g}", f"{context['limit']:g}"
            raise custom_error("range_leaves_bounds", given, limit=limit) from None


BOUNDS = (  # of a field: the problem, which end of the figures is held to it, what breaks it, in words
    ("low", "too_small", np.min, np.less, "at least {:g}", "不小于 {:g}"),
    ("above", "not_above", np.min, np.less_equal, "above {:g}", "大于 {:g}"),
    ("high", "too_large", np.max, np.greater, "at most {:g}", "不大于 {:g}"),
    ("below", "not_below", np.max, np.greater_equal, "below {:g}", "小于 {:g}"),
)


def check_figures(figures: FloatArray, facts: FieldFacts) -> None:
    """Refuse figures outside the field's bounds."""
    for name, code, end, breaks, _, _ in BOUNDS:
        limit = getattr(facts, name)
        if limit is not None and breaks(given := float(end(figures)), limit):
            remedy, remedy_zh = _unit_remedy(given, facts.unit)
            raise custom_error(code, given, limit=limit, remedy=remedy, remedy_zh=remedy_zh)


def beyond(figures: FloatArray, facts: FieldFacts) -> Iterator[tuple[tuple[str, str], NDArray[np.bool_]]]:
    """Each bound of the field in English and Chinese words, with the figures that break it."""
    for name, _, _, breaks, words, words_zh in BOUNDS:
        limit = getattr(facts, name)
        if limit is not None:
            yield (words.format(limit), words_zh.format(limit)), breaks(figures, limit)


def _unit_remedy(given: float, unit: str) -> tuple[str, str]:
    """Figures out of bounds are most often in another unit."""
    if unit.startswith("fraction") and 1 < abs(given) <= 100:
        return percent_remedy(given)
    if unit.startswith("fraction"):
        return "State it as a fraction: 5% is 0.05.", "请填写小数：5% 写成 0.05。"
    if unit.startswith("money"):
        return f"The unit is {unit}, in whole units of the currency.", f"单位为 {unit}，以货币的基本单位填写。"
    return f"The unit is {unit}.", f"单位为 {unit}。"

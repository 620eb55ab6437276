"""A stated number: what somebody wrote, with its range, source and evidence level. It does no arithmetic.

A quantity is written as a number, as a list by year, or as an object in one of these forms:
{"value"}, {"low","mode","high"} (PERT; "shape": "triangular"), {"low","high"} (uniform), {"median","sigma"}
(lognormal), {"mean","sd"} (normal), {"values","weights"} (scenarios), {"reference"} (a dated figure) or
{"derive","inputs"} (worked out by a method of approach input). Each may say its source, evidence level (IFRS 13:
1 quoted, 2 observable, 3 judgement), note and, where it replaces a reference figure or a policy, the override: who,
why and until when.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from valuation.strict import Strict, custom_error

Number = float | list[float]  # one figure, or one a year

FORMS: dict[str, frozenset[str]] = {
    "value": frozenset({"value"}),
    "pert": frozenset({"low", "mode", "high"}),
    "uniform": frozenset({"low", "high"}),
    "lognormal": frozenset({"median", "sigma"}),
    "normal": frozenset({"mean", "sd"}),
    "scenarios": frozenset({"values", "weights"}),
    "reference": frozenset({"reference"}),
    "derive": frozenset({"derive"}),
}
PARTS = frozenset().union(*FORMS.values())
_FORMS_SHOWN = "low, mode, high; low, high; value; median, sigma; mean, sd; values, weights; reference; derive, inputs"


class Override(Strict):
    """Who replaced a reference figure or a policy, why, and until when it holds."""

    who: str = Field(min_length=1)
    why: str = Field(min_length=1)
    until: date = Field(strict=False)


class Quantity(Strict):
    """A stated number with its range and where it comes from; see the head of this file for the forms."""

    value: Number | None = None
    low: Number | None = None
    mode: Number | None = None
    high: Number | None = None
    shape: str | None = None
    median: Number | None = None
    sigma: Number | None = None
    mean: Number | None = None
    sd: Number | None = None
    values: list[float] | None = None
    weights: list[float] | None = None
    reference: str | None = None
    derive: str | None = None
    inputs: dict[str, Any] | None = None
    source: str | None = None
    level: int | None = Field(default=None, ge=1, le=3)
    note: str | None = None
    override: Override | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | float | list | dict | Quantity):
            raise custom_error(
                "wrong_kind", data, allowed="a number, a list by year or an object", example='0.12 or {"value": 0.12}'
            )
        return {"value": data} if isinstance(data, int | float | list) else data

    @field_validator("value", "low", "mode", "high", "median", "sigma", "mean", "sd", mode="before")
    @classmethod
    def _numbers(cls, given: Any) -> Any:
        """Whole numbers count as numbers; text, true and nothing do not."""
        return [_number(item) for item in given] if isinstance(given, list) else _number(given)

    @field_validator("values", "weights", mode="before")
    @classmethod
    def _lists(cls, given: Any) -> Any:
        if not isinstance(given, list):
            raise custom_error("wrong_kind", given, allowed="a list of numbers", example="[80, 100, 120]")
        return [_number(item) for item in given]

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = {name for name in PARTS if getattr(self, name) is not None}
        if given not in FORMS.values():
            raise custom_error("quantity_form", ", ".join(sorted(given)) or "{}", forms=_FORMS_SHOWN)
        if self.shape is not None and (self.shape not in ("pert", "triangular") or self.form != "pert"):
            raise custom_error("not_known", self.shape, known=["pert", "triangular"])
        if self.inputs is not None and self.form != "derive":
            raise custom_error("quantity_form", "inputs without derive", forms=_FORMS_SHOWN)
        _check_order(self)
        return self

    @property
    def form(self) -> str:
        """Which of the forms this is."""
        given = {name for name in PARTS if getattr(self, name) is not None}
        return next(form for form, parts in FORMS.items() if parts == given)

    @property
    def uncertain(self) -> bool:
        """Whether it states a range, so that draws differ."""
        return self.form in ("pert", "uniform", "lognormal", "normal", "scenarios")

    @property
    def years(self) -> int | None:
        """How many years a list covers; None for one figure."""
        lengths = [len(item) for item in self._parts() if isinstance(item, list)]
        return max(lengths) if lengths and self.form != "scenarios" else None

    def to_json(self) -> Any:
        """As it would be written in a case, in the shortest form."""
        content = self.model_dump(mode="json", exclude_none=True)
        return content["value"] if set(content) == {"value"} else content

    def _parts(self) -> list[Any]:
        return [getattr(self, name) for name in sorted(FORMS[self.form])]


def _number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise custom_error("wrong_kind", given, allowed="a number", example="0.12, without quotes")
    try:
        number = float(given)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise custom_error("not_finite", str(given)[:40])
    return number


def _check_order(quantity: Quantity) -> None:
    """Lists of one length, ends in order, spreads not negative, shares that add up to one."""
    _check_lengths(quantity)
    for lower, upper in (("low", "mode"), ("mode", "high"), ("low", "high")):
        if not _in_order(getattr(quantity, lower), getattr(quantity, upper)):
            given = f"{lower} {getattr(quantity, lower)}, {upper} {getattr(quantity, upper)}"
            raise custom_error("not_in_order", given, allowed=f"{lower} is at most {upper}")
    for name in ("sigma", "sd"):
        if not _in_order(0.0, getattr(quantity, name)):
            remedy, remedy_zh = f"{name} is a spread.", f"{name} 为离散程度。"
            raise custom_error("too_small", getattr(quantity, name), limit=0, remedy=remedy, remedy_zh=remedy_zh)
    if quantity.median is not None and min(_as_list(quantity.median)) <= 0:
        remedy, remedy_zh = "A lognormal figure is positive.", "对数正态分布的数为正。"
        raise custom_error("not_above", quantity.median, limit=0, remedy=remedy, remedy_zh=remedy_zh)
    if quantity.weights is not None:
        _check_weights(quantity.weights)


def _check_lengths(quantity: Quantity) -> None:
    lengths = {len(item) for item in quantity._parts() if isinstance(item, list)}
    if len(lengths) > 1:
        raise custom_error("years_differ", max(lengths), expected=min(lengths), other="another part of it")
    if lengths and not 1 <= max(lengths) <= 100:
        remedy, remedy_zh = "Write one figure a year.", "请每年写一个数。"
        raise custom_error("list_length", max(lengths), allowed="1 to 100", remedy=remedy, remedy_zh=remedy_zh)


def _check_weights(weights: list[float]) -> None:
    if min(weights) < 0:
        remedy, remedy_zh = "Weights are shares.", "权重为份额。"
        raise custom_error("too_small", min(weights), limit=0, remedy=remedy, remedy_zh=remedy_zh)
    if abs(math.fsum(weights) - 1) > 1e-9:
        raise custom_error("weights_sum", math.fsum(weights))


def _in_order(lower: Number | None, upper: Number | None) -> bool:
    if lower is None or upper is None:
        return True
    lows, highs = _as_list(lower), _as_list(upper)
    years = max(len(lows), len(highs))
    lows, highs = (items * years if len(items) == 1 else items for items in (lows, highs))
    return all(a <= b for a, b in zip(lows, highs, strict=False))


def _as_list(number: Number) -> list[float]:
    return number if isinstance(number, list) else [number]

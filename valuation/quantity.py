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
from typing import Any, Literal, Self

from pydantic import GetJsonSchemaHandler, field_validator, model_validator

from valuation.strict import Date, Strict, Words, custom_error, number_written

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
LONGEST_LIST = 360  # a payment a month for thirty years
LARGEST_SIGMA = 5.0  # one draw in twenty is then 3,700 times the median
_FORMS_SHOWN = "low, mode, high; low, high; value; median, sigma; mean, sd; values, weights; reference; derive, inputs"


class Override(Strict):
    """Who replaced a reference figure or a policy, why, and until when it holds."""

    who: Words
    why: Words
    until: Date


class Basis(Strict):
    """What a flow or rate is stated in; what is not said is taken as the input's label says.

    prices: nominal (名义) or real (实际). tax: before_tax or after_tax. outcome: expected, weighted over all outcomes,
    or success_case, true only if things go well, as the flows that venture hurdle rates discount.
    """

    prices: Literal["nominal", "real"] | None = None
    tax: Literal["before_tax", "after_tax"] | None = None
    outcome: Literal["expected", "success_case"] | None = None


class Quantity(Strict):
    """A stated number with its range and where it comes from; see the head of this file for the forms."""

    value: Number | None = None
    low: Number | None = None
    mode: Number | None = None
    high: Number | None = None
    shape: Literal["pert", "triangular"] | None = None
    median: Number | None = None
    sigma: Number | None = None
    mean: Number | None = None
    sd: Number | None = None
    values: list[float] | None = None
    weights: list[float] | None = None
    reference: str | None = None
    derive: str | None = None
    inputs: dict[str, Any] | None = None
    basis: Basis | None = None
    source: str | None = None
    level: Literal[1, 2, 3] | None = None
    note: str | None = None
    override: Override | None = None

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """As every form may be written: a number, a list by year, or an object with the keys of one form."""
        referred = handler(core)
        content = handler.resolve_ref_schema(referred)
        written = {**content, "oneOf": [_form_schema(form) for form in FORMS]}
        written["properties"] = {name: _without_null(part) for name, part in content["properties"].items()}
        content.clear()
        content |= {"title": written["title"], "description": written["description"]}
        content["anyOf"] = [{"type": "number"}, _BY_YEAR, written]
        return referred

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        return data if isinstance(data, dict | Quantity) else {"value": _numbers(data)}

    @field_validator("value", "low", "mode", "high", "median", "sigma", "mean", "sd", mode="before")
    @classmethod
    def _one_or_by_year(cls, given: Any) -> Any:
        return _numbers(given)

    @field_validator("level", mode="before")
    @classmethod
    def _no_yes(cls, given: Any) -> Any:
        if isinstance(given, bool):  # to Python true is 1, and level 1 is the best
            raise custom_error("not_known", given, known=["1", "2", "3"])
        return given

    @field_validator("values", "weights", mode="before")
    @classmethod
    def _lists(cls, given: Any) -> Any:
        if not isinstance(_plain(given), list):
            words = {"allowed": "a list of numbers", "allowed_zh": "数字列表"}
            raise custom_error("wrong_kind", given, **words, example="[80, 100, 120]")
        return _numbers(given)

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = {name for name in PARTS if getattr(self, name) is not None}
        if given not in FORMS.values():
            raise custom_error("quantity_form", ", ".join(sorted(given)) or "{}", forms=_FORMS_SHOWN)
        for name, form, needed in (("shape", "pert", "low, mode, high"), ("inputs", "derive", "derive")):
            if getattr(self, name) is not None and self.form != form:
                raise custom_error("quantity_form", f"{', '.join(sorted({*given, name}))}", forms=f"{needed}, {name}")
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


_BY_YEAR = {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": LONGEST_LIST}
_ALONG = {"pert": "shape", "derive": "inputs"}  # what may stand beside the keys of one form only


def _form_schema(form: str) -> dict[str, Any]:
    """All keys of this form and none of any other."""
    others = (PARTS | set(_ALONG.values())) - FORMS[form] - {_ALONG.get(form, "")}
    return {"required": sorted(FORMS[form]), "properties": dict.fromkeys(sorted(others), False)}


def _without_null(part: dict[str, Any]) -> dict[str, Any]:
    """What is not stated is left out, not null."""
    kinds = [kind for kind in part.get("anyOf", []) if kind != {"type": "null"}]
    if not kinds:
        return part
    kinds = [{**_BY_YEAR} if kind.get("type") == "array" else kind for kind in kinds]
    rest = {name: entry for name, entry in part.items() if name not in ("anyOf", "default")}
    return {**rest, **(kinds[0] if len(kinds) == 1 else {"anyOf": kinds})}


def _numbers(given: Any) -> Any:
    """One number or one a year, also numpy's. Whole numbers count as numbers; text, true and nothing do not."""
    given = _plain(given)
    if not isinstance(given, list):
        return _number(given, "", "a number, a list by year or an object", "数字、逐年列表或对象")
    return [_number(_plain(item), f"[{index}]", "a number", "数字") for index, item in enumerate(given)]


def _plain(given: Any) -> Any:
    """What numpy holds as Python holds it."""
    return given.tolist() if hasattr(given, "tolist") else given


def _number(given: Any, within: str, allowed: str, allowed_zh: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        words = {"allowed": allowed, "allowed_zh": allowed_zh, **number_written(given)}
        raise custom_error("wrong_kind", given, within=within, **words)
    try:
        number = float(given)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise custom_error("not_finite", str(given)[:40], within=within)
    return number


def _check_order(quantity: Quantity) -> None:
    """Lists of one length, ends in order, spreads not negative, shares that add up to one."""
    _check_lengths(quantity)
    for lower, upper in (("low", "mode"), ("mode", "high"), ("low", "high")):
        if not _in_order(getattr(quantity, lower), getattr(quantity, upper)):
            given = f"{lower} {getattr(quantity, lower)}, {upper} {getattr(quantity, upper)}"
            words = {"allowed": f"{lower} is at most {upper}", "allowed_zh": f"{lower} 不大于 {upper}"}
            raise custom_error("not_in_order", given, **words)
    for name in ("sigma", "sd"):
        if not _in_order(0.0, getattr(quantity, name)):
            remedy, remedy_zh = f"{name} is a spread.", f"{name} 为离散程度。"
            raise custom_error("too_small", getattr(quantity, name), limit=0, remedy=remedy, remedy_zh=remedy_zh)
    if quantity.sigma is not None and max(_as_list(quantity.sigma)) > LARGEST_SIGMA:
        remedy, remedy_zh = "sigma is the sd of the logarithm: 30% is 0.3.", "sigma 为对数的标准差：30% 写成 0.3。"
        raise custom_error("too_large", quantity.sigma, limit=LARGEST_SIGMA, remedy=remedy, remedy_zh=remedy_zh)
    if quantity.median is not None and min(_as_list(quantity.median)) <= 0:
        remedy, remedy_zh = "A lognormal figure is positive.", "对数正态分布的数为正。"
        raise custom_error("not_above", quantity.median, limit=0, remedy=remedy, remedy_zh=remedy_zh)
    if quantity.weights is not None:
        _check_weights(quantity.weights)


def _check_lengths(quantity: Quantity) -> None:
    stated = {name: getattr(quantity, name) for name in sorted(FORMS[quantity.form])}
    lengths = sorted((len(item), name) for name, item in stated.items() if isinstance(item, list))
    if not lengths:
        return
    (shortest, other), (longest, name) = lengths[0], lengths[-1]
    if shortest != longest and quantity.form == "scenarios":
        raise custom_error("scenario_lengths", None, **{name: length for length, name in lengths})
    if shortest != longest:
        raise custom_error("years_differ", longest, expected=shortest, other=other, within=f".{name}")
    if not 1 <= longest <= LONGEST_LIST:
        bounds = {"allowed": f"1 to {LONGEST_LIST}", "allowed_zh": f"1 至 {LONGEST_LIST}"}
        raise custom_error("list_length", longest, **bounds)


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

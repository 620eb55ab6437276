"""How everything read from a file is checked: nothing coerced, nothing unknown, nothing infinite, all problems at once.

Pydantic finds what is wrong; this module turns each finding into a Problem with its place, so that a user reads one
plain sentence and never the library's own words.
"""

from __future__ import annotations

from datetime import date
from math import isfinite
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

from valuation.errors import InputError, Problem, problem
from valuation.texts.problems import MESSAGES

Model = TypeVar("Model", bound=BaseModel)
LARGEST_WHOLE = 2**53 - 1  # beyond, whole numbers are not exact in JSON


def custom_error(code: str, given: Any, **params: Any) -> PydanticCustomError:
    """A validation error that carries a code of valuation.errors and the parameters of its sentence."""
    return PydanticCustomError(code, "{given}", {"given": given, **params})


def iso_date(given: Any) -> date | None:
    """A date written year-month-day, or None: no other form, and no number that somebody's clock counts."""
    if type(given) is date:
        return given
    if not isinstance(given, str) or len(given) != 10 or given[4] + given[7] != "--":
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


def _date(given: Any) -> date:
    day = iso_date(given)
    if day is None:
        raise custom_error("date_form", given)
    return day


_DATE_FORM = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}  # few readers check a format
Date = Annotated[date, BeforeValidator(_date), WithJsonSchema(_DATE_FORM)]


def _not_blank(given: str) -> str:
    if not given.strip():
        raise custom_error("text_length", 0, allowed="1 or more", allowed_zh="至少 1")
    return given


Words = Annotated[str, Field(min_length=1), AfterValidator(_not_blank)]  # a name or a reason: blanks are none


class Strict(BaseModel):
    """The common manners of everything read from a file: nothing coerced, nothing unknown, nothing infinite."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys_only(cls, data: Any) -> Any:
        """Refuse unknown keys with the known ones beside them, together with whatever else is wrong."""
        if not isinstance(data, dict):
            return data
        unknown = [key for key in data if key not in cls.model_fields]
        if not unknown:
            return data
        errors: list[InitErrorDetails] = [
            {"type": custom_error("unknown_key", key, known=list(cls.model_fields)), "loc": (key,), "input": data[key]}
            for key in unknown
        ]
        try:
            cls.model_validate({key: value for key, value in data.items() if key in cls.model_fields})
        except ValidationError as others:
            # Keys that make no quantity without the unknown ones are the same fault, not another.
            errors += [again(error) for error in others.errors() if error["type"] != "quantity_form"]
        raise ValidationError.from_exception_data(cls.__name__, errors)


def again(error: Any) -> InitErrorDetails:
    """One error of a validation, in the form in which it can be raised again."""
    kind: Any = PydanticCustomError(error["type"], "{given}", {"given": error["input"], **error.get("ctx", {})})
    return {"type": kind, "loc": error["loc"], "input": error["input"]}


def read(model: type[Model], given: Any, path: str = "") -> Model:
    """The model made of what was given, or an InputError with every problem, each at its place below `path`."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise InputError(problems_of(error, path, model)) from None


def problems_of(error: ValidationError, path: str = "", model: type[BaseModel] | None = None) -> list[Problem]:
    """Every finding of a validation as a Problem, in the order of the file."""
    return [_problem_of(finding, path, model) for finding in error.errors(include_url=False)]


# What pydantic found: what is expected and how it is written, in English and Chinese.
_KINDS = {
    "string_type": ("a text", "文本", "it in double quotes", "双引号内的文本"),
    "bool_type": ("true or false", "true 或 false", "true or false, without quotes", "不带引号的 true 或 false"),
    "list_type": ("a list", "列表", "the entries in square brackets, with commas between", "方括号内以逗号分隔的各项"),
    "tuple_type": ("a list of three", "三项列表", '["one.path", "another.path", 0.3]', '["路径", "另一路径", 0.3]'),
    "dict_type": ("an object", "对象", 'keys and values in braces: {"key": …}', '花括号内的键和值：{"键": …}'),
    "model_type": ("an object", "对象", 'keys and values in braces: {"key": …}', '花括号内的键和值：{"键": …}'),
}
_LIMITS = {
    "greater_than_equal": ("too_small", "ge"),
    "greater_than": ("not_above", "gt"),
    "less_than_equal": ("too_large", "le"),
    "less_than": ("not_below", "lt"),
}


def _problem_of(finding: Any, path: str, model: type[BaseModel] | None) -> Problem:
    kind, context, given = finding["type"], dict(finding.get("ctx", {})), finding["input"]
    place = _place(path, finding["loc"])
    if kind == "missing":
        return problem("missing", place, None, **_wanted(model, finding["loc"]))
    if kind in MESSAGES:
        place = _place(path, finding["loc"][:-1]) if kind == "unknown_key" else place + context.pop("within", "")
        place = place.lstrip(".")
        return problem(kind, place, context.pop("given", given), **context)
    if kind in _KINDS:
        words = zip(("allowed", "allowed_zh", "example", "example_zh"), _KINDS[kind], strict=True)
        return problem("wrong_kind", place, given, **dict(words))
    if kind in ("float_type", "int_type", "int_from_float", "int_parsing_size"):
        return _not_a_number(place, given, whole=kind != "float_type")
    if kind in _LIMITS:
        code, key = _LIMITS[kind]
        share = context[key] == 1 and isinstance(finding["loc"][-1], str)  # an entry without a name is a correlation
        remedy, remedy_zh = percent_remedy(given) if share else ("", "")
        return problem(code, place, given, limit=context[key], remedy=remedy, remedy_zh=remedy_zh)
    if kind in ("literal_error", "enum"):
        known = [name.strip().strip("'") for name in context["expected"].replace(" or ", ", ").split(",")]
        return problem("not_known", place, given, known=known)
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        code = "text_length" if kind.startswith("string") else "list_length"
        return problem(code, place, len(given), **_lengths(context))
    if kind == "string_pattern_mismatch":
        return problem("name_form", place, given)
    if kind in ("finite_number", "float_parsing"):
        return problem("not_finite", place, str(given))
    return problem("wrong_kind", place, given, allowed=finding["msg"], example="it as the schema says")


def percent_remedy(given: float) -> tuple[str, str]:
    """How to write a fraction that was most likely given in per cent; nothing for any other figure."""
    if not 1 < abs(given) <= 100:
        return "", ""
    return f"Write {given:g}% as {given / 100:g}.", f"{given:g}% 请写成 {given / 100:g}。"


def _not_a_number(place: str, given: Any, *, whole: bool) -> Problem:
    if whole and isinstance(given, int | float) and abs(given) > LARGEST_WHOLE:
        return problem("too_large", place, given, limit=LARGEST_WHOLE)
    kind, kind_zh = ("a whole number", "整数") if whole else ("a number", "数字")
    if whole and isinstance(given, float) and given.is_integer():
        kind, kind_zh = "a whole number without a decimal point", "不带小数点的整数"
    return problem("wrong_kind", place, given, allowed=kind, allowed_zh=kind_zh, **number_written(given, whole=whole))


def number_written(given: Any, *, whole: bool = False) -> dict[str, str]:
    """How to write what was given as a number, as the example of a sentence; nothing is converted unasked."""
    text = str(given).replace(",", "").strip()
    scale = next((factor for sign, factor in (("%", 0.01), ("万", 1e4), ("亿", 1e8)) if text.endswith(sign)), 1.0)
    try:
        number = float(text.rstrip("%万亿")) * scale
        if not isfinite(number):
            raise ValueError
    except ValueError:
        number, given = 3.0 if whole else 0.12, None
    shown = f"{round(number)}" if whole else f"{number:.12g}"
    if isinstance(given, str):
        return {"example": f"{shown}, without quotes", "example_zh": f"不带引号的 {shown}"}
    return {"example": f"a number such as {shown}", "example_zh": f"如 {shown} 的数字"}


def _lengths(context: dict[str, Any]) -> dict[str, str]:
    least, most = context.get("min_length"), context.get("max_length")
    if most is None:
        return {"allowed": f"{least} or more", "allowed_zh": f"至少 {least}"}
    return {"allowed": f"up to {most}", "allowed_zh": f"至多 {most}"}


_SUCH_AS = {"money": "1000000", "fraction": "0.25", "fraction per year": "0.12", "years": "5", "count": "8"}  # by unit


def _wanted(model: type[BaseModel] | None, location: tuple[int | str, ...]) -> dict[str, str]:
    """What a missing entry holds, from its field, in the words of the sentence."""
    field, name = _field_at(model, location), location[-1]
    if isinstance(name, int):
        return {"what": f"entry {name + 1} of the list", "what_zh": f"列表第 {name + 1} 项"}
    if field is None:
        return {"what": f'"{name}"', "what_zh": f'"{name}"'}
    facts: Any = field.json_schema_extra or {}
    facts = facts.get("valuation", {})
    what, what_zh, example = _described(field.annotation, name)
    if "label_en" in facts:
        what, what_zh = (f"{facts['label_' + language]} ({facts['unit']})" for language in ("en", "zh"))
    if facts.get("unit") in _SUCH_AS:
        one = _SUCH_AS[facts["unit"]]
        example = f"[{one}, {one}]" if facts.get("by_year") == "list" else one
    shown = {"example": f', such as "{name}": {example}', "example_zh": f'，如 "{name}": {example}'} if example else {}
    return {"what": what, "what_zh": what_zh, **shown}


def _described(kind: Any, name: str) -> tuple[str, str, str]:
    """A kind of entry in English and Chinese, with an example if there is a good one."""
    if get_origin(kind) is Literal:
        words = ", ".join(map(str, get_args(kind)))
        many = len(get_args(kind)) > 1
        first = get_args(kind)[0]
        example = f'"{first}"' if isinstance(first, str) else str(first)
        return f"one of {words}" if many else words, f"{words} 之一" if many else words, example
    if kind is date:
        return "a date", "日期", '"2026-06-30"'
    if get_origin(kind) is list:
        return f'the list "{name}"', f'列表 "{name}"', ""
    return f'"{name}"', f'"{name}"', ""


def _field_at(model: type[BaseModel] | None, location: tuple[int | str, ...]) -> FieldInfo | None:
    field: FieldInfo | None = None
    kind: Any = model
    for step in location:
        inner = _model_in(kind)
        if isinstance(step, str) and inner is not None and step in inner.model_fields:
            field = inner.model_fields[step]
            kind = field.annotation
    return field


def _model_in(kind: Any) -> type[BaseModel] | None:
    """The model an annotation holds, such as Asset in list[Asset]."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for part in get_args(kind) if (found := _model_in(part)) is not None), None)


def _place(path: str, location: tuple[int | str, ...]) -> str:
    place = path
    for step in location:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
    return place

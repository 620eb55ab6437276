"""How everything read from a file is checked: nothing coerced, nothing unknown, nothing infinite, all problems at once.

Pydantic finds what is wrong; this module turns each finding into a Problem with its place, so that a user reads one
plain sentence and never the library's own words.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from valuation.errors import MESSAGES, InputError, Problem, problem

Model = TypeVar("Model", bound=BaseModel)


def custom_error(code: str, given: Any, **params: Any) -> PydanticCustomError:
    """A validation error that carries a code of valuation.errors and the parameters of its sentence."""
    return PydanticCustomError(code, "{given}", {"given": given, **params})


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
            errors += [_again(error) for error in others.errors()]
        raise ValidationError.from_exception_data(cls.__name__, errors)


def _again(error: Any) -> InitErrorDetails:
    """One error of a validation, in the form in which it can be raised again."""
    kind: Any = PydanticCustomError(error["type"], "{given}", {"given": error["input"], **error.get("ctx", {})})
    return {"type": kind, "loc": error["loc"], "input": error["input"]}


def read(model: type[Model], given: Any, path: str = "") -> Model:
    """The model made of what was given, or an InputError with every problem, each at its place below `path`."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise InputError(problems_of(error, path)) from None


def problems_of(error: ValidationError, path: str = "") -> list[Problem]:
    """Every finding of a validation as a Problem, in the order of the file."""
    return [_problem_of(finding, path) for finding in error.errors(include_url=False)]


_KINDS = {
    "string_type": ("a text", '"…"'),
    "float_type": ("a number", "0.12, without quotes"),
    "int_type": ("a whole number", "3"),
    "int_from_float": ("a whole number", "3"),
    "bool_type": ("true or false", "true"),
    "list_type": ("a list", "[…]"),
    "tuple_type": ("a list", "[…]"),
    "dict_type": ("an object", "{…}"),
    "model_type": ("an object", "{…}"),
    "model_attributes_type": ("an object", "{…}"),
}
_LIMITS = {
    "greater_than_equal": ("too_small", "ge"),
    "greater_than": ("not_above", "gt"),
    "less_than_equal": ("too_large", "le"),
    "less_than": ("not_below", "lt"),
}


def _problem_of(finding: Any, path: str) -> Problem:
    kind, context, given = finding["type"], dict(finding.get("ctx", {})), finding["input"]
    place = _place(path, finding["loc"])
    if kind in MESSAGES and kind != "missing":
        if kind == "unknown_key":
            place = _place(path, finding["loc"][:-1])
        return problem(kind, place, context.pop("given", given), **context)
    if kind == "missing":
        return problem("missing", place, None, what="a figure or entry")
    if kind in _KINDS:
        allowed, example = _KINDS[kind]
        return problem("wrong_kind", place, given, allowed=allowed, example=example)
    if kind in _LIMITS:
        code, key = _LIMITS[kind]
        return problem(code, place, given, limit=context[key])
    if kind.startswith("date"):
        return problem("date_form", place, given)
    if kind in ("literal_error", "enum"):
        known = [name.strip().strip("'") for name in context["expected"].replace(" or ", ", ").split(",")]
        return problem("not_known", place, given, known=known)
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        length = len(given) if hasattr(given, "__len__") else given
        least, most = context.get("min_length", 0), context.get("max_length", "any number")
        return problem("list_length", place, length, allowed=f"{least} to {most}")
    if kind in ("finite_number", "float_parsing"):
        return problem("not_finite", place, str(given))
    return problem("wrong_kind", place, given, allowed=finding["msg"], example="it as the schema says")


def _place(path: str, location: tuple[int | str, ...]) -> str:
    place = path
    for step in location:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
    return place

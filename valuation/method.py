"""The contract a method file is written against: an inputs model, one pure function, and what must be said about it.

    class RoyaltyInputs(Inputs):
        revenue: Quantity = money("Revenue earned with the asset", "使用该资产的收入", by_year="list", low=0)
        royalty_rate: Quantity = fraction("Royalty rate", "许可费率", by_year=True, warn_above=0.15)

    def relief_from_royalty(inputs, workings): ...      # arrays in, the value out, every step named

    method = Method(id="income.relief_from_royalty", version=1, approach="income", ...)

Inputs are arrays when the function sees them: yearly ones have the year as last axis, all others a last axis of
length 1; leading axes are draws or assets. So no loops over draws, years or assets and no `if` on a figure: the same
function must serve a point, a million draws, a book and live Excel cells. Bounds, units, labels and help stand on the
fields, once: form, messages, JSON Schema, report and docs read them from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, NoReturn, Self

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticUndefined

from valuation.field_facts import FieldFacts, beyond, check_bounds, check_figures
from valuation.quantity import Quantity
from valuation.strict import Date, Strict, custom_error
from valuation.workings import FloatArray

__all__ = [
    "NOMINAL_AFTER_TAX",
    "Citation",
    "Date",
    "FieldFacts",
    "FloatArray",
    "Inputs",
    "Method",
    "Quantity",
    "amount",
    "beyond",
    "check_bounds",
    "check_figures",
    "check_named_once",
    "choice",
    "count",
    "field_facts",
    "fraction",
    "items",
    "leaves",
    "money",
    "named_twice",
    "rate",
    "ratio",
    "refuse",
    "text",
    "years",
]

APPROACHES = ("cost", "income", "market", "allocation", "input", "lending")
KINDS = ("training_data", "ai_model", "compute_cluster", "intellectual_property")
MARKS = ("page-read", "file-read", "secondary", "memory", "recomputed")
REQUIRED: Any = PydanticUndefined
NOMINAL_AFTER_TAX = {"prices": "nominal", "tax": "after_tax"}


@cache  # a method's inputs are walked once a block of draws
def field_facts(model: type[Strict], name: str) -> FieldFacts | None:
    """The facts of one field; None for a field that is no quantity, choice or text of ours."""
    extra = model.model_fields[name].json_schema_extra
    return FieldFacts(**extra["valuation"]) if isinstance(extra, dict) and "valuation" in extra else None  # type: ignore[arg-type]


def _field(default: Any, facts: FieldFacts) -> Any:
    kept: Any = {
        name: value for name, value in vars(facts).items() if value is not None and value is not False and value != ""
    }
    return Field(default=default, title=f"{facts.label_en} | {facts.label_zh}", json_schema_extra={"valuation": kept})


def money(en: str, zh: str, default: Any = REQUIRED, *, per: str | None = None, **facts: Any) -> Any:
    """An amount in the case's currency, in whole units; `per` makes it a price, such as per="hour"."""
    return _field(default, FieldFacts(f"money per {per}" if per else "money", en, zh, **facts))


def fraction(en: str, zh: str, default: Any = REQUIRED, **facts: Any) -> Any:
    """A share between 0 and 1; 5% is 0.05."""
    return _field(default, FieldFacts("fraction", en, zh, **{"low": 0.0, "high": 1.0, **facts}))


def rate(en: str, zh: str, default: Any = REQUIRED, **facts: Any) -> Any:
    """A rate per year as a fraction; between -90% and +200% unless said otherwise."""
    return _field(default, FieldFacts("fraction per year", en, zh, **{"low": -0.9, "high": 2.0, **facts}))


def years(en: str, zh: str, default: Any = REQUIRED, **facts: Any) -> Any:
    """A time in years, from 0 to 100."""
    return _field(default, FieldFacts("years", en, zh, **{"low": 0.0, "high": 100.0, **facts}))


def ratio(en: str, zh: str, default: Any = REQUIRED, **facts: Any) -> Any:
    """A number without unit that may exceed 1, such as a multiple."""
    return _field(default, FieldFacts("ratio", en, zh, **facts))


def count(en: str, zh: str, default: Any = REQUIRED, **facts: Any) -> Any:
    """How many; not negative."""
    return _field(default, FieldFacts("count", en, zh, **{"low": 0.0, **facts}))


def amount(unit: str, en: str, zh: str, default: Any = REQUIRED, **facts: Any) -> Any:
    """A figure in any other unit, named in plain words, such as "hours" or "FLOP per second"."""
    return _field(default, FieldFacts(unit, en, zh, **facts))


def choice(en: str, zh: str, default: Any = REQUIRED, **facts: Any) -> Any:
    """One of a few words; annotate the field with Literal["…", "…"]."""
    return _field(default, FieldFacts("choice", en, zh, **facts))


def text(en: str, zh: str, default: Any = REQUIRED, **facts: Any) -> Any:
    """A name or remark."""
    return _field(default, FieldFacts("text", en, zh, **facts))


def items(en: str, zh: str, default: Any = REQUIRED, *, at_least: int = 1, at_most: int = 200, help: str = "") -> Any:
    """A list of things of one sort, each with its own Inputs, such as one entry a hardware type; or a list of names."""
    facts: Any = {"unit": "items", "label_en": en, "label_zh": zh, **({"help": help} if help else {})}
    return Field(
        default=default,
        title=f"{en} | {zh}",
        min_length=at_least,
        max_length=at_most,
        json_schema_extra={"valuation": facts},
    )


def named_twice(names: Iterable[str]) -> str | None:
    """The first name that stands twice, which a list of things must not; None if all differ."""
    given = list(names)
    return next((name for name in given if given.count(name) > 1), None)


def check_named_once(names: Iterable[str], what: str, what_zh: str) -> None:
    """Refuse a list in which a name stands twice."""
    twice = named_twice(names)
    if twice is not None:
        refuse(
            f"the {what} {twice} stands twice", f"{what_zh}“{twice}”重复",
            "Keep one, or give each its own name.", "请保留一项，或使用不同的名称。",
        )  # fmt: skip


def refuse(reason: str, reason_zh: str, remedy: str = "", remedy_zh: str = "") -> NoReturn:
    """Refuse a combination of inputs, from inside a validator of an Inputs model."""
    raise custom_error("combination", reason, reason=reason, reason_zh=reason_zh, remedy=remedy, remedy_zh=remedy_zh)


class Inputs(Strict):
    """The inputs of a method. Every figure is a Quantity with its facts on the field."""

    model_config = ConfigDict(validate_default=True)
    drawn_together: ClassVar[tuple[str, ...]] = ()  # inputs that one fit gave: drawn apart they mean nothing together

    @field_validator("*", mode="after")
    @classmethod
    def _within_bounds(cls, given: Any, info: ValidationInfo) -> Any:
        facts = field_facts(cls, info.field_name or "")
        if facts is not None and isinstance(given, Quantity):
            check_bounds(given, facts)
        return given

    @model_validator(mode="after")
    def _same_years(self) -> Self:
        """All lists by year of one method cover the same years."""
        lengths = [(path, quantity.years) for path, quantity, _ in leaves(self) if quantity.years is not None]
        for path, length in lengths[1:]:
            if length != lengths[0][1]:
                raise custom_error(
                    "years_differ", length, expected=lengths[0][1], other=lengths[0][0], within=f".{path}"
                )
        return self


def leaves(inputs: Inputs, path: str = "") -> Iterator[tuple[str, Quantity, FieldFacts]]:
    """Every quantity of these inputs with its path (such as hardware[0].price) and its field's facts."""
    for name in type(inputs).model_fields:
        given = getattr(inputs, name)
        facts = field_facts(type(inputs), name)
        if isinstance(given, Quantity) and facts is not None:
            yield path + name, given, facts
        elif isinstance(given, list):
            for index, entry in enumerate(given):
                if isinstance(entry, Inputs):
                    yield from leaves(entry, f"{path}{name}[{index}].")
        elif isinstance(given, Inputs):
            yield from leaves(given, f"{path}{name}.")


@dataclass(frozen=True)
class Citation:
    """A source of a method and how it was checked: page-read, file-read, secondary, memory or recomputed."""

    text: str
    mark: str

    def __post_init__(self) -> None:
        if self.mark not in MARKS:
            raise ValueError(f"the mark {self.mark!r} of {self.text!r} is none of {', '.join(MARKS)}")


@dataclass(frozen=True)
class Method:
    """A way to put a figure on something, with what a reader must know to trust it.

    `version` is raised whenever the same inputs would give another figure. `unit` is that of the result (money for a
    value); `by_year` says that the result is one figure a year, as a forecast's is.
    """

    id: str
    version: int
    approach: str
    title: tuple[str, str]
    serves: tuple[str, ...]
    citations: tuple[Citation, ...]
    limitations: tuple[str, str]
    evidence: tuple[str, ...]
    inputs: type[Inputs]
    value: Callable[[Any, Any], Any]
    unit: str = "money"
    by_year: bool = False
    basis: Mapping[str, str] = field(default_factory=dict)  # of a derived input, as Quantity.basis

    def __post_init__(self) -> None:
        if self.approach not in APPROACHES:
            raise ValueError(f"{self.id}: the approach {self.approach!r} is none of {', '.join(APPROACHES)}")
        unknown = set(self.serves) - set(KINDS)
        if unknown:
            raise ValueError(f"{self.id}: no such asset kind: {', '.join(sorted(unknown))}")

"""What a lender decides for a whole book: caps by kind, the shortfall it accepts, its assumptions, each with a source.

A figure nobody stated is taken from the dated defaults, and the summary says which.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from valuation.assets import Kind, Subkind
from valuation.errors import InputError, problem
from valuation.json_text import read_bytes
from valuation.lending.assessment import ASSUMED_OF_SALE
from valuation.lending.haircuts import PledgedAsset
from valuation.lending.limits import NEVER_LOST, LimitInputs
from valuation.method import check_bounds, field_facts, refuse
from valuation.quantity import Quantity
from valuation.strict import Strict, custom_error, read

LARGEST_POLICY = 1_000_000  # bytes
FOR_ALL = (  # inputs of the limits that a policy may state for every loan
    "shortfall_probability", "money_rate", "share_covered_by_sale", "loss_given_default", "default_probability",
    "unsecured_recovery", "product_amount", "dscr",
)  # fmt: skip
OF_KIND = (*ASSUMED_OF_SALE, "acceptance", "valuation_error", "default_correlation")  # of PledgedAsset, by kind


def _named(names: tuple[str, ...]) -> dict[str, Any]:
    """What the schema says of a table of figures beside their kind: their names."""
    return {"propertyNames": {"enum": list(names)}}


def _by_kind(names: tuple[str, ...]) -> Callable[[dict[str, Any]], None]:
    return lambda part: part["additionalProperties"].update(_named(names))


class Stated(Strict):
    """A figure of the lender's own and where it comes from."""

    value: float
    source: str = Field(min_length=1)


class Cap(Stated):
    """Largest part of the value that may be lent on a kind of asset, or on one sort of it."""

    kind: Kind
    subkind: Subkind | None = None
    value: float = Field(gt=0, le=1)


class OneFactor(Strict):
    """How the loans of a book hang together: what no series of such assets has measured, so it must be stated."""

    default_correlation: Stated
    sensitivity: Stated  # of the security to the same factor
    confidence: float = Field(default=0.999, gt=0.5, lt=1)

    @field_validator("default_correlation", "sensitivity")
    @classmethod
    def _a_correlation(cls, given: Stated) -> Stated:
        if not 0 <= given.value < 1:
            raise custom_error("not_below", given.value, limit=1, remedy="", remedy_zh="")
        return given


class ConcentrationLimit(Stated):
    """Largest share that one name of a group may have: of the whole debt of the book, or of an amount such as capital.

    All rows of one name count as one. What the law or the lender sets is stated with its source; nothing is assumed.
    """

    group: Literal["borrower", "base_model", "gpu_generation", "guarantor", "kind"]
    value: float = Field(gt=0, le=1)
    of: float | None = Field(default=None, gt=0)  # an amount in the currency of the book


class BookPolicy(Strict):
    """The policy of a book, as a file or a dictionary states it."""

    name: str = Field(min_length=1)
    source: str = Field(min_length=1)
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    caps: list[Cap] = []
    loans: dict[str, Stated] = Field(default={}, json_schema_extra=_named(FOR_ALL))
    assumptions: dict[Kind, dict[str, Stated]] = Field(default={}, json_schema_extra=_by_kind(OF_KIND))
    one_factor: OneFactor | None = None
    concentration_limits: list[ConcentrationLimit] = []
    other_columns: list[str] = []  # of the bank's own, handed through

    @field_validator("loans")
    @classmethod
    def _of_loans(cls, given: dict[str, Stated]) -> dict[str, Stated]:
        _check(given, FOR_ALL, LimitInputs)
        return given

    @field_validator("assumptions")
    @classmethod
    def _of_sales(cls, given: dict[Kind, dict[str, Stated]]) -> dict[Kind, dict[str, Stated]]:
        for kind, stated in given.items():
            _check(stated, OF_KIND, PledgedAsset, f".{kind}")
        return given

    @model_validator(mode="after")
    def _one_cap_each(self) -> Self:
        named = [(cap.kind, cap.subkind) for cap in self.caps]
        twice = next((name for name in named if named.count(name) > 1), None)
        if twice is not None:
            sort = " ".join(filter(None, twice))
            refuse(f"two caps are stated for {sort}", f"{sort} 有两个质押率上限", "Keep one.", "请只保留一个。")
        return self

    @model_validator(mode="after")
    def _loss_can_be_reached(self) -> Self:
        lost, recovered = (self.for_all(name) for name in ("loss_given_default", "unsecured_recovery"))
        if lost is not None and recovered is not None and lost + recovered >= 1:
            refuse(*NEVER_LOST.values())
        return self

    @model_validator(mode="after")
    def _one_limit_each(self) -> Self:
        named = [(limit.group, limit.of) for limit in self.concentration_limits]
        twice = next((group for group, of in named if named.count((group, of)) > 1), None)
        if twice is not None:
            refuse(f"two limits are stated for {twice}", f"{twice} 有两个集中度限额", "Keep one.", "请只保留一个。")
        return self

    def cap(self, kind: str, subkind: str | None) -> float | None:
        """The cap on this sort of asset, or on its kind."""
        fitting = [cap for cap in self.caps if cap.kind == kind and cap.subkind in (None, subkind)]
        return max(fitting, key=lambda cap: cap.subkind is not None).value if fitting else None

    def for_all(self, name: str) -> float | None:
        """What the policy states for every loan."""
        return self.loans[name].value if name in self.loans else None


def _check(stated: Mapping[str, Stated], allowed: tuple[str, ...], model: type[Strict], within: str = "") -> None:
    """Names and bounds, which stand on the fields of the model."""
    for name, figure in stated.items():
        if name not in allowed:
            raise custom_error("not_known", name, known=list(allowed), within=within)
        facts = field_facts(model, name)
        assert facts is not None
        try:
            check_bounds(Quantity(value=figure.value), facts)
        except PydanticCustomError as error:
            raise custom_error(error.type, **(error.context or {}), within=f"{within}.{name}") from None


def schema() -> dict[str, Any]:
    """The JSON Schema of a policy; what depends on other entries is checked when it is read."""
    return {**BookPolicy.model_json_schema(), "$id": "urn:valuation-book-policy:1"}


def read_policy(given: BookPolicy | Mapping[str, Any] | str | Path) -> BookPolicy:
    """The policy from a dictionary or a TOML file, or every problem with it."""
    if isinstance(given, BookPolicy):
        return given
    if isinstance(given, Mapping):
        return read(BookPolicy, dict(given), "policy")
    stored = read_bytes(given, largest=LARGEST_POLICY)
    try:
        content = tomllib.loads(stored.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(problem("toml_syntax", "", reason=str(error))).in_file(Path(given).name) from None
    try:
        return read(BookPolicy, content)
    except InputError as error:
        raise error.in_file(Path(given).name) from None

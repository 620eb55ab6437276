"""Loan products and what their lenders published of them; a term nobody published is absent and must be stated.

A product is a file below reference/products, whose path is its id (cn/compute_loan.toml is cn.compute_loan). Terms bear
the day they were published: one published after the valuation date is as good as unpublished.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field

from valuation.assets import Kind, Subkind
from valuation.errors import InputError, problem
from valuation.json_text import read_bytes
from valuation.lending.schedules import Schedule
from valuation.strict import Date, Strict, read

Purpose = Literal["working_capital", "fixed_assets", "project", "orders"]
Mark = Literal["page-read", "file-read", "secondary", "unverified"]


class Name(Strict):
    """A name in both languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class Published(Strict):
    """Who said it and when, and how that was checked."""

    published: Date
    source: str = Field(min_length=1)
    url: str | None = None
    mark: Mark
    note: str | None = None


class Number(Published):
    """A published figure."""

    value: float = Field(gt=0)
    currency: str | None = None


class ByKind(Number):
    """A published figure that holds for one kind of asset, or for one sort of it."""

    kind: Kind
    subkind: Subkind | None = None


class Cap(ByKind):
    """A published pledge rate; one above 1 would lend more than the value."""

    value: float = Field(gt=0, le=1)


LARGEST_FILE = 1_000_000  # bytes
Entry = TypeVar("Entry", bound=ByKind)


class Words(Published):
    """A published list of words."""

    value: list[str] = Field(min_length=1)


class Kinds(Published):
    """The kinds of asset that a lender publishes to take as security."""

    value: list[Kind] = Field(min_length=1)


class Schedules(Published):
    """The ways of paying back that a lender publishes."""

    value: list[Schedule] = Field(min_length=1)


class Purposes(Published):
    """What a lender publishes to lend for."""

    value: list[Purpose] = Field(min_length=1)


class Observed(Published):
    """A loan that was really made: what was lent on which value. It shows what was lent, not what is safe."""

    borrower: str
    value: float = Field(gt=0)
    loan: float = Field(gt=0)
    currency: str


class Product(Strict):
    """A loan product. A term that is absent was not published."""

    id: str
    name: Name
    lender: Name
    jurisdiction: Literal["CN", "other"]
    purpose: Name
    segments: Words | None = None  # groups of borrowers that the lender tells apart
    purposes: Purposes | None = None
    kinds: Kinds | None = None
    schedules: Schedules | None = None
    max_tenor_years: Number | None = None
    max_amount: Number | None = None
    rate: Number | None = None
    min_dscr: Number | None = None
    policy_caps: list[Cap] = []
    min_remaining_life_years: list[ByKind] = []
    sharing: Words | None = None  # schemes that share its losses
    cards: dict[str, str] = {}  # scorecard by segment, or by "all"; ours where the lender published none
    observed: list[Observed] = []

    def as_of(self, on: date) -> Product:
        """The product with what was published by that day."""
        kept: dict[str, Any] = {}
        for name in type(self).model_fields:
            term = getattr(self, name)
            if isinstance(term, list):
                kept[name] = [entry for entry in term if entry.published <= on]
            else:
                kept[name] = None if isinstance(term, Published) and term.published > on else term
        return self.model_copy(update=kept)

    def scorecards(self, segment: str | None) -> list[str]:
        """The cards by which a borrower of this segment is graded; all of the product's where no segment is stated."""
        return [card for of, card in self.cards.items() if segment is None or of in (segment, "all")]

    def policy_cap(self, kind: str, subkind: str | None) -> Cap | None:
        """The published pledge rate of this kind of asset, the sort of it first."""
        return _of_kind(self.policy_caps, kind, subkind)

    def min_remaining_life(self, kind: str, subkind: str | None) -> ByKind | None:
        """Years of legal life the lender asks for."""
        return _of_kind(self.min_remaining_life_years, kind, subkind)

    def to_json(self) -> dict[str, Any]:
        """The product with its published terms alone."""
        content: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        return content


def _of_kind(entries: Sequence[Entry], kind: str, subkind: str | None) -> Entry | None:
    fitting = [entry for entry in entries if entry.kind == kind and entry.subkind in (None, subkind)]
    return max(fitting, key=lambda entry: entry.subkind is not None, default=None)


def products() -> tuple[Product, ...]:
    """All products, in order of id."""
    return tuple(find_product(name) for name in _product_files())


@cache
def find_product(product_id: str, path: str = "") -> Product:
    """The product of this id; an unknown id is refused with the nearest known one."""
    if product_id not in _product_files():
        raise InputError(problem("not_known", path, product_id, known=list(_product_files())))
    return parse(_product_files()[product_id].read_text(encoding="utf-8"), product_id)


def read_product(path: str | Path) -> Product:
    """A bank's own product from its file, or every problem with it; its id is own. and the file's name."""
    stored = read_bytes(path, largest=LARGEST_FILE)
    name = Path(path).stem
    try:
        given = tomllib.loads(stored.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(problem("toml_syntax", "", reason=str(error))).in_file(Path(path).name) from None
    try:
        return read(Product, {**given, "id": f"own.{name}"})
    except InputError as error:
        raise error.in_file(Path(path).name) from None


def parse(text: str, product_id: str) -> Product:
    """A product from the text of its file, read strictly."""
    place = f"products/{product_id.replace('.', '/')}.toml"
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(problem("toml_syntax", place, reason=str(error))) from None
    return read(Product, {**given, "id": product_id}, place)


@cache
def _product_files() -> dict[str, Traversable]:
    root = files("valuation.reference") / "products"
    return {
        f"{place.name}.{entry.name.removesuffix('.toml')}": entry
        for place in sorted(root.iterdir(), key=lambda place: place.name)
        for entry in sorted(place.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }

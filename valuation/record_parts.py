"""What a record must hold to be computed again. Results are not checked here: a replay compares them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from valuation.lending.assessment import Policy
from valuation.strict import Date, Strict


class KeptMethod(Strict):
    """A method as it was when the record was made."""

    id: str
    version: int
    distribution: str
    distribution_version: str


class KeptSource(Strict):
    """Where a reference figure was read."""

    title: str
    publisher: str
    year: int | None
    url: str


class KeptFigure(Strict):
    """A reference figure as it was known on the valuation date (valuation.reference.look_up.Figure)."""

    name: str
    label: dict[str, str]
    value: float
    unit: str
    currency: str | None
    valid_from: Date
    published: Date
    checked_on: Date | None
    age_days: int
    stale_after_days: int | None
    source: KeptSource
    level: Literal[1, 2, 3]
    verified: str
    note: str
    rows: list[dict[str, str]]


class KeptCase(Strict):
    """What must be known of the case before it is read: the day of its figures."""

    valuation_date: Date


class KeptOffer(Strict):
    """The lender's side of an offer: published terms and assumptions, and the spreads behind the valuation error."""

    policy: Policy
    spreads: dict[str, list[Annotated[float, Field(ge=0, le=100)]]]


class Parts(Strict):
    """The parts of a record."""

    format: Literal["valuation-record/1"]
    case: dict[str, Any]
    draws: int = Field(ge=1, le=2**20)
    figures: list[KeptFigure]
    methods: list[KeptMethod]
    libraries: dict[str, str]
    appraisal: dict[str, Any]
    offer: dict[str, Any] | None
    digests: dict[str, str]

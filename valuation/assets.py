"""What is valued: training data, AI models, compute clusters, and intellectual property."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_core import InitErrorDetails

from valuation.quantity import Quantity
from valuation.strict import Strict, Words, again
from valuation.title import Title

Kind = Literal["training_data", "ai_model", "compute_cluster", "intellectual_property"]
Subkind = Literal["invention_patent", "utility_model_patent", "design_patent", "software", "trade_secret", "trademark"]

KIND_NAMES: dict[str, tuple[str, str]] = {
    "training_data": ("Training data", "训练数据"),
    "ai_model": ("AI model", "人工智能模型"),
    "compute_cluster": ("Compute cluster", "算力集群"),
    "intellectual_property": ("Intellectual property", "知识产权"),
}


class MethodCall(Strict):
    """One method asked for an asset, with its inputs; what is missing is taken from the asset's facts of that name."""

    id: str
    inputs: dict[str, Any] = {}


class Selection(Strict):
    """The indication chosen as the conclusion, or weights on several, with reasons. Never an average by default."""

    select: str | None = None
    because: Words | None = None
    weights: dict[str, float] | None = None
    reasons: dict[str, Words] | None = None
    spread_cause: Words | None = None  # why the approaches differ, asked for above the tolerance
    protection: Words | None = None  # what keeps a buyer from making it again, asked for where income lies above cost
    single_method_reason: Words | None = None  # why one method only (Asset Appraisal Law, Article 26)


class IncomeStream(Strict):
    """The income an asset is valued from, by a name that all assets of it share, and the asset's share of it."""

    name: Words = Field(max_length=200)
    share: float = Field(default=1.0, gt=0, le=1)


class Asset(Strict):
    """An asset of a case: its title, the facts known of it, the methods asked for, and how to conclude."""

    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_\-]{0,63}$")
    kind: Kind
    subkind: Subkind | None = None
    name: str | None = None
    description: str | None = None
    title: Title | None = None
    facts: dict[str, Any] = {}
    methods: list[MethodCall] = Field(min_length=1, max_length=32)
    conclusion: Selection | None = None
    income_stream: IncomeStream | None = None

    @property
    def can_be_made_again(self) -> bool:
        """Whether a buyer could lawfully make its equal; not so for a registered right."""
        return self.kind in ("training_data", "ai_model") or self.subkind == "software"

    @property
    def known(self) -> dict[str, Any]:
        """The facts that fill what a method's inputs leave out, with the right held as the title has it."""
        return {"right": self.title.right, **self.facts} if self.title is not None else self.facts

    @field_validator("facts")
    @classmethod
    def _figures_are_quantities(cls, facts: dict[str, Any]) -> dict[str, Any]:
        """Facts that are figures keep the form of a quantity; texts and yes/no stay as they are."""
        errors: list[InitErrorDetails] = []
        for name, fact in facts.items():
            if isinstance(fact, int | float | dict) and not isinstance(fact, bool):
                try:
                    Quantity.model_validate(fact)
                except ValidationError as error:
                    errors += [again({**found, "loc": (name, *found["loc"])}) for found in error.errors()]
        if errors:
            raise ValidationError.from_exception_data("facts", errors)
        return facts

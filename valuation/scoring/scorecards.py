"""Borrower scorecards: technology, team, market and finance, weighed by stage, to a grade.

A card is a dated file that a bank copies and edits. Weights of the modules come from pairwise judgements by stage (AHP)
whose consistency is checked; each indicator is graded by stated thresholds or words. A grade moves the probability of
default or the pledge rate, never both and never the value of an asset: a risk is priced once (standards R4).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from valuation.errors import InputError, Problem, problem
from valuation.json_text import read_bytes
from valuation.scoring.weights import consistency, made_reciprocal, principal_weights, random_index
from valuation.strict import Date, Strict, custom_error, read

Stage = Literal["seed", "growth", "mature"]
LARGEST_RATIO = 0.10  # consistency of judgements above which another round is called for (Saaty, memory)
TOP = 100.0
LARGEST_FILE = 1_000_000  # bytes
OWN = "own."  # how the id of a bank's own card begins


class Name(Strict):
    """A name in both languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class Indicator(Strict):
    """One question. `thresholds` gives points at figures, joined by straight lines; `words` gives points to answers."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    name: Name
    weight: float = Field(gt=0, le=1)
    unit: str | None = None
    thresholds: list[list[float]] | None = None  # [figure, points], figures rising
    words: dict[str, float] | None = None

    @model_validator(mode="after")
    def _one_scale(self) -> Self:
        if (self.thresholds is None) == (self.words is None):
            raise custom_error("wrong_kind", self.id, allowed="either thresholds or words", example="one of the two")
        points = [pair[1] for pair in self.thresholds] if self.thresholds else list((self.words or {}).values())
        figures = [pair[0] for pair in self.thresholds or []]
        if figures != sorted(set(figures)):
            raise custom_error("not_in_order", self.id, allowed="the figures of the thresholds rise")
        if min(points) < 0 or max(points) > TOP:
            raise custom_error("too_large", max(points), limit=TOP, remedy="", remedy_zh="")
        return self

    def points(self, answer: Any) -> float:
        """Points from 0 to 100 for an answer; figures between two thresholds are joined by a straight line."""
        if self.words is not None:
            if answer not in self.words:
                raise InputError(problem("not_known", self.id, answer, known=list(self.words)))
            return self.words[answer]
        if isinstance(answer, bool) or not isinstance(answer, int | float):
            raise InputError(problem("wrong_kind", self.id, answer, allowed="a number", example="12.5"))
        figures, points = np.array(self.thresholds).T
        return float(np.interp(answer, figures, points))


class Module(Strict):
    """A part of the card: technology, team, market or finance."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    name: Name
    indicator: list[Indicator] = Field(min_length=1)

    @model_validator(mode="after")
    def _shares(self) -> Self:
        total = sum(indicator.weight for indicator in self.indicator)
        if abs(total - 1) > 1e-9:
            raise custom_error("weights_sum", total)
        return self


class Grade(Strict):
    """What a score of at least this much means: a yearly probability of default, and a multiple of the pledge rate."""

    id: str
    at_least: float = Field(ge=0, le=TOP)
    pd: float = Field(gt=0, lt=1)
    cap_multiple: float = Field(ge=0, le=1)


class Card(Strict):
    """A scorecard of one product, with its date, its mark and where its weights come from."""

    name: Name
    product: str
    dated: Date
    mark: Literal["judgement", "page-read", "secondary"]
    because: str = Field(min_length=1)
    judgements: dict[Stage, list[list[float]]]  # of each module against each, by stage
    module: list[Module] = Field(min_length=2)
    grade: list[Grade] = Field(min_length=2)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        bounds = [grade.at_least for grade in self.grade]
        if bounds != sorted(bounds, reverse=True) or bounds[-1] != 0:
            raise custom_error("not_in_order", "grade", allowed="grades fall from the best to one at 0")
        rates = [grade.pd for grade in self.grade]
        if rates != sorted(rates):
            raise custom_error("not_in_order", "grade.pd", allowed="worse grades default more often")
        for stage, matrix in self.judgements.items():
            if len(matrix) != len(self.module):
                raise custom_error("list_length", len(matrix), allowed=str(len(self.module)), remedy="", remedy_zh="")
            ratio = self.consistency_ratio(stage)
            if ratio > LARGEST_RATIO:
                remedy = "Ask for the judgements again."
                raise custom_error("too_large", ratio, limit=LARGEST_RATIO, remedy=remedy, remedy_zh="请重新判断。")
        return self

    def weights(self, stage: Stage) -> Mapping[str, float]:
        """Weight of each module at a stage: the principal eigenvector of its judgements."""
        found = principal_weights(made_reciprocal(self.judgements[stage]))
        return {module.id: float(weight) for module, weight in zip(self.module, found, strict=True)}

    def consistency_ratio(self, stage: Stage) -> float:
        """How far the judgements contradict themselves; up to 0.10 is accepted."""
        matrix = made_reciprocal(self.judgements[stage])
        found = consistency(matrix, principal_weights(matrix), random_index("saaty", len(matrix)))
        return float(found.consistency_ratio)


class GradeOverride(Strict):
    """A grade set by hand: which, who, why, and until when it holds."""

    grade: str
    who: str = Field(min_length=1)
    why: str = Field(min_length=1)
    until: Date


class Scored(Strict):
    """The scorecard of a borrower as a case states it. `moves`: pd or cap, one of the two."""

    card: str
    stage: Stage
    answers: dict[str, float | str]
    moves: Literal["pd", "cap"]
    override: GradeOverride | None = None


@dataclass(frozen=True)
class Assessment:
    """A borrower's score with what each module and each indicator contributes, and the grade it earns."""

    card: str
    stage: str
    score: float
    grade: Grade
    earned: str  # the grade by score, before an override
    contributions: Mapping[str, float]  # by module.indicator; they add up to the score
    moves: str
    dated: date  # of the card
    mark: str
    weights: Mapping[str, float]  # of the modules at this stage
    consistency_ratio: float  # of the judgements behind them
    override: GradeOverride | None = None

    def to_json(self) -> dict[str, Any]:
        """As it stands in an offer and a record."""
        return {
            **vars(self),
            "grade": self.grade.model_dump(),
            "contributions": dict(self.contributions),
            "dated": self.dated.isoformat(),
            "weights": dict(self.weights),
            "override": None if self.override is None else self.override.model_dump(mode="json"),
        }


def assess(card_id: str, scored: Scored, path: str = "scorecard", *, card: Card | None = None) -> Assessment:
    """Score, grade, and the parts of the score; every missing, unknown or unfit answer is told at once.

    `card` is the card of that id where it is at hand: a bank's own, or the one that a record kept.
    """
    card = card or find_card(card_id, f"{path}.card")
    asked = {indicator.id: indicator for module in card.module for indicator in module.indicator}
    problems: list[Problem] = [
        problem("missing", f"{path}.answers.{name}", None, what=f"an answer to “{asked[name].name.en}”")
        for name in asked
        if name not in scored.answers
    ]
    problems += [
        problem("not_known", f"{path}.answers.{name}", name, known=list(asked))
        for name in scored.answers
        if name not in asked
    ]
    weights, parts = card.weights(scored.stage), {}
    for module in card.module:
        for indicator in module.indicator:
            if indicator.id in scored.answers:
                try:
                    points = indicator.points(scored.answers[indicator.id])
                except InputError as error:
                    problems += [
                        found.moved(indicator.id, f"{path}.answers.{indicator.id}") for found in error.problems
                    ]
                    continue
                parts[f"{module.id}.{indicator.id}"] = weights[module.id] * indicator.weight * points
    grades = {grade.id: grade for grade in card.grade}
    if scored.override is not None and scored.override.grade not in grades:
        problems.append(problem("not_known", f"{path}.override.grade", scored.override.grade, known=list(grades)))
    if problems:
        raise InputError(problems)
    score = sum(parts.values())
    earned = next(grade for grade in card.grade if score >= grade.at_least - 1e-9)
    grade = grades[scored.override.grade] if scored.override else earned
    return Assessment(
        card=card_id,
        stage=scored.stage,
        score=score,
        grade=grade,
        earned=earned.id,
        contributions=parts,
        moves=scored.moves,
        dated=card.dated,
        mark=card.mark,
        weights=weights,
        consistency_ratio=card.consistency_ratio(scored.stage),
        override=scored.override,
    )


def read_card(path: str | Path) -> Card:
    """A bank's own card from its file, or every problem with it."""
    stored = read_bytes(path, largest=LARGEST_FILE)
    try:
        return read(Card, tomllib.loads(stored.decode("utf-8-sig")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(problem("toml_syntax", "", reason=str(error))).in_file(Path(path).name) from None
    except InputError as error:
        raise error.in_file(Path(path).name) from None


@cache
def cards() -> Mapping[str, Card]:
    """Every card that comes with the package, by id (cn/compute_chips.toml is cn.compute_chips)."""
    return dict(sorted(_cards(files("valuation.reference") / "scorecards", "")))


def _cards(folder: Traversable, prefix: str) -> list[tuple[str, Card]]:
    found: list[tuple[str, Card]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _cards(entry, f"{prefix}{entry.name}.")
        elif entry.name.endswith(".toml"):
            card_id = prefix + entry.name.removesuffix(".toml")
            found.append(
                (card_id, read(Card, tomllib.loads(entry.read_text(encoding="utf-8")), f"scorecards/{card_id}"))
            )
    return found


def find_card(card_id: str, path: str) -> Card:
    """The card of this id; an unknown id is refused with the nearest known one."""
    if card_id not in cards():
        raise InputError(problem("not_known", path, card_id, known=list(cards())))
    return cards()[card_id]

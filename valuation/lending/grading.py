"""The borrower's grade: a scorecard's grade moves the probability of default or the pledge rate, never both.

Never the value of an asset: what the market pays for it does not depend on who owes the bank (standards R4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from valuation.errors import InputError, Problem, problem
from valuation.lending.terms import LoanTerms
from valuation.quantity import Quantity
from valuation.scoring.scorecards import OWN, Assessment, Card, assess, find_card

PATH = "loan.borrower.scorecard"


def card_of(terms: LoanTerms, own: Card | None = None) -> Card | None:
    """The card that grades the borrower: a bank's own if the loan says so, else the one of that id; None without."""
    scored = terms.borrower.scorecard
    if scored is None:
        return None
    if own is not None and scored.card.startswith(OWN):
        return own
    return find_card(scored.card, f"{PATH}.card")


def graded(terms: LoanTerms, card: Card | None = None) -> Assessment | None:
    """The borrower's score and grade, if the loan states a scorecard."""
    scored = terms.borrower.scorecard
    return None if scored is None else assess(scored.card, scored, PATH, card=card)


def grading_problems(terms: LoanTerms, on: date, card: Card | None = None) -> Iterator[Problem]:
    """What is wrong with the scorecard, and a probability of default stated beside a grade that gives one."""
    scored = terms.borrower.scorecard
    if scored is None:
        return
    try:
        graded(terms, card)
    except InputError as error:
        yield from error.problems
    if scored.moves == "pd" and terms.borrower.pd is not None:
        yield problem(
            "combination", "loan.borrower.pd",
            reason="both a probability of default and a grade that gives one are stated",
            reason_zh="同时给出了违约概率和决定违约概率的评级", remedy="Leave one out, or let the grade move the cap.",
            remedy_zh="请删去其一，或让评级作用于质押率。",
        )  # fmt: skip
    if scored.override is not None and scored.override.until < on:
        ended = scored.override.until.isoformat()
        yield problem("override_ended", f"{PATH}.override", scored.override.who, until=ended)


def with_grade(terms: LoanTerms, found: Assessment | None) -> LoanTerms:
    """The terms with the grade's probability of default where the card moves that."""
    if found is None or found.moves != "pd":
        return terms
    source = f"grade {found.grade.id} of {found.card}, {found.mark} of {found.dated}"
    stated = Quantity(value=found.grade.pd, source=source, level=3)
    return terms.model_copy(update={"borrower": terms.borrower.model_copy(update={"pd": stated})})


def graded_caps(caps: Mapping[str, Quantity], found: Assessment | None) -> dict[str, Quantity]:
    """The pledge rates times the grade's multiple where the card moves the cap."""
    if found is None or found.moves != "cap":
        return dict(caps)
    return {asset: _multiplied(cap, found) for asset, cap in caps.items()}


def _multiplied(cap: Quantity, found: Assessment) -> Quantity:
    stated = cap.value if isinstance(cap.value, float) else 0.0
    source = f"{cap.source or 'stated'}; times {found.grade.cap_multiple:g} for grade {found.grade.id} of {found.card}"
    return cap.model_copy(update={"value": stated * found.grade.cap_multiple, "source": source})

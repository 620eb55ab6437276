"""Who may pledge the asset: the right held, its evidence, what stands against it, and whether a pledge is perfected.

Evidence of title and perfection of a pledge are two things: a data-exchange certificate supports the first and never
gives the second (Guarantee Interpretation of the Supreme People's Court, Article 63, page-read). What nobody said is
None and stays an open question; it is never taken for a yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from valuation.errors import Problem, problem
from valuation.rights import RIGHT_NAMES, Right
from valuation.strict import Date, Strict, Words


class Evidence(Strict):
    """A document that supports the title."""

    kind: Literal[
        "statutory_register",
        "data_registration_certificate",
        "exchange_certificate",
        "contract",
        "invoice",
        "notarised_declaration",
        "legal_opinion",
        "published_terms",
    ]
    issuer: Words
    number: str | None = None
    dated: Date | None = None


class Perfection(Strict):
    """The filing that makes the pledge or mortgage hold against others; `filed` is None until it is done."""

    registry: Literal[
        "cnipa",  # patents and trademarks
        "copyright_authority",  # software and other copyright
        "unified_movables_registry",  # equipment, receivables and other registrable movables and rights
        "foreign_register",  # a security register abroad, such as a UCC filing office
    ]
    filed: Date | None = None
    number: str | None = None


class Title(Strict):
    """The right that is valued and pledged, and everything a lender asks about it.

    right: ownership (所有权), holding (持有权), use (使用权), operation (经营权). Only what is held is valued:
    income from selling data products needs the right to operate.
    """

    right: Right
    holder: Words
    evidence: list[Evidence] = []
    pledgor: str | None = None  # who pledges, if not the holder
    pledgor_consent: bool | None = None  # the holder's consent to a pledge by somebody else
    co_owners: list[str] = []
    co_owner_consent: bool | None = None
    exclusive: bool | None = None
    transferable: bool | None = None  # may the right be transferred to a buyer on enforcement
    in_force: bool | None = None
    fees_paid_until: Date | None = None
    legal_expiry: Date | None = None
    prior_claims: float = Field(default=0.0, ge=0)  # money that ranks ahead
    disputes: list[str] = []  # seizures, invalidation actions, suits
    licences_granted: list[str] = []
    lawful_source: bool | None = None  # data: collected or bought lawfully
    personal_information: Literal["none", "lawful_basis", "no_basis"] | None = None
    state_core_data: bool | None = None
    important_data: bool | None = None  # data: on an important-data catalogue; a transfer then needs an assessment
    cross_border: Literal["none", "cleared", "not_cleared"] | None = None  # data that leave the country
    works_without_borrower: bool | None = None  # usable without the borrower's platform or team
    open_weights: bool | None = None  # models: anybody may take a copy
    licence_chain: bool | None = None  # models: training data and base model licensed for this use
    open_source_terms: bool | None = None  # models, software: licences of parts that would bind a buyer
    weights_digest: str | None = None  # models: digest of the weights in escrow
    escrow: bool | None = None  # a copy of data, weights and code is held for the lender
    export_status: Literal["free", "licence_needed", "barred"] | None = None
    location: str | None = None
    insured: bool | None = None
    delivered: Date | None = None  # servers: the vendor's own mortgage may be filed within ten days of it
    registry_searched: Date | None = None  # servers: day of the last search for claims that rank ahead
    title_retained: bool | None = None  # servers: a vendor or lessor kept title
    perfection: Perfection | None = None


def right_problems(title: Title | None, valued: Iterable[tuple[str, str | None]]) -> Iterator[Problem]:
    """Every right that is valued, by its place, and is not held: an owner may value less."""
    for path, right in valued:
        if title is None or right is None or title.right in ("ownership", right):
            continue
        held, given = RIGHT_NAMES[title.right], RIGHT_NAMES.get(right, (right, right))
        yield problem(
            "combination", path, right,
            reason=f"the right valued is {given[0]}, and the title holds {held[0]}",
            reason_zh=f"所评估的权利为{given[1]}，而权属为{held[1]}",
            remedy="Leave it out, which takes the right of the title, or mend the title.",
            remedy_zh="请省略该项以采用权属中的权利，或更正权属。",
        )  # fmt: skip

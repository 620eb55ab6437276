"""The terms that hold: what the loan states, set against what its product publishes, with every problem at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from valuation.errors import InputError, Problem, problem
from valuation.lending.collateral import Collateral
from valuation.lending.grading import PATH as SCORECARD
from valuation.lending.grading import graded, graded_caps, grading_problems, with_grade
from valuation.lending.products import Name, Number, Product, find_product
from valuation.lending.schemes import Scheme
from valuation.lending.sharing_contract import Contract, contract, sharing_problems
from valuation.lending.supplement_terms import stated as quantities_of
from valuation.lending.terms import ROUNDING, LoanTerms
from valuation.quantity import Quantity
from valuation.scoring.scorecards import Assessment, Card
from valuation.workings import Warning

LONGEST_TENORS = {"working_capital": 3.0, "fixed_assets": 10.0}  # years; not read in the final rules
OWN_TERMS = Name(en="Terms of the lender's own", zh="贷款人自有条款")


@dataclass(frozen=True)
class Agreed:
    """The terms that hold: stated ones, and those the product publishes."""

    terms: LoanTerms
    product: Product
    jurisdiction: str
    rate: Quantity
    schedule: str
    caps: Mapping[str, Quantity]
    max_amount: Quantity | None
    dscr: Quantity | None
    warnings: tuple[Warning, ...]
    graded: Assessment | None = None
    sharing: Contract | None = None


def product_of(terms: LoanTerms, on: date) -> Product:
    """The product asked for, as published by that day; without one, all terms are the lender's own."""
    if terms.product is not None:
        return find_product(terms.product, "loan.product").as_of(on)
    jurisdiction = terms.jurisdiction or "CN"
    return Product(id="own", name=OWN_TERMS, lender=OWN_TERMS, jurisdiction=jurisdiction, purpose=OWN_TERMS)


def agree(
    terms: LoanTerms,
    product: Product,
    assets: Sequence[Collateral],
    *,
    on: date,
    currency: str,
    scheme: Scheme | None = None,
    card: Card | None = None,
) -> Agreed:
    """The terms that hold for these assets, or every problem with them."""
    problems = [
        *_tenor(terms, product),
        *_use(terms, product),
        *_kinds(terms, product, assets),
        *_pricing(terms, product),
        *_caps(terms, product, assets),
        *_cash_flow(terms, product),
        *_default_probability(terms),
        *_cover(terms),
        *grading_problems(terms, on, card),
        *sharing_problems(terms, scheme, on=on, currency=currency),
        *_ended(terms, on),
    ]
    if terms.max_amount is not None and _in_currency(product.max_amount, currency):
        problems += _replaced(terms.max_amount, product.max_amount, "loan.max_amount")
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    grade, rate, schedule = graded(terms, card), _rate(terms, product), _schedule(terms, product)
    assert rate is not None
    assert schedule is not None
    return Agreed(
        terms=with_grade(terms, grade),
        product=product,
        jurisdiction=terms.jurisdiction or product.jurisdiction,
        rate=rate,
        schedule=schedule,
        caps=graded_caps({a.id: cap for a in assets if (cap := _cap(terms, product, a)) is not None}, grade),
        max_amount=terms.max_amount
        or (_quantity(product.max_amount) if _in_currency(product.max_amount, currency) else None),
        dscr=terms.borrower.dscr or _quantity(product.min_dscr),
        warnings=tuple(_warnings(terms, product)),
        graded=grade,
        sharing=contract(terms, scheme),
    )


def _quantity(term: Number | None) -> Quantity | None:
    return None if term is None else Quantity(value=term.value, source=f"{term.source}, {term.published}", level=3)


def _in_currency(term: Number | None, currency: str) -> bool:
    return term is not None and term.currency == currency


def _rate(terms: LoanTerms, product: Product) -> Quantity | None:
    return terms.rate or _quantity(product.rate)


def _schedule(terms: LoanTerms, product: Product) -> str | None:
    published = product.schedules.value if product.schedules else []
    return terms.schedule or (published[0] if len(published) == 1 else None)


def _cap(terms: LoanTerms, product: Product, asset: Collateral) -> Quantity | None:
    own = terms.assumptions[asset.id].policy_cap if asset.id in terms.assumptions else None
    return own or terms.policy_cap or _quantity(product.policy_cap(asset.kind, asset.subkind))


def _replaced(stated: Quantity | None, published: Number | None, path: str) -> Iterator[Problem]:
    """Another figure than the published one needs an override: who, why, until when."""
    differs = stated is not None and published is not None and stated.value != published.value
    if differs and stated is not None and stated.override is None:
        yield problem("source_missing", path, "override")


def _tenor(terms: LoanTerms, product: Product) -> Iterator[Problem]:
    yield from _replaced(terms.max_tenor_years, product.max_tenor_years, "loan.max_tenor_years")
    stated = terms.max_tenor_years or _quantity(product.max_tenor_years)
    longest = stated.value if stated else None
    if isinstance(longest, float) and terms.tenor_years > longest:
        yield problem(
            "too_large", "loan.tenor_years", terms.tenor_years, limit=longest,
            remedy=f"The product {product.id} lends for no longer; shorten the loan or override max_tenor_years.",
            remedy_zh=f"产品 {product.id} 期限不超过该值；请缩短期限或以 override 替换 max_tenor_years。",
        )  # fmt: skip


def _use(terms: LoanTerms, product: Product) -> Iterator[Problem]:
    """Whom the product is for, what it lends for, by which card it grades and which scheme shares its losses."""
    for name, published in (("segment", product.segments), ("purpose", product.purposes)):
        stated = getattr(terms, name)
        if stated is not None and published is not None and stated not in published.value:
            yield problem("not_known", f"loan.{name}", stated, known=published.value)
    card = terms.borrower.scorecard.card if terms.borrower.scorecard else None
    cards = product.scorecards(terms.segment)
    if card is not None and cards and card not in cards:
        yield problem("not_known", f"{SCORECARD}.card", card, known=cards)
    scheme = terms.risk_sharing.scheme if terms.risk_sharing else None
    if scheme is not None and product.sharing is not None and scheme not in product.sharing.value:
        yield problem("not_known", "loan.risk_sharing.scheme", scheme, known=product.sharing.value)


def _kinds(terms: LoanTerms, product: Product, assets: Sequence[Collateral]) -> Iterator[Problem]:
    allowed = product.kinds.value if product.kinds else None
    for asset in assets:
        if allowed is not None and asset.kind not in allowed:
            yield problem(
                "combination",
                "loan.product",
                terms.product,
                reason=f"{product.id} lends on {', '.join(allowed)}, and {asset.id} is {asset.kind}",
                reason_zh=f"{product.id} 的押品为 {', '.join(allowed)}，而 {asset.id} 为 {asset.kind}",
                remedy="Choose another product.",
                remedy_zh="请选择其他产品。",
            )
    for block in ("assumptions", "sale", "jumps"):
        for name in getattr(terms, block):
            if name not in [asset.id for asset in assets]:
                yield problem("not_known", f"loan.{block}", name, known=[asset.id for asset in assets])


def _pricing(terms: LoanTerms, product: Product) -> Iterator[Problem]:
    yield from _replaced(terms.rate, product.rate, "loan.rate")
    if _rate(terms, product) is None:
        yield problem("term_not_published", "loan.rate", "rate", product=product.id)
    if _schedule(terms, product) is None:
        yield problem("term_not_published", "loan.schedule", "schedule", product=product.id)
    if product.schedules and terms.schedule and terms.schedule not in product.schedules.value:
        yield problem("not_known", "loan.schedule", terms.schedule, known=product.schedules.value)
    if terms.schedule == "balloon" and terms.balloon_share is None:
        yield problem("missing", "loan.balloon_share", None, what="the part left to the last payment")
    grace = terms.interest_only_periods() or 0.0
    if abs(grace - round(grace)) > ROUNDING or grace >= terms.periods():
        yield problem(
            "combination", "loan.interest_only_years", terms.interest_only_years,
            reason=f"{grace:g} of {terms.periods()} payments would be of interest alone",
            reason_zh=f"共 {terms.periods()} 期，其中仅付息 {grace:g} 期",
            remedy="State a whole number of periods, fewer than there are payments.",
            remedy_zh="请填写整数期，且少于总期数。",
        )  # fmt: skip


def _caps(terms: LoanTerms, product: Product, assets: Sequence[Collateral]) -> Iterator[Problem]:
    for asset in assets:
        published = product.policy_cap(asset.kind, asset.subkind)
        own = terms.assumptions[asset.id].policy_cap if asset.id in terms.assumptions else None
        yield from _replaced(own, published, f"loan.assumptions.{asset.id}.policy_cap")
        if own is None:
            yield from _replaced(terms.policy_cap, published, "loan.policy_cap")
        if _cap(terms, product, asset) is None:
            yield problem("term_not_published", "loan.policy_cap", f"policy_cap for {asset.kind}", product=product.id)


def _cash_flow(terms: LoanTerms, product: Product) -> Iterator[Problem]:
    borrower, periods = terms.borrower, terms.periods()
    asked, least = borrower.dscr.value if borrower.dscr else None, product.min_dscr.value if product.min_dscr else 0.0
    if isinstance(asked, float) and asked < least:
        yield from _replaced(borrower.dscr, product.min_dscr, "loan.borrower.dscr")
    if borrower.stressed_dscr is not None and borrower.stressed_cash_flow is None:
        yield problem("missing", "loan.borrower.stressed_cash_flow", None, what="the cash flow under stress")
    if borrower.cash_flow is None:
        if borrower.stressed_cash_flow is not None:
            yield problem("missing", "loan.borrower.cash_flow", None, what="the cash flow that stress lowers")
        if terms.schedule == "sculpted":
            yield problem("missing", "loan.borrower.cash_flow", None, what="the cash flow a sculpted loan follows")
        return
    for name in ("cash_flow", "stressed_cash_flow"):
        flow = getattr(borrower, name)
        if flow is not None and flow.years is None:
            yield problem("by_year_needed", f"loan.borrower.{name}", flow.value)
        elif flow is not None and flow.years != periods:
            yield problem("years_differ", f"loan.borrower.{name}", flow.years, expected=periods, other="tenor_years")
    if borrower.dscr is None and product.min_dscr is None:
        yield problem("term_not_published", "loan.borrower.dscr", "dscr", product=product.id)


def _cover(terms: LoanTerms) -> Iterator[Problem]:
    """A debt that the sale need not cover whole is a policy somebody answers for."""
    share = terms.share_covered_by_sale
    if share is not None and share.value != 1 and share.override is None:
        yield problem("source_missing", "loan.share_covered_by_sale", "override")


def _default_probability(terms: LoanTerms) -> Iterator[Problem]:
    pd = terms.borrower.pd
    from_grade = terms.borrower.scorecard is not None and terms.borrower.scorecard.moves == "pd"
    if pd is None and not from_grade and (terms.pricing is not None or terms.downturn is not None):
        yield problem("missing", "loan.borrower.pd", None, what="the probability of default in a year")
    if pd is not None and terms.borrower.pd_source is None and pd.source is None:
        yield problem("missing", "loan.borrower.pd_source", None, what="where the probability of default comes from")


def _ended(terms: LoanTerms, on: date) -> Iterator[Problem]:
    """Every override that no longer holds on the valuation date."""
    stated = {f"loan.{name}": getattr(terms, name) for name in type(terms).model_fields}
    stated |= {f"loan.borrower.{name}": getattr(terms.borrower, name) for name in type(terms.borrower).model_fields}
    for asset, assumptions in terms.assumptions.items():
        stated |= {f"loan.assumptions.{asset}.{name}": given for name, given in assumptions.stated().items()}
    for block in ("pricing", "lines"):
        if (asked := getattr(terms, block)) is not None:
            stated |= {f"loan.{block}.{name}": given for name, given in quantities_of(asked).items()}
    for path, given in stated.items():
        override = given.override if isinstance(given, Quantity) else None
        if override is not None and override.until < on:
            yield problem("override_ended", path, override.who, until=override.until.isoformat())


def _warnings(terms: LoanTerms, product: Product) -> Iterator[Warning]:
    unsourced = [
        name
        for name in ("rate", "policy_cap", "max_amount", "max_tenor_years")
        if (given := getattr(terms, name)) is not None and given.source is None and given.override is None
        and given.reference is None
    ]  # fmt: skip
    if unsourced:
        names = ", ".join(unsourced)
        yield Warning(f"Terms of the loan without a source: {names}.", f"贷款条款未注明来源：{names}。")
    if terms.product is not None and product.kinds is None:
        yield Warning(
            f"{product.id} does not publish what it takes as security.", f"产品 {product.id} 未公布接受的押品种类。"
        )
    longest = LONGEST_TENORS.get(terms.purpose or "", math.inf)
    if terms.tenor_years > longest:
        yield Warning(
            f"The supervisor's limit for loans of this purpose is {longest:g} years (rules of 2024, from memory); five "
            "for working capital only where the cash cycle is long.",
            f"该用途贷款的监管期限上限为 {longest:g} 年（2024 年办法，凭记忆）；流动资金仅在资金周转期较长时可至五年。",
        )
    if terms.borrower.cash_flow is None:
        yield Warning(
            "No cash flow of the borrower is stated. A lender looks first at the ability to pay, then at the security.",
            "未给出借款人现金流。贷款人应首先考察偿债能力，其次才是押品。",
        )

"""The sharing that holds: what the loan states set against what its scheme publishes, with every problem at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from valuation.errors import Problem, problem
from valuation.lending.risk_sharing import Base, Order, largest_guaranteed_loan, pool_pays
from valuation.lending.schemes import Scheme, find_scheme
from valuation.lending.supplement_terms import SharingTerms
from valuation.lending.terms import LoanTerms
from valuation.quantity import Quantity

PATH = "loan.risk_sharing"


@dataclass(frozen=True)
class Contract:
    """Who shares the loss of a loan, on what, and in which order."""

    terms: SharingTerms
    scheme: Scheme | None
    base: Base
    order_of_recovery: Order

    def shares(self, loan: float) -> dict[str, float]:
        """The split of the whole loss on a loan of this amount."""
        if self.scheme is not None:
            return _named(self.scheme.shares(self.terms.balance_beside + loan))
        return _named(self.terms.shares or {})

    def guaranteed(self, loan: float) -> float:
        """The part of the loss that is not the bank's."""
        return 1 - self.shares(loan).get("bank", 0.0)

    def capacity(self) -> Quantity | None:
        """The largest loan whose guaranteed part every guarantor may still guarantee; None if nothing limits one."""
        found = [
            self._capacity_of(party) for party, known in self.terms.bearers.items() if known.net_assets is not None
        ]
        if not found:
            return None
        source = "State Council regulation of 2017, Articles 15-16, on the net assets stated"
        return Quantity(value=min(found), source=source)

    def _capacity_of(self, party: Any) -> float:
        """The largest loan that lies within a tier and within what the guarantor may guarantee at its share there."""
        known = self.terms.bearers[party]
        if self.scheme is None:
            tiers = [(0.0, float("inf"), self.shares(0.0))]
        else:
            tiers = [(tier.above, tier.up_to or float("inf"), _named(tier.shares)) for tier in self.scheme.tiers]
        largest = 0.0
        for above, up_to, shares in tiers:
            if not shares.get(party):
                continue
            allowed = largest_guaranteed_loan(
                known.net_assets or 0.0, known.outstanding, shares[party], multiple=known.multiple
            )
            balance = min(up_to, allowed + self.terms.balance_beside)
            if balance > above:
                largest = max(largest, balance - self.terms.balance_beside)
        return largest

    def bearers(self, loan: float) -> list[dict[str, Any]]:
        """Those beside the bank as lending.risk_sharing sees them."""
        return [
            {"name": party, "share": share, **self._known(party, share)}
            for party, share in self.shares(loan).items()
            if party != "bank" and share > 0
        ]

    def _known(self, party: Any, share: float) -> dict[str, Any]:
        known, pool = self.terms.bearers.get(party), self.terms.pool
        stated = {} if known is None else {name: getattr(known, name) for name in ("cap", "default_probability")}
        if known is not None:
            stated["default_correlation"] = known.default_correlation
        if pool is not None and pool.of == party:
            asked = {name: getattr(pool, name) for name in ("default_probability", "correlation", "loss_given_default")}
            uncapped = share * pool.loss_given_default * pool.default_probability
            stated["available"] = min(1.0, float(pool_pays(share, pool.cap, **asked)) / uncapped)
        return {name: given for name, given in stated.items() if given is not None}


def _named(shares: Mapping[Any, float]) -> dict[str, float]:
    return {str(party): share for party, share in shares.items()}


def scheme_of(terms: LoanTerms) -> Scheme | None:
    """The published scheme the loan names."""
    sharing = terms.risk_sharing
    named = None if sharing is None else sharing.scheme
    return None if named is None else find_scheme(named, f"{PATH}.scheme")


def contract(terms: LoanTerms, scheme: Scheme | None) -> Contract | None:
    """The sharing of a loan whose terms have no problem; None where nothing is shared."""
    sharing = terms.risk_sharing
    if sharing is None:
        return None
    base = sharing.base or (scheme.base if scheme else None)
    order = sharing.order_of_recovery or (scheme.order_of_recovery if scheme else None)
    assert base is not None
    assert order is not None
    return Contract(sharing, scheme, base, order)


def sharing_problems(terms: LoanTerms, scheme: Scheme | None, *, on: date, currency: str) -> Iterator[Problem]:
    """What is missing of the contract, and what its scheme does not allow."""
    sharing = terms.risk_sharing
    if sharing is None:
        return
    published = scheme.id if scheme else "own"
    for name in ("base", "order_of_recovery"):
        said, stated = getattr(scheme, name, None), getattr(sharing, name)
        if said is None and stated is None:
            yield problem("term_not_published", f"{PATH}.{name}", name, product=published)
        elif said is not None and stated not in (None, said):
            yield _differs(name, stated, said, published)
    if terms.borrower.pd is None and (terms.borrower.scorecard is None or terms.borrower.scorecard.moves != "pd"):
        yield problem("missing", "loan.borrower.pd", None, what="the probability of default, for the loss to be shared")
    yield from _of_parties(sharing, scheme)
    if scheme is not None:
        yield from _not_allowed(terms, scheme, on, currency)


def _of_parties(sharing: SharingTerms, scheme: Scheme | None) -> Iterator[Problem]:
    splits = [tier.shares for tier in scheme.tiers] if scheme else [sharing.shares or {}]
    parties = {party for split in splits for party in split} - {"bank"}
    for party in sharing.bearers:
        if party not in parties:
            yield problem("not_known", f"{PATH}.bearers", party, known=sorted(parties))
    if sharing.pool is not None and sharing.pool.of not in parties:
        yield problem("not_known", f"{PATH}.pool.of", sharing.pool.of, known=sorted(parties))


def _not_allowed(terms: LoanTerms, scheme: Scheme, on: date, currency: str) -> Iterator[Problem]:
    if scheme.published > on:
        yield problem("date_after", f"{PATH}.scheme", scheme.published.isoformat(), limit=on.isoformat())
    if scheme.currency not in (None, currency):
        yield problem(
            "combination", f"{PATH}.scheme", scheme.id,
            reason=f"the amounts of {scheme.id} are in {scheme.currency}, the loan is in {currency}",
            reason_zh=f"{scheme.id} 的金额以 {scheme.currency} 计，贷款以 {currency} 计",
            remedy="State the shares of the contract instead.", remedy_zh="请改为写明合同分担比例。",
        )  # fmt: skip
    if scheme.max_tenor_years is not None and terms.tenor_years > scheme.max_tenor_years:
        yield problem(
            "too_large", "loan.tenor_years", terms.tenor_years, limit=scheme.max_tenor_years,
            remedy=f"The scheme {scheme.id} covers no longer loan; shorten it.",
            remedy_zh=f"方案 {scheme.id} 不覆盖更长期限；请缩短贷款期限。",
        )  # fmt: skip


def _differs(name: str, stated: str, said: str, scheme: str) -> Problem:
    return problem(
        "combination", f"{PATH}.{name}", stated,
        reason=f"{scheme} publishes {said}, the loan states {stated}",
        reason_zh=f"{scheme} 公布为 {said}，贷款写为 {stated}",
        remedy="Leave it out, or state the shares of the contract instead of the scheme.",
        remedy_zh="请不填写，或改为写明合同分担比例。",
    )  # fmt: skip

"""The answer to a borrower: refused with reasons, or the largest loan with its haircut, limits, path and conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from valuation.appraisal import Appraisal
from valuation.calculation import Circumstances, Outcome
from valuation.errors import InputError, Problem, problem
from valuation.lending.agreement import agree, product_of
from valuation.lending.assessment import Assessment, Assumer, Default, Policy, assess, check
from valuation.lending.collateral import Collateral, collateral_of
from valuation.lending.defaults import defaults_on
from valuation.lending.gate import Check
from valuation.lending.grading import PATH as SCORECARD
from valuation.lending.grading import card_of
from valuation.lending.haircuts import PART_NAMES, PARTS
from valuation.lending.limits import LIMIT_NAMES
from valuation.lending.products import Product
from valuation.lending.quick import haircut
from valuation.lending.remarks import NOT_TESTED, Limit, Texts, both, deciding, remarks, without_value
from valuation.lending.services import Situation, also_fits
from valuation.lending.sharing_contract import scheme_of
from valuation.lending.supplement import Supplement, supplement
from valuation.lending.terms import LoanTerms, read_loan
from valuation.reference.look_up import Figure, LookUp
from valuation.scoring.scorecards import OWN as OWN_CARD
from valuation.scoring.scorecards import Assessment as Graded
from valuation.scoring.scorecards import Card
from valuation.workings import Warning

__all__ = ["Limit", "Offer", "haircut", "lend", "offer_on"]

BLOCKS = (  # of the answer, beside what a loan always says; None where the loan did not ask
    "levers", "revaluation", "expected_loss_moving_together", "drawn", "debt_service", "lines", "sale", "jumps",
    "downturn", "supervisory", "risk_sharing", "price",
)  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A refusal with its reasons, or the largest loan with everything that leads to it."""

    decision: str
    reasons: tuple[Texts, ...]
    pledged: tuple[str, ...]  # the assets that carry the loan
    spreads: Mapping[str, tuple[float, ...]]  # by asset: the sd of ln of the draws of each approach
    assessment: Assessment | None
    loan_to_value: float | None
    limits: tuple[Limit, ...]
    warnings: tuple[Warning, ...]
    checks: tuple[Check, ...]
    defaults_used: tuple[Default, ...]
    policy: Policy
    figures: tuple[Figure, ...]
    borrower: Graded | None = None  # score and grade, if the loan states a scorecard
    supplement: Supplement = field(default_factory=Supplement)
    also_fits: tuple[dict[str, Any], ...] = ()

    @property
    def maximum_loan(self) -> float | None:
        """The largest loan; a refusal has none, which is not the same as a small one."""
        return self.assessment.limits.value if self.assessment and self.decision == "offer" else None

    @property
    def expected_loss(self) -> float | None:
        """Mean loss on the largest loan; None without a stated probability of default."""
        return self.assessment.loss.value if self.assessment and self.assessment.loss else None

    @property
    def binding(self) -> str | None:
        """The limit that decides."""
        return next((limit.name for limit in self.limits if limit.binding), None)

    @property
    def ltv_economic(self) -> float | None:
        """Debt just before a payment over what a sale then brings in all but the accepted cases, at its highest.

        Beside it stands `loan_to_value`, principal over valuation as the supervisor counts it, for the contract.
        """
        carried = self.carried
        by_sale = None if self.assessment is None else _line(self.assessment.limits, "carried_by_sale")[0]
        return self.maximum_loan / by_sale if carried and self.maximum_loan and by_sale else None

    @property
    def carried(self) -> dict[str, float] | None:
        """How much of the largest loan a sale of the security carries, and how much rests on the borrower alone."""
        if self.assessment is None or self.decision != "offer":
            return None
        return {name: _line(self.assessment.limits, name)[0] for name in ("carried_by_security", "rests_on_borrower")}

    @property
    def carried_by(self) -> dict[str, Any]:
        """What carries the largest loan, and the amount asked for: security, guarantee, cash flow, nothing tested."""
        loan, asked = self.supplement.carried, self.supplement.carried_of_asked
        return {"loan": loan.to_json() if loan else None, "amount_asked": asked.to_json() if asked else None}

    @property
    def conditions(self) -> tuple[Check, ...]:
        """What must be met before money is drawn."""
        return tuple(check for check in self.checks if check.result == "hold")

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The calculations by method id."""
        return {**self.assessment.outcomes, **self.supplement.outcomes} if self.assessment else {}

    @property
    def haircut(self) -> dict[str, Any] | None:
        """Total and parts at the end of the loan; None where no figure was reached."""
        return _haircut(self.assessment.haircut) if self.assessment else None

    @property
    def path(self) -> tuple[Mapping[str, float | None], ...]:
        """Value, balance and loan to value by year."""
        return _path(self.assessment.path) if self.assessment and self.assessment.path else ()

    def to_json(self) -> dict[str, Any]:
        """The keys of the contract first, then what a record and a reader need beside them."""
        return {
            "decision": self.decision,
            "reasons": list(self.reasons),
            "maximum_loan": self.maximum_loan,
            "loan_to_value": self.loan_to_value,
            "haircut": self.haircut,
            "limits": [limit.to_json() for limit in self.limits],
            "path": [dict(year) for year in self.path],
            "expected_loss": self.expected_loss,
            "warnings": [warning.to_json() for warning in self.warnings],
            "conditions": [check.to_json() for check in self.conditions],
            "checks": [check.to_json() for check in self.checks],
            "defaults_used": [default.to_json() for default in self.defaults_used],
            "ltv_regulatory": self.loan_to_value,
            "ltv_economic": self.ltv_economic,
            "pledged": list(self.pledged),
            "spreads": {asset: list(spreads) for asset, spreads in self.spreads.items()},
            "carried": self.carried,
            "workings": {name: _workings(outcome) for name, outcome in self.outcomes.items()},
            "policy": self.policy.model_dump(mode="json", exclude_none=True),
            "borrower": self.borrower.to_json() if self.borrower else None,
            "carried_by": self.carried_by,
            **{name: self.supplement.blocks.get(name) for name in BLOCKS},
            "also_fits": list(self.also_fits),
        }


def lend(
    appraisal: Appraisal,
    *,
    look_up: LookUp | None = None,
    policy: Policy | None = None,
    spreads: Mapping[str, Sequence[float]] | None = None,
    product: Product | None = None,
    card: Card | None = None,
) -> Offer:
    """What may be lent on an appraisal under the loan its case asks for.

    `product` and `card` are a bank's own (products.read_product, scorecards.read_card): the case then names no product
    that was published, and a card that begins with own.
    Raises InputError with every problem of the loan's terms; a failing title is no error but a refusal. A replay hands
    in the figures and the policy that its record kept, and its spreads too if it does not draw them again.
    """
    case = appraisal.case
    if case.loan is None:
        raise InputError(problem("missing", "loan", None, what="the loan asked for"))
    assets = [collateral_of(appraised) for appraised in appraisal.assets]
    if spreads is not None:
        assets = [replace(asset, spreads=tuple(spreads[asset.id])) for asset in assets]
    terms, circumstances = read_loan(case.loan), case.circumstances(look_up)
    if product is not None or card is not None:
        policy = _own_policy(product, card, terms, circumstances.look_up.on)
    offer = offer_on(assets, terms, circumstances, policy=policy)
    if case.purpose == "pledge" and case.basis_of_value in ("market_value", "liquidation_value"):
        return offer
    basis = Warning(
        f"Valued for {case.purpose}, as {case.basis_of_value}: a pledge asks for market or liquidation value.",
        f"评估目的为 {case.purpose}，价值类型为 {case.basis_of_value}：质押宜采用市场价值或清算价值。",
    )
    return replace(offer, warnings=(*offer.warnings, basis))


def _own_policy(product: Product | None, card: Card | None, terms: LoanTerms, on: date) -> Policy:
    """The policy with a bank's own product and card in the place of published ones."""
    stated = terms.borrower.scorecard.card if terms.borrower.scorecard else None
    if product is not None and terms.product not in (None, product.id):
        raise InputError(_two_of("loan.product", terms.product, product.id))
    if card is not None and not (stated or "").startswith(OWN_CARD):
        raise InputError(_two_of(f"{SCORECARD}.card", stated, f"{OWN_CARD}…"))
    policy = policy_of(terms, on, card)
    return policy if product is None else policy.model_copy(update={"product": product.as_of(on)})


def _two_of(path: str, named: str | None, handed: str) -> Problem:
    return problem(
        "combination", path, named,
        reason=f"the case names {named}, and {handed} is handed in",
        reason_zh=f"案例写明 {named}，而另行给出了 {handed}",
        remedy=f"Leave one of them out, or name {handed} in the case.",
        remedy_zh=f"请删去其一，或在案例中写明 {handed}。",
    )  # fmt: skip


def policy_of(terms: LoanTerms, on: date, card: Card | None = None) -> Policy:
    """What the lender's side brings on that day: product, assumptions, scheme and card."""
    return Policy(
        product=product_of(terms, on),
        defaults=defaults_on(on),
        scheme=scheme_of(terms),
        card=card_of(terms, card),
    )


def offer_on(
    assets: Sequence[Collateral], terms: LoanTerms, circumstances: Circumstances, *, policy: Policy | None = None
) -> Offer:
    """The offer on these assets under these terms; `lend` is this on an appraisal.

    An asset whose title fails carries nothing; if none is left the answer is a refusal without an amount.
    """
    on = circumstances.look_up.on
    policy = policy or policy_of(terms, on)
    agreed = agree(
        terms,
        policy.product,
        assets,
        on=on,
        currency=circumstances.currency,
        scheme=policy.scheme,
        card=policy.card,
    )
    assumer = Assumer(policy.defaults)
    checks = tuple(found for asset in assets for found in check(asset, agreed, policy, circumstances))
    barred = {found.asset for found in checks if found.result == "refuse"}
    accepted = [asset for asset in assets if asset.id not in barred and (asset.value or 0) > 0]
    reasons = [found.reason() for found in checks if found.result == "refuse"]
    reasons += [reason for asset in assets if asset.id not in barred for reason in without_value(asset)]
    assessment = assess(accepted, agreed, assumer, circumstances) if accepted else None
    limits = _limits(assessment.limits, terms) if assessment else ()
    lends = assessment is not None and assessment.limits.value > 0
    if assessment is not None:
        reasons = [deciding(limits, assessment), *reasons]
    beside = supplement(accepted, agreed, policy, assessment, circumstances) if assessment else Supplement()
    return Offer(
        decision="offer" if lends else "refuse",
        reasons=tuple(reasons),
        pledged=tuple(asset.id for asset in accepted),
        spreads={asset.id: asset.spreads for asset in assets},
        assessment=assessment,
        loan_to_value=assessment.limits.value / _value(assessment) if assessment and lends else None,
        limits=limits,
        warnings=(*agreed.warnings, *remarks(accepted, assessment, assumer, circumstances), *beside.warnings),
        checks=checks,
        defaults_used=tuple(assumer.used),
        policy=policy,
        figures=circumstances.look_up.used,
        borrower=agreed.graded,
        supplement=beside,
        also_fits=tuple(also_fits(_situation(agreed.terms, assets, checks, limits, beside))),
    )


def _situation(
    terms: LoanTerms, assets: Sequence[Collateral], checks: Sequence[Check], limits: Sequence[Limit], beside: Supplement
) -> Situation:
    """What decides which other services fit."""
    borrower, asked = terms.borrower, beside.carried_of_asked
    binding = next((limit for limit in limits if limit.binding), None)
    return Situation(
        offered=beside.carried is not None,
        stage=borrower.scorecard.stage if borrower.scorecard else borrower.stage,
        kinds=frozenset(asset.kind for asset in assets),
        open_conditions=any(found.result != "pass" for found in checks),
        cash_flow_shown=borrower.cash_flow is not None,
        cash_flow_carries=any(limit.name == "debt_service" and _reaches(limit, beside) for limit in limits),
        asked_beyond_security=asked is not None and asked.security < asked.amount,
        security_decides=binding is not None and binding.name == "value_at_risk",
    )


def _reaches(limit: Limit, beside: Supplement) -> bool:
    """Whether a limit allows what is asked for, or else what is offered."""
    wanted = beside.carried_of_asked or beside.carried
    return limit.amount is not None and wanted is not None and limit.amount >= wanted.amount


def _line(outcome: Outcome, name: str) -> tuple[float, ...]:
    return next(line.values for line in outcome.lines if line.name == name)


def _value(assessment: Assessment) -> float:
    return _line(assessment.haircut, "value")[0]


def _workings(outcome: Outcome) -> dict[str, Any]:
    return {
        "version": outcome.calculation.method.version,
        "inputs": {path: figures.tolist() for path, figures in outcome.stated.items()},
        "lines": [line.to_json() for line in outcome.lines],
    }


def _limits(limited: Outcome, terms: LoanTerms) -> tuple[Limit, ...]:
    """Every limit in its order: the smallest is binding, the first of equal ones; one not tested says why.

    A limit that only a lender's own wish or a guarantor brings in is left out without them.
    """
    found = {
        line.name.removeprefix("limit_"): line.values[0] for line in limited.lines if line.name.startswith("limit_")
    }
    smallest = min(found, key=lambda name: found[name])
    names = [name for name in LIMIT_NAMES if name in found or name in NOT_TESTED]
    names += [limit.name for limit in terms.limits]
    return tuple(
        Limit(name, found[name], name == smallest)
        if name in found
        else Limit(name, None, not_tested=both(NOT_TESTED[name]))
        for name in names
    )


def _haircut(cut: Outcome) -> dict[str, Any]:
    """Total and parts: what each retains (they multiply), its step in the order shown, its share in no order."""
    value = before = _line(cut, "value")[0]
    parts = []
    for name in PARTS:
        left = _line(cut, f"left_after_{name}")[0]
        retained, share = _line(cut, f"retained_{name}")[0], _line(cut, f"share_of_haircut_{name}")[0]
        step = (before - left) / value
        parts.append(
            {"name": name, "retained": retained, "step": step, "share": share, "label": both(PART_NAMES[name])}
        )
        before = left
    worst = _line(cut, "expected_shortfall_haircut_before_claims")[0]
    return {"total": _line(cut, "haircut")[0], "parts": parts, "expected_shortfall_before_claims": worst}


PATH_LINES = {
    "value": "expected_value",
    "balance": "balance",
    "loan_to_value": "loan_to_value",
    "exposure_before_payment": "exposure",
    "recoverable": "recoverable_value",
}


def _path(ahead: Outcome) -> tuple[dict[str, float | None], ...]:
    """Year 0 is the day of drawing; every later row stands just after that payment."""
    at_drawing = {name: _line(ahead, f"{name}_at_drawing")[0] for name in ("value", "balance", "loan_to_value")}
    times = ahead.stated["payment_times"].tolist()
    columns: dict[str, Sequence[float | None]] = {name: _line(ahead, line) for name, line in PATH_LINES.items()}
    covered = _line(ahead, "share_of_exposure_covered")
    columns["ltv_economic"] = tuple(1 / share if share > 0 else None for share in covered)
    later = [{"year": time, **{name: column[at] for name, column in columns.items()}} for at, time in enumerate(times)]
    return ({"year": 0.0, **at_drawing}, *later)

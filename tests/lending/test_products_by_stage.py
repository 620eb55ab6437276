"""A borrower at each stage under each product: what is lent, by which card, which limit decides and why."""

from datetime import date
from typing import Any

import pytest

from valuation.calculation import Circumstances
from valuation.errors import InputError
from valuation.lending.collateral import Collateral
from valuation.lending.offer import offer_on
from valuation.lending.products import find_product, products
from valuation.lending.terms import read_loan
from valuation.reference.look_up import LookUp
from valuation.scoring.scorecards import Card, Indicator, cards
from valuation.strict import read
from valuation.title import Title

ON = date(2026, 11, 24)
FILED = {"registry": "unified_movables_registry", "filed": "2026-11-01"}
PAPERS = [
    {"kind": kind, "issuer": "Issuer", "dated": "2026-10-01"}
    for kind in ("invoice", "statutory_register", "legal_opinion")
]
OWNED: dict[str, Any] = {"right": "ownership", "holder": "AI Co", "evidence": PAPERS, "transferable": True}
COPIED = {**OWNED, "exclusive": True, "works_without_borrower": True, "escrow": True, "perfection": FILED}
TITLES = {
    "training_data": {
        **COPIED, "right": "operation", "lawful_source": True, "personal_information": "none", "state_core_data": False,
    },
    "ai_model": {**COPIED, "open_weights": False, "licence_chain": True, "export_status": "free"},
    "compute_cluster": {
        **OWNED, "location": "Shanghai", "insured": True, "export_status": "free", "perfection": FILED,
    },
    "intellectual_property": {
        **OWNED, "in_force": True, "fees_paid_until": "2040-01-01", "legal_expiry": "2042-01-01",
        "perfection": {"registry": "cnipa", "filed": "2026-11-01"},
    },
}  # fmt: skip
STATED = {"rate": 0.045, "schedule": "annuity", "policy_cap": 0.4}  # what the product leaves open
LENT = {  # product, segment, card, kind pledged, terms that the product leaves to the loan
    "compute loan, chips": ("cn.compute_loan", "chips", "cn.compute_chips", "intellectual_property", STATED),
    "compute loan, support": ("cn.compute_loan", "compute_support", "cn.compute_support", "compute_cluster", STATED),
    "compute loan, applications": (
        "cn.compute_loan", "compute_applications", "cn.compute_applications", "ai_model", STATED,
    ),
    "smart driving loan": ("cn.smart_driving_loan", None, "cn.smart_driving", "training_data", STATED),
    "smart manufacturing loan": (
        "cn.smart_manufacturing_loan", None, "cn.smart_manufacturing", "intellectual_property", STATED,
    ),
    "IP pledge": (
        "cn.ip_pledge", None, "cn.smart_manufacturing", "intellectual_property", {"rate": 0.045, "schedule": "annuity"},
    ),
    "data pledge": (
        "cn.data_pledge", None, "cn.compute_applications", "training_data", {"rate": 0.045, "schedule": "bullet"},
    ),
}  # fmt: skip
STRONG = {"seed": ("technology", "team"), "growth": ("technology", "market"), "mature": ("market", "finance")}


def answer(indicator: Indicator, strong: bool) -> float | str:
    """The answer that earns the most points, or the one in the middle."""
    if indicator.words is not None:
        ranked = sorted(indicator.words, key=lambda word: indicator.words[word])
    else:
        ranked = [pair[0] for pair in sorted(indicator.thresholds, key=lambda pair: pair[1])]
    return ranked[-1] if strong else ranked[len(ranked) // 2]


def answers(card: Card, stage: str) -> dict[str, float | str]:
    return {
        indicator.id: answer(indicator, module.id in STRONG[stage])
        for module in card.module
        for indicator in module.indicator
    }


def lent(name: str, stage: str, moves: str = "pd", **changed: Any) -> dict[str, Any]:
    product, segment, card, kind, terms = LENT[name]
    subkind = "invention_patent" if kind == "intellectual_property" else None
    asset = Collateral("asset", kind, 2e7, read(Title, TITLES[kind]), subkind, 2, indications=(2e7,))
    graded = {"card": card, "stage": stage, "answers": answers(cards()[card], stage), "moves": moves}
    cash = {"cash_flow": [4e6], "dscr": 1.3} if stage == "mature" else {}
    loan = {
        "product": product, "tenor_years": 1, "purpose": "working_capital", **terms,
        **({"segment": segment} if segment else {}), "borrower": {"scorecard": graded, **cash}, **changed,
    }  # fmt: skip
    return offer_on((asset,), read_loan(loan), Circumstances(LookUp(ON), "CNY")).to_json()


every_product = pytest.mark.parametrize("name", LENT)
every_stage = pytest.mark.parametrize("stage", STRONG)


@every_product
@every_stage
def test_lends_and_says_which_limit_decides_who_was_graded_how_and_what_else_fits(name: str, stage: str) -> None:
    found = lent(name, stage)
    assert found["decision"] == "offer"
    binding = next(limit for limit in found["limits"] if limit["binding"])
    assert found["maximum_loan"] == binding["amount"] > 0
    assert found["reasons"][0]["en"] == f"{binding['label']['en']} decides: {binding['amount']:,.2f}."
    graded = found["borrower"]
    assert (graded["card"], graded["stage"], graded["moves"]) == (LENT[name][2], stage, "pd")
    assert graded["grade"]["id"] in ("A", "B")
    assert found["expected_loss"] > 0
    services = {one["service"]: one["because"]["en"] for one in found["also_fits"]}
    assert services["loan"].startswith("The security carries a loan")
    assert ("equity" in services and services["equity"].startswith("At the seed stage")) == (stage == "seed")
    assert ("bond" in services) == (stage == "mature")
    assert ("leasing" in services) == (LENT[name][3] == "compute_cluster")


@every_product
def test_one_stage_weighs_what_another_does_not(name: str) -> None:
    """The same answers earn other points at another stage: technology and team early, market and finance late."""
    card = cards()[LENT[name][2]]
    early, late = (card.weights(stage) for stage in ("seed", "mature"))
    assert early["technology"] + early["team"] > 0.7 > 0.3 > late["technology"] + late["team"]


@every_product
def test_the_grade_moves_the_pledge_rate_or_the_probability_and_never_the_value(name: str) -> None:
    by_pd, by_cap = lent(name, "growth"), lent(name, "growth", "cap")
    caps = [
        next(limit["amount"] for limit in found["limits"] if limit["name"] == "policy_cap") for found in (by_pd, by_cap)
    ]
    assert caps[1] == pytest.approx(by_cap["borrower"]["grade"]["cap_multiple"] * caps[0], rel=1e-12)
    assert by_cap["expected_loss"] is None
    assert by_pd["path"][0]["value"] == by_cap["path"][0]["value"] == 2e7


def test_every_product_of_the_seed_is_lent_under() -> None:
    ours = {product.id for product in products()} - {"int.gpu_term_loan"}
    assert {product for product, *_ in LENT.values()} == ours


@every_product
def test_terms_that_nobody_published_must_be_stated(name: str) -> None:
    product, *_, stated = LENT[name]
    for term in stated:
        with pytest.raises(InputError) as refused:
            lent(name, "growth", **{term: None})
        assert any(f'"{term}' in p.sentence() or term in p.path for p in refused.value.problems)
    assert find_product(product).rate is None


# segment, card, purpose


def problems(name: str, **changed: Any) -> str:
    with pytest.raises(InputError) as refused:
        lent(name, "growth", **changed)
    return " ".join(problem.sentence() for problem in refused.value.problems)


def test_a_segment_the_product_does_not_have_is_refused_with_those_it_has() -> None:
    said = problems("compute loan, chips", segment="quantum")
    assert "Known: chips, compute_applications, compute_support" in said


def test_the_card_of_another_segment_or_product_is_refused() -> None:
    said = problems("compute loan, chips", segment="compute_support")
    assert 'loan.borrower.scorecard.card: "cn.compute_chips" is not known. Known: cn.compute_support' in said
    card = cards()["cn.smart_driving"]
    wrong = {"card": "cn.smart_driving", "stage": "growth", "answers": answers(card, "growth"), "moves": "pd"}
    said = problems("smart manufacturing loan", borrower={"scorecard": wrong})
    assert "Known: cn.smart_manufacturing" in said


def test_a_purpose_nobody_knows_is_refused() -> None:
    with pytest.raises(InputError, match="working_capital"):
        lent("IP pledge", "growth", purpose="speculation")


def test_a_long_loan_for_working_capital_is_warned_of() -> None:
    found = lent("compute loan, support", "growth", tenor_years=5)
    assert any("limit for loans of this purpose is 3 years" in warning["en"] for warning in found["warnings"])
    longer = lent("compute loan, support", "growth", tenor_years=5, purpose="fixed_assets")
    assert not any("limit for loans of this purpose" in warning["en"] for warning in longer["warnings"])

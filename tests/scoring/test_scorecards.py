"""Borrower scorecards: a score by hand, grades that fall, and cards that contradict themselves refused."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.errors import InputError
from valuation.scoring.scorecards import Card, Scored, assess, cards
from valuation.strict import read

CARD = "cn.compute_support"
CONTRADICTING = [[1, 9, 1 / 9, 1], [1 / 9, 1, 9, 1], [9, 1 / 9, 1, 1], [1, 1, 1, 1]]
ANSWERS = {
    "energy_efficiency": 1.25, "hardware_age": 2, "uptime": 0.99,
    "founders_experience": 8, "core_staff_kept": 0.8, "research_staff_share": 0.3,
    "share_let": 0.8, "contract_years": 3, "top_client_share": 0.4,
    "cash_months": 12, "cash_flow_cover": 1.5, "debt_to_assets": 0.5,
}  # fmt: skip


def scored(stage="growth", moves="pd", **changed):
    answers = {**ANSWERS, **changed}
    return read(Scored, {"card": CARD, "stage": stage, "answers": answers, "moves": moves})


def raw(name="compute_support"):
    return tomllib.loads((files("valuation.reference") / f"scorecards/cn/{name}.toml").read_text(encoding="utf-8"))


def test_score_by_hand():
    """Growth: the judgements are consistent, weights 1/3, 1/6, 1/3, 1/6."""
    technology = 0.35 * 75 + 0.35 * 70 + 0.3 * 80
    team = 0.4 * 80 + 0.35 * 75 + 0.25 * 50
    market = 0.4 * 80 + 0.3 * 80 + 0.3 * 70
    finance = 0.4 * 65 + 0.35 * 80 + 0.25 * 70
    found = assess(CARD, scored())
    assert found.score == pytest.approx((2 * technology + team + 2 * market + finance) / 6, abs=1e-9)
    assert found.grade.id == found.earned == "B"
    assert sum(found.contributions.values()) == pytest.approx(found.score)


def test_every_card_weighs_technology_and_team_early_and_market_and_finance_late():
    for card in cards().values():
        seed, mature = card.weights("seed"), card.weights("mature")
        assert seed["technology"] + seed["team"] > 0.7
        assert mature["market"] + mature["finance"] > 0.7
        assert all(card.consistency_ratio(stage) <= 0.1 for stage in ("seed", "growth", "mature"))


def test_every_seed_product_has_its_card():
    products = {"cn.compute_loan", "cn.smart_driving_loan", "cn.smart_manufacturing_loan"}
    assert {card.product for card in cards().values()} == products
    assert {name for name, card in cards().items() if card.product == "cn.compute_loan"} == {
        "cn.compute_chips", "cn.compute_support", "cn.compute_applications",
    }  # fmt: skip


@given(share=st.floats(0, 1), more=st.floats(0, 1))
def test_a_better_answer_never_lowers_the_score(share, more):
    low, high = sorted((share, more))
    assert assess(CARD, scored(share_let=low)).score <= assess(CARD, scored(share_let=high)).score + 1e-9


def test_an_override_changes_the_grade_and_leaves_the_score():
    by_hand = {"grade": "C", "who": "credit committee", "why": "founder left", "until": "2027-06-30"}
    content = scored().model_dump() | {"override": by_hand}
    found = assess(CARD, read(Scored, content))
    assert (found.earned, found.grade.id) == ("B", "C")
    assert found.score == assess(CARD, scored()).score


def test_missing_and_unknown_answers_are_told_at_once():
    answers = {name: given for name, given in ANSWERS.items() if name != "uptime"} | {"up_time": 0.99}
    with pytest.raises(InputError) as caught:
        assess(CARD, read(Scored, {"card": CARD, "stage": "seed", "answers": answers, "moves": "pd"}))
    sentences = [found.sentence() for found in caught.value.problems]
    assert any("scorecard.answers.uptime" in sentence for sentence in sentences)
    assert any("Did you mean uptime" in sentence for sentence in sentences)


def test_a_grade_moves_one_thing_only():
    with pytest.raises(InputError, match="moves"):
        read(Scored, {"card": CARD, "stage": "seed", "answers": ANSWERS, "moves": "both"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda card: card["module"][0]["indicator"][0].update(weight=0.5), "add up to 1.15"),
        (lambda card: card["grade"][0].update(at_least=10.0), "grades fall"),
        (lambda card: card["grade"][0].update(pd=0.5), "worse grades default more often"),
        (lambda card: card["judgements"].update(seed=CONTRADICTING), "at most 0.1"),
        (lambda card: card.pop("because"), "because"),
    ],
)  # fmt: skip
def test_a_card_that_contradicts_itself_is_refused(change, said):
    card = raw()
    change(card)
    with pytest.raises(InputError, match=said):
        read(Card, card, "card")

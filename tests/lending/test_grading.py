"""A borrower's grade moves the probability of default or the pledge rate: one of them, and never the value."""

import copy
from importlib.resources import files
from pathlib import Path

import pytest

import valuation
from valuation import saved_case
from valuation.appraisal import appraise
from valuation.errors import InputError
from valuation.json_text import read_json
from valuation.lending.offer import lend
from valuation.report import plain_course
from valuation.report.plain_supplement import supplement_tables
from valuation.scoring.scorecards import read_card

CASE = read_json(Path(__file__).parents[2] / "examples/gangtong_port_data/case.json")
ANSWERS = {
    "model_quality": 1.05, "own_data": "owned", "founders_experience": 8, "core_staff_kept": 0.8,
    "research_staff_share": 0.3, "revenue_kept": 0.8, "gross_margin": 0.3, "cash_months": 6,
    "cash_flow_cover": 1.5, "debt_to_assets": 0.5,
}  # fmt: skip


def offer_of(moves=None, **borrower):
    content = copy.deepcopy(CASE)
    more = borrower.pop("scorecard", {})
    content["loan"]["borrower"].update(borrower)
    if moves is not None:
        card = {"card": "cn.compute_applications", "stage": "growth", "answers": ANSWERS, "moves": moves}
        content["loan"]["borrower"]["scorecard"] = {**card, **more}
    return lend(appraise(saved_case.read(content), draws=256))


def cap(offer):
    return next(limit.amount for limit in offer.limits if limit.name == "policy_cap")


def test_without_a_card_nothing_is_graded():
    assert offer_of().borrower is None
    assert offer_of().expected_loss is None


def test_a_grade_that_moves_pd_gives_an_expected_loss_and_leaves_the_cap():
    plain, graded = offer_of(), offer_of("pd")
    assert graded.borrower.grade.id == "B"
    assert graded.expected_loss > 0
    assert cap(graded) == cap(plain)


def test_a_grade_that_moves_the_cap_scales_it_and_gives_no_pd():
    plain, graded = offer_of(), offer_of("cap")
    assert cap(graded) == pytest.approx(0.8 * cap(plain), rel=1e-12)
    assert graded.expected_loss is None


def test_a_grade_never_moves_the_value():
    lines = [offer.outcomes["lending.haircut"].lines[0] for offer in (offer_of(), offer_of("pd"), offer_of("cap"))]
    assert {line.values for line in lines} == {lines[0].values}


def test_a_stated_pd_beside_a_grade_that_gives_one_is_refused():
    with pytest.raises(InputError, match="both a probability of default and a grade"):
        offer_of("pd", pd={"value": 0.02, "source": "the bank's model"})


def test_an_override_that_has_ended_is_refused():
    ended = {"grade": "A", "who": "committee", "why": "new round closed", "until": "2024-01-31"}
    content = copy.deepcopy(CASE)
    card = {"card": "cn.compute_applications", "stage": "growth", "answers": ANSWERS, "moves": "pd", "override": ended}
    content["loan"]["borrower"]["scorecard"] = card
    with pytest.raises(InputError, match="2024-01-31"):
        lend(appraise(saved_case.read(content), draws=0))


def test_the_worst_grade_leaves_nothing_to_lend():
    content = copy.deepcopy(CASE)
    by_hand = {"grade": "D", "who": "committee", "why": "licence lost", "until": "2027-01-31"}
    card = {
        "card": "cn.compute_applications",
        "stage": "growth",
        "answers": ANSWERS,
        "moves": "cap",
        "override": by_hand,
    }
    content["loan"]["borrower"]["scorecard"] = card
    offer = lend(appraise(saved_case.read(content), draws=256))
    assert (offer.decision, offer.maximum_loan) == ("refuse", None)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_set_the_grade_why_and_until_when_stand_in_the_answer_and_its_tables(language):
    by_hand = {"grade": "C", "who": "credit committee", "why": "founder left", "until": "2027-01-31"}
    offer = offer_of("pd", scorecard={"override": by_hand}).to_json()
    graded = offer["borrower"]
    assert graded["override"] == by_hand
    assert (graded["earned"], graded["grade"]["id"], graded["dated"]) == ("B", "C", "2026-11-24")
    assert sum(graded["weights"].values()) == pytest.approx(1)
    assert 0 <= graded["consistency_ratio"] <= 0.1
    begins = plain_course.WORDS[language]["borrower"].split("{")[0]
    table = next(table for table in supplement_tables(offer, "CNY", language) if table.heading.startswith(begins))
    said = " ".join(table.remarks)
    assert all(part in said for part in ("credit committee", "founder left", "2027-01-31", "6.00%"))


# a bank's own card

OWN_CARD = (files("valuation.reference") / "scorecards/cn/compute_applications.toml").read_text(encoding="utf-8")


@pytest.fixture
def own_file(tmp_path):
    path = tmp_path / "our_card.toml"
    path.write_text(OWN_CARD.replace("pd = 0.03", "pd = 0.04").replace("2026-11-24", "2026-01-01"), encoding="utf-8")
    return path


def test_a_bank_grades_by_its_own_card_and_the_record_replays_without_the_file(own_file, tmp_path):
    appraisal = appraise(saved_case.read(with_card("own.our_card")), draws=256)
    offer = lend(appraisal, card=read_card(own_file))
    assert (offer.borrower.card, offer.borrower.grade.pd) == ("own.our_card", 0.04)
    assert offer.to_json()["borrower"]["dated"] == "2026-01-01"
    valuation.record(appraisal.case, appraisal, offer).save(tmp_path / "record.json")
    own_file.unlink()
    assert valuation.replay(tmp_path / "record.json").same


def test_an_own_card_needs_its_file_and_a_published_one_takes_no_other(own_file):
    with pytest.raises(InputError, match=r"cn\.compute_applications, and own\.… is handed in"):
        lend(appraise(saved_case.read(with_card("cn.compute_applications")), draws=0), card=read_card(own_file))
    with pytest.raises(InputError, match=r'"own\.our_card" is not known'):
        lend(appraise(saved_case.read(with_card("own.our_card")), draws=0))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("weight = 0.5", "weight = 0.6"), "our_card.toml: module[0]"),
        (('because = "Early', 'note = "Early'), "because"),
        (("at_least = 75.0", "at_least = 7.5"), "grades fall from the best to one at 0"),
        (("cap_multiple = 0.8", "cap_multiple = 1.8"), "at most 1 is allowed"),
        (("[[module]]", "[[module]"), "this is not TOML"),
    ],
)
def test_a_fault_in_its_file_is_a_sentence(own_file, change, said):
    own_file.write_text(OWN_CARD.replace(*change, 1), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_card(own_file)
    sentences = [problem.sentence() for problem in refused.value.problems]
    assert any(said in sentence for sentence in sentences), sentences


def with_card(card):
    content = copy.deepcopy(CASE)
    graded = {"card": card, "stage": "growth", "answers": ANSWERS, "moves": "pd"}
    content["loan"]["borrower"]["scorecard"] = graded
    return content

"""Losses of a book on one factor: published values through the path of a table, identities, sums of parts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_books import POLICY, book, mixed_book
from states_of_the_factor import factor_nodes, shortfall_at

from valuation.book import stretches
from valuation.book.tables import lend_book
from valuation.lending import portfolio


def policy(correlation=0.15, sensitivity=0.5, confidence=0.999, **more):
    stated = {"default_correlation": correlation, "sensitivity": sensitivity}
    one_factor = {name: {"value": figure, "source": "minute 12"} for name, figure in stated.items()}
    return {**POLICY, "one_factor": {**one_factor, "confidence": confidence}, **more}


def pooled(frame, *arguments, **options):
    return lend_book(frame, policy(*arguments, **options)).summary["on_one_factor"]


CERTAIN = {
    "acceptance": 1.0, "dependency": 0.0, "valuation_error": 0.0, "title_failure": 0.0, "forced_sale_discount": 0.0,
    "disposal_cost": 0.0, "sale_time": 0.0, "money_rate": 0.0, "rate": 0.0, "unsecured_recovery": 0.0,
}  # fmt: skip
# Debt 50, net value 90 of mean drift -20% and volatility 40%, PD 5%: the drift of the logarithm is 8 points lower.
PUBLISHED = {**CERTAIN, "value": 100.0, "disposal_cost": 0.1, "log_drift": -0.28, "volatility": 0.4, "balance": 50.0}
PUBLISHED["default_probability"] = 0.05
# Worth nothing, half recovered from the borrower: half is lost whatever happens.
HALF_LOST = {**CERTAIN, "value": 0.0, "unsecured_recovery": 0.5, "default_probability": 0.05}


@pytest.mark.parametrize(
    ("sensitivity", "confidence", "expected", "worst"),
    [
        (0.0, 0.999, 0.0021164845648953498, 0.01327060830303429),
        (0.5, 0.999, 0.003841248251920909, 0.08247749977047043),
        (0.5, 0.99, 0.003841248251920909, 0.03833825450765529),
    ],
)
def test_a_book_of_like_loans_loses_what_the_formulas_say(sensitivity, confidence, expected, worst):
    found = pooled(book(7, **PUBLISHED), 0.15, sensitivity, confidence)
    assert found["expected_loss"] == pytest.approx(350 * expected, rel=1e-12)
    assert found["loss_at_confidence"] == pytest.approx(350 * worst, rel=1e-12)


@pytest.mark.parametrize("loans", [50, 500])
def test_add_on_of_equal_loans(loans):
    """Fifty: 0.021939295879063 on 0.156752953968394; five hundred: 0.158946883556299 together."""
    found = pooled(book(loans, **HALF_LOST, balance=1 / loans))
    assert found["loss_at_confidence"] == pytest.approx(0.156752953968394, rel=1e-12)
    together = {50: 0.156752953968394 + 0.021939295879063, 500: 0.158946883556299}[loans]
    assert found["loss_at_confidence"] + found["granularity_add_on"] == pytest.approx(together, rel=1e-12)
    assert found["names_counted_by"] == "row"


def test_all_loans_of_one_borrower_default_as_one():
    """Five hundred loans of fifty borrowers are as concentrated as fifty loans."""
    borrowers = [f"firm {row % 50}" for row in range(500)]
    found = pooled(book(500, **HALF_LOST, balance=1 / 500, borrower=borrowers))
    assert found["granularity_add_on"] == pytest.approx(0.021939295879063, rel=1e-12)
    assert found["names_counted_by"] == "borrower"


def test_loans_without_a_borrower_stand_each_for_itself():
    found = pooled(book(50, **HALF_LOST, balance=1 / 50, borrower=[None] * 50))
    assert found["granularity_add_on"] == pytest.approx(0.021939295879063, rel=1e-12)


def test_the_add_on_of_borrowers_is_that_of_one_loan_each():
    amounts = np.array([3.0, 4, 5, 6])
    frame = book(4, **HALF_LOST, balance=amounts, borrower=["a", "b", "a", "c"])
    expected = portfolio.granularity_add_on(np.array([8.0, 4, 6]), 0.05, 0.5, 0.15, 0.999)
    assert pooled(frame)["granularity_add_on"] == pytest.approx(expected, rel=1e-12)


def test_loans_on_one_base_model_may_be_counted_as_one_too():
    """Whoever builds on one model fails with it: fifty loans on five models are as concentrated as five loans."""
    models = [f"model {row % 5}" for row in range(50)]
    found = pooled(book(50, **HALF_LOST, balance=1 / 50, base_model=models))
    five = portfolio.granularity_add_on(np.full(5, 0.2), 0.05, 0.5, 0.15, 0.999)
    assert found["granularity_add_on_by"] == pytest.approx({"row": 0.021939295879063, "base_model": five}, rel=1e-12)


def single_period(rows, **columns):
    rng = np.random.default_rng(3)
    spread = {"volatility": rng.uniform(0.1, 0.6, rows), "default_probability": rng.uniform(0.01, 0.2, rows)}
    usual = {
        "tenor_years": 1.0,
        "schedule": "bullet",
        "rate": 0.0,
        "money_rate": 0.0,
        "value": rng.uniform(10, 90, rows),
    }
    return book(rows, **{**usual, **spread, **columns})


@pytest.mark.parametrize(("correlation", "sensitivity"), [(0.0, 0.5), (0.15, 0.0)])
def test_without_a_tie_the_pool_loses_what_its_loans_lose_one_by_one(correlation, sensitivity):
    summary = lend_book(single_period(40), policy(correlation, sensitivity)).summary
    singly = summary["sums_of_offers"]["expected_loss"]
    assert summary["on_one_factor"]["expected_loss"] == pytest.approx(singly, rel=1e-12)
    if not correlation:
        assert summary["on_one_factor"]["granularity_add_on"] is None


def test_mean_loss_is_that_of_loans_whose_price_moves_with_default():
    """Default and price hang together by the root of the one correlation times the other."""
    alone = lend_book(single_period(40), policy(0.2, 0.6)).summary["on_one_factor"]["expected_loss"]
    moving = lend_book(single_period(40, default_correlation=np.sqrt(0.2) * 0.6), POLICY).summary
    assert alone == pytest.approx(moving["sums_of_offers"]["expected_loss"], rel=1e-12)


def test_mean_loss_is_the_mean_over_all_states_of_the_factor():
    """With an error of the appraisal, claims ahead and a title that may fail, integrated state by state."""
    stated = {**PUBLISHED, "valuation_error": 0.2, "prior_claims": 15.0, "title_failure": 0.03}
    factor, weights = factor_nodes()
    median = 90 * np.exp(-0.28)

    def short(claim):
        return shortfall_at(claim, median, 0.4, 0.2, 0.5, factor)

    lost = 0.03 * 50 + 0.97 * (short(65.0) - short(15.0))
    expected = np.sum(weights * portfolio.default_share_at(0.05, 0.15, factor) * lost)
    assert pooled(book(1, **stated))["expected_loss"] == pytest.approx(expected, rel=1e-12)


def test_worse_times_and_closer_ties_lose_more():
    frame = single_period(20)
    losses = [pooled(frame, 0.15, 0.5, level)["loss_at_confidence"] for level in (0.6, 0.9, 0.99, 0.999)]
    assert losses == sorted(losses)
    losses = [pooled(frame, tied, 0.5)["loss_at_confidence"] for tied in (0.0, 0.1, 0.2, 0.4)]
    assert losses == sorted(losses)


def test_what_was_assumed_is_said():
    frame = single_period(3, default_probability=[0.02, 0.04, np.nan], balance=[10.0, 30, 50])
    found = pooled(frame)
    assert found["horizon_years"] == 1.0
    assert found["mean_default_probability"] == pytest.approx((10 * 0.02 + 30 * 0.04) / 40)
    assert found["default_correlation"] == {"value": 0.15, "source": "minute 12"}
    assert (found["rows"], found["rows_without_default_probability"]) == (2, 1)
    assert found["debt_without_default_probability"] == 50
    assert len(found["assumed"]["en"]) == len(found["assumed"]["zh"]) > 3


def test_no_probability_of_default_no_figure():
    assert pooled(book(2)) is None


def test_a_title_that_fails_leaves_nothing_to_recover():
    frame = book(2, **{**PUBLISHED, "title": ["pass", "refuse"]})
    assert pooled(frame)["expected_loss"] == pytest.approx(50 * 0.003841248251920909 + 50 * 0.05, rel=1e-12)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 99), st.integers(5, 40))
def test_order_and_stretches_do_not_matter(seed, stretch):
    frame, order = mixed_book(60), np.random.default_rng(seed).permutation(60)
    whole = pooled(frame)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "LENGTH", stretch)
        pieces = pooled(frame.iloc[order])
    for name in ("expected_loss", "loss_at_confidence", "granularity_add_on", "mean_default_probability"):
        assert pieces[name] == pytest.approx(whole[name], rel=1e-11)


def test_the_kinds_add_up_to_the_whole():
    found = pooled(mixed_book(80))
    for name in ("expected_loss", "loss_at_confidence"):
        assert sum(kind[name] for kind in found["by_kind"].values()) == pytest.approx(found[name], rel=1e-12)

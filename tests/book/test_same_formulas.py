"""A row of a book gets the figures of the call for one loan, whatever stands beside it, wherever it is worked out."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_books import (
    KINDS,
    LOSS,
    ON,
    POLICY,
    SCHEDULES,
    book,
    cover_by_period,
    figures_of,
    mixed_book,
    offered,
    same_figures,
)

import valuation
from valuation.book import stretches
from valuation.book.columns import RESULTS
from valuation.book.tables import lend_book
from valuation.lending.haircuts import PARTS
from valuation.lending.offer import Offer

WITH_LOSS = {**POLICY, "loans": LOSS}


def maybe(low: float, high: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(low, high)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """A row within the bounds of its columns; what is None is left out."""
    row: dict[str, Any] = {
        "id": "r",
        "kind": draw(st.sampled_from(KINDS)),
        "schedule": draw(st.sampled_from(SCHEDULES)),
        "value": draw(st.floats(1e5, 1e10)),
        "tenor_years": draw(st.one_of(st.integers(1, 30).map(float), st.floats(0.1, 12))),
        "rate": draw(st.floats(0.0, 0.3)),
        "cash_flow": draw(maybe(1e4, 1e9)),
        "money_rate": draw(maybe(0.0, 0.3)),
        "need": draw(maybe(1e4, 1e9)),
        "amount": draw(maybe(1e4, 1e9)),
        "policy_cap": draw(maybe(0.01, 1.0)),
        "dependency": draw(maybe(0.0, 0.9)),
        "log_drift": draw(maybe(-2.0, 0.0)),
        "volatility": draw(maybe(0.0, 1.5)),
        "valuation_error": draw(maybe(0.0, 1.0)),
        "title_failure": draw(maybe(0.0, 0.3)),
        "forced_sale_discount": draw(maybe(0.0, 0.9)),
        "disposal_cost": draw(maybe(0.0, 0.5)),
        "sale_time": draw(maybe(0.0, 3.0)),
        "fixed_cost": draw(maybe(0.0, 1e5)),
        "prior_claims": draw(maybe(0.0, 1e5)),
        "default_probability": draw(maybe(0.001, 0.5)),
        "unsecured_recovery": draw(maybe(0.0, 0.7)),
    }
    if row["schedule"] == "balloon":
        row["balloon_share"] = draw(st.floats(0.0, 1.0))
    if row["schedule"] == "sculpted" and row["cash_flow"] is None:
        row["cash_flow"] = 1e6
    row["dscr"] = None if row["cash_flow"] is None else draw(st.floats(1.0, 2.0))
    if row["default_probability"] is not None:
        row["default_correlation"] = draw(maybe(0.0, 0.9))
    return row


@pytest.mark.parametrize("policy", [POLICY, WITH_LOSS], ids=["plain", "loss limited"])
@given(row=rows())
@settings(max_examples=15)
def test_a_book_of_one_row_is_the_call_for_one_loan(policy: dict[str, Any], row: dict[str, Any]) -> None:
    """To twelve digits: haircut parts, every limit, loan, what binds, worst points of the path, expected loss."""
    table = lend_book(pd.DataFrame([{k: v for k, v in row.items() if v is not None}]), policy, on=ON).table
    assert table["decision"][0] != "rejected", table.T.to_string()
    offer = offered(row, policy)
    assert table["decision"][0] == offer.decision
    assert table["binding_limit"][0] == offer.binding
    expected = {name: np.nan if figure is None else figure for name, figure in figures_of(offer).items()}
    for name in set(expected) & set(table.columns):
        np.testing.assert_allclose(table[name][0], expected[name], rtol=1e-12, atol=1e-12, err_msg=name)
    if offer.path:
        assert_at_its_worst(table, offer)


def assert_at_its_worst(table: pd.DataFrame, offer: Offer) -> None:
    """The path has its worst points where the book says."""
    by_year = {year["year"]: year["loan_to_value"] for year in offer.path}
    covered = dict(zip(list(by_year)[1:], cover_by_period(offer), strict=True))
    highest = by_year[nearest(by_year, table["year_of_highest_loan_to_value"][0])]
    np.testing.assert_allclose(highest, table["highest_loan_to_value"][0], rtol=1e-12)
    least = covered[nearest(covered, table["year_of_least_cover"][0])]
    np.testing.assert_allclose(least, table["least_cover"][0], rtol=1e-12)


def nearest(years: Iterable[float], year: float) -> float:
    found = min(years, key=lambda one: abs(one - year))
    assert found == pytest.approx(year, rel=1e-12)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_haircut_of_a_row_is_that_of_the_one_call(kind: str) -> None:
    """`valuation.haircut` on the same level of evidence, each with the dated defaults."""
    frame = book(1, kind=kind, evidence_level=2.0, prior_claims=1e5)
    row = lend_book(frame, POLICY, on=ON).table.iloc[0]
    terms = {"tenor_years": row["tenor_years"], "rate": row["rate"], "evidence_level": 2, "prior_claims": 1e5}
    alone = valuation.haircut(kind=kind, value=row["value"], on=ON, **terms)
    assert row["haircut_total"] == pytest.approx(alone.total, rel=1e-12)
    assert row["recoverable_value"] == pytest.approx(alone.recoverable, rel=1e-12)
    for part, retained in alone.parts.items():
        assert row[f"retained_{part}"] == pytest.approx(retained, rel=1e-12)


def test_the_comparison_covers_every_figure() -> None:
    """Lest one drop out of it unseen."""
    row = {
        "id": "r", "kind": "ai_model", "schedule": "annuity", "value": 1e7, "tenor_years": 3.0, "rate": 0.05,
        "cash_flow": 1e6, "dscr": 1.2, "need": 1e6, "amount": 1e6, "default_probability": 0.02,
    }  # fmt: skip
    compared = set(figures_of(offered(row, WITH_LOSS)))
    assert {f"retained_{part}" for part in PARTS} < compared
    only_amounts = {"limit_product_amount", "limit_guarantor"}  # alike to need and amount
    years = {"year_of_highest_loan_to_value", "year_of_least_cover"}
    assert set(RESULTS) - compared == only_amounts | years | {"revalue_within_years"}


@pytest.fixture(scope="module")
def mixed() -> pd.DataFrame:
    return mixed_book(600)


@pytest.fixture(scope="module")
def answered(mixed: pd.DataFrame) -> pd.DataFrame:
    return lend_book(mixed, POLICY, on=ON).table


def test_the_mixed_book_has_every_answer(answered: pd.DataFrame) -> None:
    """What follows compares nothing that never occurs."""
    assert set(answered["decision"]) == {"offer", "refuse"}
    assert set(answered["binding_limit"].dropna()) >= {"value_at_risk", "debt_service", "amount_asked"}
    assert answered["expected_loss"].notna().any()
    assert answered["expected_loss"].isna().any()


def test_a_row_does_not_depend_on_those_beside_it(mixed: pd.DataFrame, answered: pd.DataFrame) -> None:
    """To the last bit, also where a root is sought for many rows at once."""
    for at in range(0, len(mixed), 29):
        alone = lend_book(mixed.iloc[[at]], POLICY, on=ON).table
        same_figures(alone, answered.iloc[[at]])


def test_a_root_sought_for_many_rows_does_not_depend_on_them() -> None:
    """To the last bit: a row whose limit is found early must not go on moving while others are sought."""
    frame = mixed_book(24).assign(schedule="annuity", tenor_years=2.0, payments_per_year=1.0)
    together = lend_book(frame, WITH_LOSS, on=ON).table
    for at in (0, 7, 23):
        same_figures(lend_book(frame.iloc[[at]], WITH_LOSS, on=ON).table, together.iloc[[at]])


def test_two_threads_give_what_one_gives(mixed: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "LENGTH", 100)
    one, two = (lend_book(mixed, POLICY, on=ON, threads=threads) for threads in (1, 2))
    same_figures(two.table, one.table)
    assert one.summary == two.summary


@pytest.mark.parametrize("length", [1, 77, 600])
def test_the_length_of_a_stretch_changes_nothing(
    mixed: pd.DataFrame, answered: pd.DataFrame, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "LENGTH", length)
    same_figures(lend_book(mixed, POLICY, on=ON).table, answered)


def test_the_order_of_the_rows_changes_nothing(mixed: pd.DataFrame, answered: pd.DataFrame) -> None:
    turned = np.random.default_rng(5).permutation(len(mixed))
    same_figures(lend_book(mixed.iloc[turned], POLICY, on=ON).table, answered.iloc[turned])


def test_the_frame_given_is_not_changed(mixed: pd.DataFrame) -> None:
    before = mixed.copy(deep=True)
    table = lend_book(mixed, POLICY, on=ON, threads=2).table
    table.loc[:, "value"] = 0.0
    pd.testing.assert_frame_equal(mixed, before)


def test_columns_rows_and_index_come_back_as_given(mixed: pd.DataFrame) -> None:
    """Also where the index names rows twice, and with columns of the bank's own."""
    frame = mixed.assign(branch="闵行", officer=3).set_index(pd.Index([7] * len(mixed), name="lot"))
    table = lend_book(frame, {**POLICY, "other_columns": ["branch", "officer"]}, on=ON).table
    pd.testing.assert_frame_equal(table[list(frame.columns)], frame)

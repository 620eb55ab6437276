"""The worst payments of an even loan, found by where its limits turn, are those found by looking at all payments."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_books import KINDS, ON, POLICY, book, mixed_book

from valuation.book import worst_payments
from valuation.book.columns import RESULTS
from valuation.book.tables import lend_book

WHEN = ["year_of_highest_loan_to_value", "year_of_least_cover"]
FIGURES = [name for name in RESULTS if name not in WHEN]


def by_all_payments(frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """The same book with every payment of every loan worked out."""
    with monkeypatch.context() as patch:
        patch.setattr(worst_payments, "MANY_PAYMENTS", np.inf)
        return lend_book(frame, POLICY, on=ON).table


@pytest.fixture(autouse=True)
def few_payments_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loans of one payment as well, which are otherwise worked out whole since that is quicker."""
    monkeypatch.setattr(worst_payments, "MANY_PAYMENTS", 0)


def nothing_or(low: float, high: float) -> st.SearchStrategy[float]:
    return st.just(0.0) | st.floats(low, high)


@st.composite
def odd_rows(draw: st.DrawFn) -> dict[str, Any]:
    """Even loans at the edge of what a bank would write: a day or thirty years, no interest, no risk, all prior."""
    value = draw(st.floats(1.0, 1e12))
    return {
        "kind": draw(st.sampled_from(KINDS)),
        "schedule": draw(st.sampled_from(worst_payments.EVEN_SCHEDULES)),
        "value": value,
        "tenor_years": draw(st.floats(0.003, 30) | st.integers(1, 30).map(float)),
        "payments_per_year": draw(st.sampled_from([1.0, 4.0, 12.0])),
        "rate": draw(nothing_or(1e-9, 0.3)),  # beyond, a balance after 30 years keeps nine digits only
        "balloon_share": draw(st.sampled_from([0.0, 1.0]) | st.floats(0.0, 1.0)),
        "cash_flow": draw(nothing_or(1e-6, 1.0) | st.floats(-1.0, -1e-6)) * value,
        "dscr": 1.2,
        "log_drift": -draw(nothing_or(1e-6, 5.0)),
        "volatility": draw(nothing_or(1e-6, 3.0)),
        "valuation_error": draw(nothing_or(1e-6, 3.0)),
        "title_failure": draw(nothing_or(0.0, 0.99)),
        "forced_sale_discount": draw(st.sampled_from([0.0, 1.0]) | st.floats(0.0, 1.0)),
        "sale_time": draw(nothing_or(0.0, 3.0)),
        "fixed_cost": draw(nothing_or(1e-9, 1.0)) * value,
        "prior_claims": draw(nothing_or(1e-9, 1.5)) * value,
    }


@given(rows=st.lists(odd_rows(), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_no_payment_is_worse_than_those_looked_at(rows: list[dict[str, Any]]) -> None:
    """All figures, to what rounding leaves of a balance after 360 payments; also for one row alone and for blanks."""
    frame = pd.DataFrame(rows).assign(id=[f"r{row}" for row in range(len(rows))])
    with pytest.MonkeyPatch.context() as monkeypatch:
        expected, found = by_all_payments(frame, monkeypatch), lend_book(frame, POLICY, on=ON).table
    assert (found["decision"] == expected["decision"]).all()
    for name in (name for name in FIGURES if name in found):
        of_value = (
            1.0
            if name.startswith(("retained", "haircut", "loan_to", "highest", "least", "revalue"))
            else frame["value"]
        )
        np.testing.assert_allclose(
            found[name] / of_value, expected[name] / of_value, rtol=1e-9, atol=1e-12, err_msg=name
        )


def test_the_worst_dates_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a book without ties, where rounding does not decide between two payments."""
    frame = mixed_book(2000).assign(payments_per_year=12.0)
    frame["log_drift"] = frame["log_drift"].fillna(-0.3)
    expected, found = by_all_payments(frame, monkeypatch), lend_book(frame, POLICY, on=ON).table
    for name in (*FIGURES, *WHEN):
        if name in found:
            np.testing.assert_allclose(found[name], expected[name], rtol=1e-9, atol=1e-9, err_msg=name)
    assert (found["binding_limit"].cat.codes == expected["binding_limit"].cat.codes).all()
    assert found["decision"].eq("offer").sum() > 1000


@pytest.mark.parametrize("schedule", worst_payments.EVEN_SCHEDULES)
def test_what_stands_beside_a_row_does_not_matter(schedule: str) -> None:
    """A row alone and among rows of all schedules, with and without claims ahead of the lender, to the last bit."""
    terms = {"tenor_years": 9.75, "payments_per_year": 4.0, "balloon_share": 0.4, "cash_flow": 9e5, "dscr": 1.2}
    alone = lend_book(book(1, schedule=[schedule], **{name: [given] for name, given in terms.items()}), POLICY, on=ON)
    beside = mixed_book(50).drop(columns=["title", "borrower"]).iloc[1:]
    together = lend_book(pd.concat([book(1, schedule=[schedule], **terms), beside]), POLICY, on=ON)
    for name in RESULTS:
        if name in alone.table:
            np.testing.assert_array_equal(alone.table[name].iloc[0], together.table[name].iloc[0], err_msg=name)

"""What is due in a book: by decay, by the yearly rule, without a date, fees and rights that end; the latest first."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_books import ON, POLICY, book, mixed_book

from valuation.book import stretches
from valuation.book.tables import lend_book

HALF_LIFE = -np.log(2) / 3.3  # a tenth is gone after 0.5016 years, 183 days


def due(frame, within=0, on=ON, **options):
    return lend_book(frame, POLICY, on=on, due_within_days=within, **options).due


def ago(days):
    return (ON - timedelta(days=days)).isoformat()


@pytest.mark.parametrize(("days", "within", "told"), [(182, 0, False), (183, 0, True), (180, 2, False), (180, 3, True)])
def test_what_decays_is_due_when_a_tenth_of_it_is_gone(days, within, told):
    found = due(book(1, log_drift=HALF_LIFE, valued_on=ago(days)), within)
    assert len(found) == told
    if told:
        assert found["reason"].tolist() == ["decay"]
        assert found["days_late"].tolist() == [days - 183]


@pytest.mark.parametrize(("days", "told"), [(364, False), (365, True)])
def test_what_does_not_decay_is_due_after_a_year(days, told):
    found = due(book(1, log_drift=0.0, valued_on=ago(days)))
    assert found["reason"].tolist() == ["yearly_rule"] * told


def test_the_latest_come_first_and_before_them_what_has_no_date():
    frame = book(4, log_drift=0.0, valued_on=[ago(400), None, ago(100), ago(500)], balance=7.0)
    found = due(frame)
    assert found["id"].tolist() == ["r2", "r4", "r1"]
    assert found["row"].tolist() == [2, 4, 1]
    assert found["reason"].tolist() == ["no_appraisal_date", "yearly_rule", "yearly_rule"]
    assert found["days_late"].isna().tolist() == [True, False, False]
    assert found["days_late"].tolist()[1:] == [135, 35]
    assert found["debt"].tolist() == [7.0] * 3


def test_without_the_column_every_row_is_due():
    assert due(book(3))["reason"].tolist() == ["no_appraisal_date"] * 3


def test_a_fee_is_told_of_before_it_is_missed():
    later = ["2026-07-20", "2026-06-01", "2027-01-01"]
    found = due(book(3, valued_on=ago(1), fee_due_on=later), within=30)
    assert dict(zip(found["id"], found["days_late"], strict=True)) == {"r2": 29, "r1": -20}
    assert set(found["reason"]) == {"fee"}


def test_a_right_that_ends_before_loan_and_sale_is_told_of():
    """Three years and nine months from 30 June 2026 end on 29 March 2030, a year being 365 days."""
    frame = book(2, valued_on=ago(1), tenor_years=3.0, sale_time=0.75, right_ends_on=["2030-03-28", "2030-03-30"])
    assert due(frame)[["id", "reason", "due_on"]].values.tolist() == [["r1", "legal_life", "2030-03-28"]]


def test_a_row_that_is_left_out_is_not_due():
    assert due(book(2, rate=[0.05, 7.0]))["id"].tolist() == ["r1"]


def test_a_row_on_which_nothing_can_be_lent_is_still_appraised():
    assert len(due(book(1, title="refuse", valued_on=ago(400)))) == 1


def test_the_reason_is_a_sentence_in_either_language():
    frame = book(1, log_drift=HALF_LIFE, valued_on="2025-10-01")
    assert "0.50 years after the appraisal of 2025-10-01" in due(frame)["sentence"].iloc[0]
    chinese = due(frame, language="zh")
    assert chinese["说明"].iloc[0] == "2025-10-01 评估后 0.50 年，价值预计已损失十分之一。"


def test_the_summary_counts_by_reason():
    found = lend_book(book(2, valued_on=[None, ago(400)], log_drift=0.0), POLICY, on=ON, due_within_days=0)
    assert found.summary["due"] == {"no_appraisal_date": 1, "decay": 0, "yearly_rule": 1, "fee": 0, "legal_life": 0}


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 99), st.integers(5, 30))
def test_order_and_stretches_do_not_matter(seed, stretch):
    days = np.random.default_rng(2).integers(0, 700, 40)
    frame = mixed_book(40).assign(
        valued_on=[ago(int(day)) if day % 7 else None for day in days], fee_due_on="2026-06-01"
    )
    order = np.random.default_rng(seed).permutation(40)
    whole = due(frame)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "LENGTH", stretch)
        pieces = due(frame.iloc[order])
    columns = ["id", "reason", "due_on"]
    assert sorted(map(str, pieces[columns].values.tolist())) == sorted(map(str, whole[columns].values.tolist()))
    late = pieces["days_late"].dropna().tolist()
    assert late == sorted(late, reverse=True)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 400), st.integers(0, 200))
def test_looking_farther_ahead_never_shortens_the_list(within, more):
    frame = book(3, valued_on=[ago(10), ago(100), ago(300)])
    assert len(due(frame, within)) <= len(due(frame, within + more))


def test_a_date_of_appraisal_after_the_day_is_refused():
    found = lend_book(book(1, valued_on=date(2026, 7, 1)), POLICY, on=ON, due_within_days=0)
    assert found.rejects["column"].tolist() == ["valued_on"]
    assert len(found.due) == 0

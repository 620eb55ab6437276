"""What a run comes to: counts and sums by hand, what was assumed, the same for a stream as for the whole."""

import numpy as np
import pytest
from made_books import KINDS, ON, POLICY, book, mixed_book

from valuation.book import stretches
from valuation.book.tables import lend_book


def summary(frame, policy=POLICY, **options):
    return lend_book(frame, policy, on=ON, **options).summary


def test_rows_are_counted_by_decision():
    found = summary(book(4, title=["pass", "refuse", "hold", "pass"], rate=[0.05, 0.05, 0.05, 7.0]))
    assert {name: found[name] for name in ("rows", "offer", "refuse", "rejected", "rejected_cells")} == {
        "rows": 4, "offer": 2, "refuse": 1, "rejected": 1, "rejected_cells": 1,
    }  # fmt: skip


def test_sums_are_those_of_the_table():
    found = lend_book(mixed_book(80), POLICY, on=ON)
    for name in ("maximum_loan", "recoverable_value", "carried_by_security", "rests_on_borrower", "expected_loss"):
        offered = found.table[found.table["decision"] == "offer"]
        assert found.summary["sums_of_offers"][name] == pytest.approx(offered[name].sum(), rel=1e-12)


def test_binding_limits_are_counted():
    found = lend_book(mixed_book(80), POLICY, on=ON)
    offered = found.table[found.table["decision"] == "offer"]
    assert found.summary["binding_limits"] == {
        name: count for name, count in offered["binding_limit"].value_counts().items() if count
    }


def test_every_figure_that_rows_left_out_is_told_with_its_reason():
    found = summary(book(4, kind=list(KINDS), volatility=[0.2, np.nan, np.nan, 0.2]))["assumed"]
    volatility = [entry for entry in found if entry["name"] == "volatility"]
    assert [(entry["kind"], entry["rows"]) for entry in volatility] == [("ai_model", 1), ("compute_cluster", 1)]
    assert all(entry["because"] and entry["judgement"] for entry in volatility)


def test_what_the_policy_states_is_no_judgement_of_ours():
    own = {**POLICY, "assumptions": {"training_data": {"volatility": {"value": 0.25, "source": "minute 12"}}}}
    [entry] = [one for one in summary(book(2), own)["assumed"] if one["name"] == "volatility"]
    assert entry == {
        "kind": "training_data", "name": "volatility", "value": 0.25, "because": "minute 12", "judgement": False,
        "rows": 2,
    }  # fmt: skip


def test_without_what_it_needs_the_summary_leaves_it_out():
    found = summary(book(2))
    assert not {"on_one_factor", "stress", "due", "supervisor_fields"} & set(found)
    assert found["concentration_limits"] == []


def test_a_stream_comes_to_the_same_as_the_whole_and_so_do_two_threads(monkeypatch):
    frame = mixed_book(90)
    whole = summary(frame)
    monkeypatch.setattr(stretches, "LENGTH", 32)
    pieces, threads = summary(frame), summary(frame, threads=2)
    assert pieces == threads
    for name in ("rows", "offer", "binding_limits", "assumed", "digest_of_figures"):
        assert pieces[name] == whole[name]
    for name, figure in whole["sums_of_offers"].items():
        assert pieces["sums_of_offers"][name] == pytest.approx(figure, rel=1e-13)

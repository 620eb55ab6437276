"""How concentrated a book is, by name, and which limits of the policy it breaks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_books import POLICY, book, mixed_book

from valuation.book import stretches
from valuation.book.groups import UNNAMED, Group
from valuation.book.policy import read_policy
from valuation.book.tables import lend_book
from valuation.errors import InputError


def limit(group, value, **more):
    return {"group": group, "value": value, "source": "minute 12", **more}


def summary(frame, *limits):
    return lend_book(frame, {**POLICY, "concentration_limits": list(limits)}).summary


SIX = np.array([30.0, 20, 20, 10, 10, 10])


def test_concentration_of_six_loans():
    found = summary(book(6, balance=SIX))["concentration"]["by_loan"]
    assert found["herfindahl"] == pytest.approx(0.2, abs=1e-15)
    assert found["effective_number"] == pytest.approx(5, abs=1e-13)


def test_all_loans_of_one_name_count_as_one_whatever_spaces_stand_around_it():
    found = summary(book(6, balance=SIX, borrower=["甲", "乙", " 甲", "甲 ", "丙", "丙"]))["concentration"]["borrower"]
    assert found["names"] == 3
    assert found["herfindahl"] == pytest.approx(0.6**2 + 2 * 0.2**2, abs=1e-15)
    assert [entry["name"] for entry in found["largest"]] == ["甲", "丙", "乙"]
    assert [entry["share"] for entry in found["largest"]] == pytest.approx([0.6, 0.2, 0.2])


def test_loans_without_a_name_are_no_name_of_their_own():
    """Without a guarantor there is nobody whose failure would hit these loans together."""
    found = summary(book(6, balance=SIX, guarantor=["fund", None, "", " ", "fund", np.nan]))["concentration"][
        "guarantor"
    ]
    assert found["names"] == 1
    assert found["herfindahl"] == pytest.approx(1)
    assert found["share_without_name"] == pytest.approx(0.6)
    assert found["largest"] == [{"name": "fund", "amount": 40.0, "share": pytest.approx(0.4)}]


def test_a_name_may_be_a_number():
    found = summary(book(3, balance=[1.0, 2, 3], borrower=[7, "7", 8]))["concentration"]["borrower"]
    assert [entry["name"] for entry in found["largest"]] == ["7", "8"]


def test_the_debt_is_the_balance_or_else_the_largest_loan():
    found = lend_book(book(3, balance=[5e6, np.nan, 0.0]), POLICY)
    second = found.table["maximum_loan"].iloc[1]
    assert found.summary["concentration"]["debt"] == pytest.approx(5e6 + second)
    assert found.summary["concentration"]["of_it_stated_balances"] == 5e6


def test_a_row_that_is_left_out_has_no_debt_and_one_without_title_keeps_its_balance():
    frame = book(3, balance=[10.0, 20, 30], title=["refuse", "pass", "pass"], rate=[0.05, 0.05, 7.0])
    assert summary(frame)["concentration"]["debt"] == 30


def test_a_broken_limit_says_by_how_much_and_which_rows_carry_it():
    models = ["qwen", "llama", "qwen", None, "llama", "qwen"]
    [found] = summary(book(6, balance=SIX, base_model=models), limit("base_model", 0.4))["concentration_limits"]
    assert found["tested"]
    assert found["largest_amount"] == pytest.approx(40)
    [broken] = found["broken"]
    assert broken == {
        "name": "qwen", "amount": 60.0, "share": pytest.approx(0.6), "over": pytest.approx(20.0),
        "rows": 3, "largest_rows": [1, 3, 6],
    }  # fmt: skip


def test_a_limit_may_be_a_share_of_the_capital():
    [found] = summary(book(6, balance=SIX, borrower=list("abbccc")), limit("borrower", 0.1, of=350.0))[
        "concentration_limits"
    ]
    [broken] = found["broken"]
    assert (broken["name"], broken["over"]) == ("b", pytest.approx(5.0))
    assert broken["share"] == pytest.approx(40 / 350)


def test_a_name_exactly_at_its_limit_has_not_broken_it():
    shares = [0.1] * 10
    [found] = summary(book(10, balance=shares, borrower=list("abcdefghij")), limit("borrower", 0.1))[
        "concentration_limits"
    ]
    assert found["broken"] == []


def test_a_limit_on_a_group_without_a_column_is_not_tested():
    [found] = summary(book(2), limit("gpu_generation", 0.4))["concentration_limits"]
    assert (found["tested"], found["broken"]) == (False, [])


def test_the_kind_of_asset_is_a_group_too():
    frame = book(3, balance=[80.0, 10, 10], kind=["compute_cluster", "ai_model", "training_data"])
    [found] = summary(frame, limit("kind", 0.7))["concentration_limits"]
    assert [broken["name"] for broken in found["broken"]] == ["compute_cluster"]


def test_two_limits_on_one_group_are_refused():
    with pytest.raises(InputError, match="two limits are stated for borrower"):
        read_policy({**POLICY, "concentration_limits": [limit("borrower", 0.1), limit("borrower", 0.2)]})


@pytest.mark.parametrize("faulty", [limit("borrower", 1.2), limit("lender", 0.2), {"group": "borrower", "value": 0.1}])
def test_a_limit_needs_a_known_group_a_share_and_a_source(faulty):
    with pytest.raises(InputError):
        read_policy({**POLICY, "concentration_limits": [faulty]})


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 99), st.integers(5, 40))
def test_order_and_stretches_do_not_matter(seed, stretch):
    order = np.random.default_rng(seed).permutation(60)
    frame, limits = mixed_book(60), (limit("borrower", 0.3), limit("kind", 0.2))
    whole = summary(frame, *limits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "LENGTH", stretch)
        pieces = summary(frame.iloc[order], *limits)
    for group in ("by_loan", "kind", "borrower"):
        assert pieces["concentration"][group]["herfindahl"] == pytest.approx(
            whole["concentration"][group]["herfindahl"], rel=1e-12
        )
    for one, other in zip(whole["concentration_limits"], pieces["concentration_limits"], strict=True):
        assert [broken["name"] for broken in one["broken"]] == [broken["name"] for broken in other["broken"]]
        moved = [[int(order[row - 1]) + 1 for row in broken["largest_rows"]] for broken in other["broken"]]
        assert [sorted(rows) for rows in moved] == [sorted(broken["largest_rows"]) for broken in one["broken"]]


def test_equal_names_are_shown_in_the_order_of_their_letters():
    group = Group()
    places = group.places(["d", "b", None, "a", "c"])
    assert places.tolist() == [0, 1, UNNAMED, 2, 3]
    group.add(places, np.array([1.0, 1, 9, 1, 1]))
    assert list(group.largest(2)) == [("a", 1.0), ("b", 1.0)]

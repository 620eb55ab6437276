"""The supervisor's table of collateral: rates by contract, what is unknown stays empty, every field marked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_books import ON, POLICY, ROW, book, mixed_book, offered

from valuation.book import stretches
from valuation.book.supervision import field_list
from valuation.book.tables import lend_book


def table(frame, policy=POLICY, **options):
    return lend_book(frame, policy, on=ON, supervisor=True, **options).supervisor


CONTRACTS = book(4, value=[100.0, 50, 60, 80], balance=[30.0, 15, 12, 8], guarantee_contract=["A", " A", "B", None])


def test_the_pledge_rate_is_that_of_the_contract_as_a_whole():
    found = table(CONTRACTS)
    assert found["ltv_regulatory"].tolist()[:3] == pytest.approx([45 / 150, 45 / 150, 12 / 60])


def test_a_row_that_names_no_contract_has_no_rate():
    assert np.isnan(table(CONTRACTS)["ltv_regulatory"].iloc[3])


def test_the_value_is_what_the_bank_accepts():
    found = table(CONTRACTS.assign(acceptance=0.8))
    assert found["latest_value"].tolist() == pytest.approx([80, 40, 48, 64])
    assert found["ltv_regulatory"].iloc[0] == pytest.approx(45 / 120)


def test_the_economic_rate_is_the_debt_over_what_a_sale_carries():
    """The policy may let a loan rest on a sale in part only; the rate is on what the sale brings all the same."""
    policy = {**POLICY, "loans": {"share_covered_by_sale": {"value": 0.5, "source": "minute 12"}}}
    carried = lend_book(CONTRACTS, POLICY, on=ON).table["limit_value_at_risk"]
    for stated in (POLICY, policy):
        found = table(CONTRACTS, stated)["ltv_economic"]
        assert found.iloc[0] == found.iloc[1] == pytest.approx(45 / (carried[0] + carried[1]), rel=1e-12)
        assert found.iloc[2] == pytest.approx(12 / carried[2], rel=1e-12)


@pytest.mark.parametrize("schedule", ["annuity", "bullet"])
def test_both_rates_of_a_loan_on_one_asset_are_those_of_its_offer(schedule):
    row = {**ROW, "schedule": schedule, "prior_claims": 1e5}
    offer = offered(row, POLICY)
    frame = book(1, **{**row, "id": ["r1"]}, balance=offer.maximum_loan, guarantee_contract="D-1")
    found = table(frame).iloc[0]
    assert found["ltv_regulatory"] == pytest.approx(offer.loan_to_value, rel=1e-12)
    assert found["ltv_economic"] == pytest.approx(offer.ltv_economic, rel=1e-12)


def test_a_contract_with_an_unknown_balance_has_no_rate():
    found = table(CONTRACTS.assign(balance=[30.0, np.nan, 12, 8]))
    assert np.isnan(found["ltv_regulatory"].tolist()[:2]).all()
    assert found["ltv_regulatory"].iloc[2] == pytest.approx(0.2)


def test_a_contract_with_a_row_left_out_has_no_rate():
    found = table(CONTRACTS.assign(rate=[0.05, 7.0, 0.05, 0.05]))
    assert found["collateral_id"].tolist() == ["r1", "r3", "r4"]
    assert np.isnan(found["ltv_regulatory"].iloc[0])


def test_a_claim_of_first_rank_has_nothing_before_it_and_an_unknown_one_stays_empty():
    found = table(book(3, ranking=[1, 2, np.nan], prior_claims=[5.0, 5.0, np.nan]))
    assert found["encumbered"].tolist()[:2] == [0.0, 5.0]
    assert np.isnan(found["encumbered"].iloc[2])
    assert found["ranking"].isna().tolist() == [False, False, True]


def test_nothing_is_invented():
    """A book that knows only what lending needs leaves all else empty."""
    found = table(book(2))
    known = {"collected_on", "collateral_id", "type", "latest_value", "currency"}
    assert {name for name in found if found[name].notna().any()} == known
    assert found["collected_on"].tolist() == ["20260630"] * 2


def test_what_a_row_states_stands_in_its_line():
    frame = book(
        1, owner="甲公司", owner_id="91310000X", certificate="沪2026-1", state="正常", first_value=90.0,
        valued_on="2026-01-05", guarantee_contract="D-1", balance=3.0,
    )  # fmt: skip
    line = table(frame).iloc[0]
    assert [line[name] for name in ("owner", "owner_id", "certificate", "state", "first_value", "principal")] == [
        "甲公司", "91310000X", "沪2026-1", "正常", 90.0, 3.0,
    ]  # fmt: skip
    assert line["valued_on"].isoformat() == "2026-01-05"


def test_the_headings_are_the_supervisors_in_chinese():
    found = table(CONTRACTS, language="zh")
    assert list(found)[:5] == ["采集日期", "担保合同号", "押品编号", "押品类型", "押品所有人名称"]
    assert found["抵质押率"].iloc[0] == pytest.approx(0.3)
    assert found["押品类型"].iloc[0] == "训练数据"


def test_every_field_says_how_surely_the_supervisor_means_it():
    """None was read in the supervisor's own text; ours are marked as ours."""
    summary = lend_book(book(1), POLICY, on=ON, supervisor=True).summary
    assert summary["supervisor_fields"] == field_list()
    assert {entry["mark"] for entry in field_list()} == {"secondary", "own"}
    assert {entry["field"] for entry in field_list() if entry["mark"] == "own"} == {
        "ltv_economic",
        "principal",
        "valued_on",
    }


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 99), st.integers(5, 30))
def test_order_and_stretches_do_not_matter(seed, stretch):
    rng, order = np.random.default_rng(1), np.random.default_rng(seed).permutation(40)
    frame = mixed_book(40).assign(balance=rng.uniform(1, 9, 40), guarantee_contract=rng.choice(list("ABCDE"), 40))
    whole = table(frame).set_index("collateral_id")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "LENGTH", stretch)
        pieces = table(frame.iloc[order]).set_index("collateral_id").loc[whole.index]
    for name in ("ltv_regulatory", "ltv_economic"):
        assert np.allclose(pieces[name], whole[name], rtol=1e-12, atol=0, equal_nan=True)

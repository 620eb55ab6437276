"""The rate that pays: reference values, bounds set by others, and what would cure a loan that does not pay."""

import pytest
from readings import outcome_of

LOAN = {
    "rate": 0.05, "funding_rate": 0.021, "running_cost": 0.008, "capital_share": 0.08, "return_wanted": 0.16,
    "default_probability": 0.04, "loss_given_default": 0.35,
}  # fmt: skip


def priced(**changed):
    outcome = outcome_of("lending.price", {**LOAN, **changed})
    return {line.name: line.values[0] for line in outcome.lines}, [w.english for w in outcome.warnings]


@pytest.mark.parametrize(("share", "expected"), [(1, 0.05488843813387412), (0.5, 0.04745216515609263)])
def test_rate_needed(share, expected):
    assert priced(share_of_loss=share)[0]["rate_needed"] == pytest.approx(expected, rel=1e-13)


def test_a_plain_sum_is_a_little_low():
    lines, _ = priced()
    assert lines["rate_by_sum"] == pytest.approx(0.05412, rel=1e-13)
    assert lines["rate_by_sum"] < lines["rate_needed"]


def test_at_the_rate_needed_the_loan_just_pays():
    needed = priced()[0]["rate_needed"]
    lines, _ = priced(rate=needed)
    assert lines["falls_short_by"] == pytest.approx(0, abs=1e-15)
    assert lines["loss_it_bears"] == pytest.approx(0.04 * 0.35, rel=1e-12)


def test_where_it_does_not_pay_the_share_named_cures_it():
    """At a ceiling of the one-year prime rate and 150 points."""
    lines, _ = priced(ceiling=0.03, ceiling_margin=0.015)
    assert lines["falls_short_by"] == pytest.approx(lines["rate_needed"] - 0.045, rel=1e-12)
    cured, _ = priced(ceiling=0.03, ceiling_margin=0.015, share_of_loss=1 - lines["share_others_must_bear"])
    assert cured["falls_short_by"] == pytest.approx(0, abs=1e-12)
    assert cured["rate_needed"] == pytest.approx(0.045, rel=1e-12)


def test_a_loss_cut_by_the_amount_named_cures_it_too():
    lines, _ = priced()
    cured, _ = priced(loss_given_default=0.35 - lines["loss_to_be_cut"] / 0.04)
    assert cured["falls_short_by"] == pytest.approx(0, abs=1e-12)


def test_a_rate_below_cost_is_cured_by_nobody_and_it_says_so():
    lines, said = priced(ceiling=0.03)
    assert lines["share_others_must_bear"] == 1
    assert lines["loss_it_bears"] < 0
    assert any("no sharing of it cures that" in sentence for sentence in said)


def test_ceiling_and_floor_are_told():
    assert any("above the ceiling" in sentence for sentence in priced(ceiling=0.045)[1])
    lines, said = priced(floor=0.05, floor_margin=0.002)
    assert lines["rate_allowed"] == pytest.approx(0.052)
    assert any("below the floor" in sentence for sentence in said)
    assert priced()[1] == []


def test_whole_cost_to_the_borrower():
    lines, _ = priced(guarantee_fee=0.005, one_off_costs=0.012, tenor=3, subsidy=0.01)
    assert lines["cost_to_borrower"] == pytest.approx(0.05 + 0.005 + 0.004 - 0.01, rel=1e-13)


def test_a_loan_without_loss_needs_its_cost_alone():
    lines, _ = priced(default_probability=0)
    assert lines["rate_needed"] == pytest.approx(0.021 + 0.008 + 0.08 * (0.16 - 0.021), rel=1e-13)
    assert lines["share_others_must_bear"] == 0

"""Revenue or profit split: published shares, a loop over the years, the orders of tax, and bases never mixed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

PROFIT = {
    "right": "ownership",
    "income_from": "own_use",
    "base": "profit",
    "profit": [300, 330, 360],
    "split_rate": 0.2,
    "tax_rate": 0.25,
    "remaining_useful_life": 3,
    "discount_rate": 0.12,
}
REVENUE = {**PROFIT, "base": "revenue", "revenue": [1000, 1100, 1200], "split_rate": 0.04}
INVESTMENT = {
    "split_by": "equivalent_investment",
    "asset_replacement_cost": 100,
    "asset_profit_rate": 5,
    "partner_replacement_cost": 3000,
    "partner_profit_rate": 0.1,
}
BY_SCORE = {
    "lower_rate": 0.01,
    "upper_rate": 0.03,
    "factors": [
        {"name": name, "weight": 0.5, "indicators": [{"name": name, "score": 0.5}]} for name in ("legal", "technical")
    ],
}


def outcome(stated=PROFIT, **changed):
    given = {**stated, **changed}
    return run("income.profit_split", {name: figure for name, figure in given.items() if figure is not None})


def value(stated=PROFIT, **changed):
    return outcome(stated, **changed).value


def line(found, name):
    return next(line.values for line in found.lines if line.name == name)


def said(found):
    return " ".join(warning.english for warning in found.warnings)


# Outside figures


def test_split_of_a_new_process_by_year_and_on_the_whole():
    """Examination bank (gaojiufeng.cn 997222, page-read): 1,167.45 in all, 299.65 of it due, 25.67%."""
    page = {
        "profit": [300, 333.33, 400, 466.67],
        "tax": "already_net",
        "remaining_useful_life": 4,
        "discount_rate": 0.1,
        "timing": "end",
    }
    whole = value(**page, split_rate=1)
    due = value(**page, split_rate=[0.4, 0.3, 0.2, 0.15])
    assert whole == pytest.approx(1167.45, abs=0.05)  # four-digit factors on the page
    assert due == pytest.approx(299.65, abs=0.02)
    assert due / whole == pytest.approx(0.2567, abs=5e-5)


def test_the_exact_share_of_an_equivalent_investment():
    """600 / 3,900 is 15.3846%; the page rounds it to 15.39% and prints 248.45."""
    five = {"profit": [400, 420, 430, 450, 440], "remaining_useful_life": 5, "discount_rate": 0.1, "timing": "end"}
    assert value(**five, **INVESTMENT, tax="already_net") == pytest.approx(248.3647, abs=5e-5)


# By hand


@given(
    years=st.lists(
        st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1e4)), min_size=1, max_size=6
    ),
    tax=st.floats(0, 0.5),
    order=st.sampled_from(["split_then_tax", "tax_then_split", "already_net"]),
    rate=st.floats(0.02, 0.4),
    life=st.floats(0.1, 7),
    first_period=st.floats(0.1, 1),
)
def test_agrees_with_a_loop_over_the_years(years, tax, order, rate, life, first_period):
    total, start = 0.0, 0.0
    for number, (profit, share, split, upkeep) in enumerate(years):
        length = first_period if number == 0 else 1.0
        lived = min(max(life - start, 0.0), length)
        due = profit * share * split
        kept = {
            "split_then_tax": due - upkeep - tax * (due - upkeep),
            "tax_then_split": due - tax * due - upkeep,
            "already_net": due - upkeep,
        }
        total += kept[order] * lived / length / (1 + rate) ** (start + lived / 2)
        start += length
    profits, shares, splits, costs = (list(column) for column in zip(*years, strict=True))
    found = value(
        profit=profits,
        share_of_income=shares,
        split_rate=splits,
        owner_costs=costs,
        tax=order,
        tax_rate=tax,
        discount_rate=rate,
        remaining_useful_life=life,
        first_period=first_period,
    )
    assert found == pytest.approx(total, rel=1e-9, abs=1e-5)


@given(first=st.floats(0, 1), decay=st.floats(0, 0.99))
def test_a_falling_split_is_the_list_of_its_rates(first, decay):
    falling = outcome(split_rate=first, yearly_decay=decay)
    rates = [first, first * (1 - decay), first * (1 - decay) ** 2]
    assert line(falling, "split_rate") == pytest.approx(rates)
    assert falling.value == pytest.approx(value(split_rate=rates))


def test_upkeep_saves_tax_only_where_it_is_deducted_before():
    """The orders differ by the tax on the upkeep, and by nothing where there is none."""
    before, after = (value(tax=order, owner_costs=10) for order in ("split_then_tax", "tax_then_split"))
    assert before - after == pytest.approx(10 * 0.25 * sum(1.12 ** -(year + 0.5) for year in range(3)))
    assert value(tax="split_then_tax") == pytest.approx(value(tax="tax_then_split"))
    assert value() == pytest.approx(0.75 * value(tax="already_net"))


# What must hold


def test_no_split_no_value():
    assert value(split_rate=0) == 0
    assert value(**INVESTMENT | {"asset_replacement_cost": 0}, split_rate=None) == 0


@given(split=st.floats(0, 1))
def test_the_two_sides_share_the_whole(split):
    assert value(split_rate=split) + value(split_rate=1 - split) == pytest.approx(value(split_rate=1))


@given(low=st.floats(0.001, 0.5), step=st.floats(0.001, 0.5))
def test_falls_in_the_discount_rate(low, step):
    assert value(discount_rate=low) > value(discount_rate=low + step)


def test_a_loss_is_shared_too_and_not_hidden():
    assert value(profit=[-300, -300, -300]) < 0


def test_revenue_by_its_rate_is_profit_by_its_own():
    """4% of revenue is 13.33% of a profit of 30%: the same money, if each rate goes on its own base."""
    assert value(REVENUE) == pytest.approx(value(split_rate=0.04 / 0.3))


# Bases


@pytest.mark.parametrize("base", ["revenue", "profit"])
def test_what_is_split_must_be_given(base):
    with pytest.raises(InputError, match=f"a split of {base} by rate lacks {base}"):
        outcome({**REVENUE, "base": base, base: None})


def test_a_rate_or_the_investments_must_be_given():
    with pytest.raises(InputError, match="lacks split_rate"):
        outcome(split_rate=None)
    with pytest.raises(InputError, match="lacks partner_profit_rate"):
        outcome(**INVESTMENT | {"partner_profit_rate": None})


@pytest.mark.parametrize("changed", [INVESTMENT, {"tax": "already_net"}], ids=["investments", "net profit"])
def test_ways_to_split_profit_are_not_for_revenue(changed):
    with pytest.raises(InputError, match="is a way to split profit, and the base is revenue"):
        outcome(REVENUE, **changed)


@pytest.mark.parametrize(
    ("rate_is", "right", "wrong"), [("of_revenue", REVENUE, PROFIT), ("of_profit", PROFIT, REVENUE)]
)
def test_a_derived_rate_goes_on_its_own_base_only(rate_is, right, wrong):
    derived = {"derive": "royalty_rate.split_by_score", "inputs": {**BY_SCORE, "rate_is": rate_is}}
    assert line(outcome(right, split_rate=derived), "split_rate") == pytest.approx((0.02,))
    with pytest.raises(InputError, match=r"the split rate is derived as a share .*, and the base is"):
        outcome(wrong, split_rate=derived)


def test_a_royalty_on_revenue_is_no_split_of_profit():
    """Comparable licences are on revenue unless they say otherwise."""
    licences = [
        {"name": f"licence {rate}", "rate": rate, "agreed_on": "2025-01-31"} for rate in (0.03, 0.04, 0.05, 0.06)
    ]
    derived = {"derive": "royalty_rate.from_comparables", "inputs": {"licences": licences}}
    assert line(outcome(REVENUE, split_rate=derived), "split_rate") == pytest.approx((0.045,))
    with pytest.raises(InputError, match="derived as a share revenue, and the base is profit"):
        outcome(split_rate=derived)


def test_a_split_falls_once():
    with pytest.raises(InputError, match="stated by year and falls by yearly_decay as well"):
        outcome(split_rate=[0.2, 0.18, 0.16], yearly_decay=0.1)


def test_says_what_a_reader_must_know():
    assert said(outcome()) == ""
    assert said(outcome(REVENUE)) == ""
    assert "exceeds 0.5 of profit" in said(outcome(split_rate=0.6))
    assert "exceeds 0.1 of revenue" in said(outcome(REVENUE, split_rate=0.12))
    assert "more than half of the profit" in said(outcome(REVENUE, profit=[70, 330, 360]))
    assert "runs beyond the forecast" in said(outcome(remaining_useful_life=3.5))

"""The largest loan: reference values of each limit, the whole check, and what must hold whatever the figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import outcome_of

from valuation.errors import InputError

CERTAIN = {"log_drift": 0, "volatility": 0, "valuation_error": 0}
SCHEDULES = ("annuity", "straight_line", "bullet")


def found(asset, schedule="bullet", rate=0.06, years=5, tail=0.1, **more):
    """Every line of the limits by name."""
    given = {
        "payment_times": list(range(1, years + 1)),
        "rate": rate,
        "schedule": schedule,
        "shortfall_probability": tail,
        "assets": [{**CERTAIN, **asset}],
        **more,
    }
    return {line.name: line.values for line in outcome_of("lending.limits", given).lines}


def limit(name, *arguments, **more):
    return found(*arguments, **more)[f"limit_{name}"][0]


# debt service

CASH = {"cash_flow": [30, 28, 25, 21, 16], "dscr": 1.25}


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("annuity", 53.91825645524121),
        ("straight_line", 60.377358490566046),
        ("bullet", 12.075471698113207),
        ("sculpted", 82.24189350601154),
    ],
)
def test_debt_service_limit(schedule, expected):
    assert limit("debt_service", {"value": 1e6}, schedule, **CASH) == pytest.approx(expected, rel=1e-13)


def test_the_last_year_binds_where_cash_falls():
    by_period = found({"value": 1e6}, "annuity", **CASH)["debt_service_by_period"]
    assert np.argmin(by_period) == 4


def test_a_year_without_cash_carries_no_level_loan():
    assert found({"value": 1e6}, "annuity", cash_flow=[5, 5, 0, 5, 5], dscr=1.2)["maximum_loan"][0] == 0


def test_a_year_of_negative_cash_carries_nothing_and_no_negative_loan():
    lines = found({"value": 1e6}, "annuity", cash_flow=[5, 5, -1, 5, 5], dscr=1.2)
    assert lines["limit_debt_service"][0] < 0
    assert lines["maximum_loan"][0] == 0


def test_the_cash_flow_under_stress_must_carry_the_payments_too():
    """Base 30, 28, 25, 21, 16 at 1.25 carries an annuity of 53.918; a quarter less at 1.0 carries 50.55."""
    stressed = {"stressed_cash_flow": [0.75 * cash for cash in CASH["cash_flow"]]}
    found_limit = limit("debt_service", {"value": 1e6}, "annuity", **CASH, **stressed)
    assert found_limit == pytest.approx(0.75 * 16 / 0.23739640043118931, rel=1e-13)
    mild = {"stressed_cash_flow": CASH["cash_flow"], "stressed_dscr": 1.1}
    assert limit("debt_service", {"value": 1e6}, "annuity", **CASH, **mild) == pytest.approx(53.91825645524121)


def test_less_than_full_coverage_under_stress_is_refused():
    with pytest.raises(InputError, match="stressed_dscr"):
        found({"value": 1e6}, "annuity", **CASH, stressed_cash_flow=CASH["cash_flow"], stressed_dscr=0.9)


def test_present_worth_of_the_cash_flow_stands_over_the_sculpted_loan_by_its_coverage():
    """102.80 of cash flow at 6% carries 82.24 at 1.25."""
    worth = sum(cash / 1.06**year for year, cash in enumerate(CASH["cash_flow"], 1))
    assert worth == pytest.approx(102.80236688251442, rel=1e-14)
    assert worth / limit("debt_service", {"value": 1e6}, "sculpted", **CASH) == pytest.approx(1.25, rel=1e-13)


# decay path

HALVING = {"value": 100, "log_drift": np.log(0.5) / 2.5, "policy_cap": 0.5}


@pytest.mark.parametrize(
    ("schedule", "expected", "tight"),
    [
        ("annuity", 32.35587242972669, 3),
        ("straight_line", 33.86492791854466, 2),
        ("bullet", 11.79245283018868, 5),
    ],
)
def test_decay_path_is_tested_before_the_payment(schedule, expected, tight):
    """Tested after it, the loans would be 45.3, 47.4 and 16.5: too large by up to two fifths."""
    lines = found(HALVING, schedule)
    assert lines["limit_decay_path"][0] == pytest.approx(expected, rel=1e-13)
    assert np.argmin(lines["decay_path_by_period"]) == tight - 1


def of_many_payments(years, number, decay=0.3):
    """Straight line without interest, a cap of the whole value, the value falling all along."""
    times = [years * step / number for step in range(1, number + 1)]
    asset = {"value": 1, "log_drift": -decay, "policy_cap": 1}
    return limit("decay_path", asset, "straight_line", 0.0, payment_times=times)


@pytest.mark.parametrize(("years", "expected"), [(1, 1.0), (3, 1.0), (5, 0.90979598956895), (10, 0.40600584970983816)])
def test_decay_path_of_many_small_payments_nears_its_closed_form(years, expected):
    """The cap itself where decay times tenor d T is at most 1, else the cap times d T exp(1 - d T)."""
    product = 0.3 * years
    assert (1.0 if product <= 1 else product * np.exp(1 - product)) == pytest.approx(expected, rel=1e-14)
    assert of_many_payments(years, 100) == pytest.approx(expected, abs=0.015)
    # The distance falls with the length of a period, so twice as many payments halve it.
    assert 2 * of_many_payments(years, 360) - of_many_payments(years, 180) == pytest.approx(expected, abs=2e-4)


def test_on_the_day_of_drawing_the_cap_itself_holds():
    """A loan repaid faster than the asset decays is held back by the first day alone."""
    assert limit("decay_path", {"value": 100, "policy_cap": 0.3, "log_drift": 0}, "straight_line", 0.0) == 30


def test_a_longer_bullet_never_carries_more():
    carried = [limit("decay_path", HALVING, "bullet", years=years) for years in (1, 2, 3, 5, 8)]
    assert carried == sorted(carried, reverse=True)


# the whole check

WHOLE = {
    "value": 20_000_000,
    "policy_cap": 0.3,
    "dependency": 0.1,
    "forced_sale_discount": 0.35,
    "disposal_cost": 0.08,
    "valuation_error": 0.25,
    "volatility": 0.3,
    "log_drift": -0.2,
    "title_failure": 0.04,
    "sale_time": 1,
}


@pytest.fixture(scope="module")
def whole():
    return found(
        WHOLE,
        "straight_line",
        0.04,
        3,
        cash_flow=[2.2e6, 2.6e6, 2.8e6],
        dscr=1.3,
        product_amount=10e6,
        need=8e6,
        others=[{"name": "concentration", "amount": 5e6}],
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("policy_cap", 6_000_000),
        ("value_at_risk", 3259323.847435296),
        ("decay_path", 4723446.652372972),
        ("debt_service", 4532967.032967034),
        ("product_amount", 10_000_000),
        ("need", 8_000_000),
        ("concentration", 5_000_000),
    ],
)
def test_every_limit_of_one_loan(whole, name, expected):
    assert whole[f"limit_{name}"][0] == pytest.approx(expected, rel=1e-13)


def test_the_smallest_limit_is_the_loan(whole):
    assert whole["maximum_loan"][0] == pytest.approx(3259323.847435296, rel=1e-13)
    assert whole["maximum_loan"][0] / 20e6 == pytest.approx(0.1629661923717648, rel=1e-13)


def test_value_at_risk_by_period(whole):
    by_period = [3259323.847435296, 3517795.684814641, 5147033.115285424]
    assert whole["carried_by_sale_by_period"] == pytest.approx(by_period, rel=1e-13)


def test_chance_of_shortfall_at_that_loan_by_simulation(whole):
    """At the first default date one case in ten falls short, no more."""
    random = np.random.default_rng(7)
    spread = np.sqrt(0.25**2 + 0.3**2 * 2)
    route = 20e6 * 0.9 * 0.65 * 0.92 * np.exp(-0.2 * 2 + spread * random.standard_normal(400_000))
    proceeds = route * (random.random(route.size) >= 0.04)
    assert np.mean(proceeds < 1.04 * whole["maximum_loan"][0]) == pytest.approx(0.1, abs=0.003)


def test_a_debt_that_rests_on_more_than_the_sale_shows_what_the_sale_carries():
    """Half of it to be covered: the limit doubles, and the offer says which half rests on the borrower."""
    lines = found(WHOLE, "straight_line", 0.04, 3, share_covered_by_sale=0.5)
    assert lines["limit_value_at_risk"][0] == pytest.approx(2 * 3259323.847435296, rel=1e-13)
    assert lines["carried_by_security"][0] == pytest.approx(3259323.847435296, rel=1e-13)
    assert lines["rests_on_borrower"][0] == pytest.approx(lines["maximum_loan"][0] - 3259323.847435296, rel=1e-9)


def test_fixed_costs_and_prior_claims_come_off_before_the_debt_is_served():
    lines = found({"value": 100, "fixed_cost": 5, "prior_claims": 20, "policy_cap": 0.5}, "bullet", 0.0, 1)
    assert lines["limit_value_at_risk"][0] == 75
    assert lines["limit_policy_cap"][0] == 40


def test_title_that_fails_as_often_as_a_shortfall_is_accepted_carries_nothing():
    assert found({"value": 100, "title_failure": 0.1}, tail=0.1)["maximum_loan"][0] == 0


def test_without_a_cap_neither_cap_nor_path_is_tested():
    assert not {"limit_policy_cap", "limit_decay_path"} & set(found({"value": 100}))


def test_two_limits_of_one_name_are_refused():
    with pytest.raises(InputError, match="two limits have one name"):
        found({"value": 100}, others=[{"name": "policy_cap", "amount": 5}])


# what must hold whatever the figures

ASSET = st.fixed_dictionaries(
    {
        "value": st.floats(10, 1e8),
        "policy_cap": st.floats(0.05, 1),
        "log_drift": st.floats(-1, 0),
        "volatility": st.floats(0, 1),
        "valuation_error": st.floats(0, 0.8),
        "dependency": st.floats(0, 0.9),
        "forced_sale_discount": st.floats(0, 0.9),
        "disposal_cost": st.floats(0, 0.5),
        "title_failure": st.floats(0, 0.2),
        "sale_time": st.floats(0, 2),
    }
)
CASH_FLOWS = st.lists(st.floats(0, 1e7), min_size=4, max_size=4)


@settings(max_examples=25)
@given(
    asset=ASSET, worse=st.sampled_from(["volatility", "valuation_error", "dependency", "disposal_cost", "sale_time"])
)
def test_a_larger_haircut_never_makes_a_larger_loan(asset, worse):
    grown = {**asset, worse: asset[worse] + 0.05}
    assert found(grown)["maximum_loan"][0] <= found(asset)["maximum_loan"][0] * (1 + 1e-12)


@settings(max_examples=25)
@given(asset=ASSET, schedule=st.sampled_from(SCHEDULES))
def test_the_loan_is_none_of_the_limits_exceeded(asset, schedule):
    lines = found(asset, schedule, amount_asked=1e6)
    limits = [figures[0] for name, figures in lines.items() if name.startswith("limit_")]
    assert lines["maximum_loan"][0] == max(0, min(limits))


@settings(max_examples=25)
@given(flows=CASH_FLOWS)
def test_payments_that_follow_the_cash_flow_carry_the_most(flows):
    carried = {
        schedule: limit("debt_service", {"value": 1e12}, schedule, years=4, cash_flow=flows, dscr=1.3)
        for schedule in (*SCHEDULES, "sculpted")
    }
    most = carried.pop("sculpted")
    assert all(most >= other * (1 - 1e-9) for other in carried.values())

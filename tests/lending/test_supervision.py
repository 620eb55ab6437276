"""The supervisor's arithmetic: printed figures, and what must hold of it whatever the figures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.lending.supervision import (
    EXPOSURE_CLASSES,
    adjusted_exposure,
    scaled_haircut,
    substituted_risk_weight,
    supervisory_capital,
    supervisory_correlation,
    supervisory_loss_given_default,
)

# capital by internal ratings


def test_correlation_and_capital_of_a_firm():
    assert supervisory_correlation(0.01) == pytest.approx(0.192783679165516, rel=1e-14)
    assert supervisory_capital(0.01, 0.45) == pytest.approx(0.07385344111364114, rel=1e-14)
    assert supervisory_capital(0.05, 0.40) == pytest.approx(0.10656313524555157, rel=1e-14)


@pytest.mark.parametrize(
    ("pd", "lgd", "maturity", "weight"),
    [
        (0.01, 0.45, 2.5, 0.9231680139205143),
        (0.05, 0.40, 2.5, 1.3320391905693947),
        (0.05, 0.75, 3, 2.597323541152648),
    ],
)
def test_risk_weights(pd, lgd, maturity, weight):
    """The first is published as 92.32%."""
    assert 12.5 * supervisory_capital(pd, lgd, maturity) == pytest.approx(weight, rel=1e-13)


@pytest.mark.parametrize(
    ("lgd", "known", "printed"),
    [
        (0.45, {"turnover": 5}, 72.40),
        (0.45, {"exposure_class": "residential_mortgage"}, 56.40),
        (0.25, {"exposure_class": "residential_mortgage"}, 31.33),
        (0.45, {"exposure_class": "other_retail"}, 45.77),
        (0.85, {"exposure_class": "other_retail"}, 86.46),
    ],
)
def test_classes_of_exposure_at_a_probability_of_one_in_a_hundred(lgd, known, printed):
    """Annex 5 of the framework of 2006, in per cent, from memory; its own figures are off by up to 0.01."""
    assert 1250 * supervisory_capital(0.01, lgd, **known) == pytest.approx(printed, abs=0.011)


def test_a_turnover_of_fifty_million_and_more_is_a_large_firm():
    assert supervisory_capital(0.02, 0.45, turnover=50) == supervisory_capital(0.02, 0.45)
    assert supervisory_capital(0.02, 0.45, turnover=900) == supervisory_capital(0.02, 0.45)
    assert supervisory_capital(0.02, 0.45, turnover=1) == supervisory_capital(0.02, 0.45, turnover=5)


@given(
    pd=st.floats(0.0005, 0.5), lgd=st.floats(0.01, 1), kind=st.sampled_from(EXPOSURE_CLASSES), maturity=st.floats(1, 5)
)
def test_capital_is_never_negative_and_never_more_than_the_loss_of_all_but_firms(pd, lgd, kind, maturity):
    capital = supervisory_capital(pd, lgd, maturity, exposure_class=kind)
    assert capital >= 0
    if kind != "corporate":
        assert capital <= lgd


@given(pd=st.floats(0.0005, 0.3), lgd=st.floats(0.05, 1), turnover=st.floats(0, 60), longer=st.floats(0, 2))
def test_a_smaller_firm_needs_less_and_a_longer_loan_more(pd, lgd, turnover, longer):
    small, large = (supervisory_capital(pd, lgd, turnover=size) for size in (turnover, 50.0))
    assert small <= large * (1 + 1e-12)
    assert supervisory_capital(pd, lgd, 2.5 + longer) >= supervisory_capital(pd, lgd, 2.5) * (1 - 1e-12)


# haircuts by holding period


@pytest.mark.parametrize(
    ("haircut", "revalued", "expected"),
    [
        (0.15, 1, 0.21213203435596426),
        (0.15, 20, 0.29622626487197246),
        (0.25, 20, 0.49371044145328746),
        (0.25, 90, 0.8253787009609589),
        (0.08, 1, 0.11313708498984762),
        (0.15, 250, 0.7780),
    ],
)
def test_ten_day_haircut_held_for_twenty_days(haircut, revalued, expected):
    found = scaled_haircut(haircut, days=10, holding_days=20, revalued_every_days=revalued)
    assert found == pytest.approx(expected, rel=1e-14 if expected != 0.7780 else 3e-5)


def test_it_can_pass_the_whole_value_and_knows_no_decay():
    """Why it is no haircut of ours."""
    assert scaled_haircut(0.25, days=10, holding_days=20, revalued_every_days=250) > 1


def test_exposure_left_in_two_currencies():
    found = adjusted_exposure(100, 120, haircut=0.25 * np.sqrt(2), currency_haircut=0.08 * np.sqrt(2))
    assert found == pytest.approx(36.00285706997457, rel=1e-14)
    assert adjusted_exposure(100, 1000, haircut=0.25) == 0


def test_the_covered_part_takes_the_weight_of_the_security():
    assert substituted_risk_weight(80, 70, of_borrower=1.5, of_collateral=0.5) == pytest.approx(50)
    assert substituted_risk_weight(80, 200, of_borrower=1.5, of_collateral=0.5) == pytest.approx(40)


# the table of losses

TABLE = {"haircut": 0.4, "secured": 0.25, "unsecured": 0.4}


def test_loss_by_the_table():
    assert supervisory_loss_given_default(100.0, 120.0, **TABLE) == pytest.approx(0.292, rel=1e-14)


@pytest.mark.parametrize(("collateral", "expected"), [(0.0, 0.4), (1e9, 0.25)])
def test_without_collateral_and_with_more_than_enough(collateral, expected):
    assert supervisory_loss_given_default(100.0, collateral, **TABLE) == pytest.approx(expected, rel=1e-14)

"""The haircut in one call: reference values at the defaults, and every assumption shown."""

from datetime import date

import pytest

import valuation
from valuation.errors import InputError

ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("kind", "level", "left"),
    [
        ("intellectual_property", 1, 0.10334001575936364),
        ("training_data", 1, 0.049969927282404236),
        ("compute_cluster", 1, 0.3028601242782185),
        ("ai_model", 1, 0.034813417748537426),
    ],
)
def test_what_the_defaults_leave(kind, level, left):
    """At one in ten, over each kind's usual horizon, on the best evidence."""
    found = valuation.haircut(kind=kind, value=1.0, evidence_level=level, on=ON)
    assert found.recoverable == pytest.approx(left, rel=1e-12)
    assert found.total == pytest.approx(1 - left, rel=1e-12)


def test_servers_sold_through_a_broker_leave_more():
    """Sold within nine months, a quarter of it the sale, at 15% off."""
    found = valuation.haircut(
        kind="compute_cluster", value=1.0, tenor_years=0.5, sale_time=0.25, forced_sale_discount=0.15,
        evidence_level=1, on=ON,
    )  # fmt: skip
    assert found.recoverable == pytest.approx(0.4606585009734307, rel=1e-12)


def test_every_assumption_is_shown_and_a_stated_one_is_not():
    assumed = {
        default.name for default in valuation.haircut(kind="ai_model", value=1e6, volatility=0.6, on=ON).defaults
    }
    assert "volatility" not in assumed
    assert {"log_drift", "sale_time", "horizon", "shortfall_probability", "valuation_error"} <= assumed


def test_parts_multiply_to_what_is_left():
    found = valuation.haircut(kind="training_data", value=1e6, tenor_years=2, rate=0.05, prior_claims=1000, on=ON)
    left = 1e6
    for kept in found.parts.values():
        left *= kept
    assert left == pytest.approx(found.recoverable, rel=1e-12)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "gpu"}, "compute_cluster"),
        ({"evidence_level": 4}, "evidence_level"),
        ({"dependancy": 0.1}, "Did you mean dependency"),
        ({"dependency": 40}, "Write 40% as 0.4"),
        ({"value": -5.0}, "at least 0"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(given, said):
    with pytest.raises(InputError, match=said):
        valuation.haircut(**{"kind": "ai_model", "value": 1e6, "on": ON, **given})


def test_the_haircut_is_also_worked_out_by_draws():
    found = valuation.haircut(kind="compute_cluster", value=1e6, tenor_years=3, on=ON)
    low, high = found.drawn["between"]
    assert low < found.total < high
    assert found.drawn["expected_shortfall"] == pytest.approx(found.expected_shortfall, abs=0.004)


def test_it_rises_with_the_tenor_and_with_the_time_to_sell():
    for kind in ("compute_cluster", "training_data", "ai_model", "intellectual_property"):
        by_tenor = [valuation.haircut(kind=kind, value=1.0, tenor_years=years, on=ON).total for years in (0, 1, 3, 8)]
        by_sale = [
            valuation.haircut(kind=kind, value=1.0, tenor_years=1, sale_time=years, on=ON).total for years in (0, 1, 3)
        ]
        assert by_tenor == sorted(set(by_tenor))
        assert by_sale == sorted(set(by_sale))

"""Build-up rate: published sums, and the double counting it points out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError


def outcome(risk_free_rate=0.04, **premiums):
    listed = [{"risk": risk, "premium": premium} for risk, premium in premiums.items()]
    return run("rate.build_up", {"risk_free_rate": risk_free_rate, "premiums": listed})


@pytest.mark.parametrize(
    ("premiums", "printed"),
    [
        ({"equity": 0.06, "size": 0.035, "specific": 0.02}, 0.155),
        ({"equity": 0.06, "size": 0.03, "specific": 0.02}, 0.15),
    ],
    ids=["CPA BAR 14245", "Pomegra, a small software company"],
)
def test_published_sums(premiums, printed):
    assert outcome(**premiums).value == pytest.approx(printed, rel=1e-14)


@given(st.lists(st.floats(-0.1, 0.15), min_size=4, max_size=4))
def test_the_rate_is_the_sum_whatever_the_order(premiums):
    risks = ("equity", "size", "technical", "regulatory")
    forward = outcome(**dict(zip(risks, premiums, strict=True)))
    backward = outcome(**dict(reversed(list(zip(risks, premiums, strict=True)))))
    assert forward.value == pytest.approx(0.04 + sum(premiums), abs=1e-15)
    assert backward.value == pytest.approx(forward.value, abs=1e-15)


@pytest.mark.parametrize(
    ("premiums", "told"),
    [
        ({"equity": 0.06, "size": 0.02, "specific": 0.02}, "Beside specific, premiums are added for size"),
        ({"equity": 0.06, "industry": 0.02, "market_risk": 0.02}, "Beside industry"),
        ({"equity": 0.06, "specific": 0.02, "management": 0.01, "funding": 0.01}, "for funding, management"),
        ({"size": 0.02}, "no return on equity"),
    ],
)
def test_what_may_be_counted_twice_or_is_missing_is_pointed_out(premiums, told):
    (warning,) = outcome(**premiums).warnings
    assert told in warning.english


@pytest.mark.parametrize(
    "premiums", [{"equity": 0.06, "size": 0.02}, {"equity": 0.06, "specific": 0.02, "size": 0}, {"technical": 0.05}]
)
def test_what_is_counted_once_is_not(premiums):
    assert outcome(**premiums).warnings == ()


def test_a_risk_stated_twice_is_refused():
    twice = [{"risk": "size", "premium": 0.01}, {"risk": "size", "premium": 0.02}]
    with pytest.raises(InputError, match="the risk size stands twice"):
        run("rate.build_up", {"premiums": twice})

"""Shortest life: the minimum of what is known, and which one it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.calculation import run
from valuation.errors import InputError

NAMES = ("legal", "contractual", "economic", "technological")


def outcome(**lives):
    return run("life.shortest", lives)


@given(lives=st.dictionaries(st.sampled_from(NAMES), st.floats(0, 100), min_size=1))
def test_is_the_shortest_of_those_stated(lives):
    assert outcome(**lives).value == min(lives.values())


@pytest.mark.parametrize(
    ("lives", "life"),
    [
        ({"legal": 20, "economic": 16}, 16),  # an examination question on a patent (chatiba.com/q/AxGj1z, page-read)
        ({"legal": 20, "economic": 10}, 10),  # tests/cases/cn-income-declining.json: income is gone after ten years
    ],
)
def test_the_protection_of_a_patent_outlives_what_it_earns(lives, life):
    assert outcome(**lives).value == life


def test_names_the_life_that_binds():
    """A lender asks whether it can be renewed."""
    found = outcome(legal=12, contractual=3, economic=5)
    assert [warning.english for warning in found.warnings] == ["The remaining life is set by the contractual life."]
    assert [line.name for line in found.lines] == [
        "legal_life",
        "contractual_life",
        "economic_life",
        "remaining_useful_life",
    ]


def test_two_that_end_together_are_both_named():
    assert len(outcome(legal=5, technological=5).warnings) == 2


def test_an_expired_right_leaves_nothing():
    assert outcome(legal=0, economic=5).value == 0


def test_no_life_at_all_is_refused():
    with pytest.raises(InputError, match="no life is stated"):
        outcome()

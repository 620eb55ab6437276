"""The risks of a book as their reader sees them, in either language."""

import re

import pytest
from made_books import ON, POLICY, book, mixed_book

from valuation.book.tables import lend_book
from valuation.report.plain_portfolio import DUE, GROUPS, WORDS, portfolio_tables
from valuation.report.table import text_of

STATED = {
    "default_correlation": {"value": 0.15, "source": "minute 3"},
    "sensitivity": {"value": 0.5, "source": "minute 3"},
}
LIMITS = [
    {"group": "borrower", "value": 0.3, "source": "minute 4"},
    {"group": "gpu_generation", "value": 0.1, "source": "minute 4"},
    {"group": "kind", "value": 0.9, "source": "minute 4"},
]


@pytest.fixture(scope="module")
def summary():
    policy = {**POLICY, "concentration_limits": LIMITS, "one_factor": STATED}
    frame = mixed_book(80).assign(guarantor="fund")
    return lend_book(frame, policy, on=ON, stress="standard", due_within_days=0).summary


def told(summary, language="en"):
    return "\n".join(text_of(table) for table in portfolio_tables(summary, language))


def test_a_broken_limit_names_who_breaks_it_by_how_much_and_where(summary):
    [broken, *_] = summary["concentration_limits"][0]["broken"]
    line = next(line for line in told(summary).splitlines() if broken["name"] in line and "30.0%" in line)
    assert f"{broken['over']:,.0f} CNY" in line
    assert line.endswith(", ".join(map(str, broken["largest_rows"])))


def test_a_limit_that_is_kept_and_one_that_cannot_be_tested_are_told_apart(summary):
    assert re.search(r"Kind of asset +90\.0% +kept", told(summary))
    assert re.search(r"GPU generation +10\.0% +not tested", told(summary))


def test_what_the_pool_rests_on_stands_below_its_losses(summary):
    text = told(summary)
    assert "0.15 (minute 3)" in text
    assert "Added instead if all of one name fail together: Guarantor" in text
    assert all(sentence in text for sentence in summary["on_one_factor"]["assumed"]["en"])


@pytest.mark.parametrize(("language", "other"), [("en", "情景"), ("zh", "Scenario")])
def test_it_is_in_one_language(summary, language, other):
    text = told(summary, language)
    assert other not in text
    kind = {"en": "Training data", "zh": "训练数据"}[language]
    assert kind in told(lend_book(book(1), POLICY, on=ON).summary, language)


def test_every_scenario_has_a_row(summary):
    tables = list(portfolio_tables(summary))
    [stress] = [table for table in tables if table.heading.startswith("Stress")]
    assert len(stress.rows) == len(summary["stress"])


def test_a_book_on_which_nothing_is_lent_has_no_concentration():
    found = lend_book(book(2, title="refuse"), POLICY, on=ON, stress="standard", due_within_days=0).summary
    assert [table.heading for table in portfolio_tables(found)] == ["Stress (CNY)", "Due"]


def test_both_languages_have_the_same_words():
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    assert all(len(names) == 2 for names in (*GROUPS.values(), *DUE.values()))

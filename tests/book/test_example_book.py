"""The example book: its script, its policy and what its README prints of them."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from valuation.book.files import lend_file
from valuation.book.policy import read_policy
from valuation.book.sources import source_of
from valuation.book.tables import lend_book

FOLDER = Path(__file__).parents[2] / "examples" / "book"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
POLICY = FOLDER / "policy.toml"
CELL = re.compile(r"^\| (\d+) \| (\w*) ?\| (.*?) ?\| (.*) \|$", re.MULTILINE)
FIGURE = re.compile(r"^\| (\w+) \| ([\d,]+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "book.csv"
    subprocess.run([sys.executable, FOLDER / "book_of_1000.py", path], check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def summary(table: Path) -> dict[str, Any]:
    return lend_file(table, POLICY, table.with_name("lent.csv"), on=pd.Timestamp("2026-06-30").date(), threads=2)


def test_the_figures_of_the_readme_are_those_of_the_run(summary: dict[str, Any]) -> None:
    printed = dict(FIGURE.findall(README))
    found = {**summary, **summary["sums_of_offers"]}
    assert printed == {name: f"{found[name]:,.0f}" for name in printed}
    assert len(printed) == 6
    assert f"decides on {summary['binding_limits']['value_at_risk']} of {summary['offer']} loans" in README
    assert set(summary["binding_limits"]) == {"value_at_risk", "debt_service"}


def test_the_bad_rows_of_the_readme_are_those_told(table: Path, summary: dict[str, Any]) -> None:
    rejects = pd.read_csv(table.with_name("lent.rejects.csv"), dtype=str, keep_default_na=False)
    printed = CELL.findall(README)
    assert len(printed) == len(rejects) == summary["rejected"] == 7
    for (row, column, given, said), told in zip(printed, rejects.to_dict("records"), strict=True):
        assert (row, column, given) == (told["row"], told["column"], told["given"])
        assert told["sentence"].endswith(said)


def test_every_figure_of_the_policy_says_whether_it_is_published_or_judged() -> None:
    policy = read_policy(POLICY)
    stated = [*policy.caps, *policy.loans.values(), *policy.concentration_limits]
    stated += [figure for of_kind in policy.assumptions.values() for figure in of_kind.values()]
    marks = re.compile(r"^judgement|\((secondary|page-read)[,)]")
    assert [figure.source for figure in stated if not marks.search(figure.source)] == []


def test_the_same_rows_every_time(table: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, FOLDER / "book_of_1000.py", tmp_path / "b.csv"], check=True, capture_output=True)
    assert (tmp_path / "b.csv").read_bytes() == table.read_bytes()
    assert len(source_of(table).names) == 21


def test_from_python_the_same(table: Path, summary: dict[str, Any]) -> None:
    """All but the row that lost a cell, which pandas fills."""
    frame = pd.read_csv(table).drop(index=833)
    found = lend_book(frame, POLICY, on=pd.Timestamp("2026-06-30").date())
    assert found.summary["sums_of_offers"] == pytest.approx(summary["sums_of_offers"], rel=1e-12)
    assert found.summary["rejected"] == 6

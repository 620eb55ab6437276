"""Stress, due list and supervisor's table together: from a frame, from file to file, and by the verb."""

import json
from functools import partial
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from made_books import ON, POLICY, book, mixed_book

from valuation.book import stretches
from valuation.book.files import lend_file
from valuation.book.tables import lend_book
from valuation.cli import main
from valuation.errors import InputError
from valuation.lending.stress_tests import standard_scenarios

ASKED = ("stress", "due", "supervisor")


@pytest.fixture
def frame():
    contracts = [f"D{row // 3}" for row in range(60)]
    return mixed_book(60).assign(balance=2e5, valued_on="2025-09-01", guarantee_contract=contracts, ranking=1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_files_hold_what_the_tables_hold(frame, tmp_path, language, monkeypatch):
    monkeypatch.setattr(stretches, "LENGTH", 25)
    frame.to_csv(tmp_path / "in.csv", index=False)
    targets = {name: tmp_path / f"{name}.csv" for name in ASKED}
    summary = lend_file(tmp_path / "in.csv", POLICY, tmp_path / "out.csv", on=ON, language=language, **targets)
    held = lend_book(frame, POLICY, on=ON, stress="standard", due_within_days=0, supervisor=True, language=language)
    assert summary["stress"] == held.summary["stress"]
    assert summary["files"]["due"] == str(tmp_path / "due.csv")
    for name, path in targets.items():
        written, expected = pd.read_csv(path), getattr(held, name)
        assert list(written) == list(expected)
        assert len(written) == len(expected) > 0
        first = list(expected)[0 if name != "supervisor" else 2]
        assert written[first].astype(str).tolist() == expected[first].astype(str).tolist()


@pytest.mark.parametrize("ending", ["parquet", "xlsx"])
def test_any_kind_of_table_will_do(frame, tmp_path, ending):
    frame.to_csv(tmp_path / "in.csv", index=False)
    targets = {name: tmp_path / f"{name}.{ending}" for name in ASKED}
    lend_file(tmp_path / "in.csv", POLICY, tmp_path / "out.csv", on=ON, **targets)
    read = pd.read_parquet if ending == "parquet" else partial(pd.read_excel, engine="calamine")
    assert [len(read(targets[name])) for name in ASKED[::2]] == [1 + len(standard_scenarios()), 60]


def test_a_list_on_which_nothing_stands_is_written_with_its_headings(tmp_path):
    book(2, valued_on="2026-06-29").to_csv(tmp_path / "in.csv", index=False)
    lend_file(tmp_path / "in.csv", POLICY, tmp_path / "out.csv", on=ON, due=tmp_path / "due.csv")
    assert list(pd.read_csv(tmp_path / "due.csv"))[:4] == ["row", "id", "reason", "due_on"]


def test_two_tables_do_not_share_a_file(tmp_path):
    book(1).to_csv(tmp_path / "in.csv", index=False)
    with pytest.raises(InputError, match=r"out\.csv"):
        lend_file(tmp_path / "in.csv", POLICY, tmp_path / "out.csv", on=ON, stress=tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_what_was_not_asked_for_is_not_there(tmp_path):
    book(1).to_csv(tmp_path / "in.csv", index=False)
    summary = lend_file(tmp_path / "in.csv", POLICY, tmp_path / "out.csv", on=ON)
    assert not set(ASKED) & {*summary, *summary["files"]}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv", "out.rejects.csv"]


def by_verb(folder: Path, *more: str):
    book(3, guarantee_contract="D1", balance=1e5).to_csv(folder / "in.csv", index=False)
    policy = 'name = "p"\nsource = "minute 12"\ncaps = [{kind = "training_data", value = 0.3, source = "minute 12"}]\n'
    (folder / "policy.toml").write_text(policy, encoding="utf-8")
    given = [str(folder / "in.csv"), "--policy", str(folder / "policy.toml"), "--out", str(folder / "out.csv")]
    return CliRunner().invoke(main, ["book", *given, "--on", "2026-06-30", *more], catch_exceptions=False)


def test_the_verb_writes_all_three(tmp_path):
    targets = [argument for name in ASKED for argument in (f"--{name}", str(tmp_path / f"{name}.csv"))]
    found = by_verb(tmp_path, *targets)
    assert found.exit_code == 0
    assert "Concentration of the debt" in found.stdout
    assert all((tmp_path / f"{name}.csv").is_file() for name in ASKED)


def test_the_verb_takes_scenarios_of_the_banks_own(tmp_path):
    own = tmp_path / "own.toml"
    text = (files("valuation.reference") / "stress" / "standard.toml").read_text(encoding="utf-8")
    own.write_text(text.replace('id = "rent_minus_25"', 'id = "rent_falls"'), encoding="utf-8")
    found = by_verb(tmp_path, "--stress", str(tmp_path / "st.csv"), "--scenarios", str(own), "--json")
    assert json.loads(found.stdout)["stress"][1]["scenario"] == "rent_falls"


def test_a_faulty_file_of_scenarios_is_told_before_anything_is_written(tmp_path):
    (tmp_path / "own.toml").write_text("scenario = 3", encoding="utf-8")
    found = by_verb(tmp_path, "--stress", str(tmp_path / "st.csv"), "--scenarios", str(tmp_path / "own.toml"))
    assert found.exit_code == 2
    assert "own.toml" in found.stderr
    assert not (tmp_path / "out.csv").exists()

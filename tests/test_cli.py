"""The command line: the verbs, their exit codes, what machines get, both languages, and what start-up loads."""

import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from click import Context
from click.testing import CliRunner, Result
from made_cases import COST, ROYALTY, corpus, inputs_of, software, with_loan
from openpyxl import load_workbook

import valuation
from valuation.cli import main
from valuation.plugins import method_ids

VERBS = {"value", "lend", "record", "replay", "workbook", "run", "methods", "readiness", "schema", "app"}


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)


def said(*arguments: Any, exit_code: int = 0) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (exit_code, "")
    return result.stdout


def as_json(*arguments: Any, exit_code: int = 0) -> Any:
    return json.loads(said(*arguments, "--json", exit_code=exit_code))


def written(folder: Path, content: Any, name: str = "case.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return written(tmp_path, corpus())


@pytest.fixture
def loan(tmp_path: Path) -> Path:
    return written(tmp_path, with_loan(), "loan.json")


# verbs and exit codes


def test_the_verbs_of_the_contract_are_there() -> None:
    assert set(main.list_commands(Context(main))) >= VERBS


def test_every_verb_listed_is_found_under_its_name() -> None:
    """The list of verbs stands by hand, so that help need not import what computes them."""
    context = Context(main)
    for name in main.list_commands(context):
        verb = main.get_command(context, name)
        assert verb is not None
        assert verb.name == name


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_explains_itself(verb: str) -> None:
    shown = said(verb, "--help")
    assert shown.startswith(f"Usage: main {verb} ")
    assert "--json" in shown
    assert "--language" in shown


def test_help_says_of_every_verb_what_it_does_in_a_whole_sentence() -> None:
    """A line cut at 80 signs breaks off before the point."""
    lines = said("--help").partition("Commands:")[2].strip().splitlines()
    assert len(lines) == len(main.list_commands(Context(main)))
    assert [line for line in lines if not line.endswith(".") or line.endswith("...")] == []


def test_the_version_is_that_of_the_package() -> None:
    assert version("ai-asset-valuation") in said("--version")


def test_value_shows_every_indication_the_conclusion_and_what_to_know(case: Path) -> None:
    appraisal = valuation.appraise(valuation.load(case))
    shown = said("value", case)
    for indication in appraisal.assets[0].indications:
        assert f"{indication.id} " in shown
        assert f"{indication.value:,.0f}" in shown
    assert "because: it earns licence fees" in shown
    assert "Note: 7 stated figures name no source" in shown


def test_value_says_how_often_it_lies_below_an_amount(case: Path) -> None:
    assert "chance of a value below 900,000 CNY: " in said("value", case, "--below", 900000)
    assert "价值低于该金额的概率 900,000 CNY" in said("value", case, "--below", 900000, "--language", "zh")
    assert "chance" not in said("value", case)


@pytest.mark.parametrize(
    ("verb", "between", "name"),
    [
        ("record", [], "case.json"),
        ("record", [], "link.json"),
        ("workbook", [], "case.json"),
        ("roll-forward", ["2026-07-01"], "case.json"),
    ],
)
def test_a_verb_that_writes_does_not_write_over_its_case(case: Path, verb: str, between: list[str], name: str) -> None:
    """A target named twice by a slip: the case, perhaps the only copy, would be gone."""
    before = case.read_bytes()
    (case.parent / "link.json").symlink_to(case)
    refused = run(verb, case, *between, case.parent / name)
    assert refused.exit_code == 2
    assert refused.stderr == f'"{name}" is the case that is read. Write to another file.\n'
    assert case.read_bytes() == before


def test_the_digest_beside_a_record_does_not_take_the_place_of_the_case(case: Path) -> None:
    odd = case.rename(case.with_name("case.sha256"))
    assert (
        run("record", odd, odd.with_suffix("")).stderr
        == '"case.sha256" is the case that is read. Write to another file.\n'
    )


def test_an_unknown_method_is_told_as_the_argument_and_not_as_a_fault_of_the_file(tmp_path: Path) -> None:
    refused = run("run", "income.relief_from_royality", written(tmp_path, {}, "inputs.json"))
    assert refused.exit_code == 2
    assert refused.stderr.startswith('METHOD: there is no method "income.relief_from_royality". Did you mean')


def test_lines_show_every_step_also_of_what_is_derived(case: Path) -> None:
    shown = said("value", case, "--lines", "--draws", "0")
    for step in ("royalty_saved", "tax_benefit_factor", "cost_of_equity", "levered_beta"):
        assert f"\n{step} " in shown
    assert f"{ROYALTY} discount_rate" in shown


def test_without_a_conclusion_the_value_is_said_to_be_open(tmp_path: Path) -> None:
    content = corpus()
    content["assets"][0]["conclusion"] = None
    shown = said("value", written(tmp_path, content))
    assert "no conclusion yet" in shown
    assert "Conclusion" not in shown


def test_lend_offers(loan: Path) -> None:
    shown = said("lend", loan)
    assert "Loan up to " in shown
    assert "binds" in shown


def test_lend_refuses_with_exit_code_1_and_the_reason(tmp_path: Path) -> None:
    content = with_loan()
    content["assets"][0]["title"]["personal_information"] = "no_basis"
    shown = said("lend", written(tmp_path, content), exit_code=1)
    assert "No loan" in shown
    assert "personal information" in shown


def test_a_record_is_replayed(case: Path, tmp_path: Path) -> None:
    target = tmp_path / "record.json"
    shown = said("record", case, target, "--draws", "256")
    assert shown.startswith(f"{target}  sha256:")
    assert said("replay", target) == "replayed: same\n"


def test_a_record_draws_finer_than_a_case(case: Path, tmp_path: Path) -> None:
    said("record", case, tmp_path / "record.json")
    assert json.loads((tmp_path / "record.json").read_bytes())["draws"] == 2**17


def test_a_replay_that_differs_ends_with_1_and_every_difference(case: Path, tmp_path: Path) -> None:
    target = tmp_path / "record.json"
    said("record", case, target, "--draws", "256")
    content = json.loads(target.read_bytes())
    content["appraisal"]["assets"][0]["value"] = 1
    target.write_text(json.dumps(content), encoding="utf-8")
    target.with_name("record.json.sha256").unlink()
    shown = said("replay", target, exit_code=1)
    assert shown.startswith("replayed: 2 differences\n")
    assert "  appraisal.assets[0].value: recorded 1, replayed " in shown
    found = as_json("replay", target, exit_code=1)
    assert set(found) == {"same", "same_bytes", "digest", "differences"}
    assert set(found["differences"][0]) == {"path", "recorded", "replayed", "cause"}


def test_a_case_is_rolled_forward_and_the_difference_explained(case: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.json"
    shown = said("roll-forward", case, "2026-09-30", later)
    assert "Corpus: 2026-03-31 → 2026-09-30" in shown
    assert "corpus.remaining_useful_life" in shown
    assert "All else stays as stated" in shown
    assert valuation.load(later).valuation_date.isoformat() == "2026-09-30"
    explained = said("bridge", case, later)
    assert [line.split("  ")[0] for line in explained.splitlines()[2:4]] == ["Old value", "Passing of time"]
    assert "时间推移" in said("bridge", case, later, "--language", "zh")


def test_a_bridge_starts_from_a_record_too(case: Path, tmp_path: Path) -> None:
    later, kept = tmp_path / "later.json", tmp_path / "record.json"
    said("record", case, kept, "--draws", "256")
    moved = as_json("roll-forward", case, "2026-09-30", later)["moved"]
    assert "corpus.cost.data_replacement.age" in [entry["input"] for entry in moved]
    (asset,) = as_json("bridge", kept, later)["assets"]
    assert asset["before"] + sum(line["amount"] for line in asset["lines"]) == pytest.approx(asset["after"])


def test_what_cannot_be_rolled_leaves_no_file(case: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.json"
    for on, told in (("2026-3-31", "ON: "), ("2026-03-31", "case.json: valuation_date: 2026-03-31 is not after")):
        result = run("roll-forward", case, on, later)
        assert (result.exit_code, result.stdout) == (2, "")
        assert told in result.stderr
    assert not later.exists()


def test_a_workbook_is_written(loan: Path, tmp_path: Path) -> None:
    target = tmp_path / "workpaper.xlsx"
    assert said("workbook", loan, target) == f"{target}\n"
    assert target.read_bytes().startswith(b"PK")


def test_the_workbook_holds_the_loan_that_is_offered(loan: Path, tmp_path: Path) -> None:
    """The spread of the drawn approaches enters the loan, so that point values alone would show another one."""
    said("workbook", loan, tmp_path / "w.xlsx")
    summary = load_workbook(tmp_path / "w.xlsx", data_only=True)["1 summary"]
    shown = {row[0].value: row[3].value for row in summary.iter_rows(min_row=5)}
    offer = as_json("lend", loan)
    assert shown["Largest loan"] == offer["maximum_loan"]
    assert shown["Haircut"] == pytest.approx(offer["haircut"]["total"], rel=1e-12)
    assert shown["Loan to value"] == pytest.approx(offer["loan_to_value"], rel=1e-12)


def test_one_method_is_run(tmp_path: Path) -> None:
    inputs = written(tmp_path, inputs_of(software()), "inputs.json")
    found = as_json("run", ROYALTY, inputs, "--on", "2025-06-30")
    assert set(found) == {"method", "values", "lines", "warnings"}
    assert found["values"] == [pytest.approx(101858.89723248003)]
    assert "royalty_saved" in said("run", ROYALTY, inputs, "--on", "2025-06-30")


def test_methods_are_listed_with_their_package() -> None:
    shown = said("methods")
    assert "Approach" in shown
    assert re.search(r"income.relief_from_royalty +\d+ +Relief from royalty +income ", shown)
    for method_id in method_ids():
        assert f"{method_id} " in shown
    assert f"ai-asset-valuation {version('ai-asset-valuation')}" in shown


def test_readiness_says_what_is_missing_and_what_it_unlocks(case: Path) -> None:
    shown = said("readiness", case)
    assert f"{COST} " in shown
    assert "can run" in shown
    assert "unlocks" in shown


# what machines get (the keys of the contract)


def test_value_for_machines(case: Path) -> None:
    (asset,) = as_json("value", case)["assets"]
    assert set(asset) >= {"id", "value", "range", "indications", "conclusion", "evidence_level", "warnings"}
    assert set(asset["range"]) >= {"p5", "p25", "p50", "p75", "p95"}
    for indication in asset["indications"]:
        assert set(indication) >= {"method", "version", "value", "lines"}
        assert all(set(line) == {"name", "unit", "values"} for line in indication["lines"])
        assert indication["lines"][-1]["values"] == [indication["value"]]


def test_lend_for_machines(loan: Path, tmp_path: Path) -> None:
    offer = as_json("lend", loan)
    keys = {"decision", "reasons", "maximum_loan", "loan_to_value", "haircut", "limits", "path", "expected_loss"}
    assert set(offer) >= {*keys, "warnings"}
    assert offer["decision"] == "offer"
    assert set(offer["haircut"]) >= {"total", "parts"}
    assert all(set(part) >= {"name", "retained"} for part in offer["haircut"]["parts"])
    assert all(set(limit) >= {"name", "amount", "binding"} for limit in offer["limits"])
    assert all(set(step) >= {"year", "value", "balance", "loan_to_value"} for step in offer["path"])
    assert [limit["name"] for limit in offer["limits"] if limit["binding"]] != []
    content = with_loan()
    content["assets"][0]["title"]["personal_information"] = "no_basis"
    refusal = as_json("lend", written(tmp_path, content), exit_code=1)
    assert refusal["decision"] == "refuse"
    assert refusal["reasons"] != []


def test_methods_for_machines() -> None:
    found = as_json("methods")
    assert [method["id"] for method in found] == list(method_ids())
    keys = {"id", "version", "approach", "title", "serves", "limitations", "citations", "evidence"}
    assert all(set(method) >= {*keys, "distribution", "distribution_version"} for method in found)


def test_readiness_for_machines(case: Path) -> None:
    (asset,) = as_json("readiness", case)
    assert set(asset) == {"asset", "ready", "missing", "refused", "unlocks"}
    assert asset["ready"] == [COST, ROYALTY]


def test_files_written_are_named_for_machines(case: Path, tmp_path: Path) -> None:
    found = as_json("record", case, tmp_path / "r.json", "--draws", "256")
    assert found["record"] == str(tmp_path / "r.json")
    assert found["digest"].startswith("sha256:")
    assert as_json("replay", tmp_path / "r.json")["same"] is True
    assert as_json("workbook", case, tmp_path / "w.xlsx") == {"workbook": str(tmp_path / "w.xlsx")}


def test_the_schema_is_json_with_or_without_the_option() -> None:
    assert json.loads(said("schema")) == as_json("schema")


# languages


def test_chinese_is_spoken_throughout(case: Path, loan: Path) -> None:
    value, lent = said("value", case, "--language", "zh"), said("lend", loan, "--language", "zh")
    for word in ("方法", "评估值", "结论", "证据层级", "理由", "提示", "个数据未注明来源"):
        assert word in value
    for word in ("最高贷款额", "限额", "起约束", "折扣率", "保留率"):
        assert word in lent
    for english in ("Conclusion", "evidence level", "Note:", "Loan up to", "Haircut"):
        assert english not in value + lent
    shown = said("methods", "--language", "zh")
    assert "许可费节省法" in shown
    assert "评估途径" in shown
    assert "收益法  " in shown


def test_machines_get_the_same_in_either_language(case: Path) -> None:
    assert as_json("value", case, "--language", "zh") == as_json("value", case)


# start-up: modules, not seconds, since seconds depend on the machine


def loaded_by(*arguments: Any) -> set[str]:
    """The modules a command has loaded when it ends, in a process of its own."""
    program = f"""
import sys
from valuation.cli import main
try:
    main({[str(each) for each in arguments]!r})
except SystemExit as end:
    assert not end.code, end.code
print("\\n".join(sys.modules), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_loads_nothing_heavy() -> None:
    heavy = {"numpy", "pandas", "scipy", "pydantic", "streamlit", "rich", "xlsxwriter", "valuation.errors"}
    assert loaded_by("--help") & heavy == set()
    assert loaded_by("value", "--help") & heavy == set()


def test_listing_the_methods_loads_no_tables_statistics_or_screens() -> None:
    heavy = {"pandas", "scipy", "scipy.stats", "streamlit", "altair", "xlsxwriter", "rich", "concurrent.futures"}
    assert loaded_by("methods") & heavy == set()


def test_a_point_value_loads_only_what_computes_it(case: Path) -> None:
    heavy = {"pandas", "scipy", "scipy.stats", "streamlit", "altair", "rich", "xlsxwriter", "valuation.report.workbook"}
    unasked = {"valuation.lending", "numpy.ma", "concurrent.futures"}  # no loan, no masked array, one thread
    assert loaded_by("value", case, "--draws", "0") & (heavy | unasked) == set()


def test_importing_the_package_loads_nothing_of_it() -> None:
    program = "import sys, valuation; print([name for name in sys.modules if name.startswith(('valuation.', 'numpy'))])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

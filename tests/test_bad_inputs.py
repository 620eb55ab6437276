"""What is wrong with a file ends in sentences and exit code 2: never in a traceback, a NaN or half a file.

Each file of bad_inputs/ is a case (or inputs, or a record) with something wrong; expected.toml says what is told.
"""

import json
import re
import shutil
import tomllib
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from valuation.cli import main
from valuation.json_text import LARGEST_FILE

FOLDER = Path(__file__).parent / "bad_inputs"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
FILES = sorted(path.stem for path in FOLDER.glob("*.json"))
GOOD = {
    "format": "valuation-case/1",
    "name": "Route planner",
    "purpose": "pledge",
    "valuation_date": "2025-06-30",
    "currency": "CNY",
    "basis_of_value": "market_value",
    "assets": [
        {
            "id": "software",
            "kind": "intellectual_property",
            "methods": [
                {
                    "id": "income.relief_from_royalty",
                    "inputs": {
                        "revenue": [1000000, 1200000, 1300000],
                        "royalty_rate": {"low": 0.03, "mode": 0.05, "high": 0.08},
                        "remaining_useful_life": 3,
                        "discount_rate": 0.18,
                    },
                }
            ],
        }
    ],
}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)


def refused(*arguments: str | Path) -> list[str]:
    """The sentences a command ends in; the result must be nothing else."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr.splitlines()


def sentences_of(name: str, language: str) -> list[str]:
    today = datetime.now().astimezone().date().isoformat()
    colon = ": " if language == "en" else "："
    return [f"{name}.json{colon}{said.replace('{today}', today)}" for said in EXPECTED[name][language]]


def written(folder: Path, content: str | bytes, name: str = "made.json") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_there_are_sixty_files_and_each_is_expected() -> None:
    assert sorted(EXPECTED) == FILES
    assert len(FILES) >= 60


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_ends_in_its_sentences(name: str) -> None:
    verb = EXPECTED[name].get("command", ["value"])
    assert refused(*verb, FOLDER / f"{name}.json") == sentences_of(name, "en")


@pytest.mark.parametrize("name", [name for name in FILES if "zh" in EXPECTED[name]])
def test_the_same_is_said_in_chinese(name: str) -> None:
    verb = EXPECTED[name].get("command", ["value"])
    assert refused(*verb, FOLDER / f"{name}.json", "--language", "zh") == sentences_of(name, "zh")


@pytest.mark.parametrize("name", FILES)
def test_no_sentence_shows_what_only_a_programmer_reads(name: str) -> None:
    """No nan, no name of a class, no brace left over from a template, no pattern language."""
    shown = " ".join(sentences_of(name, "en"))
    assert not re.search(r"\bnan\b|<class|Error\b|None|\{\w+\}|\^\[|should match|pydantic", shown)


@pytest.mark.parametrize("name", ["number_nan", "many_problems", "record_of_another_version", "run_percent"])
def test_machines_get_the_problems_as_json(name: str) -> None:
    verb = EXPECTED[name].get("command", ["value"])
    result = run(*verb, FOLDER / f"{name}.json", "--json")
    assert result.exit_code == 2
    problems = json.loads(result.stdout)["problems"]
    assert [problem["sentence"] for problem in problems] == sentences_of(name, "en")
    assert all(set(problem) == {"code", "file", "path", "given", "sentence"} for problem in problems)
    assert all(problem["file"] == f"{name}.json" for problem in problems)


@pytest.mark.parametrize("verb", ["lend", "readiness"])
def test_other_verbs_that_read_a_case_say_the_same(verb: str) -> None:
    assert refused(verb, FOLDER / "number_nan.json") == sentences_of("number_nan", "en")


@pytest.mark.parametrize(("verb", "target"), [("record", "record.json"), ("workbook", "sheets.xlsx")])
@pytest.mark.parametrize("name", ["rate_percent", "overflow"])
def test_nothing_is_written_for_a_bad_case(tmp_path: Path, verb: str, target: str, name: str) -> None:
    """Also where only computing shows the fault."""
    refused(verb, FOLDER / f"{name}.json", tmp_path / target)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("verb", "target"), [("record", "record.json"), ("workbook", "sheets.xlsx")])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, verb: str, target: str) -> None:
    case = written(tmp_path, json.dumps(GOOD))
    occupied = written(tmp_path, "a file, not a folder", "occupied")
    told = refused(verb, case, occupied / target)
    assert len(told) == 1
    assert "the file cannot be written" in told[0]
    assert told[0].startswith(str(occupied / target))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made.json", "occupied"]


def test_a_byte_order_mark_is_let_pass(tmp_path: Path) -> None:
    """Windows editors write one; it is no fault of the user."""
    case = written(tmp_path, b"\xef\xbb\xbf" + json.dumps(GOOD).encode())
    assert run("value", case, "--draws", "0").exit_code == 0


# what is too large for the repository is made here


def test_a_missing_file_is_named_as_it_was_given() -> None:
    assert refused("value", "nothing/here.json") == [
        'the file "nothing/here.json" is not there. Check the name and the folder.'
    ]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refused("value", tmp_path) == [
        f'the file "{shown(tmp_path)}" cannot be read: Is a directory. Check that it is a file you may read.'
    ]


def shown(path: Path) -> str:
    return str(path) if len(str(path)) <= 80 else str(path)[:77] + "…"


def test_a_file_of_a_hundred_megabytes_is_not_read_to_its_end(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(100_000_000)
    assert refused("value", large) == [
        f'the file "{shown(large)}" has more than {LARGEST_FILE:,} bytes. Split it into several.'
    ]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero, a file without end: no Unix; CI is one")
def test_a_file_without_end_is_refused() -> None:
    assert refused("value", "/dev/zero") == [
        'the file "/dev/zero" has more than 20,000,000 bytes. Split it into several.'
    ]


@pytest.mark.parametrize("levels", [41, 1_000, 100_000])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_refused(tmp_path: Path, levels: int, opened: str, closed: str) -> None:
    deep = opened * levels + "1" + closed * levels
    told = refused("value", written(tmp_path, deep))
    assert len(told) == 1
    assert "objects are nested deeper than 40 levels. A case needs no more than a dozen levels." in told[0]


def test_depth_is_counted_from_the_top(tmp_path: Path) -> None:
    """Forty levels are read; what is wrong with them is then something else."""
    told = refused("value", written(tmp_path, '{"a":' * 40 + "1" + "}" * 40))
    assert told[0].startswith('made.json: the key "a" is not known.')


def test_a_digit_more_than_python_reads_is_a_number_all_the_same(tmp_path: Path) -> None:
    """Python 3.11 refuses whole numbers of more than 4,300 digits with an error of its own."""
    told = refused("value", written(tmp_path, '{"name": ' + "9" * 4301 + "}"))
    assert told == [f"made.json: name: {'9' * 40}… is not a finite number. Give a number such as 1250000 or 0.12."]


# options


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return written(tmp_path, json.dumps(GOOD), "good.json")


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    return written(tmp_path, json.dumps(GOOD["assets"][0]["methods"][0]["inputs"]), "inputs.json")


def test_the_cases_that_are_spoiled_here_are_good_ones(good: Path, inputs: Path) -> None:
    assert run("value", good, "--draws", "256").exit_code == 0
    assert run("run", "income.relief_from_royalty", inputs, "--on", "2025-06-30").exit_code == 0


@pytest.mark.parametrize("draws", ["1000", "-4"])
def test_draws_that_are_no_power_of_two_are_refused(good: Path, draws: str) -> None:
    remedy = "Write 16384 while working, 131072 for a report."
    assert refused("value", good, "--draws", draws) == [
        f"good.json: draws: {draws} was given, a power of two is needed. {remedy}"
    ]


def test_more_draws_than_the_sequence_has_are_refused(good: Path) -> None:
    told = refused("value", good, "--draws", str(2**21))
    assert told == ["good.json: draws: 2097152 was given, at most 1048576 is allowed."]


def test_draws_are_checked_also_where_nothing_is_uncertain(tmp_path: Path) -> None:
    certain = json.loads(json.dumps(GOOD))
    certain["assets"][0]["methods"][0]["inputs"]["royalty_rate"] = 0.05
    assert "power of two" in refused("value", written(tmp_path, json.dumps(certain)), "--draws", "1000")[0]


@pytest.mark.parametrize("option", [["--drws", "256"], ["--draws", "many"], ["--threads", "0"], ["--language", "fr"]])
def test_a_wrong_option_ends_in_a_usage_line(good: Path, option: list[str]) -> None:
    told = refused("value", good, *option)
    assert told[0].startswith("Usage: ")
    assert told[-1].startswith("Error: ")


@pytest.mark.parametrize("on", ["20250630", "2025-W26-1", "soon", "2025-02-30"])
def test_a_wrong_day_of_the_figures_is_refused(inputs: Path, on: str) -> None:
    assert refused("run", "income.relief_from_royalty", inputs, "--on", on) == [
        f'--on: "{on}" was given, a date is expected. Write year-month-day, such as "2026-06-30".'
    ]


def test_figures_of_a_day_to_come_are_refused(inputs: Path) -> None:
    told = refused("run", "income.relief_from_royalty", inputs, "--on", "2999-01-01")
    assert told[0].startswith("--on: 2999-01-01 lies in the future, today is ")


def test_an_unknown_currency_is_refused(inputs: Path) -> None:
    told = refused("run", "income.relief_from_royalty", inputs, "--currency", "RMB")
    assert told[0].startswith('--currency: "RMB" is not known. Known: AUD, ')


def test_an_unknown_method_is_refused_before_its_inputs_are(inputs: Path) -> None:
    assert refused("run", "income.relief_from_royalti", inputs) == [
        'METHOD: there is no method "income.relief_from_royalti". Did you mean income.relief_from_royalty?'
    ]


# records


@pytest.fixture
def saved(good: Path, tmp_path: Path) -> Path:
    target = tmp_path / "record.json"
    assert run("record", good, target, "--draws", "256").exit_code == 0
    return target


def test_a_case_is_no_record(good: Path) -> None:
    remedy = "Make a record of a case with `valuation record`."
    assert refused("replay", good) == [
        f'good.json: format: "valuation-case/1" was given, a record has valuation-record/1. {remedy}'
    ]


def test_a_record_whose_bytes_were_changed_is_refused(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes().replace(b"Route planner", b"Route plotter"))
    told = refused("replay", saved)
    assert len(told) == 1
    assert re.fullmatch(
        r"record\.json: the digest of the file is sha256:\w+, sha256:\w+ was noted when it was saved\. "
        r"The file was changed since\.",
        told[0],
    )


def test_a_record_cut_off_is_refused(saved: Path) -> None:
    saved.with_name("record.json.sha256").unlink()
    saved.write_bytes(saved.read_bytes()[:-100])
    assert "record.json: this is not JSON: " in refused("replay", saved)[0]


def test_a_digest_file_that_is_none_is_a_changed_record(saved: Path) -> None:
    saved.with_name("record.json.sha256").write_bytes(b"\xff\xfe")
    assert "was noted when it was saved" in refused("replay", saved)[0]


@pytest.mark.parametrize("part", ["case", "draws", "figures", "methods", "libraries", "appraisal", "offer", "digests"])
@pytest.mark.parametrize("instead", [None, "text", [1], {"a": 1}, -1])
def test_a_record_with_a_broken_part_ends_in_a_sentence_or_a_difference(
    saved: Path, part: str, instead: object
) -> None:
    """Whatever stands in a part, a replay refuses it in words or says what differs; it never falls over."""
    saved.with_name("record.json.sha256").unlink()
    content = json.loads(saved.read_bytes())
    content[part] = instead
    saved.write_text(json.dumps(content), encoding="utf-8")
    result = run("replay", saved)
    assert result.exit_code in (1, 2) or (part, instead) in HARMLESS
    assert "Traceback" not in result.output


@pytest.mark.parametrize("instead", [None, "text", -1, [1], {"a": 1}])
def test_a_record_with_a_broken_figure_ends_in_a_sentence_or_a_difference(saved: Path, instead: object) -> None:
    """Every entry of a reference figure in turn."""
    saved.with_name("record.json.sha256").unlink()
    stored = saved.read_bytes()
    for name in json.loads(stored)["figures"][0]:
        content = json.loads(stored)
        if content["figures"][0][name] != instead:
            content["figures"][0][name] = instead
            saved.write_text(json.dumps(content), encoding="utf-8")
            assert run("replay", saved, "--points-only").exit_code in (1, 2), name


HARMLESS = (("offer", None),)  # the case asks for no loan


def test_the_schema_needs_no_file_and_takes_none(tmp_path: Path) -> None:
    assert run("schema").exit_code == 0
    assert refused("schema", tmp_path)[-1].startswith("Error: Got unexpected extra argument")


def test_a_copy_under_another_name_is_named_so(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "rate_percent.json", tmp_path / "路径规划.json")
    assert refused("value", tmp_path / "路径规划.json")[0].startswith("路径规划.json: assets[0].methods[0]")

"""The four real cases: their READMEs print what the code gives, and every figure in them says where it comes from."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import valuation

EXAMPLES = Path(__file__).parent.parent / "examples"
NAMES = ("gangtong_port_data", "reddit_corpus", "zhipu_glm", "iren_childress")
REFUSED = {"reddit_corpus": {"exclusive", "co_owners"}, "zhipu_glm": {"exclusive", "open_weights"}}
SCALES = {"": 1.0, "%": 0.01, "m": 1e6, "bn": 1e9}
PRINTED = re.compile(r"^\| `([\w.]+)` \| (-?[\d,]+(?:\.\d+)?)(?: ?(%|m|bn))? \|", re.MULTILINE)
ITEMS_OF_REDDIT = 17e9  # posts and comments
FORMS = (
    {"value"},
    {"low", "mode", "high"},
    {"low", "high"},
    {"median", "sigma"},
    {"mean", "sd"},
    {"values", "weights"},
)


def module(name: str) -> ModuleType:
    """A script of the examples; they are no package."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@cache
def walked(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Appraisal and offer of an example at its own number of draws."""
    appraisal = valuation.appraise(valuation.load(EXAMPLES / name / "case.json"))
    return appraisal.to_json(), valuation.lend(appraisal).to_json()


@cache
def figures(name: str) -> dict[str, float | None]:
    """Every figure a README may print, by the key it prints."""
    appraisal, offer = walked(name)
    asset = appraisal["assets"][0]
    found: dict[str, float | None] = {"value": asset["value"], "spread": asset["conclusion"]["spread"]}
    found |= {f"value.{percentile}": asset["range"][percentile] for percentile in ("p5", "p95")}
    for indication in asset["indications"]:
        found[indication["method"]] = indication["value"]
        found |= {
            f"{indication['method']}.{percentile}": indication["range"][percentile] for percentile in ("p5", "p95")
        }
        found |= {f"{indication['method']}.{line['name']}": line["values"][0] for line in indication["lines"]}
    found |= {key: offer[key] for key in ("maximum_loan", "loan_to_value", "expected_loss")}
    found |= {f"limit.{limit['name']}": limit["amount"] for limit in offer["limits"]}
    if offer["haircut"] is not None:
        found["haircut"] = offer["haircut"]["total"]
    exercises = module("exercises")
    if name == "gangtong_port_data":
        found["growth_of_a_generous_valuer"] = exercises.growth_of_a_generous_valuer()
        found["growth_at_our_inputs"] = exercises.growth_at_our_inputs()
    if name == "reddit_corpus":
        found["value_per_item"] = asset["value"] / ITEMS_OF_REDDIT
    if name == "iren_childress":
        found["value_at_risk_at_even_odds"] = exercises.value_at_risk_limit(0.5)
    return found


def printed(name: str) -> Iterator[tuple[str, float, float]]:
    """Key, figure and half a unit of its last digit, for each row of the table in a README."""
    for key, digits, unit in PRINTED.findall((EXAMPLES / name / "README.md").read_text(encoding="utf-8")):
        decimals = len(digits.partition(".")[2])
        yield key, float(digits.replace(",", "")) * SCALES[unit], 0.5 * 10.0**-decimals * SCALES[unit]


ROWS = [(name, *row) for name in NAMES for row in printed(name)]


def stated(content: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every figure a case states, with its path, down to those of derived inputs."""
    if isinstance(content, list):
        for index, entry in enumerate(content):
            yield from stated(entry, f"{path}[{index}]")
    elif isinstance(content, dict):
        if any(form <= set(content) for form in FORMS):
            yield path, content
        for key, entry in content.items():
            yield from stated(entry, f"{path}.{key}")


def quantities(name: str) -> list[tuple[str, dict[str, Any]]]:
    case = json.loads((EXAMPLES / name / "case.json").read_text(encoding="utf-8"))
    parts = {"assets": case["assets"], "loan": case["loan"]}
    return list(stated(parts))


@pytest.mark.parametrize(("name", "key", "figure", "half_a_digit"), ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS])
def test_readme_prints_what_the_code_gives(name: str, key: str, figure: float, half_a_digit: float) -> None:
    """A README that is not rerun goes stale in silence."""
    assert figures(name)[key] == pytest.approx(figure, rel=0, abs=half_a_digit * 1.000001)


@pytest.mark.parametrize("name", NAMES)
def test_readme_prints_value_range_and_every_indication(name: str) -> None:
    indications = {indication["method"] for indication in walked(name)[0]["assets"][0]["indications"]}
    assert {"value", "value.p5", "value.p95", *indications} <= {key for key, _, _ in printed(name)}
    assert len(indications) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_every_stated_figure_has_a_source_and_a_level(name: str) -> None:
    """A figure nobody can trace is worth nothing in a valuation."""
    found = quantities(name)
    assert len(found) >= 10
    assert [path for path, quantity in found if not quantity.get("source") or "level" not in quantity] == []


@pytest.mark.parametrize("name", NAMES)
def test_judgement_is_of_level_three_and_published_figures_carry_their_mark(name: str) -> None:
    """Level 3 is judgement; what is better says how its source was read."""
    found = quantities(name)
    assert [path for path, q in found if q["source"].startswith("judgement") and q["level"] != 3] == []
    marked = re.compile(r"\b[Mm]arks? [PFSMD]\b")
    assert [p for p, q in found if q["level"] < 3 and not marked.search(f"{q['source']} {q.get('note')}")] == []


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(REFUSED)))
def test_value_at_risk_binds_where_a_loan_is_offered(name: str) -> None:
    """Both real loans are larger than what resale alone carries; the READMEs explain by how much."""
    offer = walked(name)[1]
    assert offer["decision"] == "offer"
    assert [limit["name"] for limit in offer["limits"] if limit["binding"]] == ["value_at_risk"]
    assert offer["conditions"]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_title_that_fails_refuses_before_any_amount(name: str) -> None:
    """What is open or owned by others cannot be sold on default; no haircut mends it."""
    offer = walked(name)[1]
    assert offer["decision"] == "refuse"
    assert {check["name"] for check in offer["checks"] if check["result"] == "refuse"} == REFUSED[name]
    assert (offer["maximum_loan"], offer["haircut"], offer["limits"]) == (None, None, [])


@pytest.mark.parametrize("name", NAMES)
def test_percentiles_rise(name: str) -> None:
    for indication in walked(name)[0]["assets"][0]["indications"]:
        span = [indication["range"][percentile] for percentile in ("p5", "p25", "p50", "p75", "p95")]
        assert span == sorted(span)
        assert span[0] < span[-1]


def test_no_loan_of_the_real_lender_enters_its_value() -> None:
    """The appraised value and the loan of Gangtong are what the result is held against."""
    text = json.dumps(json.loads((EXAMPLES / "gangtong_port_data" / "case.json").read_text())["assets"])
    assert "10019400" not in text
    assert "5000000" not in text


def test_demo_walks_all_to_the_same_replay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """Records, digests and workbooks are written, and every replay gives the same figures."""
    demo = module("demo")
    monkeypatch.setattr(demo, "OUT", tmp_path / "out")
    monkeypatch.setattr(demo, "DRAWS", 2**8)
    assert demo.main() == 0
    output = capsys.readouterr().out
    assert output.count("replayed: same") == 4
    assert output.count("NO LOAN") == 2
    for name in NAMES:
        written = {path.name for path in (tmp_path / "out" / name).iterdir()}
        assert written == {"record.json", "record.json.sha256", "workbook.xlsx"}

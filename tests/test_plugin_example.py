"""A stranger's package with one method is as good as ours: every verb works with it, and none can hide another's."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import openpyxl
import pytest
import valuation_plugin_example
from click.testing import CliRunner

import valuation
from valuation import plugins
from valuation.appraisal import Appraisal
from valuation.case import read_case
from valuation.cli import main
from valuation.errors import InputError
from valuation.saved_case import schema

METHOD, PACKAGE = "income.level_profit", "valuation-plugin-example"
CASE = Path(__file__).parent / "plugin_example" / "corpus.json"


@pytest.fixture(scope="module")
def appraisal() -> Appraisal:
    return valuation.appraise(valuation.load(CASE))


def test_a_method_takes_less_than_sixty_lines() -> None:
    source = Path(valuation_plugin_example.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) < 60


def test_it_is_found_with_the_package_it_came_from() -> None:
    found = plugins.find(METHOD)
    assert (found.distribution, found.version) == (PACKAGE, "0.1.0")
    assert found.method is valuation_plugin_example.method


def test_value_with_inputs_looked_up_derived_and_drawn(appraisal: Appraisal) -> None:
    asset = appraisal.assets[0]
    outcome = asset.indications[0].outcome
    rate, life = (outcome.derived[name].value for name in ("discount_rate", "remaining_useful_life"))
    years = [750_000 / (1 + rate) ** year for year in range(1, 5)]
    assert life == 4
    assert asset.value == pytest.approx(sum(years))
    assert asset.range is not None
    assert asset.range.percentiles["p5"] < sum(years) < asset.range.percentiles["p95"]


def test_lend(appraisal: Appraisal) -> None:
    offer = valuation.lend(appraisal).to_json()
    assert offer["decision"] == "offer"
    assert 0 < offer["maximum_loan"] < appraisal.assets[0].value
    assert [year["year"] for year in offer["path"]] == [0, 1]


def test_record_names_the_package_and_replays(appraisal: Appraisal, tmp_path: Path) -> None:
    """Years later somebody must know whose code to install."""
    kept = valuation.record(appraisal.case, appraisal, valuation.lend(appraisal))
    used = {method["id"]: method for method in kept.content["methods"]}
    assert used[METHOD]["distribution"] == PACKAGE
    assert used["rate.wacc"]["distribution"] == plugins.OURS
    assert valuation.replay(kept.save(tmp_path / "record.json")).same


def test_workbook_links_its_sheet_to_those_of_its_derived_inputs(appraisal: Appraisal, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(valuation.workbook(tmp_path / "book.xlsx", appraisal, valuation.lend(appraisal)))
    (page,) = (page for page in book.worksheets if page.title.endswith(METHOD))
    formulas = [cell.value for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert any("rate.wacc" in formula for formula in formulas)
    assert any("life.shortest" in formula for formula in formulas)


def test_a_step_that_no_sheet_can_hold_is_told_with_its_package(appraisal: Appraisal, tmp_path: Path) -> None:
    """Values and draws come out, so nobody learns of it before a workbook is wanted."""

    def median(inputs: Any, workings: Any) -> Any:
        return workings.line("value", np.median(inputs.yearly_profit, axis=-1, keepdims=True))

    (asset,) = appraisal.assets
    (indication,) = asset.indications
    calculation = indication.outcome.calculation
    installed = replace(calculation.installed, method=replace(calculation.method, value=median))
    outcome = replace(indication.outcome, calculation=replace(calculation, installed=installed))
    spoilt = replace(appraisal, assets=(replace(asset, indications=(replace(indication, outcome=outcome),)),))
    with pytest.raises(InputError, match=f"of {PACKAGE} .* broke off: TypeError: np.median has no Excel form"):
        valuation.workbook(tmp_path / "book.xlsx", spoilt)
    assert list(tmp_path.iterdir()) == []


def test_schema_describes_its_inputs() -> None:
    described = schema()["methods"][METHOD]["properties"]
    assert list(described) == ["yearly_profit", "tax_rate", "remaining_useful_life", "discount_rate"]
    assert described["yearly_profit"]["title"] == "Profit of one year, before tax | 年利润（税前）"


def test_readiness_says_that_it_can_run_and_what_it_lacks() -> None:
    assert valuation.readiness(valuation.load(CASE))[0].ready == (METHOD,)
    content = json.loads(CASE.read_text(encoding="utf-8"))
    cost = {"collection_cost": 5_000_000, "opportunity_cost": 0, "quality_coefficient": 1}
    asset = {"facts": {"yearly_profit": 1_000_000}, "methods": [{"id": "cost.data_replacement", "inputs": cost}]}
    content["assets"][0] |= {**asset, "conclusion": None}
    assert valuation.readiness(read_case(content))[0].missing[METHOD] == ("remaining_useful_life", "discount_rate")


@pytest.mark.parametrize(
    "command",
    [
        ["value", str(CASE)],
        ["lend", str(CASE)],
        ["record", str(CASE), "record.json", "--draws", "256"],
        ["workbook", str(CASE), "book.xlsx"],
        ["readiness", str(CASE)],
        ["methods"],
        ["schema"],
    ],
    ids=lambda command: command[0],
)
def test_every_verb_of_the_command_line_takes_it(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, command, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    written = {file.name for file in tmp_path.iterdir()}
    assert METHOD in done.output or written & {"record.json", "book.xlsx"}


# What other packages may do to it


class Package(NamedTuple):
    """What is asked of an installed package."""

    name: str
    version: str


def entry(package: str, module: str, name: str = METHOD) -> EntryPoint:
    """An entry point as an installed package would bring it."""
    found = EntryPoint(name=name, value=f"{module}:method", group=plugins.GROUP)
    vars(found)["dist"] = Package(package, "1")
    return found


@pytest.fixture
def installing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Hands back what makes these entry points, beside ours, the installed ones."""

    def forget() -> None:
        plugins._entry_points.cache_clear()
        plugins.find.cache_clear()

    def install(*entries: EntryPoint) -> None:
        ours = [found for found in entry_points(group=plugins.GROUP) if found.name != METHOD]
        monkeypatch.setattr(plugins, "entry_points", lambda group: [*ours, *entries])
        forget()

    yield install
    monkeypatch.undo()
    forget()


def test_two_packages_with_one_method_are_an_error_that_names_both(installing: Callable[..., None]) -> None:
    """Which of them would value the asset must not depend on the order of a folder."""
    installing(entry("one", "valuation_plugin_example"), entry("another", "valuation_plugin_example"))
    with pytest.raises(InputError, match=f'two packages offer the method "{METHOD}": another, one'):
        plugins.method_ids()


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("json.decoder", "AttributeError: module 'json.decoder' has no attribute 'method'"),
        ("valuation_methods.income.direct", "it offers 'income.direct'"),
    ],
)
def test_a_broken_package_is_listed_with_its_reason_and_stops_nobody(
    module: str, reason: str, installing: Callable[..., None]
) -> None:
    installing(entry("broken", module))
    failing = [found for found in plugins.methods() if isinstance(found, InputError)]
    assert [str(error) for error in failing] == [
        f'the method "{METHOD}" of broken cannot be loaded: {reason}. Repair or remove that package.'
    ]
    assert valuation.run("life.shortest", {"legal": 3}).value == 3
    listed = CliRunner().invoke(main, ["methods"])
    assert listed.exit_code == 0
    assert "income.direct" in listed.output
    assert reason in listed.output

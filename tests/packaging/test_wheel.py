"""The wheel holds what git tracks, under two names, and its methods are found in an empty folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

FOLDER_IN_WHEEL = {"valuation": "valuation", "methods": "valuation_methods", "examples": "valuation/examples"}

# Run beside the installed wheel: what each entry point of our own distribution leads to, and where it lies.
LIST_METHODS = """
from importlib.metadata import distribution
import sys
for point in distribution("ai-asset-valuation").entry_points.select(group="valuation.methods"):
    method = point.load()
    print(point.name, method.id, sys.modules[point.module].__file__, sep="\\t")
"""

# The examples that the installed app offers, and where each lies.
LIST_EXAMPLES = """
from valuation.app.examples import examples
for name, path in examples().items():
    print(name, path, sep="\\t")
"""


def names_in_wheel(tracked_files: list[str]) -> set[str]:
    """Where each tracked file that is packed lies in the wheel; of the examples only folders of a case are packed."""
    cases = {name.removesuffix("case.json") for name in tracked_files if name.endswith("/case.json")}
    packed = ("valuation/", "methods/", *(folder for folder in cases if folder.startswith("examples/")))
    inside = [name.partition("/") for name in tracked_files if name.startswith(packed)]
    return {f"{FOLDER_IN_WHEEL[folder]}/{rest}" for folder, _, rest in inside}


@pytest.fixture(scope="module")
def wheel(checkout: Path, tracked_files: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the tracked files alone: an old build/ folder would slip its leavings into the wheel."""
    clean = tmp_path_factory.mktemp("clean")
    for name in tracked_files:
        (clean / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(checkout / name, clean / name)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "wheels"]
    done = subprocess.run(build, cwd=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (clean / "wheels").glob("*.whl")
    return built


def test_wheel_holds_exactly_the_tracked_files(wheel: Path, tracked_files: list[str]) -> None:
    """Packages and data are listed by hand in pyproject.toml; a forgotten one would be missing only after install."""
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == names_in_wheel(tracked_files)


def test_wheel_claims_two_names_only(wheel: Path) -> None:
    """A third top-level name could hide a user's own module."""
    top = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"valuation", "valuation_methods"}


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel alone is installed."""
    folder = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", folder, wheel]
    subprocess.run(install, check=True)
    return folder


def rows_printed(program: str, site: Path, folder: Path) -> list[list[str]]:
    """What a program prints that is run beside the installed wheel, not in this checkout."""
    in_wheel = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=in_wheel, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def test_installed_wheel_lists_every_method(site: Path, pyproject: dict[str, Any], tmp_path: Path) -> None:
    """Every id is found, leads to a method of that id, and comes out of the wheel, not out of this checkout."""
    rows = rows_printed(LIST_METHODS, site, tmp_path)
    expected = pyproject["project"]["entry-points"]["valuation.methods"]
    assert sorted(name for name, _, _ in rows) == sorted(expected)
    assert [name for name, _, _ in rows] == [id_ for _, id_, _ in rows]
    assert all(Path(file).is_relative_to(site) for _, _, file in rows)


def test_installed_app_offers_the_examples(site: Path, tracked_files: list[str], tmp_path: Path) -> None:
    """A bank that installs the package has no checkout to look for a first case in."""
    rows = rows_printed(LIST_EXAMPLES, site, tmp_path)
    cases = [Path(name) for name in tracked_files if name.startswith("examples/") and name.endswith("/case.json")]
    assert sorted(name for name, _ in rows) == sorted(case.parent.name for case in cases)
    assert all(Path(path).is_relative_to(site) for _, path in rows)

"""The wheel holds what git tracks, under two names, and its methods are found in an empty folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

FOLDER_IN_WHEEL = {"valuation": "valuation", "methods": "valuation_methods"}

# Run beside the installed wheel: what each entry point of our own distribution leads to, and where it lies.
LIST_METHODS = """
from importlib.metadata import distribution
import sys
for point in distribution("ai-asset-valuation").entry_points.select(group="valuation.methods"):
    method = point.load()
    print(point.name, method.id, sys.modules[point.module].__file__, sep="\\t")
"""


def name_in_wheel(tracked: str) -> str | None:
    """Where a tracked file lies in the wheel; None if it is not packed."""
    folder, _, rest = tracked.partition("/")
    return f"{FOLDER_IN_WHEEL[folder]}/{rest}" if rest and folder in FOLDER_IN_WHEEL else None


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
    assert packed == {name for tracked in tracked_files if (name := name_in_wheel(tracked))}


def test_wheel_claims_two_names_only(wheel: Path) -> None:
    """A third top-level name could hide a user's own module."""
    top = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"valuation", "valuation_methods"}


def test_installed_wheel_lists_every_method(wheel: Path, pyproject: dict[str, Any], tmp_path: Path) -> None:
    """Every id is found, leads to a method of that id, and comes out of the wheel, not out of this checkout."""
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", site, wheel]
    subprocess.run(install, check=True)

    in_wheel = {**os.environ, "PYTHONPATH": str(site)}
    listed = subprocess.run(
        [sys.executable, "-c", LIST_METHODS], cwd=tmp_path, env=in_wheel, capture_output=True, text=True, check=False
    )
    assert listed.returncode == 0, listed.stderr
    rows = [line.split("\t") for line in listed.stdout.splitlines()]
    expected = pyproject["project"]["entry-points"]["valuation.methods"]
    assert sorted(name for name, _, _ in rows) == sorted(expected)
    assert [name for name, _, _ in rows] == [id_ for _, id_, _ in rows]
    assert all(Path(file).is_relative_to(site) for _, _, file in rows)

"""The example cases, wherever this package lies: at the top of a checkout, or packed into it by pip install."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
FOLDERS = (PACKAGE / "examples", PACKAGE.parent / "examples")  # installed; in a checkout


def examples() -> dict[str, Path]:
    """The case file of each example by its name, in the order of their names."""
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    return {} if folder is None else {path.parent.name: path for path in sorted(folder.glob("*/case.json"))}

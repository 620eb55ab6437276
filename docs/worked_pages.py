"""Fills the tutorial's pages with what their commands print, so that no figure in them is typed by hand.

A page's template is the page with commands alone. Below a line `$ command` may stand `: Loan up to | Haircut`, the
tables of its output to show, by how they begin; without it the whole output is shown.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TUTORIAL = ROOT / "docs" / "tutorial"
TEMPLATES = sorted(TUTORIAL.glob("*.template.md"))
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def page_of(template: Path) -> Path:
    """Where the filled page lies."""
    return template.with_name(template.name.replace(".template", ""))


def filled(template: Path) -> str:
    """The page with the output of every command, run in the order of the page in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("docs", "examples"):
            (Path(folder) / name).symlink_to(ROOT / name)

        def fill(found: re.Match[str]) -> str:
            return "\n".join(["```console", *_block(found[1].splitlines(), folder), "```"])

        return BLOCK.sub(fill, template.read_text(encoding="utf-8"))


def _block(lines: list[str], folder: str) -> Iterator[str]:
    for at, line in enumerate(lines):
        if line.startswith("$ "):
            yield line
            after = lines[at + 1] if at + 1 < len(lines) else ""
            output = printed(line[2:], folder)
            yield from _tables(output, after[2:].split(" | ")) if after.startswith(": ") else output


def _tables(output: list[str], beginnings: list[str]) -> Iterator[str]:
    """The tables, which blank lines part, that begin so; `…` stands for those left out."""
    tables = [table.split("\n") for table in "\n".join(output).split("\n\n")]
    for beginning in beginnings:
        if not any(table[0].startswith(beginning) for table in tables):
            raise RuntimeError(f"no table begins with {beginning}")
    left_out = False
    for table in tables:
        if any(table[0].startswith(beginning) for beginning in beginnings):
            yield from ["…"] if left_out else []
            yield from table
            yield ""
        left_out = not any(table[0].startswith(beginning) for beginning in beginnings)
    if left_out:
        yield "…"


def printed(command: str, folder: str) -> list[str]:
    """What a command prints, lines cut at their trailing blanks; the command line of this environment is used."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder, env={**os.environ, "PATH": path, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1, 2) or "Traceback" in done.stdout:
        raise RuntimeError(f"{command}\n{done.stdout}")
    lines = done.stdout.removeprefix("\ufeff").rstrip().split("\n")
    return [line.rstrip() for line in lines] if any(lines) else []

"""How long a user waits before anything is worked out: help, and one case at its stated values, in fresh processes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import royalty_case
from benchmarks.comparison import Comparison, shown
from benchmarks.timing import medians, process

RUNS = 7
COMMAND = str(Path(sys.executable).with_name("valuation"))

# What a program does that imports at its head whatever any of its verbs may need: all modules of ours and all libraries
# that the core depends on, scipy's distributions among them.
EAGER = """
import pkgutil, sys
from importlib import import_module
import click, numpy, pandas, pydantic, python_calamine, rfc8785, rich.progress, scipy.stats, xlsxwriter
import valuation
for module in pkgutil.walk_packages(valuation.__path__, "valuation."):
    if not module.name.startswith("valuation.app."):
        import_module(module.name)
from valuation.cli import main
main()
"""


def compare() -> Iterator[Comparison]:
    """Help against an interpreter that does nothing, a point against the same with everything imported."""
    with tempfile.TemporaryDirectory() as folder:
        case = str(royalty_case.write(Path(folder) / "case.json"))
        ways = {
            "bare": process([sys.executable, "-c", "pass"]),
            "help": process([COMMAND, "--help"]),
            "point": process([COMMAND, "value", case, "--draws", "0"]),
            "eager": process([sys.executable, "-c", EAGER, "value", case, "--draws", "0"]),
        }
        for way in ways.values():
            way()  # compiles what has changed
        taken = medians(ways, RUNS)
    bare, helped, point, eager = (taken[name] for name in ways)
    yield Comparison("valuation --help: bare python", shown(helped), shown(bare), helped / bare, 4, at_most=True)
    yield Comparison("value CASE --draws 0: all imported at the start", shown(point), shown(eager), eager / point, 5)

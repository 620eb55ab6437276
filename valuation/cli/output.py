"""What a verb prints: JSON, tables on a terminal or in a pipe, problems on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from valuation.errors import InputError
    from valuation.report.table import Table

DONE, DIFFERS = 0, 1  # exit codes


def print_json(content: Any) -> None:
    """For machines; a figure that is not a number is a fault of ours, never output."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))


def print_problems(error: InputError, *, language: str = "en", as_json: bool = False) -> None:
    """One sentence a problem on standard error; for machines on standard output too."""
    if as_json:
        found = [problem.to_json(language) for problem in error.problems]
        click.echo(json.dumps({"problems": found}, ensure_ascii=False))
    for problem in error.problems:
        click.echo(problem.sentence(language), err=True)


def print_tables(tables: Iterable[Table]) -> None:
    """Ruled tables on a terminal, aligned text in a file or pipe."""
    if sys.stdout.isatty():
        _print_on_terminal(tables)
        return
    from valuation.report.table import text_of

    for table in tables:
        click.echo(text_of(table) + "\n")


def _print_on_terminal(tables: Iterable[Table]) -> None:
    from rich.console import Console
    from rich.table import Table as Ruled
    from rich.text import Text

    console = Console()
    for table in tables:
        shown = Ruled(title=Text(table.heading), title_justify="left")
        for column in table.columns:
            shown.add_column(Text(column))
        for row in table.rows:
            shown.add_row(*(Text(cell) for cell in row))
        console.print(shown)
        for remark in table.remarks:
            console.print(Text(f"  {remark}"))

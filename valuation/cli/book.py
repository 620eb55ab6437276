"""The verb of a lender with many assets: a table in, the same rows with what may be lent on each out."""

from __future__ import annotations

from pathlib import Path

import click

from valuation.cli.arguments import day
from valuation.cli.options import FILE, THREADS, shared
from valuation.cli.output import print_json, print_tables


@click.command()
@click.argument("table", type=FILE)
@click.option("--policy", type=FILE, required=True, help="What the bank decides for the book (.toml).")
@click.option("--out", "target", type=FILE, required=True, help="Where the rows go: .csv, .parquet or .xlsx.")
@click.option("--rejects", type=FILE, default=None, help="Where bad rows are told; beside --out if not stated.")
@click.option("--stress", type=FILE, default=None, help="Where the book under shocks goes.")
@click.option("--scenarios", type=FILE, default=None, help="Shocks of the bank's own (.toml) in place of the standard.")
@click.option("--due", type=FILE, default=None, help="Where the appraisals, fees and rights that are due go.")
@click.option("--due-within", type=click.IntRange(0), default=0, show_default=True, help="So many days ahead.")
@click.option("--supervisor", type=FILE, default=None, help="Where the supervisor's table of collateral goes.")
@click.option("--on", default=None, help="Day whose assumptions hold, such as 2026-06-30; today if not stated.")
@THREADS
@shared
def book(
    table: Path,
    policy: Path,
    target: Path,
    rejects: Path | None,
    stress: Path | None,
    scenarios: Path | None,
    due: Path | None,
    due_within: int,
    supervisor: Path | None,
    on: str | None,
    threads: int,
    *,
    as_json: bool,
    language: str,
) -> None:
    """Say how much may be lent on each row of TABLE, and why. It is a .csv, .parquet or .xlsx.

    A row with a bad cell is left out and told in the table of rejects, while the rest goes on: the exit code is 0.
    """
    from valuation.book.files import lend_file
    from valuation.report.plain_book import book_tables, left_out
    from valuation.report.plain_portfolio import portfolio_tables

    summary = lend_file(
        table,
        policy,
        target,
        rejects=rejects,
        stress=stress,
        scenarios=scenarios or "standard",
        due=due,
        due_within_days=due_within,
        supervisor=supervisor,
        on=None if on is None else day(on, "--on"),
        threads=threads,
        language=language,
    )
    if as_json:
        print_json(summary)
    else:
        print_tables([*book_tables(summary, language), *portfolio_tables(summary, language)])
    if summary["rejected"]:
        click.echo(left_out(summary, language), err=True)

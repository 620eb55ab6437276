"""The verb of a lender with many assets: a table in, the same rows with what may be lent on each out."""

from __future__ import annotations

from pathlib import Path

import click

from valuation.cli.arguments import day
from valuation.cli.options import FILE, THREADS, shared
from valuation.cli.output import print_json, print_tables

LEFT_OUT = {
    "en": "{rejected:,} of {rows:,} rows were left out for {rejected_cells:,} bad cells: see {where}",
    "zh": "{rows:,} 行中有 {rejected:,} 行（{rejected_cells:,} 个单元格）未计算：见 {where}",
}


@click.command()
@click.argument("table", type=FILE)
@click.option("--policy", type=FILE, required=True, help="What the bank decides for the book (.toml).")
@click.option("--out", "target", type=FILE, required=True, help="Where the rows go: .csv, .parquet or .xlsx.")
@click.option("--rejects", type=FILE, default=None, help="Where bad rows are told; beside --out if not stated.")
@click.option("--on", default=None, help="Day whose assumptions hold, such as 2026-06-30; today if not stated.")
@click.option("--stress", default=None, metavar="standard|FILE", help="The whole book under shocks too.")
@click.option("--due-within-days", type=click.IntRange(0), default=None, help="What is due by then too.")
@click.option("--supervisor", is_flag=True, help="The supervisor's table of collateral too.")
@THREADS
@shared
def book(
    table: Path,
    policy: Path,
    target: Path,
    rejects: Path | None,
    on: str | None,
    stress: str | None,
    due_within_days: int | None,
    threads: int,
    *,
    supervisor: bool,
    as_json: bool,
    language: str,
) -> None:
    """Say how much may be lent on each row of TABLE (.csv, .parquet, .xlsx), and why not more.

    A row with a bad cell is left out and told in the table of rejects, while the rest goes on: the exit code is 0.
    Further tables go beside the rows: out.csv, out.rejects.csv, out.stress.csv, out.due.csv, out.supervisor.csv.
    """
    from valuation.book.files import lend_file
    from valuation.report.plain_book import book_tables

    stated = None if on is None else day(on, "--on")
    summary = lend_file(
        table,
        policy,
        target,
        rejects=rejects,
        on=stated,
        threads=threads,
        language=language,
        stress=stress,
        due_within_days=due_within_days,
        supervisor=supervisor,
    )
    print_json(summary) if as_json else print_tables(book_tables(summary, language))
    if summary["rejected"]:
        click.echo(LEFT_OUT[language].format(**summary, where=summary["files"]["rejects"]), err=True)

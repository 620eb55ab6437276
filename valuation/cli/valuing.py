"""Verbs of the valuer: what a case is worth, what moves it, the workbook, one method alone."""

from __future__ import annotations

from pathlib import Path

import click

from valuation.cli.arguments import another_file, appraised, day, known_currency, naming, offered_if_asked
from valuation.cli.options import CASE, DRAWS, FILE, THREADS, shared
from valuation.cli.output import print_json, print_tables


@click.command()
@CASE
@DRAWS
@THREADS
@click.option("--lines", is_flag=True, help="Show every step of the workings.")
@click.option("--below", type=float, default=None, help="Say how often the value lies below this amount.")
@shared
def value(
    case: Path, draws: int | None, threads: int, below: float | None, *, lines: bool, as_json: bool, language: str
) -> None:
    """Value every asset of CASE."""
    appraisal = appraised(case, draws, threads, below=below)
    if as_json:
        print_json(appraisal.to_json())
        return
    from valuation.report.plain import appraisal_tables

    print_tables(appraisal_tables(appraisal, language, lines=lines))


@click.command()
@CASE
@shared
def sensitivity(case: Path, *, as_json: bool, language: str) -> None:
    """Say which inputs move each value of CASE, and how far. One at a time, and by shares of the variance."""
    from valuation.report.plain import sensitivity_json, sensitivity_tables

    appraisal = appraised(case, 0, 1)
    if as_json:
        print_json(sensitivity_json(appraisal))
    else:
        print_tables(sensitivity_tables(appraisal, language))


@click.command()
@click.argument("method")
@click.argument("inputs", type=FILE)
@click.option("--on", default=None, help="Date of the reference figures, such as 2026-06-30.")
@click.option("--currency", default="CNY", show_default=True)
@shared
def run(method: str, inputs: Path, on: str | None, currency: str, *, as_json: bool, language: str) -> None:
    """Run METHOD on the JSON file INPUTS and show every step."""
    from valuation.calculation import run as one_method
    from valuation.errors import InputError, problem
    from valuation.json_text import read_json
    from valuation.plugins import find

    given = read_json(inputs)
    if not isinstance(given, dict):
        raise InputError(problem("json_not_object", "", given)).in_file(inputs.name)
    figures_of = None if on is None else day(on, "--on")
    currency = known_currency(currency)
    find(method, "METHOD")  # an unknown method is no fault of the file
    with naming(inputs):
        outcome = one_method(method, given, on=figures_of, currency=currency)
    if as_json:
        lines = [line.to_json() for line in outcome.lines]
        warnings = [warning.to_json() for warning in outcome.warnings]
        print_json({"method": method, "values": outcome.figures.tolist(), "lines": lines, "warnings": warnings})
        return
    from valuation.report.plain import outcome_table

    print_tables([outcome_table(outcome, language)])


@click.command()
@CASE
@click.argument("target", type=FILE)
@DRAWS
@THREADS
@shared
def workbook(case: Path, target: Path, draws: int | None, threads: int, *, as_json: bool, language: str) -> None:
    """Write the workings of CASE to TARGET (.xlsx), formulas live."""
    from valuation.report.workbook import workbook as written

    another_file(target, case)
    appraisal = appraised(case, draws, threads)  # the spread of the approaches is an input of the loan
    written(target, appraisal, offered_if_asked(case, appraisal), language=language)
    print_json({"workbook": str(target)}) if as_json else click.echo(str(target))

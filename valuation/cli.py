"""The command line: the public verbs, `--json` for machines; exit code 0 done, 1 differs or refused, 2 bad input.

Each verb imports what it needs when it runs, so that help and usage errors answer at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

DONE, DIFFERS, BAD_INPUT = 0, 1, 2


class Verbs(click.Group):
    """Commands whose refusals are sentences: an InputError ends in these and exit code 2, never in a traceback."""

    def invoke(self, context: click.Context) -> Any:
        """Run a verb."""
        try:
            return super().invoke(context)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            from valuation.errors import InputError

            if not isinstance(error, InputError):
                raise
            _show_problems(error, context)
            context.exit(BAD_INPUT)


def _show_problems(error: Any, context: click.Context) -> None:
    options = context.obj or {}
    language = options.get("language", "en")
    if options.get("json"):
        click.echo(
            json.dumps({"problems": [problem.to_json(language) for problem in error.problems]}, ensure_ascii=False)
        )
    for problem in error.problems:
        click.echo(problem.sentence(language), err=True)


def _keep(name: str) -> Callable[..., Any]:
    def keep(context: click.Context, _: click.Parameter, given: Any) -> Any:
        context.find_root().obj = {**(context.find_root().obj or {}), name: given}
        return given

    return keep


def shared(verb: Callable[..., Any]) -> Callable[..., Any]:
    """The options every verb has."""
    verb = click.option("--json", "as_json", is_flag=True, callback=_keep("json"), is_eager=True, help="For machines.")(
        verb
    )
    choice = click.Choice(["en", "zh"])
    return click.option(
        "--language", type=choice, default="en", callback=_keep("language"), is_eager=True, help="en or zh."
    )(verb)


CASE = click.argument("case", type=click.Path(path_type=Path))
DRAWS = click.option(
    "--draws", type=int, default=None, help="How many draws (a power of two); 0 for point values only."
)
THREADS = click.option(
    "--threads", type=click.IntRange(1, 64), default=1, show_default=True, help="Same bytes whatever it is."
)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ai-asset-valuation")
def main() -> None:
    """Value the assets of AI companies, say what may be lent on them, record it, and replay it."""


@main.command()
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
    appraisal = _appraised(case, draws, threads, below=below)
    if as_json:
        _print_json(appraisal.to_json())
        return
    from valuation.report.plain import appraisal_tables

    _print_tables(appraisal_tables(appraisal, language, lines=lines))


@main.command()
@CASE
@DRAWS
@THREADS
@shared
def lend(case: Path, draws: int | None, threads: int, *, as_json: bool, language: str) -> None:
    """Say how much may be lent on CASE, and why not more; exit code 1 if the gate refuses."""
    appraisal = _appraised(case, draws, threads)
    offer = _offered(case, appraisal).to_json()
    if as_json:
        _print_json(offer)
    else:
        from valuation.report.plain import appraisal_tables, offer_tables
        from valuation.report.plain_supplement import supplement_tables

        tables = [*appraisal_tables(appraisal, language), *offer_tables(offer, appraisal.case.currency, language)]
        _print_tables([*tables, *supplement_tables(offer, language)])
    sys.exit(DONE if offer["decision"] == "offer" else DIFFERS)


@main.command()
@CASE
@click.argument("target", type=click.Path(path_type=Path))
@DRAWS
@THREADS
@shared
def record(case: Path, target: Path, draws: int | None, threads: int, *, as_json: bool, language: str) -> None:
    """Value CASE, lend on it if it asks for a loan, and write the frozen record to TARGET."""
    from valuation.records import RECORD_DRAWS
    from valuation.records import record as frozen

    appraisal = _appraised(case, RECORD_DRAWS if draws is None else draws, threads)
    offer = _offered(case, appraisal) if appraisal.case.loan is not None else None
    kept = frozen(appraisal.case, appraisal, offer)
    kept.save(target)
    _print_json({"record": str(target), "digest": kept.digest}) if as_json else click.echo(f"{target}  {kept.digest}")


@main.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--points-only", is_flag=True, help="Leave the ranges out (faster).")
@THREADS
@shared
def replay(record: Path, threads: int, *, points_only: bool, as_json: bool, language: str) -> None:
    """Compute RECORD again and compare; exit code 1 if anything differs."""
    from valuation.records import replay as again

    found = again(record, points_only=points_only, threads=threads)
    if as_json:
        _print_json(found.to_json())
    else:
        click.echo("replayed: same" if found.same else f"replayed: {len(found.differences)} differences")
        for difference in found.differences:
            click.echo(f"  {difference.sentence()}")
    sys.exit(DONE if found.same else DIFFERS)


@main.command("roll-forward")
@CASE
@click.argument("on")
@click.argument("target", type=click.Path(path_type=Path))
@shared
def roll_forward(case: Path, on: str, target: Path, *, as_json: bool, language: str) -> None:
    """Bring CASE to the later date ON and write it to TARGET; shows what time has moved."""
    from valuation.records import write_whole
    from valuation.report.movement import rolled_json, rolled_table
    from valuation.rolled_case import roll_forward as rolled
    from valuation.saved_case import load

    old, day = load(case), _day(on, "ON")
    with _naming(case):
        new = rolled(old, day)
    write_whole(target, json.dumps(new.to_json(), ensure_ascii=False, indent=1).encode())
    if as_json:
        _print_json({"case": str(target), "moved": rolled_json(old, new)})
    else:
        _print_tables([rolled_table(old, new, language)])


@main.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@shared
def bridge(old: Path, new: Path, *, as_json: bool, language: str) -> None:
    """Say line by line why the case NEW is worth another figure than the case or record OLD."""
    from valuation.report.movement import bridge_tables
    from valuation.saved_case import load
    from valuation.value_bridge import bridge as between

    before, after = _case_or_record(old), load(new)
    with _naming(new):
        found = between(before, after)
    _print_json(found.to_json()) if as_json else _print_tables(bridge_tables(found, after.currency, language))


@main.command()
@CASE
@click.argument("target", type=click.Path(path_type=Path))
@shared
def workbook(case: Path, target: Path, *, as_json: bool, language: str) -> None:
    """Write the workings of CASE to TARGET (.xlsx), with live formulas."""
    from valuation.report.workbook import workbook as written

    appraisal = _appraised(case, 0, 1)
    offer = _offered(case, appraisal) if appraisal.case.loan is not None else None
    written(target, appraisal, offer, language=language)
    _print_json({"workbook": str(target)}) if as_json else click.echo(str(target))


@main.command()
@click.argument("method")
@click.argument("inputs", type=click.Path(path_type=Path))
@click.option("--on", default=None, help="Date of the reference figures, such as 2026-06-30.")
@click.option("--currency", default="CNY", show_default=True)
@shared
def run(method: str, inputs: Path, on: str | None, currency: str, *, as_json: bool, language: str) -> None:
    """Run METHOD on the JSON file INPUTS: one figure with its steps."""
    from valuation.calculation import run as one_method
    from valuation.errors import InputError, problem
    from valuation.json_text import read_json

    given = read_json(inputs)
    if not isinstance(given, dict):
        raise InputError(problem("json_not_object", "", given)).in_file(inputs.name)
    day, currency = _day(on), _currency(currency)
    with _naming(inputs):
        outcome = one_method(method, given, on=day, currency=currency)
    if as_json:
        lines = [line.to_json() for line in outcome.lines]
        warnings = [warning.to_json() for warning in outcome.warnings]
        _print_json({"method": method, "values": outcome.figures.tolist(), "lines": lines, "warnings": warnings})
        return
    from valuation.report.plain import outcome_table

    _print_tables([outcome_table(outcome, language)])


@main.command()
@shared
def methods(*, as_json: bool, language: str) -> None:
    """List the installed methods with package and version."""
    from valuation.plugins import methods as installed
    from valuation.report.plain import method_json, method_table

    found = installed()
    _print_json(method_json(found)) if as_json else _print_tables([method_table(found, language)])


@main.command()
@CASE
@shared
def sensitivity(case: Path, *, as_json: bool, language: str) -> None:
    """Say which inputs move the value of each method of CASE: swings one at a time, and shares of the variance."""
    from valuation.report.plain import sensitivity_json, sensitivity_tables

    appraisal = _appraised(case, 0, 1)
    if as_json:
        _print_json(sensitivity_json(appraisal))
    else:
        _print_tables(sensitivity_tables(appraisal, language))


@main.command()
@CASE
@shared
def stress(case: Path, *, as_json: bool, language: str) -> None:
    """Shock what drives CASE (rents, a new generation, law, sale time …), value again and lend again."""
    from valuation.lending.stress_tests import stress as shocked
    from valuation.report.plain import stress_table
    from valuation.saved_case import load

    loaded = load(case)
    rows = shocked(loaded)
    _print_json([row.to_json() for row in rows]) if as_json else _print_tables([stress_table(rows, loaded, language)])


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@shared
def evidence(file: Path, *, as_json: bool, language: str) -> None:
    """Read facts from the asset: weights (.safetensors), a data sample (.csv, .jsonl), a cluster's report (.csv)."""
    from valuation.evidence.facts import read_evidence

    found = read_evidence(file).to_json()
    if as_json:
        _print_json(found)
        return
    click.echo(f"{found['file']}  {found['digest']}")
    for name, fact in found["facts"].items():
        click.echo(f"  {name}: {fact['value'] if isinstance(fact, dict) and 'value' in fact else fact}")


@main.command()
@shared
def backtest(*, as_json: bool, language: str) -> None:
    """Hold the haircuts against what prices and rents really did."""
    from valuation.lending.backtest import backtest as held_against_history
    from valuation.report.plain import backtest_table

    rows = held_against_history()
    _print_json([row.to_json() for row in rows]) if as_json else _print_tables([backtest_table(rows, language)])


@main.command()
@CASE
@shared
def readiness(case: Path, *, as_json: bool, language: str) -> None:
    """Say which methods can run on what CASE knows, and what each missing fact would unlock."""
    from valuation.missing_facts import readiness as of_case
    from valuation.report.plain import readiness_tables
    from valuation.saved_case import load

    found = of_case(load(case))
    _print_json([asset.to_json() for asset in found]) if as_json else _print_tables(readiness_tables(found, language))


@main.command()
@shared
def schema(*, as_json: bool, language: str) -> None:
    """Print the JSON Schema of a case, with the inputs of every installed method."""
    from valuation.case import schema as of_case

    _print_json(of_case())


@main.command()
@click.option("--port", default=8501, show_default=True)
@click.option("--headless", is_flag=True, help="Do not open a browser.")
@shared
def app(port: int, *, headless: bool, as_json: bool, language: str) -> None:
    """Open the app in the browser."""
    from valuation.app.main import start

    sys.exit(start(port, headless=headless))


def _case_or_record(path: Path) -> Any:
    from valuation.errors import InputError
    from valuation.records import read_record
    from valuation.saved_case import load

    try:
        return read_record(path)
    except InputError as error:
        if any(found.code == "record_format" for found in error.problems):
            return load(path)
        raise


def _day(on: str | None, name: str = "--on") -> Any:
    from valuation.case import future_date
    from valuation.errors import InputError, problem
    from valuation.strict import iso_date

    if on is None:
        return None
    day = iso_date(on)
    found = problem("date_form", name, on) if day is None else future_date(day, name)
    if found is not None:
        raise InputError(found)
    return day


def _currency(name: str) -> str:
    from valuation.case import CURRENCIES
    from valuation.errors import InputError, problem

    if name not in CURRENCIES:
        raise InputError(problem("not_known", "--currency", name, known=CURRENCIES))
    return name


def _appraised(path: Path, draws: int | None, threads: int, **options: Any) -> Any:
    from valuation.appraisal import appraise
    from valuation.saved_case import load

    case = load(path)
    with _naming(path):
        if not sys.stderr.isatty():
            return appraise(case, draws=draws, threads=threads, **options)
        return _with_bar(appraise, case, draws=draws, threads=threads, **options)


def _offered(path: Path, appraisal: Any) -> Any:
    from valuation.lending.offer import lend as offer_on

    with _naming(path):
        return offer_on(appraisal)


@contextmanager
def _naming(file: Path) -> Iterator[None]:
    """Problems met here are those of this file."""
    from valuation.errors import InputError

    try:
        yield
    except InputError as error:
        raise error.in_file(file.name) from None


def _with_bar(appraise: Callable[..., Any], case: Any, **options: Any) -> Any:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("draws", total=None)
        return appraise(case, **options, progress=lambda done, of: bar.update(task, completed=done, total=of))


def _print_json(content: Any) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))


def _print_tables(tables: Iterable[Any]) -> None:
    if sys.stdout.isatty():
        _print_on_terminal(tables)
        return
    from valuation.report.plain import text_of

    for table in tables:
        click.echo(text_of(table) + "\n")


def _print_on_terminal(tables: Iterable[Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    for table in tables:
        shown = Table(title=Text(table.heading), title_justify="left")
        for column in table.columns:
            shown.add_column(Text(column))
        for row in table.rows:
            shown.add_row(*(Text(cell) for cell in row))
        console.print(shown)
        for remark in table.remarks:
            console.print(Text(f"  {remark}"))

"""Verbs of the auditor and of the years after: record, replay, carry a case to a later date, explain the difference."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from valuation.cli.arguments import another_file, appraised, case_or_record, day, naming, offered_if_asked
from valuation.cli.options import CARD, CASE, DRAWS, FILE, PRODUCT, THREADS, shared
from valuation.cli.output import DIFFERS, DONE, print_json, print_tables


@click.command()
@CASE
@click.argument("target", type=FILE)
@DRAWS
@THREADS
@PRODUCT
@CARD
@shared
def record(
    case: Path,
    target: Path,
    draws: int | None,
    threads: int,
    product: Path | None,
    card: Path | None,
    *,
    as_json: bool,
    language: str,
) -> None:
    """Value CASE, lend on it, write the frozen record to TARGET."""
    from valuation.records import RECORD_DRAWS
    from valuation.records import record as frozen

    another_file(target, case)
    another_file(target.with_name(target.name + ".sha256"), case)
    appraisal = appraised(case, RECORD_DRAWS if draws is None else draws, threads)
    kept = frozen(appraisal.case, appraisal, offered_if_asked(case, appraisal, product, card))
    kept.save(target)
    print_json({"record": str(target), "digest": kept.digest}) if as_json else click.echo(f"{target}  {kept.digest}")


@click.command()
@click.argument("record", type=FILE)
@click.option("--points-only", is_flag=True, help="Leave the ranges out (faster).")
@THREADS
@shared
def replay(record: Path, threads: int, *, points_only: bool, as_json: bool, language: str) -> None:
    """Compute RECORD again and compare. Exit code 1 if anything differs."""
    from valuation.records import replay as again

    found = again(record, points_only=points_only, threads=threads)
    if as_json:
        print_json(found.to_json())
    else:
        count = len(found.differences)
        click.echo("replayed: same" if found.same else f"replayed: {count} difference{'' if count == 1 else 's'}")
        for difference in found.differences:
            click.echo(f"  {difference.sentence()}")
    sys.exit(DONE if found.same else DIFFERS)


@click.command("roll-forward")
@CASE
@click.argument("on")
@click.argument("target", type=FILE)
@shared
def roll_forward(case: Path, on: str, target: Path, *, as_json: bool, language: str) -> None:
    """Bring CASE to the later date ON and write it to TARGET. Shows what time has moved."""
    from valuation.report.movement import rolled_json, rolled_table
    from valuation.rolled_case import roll_forward as rolled
    from valuation.saved_case import load
    from valuation.whole_files import write_whole

    another_file(target, case)
    old, later = load(case), day(on, "ON")
    with naming(case):
        new = rolled(old, later)
    write_whole(target, json.dumps(new.to_json(), ensure_ascii=False, indent=1).encode())
    if as_json:
        print_json({"case": str(target), "moved": rolled_json(old, new)})
    else:
        print_tables([rolled_table(old, new, language)])


@click.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@shared
def bridge(old: Path, new: Path, *, as_json: bool, language: str) -> None:
    """Say line by line why NEW is worth another figure than OLD. OLD is a case or a record."""
    from valuation.report.movement import bridge_tables
    from valuation.saved_case import load
    from valuation.value_bridge import bridge as between

    before, after = case_or_record(old), load(new)
    with naming(new):
        found = between(before, after)
    print_json(found.to_json()) if as_json else print_tables(bridge_tables(found, after.currency, language))

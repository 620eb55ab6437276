"""Verbs that work nothing out: what is installed, what a case lacks, its schema, facts of an asset, the app."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from valuation.cli.options import CASE, FILE, shared
from valuation.cli.output import print_json, print_tables


@click.command()
@shared
def methods(*, as_json: bool, language: str) -> None:
    """List the installed methods with package and version."""
    from valuation.plugins import methods as installed
    from valuation.report.plain_catalogue import method_json, method_table

    found = installed()
    print_json(method_json(found)) if as_json else print_tables([method_table(found, language)])


@click.command()
@CASE
@shared
def readiness(case: Path, *, as_json: bool, language: str) -> None:
    """Say which methods can run on CASE, and what others lack. Shows what each missing fact would unlock."""
    from valuation.missing_facts import readiness as of_case
    from valuation.report.plain_catalogue import readiness_tables
    from valuation.saved_case import load

    found = of_case(load(case))
    print_json([asset.to_json() for asset in found]) if as_json else print_tables(readiness_tables(found, language))


@click.command()
@click.option("--of", type=click.Choice(["case", "policy", "book"]), default="case", show_default=True, help="Of what.")
@shared
def schema(of: str, *, as_json: bool, language: str) -> None:
    """Print the JSON Schema of a case with every method's inputs. With --of that of a book's policy, or its columns."""
    if of == "case":
        from valuation.saved_case import schema as of_case

        print_json(of_case())
    elif of == "policy":
        from valuation.book.policy import schema as of_policy

        print_json(of_policy())
    else:
        from valuation.book.columns import dictionary

        print_json(dictionary())


@click.command()
@click.argument("file", type=FILE)
@shared
def evidence(file: Path, *, as_json: bool, language: str) -> None:
    """Read facts from the asset: weights, data, cluster report.

    Weights are .safetensors, a sample of data .csv or .jsonl, the report of a cluster .csv.
    """
    from valuation.evidence.facts import read_evidence

    found = read_evidence(file).to_json()
    if as_json:
        print_json(found)
        return
    click.echo(f"{found['file']}  {found['digest']}")
    for name, fact in found["facts"].items():
        click.echo(f"  {name}: {fact['value'] if isinstance(fact, dict) and 'value' in fact else fact}")


@click.command()
@click.option("--port", default=8501, show_default=True)
@click.option("--headless", is_flag=True, help="Do not open a browser.")
@shared
def app(port: int, *, headless: bool, as_json: bool, language: str) -> None:
    """Open the app in the browser."""
    from valuation.app.main import start

    sys.exit(start(port, headless=headless))

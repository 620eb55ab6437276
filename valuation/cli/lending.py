"""Verbs of the lender: what may be lent on a case, what a shock does to it, whether the haircuts held."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from valuation.cli.arguments import appraised, naming, offered, own_files
from valuation.cli.options import CARD, CASE, DRAWS, FILE, PRODUCT, THREADS, shared
from valuation.cli.output import DIFFERS, DONE, print_json, print_tables


@click.command()
@CASE
@DRAWS
@THREADS
@PRODUCT
@CARD
@shared
def lend(
    case: Path,
    draws: int | None,
    threads: int,
    product: Path | None,
    card: Path | None,
    *,
    as_json: bool,
    language: str,
) -> None:
    """Say how much may be lent on CASE, and why not more. Exit code 1 if the gate refuses."""
    appraisal = appraised(case, draws, threads)
    offer = offered(case, appraisal, product, card).to_json()
    if as_json:
        print_json(offer)
    else:
        from valuation.report.plain import appraisal_tables
        from valuation.report.plain_loan import offer_tables
        from valuation.report.plain_supplement import supplement_tables

        tables = [*appraisal_tables(appraisal, language), *offer_tables(offer, appraisal.case.currency, language)]
        print_tables([*tables, *supplement_tables(offer, appraisal.case.currency, language)])
    sys.exit(DONE if offer["decision"] == "offer" else DIFFERS)


@click.command()
@CASE
@click.option("--scenarios", type=FILE, default=None, help="Shocks of the bank's own (.toml) in place of the standard.")
@PRODUCT
@CARD
@shared
def stress(
    case: Path, scenarios: Path | None, product: Path | None, card: Path | None, *, as_json: bool, language: str
) -> None:
    """Shock what drives CASE, value again and lend again. Rents, a new generation, law, the time to sell."""
    from valuation.lending.stress_tests import read_scenarios
    from valuation.lending.stress_tests import stress as shocked
    from valuation.report.plain_loan import stress_table
    from valuation.saved_case import load

    loaded = load(case)
    chosen = None if scenarios is None else read_scenarios(scenarios)
    with naming(case):
        rows = shocked(loaded, chosen, **own_files(product, card))
    print_json([row.to_json() for row in rows]) if as_json else print_tables([stress_table(rows, loaded, language)])


@click.command()
@shared
def backtest(*, as_json: bool, language: str) -> None:
    """Hold the haircuts against what prices and rents really did."""
    from valuation.lending.backtest import backtest as held_against_history
    from valuation.report.plain_loan import backtest_table

    rows = held_against_history()
    print_json([row.to_json() for row in rows]) if as_json else print_tables([backtest_table(rows, language)])

"""The verb of a lender who has a value and wants the haircut on it, without a case."""

from __future__ import annotations

from typing import Any

import click

from valuation.cli.arguments import day
from valuation.cli.options import shared
from valuation.cli.output import print_json, print_tables


@click.command()
@click.argument("kind")
@click.argument("value", type=float)
@click.option("--tenor-years", type=float, default=None, help="Of the loan; without it the usual horizon of the kind.")
@click.option("--rate", type=float, default=0.0, show_default=True, help="What the time of the sale costs a year.")
@click.option("--evidence-level", type=int, default=2, show_default=True, help="1 quoted, 2 observable, 3 judgement.")
@click.option("--shortfall-probability", type=float, default=None, help="What the lender accepts; else the default.")
@click.option("--prior-claims", type=float, default=0.0, show_default=True, help="Money that ranks ahead.")
@click.option("--set", "stated", multiple=True, metavar="NAME=FIGURE", help="An assumption, such as dependency=0.1.")
@click.option("--on", default=None, help="Day whose assumptions hold, such as 2026-06-30.")
@shared
def haircut(
    kind: str, value: float, stated: tuple[str, ...], on: str | None, *, as_json: bool, language: str, **terms: Any
) -> None:
    """Say what a sale after default would leave of VALUE, and why. KIND is that of the asset."""
    from valuation.lending.quick import haircut as on_value
    from valuation.report.plain_haircut import haircut_tables

    assumed: dict[str, Any] = dict(_assumption(text) for text in stated)
    found = on_value(kind=kind, value=value, on=None if on is None else day(on, "--on"), **terms, **assumed)
    print_json(found.to_json()) if as_json else print_tables(haircut_tables(found, language))


def _assumption(text: str) -> tuple[str, float]:
    name, _, figure = text.partition("=")
    try:
        return name.strip(), float(figure)
    except ValueError:
        from valuation.errors import InputError, problem

        raise InputError(
            problem("wrong_kind", "--set", text, allowed="a name and a number", example="dependency=0.1")
        ) from None

"""Arguments and options that several verbs have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path)
CASE = click.argument("case", type=FILE)
DRAWS = click.option(
    "--draws", type=int, default=None, help="How many draws (a power of two); 0 for point values only."
)
THREADS = click.option(
    "--threads", type=click.IntRange(1, 64), default=1, show_default=True, help="Same bytes whatever it is."
)
PRODUCT = click.option(
    "--product", type=FILE, default=None, help="A bank's own product (.toml), where the case names none."
)
CARD = click.option(
    "--card", type=FILE, default=None, help="A bank's own scorecard (.toml), where the case names one as own.…"
)


def shared(verb: Callable[..., Any]) -> Callable[..., Any]:
    """The options every verb has; kept for the group too, which says what is wrong with an input."""
    verb = click.option("--json", "as_json", is_flag=True, callback=_keep, is_eager=True, help="For machines.")(verb)
    choice = click.Choice(["en", "zh"])
    return click.option("--language", type=choice, default="en", callback=_keep, is_eager=True, help="en or zh.")(verb)


def _keep(context: click.Context, option: click.Parameter, given: Any) -> Any:
    context.find_root().obj = {**(context.find_root().obj or {}), option.name: given}
    return given

"""The command line: the public verbs, `--json` for machines; exit code 0 done, 1 differs or refused, 2 bad input.

A verb lies in the file that VERBS names, which is imported when the verb runs or when help wants its first line; what
computes it is imported by the verb itself. So help and usage errors answer at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

BAD_INPUT = 2  # the exit code of click's own usage errors too

VERBS = {
    "value": "valuing",
    "sensitivity": "valuing",
    "run": "valuing",
    "workbook": "valuing",
    "haircut": "haircuts",
    "lend": "lending",
    "book": "book",
    "stress": "lending",
    "backtest": "lending",
    "record": "keeping",
    "replay": "keeping",
    "roll-forward": "keeping",
    "bridge": "keeping",
    "methods": "looking",
    "readiness": "looking",
    "schema": "looking",
    "evidence": "looking",
    "app": "looking",
}


class Verbs(click.Group):
    """Verbs imported when asked for, whose refusals are sentences: an InputError is never shown as a traceback."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The verbs by who asks for them: valuer, lender, auditor, anybody."""
        return list(VERBS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The verb of that name; None if there is none."""
        if name not in VERBS:
            return None
        verb: click.Command = getattr(import_module(f"valuation.cli.{VERBS[name]}"), name.replace("-", "_"))
        return verb

    def invoke(self, context: click.Context) -> Any:
        """Run a verb."""
        try:
            return super().invoke(context)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            from valuation.cli.output import print_problems
            from valuation.errors import InputError

            if not isinstance(error, InputError):
                raise
            print_problems(error, **(context.obj or {}))
            context.exit(BAD_INPUT)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ai-asset-valuation")
def main() -> None:
    """Value the assets of AI companies, say what may be lent on them, record it, and replay it."""

"""What stands behind the arguments of a verb: the case and its appraisal, the offer on it, a date, a currency."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from valuation.appraisal import Appraisal
    from valuation.case import Case
    from valuation.lending.offer import Offer


def appraised(path: Path, draws: int | None, threads: int, **options: Any) -> Appraisal:
    """The case in this file, valued; on a terminal a bar shows how far the draws are."""
    from valuation.appraisal import appraise
    from valuation.saved_case import load

    case = load(path)
    with naming(path):
        if not sys.stderr.isatty():
            return appraise(case, draws=draws, threads=threads, **options)
        return _with_bar(appraise, case, draws=draws, threads=threads, **options)


def _with_bar(appraise: Callable[..., Appraisal], case: Case, **options: Any) -> Appraisal:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("draws", total=None)
        return appraise(case, **options, progress=lambda done, of: bar.update(task, completed=done, total=of))


def another_file(target: Path, source: Path) -> None:
    """Refuse a target that is the file just read: it would be lost."""
    from valuation.errors import InputError, problem

    if target.resolve() == source.resolve() or (target.exists() and source.exists() and target.samefile(source)):
        raise InputError(problem("source_itself", "", target.name))


def own_files(product: Path | None, card: Path | None) -> dict[str, Any]:
    """A bank's own product and scorecard, read from their files if they are given."""
    from valuation.lending.products import read_product
    from valuation.scoring.scorecards import read_card

    return {
        "product": None if product is None else read_product(product),
        "card": None if card is None else read_card(card),
    }


def offered(path: Path, appraisal: Appraisal, product: Path | None = None, card: Path | None = None) -> Offer:
    """The offer on the case in this file, under a bank's own product and scorecard if their files are given."""
    from valuation.lending.offer import lend

    own = own_files(product, card)
    with naming(path):
        return lend(appraisal, **own)


def offered_if_asked(
    path: Path, appraisal: Appraisal, product: Path | None = None, card: Path | None = None
) -> Offer | None:
    """The offer on the case in this file; None where the case asks for no loan."""
    return None if appraisal.case.loan is None else offered(path, appraisal, product, card)


def case_or_record(path: Path) -> Any:
    """The record in this file; if it is none, the case."""
    from valuation.errors import InputError
    from valuation.records import read_record
    from valuation.saved_case import load

    try:
        return read_record(path)
    except InputError as error:
        if any(found.code == "record_format" for found in error.problems):
            return load(path)
        raise


def day(on: str, name: str) -> date:
    """The date given as the argument or option of this name; one after today is refused."""
    from valuation.case import future_date
    from valuation.errors import InputError, problem
    from valuation.strict import iso_date

    given = iso_date(on)
    if given is None:
        raise InputError(problem("date_form", name, on))
    if (found := future_date(given, name)) is not None:
        raise InputError(found)
    return given


def known_currency(code: str) -> str:
    """The currency of this code, if a case may be stated in it."""
    from valuation.calculation import CURRENCIES
    from valuation.errors import InputError, problem

    if code not in CURRENCIES:
        raise InputError(problem("not_known", "--currency", code, known=CURRENCIES))
    return code


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Problems met here are those of this file."""
    from valuation.errors import InputError

    try:
        yield
    except InputError as error:
        raise error.in_file(file.name) from None

"""A case file with the loan it asks for: all problems of both at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from valuation.case import Case, read_case
from valuation.errors import InputError
from valuation.json_text import read_json
from valuation.reference.look_up import LookUp


def load(path: str | Path) -> Case:
    """The case in a file. Raises InputError with one sentence a problem; never anything else."""
    content = read_json(path)
    try:
        return read(content)
    except InputError as error:
        raise error.in_file(Path(path).name) from None


def read(content: Any, *, look_up: LookUp | None = None) -> Case:
    """The case in parsed JSON with its loan. A replay looks figures up in its record instead."""
    return read_case(content, look_up=look_up, read_loan=_read_loan)


def _read_loan(asked: Mapping[str, Any]) -> Any:
    from valuation.lending.terms import read_loan  # 40 ms of import: only for a case that asks for a loan

    return read_loan(asked)

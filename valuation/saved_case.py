"""A case file with the loan it asks for: all problems of both at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from valuation.case import Case, parse, read_bytes, read_case
from valuation.lending.terms import read_loan
from valuation.reference.look_up import LookUp


def load(path: str | Path) -> Case:
    """The case in a file. Raises InputError with one sentence a problem; never anything else."""
    return read(parse(read_bytes(path)))


def read(content: Any, *, look_up: LookUp | None = None) -> Case:
    """The case in parsed JSON with its loan. A replay looks figures up in its record instead."""
    return read_case(content, look_up=look_up, read_loan=read_loan)

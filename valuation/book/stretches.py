"""A table in stretches: so many rows at a time go through together, so that a book of any length fits in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from valuation.book.cells import Fault
from valuation.errors import InputError, problem

LENGTH = 2**16  # rows; what a stretch needs beside its answers is about 100 bytes a row


@dataclass(frozen=True)
class Cells:
    """A stretch of a table: cells by column, all of one length, and rows that do not fit its heading."""

    columns: dict[str, Any]
    faults: Sequence[Fault] = ()
    arrow: Any = None  # the same as an Arrow table, where it was read as one


class Source(Protocol):
    """A table to be read."""

    names: list[str]
    typed: bool  # each column holds one kind, so that a number never stands among texts
    encoding: str | None

    def stretches(self) -> Iterator[Cells]:
        """Its rows, in order."""


def optional(name: str) -> Any:
    """A library of an extra; None where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def library(name: str, files: str) -> Any:
    """A library of an extra, or the sentence that says how to install it."""
    try:
        return import_module(name)
    except ImportError:
        install = 'pip install "ai-asset-valuation[book]"'
        raise InputError(problem("library_missing", "", files, package=name.split(".")[0], install=install)) from None

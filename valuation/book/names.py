"""The names of the rows: each once in a book, since one asset in two rows would be pledged twice.

Of each name its hash is kept, eight bytes, in sorted runs that double in size; so a book of any length can be read as a
stream. That two of a million names share a hash has a chance of three in a hundred million; the later one would be left
out as doubled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.book.cells import Fault, is_blank, listed, wanted

AT_ONCE = 8192
Hashes = NDArray[np.int64]


class NamesSeen:
    """The names of a book so far."""

    def __init__(self) -> None:
        self._runs: list[Hashes] = []

    def faults(self, cells: Any) -> list[Fault]:
        """What is wrong with the next names: one is missing, holds what cannot be seen, or stood before."""
        found: list[Fault] = []
        hashes = np.empty(len(cells), dtype=np.int64)
        for start in range(0, len(cells), AT_ONCE):
            names = names_of(cells[start : start + AT_ONCE])
            found += _unfit(names, start)
            hashes[start : start + AT_ONCE] = np.fromiter(map(hash, names), dtype=np.int64, count=len(names))
        unfit = {fault.at for fault in found}
        return found + [Fault(at, name_at(cells, at), "duplicate") for at in self._again(hashes) if at not in unfit]

    def _again(self, hashes: Hashes) -> list[int]:
        """Places of the hashes that stood before, here or in an earlier call; these here are then known too."""
        ordered = np.sort(hashes)
        old = [ordered[run[np.minimum(np.searchsorted(run, ordered), len(run) - 1)] == ordered] for run in self._runs]
        known = set(np.concatenate([*old, np.empty(0, dtype=np.int64)]).tolist())
        repeated = known | set(ordered[1:][ordered[1:] == ordered[:-1]].tolist())
        self._keep(ordered)
        if not repeated:
            return []
        again = []
        for at in np.flatnonzero(np.isin(hashes, list(repeated))).tolist():
            if hashes[at] in known:
                again.append(at)
            known.add(int(hashes[at]))
        return again

    def _keep(self, run: Hashes) -> None:
        while self._runs and len(self._runs[-1]) <= len(run):
            run = np.concatenate([self._runs.pop(), run])
            run.sort(kind="stable")  # in its place: the names are most of what a book keeps in memory
        if len(run):
            self._runs.append(run)


def names_of(cells: Any) -> list[str]:
    """The names as text; a name may be a number, and a whole one is written without a point."""
    given = listed(cells)
    return given if set(map(type, given)) <= {str} else [_name(one) for one in given]


def _name(given: Any) -> str:
    if is_blank(given):
        return ""
    return str(int(given)) if isinstance(given, float) and given.is_integer() else str(given)


def name_at(cells: Any, at: int) -> str:
    """The name of one row."""
    return names_of(cells[at : at + 1])[0]


def _unfit(names: Sequence[str], start: int) -> Iterator[Fault]:
    """Names that are missing, or hold what cannot be seen."""
    if "".join(names).isprintable() and all(names):
        return
    for at, name in enumerate(names, start):
        if not name:
            yield Fault(at, None, "missing", wanted("id"))
        elif not name.isprintable():
            hidden = next(sign for sign in name if not sign.isprintable())
            yield Fault(at, f"U+{ord(hidden):04X}", "text_hidden")

"""The names of the rows: each once in a book, since one asset in two rows would be pledged twice.

Of each name its hash is kept, eight bytes, in sorted runs that double in size; so a book of any length can be read as a
stream. That two of a million names share a hash has a chance of three in a hundred million; the later one would be left
out as doubled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from valuation.book.cells import Fault, is_blank, listed, wanted
from valuation.book.stretches import optional

AT_ONCE = 8192
FIRST_SEEN, LAST_SEEN = np.uint8(0x20), np.uint8(0x7E)  # of ASCII
LETTERS = 8  # bytes that are hashed together
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, as usual for spreading keys
WITHIN = np.frombuffer(b"".join(b"\xff" * n + b"\x00" * (LETTERS - n) for n in range(LETTERS + 1)), np.uint64)
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
            some = cells[start : start + AT_ONCE]
            texts = Texts.of(some)
            if texts is None or not texts.are_plain():
                found += _unfit(names_of(some), start)
            hashes[start : start + AT_ONCE] = _hashes(some) if texts is None else texts.hashes()
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


@dataclass(frozen=True)
class Texts:
    """Texts as their letters in UTF-8, one after the other, and where each begins; the last figure is their end."""

    letters: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, cells: Any) -> Self | None:
        """Names as Arrow holds them; None where it is not installed."""
        arrow = optional("pyarrow")
        if arrow is None:
            return None
        names = arrow.array(cells) if hasattr(cells, "__arrow_array__") else None
        if names is None or str(names.type) != "large_string" or names.null_count:
            names = _in_arrow(arrow, names_of(cells))
        names = names.combine_chunks() if hasattr(names, "combine_chunks") else names
        _, starts, letters = names.buffers()
        starts = np.frombuffer(starts, np.int64)[names.offset : names.offset + len(names) + 1]
        return cls(np.frombuffer(letters or b"", np.uint8)[starts[0] : starts[-1]], starts - starts[0])

    def are_plain(self) -> bool:
        """Whether none is empty and all can be seen, as plain ASCII can."""
        return bool(np.all(np.diff(self.starts) > 0) and np.all(self.letters - FIRST_SEEN <= LAST_SEEN - FIRST_SEEN))

    def hashes(self) -> Hashes:
        """Of each text, eight letters at a time; no two of up to eight letters and one length have the same."""
        padded = np.concatenate([self.letters, np.zeros(LETTERS, np.uint8)])
        blocks = np.ndarray((len(padded) - LETTERS + 1,), np.uint64, padded.data, 0, (1,))  # one begins at every letter
        length = np.diff(self.starts)
        found = length.astype(np.uint64) * SPREAD
        at = np.arange(len(length))
        for first in range(0, int(np.max(length, initial=0)), LETTERS):
            at = at[length[at] > first]
            block = blocks[self.starts[at] + first] & WITHIN[np.minimum(length[at] - first, LETTERS)]
            mixed = (found[at] ^ block) * SPREAD
            found[at] = mixed ^ (mixed >> np.uint64(32))
        return found.view(np.int64)


def _in_arrow(arrow: Any, names: list[str]) -> Any:
    try:
        return arrow.array(names, arrow.large_string())
    except UnicodeEncodeError:  # half a sign, which is told as what cannot be seen
        return arrow.array([name.encode(errors="surrogatepass") for name in names], arrow.large_binary())


def _hashes(cells: Any) -> Hashes:
    return np.fromiter(map(hash, names_of(cells)), dtype=np.int64, count=len(cells))


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

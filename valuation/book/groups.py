"""Sums by the name of a borrower, a base model, a guarantor: all rows of one name count as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from valuation.book.cells import is_blank, listed
from valuation.workings import FloatArray

UNNAMED = -1
Places = NDArray[np.int32]


class Group:
    """The names met so far and, by name, sums of some figures."""

    def __init__(self, figures: int = 1) -> None:
        self.known: dict[str, int] = {}
        self.sums = np.zeros((figures, 0))

    def places(self, cells: Any) -> Places:
        """The place of the name in each cell; UNNAMED where none is stated. Spaces around a name do not count."""
        found, names = pd.factorize(cells if hasattr(cells, "dtype") else np.array(listed(cells), dtype=object))
        each = np.array([*(self._place(name) for name in listed(names)), UNNAMED], dtype=np.int32)
        places: Places = each[found]  # the code -1 of a blank finds the last
        return places

    def _place(self, name: Any) -> int:
        text = "" if is_blank(name) else str(name).strip()
        return self.known.setdefault(text, len(self.known)) if text else UNNAMED

    def add(self, places: Places, *figures: FloatArray) -> None:
        """Add figures, one array a sum, to the names at these places."""
        named = places >= 0
        more = [np.bincount(places[named], weights=figure[named], minlength=len(self.known)) for figure in figures]
        self.sums = np.pad(self.sums, ((0, 0), (0, len(self.known) - self.sums.shape[1]))) + np.array(more)

    def largest(self, count: int) -> Iterator[tuple[str, float]]:
        """The names with the largest first sums, equal ones by name."""
        sums = self.sums[0]
        least = np.partition(sums, -count)[-count] if len(sums) > count else -np.inf
        names = list(self.known)
        near = [(names[place], float(sums[place])) for place in np.flatnonzero((sums >= least) & (sums > 0)).tolist()]
        yield from sorted(near, key=lambda entry: (-entry[1], entry[0]))[:count]

"""A book of a million loans with haircut parts, five limits and a path by quarter, against other ways of the same work.

Every way answers the same table; `check` compares all figures and binding limits before anything is measured.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars

from benchmarks import book_case, other_books, polars_book
from benchmarks.comparison import Comparison, shown
from benchmarks.timing import MEBIBYTE, medians, peak_memory, process
from valuation.book.tables import lend_book

ROWS = 1_000_000
FEW = 20_000  # rows that are compared, and those of the loop, whose time is scaled up row by row
RUNS = 3
BOOKS = {"1 to 10 years by quarter": False, "all of 40 quarters": True}


def compare() -> Iterator[Comparison]:
    """Times of both books, then peak memory."""
    for longest in BOOKS.values():
        check(book_case.made(FEW, longest=longest))
    for name, longest in BOOKS.items():
        yield from times(f"book of {ROWS:,}, {name}", longest=longest)
    yield memory()


def ours(frame: pd.DataFrame, threads: int = 1) -> pd.DataFrame:
    """The public way, with all its checks, reasons and sums."""
    return lend_book(frame, book_case.POLICY, on=book_case.ON, threads=threads).table


WAYS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {"ours": ours, "pandas": other_books.pandas_book}


def times(title: str, *, longest: bool) -> Iterator[Comparison]:
    """One thread and two against a loop over rows, pandas and polars, whose threads are as many as there are cores."""
    frame = book_case.made(ROWS, longest=longest)
    rows = frame[:FEW].to_dict("records")
    ways: dict[str, Callable[[], Any]] = {
        "one": partial(ours, frame),
        "two": partial(ours, frame, threads=2),
        "loop": partial(other_books.loop, rows),
        "pandas": partial(other_books.pandas_book, frame),
        "polars": partial(polars_book.polars_book, polars.from_pandas(frame)),
    }
    taken = medians(ways, RUNS)
    one, two, whole = taken["one"], taken["two"], taken["loop"] * ROWS / FEW
    loop = f"{shown(whole)} (from {FEW:,} rows)"
    yield Comparison(f"{title}, 1 thread: loop over dictionaries", shown(one), loop, whole / one, 40)
    pandas = taken["pandas"]
    yield Comparison(f"{title}, 1 thread: pandas, rows by quarters", shown(one), shown(pandas), pandas / one, 8)
    yield Comparison(f"{title}, 2 threads: pandas, rows by quarters", shown(two), shown(pandas), pandas / two, 11)
    lazy = taken["polars"]
    what = f"{title}, 2 threads: polars, lazy, {polars.thread_pool_size()} threads"
    yield Comparison(what, shown(two), shown(lazy), lazy / two, 1.5)


def memory() -> Comparison:
    """Peak above the table and its answer, which both hold whole, each in a process of its own."""
    what = f"book of {ROWS:,}, peak memory above the table and its answer: pandas, rows by quarters"
    small, large = (above(way) for way in WAYS)
    if small is None or large is None:
        return Comparison(what, "", "needs Linux", None, 300)
    return Comparison(what, f"{small:.1f} MiB", f"{large:.0f} MiB", large / small, 300)


def above(way: str) -> float | None:
    """MiB that a way needs above the table and its answer; what making the table needed is given back before."""
    named = f"book.WAYS[{way!r}]"
    prepared = f"from benchmarks import book\nframe = book.prepared_for({named})"
    whole = peak_memory(prepared, f"answer = {named}(frame)")
    few = book_case.made(FEW)
    answer = WAYS[way](few).drop(columns=list(few))
    return whole if whole is None else whole - answer.memory_usage(index=False).sum() * ROWS / FEW / MEBIBYTE


def prepared_for(way: Callable[[pd.DataFrame], Any]) -> pd.DataFrame:
    """The table, with nothing left in memory of how it was made, and all loaded that the way loads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.pickle"
        make = f"from benchmarks import book_case; book_case.made({ROWS}).to_pickle({str(path)!r})"
        process([sys.executable, "-c", make])()
        frame: pd.DataFrame = pd.read_pickle(path)
    way(frame[:1000])
    return frame


def check(frame: pd.DataFrame) -> None:
    """All ways must say the same: each figure to 1e-9, and which limit binds."""
    own = ours(frame)
    others = {
        "loop": pd.DataFrame(other_books.loop(frame.to_dict("records"))),
        "pandas": other_books.pandas_book(frame),
        "polars": polars_book.polars_book(polars.from_pandas(frame)).to_pandas(),
    }
    for way, answer in others.items():
        for name in book_case.FIGURES:
            expected, found = own[name].to_numpy(float), answer[name].to_numpy(float)
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9, err_msg=f"{way}, {name}")
        assert (answer["binding_limit"].astype(str) == own["binding_limit"].astype(str)).all(), way

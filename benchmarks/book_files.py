"""The book of a million loans from file to file against pandas, and what memory that takes at fewer and more rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import book_case, other_books
from benchmarks.comparison import Comparison, shown
from benchmarks.timing import medians, peak_memory
from valuation.book.files import lend_file

ROWS = 1_000_000
FEWER = ROWS // 4
FEW = 20_000  # rows that are compared
RUNS = 3
GROUP = 2**17  # rows of a Parquet file that stand together
GOALS = {".parquet": 6, ".csv": 4}


def compare() -> Iterator[Comparison]:
    """Times in Parquet and CSV, then peak memory at two numbers of rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, goal in GOALS.items():
            check(written(folder, FEW, kind))
            table = written(folder, ROWS, kind)
            ways = {"one": partial(ours, table), "two": partial(ours, table, 2), "pandas": partial(pandas_way, table)}
            taken = medians(ways, RUNS)
            for threads, way in ((1, "one"), (2, "two")):
                what = f"book of {ROWS:,}, {kind[1:]} file to file, {threads} thread{'s' * (threads > 1)}: pandas"
                ratio = taken["pandas"] / taken[way]
                yield Comparison(what, shown(taken[way]), shown(taken["pandas"]), ratio, goal)
            yield from memory(kind, written(folder, FEWER, kind), table)


def written(folder: Path, rows: int, kind: str) -> Path:
    """The book in a file of this kind; made once."""
    path = folder / f"book of {rows}{kind}"
    if not path.exists():
        frame = book_case.made(rows).astype({"kind": str, "schedule": str})
        if kind == ".csv":
            frame.to_csv(path, index=False)
        else:  # any reader holds what groups of rows need, so both files get groups of one size
            frame.to_parquet(path, index=False, row_group_size=GROUP)
    return path


def ours(table: Path, threads: int = 1) -> Path:
    """The public way; the answers are beside the table."""
    target = table.with_name(f"ours{table.suffix}")
    lend_file(table, book_case.POLICY, target, on=book_case.ON, threads=threads)
    return target


def pandas_way(table: Path) -> Path:
    """The table read, worked out and written whole."""
    target, csv = table.with_name(f"pandas{table.suffix}"), table.suffix == ".csv"
    answer = other_books.pandas_book(pd.read_csv(table) if csv else pd.read_parquet(table))
    answer.to_csv(target, index=False) if csv else answer.to_parquet(target, index=False)
    return target


def memory(kind: str, small: Path, large: Path) -> Iterator[Comparison]:
    """Peaks above imports, each in a process of its own: how ours grows with the rows, and that of pandas beside it."""
    what = f"{kind[1:]} file to file, peak memory above imports"
    prepared = "from pathlib import Path\nfrom benchmarks import book_files\n"
    prepared += f"book_files.warmed_up(Path({str(small.with_name(f'book of {FEW}{kind}'))!r}))"

    def peak(way: str, table: Path) -> float | None:
        return peak_memory(prepared, f"book_files.{way}(Path({str(table)!r}))")

    few, many, others = peak("ours", small), peak("ours", large), peak("pandas_way", large)
    if few is None or many is None or others is None:
        yield Comparison(what, "", "needs Linux", None, 1.1, at_most=True)
        return
    shares = (f"{many:.0f} MiB", f"{few:.0f} MiB", many / few)
    yield Comparison(f"{what}: {ROWS:,} rows against {FEWER:,}", *shares, 1.1, at_most=True)
    yield Comparison(f"{what}, {ROWS:,} rows: pandas", f"{many:.0f} MiB", f"{others:.0f} MiB", others / many)


def warmed_up(table: Path) -> None:
    """Loads what either way needs, so that no import counts as memory of the work."""
    ours(table)
    pandas_way(table)


def check(table: Path) -> None:
    """Both files must hold the same figures."""
    read = pd.read_csv if table.suffix == ".csv" else pd.read_parquet
    answers = [read(path) for path in (ours(table), pandas_way(table))]
    for name in book_case.FIGURES:
        found, expected = answers[1][name].to_numpy(float), answers[0][name].to_numpy(float)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9, err_msg=name)

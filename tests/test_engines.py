"""Pieces of work give the same results in the same order here, on threads, in other processes and on a cluster."""

import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from made_books import ON, POLICY, mixed_book, same_figures

from valuation.book import stretches
from valuation.book.tables import lend_book
from valuation.engines import in_order, on_executor


def slow_if_even(piece: int) -> int:
    time.sleep(0.002 * (1 - piece % 2))
    return piece * 10


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_come_in_the_order_of_the_pieces(threads: int) -> None:
    assert list(in_order(slow_if_even, range(20), threads=threads)) == [piece * 10 for piece in range(20)]


def test_no_more_pieces_are_read_than_can_be_under_way() -> None:
    """Else a book that is read faster than it is worked out would fill the memory."""
    read: list[int] = []

    def pieces() -> Any:
        for piece in range(100):
            read.append(piece)
            yield piece

    results = in_order(slow_if_even, pieces(), threads=2)
    assert next(results) == 0
    assert len(read) <= 5
    results.close()


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_of_a_piece_comes_out_in_its_place(threads: int) -> None:
    def refuse_the_third(piece: int) -> int:
        if piece == 2:
            raise ValueError("the third")
        return piece

    results = in_order(refuse_the_third, range(5), threads=threads)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="the third"):
        next(results)


def test_threads_end_with_the_results() -> None:
    before = threading.active_count()
    list(in_order(slow_if_even, range(8), threads=3))
    assert threading.active_count() == before


@pytest.fixture(scope="module")
def mixed() -> pd.DataFrame:
    frame = mixed_book(90)
    frame.loc[[4, 70], "rate"] = 4.5
    return frame


def compared(mixed: pd.DataFrame, executor: Any) -> None:
    """A book here and on this executor, in several stretches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "LENGTH", 20)
        here, there = lend_book(mixed, POLICY, on=ON), lend_book(mixed, POLICY, on=ON, executor=executor)
    same_figures(there.table, here.table)
    pd.testing.assert_frame_equal(there.rejects, here.rejects)
    assert there.summary == here.summary


def test_a_book_in_other_processes_is_the_book_here(mixed: pd.DataFrame) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        compared(mixed, executor)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_a_book_on_a_dask_cluster_is_the_book_here(
    mixed: pd.DataFrame, distributed: ModuleType, processes: bool
) -> None:
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=processes, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        compared(mixed, client.get_executor())


def test_what_is_cancelled_is_not_worked_out() -> None:
    """A reader who stops early leaves nothing running behind."""

    class Counting:
        def __init__(self) -> None:
            self.cancelled = 0

        def submit(self, task: Any, piece: int) -> Any:
            counting = self

            class Under:
                def result(self) -> Any:
                    return task(piece)

                def cancel(self) -> None:
                    counting.cancelled += 1

            return Under()

    executor: Any = Counting()
    results = on_executor(slow_if_even, range(10), executor, ahead=4)
    assert next(results) == 0
    results.close()
    assert executor.cancelled == 3

"""Where pieces of work run: here, on threads, or wherever an Executor of the standard library's kind sends them.

numpy lets threads run side by side, so a book on one machine needs no processes. dask.distributed offers the same kind
of Executor (Client.get_executor), which is all that a book beyond one machine takes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")
AHEAD = 1  # pieces under way beside one a thread, which bounds the memory


def in_order(task: Callable[[Piece], Result], pieces: Iterable[Piece], *, threads: int = 1) -> Iterator[Result]:
    """The results of the task on each piece, in the order of the pieces, whatever runs where."""
    if threads == 1:
        yield from map(task, pieces)
        return
    with ThreadPoolExecutor(threads) as executor:
        yield from on_executor(task, pieces, executor, ahead=threads + AHEAD)


def on_executor(
    task: Callable[[Piece], Result], pieces: Iterable[Piece], executor: Executor, *, ahead: int
) -> Iterator[Result]:
    """The same on an Executor, with no more than `ahead` pieces under way."""
    under_way: deque[Future[Result]] = deque()
    try:
        for piece in pieces:
            under_way.append(executor.submit(task, piece))
            if len(under_way) >= ahead:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        for future in under_way:
            future.cancel()

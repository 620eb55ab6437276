"""A book as a pandas table: `lend_book` and what comes back from it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from valuation.book.desk import Desk
from valuation.book.policy import BookPolicy, read_policy
from valuation.book.reasons import DECISIONS, LIMITS, sentence
from valuation.book.reports import Reports, Shocks
from valuation.book.rows import REJECT_COLUMNS
from valuation.book.sources import FrameSource


@dataclass(frozen=True)
class Book:
    """The rows with what may be lent on each, in the order given; the rejects; counts, sums and digests.

    The last three are there if they were asked for: the book under shocks, what is due, the supervisor's table.
    """

    table: pd.DataFrame
    rejects: pd.DataFrame
    summary: Mapping[str, Any]
    stress: pd.DataFrame | None = None
    due: pd.DataFrame | None = None
    supervisor: pd.DataFrame | None = None


def lend_book(
    frame: pd.DataFrame,
    policy: BookPolicy | Mapping[str, Any] | str | Path,
    *,
    on: date | None = None,
    threads: int = 1,
    executor: Executor | None = None,
    language: str = "en",
    stress: Shocks = None,
    due_within_days: int | None = None,
    supervisor: bool = False,
) -> Book:
    """What may be lent on each row of a table, and why not more, by the same formulas as one loan.

    The table comes back with its figures beside it; a row with a bad cell has none, and `.rejects` tells what is wrong
    with it. `policy` is a dictionary or the name of a TOML file; `on` the day whose assumptions hold, today if not
    stated. Figures depend neither on `threads` nor on the rows beside them, nor on where they are worked out:
    `executor` is one of the standard library's kind, such as get_executor() of a client of dask.distributed.

    `stress` asks for the whole book under shocks: "standard", a file of scenarios, or scenarios. `due_within_days` asks
    for what is due by then (0: by today), `supervisor` for the supervisor's table of collateral.
    """
    desk = Desk(FrameSource(frame), read_policy(policy), on)
    reports = Reports(desk, stress=stress, due_within_days=due_within_days, supervisor=supervisor)
    count = len(frame)
    figures = {name: np.empty(count) for name in desk.results}
    codes = {"decision": np.empty(count, np.int8), "binding_limit": np.empty(count, np.int8)}
    codes["reasons"] = np.empty(count, np.int32)
    sentences: dict[str, int] = {}
    rejects: list[dict[str, Any]] = []

    def room(first: int, rows: int) -> dict[str, Any]:
        return {name: column[first : first + rows] for name, column in figures.items()}

    for answer in desk.answers(room, threads, executor):
        here = slice(answer.stretch.rows.first, answer.stretch.rows.first + len(answer.decisions))
        codes["decision"][here], codes["binding_limit"][here] = answer.decisions, answer.stretch.binding
        places = [sentences.setdefault(sentence(key, language), len(sentences)) for key in answer.keys]
        codes["reasons"][here] = np.array(places, dtype=np.int32)[answer.reasons]
        rejects += [reject.to_json(language) for reject in answer.stretch.rows.rejects]
        del answer  # so that no two stretches are kept at a time
    words = {"decision": DECISIONS, "binding_limit": LIMITS, "reasons": tuple(sentences)}
    added = {name: pd.Categorical.from_codes(codes[name], categories=list(words[name])) for name in codes}
    table = pd.concat([frame, pd.DataFrame({**figures, **added}, index=frame.index, copy=False)], axis=1)
    summary = {**desk.summary(), **reports.to_json()}
    return Book(table, pd.DataFrame(rejects, columns=list(REJECT_COLUMNS)), summary, **reports.tables(language))

"""Why a row got its answer, in a sentence. Many rows share one, so each is made once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuation.book.cells import is_blank
from valuation.book.lending_of_rows import Stretch
from valuation.lending.limits import LIMIT_NAMES

DECISIONS = ("offer", "refuse", "rejected")
LIMITS = tuple(LIMIT_NAMES)
REJECTED, TITLE, WORTHLESS, NOTHING, OFFER = range(5)
MOST = 5 * (len(LIMITS) + 1) * 2  # sorts of reasons
Key = tuple[int, int, bool, str]  # one of these five, the binding limit, whether the title is on hold, why
SENTENCES = {
    "en": {
        REJECTED: "Left out: see the table of rejects.",
        TITLE: "The title does not hold{why}.",
        WORTHLESS: "The value is nothing or less: nothing can be lent on it.",
        NOTHING: "{limit} leaves nothing to lend.",
        OFFER: "{limit} decides.",
    },
    "zh": {
        REJECTED: "未计算：见错误表。",
        TITLE: "权属不成立{why}。",
        WORTHLESS: "评估值不大于零，无可贷金额。",
        NOTHING: "{limit}之下无可贷金额。",
        OFFER: "起决定作用的限额：{limit}。",
    },
}
HOLD = {"en": " The title must be confirmed before drawing{why}.", "zh": "提款前须确认权属{why}。"}


def decisions(stretch: Stretch) -> NDArray[np.int8]:
    """The place of each row's answer in DECISIONS."""
    return np.where(stretch.rows.bad, np.int8(2), np.where(stretch.offered, np.int8(0), np.int8(1)))


def reasons(stretch: Stretch, why: Sequence[Any] | None) -> tuple[NDArray[np.int32], list[Key]]:
    """The reason of each row as a place in a list of those that occur; `why` are the reasons given for the titles."""
    rows = stretch.rows
    refused, held = rows.titled("refuse"), rows.titled("hold") & (stretch.binding >= 0)
    sort = np.select(
        [rows.bad, refused, stretch.binding < 0, ~stretch.offered], [REJECTED, TITLE, WORTHLESS, NOTHING], OFFER
    )
    code = (sort * (len(LIMITS) + 1) + stretch.binding + 1) * 2 + held
    occurs = np.zeros(MOST, dtype=bool)
    occurs[code] = True
    plain, places = np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[code]
    keys = [(int(c) // 2 // (len(LIMITS) + 1), int(c) // 2 % (len(LIMITS) + 1) - 1, bool(c % 2), "") for c in plain]
    found = places.astype(np.int32)
    if why is not None:
        known = {key: place for place, key in enumerate(keys)}
        for at in np.flatnonzero((held | refused) & ~rows.bad).tolist():
            if not is_blank(why[at]):
                key = (*keys[places[at]][:3], str(why[at]).strip())
                found[at] = known.setdefault(key, len(known))
        keys = list(known)
    return found, keys


def sentence(key: Key, language: str) -> str:
    """The reason in words."""
    sort, binding, held, why = key
    limit = LIMIT_NAMES[LIMITS[binding]][0 if language == "en" else 1] if binding >= 0 else ""
    said = (f": {why}" if language == "en" else f"：{why}") if why else ""
    return SENTENCES[language][sort].format(limit=limit, why=said) + (HOLD[language].format(why=said) if held else "")

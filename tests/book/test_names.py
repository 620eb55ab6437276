"""A name stands once in a book, whatever library holds it and in whichever stretch it comes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.book import names
from valuation.book.names import NamesSeen, Texts

NAMES = st.lists(st.text("aA1 押é\u200b", max_size=20), min_size=1, max_size=30)


def said(given: list[str], *, held: bool) -> list[tuple[int, str]]:
    """What is wrong with names that come in two stretches, the second time in an array of pandas if `held`."""
    seen, half = NamesSeen(), len(given) // 2
    rest = pd.Series(given[half:], dtype="str").array if held else given[half:]
    parts = ((0, given[:half]), (half, rest))
    return sorted((fault.at + start, fault.code) for start, part in parts for fault in seen.faults(part))


@given(given=NAMES, held=st.booleans())
def test_each_name_is_told_once_as_plain_python_would(given: list[str], held: bool) -> None:
    """Missing, holding what cannot be seen, or seen before; letters of one byte and of several."""
    expected = []
    for at, name in enumerate(given):
        if not name:
            expected.append((at, "missing"))
        elif not name.isprintable():
            expected.append((at, "text_hidden"))
        elif name in given[:at]:
            expected.append((at, "duplicate"))
    assert said(given, held=held) == expected


def test_without_arrow_the_same_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A book read by pandas alone needs no Arrow."""
    monkeypatch.setattr(names, "optional", lambda _: None)
    assert said(["a", "b", "a", "", "押品"], held=False) == [(2, "duplicate"), (3, "missing")]


def test_half_a_sign_is_told_as_what_cannot_be_seen() -> None:
    """UTF-8 has no bytes for it, so the bytes that are hashed must not depend on that."""
    assert said(["a", "\ud83d", "a"], held=False) == [(1, "text_hidden"), (2, "duplicate")]


def test_names_of_up_to_eight_letters_never_share_a_hash() -> None:
    """Nor do fifty thousand longer ones that differ in their last signs alone."""
    short = pd.Series([f"{number:x}" for number in range(50_000)], dtype="str").array
    long = pd.Series([f"pledge contract 2026-{number}" for number in range(50_000)], dtype="str").array
    for column in (short, long):
        texts = Texts.of(column)
        assert texts is not None
        assert len(np.unique(texts.hashes())) == len(column)

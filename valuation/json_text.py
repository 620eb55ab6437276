"""JSON text to plain objects, read strictly: what another reader would let through or take otherwise is refused.

UTF-8 only (a byte order mark is let pass), no doubled keys, no NaN or infinity, no invisible characters, not too large
and not too deep; text comes out in normal form (NFC), so that equal texts are equal bytes. Every problem has its place.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from valuation.canonical import whole
from valuation.errors import InputError, Problem, problem
from valuation.texts.problems import JSON_REASONS

LARGEST_FILE = 20_000_000  # bytes; a case with a hundred assets has less than one million
DEEPEST = 40  # levels of nesting

# Signs that count as letters or marks and show nothing: of Korean, Khmer and Mongolian, and an empty Braille cell.
BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"

# How files begin that are often given by mistake.
BEGINNINGS = {
    b"\xff\xfe\x00\x00": ("UTF-32", "UTF-32"),  # begins as UTF-16 does, so it is asked first
    b"\x00\x00\xfe\xff": ("UTF-32", "UTF-32"),
    b"\xff\xfe": ("UTF-16", "UTF-16"),
    b"\xfe\xff": ("UTF-16", "UTF-16"),
    b"PK\x03\x04": ("an Excel, Word or ZIP file", "Excel、Word 或 ZIP 文件"),
    b"%PDF": ("a PDF file", "PDF 文件"),
}
UNKNOWN = ("binary or in another encoding", "二进制或其他编码")


def read_json(path: str | Path, *, largest: int = LARGEST_FILE) -> Any:
    """What a JSON file holds; its problems bear its name."""
    stored = read_bytes(path, largest=largest)
    try:
        return parse(stored)
    except InputError as error:
        raise error.in_file(Path(path).name) from None


def read_bytes(path: str | Path, *, largest: int = LARGEST_FILE) -> bytes:
    """The bytes of a file that is there, readable and not too large; what has no end is not read to its end."""
    try:
        with Path(path).open("rb") as file:
            stored = file.read(largest + 1)
    except FileNotFoundError:
        raise InputError(problem("file_missing", "", str(path))) from None
    except (OSError, ValueError) as error:  # a name with the sign U+0000 is a ValueError
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(problem("file_unreadable", "", str(path), reason=reason)) from None
    if len(stored) > largest:
        raise InputError(problem("file_too_large", "", str(path), limit=f"{largest:,}"))
    return stored


def parse(stored: bytes) -> Any:
    """The objects in JSON text, or every problem of the text."""
    text = _decoded(stored)
    if not text.strip():
        raise InputError(problem("file_empty", ""))
    try:
        content = json.loads(
            text, object_pairs_hook=_object, parse_constant=_NotFinite, parse_float=_float, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        raise InputError(_syntax_problem(text, error)) from None
    except RecursionError:
        raise InputError(problem("json_depth", "", limit=DEEPEST)) from None
    problems = list(_problems(content, "", 0))
    if problems:
        raise InputError(problems)
    return _normal(content)


class _Doubled(dict[str, Any]):
    """An object in which some keys stand more than once."""

    keys_twice: list[str]


@dataclass(frozen=True)
class _NotFinite:
    """A number that is none, as it was written."""

    word: str


def _decoded(stored: bytes) -> str:
    try:
        text = stored.decode("utf-8-sig")
        position = stored.find(b"\0")  # a sign of UTF-8, but of no text: every other byte of UTF-16 in plain letters
    except UnicodeDecodeError as error:
        position = error.start
    if position < 0:
        return text
    guess, guess_zh = _guess(stored)
    raise InputError(problem("file_encoding", "", position=position + 1, guess=guess, guess_zh=guess_zh))


def beginning_of(stored: bytes) -> tuple[str, str] | None:
    """What a file is that begins with these bytes, in English and Chinese; None if they are no known sign."""
    return next((names for beginning, names in BEGINNINGS.items() if stored.startswith(beginning)), None)


def _guess(stored: bytes) -> tuple[str, str]:
    known = beginning_of(stored)
    if known is not None:
        return known
    try:
        is_text = all(sign.isprintable() or sign.isspace() for sign in stored.decode("gb18030"))
    except UnicodeDecodeError:
        is_text = False
    return ("GBK or GB 18030", "GBK 或 GB 18030") if is_text else UNKNOWN


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = [(unicodedata.normalize("NFC", key), value) for key, value in pairs]
    content = dict(named)
    if len(content) == len(named):
        return content
    doubled = _Doubled(content)
    doubled.keys_twice = [key for key, count in Counter(key for key, _ in named).items() if count > 1]
    return doubled


def _float(word: str) -> float | _NotFinite:
    number = float(word)
    return number if isfinite(number) else _NotFinite(word)


def _whole(word: str) -> int | float | _NotFinite:
    return whole(word) if isfinite(float(word)) else _NotFinite(word)


def _syntax_problem(text: str, error: json.JSONDecodeError) -> Problem:
    position, reason = error.pos, error.msg
    before = text[:position].rstrip()
    if text[position : position + 1] in ("}", "]") and before.endswith(","):  # told otherwise before Python 3.13
        position, reason = len(before) - 1, "Trailing comma"
    elif reason.startswith("Illegal trailing comma"):
        reason = "Trailing comma"
    words, words_zh = JSON_REASONS.get(reason, (reason, reason))
    line, column = text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
    stands = text[position : position + 12].split("\n")[0]
    at, at_zh = (f"`{stands}`", f"`{stands}`") if stands else ("the end of the text", "文本末尾")
    return problem("json_syntax", "", reason=words, reason_zh=words_zh, line=line, column=column, at=at, at_zh=at_zh)


def _problems(content: Any, path: str, depth: int) -> Iterator[Problem]:
    if isinstance(content, _NotFinite):
        yield problem("not_finite", path, content.word[:40] + ("…" if len(content.word) > 40 else ""))
    elif isinstance(content, str):
        yield from _hidden(content, path)
    elif isinstance(content, dict | list) and depth == DEEPEST:
        yield problem("json_depth", path.split(".")[0], limit=DEEPEST)
    elif isinstance(content, dict):
        for key in getattr(content, "keys_twice", ()):
            yield problem("json_duplicate_key", path, key)
        for key, value in content.items():
            place = f"{path}.{key}".lstrip(".")
            yield from _hidden(key, place)
            yield from _problems(value, place, depth + 1)
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _problems(value, f"{path}[{index}]", depth + 1)


def _hidden(text: str, path: str) -> Iterator[Problem]:
    """Signs nobody sees: they make two names look the same, or turn the reading order round."""
    if text.isascii() and text.isprintable():  # nearly always: sign by sign would be a third of all reading
        return
    hidden = [sign for sign in text if sign not in "\n\t" and _is_hidden(sign)]
    if hidden:
        yield problem("text_hidden", path, f"U+{ord(hidden[0]):04X}")


def _is_hidden(sign: str) -> bool:
    return sign in BLANK_LETTERS or unicodedata.category(sign) in ("Cf", "Cc", "Cs", "Zl", "Zp")


def _normal(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _normal(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_normal(value) for value in content]
    return unicodedata.normalize("NFC", content) if isinstance(content, str) else content

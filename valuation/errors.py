"""What can be wrong, said in one sentence each: problems of input, refusals of a gate, differences found by a replay.

The sentences stand in texts/problems.py, by code. A Problem names where it is (path), what was given, what is allowed
and how to mend it.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from valuation.texts.problems import MESSAGES

LANGUAGES = ("en", "zh")

# Names that other programs use for ours, where the letters alone would offer a wrong one.
OTHER_NAMES = {"min": "low", "max": "high", "most_likely": "mode", "std": "sd", "probabilities": "weights"}


def near(name: str, known: Iterable[str]) -> str:
    """The known name nearest to a mistyped one, or an empty text if none is near."""
    names = list(known)
    if OTHER_NAMES.get(name) in names:
        return OTHER_NAMES[name]
    by_letters = {each.casefold(): each for each in names}
    close = difflib.get_close_matches(str(name).casefold(), by_letters, n=1, cutoff=0.6)
    return by_letters[close[0]] if close else ""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input: a code, the place, what was given, and the parameters of its sentence."""

    code: str
    path: str
    given: Any = field(default=None, hash=False)
    params: dict[str, Any] = field(default_factory=dict, hash=False)
    file: str = ""

    def statement(self, language: str = "en") -> str:
        """What is wrong, without the place."""
        return self._fill(0, language)

    def remedy(self, language: str = "en") -> str:
        """How to mend it."""
        return self._fill(1, language)

    def sentence(self, language: str = "en") -> str:
        """Place, what is wrong and how to mend it, as one line."""
        colon, stop = (": ", ". ") if language == "en" else ("：", "。")
        place = "".join(f"{_printable(part)}{colon}" for part in (self.file, self.path) if part)
        remedy = self.remedy(language)
        return f"{place}{self.statement(language)}{stop}{remedy}".rstrip()

    def moved(self, from_path: str, to_path: str) -> Problem:
        """The problem at its place in the file, if its path begins with `from_path`."""
        rest = self.path.removeprefix(from_path)
        begins = self.path.startswith(from_path) and rest[:1] in ("", ".", "[")
        return replace(self, path=to_path + rest) if begins else self

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """The problem for machines; the sentence stands beside its parts."""
        parts = {"code": self.code, "file": self.file, "path": self.path, "given": _plain(self.given)}
        return {**parts, "sentence": self.sentence(language)}

    def _fill(self, part: int, language: str) -> str:
        numbers = {name: shown(value) for name, value in self.params.items() if isinstance(value, float)}
        values = {"remedy": "", "example": "", **self.params, **numbers, "given": shown(self.given)}
        if "known" in self.params:
            offered, known = near(str(self.given), self.params["known"]), _few(sorted(self.params["known"]))
            known = known or {"en": "none", "zh": "无"}[language]
            question = {"en": f"Did you mean {offered}?", "zh": f"是否想写 {offered}？"}
            listed = "{known}" in MESSAGES[self.code][language][0]
            otherwise = {
                "en": "Use one of these." if listed else f"Known: {known}.",
                "zh": "请使用其中之一。" if listed else f"可用：{known}。",
            }
            values |= {"near": (question if offered else otherwise)[language], "known": known}
        if language == "zh":
            values |= {name[:-3]: text for name, text in self.params.items() if name.endswith("_zh")}
            values |= {name: self.params[name] for name in self.params if name.endswith("_zh")}
        return _printable(MESSAGES[self.code][language][part].format(**values).strip())


class ValuationError(Exception):
    """Anything this package refuses; the text is made of plain sentences."""


class InputError(ValuationError):
    """One or more problems with what was given; all problems of a file come at once."""

    def __init__(self, problems: Sequence[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(problem.sentence() for problem in self.problems))

    def in_file(self, name: str) -> InputError:
        """The same problems with the name of the file they were found in."""
        return InputError([replace(problem, file=problem.file or name) for problem in self.problems])

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.problems,))


def problem(code: str, path: str, given: Any = None, **params: Any) -> Problem:
    """A Problem with the parameters of its sentence written as keywords."""
    return Problem(code, path, given, params)


def _few(names: Sequence[str], at_most: int = 40) -> str:
    """The names, or of very many only how each group of dotted names begins."""
    groups = Counter(name.split(".")[0] for name in names)
    if len(names) <= at_most or len(groups) == len(names):
        return ", ".join(names)
    return ", ".join(f"{group}.… ({count})" for group, count in groups.items())


class _Shown(str):
    """A text already fit for a sentence, whose quoted form adds quotes only to text, not to numbers."""

    quoted: bool

    def __new__(cls, text: str, *, quoted: bool) -> _Shown:
        made = super().__new__(cls, text)
        made.quoted = quoted
        return made

    def __repr__(self) -> str:
        return f'"{self}"' if self.quoted else str(self)


def shown(given: Any) -> _Shown:
    """A value as a reader knows it, short and on one line; in quotes, where it is text, by its repr."""
    if isinstance(given, str):
        return _Shown(_printable(given if len(given) <= 80 else given[:77] + "…"), quoted=True)
    if isinstance(given, float) and given == int(given if abs(given) < 1e15 else 0) and abs(given) < 1e15:
        return _Shown(str(int(given)), quoted=False)
    names = {type(None): "nothing", bool: str(given).lower(), dict: "an object", list: "a list"}
    text = names.get(type(given), str(given))
    return _Shown(text if len(text) <= 80 else text[:77] + "…", quoted=False)


def _printable(text: str) -> str:
    """The text with what cannot be seen written as its code, so that a sentence stays one line in reading order."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def _plain(given: Any) -> Any:
    return given if isinstance(given, str | int | float | bool | type(None)) else str(given)

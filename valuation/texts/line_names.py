"""What the steps of the workings are called: names in English, the field's own words in Chinese (texts/lines.toml)."""

import functools
import re
import tomllib
from importlib.resources import files
from typing import Any

ENTRY = re.compile(r"\[(.*)\]")
BEARER = "below_"


def label(name: str, language: str) -> str:
    """What a step is called in a reader's language; the name itself in English, and where no word is known for it.

    revenue[H100] is H100：租金收入, `weights by A` 权重（A）, lost_below_fund 预期损失额（fund承担层之下）.
    """
    if language != "zh":
        return name
    entry = ENTRY.search(name)
    step, _, expert = ENTRY.sub("", name).partition(" by ")
    words = _word(step, entry[1] if entry else "")
    if words is None:
        return name
    if expert:
        words = f"{words}（{expert}）"
    return f"{_texts()['entries'].get(entry[1], entry[1])}：{words}" if entry else words


def _word(step: str, entry: str) -> str | None:
    lines = _texts()["lines"]
    named = lines.get(f"{step}[]") if entry and not entry.isdigit() else None
    found: str | None = named or lines.get(step)
    return found if found is not None else _of_a_claim(step)


def _of_a_claim(step: str) -> str | None:
    """The word of a step that is named once more for each claim, bearer or number."""
    texts = _texts()
    first = next((first for first in texts["goes_on"] if step.startswith(f"{first}_")), None)
    if first is None:
        return None
    of = step.removeprefix(f"{first}_")
    said = texts["claims"].get(of, of)
    if of.startswith(BEARER):
        said = texts["claims"][BEARER].format(of.removeprefix(BEARER))
    return f"{texts['lines'][first]}（{said}）"


@functools.cache
def _texts() -> dict[str, Any]:
    return tomllib.loads((files("valuation.texts") / "lines.toml").read_text(encoding="utf-8"))

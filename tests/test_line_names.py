"""The steps of every method in the words of the field: a Chinese reviewer signs working papers written in Chinese."""

import re

import pytest
from readings import CASES, INSTALLED, example, family

from valuation.report.plain import outcome_table
from valuation.report.workbook import Pages
from valuation.texts import line_names
from valuation.texts.line_names import label

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SYMBOLS = {"d1", "n_d1", "n_d2"}  # written the same in every language


@pytest.fixture(scope="module")
def names() -> set[str]:
    """Every line that a method prints on the example inputs, with the lines of what its inputs are derived from."""
    return {line.name for case in CASES for outcome in family(example(*case)) for line in outcome.lines}


def test_every_line_of_every_method_has_a_chinese_label(names: set[str]) -> None:
    assert {name for name in names - SYMBOLS if not CHINESE.search(label(name, "zh"))} == set()


def test_no_label_is_unused(names: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A label of a line that no method prints any more would mislead who looks for it."""
    texts = line_names._texts()
    read: set[str] = set()

    class Read(dict):
        def get(self, key: str, default: str | None = None) -> str | None:
            read.update([key] if key in self else [])
            return super().get(key, default)

        def __getitem__(self, key: str) -> str:
            read.add(key)
            return super().__getitem__(key)

    parts = {part: Read(texts[part]) for part in ("lines", "claims", "entries")}
    monkeypatch.setattr(line_names, "_texts", lambda: {**texts, **parts})
    for name in names:
        label(name, "zh")
    assert {key for part in parts.values() for key in part} - read == set()
    assert {first for first in texts["goes_on"] if not any(name.startswith(f"{first}_") for name in names)} == set()


def test_english_keeps_the_names(names: set[str]) -> None:
    assert {name for name in names if label(name, "en") != name} == set()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("after_tax_royalty", "税后许可费节省额"),
        ("revenue[H100]", "H100：租金收入"),
        ("spread[2]", "2：变现价值对数标准差"),
        ("score[2]", "2：可接受不足额概率的正态分位"),
        ("score[accuracy]", "准确性：评分"),
        ("judgements[legal] by A", "legal：判断矩阵行（A）"),
        ("spread[1]_below_担保公司", "1：变现价值对数标准差（担保公司承担层之下）"),
        ("lost_in_all", "预期损失额（全部敞口）"),
        ("power_step_12", "特征向量法迭代（12）"),
        ("a_step_of_a_stranger's_method", "a_step_of_a_stranger's_method"),
    ],
)
def test_an_entry_stands_in_front_and_what_else_a_name_carries_behind(name: str, said: str) -> None:
    assert label(name, "zh") == said


@pytest.mark.parametrize("method_id", INSTALLED)
def test_tables_and_sheets_in_chinese_say_every_step_in_chinese(method_id: str) -> None:
    """The sheet keeps the name in brackets, as it does for inputs, so that a step can be found in the method's page."""
    outcome = example(*next(case for case in CASES if case[0] == method_id))
    pages = Pages("zh")
    pages.calculation(outcome)
    said = {row.name: row.label for row in pages.sheets[-1].rows if row.kind in ("line", "opaque")}
    words = {line.name: label(line.name, "zh") for line in outcome.lines}
    assert said == {name: name if word == name else f"{word}（{name}）" for name, word in words.items()}
    assert [row[0] for row in outcome_table(outcome, "zh").rows] == [label(line.name, "zh") for line in outcome.lines]
    assert [row[0] for row in outcome_table(outcome, "en").rows] == [line.name for line in outcome.lines]

"""Every sentence exists in both languages, is used, gets what it needs, and stays one readable line."""

import ast
import pickle
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from valuation.errors import LANGUAGES, InputError, Problem, near, problem
from valuation.texts.problems import JSON_REASONS, MESSAGES

ROOT = Path(__file__).parent.parent
SOURCES = [path for folder in ("valuation", "methods") for path in sorted((ROOT / folder).rglob("*.py"))]
GIVEN_BY_ITSELF = {"given", "near", "remedy", "example"}  # what Problem fills without being told
MAKERS = {"problem", "custom_error", "Problem", "PydanticCustomError"}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def needs(code: str, language: str) -> set[str]:
    """The parameters that the sentence of this code names."""
    found = {name for template in MESSAGES[code][language] for name in fields(template)}
    found |= {"known"} if "near" in found else set()
    return found - GIVEN_BY_ITSELF


def uses() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where a problem is made: place, code, and the names of its parameters (None if they are not written out)."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS):
                continue
            if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                names = [keyword.arg for keyword in node.keywords]
                written = None if None in names else {name for name in names if name is not None}
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.args[0].value, written


USES = list(uses())


def test_there_are_problems_to_look_at() -> None:
    assert len(USES) > 80


@pytest.mark.parametrize(("place", "code"), [(place, code) for place, code, _ in USES])
def test_every_problem_has_a_sentence(place: str, code: str) -> None:
    assert code in MESSAGES


@pytest.mark.parametrize(("place", "code", "written"), [use for use in USES if use[2] is not None])
def test_every_problem_brings_what_its_sentence_names(place: str, code: str, written: set[str]) -> None:
    """A parameter that is missing would end in a KeyError just when a user needs the sentence."""
    assert needs(code, "en") <= written
    assert needs(code, "zh") <= written | {name.removesuffix("_zh") for name in written} | {"remedy_zh"}


def test_every_sentence_is_used() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name != "problems.py")
    assert [code for code in MESSAGES if f'"{code}"' not in sources] == []


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_say_the_same(code: str) -> None:
    assert set(MESSAGES[code]) == set(LANGUAGES)
    english, chinese = ({name.removesuffix("_zh") for name in needs(code, language)} for language in LANGUAGES)
    assert english - GIVEN_BY_ITSELF == chinese - GIVEN_BY_ITSELF


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", MESSAGES)
def test_every_template_fills_to_one_line(code: str, language: str) -> None:
    params: dict[str, object] = {name: f"<{name}>" for name in needs(code, language)}
    if "known" in params:
        params["known"] = ["alpha", "beta"]
    said = problem(code, "assets[0].id", "alpa", **params).sentence(language)
    assert said.startswith("assets[0].id: " if language == "en" else "assets[0].id：")
    assert "\n" not in said
    assert "  " not in said


def test_chinese_sentences_are_chinese() -> None:
    for code, texts in MESSAGES.items():
        shown = "".join(texts["zh"])
        is_filled_by_the_caller = fields(texts["zh"][0]) == {"reason_zh"}
        assert is_filled_by_the_caller or any("\u4e00" <= sign <= "\u9fff" for sign in shown), code


def test_reasons_of_json_are_in_both_languages() -> None:
    assert all(english and chinese for english, chinese in JSON_REASONS.values())


# the parts of a sentence


def test_a_text_is_quoted_and_a_number_is_not() -> None:
    known = ["mid", "end"]
    assert problem("not_known", "timing", "middle", known=known).sentence() == (
        'timing: "middle" is not known. Known: end, mid. Did you mean mid?'
    )
    assert problem("not_known", "timing", 5, known=known).sentence() == (
        "timing: 5 is not known. Known: end, mid. Use one of these."
    )


def test_a_near_name_is_found_in_other_letters_too() -> None:
    assert near("cny", ["CNY", "USD"]) == "CNY"


def test_where_nothing_is_known_it_says_so() -> None:
    told = problem("unknown_reference", "rate", "cn.lpr.1y", known=())
    assert told.sentence() == 'rate: there is no reference figure "cn.lpr.1y". Known: none.'
    assert told.sentence("zh") == 'rate：没有参考数据 "cn.lpr.1y"。可用：无。'


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (None, "nothing was given"),
        (True, "true was given"),
        ({"a": 1}, "an object was given"),
        ([1], "a list was given"),
        (1e6, "1000000 was given"),
        (0.1, "0.1 was given"),
        (10**20, "100000000000000000000 was given"),
        ("x" * 100, f'"{"x" * 77}…" was given'),
        ("a\u202eb\n", '"a\\u202eb\\u000a" was given'),
    ],
)
def test_what_was_given_is_shown_as_a_reader_knows_it(given: object, shown: str) -> None:
    assert shown in problem("wrong_kind", "x", given, allowed="a number", example="5").sentence()


def test_a_path_that_cannot_be_seen_is_written_out() -> None:
    """Or a key with a turned reading order would scramble the line, and a line break make two."""
    told = problem("not_finite", "rate\u202e\n", "NaN").sentence()
    assert told.startswith("rate\\u202e\\u000a: NaN ")


def test_known_names_are_listed_where_none_is_near() -> None:
    told = problem("unknown_method", "", "xyz", known=["cost.a", "income.b"]).sentence()
    assert told == 'there is no method "xyz". Known: cost.a, income.b.'


def test_of_very_many_names_the_groups_are_told() -> None:
    known = [f"cn.{number}" for number in range(60)] + ["us.tax"]
    assert problem("unknown_reference", "", "xyz", known=known).sentence().endswith("Known: cn.… (60), us.… (1).")


def test_names_of_other_programs_are_understood() -> None:
    """By letters alone, min is nearest to median."""
    parts = ["low", "mode", "high", "median", "mean"]
    assert (near("min", parts), near("max", parts), near("mod", parts), near("zzz", parts)) == (
        "low",
        "high",
        "mode",
        "",
    )


# problems on their way


def test_a_problem_moves_with_what_it_is_in() -> None:
    found = problem("not_finite", "software.rate.inputs", "NaN")
    assert found.moved("software", "assets[0].facts").path == "assets[0].facts.rate.inputs"
    assert found.moved("soft", "elsewhere") is found
    assert problem("not_finite", "a[1]", "NaN").moved("a", "b").path == "b[1]"


def test_the_first_file_named_stays() -> None:
    inner = InputError(problem("file_empty", "")).in_file("record.json")
    assert (
        str(inner.in_file("case.json")) == "record.json: the file is empty. Begin with { and give the keys of a case."
    )


def test_equal_problems_are_one_whatever_was_given() -> None:
    """A fact that two methods share is wrong once; what was given may be a list, which cannot be hashed."""
    twice = [problem("not_by_year", "assets[0].facts.age", 3, of=[1, 2]) for _ in range(2)]
    assert len(dict.fromkeys(twice)) == 1
    assert len({problem("x", "a", [1]), problem("x", "a", [2])}) == 2


def test_an_error_holds_all_problems_and_survives_a_process() -> None:
    """A book may be worked in other processes; what they refuse must come back whole."""
    error = InputError([problem("file_empty", ""), problem("not_finite", "rate", "NaN")])
    again = pickle.loads(pickle.dumps(error))
    assert again.problems == error.problems
    assert str(again).splitlines() == [each.sentence() for each in error.problems]


def test_a_problem_for_machines_has_its_parts() -> None:
    found = Problem("too_large", "rate", [1, 2], {"limit": 1.0}, "case.json")
    assert found.to_json() == {
        "code": "too_large",
        "file": "case.json",
        "path": "rate",
        "given": "[1, 2]",
        "sentence": "case.json: rate: a list was given, at most 1 is allowed.",
    }
    assert found.to_json("zh")["sentence"].startswith("case.json：rate：")

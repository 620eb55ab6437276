"""JSON is read strictly: what two readers could take in two ways is refused, at its place."""

import unicodedata

import pytest

from valuation.canonical import canonical_bytes, read_back
from valuation.errors import InputError
from valuation.json_text import parse, read_json


def told(text: str | bytes) -> list[str]:
    with pytest.raises(InputError) as refused:
        parse(text.encode() if isinstance(text, str) else text)
    return [problem.sentence() for problem in refused.value.problems]


def test_plain_json_is_what_it_says() -> None:
    assert parse(b'{"a": [1, 2.5, "x", true, null, {}]}') == {"a": [1, 2.5, "x", True, None, {}]}


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_texts_and_keys_come_out_in_one_form() -> None:
    """A Mac writes é as two signs, Windows as one; a digest must not depend on it."""
    composed, decomposed = (unicodedata.normalize(form, "José") for form in ("NFC", "NFD"))
    assert composed != decomposed
    assert parse(f'{{"{decomposed}": ["{decomposed}"]}}'.encode()) == {composed: [composed]}


def test_keys_that_differ_only_in_form_are_doubled() -> None:
    composed, decomposed = (unicodedata.normalize(form, "José") for form in ("NFC", "NFD"))
    assert told(f'{{"a": {{"{composed}": 1, "{decomposed}": 2}}}}') == [
        'a: the key "José" stands more than once in one object. Keep one of them.'
    ]


def test_all_problems_come_at_once_each_at_its_place() -> None:
    assert [
        line.split(": ")[0] for line in told('{"a": NaN, "b": [1, {"c": 1e400, "c": -Infinity}], "d": "\\u200b"}')
    ] == [
        "a",
        "b[1]",
        "b[1].c",
        "d",
    ]


@pytest.mark.parametrize("escaped", ["\\u202e", "\\u0000", "\\ud800", "\\ufeff", "\\u2028", "\\u3164"])
def test_signs_nobody_sees_are_refused(escaped: str) -> None:
    assert "invisible character" in told(f'{{"a": "x{escaped}y"}}')[0]


def test_line_breaks_and_chinese_are_no_hidden_signs() -> None:
    assert parse('{"a": "第一行\\n第二行\\t，。"}'.encode()) == {"a": "第一行\n第二行\t，。"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "a key in double quotes is expected (line 1, column 2, at the end of the text)"),
        ('{"a" 1}', "a colon is expected (line 1, column 6, at `1}`)"),
        ('{"a": 1 "b": 2}', 'a comma or a closing bracket is expected (line 1, column 9, at `"b": 2}`)'),
        ('{"a": 1,}', "a comma stands after the last entry (line 1, column 8, at `,}`)"),
        ('{"a": [1,\n2,\n]}', "a comma stands after the last entry (line 2, column 2, at `,`)"),
        ('{"a": "x\ny"}', "a text holds a line break, a tab or the like (line 1, column 9, at the end of the text)"),
        ('{"a": "\\x"}', 'after a backslash only " \\ / b f n r t or u may stand (line 1, column 8, at `\\x"}`)'),
        ('{"a": "\\uD8"}', 'four digits 0-9 or a-f must follow \\u (line 1, column 9, at `uD8"}`)'),
        ("\ufeff\ufeff{}", "it begins with two byte order marks (line 1, column 1, at `\\ufeff{}`)"),
        ("{}\x1b[2J", "more follows after the end (line 1, column 3, at `\\u001b[2J`)"),
        ("{} {}", "more follows after the end (line 1, column 4, at `{}`)"),
        ('{"a": True}', "a value is expected (line 1, column 7, at `True}`)"),
        ('{"a": .5}', "a value is expected (line 1, column 7, at `.5}`)"),
    ],
)
def test_what_is_no_json_is_told_in_plain_words(text: str, reason: str) -> None:
    assert told(text) == [f"this is not JSON: {reason}. Mend the text at that place."]


@pytest.mark.parametrize(
    ("stored", "guess"),
    [
        ("价格".encode("gb18030"), "GBK or GB 18030"),
        ("价格".encode("utf-16"), "UTF-16"),
        ("x".encode("utf-16-be") + b"\xff", "binary or in another encoding"),
        ("价格".encode("utf-32"), "UTF-32"),
        ('{"a": 1}'.encode("utf-16-le"), "binary or in another encoding"),
        (b"%PDF-1.7\n\xe2\xe3", "a PDF file"),
        (b"PK\x03\x04\xff", "an Excel, Word or ZIP file"),
    ],
)
def test_another_encoding_is_told_by_its_name(stored: bytes, guess: str) -> None:
    assert told(stored)[0].startswith(f"the file is {guess}, not UTF-8 text (byte ")


@pytest.mark.parametrize("text", ["", "  \n", "\ufeff"])
def test_an_empty_file_is_called_empty(text: str) -> None:
    assert told(text) == ["the file is empty. Begin with { and give the keys of a case."]


@pytest.mark.parametrize(
    ("word", "number"), [("12345678901234567890", 12345678901234567890.0), ("9007199254740991", 2**53 - 1)]
)
def test_a_whole_number_too_long_for_other_readers_becomes_a_float(word: str, number: float) -> None:
    read = parse(word.encode())
    assert read == number
    assert isinstance(read, float) is (number >= 2**53)


@pytest.mark.parametrize("figure", [1e17, 3e20, 3e21, float(2**53), 0.1, 5.0, -0.0, 5e-324])
def test_what_is_stored_can_be_stored_again(figure: float) -> None:
    """A FLOP count of 3e20 is written without a point; read as a whole number it could not be written again."""
    once = canonical_bytes({"flop": figure})
    assert canonical_bytes(read_back({"flop": figure})) == once
    assert canonical_bytes(parse(once)) == once


def test_a_file_name_that_no_file_can_have_is_a_sentence() -> None:
    with pytest.raises(InputError, match="cannot be read: embedded null byte"):
        read_json("a\0b")

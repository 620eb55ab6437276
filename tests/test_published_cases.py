"""Every published worked example in tests/cases, run by the method it is about.

A case of status `reject` is a page whose own inputs do not give its result; there we must give what follows from the
inputs, and not what is printed.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cases_mapping import LEFT_OUT, READINGS

CASES = {path.stem: json.loads(path.read_text("utf-8")) for path in (Path(__file__).parent / "cases").glob("*.json")}


def listed(figures: Any) -> list[Any]:
    return figures if isinstance(figures, list) else [figures]


def results(case: dict[str, Any]) -> Iterator[tuple[str, float, float, dict[str, Any] | None]]:
    """Each figure: its name, what we give, what an independent recomputation gave, and what is printed, if it is."""
    printed = {**case["printed_result"], **case.get("intermediate", {})}
    again = {**case["recomputed_result"], **case.get("recomputed_intermediate", {})}
    for name, ours in READINGS[case["id"]](case["inputs"]).items():
        on_page = listed(printed[name]) if name in printed else [None] * len(listed(ours))
        for each in zip(listed(ours), listed(again[name]), on_page, strict=True):
            yield name, *each


@pytest.mark.parametrize("case", sorted(READINGS))
def test_gives_what_is_printed_and_what_follows_from_the_inputs(case: str) -> None:
    """To the printed precision, and to that of an independent recomputation."""
    kept = CASES[case]
    off_the_page = set()
    for name, ours, again, printed in results(kept):
        # A balance of 0 was recomputed as -3.4e-11.
        assert ours == pytest.approx(again, rel=1e-9, abs=1e-10), name
        if printed is not None and abs(ours - printed["value"]) > printed["tolerance"]:
            off_the_page.add(name)
    assert bool(off_the_page) == (kept["status"] == "reject"), off_the_page


@pytest.mark.parametrize("case", sorted(READINGS))
def test_every_printed_result_is_given_or_left_out_for_a_reason(case: str) -> None:
    given = READINGS[case](CASES[case]["inputs"])
    assert set(CASES[case]["printed_result"]) - set(given) == set(LEFT_OUT.get(case, {}))


def test_the_docs_say_of_every_rejected_page_what_it_prints_and_what_we_give() -> None:
    page = (Path(__file__).parent.parent / "docs/explanation/published-examples.md").read_text("utf-8")
    rows = {line.split(",")[0].removeprefix("| "): line for line in page.splitlines() if line.startswith("| ")}
    for name, kept in CASES.items():
        if kept["status"] == "reject":
            value = "option_value" if "option_value" in kept["printed_result"] else "value"
            printed, ours = kept["printed_result"][value]["value"], kept["recomputed_result"][value]
            assert f"{printed:,.2f}" in rows[name], name
            assert f"{ours:,.2f}" in rows[name], name


def test_every_case_has_its_reading_and_every_reading_its_case() -> None:
    """A lost file or a forgotten case is seen."""
    assert set(READINGS) == set(CASES)


def test_every_case_says_where_it_is_from_and_how_that_was_checked() -> None:
    for case in CASES.values():
        assert case["source"]["title"]
        assert case["verified"] in ("page-read", "file-read", "unverified")

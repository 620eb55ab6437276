"""`valuation haircut`: the one call for a lender who has a value, with every assumption and its reason."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

import valuation
from valuation.cli import main

ON = "2026-11-24"


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(main, ["haircut", *(str(each) for each in arguments), "--on", ON], catch_exceptions=False)


def test_machines_get_what_the_call_gives() -> None:
    from datetime import date

    found = json.loads(run("compute_cluster", 1e7, "--tenor-years", 3, "--set", "dependency=0.1", "--json").stdout)
    called = valuation.haircut(
        kind="compute_cluster", value=1e7, tenor_years=3, dependency=0.1, on=date.fromisoformat(ON)
    )
    assert found == json.loads(json.dumps(called.to_json()))
    assert found["judgement_of"] == "2026-11-24"
    assert "dependency" not in [default["name"] for default in found["defaults"]]


@pytest.mark.parametrize(("language", "words"), [("en", "is left"), ("zh", "剩余")])
def test_a_reader_sees_the_parts_and_every_default_with_its_reason(language: str, words: str) -> None:
    shown = run("ai_model", 1e6, "--language", language)
    assert shown.exit_code == 0
    assert words in shown.stdout
    assert "No recovery on pledged model weights found." in shown.stdout
    assert "2026-11-24" in shown.stdout


def test_a_longer_loan_and_a_slower_sale_leave_less() -> None:
    """A haircut that forgets the tenor is the oldest mistake of all."""
    left = [
        json.loads(run("compute_cluster", 1e6, "--tenor-years", years, "--set", f"sale_time={sale}", "--json").stdout)[
            "recoverable"
        ]
        for years, sale in ((1, 0.5), (3, 0.5), (3, 1.5), (5, 1.5))
    ]
    assert left == sorted(left, reverse=True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("gpu", 1e6), '"gpu" is not known'),
        (("ai_model", "lots"), "not a valid float"),
        (("ai_model", 1e6, "--set", "dependancy=0.1"), "Did you mean dependency"),
        (("ai_model", 1e6, "--set", "dependency"), "Write dependency=0.1"),
        (("ai_model", 1e6, "--evidence-level", 4), "evidence_level"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_exit_code_2(arguments: tuple[Any, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_the_mean_of_the_worst_cases_bears_the_claims_ahead_too() -> None:
    """It was shown before claims, and so below the haircut that it can never be less than."""
    told = run("compute_cluster", 10_000_000, "--prior-claims", 20_000_000).stdout
    assert "Mean of the worst cases: 100.0%." in told

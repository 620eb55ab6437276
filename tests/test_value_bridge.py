"""Why a value has moved, line by line, with nothing left over."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from made_cases import COST, ROYALTY, conclusion_of, corpus, inputs_of, software

import valuation
from valuation.appraisal import appraise
from valuation.case import Case, read_case
from valuation.errors import InputError
from valuation.records import Record, read_record, record
from valuation.rolled_case import roll_forward
from valuation.value_bridge import AssetBridge, bridge

EXAMPLES = Path(__file__).parent.parent / "examples"
START, YEAR_LATER = date(2024, 6, 30), date(2025, 6, 30)


def level(on: date = START, **inputs: Any) -> dict[str, Any]:
    """37,500 a year after tax for five years, at 18%."""
    content = {**software(), "valuation_date": on.isoformat()}
    content["assets"][0]["methods"][0]["inputs"] = {
        "revenue": [1e6] * 5, "royalty_rate": 0.05, "tax_rate": 0.25, "discount_rate": 0.18,
        "remaining_useful_life": 5, "timing": "end", **inputs,
    }  # fmt: skip
    return content


def worth(years: int, royalty: float = 37500, rate: float = 0.18) -> float:
    return sum(royalty / (1 + rate) ** year for year in range(1, years + 1))


def between(old: Case | Record, new: Case) -> AssetBridge:
    (asset,) = bridge(old, new).assets
    return asset


def lines(asset: AssetBridge) -> list[tuple[str, str]]:
    return [(line.kind, line.name) for line in asset.lines]


def changed(case: Case, change: Callable[[dict[str, Any]], None]) -> Case:
    content = deepcopy(case.to_json())
    change(content)
    return read_case(content)


# by hand


def test_nothing_but_time_is_one_line() -> None:
    old = read_case(level())
    found = between(old, roll_forward(old, YEAR_LATER))
    assert lines(found) == [("time", "time")]
    assert found.before == pytest.approx(worth(5))
    assert found.lines[0].amount == pytest.approx(worth(4) - worth(5))
    assert (found.lines[0].before, found.lines[0].after) == ("2024-06-30", "2025-06-30")


def test_each_changed_input_is_a_line_on_top_of_those_before_it() -> None:
    """Four years left; the rate of discount falls from 18% to 15%, then the royalty rises by a fifth."""
    old = read_case(level())
    new = read_case(
        level(YEAR_LATER, revenue=[1e6] * 4, remaining_useful_life=4, discount_rate=0.15, royalty_rate=0.06)
    )
    found = between(old, new)
    assert lines(found) == [
        ("time", "time"),
        ("input", "software.income.relief_from_royalty.royalty_rate"),
        ("input", "software.income.relief_from_royalty.discount_rate"),
    ]
    amounts = [line.amount for line in found.lines]
    assert amounts == pytest.approx(
        [worth(4) - worth(5), worth(4) * 0.2, worth(4, 45000, 0.15) - worth(4, 45000)], rel=1e-9
    )
    assert (found.lines[1].before, found.lines[1].after) == (0.05, 0.06)


def test_a_reference_figure_that_moved_is_a_line_of_its_own() -> None:
    """The one-year LPR was 3.1% on 2025-03-31 and 3.0% a year later."""
    old = read_case(level(date(2025, 3, 31), discount_rate={"reference": "cn.lpr.1y"}))
    found = between(old, roll_forward(old, date(2026, 3, 31)))
    assert lines(found) == [("time", "time"), ("figure", "cn.lpr.1y")]
    assert [line.amount for line in found.lines] == pytest.approx(
        [worth(4, rate=0.031) - worth(5, rate=0.031), worth(4, rate=0.03) - worth(4, rate=0.031)], rel=1e-9
    )
    assert (found.lines[1].before, found.lines[1].after) == (0.031, 0.03)


def test_on_one_date_no_time_passes() -> None:
    found = between(read_case(level()), read_case(level(royalty_rate=0.06)))
    assert lines(found) == [("input", "software.income.relief_from_royalty.royalty_rate")]


# nothing is left over


@pytest.mark.parametrize("name", ["gangtong_port_data", "zhipu_glm", "iren_childress"])
def test_the_lines_of_a_real_case_add_up(name: str) -> None:
    old = valuation.load(EXAMPLES / name / "case.json")
    rolled = roll_forward(old, old.valuation_date.replace(month=7 if old.valuation_date.month < 7 else 11))

    def renew(content: dict[str, Any]) -> None:
        for call in content["assets"][0]["methods"]:
            if isinstance(call["inputs"].get("discount_rate"), dict):
                call["inputs"]["discount_rate"] = {"low": 0.1, "mode": 0.15, "high": 0.2, "source": "judgement"}

    new = changed(rolled, renew)
    found = between(old, new)
    assert found.after == appraise(new, draws=0).assets[0].value
    assert len(found.lines) >= 2
    assert found.before + sum(line.amount for line in found.lines) == pytest.approx(found.after, rel=1e-12)
    assert abs(found.rest) <= 1e-9 * abs(found.after)


# from a record


def recorded(case: Case) -> Record:
    return record(case, appraise(case, draws=0))


def test_a_record_is_as_good_as_its_case(tmp_path: Path) -> None:
    old = read_case(level())
    new = roll_forward(old, YEAR_LATER)
    kept = read_record(recorded(old).save(tmp_path / "record.json"))
    assert between(kept, new).to_json() == between(old, new).to_json()


def test_what_a_newer_version_of_a_method_changes_stands_first() -> None:
    """The record said a tenth more, by version 0 of the method."""
    old = read_case(level())
    content = deepcopy(dict(recorded(old).content))
    content["methods"] = [{**method, "version": 0} for method in content["methods"]]
    content["appraisal"]["assets"][0]["indications"][0]["value"] *= 1.1
    found = between(Record(content, b""), roll_forward(old, YEAR_LATER))
    assert lines(found) == [("method", "income.relief_from_royalty 0 → 1"), ("time", "time")]
    assert found.lines[0].amount == pytest.approx(-0.1 * worth(5))
    assert found.before == pytest.approx(1.1 * worth(5))


def test_a_record_answers_with_the_figures_it_was_made_with() -> None:
    """A figure that was corrected since is a line, on the same date too."""
    old = read_case(level(date(2025, 3, 31), discount_rate={"reference": "cn.lpr.1y"}))
    content = deepcopy(dict(recorded(old).content))
    (figure,) = (figure for figure in content["figures"] if figure["name"] == "cn.lpr.1y")
    figure["value"] = 0.05
    content["appraisal"]["assets"][0]["indications"][0]["value"] = worth(5, rate=0.05)
    found = between(Record(content, b""), old)
    assert lines(found) == [("figure", "cn.lpr.1y")]
    assert found.lines[0].amount == pytest.approx(worth(5, rate=0.031) - worth(5, rate=0.05))


# what counts as a change


def of_corpus(change: Callable[[dict[str, Any]], None]) -> AssetBridge:
    old = read_case(corpus())
    return between(old, changed(old, change))


def test_a_better_source_is_no_change() -> None:
    def change(content: dict[str, Any]) -> None:
        inputs_of(content)["collection_cost"].update(source="invoices", level=2)
        inputs_of(content)["opportunity_cost"] = {"value": 50000, "source": "invoices"}
        content["name"] = "Corpus, with invoices"

    assert of_corpus(change).lines == ()


def test_an_input_that_moves_nothing_is_said_to_move_nothing() -> None:
    """The cost of a case that is concluded from income."""

    def change(content: dict[str, Any]) -> None:
        inputs_of(content)["opportunity_cost"] = 60000

    (line,) = of_corpus(change).lines
    assert (line.name, line.amount) == ("corpus.cost.data_replacement.opportunity_cost", 0.0)


def test_an_input_of_a_derived_rate_is_named_whole() -> None:
    def change(content: dict[str, Any]) -> None:
        inputs_of(content, 1)["discount_rate"]["inputs"]["debt_share"] = 0.3

    (line,) = of_corpus(change).lines
    assert line.name == "corpus.income.relief_from_royalty.discount_rate.debt_share"
    assert line.amount != 0


def test_a_figure_worked_out_otherwise_is_one_line() -> None:
    def change(content: dict[str, Any]) -> None:
        inputs_of(content, 1)["discount_rate"] = 0.15

    (line,) = of_corpus(change).lines
    assert line.name == "corpus.income.relief_from_royalty.discount_rate"


def test_a_new_conclusion_is_a_line() -> None:
    def change(content: dict[str, Any]) -> None:
        conclusion_of(content).update(select=COST, because="no licence is left")

    found = of_corpus(change)
    assert lines(found) == [("case", "corpus.conclusion")]
    assert found.lines[0].amount == pytest.approx(found.after - found.before)


def test_words_of_a_conclusion_move_nothing_and_are_no_line() -> None:
    assert of_corpus(lambda content: conclusion_of(content).update(because="licences are signed")).lines == ()


def test_changes_that_hold_only_together_are_one_line() -> None:
    """Revenue of four years makes no case beside survivors of five."""
    old = read_case(level(share_of_revenue=[1.0, 0.9, 0.8, 0.7, 0.6]))
    new = read_case(level(revenue=[1e6] * 4, share_of_revenue=[1.0, 0.9, 0.8, 0.7]))
    (line,) = between(old, new).lines
    assert line.name == (
        "software.income.relief_from_royalty.revenue, software.income.relief_from_royalty.share_of_revenue"
    )
    assert line.amount == pytest.approx(-0.6 * 37500 / 1.18**5)


def test_assets_that_come_and_go_bring_and_take_their_value() -> None:
    def of_two(first: str, second: str) -> Case:
        content = level()
        (asset,) = content["assets"]
        content["assets"] = [{**asset, "id": first}, {**asset, "id": second}]
        return read_case(content)

    found = {asset.asset: asset for asset in bridge(of_two("old", "both"), of_two("both", "new")).assets}
    assert [(line.kind, line.name, line.amount) for line in found["old"].lines] == [
        ("case", "old", pytest.approx(-worth(5)))
    ]
    assert [(line.kind, line.name, line.amount) for line in found["new"].lines] == [
        ("case", "new", pytest.approx(worth(5)))
    ]
    assert found["both"].lines == ()
    assert (found["old"].after, found["new"].before) == (0.0, 0.0)


def test_a_line_stands_only_with_the_asset_it_moves() -> None:
    content = level()
    (asset,) = content["assets"]
    content["assets"] = [{**deepcopy(asset), "id": "one"}, {**deepcopy(asset), "id": "two"}]
    old = read_case(content)
    new = changed(old, lambda content: inputs_of(content).update(royalty_rate=0.06))
    one, two = bridge(old, new).assets
    assert [line.name for line in one.lines] == ["one.income.relief_from_royalty.royalty_rate"]
    assert two.lines == ()


# what cannot be bridged


def test_what_cannot_be_rolled_stands_in_the_inputs_and_is_said() -> None:
    old = read_case(level(remaining_useful_life={"low": 0.5, "mode": 5, "high": 6}))
    new = read_case(level(YEAR_LATER, revenue=[1e6] * 4, remaining_useful_life=4))
    found = bridge(old, new)
    (asset,) = found.assets
    assert found.remarks[0] == "Time is not a line of its own, it stands in the changed inputs."
    assert "Remaining useful life may be over by then" in found.remarks[1]
    assert asset.lines[0].amount == 0.0
    assert abs(asset.rest) < 1e-9 * asset.after


def test_two_currencies_are_refused() -> None:
    with pytest.raises(InputError, match="the old value is in CNY, the new one in USD"):
        bridge(read_case(level()), read_case({**level(), "currency": "USD"}))


def test_without_a_conclusion_there_is_no_value_to_explain() -> None:
    content = corpus()
    del content["assets"][0]["conclusion"]
    with pytest.raises(InputError, match=r"assets\[0\]\.conclusion: several indications and no conclusion"):
        bridge(read_case(content), read_case(corpus()))


def test_an_open_demand_does_not_stop_the_bridge() -> None:
    """A reason that is still to be written changes no figure."""
    content = level()
    del content["assets"][0]["conclusion"]["single_method_reason"]
    assert between(read_case(content), read_case(level())).before == pytest.approx(worth(5))


def test_the_public_name_is_the_function() -> None:
    assert valuation.bridge is bridge
    assert ROYALTY in str(lines(between(read_case(level()), read_case(level(royalty_rate=0.06)))))

"""Which methods can run on what is known, and what a missing fact would unlock."""

from typing import Any

import pytest
from made_cases import COST, ROYALTY, corpus, inputs_of, software

import valuation
from valuation import plugins
from valuation.case import read_case
from valuation.missing_facts import Readiness
from valuation.plugins import Installed


def ready(content: dict[str, Any]) -> Readiness:
    (found,) = valuation.readiness(read_case(content))
    return found


def test_a_method_whose_inputs_are_all_known_can_run() -> None:
    assert ready(corpus()).ready == (COST, ROYALTY)


def test_every_method_that_serves_the_kind_is_ready_lacks_something_or_is_refused() -> None:
    found = ready(corpus())
    serving = {
        installed.id
        for installed in plugins.methods()
        if isinstance(installed, Installed)
        and installed.method.approach != "input"
        and "training_data" in installed.method.serves
    }
    assert serving == {*found.ready, *found.missing, *found.refused}
    assert len(serving) > 2


def test_methods_of_other_kinds_and_of_inputs_are_left_out() -> None:
    found = ready(corpus())
    named = {*found.ready, *found.missing, *found.refused}
    assert named & {"cost.compute_cluster", "rate.wacc", "life.shortest"} == set()


def test_what_a_method_lacks_is_named_as_its_input() -> None:
    found = ready(software())
    assert set(found.missing["income.excess_earnings"]) == {
        "right",
        "income_from",
        "revenue",
        "margin",
        "contributory_assets",
        "discount_rate",
    }


def test_a_fact_counts_for_every_method_that_asks_for_it() -> None:
    content = software()
    content["assets"][0]["facts"] = {"discount_rate": 0.18, "revenue": [1000000, 1200000, 1300000]}
    lacking = ready(content).missing["income.excess_earnings"]
    assert set(lacking) == {"right", "income_from", "margin", "contributory_assets"}


def test_a_missing_fact_tells_whom_it_unlocks_those_that_lack_it_alone_first() -> None:
    found = Readiness("a", (), {"m.many": ("x", "y"), "m.one": ("x",), "m.other": ("y", "z")}, {})
    assert list(found.unlocks.items()) == [("x", ["m.one", "m.many"]), ("y", ["m.many", "m.other"]), ("z", ["m.other"])]


def test_what_unlocks_a_method_does_unlock_it() -> None:
    """Adding all that one method lacks makes it ready."""
    content = software()
    before = ready(content)
    lacking = before.missing["income.excess_earnings"]
    known = {
        "right": "ownership",
        "income_from": "own_use",
        "revenue": [1000000, 1200000, 1300000],
        "margin": 0.3,
        "discount_rate": 0.18,
        "contributory_assets": [{"name": "working capital", "share_of_revenue": 0.02}],
    }
    assert set(lacking) == set(known)
    for fact in lacking:
        assert "income.excess_earnings" in before.unlocks[fact]
    content["assets"][0]["facts"] = known
    assert "income.excess_earnings" in ready(content).ready


def test_what_is_known_and_wrong_for_another_method_is_told_as_refused() -> None:
    """A rate good for one method may lie outside what another allows; that is not a missing fact."""
    content = corpus()
    content["assets"][0]["facts"]["margin"] = {"value": 25}
    found = ready(content)
    problems = found.refused["income.excess_earnings"]
    assert [(problem.path, problem.code) for problem in problems] == [("corpus.margin", "too_large")]
    assert found.to_json()["refused"]["income.excess_earnings"] == [
        "corpus.margin: 25 was given, at most 1 is allowed. Write 25% as 0.25."
    ]


def test_inputs_given_for_a_method_count_for_this_method_only() -> None:
    content = software()
    assert "discount_rate" in inputs_of(content)
    assert "discount_rate" in ready(content).missing["income.excess_earnings"]


def test_each_asset_is_looked_at_by_itself() -> None:
    content = corpus()
    other = software()["assets"][0]
    content["assets"].append(other)
    found = valuation.readiness(read_case(content))
    assert [asset.asset for asset in found] == ["corpus", "software"]
    assert found[1] == ready(software())


@pytest.mark.parametrize("made", [software, corpus])
def test_for_machines_it_is_plain_json(made: Any) -> None:
    found = ready(made()).to_json()
    assert set(found) == {"asset", "ready", "missing", "refused", "unlocks"}
    assert all(isinstance(lacking, list) for lacking in found["missing"].values())

"""No income is counted twice over the assets of a case."""

from typing import Any

import pytest
from made_cases import COST, ROYALTY, software

from valuation.appraisal import appraise
from valuation.case import read_case
from valuation.errors import InputError

BECAUSE = {"because": "x", "spread_cause": "y", "protection": "z", "single_method_reason": "w"}


def assets(**streams: float | None) -> dict[str, Any]:
    """A case of one asset a name, each concluded by royalties out of one income, with its share; None: unsaid."""
    made = []
    for name, share in streams.items():
        (asset,) = software()["assets"]
        stream = {} if share is None else {"income_stream": {"name": "API sales", "share": share}}
        made.append({**asset, "id": name, **stream})
    return {**software(), "assets": made}


def told(content: dict[str, Any]) -> dict[str, list[str]]:
    """What is said of double counting, by asset."""
    found = appraise(read_case(content), draws=0).assets
    return {a.id: [w.english for w in a.warnings if "counted twice" in w.english] for a in found}


def test_shares_that_exceed_the_income_are_refused_with_every_asset_named() -> None:
    """Data 0.4, model 0.5 and router 0.3 of one income would be worth 1.2 times it."""
    with pytest.raises(InputError) as refused:
        read_case(assets(data=0.4, model=0.5, router=0.3))
    (found,) = refused.value.problems
    assert found.sentence() == (
        'assets[0].income_stream.share: the assets take 1.2 of the income "API sales": data 0.4, model 0.5, '
        "router 0.3. Shares of one income add up to 1 at most: what one asset earns no other earns again."
    )
    assert found.sentence("zh").startswith("assets[0].income_stream.share：各资产合计占用收益")


@pytest.mark.parametrize("shares", [(0.4, 0.6), (0.1, 0.2), (1.0,), (0.7, 0.2, 0.1)])
def test_shares_up_to_the_whole_are_read(shares: tuple[float, ...]) -> None:
    """0.7 + 0.2 + 0.1 is 1 but for the last digit of a double."""
    content = assets(**{f"a{place}": share for place, share in enumerate(shares)})
    assert told(content) == {f"a{place}": [] for place in range(len(shares))}


def test_an_asset_that_says_no_share_takes_the_whole() -> None:
    content = assets(data=None, model=0.1)
    content["assets"][0]["income_stream"] = {"name": "API sales"}
    with pytest.raises(InputError, match=r"take 1\.1 of the income"):
        read_case(content)


def test_incomes_of_two_names_are_two() -> None:
    content = assets(data=1.0, model=1.0)
    content["assets"][1]["income_stream"]["name"] = "licences"
    assert told(content) == {"data": [], "model": []}


def with_cost(content: dict[str, Any], place: int, **conclusion: Any) -> None:
    asset = content["assets"][place]
    asset["kind"] = "training_data"
    asset["methods"].append(
        {"id": COST, "inputs": {"collection_cost": 90000, "opportunity_cost": 0, "quality_coefficient": 1}}
    )
    asset["conclusion"] = {**BECAUSE, **conclusion}


def test_an_asset_concluded_by_cost_lives_on_no_income() -> None:
    content = assets(data=0.6, model=0.6)
    with_cost(content, 0, select=COST)
    assert told(content) == {"data": [], "model": []}


def test_a_weight_on_income_takes_its_share_whole() -> None:
    content = assets(data=0.6, model=0.6)
    with_cost(content, 0, weights={COST: 0.5, ROYALTY: 0.5}, reasons={COST: "x", ROYALTY: "y"})
    with pytest.raises(InputError, match=r"take 1\.2 of the income"):
        read_case(content)


def test_a_weight_of_nothing_takes_nothing() -> None:
    content = assets(data=0.6, model=0.6)
    with_cost(content, 0, weights={COST: 1.0, ROYALTY: 0.0}, reasons={COST: "x", ROYALTY: "y"})
    assert told(content)["model"] == []


def test_several_assets_on_unnamed_incomes_are_told() -> None:
    content = assets(data=0.6, model=None, router=None)
    with_cost(content, 2, select=COST)
    found = told(content)
    assert found["data"] == found["model"]
    assert found["router"] == []
    assert found["model"] == [
        "2 assets are valued by income, and of model no income_stream is stated: the same income may be counted twice."
    ]


def test_one_asset_needs_no_stream() -> None:
    assert told(assets(model=None)) == {"model": []}


def test_a_misspelt_method_is_told_alone() -> None:
    """The ledger asks for approaches; a method that does not exist has none and is told where it stands."""
    content = assets(data=0.6, model=0.6)
    content["assets"][0]["methods"][0]["id"] = "income.relief_from_royalti"
    content["assets"][0]["conclusion"]["select"] = "income.relief_from_royalti"
    with pytest.raises(InputError) as refused:
        read_case(content)
    assert {found.code for found in refused.value.problems} == {"unknown_method"}


@pytest.mark.parametrize("share", [0, -0.1, 1.5])
def test_a_share_is_part_of_a_whole(share: float) -> None:
    with pytest.raises(InputError, match=r"assets\[0\]\.income_stream\.share"):
        read_case(assets(data=share))

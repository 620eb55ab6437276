"""Which income counts under the right that is held, in every income method that takes what others may earn."""

from typing import Any

import pytest

from valuation.calculation import run
from valuation.errors import InputError

LIFE = {"remaining_useful_life": 2, "discount_rate": 0.1}
CHARGES = [{"name": "all", "share_of_revenue": 0.1}]
METHODS: dict[str, dict[str, Any]] = {
    "income.direct": {**LIFE, "revenue": [100, 90]},
    "income.profit_split": {**LIFE, "base": "revenue", "revenue": [100, 90], "split_rate": 0.05},
    "income.incremental": {**LIFE, "markets": [{"name": "all", "volume": [10, 9], "price_premium": 2}]},
    "income.excess_earnings": {**LIFE, "revenue": [100, 90], "margin": 0.3, "contributory_assets": CHARGES},
}
OUTSIDE = {"licensing": ("licensing", "许可"), "data_products": ("data products", "数据产品")}
LESSER = {"holding": ("the right to hold", "持有权"), "use": ("the right to use", "使用权")}

every_method = pytest.mark.parametrize("method_id", METHODS)


def value(method_id: str, right: str, income_from: str) -> float:
    return run(method_id, {**METHODS[method_id], "right": right, "income_from": income_from}).value


@every_method
@pytest.mark.parametrize("right", LESSER)
@pytest.mark.parametrize("income_from", OUTSIDE)
def test_what_others_pay_needs_the_right_to_operate(method_id: str, right: str, income_from: str) -> None:
    """A right to use cannot be valued with income from selling data products, by whichever method."""
    with pytest.raises(InputError) as refused:
        value(method_id, right, income_from)
    (found,) = refused.value.problems
    (source, source_zh), (held, held_zh) = OUTSIDE[income_from], LESSER[right]
    assert f"income from {source} needs the right to operate, and the right held is {held}" in found.sentence("en")
    assert f"{source_zh}收益需要经营权，而所持权利为{held_zh}" in found.sentence("zh")


@every_method
def test_a_right_that_suffices_moves_no_figure(method_id: str) -> None:
    """Own use is open to whoever holds a right; the rest to who may operate the data, or owns them."""
    own = [value(method_id, right, "own_use") for right in ("ownership", "holding", "use", "operation")]
    others = [value(method_id, right, source) for right in ("ownership", "operation") for source in OUTSIDE]
    assert len({*own, *others}) == 1


@every_method
def test_neither_the_right_nor_the_source_is_guessed(method_id: str) -> None:
    with pytest.raises(InputError) as refused:
        run(method_id, METHODS[method_id])
    assert [(found.path, found.code) for found in refused.value.problems] == [
        ("right", "missing"),
        ("income_from", "missing"),
    ]

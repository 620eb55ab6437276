"""Shortest life (孰短寿命): how long the asset still earns, set by whichever of its lives ends first."""

from functools import reduce
from typing import Self

import numpy as np
from pydantic import model_validator

from valuation.method import Citation, Inputs, Method, Quantity, refuse, years

LIVES = {"legal": "法定", "contractual": "合同", "economic": "经济", "technological": "技术"}


class LifeInputs(Inputs):
    """The lives that are known, all from the valuation date; what does not apply is left out."""

    legal: Quantity | None = years(
        "Years until the right expires", "法定剩余年限", None, rolls="down",
        help="A copyright or an unregistered right may have none worth stating; that does not make the asset last.",
    )  # fmt: skip
    contractual: Quantity | None = years(
        "Years until the contracts end", "合同剩余年限", None, rolls="down",
        help="With renewals only as far as they are likely and cost little.",
    )  # fmt: skip
    economic: Quantity | None = years(
        "Years until the income ends", "经济剩余年限", None, rolls="down",
        help="For data: until it is too old to be used if it is not refreshed. For a product: the end of its cycle.",
    )  # fmt: skip
    technological: Quantity | None = years(
        "Years until something better replaces it", "技术剩余年限", None, rolls="down",
        help="For a model: until the next generation takes its users.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if all(getattr(self, name) is None for name in LIVES):
            refuse(
                "no life is stated", "未填写任何年限",
                f"Give at least one of {', '.join(LIVES)}.", f"请至少填写一项：{'、'.join(LIVES)}。",
            )  # fmt: skip
        return self


def shortest_life(inputs, workings):
    """Remaining useful life: the shortest of the stated lives, in years; 0 if one of them has ended.

    Lives are (..., 1). The one that binds is named, since a lender asks whether it can be renewed. A life shortened
    here and attrition by survivors together count the same loss twice, unless the life is legal or contractual.
    Refused: no life at all.

    Legal 12, contractual 3, economic 5 years: 3, bound by contract.
    """
    known = {name: life for name in LIVES if (life := getattr(inputs, name)) is not None}
    lives = {name: workings.line(f"{name}_life", life, unit="years") for name, life in known.items()}
    shortest = workings.line("remaining_useful_life", reduce(np.minimum, lives.values()), unit="years")
    for name, life in lives.items():
        workings.warn(
            life <= shortest, f"The remaining life is set by the {name} life.", f"剩余使用寿命由{LIVES[name]}年限决定。"
        )
    return shortest


method = Method(
    id="life.shortest",
    version=1,
    approach="input",
    title=("Shortest of the lives", "孰短寿命"),
    serves=(),
    citations=(
        Citation("中评协〔2023〕17号 数据资产评估指导意见：收益期限（凭记忆）", "memory"),
        Citation("IVS 2025, 210 Intangible Assets: economic life (paragraph not read)", "memory"),
    ),
    limitations=(
        "One end date for all: an asset that fades year by year is better described by survivors.",
        "采用单一终止时点；逐年流失的资产更适合用存续率描述。",
    ),
    evidence=("title", "contracts", "product_cycle"),
    inputs=LifeInputs,
    value=shortest_life,
    unit="years",
)

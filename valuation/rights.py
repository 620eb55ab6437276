"""The right that is valued (持有权, 使用权, 经营权), and which income counts under it.

Source: the "Twenty data measures" of 2022-12-02, three separated rights (secondary); the names of the 2026 draft.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from valuation.method import Inputs, choice, refuse

Right = Literal["ownership", "holding", "use", "operation"]
RIGHT_NAMES = {
    "ownership": ("ownership", "所有权"),
    "holding": ("the right to hold", "持有权"),
    "use": ("the right to use", "使用权"),
    "operation": ("the right to operate", "经营权"),
}
OTHERS_PAY = {"licensing": ("licensing", "许可"), "data_products": ("data products", "数据产品")}


class RightHeld(Inputs):
    """The right that is valued and the source of the income; the inputs of an income method begin with them.

    Neither has a default: a source left out would pass for own use, and let a right to use be valued by what a
    product is sold for. In a case the title states the right.
    """

    right: Right = choice(
        "Right that is valued", "所评估的权利",
        help="Ownership 所有权, holding 持有权, use 使用权, operation 经营权. In a case the title states it.",
    )  # fmt: skip
    income_from: Literal["own_use", "licensing", "data_products"] = choice(
        "Where the income comes from", "收益来源",
        help="own_use: what the holder earns in its own business. licensing, data_products (also services sold from a "
        "model): only with the right to operate, or ownership.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _only_what_is_held(self) -> Self:
        if self.income_from in OTHERS_PAY and self.right not in ("ownership", "operation"):
            source, source_zh = OTHERS_PAY[self.income_from]
            held, held_zh = RIGHT_NAMES[self.right]
            refuse(
                f"income from {source} needs the right to operate, and the right held is {held}",
                f"{source_zh}收益需要经营权，而所持权利为{held_zh}",
                "Value the income from own use, or show the right to operate.",
                "请按自用收益评估，或提供经营权证明。",
            )
        return self

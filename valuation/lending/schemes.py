"""Schemes that share the loss on pledged loans, as published; what a scheme leaves open the loan must state.

A scheme is a file below reference/schemes, whose path is its id (cn/zhuhai.toml is cn.zhuhai). In no page read was the
order found in which fund and bank divide the proceeds: it stands in the contract, and is asked for.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from valuation.errors import InputError, problem
from valuation.lending.products import Name, Published
from valuation.lending.risk_sharing import Base, Order
from valuation.method import refuse
from valuation.strict import Strict, custom_error, read

Party = Literal[
    "bank", "fund", "insurer", "valuer", "guarantor", "city_guarantor", "province_guarantor", "national_fund",
    "local_government",
]  # fmt: skip
PARTY_NAMES: dict[str, tuple[str, str]] = {
    "bank": ("bank", "银行"),
    "fund": ("risk fund", "风险补偿资金"),
    "insurer": ("insurer", "保险公司"),
    "valuer": ("valuer", "评估机构"),
    "guarantor": ("guarantor", "担保公司"),
    "city_guarantor": ("city or county guarantor", "市县担保公司"),
    "province_guarantor": ("provincial guarantee group", "省级担保集团"),
    "national_fund": ("national guarantee fund", "国家融资担保基金"),
    "local_government": ("local government", "地方政府"),
}
ROUNDING = 1e-9


def _add_up(shares: dict[Party, float]) -> dict[Party, float]:
    total = sum(shares.values())
    if abs(total - 1) > ROUNDING:
        raise custom_error("weights_sum", round(total, 12))
    return shares


Share = Annotated[float, Field(ge=0, le=1)]
Shares = Annotated[dict[Party, Share], Field(min_length=1), AfterValidator(_add_up)]


class Tier(Strict):
    """How the whole loss is shared if the borrower's balance is above one amount and not above another."""

    above: float = Field(0.0, ge=0)
    up_to: float | None = Field(None, gt=0)
    shares: Shares


class RateCeiling(Strict):
    """The highest rate the scheme allows: a reference figure and a margin on it."""

    reference: str = Field(min_length=1)
    margin: float = Field(ge=-0.05, le=0.2)


class Scheme(Published):
    """A published split of the loss. A term that is absent was not published."""

    id: str
    name: Name
    place: Name
    jurisdiction: Literal["CN", "other"]
    currency: str | None = None
    base: Base | None = None
    order_of_recovery: Order | None = None
    max_tenor_years: float | None = Field(None, gt=0)
    rate_ceiling: RateCeiling | None = None
    guarantee_fee: float | None = Field(None, ge=0, le=0.1)  # a year, on the part covered
    tiers: list[Tier] = Field(min_length=1)

    @model_validator(mode="after")
    def _tiers_follow_each_other(self) -> Self:
        for tier, following in zip(self.tiers, self.tiers[1:], strict=False):
            if tier.up_to is None or tier.up_to != following.above:
                refuse(
                    f"one tier ends at {tier.up_to}, the next begins above {following.above}",
                    f"一档止于 {tier.up_to}，下一档自 {following.above} 以上起",
                    "Let each tier begin where the one before it ends, the smallest first.",
                    "请使各档首尾相接，由小到大排列。",
                )
        if self.tiers[0].above != 0:
            refuse(
                f"the first tier begins above {self.tiers[0].above}",
                f"首档自 {self.tiers[0].above} 以上起",
                "Begin at 0, with the bank's share alone where nothing is shared.",
                "请自 0 起；不分担的区间写明银行承担全部。",
            )
        for tier in self.tiers:
            if tier.up_to is not None and tier.up_to <= tier.above:
                refuse(
                    f"a tier above {tier.above} ends at {tier.up_to}",
                    f"自 {tier.above} 以上的一档止于 {tier.up_to}",
                    "Let it end higher than it begins.",
                    "请使该档上限大于下限。",
                )
        return self

    def shares(self, balance: float) -> dict[Party, float]:
        """The split of the whole loss at this balance of the borrower; beyond the last tier all is the bank's."""
        for tier in self.tiers:
            if tier.up_to is None or balance <= tier.up_to:
                return tier.shares
        return {"bank": 1.0}


def schemes() -> tuple[Scheme, ...]:
    """All schemes, in order of id."""
    return tuple(find_scheme(name) for name in _scheme_files())


@cache
def find_scheme(scheme_id: str, path: str = "") -> Scheme:
    """The scheme of this id; an unknown id is refused with the nearest known one."""
    if scheme_id not in _scheme_files():
        raise InputError(problem("not_known", path, scheme_id, known=list(_scheme_files())))
    return parse(_scheme_files()[scheme_id].read_text(encoding="utf-8"), scheme_id)


def parse(text: str, scheme_id: str) -> Scheme:
    """A scheme from the text of its file, read strictly."""
    place = f"schemes/{scheme_id.replace('.', '/')}.toml"
    try:
        given: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(problem("toml_syntax", place, reason=str(error))) from None
    return read(Scheme, {**given, "id": scheme_id}, place)


@cache
def _scheme_files() -> dict[str, Traversable]:
    root = files("valuation.reference") / "schemes"
    return {
        f"{place.name}.{entry.name.removesuffix('.toml')}": entry
        for place in sorted(root.iterdir(), key=lambda place: place.name)
        if place.is_dir()
        for entry in sorted(place.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }

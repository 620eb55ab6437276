"""Resale of compute (算力设备二手市场法): what used hardware fetches, sort by sort, in time or in a hurry."""

from itertools import pairwise
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from valuation.finance import compound, joined, tabulated_survivors
from valuation.method import (
    Citation,
    Inputs,
    Method,
    Quantity,
    check_named_once,
    choice,
    count,
    fraction,
    items,
    money,
    ratio,
    refuse,
    text,
    years,
)

FormFactor = Literal["module", "card", "server", "rack"]
HURRIED = ("broker_90_days", "auction_30_days", "distressed_7_days")


class CurvePoint(Inputs):
    """What is left of the price at one age."""

    age: Quantity = years("Age", "使用年限")
    share: Quantity = ratio(
        "Share of the price", "价格保留率", above=0, warn_above=1, help="Above 1 where prices rose."
    )


class UsedHardware(Inputs):
    """Units of one sort, with the price and the curve of that very sort."""

    name: str = text("Name", "名称", help="The exact model: memory, form factor, generation.")
    quantity: Quantity = count("Number of units", "数量", above=0)
    age: Quantity = years("Age", "已使用年限", rolls="up")
    form_factor: FormFactor = choice(
        "Form factor", "形态",
        help="Module: socketed (SXM, OAM). Modules of 2016-2017 lost 31-32% a year, the same chips on cards 3-14%.",
    )  # fmt: skip
    price: Quantity = money(
        "Price of one unit", "单台价格", per="unit", above=0,
        help="With or without VAT, as the buyer will bear it, the same throughout.",
    )  # fmt: skip
    price_is: Literal["new_today", "at_purchase", "used"] = choice(
        "What that price is", "价格类型", "used", help="Used: of like units sold second-hand, the best evidence."
    )
    price_index_ratio: Quantity = ratio(
        "Price today over that at its date", "价格指数比（评估基准日/价格日）", 1, above=0,
        help="Of hardware of this sort. 1 if the price is of the valuation date, or at purchase: that curve holds it.",
    )  # fmt: skip
    age_of_price: Quantity | None = years(
        "Age of the units sold", "二手成交设备的使用年限", None,
        help="Of a used price, if they were not as old as the units valued; the curve bridges the ages.",
    )  # fmt: skip
    curve: Literal["points", "declining", "none"] = choice(
        "How the price falls with age", "价格随年限下降方式", "none",
        help="Seen on this sort. None: a used price of units of the same age.",
    )  # fmt: skip
    curve_points: list[CurvePoint] = items("Points of the curve", "保留率曲线", [], at_least=0)
    curve_is_of: Literal["new_today", "at_purchase"] = choice(
        "Price that the curve is a share of", "保留率的基数", "new_today",
        help="Vendors print shares of today's new price or of the price once paid; they differ when prices move.",
    )  # fmt: skip
    curve_form_factor: FormFactor | None = choice(
        "Form factor the curve was seen on", "保留率曲线对应的形态", None, help="That of the hardware if left out."
    )
    yearly_decline: Quantity | None = fraction(
        "Loss a year, of what is left", "年贬值率（占剩余价值）", None, low=-1, below=1,
        help="For a declining curve; below 0 where prices rose.",
    )  # fmt: skip
    form_adjustment: Quantity | None = ratio(
        "Adjustment for another form factor", "形态差异调整系数", None, above=0,
        help="Needed where the curve was seen on another form factor.",
    )  # fmt: skip
    condition: Quantity = ratio(
        "Condition", "成色系数", 1, above=0, warn_above=1,
        help="Over that of the units priced; a price or curve of used units holds common wear already. A vendor's "
        'convention: {"reference": "gpu.condition_factor.used_working"}.',
    )  # fmt: skip
    warranty: Quantity = ratio("Warranty left", "剩余质保系数", 1, above=0, help="Over that of the units priced.")
    bundle: Quantity = ratio(
        "Size of the lot", "批量系数", 1, above=0, help="Below 1 where so many units at once press the price."
    )
    export_status: Literal["free", "licence_needed", "barred"] = choice("Export and re-export", "出口管制状态", "free")
    market_adjustment: Quantity | None = ratio(
        "Price where it may be sold, over the price above", "可售地区价格系数", None, above=0,
        help="Needed where export is not free: one chip has had three prices. 1 if the price is of that place.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _priced(self) -> Self:
        used, bridged = self.price_is == "used", self.age_of_price is not None
        if self.curve == "none" and not used:
            _lacks(self, "a curve, since its price is that of a new unit", "保留率曲线（其价格为新品价格）")
        if used and bridged != (self.curve != "none"):
            _lacks(self, "one of curve and age_of_price, which go together", "curve 与 age_of_price 之一（须同时给出）")
        if not used and self.curve_is_of != self.price_is:
            _lacks(
                self,
                f"a price that is {self.curve_is_of}, as its curve is",
                f"与曲线基数（{self.curve_is_of}）一致的价格",
            )
        if self.curve == "declining" and self.yearly_decline is None:
            _lacks(self, "yearly_decline", "yearly_decline")
        if self.curve == "points" and not _rise([point.age.value for point in self.curve_points]):
            _lacks(self, "curve_points, two or more in order of age", "两个以上按年限递增的 curve_points")
        return self

    @model_validator(mode="after")
    def _its_own_curve(self) -> Self:
        seen_on = self.curve_form_factor or self.form_factor
        if self.curve != "none" and seen_on != self.form_factor and self.form_adjustment is None:
            _lacks(
                self, f"form_adjustment: its curve is of a {seen_on}", f"form_adjustment：曲线对应的形态为 {seen_on}"
            )
        if self.export_status != "free" and self.market_adjustment is None:
            _lacks(self, "market_adjustment: its export is not free", "market_adjustment：其出口受限")
        return self


def _lacks(entry, what, what_zh):
    refuse(
        f"{entry.name} lacks {what}", f"{entry.name} 缺少 {what_zh}",
        "Each sort needs its own price and curve; no curve holds for all.",
        "每种硬件须有自己的价格和曲线；不存在通用曲线。",
    )  # fmt: skip


def _rise(ages):
    """Whether there are two ages or more, each above the one before as far as plain numbers tell."""
    known = [age for age in ages if age is not None]
    return len(ages) > 1 and all(a < b for a, b in pairwise(known))


class ComputeResaleInputs(Inputs):
    """The hardware by sort, and how long there is to sell it."""

    used_hardware: list[UsedHardware] = items("Used hardware", "二手硬件")
    premise: Literal["orderly", "broker_90_days", "auction_30_days", "distressed_7_days"] = choice(
        "How it is sold", "变现方式", "orderly",
        help="Orderly: over half a year or so; a market value is orderly. A lender's haircut takes the hurry off it.",
    )  # fmt: skip
    forced_share: Quantity | None = fraction(
        "Proceeds as a share of orderly value", "快速变现系数", None, above=0,
        help="Of a hurried sale. If left out: the reference figure gpu.liquidation_factor of that name, a convention.",
    )  # fmt: skip
    jurisdiction: str = text("Where it stands", "所在地", "", help="Decides who may buy it; for the report.")

    @model_validator(mode="before")
    @classmethod
    def _usual_share(cls, given: Any) -> Any:
        """A hurried sale without a share of its own takes that of the convention."""
        hurried = isinstance(given, dict) and given.get("premise", "orderly") in HURRIED
        if not hurried or given.get("forced_share") is not None:
            return given
        return {**given, "forced_share": {"reference": f"gpu.liquidation_factor.{given['premise']}"}}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.premise == "orderly" and self.forced_share is not None:
            refuse(
                "forced_share is given for an orderly sale", "有序变现不应填写 forced_share",
                "Name the hurried sale in premise, or drop it.", "请在 premise 中选择快速变现方式，或删除该项。",
            )  # fmt: skip
        check_named_once([entry.name for entry in self.used_hardware], "hardware", "硬件")
        return self


def compute_resale(inputs, workings):
    """Proceeds from the hardware second-hand, each sort by its own price and curve, before costs of selling.

    Every input is (..., 1), and so is the value, in the case's currency. A curve is joined by straight lines and holds
    its last share beyond its end. Refused: a new price without a curve, a curve seen on another form factor without an
    adjustment, a curve that is a share of another price, export that is not free without a price adjustment.

    500 new, falling by 20% a year: 400, 320, 256 after one, two and three years.
    """
    line = workings.line
    orderly = line("orderly_value", sum(resale_of(entry, workings) for entry in inputs.used_hardware))
    if inputs.premise == "orderly":
        return line("value", orderly)
    workings.warn(
        True,
        "What hurried sales bring is measured nowhere in public; the usual shares are a convention of one vendor.",
        "快速变现的实际比例未见公开实测；常用系数为某供应商的惯例。",
    )
    return line("value", orderly * inputs.forced_share)


def resale_of(entry, workings):
    """What the units of one sort fetch if there is time to sell them."""

    def line(name, figures, unit="money"):
        return workings.line(f"{name}[{entry.name}]", figures, unit=unit)

    share = line("share_of_price", share_of_price(entry, workings), unit="ratio")
    state = entry.condition * entry.warranty * entry.bundle
    if entry.market_adjustment is not None:
        state = state * entry.market_adjustment
    workings.warn(
        entry.export_status != "free",
        f"{entry.name}: export {entry.export_status}. The price where it may be sold is counted; that fewer may buy is "
        "for the haircut.",
        f"{entry.name}：出口管制状态为 {entry.export_status}。此处仅反映可售地区价格；买方减少的影响由折扣率体现。",
    )
    state = line("condition_and_market", state, unit="ratio")
    price = line("resale_price", entry.price * entry.price_index_ratio * share * state, unit="money per unit")
    return line("orderly_value", entry.quantity * price)


def share_of_price(entry, workings):
    """Part of the price that units of this age keep: by the curve of the sort, from the age that was priced."""
    if entry.curve == "none":
        return np.ones(1)
    share = share_at(entry, entry.age, workings)
    if entry.age_of_price is not None:
        share = share / share_at(entry, entry.age_of_price, workings)
    return share if entry.form_adjustment is None else share * entry.form_adjustment


def share_at(entry, age, workings):
    """The curve at one age."""
    if entry.curve == "declining":
        return compound(-entry.yearly_decline, age)
    ages = joined([point.age for point in entry.curve_points])
    workings.warn(
        (age < ages[..., :1]) | (age > ages[..., -1:]),
        f"{entry.name}: the curve does not reach this age; its nearest point is taken.",
        f"{entry.name}：保留率曲线未覆盖该年限，取最近点。",
    )
    return tabulated_survivors(ages, joined([point.share for point in entry.curve_points]), age)


method = Method(
    id="market.compute_resale",
    version=1,
    approach="market",
    title=("Resale of compute", "算力设备二手市场法"),
    serves=("compute_cluster",),
    citations=(
        Citation("IVS 2025, 300 Plant, Equipment and Infrastructure: market approach (paragraph not read)", "memory"),
        Citation(
            "SpotWire valuator_data.json v0.6, 2026: curve, condition and hurried sale (conventions)", "page-read"
        ),
        Citation("Epoch AI hardware prices after one 2022 survey: modules and cards of P100, V100, A100", "file-read"),
        Citation("GPU Depreciation Calculator, calculattor.com, 2024: declining price of a GPU", "page-read"),
    ),
    limitations=(
        "Used accelerators have lost half within a year and have risen above new; a curve is a past, no forecast.",
        "加速卡二手价格曾一年内腰斩，也曾高于新品价；曲线只反映过去，并非预测。",
    ),
    evidence=("title", "hardware_inventory", "supplier_quotes"),
    inputs=ComputeResaleInputs,
    value=compute_resale,
)

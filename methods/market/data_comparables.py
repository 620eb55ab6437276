"""Comparable data sets (数据资产市场法): P = sum of Q x X1 x X2 x X3 x X4 x X5 over the parts of the data valued."""

from typing import Literal, Self

from pydantic import model_validator

from valuation.finance import NOT_COMPARABLE, dispersion, gross_adjustment, joined, middle
from valuation.method import (
    Citation,
    Date,
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
)
from valuation.rights import Right

FACTORS = ("quality", "supply_and_demand", "date_index", "capacity", "other")
FEWEST = 3  # of fewer there is no middle
FAR_APART = 0.25


class Comparable(Inputs):
    """One deal on a like data set: its price, and the five factors that bring it to the part valued."""

    name: str = text("Data set of the deal", "可比数据资产")
    price: Quantity = money("Price Q", "交易价格 Q", above=0, help="Of this data set, before any adjustment.")
    price_is: Literal["closed", "asked"] = choice(
        "Paid, or asked only", "成交价或挂牌价", "closed", help="Prices listed on a data exchange are asked, not paid."
    )
    asking_discount: Quantity | None = fraction(
        "Discount from asked to closed", "挂牌价至成交价折扣", None, below=1,
        help="Needed for an asked price; from deals of which both prices are known.",
    )  # fmt: skip
    price_for: Literal["whole_right", "one_licence"] = choice(
        "What the price buys", "价格对应的权利", "whole_right",
        help="One licence: a copy that others may buy as well. Its price is not that of the data.",
    )  # fmt: skip
    expected_licences: Quantity | None = count(
        "Licences still to be sold of the data valued", "预计可售许可数量", None, above=0,
        help="Needed where the price buys one licence. One sold later counts by its discount factor.",
    )  # fmt: skip
    agreed_on: Date = text("Date of the deal", "交易日期", help="Not after the valuation date.")
    parties: Literal["unrelated", "related"] = choice("Parties", "交易双方关系", "unrelated")
    right: Right = choice(
        "Right that was sold", "交易的权利类型", "operation", help="Ownership, 持有权, 使用权 or 经营权."
    )
    quality: Quantity = ratio(
        "X1 Quality", "X1 质量调整系数", 1, above=0,
        help="Score of the part valued over that of the deal's data, by one scale; it may be derived: quality.score.",
    )  # fmt: skip
    supply_and_demand: Quantity = ratio("X2 Supply and demand", "X2 供求调整系数", 1, above=0)
    date_index: Quantity = ratio(
        "X3 Date",
        "X3 期日调整系数",
        1,
        above=0,
        help="Price index of such data at the valuation date over that of the deal.",
    )
    capacity: Quantity = ratio(
        "X4 Capacity", "X4 容量调整系数", 1, above=0,
        help="Size of the part valued over that of the deal's data, cleaned of duplicates; "
        "in full proportion only if a record is worth as much in both.",
    )  # fmt: skip
    other: Quantity = ratio(
        "X5 Other", "X5 其他调整系数", 1, above=0,
        help="Scenario, region, rights, term, exclusivity, value of a record. Not quality again.",
    )  # fmt: skip
    weight: Quantity = ratio("Weight", "权重", 1, above=0, help="Counts for the weighted mean only.")
    used: Literal["yes", "no"] = choice("Used", "是否采用", "yes")
    reason: str = text(
        "Why it is used, or not", "采用或剔除的理由", "",
        help="Needed for one that is left out, asked only, between related parties, weighted, or with X5 other than 1.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _price_is_explained(self) -> Self:
        if (self.price_is == "asked") != (self.asking_discount is not None):
            refuse(
                f"{self.name} is {self.price_is}: asking_discount goes with an asked price, and only with it",
                f"{self.name} 为 {self.price_is}：asking_discount 仅且必须用于挂牌价",
                "State the discount, 0 if the data sells at what is asked, or drop it.", "请填写折扣（可为 0）或删除。",
            )  # fmt: skip
        if (self.price_for == "one_licence") != (self.expected_licences is not None):
            refuse(
                f"{self.name} buys {self.price_for}: expected_licences goes with one licence, and only with it",
                f"{self.name} 的价格对应 {self.price_for}：expected_licences 仅且必须用于单份许可价格",
                "Say how many licences of the data valued will be sold.", "请填写被评估数据预计可售的许可数量。",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        plain = (self.used, self.price_is, self.parties) == ("yes", "closed", "unrelated")
        if not (plain and self.other.value == 1 and self.weight.value == 1) and not self.reason.strip():
            refuse(
                f"{self.name} is left out, asked only, related, weighted or adjusted by X5, without a reason",
                f"{self.name} 被剔除、仅为挂牌价、属关联交易、加权或经 X5 调整，但未说明理由",
                "Say why in reason.", "请在 reason 中说明。",
            )  # fmt: skip
        return self


class Part(Inputs):
    """One part of the data valued, with the deals it is compared to."""

    name: str = text("Part of the data valued", "被评估数据组成部分")
    comparables: list[Comparable] = items("Comparable deals", "可比交易")
    middle: Literal["median", "mean", "weighted_mean"] = choice(
        "Which figure of the adjusted prices is taken", "比准价格取值", "median",
        help="They are views of one part, so they are never added up.",
    )  # fmt: skip
    why_this_middle: str = text("Why another than the median", "未取中位数的理由", "")

    @property
    def compared(self) -> list[Comparable]:
        """The deals that are used."""
        return [deal for deal in self.comparables if deal.used == "yes"]

    @model_validator(mode="after")
    def _one_middle(self) -> Self:
        check_named_once([deal.name for deal in self.comparables], f"deal on {self.name}", f"{self.name} 的可比交易")
        if not self.compared:
            refuse(
                f"no deal is used for {self.name}", f"{self.name} 没有采用任何可比交易", "Use one.", "请至少采用一例。"
            )
        if self.middle != "median" and not self.why_this_middle.strip():
            refuse(
                f"the {self.middle} is taken for {self.name} without a reason",
                f"{self.name} 取 {self.middle} 但未说明理由",
                "Say why in why_this_middle.", "请在 why_this_middle 中说明。",
            )  # fmt: skip
        return self


class DataComparablesInputs(Inputs):
    """The parts of the data, the right valued, and how unlike it a comparable may be."""

    parts: list[Part] = items("Parts of the data valued", "被评估数据的组成部分")
    right: Right = choice("Right valued", "所评权利类型", "operation", help="In a case the title states it.")
    comparability_limit: Quantity = ratio(
        "Largest sum of |ln X| of a comparable", "可比性上限（|ln X| 之和）", NOT_COMPARABLE, above=0,
        warn_above=NOT_COMPARABLE,
        help="Beyond it a deal is on other data. Adjustments up and down do not make up for each other.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _comparable(self) -> Self:
        for part in self.parts:
            for deal in part.compared:
                if _plainly_beyond(deal, self.comparability_limit):
                    refuse(
                        f"{deal.name} is no comparable for {part.name}: |ln X| adds up to more than the limit",
                        f"{deal.name} 与 {part.name} 不可比：|ln X| 之和超过上限",
                        "Set used to no, with the reason, or find a nearer one.",
                        "请将 used 设为 no 并说明理由，或寻找更接近的交易。",
                    )
        check_named_once([part.name for part in self.parts], "part", "组成部分")
        return self


def _plainly_beyond(deal, limit):
    """Whether a deal is adjusted beyond the limit, as far as plain numbers tell; the rest is seen in the workings."""
    factors = [getattr(deal, name).value for name in FACTORS]
    known = limit.value is not None and None not in factors
    return known and gross_adjustment(factors) > limit.value


def data_comparables(inputs, workings):
    """Price a buyer would pay for the data: the middle of the adjusted deal prices of each part, summed over the parts.

    Every input is (..., 1), and so is the value, in the case's currency. The sum runs over the parts of the data
    valued; several deals on one part give one middle. Refused: an asked price without its discount, a price of one
    licence without the number of licences, a deal whose |ln X| add up to more than the limit (0.7, rule of this house).

    Two parts, 120 x 0.9 x 1.05 x 1.1 x 0.8 x 1 and 60 x 1 x 1 x 1.1 x 1.5 x 1: 198.792.
    """
    return workings.line("value", sum(value_of_part(part, inputs, workings) for part in inputs.parts))


def value_of_part(part, inputs, workings):
    """The middle of the adjusted deal prices of one part."""

    def line(name, figures, unit="money"):
        return workings.line(f"{name}[{part.name}]", figures, unit=unit)

    deals = [deal for deal in part.comparables if deal.used == "yes"]
    price = line("price", joined([price_of(deal) for deal in deals]))
    adjustment = line("adjustment", joined([product_of(deal) for deal in deals]), unit="ratio")
    gross = [gross_adjustment([getattr(deal, name) for name in FACTORS]) for deal in deals]
    gross = line("gross_adjustment", joined(gross), unit="ratio")
    adjusted = line("adjusted_price", price * adjustment)
    apart = line("dispersion", dispersion(adjusted), unit="ratio")
    tell_differences(part, deals, inputs, workings)
    workings.warn(
        gross > inputs.comparability_limit,
        f"{part.name}: a deal is adjusted beyond the limit, so it is on other data; leave it out.",
        f"{part.name}：有交易的调整幅度超过上限，不具可比性，应予剔除。",
    )
    workings.warn(
        apart > FAR_APART,
        f"{part.name}: the adjusted prices lie more than {FAR_APART:.0%} from their median, on average; say why.",
        f"{part.name}：比准价格平均偏离中位数超过 {FAR_APART:.0%}，请说明原因。",
    )
    return line("value_of_part", middle(adjusted, joined([deal.weight for deal in deals]), part.middle))


def price_of(deal):
    """What was paid, or would be on closing, for the whole right: one licence counts as often as it will be sold."""
    paid = deal.price if deal.asking_discount is None else deal.price * (1 - deal.asking_discount)
    return paid if deal.expected_licences is None else paid * deal.expected_licences


def product_of(deal):
    """The five factors together."""
    return deal.quality * deal.supply_and_demand * deal.date_index * deal.capacity * deal.other


def tell_differences(part, deals, inputs, workings):
    """Point out what makes the deals of a part less than comparable."""
    told = (
        ("between related parties", "关联交易", [deal.name for deal in deals if deal.parties == "related"]),
        ("asked only", "仅为挂牌价", [deal.name for deal in deals if deal.price_is == "asked"]),
        (
            f"not of the right valued ({inputs.right}) and not adjusted by X5",
            f"权利类型与所评权利（{inputs.right}）不同且未经 X5 调整",
            [deal.name for deal in deals if deal.right != inputs.right and not deal.reason.strip()],
        ),
        (
            "priced by the licence; the licences expected in later years count by their discount factors",
            "按单份许可定价；以后年度的预计许可须按折现系数折算",
            [deal.name for deal in deals if deal.price_for == "one_licence"],
        ),
    )
    for english, chinese, names in told:
        workings.warn(
            bool(names),
            f"{part.name}: deals used although {english}: {', '.join(names)}.",
            f"{part.name}：采用了下列可比交易（{chinese}）：{'、'.join(names)}。",
        )
    workings.warn(
        len(deals) < FEWEST,
        f"{part.name}: fewer than {FEWEST} deals.",
        f"{part.name}：可比交易少于 {FEWEST} 个。",
    )


method = Method(
    id="market.data_comparables",
    version=1,
    approach="market",
    title=("Comparable data sets", "数据资产市场法"),
    serves=("training_data",),
    citations=(
        Citation(
            "中评协〔2023〕17号 数据资产评估指导意见: market method, P = ΣQ·X1·X2·X3·X4·X5 (article number not read)",
            "memory",
        ),
        Citation("T/SCSDSJFZYJH 016-2024, group standard on the market method for data (existence only)", "secondary"),
        Citation("Two parts by five factors, and every middle, by plain loops", "recomputed"),
    ),
    limitations=(
        "Few deals on data are public, most of them asking prices or licences that others may buy as well.",
        "公开的数据交易很少，且多为挂牌价或非独占许可价格。",
    ),
    evidence=("title", "comparable_deals", "quality_report"),
    inputs=DataComparablesInputs,
    value=data_comparables,
)

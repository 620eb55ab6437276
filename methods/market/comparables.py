"""Comparable deals (可比交易法): prices of like IP or models, brought to the subject factor by factor."""

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

FEWEST = 3  # of fewer there is no middle
FAR_APART = 0.25


class Factor(Inputs):
    """One way in which subject and comparable differ, scored for both on one scale."""

    name: str = text(
        "Factor", "比较因素", help="Such as date (price index), right, term, field, quality, size of market."
    )
    subject: Quantity = ratio("Score of the subject", "被评估资产得分", above=0)
    comparable: Quantity = ratio("Score of the comparable", "可比实例得分", above=0)


class Comparable(Inputs):
    """One deal: what was paid for what, and how the thing sold differs from the subject."""

    name: str = text("Deal", "可比实例")
    price: Quantity = money(
        "Price", "交易价格", above=0,
        help="Of the asset alone: a price paid for a company also holds its people, contracts and goodwill.",
    )  # fmt: skip
    price_is: Literal["closed", "asked"] = choice("Paid, or asked only", "成交价或报价", "closed")
    asking_discount: Quantity | None = fraction(
        "Discount from asked to closed", "报价至成交价折扣", None, below=1,
        help="Needed for an asked price; from deals of which both prices are known.",
    )  # fmt: skip
    units: Quantity = count(
        "Units the price was paid for", "计价单位数量", 1, above=0,
        help="Patents, parameters, users, whatever buyers of such assets count; 1 if the deals compare as a whole.",
    )  # fmt: skip
    agreed_on: Date = text("Date of the deal", "交易日期", help="Not after the valuation date.")
    parties: Literal["unrelated", "related"] = choice("Parties", "交易双方关系", "unrelated")
    factors: list[Factor] = items("Factors", "比较因素", [], at_least=0)
    weight: Quantity = ratio("Weight", "权重", 1, above=0, help="Counts for the weighted mean only.")
    used: Literal["yes", "no"] = choice("Used", "是否采用", "yes")
    reason: str = text(
        "Why it is used, or not", "采用或剔除的理由", "",
        help="Needed for one that is left out, asked only, between related parties, or weighted.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if (self.price_is == "asked") != (self.asking_discount is not None):
            refuse(
                f"{self.name} is {self.price_is}: asking_discount goes with an asked price, and only with it",
                f"{self.name} 为 {self.price_is}：asking_discount 仅且必须用于报价",
                "State the discount, 0 if they sell at what is asked, or drop it.", "请填写折扣（可为 0）或删除。",
            )  # fmt: skip
        plain = (self.used, self.price_is, self.parties) == ("yes", "closed", "unrelated")
        if not (plain and self.weight.value == 1) and not self.reason.strip():
            refuse(
                f"{self.name} is left out, asked only, related or weighted, without a reason",
                f"{self.name} 被剔除、仅为报价、属关联交易或加权，但未说明理由",
                "Say why in reason.", "请在 reason 中说明。",
            )  # fmt: skip
        return self


class ComparablesInputs(Inputs):
    """The deals found, what the subject counts in their units, and which figure of them is taken."""

    comparables: list[Comparable] = items("Comparable deals", "可比实例")
    subject_units: Quantity = count("Units of the subject", "被评估资产的计价单位数量", 1, above=0)
    factors_are: Literal["multiplied", "added"] = choice(
        "How the factors of a deal work together", "各因素的合并方式", "multiplied",
        help="Multiplied, as in Chinese practice; or their percentages added, as in many grids elsewhere.",
    )  # fmt: skip
    middle: Literal["median", "mean", "weighted_mean"] = choice(
        "Which figure of the adjusted prices is taken", "比准价格取值", "median"
    )
    why_this_middle: str = text("Why another than the median", "未取中位数的理由", "")
    comparability_limit: Quantity = ratio(
        "Largest sum of |ln factor| of a comparable", "可比性上限（|ln 系数| 之和）", NOT_COMPARABLE, above=0,
        warn_above=NOT_COMPARABLE,
        help="Beyond it a deal is on another thing. Adjustments up and down do not make up for each other.",
    )  # fmt: skip

    @property
    def compared(self) -> list[Comparable]:
        """The deals that are used."""
        return [deal for deal in self.comparables if deal.used == "yes"]

    @model_validator(mode="after")
    def _one_middle(self) -> Self:
        check_named_once([deal.name for deal in self.comparables], "deal", "可比实例")
        if not self.compared:
            refuse("no deal is used", "没有采用任何可比实例", "Use one, or another approach.", "请至少采用一例。")
        if self.middle != "median" and not self.why_this_middle.strip():
            refuse(
                f"the {self.middle} is taken without a reason", f"取 {self.middle} 但未说明理由",
                "Say why in why_this_middle.", "请在 why_this_middle 中说明。",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _one_grid(self) -> Self:
        grid = [factor.name for factor in self.compared[0].factors]
        for deal in self.compared:
            if [factor.name for factor in deal.factors] != grid:
                refuse(
                    f"{deal.name} is compared by other factors than {self.compared[0].name}",
                    f"{deal.name} 与 {self.compared[0].name} 的比较因素不同",
                    "Give all deals the same factors in one order, with equal scores where nothing differs.",
                    "请使各实例的比较因素及顺序一致；无差异时填写相同得分。",
                )  # fmt: skip
            if _plainly_beyond(deal, self.comparability_limit):
                refuse(
                    f"{deal.name} is no comparable: |ln factor| adds up to more than the limit",
                    f"{deal.name} 不可比：|ln 系数| 之和超过上限",
                    "Set used to no, with the reason, or find a nearer one.",
                    "请将 used 设为 no 并说明理由，或寻找更接近的交易。",
                )  # fmt: skip
        return self


def _plainly_beyond(deal, limit):
    """Whether a deal is adjusted beyond the limit, as far as plain numbers tell; the rest is seen in the workings."""
    scores = [(factor.subject.value, factor.comparable.value) for factor in deal.factors]
    known = limit.value is not None and all(None not in pair for pair in scores)
    return known and gross_adjustment([ours / theirs for ours, theirs in scores]) > limit.value


def comparable_deals(inputs, workings):
    """Price a buyer would pay for the subject: the middle of what was paid for like assets, each adjusted to it.

    Every input is (..., 1), and so is the value, in the case's currency. A factor is score of the subject over score of
    the comparable. Refused: an asked price without its discount, deals compared by different factors, one whose
    |ln factor| add up to more than the limit (0.7, rule of this house).

    186, 155, 168 by five factors: 174.43, 174.77, 176.27, mean 175.16.
    """
    line = workings.line
    deals = [deal for deal in inputs.comparables if deal.used == "yes"]
    price = line("price_per_unit", joined([price_of(deal) / deal.units for deal in deals]))
    ratios = [[factor.subject / factor.comparable for factor in deal.factors] for deal in deals]
    for place, factor in enumerate(deals[0].factors):
        line(f"factor[{factor.name}]", joined([each[place] for each in ratios]), unit="ratio")
    added = inputs.factors_are == "added"
    together = [1 + sum(one - 1 for one in each) if added else product(each) for each in ratios]
    adjustment = line("adjustment", joined(together), unit="ratio")
    gross = line("gross_adjustment", joined([gross_adjustment(each) for each in ratios]), unit="ratio")
    adjusted = line("adjusted_price", price * adjustment * inputs.subject_units)
    apart = line("dispersion", dispersion(adjusted), unit="ratio")
    tell_differences(deals, workings)
    workings.warn(
        gross > inputs.comparability_limit,
        "A deal is adjusted beyond the limit, so it is on another thing; leave it out.",
        "有可比实例的调整幅度超过上限，不具可比性，应予剔除。",
    )
    workings.warn(
        apart > FAR_APART,
        f"The adjusted prices lie more than {FAR_APART:.0%} from their median, on average; say why.",
        f"比准价格平均偏离中位数超过 {FAR_APART:.0%}，请说明原因。",
    )
    return line("value", middle(adjusted, joined([deal.weight for deal in deals]), inputs.middle))


def price_of(deal):
    """What was paid, or would be on closing."""
    return deal.price if deal.asking_discount is None else deal.price * (1 - deal.asking_discount)


def product(factors):
    """All factors of a deal together; 1 if there are none."""
    together = 1.0
    for factor in factors:
        together = together * factor
    return together


def tell_differences(deals, workings):
    """Point out what makes the deals less than comparable."""
    told = (
        ("asked only", "仅为报价", [deal.name for deal in deals if deal.price_is == "asked"]),
        ("between related parties", "关联交易", [deal.name for deal in deals if deal.parties == "related"]),
    )
    for english, chinese, names in told:
        workings.warn(
            bool(names),
            f"Deals used although {english}: {', '.join(names)}.",
            f"采用了下列可比实例（{chinese}）：{'、'.join(names)}。",
        )
    workings.warn(len(deals) < FEWEST, f"Fewer than {FEWEST} deals.", f"可比实例少于 {FEWEST} 个。")


method = Method(
    id="market.comparables",
    version=1,
    approach="market",
    title=("Comparable deals", "可比交易法"),
    serves=("intellectual_property", "ai_model"),
    citations=(
        Citation("IVS 2025, 103 Valuation Approaches: market approach, comparable transactions (not read)", "memory"),
        Citation(
            "答疑, accounting question site 2021: 参照物 A、B、C 比准价格, five factors and their mean", "page-read"
        ),
        Citation("Adjustment grids and every middle, by plain loops", "recomputed"),
    ),
    limitations=(
        "No two patents or models are alike: the larger the adjustments, the less it is a price of the market.",
        "不存在相同的专利或模型；调整幅度越大，结果越取决于评估人员的判断而非市场。",
    ),
    evidence=("title", "comparable_deals"),
    inputs=ComparablesInputs,
    value=comparable_deals,
)

"""Royalty rate from comparable licences (可比许可费率): the middle of what others pay for like rights on one base."""

from typing import Literal

from pydantic import model_validator

from valuation.finance import how_many_are_at_most, joined, quantile
from valuation.method import (
    Citation,
    Date,
    Inputs,
    Method,
    Quantity,
    check_named_once,
    choice,
    fraction,
    items,
    ratio,
    refuse,
    text,
)

FEWEST = 4  # of fewer licences the quartiles are drawn between single neighbours


class Licence(Inputs):
    """One licence: what is paid on what, who agreed it and when, and why it is used or not."""

    name: str = text("Licence", "许可案例")
    rate: Quantity = fraction(
        "Rate", "许可费率", above=0, help="Running rate; an upfront payment is converted into it first."
    )
    base: Literal["revenue", "gross_profit", "operating_profit"] = choice("Paid on", "计费基础", "revenue")
    agreed_on: Date = text("Date of agreement", "协议日期", help="Not after the valuation date.")
    parties: Literal["unrelated", "related"] = choice("Parties", "交易双方关系", "unrelated")
    price: Literal["closed", "asked"] = choice("Agreed, or asked only", "成交价或要价", "closed")
    exclusivity: Literal["exclusive", "sole", "non_exclusive"] = choice("Exclusivity", "独占性", "non_exclusive")
    field: str = text("Field of use", "使用领域", "")
    territory: str = text("Territory", "许可地域", "")
    adjustment: Quantity = ratio(
        "Adjustment to the subject's terms", "调整系数", 1, above=0, warn_below=0.5, warn_above=2,
        help="For exclusivity, field, territory, stage; above 1 if the subject's terms are worth more.",
    )  # fmt: skip
    weight: Quantity = ratio("Weight", "权重", 1, above=0, help="Counts for the weighted mean only.")
    used: Literal["yes", "no"] = choice("Used", "是否采用", "yes")
    reason: str = text(
        "Why it is used, or not", "采用或剔除的理由", "",
        help="Needed for one that is left out, adjusted, weighted, between related parties, or asked only.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _reasoned(self) -> "Licence":
        plain = self.used == "yes" and self.parties == "unrelated" and self.price == "closed"
        as_found = self.adjustment.value == 1 and self.weight.value == 1
        if not (plain and as_found) and not self.reason.strip():
            refuse(
                f"{self.name} is left out, adjusted, weighted, related or asked only, without a reason",
                f"{self.name} 被剔除、调整、加权、属关联交易或仅为要价，但未说明理由",
                "Say why in reason.", "请在 reason 中说明。",
            )  # fmt: skip
        return self


class ComparablesInputs(Inputs):
    """The licences found, the base on which the rate will be applied, and which figure of them is taken."""

    licences: list[Licence] = items("Licences", "许可案例")
    base: Literal["revenue", "gross_profit", "operating_profit"] = choice(
        "The rate will be applied to", "费率适用基础", "revenue", help="All licences used must be on this base."
    )
    exclusivity: Literal["exclusive", "sole", "non_exclusive"] = choice(
        "Exclusivity of the right valued", "所评权利的独占性", "non_exclusive"
    )
    select: Literal["lower_quartile", "median", "upper_quartile", "weighted_mean"] = choice(
        "Which figure is taken", "取值", "median",
        help="Never the least or the largest: each is one licence, and the one that most likely differs.",
    )  # fmt: skip
    reason: str = text("Why another than the median", "未取中位数的理由", "")

    @model_validator(mode="after")
    def _one_base(self) -> "ComparablesInputs":
        others = [entry.name for entry in self.licences if entry.used == "yes" and entry.base != self.base]
        if others:
            refuse(
                f"{others[0]} is paid on another base than {self.base}", f"{others[0]} 的计费基础不是 {self.base}",
                "Convert its rate with the licensee's margin, or leave it out.",
                "请按被许可方利润率换算，或予以剔除。",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _reasoned(self) -> "ComparablesInputs":
        if not any(entry.used == "yes" for entry in self.licences):
            refuse("no licence is used", "没有采用任何许可案例", "Use one, or state the rate.", "请至少采用一例。")
        if self.select != "median" and not self.reason.strip():
            refuse(
                f"the {self.select} is taken without a reason", f"取 {self.select} 但未说明理由",
                "Say why in reason.", "请在 reason 中说明。",
            )  # fmt: skip
        check_named_once([entry.name for entry in self.licences], "licence", "许可案例")
        return self


def royalty_rate(inputs, workings):
    """Royalty rate a licensee would agree to, on the stated base: the median of like licences, or a quartile of them.

    Every input is (..., 1), and so is the answer, a fraction of the base. Quartiles are those of Excel's QUARTILE.INC.
    Refused: a licence on another base, one left out or adjusted without a reason, one that stands twice.

    Rates 11, 21, 42, 27, 18, 29, 32, 52 per mille: lower quartile 20.25, median 28, upper quartile 34.5.
    """
    line = workings.line
    used = [entry for entry in inputs.licences if entry.used == "yes"]
    tell_differences(inputs, used, workings)
    rates = joined([entry.rate * entry.adjustment for entry in used])
    rates = line("adjusted_rates", rates, unit="fraction")
    at_most = line("licences_at_most_as_dear", how_many_are_at_most(rates), unit="count")
    quartiles = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}
    found = {name: line(name, quantile(rates, at_most, share), unit="fraction") for name, share in quartiles.items()}
    weights = line("weights", joined([entry.weight for entry in used]), unit="ratio")
    mean = rates * weights / weights.sum(axis=-1, keepdims=True)
    found["weighted_mean"] = line("weighted_mean", mean.sum(axis=-1, keepdims=True), unit="fraction")
    line("interquartile_range", found["upper_quartile"] - found["lower_quartile"], unit="fraction")
    return line("royalty_rate", found[inputs.select], unit="fraction")


def tell_differences(inputs, used, workings):
    """Point out what makes the licences used less than comparable."""
    told = (
        ("asked only", "仅为要价", [entry.name for entry in used if entry.price == "asked"]),
        ("between related parties", "关联交易", [entry.name for entry in used if entry.parties == "related"]),
        (
            f"not {inputs.exclusivity}, as the right valued is, and not adjusted",
            f"独占性与所评权利（{inputs.exclusivity}）不同且未调整",
            [entry.name for entry in used if entry.exclusivity != inputs.exclusivity and not entry.reason.strip()],
        ),
    )
    for english, chinese, names in told:
        workings.warn(
            bool(names),
            f"Licences used although {english}: {', '.join(names)}.",
            f"采用了下列许可案例（{chinese}）：{'、'.join(names)}。",
        )
    workings.warn(
        len(used) < FEWEST,
        f"Fewer than {FEWEST} licences: the quartiles say little.",
        f"许可案例少于 {FEWEST} 个，四分位数参考意义有限。",
    )


method = Method(
    id="royalty_rate.from_comparables",
    version=1,
    approach="input",
    title=("Royalty rate from comparable licences", "可比许可费率"),
    serves=(),
    citations=(
        Citation("RoyaltyStat blog: quartiles of licence agreements, related parties excluded, one base", "page-read"),
        Citation("Excel QUARTILE.INC, worked examples of the documentation of three spreadsheet programs", "page-read"),
        Citation(
            "Uniloc v. Microsoft, 632 F.3d 1292 (Fed. Cir. 2011): no rule of thumb in place of evidence", "secondary"
        ),
    ),
    limitations=(
        "Published licences are the ones somebody had to publish; terms beside the rate are seldom all known.",
        "公开的许可案例多因披露义务而公开，费率以外的条款往往不全。",
    ),
    evidence=("licence_agreements",),
    inputs=ComparablesInputs,
    value=royalty_rate,
    unit="fraction",
)

"""Relief from royalty (许可费节省法): the royalties an owner is spared by not having to license the asset."""

from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import value_in_life, value_with_tax_benefit
from valuation.method import Citation, Inputs, Method, Quantity, check_named_once, fraction, items, money, text, years


class RoyaltyStream(Inputs):
    """A further revenue earned with the asset, at a royalty rate of its own."""

    name: str = text("Stream", "收入来源")
    revenue: Quantity = money("Revenue of this stream", "该来源收入", by_year="list", low=0)
    share_of_revenue: Quantity = fraction("Part of it that uses this asset", "使用该资产部分的占比", 1.0, by_year=True)
    royalty_rate: Quantity = fraction("Royalty rate", "许可费率", by_year=True, warn_above=0.15)


class RoyaltyInputs(common.LifeOrGrowth):
    """What is spared, for how long, and at which rate."""

    revenue: Quantity = money("Revenue earned with the asset", "使用该资产的收入", by_year="list", low=0)
    share_of_revenue: Quantity = fraction("Part of it that uses this asset", "使用该资产部分的占比", 1.0, by_year=True)
    royalty_rate: Quantity = fraction(
        "Royalty rate", "许可费率", by_year=True, warn_above=0.15,
        help="Paid on the revenue above; convert a rate agreed on another base (per unit, per patent family).",
    )  # fmt: skip
    further_streams: list[RoyaltyStream] = items(
        "Further revenues with rates of their own", "其他收入来源及其许可费率", [], at_least=0,
        help="Products, fields or countries that would be licensed at other rates.",
    )  # fmt: skip
    owner_costs: Quantity = money(
        "Upkeep the owner bears, before tax", "权利人维持成本（税前）", 0, by_year=True, low=0
    )
    remaining_useful_life: Quantity | None = years("Remaining useful life", "剩余使用寿命", above=0, rolls="down")
    growth_for_ever: Quantity | None = common.growth_for_ever()
    discount_rate: Quantity = common.discount_rate_after_tax()
    tax_rate: Quantity = common.income_tax_rate()
    tax_life: Quantity = common.tax_life()
    tax_write_off: common.WriteOff = common.tax_write_off()
    first_period: Quantity = common.first_period()
    timing: common.Timing = common.receipts()

    @model_validator(mode="after")
    def _each_stream_once(self) -> "RoyaltyInputs":
        check_named_once([stream.name for stream in self.further_streams], "stream", "收入来源")
        return self


def relief_from_royalty(inputs, workings):
    """Present value of the royalties saved after tax over the remaining life, with the buyer's tax benefit.

    Yearly inputs are (..., year), all others (..., 1); the value is (..., 1), in the case's currency. May be negative.
    Refused: a life and growth for ever together or neither, growth near the discount rate, one stream twice.

    Revenue 100, 120, 130 million; shares 1, 0.8, 0.6; royalty 5%; life 2.5 years; rate 18%; tax 25%; write-off
    10 years: 7,268,457.39 before the tax benefit, 8,278,856.03 with it.
    """
    line = workings.line
    royalty = line("royalty_saved", royalties(inputs) + further_royalties(inputs.further_streams, line))
    after_tax = line("after_tax_royalty", (royalty - inputs.owner_costs) * (1 - inputs.tax_rate))
    uncounted = ("royalties after the last forecast year are", "许可费")
    return value_with_tax_benefit(value_in_life(after_tax, inputs, workings, uncounted=uncounted), inputs, workings)


def royalties(stream):
    """What would be paid on one revenue."""
    return stream.revenue * stream.share_of_revenue * stream.royalty_rate


def further_royalties(streams, line):
    """What would be paid on all further revenues; 0 without any."""
    return sum((line(f"royalty_saved[{stream.name}]", royalties(stream)) for stream in streams), 0.0)


method = Method(
    id="income.relief_from_royalty",
    version=1,  # raise it when the same inputs would give another figure
    approach="income",
    title=("Relief from royalty", "许可费节省法"),
    serves=("intellectual_property", "ai_model", "training_data"),
    citations=(
        Citation(
            "IVS 2025, 210 Intangible Assets: relief-from-royalty method (paragraph 60.18 as quoted by a third party)",
            "secondary",
        ),
        Citation("ISO 10668:2010 Brand valuation: royalty relief", "secondary"),
    ),
    limitations=(
        "Only as good as the royalty evidence: the rate must be for the same right, base, field and exclusivity.",
        "结果取决于许可费率证据：费率须与所评权利、计费基础、领域和独占性一致。",
    ),
    evidence=("title", "licence_agreements", "revenue_forecast"),
    inputs=RoyaltyInputs,
    value=relief_from_royalty,
)

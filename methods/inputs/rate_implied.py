"""Implied rate (交易隐含折现率): the rate at which the cash flows bought are worth the price that was paid for them."""

import numpy as np

from valuation import common_inputs as common
from valuation.finance import flow_time, horizon, internal_rate, period_length
from valuation.method import Citation, Inputs, Method, Quantity, money, years


class ImpliedRateInputs(Inputs):
    """A price, and what its buyer expected to receive for it."""

    price: Quantity = money(
        "Price paid", "成交价格", above=0,
        help="Of a like asset sold lately, or of the asset itself when it was bought. Without costs of the deal.",
    )  # fmt: skip
    cash_flow: Quantity = money(
        "Cash flow by year that was bought", "所购资产的逐年现金流", by_year="list", rolls="stays",
        help="As expected on the day of the deal, on the basis (nominal, after tax, expected or contractual) of the "
        "flows that the rate is meant for. A past deal's flows stay as they were when a case is rolled forward.",
    )  # fmt: skip
    first_year_length: Quantity = years("Length of the first of these years", "首年长度", 1, above=0, high=1)
    timing: common.Timing = common.receipts()


def implied_rate(inputs, workings):
    """What a buyer earned a year by paying this price: the discount rate that calibrates a valuation to a real deal.

    Cash flow is (..., year), all else and the answer (..., 1), a fraction per year, found by halving; no formula in a
    workbook. Refused: flows that are worth more than the price at 200% a year, or less at -90%.

    1,083 for 1,200 a year later: 10.8%. 100 for 39, 59, 55, 20 at year ends: 28.095%.
    """
    forecast, first = horizon(inputs.cash_flow), inputs.first_year_length
    length = period_length(forecast, first)
    time = workings.line("flow_time", flow_time(length, forecast, first, timing=inputs.timing), unit="years")
    workings.warn(
        np.min(inputs.cash_flow, axis=-1, keepdims=True) < 0,
        "The flows change their sign: more than one rate may give the price.",
        "现金流变号，可能存在多个内部收益率。",
    )
    rate = (inputs.price, inputs.cash_flow, time)
    return workings.opaque("implied_rate", internal_rate, *rate, unit="fraction per year")


method = Method(
    id="rate.implied",
    version=1,
    approach="input",
    title=("Rate implied by a price", "交易隐含折现率"),
    serves=(),
    citations=(
        Citation(
            "IFRS 13 B20-B21, discount rate adjustment technique: rates of comparable assets, as quoted", "page-read"
        ),
        Citation("IFRS 13.64: calibration to the price at initial recognition", "memory"),
        Citation("numpy-financial, docstring of irr", "file-read"),
    ),
    limitations=(
        "It holds whatever the price held: a hurried sale or a buyer's synergies end up in the rate.",
        "包含成交价格中的一切因素：急售折价或买方协同效应均体现在该折现率中。",
    ),
    evidence=("comparable_deals", "cash_flow_forecast"),
    inputs=ImpliedRateInputs,
    value=implied_rate,
    unit="fraction per year",
)

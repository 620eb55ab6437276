"""What waiting for a buyer leaves of a value: a slow sale pays with time, a quick one with its discount, never both."""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.method import Citation, Inputs, Method, Quantity, fraction, money, rate, years


class SaleInputs(Inputs):
    """Two ways to sell one asset after default."""

    value: Quantity = money("Value on the day of default", "违约日价值", low=0)
    sold_within_a_year: Quantity = fraction(
        "Part of such assets that is sold within a year", "一年内售出比例", above=0, below=1
    )
    log_drift: Quantity = rate("Drift of the logarithm of value a year", "价值对数年漂移", low=-5, high=0)
    money_rate: Quantity = rate("Rate for the time until the money is in hand", "变现期间的资金利率", 0, low=0, high=1)
    longest_wait: Quantity | None = years(
        "After which it is sold for scrap", "最长等待时间（其后按残值处置）", None, above=0
    )
    scrap: Quantity = fraction("Scrap, part of the value on the day of default", "残值占比", 0)
    forced_sale_discount: Quantity = fraction("Discount of a quick sale", "快速变现折扣")
    quick_sale_time: Quantity = years("Time a quick sale takes", "快速变现所需时间", 0)


def sale_after_default(inputs: Any, workings: Any) -> Any:
    """The better of a quick sale at a discount and a slow one at the price of the day, in money of the day of default.

    The two are never joined: a forced discount is the price of not waiting. Value 100, drift -28%, money at 5.127%,
    30% sold within a year, the rest scrapped at 10% after two: the slow sale brings 41.32.
    """
    line = workings.line
    # A share sold in a year stands for a constant chance at every moment.
    sale_rate = line("sale_rate", -np.log1p(-inputs.sold_within_a_year), unit="ratio")
    money_force = np.log1p(inputs.money_rate)
    kept = retained_while_waiting(
        sale_rate, 0 - inputs.log_drift, money_force, longest_wait=inputs.longest_wait, scrap=inputs.scrap
    )
    slow = line("slow_sale", inputs.value * line("retained_while_waiting", kept, unit="fraction"))
    quick = inputs.value * (1 - inputs.forced_sale_discount)
    quick = line("quick_sale", quick * np.exp((inputs.log_drift - money_force) * inputs.quick_sale_time))
    return line("better_sale", np.maximum(slow, quick))


def retained_while_waiting(
    sale_rate: Any, decay: Any, money_rate: Any, *, longest_wait: Any = None, scrap: Any = 0.0
) -> Any:
    """Mean part of the value that a sale at a constant chance brings, while the value decays and money costs interest.

    All rates are continuous, a year. Sale rate 1.5, decay .28, interest .05: 0.819672131147541; at the mean time it
    would be .8025, since late sales lose less than early ones save. Ended after a year with a scrap of 10%:
    0.7042269569618019. The scrap decays and costs interest like the rest.
    """
    leaving = sale_rate + decay + money_rate
    kept = sale_rate / np.where(leaving > 0, leaving, 1.0)
    if longest_wait is None:
        return kept
    unsold = np.exp(-leaving * longest_wait)
    return kept * (1 - unsold) + scrap * unsold


method = Method(
    id="lending.sale_time",
    version=1,
    approach="lending",
    title=("Quick or slow sale after default", "违约后快速变现与等待变现"),
    serves=(),
    citations=(
        Citation("Richardson Oliver: sale rates and years on the market of brokered patents", "page-read"),
        Citation(
            "Exponential time to a sale, decay and interest meanwhile: derived, checked by quadrature", "recomputed"
        ),
    ),
    limitations=(
        "Every asset of a sort is as likely to sell as any other, however long it has been offered.",
        "假设同类资产在任何时点售出的可能性相同，与已挂牌时间无关。",
    ),
    evidence=("sale_records",),
    inputs=SaleInputs,
    value=sale_after_default,
)

"""Returns: the rate that a price and the cash flows bought with it imply."""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.finance.discounting import discount_factor, present_value

LOWEST, HIGHEST = -0.9, 2.0  # the rates searched: what a field for a rate takes
HALVINGS = 60  # of their distance, which leaves 2.5e-18


def internal_rate(price: Any, flows: Any, times: Any) -> Any:
    """The rate at which flows (..., year) at these times are worth the price (..., 1); not a number if none is found.

    By halving: worth must exceed the price at -90% a year and fall short of it at 200%. With flows that change their
    sign several rates may do; one of them is found. 100 for 39, 59, 55, 20 at year ends: 0.28095.
    """
    price, flows, times = (np.asarray(one, dtype=float) for one in (price, flows, times))
    shape = np.broadcast_shapes(price.shape, (*flows.shape[:-1], 1), (*times.shape[:-1], 1))
    low, high = np.full(shape, LOWEST), np.full(shape, HIGHEST)

    def dear(rate: Any) -> Any:
        return present_value(flows, discount_factor(rate, times)) > price

    between = dear(low) & ~dear(high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = dear(middle)
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(between, (low + high) / 2, np.nan)

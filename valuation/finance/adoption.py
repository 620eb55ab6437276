"""Adoption: which share of a market has taken a product up by a time after its launch."""

from __future__ import annotations

from typing import Any

import numpy as np

LARGEST_EXPONENT = 700.0  # e to a higher one is no number in a sheet, and 1 over it is nothing


def bass_adoption(innovation: Any, imitation: Any, time: Any) -> Any:
    """Share of the final adopters who have adopted by `time`: of those left, innovation + imitation x share adopt.

    Innovation p must be above 0. (1 - exp(-(p + q) t)) / (1 + q / p exp(-(p + q) t)); new adopters are most at
    ln(q / p) / (p + q). p 0.03, q 0.38: 0.0358 after one year, 0.6517 after eight; most new ones after 6.19 years.
    """
    left = np.exp(-(innovation + imitation) * time)
    return (1 - left) / (1 + imitation / innovation * left)


def logistic_adoption(speed: Any, midpoint: Any, time: Any) -> Any:
    """Share of the final adopters who have adopted by `time`: half at the midpoint, fastest there, by speed / 4 a year.

    1 / (1 + exp(-speed (time - midpoint))). Speed 1, midpoint 4: 0.0474 after one year. Not 0 at launch.
    """
    return 1 / (1 + np.exp(np.minimum(speed * (midpoint - time), LARGEST_EXPONENT)))

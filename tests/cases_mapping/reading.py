"""What a reading is, and the list of all of them."""

from collections.abc import Callable
from typing import Any

from valuation.calculation import Outcome

Inputs = dict[str, Any]
Figures = dict[str, Any]  # a figure, or a list of them, by the page's name
Reading = Callable[[Inputs], Figures]

READINGS: dict[str, Reading] = {}


def reading(case: str) -> Callable[[Reading], Reading]:
    """Enter the function as the reading of this case."""

    def enter(function: Reading) -> Reading:
        READINGS[case] = function
        return function

    return enter


def line(outcome: Outcome, name: str) -> float:
    """The figure of a line, in the first year if there are several."""
    return next(each.values[0] for each in outcome.lines if each.name == name)

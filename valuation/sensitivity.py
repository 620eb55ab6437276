"""What moves the value: how much each input does, one at a time, from the stated values."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from valuation.calculation import Outcome, evaluate
from valuation.method import FieldFacts, leaves
from valuation.quantity import Quantity
from valuation.workings import FloatArray, Silent

BUMP = 0.01  # each input is raised by one hundredth of itself


def elasticities(outcome: Outcome) -> Mapping[str, float]:
    """By how many percent the value moves when an input rises by one percent, by relative path of the input.

    A derived input counts as one figure. The value must not be 0; inputs that are 0 do not move. All inputs are bumped
    in one call of the method, one row an input. Royalty rate of a relief from royalty without upkeep: 1.
    """
    paths = [path for path, _, _ in leaves(outcome.calculation.inputs)]
    row = {path: number for number, path in enumerate(paths)}

    def value_of(path: str, quantity: Quantity, facts: FieldFacts) -> FloatArray:
        stated = outcome.stated[path]
        bumped = np.repeat(stated[None, :], len(paths), axis=0)
        bumped[row[path]] *= 1 + BUMP
        return bumped

    values = np.broadcast_to(evaluate(outcome.calculation, value_of, Silent()), (len(paths), 1))[:, 0]
    if outcome.value == 0:
        return dict.fromkeys(paths, 0.0)
    moved = (values / outcome.value - 1) / BUMP
    return {path: float(moved[row[path]]) if np.isfinite(moved[row[path]]) else 0.0 for path in paths}

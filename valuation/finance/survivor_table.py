"""Survivor curves given as a table: which share is left at each age, straight lines in between.

Ages rise from 0, survivors do not rise. Both are rows (..., point); an age that is asked for is (..., 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np


def is_survivor_table(ages: Sequence[float], survivors: Sequence[float]) -> bool:
    """Whether the ages rise from 0, and the survivors, as many, never."""
    rising = all(a < b for a, b in pairwise(ages))
    return len(ages) == len(survivors) and ages[0] == 0 and rising and all(a >= b for a, b in pairwise(survivors))


def tabulated_survivors(ages: Any, survivors: Any, age: Any) -> Any:
    """Share left at this age; beyond the table what its last point leaves.

    Ages 0, 2, 4 and survivors 1, 0.8, 0: at age 3 it is 0.4.
    """
    passed = np.clip((age - ages[..., :-1]) / (ages[..., 1:] - ages[..., :-1]), 0.0, 1.0)
    lost = np.sum(passed * (survivors[..., :-1] - survivors[..., 1:]), axis=-1, keepdims=True)
    return survivors[..., :1] - lost


def tabulated_remaining_life(ages: Any, survivors: Any, age: Any) -> Any:
    """Years still to be expected at this age: the area under the curve from there on, over what is left at it.

    Whatever lives beyond the table is not counted. Not finite where nothing is left at this age. Ages 0, 2, 4 and
    survivors 1, 0.8, 0: 2.6 at age 0 and 0.5 at age 3.
    """
    start, end = ages[..., :-1], ages[..., 1:]
    since = np.clip(age, start, end)
    at_since = survivors[..., :-1] + (survivors[..., 1:] - survivors[..., :-1]) * (since - start) / (end - start)
    area = np.sum((end - since) * (at_since + survivors[..., 1:]) / 2, axis=-1, keepdims=True)
    return area / tabulated_survivors(ages, survivors, age)

"""What moves the value: swings, shares of variance, two-way grids, and the chance of falling short of a loan."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

import valuation
from valuation import sampling
from valuation.calculation import Outcome
from valuation.ensemble import Ensemble
from valuation.errors import InputError
from valuation.sensitivity import (
    elasticities,
    grid,
    probability_below,
    sobol_indices,
    tornado,
    tornado_of_draws,
)

RANGES: dict[str, Any] = {
    "royalty_rate": {"low": 0.02, "mode": 0.05, "high": 0.09},
    "discount_rate": {"low": 0.12, "mode": 0.15, "high": 0.2},
    "tax_rate": {"low": 0.15, "mode": 0.2, "high": 0.25},
    "owner_costs": {"low": 100_000, "mode": 200_000, "high": 400_000},
}
FIXED = {"revenue": [100e6, 110e6, 121e6], "remaining_useful_life": 3, "tax_life": 10}


def royalty(**changed: Any) -> Outcome:
    return valuation.run("income.relief_from_royalty", {**FIXED, **RANGES, **changed})


def test_a_royalty_without_upkeep_moves_the_value_in_proportion():
    assert elasticities(royalty(owner_costs=0))["royalty_rate"] == pytest.approx(1, abs=1e-9)


def test_each_swing_is_the_method_at_the_ends_of_one_range():
    swings = {swing.path: swing for swing in tornado(royalty())}
    ends = stats.beta(*_beta(0.02, 0.05, 0.09)).ppf([0.05, 0.95]) * 0.07 + 0.02
    for end, found in zip(ends, (swings["royalty_rate"].low, swings["royalty_rate"].high), strict=True):
        assert found == pytest.approx(royalty(royalty_rate=float(end)).value, rel=1e-8)


def test_the_widest_swing_comes_first():
    widths = [swing.width for swing in tornado(royalty())]
    assert widths == sorted(widths, reverse=True)
    assert tornado(royalty())[0].path == "royalty_rate"


def test_swings_from_draws_follow_what_is_correlated():
    """Alone the tax rate lowers the value; tied to the royalty rate it seems to raise it."""
    order = Ensemble([royalty()]).paths
    pair = (order.index("tax_rate"), order.index("royalty_rate"), 0.9)
    tied = {s.path: s for s in tornado_of_draws(royalty(), sampling.Draws(1, 2**12, 4, [pair]))}
    alone = {s.path: s for s in tornado_of_draws(royalty(), sampling.Draws(1, 2**12, 4))}
    assert alone["tax_rate"].low > alone["tax_rate"].high
    assert tied["tax_rate"].low < tied["tax_rate"].high


def test_sobol_indices_agree_with_scipy():
    """The same estimand by another program, drawing its own points."""
    ours = {index.path: index for index in sobol_indices(royalty(), count=2**13)}
    ensemble = Ensemble([royalty()])

    def model(points: Any) -> Any:
        return ensemble.values(stats.norm.ppf(points))[0].copy()

    uniforms = [stats.uniform()] * len(ensemble.paths)
    theirs = stats.sobol_indices(func=model, n=2**13, dists=uniforms, rng=np.random.default_rng(1))
    for row, path in enumerate(ensemble.paths):
        assert ours[path].first == pytest.approx(theirs.first_order[row], abs=0.01)
        assert ours[path].total == pytest.approx(theirs.total_order[row], abs=0.01)


def test_intervals_hold_the_estimate_and_narrow_with_more_draws():
    few, many = ({i.path: i for i in sobol_indices(royalty(), count=n)} for n in (2**9, 2**13))
    for index in (*few.values(), *many.values()):
        assert index.total_interval[0] <= index.total <= index.total_interval[1]
    width = {count: np.diff(found["royalty_rate"].first_interval)[0] for count, found in ((9, few), (13, many))}
    assert width[13] < width[9] / 2


def test_first_shares_add_up_to_at_most_one_and_totals_to_at_least_one():
    found = sobol_indices(royalty(), count=2**13)
    assert sum(index.first for index in found) <= 1.005
    assert sum(index.total for index in found) >= 0.995


def test_indices_come_out_the_same_twice():
    assert sobol_indices(royalty(), count=2**9) == sobol_indices(royalty(), count=2**9)


def test_a_grid_is_the_method_at_every_pair():
    found = grid(royalty(), ("royalty_rate", [0.03, 0.05]), ("discount_rate", [0.1, 0.2]))
    for row, share in enumerate((0.03, 0.05)):
        for column, rate in enumerate((0.1, 0.2)):
            assert found.values[row][column] == pytest.approx(
                royalty(royalty_rate=share, discount_rate=rate).value, rel=1e-12
            )


def test_an_infeasible_cell_is_marked_with_its_reason():
    found = grid(royalty(), ("royalty_rate", [0.05, 1.5]), ("discount_rate", [0.1]))
    assert found.values[0][0] is not None
    assert found.values[1][0] is None
    assert "at most 1" in found.reasons[1, 0]


def test_a_grid_of_an_unknown_input_offers_the_near_one():
    with pytest.raises(InputError, match="Did you mean royalty_rate"):
        grid(royalty(), ("royalty_rat", [0.05]), ("discount_rate", [0.1]))


def test_chance_below_a_figure_counts_the_draws():
    share, error = probability_below(np.arange(100.0), 25.0)
    assert share == 0.25
    assert error == pytest.approx(0.0433012701892)


def _beta(low: float, mode: float, high: float) -> tuple[float, float]:
    return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)

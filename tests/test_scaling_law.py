"""Scaling law: its closed forms against searches that know nothing of them."""

import numpy as np
import pytest

from valuation.finance import ScalingLaw, chosen_row, normal_quantile, training_flop

BESIROGLU = ScalingLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658)
HOFFMANN = ScalingLaw(1.69, 406.4, 410.7, 0.34, 0.28)
SIZES = np.geomspace(1e8, 1e13, 200_001)


def test_training_takes_six_flop_per_parameter_and_token():
    assert training_flop(7e10, 1.4e12) == pytest.approx(5.88e23, rel=1e-12)


def test_optimum_of_a_budget():
    parameters, tokens = BESIROGLU.optimum(5.76e23)
    assert [parameters, tokens, BESIROGLU.loss(parameters, tokens)] == pytest.approx(
        [7.2249e10, 1.32874e12, 1.97444], rel=1e-5
    )
    assert tokens / parameters == pytest.approx(18.39, abs=0.005)


def test_rounded_constants_of_the_first_fit_ask_for_five_times_the_tokens():
    parameters, tokens = HOFFMANN.optimum(5.76e23)
    assert [parameters, tokens / parameters] == pytest.approx([3.21899e10, 92.6], rel=1e-3)


@pytest.mark.parametrize("law", [BESIROGLU, HOFFMANN])
def test_no_size_on_a_grid_beats_the_optimum_of_a_budget(law):
    losses = law.loss(SIZES, 5.76e23 / 6 / SIZES)
    assert law.loss(*law.optimum(5.76e23)) == pytest.approx(losses.min(), rel=1e-9)
    assert law.optimum(5.76e23)[0] == pytest.approx(SIZES[losses.argmin()], rel=1e-3)


@pytest.mark.parametrize(("law", "least"), [(BESIROGLU, 2.474802e23), (HOFFMANN, 1.11006e23)])
def test_least_compute_for_a_loss(law, least):
    assert training_flop(*law.cheapest_match(2.0)) == pytest.approx(least, rel=2e-6)


@pytest.mark.parametrize("law", [BESIROGLU, HOFFMANN])
def test_no_size_on_a_grid_matches_a_loss_with_less_compute(law):
    large_enough = SIZES[law.least_loss(SIZES) < 2.0]
    compute = training_flop(large_enough, law.tokens_to_match(2.0, large_enough))
    assert training_flop(*law.cheapest_match(2.0)) == pytest.approx(compute.min(), rel=1e-7)


def test_cheapest_match_and_optimum_are_one_point():
    parameters, tokens = BESIROGLU.cheapest_match(2.0)
    assert BESIROGLU.optimum(training_flop(parameters, tokens)) == pytest.approx((parameters, tokens), rel=1e-12)


def test_tokens_to_match_reach_the_loss():
    assert BESIROGLU.tokens_to_match(2.0, 2e10) == pytest.approx(3.013022e12, rel=1e-6)
    assert BESIROGLU.loss(2e10, BESIROGLU.tokens_to_match(2.0, 2e10)) == pytest.approx(2.0, rel=1e-14)


def test_a_size_never_goes_below_its_least_loss():
    """Seven billion parameters come near 1.99872; data cannot buy more, and a smaller figure would be an invention."""
    assert BESIROGLU.least_loss(7e9) == pytest.approx(1.99872, abs=5e-6)
    with np.errstate(invalid="ignore"):
        assert np.isnan(BESIROGLU.tokens_to_match(1.99, 7e9))


def test_compute_for_a_loss_near_the_irreducible_one_grows_without_bound():
    compute = training_flop(*BESIROGLU.cheapest_match(1.8172 + np.geomspace(1, 1e-3, 50)))
    assert np.all(np.diff(compute) > 0)
    assert compute[-1] / compute[0] > 1e15


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_each_row_is_drawn_as_often_as_any_other(rows):
    """Scores of even chances fall on the rows in turn, and the furthest scores on the first and the last."""
    scores = normal_quantile((np.arange(10 * rows) + 0.5) / (10 * rows))[:, None]
    assert chosen_row(scores, rows).sum(axis=0) == pytest.approx(np.full(rows, 10.0))
    assert chosen_row(np.array([[-40.0], [40.0]]), rows)[:, [0, -1]].sum() == (4 if rows == 1 else 2)

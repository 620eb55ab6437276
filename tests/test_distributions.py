"""What a stated range means: each shape against its closed form, its moments, its ends and its paths by year."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaincinv, ndtr

from valuation import score_tables
from valuation.distributions import (
    Fixed,
    Lognormal,
    Normal,
    Pert,
    Scenarios,
    Together,
    Triangular,
    Uniform,
    shape_of,
)
from valuation.finance import compound
from valuation.quantity import Quantity

SCORES = np.concatenate([np.linspace(-8.5, 8.5, 3001), np.random.default_rng(1).normal(size=3000)])
MODES = [0, 1e-12, 1e-6, 1e-3, 0.05, 0.1, 0.25, 0.3, 0.5, 0.7, 0.9, 0.999, 1 - 1e-9, 1]

SHAPES = [
    Fixed(3.0),
    Pert(10.0, 30.0, 100.0),
    Pert(0.0, 0.0, 1.0),
    Triangular(10.0, 30.0, 100.0),
    Uniform(-2.0, 5.0),
    Lognormal(40.0, 0.3),
    Normal(7.0, 2.0),
    Scenarios([120.0, 80.0, 100.0], [0.2, 0.3, 0.5]),
]


def by_tail(lower, upper, z=SCORES):
    """Each half from its own tail, as a reference value must not lose 1 - u either."""
    return np.where(z < 0, lower(ndtr(np.minimum(z, 0))), upper(ndtr(-np.maximum(z, 0))))


@pytest.mark.parametrize("mode", MODES)
def test_pert_table_is_the_inverse_beta_distribution(mode):
    """Also where the mode lies at an end: there alpha or beta is 1 and the density does not vanish at that end."""
    alpha, beta = 1 + 4 * mode, 5 - 4 * mode
    exact = by_tail(lambda u: betaincinv(alpha, beta, u), lambda u: 1 - betaincinv(beta, alpha, u))
    assert np.abs(Pert(0.0, mode, 1.0).at(SCORES) - exact).max() < 3e-11


@pytest.mark.parametrize("mode", MODES)
def test_triangular_is_two_square_roots(mode):
    exact = np.where(ndtr(SCORES) <= mode, np.sqrt(mode * ndtr(SCORES)), 1 - np.sqrt((1 - mode) * ndtr(-SCORES)))
    assert np.abs(Triangular(0.0, mode, 1.0).at(SCORES) - exact).max() < 1e-10


def test_uniform_is_the_chance_itself():
    assert np.abs(Uniform(0.0, 1.0).at(SCORES) - ndtr(SCORES)).max() < 1e-10


def test_lognormal_and_normal_are_exact():
    np.testing.assert_array_equal(Lognormal(40.0, 0.3).at(SCORES), 40 * np.exp(0.3 * SCORES))
    np.testing.assert_array_equal(Normal(7.0, 2.0).at(SCORES), 7 + 2 * SCORES)


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_moments_are_those_of_the_draws(shape):
    """Mean and sd are shown beside a range; they must belong to what is drawn."""
    z = np.linspace(-8.5, 8.5, 200_001)
    weight = np.exp(-z * z / 2)
    weight /= weight.sum()
    mean = (weight * shape.at(z)).sum()
    assert shape.mean == pytest.approx(mean, rel=1e-4 if isinstance(shape, Scenarios) else 1e-9)
    sd = np.sqrt((weight * (shape.at(z) - mean) ** 2).sum())
    assert shape.sd == pytest.approx(sd, rel=1e-3 if isinstance(shape, Scenarios) else 1e-8, abs=1e-12)


@pytest.mark.parametrize(
    ("shape", "stated"),
    [
        (Fixed(3.0), 3.0),
        (Pert(10.0, 30.0, 100.0), 30.0),
        (Triangular(10.0, 30.0, 100.0), 30.0),
        (Uniform(-2.0, 5.0), 1.5),
        (Lognormal(40.0, 0.3), 40.0),
        (Normal(7.0, 2.0), 7.0),
        (Scenarios([120.0, 80.0, 100.0], [0.2, 0.3, 0.5]), 98.0),
    ],
    ids=repr,
)
def test_point_value_is_what_was_stated(shape, stated):
    """The point value is the mode, the median, the middle or the weighted mean: never an outcome of the draws."""
    assert shape.stated == pytest.approx(stated, rel=1e-15)


def test_pert_moments_of_the_docstring():
    assert Pert(0.0, 30.0, 100.0).mean == pytest.approx(36.67, abs=0.005)
    assert Pert(0.0, 30.0, 100.0).sd == pytest.approx(18.21, abs=0.005)


@given(st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3).map(sorted), st.sampled_from([Pert, Triangular]))
def test_figures_rise_with_the_score_and_stay_between_the_ends(ends, kind):
    """A table that overshoots an end would break a field's bounds; one that falls would turn a correlation round."""
    low, mode, high = ends
    figures = kind(low, mode, high).at(np.linspace(-9, 9, 2001))
    last_bits = 1e-14 * (high - low) + 4 * np.spacing(max(abs(low), abs(high)))
    assert np.all(np.diff(figures) >= -last_bits)
    assert figures.min() >= low - last_bits
    assert figures.max() <= high + last_bits


@pytest.mark.parametrize("kind", [Pert, Triangular])
def test_range_of_no_width_is_a_constant(kind):
    np.testing.assert_array_equal(kind(5.0, 5.0, 5.0).at(SCORES), np.full(SCORES.shape, 5.0))


def test_scores_beyond_the_last_are_held():
    """A correlated score may leave the table; it then stands where one draw in 10^17 does."""
    shape = Pert(0.0, 0.4, 1.0)
    np.testing.assert_array_equal(shape.at(np.array([-40.0, 40.0])), shape.at(np.array([-8.5, 8.5])))


@pytest.mark.parametrize("kind", [Pert, Triangular])
def test_one_score_moves_the_whole_path(kind):
    low, mode, high = np.array([80.0, 100.0, 120.0]), np.array([100.0, 110.0, 120.0]), np.array([150.0, 120.0, 120.0])
    z = np.random.default_rng(2).normal(size=(500, 1))
    paths = kind(low, mode, high).at(z)
    assert paths.shape == (500, 3)
    for year in range(3):
        alone = kind(low[year], mode[year], high[year]).at(z[:, 0])
        np.testing.assert_array_equal(paths[:, year], alone)


def test_years_that_are_multiples_of_one_range_share_a_table():
    """Ten years of one growing range cost one table, though their last bits differ."""
    growth = 1.07 ** np.arange(10)
    assert Pert(0.8 * growth, 1.0 * growth, 1.3 * growth).part == pytest.approx(0.4)
    assert Pert(0.8 * growth, np.linspace(1, 1.2, 10), 1.3 * growth).part is None


def test_pert_tables_are_kept_between_cases():
    score_tables.pert_table.cache_clear()
    for shape in (Pert(0.0, 3.0, 10.0), Pert(100.0, 130.0, 200.0)):
        shape.at(SCORES)
    assert score_tables.pert_table.cache_info().misses == 1
    assert score_tables.pert_table.cache_info().maxsize is not None


@pytest.mark.parametrize("draws", [1, 300, 2**16])
def test_ranges_read_together_give_what_each_gives_alone(draws):
    """To the last bit, however many rows one call takes, so that a figure is the same whatever else is uncertain."""
    growth = 1.07 ** np.arange(5)
    shapes = [*SHAPES, Pert(0.8 * growth, growth, 1.3 * growth), Pert(0.8 * growth, np.full(5, 1.0), 2 * growth)]
    scores = np.random.default_rng(3).normal(size=(len(shapes), draws))
    for shape, row, figures in zip(shapes, scores, Together(shapes).at(scores), strict=True):
        np.testing.assert_array_equal(figures, shape.at(row[:, None]))


def test_draws_of_one_year_lie_side_by_side():
    """A forecast's draws are walked year by year, thousands at a time; the other way round costs half as much again."""
    growth = 1.07 ** np.arange(5)
    z = SCORES[:, None]
    assert Pert(0.8 * growth, growth, 1.3 * growth).at(z).flags.f_contiguous
    assert Pert(0.8 * growth, np.full(5, 1.0), 2 * growth).at(z).flags.f_contiguous
    assert Lognormal(growth, 0.3).at(z).flags.f_contiguous
    assert compound(0.05 + 0.001 * z, growth).flags.f_contiguous


def test_scenarios_come_in_order_of_value_with_their_chances():
    shape = Scenarios([120.0, 80.0, 100.0], [0.2, 0.3, 0.5])
    u = (np.arange(1000) + 0.5) / 1000
    from scipy.special import ndtri

    figures = shape.at(ndtri(u))
    assert np.all(np.diff(figures) >= 0)
    assert [int((figures == value).sum()) for value in (80, 100, 120)] == [300, 500, 200]


def test_scenario_without_a_chance_is_never_drawn():
    figures = Scenarios([1.0, 2.0, 3.0, 4.0], [0.0, 0.5, 0.0, 0.5]).at(np.linspace(-8, 8, 1001)[:, None])
    assert set(figures.ravel()) == {2.0, 4.0}
    assert set(Scenarios([1.0, 2.0], [1.0, 0.0]).at(SCORES)) == {1.0}


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (0.12, Fixed),
        ({"low": 1, "mode": 2, "high": 4}, Pert),
        ({"low": 1, "mode": 2, "high": 4, "shape": "triangular"}, Triangular),
        ({"low": 1, "high": 4}, Uniform),
        ({"median": 4, "sigma": 0.2}, Lognormal),
        ({"mean": 4, "sd": 1}, Normal),
        ({"values": [1, 2], "weights": [0.5, 0.5]}, Scenarios),
    ],
)
def test_every_stated_form_has_its_shape(given, kind):
    assert type(shape_of(Quantity.model_validate(given))) is kind


def test_part_stated_once_holds_for_every_year():
    """A cap common to all years beside a mode by year: the point value must still be one figure a year."""
    shape = shape_of(Quantity.model_validate({"low": 0, "mode": 0.5, "high": [1, 2, 4]}))
    np.testing.assert_array_equal(shape.stated, [0.5, 0.5, 0.5])
    assert shape.at(np.zeros((7, 1))).shape == (7, 3)


def test_drawing_imports_neither_scipy_nor_pandas():
    """scipy.special takes 0.2 s to import, scipy.stats a second: longer than a hundred thousand draws."""
    script = (
        "import sys; from valuation import distributions, sampling; from valuation.distributions import *;"
        "z = sampling.Draws(1, 256, 2, [(0, 1, 0.5)]).scores(0, 256);"
        "[s.at(z) for s in (Pert(0.,1.,2.), Triangular(0.,1.,2.), Uniform(0.,1.), Scenarios([1.,2.],[.5,.5]))];"
        "print([m for m in ('scipy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

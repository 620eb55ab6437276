"""Draws: the sequence itself, its order, its accuracy, percentiles and what is refused."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import qmc

from valuation import sampling
from valuation.distributions import Pert
from valuation.errors import InputError
from valuation.sampling import Draws, blocks, normal_score, percentiles


@pytest.mark.parametrize(("dimensions", "count"), [(256, 2**10), (7, 2**16)])
def test_unscrambled_points_are_those_of_joe_and_kuo(dimensions, count):
    """Bit for bit the points of scipy, which reads the same numbers: table, recurrence and order are right."""
    points = sampling.sobol_bits(sampling.direction_numbers(dimensions), count) / 2.0**52
    np.testing.assert_array_equal(points.T, qmc.Sobol(dimensions, scramble=False).random(count))


def test_random_words_are_splitmix64():
    """The published first word of a splitmix64 stream at 0."""
    assert sampling._splitmix64(0, 1, 1)[0, 0] == 0xE220A8397B1DCDAF


def test_stream_is_pinned():
    """A change here moves every saved range: it needs a new format of record, not a new golden value."""
    points = Draws(seed=1, count=16, dimensions=3).uniforms(0, 3) * 2.0**53
    assert [[int(point) for point in row] for row in points] == [
        [0x1102C48A0403B, 0x19201A62FF2ED7, 0x13F396EF556A05],
        [0x2F2F81C7D6CBB, 0x18A38F71CA99EF, 0xB0F370FF6BB09],
        [0x147C48979C6F8D, 0x8CCC11C30283B, 0x1E73723FD23323],
    ]


def test_scores_are_pinned():
    first, second, third = [-1.8353862321388061, -1.3275746955768906, 0.35891679752173355]
    np.testing.assert_allclose(Draws(1, 16, 3).scores(0, 1)[:, 0], [first, second, third], rtol=1e-12)
    normal = 2 * np.sin(np.pi / 12)  # for a rank correlation of 0.5
    moved = normal * first + np.sqrt(1 - normal**2) * third
    correlated = Draws(1, 16, 3, [(0, 2, 0.5)]).scores(0, 1)[:, 0]
    np.testing.assert_allclose(correlated, [first, second, moved], rtol=1e-12)


@pytest.mark.parametrize("stretch", [(0, 1), (5, 6), (1000, 1030), (1023, 1025), (2048, 4096), (4095, 4096), (7, 7)])
def test_any_stretch_alone_is_the_slice_of_the_whole(stretch):
    """Blocks run in any order, and a single draw can be looked at again."""
    whole = Draws(3, 4096, 5, [(1, 3, 0.4)]).scores(0, 4096)
    alone = Draws(3, 4096, 5, [(1, 3, 0.4)]).scores(*stretch)
    np.testing.assert_array_equal(alone, whole[:, slice(*stretch)])


def test_one_and_two_threads_give_the_same_bytes():
    draws, shape = Draws(11, 2**14, 6, [(0, 1, 0.5), (1, 5, -0.2)]), Pert(0.0, 0.3, 1.0)

    def work(stretch):
        return shape.at(draws.scores(*stretch))

    stretches = [(start, start + 1024) for start in range(0, 2**14, 1024)]
    with ThreadPoolExecutor(2) as pool:
        threaded = list(pool.map(work, reversed(stretches)))[::-1]
    assert np.hstack(threaded).tobytes() == np.hstack([work(stretch) for stretch in stretches]).tobytes()


def test_stream_of_an_input_depends_on_seed_and_its_number_only():
    """One more uncertain input, or twice the draws, leaves the draws of the others as they were."""
    few, many = Draws(5, 256, 3).uniforms(0, 256), Draws(5, 1024, 9).uniforms(0, 256)
    np.testing.assert_array_equal(few, many[:3])
    assert not np.any(few == Draws(6, 256, 3).uniforms(0, 256))


@pytest.mark.parametrize("seed", [0, 1, 2**64 - 1])
def test_every_input_visits_every_equal_part_once(seed):
    """Scrambling must keep what makes the sequence good: 4096 draws fall one each into 4096 equal parts of [0, 1]."""
    parts = np.floor(Draws(seed, 4096, 256).uniforms(0, 4096) * 4096)
    np.testing.assert_array_equal(np.sort(parts, axis=1), np.tile(np.arange(4096.0), (256, 1)))


@pytest.mark.parametrize("bits", range(11))
def test_first_two_inputs_fill_every_box_of_equal_area_once(bits):
    u = Draws(2, 1024, 2).uniforms(0, 1024)
    box = np.floor(u[0] * 2**bits) * 2 ** (10 - bits) + np.floor(u[1] * 2 ** (10 - bits))
    np.testing.assert_array_equal(np.sort(box), np.arange(1024.0))


def test_points_have_no_lattice_below_their_index_bits():
    """20 bits of index are padded to 52 at random: without that a million draws share one digit pattern in the tail."""
    low_bits = (Draws(4, 2**14, 8).uniforms(0, 2**14) * 2.0**20) % 1
    assert np.abs(np.mean(low_bits, axis=1) - 0.5).max() < 0.01
    assert np.abs(np.std(low_bits, axis=1) - 12**-0.5).max() < 0.01


def test_ten_dimensions_are_as_even_as_scipys_scrambled_points():
    ours = qmc.discrepancy(Draws(1, 1024, 10).uniforms(0, 1024).T)
    assert ours < 1.1 * qmc.discrepancy(qmc.Sobol(10, rng=1).random(1024))
    assert ours < 0.2 * qmc.discrepancy(np.random.default_rng(0).random((1024, 10)))


def test_mean_is_far_closer_than_by_plain_random_numbers():
    """Error of the mean of a smooth product over 20 seeds, at equal draws; 280 times smaller when this was written."""

    def error(points):
        return np.prod(0.5 + points, axis=0).mean() - 1

    n, dimensions = 2**14, 6
    ours = [error(Draws(seed, n, dimensions).uniforms(0, n)) for seed in range(20)]
    plain = [error(np.random.default_rng(seed).random((dimensions, n))) for seed in range(20)]
    assert np.sqrt(np.mean(np.square(plain)) / np.mean(np.square(ours))) > 20


def test_points_average_to_a_half_over_seeds():
    """A shift that is not uniform would leave a bias no single seed shows."""
    means = [Draws(seed, 1, 4).uniforms(0, 1) for seed in range(500)]
    assert np.abs(np.mean(means, axis=0) - 0.5).max() < 4 / np.sqrt(12 * 500)


def test_normal_score_is_the_inverse_normal_to_the_last_point():
    edge = 2.0 ** -np.arange(1.0, 54.0)
    tails = np.concatenate([edge, edge[1:] * (1 + 2.0**-52), np.nextafter(edge, 1)])
    u = np.concatenate([tails, 1 - tails, np.random.default_rng(1).random(50_000)])
    assert np.abs(normal_score(u) - ndtri(u)).max() < 1e-12


@pytest.mark.parametrize(("width", "rows"), [(1, 2**17), (10, 16384), (40, 4096), (2**16, 4)])
def test_blocks_hold_about_two_hundred_thousand_figures(width, rows):
    stretches = blocks(2**17, width)[:3]
    assert stretches == [(i * rows, (i + 1) * rows) for i in range(min(3, 2**17 // rows))]


def test_few_draws_are_one_block():
    assert blocks(256, 10) == [(0, 256)]


def test_percentiles_are_order_statistics():
    values = np.random.default_rng(1).permutation(np.arange(1.0, 1001.0))
    found, _ = percentiles(values, [0.0, 0.001, 0.05, 0.5, 0.95, 1.0])
    np.testing.assert_array_equal(found, [1, 1, 50, 500, 950, 1000])


def test_percentile_error_is_what_repeated_draws_scatter():
    """The printed error against the true scatter of 300 plain samples."""
    wanted = [0.05, 0.5, 0.95]
    repeats = [percentiles(np.random.default_rng(seed).normal(size=4096), wanted) for seed in range(300)]
    scatter = np.std([found for found, _ in repeats], axis=0)
    printed = np.mean([error for _, error in repeats], axis=0)
    np.testing.assert_allclose(printed, scatter, rtol=0.15)


def test_percentile_error_is_an_upper_guide_for_the_sequence():
    n, wanted = 2**12, [0.05, 0.5, 0.95]
    repeats = [percentiles(Draws(seed, n, 3).scores(0, n).sum(axis=0), wanted) for seed in range(30)]
    scatter = np.std([found for found, _ in repeats], axis=0)
    assert np.all(scatter < np.mean([error for _, error in repeats], axis=0))


def test_percentiles_of_a_constant_and_of_one_draw_have_no_error():
    for values in (np.full(64, 3.0), np.array([3.0])):
        found, errors = percentiles(values, [0.05, 0.5, 0.95])
        np.testing.assert_array_equal(found, [3, 3, 3])
        np.testing.assert_array_equal(errors, [0, 0, 0])


@pytest.mark.parametrize(
    ("seed", "count", "dimensions", "sentence"),
    [
        (
            1,
            1000,
            2,
            "draws: 1000 was given, a power of two is needed. Write 16384 while working, 131072 for a report.",
        ),
        (1, 0, 2, "draws: 0 was given, a power of two is needed. Write 16384 while working, 131072 for a report."),
        (1, 2**21, 2, "draws: 2097152 was given, at most 1048576 is allowed."),
        (1, 2**14, 257, "dimensions: 257 was given, at most 256 is allowed."),
        (-1, 2**14, 2, "seed: -1 was given, at least 0 is allowed."),
        (2**64, 2**14, 2, "seed: 18446744073709551616 was given, at most 18446744073709551615 is allowed."),
    ],
)
def test_what_the_sequence_cannot_do_is_refused_in_a_sentence(seed, count, dimensions, sentence):
    with pytest.raises(InputError) as refusal:
        Draws(seed, count, dimensions)
    assert str(refusal.value) == sentence
    assert refusal.value.problems[0].sentence("zh").startswith(sentence.split(":")[0] + "：")

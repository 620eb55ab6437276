"""Figures in a row and their quantiles: against numpy and the examples of three spreadsheet programs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from valuation.finance import how_many_are_at_most, joined, quantile


def quantile_of(row, share):
    return quantile(row, how_many_are_at_most(row), share)


@pytest.mark.parametrize(
    ("row", "share", "printed"),
    [
        ([11, 21, 42, 27, 18, 29, 32, 52], 0.25, 20.25),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], 0.75, 7),
        ([1, 2, 4, 7, 8, 9, 10, 12], 0.25, 3.5),
    ],
    ids=["GrapeCity Spread", "PlanMaker", "Excel"],
)
def test_quartiles_of_spreadsheet_programs(row, share, printed):
    assert quantile_of(np.array(row, dtype=float), share).tolist() == [printed]


@given(
    rows=arrays(float, st.tuples(st.integers(1, 3), st.integers(1, 9)), elements=st.floats(-1e6, 1e6, width=32)),
    share=st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]),
)
def test_quantiles_of_many_rows_are_those_of_numpy(rows, share):
    """Also where figures are equal."""
    expected = np.quantile(rows, share, axis=-1, keepdims=True)
    np.testing.assert_allclose(quantile_of(rows, share), expected, rtol=1e-12, atol=1e-9)


def test_joins_one_figure_for_all_with_one_a_draw():
    draws = np.array([[1.0], [2.0], [3.0]])
    assert joined([draws, np.array([9.0]), 5.0]).tolist() == [[1, 9, 5], [2, 9, 5], [3, 9, 5]]

"""Assumptions on a sale: judgement, dated, each with its reason."""

from datetime import date

import pytest

from valuation.assets import KIND_NAMES
from valuation.lending.defaults import OfKind, defaults_on
from valuation.lending.haircuts import PledgedAsset
from valuation.method import check_figures, field_facts

SET = defaults_on(date(2026, 12, 1))


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_assumption_lies_within_what_the_haircut_allows(kind):
    for name in OfKind.model_fields:
        facts = field_facts(PledgedAsset, name) if name in PledgedAsset.model_fields else None
        if facts is not None:
            check_figures(getattr(SET.of_kind(kind), name).value, facts)


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_sale_takes_less_time_than_the_whole_horizon(kind):
    assert 0 < SET.of_kind(kind).sale_time.value < SET.of_kind(kind).horizon.value


def test_the_floor_on_the_error_is_the_larger_of_kind_and_evidence():
    assert SET.valuation_error_floor("compute_cluster", 1).value == 0.10
    assert SET.valuation_error_floor("compute_cluster", 2).value == 0.15
    assert SET.valuation_error_floor("compute_cluster", 3).value == 0.30
    assert SET.valuation_error_floor("ai_model", 1).value == 0.50


def test_before_the_first_set_the_first_one_is_used():
    assert defaults_on(date(2020, 1, 1)).dated == date(2026, 11, 24)

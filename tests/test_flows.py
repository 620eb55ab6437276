"""The steps that every forecast of income goes through: what counts, when it comes, and what a reader is told."""

from types import SimpleNamespace

import numpy as np
import pytest

from valuation.finance import (
    share_of_years_in_life,
    survivors_by_year,
    time_of_flows,
    value_in_life,
    value_with_tax_benefit,
)
from valuation.workings import Workings


def terms(life=2.5, first_period=1.0, **changed):
    stated = {"tax_rate": 0.25, "discount_rate": 0.18, "tax_life": 10.0, "remaining_useful_life": life, **changed}
    figures = {name: None if figure is None else np.array([figure]) for name, figure in stated.items()}
    return SimpleNamespace(
        **{"growth_for_ever": None, **figures},
        first_period=np.array([first_period]),
        timing="mid",
        tax_write_off="straight_line",
    )


def test_a_life_that_ends_within_a_year_counts_a_part_of_it_at_that_part_s_middle():
    assert share_of_years_in_life(terms(), 4, Workings()) == pytest.approx([1, 1, 0.5, 0])
    assert time_of_flows(terms(), 3, Workings()) == pytest.approx([0.5, 1.5, 2.25])


def test_without_an_end_of_life_every_year_is_whole_and_nothing_is_told():
    workings = Workings()
    assert time_of_flows(terms(None, 0.5), 3, workings) == pytest.approx([0.25, 1.0, 2.0])
    assert workings.warnings == []


@pytest.mark.parametrize(("life", "told"), [(3.0, False), (3.01, True)])
@pytest.mark.parametrize("first_period", [1.0, 0.4])
def test_a_life_beyond_the_forecast_is_told_to_the_day(life, told, first_period):
    """A first period of 0.4 years ends the forecast 0.6 years sooner."""
    workings = Workings()
    time_of_flows(terms(life - 1 + first_period, first_period), 3, workings, uncounted=("rent is", "租金"))
    found = [(warning.english, warning.chinese) for warning in workings.warnings]
    sentence = "The remaining life runs beyond the forecast; rent is not counted."
    assert found == ([(sentence, "剩余寿命超出预测期；预测期之后的租金未计入。")] if told else [])


@pytest.mark.parametrize(("left", "told"), [(0.05, False), (0.06, True)])
def test_survivors_are_averaged_over_the_year_and_those_that_outlive_it_are_told(left, told):
    workings = Workings()
    assert survivors_by_year(np.array([1.0, 0.8]), np.array([0.8, left]), workings) == pytest.approx(
        [0.9, 0.4 + left / 2]
    )
    assert bool(workings.warnings) is told


def test_the_tax_benefit_is_a_factor_of_its_own():
    workings = Workings()
    value = value_with_tax_benefit(np.array([7_268_457.39]), terms(), workings)
    assert value == pytest.approx([8_278_856.03], abs=0.01)
    assert [line.name for line in workings.lines] == ["tax_benefit_factor", "value"]
    assert value_with_tax_benefit(np.array([5.0]), terms(tax_life=0.0), Workings()) == pytest.approx([5.0])


@pytest.mark.parametrize("first_period", [1.0, 0.25])
def test_income_for_ever_is_the_limit_of_a_long_forecast(first_period):
    """The last year's flow goes on growing from the first year after the forecast, in the middle of each."""
    few = np.array([100.0 * first_period, 110.0, 120.0])
    many = np.append(few, 120.0 * 1.02 ** np.arange(1, 400))
    short = value_in_life(few, terms(None, first_period, growth_for_ever=0.02), Workings())
    long = value_in_life(many, terms(1000.0, first_period), Workings())
    assert short == pytest.approx(long, rel=1e-12)


def test_a_part_year_alone_goes_on_as_a_whole_one():
    """30 in the first quarter are 120 a year."""
    alone = value_in_life(np.array([30.0]), terms(None, 0.25, growth_for_ever=0.0), Workings())
    many = value_in_life(np.append(30.0, np.full(400, 120.0)), terms(1000.0, 0.25), Workings())
    assert alone == pytest.approx(many, rel=1e-12)

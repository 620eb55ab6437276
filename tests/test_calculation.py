"""One walk over the inputs, whatever is read by it: the point, the draws, a row, with all that it is derived from."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from made_cases import COST, ROYALTY, corpus, inputs_of, software

import valuation
from valuation import plugins
from valuation.calculation import Calculation, Circumstances, Outcome, point, read, rows, uncertain
from valuation.case import Case, calculations, read_case
from valuation.ensemble import Ensemble
from valuation.errors import InputError
from valuation.reference.look_up import LookUp

BETA = f"corpus.{ROYALTY}.discount_rate.beta"


def outcomes(content: dict[str, Any]) -> list[Outcome]:
    case: Case = read_case(content)
    return [point(calculation, case.circumstances()) for asset in case.assets for calculation in calculations(asset)]


def royalty(**changes: Any) -> dict[str, Any]:
    """Inputs of a relief from royalty without a range."""
    plain = {
        "revenue": [1000000, 1200000],
        "royalty_rate": 0.05,
        "remaining_useful_life": 2,
        "discount_rate": 0.18,
        "tax_rate": 0.25,
    }
    return {**plain, **changes}


def scores(ensemble: Ensemble, **moved: float) -> Any:
    """Normal scores of one draw: 0 for every input but those moved."""
    given = {name.replace("__", "."): score for name, score in moved.items()}
    return np.array([[given.get(path.rsplit(".", 1)[-1], 0.0)] for path in ensemble.paths])


# the point


def test_one_method_runs_on_plain_inputs() -> None:
    outcome = valuation.run(ROYALTY, royalty())
    by_hand = 1000000 * 0.05 * 0.75 / 1.18**0.5 + 1200000 * 0.05 * 0.75 / 1.18**1.5
    assert outcome.value == pytest.approx(by_hand, rel=1e-13)
    assert outcome.lines[-1].name == "value"
    assert outcome.lines[-1].values == (outcome.value,)


def test_a_range_counts_with_its_stated_figure() -> None:
    """The point value is the method at the stated values, not the middle of the draws."""
    ranged = valuation.run(ROYALTY, royalty(royalty_rate={"low": 0.01, "mode": 0.05, "high": 0.3}))
    assert ranged.value == valuation.run(ROYALTY, royalty()).value


def test_a_derived_input_is_the_figure_it_yields() -> None:
    derived = {"derive": "life.shortest", "inputs": {"legal": 12, "economic": 2}}
    outcome = valuation.run(ROYALTY, royalty(remaining_useful_life=derived))
    assert outcome.value == valuation.run(ROYALTY, royalty()).value
    assert outcome.derived["remaining_useful_life"].lines[-1].values == (2.0,)


def test_warnings_of_a_derived_input_are_told_once_and_first() -> None:
    derived = {"derive": "life.shortest", "inputs": {"legal": 12, "economic": 2}}
    outcome = valuation.run(ROYALTY, royalty(remaining_useful_life=derived, royalty_rate=0.2))
    told = [warning.english for warning in outcome.all_warnings()]
    assert told[0] == "The remaining life is set by the economic life."
    assert "Royalty rate: 0.2 is above what is customary (0.15); say why in the report." in told
    assert len(set(told)) == len(told)


@pytest.mark.parametrize(
    ("changes", "english", "chinese"),
    [
        (
            {"discount_rate": 0.03},
            "Discount rate, nominal, after tax: 0.03 is below what is customary (0.04); say why in the report.",
            "税后名义折现率：0.03 低于惯常值（0.04），请在报告中说明理由。",
        ),
        (
            {"royalty_rate": [0.05, 0.4]},
            "Royalty rate: 0.4 is above what is customary (0.15); say why in the report.",
            "许可费率：0.4 高于惯常值（0.15），请在报告中说明理由。",
        ),
    ],
)
def test_an_uncustomary_figure_is_used_and_told(changes: dict[str, Any], english: str, chinese: str) -> None:
    outcome = valuation.run(ROYALTY, royalty(**changes))
    assert [(warning.english, warning.chinese) for warning in outcome.warnings] == [(english, chinese)]


def test_a_customary_limit_itself_is_customary() -> None:
    assert valuation.run(ROYALTY, royalty(royalty_rate=0.15, discount_rate=0.04)).warnings == ()


def test_a_figure_that_is_not_finite_is_told_with_its_line() -> None:
    with pytest.raises(InputError) as refused:
        valuation.run(ROYALTY, royalty(revenue=[1.7e308, 1.7e308], royalty_rate=1))
    (problem,) = refused.value.problems
    assert (problem.code, problem.params["line"]) == ("no_finite_value", "value_before_tax_benefit")


def test_a_derived_figure_keeps_the_bounds_of_the_input() -> None:
    with pytest.raises(InputError, match=r"^remaining_useful_life: 0 was given, more than 0 is allowed"):
        valuation.run(ROYALTY, royalty(remaining_useful_life={"derive": "life.shortest", "inputs": {"legal": 0}}))


def test_a_derived_forecast_covers_the_years_of_the_lists_beside_it() -> None:
    weibull = {"derive": "survival.weibull", "inputs": {"shape": 1, "scale": 5, "forecast_years": 2}}
    valuation.run(ROYALTY, royalty(share_of_revenue=weibull))
    weibull["inputs"]["forecast_years"] = 3
    with pytest.raises(InputError, match="years were given"):
        valuation.run(ROYALTY, royalty(share_of_revenue=weibull))


# a method that breaks the contract


def _asks_a_figure(inputs: Any, workings: Any) -> Any:
    return inputs.royalty_rate if inputs.royalty_rate > 0.04 else 2 * inputs.royalty_rate


def _changes_its_input(inputs: Any, workings: Any) -> Any:
    rate = inputs.royalty_rate
    rate *= 2
    return workings.line("value", rate)


def _hands_back_nothing(inputs: Any, workings: Any) -> Any:
    workings.line("value", inputs.royalty_rate)


def _keeps_the_years(inputs: Any, workings: Any) -> Any:
    return workings.line("value", inputs.revenue * 1.0)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (_asks_a_figure, "ValueError: The truth value of an array"),
        (_changes_its_input, "ValueError: output array is read-only"),
        (_hands_back_nothing, r"TypeError: its result has the shape \(\)"),
        (_keeps_the_years, r"TypeError: its result has the shape \(2,\)"),
    ],
)
def test_a_method_that_breaks_the_contract_is_told_with_its_package(value: Any, reason: str) -> None:
    """Its author is somebody else: the user must learn in a sentence whom to ask, not see a traceback."""
    honest = read(ROYALTY, royalty(royalty_rate={"low": 0.03, "high": 0.05}))
    ensemble = Ensemble([point(honest, Circumstances(LookUp(date(2025, 6, 30)), "CNY"))])
    broken = replace(honest, installed=replace(honest.installed, method=replace(honest.method, value=value)))
    (outcome,) = ensemble.outcomes
    with pytest.raises(InputError, match=f'the method "{ROYALTY}" of {plugins.OURS} .* broke off: {reason}'):
        Ensemble([replace(outcome, calculation=broken)]).values(np.zeros((1, 4)))


# reference figures


def test_a_reference_figure_is_that_of_the_day_and_is_noted() -> None:
    asset = read_case(software()).assets[0]
    circumstances = read_case(software()).circumstances()
    outcome = point(calculations(asset)[0], circumstances)
    assert [figure.name for figure in circumstances.look_up.used] == ["cn.tax.income"]
    assert outcome.stated["tax_rate"] == [0.25]
    with_rate = royalty(discount_rate={"reference": "cn.lpr.1y"})
    on = [valuation.run(ROYALTY, with_rate, on=day).stated["discount_rate"] for day in DAYS_AROUND_A_CUT]
    assert on == [0.031, 0.03]


DAYS_AROUND_A_CUT = (date(2025, 5, 19), date(2025, 6, 30))


def test_a_figure_in_dollars_is_turned_by_the_stated_rate() -> None:
    content = software()
    inputs_of(content)["owner_costs"] = {"reference": "gpu.h100_sxm.price_new"}
    content["exchange_rates"] = {"USD": 7.1}
    in_yuan = outcomes(content)[0].stated["owner_costs"]
    in_dollars = outcomes({**content, "currency": "USD", "exchange_rates": {}})[0].stated["owner_costs"]
    assert in_yuan == pytest.approx(7.1 * in_dollars, rel=1e-15)


# draws


def test_what_is_uncertain_is_named_once_by_its_place() -> None:
    found = uncertain([outcome.calculation for outcome in outcomes(corpus())])
    assert list(found) == [
        f"corpus.{COST}.collection_cost",
        "corpus.remaining_useful_life",
        BETA,
        f"corpus.{ROYALTY}.royalty_rate",
    ]


def test_a_shared_fact_is_one_draw_for_both_methods() -> None:
    """Or the two approaches would differ by a life that each drew for itself."""
    ensemble = Ensemble(outcomes(corpus()))
    cost, income = ensemble.values(scores(ensemble))
    longer_cost, longer_income = ensemble.values(scores(ensemble, remaining_useful_life=1.0))
    assert longer_cost > cost
    assert longer_income > income


def test_a_fact_that_is_worked_out_is_one_draw_for_both_methods() -> None:
    content = corpus()
    wacc = inputs_of(content, 1).pop("discount_rate")
    content["assets"][0]["facts"]["discount_rate"] = wacc
    content["assets"][0]["methods"].append(
        {
            "id": "income.excess_earnings",
            "inputs": {
                "right": "ownership",
                "income_from": "own_use",
                "revenue": inputs_of(content, 1)["revenue"],
                "margin": 0.2,
                "contributory_assets": CHARGES,
            },
        }
    )
    found = uncertain([outcome.calculation for outcome in outcomes(content)])
    assert [path for path in found if path.endswith(".beta")] == ["corpus.discount_rate.beta"]


CHARGES = [{"name": "working capital", "asset_value": 1000000, "return_on": 0.05}]


def test_a_fact_is_not_worked_out_from_itself() -> None:
    """The cost of debt of a rate that yields the cost of debt would ask for itself without end."""
    content = corpus()
    wacc = inputs_of(content, 1).pop("discount_rate")
    content["assets"][0]["facts"] |= {"discount_rate": wacc, "cost_of_debt": wacc}
    income = outcomes(content)[1]
    below = income.derived["discount_rate"].calculation
    assert below.place("cost_of_debt") == "corpus.cost_of_debt"
    assert below.derived["cost_of_debt"].place("cost_of_debt") == "corpus.cost_of_debt.cost_of_debt"


def test_draws_run_through_what_is_derived() -> None:
    """A higher beta is a higher rate is a lower value, by exactly what stating that beta gives."""
    content = certain(corpus())
    inputs_of(content, 1)["discount_rate"]["inputs"]["beta"] = {"mean": 1.1, "sd": 0.1}
    ensemble = Ensemble(outcomes(content))
    two_sd_higher = ensemble.values(scores(ensemble, beta=2.0))[1].item()
    inputs_of(content, 1)["discount_rate"]["inputs"]["beta"] = 1.3
    assert two_sd_higher == pytest.approx(outcomes(content)[1].value, rel=1e-12)
    assert two_sd_higher < outcomes(certain(corpus()))[1].value


def certain(content: dict[str, Any]) -> dict[str, Any]:
    """The corpus without any range."""
    content["assets"][0]["facts"]["remaining_useful_life"] = 4
    inputs_of(content)["collection_cost"] = 1000000
    inputs_of(content, 1)["royalty_rate"] = 0.05
    inputs_of(content, 1)["discount_rate"]["inputs"]["beta"] = 1.1
    return content


def test_a_draw_of_what_is_certain_is_the_point() -> None:
    found = outcomes(certain(corpus()))
    drawn = Ensemble(found).values(np.zeros((0, 3)))
    assert [values.tolist() for values in drawn] == [[outcome.value] * 3 for outcome in found]


def test_a_draw_at_the_stated_figures_is_the_point() -> None:
    """Ranges whose middle is the stated figure, drawn at their middle."""
    content = certain(corpus())
    inputs_of(content, 1)["royalty_rate"] = {"low": 0.04, "mode": 0.05, "high": 0.06}
    inputs_of(content, 1)["discount_rate"]["inputs"]["beta"] = {"mean": 1.1, "sd": 0.1}
    found = outcomes(content)
    ensemble = Ensemble(found)
    drawn = ensemble.values(scores(ensemble))
    assert [values.item() for values in drawn] == pytest.approx([outcome.value for outcome in found], rel=1e-9)


def test_rows_of_a_batch_are_the_points() -> None:
    lives = [1.5, 2.0, 0.7]
    found = [valuation.run(ROYALTY, royalty(remaining_useful_life=life)) for life in lives]
    np.testing.assert_allclose(rows(found), [outcome.value for outcome in found], rtol=1e-13)


# reading


def test_every_problem_of_a_derived_input_comes_with_those_of_the_method() -> None:
    derived = {"derive": "rate.wacc", "inputs": {"beta": 50, "debt_share": 30}}
    with pytest.raises(InputError) as refused:
        read(ROYALTY, royalty(discount_rate=derived, remaining_useful_life={"derive": "life.shortest"}), path="a.b")
    assert [problem.path for problem in refused.value.problems] == [
        "a.b.remaining_useful_life.inputs",
        "a.b.discount_rate.inputs.beta",
        "a.b.discount_rate.inputs.debt_share",
    ]


@pytest.mark.parametrize(
    ("name", "derive", "code"),
    [
        ("discount_rate", "income.direct", "not_an_input_method"),
        ("discount_rate", "life.shortest", "derived_unit"),
        ("royalty_rate", "rate.wacc", "derived_unit"),
        ("tax_rate", "survival.weibull", "derived_by_year"),
        ("discount_rate", "rate.none", "unknown_method"),
    ],
)
def test_an_input_is_derived_by_what_yields_its_unit(name: str, derive: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read(ROYALTY, royalty(**{name: {"derive": derive, "inputs": {}}}))
    assert [(problem.path, problem.code) for problem in refused.value.problems] == [(name, code)]


def test_the_family_of_a_calculation_ends_with_itself() -> None:
    calculation: Calculation = outcomes(corpus())[1].calculation
    assert [member.method.id for member in calculation.family()] == ["rate.wacc", ROYALTY]
    assert [member.path for member in calculation.family()] == [
        f"corpus.{ROYALTY}.discount_rate",
        f"corpus.{ROYALTY}",
    ]


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"on": "30.6.2025"}, 'on: "30.6.2025" '),
        ({"on": 20250630}, "on: 20250630 "),
        ({"currency": "XXX"}, 'currency: "XXX" is not known. Known: AUD, '),
    ],
)
def test_a_date_or_currency_that_is_none_is_refused_in_a_sentence(stated: dict[str, Any], sentence: str) -> None:
    """A text as the date ended in a TypeError, and any three letters were a currency."""
    with pytest.raises(InputError) as refused:
        valuation.run(ROYALTY, royalty(), **stated)
    assert str(refused.value).startswith(sentence)


def test_a_date_may_be_written_as_in_a_case() -> None:
    inputs = royalty(discount_rate={"reference": "cn.lpr.5y"})
    assert (
        valuation.run(ROYALTY, inputs, on="2025-06-30").value
        == valuation.run(ROYALTY, inputs, on=date(2025, 6, 30)).value
    )

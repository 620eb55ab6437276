"""A case valued: point values, ranges from draws, evidence levels and what a reader must be told."""

import tracemalloc
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from made_cases import COST, ROYALTY, conclusion_of, corpus, inputs_of, software

from valuation.appraisal import Appraisal, AssetAppraisal, appraise
from valuation.calculation import point
from valuation.canonical import canonical_bytes
from valuation.case import calculations, read_case
from valuation.errors import InputError
from valuation.value_range import PERCENTILES, range_of


def appraised(content: dict[str, Any], **options: Any) -> Appraisal:
    return appraise(read_case(content), **options)


def certain() -> dict[str, Any]:
    """The software without any range."""
    content = software()
    inputs_of(content)["royalty_rate"] = 0.05
    return content


def only(content: dict[str, Any], **options: Any) -> AssetAppraisal:
    (asset,) = appraised(content, **options).assets
    return asset


def told(asset: AssetAppraisal) -> str:
    return "\n".join(warning.english for warning in asset.warnings)


# points and ranges


def test_the_value_is_the_method_at_the_stated_figures() -> None:
    case = read_case(corpus())
    expected = [point(calculation, case.circumstances()).value for calculation in calculations(case.assets[0])]
    asset = only(corpus())
    assert [indication.value for indication in asset.indications] == expected
    assert asset.value == expected[1]


@pytest.mark.parametrize("draws", [0, 256, 4096])
def test_the_value_does_not_depend_on_the_draws(draws: int) -> None:
    """The range is information beside the value; risk is not priced twice."""
    assert only(corpus(), draws=draws).value == only(corpus()).value


def test_percentiles_are_in_order_and_bear_their_errors() -> None:
    asset = only(corpus(), draws=4096)
    for drawn in (asset.range, *(indication.range for indication in asset.indications)):
        assert drawn is not None
        found = list(drawn.percentiles.values())
        assert list(drawn.percentiles) == list(PERCENTILES) == list(drawn.errors)
        assert found == sorted(found)
        assert all(0 < error < drawn.sd for error in drawn.errors.values())
        assert found[0] < drawn.mean < found[-1]


def test_percentiles_of_known_figures() -> None:
    """Order statistics of 1 … 1000: the 50th is the 5th percentile."""
    drawn = range_of(np.random.default_rng(1).permutation(np.arange(1.0, 1001.0)))
    assert drawn.percentiles == {"p5": 50, "p25": 250, "p50": 500, "p75": 750, "p95": 950}
    assert drawn.mean == 500.5
    assert drawn.log_sd == pytest.approx(np.log(np.arange(1, 1001)).std())


def test_chance_below_an_amount_is_the_share_of_the_draws_below_it() -> None:
    """Of 1 … 1000, 250 lie below 251; a share of a quarter has an error of the root of 0.25 x 0.75 / 1000."""
    below = range_of(np.arange(1.0, 1001.0), below=251.0).below
    assert below is not None
    assert (below.amount, below.probability) == (251.0, 0.25)
    assert below.error == pytest.approx(0.0136931, rel=1e-5)
    assert range_of(np.arange(1.0, 1001.0)).below is None


def test_chance_below_an_amount_is_asked_of_every_range() -> None:
    asset = only(corpus(), below=900000.0)
    assert asset.range is not None
    found = [drawn.to_json()["below"] for drawn in (asset.range, *(i.range for i in asset.indications))]
    assert [entry["amount"] for entry in found] == [900000.0] * 3
    assert all(0 <= entry["probability"] <= 1 for entry in found)
    assert "below" not in str(only(corpus()).to_json())


def test_without_draws_the_chance_below_an_amount_is_refused_in_a_sentence() -> None:
    """It was left out without a word, so that the reader did not know whether the question had been understood."""
    with pytest.raises(InputError, match="below: draws say how often the value lies below an amount"):
        only(software(), draws=0, below=1.0)


@pytest.mark.parametrize("draws", [None, 0])
def test_where_nothing_is_uncertain_the_chance_below_an_amount_is_none_or_certain(draws: int | None) -> None:
    value = only(certain()).value
    assert value is not None
    for amount, probability in ((value * 0.9, 0), (value * 1.1, 1)):
        found = only(certain(), draws=draws, below=amount).to_json()["range"]["below"]
        assert found == {"amount": amount, "probability": probability, "error": 0}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"threads": 0}, "threads: 0 was given, at least 1 is allowed"),
        ({"draws": 1.5}, r"draws: 1\.5 was given, a whole number is expected"),
        ({"draws": 257}, "draws: 257 "),
    ],
)
def test_draws_and_threads_that_cannot_be_are_refused_in_a_sentence(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{sentence}"):
        only(software(), **options)


def test_an_amount_that_is_no_number_is_refused() -> None:
    with pytest.raises(InputError, match="below: nan is not a finite number"):
        only(software(), below=float("nan"))


def test_log_spread_of_draws_that_are_not_positive_is_none() -> None:
    assert range_of(np.array([-1.0, 2.0, 3.0, 4.0])).log_sd is None


@pytest.mark.parametrize("draws", [0, 1])
def test_ranges_that_are_stated_and_not_drawn_are_none(draws: int) -> None:
    """The value at every percentile, as it stood there, is read by another program as a value without any doubt."""
    found = only(software(), draws=draws).to_json()
    assert found["range"] is None
    assert [indication["range"] for indication in found["indications"]] == [None]


def test_where_nothing_is_uncertain_nothing_is_drawn() -> None:
    asset = only(certain())
    assert asset.range is not None
    assert (asset.range.sd, asset.range.draws) == (0, 1)


def test_the_seed_decides_the_draws() -> None:
    ranges = [only({**software(), "uncertainty": {"draws": 256, "seed": seed}}).range for seed in (1, 1, 2)]
    assert ranges[0] == ranges[1] != ranges[2]


def test_one_thread_and_two_give_the_same_bytes() -> None:
    """2^17 draws over six years are walked in several blocks, in any order."""
    one, two = (canonical_bytes(appraised(corpus(), draws=2**17, threads=threads).to_json()) for threads in (1, 2))
    assert one == two


def test_progress_is_told_to_the_end() -> None:
    steps: list[tuple[int, int]] = []
    appraised(corpus(), draws=2**16, progress=lambda done, of: steps.append((done, of)))
    assert len(steps) > 1
    assert steps[-1] == (2**16, 2**16)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def peak(draws: int) -> int:
    """Bytes at the highest, above what was there before."""
    case = read_case(software())
    appraise(case, draws=256)
    tracemalloc.start()
    try:
        appraise(case, draws=draws)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_million_draws_hold_the_values_and_no_more_steps_than_ten_thousand() -> None:
    """Beside the values themselves (8 bytes a draw, in up to four copies while they are sorted) only blocks are held.

    Full arrays of this method's eight yearly lines alone would be 200 MB.
    """
    few, many = peak(2**13), peak(2**20)
    assert few < 3e6
    assert many < 4.5 * 8 * 2**20 + few


# correlation


def spread(correlation: float) -> float:
    content = software()
    inputs_of(content)["discount_rate"] = {"low": 0.1, "mode": 0.18, "high": 0.3}
    pair = [f"software.{ROYALTY}.royalty_rate", f"software.{ROYALTY}.discount_rate", correlation]
    content["uncertainty"] = {"draws": 4096, "rank_correlation": [pair]}
    drawn = only(content).range
    assert drawn is not None
    return drawn.sd


def test_what_moves_together_and_offsets_narrows_the_range() -> None:
    """A high royalty lifts the value, a high rate lowers it."""
    assert spread(0.9) < spread(0.0) < spread(-0.9)


def test_constants_of_one_fit_that_are_drawn_apart_are_told() -> None:
    """A, B, alpha and beta of a scaling law move together; nothing is said where their correlation is stated."""
    match = {"basis": "cost_to_match", "effort": "compute_optimal", "target_loss": 2.1, "peak_flop_per_second": 1e15}
    law = {"irreducible_loss": 1.69, "token_coefficient": 410.7, "token_exponent": 0.28}
    law |= {"parameter_coefficient": {"low": 400, "high": 412}, "parameter_exponent": {"low": 0.335, "high": 0.345}}
    content = software()
    content["assets"][0] |= {
        "kind": "ai_model",
        "methods": [
            {"id": "cost.model_retraining", "inputs": {**match, **law, "utilisation": 0.4, "price_per_gpu_hour": 2}}
        ],
        "conclusion": {"select": "cost.model_retraining", "because": "made", "single_method_reason": "made"},
    }
    assert "parameter_coefficient, parameter_exponent of cost.model_retraining have ranges" in told(only(content))
    inputs = "software.cost.model_retraining."
    pair = [inputs + "parameter_coefficient", inputs + "parameter_exponent", 0.95]
    content["uncertainty"]["rank_correlation"] = [pair]
    assert "drawn apart" not in told(only(content))


def test_correlations_that_contradict_each_other_are_told() -> None:
    content = corpus()
    a, b, c = f"corpus.{COST}.collection_cost", "corpus.remaining_useful_life", f"corpus.{ROYALTY}.royalty_rate"
    content["uncertainty"]["rank_correlation"] = [[a, b, 0.9], [b, c, 0.9], [a, c, -0.9]]
    assert "The stated rank correlations cannot hold together; the nearest possible are used" in told(only(content))
    content["uncertainty"]["rank_correlation"][2][2] = 0.9
    assert "rank correlations" not in told(only(content))


# figures that are not finite, or negative


def test_a_draw_that_is_not_finite_is_counted_and_refused() -> None:
    content = software()
    inputs_of(content)["revenue"] = {"median": [1e144, 1e144, 1e144], "sigma": 4.9}
    with pytest.raises(InputError) as refused:
        appraised(content, draws=16384)
    (problem,) = refused.value.problems
    assert problem.path == "assets[0].methods[0].inputs"
    assert problem.code == "no_finite_value"
    assert problem.params["line"].startswith("value (")
    assert problem.params["line"].endswith(" of 16,384 draws)")


def test_draws_in_which_a_derived_input_leaves_its_bounds_are_counted_and_refused() -> None:
    """The point is within them. A draw with a discount rate above 200% a year would be used without a word."""
    content = software()
    premium = {"low": 0.05, "high": 1.95}
    premiums = [{"risk": "equity", "premium": premium}, {"risk": "specific", "premium": 0.1, "reason": "made"}]
    inputs_of(content)["discount_rate"] = {
        "derive": "rate.build_up",
        "inputs": {"risk_free_rate": 0.02, "premiums": premiums},
    }
    assert appraised(content, draws=0)
    with pytest.raises(InputError) as refused:
        appraised(content, draws=1024)
    (problem,) = refused.value.problems
    assert (problem.code, problem.path) == ("derived_beyond", "assets[0].methods[0].inputs.discount_rate")
    share = problem.given / 1024
    assert share == pytest.approx((1.95 - (2 - 0.1 - 0.02)) / 1.9, abs=0.002)
    assert "of 1,024 draws what is worked out here is not at most 2" in problem.sentence("en")
    assert "不满足“不大于 2”" in problem.sentence("zh")


def test_a_value_whose_square_is_no_number_is_refused() -> None:
    """Its draws would be finite and their spread would not."""
    content = software()
    inputs_of(content)["revenue"] = [1e160, 1e160, 1e160]
    with pytest.raises(InputError, match="no finite figure in the line value"):
        appraised(content)


def test_the_level_of_a_forecast_is_that_of_what_it_is_worked_out_from() -> None:
    """A derived input that yields a figure a year, significant for the value."""
    content = software()
    weibull = {"shape": sourced(1, value=1), "scale": sourced(2, value=5), "forecast_years": 3}
    inputs_of(content).update(
        revenue=sourced(1, value=[1000000, 1200000, 1300000]),
        share_of_revenue={"derive": "survival.weibull", "inputs": weibull},
        royalty_rate=sourced(1, value=0.05),
        remaining_useful_life=sourced(1, value=3),
        discount_rate=sourced(1, value=0.18),
        tax_rate=sourced(1, value=0.25),
    )
    assert only(content).evidence_level == 2


def test_a_negative_value_is_reported_and_not_floored() -> None:
    content = software()
    inputs_of(content)["owner_costs"] = 100000
    asset = only(content)
    assert asset.value is not None
    assert asset.value < 0
    assert f"{ROYALTY} is negative." in told(asset)


# the conclusion's range


def test_weights_are_put_on_every_draw() -> None:
    """Both approaches share the remaining life, so their draws may not be mixed at random."""
    content = corpus()
    content["assets"][0]["conclusion"] = {
        "weights": {COST: 0.5, ROYALTY: 0.5},
        "reasons": {COST: "invoices", ROYALTY: "contracts"},
    }
    asset = only(content, draws=4096)
    cost, income = (indication.range for indication in asset.indications)
    assert asset.range is not None
    assert asset.range.mean == pytest.approx((cost.mean + income.mean) / 2, rel=1e-12)
    independent = np.hypot(cost.sd, income.sd) / 2
    assert independent < asset.range.sd < (cost.sd + income.sd) / 2


def test_an_open_demand_leaves_value_and_range_open() -> None:
    content = corpus()
    inputs_of(content)["collection_cost"] = 5000000
    del conclusion_of(content)["spread_cause"]
    asset = only(content)
    assert asset.value is None
    assert asset.range is None
    assert "say why in conclusion.spread_cause" in told(asset)


# evidence and warnings


def sourced(level: int, **figure: Any) -> dict[str, Any]:
    return {**figure, "level": level, "source": "a source"}


def test_the_evidence_level_is_the_lowest_grade_of_what_matters() -> None:
    """IFRS 13.73: the level of the lowest input that is significant; upkeep of 1 yuan is not."""
    content = software()
    inputs_of(content).update(
        revenue=sourced(2, value=[1000000, 1200000, 1300000]),
        royalty_rate=sourced(1, value=0.05),
        remaining_useful_life=sourced(2, value=3),
        discount_rate=sourced(1, value=0.18),
        tax_rate=sourced(1, value=0.25),
        owner_costs=sourced(3, value=1),
    )
    assert only(content).evidence_level == 2
    inputs_of(content)["revenue"]["level"] = 1
    inputs_of(content)["remaining_useful_life"]["level"] = 1
    assert only(content).evidence_level == 1
    inputs_of(content)["royalty_rate"]["level"] = 3
    assert only(content).evidence_level == 3


def test_a_figure_without_a_level_is_judgement() -> None:
    assert only(software()).evidence_level == 3


def test_a_rejected_indication_does_not_lower_the_level() -> None:
    content = corpus()
    for method in (0, 1):
        for name, figure in inputs_of(content, method).items():
            if name not in ("timeliness", "discount_rate"):
                inputs_of(content, method)[name] = sourced(
                    2, **(figure if isinstance(figure, dict) else {"value": figure})
                )
    inputs_of(content, 1)["discount_rate"] = sourced(2, value=0.12)
    inputs_of(content)["collection_cost"]["level"] = 3
    assert only(content).evidence_level == 2
    conclusion_of(content)["select"] = COST
    assert only(content).evidence_level == 3


def test_figures_without_a_source_are_named() -> None:
    asset = only(software())
    assert "4 stated figures name no source: " in told(asset)
    for name in ("revenue", "royalty_rate", "remaining_useful_life", "discount_rate"):
        assert f"software.{ROYALTY}.{name}" in told(asset)
    assert "tax_rate" not in told(asset)  # a default nobody stated, with the source of its reference figure


def test_a_fact_is_named_once_and_not_if_it_has_a_source() -> None:
    content = corpus()
    assert "7 stated figures name no source: " in told(only(content))
    del content["assets"][0]["facts"]["remaining_useful_life"]["source"]
    assert "8 stated figures name no source: " in told(only(content))


def test_every_warning_is_told_once_and_in_both_languages() -> None:
    warnings = only(corpus()).warnings
    assert len(set(warnings)) == len(warnings)
    assert all(warning.english and warning.chinese for warning in warnings)


def test_a_stale_reference_figure_is_told_with_the_asset_that_used_it() -> None:
    """A bond's yield of months ago must be looked up again; a tax rate holds until a law changes it."""
    content = software()
    content["valuation_date"] = "2026-05-30"
    inputs_of(content)["discount_rate"] = {"derive": "rate.wacc", "inputs": {"beta": 1.2, "debt_share": 0.2}}
    assert "cn.bond.government_10y: the value is " in told(only(content))
    assert "cn.tax.income" not in told(only(content))
    inputs_of(content)["discount_rate"] = 0.18
    assert "cn.bond" not in told(only(content))


def test_a_stale_reference_figure_is_not_told_with_another_asset() -> None:
    """A yield that only the software is discounted by says nothing of the data beside it."""
    content = software()
    content["valuation_date"] = "2026-05-30"
    inputs_of(content)["discount_rate"] = {"derive": "rate.wacc", "inputs": {"beta": 1.2, "debt_share": 0.2}}
    beside = deepcopy(content["assets"][0])
    beside["id"] = "beside"
    beside["methods"][0]["inputs"]["discount_rate"] = 0.18
    content["assets"].append(beside)
    user, other = appraised(content).assets
    assert "cn.bond.government_10y: the value is " in told(user)
    assert "cn.bond" not in told(other)


def test_reference_figures_used_are_listed_once() -> None:
    names = [figure.name for figure in appraised(corpus()).figures]
    assert names == sorted(set(names))
    assert "cn.tax.income" in names
    assert "cn.bond.government_10y" in names


# figures of another country


def of_china(content: dict[str, Any]) -> list[str]:
    return [said for said in told(only(content, draws=0)).splitlines() if "figures of China" in said]


def test_chinas_tax_by_default_is_told_in_a_case_of_another_currency() -> None:
    (said,) = of_china({**software(), "currency": "USD"})
    assert said == (
        "The case is in USD and takes figures of China: software.income.relief_from_royalty.tax_rate (cn.tax.income). "
        "State those of the country and currency."
    )
    assert of_china(software()) == []


def test_chinas_tax_may_be_stated_in_any_currency_but_its_interest_rate_may_not() -> None:
    """A Chinese owner of dollar income pays Chinese tax; a dollar flow is not discounted at a rate of the yuan."""
    content = {**software(), "currency": "USD"}
    inputs_of(content)["tax_rate"] = {"reference": "cn.tax.income"}
    assert of_china(content) == []
    inputs_of(content)["discount_rate"] = {"reference": "cn.lpr.1y"}
    assert "discount_rate (cn.lpr.1y)" in of_china(content)[0]


def test_a_second_method_without_a_finite_value_is_named_at_its_place() -> None:
    """Only what belongs to no method of an asset is one of its facts."""
    content = corpus()
    inputs_of(content, 1)["revenue"] = [1e200] * 6
    with pytest.raises(InputError) as refused:
        appraise(read_case(content))
    assert [found.path for found in refused.value.problems] == ["assets[0].methods[1].inputs"]

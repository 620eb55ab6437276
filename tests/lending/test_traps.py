"""Eighteen ways to get a loan on such assets wrong, each shown not to happen here (T1 to T18)."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from readings import outcome_of
from scipy.special import ndtri

import valuation
from valuation import saved_case
from valuation.calculation import Circumstances
from valuation.errors import InputError
from valuation.finance import bivariate_normal_cdf
from valuation.json_text import read_json
from valuation.lending.collateral import Collateral
from valuation.lending.losses import shortfall
from valuation.lending.offer import offer_on
from valuation.lending.products import find_product, products
from valuation.lending.risk_sharing import guarantors_pay, pool_pays
from valuation.lending.sale_time import retained_while_waiting
from valuation.lending.schedules import plan
from valuation.lending.schemes import find_scheme
from valuation.lending.terms import read_loan
from valuation.reference.look_up import LookUp
from valuation.report.scale import scale_of
from valuation.strict import read
from valuation.title import Title
from valuation.workings import Silent

EXAMPLES = Path(__file__).parents[2] / "examples"
ON = date(2026, 11, 24)
SERVERS = {
    "right": "ownership", "holder": "Compute Co", "transferable": True, "location": "Hangzhou", "insured": True,
    "export_status": "free", "evidence": [{"kind": "invoice", "issuer": "Vendor", "dated": "2026-01-10"}],
}  # fmt: skip
CLUSTER = Collateral("cluster", "compute_cluster", 1e8, read(Title, SERVERS), evidence_level=2, indications=(1e8,))
LOAN: dict[str, Any] = {
    "product": "cn.compute_loan", "tenor_years": 3, "rate": 0.045, "schedule": "annuity", "policy_cap": 0.6,
    "borrower": {"pd": 0.03, "pd_source": "the bank's scorecard"},
}  # fmt: skip


def offered(*assets: Collateral, **changed: Any) -> dict[str, Any]:
    terms = read_loan({**LOAN, **changed})
    return offer_on(assets or (CLUSTER,), terms, Circumstances(LookUp(ON), "CNY")).to_json()


def haircut(**asset: Any) -> dict[str, float]:
    given = {"log_drift": -0.3, "volatility": 0.4, "valuation_error": 0.25, "value": 1.0, **asset}
    tail, time = given.pop("tail", 0.05), given.pop("time", 0.5)
    inputs = {"assets": [given], "time_to_default": time, "shortfall_probability": tail}
    return {line.name: line.values[0] for line in outcome_of("lending.haircut", inputs).lines}


# T1


def test_t01_a_hundred_million_is_no_billion() -> None:
    """656.23亿 is 65.6 billion; 1,000万 is the ten million that both published products lend at most."""
    assert (scale_of([65.623e9], "CNY", "zh").text(65.623e9), scale_of([65.623e9], "CNY", "zh").unit) == (
        "656.23",
        "亿元",
    )
    assert (scale_of([65.623e9], "CNY").text(65.623e9), scale_of([65.623e9], "CNY").unit) == ("65.62", "CNY bn")
    assert scale_of([1e7], "CNY", "zh").text(1e7) == "1,000.00"
    assert find_product("cn.ip_pledge").max_amount.value == find_product("cn.data_pledge").max_amount.value == 1e7


def test_t01_a_registered_pledge_amount_is_no_loan() -> None:
    """What is registered is a ceiling; what a product shows as lent lies below the value it was lent on."""
    assert all(seen.loan <= seen.value for product in products() for seen in product.observed)


# T2


def test_t02_the_pledge_rate_counts_principal_and_the_lender_what_is_owed() -> None:
    found = offered()
    assert found["ltv_regulatory"] == found["maximum_loan"] / 1e8
    assert found["ltv_economic"] > 2 * found["ltv_regulatory"]
    drawn, first = found["path"][0], found["path"][1]
    assert first["exposure_before_payment"] == pytest.approx(1.045 * drawn["balance"], rel=1e-12)


# T3


def test_t03_the_drift_is_that_of_the_median_and_the_mean_lies_above_it() -> None:
    """Mean drift -20% with volatility 40% is -28% of the median: the put of 4.23% is reached by that one alone."""
    by_median = shortfall(50.0, 90 * np.exp(-0.2 - 0.4**2 / 2), 0.4)[0] / 50
    by_mean_taken_for_it = shortfall(50.0, 90 * np.exp(-0.2), 0.4)[0] / 50
    assert by_median == pytest.approx(0.04232969129790701, rel=1e-12)
    assert by_mean_taken_for_it < 0.71 * by_median


def test_t03_score_of_the_put_by_mean_drift() -> None:
    """d1 = 1.1694666622552976 and d2 = d1 - .4."""
    d2 = (np.log(90 / 50) - 0.28) / 0.4
    assert d2 + 0.4 == pytest.approx(1.1694666622552976, rel=1e-14)
    assert d2 == pytest.approx(0.7694666622552976, rel=1e-14)


# T4


def test_t04_decay_is_counted_once() -> None:
    """In the drift; neither in the forced sale nor in what the other causes retain."""
    slow, fast = haircut(log_drift=-0.1), haircut(log_drift=-0.9)
    same = ("retained_market_move", "retained_valuation_error", "retained_forced_sale", "retained_dependency")
    assert [slow[name] for name in same] == pytest.approx([fast[name] for name in same], rel=1e-14)
    assert fast["recoverable_value"] / slow["recoverable_value"] == pytest.approx(np.exp(-0.8 * 0.5), rel=1e-12)


def test_t04_a_sale_pays_with_time_or_with_a_discount_and_not_with_both() -> None:
    inputs = {"value": 100, "sold_within_a_year": 0.5, "log_drift": -0.28, "forced_sale_discount": 0.5}
    lines = {line.name: line.values[0] for line in outcome_of("lending.sale_time", inputs).lines}
    assert lines["slow_sale"] == 100 * retained_while_waiting(-np.log(0.5), 0.28, 0.0)
    assert lines["better_sale"] == max(lines["slow_sale"], lines["quick_sale"])


# T5


def test_t05_retentions_multiply_and_haircuts_are_not_added() -> None:
    """Five parts leave .4058; added they would take .786 where .594 is taken."""
    kept = (0.9, 2 ** (-1 / 3), 0.65, 0.92, 0.95)
    assert np.prod(kept) == pytest.approx(0.40581114193041035, rel=1e-14)
    assert sum(1 - part for part in kept) == pytest.approx(0.7862994740159002, rel=1e-14)
    four = {"valuation_error": 0, "volatility": 0, "log_drift": -np.log(2) / 3, "time": 1}
    found = haircut(dependency=0.1, forced_sale_discount=0.35, disposal_cost=0.08, **four)
    assert found["recoverable_value"] == pytest.approx(np.prod(kept[:4]), rel=1e-12)


def test_t05_quantiles_do_not_multiply() -> None:
    alone = [haircut(**{name: 0})["recoverable_value"] for name in ("valuation_error", "volatility")]
    multiplied = alone[0] * alone[1] / np.exp(-0.3 * 0.5)
    assert 1 - multiplied == pytest.approx(0.64172279200547, rel=1e-12)
    assert haircut()["haircut"] == pytest.approx(0.5374120730095329, rel=1e-12)


def test_t05_a_failure_is_no_factor_on_a_quantile() -> None:
    """4% of failing titles within 10%: the quantile is taken at 6.25%, 1.534 spreads out; as a factor 49.1%."""
    found = haircut(tail=0.1, title_failure=0.04)
    assert found["score_where_title_holds"] == pytest.approx(1.5341205443525463, rel=1e-13)
    assert found["score_where_title_holds"] == pytest.approx(-ndtri(0.0625), rel=1e-13)
    assert found["haircut"] == pytest.approx(0.5176656849541585, rel=1e-12)
    as_factor = 1 - 0.96 * haircut(tail=0.1)["recoverable_value"]
    assert as_factor == pytest.approx(0.4906383997172731, rel=1e-12)


# T6


@pytest.mark.parametrize(
    ("schedule", "right", "wrong"),
    [
        ("annuity", 32.35587242972669, 45.25545940884192),
        ("straight_line", 33.86492791854466, 47.36614270344994),
        ("bullet", 11.79245283018868, 16.493848884661176),
    ],
)
def test_t06_the_debt_is_tested_before_the_payment(schedule: str, right: float, wrong: float) -> None:
    """Tested just after it, as no borrower defaults then, the loans would be up to two fifths larger."""
    times = np.arange(1.0, 6.0)
    terms = {"rate": np.array([0.06]), "schedule": schedule, "interest_only_periods": None}
    unit = plan(type("Loan", (), {"payment_times": times, **terms}), Silent())
    allowed = 0.5 * 100 * 2 ** (-times / 2.5)
    assert np.min(allowed / unit.exposure) == pytest.approx(right, rel=1e-13)
    owed = unit.closing > 0
    assert np.min(allowed[owed] / unit.closing[owed]) == pytest.approx(wrong, rel=1e-13)


# T7


def test_t07_a_haircut_knows_the_tenor() -> None:
    taken = [valuation.haircut(kind="ai_model", value=1.0, tenor_years=years, on=ON).total for years in (0, 1, 2, 5)]
    assert taken == sorted(set(taken))


# T8, T9, T10


def test_t08_order_and_base_of_a_guarantee_have_no_default() -> None:
    """Debt 100, proceeds 40, guarantee 60%: the bank loses 24, nothing, or 40."""
    lost = [60 - guarantors_pay(order, 100.0, 0.6, 40.0) for order in ("net", "bank_first", "guarantor_first")]
    assert lost == pytest.approx([24, 0, 40], abs=1e-12)
    own = {"shares": {"fund": 0.6, "bank": 0.4}, "source": "contract"}
    with pytest.raises(InputError) as refused:
        offered(risk_sharing=own)
    paths = [problem.path for problem in refused.value.problems]
    assert paths == ["loan.risk_sharing.base", "loan.risk_sharing.order_of_recovery"]


def test_t09_a_fund_runs_out() -> None:
    pool = {"default_probability": 0.05, "correlation": 0.15, "loss_given_default": 0.5}
    assert pool_pays(0.5, 0.03, **pool) == pytest.approx(0.011674886063480834, rel=1e-12)
    assert pool_pays(0.5, 0.03, **pool) < 0.0125


def test_t10_one_yuan_over_a_tier_shares_the_whole_loss_anew() -> None:
    scheme = find_scheme("cn.jiangsu_suzhidai")
    below, above = scheme.shares(10_000_000.0), scheme.shares(10_100_000.0)
    loss = 4_000_000.0
    assert [loss * shares["bank"] for shares in (below, above)] == [800_000, 2_000_000]


# T11


def test_t11_what_stands_in_the_books_is_no_appraised_value() -> None:
    content = read_json(EXAMPLES / "gangtong_port_data/case.json")
    with pytest.raises(InputError, match="book_value"):
        saved_case.read({**content, "basis_of_value": "book_value"})
    lent = valuation.lend(valuation.appraise(saved_case.read({**content, "basis_of_value": "value_in_use"}), draws=0))
    assert any("a pledge asks for market or liquidation value" in warning.english for warning in lent.warnings)


# T12, T13


def test_t12_the_news_that_sinks_the_borrower_is_in_the_price_already() -> None:
    found = offered()
    assert found["expected_loss_moving_together"]["expected_loss"] > 1.3 * found["expected_loss"]


def test_t13_a_guarantor_that_falls_with_the_borrower_pays_less() -> None:
    """An insurer of the same valuation is such a one. Joint default of 4% and 1% at .3: 0.0016051712030646."""
    assert bivariate_normal_cdf(ndtri(0.04), ndtri(0.01), 0.3) == pytest.approx(0.0016051712030646, rel=1e-12)
    own = {"shares": {"insurer": 0.6, "bank": 0.4}, "base": "principal", "order_of_recovery": "net", "source": "policy"}
    banks = [
        offered(
            risk_sharing={**own, "bearers": {"insurer": {"default_probability": 0.02, "default_correlation": tied}}}
        )["risk_sharing"]["expected_loss_borne_by"]["bank"]
        for tied in (0.0, 0.5, 1.0)
    ]
    assert banks == sorted(set(banks))


# T14


def test_t14_an_asset_pledged_before_carries_what_ranks_ahead_first() -> None:
    free, charged = offered(), offered(replace(CLUSTER, title=read(Title, {**SERVERS, "prior_claims": 1e7})))
    amounts = [{limit["name"]: limit["amount"] for limit in found["limits"]}["policy_cap"] for found in (free, charged)]
    assert amounts[0] - amounts[1] == pytest.approx(0.6 * 1e7)
    assert charged["maximum_loan"] < free["maximum_loan"]


def test_t14_the_same_asset_does_not_stand_twice_in_a_case_and_halves_lend_what_the_whole_lends() -> None:
    content = read_json(EXAMPLES / "gangtong_port_data/case.json")
    content["assets"] = [content["assets"][0], json.loads(json.dumps(content["assets"][0]))]
    with pytest.raises(InputError, match="port_data"):
        saved_case.read(content)
    half = replace(CLUSTER, value=5e7)
    halves = offered(half, replace(half, id="other"))
    assert halves["maximum_loan"] == pytest.approx(offered()["maximum_loan"], rel=1e-9)


# T15


@pytest.mark.parametrize(("status", "decision"), [("free", "offer"), ("licence_needed", "offer"), ("barred", "refuse")])
def test_t15_servers_that_may_not_be_sold_where_they_stand_are_no_security(status: str, decision: str) -> None:
    found = offered(replace(CLUSTER, title=read(Title, {**SERVERS, "export_status": status})))
    assert found["decision"] == decision
    held = [check["name"] for check in found["conditions"]]
    assert ("export_status" in held) == (status == "licence_needed")


# T16


def test_t16_a_negative_value_is_reported_and_lends_nothing_and_no_figure_is_no_number() -> None:
    found = offered(replace(CLUSTER, value=-3e6))
    assert (found["decision"], found["maximum_loan"]) == ("refuse", None)
    assert "the value is -3,000,000.00" in found["reasons"][0]["en"]
    with pytest.raises(InputError):
        haircut(value=float("nan"))
    json.dumps(offered(), allow_nan=False)


# T17


def test_t17_two_normal_figures_are_reckoned_by_a_fixed_rule_to_the_last_bit() -> None:
    """Library routines of more dimensions draw at random; a replay would differ."""
    scores = np.linspace(-3, 3, 101)
    first, again = (bivariate_normal_cdf(scores, scores[::-1], 0.6).tobytes() for _ in range(2))
    assert first == again
    pieces = bivariate_normal_cdf(-1.6448536269514729, -0.7694666622552973, 0.5)
    shifted = bivariate_normal_cdf(-1.6448536269514729 - 0.5 * 0.4, -0.7694666622552973 - 0.4, 0.5)
    assert float(pieces) == pytest.approx(0.03077774049247947, rel=1e-13)
    assert float(shifted) == pytest.approx(0.015487797616943636, rel=1e-13)


# T18


@pytest.mark.parametrize("claim", [40.0, 90.0, 130.0])
def test_t18_without_uncertainty_or_time_the_loss_is_what_is_short(claim: float) -> None:
    expected = max(1 - 90 / claim, 0.0)
    for spread in (0.0, 1e-12):
        assert float(shortfall(claim, 90.0, spread)[0]) / claim == pytest.approx(expected, abs=1e-11)
    sure = {"value": 90, "log_drift": -0.5, "volatility": 0.4, "valuation_error": 0}
    assert haircut(**sure, time=0)["recoverable_value"] == 90

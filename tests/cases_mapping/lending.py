"""Published examples of loans, their schedules and what a sale of the security leaves."""

from types import SimpleNamespace

import numpy as np
from readings import outcome_of

from cases_mapping.reading import Figures, Inputs, line, reading
from valuation import finance
from valuation.lending.default_and_collateral import downturn_loss_given_default
from valuation.lending.portfolio import default_share_at, factor_at
from valuation.lending.schedules import plan
from valuation.lending.supervision import adjusted_exposure, substituted_risk_weight, supervisory_capital
from valuation.workings import Silent


def repaid(principal: float, rate_of_period: float, periods: int) -> tuple[list[float], list[float], list[float]]:
    """Payment, balance and interest by period of a level-payment loan, whatever the length of its periods."""
    times = np.arange(1.0, periods + 1)
    terms = {"rate": np.array([rate_of_period]), "schedule": "annuity", "interest_only_periods": None}
    loan = SimpleNamespace(payment_times=times, **terms)
    unit = plan(loan, Silent())
    parts = (unit.payment, unit.closing, unit.opening * rate_of_period)
    payment, balance, interest = ((principal * part).tolist() for part in parts)
    return payment, balance, interest


@reading("loan-auto-36m")
def _(case: Inputs) -> Figures:
    payment, balance, interest = repaid(case["principal"], case["annual_rate"] / 12, case["months"])
    return {
        "payment": payment[0],
        "interest_month_1": interest[0],
        "principal_month_1": payment[0] - interest[0],
        "balance_after_1": balance[0],
        "balance_after_5": balance[4],
    }


@reading("loan-npf-2500")
def _(case: Inputs) -> Figures:
    payment, balance, interest = repaid(case["principal"], case["annual_rate"] / 12, case["months"])
    return {
        "principal_part": [paid - of_it for paid, of_it in zip(payment, interest, strict=True)],
        "interest_part": interest,
        "balance": balance,
        "total_interest": sum(interest),
    }


@reading("loan-npf-pmt")
def _(case: Inputs) -> Figures:
    monthly = [(loan["principal"], loan["annual_rate"] / 12, loan["months"]) for loan in case["loans"][:3]]
    other = case["loans"][3]
    loans = [*monthly, (other["principal"], other["rate_per_period"], other["periods"])]
    return {"payment": [repaid(*loan)[0][0] for loan in loans]}


SURE = {"log_drift": 0, "volatility": 0, "valuation_error": 0}  # a sale today at a value that nobody doubts


@reading("loan-dscr-annual")
def _(case: Inputs) -> Figures:
    years = case["years"]
    inputs = {
        "payment_times": list(range(1, years + 1)),
        "rate": case["annual_rate"],
        "schedule": "annuity",
        "cash_flow": [case["net_operating_income"]] * years,
        "dscr": case["dscr"],
        "shortfall_probability": 0.1,
        "assets": [{"value": 1e9, **SURE}],
    }
    return {"maximum_loan": outcome_of("lending.limits", inputs).value}


def recoverable(value: float, discount: float) -> float:
    asset = {"value": value, "forced_sale_discount": discount, **SURE}
    given = {"assets": [asset], "time_to_default": 0, "shortfall_probability": 0.5}
    return outcome_of("lending.haircut", given).value


@reading("cn-quick-sale-1375")
def _(case: Inputs) -> Figures:
    return {"value": recoverable(case["normal_price"], case["discount"])}


@reading("haircut-hull-80-70")
def _(case: Inputs) -> Figures:
    exposure, security, weight = case["exposure"], case["collateral"], case["counterparty_risk_weight"]
    haircuts = {"exposure_haircut": case["exposure_adjustment"], "haircut": case["collateral_adjustment"]}
    left = adjusted_exposure(exposure, security, **haircuts)
    weights = {"of_borrower": weight, "of_collateral": case["collateral_risk_weight"]}
    simple = substituted_risk_weight(exposure, security, **weights)
    return {"rwa_simple": simple, "adjusted_exposure": left, "rwa_comprehensive": left * weight}


@reading("lgd-frye-jacobs-matlab")
def _(case: Inputs) -> Figures:
    terms = zip(case["conditional_pd"], case["baseline_pd"], case["baseline_lgd"], strict=True)
    found = [
        downturn_loss_given_default(
            rate, default_probability=probability, loss_given_default=lost, correlation=case["correlation"]
        )
        for rate, probability, lost in terms
    ]
    return {"conditional_lgd": [float(figure) for figure in found]}


@reading("irb-basel2-annex5")
def _(case: Inputs) -> Figures:
    capital = supervisory_capital(np.array(case["pd"]), case["lgd"], case["maturity_years"])
    return {"risk_weight_pct": (1250 * capital).tolist()}


@reading("vasicek-hull-2pct")
def _(case: Inputs) -> Figures:
    worst = float(default_share_at(case["pd"], case["rho"], factor_at(case["confidence"])))
    return {"worst_case_default_rate": worst, "loss": case["exposure"] * case["lgd"] * worst}


@reading("merton-hull-3-10")
def _(case: Inputs) -> Figures:
    inputs = {
        "equity_value": case["equity_m"],
        "equity_volatility": case["equity_volatility"],
        "debt": case["debt_m"],
        "risk_free_rate": case["risk_free_continuous"],
        "horizon": case["years"],
    }
    outcome = outcome_of("pd.merton", inputs)
    names = ("asset_value", "asset_volatility", "debt_value", "expected_loss", "recovery")
    return {"pd": outcome.value, **{name: line(outcome, name) for name in names}}


@reading("lend-borrowing-base-peachtree")
def _(case: Inputs) -> Figures:
    """Of the classes the page prints what may be borrowed; the amounts behind it are that over the advance rate."""
    rows = zip(case["classes"], case["borrowing_capacity_usd"], case["advance_rate"], case["cost_of_debt"], strict=True)
    classes = [
        {"name": name, "amount": capacity / advance, "advance_rate": advance, "interest_rate": cost}
        for name, capacity, advance, cost in rows
    ]
    base = outcome_of("limit.borrowing_base", {"classes": classes})
    capacity, interest = line(base, "total_capacity"), line(base, "total_interest_if_drawn")
    capital, tax = capacity + case["equity_usd"], 1 - case["tax_effect_kept"]
    rate = finance.wacc(case["cost_of_equity"], interest / capacity, tax, capacity / capital)
    return {
        "interest": [line(base, f"interest_if_drawn[{number}]") for number in range(1, len(classes) + 1)],
        "total_capacity": capacity,
        "total_interest": interest,
        "equity_cost": case["equity_usd"] * case["cost_of_equity"],
        "total_capital": capital,
        "total_cost": rate * capital,
        "reasonable_rate": rate,
    }

"""Published examples of loans, their schedules and what a sale of the security leaves."""

from types import SimpleNamespace

import numpy as np
from readings import outcome_of

from cases_mapping.reading import Figures, Inputs, reading
from valuation.lending.default_and_collateral import downturn_loss_given_default
from valuation.lending.schedules import plan
from valuation.workings import Silent


def repaid(principal: float, rate_of_period: float, periods: int) -> tuple[list[float], list[float], list[float]]:
    """Payment, balance and interest by period of a level-payment loan, whatever the length of its periods."""
    times = np.arange(1.0, periods + 1)
    loan = SimpleNamespace(payment_times=times, rate=np.array([rate_of_period]), schedule="annuity")
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
    covered = recoverable(case["collateral"], case["collateral_adjustment"])
    open_exposure = case["exposure"] * (1 + case["exposure_adjustment"]) - covered
    weighted = open_exposure * case["counterparty_risk_weight"]
    return {"adjusted_exposure": open_exposure, "rwa_comprehensive": weighted}


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

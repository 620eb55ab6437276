"""Published examples of discounting and of the cost of capital."""

from typing import Any

import numpy as np
from readings import outcome_of

from cases_mapping.reading import Figures, Inputs, reading
from valuation import finance
from valuation.calculation import Outcome


def cost_of_equity(**inputs: Any) -> float:
    """Of a firm without debt, whose capital costs what its equity costs."""
    given = {"beta": 1, "beta_is": "levered", "cost_of_debt": 0, "tax_rate": 0, "debt_share": 0, **inputs}
    return outcome_of("rate.wacc", given).value


@reading("fin-capm-dal")
def _(case: Inputs) -> Figures:
    premium = case["market_return"] - case["risk_free"]
    given = {"risk_free_rate": case["risk_free"], "beta": case["beta"], "equity_risk_premium": premium}
    return {"expected_return": outcome_of("rate.capm", {"beta_is": "levered", **given}).value}


@reading("capm-bar-buildup")
def _(case: Inputs) -> Figures:
    names = {"equity": "equity_risk_premium", "size": "size_premium", "specific": "specific_premium"}
    premiums = [{"risk": risk, "premium": case[name]} for risk, name in names.items()]
    given = {"risk_free_rate": case["risk_free"], "premiums": premiums}
    return {"cost_of_equity": outcome_of("rate.build_up", given).value}


@reading("fin-wacc-bluebonnet")
def _(case: Inputs) -> Figures:
    weights = case["debt_weight"] + case["equity_weight"]  # 0.996 on the page; a debt share leaves nothing out
    debt = {"cost_of_debt": case["after_tax_cost_of_debt"], "debt_share": case["debt_weight"] / weights}

    def capital(equity: float) -> float:
        return weights * cost_of_equity(risk_free_rate=equity, equity_risk_premium=0, **debt)

    return {"wacc_capm": capital(case["cost_of_equity_capm"]), "wacc_ddm": capital(case["cost_of_equity_ddm"])}


@reading("tab-opag-113")
def _(case: Inputs) -> Figures:
    given = (case["tax_rate"], case["discount_rate"], case["tax_life_years"])
    names = {"tab_factor": "end", "mid_year_factor": "mid"}
    return {name: finance.amortisation_benefit_factor(*given, timing=timing) for name, timing in names.items()}


@reading("fin-growing-perpetuity")
def _(case: Inputs) -> Figures:
    growths = {"value": case["growth"], "value_no_growth": 0.0}
    return {
        name: finance.growing_perpetuity(case["cash_flow"], case["rate"], growth) for name, growth in growths.items()
    }


def implied_rate(price: float, flows: list[float]) -> float:
    """The rate that the price and the flows at year ends imply."""
    return outcome_of("rate.implied", {"price": price, "cash_flow": flows, "timing": "end"}).value


@reading("fin-ifrs13-drat")
def _(case: Inputs) -> Figures:
    """The flow of asset A, at the rate of its comparable B."""
    flow = {"right": "ownership", "income_from": "own_use", "revenue": [case["asset_a_flow_1y"]], "tax_rate": 0}
    rate = implied_rate(case["asset_b_price"], [case["asset_b_flow_1y"]])
    terms = {"discount_rate": rate, "remaining_useful_life": 1, "timing": "end"}
    return {
        "rate_b": rate,
        "rate_c": implied_rate(case["asset_c_price"], [0, case["asset_c_flow_2y"]]),
        "value_a": outcome_of("income.direct", flow | terms).value,
    }


@reading("fin-ifrs13-epv")
def _(case: Inputs) -> Figures:
    """Method 2 is how a product in development is valued; method 1 takes the premium off the flow before."""
    scenarios = {"values": case["outcomes"], "weights": case["probabilities"]}

    def worth(flow: Any, rate: float) -> Outcome:
        stage = {"name": "one year", "probability": 1, "duration": 1}
        return outcome_of("income.stage_weighted", {"stages": [stage], "launch_value": flow, "discount_rate": rate})

    at_market_rate = worth(scenarios, case["risk_free"] + case["risk_premium"])
    certain = at_market_rate.value * finance.compound(case["risk_free"], 1.0)
    expected = at_market_rate.stated["launch_value"][0]
    return {
        "expected": expected,
        "cash_risk_premium": expected - certain,
        "certainty_equivalent": certain,
        "method_1": worth(certain, case["risk_free"]).value,
        "method_2": at_market_rate.value,
    }


@reading("fin-depr-db-excel")
def _(case: Inputs) -> Figures:
    """Excel rounds the share to three decimals and takes the first year by its months."""
    cost, life = case["cost"], case["life_years"]
    whole_year = finance.fixed_declining_balance_depreciation(cost, 1, life, salvage=case["salvage"])
    rate = round(whole_year / cost, case["rate_decimals"])
    return {"rate": rate, "first_year": cost * rate * case["months_first_year"] / 12}


@reading("fin-mirr-embroidery")
def _(case: Inputs) -> Figures:
    """The payback is read inside the year in which the running present value reaches the outlay."""
    flows, outlay = np.array(case["cash_flows"], dtype=float), case["outlay"]
    years = finance.year_numbers(flows.size)
    reached = finance.running_sum(flows * finance.discount_factor(case["discount_rate"], years))
    payback = np.interp(outlay, [0, *reached], [0, *years])
    return {"profitability_index": reached[-1] / outlay, "discounted_payback_years": float(payback)}


@reading("fin-npv-embroidery")
def _(case: Inputs) -> Figures:
    flows = np.array(case["cash_flows"])
    factors = finance.discount_factor(case["discount_rate"], finance.year_numbers(flows.size))
    return {"npv": finance.present_value(flows, factors)[0] - case["outlay"], "pv": (flows * factors).tolist()}


@reading("fin-npf-npv-irr")
def _(case: Inputs) -> Figures:
    flows = np.array(case["npv_flows"])  # the first on the day itself
    factors = finance.discount_factor(case["npv_rate"], finance.year_numbers(flows.size) - 1)
    rates = [implied_rate(-paid, received) for paid, *received in case["irr_flows"]]
    return {"npv": finance.present_value(flows, factors)[0], "irr": rates}


@reading("fin-dcf-ten-year-growth")
def _(case: Inputs) -> Figures:
    revenue = case["revenue_now"] * np.cumprod(1 + np.array(case["growth"]))
    more_revenue = np.diff(revenue, prepend=case["revenue_now"])
    flows = revenue * case["operating_margin"] * (1 - case["tax_rate"]) - more_revenue / case["sales_to_capital"]
    rates = np.array(case["discount_rate_per_year"])
    factors = finance.discount_factor_by_year(rates, rates.size, timing="end")
    return {
        "pv_ten_years": finance.present_value(flows, factors)[0],
        "revenue_year_10": revenue[-1],
        "pv_cash_flow_year_10": flows[-1] * factors[-1],
    }


@reading("fin-dcf-terminal-running-rate")
def _(case: Inputs) -> Figures:
    growth, rates = case["growth_terminal"], np.array(case["discount_rate_per_year"])
    profit = case["revenue_year_10"] * (1 + growth) * case["margin"] * (1 - case["tax_rate"])
    flow = profit * (1 - growth / case["return_on_capital"])
    value = finance.growing_perpetuity(flow, case["terminal_rate"], growth)
    factors = finance.discount_factor_by_year(rates, rates.size, timing="end")
    return {"terminal_cash_flow": flow, "terminal_value": value, "present_value": value * factors[-1]}

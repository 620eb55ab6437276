"""Published examples of what is not yet on the market: stages of development, and the right to launch."""

from typing import Any

from readings import outcome_of

from cases_mapping.reading import Figures, Inputs, line, reading
from valuation import finance


@reading("stage-bma-pharma")
def _(case: Inputs) -> Figures:
    stage = {
        "name": "phase III",
        "probability": case["phase_3_success"],
        "cost": case["phase_3_cost"],
        "duration": case["phase_3_years"],
    }
    stated = {"stages": [stage], "discount_rate": case["discount_rate"], "cost_timing": "start"}
    return {
        f"npv_{outcome}": outcome_of("income.stage_weighted", {**stated, "launch_value": case[f"{outcome}_pv"]}).value
        for outcome in ("upside", "likely")
    }


def option(right_to: str, exercise: str, **figures: float) -> Any:
    stated = {"probability_of_success": 1, "compounding": "continuous", **figures}
    return outcome_of("income.real_option", {"right_to": right_to, "exercise": exercise, **stated})


@reading("opt-haug-european")
def _(case: Inputs) -> Figures:
    values = []
    for side, strike, spot, leakage, risk_free, years, volatility in case["rows"]:
        outcome = option(
            {"C": "invest", "P": "sell"}[side], "european", value_now=spot, exercise_price=strike, time_left=years,
            volatility=volatility, cost_of_delay=leakage, risk_free_rate=risk_free,
        )  # fmt: skip
        values.append(outcome.value)
    return {"value": values}


@reading("opt-damodaran-3712")
def _(case: Inputs) -> Figures:
    outcome = option(
        "invest", "european", value_now=case["pv_if_launched_now_usd_m"], exercise_price=case["launch_cost_usd_m"],
        time_left=case["years"], volatility=case["volatility"], cost_of_delay=case["yield"],
        risk_free_rate=case["risk_free_continuous"],
    )  # fmt: skip
    return {"N_d1": line(outcome, "n_d1"), "N_d2": line(outcome, "n_d2"), "option_value": outcome.value}


def tree(*terms: float, side: int) -> float:
    """Mean of an even and an odd number of steps, between which the figure swings."""
    return sum(float(finance.tree_option(*terms, side=side, steps=steps)) for steps in (2000, 2001)) / 2


@reading("opt-longstaff-schwartz")
def _(case: Inputs) -> Figures:
    strike, risk_free, leakage = case["strike"], case["risk_free_continuous"], case["yield"]
    rows = case["rows"]
    puts = [tree(spot, strike, risk_free, leakage, swing, years, side=finance.PUT) for spot, swing, years in rows]
    return {"put": puts}


@reading("opt-haug-american-baw")
def _(case: Inputs) -> Figures:
    sides = {"C": finance.CALL, "P": finance.PUT}
    trees = [
        tree(spot, strike, risk_free, leakage, volatility, years, side=sides[side])
        for side, strike, spot, leakage, risk_free, years, volatility in case["rows"]
    ]
    return {"tree": trees}

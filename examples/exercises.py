"""Three questions the READMEs of the examples ask of the same formulas: `python examples/exercises.py` answers them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import valuation

HERE = Path(__file__).parent
APPRAISED = 10_019_400  # CNY, the published value of Gangtong's data
CONTRACTS = 6_953_900  # CNY, their contract revenue of 2021-2024


def growth_that_makes(value: float, inputs: dict[str, Any], *, years: int) -> float:
    """Growth a year at which income.direct gives this value, by bisection; it starts from a quarter of CONTRACTS.

    At no growth, 100% margin, no tax, 12% and year ends, five years are worth 6,266,813.
    """
    low, high = -0.5, 2.0
    while high - low > 1e-9:
        growth = (low + high) / 2
        revenue = [CONTRACTS / 4 * (1 + growth) ** year for year in range(1, years + 1)]
        worth = valuation.run("income.direct", {**inputs, "revenue": revenue, "remaining_useful_life": years}).value
        low, high = (growth, high) if worth < value else (low, growth)
    return low


def growth_of_a_generous_valuer() -> float:
    """Growth behind the published value at 85% margin, all due to the data, 12%, 25% tax, five years, year ends."""
    generous = {"margin": 0.85, "discount_rate": 0.12, "tax_rate": 0.25, "timing": "end"}
    return growth_that_makes(APPRAISED, {"right": "operation", "income_from": "data_products", **generous}, years=5)


def growth_at_our_inputs() -> float:
    """Growth behind the published value at the most likely inputs of our own case, over its five years."""
    case = valuation.load(HERE / "gangtong_port_data" / "case.json")
    ours = dict(case.assets[0].methods[0].inputs)
    ours |= {name: given["mode"] for name, given in ours.items() if isinstance(given, dict) and "mode" in given}
    return growth_that_makes(APPRAISED, {**ours, "tax_rate": 0.25}, years=5)


def value_at_risk_limit(shortfall_probability: float) -> float:
    """IREN: the loan that resale alone carries if the lender accepts this probability of shortfall after a default."""
    case = valuation.load(HERE / "iren_childress" / "case.json")
    case = case.model_copy(update={"loan": {**(case.loan or {}), "shortfall_probability": shortfall_probability}})
    offer = valuation.lend(valuation.appraise(case)).to_json()
    return next(limit["amount"] for limit in offer["limits"] if limit["name"] == "value_at_risk")


if __name__ == "__main__":
    print(f"Gangtong: growth that makes 10.0194 million for a generous valuer: {growth_of_a_generous_valuer():.1%}")
    print(f"Gangtong: growth that makes it at our most likely inputs: {growth_at_our_inputs():.1%}")
    print(f"IREN: what resale alone carries at even odds: {value_at_risk_limit(0.5) / 1e6:,.0f} million USD")

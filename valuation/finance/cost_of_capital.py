"""Cost of capital: CAPM, build-up and WACC.

Source: CAS Expert Guidance No. 12 on discount rates (2020), formulas page-read; after-tax, nominal.
"""

from __future__ import annotations

from typing import Any


def capm(risk_free_rate: Any, beta: Any, equity_risk_premium: Any, specific_premium: Any = 0.0) -> Any:
    """Cost of equity: risk-free rate + beta x equity risk premium + premium for what the beta does not see."""
    return risk_free_rate + beta * equity_risk_premium + specific_premium


def relevered_beta(unlevered_beta: Any, tax_rate: Any, debt_to_equity: Any) -> Any:
    """Beta of a firm with debt out of that of one without: unlevered x (1 + (1 - tax) x debt / equity)."""
    return unlevered_beta * (1 + (1 - tax_rate) * debt_to_equity)


def wacc(cost_of_equity: Any, cost_of_debt: Any, tax_rate: Any, debt_share: Any) -> Any:
    """Weighted average cost of capital after tax: debt bears interest that saves tax.

    Equity 13.4%, debt 4.99% after tax, debt share 24%: about 11.4%.
    """
    return cost_of_equity * (1 - debt_share) + cost_of_debt * (1 - tax_rate) * debt_share


def real_rate(nominal_rate: Any, inflation: Any) -> Any:
    """Rate without inflation: (1 + nominal) / (1 + inflation) - 1, never the difference. 12% and 2.5%: 9.268293%."""
    return (1 + nominal_rate) / (1 + inflation) - 1

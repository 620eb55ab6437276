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


def unlevered_beta(levered_beta: Any, tax_rate: Any, debt_to_equity: Any) -> Any:
    """Beta of a firm without debt out of that of one with it, the inverse of `relevered_beta` (Hamada).

    1.1 at debt / equity 0.5 and tax 25%: 0.8.
    """
    return levered_beta / (1 + (1 - tax_rate) * debt_to_equity)


def wacc(
    cost_of_equity: Any,
    cost_of_debt: Any,
    tax_rate: Any,
    debt_share: Any,
    *,
    cost_of_preferred: Any = 0.0,
    preferred_share: Any = 0.0,
) -> Any:
    """Weighted average cost of capital after tax: debt bears interest that saves tax, preferred stock does not.

    Equity 13.4%, debt 4.99% after tax, debt share 24%: about 11.4%.
    """
    equity = cost_of_equity * (1 - debt_share - preferred_share)
    return equity + cost_of_debt * (1 - tax_rate) * debt_share + cost_of_preferred * preferred_share


def real_rate(nominal_rate: Any, inflation: Any) -> Any:
    """Rate without inflation: (1 + nominal) / (1 + inflation) - 1, never the difference. 12% and 2.5%: 9.268293%."""
    return (1 + nominal_rate) / (1 + inflation) - 1


def cost_of_equity(inputs: Any, workings: Any, *, equity_share: Any) -> Any:
    """What owners ask a year, step by step in the workings: beta, levered as stated, times the premium, and extras.

    `inputs` are those of valuation.common_inputs.EquityReturn, with debt_share; `equity_share` is what debt, and
    preferred stock, leave. Peers' beta 1.2 at a third of debt, tax 25%: unlevered 0.87273; at no debt that is it.
    """
    line, beta = workings.line, inputs.beta
    if inputs.beta_is == "levered_of_peers":
        peers = line("debt_to_equity_of_peers", inputs.peer_debt_share / (1 - inputs.peer_debt_share), unit="ratio")
        tax = inputs.tax_rate if inputs.peer_tax_rate is None else inputs.peer_tax_rate
        beta = line("unlevered_beta", unlevered_beta(beta, tax, peers), unit="ratio")
    if inputs.beta_is != "levered":
        debt_to_equity = line("debt_to_equity", inputs.debt_share / equity_share, unit="ratio")
        beta = line("levered_beta", relevered_beta(beta, inputs.tax_rate, debt_to_equity), unit="ratio")
    workings.warn(
        (inputs.size_premium > 0) & (inputs.specific_premium > 0),
        "Size and specific premium are both added; make sure that the specific one does not hold the size again.",
        "同时加计规模溢价和特定风险报酬率；请确认未重复计算规模因素。",
    )
    extras = line("extra_premiums", inputs.size_premium + inputs.specific_premium, unit="fraction per year")
    equity = capm(inputs.risk_free_rate, beta, inputs.equity_risk_premium, extras)
    return line("cost_of_equity", equity, unit="fraction per year")

"""Weighted average cost of capital (加权平均资本成本), with the premium an intangible asset asks above it."""

from typing import Literal

from valuation.finance import capm, relevered_beta, wacc
from valuation.method import NOMINAL_AFTER_TAX, Citation, Inputs, Method, Quantity, choice, fraction, rate, ratio


class WaccInputs(Inputs):
    """What owners and lenders of comparable firms ask, and in which proportion they finance them. All nominal."""

    risk_free_rate: Quantity = rate(
        "Risk-free rate", "无风险利率", {"reference": "cn.bond.government_10y"}, warn_above=0.1,
        help="Yield of government bonds in the currency and of the term of the cash flows. Not China: state your own.",
    )  # fmt: skip
    beta: Quantity = ratio("Beta of comparable firms", "可比公司贝塔系数", low=-1, high=5, warn_above=2.5)
    beta_is: Literal["unlevered", "levered"] = choice(
        "Without debt, or already at the debt share below", "贝塔系数为无杠杆，或已含目标杠杆", "unlevered",
        help="A beta of levered peers must be unlevered with their own debt first, never with the target's.",
    )  # fmt: skip
    equity_risk_premium: Quantity = rate(
        "Equity risk premium", "市场风险溢价", {"reference": "cn.equity_risk_premium.rating_based"}, low=0,
        warn_below=0.03, warn_above=0.1, help="Over the same risk-free rate. Not China: state your own.",
    )  # fmt: skip
    size_premium: Quantity = rate("Size premium", "规模溢价", 0, warn_above=0.1)
    specific_premium: Quantity = rate(
        "Specific risk premium", "特定风险报酬率", 0, warn_above=0.1,
        help="Not what the cash flows already carry as probability or attrition: a risk counts once.",
    )  # fmt: skip
    cost_of_debt: Quantity = rate(
        "Cost of debt, before tax", "税前债务成本", {"reference": "cn.lpr.5y"}, low=0,
        help="What comparable firms pay on long loans today, in the same currency.",
    )  # fmt: skip
    tax_rate: Quantity = fraction("Income tax rate", "所得税率", {"reference": "cn.tax.income"}, below=1)
    debt_share: Quantity = fraction(
        "Debt as a share of debt and equity, at market value", "债务占总资本比（市值）", below=1, warn_above=0.6,
        help="The target structure of comparable firms, the same that relevers the beta.",
    )  # fmt: skip
    asset_premium: Quantity = rate(
        "Premium of the asset over the firm", "资产特有溢价（高于 WACC）", 0, low=-0.2, warn_above=0.2,
        help="Intangible assets ask more than the firm, working capital less; together they must average to the WACC.",
    )  # fmt: skip


def weighted_cost_of_capital(inputs, workings):
    """What an investor asks of the asset a year, nominal and after tax: the firm's cost of capital and a premium.

    Inputs and answer are (..., 1), a fraction per year. For nominal cash flows after tax in the same currency only.

    Risk-free 3.36%, beta 1.39 (levered), premium 8.28%, no debt: 14.8692%. Unlevered beta 1, premium 6%, risk-free 2%,
    debt 4% before tax and a fifth of the capital, tax 25%: beta 1.1875, equity 9.125%, together 7.9%.
    """
    line = workings.line
    beta = inputs.beta
    if inputs.beta_is == "unlevered":
        debt_to_equity = line("debt_to_equity", inputs.debt_share / (1 - inputs.debt_share), unit="ratio")
        beta = line("levered_beta", relevered_beta(beta, inputs.tax_rate, debt_to_equity), unit="ratio")
    workings.warn(
        (inputs.size_premium > 0) & (inputs.specific_premium > 0),
        "Size and specific premium are both added; make sure that the specific one does not hold the size again.",
        "同时加计规模溢价和特定风险报酬率；请确认未重复计算规模因素。",
    )
    premiums = inputs.size_premium + inputs.specific_premium
    equity = capm(inputs.risk_free_rate, beta, inputs.equity_risk_premium, premiums)
    equity = line("cost_of_equity", equity, unit="fraction per year")
    firm = wacc(equity, inputs.cost_of_debt, inputs.tax_rate, inputs.debt_share)
    firm = line("weighted_cost_of_capital", firm, unit="fraction per year")
    return line("discount_rate", firm + inputs.asset_premium, unit="fraction per year")


method = Method(
    id="rate.wacc",
    version=1,
    approach="input",
    title=("Weighted average cost of capital", "加权平均资本成本"),
    serves=(),
    citations=(
        Citation("资产评估专家指引第12号 收益法评估企业价值中折现率的测算 (2020)：CAPM, WACC", "page-read"),
        Citation("OpenStax, Principles of Finance (2e), 15.3 CAPM and 17.3 WACC", "file-read"),
    ),
    limitations=(
        "Holds for cash flows that are expected values; a success-case forecast of an early stage needs another rate.",
        "适用于期望现金流；早期项目的成功情景预测需采用其他折现率。",
    ),
    evidence=("comparable_firms", "loan_terms"),
    inputs=WaccInputs,
    value=weighted_cost_of_capital,
    unit="fraction per year",
    basis=NOMINAL_AFTER_TAX,
)

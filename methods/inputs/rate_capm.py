"""Cost of equity by the capital asset pricing model (资本资产定价模型): what owners ask, from how the market moves."""

from typing import Literal

from valuation.finance import capm, relevered_beta
from valuation.method import NOMINAL_AFTER_TAX, Citation, Inputs, Method, Quantity, choice, fraction, rate, ratio


class CapmInputs(Inputs):
    """The rate without risk, the market's premium, and how strongly comparable firms move with the market."""

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
        warn_below=0.03, warn_above=0.1,
        help="Return of the market less the same risk-free rate. Not China: state your own.",
    )  # fmt: skip
    debt_share: Quantity = fraction(
        "Debt as a share of debt and equity, at market value", "债务占总资本比（市值）", 0, below=1, warn_above=0.6,
        help="The target structure of comparable firms; used for an unlevered beta only.",
    )  # fmt: skip
    tax_rate: Quantity = fraction("Income tax rate", "所得税率", {"reference": "cn.tax.income"}, below=1)
    size_premium: Quantity = rate("Size premium", "规模溢价", 0, warn_above=0.1)
    specific_premium: Quantity = rate(
        "Specific risk premium", "特定风险报酬率", 0, warn_above=0.1,
        help="Not what the cash flows already carry as probability or attrition: a risk counts once.",
    )  # fmt: skip


def cost_of_equity(inputs, workings):
    """What owners ask for their capital a year, nominal: risk-free rate, beta times the market's premium, and extras.

    Inputs and answer are (..., 1), a fraction per year. For cash flows to the owners, after interest and tax, in the
    same currency; for cash flows to owners and lenders take rate.wacc.

    Risk-free 3.36%, market 11.64%, hence premium 8.28%, beta 1.39 (levered): 14.8692%.
    """
    line, beta = workings.line, inputs.beta
    if inputs.beta_is == "unlevered":
        debt_to_equity = line("debt_to_equity", inputs.debt_share / (1 - inputs.debt_share), unit="ratio")
        beta = line("levered_beta", relevered_beta(beta, inputs.tax_rate, debt_to_equity), unit="ratio")
    workings.warn(
        (inputs.size_premium > 0) & (inputs.specific_premium > 0),
        "Size and specific premium are both added; make sure that the specific one does not hold the size again.",
        "同时加计规模溢价和特定风险报酬率；请确认未重复计算规模因素。",
    )
    extras = line("extra_premiums", inputs.size_premium + inputs.specific_premium, unit="fraction per year")
    equity = capm(inputs.risk_free_rate, beta, inputs.equity_risk_premium, extras)
    return line("cost_of_equity", equity, unit="fraction per year")


method = Method(
    id="rate.capm",
    version=1,
    approach="input",
    title=("Cost of equity by CAPM", "资本资产定价模型（权益成本）"),
    serves=(),
    citations=(
        Citation(
            "资产评估专家指引第12号 收益法评估企业价值中折现率的测算 (2020)：Re = Rf + β(Rm − Rf) + ε", "page-read"
        ),
        Citation("OpenStax, Principles of Finance (2e), 15.3 CAPM", "file-read"),
    ),
    limitations=(
        "A return on equity: discounting cash flows before interest with it undervalues a firm that has debt.",
        "为权益报酬率；用于折现付息前现金流会低估有负债的企业。",
    ),
    evidence=("comparable_firms",),
    inputs=CapmInputs,
    value=cost_of_equity,
    unit="fraction per year",
    basis=NOMINAL_AFTER_TAX,
)

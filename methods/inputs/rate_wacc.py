"""Weighted average cost of capital (加权平均资本成本), with the premium an intangible asset asks above it."""

from typing import Self

import numpy as np
from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import cost_of_equity, wacc
from valuation.method import NOMINAL_AFTER_TAX, Citation, Method, Quantity, fraction, rate, refuse


class WaccInputs(common.EquityReturn):
    """What owners and lenders of comparable firms ask, and in which proportion they finance them. All nominal."""

    cost_of_debt: Quantity = rate(
        "Cost of debt, before tax", "税前债务成本", {"reference": "cn.lpr.5y"}, low=0,
        help="What comparable firms pay on long loans today, in the same currency.",
    )  # fmt: skip
    debt_share: Quantity = fraction(
        "Debt as a share of all capital, at market value", "债务占总资本比（市值）", below=1, warn_above=0.6,
        help="The target structure of comparable firms, the same that relevers the beta.",
    )  # fmt: skip
    preferred_share: Quantity = fraction(
        "Preferred stock as a share of all capital, at market value", "优先股占总资本比（市值）", 0, below=1
    )
    cost_of_preferred: Quantity = rate(
        "Cost of preferred stock", "优先股成本", 0, low=0, help="Its dividend over its price; it saves no tax."
    )
    asset_premium: Quantity = rate(
        "Premium of the asset over the firm", "资产特有溢价（高于 WACC）", 0, low=-0.2, warn_above=0.2,
        help="Intangible assets ask more than the firm, working capital less; together they must average to the WACC.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _leaves_equity(self) -> Self:
        debt, preferred = self.debt_share.value, self.preferred_share.value
        if isinstance(debt, float) and isinstance(preferred, float) and debt + preferred >= 1:
            refuse(
                f"debt and preferred stock make up {debt + preferred:g} of the capital and leave no equity",
                f"债务与优先股合计占总资本 {debt + preferred:g}，未留下普通股权益",
                "Let the shares of all three add up to 1.", "请使三者占比之和为 1。",
            )  # fmt: skip
        return self


def weighted_cost_of_capital(inputs, workings):
    """What an investor asks of the asset a year, nominal and after tax: the firm's cost of capital and a premium.

    Inputs and answer are (..., 1), a fraction per year. For nominal cash flows after tax in the same currency only.
    Refused: shares that leave no equity (not finite where they are drawn), peers' debt without a beta of theirs.

    Risk-free 3.36%, beta 1.39 (levered), premium 8.28%, no debt: 14.8692%. Unlevered beta 1, premium 6%, risk-free 2%,
    debt 4% before tax and a fifth of the capital, tax 25%: beta 1.1875, equity 9.125%, together 7.9%.
    """
    line = workings.line
    left = 1 - inputs.debt_share - inputs.preferred_share
    equity_share = line("equity_share", left / np.where(left > 0, 1.0, 0.0), unit="fraction")
    equity = cost_of_equity(inputs, workings, equity_share=equity_share)
    firm = wacc(
        equity, inputs.cost_of_debt, inputs.tax_rate, inputs.debt_share,
        cost_of_preferred=inputs.cost_of_preferred, preferred_share=inputs.preferred_share,
    )  # fmt: skip
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

"""Cost of equity by the capital asset pricing model (资本资产定价模型): what owners ask, from how the market moves."""

from valuation import common_inputs as common
from valuation.finance import cost_of_equity
from valuation.method import NOMINAL_AFTER_TAX, Citation, Method, Quantity, fraction


class CapmInputs(common.EquityReturn):
    """The rate without risk, the market's premium, how comparable firms move with the market, and the debt borne."""

    debt_share: Quantity = fraction(
        "Debt as a share of debt and equity, at market value", "债务占总资本比（市值）", 0, below=1, warn_above=0.6,
        help="The target structure of comparable firms; not used for a beta that is levered to it already.",
    )  # fmt: skip


def capital_asset_pricing(inputs, workings):
    """What owners ask for their capital a year, nominal: risk-free rate, beta times the market's premium, and extras.

    Inputs and answer are (..., 1), a fraction per year. For cash flows to the owners, after interest and tax, in the
    same currency; for cash flows to owners and lenders take rate.wacc. Refused: peers' debt without a beta of theirs.

    Risk-free 3.36%, market 11.64%, hence premium 8.28%, beta 1.39 (levered): 14.8692%.
    """
    return cost_of_equity(inputs, workings, equity_share=1 - inputs.debt_share)


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
    value=capital_asset_pricing,
    unit="fraction per year",
    basis=NOMINAL_AFTER_TAX,
)

"""Build-up rate (风险累加法): the risk-free rate and one premium for each risk, where no beta can be observed."""

from typing import Literal

from pydantic import model_validator

from valuation.method import (
    NOMINAL_AFTER_TAX,
    Citation,
    Inputs,
    Method,
    Quantity,
    check_named_once,
    choice,
    items,
    rate,
    text,
)

ASSET_RISKS = ("technical", "market_risk", "funding", "management", "circulation", "data_security", "regulatory")
OVERLAPS = {
    "specific": ("size", "liquidity", *ASSET_RISKS),
    "industry": ("market_risk",),
}  # which risks one premium may hold already


class Premium(Inputs):
    """One risk and what it asks a year."""

    risk: Literal[
        "equity", "size", "industry", "country", "liquidity", "specific",
        "technical", "market_risk", "funding", "management", "circulation", "data_security", "regulatory",
    ] = choice(
        "Risk", "风险种类",
        help="equity: shares over bonds (市场风险溢价). market_risk: that this product does not sell (市场风险). "
        "liquidity: that it cannot be sold at will, unless a haircut or a discount takes that off.",
    )  # fmt: skip
    premium: Quantity = rate("Premium", "风险报酬率", low=-0.1, warn_above=0.15)
    reason: str = text("What it rests on", "取值依据", "")


class BuildUpInputs(Inputs):
    """The rate without risk and the premiums."""

    risk_free_rate: Quantity = rate(
        "Risk-free rate", "无风险利率", {"reference": "cn.bond.government_10y"}, warn_above=0.1,
        help="Yield of government bonds in the currency and of the term of the cash flows. Not China: state your own.",
    )  # fmt: skip
    premiums: list[Premium] = items("Premiums", "风险报酬率")

    @model_validator(mode="after")
    def _each_risk_once(self) -> "BuildUpInputs":
        check_named_once([entry.risk for entry in self.premiums], "risk", "风险")
        return self


def built_up_rate(inputs, workings):
    """What an investor asks a year, nominal, as a sum: the risk-free rate and a premium for each risk borne.

    Inputs and answer are (..., 1), a fraction per year. Two premiums that may hold the same risk are pointed out, not
    refused: only who set them knows. A risk that the cash flows carry already as a probability has no place here.

    Risk-free 4%, equity 6%, size 3.5%, specific 2%: 15.5%.
    """
    line = workings.line
    premiums = {entry.risk: entry.premium for entry in inputs.premiums}
    for first, others in OVERLAPS.items():
        both = [risk for risk in others if first in premiums and risk in premiums]
        workings.warn(
            (premiums.get(first, 0.0) > 0) & (sum((premiums[risk] for risk in both), 0.0) > 0),
            f"Beside {first}, premiums are added for {', '.join(both)}; make sure that no risk is held by both.",
            f"除 {first} 外还加计了 {'、'.join(both)} 风险报酬率；请确认未重复计算同一风险。",
        )
    if "equity" not in premiums and not set(premiums) & set(ASSET_RISKS):
        workings.warn(
            True,
            "No premium of shares over bonds is among the premiums; the sum is no return on equity.",
            "未包含权益市场风险溢价；合计数不是权益报酬率。",
        )
    parts = [line(f"premium[{risk}]", premium, unit="fraction per year") for risk, premium in premiums.items()]
    together = line("risk_premium", sum(parts), unit="fraction per year")
    return line("discount_rate", inputs.risk_free_rate + together, unit="fraction per year")


method = Method(
    id="rate.build_up",
    version=1,
    approach="input",
    title=("Build-up rate", "风险累加法折现率"),
    serves=(),
    citations=(
        Citation("CPA BAR question bank, question 14245: build-up cost of equity of a private firm", "file-read"),
        Citation("p719.cn 专利资产评估：无风险报酬率 + 技术、市场、资金、经营管理风险报酬率", "page-read"),
        Citation("中评协〔2023〕17号 数据资产评估指导意见：管理、流通、数据安全、监管风险（凭记忆）", "memory"),
    ),
    limitations=(
        "Each premium is a judgement, and a sum of judgements is not checked by any market price.",
        "各项风险报酬率均为判断值，其合计未经市场价格检验。",
    ),
    evidence=("risk_assessment",),
    inputs=BuildUpInputs,
    value=built_up_rate,
    unit="fraction per year",
    basis=NOMINAL_AFTER_TAX,
)

"""Split rate by score (技术分成率): where between the trade's lower and upper rate this technology stands."""

from typing import Literal

from pydantic import model_validator

from valuation.finance import joined
from valuation.method import Citation, Inputs, Method, Quantity, choice, fraction, items, ratio, refuse, text
from valuation.scoring.judgements import Judged, check_judgements, judged_weights, stated_weights


class Indicator(Inputs):
    """One thing that is scored."""

    name: str = text("Indicator", "评价指标")
    score: Quantity = fraction("Score", "评分", help="0 worst, 1 best; 80 of 100 points are 0.8.")
    weight: Quantity = ratio("Weight within its factor", "因素内权重", 1, above=0, help="Equal if left out.")


class Factor(Inputs):
    """A group of indicators, such as the legal, technical or economic one."""

    name: str = text("Factor", "影响因素")
    weight: Quantity | None = fraction("Weight", "权重", None, help="With weights_by stated.")
    indicators: list[Indicator] = items("Indicators", "评价指标")


class SplitInputs(Judged):
    """The trade's range of rates and the scored factors."""

    rate_is: Literal["of_revenue", "of_profit"] = choice(
        "The rate is a share of", "分成基础（收入或利润）", "of_revenue",
        help="A revenue split never goes on profit. Both bounds and the income it is applied to have this base.",
    )  # fmt: skip
    lower_rate: Quantity = fraction("Lower rate of the trade", "行业分成率下限")
    upper_rate: Quantity = fraction("Upper rate of the trade", "行业分成率上限")
    factors: list[Factor] = items("Factors", "影响因素", at_least=2)
    weights_by: Literal["stated", "ahp"] = choice("Weights of the factors", "因素权重来源", "stated")

    @model_validator(mode="after")
    def _bounds_in_order(self) -> "SplitInputs":
        low, high = self.lower_rate.value, self.upper_rate.value
        if isinstance(low, float) and isinstance(high, float) and low > high:
            refuse(
                f"the lower rate {low:g} exceeds the upper rate {high:g}", f"分成率下限 {low:g} 高于上限 {high:g}",
                "Put them in order.", "请按大小填写。",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _weighted(self) -> "SplitInputs":
        names = [factor.name for factor in self.factors]
        if len(set(names)) < len(names):
            refuse("a factor stands twice", "影响因素重复", "Give each its own name.", "请使用不同的名称。")
        if self.weights_by == "ahp":
            check_judgements(self, names)
        elif any(factor.weight is None for factor in self.factors):
            refuse(
                "a factor has no weight", "存在未填写权重的因素",
                'Add it, or let experts compare the factors with "weights_by": "ahp".',
                '请补充，或以 "weights_by": "ahp" 由专家比较。',
            )  # fmt: skip
        return self


def split_rate(inputs, workings):
    """Share of revenue or profit that the technology earns: lower rate + (upper - lower) x its weighted score.

    Every input is (..., 1), and so is the answer, a fraction of the stated base. The score is the weighted sum over the
    factors of each one's weighted mean. What scores full marks in all has the upper rate, never more. Refused: bounds
    out of order, a factor twice or without a weight, judgements that contradict each other without a reason.

    Rates 1% to 3%, weights 0.3, 0.5, 0.2, scores 0.8, 0.6, 0.5: score 0.64, rate 2.28%.
    """
    line = workings.line
    scores = [line(f"score[{factor.name}]", factor_score(factor), unit="fraction") for factor in inputs.factors]
    if inputs.weights_by == "ahp":
        weights = judged_weights(inputs, [factor.name for factor in inputs.factors], workings)
    else:
        weights = stated_weights([factor.weight for factor in inputs.factors], workings)
    score = line("weighted_score", (weights * joined(scores)).sum(axis=-1, keepdims=True), unit="fraction")
    workings.warn(
        inputs.upper_rate < inputs.lower_rate, "The lower rate exceeds the upper one.", "分成率下限高于上限。"
    )
    span = inputs.upper_rate - inputs.lower_rate
    return line("split_rate", inputs.lower_rate + span * score, unit="fraction")


def factor_score(factor):
    """Mean of the indicators' scores by their weights."""
    weights = sum(indicator.weight for indicator in factor.indicators)
    return sum(indicator.weight * indicator.score for indicator in factor.indicators) / weights


method = Method(
    id="royalty_rate.split_by_score",
    version=1,
    approach="input",
    title=("Split rate by score", "技术分成率（综合评价法）"),
    serves=(),
    citations=(
        Citation("p719.cn 专利资产评估：综合评价法确定分成率，法律、技术、经济因素", "page-read"),
        Citation("K = m + (n − m) q：技术分成率实务公式（凭记忆；未找到可完整阅读的公开算例）", "memory"),
        Citation("UNIDO ranges by trade, such as 1.5% to 3% for machines, as an examination guide quotes", "page-read"),
        Citation(
            "T. Saaty, Decision making with the analytic hierarchy process (2008), by the tests of AHPy", "file-read"
        ),
    ),
    limitations=(
        "The range of the trade decides: a score places the technology in it, and cannot say that the range is right.",
        "结果取决于行业区间；评分只能确定区间内的位置，不能证明区间本身恰当。",
    ),
    evidence=("title", "technical_review", "licence_agreements"),
    inputs=SplitInputs,
    value=split_rate,
    unit="fraction",
)

"""Quality score of data (数据质量评分): six dimensions, counted and weighted, over the score of the reference data."""

from typing import Literal

import numpy as np
from pydantic import model_validator

from valuation.finance import joined
from valuation.method import (
    Citation,
    Inputs,
    Method,
    Quantity,
    check_named_once,
    choice,
    count,
    fraction,
    items,
    ratio,
    refuse,
    text,
)
from valuation.scoring.judgements import Judged, check_judgements, judged_weights, stated_weights
from valuation.scoring.weights import information

DIMENSIONS = {
    "accuracy": "准确性",
    "consistency": "一致性",
    "completeness": "完整性",
    "standardisation": "规范性",
    "timeliness": "时效性",
    "accessibility": "可访问性",
}


class Indicator(Inputs):
    """One check: how many elements were assessed and how many conform, or a score where nothing can be counted."""

    name: str = text("Indicator", "评价指标")
    conforming: Quantity | None = count("Elements that conform", "符合要求的元素数 A", None)
    assessed: Quantity | None = count("Elements assessed", "被评价的元素数 B", None, above=0)
    score: Quantity | None = fraction(
        "Score, stated", "评分（直接给出）", None, help="For what cannot be counted, such as accessibility."
    )
    weight: Quantity = ratio("Weight within its dimension", "维度内权重", 1, above=0, help="Equal if left out.")

    @model_validator(mode="after")
    def _one_way(self) -> "Indicator":
        counted = [self.conforming is not None, self.assessed is not None]
        if counted not in ([True, True], [False, False]) or counted[0] == (self.score is not None):
            refuse(
                f"{self.name} needs a score, or both conforming and assessed",
                f"{self.name} 需要 score，或同时给出 conforming 和 assessed",
                "Give one of them, not both.", "两者取一。",
            )  # fmt: skip
        conform = self.conforming.value if self.conforming else None
        assessed = self.assessed.value if self.assessed else None
        if isinstance(conform, float) and isinstance(assessed, float) and conform > assessed:
            refuse(
                f"{self.name}: {conform:g} elements conform of {assessed:g} assessed",
                f"{self.name}：{assessed:g} 个元素中有 {conform:g} 个符合",
                "Count both on the same sample.", "请按同一样本计数。",
            )  # fmt: skip
        return self


class Dimension(Inputs):
    """One of the six dimensions with its indicators, or with experts' votes for grades."""

    dimension: Literal[
        "accuracy", "consistency", "completeness", "standardisation", "timeliness", "accessibility"
    ] = choice("Dimension", "质量维度")  # fmt: skip
    weight: Quantity | None = fraction("Weight", "权重", None, help="With weights_by stated.")
    indicators: list[Indicator] = items("Indicators", "评价指标", [], at_least=0)
    votes: Quantity | None = count(
        "Experts for each grade", "各等级专家数", None, by_year="list",
        help="With score_by fuzzy, in place of indicators: how many experts chose each grade.",
    )  # fmt: skip
    others: Quantity | None = fraction(
        "Scores of the other data sets", "其他数据集在该维度的评分", None, by_year="list",
        help="With weights_by entropy: one figure for each data set, in the same order in all dimensions.",
    )  # fmt: skip


class QualityInputs(Judged):
    """The dimensions, how they are weighted, how they become one score, and the score of the reference data."""

    dimensions: list[Dimension] = items("Dimensions", "质量维度", at_least=2, at_most=6)
    weights_by: Literal["stated", "ahp", "entropy"] = choice(
        "Weights of the dimensions", "维度权重来源", "stated",
        help="entropy weighs a dimension by how far it tells the data sets apart, not by how much it matters.",
    )  # fmt: skip
    score_by: Literal["weighted_sum", "fuzzy", "topsis"] = choice(
        "How the dimensions become one score", "综合评分方法", "weighted_sum",
        help="topsis: nearness to full marks, by the fixed points 1 and 0, so that no other data set moves the score.",
    )  # fmt: skip
    grade_values: Quantity | None = fraction(
        "What each grade is worth", "各等级分值", None, by_year="list", help="With fuzzy, the best grade 1."
    )
    reference_score: Quantity = ratio(
        "Score of the reference data", "参照数据评分", 1, above=0,
        help='1 if the reference has full marks; else by the same weights, such as {"derive": "quality.score", …}.',
    )  # fmt: skip

    @model_validator(mode="after")
    def _each_dimension_once(self) -> "QualityInputs":
        check_named_once([entry.dimension for entry in self.dimensions], "dimension", "维度")
        return self

    @model_validator(mode="after")
    def _weighted(self) -> "QualityInputs":
        if self.weights_by == "ahp":
            check_judgements(self, [entry.dimension for entry in self.dimensions])
        elif self.weights_by == "entropy" and self.score_by == "fuzzy":
            refuse(
                "entropy weights need scores, and fuzzy has votes", "熵权法需要评分，而模糊综合评价使用等级票数",
                "State the weights, or let experts compare.", "请直接给出权重或采用专家判断。",
            )  # fmt: skip
        else:
            self._none_lacks("weight" if self.weights_by == "stated" else "others")
        return self

    @model_validator(mode="after")
    def _scored(self) -> "QualityInputs":
        if self.score_by == "fuzzy" and self.grade_values is None:
            refuse("fuzzy needs grade_values", "模糊综合评价需要 grade_values", "Add them.", "请补充。")
        self._none_lacks("votes" if self.score_by == "fuzzy" else "indicators")
        return self

    def _none_lacks(self, name: str) -> None:
        lacking = [entry.dimension for entry in self.dimensions if not getattr(entry, name)]
        if lacking:
            refuse(
                f"{lacking[0]} has no {name}, which weights_by {self.weights_by} and score_by {self.score_by} need",
                f"{DIMENSIONS[lacking[0]]} 缺少 {name}（weights_by 为 {self.weights_by}，score_by 为 {self.score_by}）",
                "Add it.", "请补充。",
            )  # fmt: skip


def quality_coefficient(inputs, workings):
    """How good the data is against its reference: the weighted score of its dimensions over the reference's score.

    Every input is (..., 1), votes and grade values (..., grade), others (..., data set); the answer is (..., 1). An
    indicator's score is conforming / assessed. Above 1 the data is better than its reference. Refused: a dimension
    twice, judgements with a consistency ratio above 0.10 without a reason. A dimension left out is pointed out, since
    timeliness may be counted in the life instead, and then not here.

    Scores 0.9 and 0.6 with weights 0.7 and 0.3, reference full marks: 0.81; by TOPSIS with fixed points 0.8251.
    """
    line = workings.line
    names = [entry.dimension for entry in inputs.dimensions]
    left_out = [name for name in DIMENSIONS if name not in names]
    workings.warn(
        bool(left_out),
        f"Dimensions left out of the score: {', '.join(left_out)}.",
        f"评分未包含的维度：{'、'.join(DIMENSIONS[name] for name in left_out)}。",
    )
    if inputs.score_by == "fuzzy":
        score = fuzzy_score(inputs, weights_of(inputs, names, None, workings), workings)
    else:
        each = [dimension_score(entry, workings) for entry in inputs.dimensions]
        weights = weights_of(inputs, names, each, workings)
        scores = line("scores", joined(each), unit="fraction")
        score = weighted_sum(scores, weights) if inputs.score_by == "weighted_sum" else closeness(scores, weights, line)
    score = line("quality_score", score, unit="fraction")
    return line("quality_coefficient", score / inputs.reference_score, unit="ratio")


def dimension_score(entry, workings):
    """Weighted mean of the indicators' shares of conforming elements."""
    shares = []
    for one in entry.indicators:
        share = one.score if one.score is not None else one.conforming / one.assessed
        workings.warn(share > 1, f"{one.name}: more conform than were assessed.", f"{one.name}：符合数多于被评价数。")
        shares.append(one.weight * share)
    score = sum(shares) / sum(one.weight for one in entry.indicators)
    return workings.line(f"score[{entry.dimension}]", score, unit="fraction")


def weights_of(inputs, names, scores, workings):
    """Weights of the dimensions as a row, stated, judged, or by entropy."""
    if inputs.weights_by == "stated":
        return stated_weights([entry.weight for entry in inputs.dimensions], workings)
    if inputs.weights_by == "ahp":
        return judged_weights(inputs, names, workings)
    pairs = zip(inputs.dimensions, scores, strict=True)
    spread = [line_of_spread(entry, score, workings) for entry, score in pairs]
    row = joined(spread)
    return workings.line("weights", row / row.sum(axis=-1, keepdims=True), unit="fraction")


def line_of_spread(entry, score, workings):
    """1 less the entropy of one dimension over all data sets, this one among them: how far it tells them apart."""
    total = score + entry.others.sum(axis=-1, keepdims=True)
    own, others = information(score / total), information(entry.others / total)
    entropy = -(own + others.sum(axis=-1, keepdims=True)) / np.log(np.shape(entry.others)[-1] + 1)
    return workings.line(f"one_less_entropy[{entry.dimension}]", 1 - entropy, unit="ratio")


def weighted_sum(scores, weights):
    """Sum of weight times score."""
    return (weights * scores).sum(axis=-1, keepdims=True)


def closeness(scores, weights, line):
    """TOPSIS with fixed points: the distance from no marks over the distances from no and from full marks."""
    from_worst = line("distance_from_worst", np.sqrt(weighted_sum(scores**2, weights**2)), unit="ratio")
    from_best = line("distance_from_best", np.sqrt(weighted_sum((1 - scores) ** 2, weights**2)), unit="ratio")
    return from_worst / (from_worst + from_best)


def fuzzy_score(inputs, weights, workings):
    """Share of experts for each grade in each dimension, weighted and added; then what the grades are worth."""
    shares = 0.0
    for place, entry in enumerate(inputs.dimensions):
        votes = entry.votes / entry.votes.sum(axis=-1, keepdims=True)
        membership = workings.line(f"membership[{entry.dimension}]", votes, unit="fraction")
        shares = weights[..., place : place + 1] * membership + shares
    shares = workings.line("share_of_grade", shares, unit="fraction")
    return weighted_sum(inputs.grade_values, shares)


method = Method(
    id="quality.score",
    version=1,
    approach="input",
    title=("Quality score of data", "数据质量评分"),
    serves=(),
    citations=(
        Citation("GB/T 36344-2018 信息技术 数据质量评价指标：六个维度（标题与范围已核，条文未核）", "secondary"),
        Citation("中评协〔2023〕17号 数据资产评估指导意见：质量因素，层次分析法、模糊综合评价法（凭记忆）", "memory"),
        Citation(
            "T. Saaty, Decision making with the analytic hierarchy process (2008), by the tests of AHPy", "file-read"
        ),
        Citation("Tzeng and Huang, Multiple Attribute Decision Making (2011): TOPSIS, by scikit-criteria", "file-read"),
        Citation("scikit-criteria, test_weighters.py: entropy weights with 1 / ln(m)", "file-read"),
    ),
    limitations=(
        "Says how well the data keeps its rules, not whether anybody needs it; the weights are a choice of this case.",
        "反映数据符合规则的程度，不反映需求；权重属于本案例的选择。",
    ),
    evidence=("data_sample", "data_dictionary"),
    inputs=QualityInputs,
    value=quality_coefficient,
    unit="ratio",
)

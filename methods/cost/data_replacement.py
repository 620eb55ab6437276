"""Replacement cost of data (数据重置成本法): what building the data again would cost, adjusted for quality."""

from typing import Literal

import numpy as np
from pydantic import model_validator

from valuation.finance import horizon, opportunity_cost, year_numbers
from valuation.method import (
    Citation,
    Inputs,
    Method,
    Quantity,
    choice,
    fraction,
    money,
    rate,
    ratio,
    refuse,
    text,
    years,
)

DIRECT = ("collection_cost", "cleaning_cost", "labelling_cost", "storage_cost", "security_cost")
OUTLAYS = ("pre_project_cost", *DIRECT, "indirect_cost")

STAGES = "One figure is spread evenly over the build; a list gives what was spent in each equal stage of it."


class DataReplacementInputs(Inputs):
    """What the data cost by kind, at which prices and how early, and what adjusts the cost to a value."""

    pre_project_cost: Quantity = money("Planning before the project", "前期费用", 0, by_year=True, low=0, help=STAGES)
    collection_cost: Quantity = money(
        "Collection", "采集成本", by_year=True, low=0,
        help=f"Surveys, labour, network, price and fees of bought data; no collection that failed. {STAGES}",
    )  # fmt: skip
    cleaning_cost: Quantity = money(
        "Cleaning and de-identification", "清洗脱敏成本", 0, by_year=True, low=0, help=STAGES
    )
    labelling_cost: Quantity = money("Labelling", "标注成本", 0, by_year=True, low=0, help=STAGES)
    storage_cost: Quantity = money(
        "Storage and upkeep", "存储与管理成本", 0, by_year=True, low=0,
        help=f"Of storage shared by several data sets only the part of this one. {STAGES}",
    )  # fmt: skip
    security_cost: Quantity = money("Security", "安全成本", 0, by_year=True, low=0, help=STAGES)
    indirect_cost: Quantity = money(
        "Indirect cost", "间接成本", 0, by_year=True, low=0,
        help=f"Software, infrastructure and administration, apportioned on a key the report states. {STAGES}",
    )  # fmt: skip
    price_index_ratio: Quantity = ratio(
        "Price index today over that when spent", "价格指数比（评估基准日/发生时）", 1.0, by_year=True, above=0,
        help="1 means that all costs are stated at prices of the valuation date already.",
    )  # fmt: skip
    taxes: Quantity = money("Taxes not recovered", "相关税费", 0, low=0, help="Without the VAT that is recovered.")
    build_time: Quantity | None = years(
        "Time to build the data again", "重建周期", None,
        help="Each cost waits from the middle of its stage to the end. Or give years_to_completion instead.",
    )  # fmt: skip
    years_to_completion: Quantity | None = years(
        "Time from spending to completion", "支出至完成的时间", None, by_year=True,
        help="In place of build_time; a list gives one figure for each stage of the costs.",
    )  # fmt: skip
    return_rate: Quantity | None = rate(
        "Return on the capital tied up", "资金机会成本率", None, low=0,
        help="Nominal and before tax, as the costs are. No profit margin comes on top: it would count twice.",
    )  # fmt: skip
    opportunity_cost: Quantity | None = money(
        "Opportunity cost", "机会成本", None, low=0, help="In place of a build time and a rate of return."
    )
    share_of_cost: Quantity = fraction(
        "Part of the cost that falls on this right", "所评权利分摊比例", 1.0, above=0,
        help="Below 1 for data licensed in or used by several holders: not the cost of the whole group.",
    )  # fmt: skip
    profit_rate: Quantity = ratio(
        "Profit on the cost", "成本回报率 R", 0, low=0, warn_above=0.5,
        help="R of the predecessor guidance, P = TC x (1 + R) x U. Not beside an opportunity cost that holds it.",
    )  # fmt: skip
    quality_coefficient: Quantity = ratio(
        "Quality coefficient", "质量调整系数", above=0,
        help="Quality score over that of the reference data, or the score itself if the reference has full marks.",
    )  # fmt: skip
    timeliness: Literal["in_quality", "by_life"] = choice(
        "Where timeliness is counted", "时效性计入方式", "in_quality",
        help="In the quality score, or by age and remaining life; never in both. by_life: score quality without it.",
    )  # fmt: skip
    circulation_coefficient: Quantity = ratio(
        "Circulation coefficient", "流通系数 β", 1.0, above=0, warn_above=1.5,
        help="By how openly the data may be passed on and how often they are used. 1 counts it in the quality, or not.",
    )  # fmt: skip
    scarcity: Quantity = fraction(
        "Scarcity", "垄断系数 l", 0.0, help="0 where anybody may have the like; it raises the value by this share."
    )
    realisation_risk: Quantity = fraction(
        "Risk that the value is not realised", "价值实现风险系数 r", 0.0, below=1,
        help="Managing, circulation, enhancement and security risks together; it lowers the value by this share.",
    )  # fmt: skip
    age: Quantity | None = years("Age", "已使用年限", None, rolls="up")
    remaining_useful_life: Quantity | None = years("Remaining useful life", "剩余使用寿命", None, above=0, rolls="down")
    reason_above_one: str = text("Why the adjustment exceeds 1", "调整系数大于 1 的理由", "")

    @model_validator(mode="after")
    def _opportunity_cost_once(self) -> "DataReplacementInputs":
        ways = [self.opportunity_cost, self.build_time, self.years_to_completion]
        if sum(way is not None for way in ways) != 1 or (self.opportunity_cost is None) == (self.return_rate is None):
            refuse(
                "the opportunity cost is stated by none or several ways",
                "机会成本的给出方式缺失或重复",
                "Give opportunity_cost, or return_rate with build_time or with years_to_completion.",
                "请给出 opportunity_cost，或 return_rate 加 build_time 或 years_to_completion 之一。",
            )
        return self

    @model_validator(mode="after")
    def _timeliness_once(self) -> "DataReplacementInputs":
        if self.timeliness == "by_life" and (self.age is None or self.remaining_useful_life is None):
            refuse(
                "timeliness is counted by_life, and age or remaining_useful_life is missing",
                "时效性按寿命计入，但缺少 age 或 remaining_useful_life",
                'Add both, or write "timeliness": "in_quality".',
                '请补充两者，或写 "timeliness": "in_quality"。',
            )
        return self

    @model_validator(mode="after")
    def _reason_above_one(self) -> "DataReplacementInputs":
        quality = self.quality_coefficient.value
        if isinstance(quality, float) and quality > 1 and not self.reason_above_one.strip():
            refuse(
                f"quality_coefficient {quality:g} exceeds 1 without a written reason",
                f"quality_coefficient {quality:g} 大于 1 而未说明理由",
                "Say in reason_above_one why the data is better than its reference.",
                "请在 reason_above_one 中说明数据为何优于参照数据。",
            )
        return self


def data_replacement(inputs, workings):
    """Total cost today (pre-project, direct, indirect, opportunity cost, taxes) times the value adjustment coefficient.

    Costs, price index ratio and years to completion may be lists, one figure for each equal stage of the build,
    (..., stage); all else and the value are (..., 1). The opportunity cost is missed on pre-project, direct and
    indirect cost, not on taxes. The coefficient is quality x life (only where quality leaves timeliness out) x
    circulation x (1 + scarcity) x (1 - risk), the last three 1 unless stated, as Expert Guidance No. 9 has them.
    Refused: an opportunity cost by none or two ways, a life that timeliness needs, quality above 1 without a reason.

    Collection 6 million, cleaning 1, labelling 2, indirect 1 over one year at 10%; taxes 0.3; quality 0.8; age 1,
    remaining life 3 years counted by_life: total cost 10,788,088.48, coefficient 0.6, value 6,472,853.09.
    """
    line = workings.line
    lists = [getattr(inputs, name) for name in OUTLAYS] + [inputs.price_index_ratio]
    stages = horizon(*lists, *([] if inputs.years_to_completion is None else [inputs.years_to_completion]))

    def outlay(name):
        return line(f"{name}_today", by_stage(getattr(inputs, name), stages) * inputs.price_index_ratio)

    pre_project = outlay("pre_project_cost")
    direct = line("direct_cost", sum(outlay(name) for name in DIRECT))
    spent = line("spent_by_stage", pre_project + direct + outlay("indirect_cost"))

    if inputs.opportunity_cost is None:
        wait = line("waiting_time", years_to_completion(inputs, stages), unit="years")
        missed = line("opportunity_cost", total(opportunity_cost(spent, inputs.return_rate, wait)))
    else:
        missed = line("opportunity_cost", inputs.opportunity_cost)
    total_cost = line("total_cost", total(spent) + missed + inputs.taxes)
    own_cost = line("cost_of_this_right", total_cost * inputs.share_of_cost)
    workings.warn(
        (inputs.profit_rate > 0) & (missed > 0),
        "Profit and opportunity cost are both counted: the profit rate must not hold the return on capital as well.",
        "同时计入成本回报与机会成本：回报率不得再包含资金成本。",
    )
    with_profit = line("cost_with_profit", own_cost * (1 + inputs.profit_rate))
    return line("value", with_profit * adjustment(inputs, workings))


def by_stage(cost, stages):
    """A cost by stage of the build; one figure is spread evenly."""
    return cost if np.shape(cost)[-1] == stages else cost / stages * np.ones(stages)


def total(staged):
    """Sum over the stages."""
    return np.sum(staged, axis=-1, keepdims=True)


def years_to_completion(inputs, stages):
    """Years that money spent in each stage waits for completion: as stated, or from the middle of equal stages."""
    if inputs.years_to_completion is not None:
        return inputs.years_to_completion
    return inputs.build_time * (1 - (year_numbers(stages) - 0.5) / stages)


def adjustment(inputs, workings):
    """The value adjustment coefficient, with what a reader must know of it."""
    coefficient = inputs.quality_coefficient
    if inputs.timeliness == "by_life":
        life = inputs.remaining_useful_life / (inputs.age + inputs.remaining_useful_life)
        coefficient = coefficient * workings.line("life_coefficient", life, unit="ratio")
    elif inputs.age is not None or inputs.remaining_useful_life is not None:
        workings.warn(
            True,
            "Age and remaining life are not applied: the quality score counts timeliness already.",
            "未使用已使用年限和剩余寿命：质量评分已计入时效性。",
        )
    market = inputs.circulation_coefficient * (1 + inputs.scarcity) * (1 - inputs.realisation_risk)
    coefficient = coefficient * workings.line("market_coefficient", market, unit="ratio")
    coefficient = workings.line("adjustment_coefficient", coefficient, unit="ratio")
    workings.warn(
        (coefficient < 0.2) | (coefficient > 1.5),
        "The value adjustment coefficient lies outside 0.2 to 1.5; say why in the report.",
        "价值调整系数超出 0.2 至 1.5，请在报告中说明理由。",
    )
    if not inputs.reason_above_one.strip():
        workings.warn(
            coefficient > 1,
            "The value adjustment coefficient exceeds 1 and no reason is written down (reason_above_one).",
            "价值调整系数大于 1 但未写明理由（reason_above_one）。",
        )
    return coefficient


method = Method(
    id="cost.data_replacement",
    version=1,  # raise it when the same inputs would give another figure
    approach="cost",
    title=("Replacement cost of data", "数据重置成本法"),
    serves=("training_data",),
    citations=(
        Citation("Data Asset Valuation Guidance (数据资产评估指导意见, 中评协〔2023〕17号): cost method", "memory"),
        Citation("资产评估专家指引第9号 数据资产评估 (2019): P = TC × (1 + R) × αβ(1 + l)(1 − r)", "memory"),
        Citation("IVS 2025, 103 Valuation Approaches: cost approach", "memory"),
    ),
    limitations=(
        "A cost, not an income: data nobody would pay to build again is worth less, and rare data may be worth more.",
        "反映成本而非收益：无人愿意重建的数据价值更低，稀缺数据的价值可能更高。",
    ),
    evidence=("title", "cost_ledger", "quality_report"),
    inputs=DataReplacementInputs,
    value=data_replacement,
)

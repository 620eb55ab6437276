"""Stage-weighted income (风险调整净现值, rNPV): what a product in development will bring, weighted by its chances."""

from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import discount_factor, flow_time, horizon, joined, period_length, present_value
from valuation.method import (
    NOMINAL_AFTER_TAX,
    Citation,
    Inputs,
    Method,
    Quantity,
    check_named_once,
    choice,
    fraction,
    items,
    money,
    rate,
    refuse,
    text,
    years,
)

HURDLE = 0.3  # above it a rate is what investors ask of flows that come only on success
HURDLE_REASON = (
    f"a rate above {HURDLE:.0%} holds the risk of failure, and so do the probabilities",
    f"{HURDLE:.0%} 以上的折现率已包含失败风险，概率又反映了一次",
)
HURDLE_REMEDY = (
    "Risk is counted once: take the rate of a like business that is past its development.",
    "风险只计一次：请采用已过开发期的同类业务的折现率。",
)
PAID = {"start": 0.0, "mid": 0.5, "end": 1.0}  # the part of its stage after which a cost is paid
SUCCESS_CASE = {"outcome": "success_case"}


class Stage(Inputs):
    """One stage of development still ahead: what it costs, how long it takes, and how often it succeeds."""

    name: str = text("Stage", "阶段")
    probability: Quantity = fraction(
        "Probability of success, once begun", "该阶段成功概率", above=0,
        help="Given that the stage before succeeded; not the probability of reaching the market. Of like projects.",
    )  # fmt: skip
    cost: Quantity = money(
        "Cost",
        "该阶段成本",
        0,
        low=0,
        help="After the tax it saves. Only what is still to be spent; sunk cost stays out.",
    )
    duration: Quantity = years(
        "Time it still takes", "尚需时间", rolls="anew", help="For a stage under way: what is left of it."
    )


class StageInputs(Inputs):
    """The stages ahead, what the finished product brings, and the rate at which expected money is discounted."""

    stages: list[Stage] = items("Stages ahead", "后续阶段")
    launch_value: Quantity | None = money(
        "Value at launch, if it succeeds", "成功上市时的价值", None, low=0, basis=SUCCESS_CASE,
        help="Present value, at the day of launch, of the cash flows after tax; or the price that it is sold for then.",
    )  # fmt: skip
    cash_flow: Quantity | None = money(
        "Cash flow after tax by year from launch, if it succeeds", "上市后逐年税后现金流（成功情形）", None,
        by_year="list", basis=SUCCESS_CASE, rolls="stays",
        help="The first year begins at launch. Until the protection or the product ends; no perpetuity.",
    )  # fmt: skip
    discount_rate: Quantity = rate(
        "Discount rate, nominal, after tax", "税后名义折现率",
        basis={**NOMINAL_AFTER_TAX, "outcome": "expected"}, warn_below=0.04, warn_above=0.2,
        help="For expected money: without any premium for failure, which the probabilities hold.",
    )  # fmt: skip
    cost_timing: Literal["start", "mid", "end"] = choice(
        "When a stage is paid for", "阶段成本支付时点", "mid",
        help="At its start, spread over it (its middle), or at its end. Of a cost that differs by year make a stage a "
        "year, each but the last with a probability of 1.",
    )  # fmt: skip
    timing: common.Timing = common.receipts()

    @model_validator(mode="after")
    def _one_payoff(self) -> Self:
        if (self.launch_value is None) == (self.cash_flow is None):
            refuse(
                "exactly one of launch_value and cash_flow is needed", "launch_value 与 cash_flow 必须且只能填写一项",
                "Give what the product is worth at launch, or its cash flow by year from then.",
                "请填写上市时价值，或上市后逐年现金流。",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _risk_counted_once(self) -> Self:
        given = self.discount_rate
        highest = (given.value, given.high, given.median, given.mean, *(given.values or []))
        above = any(isinstance(one, float) and one > HURDLE for one in highest)
        if above and any(stage.probability.value != 1 for stage in self.stages):
            refuse(*HURDLE_REASON, *HURDLE_REMEDY)
        return self

    @model_validator(mode="after")
    def _each_stage_once(self) -> Self:
        check_named_once([stage.name for stage in self.stages], "stage", "阶段")
        return self


def stage_weighted(inputs, workings):
    """Expected present value of a product in development: costs by the chance to incur them, income by that of launch.

    cash_flow is (..., year), all other inputs (..., 1), and so is the value, in the case's currency. May be negative:
    an owner who may stop then does, which income.real_option values. Refused: a discount rate above 30% together
    with a probability below 1, for such rates already hold the risk of failure.

    A last stage of 130, three years, success 0.8, then worth 700; 9.6%, paid at its start: 295.3597230718613.
    """
    line, stages = workings.line, inputs.stages
    chance = line("probability", joined([stage.probability for stage in stages]), unit="fraction")
    reached = line("probability_of_reaching", np.cumprod(chance, axis=-1) / chance, unit="fraction")
    duration = line("duration", joined([stage.duration for stage in stages]), unit="years")
    start = line("starts_after", np.cumsum(duration, axis=-1) - duration, unit="years")
    paid = line("paid_after", start + duration * PAID[inputs.cost_timing], unit="years")
    expected_cost = line("expected_cost", joined([stage.cost for stage in stages]) * reached)
    costs = line("value_of_costs", present_value(expected_cost, discount_factor(inputs.discount_rate, paid)))

    launch = line("years_to_launch", duration.sum(axis=-1, keepdims=True), unit="years")
    launched = line("probability_of_launch", np.prod(chance, axis=-1, keepdims=True), unit="fraction")
    at_launch = inputs.launch_value
    if inputs.cash_flow is not None:
        forecast = horizon(inputs.cash_flow)
        time = flow_time(period_length(forecast), forecast, timing=inputs.timing)
        discount = line("discount_factor_from_launch", discount_factor(inputs.discount_rate, time), unit="fraction")
        at_launch = line("value_at_launch", present_value(inputs.cash_flow, discount))
    income = at_launch * launched * discount_factor(inputs.discount_rate, launch)
    value = line("value_of_income", income) - costs

    hurdle = (inputs.discount_rate > HURDLE) & (launched < 1)  # of a derived rate, which no validator can know
    reason, reason_zh = HURDLE_REASON
    workings.warn(hurdle, f"Refused: {reason}. {HURDLE_REMEDY[0]}", f"不予计算：{reason_zh}。{HURDLE_REMEDY[1]}")
    workings.warn(value < 0, "A negative value: an owner who may stop would not begin.", "价值为负：可放弃时不会启动。")
    return line("value", value / np.where(hurdle, 0.0, 1.0))  # no figure, which a calculation refuses


method = Method(
    id="income.stage_weighted",
    version=1,
    approach="income",
    title=("Stage-weighted income (rNPV)", "分阶段风险调整净现值法"),
    serves=("intellectual_property", "ai_model", "training_data"),
    citations=(
        Citation("R.A. Brealey, S.C. Myers & F. Allen, Principles of Corporate Finance: staged drug trial", "memory"),
        Citation(
            "A.M. Svennebring & J.E.S. Wikberg, SpringerPlus 2:140, 2013: rNPV after Stewart, Allison & Johnson 2001",
            "page-read",
        ),
        Citation("AICPA guide on in-process research: rates of return asked by stage of development", "memory"),
    ),
    limitations=(
        "Probabilities are those of other projects, and there are few of AI; without the right to stop it is too low.",
        "概率取自其他项目，人工智能领域样本很少；未计入中途放弃权，结果可能偏低。",
    ),
    evidence=("title", "development_plan", "technical_assessment", "cash_flow_forecast"),
    inputs=StageInputs,
    value=stage_weighted,
)

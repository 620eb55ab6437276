"""Real option (实物期权法): the right, without the duty, to launch early technology once its market is worth it."""

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from valuation.finance import CALL, PUT, european_option, normal_cdf, option_score, tree_option, up_probability
from valuation.method import Citation, Inputs, Method, Quantity, amount, choice, fraction, money, rate, years

SIDES = {"invest": CALL, "sell": PUT}


def whole_number(given: Any) -> Any:
    """Steps were words once: "500" is read as 500."""
    return int(given) if isinstance(given, str) and given.isdecimal() else given


class OptionInputs(Inputs):
    """What is gained, what it costs, how long one may wait, and what may happen to it meanwhile."""

    right_to: Literal["invest", "sell"] = choice(
        "The right is to", "权利类型", "invest", help="Invest: launch a product. Sell: give the asset up for a price."
    )
    exercise: Literal["american", "european"] = choice(
        "When it can be used", "行权方式", "american", help="American: on any day. European: on the last day only."
    )
    value_now: Quantity = money(
        "Present value of its cash flows if launched now", "立即实施时现金流的现值", above=0,
        help="Before the launch cost, and given that the technology works. Net of it, the cost counts twice.",
    )  # fmt: skip
    exercise_price: Quantity = money(
        "Launch cost, or the price on giving it up", "实施成本（或放弃时的售价）", above=0,
        help="Spent on the day of launch. What is spent whether it is launched or not is no part of it.",
    )  # fmt: skip
    time_left: Quantity = years(
        "Years left in which to decide", "剩余决策期限", above=0, rolls="down",
        help="While nobody else may launch the same: life of the patent, or of the lead if that is shorter.",
    )  # fmt: skip
    volatility: Quantity = fraction(
        "Volatility of that present value, a year", "现值的年波动率", above=0, high=3, warn_below=0.2, warn_above=1,
        help="Of the product's value. A share's volatility is that of equity: take the debt out of it first.",
    )  # fmt: skip
    cost_of_delay: Quantity = rate(
        "Cost of delay, continuous", "等待成本率（连续复利）", low=0, high=1,
        help="Share of the value lost by each year of waiting. With n years of protection left, 1/n is common.",
    )  # fmt: skip
    risk_free_rate: Quantity = rate(
        "Risk-free rate over the time left", "剩余期限的无风险利率", low=-0.1, high=0.5,
        help="Never a discount rate with a premium: the risk stands in the volatility and in the probability.",
    )  # fmt: skip
    compounding: Literal["yearly", "continuous"] = choice(
        "How that rate is compounded",
        "无风险利率的计息方式",
        "yearly",
        help="Bond yields: yearly. Textbooks: continuous.",
    )
    probability_of_success: Quantity = fraction(
        "Probability of technical success", "技术成功概率", above=0,
        help="That it works, known before the launch cost is spent. Failure in the market stands in the volatility.",
    )  # fmt: skip
    european_by: Literal["formula", "tree"] = choice(
        "How a European right is valued", "欧式期权的计算方式", "formula",
        help="By Black, Scholes and Merton, or by the tree below, as textbooks with few steps do.",
    )  # fmt: skip
    # The number of steps is how often the method goes through its nodes, so it is a plain number and has no range.
    steps: Annotated[int, Field(ge=1, le=5000), BeforeValidator(whole_number)] = amount(
        "count", "Steps of the tree", "二叉树步数", 200,
        help="200 are within a thousandth of 2,000, and a hundred times faster.",
    )  # fmt: skip


def real_option(inputs, workings):
    """Worth of the right to launch, or to sell, while the market may still turn: never below 0, and never added to NPV.

    Every input is (..., 1), and so is the value, in the case's currency. American rights are valued by a binomial tree,
    which has no formula in a workbook; European ones too, if asked for. Refused: a volatility so low that a step of the
    tree has no probability.

    350 if launched now at 500, 25%, 17 years, 4% continuous, cost of delay 1/17, certain success: European
    26.600089385263452, American 43.9648 with 2,000 steps. A widely copied slide prints 37.12 for these inputs.
    """
    line, side = workings.line, SIDES[inputs.right_to]
    yearly = inputs.compounding == "yearly"
    risk_free = line(
        "risk_free_rate_continuous", np.log1p(inputs.risk_free_rate) if yearly else inputs.risk_free_rate,
        unit="fraction per year",
    )  # fmt: skip
    terms = (
        inputs.value_now, inputs.exercise_price, risk_free, inputs.cost_of_delay, inputs.volatility, inputs.time_left
    )  # fmt: skip
    gain_now = line("gain_if_used_now", side * (inputs.value_now - inputs.exercise_price))
    score = line("d1", option_score(*terms), unit="ratio")
    line("n_d1", normal_cdf(side * score), unit="fraction")
    line("n_d2", normal_cdf(side * (score - inputs.volatility * np.sqrt(inputs.time_left))), unit="fraction")
    worth = line("european_value", european_option(*terms, side=side))
    by_tree = inputs.exercise == "american" or inputs.european_by == "tree"
    if by_tree:
        worth = tree_value(terms, side, inputs, workings)
    workings.warn(
        worth <= gain_now,
        "Using the right today brings at least as much as keeping it: value the project itself, by its cash flows.",
        "立即行权的收益不低于持有期权的价值：应按项目现金流直接评估。",
    )
    if by_tree:  # all of it a figure: half of it live would move by the probability alone
        return workings.opaque("value", np.multiply, worth, inputs.probability_of_success)
    return line("value", worth * inputs.probability_of_success)


def tree_value(terms, side, inputs, workings):
    """Worth of the right by a tree, on any day or on the last."""
    _, _, risk_free, leakage, volatility, years_left = terms
    steps, early = inputs.steps, inputs.exercise == "american"
    chance = up_probability(risk_free, leakage, volatility, years_left, steps)
    workings.warn(
        (chance <= 0) | (chance >= 1),
        "A step of the tree is longer than volatility² / (risk-free rate − cost of delay)²: take more steps.",
        "二叉树步长超过 波动率² /（无风险利率 − 等待成本率）²：请增加步数。",
    )

    def tree(*figures):
        return tree_option(*figures, side=side, steps=steps, early=early)

    return workings.opaque("american_value" if early else "european_value_by_tree", tree, *terms)


method = Method(
    id="income.real_option",
    version=1,
    approach="income",
    title=("Real option", "实物期权法"),
    serves=("intellectual_property", "ai_model", "training_data"),
    citations=(
        Citation(
            "E.G. Haug, The Complete Guide to Option Pricing Formulas, 1998: figures of European rights", "file-read"
        ),
        Citation(
            "F.A. Longstaff & E.S. Schwartz, Review of Financial Studies 14(1), 2001, Table 1: American", "file-read"
        ),
        Citation("A. Damodaran, valuation lecture notes: a patent as an option, cost of delay 1/n", "page-read"),
        Citation("J.C. Cox, S.A. Ross & M. Rubinstein, Option pricing: a simplified approach, 1979", "memory"),
    ),
    limitations=(
        "Rests on a volatility that nobody can observe, and holds only while the right is exclusive: value a range.",
        "结果依赖无法直接观察的波动率，且仅在权利具有排他性时成立；应以区间评估。",
    ),
    evidence=("title", "launch_plan", "technical_assessment"),
    inputs=OptionInputs,
    value=real_option,
)

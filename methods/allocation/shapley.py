"""Contribution in money (沙普利值分配): a model's income, what its data earn of it, and each source's part of that."""

from typing import Self

from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import discount_factor, horizon, present_value, share_of_years_in_life, time_of_flows
from valuation.method import (
    Citation,
    Method,
    Quantity,
    fraction,
    items,
    money,
    years,
)
from valuation.scoring.sources import Shared, check_names, shares_of


class ContributionInputs(Shared):
    """The model's income, what of it is due to data, its sources, and which of them are valued."""

    pool: Quantity = money(
        "Income of the model after tax and all other charges", "模型收益池（税后，已扣除其他资产贡献）", by_year="list",
        help="Charged for compute, people, distribution and brand, as income.excess_earnings does.",
    )  # fmt: skip
    data_share: Quantity = fraction(
        "Share of it due to the data", "数据贡献占比", by_year=True,
        help="From ablation (the model with and without the data) or from royalties paid for such data.",
    )  # fmt: skip
    subject: list[str] = items(
        "Sources that are the asset valued", "作为评估对象的来源", [], at_least=0,
        help="All if left out: the data pool.",
    )  # fmt: skip
    remaining_useful_life: Quantity = years("Remaining useful life", "剩余收益期限", above=0, rolls="down")
    discount_rate: Quantity = common.discount_rate_after_tax()
    first_period: Quantity = common.first_period()
    timing: common.Timing = common.receipts()

    @model_validator(mode="after")
    def _subject_is_among_the_sources(self) -> Self:
        check_names(self.subject, [source.name for source in self.sources])
        return self


def contribution_in_money(inputs, workings):
    """Present value of the subject's part of what data earn in a model: pool x data share x its share of the sources.

    Yearly inputs are (..., year), all others (..., 1), the value too; it may be negative. A source's contribution is
    the sum, over the coalitions of the others, of weight x (utility with it - utility without it), its share that over
    the sum of all contributions. No tax benefit of a buyer: the pool is shared, not bought. Refused: a coalition that
    is missing or stands twice, more than 12 sources by utilities, exact substitutes without a reason, and sources that
    together add nothing.

    Sources a, b, c reach 2, 4, 5 alone, ab 18, ac 14, bc 9, abc 24: contributions 9.5, 8, 6.5. Pool 1,000 in one year,
    data share 0.6, 10%, year end: 215.909091 for a.
    """
    line = workings.line
    shares = shares_of(inputs, workings)
    pool = value_of_data_pool(inputs, workings)
    parts = {}
    for source, share in zip(inputs.sources, shares, strict=True):
        part = parts[source.name] = line(f"value_of[{source.name}]", pool * share)
        if source.cost is not None:
            line(f"value_less_cost[{source.name}]", part - source.cost)
    return line("value", sum(parts[name] for name in inputs.subject or parts))


def value_of_data_pool(inputs, workings):
    """Present value of the model's income that is due to its data, over the remaining life."""
    line, forecast = workings.line, horizon(inputs.pool)
    due_to_data = line("data_pool", inputs.pool * inputs.data_share)
    in_life = share_of_years_in_life(inputs, forecast, workings)
    time = time_of_flows(inputs, forecast, workings)
    discount = line("discount_factor", discount_factor(inputs.discount_rate, time), unit="fraction")
    return line("value_of_data_pool", present_value(due_to_data * in_life, discount))


method = Method(
    id="allocation.shapley",
    version=1,  # raise it when the same inputs would give another figure
    approach="allocation",
    title=("Contribution of data sources", "数据来源贡献分配"),
    serves=("training_data", "ai_model"),
    citations=(
        Citation("CoopGame 0.2.2 (CRAN), tests of Shapley and Banzhaf values, after Wiese (2005)", "file-read"),
        Citation("pyDVL, valuation/games.py and semi-values: Shapley, Banzhaf, leave-one-out", "file-read"),
        Citation("L. S. Shapley, A value for n-person games (1953)", "memory"),
    ),
    limitations=(
        "True for this model, test set and metric alone; it shares an income out, so no approach is averaged with it.",
        "仅对该模型、测试集和指标成立；属于对既有收益的分配，不得与各评估途径的结果加权平均。",
    ),
    evidence=("title", "ablation_results", "revenue_forecast"),
    inputs=ContributionInputs,
    value=contribution_in_money,
)

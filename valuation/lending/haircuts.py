"""What a forced sale leaves of an appraised value: retentions that multiply, each for one named cause.

Market move and valuation error are joined before the quantile is taken: two 95% quantiles multiplied are about a 99%
one. Title failure is no factor on a quantile either: with its probability nothing comes in at all, whatever the value,
so the quantile of the other cases is taken further out. Haircuts are never added; added ones can pass 100%.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from valuation.finance import compound, normal_cdf, normal_quantile
from valuation.method import Citation, Inputs, Method, Quantity, fraction, items, money, rate, ratio, years

PARTS = (  # the order of the waterfall, fixed: its steps depend on it
    "acceptance",
    "dependency",
    "technological_decay",
    "market_move",
    "valuation_error",
    "title_failure",
    "forced_sale",
    "disposal_cost",
    "time_value",
    "claims",
)
PART_NAMES = {
    "acceptance": ("Appraisal accepted", "评估值认可"),
    "dependency": ("Dependency on the borrower", "对借款人的依赖"),
    "technological_decay": ("Technological decay", "技术衰减"),
    "market_move": ("Market move", "市场波动"),
    "valuation_error": ("Valuation error", "评估误差"),
    "title_failure": ("Title and enforcement failure", "权属与执行失败"),
    "forced_sale": ("Forced sale", "强制变现"),
    "disposal_cost": ("Cost of disposal", "处置费用"),
    "time_value": ("Time until the money is in hand", "变现时间价值"),
    "claims": ("Fixed costs and prior claims", "固定费用与优先债权"),
}


class PledgedAsset(Inputs):
    """An asset as security: its value, and what a sale after default would leave of it."""

    value: Quantity = money("Appraised value, taken as the median", "评估值（作为中位数）", low=0)
    acceptance: Quantity = fraction("Part of the appraisal the bank accepts", "银行认可的评估值比例", 1)
    policy_cap: Quantity | None = fraction("Pledge rate allowed", "质押率上限", None)
    dependency: Quantity = fraction("Part that needs the borrower", "依赖借款人的价值占比", 0)
    log_drift: Quantity = rate(
        "Drift of the logarithm of value a year", "价值对数年漂移", low=-5, high=0,
        help="Decay is in it, once. A lender counts on no rise: the drift is 0 or below.",
    )  # fmt: skip
    volatility: Quantity = ratio("Volatility of its price a year", "价格年波动率", low=0, high=3)
    valuation_error: Quantity = ratio("Standard deviation of ln(value)", "评估对数标准差", low=0, high=3)
    title_failure: Quantity = fraction("Probability that title or enforcement fails", "权属或执行失败概率", 0, below=1)
    forced_sale_discount: Quantity = fraction("Discount of the forced sale", "强制变现折扣", 0)
    disposal_cost: Quantity = fraction("Cost of disposal, part of the proceeds", "处置费用率", 0)
    fixed_cost: Quantity = money("Fixed cost of the sale", "处置固定费用", 0, low=0)
    prior_claims: Quantity = money("Claims that rank ahead", "优先债权", 0, low=0)
    sale_time: Quantity = years("From default to money in hand", "违约至变现的时间", 0)
    default_correlation: Quantity | None = fraction(
        "Correlation of its price with the borrower's default", "价格与借款人违约的相关系数", None,
        help="Own patents and models .5 to .8, servers .2 to .4: judgement, measured nowhere. Without it: independent.",
    )  # fmt: skip


class HaircutInputs(Inputs):
    """The assets behind a loan, and how sure the lender wants to be."""

    assets: list[PledgedAsset] = items("Pledged assets", "押品")
    time_to_default: Quantity = years("From valuation to default", "评估至违约的时间")
    shortfall_probability: Quantity = fraction(
        "Probability of shortfall accepted", "可接受的不足额概率", above=0, high=0.5
    )
    money_rate: Quantity = rate("Rate for the time until the money is in hand", "变现期间的资金利率", 0, low=0, high=1)


def retentions(asset: Any, default: Any, tail: Any, money_rate: Any, line: Any) -> Mapping[str, Any]:
    """What each cause leaves of the value, by name, in the order of PARTS without claims.

    They multiply to what `recoverable` takes in one step. Decay, market move, valuation error and title failure are the
    joint quantile taken apart: what depends on the spread is shared by variance. Tail 10%, title failure 4%: the
    quantile is taken at 6.25%; where failure reaches the tail nothing is left.
    """
    time = line("time_to_money", default + asset.sale_time, unit="years")
    market = line("market_variance", asset.volatility**2 * time, unit="ratio")
    spread = line("spread", np.sqrt(asset.valuation_error**2 + market), unit="ratio")
    score = line("score", -normal_quantile(tail), unit="ratio")
    score_within = _score_within(asset, tail, line)
    by_variance = line("score_by_spread", score / np.where(spread > 0, spread, 1.0), unit="ratio")
    further_out = np.exp(-(score_within - score) * spread)
    return {
        "acceptance": asset.acceptance,
        "dependency": 1 - asset.dependency,
        "technological_decay": np.exp(asset.log_drift * time),
        "market_move": np.exp(-by_variance * market),
        "valuation_error": np.exp(-by_variance * asset.valuation_error**2),
        "title_failure": np.where(asset.title_failure < tail, further_out, 0.0),
        "forced_sale": 1 - asset.forced_sale_discount,
        "disposal_cost": 1 - asset.disposal_cost,
        "time_value": compound(money_rate, -asset.sale_time),
    }


def tail_within(tail: Any, title_failure: Any) -> Any:
    """The tail to take where title holds, so that both failures together have the probability `tail`."""
    return np.where(title_failure < tail, (tail - title_failure) / (1 - title_failure), tail)


def _score_within(asset: Any, tail: Any, line: Any) -> Any:
    return line("score_where_title_holds", -normal_quantile(tail_within(tail, asset.title_failure)), unit="ratio")


def sold_today(asset: Any) -> Any:
    """What a forced sale would bring today, before fixed costs and claims. 100, discount 35%, cost 8%: 59.8."""
    accepted = asset.value * asset.acceptance * (1 - asset.dependency)
    return accepted * (1 - asset.forced_sale_discount) * (1 - asset.disposal_cost)


def in_hand_later(asset: Any, money_rate: Any) -> Any:
    """The same less what waiting for the money costs. Sold in a year at 4%: 57.5."""
    return sold_today(asset) * compound(money_rate, -asset.sale_time)


def sale(asset: Any, tail: Any, money_rate: Any, line: Any) -> tuple[Any, Any]:
    """What of a sale does not depend on when: what it would bring today, and the score of its quantile.

    Where title fails as often as a shortfall is accepted, no sale is counted on.
    """
    return counted_on_today(asset, tail, money_rate, line), _score_within(asset, tail, line)


def counted_on_today(asset: Any, tail: Any, money_rate: Any, line: Any) -> Any:
    """The first of these: nothing where title may not hold, else today's money of a sale, before claims."""
    holds = np.where(asset.title_failure < tail, 1.0, 0.0)
    return line("sold_today", in_hand_later(asset, money_rate) * holds)


def recoverable(asset: Any, sold: tuple[Any, Any], default: Any, line: Any) -> Any:
    """Money that this sale brings in in all but the tail of cases, after fixed costs and claims that rank ahead.

    ln(value at sale / value) is normal with mean drift x T and variance error^2 + volatility^2 x T, T to the money in
    hand; its quantile is taken once, for all causes together. `default`, the time of default, may be by period.
    """
    today, score = sold
    time = line("time_to_money", default + asset.sale_time, unit="years")
    spread = line("spread", np.sqrt(asset.valuation_error**2 + asset.volatility**2 * time), unit="ratio")
    left = line("part_left_of_value", np.exp(asset.log_drift * time - score * spread), unit="fraction")
    return line("recoverable", np.maximum(today * left - (asset.fixed_cost + asset.prior_claims), 0.0))


def pooled(assets: Sequence[Any], workings: Any, figure: Any) -> Any:
    """Sum over the assets of figure(asset, line), each asset's lines under its own number.

    Quantiles are summed: that is the quantile of the sum if all assets fall together, and below it otherwise.
    """
    return sum(figure(asset, line) for asset, line in with_lines(assets, workings))


def with_lines(assets: Sequence[Any], workings: Any) -> Iterator[tuple[Any, Any]]:
    """Each asset with what names its lines."""
    return ((asset, numbered(workings, number, len(assets))) for number, asset in enumerate(assets, 1))


def numbered(workings: Any, number: int, of: int) -> Any:
    """Names the lines of one asset of several: spread[2]."""
    suffix = f"[{number}]" if of > 1 else ""
    return lambda name, array, unit="money": workings.line(name + suffix, array, unit=unit)


def haircut(inputs: Any, workings: Any) -> Any:
    """Money that a sale after default brings in all but `shortfall_probability` of cases.

    The haircut is 1 minus it over the appraised value; its parts are lines `retained_…`, which multiply, and
    `share_of_haircut_…`, which add up to it whatever the order. Several assets: see `pooled`.

    Dependency 10%, half-life 3 years after 1 year, forced sale 35%, cost 8%, nothing uncertain: haircut 0.5728303769,
    where the sum of the parts would be 0.7363. Drift -30%, volatility 40%, error 25%, half a year, tail 5%:
    0.5374120731.
    """
    line = workings.line
    retained, total, after = parts(inputs, workings)
    for part, share in zip(PARTS, log_shares(retained, total), strict=True):
        line(f"share_of_haircut_{part}", share, unit="fraction")
    worst = pooled(inputs.assets, workings, lambda asset, name: _mean_of_worst(asset, inputs, name))
    value = sum(asset.value for asset in inputs.assets)
    line("expected_shortfall_haircut_before_claims", 1 - worst / np.where(value > 0, value, 1.0), unit="fraction")
    return line("recoverable_value", after)


def parts(inputs: Any, workings: Any) -> tuple[list[Any], Any, Any]:
    """What each of PARTS retains of all assets together, the haircut, and the money left."""
    line = workings.line
    tail = inputs.shortfall_probability
    kept = [
        retentions(asset, inputs.time_to_default, tail, inputs.money_rate, numbered(workings, n, len(inputs.assets)))
        for n, asset in enumerate(inputs.assets, 1)
    ]
    left = [asset.value for asset in inputs.assets]
    value = before = line("value", sum(left))
    retained = []
    for part in PARTS:
        left = [_after(part, x, k, asset) for x, k, asset in zip(left, kept, inputs.assets, strict=True)]
        after = line(f"left_after_{part}", sum(left))
        kept_of_it = np.where(before > 0, after / np.where(before > 0, before, 1.0), 1.0)
        retained.append(line(f"retained_{part}", kept_of_it, unit="fraction"))
        before = after
    total = line("haircut", 1 - after / np.where(value > 0, value, 1.0), unit="fraction")
    return retained, total, after


def _after(part: str, left: Any, kept: Mapping[str, Any], asset: Any) -> Any:
    if part == "claims":
        return np.maximum(left - asset.fixed_cost - asset.prior_claims, 0.0)
    return left * kept[part]


def _mean_of_worst(asset: Any, inputs: Any, line: Any) -> Any:
    """Mean proceeds over the worst cases of probability `shortfall_probability`, before fixed costs and claims.

    Drift -30%, volatility 40%, error 25%, half a year, tail 5%: 0.3987368412 of the value.
    """
    tail, time = inputs.shortfall_probability, inputs.time_to_default + asset.sale_time
    variance = asset.valuation_error**2 + asset.volatility**2 * time
    score = -normal_quantile(tail_within(tail, asset.title_failure))
    within = (1 - asset.title_failure) * normal_cdf(-score - np.sqrt(variance)) / tail
    mean = in_hand_later(asset, inputs.money_rate) * np.exp(asset.log_drift * time + variance / 2) * within
    return line("mean_of_worst", np.where(asset.title_failure < tail, mean, 0.0))


def waterfall(retained: Sequence[Any]) -> list[Any]:
    """What each part takes in its turn, as parts of the value; they add up to the haircut and depend on the order.

    Retentions .9, 2^(-1/3), .65, .92, .95: .1, .1856695266, .2500156657, .0371451846, .0213584812.
    """
    left: Any = 1.0
    steps = []
    for kept in retained:
        steps.append(left * (1 - kept))
        left = left * kept
    return steps


def log_shares(retained: Sequence[Any], total: Any) -> list[Any]:
    """The haircut shared out by the logarithm of each retention, whatever the order; the shares add up to `total`.

    Where nothing is left, the parts that leave nothing share all of it. Retentions .9, 2^(-1/3), .65, .92, .95:
    .0694160193, .1522250144, .2838182313, .0549353744, .0337942187.
    """
    none_left = sum(np.where(kept > 0, 0.0, 1.0) for kept in retained)
    logs = [0.0 - np.log(np.where(kept > 0, kept, 1.0)) for kept in retained]
    logs_total = sum(logs)
    # All retentions 1: 0/0, whose limit is each part's own logarithm, 0.
    by_log = np.where(logs_total > 0, total / np.where(logs_total > 0, logs_total, 1.0), 1.0)
    by_count = total / np.where(none_left > 0, none_left, 1.0)
    return [
        np.where(none_left > 0, np.where(kept > 0, 0.0, by_count), log * by_log)
        for kept, log in zip(retained, logs, strict=True)
    ]


method = Method(
    id="lending.haircut",
    version=1,
    approach="lending",
    title=("Haircut in named parts", "分项折扣"),
    serves=(),
    citations=(
        Citation("Civil Code of China, Articles 428, 436, 438: proceeds of a sale at market price", "file-read"),
        Citation("Collateral guidelines for commercial banks 2017, Article 17: not above market value", "secondary"),
        Citation("Retentions, joint quantile, title mixture: checked by quadrature and simulation", "recomputed"),
    ),
    limitations=(
        "Lognormal value, no jumps; recoveries on data, models and GPU after default are not measured anywhere.",
        "假设价值服从对数正态分布且无跳跃；数据、模型和 GPU 的违约回收尚无实测数据。",
    ),
    evidence=("appraisal", "title"),
    inputs=HaircutInputs,
    value=haircut,
)

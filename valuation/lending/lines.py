"""Warning, top-up and close-out: when the debt is expected to reach each line, how likely it is to, what is then asked.

The lines are policy of the lender, on the debt over the value of its security; nobody publishes any for a pledge of
rights. What falls without the pledgee's fault gives it the right to ask for more (Civil Code of China, Article 433).
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from pydantic import model_validator

from valuation.distributions import shape_of
from valuation.finance import normal_cdf
from valuation.lending.haircuts import PledgedAsset
from valuation.lending.schedules import Repayment, plan
from valuation.method import Citation, Method, Quantity, items, money, ratio, refuse

LINES = ("warning", "top_up", "close_out")
NEARLY_NOTHING = 1e-12  # of one unit; a debt or a value of nothing has no ratio
TOLERATED_FALL = 0.10  # of the value, expected since the last appraisal: judgement
LONGEST_INTERVAL = 1.0  # collateral guidelines of 2017: at least once a year (read in the press only)
SLOWEST = 1e-12  # a year; a slower decay is none
LARGEST_EXPONENT = 700.0


class LineInputs(Repayment):
    """The loan, its security and the three lines."""

    loan: Quantity = money("Loan", "贷款金额", low=0)
    assets: list[PledgedAsset] = items("Pledged assets", "押品")
    warning: Quantity = ratio("Debt over value at which the lender warns", "预警线（债务/押品价值）", above=0)
    top_up: Quantity = ratio("Debt over value at which more is asked for", "补仓线（债务/押品价值）", above=0)
    close_out: Quantity = ratio("Debt over value at which the security is sold", "处置线（债务/押品价值）", above=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        lines = [getattr(self, name) for name in LINES]
        if any(line.form in ("reference", "derive") for line in lines):
            return self
        levels = [shape_of(line).stated for line in lines]
        if not np.all((levels[0] < levels[1]) & (levels[1] < levels[2])):
            refuse(
                "the lines do not rise from warning to top_up to close_out",
                "预警线、补仓线、处置线未依次升高",
                "State them as debt over value, such as 0.5, 0.6, 0.75; cover of 200% is 0.5.",
                "请按债务/押品价值填写，如 0.5、0.6、0.75；担保倍数 200% 即 0.5。",
            )
        return self


def lines(inputs: Any, workings: Any) -> Any:
    """What the borrower must add to the security at each payment date where the top-up line is passed, by period.

    It brings the debt back to the warning line on the expected path. Between payments the ratio of debt to value is
    taken to grow at one rate. Several assets: as if all moved together.

    Value 100 halving in 2.5 years, bullet of 40 without interest: .5, .6 and .75 of the value are reached after
    0.8048202372, 1.4624062518 and 2.2672264890 years.
    """
    line = workings.line
    loan = plan(inputs, workings)
    times = inputs.payment_times
    earlier = np.concatenate([np.zeros_like(times[..., :1]), times[..., :-1]], axis=-1)
    value = line("expected_value", sum(asset.value * np.exp(asset.log_drift * times) for asset in inputs.assets))
    today = line("value_at_drawing", sum(asset.value for asset in inputs.assets))
    value_before = np.concatenate([today + np.zeros_like(value[..., :1]), value[..., :-1]], axis=-1)
    at_first = line("debt_to_value_after_payment", _over(inputs.loan * loan.opening, value_before), unit="ratio")
    debt = line("exposure", inputs.loan * loan.exposure)
    at_last = line("debt_to_value", _over(debt, value), unit="ratio")
    for name in LINES:
        level = getattr(inputs, name)
        part = np.log(np.maximum(level / at_first, 1.0)) / np.log(np.maximum(at_last / at_first, 1 + NEARLY_NOTHING))
        crossed = np.maximum(at_first, at_last) >= level
        when = earlier + (times - earlier) * np.minimum(part, 1.0)
        soonest = np.min(np.where(crossed, when, times[..., -1:]), axis=-1, keepdims=True)
        line(f"time_to_{name}", soonest, unit="years")
        line(f"{name}_is_reached", np.max(np.where(crossed, 1.0, 0.0), axis=-1, keepdims=True), unit="ratio")
        line(f"chance_of_{name}", _chance(inputs, loan, today, value, level), unit="fraction")
    over = at_last > inputs.top_up
    line("prepayment_instead", np.where(over, np.maximum(debt - inputs.warning * value, 0.0), 0.0))
    return line("top_up", np.where(over, np.maximum(debt / inputs.warning - value, 0.0), 0.0))


def _over(debt: Any, value: Any) -> Any:
    return np.maximum(debt, NEARLY_NOTHING) / np.maximum(value, NEARLY_NOTHING)


def _chance(inputs: Any, loan: Any, today: Any, value: Any, level: Any) -> Any:
    """Probability that the line is passed at some time before the end, debt and value moving at one mean rate."""
    end = inputs.payment_times[..., -1:]
    held = np.where(today > 0, today, 1.0)
    drift = np.log(_over(value[..., -1:], held)) / end
    growth = np.log(np.maximum(loan.exposure[..., -1:], NEARLY_NOTHING)) / end
    volatility = sum(asset.volatility * asset.value for asset in inputs.assets) / held
    distance = np.log(level * held / np.maximum(inputs.loan, NEARLY_NOTHING))
    return first_passage(distance, drift - growth, volatility, end)


def first_passage(distance: Any, drift: Any, volatility: Any, time: Any) -> Any:
    """Probability that a value falls by `distance` (in logarithms) at some time before `time`, watched all along.

    `drift` is that of the logarithm, less the rate at which the line rises. Value 100, line 70, mean drift -10%,
    volatility 30%, a year: 0.38930246394174634, where at the end of the year alone it is 0.24022370407745486. Watched
    on some dates only it lies between. Without volatility it is certain or impossible.
    """
    moves = volatility > 0
    spread = np.where(moves, volatility, 1.0) * np.sqrt(time)
    reflected = np.exp(np.minimum(-2 * drift * distance * time / spread**2, LARGEST_EXPONENT))
    below = normal_cdf((-distance - drift * time) / spread)
    random = below + reflected * normal_cdf((-distance + drift * time) / spread)
    certain = np.where(distance + np.minimum(drift * time, 0.0) <= 0, 1.0, 0.0)
    return np.where(distance <= 0, 1.0, np.where(moves, np.minimum(random, 1.0), certain))


def years_until_fallen(log_drift: Any, tolerated_fall: Any) -> Any:
    """Years after which an asset is expected to have lost so much of its value.

    A half-life of 3.3 years and a fall of a tenth: 0.5016. Without decay it is no bound at all.
    """
    falls = log_drift < -SLOWEST
    return np.where(falls, np.log1p(-tolerated_fall) / np.where(falls, log_drift, 1.0), np.inf)


def revaluation_interval(log_drift: Any) -> Any:
    """Years after which an asset must be valued again: when a tenth is expected to be gone, and after a year at most.

    A half-life of 3.3 years: 0.5016, so every six months.
    """
    return np.minimum(years_until_fallen(log_drift, TOLERATED_FALL), LONGEST_INTERVAL)


method = Method(
    id="lending.lines",
    version=1,
    approach="lending",
    title=("Warning, top-up and close-out", "预警、补仓与处置线"),
    serves=(),
    citations=(
        Citation("Civil Code of China, Article 433: value falls, pledgee asks for more security", "file-read"),
        Citation("First passage of a geometric Brownian motion: checked by simulation with bridges", "recomputed"),
    ),
    limitations=(
        "The chance takes debt and value to move at one mean rate each, and the value to be watched all along.",
        "触线概率假设债务与价值各按单一平均速率变动，且价值受到连续监测。",
    ),
    evidence=("appraisal",),
    inputs=LineInputs,
    value=lines,
    by_year=True,
)

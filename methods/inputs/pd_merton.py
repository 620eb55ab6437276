"""Probability of default read from what a listed borrower's shares are worth and how far they move (Merton 1974)."""

import numpy as np

from valuation.finance import compound, normal_cdf
from valuation.method import Citation, Inputs, Method, Quantity, money, rate, ratio, years

LOWEST_SCORE = -40.0  # below it no firm that still has equity stands
HALVINGS = 80
NEXT_TO_NOTHING = 1e-300
LARGEST = 1 - 2.0**-53  # the last double below 1


class MertonInputs(Inputs):
    """What the market pays for the equity, and the debt that must be met before the owners get anything."""

    equity_value: Quantity = money("Market value of all shares", "股权总市值", above=0)
    equity_volatility: Quantity = ratio("Volatility of the shares a year", "股价年波动率", above=0, high=3)
    debt: Quantity = money(
        "Debt that falls due at the horizon", "期末到期债务", above=0,
        help="Common practice takes all short-term debt and half of the long-term one; state what is counted.",
    )  # fmt: skip
    risk_free_rate: Quantity = rate("Risk-free rate, continuous", "无风险利率（连续复利）", low=-0.05, high=0.5)
    expected_return: Quantity | None = rate(
        "Return expected of the firm's assets, continuous", "企业资产预期收益率（连续复利）", None, low=-1, high=1,
        help="Without it the probability is the market's, which counts the fear of default too and lies higher.",
    )  # fmt: skip
    horizon: Quantity = years("Horizon", "期限", 1, above=0, high=10)


def default_probability(inputs, workings):
    """Chance a year that the assets of the borrower fall short of its debt at the horizon.

    All figures are (..., 1). Beside it stand what the firm's assets are worth, how far they move, and what its debt is
    worth and loses on average. For borrowers whose shares are traded; a firm with one round of funding has no price.

    Shares of 3 with volatility 80%, debt 10 in a year, 5%: assets 12.3954 moving by 21.23%, default 12.70%, debt worth
    9.3954, expected loss 1.229%, recovery 90.3%.
    """
    line, figure = workings.line, workings.opaque  # no sheet solves for a root: what hangs on it is figures alone
    time = np.sqrt(inputs.horizon)
    owed = line("debt_today", inputs.debt * np.exp(-inputs.risk_free_rate * inputs.horizon))
    cover = line("equity_to_debt", inputs.equity_value / owed, unit="ratio")
    moves = line("equity_moves_by", inputs.equity_volatility * time, unit="ratio")
    score = figure("distance_to_default_of_market", distance_to_default, cover, moves, unit="ratio")
    spread = figure("assets_move_by", asset_spread, cover, moves, score, unit="ratio")
    worth = figure("asset_value", asset_value, owed, spread, score)
    volatility = figure("asset_volatility", np.divide, spread, time, unit="ratio")
    debt = figure("debt_value", np.subtract, worth, inputs.equity_value)
    lost = figure("expected_loss", part_lost, debt, owed, unit="fraction")
    by_market = figure("default_probability_of_market", falls_short, score, unit="fraction")
    figure("recovery", recovered, lost, by_market, unit="fraction")
    if inputs.expected_return is not None:
        beyond = (inputs.expected_return - inputs.risk_free_rate) * time
        score = figure("distance_to_default", farther, score, beyond, volatility, unit="ratio")
    over_horizon = figure("default_probability_to_horizon", falls_short, score, unit="fraction")
    return figure("default_probability", in_a_year, over_horizon, inputs.horizon, unit="fraction")


def distance_to_default(cover, moves):
    """By how many of their own moves the assets clear the debt at the horizon, on the market's terms.

    `cover` is equity over today's worth of the debt, `moves` the spread of ln(equity) to the horizon. For a score d the
    two equations of the model leave the spread of the assets as s = moves x cover / (cover + N(d)), so that one
    equation in d remains: N(d + s) exp(s d + s^2 / 2) = N(d) + cover. Below the root the left side is the smaller one.
    """
    low = LOWEST_SCORE + 0 * cover * moves
    high = np.log1p(cover) * (1 + cover) / (moves * cover) - LOWEST_SCORE
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        spread = asset_spread(cover, moves, middle)
        call = normal_cdf(middle + spread) * np.exp(spread * middle + spread**2 / 2)
        short = call < normal_cdf(middle) + cover
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return (low + high) / 2


def asset_spread(cover, moves, score):
    """By how much the assets move to the horizon, where the shares move by `moves`."""
    return moves * cover / (cover + normal_cdf(score))


def asset_value(owed, spread, score):
    """Worth of the assets that clear the debt by this score."""
    return owed * np.exp(spread * score + spread**2 / 2)


def part_lost(debt, owed):
    """Part of a safe debt's worth that this one lacks."""
    return 1 - debt / owed


def falls_short(score):
    """Chance that the assets end below the debt; kept below 1, since no firm with equity is sure to fail."""
    return np.minimum(normal_cdf(-score), LARGEST)


def recovered(lost, probability):
    """Part of the debt that comes back in default."""
    return 1 - lost / np.maximum(probability, NEXT_TO_NOTHING)


def farther(score, beyond, volatility):
    """The score if the assets earn more than money by `beyond` to the horizon."""
    return score + beyond / volatility


def in_a_year(over_horizon, horizon):
    """A yearly chance that compounds to the one over the horizon."""
    return 1 - compound(-over_horizon, 1 / horizon)


method = Method(
    id="pd.merton",
    version=1,
    approach="input",
    title=("Probability of default from share prices", "由股价推算违约概率（Merton）"),
    serves=(),
    citations=(
        Citation("R.C. Merton, Journal of Finance 29(2) 1974, 449-470", "memory"),
        Citation("Hull's example of equity 3, volatility 80%, debt 10, recomputed", "recomputed"),
    ),
    limitations=(
        "One debt, one date, lognormal assets; it knows no bank line that is drawn before the fall.",
        "假设单一债务、单一到期日、资产服从对数正态分布；未考虑违约前提款。",
    ),
    evidence=("share_price", "balance_sheet"),
    inputs=MertonInputs,
    value=default_probability,
    unit="fraction",
)

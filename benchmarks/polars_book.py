"""The book as polars works it out: lazy expressions, one a quarter, which it runs on all its threads."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
from scipy.special import ndtri

from benchmarks.book_case import CAPS, DSCR, FIGURES, LIMITS, MONEY_RATE, QUARTERS, SHORTFALL
from valuation.lending.haircuts import PARTS


def polars_book(frame: Any) -> Any:
    """The polars table with its figures; a quarter after the last payment is null, which minima pass over."""
    col = pl.col
    plain, value, claims, drift = float(-ndtri(SHORTFALL)), col("value"), col("prior_claims"), col("log_drift")
    failing, error2, volatility2 = col("title_failure"), col("valuation_error") ** 2, col("volatility") ** 2
    holds, time = failing < SHORTFALL, col("tenor_years") + col("sale_time")
    tail = pl.when(holds).then((SHORTFALL - failing) / (1 - failing)).otherwise(SHORTFALL)
    scored = frame.lazy().with_columns(
        within=tail.map_batches(lambda column: pl.Series(-ndtri(column.to_numpy())), return_dtype=pl.Float64),
        spread=(error2 + volatility2 * time).sqrt(),
    )
    share, spread = pl.when(col("spread") > 0).then(plain / col("spread")).otherwise(0.0), col("spread")
    kept = scored.with_columns(
        retained_acceptance=col("acceptance"),
        retained_dependency=1 - col("dependency"),
        retained_technological_decay=(drift * time).exp(),
        retained_market_move=(-share * volatility2 * time).exp(),
        retained_valuation_error=(-share * error2).exp(),
        retained_title_failure=pl.when(holds).then((-(col("within") - plain) * spread).exp()).otherwise(0.0),
        retained_forced_sale=1 - col("forced_sale_discount"),
        retained_disposal_cost=1 - col("disposal_cost"),
        retained_time_value=(-math.log1p(MONEY_RATE) * col("sale_time")).exp(),
    )
    left = math.prod((col(f"retained_{part}") for part in PARTS[:-1]), start=value)
    timeless = ("acceptance", "dependency", "forced_sale", "disposal_cost", "time_value")
    sold = kept.with_columns(
        left=left,
        recoverable_value=(left - claims).clip(lower_bound=0),
        today=pl.when(holds).then(math.prod((col(f"retained_{p}") for p in timeless), start=value)).otherwise(0.0),
        cap=col("kind").cast(pl.String).replace_strict(CAPS, return_dtype=pl.Float64),
    ).with_columns(
        retained_claims=pl.when(col("left") > 0).then(col("recoverable_value") / col("left")).otherwise(1.0),
        haircut_total=1 - col("recoverable_value") / value,
        limit_policy_cap=col("cap") * (col("acceptance") * value - claims).clip(lower_bound=0),
        limit_need=col("need"),
    )
    return _polars_loans(_polars_periods(sold)).collect()


def _polars_periods(sold: Any) -> Any:
    """The worst quarters of the path of one unit lent: first a column a quarter, then the least of them."""
    col = pl.col
    value, claims, drift = col("value"), col("prior_claims"), col("log_drift")
    prepared = sold.with_columns(
        periods=(col("tenor_years") * col("payments_per_year")).round(),
        level=col("schedule").is_in(["annuity", "balloon"]),
        left_over=pl.when(col("schedule") == "balloon").then(col("balloon_share")).otherwise(0.0),
        bullet=col("schedule") == "bullet",
    ).with_columns(step=col("tenor_years") / col("periods"))
    prepared = prepared.with_columns(growth=1 + col("rate") * col("step"))
    prepared = prepared.with_columns(whole=col("growth").pow(col("periods")))
    columns, closing = {}, {0: pl.lit(1.0)}
    for number in range(1, QUARTERS + 1):
        grown = (col("growth").log() * number).exp()
        level = (1 - col("left_over")) * (col("whole") - grown) / (col("whole") - 1) + col("left_over")
        owed = pl.when(col("level")).then(level).when(col("bullet")).then(1.0).otherwise(1 - number / col("periods"))
        columns[f"closing_{number}"] = pl.when(number < col("periods")).then(owed).otherwise(0.0)
        closing[number] = col(f"closing_{number}")
        columns[f"decayed_{number}"] = (drift * col("step") * number).exp()
    found = {}
    for number in range(1, QUARTERS + 1):
        running, exposure = number <= col("periods"), closing[number - 1] * col("growth")
        time, decayed = col("step") * number + col("sale_time"), col(f"decayed_{number}")
        spread = (col("valuation_error") ** 2 + col("volatility") ** 2 * time).sqrt()
        worth = (col("today") * (drift * time - col("within") * spread).exp() - claims).clip(lower_bound=0)
        capped = col("cap") * (col("acceptance") * value * decayed - claims).clip(lower_bound=0)
        paid = exposure - closing[number]
        found[f"carried_{number}"] = pl.when(running).then(worth / exposure)
        found[f"highest_{number}"] = pl.when(running).then(closing[number] / (value * decayed))
        found[f"decay_{number}"] = pl.when(running).then(capped / exposure)
        found[f"service_{number}"] = pl.when(running & (paid > 0)).then(col("cash_flow") * col("step") / DSCR / paid)
    quarters = range(1, QUARTERS + 1)

    def every(name: str) -> list[Any]:
        return [col(f"{name}_{number}") for number in quarters]

    def first(name: str) -> Any:
        at = (pl.when(col(f"{name}_{n}") == col(name)).then(col("step") * n) for n in quarters)
        return pl.coalesce(*at)

    worst = prepared.with_columns(**columns).with_columns(**found)
    worst = worst.with_columns(
        carried=pl.min_horizontal(every("carried")),
        highest=pl.max_horizontal(every("highest")),
        limit_decay_path=pl.min_horizontal([*every("decay"), col("limit_policy_cap")]),
        limit_debt_service=pl.min_horizontal(every("service")),
    )
    return worst.with_columns(carried_at=first("carried"), highest_at=first("highest"))


def _polars_loans(worst: Any) -> Any:
    col, value = pl.col, pl.col("value")
    limits = {name: col("carried") if name == "value_at_risk" else col(f"limit_{name}") for name in LIMITS}
    lent = worst.with_columns(
        limit_value_at_risk=col("carried"),
        lent=pl.min_horizontal(list(limits.values())),
    ).with_columns(
        binding_limit=pl.coalesce(*(pl.when(limit == col("lent")).then(pl.lit(n)) for n, limit in limits.items())),
        carried_by_security=pl.min_horizontal("lent", "carried"),
        drawn=col("lent") / value,
        later=col("lent") * col("highest"),
    )
    offered = col("lent") > 0
    path = {
        "maximum_loan": col("lent"),
        "loan_to_value": col("drawn"),
        "highest_loan_to_value": pl.max_horizontal("later", "drawn"),
        "year_of_highest_loan_to_value": pl.when(col("later") > col("drawn")).then(col("highest_at")).otherwise(0.0),
        "least_cover": col("carried") / col("lent"),
        "year_of_least_cover": col("carried_at"),
    }
    drift = col("log_drift")
    interval = pl.when(drift < 0).then((math.log(0.9) / drift).clip(upper_bound=1.0)).otherwise(1.0)
    return lent.with_columns(
        rests_on_borrower=col("lent") - col("carried_by_security"),
        revalue_within_years=interval,
        **{name: pl.when(offered).then(figure) for name, figure in path.items()},
    ).select("id", *FIGURES, "binding_limit")

"""Charts of a valuation and a loan, one specification for app and report: range, haircut waterfall, limits, path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from valuation.report.scale import Scale
from valuation.report.table import said

BLUE, GREY, RED, GREEN = "#1f4e79", "#b8c4d0", "#c0392b", "#2e7d32"
FIGURES = ",~f"  # 1,234.5, without noughts at the end
LABELS = alt.Axis(labelLimit=360, labelOverlap=False)

WORDS = {
    "en": {"value": "Value", "haircut": "Taken", "left": "A forced sale leaves", "limit": "Limit", "year": "Year",
           "amount": "Amount", "expected": "Expected value", "balance": "Balance", "start": "Appraised value"},
    "zh": {"value": "评估值", "haircut": "扣减", "left": "强制变现所得", "limit": "限额", "year": "年",
           "amount": "金额", "expected": "预期价值", "balance": "余额", "start": "评估值"},
}  # fmt: skip


def range_chart(indications: Sequence[Mapping[str, Any]], scale: Scale, language: str = "en") -> Any:
    """Each indication: a line from the 5th to the 95th percentile, a box between the quartiles, the point value.

    An indication has name, value and the percentiles p5, p25, p75 and p95.
    """
    ends = ("value", "p5", "p25", "p75", "p95")
    rows = [{"name": i["name"], **{end: scale.of(i[end]) for end in ends}} for i in indications]
    base = alt.Chart(pd.DataFrame(rows)).encode(y=alt.Y("name:N", sort=None, title=None, axis=LABELS))
    title = f"{WORDS[language]['value']} ({scale.unit})"
    axis = alt.X("p5:Q", title=title, axis=alt.Axis(format=FIGURES, tickCount=8), scale=alt.Scale(zero=False))
    line = base.mark_rule(color=GREY, strokeWidth=3).encode(x=axis, x2="p95:Q")
    box = base.mark_bar(color=GREY, size=18).encode(x="p25:Q", x2="p75:Q")
    tips = ["name:N", *(alt.Tooltip(f"{end}:Q", format=FIGURES) for end in ("value", "p5", "p95"))]
    point = base.mark_point(color=BLUE, filled=True, size=120, shape="diamond").encode(x="value:Q", tooltip=tips)
    return alt.layer(line, box, point).properties(height=60 + 40 * len(rows))


def waterfall_chart(parts: Sequence[Mapping[str, Any]], value: float, scale: Scale, language: str = "en") -> Any:
    """From the appraised value down to what a forced sale leaves, one step for each part that takes something."""
    words = WORDS[language]
    rows = [{"step": words["start"], "top": value, "bottom": 0.0, "kind": words["value"]}]
    left = value
    for part in parts:
        after = left * part["retained"]
        if part["retained"] != 1:
            name = said(part.get("label", part["name"]), language)
            rows.append({"step": name, "top": left, "bottom": after, "kind": words["haircut"]})
        left = after
    rows.append({"step": words["left"], "top": left, "bottom": 0.0, "kind": words["left"]})
    frame = pd.DataFrame(rows)
    frame[["top", "bottom"]] /= scale.divisor
    colours = alt.Scale(domain=[words["value"], words["haircut"], words["left"]], range=[BLUE, RED, GREEN])
    return (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            y=alt.Y("step:N", sort=None, title=None, axis=LABELS),
            x=_amount("bottom:Q", words["amount"], scale),
            x2="top:Q",
            color=alt.Color("kind:N", scale=colours, title=None, legend=None),
            tooltip=["step:N", alt.Tooltip("top:Q", format=FIGURES), alt.Tooltip("bottom:Q", format=FIGURES)],
        )
        .properties(height=70 + 24 * len(rows))
    )


def limits_chart(limits: Sequence[Mapping[str, Any]], scale: Scale, language: str = "en") -> Any:
    """Every limit as a bar; the one that binds in colour."""
    rows = [
        {
            "name": said(limit.get("label", limit["name"]), language),
            "amount": scale.of(limit["amount"]),
            "binds": limit["binding"],
        }
        for limit in limits
        if limit["amount"] is not None
    ]
    return (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar()
        .encode(
            y=alt.Y("name:N", sort=None, title=None, axis=LABELS),
            x=_amount("amount:Q", WORDS[language]["limit"], scale),
            color=alt.condition("datum.binds", alt.value(RED), alt.value(GREY)),
            tooltip=["name:N", alt.Tooltip("amount:Q", format=FIGURES)],
        )
        .properties(height=70 + 24 * len(rows))
    )


def path_chart(path: Sequence[Mapping[str, Any]], scale: Scale, language: str = "en") -> Any:
    """Expected value of the security against the balance of the loan, by year."""
    words = WORDS[language]
    frame = pd.DataFrame(path).melt("year", ["value", "balance"], "line", "amount")
    frame["amount"] /= scale.divisor
    names = {"value": words["expected"], "balance": words["balance"]}
    frame["line"] = frame["line"].map(names)
    return (
        alt.Chart(frame)
        .mark_line(point=True)
        .encode(
            x=alt.X("year:Q", title=words["year"], axis=alt.Axis(tickMinStep=1, format="~g")),
            y=alt.Y("amount:Q", title=f"{words['amount']} ({scale.unit})", axis=alt.Axis(format=FIGURES)),
            color=alt.Color("line:N", title=None, scale=alt.Scale(domain=list(names.values()), range=[BLUE, RED])),
            tooltip=["year:Q", "line:N", alt.Tooltip("amount:Q", format=FIGURES)],
        )
        .properties(height=300)
    )


def _amount(field: str, title: str, scale: Scale) -> Any:
    return alt.X(field, title=f"{title} ({scale.unit})", axis=alt.Axis(format=FIGURES, tickCount=5))

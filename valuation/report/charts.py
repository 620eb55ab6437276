"""Charts of a valuation and a loan, one specification for app and report: range, haircut waterfall, limits, path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

BLUE, GREY, RED = "#1f4e79", "#b8c4d0", "#c0392b"

WORDS = {
    "en": {"value": "Value", "haircut": "Taken", "left": "Recoverable", "limit": "Limit", "year": "Year",
           "amount": "Amount", "expected": "Expected value", "balance": "Balance", "start": "Appraised value"},
    "zh": {"value": "评估值", "haircut": "扣减", "left": "可回收", "limit": "限额", "year": "年",
           "amount": "金额", "expected": "预期价值", "balance": "余额", "start": "评估值"},
}  # fmt: skip


def range_chart(asset: Mapping[str, Any], language: str = "en") -> Any:
    """Each indication: a line from the 5th to the 95th percentile, a box between the quartiles, the point value."""
    words = WORDS[language]
    rows = [{"name": i["method"], "value": i["value"], **i["range"]} for i in asset["indications"]]
    frame = pd.DataFrame(rows)[["name", "value", "p5", "p25", "p75", "p95"]]
    base = alt.Chart(frame).encode(y=alt.Y("name:N", title=None, axis=alt.Axis(labelLimit=260)))
    amounts = alt.Axis(format="~s")
    line = base.mark_rule(color=GREY, strokeWidth=3).encode(
        x=alt.X("p5:Q", title=words["value"], axis=amounts, scale=alt.Scale(zero=False)), x2="p95:Q"
    )
    box = base.mark_bar(color=GREY, size=18).encode(x="p25:Q", x2="p75:Q")
    point = base.mark_point(color=BLUE, filled=True, size=120, shape="diamond").encode(
        x="value:Q", tooltip=["name:N", alt.Tooltip("value:Q", format=",.0f"), alt.Tooltip("p5:Q", format=",.0f"),
                              alt.Tooltip("p95:Q", format=",.0f")]
    )  # fmt: skip
    return alt.layer(line, box, point).properties(height=60 + 40 * len(rows))


def waterfall_chart(parts: Sequence[Mapping[str, Any]], value: float, language: str = "en") -> Any:
    """From the appraised value down to what a forced sale leaves, one step a part in the order of the haircut."""
    words = WORDS[language]
    rows = [{"step": words["start"], "top": value, "bottom": 0.0, "kind": words["value"]}]
    left = value
    for part in parts:
        after = left * part["retained"]
        name = part.get("label", {}).get(language, part["name"])
        rows.append({"step": name, "top": left, "bottom": after, "kind": words["haircut"]})
        left = after
    rows.append({"step": words["left"], "top": left, "bottom": 0.0, "kind": words["left"]})
    colours = alt.Scale(domain=[words["value"], words["haircut"], words["left"]], range=[BLUE, RED, "#2e7d32"])
    return (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar()
        .encode(
            y=alt.Y("step:N", sort=None, title=None, axis=alt.Axis(labelLimit=240, labelOverlap=False)),
            x=alt.X("bottom:Q", title=words["amount"], axis=alt.Axis(format="~s")),
            x2="top:Q",
            color=alt.Color("kind:N", scale=colours, title=None, legend=None),
            tooltip=["step:N", alt.Tooltip("top:Q", format=",.0f"), alt.Tooltip("bottom:Q", format=",.0f")],
        )
        .properties(height=320)
    )


def limits_chart(limits: Sequence[Mapping[str, Any]], language: str = "en") -> Any:
    """Every limit as a bar; the one that binds in colour."""
    words = WORDS[language]
    rows = [
        {
            "name": limit.get("label", {}).get(language, limit["name"]),
            "amount": limit["amount"],
            "binds": limit["binding"],
        }
        for limit in limits
        if limit["amount"] is not None
    ]
    return (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar()
        .encode(
            y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)),
            x=alt.X("amount:Q", title=words["limit"], axis=alt.Axis(format="~s")),
            color=alt.condition("datum.binds", alt.value(RED), alt.value(GREY)),
            tooltip=["name:N", alt.Tooltip("amount:Q", format=",.0f")],
        )
        .properties(height=50 + 30 * len(rows))
    )


def path_chart(path: Sequence[Mapping[str, Any]], language: str = "en") -> Any:
    """Expected value of the security against the balance of the loan, by year."""
    words = WORDS[language]
    frame = pd.DataFrame(path).melt("year", ["value", "balance"], "line", "amount")
    frame["line"] = frame["line"].map({"value": words["expected"], "balance": words["balance"]})
    return (
        alt.Chart(frame)
        .mark_line(point=True)
        .encode(
            x=alt.X("year:Q", title=words["year"], axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("amount:Q", title=words["amount"], axis=alt.Axis(format="~s")),
            color=alt.Color("line:N", title=None, scale=alt.Scale(range=[RED, BLUE])),
            tooltip=["year:Q", "line:N", alt.Tooltip("amount:Q", format=",.0f")],
        )
        .properties(height=300)
    )

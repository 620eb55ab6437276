"""The parts of the page: an asset with its value, range and workings; the loan with its reasons; tables as in print."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from valuation.app.words import WORDS
from valuation.report.charts import limits_chart, path_chart, range_chart, waterfall_chart
from valuation.report.plain_loan import offer_tables
from valuation.report.plain_supplement import supplement_tables
from valuation.report.scale import Scale, scale_of
from valuation.report.table import Table, figures_only, joined, percent, said, step_figure, unit_name
from valuation.texts.line_names import label

MARKDOWN = "\\`*_{}[]#|<>~$"


def scale_for(results: dict[str, Any], language: str) -> Scale:
    """One scale for values and loan, so that they can be compared."""
    amounts = [i["value"] for asset in results["appraisal"]["assets"] for i in (asset, *asset["indications"])]
    loan = results["offer"]["maximum_loan"] if results["offer"] is not None else None
    return scale_of([*amounts, loan], results["appraisal"]["currency"], language)


def show_asset(asset: dict[str, Any], results: dict[str, Any], scale: Scale, language: str) -> None:
    """Value, range, reason, the range of each method, every step, and what a reader must know."""
    words, drawn = WORDS[language], asset["range"] or {}
    indications = [{"name": results["titles"][i["method"]][language], **i} for i in asset["indications"]]
    st.subheader(results["names"][asset["id"]])
    columns = st.columns(4)
    value = words["none"] if asset["value"] is None else scale.text(asset["value"])
    columns[0].metric(f"{words['value']} ({scale.unit})", value)
    columns[1].metric(f"{words['low']} ({scale.unit})", scale.text(drawn.get("p5")))
    columns[2].metric(f"{words['high']} ({scale.unit})", scale.text(drawn.get("p95")))
    columns[3].metric(words["evidence"], words["of"].format(level=asset["evidence_level"]))
    if asset["conclusion"]["because"]:
        st.text(joined(words["because"], asset["conclusion"]["because"], language))
    st.caption(words["range"])
    ranges = [{"name": i["name"], "value": i["value"], **(i["range"] or {})} for i in indications]
    st.altair_chart(range_chart(ranges, scale, language))
    if asset["warnings"]:
        with st.expander(words["notes"], expanded=True):
            for warning in asset["warnings"]:
                st.text(warning[language])
    with st.expander(words["workings"]):
        for indication in indications:
            _show_workings(indication, scale, language)


def _show_workings(indication: dict[str, Any], scale: Scale, language: str) -> None:
    words = WORDS[language]
    st.text(f"{indication['name']} · {scale.text(indication['value'])} {scale.unit}")
    rows = [
        [
            label(line["name"], language),
            unit_name(line["unit"], language),
            "   ".join(step_figure(v, line["unit"]) for v in line["values"]),
        ]
        for line in indication["lines"]
    ]
    st.dataframe(pd.DataFrame(rows, columns=[words["step"], words["unit"], words["figures"]]), hide_index=True)


def show_offer(results: dict[str, Any], scale: Scale, language: str) -> None:
    """The loan and what it rests on, or why there is none; then the tables of the printed answer."""
    words, offer = WORDS[language], results["offer"]
    st.header(words["loan"])
    if offer is None:
        st.text(words["no_loan"])
        return
    currency = results["appraisal"]["currency"]
    if offer["decision"] == "refuse":
        st.error(words["refused"])
        for reason in offer["reasons"]:
            st.text(said(reason, language))
    else:
        _show_figures(offer, scale, currency, language)
        _show_charts(offer, results, scale, language)
        for table in offer_tables(offer, currency, language):
            show_table(table)
    for table in supplement_tables(offer, currency, language):
        show_table(table)


def _show_figures(offer: dict[str, Any], scale: Scale, currency: str, language: str) -> None:
    words, columns = WORDS[language], st.columns(4)
    columns[0].metric(f"{words['maximum']} ({scale.unit})", scale.text(offer["maximum_loan"]))
    columns[1].metric(words["ltv"], percent(offer["loan_to_value"]))
    columns[2].metric(words["haircut"], percent(offer["haircut"]["total"], digits=1))
    small = scale_of([offer["expected_loss"]], currency, language)
    columns[3].metric(f"{words['expected_loss']} ({small.unit})", small.text(offer["expected_loss"]))


def _show_charts(offer: dict[str, Any], results: dict[str, Any], scale: Scale, language: str) -> None:
    words = WORDS[language]
    value = sum(asset["value"] or 0 for asset in results["appraisal"]["assets"] if asset["id"] in offer["pledged"])
    left, right = st.columns(2)
    left.caption(words["parts"])
    left.altair_chart(waterfall_chart(offer["haircut"]["parts"], value, scale, language))
    right.caption(words["limits"])
    right.altair_chart(limits_chart(offer["limits"], scale, language))
    st.caption(words["path"])
    st.altair_chart(path_chart(offer["path"], scale, language))


def show_table(table: Table) -> None:
    """A table as the command line prints it: columns of figures to the right, every sign as it stands."""
    right = [figures_only(cells) for cells in zip(*table.rows, strict=True)]
    grid = [table.columns, ["---:" if figures else "---" for figures in right], *table.rows]
    lines = [f"| {' | '.join(cells if cells is grid[1] else map(_plain, cells))} |" for cells in grid]
    heading = [f"**{_plain(table.heading)}**", ""] if table.heading else []
    st.markdown("\n".join([*heading, *lines]))
    for remark in table.remarks:
        st.text(remark)


def _plain(text: str) -> str:
    """Text of which Markdown takes no sign for its own."""
    return "".join(f"\\{sign}" if sign in MARKDOWN else sign for sign in text)

"""The app: load a case, see value, range, workings, haircut, limits and path, and download the record.

One page, and thin: every figure comes from the public verbs, every chart from valuation.report.charts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from valuation.errors import InputError, problem

EXAMPLES = Path(__file__).parents[2] / "examples"  # beside a checkout; after pip install there is the upload
SETTINGS = {  # as in .streamlit/config.toml, which is read only in the folder of a checkout
    "server.address": "localhost",
    "server.maxUploadSize": "20",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "type",
}

WORDS = {
    "en": {
        "title": "What is it worth, and what may be lent on it?",
        "source": "Case", "own": "my own file", "upload": "A case file (.json)",
        "wait": "Choose an example or upload a case.",
        "value": "Concluded value", "none": "no conclusion yet", "level": "Evidence level of 3",
        "low": "5 in 100 below", "high": "5 in 100 above", "range": "Range of each method", "workings": "Workings",
        "loan": "Loan", "maximum": "Loan up to", "ltv": "Loan to value", "haircut": "Haircut",
        "binding": "Limit that binds",
        "refused": "No loan", "parts": "From appraised value to what a forced sale leaves", "limits": "Limits",
        "path": "Value against balance", "notes": "What a reader must know", "record": "Download the record",
        "workbook": "Download the workbook (live formulas)", "problems": "This case cannot be valued",
        "no_loan": "This case asks for no loan.",
    },
    "zh": {
        "title": "价值几何，可贷多少？",
        "source": "案例", "own": "自有文件", "upload": "案例文件（.json）", "wait": "请选择示例或上传案例文件。",
        "value": "评估结论", "none": "尚无结论", "level": "证据层级（共 3 级）",
        "low": "5% 分位", "high": "95% 分位", "range": "各方法的区间", "workings": "计算过程",
        "loan": "贷款", "maximum": "最高贷款额", "ltv": "质押率", "haircut": "折扣率", "binding": "起约束的限额",
        "refused": "不予贷款", "parts": "从评估值到强制变现所得", "limits": "各项限额",
        "path": "价值与余额", "notes": "使用者须知", "record": "下载记录",
        "workbook": "下载工作底稿（公式可重算）", "problems": "该案例无法评估", "no_loan": "该案例未申请贷款。",
    },
}  # fmt: skip


def start(port: int = 8501, *, headless: bool = False) -> int:
    """Open the app in the browser; ends when the app is stopped."""
    try:
        import streamlit  # noqa: F401
    except ImportError:
        raise InputError(
            problem(
                "combination", "app", reason="the app needs Streamlit", reason_zh="应用需要 Streamlit",
                remedy="Install it: pip install 'ai-asset-valuation[app]'",
                remedy_zh="请安装：pip install 'ai-asset-valuation[app]'",
            )
        ) from None  # fmt: skip
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(Path(__file__).resolve()),
        f"--server.port={port}",
        f"--server.headless={str(headless).lower()}",
        *settings,
    ]
    return subprocess.run(command, check=False).returncode


def main() -> None:
    """The page."""
    import streamlit as st

    st.set_page_config(page_title="AI asset valuation", page_icon="📐", layout="wide")
    language = st.sidebar.radio(
        "Language | 语言", ["en", "zh"], format_func={"en": "English", "zh": "中文"}.get, key="language"
    )
    words = WORDS[language]
    st.title(words["title"])
    stored = _chosen(st, words)
    if stored is None:
        st.info(words["wait"])
        return
    try:
        results = _computed(stored)
    except InputError as error:
        st.error(words["problems"])
        for found in error.problems:
            st.text(found.sentence(language))
        return
    for asset in results["appraisal"]["assets"]:
        _show_asset(st, asset, results["appraisal"]["currency"], language)
    _show_offer(st, results, language)
    left, right = st.columns(2)
    left.download_button(words["record"], results["record"], "record.json", "application/json", on_click="ignore")
    right.download_button(words["workbook"], results["workbook"], "workbook.xlsx", on_click="ignore")


def _chosen(st: Any, words: dict[str, str]) -> bytes | None:
    """The bytes of the case the user chose."""
    examples = {path.parent.name: path for path in sorted(EXAMPLES.glob("*/case.json"))}
    choice = st.sidebar.selectbox(words["source"], [*examples, words["own"]], key="source")
    if choice in examples:
        return examples[choice].read_bytes()
    upload = st.sidebar.file_uploader(words["upload"], type=["json"], key="upload")
    return upload.getvalue() if upload is not None else None


def _computed(stored: bytes) -> dict[str, Any]:
    """Everything the page shows of a case, computed once for the same bytes."""
    import streamlit as st

    return st.cache_data(show_spinner=False)(compute)(stored)


def compute(stored: bytes) -> dict[str, Any]:
    """Appraisal, offer, record and workbook of the case in these bytes."""
    from valuation.appraisal import appraise
    from valuation.json_text import parse
    from valuation.lending.offer import lend
    from valuation.records import record
    from valuation.report.workbook import workbook
    from valuation.saved_case import read

    case = read(parse(stored))
    appraisal = appraise(case)
    offer = lend(appraisal) if case.loan is not None else None
    with tempfile.TemporaryDirectory() as folder:
        sheets = workbook(Path(folder) / "workbook.xlsx", appraisal, offer).read_bytes()
    return {
        "name": case.name,
        "appraisal": appraisal.to_json(),
        "offer": offer.to_json() if offer is not None else None,
        "record": record(case, appraisal, offer).stored,
        "workbook": sheets,
    }


def _show_asset(st: Any, asset: dict[str, Any], currency: str, language: str) -> None:
    from valuation.report.charts import range_chart

    words, drawn = WORDS[language], asset["range"] or {}
    st.subheader(asset["id"])
    columns, unit = st.columns(4), _unit(currency, language)
    concluded = words["none"] if asset["value"] is None else _money(asset["value"], language)
    columns[0].metric(f"{words['value']} ({unit})", concluded)
    columns[1].metric(f"{words['low']} ({unit})", _money(drawn.get("p5"), language))
    columns[2].metric(f"{words['high']} ({unit})", _money(drawn.get("p95"), language))
    columns[3].metric(words["level"], asset["evidence_level"])
    st.caption(words["range"])
    st.altair_chart(range_chart(asset, language))
    with st.expander(words["workings"]):
        for indication in asset["indications"]:
            st.text(f"{indication['method']} · {_money(indication['value'], language)} {unit}")
            st.dataframe([_line(line) for line in indication["lines"]], hide_index=True)
    if asset["warnings"]:
        with st.expander(words["notes"]):
            for warning in asset["warnings"]:
                st.text(warning[language])


def _line(line: dict[str, Any]) -> dict[str, Any]:
    return {"": line["name"], "unit": line["unit"], "figures": "   ".join(f"{value:,.6g}" for value in line["values"])}


def _show_offer(st: Any, results: dict[str, Any], language: str) -> None:
    from valuation.report.charts import limits_chart, path_chart, waterfall_chart

    words, offer, currency = WORDS[language], results["offer"], results["appraisal"]["currency"]
    st.header(words["loan"])
    if offer is None:
        st.text(words["no_loan"])
        return
    if offer["decision"] == "refuse":
        st.error(words["refused"])
        for reason in offer["reasons"]:
            st.text(_said(reason, language))
        return
    columns = st.columns(3)
    columns[0].metric(f"{words['maximum']} ({_unit(currency, language)})", _money(offer["maximum_loan"], language))
    columns[1].metric(words["ltv"], f"{offer['loan_to_value']:.1%}")
    columns[2].metric(words["haircut"], f"{offer['haircut']['total']:.1%}")
    binding = next(limit["label"][language] for limit in offer["limits"] if limit["binding"])
    st.text(f"{words['binding']}: {binding}")
    value = sum(asset["value"] for asset in results["appraisal"]["assets"])
    left, right = st.columns(2)
    left.caption(words["parts"])
    left.altair_chart(waterfall_chart(offer["haircut"]["parts"], value, language))
    right.caption(words["limits"])
    right.altair_chart(limits_chart(offer["limits"], language))
    st.caption(words["path"])
    st.altair_chart(path_chart(offer["path"], language))
    for reason in [*offer["reasons"], *offer["warnings"]]:
        st.text(_said(reason, language))


def _unit(currency: str, language: str) -> str:
    return f"万 {currency}" if language == "zh" else f"{currency} m"


def _money(amount: float | None, language: str) -> str:
    """For the eye only: millions, or 万 in Chinese; the record holds every digit."""
    if amount is None:
        return "–"
    return f"{amount / 1e4:,.2f}" if language == "zh" else f"{amount / 1e6:,.3f}"


def _said(text: Any, language: str) -> str:
    return str(text.get(language, text)) if isinstance(text, dict) else str(text)


if __name__ == "__main__":  # `streamlit run` starts this file by its path
    main()

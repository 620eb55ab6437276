"""The app: load a case, see value, range, workings and loan with all its reasons, take record and workbook home.

One page, and thin: every figure comes from the public verbs, every table and chart from valuation.report.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from valuation.errors import InputError, problem

SETTINGS = {  # as in .streamlit/config.toml, which is read only in the folder of a checkout
    "server.address": "localhost",
    "server.maxUploadSize": "20",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "type",
    "theme.base": "light",
    "theme.primaryColor": "#1f4e79",
}


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

    from valuation.app.screens import scale_for, show_asset, show_offer
    from valuation.app.words import WORDS
    from valuation.report.plain import dated

    st.set_page_config(page_title="AI asset valuation", page_icon="📐", layout="wide")
    language = st.sidebar.radio(
        "Language | 语言", ["en", "zh"], format_func={"en": "English", "zh": "中文"}.get, key="language"
    )
    words = WORDS[language]
    st.title(words["title"])
    stored = _chosen(words)
    if stored is None:
        st.info(words["wait"])
        return
    try:
        results = _computed(stored, language)
    except InputError as error:
        st.error(words["problems"])
        for found in error.problems:
            st.text(found.sentence(language))
        return
    appraisal = results["appraisal"]
    st.text(f"{results['name']}\n{dated(appraisal['basis_of_value'], appraisal['valuation_date'], language)}")
    scale = scale_for(results, language)
    for asset in appraisal["assets"]:
        show_asset(asset, results, scale, language)
    show_offer(results, scale, language)
    left, right = st.columns(2)
    left.download_button(words["record"], results["record"], "record.json", "application/json", on_click="ignore")
    right.download_button(words["workbook"], results["workbook"], "workbook.xlsx", on_click="ignore")


def _chosen(words: dict[str, str]) -> bytes | None:
    """The bytes of the case the user chose."""
    import streamlit as st

    from valuation.app.examples import examples

    found = examples()
    choice = st.sidebar.selectbox(words["source"], [*found, words["own"]], key="source")
    if choice in found:
        return found[choice].read_bytes()
    upload = st.sidebar.file_uploader(words["upload"], type=["json"], key="upload")
    return upload.getvalue() if upload is not None else None


def _computed(stored: bytes, language: str) -> dict[str, Any]:
    """Everything the page shows of a case, computed once for the same bytes."""
    import streamlit as st

    from valuation.app.results import compute

    return st.cache_data(show_spinner=False)(compute)(stored, language)


if __name__ == "__main__":  # `streamlit run` starts this file by its path
    main()

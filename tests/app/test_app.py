"""The app as a person meets it: in a real browser on the real server, and its refusals in plain sentences."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]  # fmt: skip

pytest.importorskip("streamlit", reason="the app needs streamlit: pip install -e '.[app]'")
playwright = pytest.importorskip("playwright.sync_api", reason="driving a browser needs playwright")

from streamlit.testing.v1 import AppTest  # noqa: E402


def page(source: str, language: str = "en") -> AppTest:
    """The page with this source and language chosen, run once."""
    app = AppTest.from_file(str(ROOT / "app_streamlit.py"), default_timeout=60).run()
    app.sidebar.radio(key="language").set_value(language)
    return app.sidebar.selectbox(key="source").set_value(source).run()


def shown(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in (*app.text, *app.error, *app.info, *app.markdown))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("example", sorted(path.parent.name for path in ROOT.glob("examples/*/case.json")))
def test_every_example_is_shown_without_an_exception(example, language):
    app = page(example, language)
    assert not app.exception
    assert app.metric[0].value not in ("", "–")


def test_a_refused_loan_says_why_and_shows_no_amount():
    app = page("reddit_corpus")
    assert "not exclusive" in shown(app)
    assert not any("Loan up to" in metric.label for metric in app.metric)


def test_value_and_loan_stand_on_one_scale_in_the_readers_units():
    """0.111 million would leave one digit of the loan; 万元 is how a Chinese bank reads amounts."""
    figures = {metric.label: metric.value for metric in page("gangtong_port_data").metric}
    assert figures["Concluded value (CNY thousand)"] == "2,753.91"
    assert figures["Loan up to (CNY thousand)"] == "111.47"
    figures = {metric.label: metric.value for metric in page("gangtong_port_data", "zh").metric}
    assert figures["评估结论 (万元)"] == "275.39"
    assert figures["最高贷款额 (万元)"] == "11.15"


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("en", ["Before drawing", "What carries it", "To raise this limit by 1%: Value at risk", "Services that fit"]),
        ("zh", ["放款前条件", "贷款由什么支撑", "将该限额提高 1%：风险价值", "适合的金融服务"]),
    ],
)
def test_the_page_says_all_that_the_printed_answer_says(language, headings):
    found = shown(page("iren_childress", language))
    assert [heading for heading in headings if f"**{heading}**" not in found] == []


def test_text_of_a_user_is_never_taken_for_markdown():
    """A name such as a*b*c or one with a bar would be set in italics or split a table."""
    from valuation.app.screens import _plain

    assert _plain("a*b*c | <x> $1$") == r"a\*b\*c \| \<x\> \$1\$"


def test_the_workbook_speaks_the_language_of_the_page():
    from valuation.app.results import compute

    case = (ROOT / "examples" / "reddit_corpus" / "case.json").read_bytes()
    english, chinese = (compute(case, language) for language in ("en", "zh"))
    assert english["workbook"] != chinese["workbook"]
    assert english["record"] == chinese["record"]


def test_a_broken_file_meets_its_sentence():
    app = AppTest.from_file(str(ROOT / "app_streamlit.py"), default_timeout=60).run()
    app.sidebar.selectbox(key="source").set_value("my own file").run()
    app.sidebar.file_uploader(key="upload").set_value(
        ("case.json", b'{"format": "valuation-case/1",', "application/json")
    )
    app.run()
    assert not app.exception
    assert "this is not JSON" in shown(app)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """`valuation app` as a user starts it, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("valuation")), "app", "--port", str(port), "--headless"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        try:
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                    break
                except OSError:
                    time.sleep(0.25)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(running.pid, signal.SIGTERM)  # the server runs in a process of its own


def test_a_person_sees_value_and_loan_and_takes_the_record_home(server, chromium, tmp_path):
    """What is downloaded is a record that replays; nothing is asked of any other machine."""
    from valuation.records import replay

    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=BROWSER)
        sheet = browser.new_page(viewport={"width": 1300, "height": 1600})
        asked: list[str] = []
        sheet.on("request", lambda request: asked.append(request.url))
        sheet.goto(server)
        sheet.get_by_text("Loan up to").first.wait_for(timeout=60_000)
        sheet.locator("canvas, svg.marks").first.wait_for(timeout=60_000)
        assert sheet.get_by_text("2,753.91", exact=True).is_visible()
        with sheet.expect_download(timeout=60_000) as waiting:
            sheet.get_by_text("Download the record").click()
        target = tmp_path / "record.json"
        waiting.value.save_as(target)
        browser.close()
    assert json.loads(target.read_text(encoding="utf-8"))["format"] == "valuation-record/1"
    assert replay(target, points_only=True).same
    elsewhere = [url for url in asked if not url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))]
    assert elsewhere == []

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
    return "\n".join(str(element.value) for element in (*app.text, *app.error, *app.info))


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
        sheet.get_by_text("Loan up to").wait_for(timeout=60_000)
        sheet.locator("canvas, svg.marks").first.wait_for(timeout=60_000)
        assert sheet.get_by_text("2.754", exact=True).is_visible()
        with sheet.expect_download(timeout=60_000) as waiting:
            sheet.get_by_text("Download the record").click()
        target = tmp_path / "record.json"
        waiting.value.save_as(target)
        browser.close()
    assert json.loads(target.read_text(encoding="utf-8"))["format"] == "valuation-record/1"
    assert replay(target, points_only=True).same
    elsewhere = [url for url in asked if not url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))]
    assert elsewhere == []

"""What the docs say is what the code does: generated pages are up to date, and the samples of the README run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import readings

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import generate  # noqa: E402


@pytest.mark.parametrize("path", sorted(generate.pages()), ids=str)
def test_reference_page_is_what_the_code_says(path):
    """Run `make docs` after a change of a field, a line or a citation."""
    assert (ROOT / "docs/reference" / path).read_text(encoding="utf-8") == generate.pages()[path]


def test_no_page_of_a_method_that_is_gone_is_left():
    kept = {path.relative_to(ROOT / "docs/reference") for path in (ROOT / "docs/reference/methods").glob("*.md")}
    assert kept == {path for path in generate.pages() if path.parent.name == "methods"}


@pytest.mark.parametrize("method_id", sorted(readings.INSTALLED))
def test_every_method_cites_its_sources_with_their_mark(method_id):
    method = readings.INSTALLED[method_id].method
    assert method.citations
    assert all(citation.mark in generate.MARKS and citation.text for citation in method.citations)


def python_samples(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_sample_of_the_readme_runs(page):
    samples = python_samples(page)
    assert samples
    for sample in samples:
        done = subprocess.run([sys.executable, "-c", sample], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

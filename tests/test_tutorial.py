"""The tutorial shows what its commands print: every command of every page is run again."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import worked_pages  # noqa: E402


@pytest.mark.parametrize("template", worked_pages.TEMPLATES, ids=lambda template: template.name)
def test_page_shows_what_its_commands_print(template):
    """Run `make docs` after a change of a figure or a sentence."""
    assert worked_pages.page_of(template).read_text(encoding="utf-8") == worked_pages.filled(template)


def test_there_is_a_page_in_each_language():
    assert {template.name for template in worked_pages.TEMPLATES} == {"README.template.md", "README.zh.template.md"}


def test_the_sample_in_python_runs():
    (sample,) = re.findall(r"```python\n(.*?)```", (worked_pages.TUTORIAL / "README.md").read_text(), flags=re.DOTALL)
    done = subprocess.run([sys.executable, "-c", sample], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Write 4.5% as 0.045" in done.stdout


def test_a_command_that_fails_is_not_printed_into_the_page(tmp_path):
    """A traceback in a tutorial would be worse than no tutorial."""
    with pytest.raises(RuntimeError, match="Traceback"):
        worked_pages.printed("python -c 'raise ValueError'", str(tmp_path))


def test_a_table_that_is_not_printed_cannot_be_shown():
    assert list(worked_pages._tables(["one", "", "two", "more"], ["two"])) == ["…", "two", "more", ""]
    with pytest.raises(RuntimeError, match="no table begins with three"):
        list(worked_pages._tables(["one"], ["three"]))

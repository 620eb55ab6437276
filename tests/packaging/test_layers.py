"""The layers of the house, as pyproject.toml states them."""

import subprocess
import sys
from pathlib import Path


def test_imports_only_look_down(checkout: Path) -> None:
    """A method that reads the case, or a core that knows a screen, could not be replaced or replayed on its own."""
    lint = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", lint], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

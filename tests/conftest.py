"""What all tests share: how hypothesis looks for counter-examples, and the programs that some tests drive."""

import os
import shutil
from importlib import import_module
from types import ModuleType

import pytest
from hypothesis import settings

IN_CI = bool(os.environ.get("CI"))

# No deadline: a slow machine is no counter-example. CI looks at the same examples every time; a desk looks at new ones.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "desk")


def path_of(program: str) -> str:
    """Where the program lies. A desk without it skips the test that drives it; CI installs it, so there it must be."""
    path = shutil.which(program)
    if path is None and IN_CI:
        pytest.fail(f"{program} is not installed, and .ci/run should have installed it")
    if path is None:
        pytest.skip(f"this test drives the real {program}, which is not installed; .ci/run installs it and never skips")
    return path


def package_of(name: str) -> ModuleType:
    """The package. A desk without it skips the test that needs it; in CI it must be there."""
    if IN_CI:
        return import_module(name)
    return pytest.importorskip(name, reason=f"{name} is not installed: make test installs it with the test tools")


@pytest.fixture(scope="session")
def distributed() -> ModuleType:
    """Dask's cluster, on which a book runs as it does here."""
    return package_of("distributed")


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice, which recalculates our workbooks."""
    return path_of("soffice")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser that looks at the app as a person would."""
    return path_of("chromium")

"""The names callers rely on: all there, documented, and none hidden by a module of the same name."""

import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import valuation
from valuation.plugins import Installed

CONTRACT = {"load", "appraise", "lend", "record", "replay", "run", "haircut", "lend_book", "readiness", "methods"}


def test_every_name_of_the_contract_is_public() -> None:
    assert set(valuation.__all__) >= CONTRACT


@pytest.mark.parametrize("name", valuation.__all__)
def test_every_public_name_resolves_and_says_what_it_is(name: str) -> None:
    found = getattr(valuation, name)
    assert callable(found)
    assert found.__name__ == name
    assert inspect.getdoc(found)


def test_all_names_what_a_reader_sees() -> None:
    assert dir(valuation) == valuation.__all__ == sorted(valuation.__all__)


def test_another_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        AttributeError, match=r"module 'valuation' has no attribute 'valuate'; it has InputError, appraise"
    ):
        valuation.valuate  # noqa: B018


def test_no_module_has_a_verbs_name() -> None:
    """`import valuation.record` would put the module in the verb's place for everybody after it."""
    modules = {module.name for module in pkgutil.iter_modules(valuation.__path__)}
    assert modules & set(valuation.__all__) == set()


def test_every_module_can_be_imported_and_the_verbs_stay_verbs() -> None:
    """In a process of its own, as importing leaves traces."""
    folder = Path(valuation.__path__[0])
    names = [f"valuation.{'.'.join(path.relative_to(folder).with_suffix('').parts)}" for path in folder.rglob("*.py")]
    program = f"""
import importlib, valuation
for name in {sorted(name for name in names if not name.endswith("__init__"))!r}:
    if not name.startswith("valuation.app."):
        importlib.import_module(name)
print([name for name in valuation.__all__ if not callable(getattr(valuation, name))])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_methods_lists_what_is_installed() -> None:
    found = valuation.methods()
    ids = [method.id for method in found if isinstance(method, Installed)]
    assert ids == sorted(ids)
    assert "income.relief_from_royalty" in ids


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(valuation.__path__[0]) / "py.typed").exists()

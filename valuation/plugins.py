"""Which methods are installed, from which distribution and version. Two packages with one method id are an error.

Methods are found by the entry-point group `valuation.methods`, the built-in ones like anybody's; nothing is imported
until a method is asked for. Third-party code runs with the user's rights, so distribution and version are shown in
`valuation methods` and frozen in every record.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, entry_points

from valuation.errors import InputError, problem
from valuation.method import Method

GROUP = "valuation.methods"
OURS = "ai-asset-valuation"  # the distribution of this package


@dataclass(frozen=True)
class Installed:
    """A method and where it came from."""

    method: Method
    distribution: str
    version: str

    @property
    def id(self) -> str:
        """The method's id."""
        return self.method.id


@functools.cache
def _entry_points() -> Mapping[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, _package(entry))):
        if entry.name in found and _package(found[entry.name]) != _package(entry):
            packages = f"{_package(found[entry.name])}, {_package(entry)}"
            raise InputError(problem("method_twice", "", entry.name, packages=packages))
        found[entry.name] = entry
    if not found:
        raise InputError(problem("no_methods", ""))
    return found


def method_ids() -> tuple[str, ...]:
    """The ids of all installed methods, in order, without importing any of them."""
    return tuple(_entry_points())


@functools.cache
def find(method_id: str, path: str = "") -> Installed:
    """The installed method of this id; an unknown id is refused with the nearest known one."""
    entries = _entry_points()
    if method_id not in entries:
        raise InputError(problem("unknown_method", path, method_id, known=list(entries)))
    entry = entries[method_id]
    package = _package(entry)
    try:
        method = entry.load()
    except Exception as error:  # somebody else's module may fail in any way; the others must still run
        reason = f"{type(error).__name__}: {error}"
        raise InputError(problem("method_broken", path, method_id, package=package, reason=reason)) from error
    if not isinstance(method, Method) or method.id != method_id:
        reason = f"it offers {getattr(method, 'id', type(method).__name__)!r}"
        raise InputError(problem("method_broken", path, method_id, package=package, reason=reason))
    return Installed(method, package, _named(entry.dist)[1])


def methods() -> tuple[Installed | InputError, ...]:
    """All installed methods in order of id; one that cannot be loaded stands as the error that says why."""
    answers: list[Installed | InputError] = []
    for method_id in method_ids():
        try:
            answers.append(find(method_id))
        except InputError as error:
            answers.append(error)
    return tuple(answers)


def _package(entry: EntryPoint) -> str:
    return _named(entry.dist)[0]


@functools.cache  # each question parses the package's description anew: 20 ms for the methods of one package
def _named(package: Distribution | None) -> tuple[str, str]:
    """Name and version."""
    return (package.name, package.version) if package is not None else ("an unknown package", "")

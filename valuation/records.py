"""A frozen record of a valuation, and its replay years later.

A record holds the case, the reference figures it used, which methods of which version and distribution, every line of
the workings, the results and the offer. It is stored as canonical JSON; the stored bytes are what is hashed. A replay
answers reference figures from the record alone, computes everything again and compares line by line: the same, or
every difference with both values and its cause.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from valuation import plugins, saved_case
from valuation.appraisal import Appraisal, appraise
from valuation.calculation import Calculation
from valuation.canonical import canonical_bytes, digest, read_back
from valuation.case import Case, calculations
from valuation.errors import InputError, Problem, problem, shown
from valuation.json_text import parse, read_bytes
from valuation.lending.offer import Offer, lend
from valuation.record_parts import KeptCase, KeptOffer, Parts
from valuation.reference.look_up import Figure, LookUp
from valuation.strict import read as read_model
from valuation.whole_files import whole

FORMAT = "valuation-record/1"
RECORD_DRAWS = 2**17  # a record's range is drawn finer than a working one
SAME = 1e-9  # relative; on the machine of the record figures are the same to the last bit
CODE = (".py", ".toml", ".csv")
OF_LOANS = "lending."  # methods of our own that no entry point names
LARGEST_RECORD = 200_000_000


@dataclass(frozen=True)
class Record:
    """What was valued, how, and what came out; `stored` is the text that was hashed."""

    content: Mapping[str, Any]
    stored: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the stored bytes."""
        return digest(self.stored, domain=FORMAT)

    def save(self, path: str | Path) -> Path:
        """Write the record whole or not at all, as its digest; this stands beside it in <name>.sha256."""
        target = Path(path)
        with whole(target, target.with_name(target.name + ".sha256")) as (record_part, digest_part):
            record_part.write_bytes(self.stored)
            digest_part.write_bytes(f"{self.digest}  {target.name}\n".encode())
        return target


@dataclass(frozen=True)
class Difference:
    """One place where a replay differs: both values and the cause (input, figure, method version, library)."""

    path: str
    recorded: Any
    replayed: Any
    cause: str

    def sentence(self) -> str:
        """One line for a reader."""
        return f"{self.path}: recorded {shown(self.recorded)!r}, replayed {shown(self.replayed)!r} ({self.cause})"

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {"path": self.path, "recorded": self.recorded, "replayed": self.replayed, "cause": self.cause}


@dataclass(frozen=True)
class Replay:
    """The outcome of a replay: the same, or every difference."""

    differences: tuple[Difference, ...]
    digest: str
    same_bytes: bool

    @property
    def same(self) -> bool:
        """Whether every figure came out again."""
        return not self.differences

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        found = [difference.to_json() for difference in self.differences]
        return {"same": self.same, "same_bytes": self.same_bytes, "digest": self.digest, "differences": found}


def record(case: Case, appraisal: Appraisal, offer: Offer | None = None) -> Record:
    """Freeze a valuation. The range is that of the appraisal; appraise with RECORD_DRAWS for a final one."""
    if appraisal.case != case:
        raise InputError(
            problem(
                "combination", "", case.name,
                reason=f"the appraisal is not of this case but of {appraisal.case.name}, or of another state of it",
                reason_zh=f"该评估不属于本案例，而属于 {appraisal.case.name} 或其另一状态",
                remedy="Appraise the case again and record that.",
                remedy_zh="请重新评估本案例后再记录。",
            )
        )  # fmt: skip
    content = read_back(
        _with_digests(
            {
                "format": FORMAT,
                "case": case.to_json(),
                "draws": max((i.range.draws for a in appraisal.assets for i in a.indications if i.range), default=1),
                "figures": [figure.to_json() for figure in _figures(appraisal, offer)],
                "methods": _methods(case, offer),
                "libraries": {**libraries(), "code": _code(case)},
                "appraisal": {name: part for name, part in appraisal.to_json().items() if name != "figures"},
                "offer": offer.to_json() if offer is not None else None,
            }
        )
    )
    return Record(content, canonical_bytes(content))


def _figures(appraisal: Appraisal, offer: Offer | None) -> list[Figure]:
    """Every reference figure used by the appraisal and the offer, once each, in order of name."""
    used = {figure.name: figure for figure in (*appraisal.figures, *(offer.figures if offer else ()))}
    return [used[name] for name in sorted(used)]


PARTS = {
    "case": "input",
    "draws": "input",
    "figures": "reference figure",
    "methods": "method version",
    "libraries": "library",
    "appraisal": "result",
    "offer": "result",
}


def _with_digests(content: dict[str, Any]) -> dict[str, Any]:
    """The content with a digest of each part, so that a replay can say which part was changed afterwards."""
    return {**content, "digests": {name: _digest_of(content[name], name) for name in PARTS}}


def _digest_of(part: Any, name: str) -> str:
    return digest(canonical_bytes(part), domain=f"{FORMAT}/{name}")


def read_record(path: str | Path) -> Record:
    """A saved record; its bytes must be those that were hashed, if the digest file lies beside it."""
    file = Path(path)
    stored = read_bytes(file, largest=LARGEST_RECORD)
    try:
        kept = Record(parse(stored), stored)
        _check_digest(kept, file.with_name(file.name + ".sha256"))
        if not isinstance(kept.content, dict):
            raise InputError(problem("json_not_object", "", kept.content))
        if kept.content.get("format") != FORMAT:
            raise InputError(problem("record_format", "format", kept.content.get("format"), expected=FORMAT))
        read_model(Parts, kept.content)
        return kept
    except InputError as error:
        raise error.in_file(file.name) from None


def _check_digest(kept: Record, beside: Path) -> None:
    if beside.exists():
        expected = beside.read_text(encoding="utf-8", errors="replace").partition(" ")[0].strip()
        if expected != kept.digest:
            raise InputError(problem("digest", "", kept.digest, expected=expected))


def replay(kept: Record | str | Path, *, points_only: bool = False, threads: int = 1) -> Replay:
    """Compute a record again from its case and its own reference figures, and compare every figure.

    `points_only` leaves the ranges out, for a whole ledger in one night.
    """
    if not isinstance(kept, Record):
        try:
            return replay(read_record(kept), points_only=points_only, threads=threads)
        except InputError as error:
            raise error.in_file(Path(kept).name) from None
    content = kept.content
    not_installed = list(_not_installed(content["methods"]))
    if not_installed:
        raise InputError(not_installed)
    case = saved_case.read(content["case"], look_up=frozen_figures(content))
    draws = int(content["draws"])
    undrawn = points_only or draws == 1  # what was not drawn then is not drawn now
    appraisal = appraise(case, draws=0 if undrawn else draws, threads=threads, look_up=frozen_figures(content))
    offer = _offer(content, appraisal, points_only=points_only)
    again = record(case, appraisal, offer)
    recorded, replayed = dict(content), dict(again.content)
    if points_only:
        recorded, replayed = _without_ranges(recorded), _without_ranges(replayed)
    changed = _changed_parts(content)
    cause = _cause(content, again.content, list(changed))
    skipped = ("libraries", "digests", *(("draws",) if points_only else ()))
    found = [
        *(Difference(f"digests.{name}", noted, now, cause(name)) for name, (noted, now) in changed.items()),
        *(
            Difference(path, old, new, cause(path))
            for name in sorted(set(recorded) | set(replayed))
            if name not in skipped
            for path, old, new in compare(recorded.get(name), replayed.get(name), name)
        ),
    ]
    return Replay(tuple(found), kept.digest, kept.stored == again.stored)


def _not_installed(methods: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Without the code of a method nothing can be said of its figures, so the package is named that holds it."""
    for place, kept in enumerate(methods):
        if kept["id"] not in plugins.method_ids() and not kept["id"].startswith(OF_LOANS):
            package = f"{kept['distribution']} {kept['distribution_version']}"
            yield problem("method_of_record", f"methods[{place}].id", kept["id"], package=package)


def _changed_parts(content: Mapping[str, Any]) -> dict[str, tuple[str | None, str]]:
    """Parts that are not those whose digests were noted. A source or a name moves no figure, and may not change."""
    noted = content["digests"]
    now = {name: _digest_of(content[name], name) for name in PARTS}
    return {name: (noted.get(name), found) for name, found in now.items() if found != noted.get(name)}


def frozen_figures(content: Mapping[str, Any]) -> LookUp:
    """Reference figures as the record froze them."""
    dated = {name: given for name, given in content["case"].items() if name == "valuation_date"}
    return LookUp(read_model(KeptCase, dated, "case").valuation_date, frozen=content["figures"])


def _offer(content: Mapping[str, Any], appraisal: Appraisal, *, points_only: bool) -> Offer | None:
    if content["offer"] is None:
        return None
    stated = {name: given for name, given in content["offer"].items() if name in KeptOffer.model_fields}
    kept = read_model(KeptOffer, stated, "offer")
    # Without draws the spreads behind the valuation error are those the record kept.
    spreads = {asset.id: kept.spreads.get(asset.id, []) for asset in appraisal.assets} if points_only else None
    return lend(appraisal, look_up=frozen_figures(content), policy=kept.policy, spreads=spreads)


def compare(recorded: Any, replayed: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every place where two contents differ: other text or keys, or numbers apart by more than SAME of the larger."""
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        for key in sorted(set(recorded) | set(replayed)):
            yield from compare(recorded.get(key), replayed.get(key), f"{path}.{key}")
    elif isinstance(recorded, list) and isinstance(replayed, list):
        for index, old, new in _side_by_side(recorded, replayed):
            yield from compare(old, new, f"{path}[{index}]")
    elif not _same(recorded, replayed):
        yield path, recorded, replayed


def _side_by_side(recorded: list[Any], replayed: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Entries in pairs: steps, limits and checks by their names, so that a new one does not move all that follow."""
    names, names_now = _names(recorded), _names(replayed)
    if names is None or names_now is None:
        yield from ((index, old, new) for index, (old, new) in enumerate(zip_longest(recorded, replayed)))
        return
    now = dict(zip(names_now, replayed, strict=True))
    yield from ((index, old, now.get(name)) for index, (name, old) in enumerate(zip(names, recorded, strict=True)))
    yield from ((index, None, now[name]) for index, name in enumerate(names_now) if name not in names)


def _names(entries: list[Any]) -> list[tuple[Any, Any]] | None:
    """What each entry is called; None unless every one has a name of its own."""
    if not all(isinstance(entry, dict) and isinstance(entry.get("name"), str) for entry in entries):
        return None
    names = [(str(entry.get("asset")), entry["name"]) for entry in entries]
    return names if len(set(names)) == len(names) else None


def _same(recorded: Any, replayed: Any) -> bool:
    if isinstance(recorded, bool) or isinstance(replayed, bool):  # to Python true is 1
        return recorded is replayed
    if recorded == replayed:
        return True
    numbers = all(isinstance(x, int | float) for x in (recorded, replayed))
    return numbers and abs(recorded - replayed) <= SAME * max(abs(recorded), abs(replayed))


def _without_ranges(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _without_ranges(part) for name, part in content.items() if name not in ("range", "errors")}
    return [_without_ranges(part) for part in content] if isinstance(content, list) else content


def _cause(recorded: Mapping[str, Any], replayed: Mapping[str, Any], changed: Sequence[str]) -> Callable[[str], str]:
    """Why a place differs: a part changed after recording (by its digest), another method version, another library."""
    sources = [PARTS[name] for name in changed if PARTS[name] != "result"]
    now = {m["id"]: m for m in replayed["methods"]}
    moved = [
        f"{m['id']} {m['version']} then, {now.get(m['id'], {}).get('version')} now"
        for m in recorded["methods"]
        if m != now.get(m["id"])
    ]
    other = [
        f"{name} {recorded['libraries'].get(name)} then, {installed} now"
        for name, installed in replayed["libraries"].items()
        if recorded["libraries"].get(name) != installed
    ]

    def cause(path: str) -> str:
        part = path.split(".")[0].split("[")[0]
        if part in changed:
            return f"{PARTS[part]}: changed in the record after it was made"
        if sources:
            return f"{sources[0]}: changed in the record after it was made"
        if moved:
            return "method version: " + "; ".join(moved)
        return "library: " + "; ".join(other) if other else "the record's results do not follow from its inputs"

    return cause


def _methods(case: Case, offer: Offer | None) -> list[dict[str, Any]]:
    """Methods of the values, of what they are derived from, and of the loan, in order of id."""
    used = {member.method.id: member for member in _members(case)}
    used |= {lent.calculation.method.id: lent.calculation for lent in (offer.outcomes if offer else {}).values()}
    return [
        {
            "id": name,
            "version": used[name].method.version,
            "distribution": used[name].installed.distribution,
            "distribution_version": used[name].installed.version,
        }
        for name in sorted(used)
    ]


def _members(case: Case) -> list[Calculation]:
    found = [calculation for asset in case.assets for calculation in calculations(asset)]
    return [member for calculation in found for member in calculation.family()]


def _code(case: Case) -> str:
    """Digest of the code behind the figures.

    Versions stay while people work on the code, and a replay must not blame the record for what the code has become.
    """
    packages = {__package__, *(member.method.value.__module__.partition(".")[0] for member in _members(case))}
    return digest("".join(_code_of(package) for package in sorted(packages)).encode(), domain="code")


@cache
def _code_of(package: str) -> str:
    """Of one package, with its figures and tables; a module of its own is one file."""
    home = Path(sys.modules[package].__file__ or "")
    if not home.name:  # folders without an __init__.py, which may lie anywhere
        return ""
    files = [home] if home.stem != "__init__" else [file for file in home.parent.rglob("*") if file.suffix in CODE]
    listed = sorted((file.relative_to(home.parent).as_posix(), file) for file in files)
    return "".join(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for name, file in listed)


def libraries() -> dict[str, str]:
    """What else decides the last bits: this package, Python, numpy, scipy, and the machine's kind."""
    return {
        plugins.OURS: version(plugins.OURS),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": version("scipy"),
        "machine": platform.machine(),
    }

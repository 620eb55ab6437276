"""What moved a value between two dates, line by line: methods, time, reference figures, then each changed input.

Each line is the difference that one change makes on top of all before it, so the lines add up to the whole difference
and nothing is left over. A change that makes no readable case alone (a longer forecast of which one list comes first)
counts together with the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Any

from valuation.appraisal import Appraisal, appraise
from valuation.case import Case, read_case
from valuation.changed_inputs import Path, at, changes, listed, place_of, put, tree_of
from valuation.errors import InputError, problem
from valuation.records import Record, frozen_figures
from valuation.reference.look_up import Figure, LookUp
from valuation.rolled_case import roll_forward

HEAD = ("format", "name", "purpose", "valuation_date", "currency", "basis_of_value")
Values = Mapping[str, float]


@dataclass(frozen=True)
class Line:
    """What one change did to the value of an asset; `before` and `after` are the figure or input itself."""

    kind: str  # method, time, figure, input, or what else of the case: an asset, a title, a conclusion
    name: str
    amount: float
    before: Any = None
    after: Any = None

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return dict(vars(self))


@dataclass(frozen=True)
class AssetBridge:
    """The way of one asset from its old to its new value."""

    asset: str
    before: float
    lines: tuple[Line, ...]
    after: float

    @property
    def rest(self) -> float:
        """What the lines do not explain; nothing but the last digits of a double."""
        return self.after - self.before - fsum(line.amount for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        lines = [line.to_json() for line in self.lines]
        return {"asset": self.asset, "before": self.before, "lines": lines, "after": self.after}


@dataclass(frozen=True)
class Bridge:
    """The way from one valuation to another, and what could not be separated."""

    assets: tuple[AssetBridge, ...]
    remarks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {"assets": [asset.to_json() for asset in self.assets], "remarks": list(self.remarks)}


def bridge(old: Case | Record, new: Case) -> Bridge:
    """Why the new case is worth another figure than the old case, or than the old record said.

    Point values. A flat forecast of five years and no other change: one line, the passing of time. Refused: cases of
    two currencies, and assets without a conclusion.
    """
    way = _Way()
    case, figures = _start(way, old)
    if case.currency != new.currency:
        raise InputError(
            problem(
                "combination", "currency", new.currency,
                reason=f"the old value is in {case.currency}, the new one in {new.currency}",
                reason_zh=f"原评估值为 {case.currency}，新评估值为 {new.currency}",
                remedy="State both in one currency.", remedy_zh="请采用同一币种。",
            )
        )  # fmt: skip
    case = _pass_time(way, case, new, figures)
    kept = _renew_figures(way, case, new, figures)
    _change_inputs(way, case, new, kept)
    return way.bridge()


class _Way:
    """The values after each step, and the line of each."""

    def __init__(self) -> None:
        self.values: list[Values] = []
        self.steps: list[tuple[str, str, Any, Any]] = []
        self.remarks: list[str] = []

    def start(self, values: Values) -> None:
        self.values.append(values)

    def step(self, values: Values, kind: str, name: str, before: Any = None, after: Any = None) -> None:
        self.values.append(values)
        self.steps.append((kind, name, before, after))

    def bridge(self) -> Bridge:
        """One way an asset, in the order of the cases; an asset that is not there counts nothing."""
        names = list(dict.fromkeys([*self.values[0], *self.values[-1]]))
        return Bridge(tuple(self._of(name) for name in names), tuple(self.remarks))

    def _of(self, asset: str) -> AssetBridge:
        figures = [values.get(asset, 0.0) for values in self.values]
        lines = [
            Line(kind, name, after - before, *ends)
            for (kind, name, *ends), before, after in zip(self.steps, figures, figures[1:], strict=False)
            if after != before or kind == "time" or (kind == "input" and name.split(".")[0] == asset)
        ]
        return AssetBridge(asset, figures[0], tuple(lines), figures[-1])


def _start(way: _Way, old: Case | Record) -> tuple[Case, Sequence[Figure]]:
    """The old value, and for a record what the methods of today make of the same inputs and figures."""
    if not isinstance(old, Record):
        appraisal = appraise(old, draws=0)
        way.start(_concluded(appraisal))
        return old, appraisal.figures
    case = read_case(old.content["case"], look_up=frozen_figures(old.content))
    appraisal = appraise(case, draws=0, look_up=frozen_figures(old.content))
    way.start(_recorded(old.content["appraisal"]["assets"]))
    now = {i.id: i.outcome.calculation.method.version for asset in appraisal.assets for i in asset.indications}
    moved = [f"{m['id']} {m['version']} → {now[m['id']]}" for m in old.content["methods"] if _differs(m, now)]
    way.step(_concluded(appraisal), "method", ", ".join(moved) or "the same methods")
    return case, appraisal.figures


def _differs(method: Mapping[str, Any], now: Mapping[str, int]) -> bool:
    return method["id"] in now and bool(now[method["id"]] != method["version"])


def _recorded(assets: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The concluded figures of a record."""
    found = {}
    for index, asset in enumerate(assets):
        values = {indication["method"]: indication["value"] for indication in asset["indications"]}
        found[asset["id"]] = _weighted(asset["conclusion"]["weights"], values, index)
    return found


def _concluded(appraisal: Appraisal) -> dict[str, float]:
    """The concluded figures; what is still to be said of a conclusion does not stop a bridge."""
    return {
        asset.id: _weighted(asset.conclusion.weights, {i.id: i.value for i in asset.indications}, index)
        for index, asset in enumerate(appraisal.assets)
    }


def _weighted(weights: Mapping[str, float], values: Mapping[str, float], index: int) -> float:
    if not weights:
        raise InputError(
            problem(
                "combination", f"assets[{index}].conclusion",
                reason="several indications and no conclusion make no value", reason_zh="有多个评估结果而无结论",
                remedy="Select one method, or give weights.", remedy_zh="请选择一种方法，或给出权重。",
            )
        )  # fmt: skip
    return fsum(weight * values[name] for name, weight in weights.items())


def _pass_time(way: _Way, case: Case, new: Case, figures: Sequence[Figure]) -> Case:
    """The old case on the new date, at the old reference figures."""
    if new.valuation_date == case.valuation_date:
        return case
    day = new.valuation_date
    try:
        rolled = roll_forward(case, day, look_up=LookUp(day, frozen=figures))
    except InputError as error:
        way.remarks += ["Time is not a line of its own, it stands in the changed inputs.", *str(error).splitlines()]
        rolled = read_case({**case.to_json(), "valuation_date": day.isoformat()}, look_up=LookUp(day, frozen=figures))
    values = _concluded(appraise(rolled, draws=0, look_up=LookUp(day, frozen=figures)))
    way.step(values, "time", "time", case.valuation_date.isoformat(), day.isoformat())
    return rolled


class _Kept(LookUp):
    """Answers some names with given figures, all others with those of the date."""

    def __init__(self, on: date, kept: Mapping[str, Figure]) -> None:
        super().__init__(on)
        self._kept = kept

    def figure(self, name: str, *, path: str = "") -> Figure:
        """The figure of that name."""
        if name not in self._kept:
            return super().figure(name, path=path)
        self._used[name] = self._kept[name]
        return self._kept[name]


def _renew_figures(way: _Way, case: Case, new: Case, figures: Sequence[Figure]) -> dict[str, Figure]:
    """Each reference figure of the old case as it is on the new date; back come those that are no more."""
    day, kept = new.valuation_date, {figure.name: figure for figure in figures}
    for name, before in list(kept.items()):
        try:
            after = LookUp(day).figure(name)
        except InputError:
            continue
        del kept[name]
        if after.value != before.value:
            values = _concluded(appraise(case, draws=0, look_up=_Kept(day, kept)))
            way.step(values, "figure", name, before.value, after.value)
    return kept


def _change_inputs(way: _Way, case: Case, new: Case, kept: Mapping[str, Figure]) -> None:
    """Each changed input of the new case on top of those before it, in the order of its file."""
    head = {name: part for name, part in new.to_json().items() if name in HEAD}
    tree, target = tree_of(case), tree_of(new)
    waiting: list[tuple[Path, Any, Any]] = []
    for path, after in list(changes(tree, target)):
        waiting.append((path, at(tree, path), after))
        put(tree, path, after)
        look_up = _Kept(new.valuation_date, kept)
        try:
            values = _concluded(
                appraise(read_case({**head, **listed(tree)}, look_up=look_up), draws=0, look_up=look_up)
            )
        except InputError:
            continue
        _step(way, values, waiting)
        waiting = []
    values = _concluded(appraise(new, draws=0))
    if waiting or values != way.values[-1]:
        _step(way, values, waiting)


def _step(way: _Way, values: Values, changed: Sequence[tuple[Path, Any, Any]]) -> None:
    kind = "input" if any({"facts", "methods"} & set(path) for path, _, _ in changed) else "case"
    name = ", ".join(place_of(path) for path, _, _ in changed) or "the rest of the case"
    way.step(values, kind, name, *(changed[0][1:] if len(changed) == 1 else ()))

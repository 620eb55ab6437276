"""The saved input: a case file read strictly, with every problem of the file said at once.

A case names the assets, what is known of them, the methods asked for and the loan wanted. Reading checks the text
(size, encoding, doubled keys, infinities, depth), the shape (unknown keys with the near name, kinds, bounds), the
methods' inputs with all they are derived from, the reference figures at the valuation date, and the dates.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from valuation import plugins
from valuation.assets import Asset
from valuation.calculation import Calculation, Circumstances, read, uncertain
from valuation.distributions import shape_of
from valuation.errors import InputError, Problem, problem
from valuation.method import leaves
from valuation.quantity import Quantity
from valuation.reference.look_up import LookUp
from valuation.strict import Strict
from valuation.strict import read as read_model

FORMAT = "valuation-case/1"
LARGEST_FILE = 20_000_000  # bytes; a case with a hundred assets has less than one million
DEEPEST = 40  # levels of nesting

CURRENCIES = ("CNY", "USD", "EUR", "GBP", "HKD", "JPY", "KRW", "SGD", "AUD", "CAD", "CHF", "INR", "MYR", "TWD", "SEK")


class Uncertainty(Strict):
    """How the range is drawn: how many draws (a power of two), from which seed, and which inputs move together."""

    draws: int = Field(default=2**14, ge=2**8, le=2**20)
    seed: int = Field(default=1, ge=0, lt=2**53)
    rank_correlation: list[Annotated[tuple[str, str, float], Field(strict=False)]] = Field(default=[], max_length=2000)


class Case(Strict):
    """A valuation as it is saved: date, currency, basis of value, assets, uncertainty, and the loan asked for."""

    format: Literal["valuation-case/1"]
    name: str = Field(min_length=1, max_length=200)
    purpose: Literal["pledge", "sale", "licence", "contribution", "financial_reporting", "internal"]
    valuation_date: date = Field(strict=False)
    currency: Literal[CURRENCIES]  # type: ignore[valid-type]
    basis_of_value: Literal["market_value", "fair_value", "investment_value", "value_in_use", "liquidation_value"]
    assets: list[Asset] = Field(min_length=1, max_length=200)
    uncertainty: Uncertainty = Uncertainty()
    loan: dict[str, Any] | None = None
    exchange_rates: dict[str, Quantity] = {}  # units of the case's currency for one unit of the other
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The case as it is saved, without what was not stated."""
        content: dict[str, Any] = self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        return {"format": self.format, **content}

    def circumstances(self, look_up: LookUp | None = None) -> Circumstances:
        """Date, currency and exchange rates for the calculations of this case."""
        rates = {name: float(np.atleast_1d(shape_of(q).stated)[0]) for name, q in self.exchange_rates.items()}
        return Circumstances(look_up or LookUp(self.valuation_date), self.currency, rates)


def read_bytes(path: str | Path, *, largest: int = LARGEST_FILE) -> bytes:
    """The bytes of a file that is there, readable and not too large."""
    file = Path(path)
    try:
        size = file.stat().st_size
        if size > largest:
            raise InputError(problem("file_too_large", file.name, size, limit=largest))
        return file.read_bytes()
    except FileNotFoundError:
        raise InputError(problem("file_missing", str(path))) from None
    except OSError as error:
        raise InputError(problem("file_unreadable", str(path), reason=error.strerror or "it is no file")) from None


def parse(stored: bytes) -> Any:
    """JSON text to objects: UTF-8 only, no doubled keys, no NaN or infinity, not too deep; text in normal form."""
    try:
        text = stored.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(problem("file_encoding", "", position=error.start)) from None
    problems: list[Problem] = []

    def one_key_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        problems.extend(
            problem("json_duplicate_key", "", key) for key in sorted({k for k in keys if keys.count(k) > 1})
        )
        return dict(pairs)

    def no_such_number(word: str) -> float:
        problems.append(problem("not_finite", "", word))
        return 0.0

    def finite(word: str) -> float:
        return float(word) if np.isfinite(float(word)) else no_such_number(word[:40])

    def whole(word: str) -> int:
        return int(word) if len(word) <= 300 else int(no_such_number(word[:40]))

    try:
        content = json.loads(
            text, object_pairs_hook=one_key_each, parse_constant=no_such_number, parse_float=finite, parse_int=whole
        )
    except json.JSONDecodeError as error:
        raise InputError(problem("json_syntax", "", reason=error.msg, line=error.lineno, column=error.colno)) from None
    except RecursionError:
        raise InputError(problem("json_depth", "", limit=DEEPEST)) from None
    problems += list(_text_problems(content, "", 0))
    if problems:
        raise InputError(problems)
    return _normal(content)


def _text_problems(content: Any, path: str, depth: int) -> Iterator[Problem]:
    if depth > DEEPEST:
        yield problem("json_depth", path.split(".")[0], limit=DEEPEST)
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from _text_problems(key, f"{path}.{key}".lstrip("."), depth)
            yield from _text_problems(value, f"{path}.{key}".lstrip("."), depth + 1)
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _text_problems(value, f"{path}[{index}]", depth + 1)
    elif isinstance(content, str):
        hidden = [c for c in content if unicodedata.category(c) in ("Cf", "Cc", "Cs") and c not in "\n\t"]
        if hidden:
            yield problem("text_hidden", path, f"U+{ord(hidden[0]):04X}")


def _normal(content: Any) -> Any:
    if isinstance(content, dict):
        return {unicodedata.normalize("NFC", key): _normal(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_normal(value) for value in content]
    return unicodedata.normalize("NFC", content) if isinstance(content, str) else content


def read_case(
    content: Any, *, look_up: LookUp | None = None, read_loan: Callable[[Mapping[str, Any]], Any] | None = None
) -> Case:
    """The case in parsed JSON, or every problem in it.

    A replay looks figures up in its record instead. `read_loan` checks the loan, of which this layer knows nothing.
    """
    if not isinstance(content, dict):
        raise InputError(problem("json_not_object", "", content))
    case = read_model(Case, content)
    problems = [*_name_problems(case), *_date_problems(case), *_conclusion_problems(case)]
    if case.loan is not None and read_loan is not None:
        problems += _problems_of(lambda: read_loan(case.loan or {}))
    prepared: list[Calculation] = []
    for index, asset in enumerate(case.assets):
        for place, call in enumerate(asset.methods):
            try:
                prepared.append(_calculation(asset, call.id, call.inputs))
                _serves(prepared[-1], asset)
            except InputError as error:
                problems += [
                    _at(p, f"{asset.id}.{call.id}", f"assets[{index}].methods[{place}]") for p in error.problems
                ]
    if not problems:
        problems = [*_figure_problems(case, prepared, look_up), *_correlation_problems(case, prepared)]
    if problems:
        raise InputError(problems)
    return case


def _problems_of(reading: Callable[[], Any]) -> Iterator[Problem]:
    try:
        reading()
    except InputError as error:
        yield from error.problems


def calculations(asset: Asset) -> tuple[Calculation, ...]:
    """The methods asked for this asset, with their inputs checked; the asset's facts fill what is not given."""
    return tuple(_calculation(asset, call.id, call.inputs) for call in asset.methods)


def _calculation(asset: Asset, method_id: str, inputs: Mapping[str, Any]) -> Calculation:
    return read(method_id, inputs, path=f"{asset.id}.{method_id}", facts=asset.facts, facts_path=asset.id)


def _at(found: Problem, from_path: str, to_path: str) -> Problem:
    """A problem of a method at its place in the file."""
    rest = found.path.removeprefix(from_path)
    place = f"{to_path}.inputs{rest}" if rest else f"{to_path}.id" if found.code.startswith("unknown") else to_path
    return Problem(found.code, place if found.path.startswith(from_path) else found.path, found.given, found.params)


def _serves(calculation: Calculation, asset: Asset) -> None:
    method = calculation.method
    if method.approach == "input" or (method.serves and asset.kind not in method.serves):
        serves = ", ".join(method.serves) or "other inputs"
        raise InputError(problem("method_not_for", calculation.path, method.id, kind=asset.kind, serves=serves))


def _name_problems(case: Case) -> Iterator[Problem]:
    names = [asset.id for asset in case.assets]
    for index, asset in enumerate(case.assets):
        if names.index(asset.id) != index:
            yield problem("duplicate", f"assets[{index}].id", asset.id)
        ids = [call.id for call in asset.methods]
        for place, method_id in enumerate(ids):
            if ids.index(method_id) != place:
                yield problem("duplicate", f"assets[{index}].methods[{place}].id", method_id)


def _date_problems(case: Case) -> Iterator[Problem]:
    """No hindsight: what bears a date must have been known at the valuation date."""
    today = datetime.now().astimezone().date()
    if case.valuation_date > today:
        yield problem("date_future", "valuation_date", str(case.valuation_date), limit=str(today))
    for index, asset in enumerate(case.assets):
        for place, evidence in enumerate(asset.title.evidence if asset.title else []):
            if evidence.dated is not None and evidence.dated > case.valuation_date:
                where = f"assets[{index}].title.evidence[{place}].dated"
                yield problem("date_after", where, str(evidence.dated), limit=str(case.valuation_date))


def _conclusion_problems(case: Case) -> Iterator[Problem]:
    for index, asset in enumerate(case.assets):
        selection, where = asset.conclusion, f"assets[{index}].conclusion"
        ids = [call.id for call in asset.methods]
        if selection is None:
            continue
        if (selection.select is None) == (selection.weights is None):
            yield problem(
                "conclusion", where, reason="either select or weights is needed, not both and not neither",
                reason_zh="select 与 weights 必须且只能给出一个", remedy="Select one method and say because.",
                remedy_zh="请选择一个方法并说明理由。",
            )  # fmt: skip
        for name in [selection.select] if selection.select else list(selection.weights or {}):
            if name not in ids:
                yield problem("not_known", f"{where}.{'select' if selection.select else 'weights'}", name, known=ids)
        yield from _reason_problems(asset, where)


def _reason_problems(asset: Asset, where: str) -> Iterator[Problem]:
    selection = asset.conclusion
    assert selection is not None
    if selection.select is not None and not selection.because:
        yield problem("missing", f"{where}.because", None, what="the reason for this selection")
    if selection.weights is not None:
        total = sum(selection.weights.values())
        if abs(total - 1) > 1e-9 or min(selection.weights.values(), default=0) < 0:
            yield problem("weights_sum", f"{where}.weights", total)
        for name in selection.weights:
            if not (selection.reasons or {}).get(name):
                yield problem("missing", f"{where}.reasons.{name}", None, what="the reason for this weight")


def _figure_problems(case: Case, prepared: list[Calculation], look_up: LookUp | None) -> Iterator[Problem]:
    """Every reference figure named must exist on the valuation date, in a currency that can be converted."""
    circumstances = case.circumstances(look_up)
    for calculation in prepared:
        for member in calculation.family():
            for path, quantity, _ in leaves(member.inputs):
                if quantity.reference is not None:
                    try:
                        circumstances.referred(quantity, member.place(path))
                    except InputError as error:
                        yield from error.problems


def _correlation_problems(case: Case, prepared: list[Calculation]) -> Iterator[Problem]:
    known = list(uncertain(prepared))
    for index, (first, second, correlation) in enumerate(case.uncertainty.rank_correlation):
        where = f"uncertainty.rank_correlation[{index}]"
        for place, name in enumerate((first, second)):
            if name not in known:
                yield problem("rank_correlation", f"{where}[{place}]", name, known=known)
        if not -1 <= correlation <= 1:
            yield problem("too_large", f"{where}[2]", abs(correlation), limit=1, remedy="A correlation lies in -1 … 1.")
        if first == second:
            yield problem("duplicate", where, first)
    draws = case.uncertainty.draws
    if draws & (draws - 1):
        nearest = 2 ** round(np.log2(draws))
        yield problem("not_known", "uncertainty.draws", draws, known=[str(nearest), "16384", "131072"])


def schema() -> dict[str, Any]:
    """The JSON Schema of a case with the inputs of every installed method beside it."""
    content = Case.model_json_schema()
    content["$id"] = "urn:valuation-case:1"
    content["methods"] = {
        found.id: found.method.inputs.model_json_schema()
        for found in plugins.installed()
        if not isinstance(found, InputError)
    }
    return content

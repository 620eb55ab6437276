"""The saved input: a case file read strictly, with every problem of the file said at once.

A case names the assets, what is known of them, the methods asked for and the loan wanted. Reading checks the text
(size, encoding, doubled keys, infinities, depth), the shape (unknown keys with the near name, kinds, bounds), the
methods' inputs with all they are derived from, the reference figures at the valuation date, and the dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from math import fsum
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from valuation import plugins
from valuation.assets import Asset
from valuation.calculation import CURRENCIES, Calculation, Circumstances, read, uncertain
from valuation.errors import InputError, Problem, problem
from valuation.income_ledger import overdrawn
from valuation.method import FieldFacts, leaves
from valuation.quantity import Quantity
from valuation.reference.look_up import LookUp
from valuation.strict import Date, Strict, Words, custom_error
from valuation.strict import read as read_model
from valuation.title import right_problems

FORMAT = "valuation-case/1"

NEARLY = 0.85  # alike: tax_rat and tax_rate are 0.93, age and stage 0.75
ABOUT_THE_METHOD = ("unknown_method", "method_broken", "method_breaks_off", "method_not_for")

Rank = Annotated[float, Field(ge=-1, le=1)]


class Uncertainty(Strict):
    """How the range is drawn: how many draws (a power of two), from which seed, and which inputs move together."""

    draws: int = Field(default=2**14, ge=2**8, le=2**20)
    seed: int = Field(default=1, ge=0, lt=2**53)
    rank_correlation: list[Annotated[tuple[str, str, Rank], Field(strict=False)]] = Field(default=[], max_length=2000)

    @field_validator("draws")
    @classmethod
    def _power_of_two(cls, draws: int) -> int:
        if draws & (draws - 1):
            raise custom_error("power_of_two", draws)
        return draws


class Case(Strict):
    """A valuation as it is saved: date, currency, basis of value, assets, uncertainty, and the loan asked for."""

    format: Literal["valuation-case/1"]
    name: Words = Field(max_length=200)
    purpose: Literal["pledge", "sale", "licence", "contribution", "financial_reporting", "internal"]
    valuation_date: Date
    currency: Literal[CURRENCIES]  # type: ignore[valid-type]
    basis_of_value: Literal["market_value", "fair_value", "investment_value", "value_in_use", "liquidation_value"]
    assets: list[Asset] = Field(min_length=1, max_length=200)
    uncertainty: Uncertainty = Uncertainty()
    loan: dict[str, Any] | None = None
    exchange_rates: dict[str, Quantity] = {}  # units of the case's currency for one unit of the other
    note: str | None = None

    @field_validator("exchange_rates")
    @classmethod
    def _one_figure_each(cls, rates: dict[str, Quantity], info: ValidationInfo) -> dict[str, Quantity]:
        for name, rate in rates.items():
            currency = info.data.get("currency", "")
            if name not in CURRENCIES:
                raise custom_error("not_known", name, known=CURRENCIES)
            if name == currency:
                words = {
                    "reason": f"the case is in {name} itself",
                    "reason_zh": f"案例币种即为 {name}",
                    "remedy": "Leave it out.",
                    "remedy_zh": "请删除。",
                }
                raise custom_error("combination", name, **words, within=f".{name}")
            if not isinstance(rate.value, float) or rate.value <= 0:
                raise custom_error("exchange_rate_form", name, currency=currency, within=f".{name}")
        return rates

    def to_json(self) -> dict[str, Any]:
        """The case as it is saved, without what was not stated."""
        content: dict[str, Any] = self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        return {"format": self.format, **content}

    def circumstances(self, look_up: LookUp | None = None) -> Circumstances:
        """Date, currency and exchange rates for the calculations of this case."""
        rates = {name: rate.value for name, rate in self.exchange_rates.items() if isinstance(rate.value, float)}
        return Circumstances(look_up or LookUp(self.valuation_date), self.currency, rates)


def read_case(
    content: Any, *, look_up: LookUp | None = None, read_loan: Callable[[Mapping[str, Any]], Any] | None = None
) -> Case:
    """The case in parsed JSON, or every problem in it.

    A replay looks figures up in its record instead. `read_loan` checks the loan, of which this layer knows nothing.
    """
    if not isinstance(content, dict):
        raise InputError(problem("json_not_object", "", content))
    case, problems = _shaped(content)
    prepared: dict[str, Calculation] = {}
    assets = enumerate(case.assets) if case is not None else _readable_assets(content)
    for index, asset in assets:
        problems += [*_method_problems(asset, index, prepared), *_conclusion_problems(asset, index)]
    if case is not None:
        problems += [*_name_problems(case), *_date_problems(case), *_figure_problems(case, prepared, look_up)]
        problems += overdrawn(case.assets)
        if len(prepared) == sum(len(asset.methods) for asset in case.assets):
            problems += _correlation_problems(case, list(prepared.values()))
    loan = content.get("loan")
    if isinstance(loan, dict) and read_loan is not None:
        problems += _problems_of(lambda: read_loan(loan))
    if problems or case is None:
        raise InputError(list(dict.fromkeys(problems)))
    return case


def _shaped(content: Mapping[str, Any]) -> tuple[Case | None, list[Problem]]:
    try:
        return read_model(Case, content), []
    except InputError as error:
        return None, list(error.problems)


def _readable_assets(content: Mapping[str, Any]) -> Iterator[tuple[int, Asset]]:
    """The assets without fault of a case that has one elsewhere, so that their methods are looked at all the same."""
    given = content.get("assets")
    for index, entry in enumerate(given if isinstance(given, list) else ()):
        with suppress(ValidationError):
            yield index, Asset.model_validate(entry)


def _problems_of(reading: Callable[[], Any]) -> Iterator[Problem]:
    try:
        reading()
    except InputError as error:
        yield from error.problems


def calculations(asset: Asset) -> tuple[Calculation, ...]:
    """The methods asked for this asset, with their inputs checked; the asset's facts fill what is not given."""
    return tuple(_calculation(asset, call.id, call.inputs) for call in asset.methods)


def _calculation(asset: Asset, method_id: str, inputs: Mapping[str, Any]) -> Calculation:
    found = read(method_id, inputs, path=f"{asset.id}.{method_id}", facts=asset.known, facts_path=asset.id)
    rights = [(member.place("right"), getattr(member.inputs, "right", None)) for member in found.family()]
    problems = list(right_problems(asset.title, rights))
    if problems:
        raise InputError(problems)
    return found


def in_file(case: Case, error: InputError) -> InputError:
    """The problems of a calculation of this case, each at its place in the file."""
    return InputError([_found_in(case, each) for each in error.problems])


def _found_in(case: Case, found: Problem) -> Problem:
    """At one of the methods; only what belongs to none of them is a fact of the asset."""
    for index, asset in enumerate(case.assets):
        for place, call in enumerate(asset.methods):
            moved = _at_method(found, asset.id, index, call.id, place)
            if moved is not found:
                return moved
    for index, asset in enumerate(case.assets):
        found = _at_facts(found, asset.id, index)
    return found


def _at(found: Problem, asset_id: str, index: int, method_id: str, place: int) -> Problem:
    moved = _at_method(found, asset_id, index, method_id, place)
    return moved if moved is not found else _at_facts(found, asset_id, index)


def _at_method(found: Problem, asset_id: str, index: int, method_id: str, place: int) -> Problem:
    calculated, where = f"{asset_id}.{method_id}", f"assets[{index}].methods[{place}]"
    if found.path == calculated:
        return replace(found, path=f"{where}.{'id' if found.code in ABOUT_THE_METHOD else 'inputs'}")
    return found.moved(calculated, f"{where}.inputs")


def _at_facts(found: Problem, asset_id: str, index: int) -> Problem:
    return found.moved(asset_id, f"assets[{index}].facts")


def _method_problems(asset: Asset, index: int, prepared: dict[str, Calculation]) -> Iterator[Problem]:
    """What is wrong with the inputs of each method; those without fault are added to `prepared`."""
    for place, call in enumerate(asset.methods):
        try:
            calculation = _calculation(asset, call.id, call.inputs)
            _serves(calculation, asset)
            prepared[f"assets[{index}].methods[{place}]"] = calculation
        except InputError as error:
            yield from (_at(found, asset.id, index, call.id, place) for found in error.problems)
    yield from _misspelt_facts(asset, f"assets[{index}].facts", _inputs_asked(asset, index, prepared))


def _inputs_asked(asset: Asset, index: int, prepared: Mapping[str, Calculation]) -> set[str]:
    """The names of all that the methods of an asset, and what they are derived from, may take from its facts."""
    asked = [found for place, found in prepared.items() if place.startswith(f"assets[{index}].")]
    models = {type(member.inputs) for calculation in asked for member in calculation.family()}
    for call in asset.methods:  # also of one that lacks an input, perhaps that which is misspelt
        with suppress(InputError):
            models.add(plugins.find(call.id).method.inputs)
    return {name for model in models for name in model.model_fields}


def _misspelt_facts(asset: Asset, where: str, inputs: set[str]) -> Iterator[Problem]:
    """A fact may have any name; but one that is nearly an input's meant it, and a default would take its place."""
    for fact in asset.facts:
        meant = get_close_matches(fact, inputs - asset.facts.keys(), n=1, cutoff=NEARLY)
        if fact not in inputs and meant and fact not in _inputs_of_any_method():
            yield problem("unknown_key", where, fact, known=sorted(inputs))


@cache
def _inputs_of_any_method() -> frozenset[str]:
    found = (found for found in plugins.methods() if not isinstance(found, InputError))
    return frozenset(name for installed in found for name in installed.method.inputs.model_fields)


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


def future_date(day: date, path: str) -> Problem | None:
    """The problem of a valuation date that has not come; None for any other."""
    today = datetime.now().astimezone().date()
    return problem("date_future", path, str(day), limit=str(today)) if day > today else None


def _date_problems(case: Case) -> Iterator[Problem]:
    """No hindsight: what bears a date must have been known at the valuation date."""
    too_late = future_date(case.valuation_date, "valuation_date")
    if too_late is not None:
        yield too_late
    for index, asset in enumerate(case.assets):
        for place, evidence in enumerate(asset.title.evidence if asset.title else []):
            if evidence.dated is not None and evidence.dated > case.valuation_date:
                where = f"assets[{index}].title.evidence[{place}].dated"
                yield problem("date_after", where, str(evidence.dated), limit=str(case.valuation_date))


def _conclusion_problems(asset: Asset, index: int) -> Iterator[Problem]:
    selection, where = asset.conclusion, f"assets[{index}].conclusion"
    if selection is None:
        return
    if (selection.select is None) == (selection.weights is None):
        yield problem("conclusion_form", where)
    ids = [call.id for call in asset.methods]
    named = {"select": [selection.select] if selection.select else [], "weights": list(selection.weights or {})}
    if set(ids) <= set(plugins.method_ids()):  # else the method is misspelt, and the conclusion may be right
        for key, names in named.items():
            yield from (problem("not_known", f"{where}.{key}", name, known=ids) for name in names if name not in ids)
    if selection.select is not None and not selection.because:
        yield problem("reason_missing", f"{where}.because", selection.select)
    if selection.weights is not None:
        yield from _weight_problems(selection.weights, selection.reasons or {}, where)


def _weight_problems(weights: Mapping[str, float], reasons: Mapping[str, str], where: str) -> Iterator[Problem]:
    total = fsum(weights.values())
    if abs(total - 1) > 1e-9:
        yield problem("weights_sum", f"{where}.weights", total)
    for name, weight in weights.items():
        if weight < 0:
            yield problem("too_small", f"{where}.weights.{name}", weight, limit=0)
        if not reasons.get(name):
            yield problem("reason_missing", f"{where}.reasons.{name}", name)
        if _is_allocation(name):
            yield problem("allocation_averaged", f"{where}.weights.{name}", name)


def _is_allocation(method_id: str) -> bool:
    """Whether this method shares an income out; one that cannot be found is a problem said elsewhere."""
    try:
        return plugins.find(method_id).method.approach == "allocation"
    except InputError:
        return False


def _figure_problems(case: Case, prepared: Mapping[str, Calculation], look_up: LookUp | None) -> Iterator[Problem]:
    """A reference figure must exist on the valuation date, in this unit and in a currency that can be converted.

    An override holds until its day and no longer.
    """
    circumstances = case.circumstances(look_up)
    for where, calculation in prepared.items():
        for path, quantity, facts in _stated(calculation, f"{where}.inputs", f"{where.split('.')[0]}.facts"):
            override = quantity.override
            if override is not None and override.until < case.valuation_date:
                yield problem("override_ended", path, override.who, until=override.until.isoformat())
            if quantity.reference is not None:
                try:
                    circumstances.referred(quantity, facts, path)
                except InputError as error:
                    yield from error.problems


def _stated(calculation: Calculation, inputs: str, facts: str) -> Iterator[tuple[str, Quantity, FieldFacts]]:
    """Every quantity of a calculation and of all it is derived from, with its place in the file."""
    for relative, quantity, field in leaves(calculation.inputs):
        place = f"{facts if calculation.shares(relative) else inputs}.{relative}"
        yield place, quantity, field
        if relative in calculation.derived:
            yield from _stated(calculation.derived[relative], f"{place}.inputs", facts)


def _correlation_problems(case: Case, prepared: Sequence[Calculation]) -> Iterator[Problem]:
    ranges = uncertain(prepared)
    members = [member for calculation in prepared for member in calculation.family()]
    known = {member.place(path) for member in members for path, _, _ in leaves(member.inputs)}
    stated: set[frozenset[str]] = set()
    for index, (first, second, _) in enumerate(case.uncertainty.rank_correlation):
        where = f"uncertainty.rank_correlation[{index}]"
        for place, name in enumerate((first, second)):
            if name not in known:
                yield problem("rank_correlation", f"{where}[{place}]", name, known=sorted(known))
            elif name not in ranges:
                yield problem("correlation_certain", f"{where}[{place}]", name)
        if first == second:
            yield problem("correlation_itself", where, first)
        elif frozenset((first, second)) in stated:
            yield problem("correlation_twice", where, first)
        stated.add(frozenset((first, second)))

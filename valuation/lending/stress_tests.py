"""What would break the loan: shock the drivers, value again with the same methods, lend again.

A shock is put on what moves the value (rents, revenue, prices, time to sell), never on the value itself: rents that
halve take far more than half of an income value, since power, space and staff stay. A scenario is a line of a dated
file that a bank copies and edits; its sizes are judgement and marked so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from valuation.appraisal import Appraisal, appraise
from valuation.assets import Kind
from valuation.case import Case, read_case
from valuation.errors import InputError, problem
from valuation.json_text import read_bytes
from valuation.lending.defaults import Defaults, defaults_on
from valuation.lending.offer import Offer, lend
from valuation.lending.products import Name, Product
from valuation.lending.terms import Jurisdiction
from valuation.method import Date
from valuation.quantity import FORMS
from valuation.scoring.scorecards import Card
from valuation.strict import Strict, read

LoanDriver = Literal["acceptance", "sale_time", "cash_flow"]
SCALED = ("value", "low", "mode", "high", "median", "mean", "sd", "values")  # parts of a quantity that carry its unit
LARGEST_FILE = 1_000_000  # bytes
STRESS_DRAWS = 2**10  # the spread behind the valuation error needs no more


class Scenario(Strict):
    """One thing that may happen, as factors on the inputs it moves."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    name: Name
    because: str = Field(min_length=1)
    kinds: list[Kind] = Field(min_length=1)
    multiply: dict[str, float] = {}
    loan: dict[LoanDriver, float] = {}
    guarantor_fails: bool = False
    jurisdiction: Jurisdiction | None = None  # where alone it happens
    two_sided: bool = False  # the only ones that may raise the loan


class Scenarios(Strict):
    """A dated set of scenarios."""

    dated: Date
    mark: Literal["judgement"]
    scenario: list[Scenario] = Field(min_length=1)


@dataclass(frozen=True)
class Stressed:
    """The loan in one scenario: value, largest loan, what binds, and what of a loan drawn before is still covered."""

    scenario: Scenario | None  # None: as stated
    value: float | None
    maximum_loan: float
    binding: str | None
    coverage: float | None  # recoverable over exposure of the loan as first offered, at its worst payment date
    first_breach: float | None  # year of the first payment at which that loan is not covered

    def to_json(self) -> dict[str, Any]:
        """One row of the stress table."""
        named = {"scenario": "as_stated", "name": {"en": "As stated", "zh": "基准"}}
        if self.scenario is not None:
            named = {"scenario": self.scenario.id, "name": self.scenario.name.model_dump()}
        rest = ("value", "maximum_loan", "binding", "coverage", "first_breach")
        return {**named, **{name: getattr(self, name) for name in rest}}


@cache
def standard_scenarios() -> tuple[Scenario, ...]:
    """The scenarios that come with the package."""
    text = (files("valuation.reference") / "stress" / "standard.toml").read_text(encoding="utf-8")
    return tuple(read(Scenarios, tomllib.loads(text), "stress/standard.toml").scenario)


def read_scenarios(path: str | Path) -> tuple[Scenario, ...]:
    """The scenarios of a bank's own file, or every problem with it."""
    stored = read_bytes(path, largest=LARGEST_FILE)
    try:
        return tuple(read(Scenarios, tomllib.loads(stored.decode("utf-8-sig"))).scenario)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(problem("toml_syntax", "", reason=str(error))).in_file(Path(path).name) from None
    except InputError as error:
        raise error.in_file(Path(path).name) from None


def stress(
    case: Case,
    scenarios: Sequence[Scenario] | None = None,
    *,
    product: Product | None = None,
    card: Card | None = None,
) -> tuple[Stressed, ...]:
    """The loan as stated and in every scenario that concerns an asset of the case; `product` and `card` as in lend.

    Raises InputError if the case asks for no loan, or if its gate refuses: what is not lent cannot be stressed.
    """
    if case.loan is None:
        raise InputError(problem("missing", "loan", None, what="the loan asked for"))
    base = _lent(case, product, card)
    if base[1].maximum_loan is None:
        reasons = " ".join(reason["en"] for reason in base[1].reasons)
        raise InputError(
            problem(
                "combination", "loan", reason=f"there is no loan to stress: {reasons}",
                reason_zh="没有可供压力测试的贷款",
                remedy="Mend what the gate refuses first.", remedy_zh="请先解决权属关口的拒绝理由。",
            )
        )  # fmt: skip
    drawn = base[1].maximum_loan
    chosen = [scenario for scenario in scenarios or standard_scenarios() if _concerns(scenario, case, base[1])]
    return (
        _stressed(None, *base, drawn),
        *(_stressed(scenario, *_lent(shocked(case, scenario), product, card), drawn) for scenario in chosen),
    )


def _concerns(scenario: Scenario, case: Case, offer: Offer) -> bool:
    """Whether it can happen to this loan; one that only ends a guarantee needs a guarantee."""
    assert case.loan is not None
    stated = case.loan.get("jurisdiction") or offer.policy.product.jurisdiction
    others = scenario.multiply or scenario.loan or not scenario.guarantor_fails
    return (
        any(asset.kind in scenario.kinds for asset in case.assets)
        and scenario.jurisdiction in (None, stated)
        and bool(others or "risk_sharing" in case.loan)
    )


def shocked(case: Case, scenario: Scenario) -> Case:
    """The case with the scenario's factors on its inputs and on the assumptions of its loan."""
    content = case.to_json()
    for asset in content["assets"]:
        if asset["kind"] in scenario.kinds:
            for place in (asset.get("facts", {}), *(call.get("inputs", {}) for call in asset["methods"])):
                _multiply(place, scenario.multiply)
        # Approaches move apart under stress; the cause is the scenario, and no valuer is asked for another.
        if "conclusion" in asset:
            asset["conclusion"] = {"spread_cause": f"stress: {scenario.id}", **asset["conclusion"]}
    loan = content["loan"]
    for name in ("acceptance", "sale_time"):
        if name in scenario.loan:
            for asset in content["assets"]:
                _assume(loan, asset, name, scenario.loan[name], defaults_on(case.valuation_date))
    if "cash_flow" in scenario.loan and "cash_flow" in loan.get("borrower", {}):
        loan["borrower"]["cash_flow"] = scaled(loan["borrower"]["cash_flow"], scenario.loan["cash_flow"])
    if scenario.guarantor_fails and "risk_sharing" in loan:
        loan.pop("share_covered_by_sale", None)  # what leaned on the guarantor now leans on the security
    return read_case(content)


def scaled(quantity: Any, factor: float) -> Any:
    """A stated quantity times a factor; one that is looked up or derived stays as it is."""
    if isinstance(quantity, int | float):
        return quantity * factor
    if isinstance(quantity, list):
        return [scaled(figure, factor) for figure in quantity]
    parts = {name: scaled(part, factor) for name, part in quantity.items() if name in SCALED}
    return {**quantity, **parts}


def _multiply(place: Any, factors: Mapping[str, float]) -> None:
    """Multiply the named inputs wherever they stand below a place, also in lists of entries and derived inputs."""
    if isinstance(place, list):
        for entry in place:
            _multiply(entry, factors)
    elif isinstance(place, dict):
        for name, given in place.items():
            if name in factors and _is_quantity(given):
                place[name] = scaled(given, factors[name])
            else:
                _multiply(given, factors)


def _is_quantity(given: Any) -> bool:
    if isinstance(given, list):
        return all(isinstance(figure, int | float) for figure in given)
    if isinstance(given, dict):
        return any(parts <= set(given) for parts in FORMS.values())
    return isinstance(given, int | float) and not isinstance(given, bool)


def _assume(loan: dict[str, Any], asset: Mapping[str, Any], name: str, factor: float, defaults: Defaults) -> None:
    """Multiply an assumption on the sale of one asset, the default if the case states none."""
    stated = loan.setdefault("assumptions", {}).setdefault(asset["id"], {})
    if name not in stated:
        default = defaults.acceptance if name == "acceptance" else defaults.of_kind(asset["kind"]).sale_time
        stated[name] = {"value": default.value, "source": f"judgement of {defaults.dated}", "level": 3}
    stated[name] = scaled(stated[name], factor)


def _lent(case: Case, product: Product | None, card: Card | None) -> tuple[Appraisal, Offer]:
    appraisal = appraise(case, draws=STRESS_DRAWS)
    return appraisal, lend(appraisal, product=product, card=card)


def _stressed(scenario: Scenario | None, appraisal: Appraisal, offer: Offer, drawn: float) -> Stressed:
    values = [asset.value for asset in appraisal.assets if asset.value is not None]
    coverage, first = _cover(offer, drawn)
    return Stressed(
        scenario, sum(values) if values else None, offer.maximum_loan or 0.0, offer.binding, coverage, first
    )


def _cover(offer: Offer, drawn: float) -> tuple[float | None, float | None]:
    """Recoverable over exposure of this loan at its worst payment, and the first year in which it is below 1."""
    limits = offer.outcomes.get("lending.limits")
    if limits is None:
        return 0.0, 0.0
    lines = {line.name: line.values for line in limits.lines}
    covered = [carried / drawn for carried in lines["carried_by_sale_by_period"]]
    times = limits.stated["payment_times"].tolist()
    first = next((time for time, share in zip(times, covered, strict=True) if share < 1 - 1e-9), None)
    return min(covered), first

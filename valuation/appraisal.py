"""From case to values, in the order a valuer works: methods, indications, spread, conclusion, evidence, warnings.

The point value is each method at the stated values. The range comes from draws of the stated ranges and is information
beside the value: a rate that already carries risk is not risked again (standards R4). Draws are walked in blocks, so a
million need little more memory than ten thousand; one thread and two give the same bytes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np

from valuation import sampling
from valuation.assets import Asset
from valuation.calculation import Calculation, Ensemble, Outcome, point, usable
from valuation.case import Case, calculations, in_file
from valuation.conclusion import Conclusion, conclude
from valuation.errors import InputError, problem
from valuation.income_ledger import double_counting, lives_on_income
from valuation.method import Inputs, leaves
from valuation.quantity import Quantity
from valuation.reference.look_up import Figure, LookUp
from valuation.sensitivity import elasticities, probability_below
from valuation.workings import FloatArray, Warning

PERCENTILES = {"p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
SIGNIFICANT = 0.1  # an input is significant if 10% more of it moves the value by 1% or more (judgement)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Below:
    """How often the value lies below an amount, such as a loan, with the error of that share."""

    amount: float
    probability: float
    error: float


@dataclass(frozen=True)
class Range:
    """Where the value lies when the stated ranges are drawn; each percentile with its own error."""

    percentiles: Mapping[str, float]
    errors: Mapping[str, float]
    mean: float
    sd: float
    log_sd: float | None  # of the positive draws; None if any draw is not positive
    draws: int
    below: Below | None = None  # if an amount was asked for

    def to_json(self) -> dict[str, Any]:
        """Percentiles first, as the contract names them."""
        rest = {"errors": dict(self.errors), "mean": self.mean, "sd": self.sd, "draws": self.draws}
        return {**self.percentiles, **rest, **({"below": vars(self.below)} if self.below is not None else {})}


@dataclass(frozen=True)
class Indication:
    """What one method says: its value, every line, and its range."""

    outcome: Outcome
    range: Range

    @property
    def id(self) -> str:
        """The method's id."""
        return self.outcome.calculation.method.id

    @property
    def value(self) -> float:
        """The value at the stated inputs; may be negative."""
        return self.outcome.value

    def to_json(self) -> dict[str, Any]:
        """The indication with the workings of all it is derived from."""
        installed = self.outcome.calculation.installed
        return {
            "method": self.id,
            "version": installed.method.version,
            "distribution": installed.distribution,
            "distribution_version": installed.version,
            "value": self.value,
            "range": self.range.to_json(),
            **_workings_json(self.outcome),
        }


def _workings_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "lines": [line.to_json() for line in outcome.lines],
        "derived": {
            path: {
                "method": below.calculation.method.id,
                "version": below.calculation.method.version,
                "values": below.figures.tolist(),
                **_workings_json(below),
            }
            for path, below in outcome.derived.items()
        },
        "warnings": [warning.to_json() for warning in outcome.warnings],
    }


@dataclass(frozen=True)
class AssetAppraisal:
    """The value of one asset, and everything that leads to it."""

    asset: Asset
    indications: tuple[Indication, ...]
    conclusion: Conclusion
    range: Range | None
    evidence_level: int
    warnings: tuple[Warning, ...]

    @property
    def id(self) -> str:
        """The asset's id."""
        return self.asset.id

    @property
    def kind(self) -> str:
        """The asset's kind."""
        return self.asset.kind

    @property
    def value(self) -> float | None:
        """The concluded value; None while something is still to be said."""
        return self.conclusion.value

    def to_json(self) -> dict[str, Any]:
        """The keys of the contract first."""
        return {
            "id": self.id,
            "kind": self.kind,
            "value": self.value,
            "range": self.range.to_json() if self.range else None,
            "indications": [indication.to_json() for indication in self.indications],
            "conclusion": self.conclusion.to_json(),
            "evidence_level": self.evidence_level,
            "warnings": [warning.to_json() for warning in self.warnings],
        }


@dataclass(frozen=True)
class Appraisal:
    """A case valued: one appraisal an asset, and the reference figures that were used."""

    case: Case
    assets: tuple[AssetAppraisal, ...]
    figures: tuple[Figure, ...]

    def to_json(self) -> dict[str, Any]:
        """As `valuation value --json` prints it."""
        return {
            "assets": [asset.to_json() for asset in self.assets],
            "currency": self.case.currency,
            "valuation_date": self.case.valuation_date.isoformat(),
            "basis_of_value": self.case.basis_of_value,
            "figures": [figure.to_json() for figure in self.figures],
        }


def appraise(
    case: Case,
    *,
    draws: int | None = None,
    threads: int = 1,
    look_up: LookUp | None = None,
    progress: Progress | None = None,
    below: float | None = None,
) -> Appraisal:
    """Value every asset of a case. `draws` replaces the case's number of draws (0: point values only).

    With `below` each range also says how often the value lies below this amount, such as the loan asked for. Raises
    InputError where a method gives no finite figure at the stated values or in a draw.
    """
    if below is not None and not np.isfinite(below):
        raise InputError(problem("not_finite", "below", below))
    circumstances = case.circumstances(look_up)
    count = case.uncertainty.draws if draws is None else draws
    try:
        outcomes = [[point(calculation, circumstances) for calculation in calculations(asset)] for asset in case.assets]
        flat = [outcome for of_asset in outcomes for outcome in of_asset]
        values = draw(case, flat, count, threads=threads, progress=progress)
    except InputError as error:
        raise in_file(case, error) from None
    drawn = iter(values)
    used = circumstances.look_up.used
    general = [*_correlation_warnings(case, flat), *_drawn_apart(case, flat)]
    counted_twice = list(double_counting(case.assets))
    assets = tuple(
        _appraise_asset(
            asset,
            of_asset,
            [next(drawn) for _ in of_asset],
            used,
            [*general, *(counted_twice if lives_on_income(asset) else ()), *_foreign(case.currency, of_asset)],
            below,
        )
        for asset, of_asset in zip(case.assets, outcomes, strict=True)
    )
    return Appraisal(case, assets, used)


def draw(
    case: Case, outcomes: Sequence[Outcome], count: int, *, threads: int = 1, progress: Progress | None = None
) -> list[FloatArray]:
    """The values of every calculation in every draw, from one sequence, so that shared and correlated inputs agree."""
    ensemble = Ensemble(outcomes)
    if count == 0:
        return [np.array([outcome.value]) for outcome in outcomes]
    draws = draws_of(case, ensemble.paths, count)
    if not ensemble.paths:
        return [np.array([outcome.value]) for outcome in outcomes]
    stretches = list(sampling.blocks(count, ensemble.width()))
    if len(stretches) > 1:
        sampling.keep_memory()
    values = [np.empty(count) for _ in outcomes]
    done, lock = [0], threading.Lock()

    def walk(stretch: tuple[int, int]) -> None:
        start, stop = stretch
        for target, block in zip(values, ensemble.values(draws.scores(start, stop)), strict=True):
            target[start:stop] = block
        if progress is not None:
            with lock:
                done[0] += stop - start
                progress(done[0], count)

    if threads == 1:
        for stretch in stretches:
            walk(stretch)
    else:
        from concurrent.futures import ThreadPoolExecutor

        ensemble.figures(draws.scores(0, 1))  # the tables are made once, before several threads ask for them
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(walk, stretches))
    _check_derived(ensemble, count)
    for outcome, target in zip(outcomes, values, strict=True):
        _check_draws(outcome.calculation, target)
    return values


def _check_derived(ensemble: Ensemble, count: int) -> None:
    """Refuse draws in which what is worked out from the ranges left its bounds: how many did, and which bound."""
    problems = [
        problem("derived_beyond", place, draws, total=f"{count:,}", bound=bound, bound_zh=bound_zh)
        for (place, bound, bound_zh), draws in sorted(ensemble.strayed.items())
    ]
    if problems:
        raise InputError(problems)


def draws_of(case: Case, paths: Sequence[str], count: int) -> sampling.Draws:
    """The sequence of a case: one dimension an uncertain input, correlated as stated."""
    row = {path: number for number, path in enumerate(paths)}
    pairs = [(row[a], row[b], rho) for a, b, rho in case.uncertainty.rank_correlation if a in row and b in row]
    return sampling.Draws(case.uncertainty.seed, count, len(paths), pairs)


def _correlation_warnings(case: Case, outcomes: Sequence[Outcome]) -> list[Warning]:
    """Say so if the stated correlations contradict each other and the nearest possible ones were used."""
    used = draws_of(case, Ensemble(outcomes).paths, 1).correlation
    if used.possible:
        return []
    return [
        Warning(
            f"The stated rank correlations cannot hold together; the nearest possible are used, changed by up to "
            f"{used.largest_change:.2f}.",
            f"所列秩相关系数不能同时成立；采用最接近的可行值，最大改动 {used.largest_change:.2f}。",
        )
    ]


def _drawn_apart(case: Case, outcomes: Sequence[Outcome]) -> Iterator[Warning]:
    """Say so of inputs that one fit gave and that are drawn as if they had nothing to do with each other."""
    stated = {frozenset(pair[:2]) for pair in case.uncertainty.rank_correlation}
    for member in (member for outcome in outcomes for member in outcome.calculation.family()):
        ranged = [name for name in member.inputs.drawn_together if _has_a_range(getattr(member.inputs, name))]
        pairs = [frozenset(map(member.place, pair)) for pair in combinations(ranged, 2)]
        if any(pair not in stated for pair in pairs):
            yield Warning(
                f"{', '.join(ranged)} of {member.method.id} have ranges of their own and are drawn apart, though one "
                "fit gave them: the range of the value is far too wide. Draw resamples of the fit.",
                f"{member.method.id} 的 {'、'.join(ranged)} 出自同一拟合，却各自独立抽样，结果区间将严重偏宽；"
                "请改用拟合的重抽样。",
            )


def _has_a_range(given: Any) -> bool:
    return isinstance(given, Quantity) and given.uncertain


def _foreign(currency: str, outcomes: Sequence[Outcome]) -> Iterator[Warning]:
    """China's tax by default, or its interest rates at all, in a case of another currency."""
    members = [member for outcome in outcomes for member in outcome.calculation.family()]
    found = {
        f"{member.place(path)} ({quantity.reference})"
        for member in members
        for path, quantity, facts in leaves(member.inputs)
        if (quantity.reference or "").startswith("cn.")
        and (facts.unit == "fraction per year" or not _is_stated(member.inputs, path))
    }
    if currency != "CNY" and found:
        shown = ", ".join(sorted(found))
        yield Warning(
            f"The case is in {currency} and takes figures of China: {shown}. State those of the country and currency.",
            f"案例币种为 {currency}，却采用中国数据：{shown}。请填写相应国家和币种的数据。",
        )


def _check_draws(calculation: Calculation, values: FloatArray) -> None:
    broken = int(np.count_nonzero(~usable(values)))
    if broken:
        names = ", ".join(list(type(calculation.inputs).model_fields)[:8])
        line = f"value ({broken:,} of {values.size:,} draws)"
        raise InputError(
            problem(
                "no_finite_value", calculation.path, calculation.method.id, line=line, inputs=names, said="", said_zh=""
            )
        )


def range_of(values: FloatArray, *, below: float | None = None) -> Range:
    """Percentiles with their errors, mean and spread of drawn values, and how many lie below an amount."""
    found, errors = sampling.percentiles(values, list(PERCENTILES.values()))
    positive = bool(np.min(values) > 0)
    return Range(
        dict(zip(PERCENTILES, map(float, found), strict=True)),
        dict(zip(PERCENTILES, map(float, errors), strict=True)),
        float(np.mean(values)),
        _spread(values.copy()),
        _spread(np.log(values)) if positive else None,
        values.size,
        None if below is None or values.size == 1 else Below(below, *probability_below(values, below)),
    )


def _spread(figures: FloatArray) -> float:
    """Standard deviation, worked out in the figures' own memory: a million draws are 8 MB."""
    figures -= np.mean(figures)
    figures *= figures
    return float(np.sqrt(np.mean(figures)))


def _appraise_asset(
    asset: Asset,
    outcomes: Sequence[Outcome],
    drawn: Sequence[FloatArray],
    figures: Sequence[Figure],
    general: Sequence[Warning],
    below: float | None,
) -> AssetAppraisal:
    indications = tuple(Indication(o, range_of(values, below=below)) for o, values in zip(outcomes, drawn, strict=True))
    conclusion = conclude(
        asset.conclusion,
        {indication.id: indication.value for indication in indications},
        approaches={indication.id: indication.outcome.calculation.method.approach for indication in indications},
        can_be_made_again=asset.can_be_made_again,
    )
    chosen = [i for i in indications if i.id in conclusion.weights] or list(indications)
    levels = {figure.name: figure.level for figure in figures}
    return AssetAppraisal(
        asset,
        indications,
        conclusion,
        _concluded_range(indications, drawn, conclusion, below),
        max((evidence_level(indication.outcome, levels) for indication in chosen), default=3),
        (*general, *_warnings(indications, conclusion, figures)),
    )


def _concluded_range(
    indications: Sequence[Indication], drawn: Sequence[FloatArray], conclusion: Conclusion, below: float | None
) -> Range | None:
    """Of the weighted sum in each draw; None while there is no conclusion."""
    weighted = [(conclusion.weights.get(i.id), i, values) for i, values in zip(indications, drawn, strict=True)]
    chosen = [(weight, i, values) for weight, i, values in weighted if weight is not None]
    if not chosen or conclusion.value is None:
        return None
    if [weight for weight, _, _ in chosen] == [1]:
        return chosen[0][1].range
    return range_of(reduce(np.add, (weight * values for weight, _, values in chosen)), below=below)


def evidence_level(outcome: Outcome, levels: Mapping[str, int]) -> int:
    """The level of a value: the lowest grade (largest number) among its significant inputs, as IFRS 13 grades them.

    Significant inputs are those that move the value (SIGNIFICANT); a number without a stated level is judgement, 3. A
    factor that nobody stated and that stands at 1 changes nothing and needs no evidence.
    """
    moved = elasticities(outcome)
    inputs = outcome.calculation.inputs
    found = [
        _level(quantity, path, outcome, levels)
        for path, quantity, _ in leaves(inputs)
        if abs(moved[path]) >= SIGNIFICANT and (_is_stated(inputs, path) or np.any(outcome.stated[path] != 1))
    ]
    return max(found, default=3)


def _level(quantity: Quantity, path: str, outcome: Outcome, levels: Mapping[str, int]) -> int:
    if quantity.derive is not None:
        return evidence_level(outcome.derived[path], levels)
    if quantity.reference is not None:
        return levels[quantity.reference]
    return quantity.level or 3


def _is_stated(inputs: Inputs, path: str) -> bool:
    """Whether somebody wrote this figure; no for what an entry such as hardware[0] left to its default."""
    model: Any = inputs
    for step in path.split("."):
        name, _, index = step.rstrip("]").partition("[")
        if name not in model.model_fields_set:
            return False
        model = getattr(model, name)[int(index)] if index else getattr(model, name)
    return True


def _warnings(
    indications: Sequence[Indication], conclusion: Conclusion, figures: Sequence[Figure]
) -> tuple[Warning, ...]:
    found = [warning for indication in indications for warning in indication.outcome.all_warnings()]
    unsourced = sorted(
        {
            member.place(path)
            for indication in indications
            for member in indication.outcome.calculation.family()
            for path, quantity, _ in leaves(member.inputs)
            if _is_stated(member.inputs, path)
            and quantity.source is None and quantity.reference is None and quantity.derive is None
        }
    )  # fmt: skip
    if unsourced:
        shown = ", ".join(unsourced[:6]) + (", …" if len(unsourced) > 6 else "")
        found.append(
            Warning(
                f"{len(unsourced)} stated figures name no source: {shown}.",
                f"{len(unsourced)} 个数据未注明来源：{shown}。",
            )
        )
    for figure in figures:
        stale = figure.warning()
        if stale is not None:
            found.append(Warning(stale.sentence("en"), stale.sentence("zh")))
    found += [Warning(f"{i.id} is negative.", f"{i.id} 的结果为负。") for i in indications if i.value < 0]
    return tuple(dict.fromkeys([*found, *conclusion.remarks, *conclusion.demands]))

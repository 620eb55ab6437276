"""One basis for flows and rate (口径一致): nominal or real, before or after tax, expected or if things go well.

A quantity may state its basis, a field says which it needs, and a derived input brings that of its method. What nobody
says is taken as the field's label says. A rate and a flow on different bases are refused: they give a figure that looks
right and is not. Source: CAS Expert Guidance No. 12, Article 6 (page-read): rate and income on one basis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from valuation.errors import Problem, problem
from valuation.method import FieldFacts, Inputs, Method, leaves
from valuation.quantity import Basis, Quantity

WORDS = {
    "nominal": ("nominal", "名义"),
    "real": ("real (without inflation)", "实际（不含通胀）"),
    "before_tax": ("before tax", "税前"),
    "after_tax": ("after tax", "税后"),
    "expected": ("expected over all outcomes", "各种结果的期望"),
    "success_case": ("true only if things go well", "仅为成功情形"),
}
REMEDIES = {
    "prices": (
        "Turn it: (1 + nominal) = (1 + real) x (1 + inflation).",
        "请换算：(1 + 名义) = (1 + 实际) × (1 + 通胀率)。",
    ),
    "tax": (
        "Find the rate on the other basis by solving for equal present values; dividing by (1 - tax) is wrong.",
        "请按现值相等求解另一口径的折现率；直接除以 (1 - 税率) 是错误的。",
    ),
    "outcome": (
        "Risk is counted once: expected flows with a market rate, or success-case flows with a hurdle rate.",
        "风险只计一次：期望现金流配市场折现率，或成功情形现金流配门槛收益率。",
    ),
}
SHARED = ("prices", "outcome")  # dimensions in which all flows and rates of one method must agree


def basis_problems(inputs: Inputs, derived: Mapping[str, Method], path: str) -> Iterator[Problem]:
    """Every input whose basis is not the one its field needs, or not that of the others."""
    seen: dict[str, tuple[str, str, bool]] = {}
    for relative, quantity, facts in leaves(inputs):
        stated = _stated(quantity, derived.get(relative))
        place = f"{path}.{relative}".strip(".")
        for dimension in REMEDIES:
            given, needed = stated.get(dimension), (facts.basis or {}).get(dimension)
            if given is not None and needed is not None and given != needed:
                yield _mismatch(place, dimension, given, needed, facts)
                continue
            meant = given or needed
            if meant is None or dimension not in SHARED:
                continue
            first, other, by_method = seen.setdefault(dimension, (meant, relative, needed is not None))
            if meant != first and not (by_method and needed):  # rNPV: success-case flows, and a rate for expected ones
                yield _mixed(place, dimension, meant, first, other)


def _stated(quantity: Quantity, method: Method | None) -> Mapping[str, str]:
    own = quantity.basis or Basis()
    said = {name: value for name, value in vars(own).items() if value is not None}
    return {**(method.basis if method else {}), **said}


def _mismatch(place: str, dimension: str, given: str, needed: str, facts: FieldFacts) -> Problem:
    remedy, remedy_zh = REMEDIES[dimension]
    return problem(
        "combination", place,
        reason=f"{facts.label_en} is stated {WORDS[given][0]}, here it must be {WORDS[needed][0]}",
        reason_zh=f"{facts.label_zh}为{WORDS[given][1]}口径，此处须为{WORDS[needed][1]}口径",
        remedy=remedy, remedy_zh=remedy_zh,
    )  # fmt: skip


def _mixed(place: str, dimension: str, given: str, first: str, other: str) -> Problem:
    remedy, remedy_zh = REMEDIES[dimension]
    return problem(
        "combination", place,
        reason=f"this is {WORDS[given][0]} while {other} is {WORDS[first][0]}",
        reason_zh=f"此处为{WORDS[given][1]}口径，而 {other} 为{WORDS[first][1]}口径",
        remedy=remedy, remedy_zh=remedy_zh,
    )  # fmt: skip

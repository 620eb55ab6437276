"""The text of Excel formulas: how numpy's functions, numbers and references are written there.

Excel differs from Python in four ways that matter here: its unary minus binds tighter than ^, it knows no infinity,
it keeps 15 digits of a number typed into a formula, and SUM and MAX skip TRUE and FALSE.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from valuation.finance.bivariate_normal import NEXT_TO_NOTHING, REACH, quadrature

# How tightly a formula binds. A minus sign is ranked with the sum and stands before an atom only, so that neither
# Excel's -2^2 = 4 nor Python's -2**2 = -4 is ever left to the reader.
COMPARISON, SUM, PRODUCT, POWER, ATOM = range(1, 6)

LARGEST = 9.99e307  # stands for infinity
LONGEST, DEEPEST = 8192, 64  # characters and brackets within brackets that Excel takes
FEW = 12  # as many references a reader follows one by one


class Place(NamedTuple):
    """A row and a column of a sheet, counted from 0."""

    row: int
    column: int


class Term(NamedTuple):
    """The formula of one cell; `place` if it is nothing but a reference, `truth` if it gives TRUE or FALSE."""

    text: str
    rank: int = ATOM
    place: Place | None = None
    truth: bool = False

    def within(self, rank: int) -> str:
        """The text as part of a formula that binds by `rank`."""
        return self.text if self.rank >= rank else f"({self.text})"

    def number(self) -> Term:
        """The term itself, or 1 and 0 for TRUE and FALSE."""
        return Term(f"IF({self.text},1,0)") if self.truth else self

    def too_long(self) -> bool:
        """Whether Excel would refuse the formula."""
        depth = deepest = 0
        for character in self.text if len(self.text) > DEEPEST else "":
            depth += (character == "(") - (character == ")")
            deepest = max(deepest, depth)
        return len(self.text) >= LONGEST or deepest > DEEPEST


def reference(place: Place, *, fixed: bool) -> Term:
    """The term that refers to a place: E13, or $D$9 for a figure that holds for all years."""
    return Term(xl_rowcol_to_cell(*place, row_abs=fixed, col_abs=fixed), place=place)


def literal(number: float) -> Term | None:
    """A number as it may stand in a formula, or None if Excel would not keep all its digits there."""
    number = float(number)
    text = f"{in_excel(number):.15G}"
    if np.isfinite(number) and float(text) != number:
        return None
    return Term(text, SUM if text.startswith("-") else ATOM)


def in_excel(number: float) -> float:
    """The number a cell can hold: infinity becomes the largest one."""
    return float(np.clip(number, -LARGEST, LARGEST))


def arguments(terms: Sequence[Term]) -> str | None:
    """References as the arguments of a function: E13:N13 if they are neighbours, a few one by one, else None."""
    places = [term.place for term in terms if term.place is not None]
    if len(places) < len(terms):
        return None
    row, first = places[0]
    if places == [Place(row, first + step) for step in range(len(places))]:
        return str(xl_range(row, first, row, places[-1].column))
    return ",".join(term.text for term in terms) if len(terms) <= FEW else None


def call(name: str) -> Callable[..., Term]:
    """A function of Excel on figures."""
    return lambda *terms: Term(f"{name}({','.join(term.number().text for term in terms)})")


def logic(name: str) -> Callable[..., Term]:
    """A function of Excel on conditions."""
    return lambda *terms: Term(f"{name}({','.join(term.text for term in terms)})", truth=True)


def infix(sign: str, rank: int) -> Callable[[Term, Term], Term]:
    """An operator between two terms."""

    def write(left: Term, right: Term) -> Term:
        # The right side keeps its brackets at the same rank: a-(b-c), and a+(b+c) adds in the order numpy added.
        text = f"{left.number().within(rank)}{sign}{right.number().within(rank + 1)}"
        return Term(text, rank, truth=rank == COMPARISON)

    return write


def add(left: Term, right: Term) -> Term:
    """A sum; without the 0 that Python's sum() begins with."""
    return right.number() if left.text == "0" else infix("+", SUM)(left, right)


def power(base: Term, exponent: Term) -> Term:
    """base^exponent, both in brackets unless they are atoms: Excel reads a^b^c from the left."""
    return Term(f"{base.number().within(ATOM)}^{exponent.number().within(ATOM)}", POWER)


def negative(term: Term) -> Term:
    """The term with its sign changed."""
    return Term(f"-{term.number().within(ATOM)}", SUM)


def where(condition: Term, then: Term, otherwise: Term) -> Term:
    """IF, which works out only the side it needs."""
    return Term(f"IF({condition.text},{then.number().text},{otherwise.number().text})")


ONE = Term("1")
minus = infix("-", SUM)

ELEMENTWISE: dict[Any, Callable[..., Term]] = {
    np.add: add,
    np.subtract: minus,
    np.multiply: infix("*", PRODUCT),
    np.divide: infix("/", PRODUCT),
    np.power: power,
    np.negative: negative,
    np.less: infix("<", COMPARISON),
    np.less_equal: infix("<=", COMPARISON),
    np.greater: infix(">", COMPARISON),
    np.greater_equal: infix(">=", COMPARISON),
    np.equal: infix("=", COMPARISON),
    np.not_equal: infix("<>", COMPARISON),
    np.logical_and: logic("AND"),
    np.logical_or: logic("OR"),
    np.logical_not: logic("NOT"),
    np.bitwise_and: logic("AND"),  # & | ~ on conditions; on figures numpy itself refuses them
    np.bitwise_or: logic("OR"),
    np.invert: logic("NOT"),
    np.maximum: call("MAX"),
    np.minimum: call("MIN"),
    np.absolute: call("ABS"),
    np.sqrt: call("SQRT"),
    np.exp: call("EXP"),
    np.log: call("LN"),
    np.expm1: lambda term: minus(call("EXP")(term), ONE),
    np.log1p: lambda term: call("LN")(add(ONE, term)),
    np.floor: call("INT"),  # FLOOR refuses negative figures in some versions
    np.ceil: lambda term: negative(call("INT")(negative(term))),
}

OVER_YEARS: dict[Any, str] = {
    np.sum: "SUM",
    np.prod: "PRODUCT",
    np.min: "MIN",
    np.amin: "MIN",
    np.max: "MAX",
    np.amax: "MAX",
    np.mean: "AVERAGE",
}

# Functions newer than Excel 2007 are stored with a prefix.
normal_quantile = call("_xlfn.NORM.S.INV")


def normal_cdf(score: Term) -> Term:
    """The chance of a standard normal figure below the score."""
    return Term(f"_xlfn.NORM.S.DIST({score.number().text},TRUE)")


def bivariate_normal_cdf(first: Term, second: Term, correlation: Term) -> Term:
    """The chance of two correlated normal figures below the scores: the same quadrature as one SUMPRODUCT.

    The scores are given as they stand: a method names them by lines first, or the formula grows too long.
    """
    a, b, r = (term.number().within(ATOM) for term in (first, second, correlation))
    columns = zip(*quadrature(), strict=True)
    places, weights = ("{" + ",".join(f"{figure:.15G}" for figure in column) + "}" for column in columns)
    product, apart = f"{a}*{b}*SIGN({r})", f"({a}-{b}*SIGN({r}))"
    end = f"MIN(ATANH(ABS({r})),ASINH({REACH:g}/MAX(ABS{apart},{NEXT_TO_NOTHING:G})))"
    way = f"{end}*{places}"
    ridge = f"COSH({way})"
    density = f"EXP(0-{apart}*{apart}/2*{ridge}*{ridge}-{product}/(1+TANH({way})))/{ridge}"
    below = [f"_xlfn.NORM.S.DIST({score},TRUE)" for score in (a, b)]
    both = f"{below[0]}*{below[1]}+SIGN({r})*{end}/(2*PI())*SUMPRODUCT({weights}*{density})"
    limit = f"IF({r}>0,MIN({below[0]},{below[1]}),MAX({below[0]}+{below[1]}-1,0))"
    return Term(f"IF(ABS({r})<1,{both},{limit})")


def gamma(argument: Term) -> Term:
    """The gamma function by its logarithm: Excel 2010 has no other."""
    return call("EXP")(call("GAMMALN")(argument))

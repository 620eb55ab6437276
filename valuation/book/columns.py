"""The columns of a book: what each means and what it may hold.

Bounds and words stand on the fields of the lending inputs; they are not written here again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, get_args

from valuation.assets import KIND_NAMES, Subkind
from valuation.book.policy import FOR_ALL, OF_KIND
from valuation.errors import InputError, problem
from valuation.lending.haircuts import PART_NAMES, PARTS, PledgedAsset
from valuation.lending.limits import LIMIT_NAMES, LimitInputs
from valuation.lending.schedules import Schedule
from valuation.lending.terms import JURISDICTIONS, LoanTerms
from valuation.method import FieldFacts, field_facts

KINDS = tuple(KIND_NAMES)
SUBKINDS: tuple[str, ...] = get_args(Subkind)
SCHEDULES: tuple[str, ...] = get_args(Schedule)
TITLES = ("hold", "pass", "refuse")  # the first where nothing is stated
APPROACHES = ("income", "market", "cost")
GROUPS = ("borrower", "base_model", "gpu_generation", "guarantor")  # by whose names a book may be concentrated
CASH_A_YEAR = ("Cash for debt service a year", "每年可用于偿债的现金流")  # a row has no list by period
MOST_MONEY = 10**15  # more than any bank holds: such a cell is a slip, and every sum of the book would be it
FIELDS = {"amount": "amount_asked", "guarantor_capacity": "guarantor"}  # columns whose input has another name


@dataclass(frozen=True)
class Column:
    """One column: a number with its facts, one of a few words, a date, or text."""

    name: str
    sort: str  # number, word, date, text
    en: str
    zh: str
    facts: FieldFacts | None = None
    words: tuple[str, ...] = ()
    needed: bool = False
    ahead: bool = False  # a date that may lie after the day of the book

    def allowed(self, language: str = "en") -> str:
        """What it may hold, in a few words."""
        if self.words:
            return ", ".join(self.words)
        if self.facts is None:
            return SORTS[self.sort][language]
        facts, (least, more, most, less) = self.facts, BOUNDS[language]
        low, high = _bound((more, facts.above), (least, facts.low)), _bound((less, facts.below), (most, facts.high))
        return ", ".join(filter(None, (low, high))) or SORTS[self.sort][language]


SORTS = {
    "number": {"en": "a number", "zh": "数字"},
    "date": {"en": "a date, such as 2026-06-30", "zh": "日期，如 2026-06-30"},
    "text": {"en": "text", "zh": "文本"},
}
BOUNDS = {"en": ("at least ", "more than ", "at most ", "less than "), "zh": ("≥ ", "> ", "≤ ", "< ")}


def _bound(*bounds: tuple[str, float | None]) -> str:
    return next((f"{word}{limit:g}" for word, limit in bounds if limit is not None), "")


def _number(name: str, facts: FieldFacts | None, *, needed: bool = False) -> Column:
    assert facts is not None, name
    if facts.unit == "money":
        facts = replace(facts, high=MOST_MONEY)
    return Column(name, "number", facts.label_en, facts.label_zh, facts, needed=needed)


def _of_asset() -> list[Column]:
    columns = [_number(name, field_facts(PledgedAsset, name)) for name in PledgedAsset.model_fields]
    # A value of nothing or less is no fault of the row: the answer to it is that nothing can be lent.
    return [c if c.name != "value" else replace(c, facts=replace(_facts(c), low=None), needed=True) for c in columns]


def _facts(column: Column) -> FieldFacts:
    assert column.facts is not None
    return column.facts


def _of_loan() -> list[Column]:
    names = (
        "rate", "balloon_share", "cash_flow", "dscr", "money_rate", "product_amount", "need", "guarantor_capacity",
        "amount", "default_probability", "unsecured_recovery",
    )  # fmt: skip
    columns = [_number(name, field_facts(LimitInputs, FIELDS.get(name, name)), needed=name == "rate") for name in names]
    en, zh = CASH_A_YEAR
    return [replace(column, en=en, zh=zh) if column.name == "cash_flow" else column for column in columns]


def _tenor() -> Column:
    """Its bounds stand on the terms of a loan."""
    bounds: dict[str, float] = {}
    for rule in LoanTerms.model_fields["tenor_years"].metadata:
        bounds |= {
            name: float(limit)
            for name, limit in (("above", getattr(rule, "gt", None)), ("high", getattr(rule, "le", None)))
            if limit is not None
        }
    return _number("tenor_years", FieldFacts("years", "Tenor", "期限（年）", **bounds), needed=True)  # type: ignore[arg-type]


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("id", "text", "Name of the row, once in a book", "编号（不得重复）", needed=True),
        Column("kind", "word", "Kind of asset", "资产类别", words=KINDS, needed=True),
        Column("subkind", "word", "Sort of intellectual property", "知识产权种类", words=SUBKINDS),
        Column("schedule", "word", "How the loan is paid back", "还款方式", words=SCHEDULES, needed=True),
        Column("title", "word", "Whether the title holds; hold if not stated", "权属结论（未填为 hold）", words=TITLES),
        Column("title_reason", "text", "Why the title holds, is on hold or fails", "权属结论的理由"),
        _tenor(),
        _number(
            "payments_per_year",
            FieldFacts("count", "Payments a year; 1 if not stated", "每年还款次数（未填为 1）", low=1, high=12),
        ),
        _number(
            "evidence_level",
            FieldFacts(
                "level", "Evidence level of the value (IFRS 13); 3 if not stated", "证据层级（未填为 3）", low=1, high=3
            ),
        ),
        *_of_asset(),
        *_of_loan(),
        _number("balance", FieldFacts("money", "Principal outstanding", "贷款本金余额", low=0)),
        Column("borrower", "text", "Borrower: all loans of one name count as one", "借款人（同名合并计算集中度）"),
        Column("base_model", "text", "Model it was made from", "基础模型"),
        Column("gpu_generation", "text", "GPU generation", "GPU 代际"),
        Column("guarantor", "text", "Guarantor", "担保人"),
        Column("valued_on", "date", "Date of the latest appraisal", "最近评估日期"),
        Column("fee_due_on", "date", "When the next fee of the right falls due", "下次年费应缴日", ahead=True),
        Column("right_ends_on", "date", "When the right ends by law", "权利法定届满日", ahead=True),
        Column("approach", "word", "Approach behind the value", "评估值所用评估方法", words=APPROACHES),
        _number(
            "revenue_over_value",
            FieldFacts(
                "ratio",
                "Present value of the revenue over the value; 1 if not stated",
                "收入现值与评估值之比（未填为 1）",
                low=0,
            ),
        ),
        Column(
            "jurisdiction", "word", "Where the asset is used and would be sold", "资产所在法域", words=JURISDICTIONS
        ),
        Column("owner", "text", "Owner of the security", "押品所有人"),
        Column("owner_id", "text", "Number of the owner's papers", "所有人证件号码"),
        Column("guarantee_contract", "text", "Number of the security contract", "担保合同号"),
        Column("state", "text", "State of the security", "押品状态"),
        Column("certificate", "text", "Number of the certificate of title", "权证号码"),
        _number(
            "first_value",
            replace(
                field_facts(PledgedAsset, "value") or FieldFacts("money", "", ""),
                label_en="Value when first appraised",
                label_zh="起始估值",
            ),
        ),
        _number("ranking", FieldFacts("count", "Rank of the claim; 1 is first", "处置权顺位", low=1)),
    )
}
WHOLE = ("payments_per_year", "evidence_level", "ranking")  # whole numbers

RESULTS: dict[str, tuple[str, str]] = {  # figures of each row, in the order of the table
    "haircut_total": ("Haircut at the end of the loan", "贷款到期时的总折扣"),
    **{f"retained_{part}": (f"Retained: {PART_NAMES[part][0]}", f"保留：{PART_NAMES[part][1]}") for part in PARTS},
    "recoverable_value": ("Money of a sale after default at the end", "到期违约后的变现金额"),
    **{f"limit_{name}": (f"Limit: {english}", f"限额：{chinese}") for name, (english, chinese) in LIMIT_NAMES.items()},
    "maximum_loan": ("Largest loan", "最高贷款额"),
    "loan_to_value": ("Largest loan over value", "质押率"),
    "carried_by_security": ("Part of it that a sale of the security carries", "押品变现承担的部分"),
    "rests_on_borrower": ("Part of it that rests on the borrower alone", "依赖借款人的部分"),
    "highest_loan_to_value": ("Highest balance over expected value", "贷款期内最高抵质押率"),
    "year_of_highest_loan_to_value": ("When that is, in years after drawing", "最高抵质押率的时点（年）"),
    "least_cover": ("Least proceeds of a sale over what is owed", "最低变现覆盖率"),
    "year_of_least_cover": ("When that is, in years after drawing", "最低覆盖率的时点（年）"),
    "expected_loss": ("Expected loss on the largest loan", "最高贷款额的预期损失"),
    "revalue_within_years": ("Revalue within so many years", "应在多少年内重估"),
}
WORDS = {
    "decision": ("offer, refuse or rejected", "结论"),
    "binding_limit": ("The smallest limit", "起决定作用的限额"),
    "reasons": ("Why", "理由"),
}


def check_names(given: list[str], other: list[str]) -> None:
    """Refuse a table whose columns are unknown, doubled, missing, or would be written over."""
    if given and not any(name in COLUMNS for name in given):
        raise InputError(problem("no_heading", "table", next(filter(None, given), "")))
    problems = []
    results = (*RESULTS, *WORDS)
    for name in given:
        if name in results:
            problems.append(problem("column_of_results", name, name))
        elif name not in COLUMNS and name not in other:
            problems.append(problem("unknown_column", name, name, known=[*COLUMNS, *other]))
    problems += [problem("duplicate", name, name) for name in dict.fromkeys(given) if given.count(name) > 1]
    problems += [
        problem(
            "missing",
            column.name,
            None,
            what=f"the column {column.name} ({column.en})",
            what_zh=f"列 {column.name}（{column.zh}）",
        )
        for column in COLUMNS.values()
        if column.needed and column.name not in given
    ]
    if problems:
        raise InputError(problems)


def _if_blank(column: Column) -> str:
    """Whether a blank is refused, taken from the policy or from the assumptions, or left blank."""
    if column.needed:
        return "refused"
    if column.name in OF_KIND:
        return "assumed"
    return "policy" if column.name in (*FOR_ALL, "policy_cap") else "blank"


def dictionary() -> list[dict[str, Any]]:
    """Every column of a book with its meaning: those it may have, then those it comes back with."""
    given = [
        {
            "column": c.name,
            "unit": c.facts.unit if c.facts else c.sort,
            "en": c.en,
            "zh": c.zh,
            "allowed": c.allowed(),
            "needed": c.needed,
            "if_blank": _if_blank(c),
        }
        for c in COLUMNS.values()
    ]
    back = [{"column": name, "en": en, "zh": zh, "written": True} for name, (en, zh) in (RESULTS | WORDS).items()]
    return [*given, *back]

"""Every kind of bad cell is told with its row, name, column, what was given and what is allowed; the rest goes on."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_books import LOSS, ON, POLICY, book, same_figures

from valuation.book.tables import lend_book
from valuation.errors import InputError

NAN, NOTHING = float("nan"), ""


def lent(frame: Any, policy: Any = POLICY, **options: Any) -> Any:
    return lend_book(frame, policy, on=ON, **options)


def test_a_good_book_has_no_rejects() -> None:
    found = lent(book(3))
    assert found.rejects.empty
    assert found.table["decision"].tolist() == ["offer"] * 3
    assert found.summary["rejected"] == 0


# One bad cell in the second of three rows: what is told of it

BAD = [
    ("value", NAN, NOTHING, "nothing was given; Appraised value"),
    ("value", "12m", "12m", '"12m" was given, a number is expected'),
    ("value", "1,234万", "1,234万", "Write 12340000, without quotes"),
    ("value", "1,234,567", "1,234,567", "Write 1234567, without quotes"),
    ("value", True, "True", "true was given, a number is expected"),
    ("value", [1.0], "[1.0]", "a number is expected"),
    ("value", 10**400, "inf", "inf is not a finite number"),
    ("value", np.inf, "inf", "inf is not a finite number"),
    ("value", -np.inf, "-inf", "-inf is not a finite number"),
    ("value", "inf", "inf", "Write a number such as 0.12"),
    ("value", 1e300, "1e+300", "at most 1000000000000000 is allowed"),
    ("value", Decimal("NaN"), NOTHING, "nothing was given"),
    ("rate", 4.5, "4.5", "Write 4.5% as 0.045"),
    ("rate", "4.5%", "4.5%", "Write 0.045, without quotes"),
    ("rate", -0.01, "-0.01", "at least 0 is allowed"),
    ("tenor_years", 0.0, "0", "more than 0.0027 is allowed"),
    ("tenor_years", 31.0, "31", "at most 30 is allowed"),
    ("schedule", "anuity", "anuity", "Did you mean annuity?"),
    ("schedule", None, NOTHING, "nothing was given; How the loan is paid back"),
    ("kind", "computer_cluster", "computer_cluster", "Did you mean compute_cluster?"),
    ("kind", pd.NA, NOTHING, "nothing was given; Kind of asset"),
    ("id", None, NOTHING, "nothing was given; Name of the row"),
    ("id", "r1", "r1", '"r1" is named twice'),
    ("id", "a\u200b", "U+200B", "invisible character"),
]


@pytest.mark.parametrize(("column", "cell", "given", "said"), BAD)
def test_a_bad_cell_keeps_its_row_out_and_no_other(column: str, cell: Any, given: str, said: str) -> None:
    frame = book(3).astype({column: object})
    frame.at[1, column] = cell
    found = lent(frame)
    assert found.table["decision"].tolist() == ["offer", "rejected", "offer"]
    (line,) = found.rejects.to_dict("records")
    assert (line["row"], line["column"], line["given"]) == (2, column, given)
    assert line["id"] == ("r2" if column != "id" else "" if cell is None else cell)
    assert line["sentence"].startswith(f"row 2, {column}: ")
    assert said in line["sentence"]
    assert found.table["reasons"][1] == "Left out: see the table of rejects."


OPTIONAL = [
    ("evidence_level", 1.5, "a whole number is expected"),
    ("evidence_level", 4, "at most 3 is allowed"),
    ("balance", 1e300, "at most 1000000000000000 is allowed"),
    ("cash_flow", 1e300, "at most 1000000000000000 is allowed"),
    ("payments_per_year", 24, "at most 12 is allowed"),
    ("title", "passed", "Did you mean pass?"),
    ("subkind", "softwear", "Did you mean software?"),
    ("valued_on", "2026-07-01", "lies after the valuation date 2026-06-30"),
    ("valued_on", date(2026, 7, 1), "lies after the valuation date 2026-06-30"),
    ("valued_on", "30/06/2026", "Write year-month-day"),
    ("valued_on", 46203, "Write year-month-day"),
    ("title_failure", 1.0, "less than 1 is allowed"),
    ("log_drift", 0.2, "at most 0 is allowed"),
    ("default_correlation", 0.5, "Probability of default in a year"),
]


@pytest.mark.parametrize(("column", "cell", "said"), OPTIONAL)
def test_a_bad_cell_of_a_column_that_may_be_left_out(column: str, cell: Any, said: str) -> None:
    found = lent(book(2, **{column: pd.Series([None, cell], dtype=object)}))
    assert found.table["decision"].tolist() == ["offer", "rejected"]
    assert said in found.rejects["sentence"][0]


def test_what_a_schedule_needs_is_asked_for() -> None:
    found = lent(book(3, schedule=["sculpted", "balloon", "bullet"]))
    assert found.rejects["column"].tolist() == ["cash_flow", "balloon_share"]
    found = lent(book(1, schedule=["sculpted"], cash_flow=[1e6]))
    assert found.rejects["column"].tolist() == ["dscr"]


def test_a_limit_on_the_loss_leaves_no_more_to_be_recovered() -> None:
    """As in the call for one loan, which refuses the two together."""
    found = lent(book(2, unsecured_recovery=[0.8, 0.3]), {**POLICY, "loans": LOSS})
    assert found.table["decision"].tolist() == ["rejected", "offer"]
    assert "no default loses the part allowed" in found.rejects["sentence"][0]


def test_every_bad_cell_of_a_row_is_told() -> None:
    found = lent(book(1, rate=[4.5], kind=["x"], schedule=[None]))
    assert set(found.rejects["column"]) == {"rate", "kind", "schedule"}
    assert found.summary["rejected"] == 1
    assert found.summary["rejected_cells"] == 3


def test_the_table_of_rejects_speaks_chinese() -> None:
    found = lent(book(2, id=["甲", "甲"], rate=[0.05, 4.5]), language="zh")
    assert found.rejects["sentence"].tolist() == [
        'row 2, id："甲" 出现两次。请使用不同的名称。',
        "row 2, rate：给出的是 4.5，最大允许 1。4.5% 请写成 0.045。",
    ]
    assert found.rejects["allowed"].tolist() == ["文本", "≥ 0, ≤ 1"]
    assert found.table["reasons"][1] == "未计算：见错误表。"


def test_a_book_of_nothing_but_bad_rows_is_worked_through() -> None:
    found = lent(book(4, rate=[4.5] * 4))
    assert found.table["decision"].tolist() == ["rejected"] * 4
    assert found.table["maximum_loan"].isna().all()
    assert found.summary["sums_of_offers"]["maximum_loan"] == 0


def test_a_name_stands_once_however_long_the_book() -> None:
    """Also where the first lies in another stretch, and among names that are numbers."""
    frame = book(5, id=[7, 8, 9.0, "7", 8])
    assert lent(frame).rejects["row"].tolist() == [4, 5]


# Other libraries' cells

PLAIN = book(4, value=[1e7, 2e7, 3e7, 4e7], rate=0.05, valued_on="2026-03-31", evidence_level=3.0)
OTHERS = {
    "Arrow": lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
    "nullable": lambda frame: frame.convert_dtypes(),
    "objects": lambda frame: frame.astype(object),
    "categories": lambda frame: frame.astype({"kind": "category", "schedule": "category", "valued_on": "category"}),
    "plain texts": lambda frame: frame.assign(value=frame["value"].map("{:.2f}".format), rate="5e-2"),
    "decimals": lambda frame: frame.assign(value=[Decimal(int(value)) for value in frame["value"]]),
    "numpy scalars": lambda frame: frame.assign(value=pd.Series(list(frame["value"].to_numpy()), dtype=object)),
    "whole numbers": lambda frame: frame.astype({"value": "int64", "evidence_level": "int8"}),
    "narrow numbers": lambda frame: frame.astype({"evidence_level": "float32"}),
    "timestamps": lambda frame: frame.assign(valued_on=pd.to_datetime(frame["valued_on"])),
    "days": lambda frame: frame.assign(valued_on=[date(2026, 3, 31)] * len(frame)),
    "an index": lambda frame: frame.set_index(pd.Index([3, 3, 1, 0])),
}


@pytest.mark.parametrize("other", OTHERS)
def test_the_same_cells_held_otherwise_give_the_same(other: str) -> None:
    found = lent(OTHERS[other](PLAIN))
    assert found.rejects.empty, found.rejects["sentence"].tolist()
    same_figures(found.table, lent(PLAIN).table)


@pytest.mark.parametrize("dtype", ["Float64", "double[pyarrow]"])
def test_nothing_in_any_librarys_words_is_nothing(dtype: str) -> None:
    """A blank cell of an optional column is filled, one of a needed column told."""
    frame = book(2, rate=pd.array([0.05, None], dtype=dtype), volatility=pd.array([None, 0.4], dtype=dtype))
    found = lent(frame.assign(valued_on=[pd.NaT, pd.NaT], title=[None, np.nan]))
    assert found.rejects[["row", "column"]].to_numpy().tolist() == [[2, "rate"]]


# A table that is no book: nothing is worked out

NO_BOOKS = {
    "no rows": (book(0), "the table holds no rows"),
    "no columns": (pd.DataFrame(), "the column kind .* is needed"),
    "a path": ("book.csv", '"str" was given, a pandas table is expected'),
    "a list": ([1, 2], '"list" was given, a pandas table is expected'),
    "levels": (book(2).T.set_index([list("abcdef"), list("abcdef")]).T, "the heading has 2 levels"),
    "doubled": (pd.concat([book(2), book(2)[["rate"]]], axis=1), 'rate: "rate" is named twice'),
    "titled": (book(2).rename(columns=lambda name: "" if name != "id" else "ledger"), "Take out a title above the"),
    "misspelt": (book(2).rename(columns={"tenor_years": "tenor_year"}), "Did you mean tenor_years?"),
    "unknown": (book(2, branch="x"), "The bank's own columns are named in the policy: other_columns"),
    "results": (book(2, maximum_loan=1.0), "is one that a book comes back with"),
}


@pytest.mark.parametrize("name", NO_BOOKS)
def test_a_table_that_is_no_book_is_refused_whole(name: str) -> None:
    frame, said = NO_BOOKS[name]
    with pytest.raises(InputError, match=said):
        lent(frame)


# Policies

CAP = {"kind": "ai_model", "value": 0.2, "source": "minute 12"}
BAD_POLICIES: dict[str, tuple[dict[str, Any], str]] = {
    "cap above 1": ({"caps": [CAP | {"value": 1.2}]}, r"caps\[0\].value: 1.2 was given, at most 1 is allowed"),
    "cap of nothing": ({"caps": [CAP | {"value": 0}]}, "more than 0 is allowed"),
    "cap without source": ({"caps": [{"kind": "ai_model", "value": 0.2}]}, r"caps\[0\].source: nothing was given"),
    "cap of another kind": ({"caps": [CAP | {"kind": "house"}]}, '"house" is not known'),
    "doubled cap": ({"caps": [CAP, CAP]}, "two caps are stated for ai_model"),
    "unknown key": ({"cap": []}, 'the key "cap" is not known.*Did you mean caps?'),
    "unknown term": ({"loans": {"dcsr": {"value": 1.2, "source": "x"}}}, "Did you mean dscr?"),
    "term out of bounds": ({"loans": {"shortfall_probability": {"value": 10, "source": "x"}}}, "Write 10% as 0.1"),
    "unknown assumption": ({"assumptions": {"ai_model": {"vol": {"value": 0.5, "source": "x"}}}}, "is not known"),
    "assumption out of bounds": (
        {"assumptions": {"ai_model": {"log_drift": {"value": 0.5, "source": "x"}}}},
        "at most 0 is allowed",
    ),
    "text for a number": ({"loans": {"dscr": {"value": "1.2", "source": "x"}}}, "Write 1.2, without quotes"),
    "source of nothing": ({"loans": {"dscr": {"value": 1.2, "source": ""}}}, "the text has 0 characters"),
    "loss never reached": (
        {"loans": {**LOSS, "unsecured_recovery": {"value": 0.8, "source": "x"}}},
        "no default loses the part allowed",
    ),
    "no name": ({"name": ""}, "the text has 0 characters"),
    "currency": ({"currency": "yuan"}, "cannot be a name here"),
}


@pytest.mark.parametrize("name", BAD_POLICIES)
def test_a_bad_policy_is_refused(name: str) -> None:
    changed, said = BAD_POLICIES[name]
    with pytest.raises(InputError, match=said):
        lent(book(1), {**POLICY, **changed})


def test_a_policy_of_no_source_is_refused() -> None:
    with pytest.raises(InputError, match="source: nothing was given"):
        lent(book(1), {name: given for name, given in POLICY.items() if name != "source"})


def test_a_row_of_a_kind_without_a_cap_is_told() -> None:
    found = lent(book(2, kind=["ai_model", "training_data"]), {**POLICY, "caps": [CAP]})
    assert found.rejects[["row", "column"]].to_numpy().tolist() == [[2, "policy_cap"]]


def test_the_cap_on_a_sort_goes_before_the_cap_on_its_kind() -> None:
    frame = book(3, kind="intellectual_property", subkind=["software", "trademark", None], volatility=0.0)
    caps = lent(frame).table["limit_policy_cap"] / 1e7
    assert caps.tolist() == pytest.approx([0.35, 0.4, 0.4])

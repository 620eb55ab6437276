"""A book from file to file: every kind gives the figures of the table, whole or not at all, in little memory."""

import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from made_books import ON, POLICY, book, mixed_book, same_figures

from valuation.book import csv_source, sheets, stretches
from valuation.book.files import lend_file
from valuation.book.tables import lend_book
from valuation.cli import main
from valuation.errors import InputError

pytest.importorskip("pyarrow")

KINDS = ("csv", "parquet", "xlsx")
POLICY_FILE = """
name = "Policy of the tests"
source = "credit committee, minute 12"
caps = [
    {kind = "training_data", value = 0.3, source = "minute 12"},
    {kind = "ai_model", value = 0.2, source = "minute 12"},
    {kind = "compute_cluster", value = 0.6, source = "minute 12"},
    {kind = "intellectual_property", value = 0.4, source = "minute 12"},
]
other_columns = ["branch"]
"""


def written(frame: pd.DataFrame, path: Path, encoding: str = "utf-8") -> Path:
    if path.suffix == ".csv":
        frame.to_csv(path, index=False, encoding=encoding)
    elif path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    else:
        frame.to_excel(path, index=False)
    return path


def read(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path)
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_excel(path, engine="calamine")


def lent(folder: Path, text: str | bytes, **options: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What comes of a CSV file with this content: the rows and the rejects."""
    table, out = folder / "book.csv", folder / "out.csv"
    table.write_bytes(text.encode() if isinstance(text, str) else text)
    lend_file(table, {**POLICY, "other_columns": ["branch"]}, out, on=ON, **options)
    return pd.read_csv(out, dtype={"id": str}), pd.read_csv(
        folder / "out.rejects.csv", dtype=str, keep_default_na=False
    )


@pytest.fixture(scope="module")
def mixed() -> pd.DataFrame:
    frame = mixed_book(150).assign(valued_on="2026-03-31", branch=np.where(np.arange(150) % 2, "闵行", "=1+1"))
    frame.loc[[3, 77], "rate"] = 4.5
    frame.loc[9, "schedule"] = "anuity"
    return frame


@pytest.fixture(scope="module")
def expected(mixed: pd.DataFrame) -> Any:
    return lend_book(mixed, {**POLICY, "other_columns": ["branch"]}, on=ON)


@pytest.mark.parametrize("target", KINDS)
@pytest.mark.parametrize("source", KINDS)
def test_every_kind_gives_the_figures_of_the_table(
    mixed: pd.DataFrame, expected: Any, tmp_path: Path, source: str, target: str
) -> None:
    """Excel keeps sixteen digits; the others keep every bit."""
    table, out = written(mixed, tmp_path / f"book.{source}"), tmp_path / f"out.{target}"
    summary = lend_file(table, {**POLICY, "other_columns": ["branch"]}, out, on=ON)
    found, rejects = read(out), read(tmp_path / f"out.rejects.{target}")
    same_figures(found, expected.table, rtol=1e-12 if "xlsx" in (source, target) else 0.0)
    assert rejects["sentence"].tolist() == expected.rejects["sentence"].tolist()
    assert rejects["row"].tolist() == [4, 10, 78]
    assert summary["rejected"] == 3
    assert list(found.columns) == list(expected.table.columns)
    assert found["id"].tolist() == mixed["id"].tolist()
    assert found["value"].tolist() == pytest.approx(mixed["value"].tolist(), rel=1e-15)
    if "xlsx" not in (source, target):
        assert summary["digest_of_figures"] == expected.summary["digest_of_figures"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_that_a_chinese_desk_writes(
    mixed: pd.DataFrame, expected: Any, tmp_path: Path, encoding: str
) -> None:
    table = written(mixed, tmp_path / "book.csv", encoding)
    summary = lend_file(table, {**POLICY, "other_columns": ["branch"]}, tmp_path / "out.csv", on=ON)
    assert summary["files"]["encoding"] == ("gb18030" if encoding == "gb18030" else "utf-8-sig")
    found = pd.read_csv(tmp_path / "out.csv")
    assert found["borrower"].tolist() == mixed["borrower"].tolist()
    same_figures(found, expected.table)
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # else Excel shows no Chinese


@pytest.mark.parametrize(
    ("stored", "said", "said_zh"),
    [
        (b"id,kind\nr\xff\xff\xff1,ai_model\n", "binary or in another encoding", "二进制或其他编码"),
        ("id,kind\n甲,ai_model\n".encode("utf-16"), "UTF-16", "UTF-16"),
        (b"PK\x03\x04\xff\xff\xff", "an Excel, Word or ZIP file", "Excel、Word 或 ZIP 文件"),
    ],
)
def test_another_encoding_is_refused(tmp_path: Path, stored: bytes, said: str, said_zh: str) -> None:
    with pytest.raises(InputError) as refused:
        lent(tmp_path, stored)
    (found,) = refused.value.problems
    assert found.sentence().startswith(f"book.csv: the file is {said}, not UTF-8 text (byte ")
    assert found.sentence("zh").startswith(f"book.csv：文件为 {said_zh}，不是 UTF-8 文本")


@pytest.mark.parametrize("block", [64, 1000, 2**22])
@pytest.mark.parametrize("length", [7, 100, 2**17])
def test_blocks_and_stretches_change_nothing(
    mixed: pd.DataFrame, expected: Any, tmp_path: Path, block: int, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a text in quotes runs over the end of a block."""
    monkeypatch.setattr(csv_source, "BLOCK", block)
    monkeypatch.setattr(stretches, "LENGTH", length)
    frame = mixed.assign(branch=[f'"{at}",\nfloor {at}' if at % 3 else 'a 5" disk' for at in range(len(mixed))])
    table = written(frame, tmp_path / "book.csv")
    lend_file(table, {**POLICY, "other_columns": ["branch"]}, tmp_path / "out.csv", on=ON, threads=2)
    found = pd.read_csv(tmp_path / "out.csv")
    same_figures(found, expected.table)
    assert found["branch"].tolist() == frame["branch"].tolist()


@pytest.mark.parametrize("source", ["csv", "xlsx"])
@pytest.mark.parametrize("target", ["csv", "xlsx"])
def test_without_arrow_csv_and_excel_still_do(
    mixed: pd.DataFrame, expected: Any, tmp_path: Path, source: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, out = written(mixed, tmp_path / f"book.{source}"), tmp_path / f"out.{target}"
    for module in (csv_source, sheets):
        monkeypatch.setattr(module, "optional", lambda name: None)
    monkeypatch.setattr(stretches, "LENGTH", 40)
    lend_file(table, {**POLICY, "other_columns": ["branch"]}, out, on=ON)
    found = read(out)
    same_figures(found, expected.table, rtol=1e-12)
    assert found["value"].tolist() == pytest.approx(mixed["value"].tolist(), rel=1e-15)


def test_parquet_without_arrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for table, target in (("book.parquet", "out.csv"), ("book.csv", "out.parquet")):
        (tmp_path / table).write_text("id\n")
        with pytest.raises(InputError, match=r"Parquet files need the package pyarrow.*ai-asset-valuation\[book\]"):
            lend_file(tmp_path / table, POLICY, tmp_path / target, on=ON)


def test_columns_of_every_sort_that_parquet_has_are_read_and_handed_through(tmp_path: Path) -> None:
    """Decimals, dictionaries, small whole numbers and times of the day are what databases write."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    table = arrow.table(
        {
            "id": [1, 2],
            "kind": arrow.array(["ai_model"] * 2).dictionary_encode(),
            "value": arrow.array([Decimal("1000000.00")] * 2, arrow.decimal128(12, 2)),
            "tenor_years": arrow.array([1, None], arrow.int8()),
            "rate": ["0.05", "4.5%"],
            "schedule": ["bullet"] * 2,
            "valued_on": arrow.array([datetime(2026, 1, 1, tzinfo=UTC), None], arrow.timestamp("us", "UTC")),
            "branch": [["a", "b"], None],
        }
    )
    parquet.write_table(table, tmp_path / "book.parquet")
    for kind in KINDS:
        out = tmp_path / f"out.{kind}"
        lend_file(tmp_path / "book.parquet", {**POLICY, "other_columns": ["branch"]}, out, on=ON)
        assert read(out)["decision"].tolist() == ["offer", "rejected"]
        assert read(tmp_path / f"out.rejects.{kind}")["column"].tolist() == ["tenor_years", "rate"]
    assert "['a', 'b']" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


# CSV as people write it

HEADING = "id,kind,value,tenor_years,rate,schedule,branch\n"
ROW = "ai_model,1e7,2,0.05,bullet"


def test_rows_of_another_length_are_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Their cells stand under wrong headings, so nothing more is said of them."""
    found, rejects = lent(tmp_path, f"{HEADING}r1,{ROW},a\nr2,{ROW}\nr3,{ROW},a,b\nr4,{ROW},a\n")
    assert found["decision"].tolist() == ["offer", "rejected", "rejected", "offer"]
    assert rejects["row"].tolist() == ["2", "3"]
    assert rejects["sentence"].tolist() == [
        "row 2: the row has 6 cells, the heading has 7. Mend the commas or quotes of that row.",
        "row 3: the row has 8 cells, the heading has 7. Mend the commas or quotes of that row.",
    ]


def test_empty_rows_are_no_rows(tmp_path: Path) -> None:
    """Excel leaves lines of nothing but commas."""
    found, rejects = lent(tmp_path, f"{HEADING}r1,{ROW},a\n\n,,,,,,\nr2,{ROW},\n,,,,,,\n\n")
    assert found["id"].tolist() == ["r1", "r2"]
    assert rejects.empty


def test_lines_may_end_as_windows_ends_them_and_the_last_not_at_all(tmp_path: Path) -> None:
    found, _ = lent(tmp_path, f"{HEADING}r1,{ROW},a\nr2,{ROW},b".replace("\n", "\r\n"))
    assert found["branch"].tolist() == ["a", "b"]


def test_numbers_of_a_csv_file_are_strictly_numbers(tmp_path: Path) -> None:
    """What Python or Arrow would take for a number and a person would not: nan, inf, 1_000, a full-width digit."""
    bad = ["nan", "inf", "1_000", "１２", "0x10", " 5", "1.000.000", '"1,234,567"', "1e"]
    rows = [f"r{at},ai_model,{cell},2,0.05,bullet,a\n" for at, cell in enumerate(bad)]
    found, rejects = lent(tmp_path, HEADING + "".join(rows) + f"ok,{ROW},a\n")
    assert found["decision"].tolist() == ["rejected"] * len(bad) + ["offer"]
    assert rejects["column"].tolist() == ["value"] * len(bad)


def test_names_keep_their_zeros(tmp_path: Path) -> None:
    found, _ = lent(tmp_path, f"{HEADING}007,{ROW},a\n7,{ROW},a\n")
    assert found["id"].tolist() == ["007", "7"]


def test_a_quote_left_open_is_told_with_its_line(tmp_path: Path) -> None:
    """Else it would swallow every row behind it unseen."""
    with pytest.raises(InputError, match=r"book\.csv: the table cannot be read: unexpected end of data"):
        lent(tmp_path, f'{HEADING}r1,{ROW},"a\nr2,{ROW},a\n')


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    for text in (HEADING, HEADING + ",,,,,,\n"):
        with pytest.raises(InputError, match=r"book\.csv: the table holds no rows"):
            lent(tmp_path, text)
    with pytest.raises(InputError, match=r"book\.csv: .*the column id"):
        lent(tmp_path, "")


# What a spreadsheet would run


def test_no_text_of_ours_is_a_formula(tmp_path: Path) -> None:
    """In a CSV file it is marked, in a workbook it is a text; numbers below nothing stay numbers."""
    evil = '=HYPERLINK("http://x","y")'
    frame = book(2, id=["@a", "-b"], log_drift=[-0.2, -0.3], branch=[evil, "+8613800000000"])
    table = written(frame, tmp_path / "book.csv")
    policy = {**POLICY, "other_columns": ["branch"]}
    lend_file(table, policy, tmp_path / "out.csv", on=ON)
    found = pd.read_csv(tmp_path / "out.csv", dtype={"branch": str})
    assert found["id"].tolist() == ["'@a", "'-b"]
    assert found["branch"].tolist() == [f"'{evil}", "+8613800000000"]
    assert found["log_drift"].tolist() == [-0.2, -0.3]
    lend_file(table, policy, tmp_path / "out.xlsx", on=ON)
    assert pd.read_excel(tmp_path / "out.xlsx", engine="openpyxl")["branch"][0] == evil


@pytest.mark.parametrize("given", ["=1+1", "@x", "+x", "-x", "\t1", "\rx"])
def test_what_begins_as_a_formula_is_marked(given: str) -> None:
    assert sheets.guarded(given) == f"'{given}"


@pytest.mark.parametrize("given", ["-0.25", "+5", "-1e-3", "x=1", "", "甲"])
def test_what_is_a_number_or_begins_otherwise_stays(given: str) -> None:
    assert sheets.guarded(given) == given


# Excel


def test_a_cell_of_excel_that_is_an_error_keeps_its_row_out(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    table = written(book(3, valued_on=pd.Timestamp("2026-03-31")), tmp_path / "book.xlsx")
    work = openpyxl.load_workbook(table)
    work.active["C3"] = "#N/A"
    work.active["C4"] = "1,234万"
    work.active["J7"] = " "
    work.save(table)
    lend_file(table, POLICY, tmp_path / "out.xlsx", on=ON)
    rejects = read(tmp_path / "out.rejects.xlsx")
    assert set(rejects["row"]) >= {2, 3}
    assert read(tmp_path / "out.xlsx")["value"].tolist()[2] == "1,234万"


def test_a_sheet_takes_no_more_rows_than_excel_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 4)
    table = written(book(5), tmp_path / "book.csv")
    with pytest.raises(InputError, match=r"a sheet of Excel holds 4 rows, the book has more. Write \.parquet or \.csv"):
        lend_file(table, POLICY, tmp_path / "out.xlsx", on=ON)
    assert list(tmp_path.iterdir()) == [table]


def test_a_workbook_that_unpacks_beyond_measure_is_not_opened(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 10_000_000)
    with pytest.raises(InputError, match="unpacks to far more"):
        lend_file(tmp_path / "book.xlsx", POLICY, tmp_path / "out.csv", on=ON)


@pytest.mark.parametrize("name", ["book.xlsx", "book.parquet"])
def test_a_file_that_is_none_of_its_kind_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"id,kind\n" * 10)
    with pytest.raises(InputError, match=f"{name}: the table cannot be read"):
        lend_file(tmp_path / name, POLICY, tmp_path / "out.csv", on=ON)


# Whole or not at all


def test_nothing_is_left_of_a_run_that_fails(tmp_path: Path) -> None:
    out, rejects = tmp_path / "out.csv", tmp_path / "out.rejects.csv"
    out.write_text("of yesterday")
    with pytest.raises(InputError, match="unexpected end of data"):
        lent(tmp_path, f'{HEADING}r1,{ROW},a\nr2,{ROW},"a\n')
    assert out.read_text() == "of yesterday"
    assert not rejects.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.csv", "out.csv"]


def test_the_table_read_is_never_written_over(tmp_path: Path) -> None:
    table = written(book(2), tmp_path / "book.csv")
    before = table.read_bytes()
    for out, rejects in ((table, None), (tmp_path / "out.csv", table)):
        with pytest.raises(InputError, match=r'"book\.csv" is the table that is read'):
            lend_file(table, POLICY, out, rejects=rejects, on=ON)
    with pytest.raises(InputError, match=r'"out\.csv" is named twice'):
        lend_file(table, POLICY, tmp_path / "out.csv", rejects=tmp_path / "out.csv", on=ON)
    assert table.read_bytes() == before
    assert list(tmp_path.iterdir()) == [table]


def test_the_same_book_is_the_same_bytes(mixed: pd.DataFrame, tmp_path: Path) -> None:
    table = written(mixed, tmp_path / "book.csv")
    for kind in KINDS:
        for name in ("one", "two"):
            lend_file(table, {**POLICY, "other_columns": ["branch"]}, tmp_path / f"{name}.{kind}", on=ON, threads=2)
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


PEAK = """
import resource, sys
from datetime import date
from valuation.book.files import lend_file
lend_file(sys.argv[1], sys.argv[2], sys.argv[3], on=date(2026, 6, 30))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, kind: str) -> None:
    """The peak of a fresh process: twenty times the rows, one size of stretch."""
    small = "from valuation.book import csv_source, stretches\nstretches.LENGTH, csv_source.BLOCK = 1000, 2**18\n"
    program = small + PEAK
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY_FILE)
    few = book(2000, branch="x" * 2000, schedule="bullet", volatility=0.3)
    many = pd.concat([few.assign(id=few["id"] + f" {at}") for at in range(20)])
    peaks = []
    for name, frame in (("few", few), ("many", many)):
        table, out = written(frame, tmp_path / f"{name}.{kind}"), tmp_path / f"{name}.out.{kind}"
        done = subprocess.run(
            [sys.executable, "-c", program, str(table), str(policy), str(out)],
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append(int(done.stdout) / 1024)
    assert peaks[1] - peaks[0] < 40, peaks  # the larger book alone is 80 MB of text


# The verb


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text(POLICY_FILE, encoding="utf-8")
    return path


def test_the_verb_ends_with_0_and_says_how_many_rows_were_left_out(tmp_path: Path, policy: Path) -> None:
    table = written(book(3, rate=[0.05, 4.5, 0.05]), tmp_path / "book.csv")
    out = tmp_path / "out.csv"
    done = run("book", table, "--policy", policy, "--out", out, "--on", "2026-06-30")
    assert done.exit_code == 0
    assert done.stderr == f"1 of 3 rows were left out for 1 bad cells: see {tmp_path / 'out.rejects.csv'}\n"
    assert "Loans offered" in done.stdout
    assert pd.read_csv(out)["decision"].tolist() == ["offer", "rejected", "offer"]
    chinese = run("book", table, "--policy", policy, "--out", out, "--on", "2026-06-30", "--language", "zh")
    assert "3 行中有 1 行（1 个单元格）未计算" in chinese.stderr
    assert pd.read_csv(out)["reasons"][1] == "未计算：见错误表。"


def test_the_verb_gives_machines_the_summary(tmp_path: Path, policy: Path) -> None:
    import json

    table = written(book(3), tmp_path / "book.parquet")
    done = run("book", table, "--policy", policy, "--out", tmp_path / "a" / "out.parquet", "--json")
    summary = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (summary["rows"], summary["offer"], summary["rejected"]) == (3, 3, 0)
    assert (tmp_path / "a" / "out.rejects.parquet").exists()
    assert done.stderr == ""


BAD_CALLS = {
    "no table": ("none.csv", POLICY_FILE, "out.csv", "none.csv.*is not there"),
    "kind of table": ("book.txt", POLICY_FILE, "out.csv", "is no table that is read or written here"),
    "kind of target": ("book.csv", POLICY_FILE, "out.json", "is no table that is read or written here"),
    "no TOML": ("book.csv", "name = ", "out.csv", "policy.toml: this is not TOML"),
    "cap above 1": ("book.csv", POLICY_FILE.replace("0.6", "6.0"), "out.csv", r"policy.toml: caps\[2\].value: 6 was"),
    "no source": ("book.csv", POLICY_FILE.replace("source =", "sauce =", 1), "out.csv", "Did you mean source?"),
    "a folder": ("book.csv", POLICY_FILE, "", "is no table"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_CALLS)
def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path: Path, policy: Path, name: str) -> None:
    table, content, out, said = BAD_CALLS[name]
    policy.write_text(content, encoding="utf-8")
    written(book(2), tmp_path / "book.csv")
    (tmp_path / "book.txt").write_text("x")
    before = sorted(tmp_path.iterdir())
    done = run("book", tmp_path / table, "--policy", policy, "--out", tmp_path / out)
    assert done.exit_code == 2
    assert pd.Series([done.stderr]).str.contains(said)[0], done.stderr
    assert done.stdout == ""
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("option", ["--out", "--rejects", "--stress", "--due", "--supervisor"])
@pytest.mark.parametrize("name", ["", ".", "/"])
def test_a_table_without_a_name_is_one_sentence_and_exit_code_2(
    tmp_path: Path, policy: Path, option: str, name: str
) -> None:
    """A script's variable that was left empty."""
    table = written(book(2), tmp_path / "book.csv")
    done = run("book", table, "--policy", policy, "--out", tmp_path / "out.csv", option, name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith('"" is no table that is read or written here. Use a file that ends in')
    assert not (tmp_path / "out.csv").exists()


def test_schema_shows_the_policy_and_the_columns() -> None:
    import json

    from valuation.book.columns import COLUMNS, RESULTS, WORDS

    policy = json.loads(run("schema", "--of", "policy").stdout)
    assert policy["$id"] == "urn:valuation-book-policy:1"
    assert "dscr" in policy["properties"]["loans"]["propertyNames"]["enum"]
    assert "volatility" in policy["properties"]["assumptions"]["additionalProperties"]["propertyNames"]["enum"]
    columns = json.loads(run("schema", "--of", "book").stdout)
    assert [column["column"] for column in columns] == [*COLUMNS, *RESULTS, *WORDS]


def test_further_tables_go_where_they_are_asked_for(tmp_path: Path, policy: Path) -> None:
    table = written(book(3), tmp_path / "book.csv")
    names = ("stress", "due", "supervisor")
    asked = [option for name in names for option in (f"--{name}", tmp_path / f"{name}.csv")]
    call = ["book", table, "--policy", policy, "--out", tmp_path / "out.csv", "--on", "2026-06-30"]
    done = run(*call, *asked, "--due-within", "30")
    assert done.exit_code == 0
    expected = lend_book(book(3), policy, on=ON, stress="standard", due_within_days=30, supervisor=True)
    for name in names:
        found, frame = pd.read_csv(tmp_path / f"{name}.csv"), getattr(expected, name)
        assert list(found.columns) == list(frame.columns)
        assert len(found) == len(frame)
    stress = pd.read_csv(tmp_path / "stress.csv")
    assert stress["maximum_loan"].tolist() == pytest.approx(expected.stress["maximum_loan"].tolist(), rel=1e-15)

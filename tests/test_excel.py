"""The workbook file: text stays text, figures keep their digits, the same sheets give the same bytes."""

import os
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from libreoffice import figures
from made_cases import corpus, inputs_of

from valuation.appraisal import appraise
from valuation.case import read_case
from valuation.errors import InputError
from valuation.report.excel import number_format, write
from valuation.report.sheets import Sheet, SheetWorkings
from valuation.report.workbook import workbook

CREATED = datetime(2026, 6, 30, tzinfo=UTC)


def workpaper(name: str = "royalty", note: str = "licence agreement", title: str = "Relief from royalty") -> Sheet:
    sheet = Sheet(name, title=title, years=(2027, 2028))
    workings = SheetWorkings(sheet)
    sheet.heading("Inputs")
    revenue = workings.input("revenue", [1e6, 0.1 + 0.2, 1.2e6], "money", label="收入", note=note)
    rate = workings.input("royalty_rate", 0.05, "fraction")
    sheet.heading("Workings")
    workings.line("royalty", workings.line("saved", revenue * rate)[..., :1])
    return sheet


def written(path: Path, *sheets: Sheet) -> openpyxl.Workbook:
    write(path, sheets, title="Workpaper", created=CREATED)
    return openpyxl.load_workbook(path)


def test_formula_and_figure_stand_in_the_same_cell(tmp_path: Path) -> None:
    """A viewer that does not recalculate shows the figure."""
    book = written(tmp_path / "w.xlsx", workpaper())
    assert book["royalty"]["E9"].value == "=E6*$D$7"
    assert figures(tmp_path / "w.xlsx")["royalty", 8, 4] == 50000


def test_rows_carry_name_unit_note_and_year(tmp_path: Path) -> None:
    page = written(tmp_path / "w.xlsx", workpaper())["royalty"]
    assert [cell.value for cell in page[4]] == ["Item", "Unit", "Note", "Figure", "2027", "2028", "Year 3"]
    assert [cell.value for cell in page[6][:5]] == ["收入", "money", "licence agreement", None, 1e6]
    assert [cell.value for cell in page[7][:4]] == ["royalty_rate", "fraction", None, 0.05]


def test_headers_speak_the_language_of_the_sheet(tmp_path: Path) -> None:
    page = written(tmp_path / "w.xlsx", Sheet("估值", language="zh"))["估值"]
    assert [cell.value for cell in page[4]] == ["项目", "单位", "说明", "数值"]


def test_the_stages_of_a_build_are_not_headed_as_years(tmp_path: Path) -> None:
    """Costs of two stages stood under "Year 1" and "Year 2", which they are not; a forecast does."""
    content = corpus()
    inputs_of(content)["collection_cost"] = [2e6, 3e6]
    book = openpyxl.load_workbook(workbook(tmp_path / "w.xlsx", appraise(read_case(content), draws=0), language="zh"))
    heads = {page.title.split()[-1]: [cell.value for cell in page[4]][4:6] for page in book.worksheets[1:]}
    assert heads["cost.data_replacement"] == ["第 1 项", "第 2 项"]
    assert heads["income.relief_from_royalty"] == ["第 1 年", "第 2 年"]


@pytest.mark.parametrize(
    "text", ["=1+1", '=cmd|"/C calc"!A0', "{=SUM(A1)}", "+1", "-1", "@SUM(A1)", "https://example.org", "007", "1e5"]
)
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    """What somebody typed as a note must never run, open or turn into a number."""
    page = written(tmp_path / "w.xlsx", workpaper(note=text, title=text))["royalty"]
    for cell in (page["C6"], page["A1"]):
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_figures_keep_all_their_digits(tmp_path: Path) -> None:
    """0.1 + 0.2 needs 17 digits; the writer's own way keeps 16 and gives 0.3."""
    assert written(tmp_path / "w.xlsx", workpaper())["royalty"]["F6"].value == 0.1 + 0.2


def test_the_result_of_each_part_is_bold_and_inputs_are_blue(tmp_path: Path) -> None:
    page = written(tmp_path / "w.xlsx", workpaper())["royalty"]
    assert [page[f"A{row}"].font.b for row in range(5, 11)] == [True, False, False, True, False, True]
    assert page["D7"].font.color.rgb == "FF0000FF"


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("money", "#,##0.00"),
        ("money per hour", "#,##0.0000"),
        ("fraction", "0.00%"),
        ("fraction per year", "0.00%"),
        ("years", "0.00"),
        ("FLOP per second", "0.00E+00"),
        ("ratio", "#,##0.0000"),
    ],
)
def test_figures_are_shown_in_their_unit(unit: str, shown: str) -> None:
    assert number_format(unit) == shown


def test_a_limit_that_does_not_bind_is_shown_as_a_power(tmp_path: Path) -> None:
    """Excel has no infinity; 308 digits of the largest figure would fill no cell."""
    sheet = Sheet("limits")
    SheetWorkings(sheet).input("cap", float("inf"), "money")
    cell = written(tmp_path / "w.xlsx", sheet)["limits"]["D5"]
    assert (cell.value, cell.number_format) == (9.99e307, "0.00E+00")


def test_a_sheet_is_set_up_for_print_and_screen(tmp_path: Path) -> None:
    page = written(tmp_path / "w.xlsx", workpaper())["royalty"]
    assert page.freeze_panes == "B5"
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0
    assert page.print_title_rows == "$4:$4"


def test_a_long_note_gets_the_height_it_needs(tmp_path: Path) -> None:
    """A viewer that fits no row by itself would show the first line of a source only."""
    page = written(tmp_path / "w.xlsx", workpaper(note="许可协议" * 30))["royalty"]
    assert page.row_dimensions[6].height == 15.75 * 5
    assert page.row_dimensions[7].height in (None, 15.75)


def test_money_is_named_by_its_currency_and_units_by_the_readers_language(tmp_path: Path) -> None:
    sheet = Sheet("估值", language="zh", currency="CNY")
    SheetWorkings(sheet).input("price", 2.5, "money per hour")
    SheetWorkings(sheet).input("rate", 0.1, "fraction")
    page = written(tmp_path / "w.xlsx", sheet)["估值"]
    assert [page["B5"].value, page["B6"].value] == ["CNY/小时", "比例"]


def test_a_remark_runs_across_the_sheet_and_is_text(tmp_path: Path) -> None:
    sheet = Sheet("summary")
    sheet.remark("=1+1 " * 80)
    page = written(tmp_path / "w.xlsx", sheet)["summary"]
    assert [str(merged) for merged in page.merged_cells.ranges] == ["A5:D5"]
    assert page["A5"].data_type == "s"
    assert page.row_dimensions[5].height == 15.75 * 3


def test_the_same_sheets_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, [workpaper(), workpaper("second & 第二")], title="Workpaper", created=CREATED)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_date_in_the_file_is_the_one_given(tmp_path: Path) -> None:
    """A clock in it would change the bytes."""
    properties = written(tmp_path / "w.xlsx", workpaper()).properties
    assert properties.created == properties.modified == CREATED.replace(tzinfo=None)


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(InputError) as caught:
        write(tmp_path / "a file" / "w.xlsx", [workpaper()], title="", created=CREATED)
    assert [problem.code for problem in caught.value.problems] == ["file_not_writable"]


def test_a_full_disk_leaves_the_older_workbook_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "w.xlsx"
    target.write_bytes(b"older")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        write(target, [workpaper()], title="", created=CREATED)
    assert target.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [target]

"""How figures and tables are written for a reader, in either language."""

import pytest

from valuation.app import words
from valuation.report import movement, plain, plain_catalogue, plain_loan, plain_supplement, workbook
from valuation.report.scale import scale_of
from valuation.report.table import Table, change, stated, step_figure, text_of, unit_name


def test_amounts_stand_in_whole_units_and_fractions_as_percentages():
    assert stated(2_753_905.4, "money") == "2,753,905"
    assert stated(0.1, "fraction") == "10.00%"
    assert stated(-0.21, "fraction per year") == "-21.00%"
    assert stated(0.3, "ratio") == "0.3"


def test_a_change_has_its_sign_and_says_percentage_points():
    assert change(27_539.05, "money") == "+27,539"
    assert change(-0.000735, "fraction") == "-0.0735 percentage points"
    assert change(0.01, "fraction", "zh") == "+1 个百分点"
    assert change(-0.004353, "ratio") == "-0.00435"


def test_an_amount_of_a_step_keeps_its_digits():
    """1.7e+06 is no amount to a valuer, and six digits of 4.67e9 lose the thousands."""
    assert step_figure(1_700_000.0, "money") == "1,700,000.00"
    assert step_figure(0.9365858115, "fraction") == "0.936586"


def test_a_unit_is_named_in_the_readers_language():
    assert unit_name("money per hour", "zh") == "金额/小时"
    assert unit_name("kW", "zh") == "kW"
    assert unit_name("money per hour") == "money per hour"


def test_columns_of_figures_stand_to_the_right_with_their_heading():
    """Digits of one rank stand below each other; a dash is a figure that is not there."""
    shown = text_of(Table("", ["资产", "Amount"], [["数据", "1,234"], ["model", "–"]]))
    assert shown.splitlines() == ["资产   Amount", "数据    1,234", "model       –"]


def test_lists_of_figures_begin_at_the_left():
    """Of rows with different numbers of years the first years stand below each other."""
    shown = text_of(Table("", ["Step", "Figures"], [["rate", "0.5, 0.25, 0.1"], ["value", "7"]]))
    assert shown.splitlines() == ["Step   Figures", "rate   0.5, 0.25, 0.1", "value  7"]


def test_a_table_without_column_names_has_no_empty_line():
    assert text_of(Table("Price", ["", ""], [["rate", "5%"]], ["remark"])) == "Price\nrate  5%\n  remark"


def test_the_smallest_amount_of_a_page_keeps_three_digits():
    scale = scale_of([2_753_905.0, 111_475.0], "CNY")
    assert (scale.unit, scale.text(2_753_905.0), scale.text(111_475.0)) == ("CNY thousand", "2,753.91", "111.47")
    assert scale_of([4.667e9, 8.709e8], "USD").unit == "USD m"
    assert scale_of([14_845_195.0, 5_709_635.0], "CNY").text(5_709_635.0) == "5.710"


def test_chinese_counts_in_ten_thousands_and_hundred_millions():
    assert scale_of([2_753_905.0, 111_475.0], "CNY", "zh").unit == "万元"
    assert scale_of([4.667e9], "USD", "zh").text(4.667e9) == "46.67"
    assert scale_of([4.667e9], "USD", "zh").unit == "亿美元"
    assert scale_of([4.667e9], "SGD", "zh").unit == "亿 SGD"


def test_noughts_and_missing_amounts_set_no_scale():
    scale = scale_of([None, 0.0, -3e6], "CNY")
    assert (scale.unit, scale.text(None), scale.text(0.0), scale.text(-3e6)) == ("CNY m", "–", "0.000", "-3.000")
    assert scale_of([], "CNY").text(0.0) == "0"


@pytest.mark.parametrize("module", [movement, plain, plain_catalogue, plain_loan, plain_supplement, words, workbook])
def test_every_word_stands_in_both_languages(module):
    assert set(module.WORDS["en"]) == set(module.WORDS["zh"])

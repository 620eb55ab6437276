"""Reference figures: what held on a day, as far as it was known on that day, with its source and its mark."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from valuation.errors import InputError
from valuation.reference import look_up
from valuation.reference.dated_figure import Cell, Series, TableMedian
from valuation.reference.dated_table import MARKS, known_on, last_day, mark_of, table, table_names, table_rows
from valuation.reference.figure_file import parse, read
from valuation.reference.look_up import LookUp, figure, names

SERIES = """
name = { en = "Rate", zh = "利率" }
unit = "fraction per year"
stale_after_days = 60

[[values]]
from = 2024-01-01
value = 0.05
source = "bank"
level = 2
verified = "page-read"

[[values]]
from = 2025-01-01
published = 2025-02-10
value = 0.04
source = "bank"
level = 2
verified = "secondary"

[[values]]
from = 2026-01-01
published = 2025-12-01
ended = true
source = "bank"
level = 2
verified = "page-read"

[[checked]]
on = 2025-06-30
still = 0.04
source = "bank"
verified = "page-read"

[sources.bank]
title = "Bulletin"
publisher = "Central bank"
year = 2025
url = "https://example.org/bulletin"
"""

RULE = """
name = { en = "Rent", zh = "租金" }
kind = "table_median"
unit = "money per hour"
currency = "USD"
window_days = 90
stale_after_days = 30
level = 2

[[tables]]
table = "rents"
value = ["low", "high"]
where = { chip = ["X"] }
exclude = { seller = ["Marketplace"] }
seller = "seller"
"""


@pytest.fixture
def installed(monkeypatch):
    """Installs figures and tables made up for one test in place of the real ones."""

    def install(text, rows=()):
        monkeypatch.setattr(look_up, "figure_files", lambda: {"made.up": None})
        monkeypatch.setattr(look_up, "read", lambda name: parse(text, name))
        monkeypatch.setattr(look_up, "table", lambda name: [dict(row) for row in rows])

    return install


def rent(day, seller, low, *, high="", chip="X", mark="page-read"):
    offer = {"date": day, "seller": seller, "chip": chip, "low": low, "high": high}
    return offer | {"verified": mark, "source_title": "Price list"}


def sentence_of(call, *given, **options):
    with pytest.raises(InputError) as refused:
        call(*given, **options)
    return str(refused.value)


# what held on a day


@pytest.mark.parametrize(
    ("on", "value", "since"),
    [
        (date(2025, 1, 20), 0.031, date(2025, 1, 20)),
        (date(2025, 5, 19), 0.031, date(2025, 1, 20)),
        (date(2025, 5, 20), 0.03, date(2025, 5, 20)),
        (date(2026, 6, 30), 0.03, date(2025, 5, 20)),
    ],
)
def test_a_value_holds_from_its_date_until_the_next(on, value, since):
    found = figure("cn.lpr.1y", on)
    assert (found.value, found.valid_from) == (value, since)


def test_a_figure_says_who_published_it_and_how_it_was_checked():
    found = figure("cn.lpr.1y", date(2025, 6, 30))
    assert found.source.publisher == "S&P Global Market Intelligence"
    assert found.source.url.startswith("https://www.spglobal.com/")
    assert (found.unit, found.currency, found.level, found.verified) == ("fraction per year", None, 2, "page-read")


def test_a_value_published_later_is_not_known_yet(installed):
    """In force since January, published on 10 February: a valuer of 9 February could not know it."""
    installed(SERIES)
    assert figure("made.up", date(2025, 2, 9)).value == 0.05
    assert figure("made.up", date(2025, 2, 10)).value == 0.04


def test_a_value_announced_but_not_in_force_is_not_used(installed):
    """The end was published on 1 December 2025 and comes on 1 January 2026."""
    installed(SERIES)
    assert figure("made.up", date(2025, 12, 31)).value == 0.04


def test_before_the_first_value_it_refuses_and_says_how_to_give_ones_own():
    assert sentence_of(figure, "cn.lpr.1y", date(2024, 6, 30)) == (
        'cn.lpr.1y: no value on 2024-06-30, the first is of 2025-01-20. Give your own: {"value": …, "source": …}.'
    )


def test_the_first_date_named_is_the_first_on_which_it_could_be_known():
    """The average of 2018 stands in a file of 2026-04-01; who values on 2025-06-30 is told to wait for that day."""
    assert "the first is of 2026-04-01" in sentence_of(figure, "us.electricity.industrial", date(2025, 6, 30))


def test_a_figure_that_no_longer_exists_is_refused(installed):
    installed(SERIES)
    assert "made.up: no longer exists since 2026-01-01" in sentence_of(figure, "made.up", date(2026, 3, 1))


def test_an_unknown_name_offers_the_near_one_and_names_the_place():
    asked = sentence_of(figure, "cn.lpr.1yr", date(2026, 6, 30), path="assets[0].methods[0].inputs.rate")
    assert asked.startswith('assets[0].methods[0].inputs.rate: there is no reference figure "cn.lpr.1yr".')
    assert "cn.lpr.1y?" in asked


def test_a_name_never_leaves_the_folder_of_figures():
    assert "no reference figure" in sentence_of(figure, "../../../etc/passwd", date(2026, 6, 30))


def test_looking_again_makes_a_figure_fresh(installed):
    """61 days after 10 February's value of 1 January it is stale; the check of 30 June starts the count anew."""
    installed(SERIES)
    before, after = figure("made.up", date(2025, 6, 29)), figure("made.up", date(2025, 7, 31))
    assert (before.age_days, before.stale, before.checked_on) == (179, True, None)
    assert (after.age_days, after.stale, after.checked_on) == (31, False, date(2025, 6, 30))


def test_a_check_does_not_reach_back(installed):
    installed(SERIES)
    assert figure("made.up", date(2025, 3, 5)).checked_on is None


def test_a_stale_figure_warns_with_its_age_and_a_fresh_one_does_not(installed):
    installed(SERIES)
    assert figure("made.up", date(2025, 7, 31)).warning() is None
    warning = figure("made.up", date(2025, 6, 29)).warning()
    assert "179 days old" in warning.sentence("en")
    assert "179 天" in warning.sentence("zh")


def test_the_last_day_within_the_term_is_still_fresh(installed):
    installed(SERIES)
    assert not figure("made.up", date(2024, 3, 1)).stale  # 60 days
    assert figure("made.up", date(2024, 3, 2)).stale  # 61 days


def test_a_correction_replaces_the_wrong_value_from_the_day_it_was_published(installed):
    corrected = SERIES.replace(
        "[[values]]\nfrom = 2025-01-01\n",
        "[[values]]\nfrom = 2024-01-01\npublished = 2024-07-01\nvalue = 0.055\n"
        'corrects = "misprint"\nsource = "bank"\nlevel = 2\nverified = "page-read"\n\n[[values]]\nfrom = 2025-01-01\n',
    )
    installed(corrected)
    assert figure("made.up", date(2024, 6, 30)).value == 0.05
    assert figure("made.up", date(2024, 7, 1)).value == 0.055


# a market of many sellers


def test_a_median_counts_the_latest_offer_of_each_seller_in_the_window():
    """By hand, 270 days to 2025-03-31: Cudo 2.45, Oblivus 2.94, RunPod 2.99, Lambda 3.29, CR8DL 3.95."""
    found = figure("gpu.h100_sxm.rent_on_demand", date(2025, 3, 31))
    assert found.value == 2.99
    assert sorted(float(row["usd_per_gpu_hour"]) for row in found.rows) == [2.45, 2.94, 2.99, 3.29, 3.95]
    assert (found.valid_from, found.age_days, found.currency) == (date(2025, 3, 3), 28, "USD")
    assert found.source.title == "median of 5 rows of gpu_rental_prices"


def test_a_price_of_tomorrow_does_not_enter_the_median():
    """On 2025-03-02 the quotes of 3 March are unknown: Lambda 3.29, Oblivus 3.45, CR8DL 3.95, RunPod 3.99."""
    assert figure("gpu.h100_sxm.rent_on_demand", date(2025, 3, 2)).value == pytest.approx(3.70, abs=1e-12)


def test_no_row_ever_enters_a_median_before_it_was_published():
    rules = [name for name in names() if isinstance(read(name), TableMedian)]
    days = [date(year, month, 15) for year in range(2020, 2027) for month in (2, 5, 8, 11)]
    seen = 0
    for name in rules:
        for on in days:
            try:
                found = figure(name, on)
            except InputError:
                continue
            seen += len(found.rows)
            assert all(known_on(row) <= on for row in found.rows), (name, on)
    assert seen > 300


def test_a_low_and_a_high_price_count_as_their_middle(installed):
    installed(RULE, [rent("2026-01-10", "A", "2", high="4"), rent("2026-01-11", "B", "5")])
    assert figure("made.up", date(2026, 1, 31)).value == 4  # of 3 and 5


def test_rows_without_a_date_of_another_chip_or_barred_never_enter(installed):
    kept = rent("2026-01-10", "A", "2")
    other_chip, barred = rent("2026-01-10", "C", "9", chip="Y"), rent("2026-01-10", "Marketplace", "9")
    installed(RULE, [kept, rent("undated", "B", "9"), other_chip, barred])
    assert figure("made.up", date(2026, 1, 31)).rows == ({"table": "rents", **kept},)


def test_the_same_row_entered_twice_counts_once(installed):
    installed(RULE, [rent("2026-01-10", "A", "2"), rent("2026-01-10", "A", "2"), rent("2026-01-10", "B", "4")])
    assert figure("made.up", date(2026, 1, 31)).value == 3


def test_a_median_is_marked_no_better_than_its_weakest_row(installed):
    installed(RULE, [rent("2026-01-10", "A", "2", mark="file-read"), rent("2026-01-10", "B", "4", mark="secondary")])
    assert figure("made.up", date(2026, 1, 31)).verified == "secondary"


def test_a_median_without_a_row_in_its_window_is_refused_in_both_languages(installed):
    installed(RULE, [rent("2026-01-10", "A", "2")])
    with pytest.raises(InputError) as refused:
        figure("made.up", date(2026, 4, 10))  # the 90 days before reach back to 11 January
    (found,) = refused.value.problems
    assert "within 90 days before 2026-04-10, the latest is of 2026-01-10" in found.sentence("en")
    assert "90 天" in found.sentence("zh")


def test_a_median_before_its_first_row_is_refused(installed):
    installed(RULE, [rent("2026-01", "A", "2")])
    assert "the first is of 2026-01-31" in sentence_of(figure, "made.up", date(2026, 1, 30))


# what a record needs


def test_a_look_up_notes_every_figure_it_hands_out_once_in_order_of_name():
    asked = LookUp(date(2026, 6, 30))
    for name in ("us.equity_risk_premium", "cn.lpr.1y", "us.equity_risk_premium"):
        asked.figure(name)
    assert [found.name for found in asked.used] == ["cn.lpr.1y", "us.equity_risk_premium"]


def test_a_refused_figure_is_not_noted():
    asked = LookUp(date(2020, 1, 1))
    sentence_of(asked.figure, "cn.lpr.1y")
    assert asked.used == ()


@pytest.mark.parametrize("name", ["cn.lpr.1y", "cn.tax.income", "gpu.h100_sxm.rent_on_demand_hyperscaler"])
def test_a_frozen_look_up_answers_what_the_record_kept(name):
    first = LookUp(date(2026, 6, 30))
    found = first.figure(name)
    kept = json.loads(json.dumps([used.to_json() for used in first.used], ensure_ascii=False))
    again = LookUp(date(2026, 6, 30), frozen=kept)
    assert again.figure(name) == found
    assert again.used == first.used


def test_a_frozen_look_up_does_not_look_at_the_installed_figures(installed):
    kept = figure("cn.lpr.1y", date(2025, 6, 30))
    installed(SERIES)
    assert LookUp(date(2025, 6, 30), frozen=[kept]).figure("cn.lpr.1y").value == 0.03


def test_a_frozen_look_up_refuses_what_the_record_does_not_hold():
    frozen = LookUp(date(2025, 6, 30), frozen=[figure("cn.lpr.1y", date(2025, 6, 30))])
    asked = sentence_of(frozen.figure, "cn.lpr.5y")
    assert 'no reference figure "cn.lpr.5y"' in asked


# strict reading


def changed(old, new):
    assert SERIES.count(old) >= 1
    return SERIES.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (changed("level = 2", "level = 2\ncolour = 1"), 'values[0]: the key "colour" is not known'),
        (changed("stale_after_days", "stale_after"), "the key \"stale_after\" is not known"),
        (changed("value = 0.05", 'value = "0.05"'), 'values[0].value: "0.05" was given, a number is expected'),
        (changed("value = 0.05", "value = nan"), "values[0].value: nan was given, a number is expected"),
        (changed("value = 0.05", "value = true"), "values[0].value: true was given, a number is expected"),
        (changed("value = 0.05", "value = 5"), "values[0].value: 5 was given, at most 1 is allowed. Write 3% as 0.03."),
        (changed("value = 0.05\n", ""), "values[0].value: nothing was given; either a value or ended = true is needed"),
        (changed("from = 2024-01-01", 'from = "2024-01-01"'), 'values[0].from: "2024-01-01" was given, a date is'),
        (changed("from = 2025-01-01", "from = 2024-01-01"), 'values[1].from: "2024-01-01" is named twice'),
        (changed("from = 2025-01-01", "from = 2023-01-01"), "values[1].from: 2023-01-01 was given, but it must hold"),
        (changed('source = "bank"', 'source = "bnak"'), 'values[0].source: "bnak" is not known. Known: bank'),
        (changed('source = "bank"\n', ""), "values[0].source: nothing was given"),
        (changed("level = 2", "level = 4"), "values[0].level: 4 was given, 1, 2 or 3 is expected"),
        (changed('verified = "page-read"', 'verified = "sure"'), 'values[0].verified: "sure" was given, file-read'),
        (changed("still = 0.04", "still = 0.05"), "checked[0].still: 0.05 was given, the value that held"),
        (changed('publisher = "Central bank"\n', ""), "sources.bank.publisher: nothing was given"),
        (changed(', zh = "利率"', ""), "name.zh: nothing was given"),
        (changed("value = 0.05", "value = 0.05\nvalue = 0.06"), "this is not TOML"),
        (RULE.replace("window_days = 90\n", ""), "window_days: nothing was given"),
        (RULE.replace("seller = \"seller\"", "sellers = 1"), 'tables[0]: the key "sellers" is not known'),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_with_file_and_key(text, sentence):
    told = sentence_of(parse, text, "made.up")
    assert told.startswith("figures/made/up.toml")
    assert sentence in told


def test_all_faults_of_a_file_come_at_once():
    text = changed("level = 2", "level = 9").replace('verified = "secondary"', 'verified = "sure"')
    with pytest.raises(InputError) as refused:
        parse(text, "made.up")
    assert len(refused.value.problems) == 2


# what is installed


def test_every_figure_file_is_read_and_holds_what_a_valuer_needs():
    assert len(names()) > 200
    for name in names():
        kept = read(name)
        assert kept.label["en"], name
        assert kept.label["zh"], name
        if isinstance(kept, Series):
            assert all(value.source.title and value.verified in MARKS for value in kept.values), name


def test_every_rule_finds_rows_it_can_count():
    for name in names():
        if not isinstance(rule := read(name), TableMedian):
            continue
        for pool in rule.pools:
            offers = look_up._offers(pool)
            assert offers, (name, pool.table)
            assert all(look_up._price(pool, row) > 0 and mark_of(row) in MARKS for _, _, row in offers), name


CONVERSIONS = {
    None: lambda cell: float(cell),
    "percent": lambda cell: float(Decimal(cell) / 100),
    "tera": lambda cell: float(Decimal(cell) * 10**12),
    "kilo": lambda cell: float(Decimal(cell) / 1000),
    "months": lambda cell: float(cell) / 12,
    "orders of magnitude a year": lambda cell: 1 - 10 ** -float(cell),
    "times a year": lambda cell: 1 - 1 / float(cell),
    "low end": lambda cell: float(cell.split("-")[0]),
    "high end": lambda cell: float(cell.split("-")[1]),
    "middle": lambda low, high: (float(low) + float(high)) / 2,
}


def row_of(cell: Cell):
    (row,) = (row for row in table(cell.table) if all(row[key] == value for key, value in cell.where.items()))
    return row


def cells():
    for name in names():
        if isinstance(series := read(name), Series):
            yield from ((name, value.known, value.value, value.cell) for value in series.values if value.cell)
            for check in series.checks:
                held = [value.value for value in series.values if value.start <= check.on][-1]
                if check.cell:
                    yield name, check.on, held, check.cell


def test_every_figure_taken_from_a_table_equals_its_row():
    taken = list(cells())
    assert len(taken) > 180
    for name, _, value, cell in taken:
        row = row_of(cell)
        expected = CONVERSIONS[cell.convert](*(row[column] for column in cell.columns))
        assert value == pytest.approx(expected, rel=1e-15), name


def test_no_figure_is_known_before_the_row_it_was_taken_from():
    for name, known, _, cell in cells():
        day = known_on(row_of(cell))
        assert day is None or known >= day, name


# Rows of these tables that are not one number a valuation looks up, each with the reason.
NOT_A_FIGURE = {
    ("market_parameters", "china_mrp_guidance"): "a method, not a number",
    ("gpu_specs", "Google TPU v5p"): "not sold",
    ("gpu_specs", "Google TPU v6e Trillium"): "not sold",
    ("gpu_specs", "Google TPU v7 Ironwood"): "not sold",
    ("gpu_specs", "Amazon Trainium2"): "not sold",
    ("gpu_specs", "Huawei Ascend 920"): "announced figures only",
    ("progress_rates", "Training compute of notable models growth"): "undated",
    ("progress_rates", "Amortised cost of frontier training runs growth"): "describes the frontier, not an asset",
    ("progress_rates", "LLM price at constant quality, highest rate"): "may not persist, says the source",
    ("compute_cost_parameters", "china_west_green_power_price"): "undated posts of investors",
    ("compute_cost_parameters", "ml_gpu_price_performance_growth"): "stands in progress_rates too",
}


@pytest.mark.parametrize(
    "name", ["market_parameters", "gpu_specs", "progress_rates", "scaling_law_constants", "compute_cost_parameters"]
)
def test_every_row_of_the_parameter_tables_is_a_figure_or_says_why_not(name):
    taken = [row_of(cell) for _, _, _, cell in cells() if cell.table == name]
    for row in table(name):
        key = next(iter(row.values()))
        assert (row in taken) != ((name, key) in NOT_A_FIGURE), key


def test_every_table_row_has_a_source_a_mark_and_a_date_that_can_be_read():
    for name in table_names():
        for row in table(name):
            known_on(row)
            assert mark_of(row) in MARKS, (name, row)
            assert row["source_title"], (name, row)


def test_every_table_states_its_licence():
    stated = (files("valuation.reference") / "tables" / "SOURCES.md").read_text(encoding="utf-8")
    assert [name for name in table_names() if name not in stated] == []


def test_the_tables_hold_all_their_rows():
    """A row lost by an editor or a merge is seen here; who adds a row raises the number."""
    assert {name: len(table(name)) for name in table_names()} == {
        "compute_cost_parameters": 46,
        "compute_rental_cny": 10,
        "damodaran_country_erp_2026-01": 178,
        "damodaran_us_industry_2026-01": 96,
        "data_unit_prices": 36,
        "gpu_financing_terms": 17,
        "gpu_purchase_prices": 97,
        "gpu_rent_cross_section_2026-03": 20,
        "gpu_rental_index_points": 17,
        "gpu_rental_prices": 213,
        "gpu_secondary_value_factors": 23,
        "gpu_specs": 35,
        "ip_pledge_terms": 51,
        "llm_api_prices": 19,
        "market_parameters": 21,
        "nvidia_chip_price_bands": 19,
        "price_moves": 46,
        "progress_rates": 20,
        "royalty_rates": 35,
        "scaling_law_constants": 2,
        "useful_life_policies": 13,
    }


# dates and tables


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2025-05-20", date(2025, 5, 20)),
        ("2024-02", date(2024, 2, 29)),
        ("2023", date(2023, 12, 31)),
        ("2026-Q1", date(2026, 3, 31)),
        ("2013-14", date(2014, 12, 31)),
        ("2013-2017", date(2017, 12, 31)),
        ("2024-", date(2024, 12, 31)),
        ("late 2025", date(2025, 12, 31)),
        ("2025-early", date(2025, 12, 31)),
        ("2026-02-27/2026-03-06", date(2026, 3, 6)),
        ("undated", None),
        ("", None),
    ],
)
def test_a_written_date_counts_from_the_last_day_it_can_mean(written, last):
    assert last_day(written) == last


@pytest.mark.parametrize("written", ["soon", "2025-13-01", "20.05.2025", "FY2023"])
def test_a_date_that_cannot_be_read_is_refused(written):
    assert "a date is expected" in sentence_of(last_day, written)


def test_rows_of_a_table_on_a_day_are_those_that_could_be_known():
    on = date(2024, 6, 30)
    known = table_rows("ip_pledge_terms", on)
    assert 0 < len(known) < len(table("ip_pledge_terms"))
    assert all(known_on(row) <= on for row in known)


def test_a_row_handed_out_may_be_changed_without_harm():
    table("gpu_specs")[0]["hardware"] = "changed"
    assert table("gpu_specs")[0]["hardware"] == "NVIDIA A100 SXM4 40 GB"


def test_an_unknown_table_is_refused_with_the_near_name():
    assert "Did you mean gpu_specs?" in sentence_of(table, "gpu_spec")


def test_looking_up_a_figure_needs_no_data_library():
    """The command line lists methods and figures without the seconds that pandas takes."""
    code = (
        "import sys; from datetime import date; from valuation.reference.look_up import figure; "
        "figure('cn.lpr.1y', date(2026, 6, 30)); print({'pandas', 'numpy', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

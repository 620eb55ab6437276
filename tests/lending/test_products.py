"""Products: only what was published, by whom and when; nothing filled in."""

from datetime import date
from pathlib import Path

import pytest

import valuation
from valuation import saved_case
from valuation.appraisal import appraise
from valuation.errors import InputError
from valuation.lending.offer import lend
from valuation.lending.products import find_product, parse, products, read_product
from valuation.reference.look_up import figure, table

EXAMPLES = Path(__file__).parents[2] / "examples"
LATE = date(2026, 11, 24)


def test_the_products_that_others_rely_on():
    ids = [product.id for product in products()]
    assert ids == [
        "cn.compute_loan",
        "cn.data_pledge",
        "cn.ip_pledge",
        "cn.smart_driving_loan",
        "cn.smart_manufacturing_loan",
        "int.gpu_term_loan",
    ]


@pytest.mark.parametrize(("product", "years"), [("cn.compute_loan", 10), ("cn.smart_driving_loan", 5)])
def test_of_the_bank_products_the_tenor_alone_is_published(product, years):
    found = find_product(product)
    assert found.max_tenor_years.value == years
    assert (found.rate, found.schedules, found.kinds, found.max_amount, found.policy_caps) == (None,) * 4 + ([],)


def test_of_smart_manufacturing_only_the_name_is_known():
    found = find_product("cn.smart_manufacturing_loan")
    assert found.max_tenor_years is None
    assert found.policy_caps == []


@pytest.mark.parametrize("product", products(), ids=lambda product: product.id)
def test_what_is_published_says_who_said_it_and_how_it_was_checked(product):
    terms = [
        product.kinds,
        product.schedules,
        product.max_tenor_years,
        product.max_amount,
        product.rate,
        product.min_dscr,
    ]
    stated = (
        [term for term in terms if term] + product.policy_caps + product.min_remaining_life_years + product.observed
    )
    assert all(term.published <= LATE for term in stated)
    assert all(term.url or term.mark == "unverified" for term in stated)


def test_pledge_rates_are_those_of_the_table():
    """The Bank of Communications' table of 2006, row by row."""
    rows = {
        row["asset_kind"]: float(row["max_pledge_rate"])
        for row in table("ip_pledge_terms")
        if row["bank_or_scheme"] == "Bank of Communications Beijing"
    }
    kept = {cap.subkind: cap.value for cap in find_product("cn.ip_pledge").policy_caps}
    assert kept == {
        "invention_patent": rows["invention patent"],
        "utility_model_patent": rows["utility model patent"],
        "trademark": rows["trademark"],
    }


def test_the_pledge_rate_of_data_is_the_dated_figure():
    kept = find_product("cn.data_pledge").policy_cap("training_data", None)
    known = figure("cn.lending.data_pledge_rate", LATE)
    assert (kept.value, kept.published) == (known.value, known.published)


def test_a_term_published_later_is_as_good_as_unpublished():
    before, after = (find_product("cn.data_pledge").as_of(date(2024, 7, day)) for day in (23, 24))
    assert before.policy_cap("training_data", None) is None
    assert before.max_tenor_years is None
    assert after.policy_cap("training_data", None).value == 0.30


def test_software_has_no_published_pledge_rate():
    assert find_product("cn.ip_pledge").policy_cap("intellectual_property", "software") is None


def test_an_unknown_product_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"Did you mean cn\.compute_loan"):
        find_product("cn.compute_lone")


BASE = """
name = { en = "A", zh = "甲" }
lender = { en = "B", zh = "乙" }
jurisdiction = "CN"
purpose = { en = "C", zh = "丙" }
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("max_tenor = 3", "max_tenor_years"),
        ('rate = { value = 0.04, source = "x", mark = "secondary" }', "published"),
        ('rate = { value = "4%", published = 2025-01-01, source = "x", mark = "secondary" }', "a number"),
        ('rate = { value = 0.04, published = 2025-01-01, source = "x", mark = "sure" }', "page-read"),
        ("rate = ", "TOML"),
        (
            'policy_caps = [{kind = "ai_model", value = 1.2, published = 2025-01-01, source = "", mark = "secondary"}]',
            "1.2 was given, at most 1 is allowed",
        ),
        (
            'policy_caps = [{ kind = "ai_model", value = 0.2, published = 2025-01-01, mark = "secondary" }]',
            r"policy_caps\[0\].source: nothing was given",
        ),
        (
            'kinds = { value = ["gpu"], published = 2025-01-01, source = "x", mark = "secondary" }',
            "Known: ai_model, compute_cluster, intellectual_property, training_data",
        ),
        (
            'schedules = { value = ["quarterly"], published = 2025-01-01, source = "x", mark = "secondary" }',
            "Known: annuity, balloon, bullet, sculpted, straight_line",
        ),
        (
            'purposes = { value = ["fun"], published = 2025-01-01, source = "x", mark = "secondary" }',
            "Known: fixed_assets, orders, project, working_capital",
        ),
        (
            'max_tenor_years = { value = -3, published = 2025-01-01, source = "x", mark = "secondary" }',
            "max_tenor_years.value: -3",
        ),
    ],
)
def test_a_product_file_is_read_strictly(line, said):
    with pytest.raises(InputError, match=said):
        parse(BASE + line, "cn.test")


OWN = (
    BASE
    + """
kinds = { value = ["compute_cluster"], published = 2026-01-01, source = "credit policy 7", mark = "file-read" }
schedules = { value = ["straight_line"], published = 2026-01-01, source = "credit policy 7", mark = "file-read" }
rate = { value = 0.05, published = 2026-01-01, source = "credit policy 7", mark = "file-read" }
policy_caps = [
  { kind = "compute_cluster", value = 0.5, published = 2026-01-01, source = "credit policy 7", mark = "file-read" },
]
min_dscr = { value = 1.05, published = 2026-01-01, source = "credit policy 7", mark = "file-read" }
cards = { all = "cn.compute_support" }
"""
)


@pytest.fixture
def own_file(tmp_path):
    path = tmp_path / "server_loan.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_bank_reads_its_own_file(own_file):
    found = read_product(own_file)
    assert found.id == "own.server_loan"
    assert found.policy_cap("compute_cluster", None).value == 0.5
    assert found.scorecards(None) == ["cn.compute_support"]


def test_a_fault_in_its_own_file_names_file_and_field(own_file):
    own_file.write_text(OWN.replace("value = 0.5", "value = 1.5"), encoding="utf-8")
    with pytest.raises(InputError, match=r"server_loan.toml.*policy_caps\[0\].value: 1.5 was given, at most 1"):
        read_product(own_file)
    own_file.write_text("name = ", encoding="utf-8")
    with pytest.raises(InputError, match=r"server_loan\.toml.*TOML"):
        read_product(own_file)


def test_a_case_is_lent_on_under_a_banks_own_product_and_its_record_replays(own_file, tmp_path):
    case = saved_case.load(EXAMPLES / "iren_childress/case.json")
    content = case.to_json()
    named = appraise(case, draws=0)
    with pytest.raises(InputError, match=r"the case names int\.gpu_term_loan, and own\.server_loan is handed in"):
        lend(named, product=read_product(own_file))
    for term in ("product", "rate", "schedule", "policy_cap"):
        content["loan"].pop(term)
    content["loan"]["tenor_years"] = 5
    appraisal = appraise(saved_case.read(content), draws=256)
    offer = lend(appraisal, product=read_product(own_file))
    assert offer.policy.product.id == "own.server_loan"
    cap = next(limit.amount for limit in offer.limits if limit.name == "policy_cap")
    assert cap == pytest.approx(0.5 * sum(asset.value for asset in appraisal.assets))
    kept = valuation.record(appraisal.case, appraisal, offer)
    kept.save(tmp_path / "record.json")
    assert valuation.replay(tmp_path / "record.json").same

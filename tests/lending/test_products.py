"""Products: only what was published, by whom and when; nothing filled in."""

from datetime import date

import pytest

from valuation.errors import InputError
from valuation.lending.products import find_product, parse, products
from valuation.reference.look_up import figure, table

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
    ],
)
def test_a_product_file_is_read_strictly(line, said):
    with pytest.raises(InputError, match=said):
        parse(BASE + line, "cn.test")

"""Published schemes: what their pages say, and files with something wrong refused in one sentence."""

import pytest

from valuation.errors import InputError
from valuation.lending.schemes import PARTY_NAMES, find_scheme, parse, schemes

GOOD = """
name = { en = "A fund", zh = "某资金" }
place = { en = "Here", zh = "本地" }
jurisdiction = "CN"
published = 2025-01-01
source = "The contract"
mark = "file-read"
base = "principal"
order_of_recovery = "net"

[[tiers]]
up_to = 10.0
shares = { fund = 0.8, bank = 0.2 }

[[tiers]]
above = 10.0
shares = { fund = 0.5, bank = 0.5 }
"""


def test_every_scheme_that_comes_with_the_package_can_be_read():
    found = {scheme.id: scheme for scheme in schemes()}
    assert set(found) == {
        "cn.anhui_4321", "cn.jiangsu_suzhidai", "cn.national_guarantee_fund", "cn.pudong_spdb", "cn.shenzhen_pool",
        "cn.zhongshan", "cn.zhuhai", "int.malaysia_ipfs",
    }  # fmt: skip
    assert all(scheme.source and scheme.mark for scheme in found.values())
    assert all(set(tier.shares) <= set(PARTY_NAMES) for scheme in found.values() for tier in scheme.tiers)


def test_no_published_scheme_says_in_which_order_it_recovers():
    """What nobody published is not made up: the loan must state it."""
    assert [scheme.id for scheme in schemes() if scheme.order_of_recovery is not None] == []


def test_a_tier_holds_for_the_whole_balance():
    """One yuan more moves three tenths of the whole loss from the fund to the bank."""
    scheme = find_scheme("cn.jiangsu_suzhidai")
    assert scheme.shares(10_000_000) == {"fund": 0.8, "bank": 0.2}
    assert scheme.shares(10_000_001) == {"fund": 0.5, "bank": 0.5}
    assert scheme.base == "principal"


def test_beyond_the_last_tier_the_bank_bears_all():
    assert find_scheme("cn.jiangsu_suzhidai").shares(30_000_001) == {"bank": 1.0}


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("bank = 0.5 }", "bank = 0.4 }", "the weights add up to 0.9, 1 is needed"),
        ("fund = 0.8,", "fund = 1.8,", "1.8 was given, at most 1 is allowed"),
        ('"net"', '"pari_passu"', "Known: bank_first, guarantor_first, net"),
        ('"principal"', '"all"', "Known: principal, principal_and_interest"),
        ("fund = 0.8", "founder = 0.8", '"founder" is not known'),
        ("above = 10.0", "above = 8.0", "one tier ends at 10.0, the next begins above 8.0"),
        ("above = 10.0", "above = 12.0", "one tier ends at 10.0, the next begins above 12.0"),
        ("up_to = 10.0", "above = 2.0\nup_to = 10.0", "the first tier begins above 2.0"),
        ('source = "The contract"\n', "", "source: nothing was given"),
        ('source = "The contract"', 'source = ""', "source: the text has 0 characters"),
        ('mark = "file-read"', 'mark = "hearsay"', 'mark: "hearsay" is not known'),
        ("published = 2025-01-01\n", "", "published: nothing was given"),
        ("[[tiers]]", "[[tiers]", "this is not TOML"),
    ],
)
def test_a_scheme_with_something_wrong_is_refused(wrong, right, said):
    assert wrong in GOOD
    with pytest.raises(InputError) as refused:
        parse(GOOD.replace(wrong, right, 1), "cn.own")
    sentences = [problem.sentence() for problem in refused.value.problems]
    assert any(said in sentence for sentence in sentences), sentences
    assert all(problem.sentence("zh").strip() for problem in refused.value.problems)


def test_the_scheme_is_read_as_it_stands():
    found = parse(GOOD, "cn.own")
    assert (found.base, found.order_of_recovery) == ("principal", "net")
    assert found.shares(10.0)["bank"] == 0.2
    assert found.shares(1e12)["bank"] == 0.5


def test_an_unknown_scheme_is_refused_with_the_nearest():
    with pytest.raises(InputError) as refused:
        find_scheme("cn.suzhidai", "loan.risk_sharing.scheme")
    assert "cn.jiangsu_suzhidai" in refused.value.problems[0].sentence()

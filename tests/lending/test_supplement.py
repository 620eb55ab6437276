"""What an offer says beside the loan: only what was asked, in figures that fit the loan, and the same from a record."""

import json
import math
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from valuation.calculation import Circumstances
from valuation.canonical import read_back
from valuation.errors import InputError
from valuation.lending.assessment import Policy
from valuation.lending.collateral import Collateral
from valuation.lending.offer import BLOCKS, offer_on
from valuation.lending.terms import read_loan
from valuation.reference.look_up import LookUp
from valuation.report import plain_course
from valuation.report.plain_supplement import WORDS, supplement_tables
from valuation.strict import read
from valuation.title import Title

ON = date(2025, 7, 31)
TITLE = {
    "right": "ownership",
    "holder": "Chip Co",
    "evidence": [{"kind": "statutory_register", "issuer": "CNIPA", "dated": "2025-07-01"}],
    "transferable": True,
    "in_force": True,
    "legal_expiry": "2040-01-01",
    "fees_paid_until": "2031-01-01",
}
PATENT = Collateral(
    "patent", "intellectual_property", 20_000_000.0, read(Title, TITLE), "invention_patent", indications=(20_000_000.0,)
)
OTHER = replace(PATENT, id="other", value=7_000_000.0)
OVERRIDE = {"who": "Credit committee", "why": "guaranteed", "until": "2027-01-01"}
LOAN: dict[str, Any] = {
    "product": "cn.ip_pledge",
    "tenor_years": 3,
    "rate": 0.038,
    "schedule": "annuity",
    "amount": 9_000_000,
    "borrower": {"pd": 0.03, "pd_source": "the bank's scorecard"},
}
SHARED = {"scheme": "cn.jiangsu_suzhidai", "order_of_recovery": "net"}
HALF_BY_SALE = {"share_covered_by_sale": {"value": 0.5, "override": OVERRIDE}}
CASH = {"cash_flow": [3e6, 3e6, 3e6], "dscr": 1.2}


def offered(*assets, policy=None, borrower=None, **changed):
    terms = read_loan({**LOAN, "borrower": {**LOAN["borrower"], **(borrower or {})}, **changed})
    return offer_on(assets or (PATENT,), terms, Circumstances(LookUp(ON), "CNY"), policy=policy)


def answer(*assets, **changed) -> dict[str, Any]:
    return offered(*assets, **changed).to_json()


def problems(**changed) -> list[str]:
    with pytest.raises(InputError) as refused:
        offered(**changed)
    return [problem.sentence() for problem in refused.value.problems]


# only what was asked


def test_what_was_not_asked_is_none_and_stands_at_the_end():
    found = answer()
    always = {"levers", "revaluation", "expected_loss_moving_together", "drawn"}
    assert list(found)[-len(BLOCKS) - 1 :] == [*BLOCKS, "also_fits"]
    assert {name for name in BLOCKS if found[name] is not None} == always
    assert "risk_sharing" not in json.dumps(found["policy"])


def test_asking_more_changes_neither_the_loan_nor_its_limits():
    plain = answer()
    asked = answer(
        risk_sharing=SHARED,
        pricing={"funding_rate": 0.02},
        lines={"warning": 0.5, "top_up": 0.6, "close_out": 0.75},
        sale={"patent": {"sold_within_a_year": 0.3}},
        jumps={"patent": {"per_year": 0.2, "factor": 0.6, "because": "rival standard"}},
        downturn={"default_rate": 0.15, "correlation": 0.15, "because": "a bad year"},
        supervisory={"haircut": 0.4, "secured": 0.25, "unsecured": 0.4, "source": "rule book"},
    )
    without_cash_flow = [name for name in BLOCKS if name != "debt_service"]
    assert all(asked[name] is not None for name in without_cash_flow)
    same = ("maximum_loan", "limits", "path", "expected_loss", "haircut", "defaults_used")
    assert [asked[name] for name in same] == [plain[name] for name in same]


def test_a_refusal_says_nothing_of_a_loan_but_what_else_fits():
    found = answer(replace(PATENT, title=None), lines={"warning": 0.5, "top_up": 0.6, "close_out": 0.75})
    assert [found[name] for name in BLOCKS] == [None] * len(BLOCKS)
    assert found["carried_by"] == {"loan": None, "amount_asked": None}
    assert [service["service"] for service in found["also_fits"]] == ["equity", "advice"]


def test_the_answer_is_the_same_from_what_a_record_keeps():
    """The scheme is kept with the policy: what is published later does not change a replay."""
    first = offered(risk_sharing=SHARED, pricing={"funding_rate": 0.02})
    kept = read(Policy, read_back(first.policy.model_dump(mode="json", exclude_none=True)))
    again = offered(policy=kept, risk_sharing=SHARED, pricing={"funding_rate": 0.02})
    assert read_back(again.to_json()) == read_back(first.to_json())


# the loss


def test_default_and_price_together_cost_more_and_say_what_was_assumed():
    """A patent of the borrower's own: independence makes the loss look smaller than it is."""
    found = answer()
    together = found["expected_loss_moving_together"]
    assert together["default_correlation"]["patent"]["value"] == 0.6
    assert together["default_correlation"]["patent"]["mark"] == "judgement"
    assert together["expected_loss"] > 1.5 * found["expected_loss"]
    assert "default_correlation" not in [default["name"] for default in found["defaults_used"]]


def test_a_stated_correlation_is_in_the_expected_loss_itself():
    found = answer(assumptions={"patent": {"default_correlation": 0.6}})
    assert found["expected_loss"] == pytest.approx(
        answer()["expected_loss_moving_together"]["expected_loss"], rel=1e-12
    )
    assert found["expected_loss_moving_together"] is None


def test_a_limit_on_the_loss_in_default_counts_with_prices_that_fall_together():
    found = answer(loss_given_default=0.1)
    amounts = {limit["name"]: limit["amount"] for limit in found["limits"]}
    alone = {
        limit["name"]: limit["amount"]
        for limit in answer(loss_given_default=0.1, assumptions={"patent": {"default_correlation": 0}})["limits"]
    }
    assert amounts["loss_given_default"] < 0.7 * alone["loss_given_default"]
    assert "default_correlation" in [default["name"] for default in found["defaults_used"]]


def test_a_target_that_title_failure_alone_exceeds_leaves_no_loan():
    found = answer(loss_given_default=0.04)
    assert (found["decision"], found["levers"]["loss_given_default"]) == ("refuse", [])
    assert found["reasons"][0]["en"] == "Loss given default leaves nothing to lend."


def test_recourse_to_the_borrower_lowers_the_loss():
    assert answer(borrower={"unsecured_recovery": 0.2})["expected_loss"] == pytest.approx(
        0.8 * answer()["expected_loss"], rel=1e-12
    )


def test_a_bad_year_loses_a_larger_part():
    found = answer(downturn={"default_rate": 0.15, "correlation": 0.15, "because": "five times the usual"})["downturn"]
    assert 0 < found["loss_given_default"] < found["in_such_a_year"] < 1


def test_rights_are_no_collateral_in_the_table_of_the_supervisor():
    table = {"haircut": 0.4, "secured": 0.25, "unsecured": 0.4, "source": "the bank's rule book"}
    found = answer(supervisory=table)["supervisory"]
    assert (found["loss_given_default"], found["eligible"]) == (0.4, 0)


# what carries it


def test_without_more_the_sale_carries_the_loan():
    found = answer()["carried_by"]
    assert found["loan"]["by_security"] == found["loan"]["amount"]
    assert found["amount_asked"]["by_nothing_tested"] == pytest.approx(9e6 - found["loan"]["amount"], rel=1e-12)


def test_the_parts_add_up_to_the_amount():
    found = answer(**HALF_BY_SALE, risk_sharing=SHARED, borrower=CASH)["carried_by"]
    for parts in found.values():
        amount = parts.pop("amount")
        assert sum(parts.values()) == pytest.approx(amount, rel=1e-12)
        assert min(parts.values()) >= 0


def test_half_by_sale_four_fifths_of_the_rest_by_the_fund_and_what_is_left_by_cash_flow():
    found = answer(**HALF_BY_SALE, risk_sharing=SHARED, borrower=CASH)["carried_by"]["loan"]
    assert found["by_security"] == pytest.approx(0.5 * found["amount"], rel=1e-12)
    assert found["by_guarantee"] == pytest.approx(0.8 * 0.5 * found["amount"], rel=1e-12)
    assert found["by_cash_flow"] == pytest.approx(0.2 * 0.5 * found["amount"], rel=1e-12)
    assert found["by_nothing_tested"] == pytest.approx(0, abs=1e-6)


def test_a_guarantor_that_keeps_the_proceeds_first_carries_less():
    first, net = (
        answer(**HALF_BY_SALE, risk_sharing={**SHARED, "order_of_recovery": order})["carried_by"]["loan"][
            "by_guarantee"
        ]
        for order in ("guarantor_first", "net")
    )
    assert first < net


def test_a_pledge_that_is_a_form_is_called_one():
    """Lent on the firm, with the patent beside it."""
    said = [warning["en"] for warning in answer(share_covered_by_sale={"value": 0.1, "override": OVERRIDE})["warnings"]]
    assert any(sentence.startswith("A sale of the security carries 46% of this loan") for sentence in said)
    assert any("rests on nothing that was tested" in sentence for sentence in said)
    assert not any("the pledge is a form" in warning["en"] for warning in answer()["warnings"])


# shared losses


def test_the_scheme_shares_the_loss_and_the_bank_bears_all_interest():
    found = answer(risk_sharing=SHARED)
    shared = found["risk_sharing"]
    borne = shared["expected_loss_borne_by"]
    assert (shared["shares"], shared["base"]) == ({"fund": 0.8, "bank": 0.2}, "principal")
    assert sum(borne.values()) == pytest.approx(found["expected_loss"], rel=1e-12)
    assert borne["bank"] > 0.2 * found["expected_loss"]


def test_what_the_borrower_owes_beside_moves_it_to_another_tier():
    """The whole balance counts: 10.1 million is shared half and half from the first yuan."""
    below = answer(risk_sharing=SHARED)["risk_sharing"]
    above = answer(risk_sharing={**SHARED, "balance_beside": 15_000_000})["risk_sharing"]
    beyond = answer(risk_sharing={**SHARED, "balance_beside": 30_000_000})["risk_sharing"]
    assert above["shares"] == {"fund": 0.5, "bank": 0.5}
    assert beyond["shares"] == {"bank": 1.0}
    banks = [found["expected_loss_borne_by"]["bank"] for found in (below, above, beyond)]
    assert banks == sorted(banks)
    assert banks[2] == pytest.approx(answer()["expected_loss"], rel=1e-12)


def test_a_capped_pool_and_a_weak_guarantor_leave_more_with_the_bank():
    own = {
        "shares": {"guarantor": 0.6, "fund": 0.2, "bank": 0.2},
        "base": "principal_and_interest",
        "order_of_recovery": "net",
        "source": "contract of 2025-07-01",
    }
    pool = {"of": "fund", "cap": 0.005, "default_probability": 0.05, "correlation": 0.15, "loss_given_default": 0.5}
    weak = {"guarantor": {"default_probability": 0.02, "default_correlation": 0.4}}
    banks = [
        answer(risk_sharing={**own, **more})["risk_sharing"]["expected_loss_borne_by"]["bank"]
        for more in ({}, {"pool": pool}, {"pool": pool, "bearers": weak})
    ]
    assert banks == sorted(set(banks))


def test_what_a_guarantee_company_may_still_guarantee_is_a_limit():
    """A tenth of net assets of 10 million, of which it guarantees four fifths."""
    own = {
        "shares": {"guarantor": 0.8, "bank": 0.2},
        "base": "principal",
        "order_of_recovery": "net",
        "source": "contract of 2025-07-01",
        "bearers": {"guarantor": {"net_assets": 10_000_000}},
    }
    limits = {limit["name"]: limit["amount"] for limit in answer(risk_sharing=own)["limits"]}
    assert limits["guarantor"] == pytest.approx(1_250_000)
    assert "guarantor" not in [limit["name"] for limit in answer()["limits"]]


@pytest.mark.parametrize(
    ("sharing", "said"),
    [
        ({"scheme": "cn.jiangsu_suzhidai"}, "publishes no order_of_recovery"),
        ({"scheme": "cn.zhongshan", "order_of_recovery": "net"}, "publishes no base"),
        ({**SHARED, "scheme": "cn.suzhi"}, '"cn.suzhi" is not known'),
        ({**SHARED, "base": "principal_and_interest"}, "cn.jiangsu_suzhidai publishes principal"),
        ({**SHARED, "order_of_recovery": "pari_passu"}, '"pari_passu" is not known'),
        ({**SHARED, "bearers": {"insurer": {"cap": 1e6}}}, '"insurer" is not known. Known: fund'),
        ({"order_of_recovery": "net"}, "exactly one of scheme and shares is needed"),
        ({"shares": {"fund": 0.6, "bank": 0.3}, "source": "x"}, "the weights add up to 0.9"),
        ({"shares": {"fund": 0.6, "bank": 0.4}}, "shares of its own have no source"),
        ({"scheme": "int.malaysia_ipfs", "base": "principal", "order_of_recovery": "net"}, "are in MYR"),
    ],
)
def test_a_contract_with_something_wrong_is_refused(sharing, said):
    sentences = problems(risk_sharing=sharing)
    assert any(said in sentence for sentence in sentences), sentences


def test_a_scheme_published_later_is_not_used():
    terms = read_loan({**LOAN, "risk_sharing": SHARED})
    with pytest.raises(InputError) as refused:
        offer_on((PATENT,), terms, Circumstances(LookUp(date(2023, 1, 31)), "CNY"))
    assert any("2023-08-31 lies after" in problem.sentence() for problem in refused.value.problems)


def test_a_loan_longer_than_the_scheme_covers_is_refused():
    longer = {"max_tenor_years": {"value": 5, "override": OVERRIDE}}
    assert any(
        "covers no longer loan" in sentence for sentence in problems(tenor_years=5, risk_sharing=SHARED, **longer)
    )


def test_sharing_pricing_and_a_bad_year_need_a_probability_of_default():
    without = {"borrower": {"pd": None}}
    year = {"default_rate": 0.1, "correlation": 0.1, "because": "x"}
    for block in ({"risk_sharing": SHARED}, {"pricing": {"funding_rate": 0.02}}, {"downturn": year}):
        assert any("loan.borrower.pd" in sentence for sentence in problems(**without, **block))


# the price


def test_the_bank_prices_its_own_part_of_the_loss_under_the_ceiling_of_the_scheme():
    """The one-year prime rate is 3.00% on that day, so at most 3.80% may be charged."""
    pricing = {"funding_rate": 0.02, "running_cost": 0.006, "capital_share": 0.08, "return_wanted": 0.12}
    alone, shared = answer(pricing=pricing)["price"], answer(pricing=pricing, risk_sharing=SHARED)["price"]
    assert shared["loss_of_bank_a_year"] < alone["loss_of_bank_a_year"]
    assert shared["rate_needed"] < alone["rate_needed"]
    dear = answer(pricing=pricing, risk_sharing=SHARED, rate=0.05)["price"]
    assert dear["rate_allowed"] == pytest.approx(0.038)
    assert any("above the ceiling" in remark["en"] for remark in dear["remarks"])


def test_a_loan_that_does_not_pay_says_by_how_much_and_what_would_cure_it():
    found = answer(pricing={"funding_rate": 0.033, "running_cost": 0.004})["price"]
    assert found["pays"] is False
    assert found["falls_short_by"] == pytest.approx(found["rate_needed"] - 0.038, rel=1e-12)
    assert 0 < found["share_others_must_bear"] < 1


def test_the_price_is_shown_where_default_and_price_move_together_too():
    """The loss of independence alone would underprice a loan on the borrower's own patent."""
    found = answer(pricing={"funding_rate": 0.02})["price"]
    assert found["rate_needed_moving_together"] > found["rate_needed"]
    stated = answer(pricing={"funding_rate": 0.02}, assumptions={"patent": {"default_correlation": 0.6}})["price"]
    assert stated["rate_needed"] == pytest.approx(found["rate_needed_moving_together"], rel=1e-12)
    assert stated["rate_needed_moving_together"] is None


def test_a_yearly_loss_is_that_of_the_whole_loan_spread_over_it():
    """One year, one payment: probability times loss given default."""
    found = answer(tenor_years=1, schedule="bullet", pricing={"funding_rate": 0.02})
    exposure = found["path"][1]["exposure_before_payment"]
    lost = found["expected_loss"] / (0.03 * exposure / 1.038)
    assert found["price"]["loss_of_bank_a_year"] == pytest.approx(0.03 * lost, rel=1e-12)


# lines, sales, jumps, revaluation


def test_lines_give_time_chance_and_what_must_be_added():
    lines = {"warning": 0.08, "top_up": 0.1, "close_out": 0.15}
    found = answer(lines=lines)["lines"]
    assert [found[name]["level"] for name in lines] == list(lines.values())
    chances = [found[name]["chance"] for name in lines]
    assert chances == sorted(chances, reverse=True)
    assert found["close_out"]["reached_after_years"] is None
    assert found["years"] == [1, 2, 3]
    assert found["value_to_add"][0] > 0 == found["value_to_add"][2]


def test_lines_out_of_order_are_refused_at_their_place():
    assert any("loan.lines" in s for s in problems(lines={"warning": 0.7, "top_up": 0.6, "close_out": 0.75}))


def test_a_slow_sale_is_set_against_a_quick_one():
    found = answer(sale={"patent": {"sold_within_a_year": 0.3, "longest_wait": 3}})["sale"]["patent"]
    assert found["quick_sale"] == pytest.approx(10_000_000)
    assert found["better"] == ("slow" if found["slow_sale"] > found["quick_sale"] else "quick")


def test_a_jump_deepens_the_haircut_of_the_value():
    jump = {"per_year": 0.3, "factor": 0.5, "because": "a rival standard"}
    found = answer(jumps={"patent": jump})["jumps"]["patent"]
    assert found["haircut_without"] < found["haircut_with"] < 1
    assert found["because"] == "a rival standard"


@pytest.mark.parametrize("block", ["sale", "jumps"])
def test_an_asset_that_is_not_there_is_refused(block):
    what = {"sale": {"sold_within_a_year": 0.3}, "jumps": {"per_year": 0.1, "factor": 0.5, "because": "x"}}
    assert any(f"loan.{block}" in sentence for sentence in problems(**{block: {"mark": what[block]}}))


def test_valued_again_before_a_tenth_is_gone_and_at_least_yearly():
    found = answer()["revaluation"]
    assert found["every_years"] == pytest.approx(0.7024, abs=5e-5)  # drift of -15%
    assert found["because_of"] == "patent"
    slow = answer(assumptions={"patent": {"log_drift": -0.02}})["revaluation"]
    assert (slow["every_years"], slow["because_of"]) == (1.0, None)


# what would raise a limit


def test_the_lever_named_raises_the_limit_by_one():
    found = answer()
    name = next(limit["name"] for limit in found["limits"] if limit["binding"])
    lever = next(one for one in found["levers"][name] if one["input"] == "patent.volatility")
    million = 1e4 * lever["change_for_one_more"]
    after = answer(assumptions={"patent": {"volatility": lever["stated"] + million}})
    assert after["maximum_loan"] - found["maximum_loan"] == pytest.approx(1e4, rel=0.01)


def test_one_more_of_a_cap_needs_its_part_of_the_value():
    levers = {lever["input"]: lever for lever in answer()["levers"]["policy_cap"]}
    assert levers["patent.value"]["change_for_one_more"] == pytest.approx(1 / 0.25, rel=1e-9)
    assert levers["policy_cap" if "policy_cap" in levers else "patent.policy_cap"][
        "change_for_one_more"
    ] == pytest.approx(1 / 20_000_000, rel=1e-9)


def test_an_input_at_its_bound_is_no_lever():
    """The whole appraisal is accepted already."""
    found = answer()
    assert all(lever["input"] != "patent.acceptance" for limit in found["levers"].values() for lever in limit)
    freed = answer(assumptions={"patent": {"acceptance": 0.8}})["levers"]["policy_cap"]
    assert "patent.acceptance" in [lever["input"] for lever in freed]


@pytest.mark.parametrize(("least", "changed"), [(5e-324, {}), (2e-323, {}), (1e-318, {"need": 0.0})])
def test_a_limit_too_small_for_a_slope_has_no_lever_of_nothing(least, changed):
    """The smallest numbers there are stay what they were when they are moved by a ten-thousandth."""
    levers = answer(replace(PATENT, value=least, indications=(least,)), **changed)["levers"]
    found = [lever for strongest in levers.values() for lever in strongest]
    assert all(math.isfinite(lever["change_for_one_more"]) and lever["elasticity"] != 0 for lever in found)
    assert [lever["input"] for lever in levers["amount_asked"]] == ["amount_asked"]


def test_levers_go_by_the_name_of_their_asset():
    found = answer(PATENT, OTHER)["levers"]["value_at_risk"]
    assert all(
        lever["input"].split(".")[0] in ("patent", "other", "shortfall_probability", "share_covered_by_sale")
        for lever in found
    )
    strengths = [abs(lever["elasticity"]) for lever in found]
    assert strengths == sorted(strengths, reverse=True)


# what else fits


@pytest.mark.parametrize(
    ("changed", "service", "reason"),
    [
        ({"borrower": {"stage": "seed"}}, "equity", "At the seed stage"),
        ({}, "equity", "More than the security carries"),
        ({}, "loan", "The security carries a loan"),
        ({}, "insurance", "What a sale would bring decides"),
        ({}, "advice", "Conditions stand open"),
        ({"borrower": {"stage": "mature", "cash_flow": [9e6] * 3, "dscr": 1.2}}, "bond", "A mature borrower"),
    ],
)
def test_services_that_fit_and_why(changed, service, reason):
    found = {one["service"]: one["because"]["en"] for one in answer(**changed)["also_fits"]}
    assert found[service].startswith(reason)


def test_a_bond_fits_nobody_whose_cash_flow_is_not_shown():
    services = [one["service"] for one in answer(borrower={"stage": "mature"})["also_fits"]]
    assert "bond" not in services
    assert "leasing" not in services


def test_every_service_has_its_words_in_both_languages():
    for one in answer()["also_fits"]:
        assert all(one[part][language] for part in ("label", "because") for language in ("en", "zh"))


# as tables


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_show_what_the_offer_has_in_either_language(language):
    lines = {"warning": 0.08, "top_up": 0.1, "close_out": 0.15}
    pricing = {"funding_rate": 0.033, "running_cost": 0.004}
    full = answer(risk_sharing=SHARED, pricing=pricing, lines=lines)
    headings = [table.heading for table in supplement_tables(full, "CNY", language)]
    words = WORDS[language]
    assert headings[0] == words["carried"]
    assert headings[1].startswith(words["raise"])
    course = [plain_course.WORDS[language][name] for name in ("ratios", "limits")]
    assert headings[2:4] == course
    assert headings[4] == plain_course.WORDS[language]["drawn"].format(draws=8192)
    assert headings[5:] == [words["sharing"], words["price"], words["watch"], words["fits"]]
    shared = next(table for table in supplement_tables(full, "CNY", language) if table.heading == words["sharing"])
    assert [row[1] for row in shared.rows] == ["20.00%", "80.00%"]


def test_a_refusal_shows_nothing_but_what_fits():
    refused = answer(replace(PATENT, title=None))
    assert [table.heading for table in supplement_tables(refused, "CNY")] == ["Services that fit"]


def test_the_change_shown_raises_the_binding_limit_by_a_hundredth():
    found = answer()
    table = list(supplement_tables(found, "CNY"))[1]
    row = next(row for row in table.rows if row[0] == "patent: Appraised value, taken as the median")
    assert row[1:] == ["20,000,000", "+200,000"]


def test_every_tested_limit_names_its_strongest_lever_by_a_change_that_raises_it_by_a_hundredth():
    table = next(t for t in supplement_tables(answer(), "CNY") if t.heading == plain_course.WORDS["en"]["limits"])
    shown = {row[0]: row[2:] for row in table.rows}
    assert set(shown) >= {
        "Policy cap",
        "Value at risk",
        "Decay path",
        "Largest loan of the product",
        "Amount asked for",
    }
    assert shown["Policy cap"] == ["patent: Appraised value, taken as the median", "20,000,000", "+200,000"]


def test_every_word_stands_in_both_languages():
    assert set(WORDS["en"]) == set(WORDS["zh"])
    assert set(plain_course.WORDS["en"]) == set(plain_course.WORDS["zh"])

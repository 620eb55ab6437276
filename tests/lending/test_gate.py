"""The title gate: what passes, what is a condition before drawing, what is refused, for each kind of asset."""

from datetime import date

import pytest

from valuation.lending.gate import Facts, gate_texts
from valuation.lending.gate_rules import RULES, gate
from valuation.strict import read
from valuation.title import Title

ON = date(2026, 6, 30)
REGISTER = {"kind": "statutory_register", "issuer": "CNIPA", "dated": "2026-06-01"}
DATA = {
    "right": "operation",
    "holder": "Port Co",
    "evidence": [
        {"kind": "data_registration_certificate", "issuer": "Shandong", "dated": "2026-03-01"},
        {"kind": "legal_opinion", "issuer": "Counsel", "dated": "2026-06-10"},
    ],
    "exclusive": True,
    "transferable": True,
    "lawful_source": True,
    "personal_information": "none",
    "state_core_data": False,
    "important_data": False,
    "cross_border": "none",
    "works_without_borrower": True,
    "escrow": True,
    "perfection": {"registry": "unified_movables_registry", "filed": "2026-06-20"},
}
PATENT = {
    "right": "ownership",
    "holder": "Chip Co",
    "evidence": [REGISTER],
    "transferable": True,
    "in_force": True,
    "fees_paid_until": "2031-01-01",
    "legal_expiry": "2040-01-01",
    "perfection": {"registry": "cnipa", "filed": "2026-06-20"},
}
MODEL = {
    "right": "ownership",
    "holder": "Model Co",
    "evidence": DATA["evidence"],
    "exclusive": True,
    "transferable": True,
    "works_without_borrower": True,
    "open_weights": False,
    "open_source_terms": False,
    "weights_digest": "sha256:9f2c",
    "licence_chain": True,
    "escrow": True,
    "export_status": "free",
    "perfection": DATA["perfection"],
}
CLUSTER = {
    "right": "ownership",
    "holder": "Compute Co",
    "evidence": [{"kind": "invoice", "issuer": "Vendor", "dated": "2026-01-10"}],
    "transferable": True,
    "export_status": "free",
    "location": "Hangzhou",
    "insured": True,
    "title_retained": False,
    "delivered": "2026-01-10",
    "registry_searched": "2026-06-25",
    "perfection": {"registry": "unified_movables_registry", "filed": "2026-06-20"},
}
KINDS = {
    "training_data": (DATA, None),
    "intellectual_property": (PATENT, "invention_patent"),
    "ai_model": (MODEL, None),
    "compute_cluster": (CLUSTER, None),
}


def answers(kind, subkind=None, jurisdiction="CN", tenor=3.0, asked=None, **changed):
    """Each check's result by name, for an asset of this kind whose title is in order but for what is changed."""
    title, usual = KINDS[kind]
    facts = Facts(
        asset="a",
        kind=kind,
        subkind=subkind or usual,
        title=read(Title, {**title, **changed}),
        on=ON,
        tenor_years=tenor,
        sale_time=1.0,
        jurisdiction=jurisdiction,
        min_remaining_life_years=asked,
    )
    return {check.name: check for check in gate(facts)}


def result(name, kind, **changed):
    return answers(kind, **changed)[name].result


@pytest.mark.parametrize("kind", KINDS)
def test_a_title_in_order_passes_everything(kind):
    assert {check.name for check in answers(kind).values() if check.result != "pass"} == set()


ASKED = {
    "training_data": {
        *("evidence_of_title", "exclusive", "transferable", "lawful_source", "personal_information", "state_core_data"),
        *("important_data", "cross_border"),
        *("works_without_borrower", "escrow", "perfection", "effect_against_others"),
    },
    "ai_model": {
        *("evidence_of_title", "exclusive", "transferable", "open_weights", "licence_chain", "works_without_borrower"),
        *("open_source_terms", "weights_digest"),
        *("escrow", "export_status", "perfection", "effect_against_others"),
    },
    "intellectual_property": {
        *("evidence_of_title", "transferable", "in_force", "register_extract", "fees_paid", "legal_life", "perfection"),
    },
    "compute_cluster": {
        *(
            "evidence_of_title",
            "transferable",
            "purchase_documents",
            "title_retained",
            "purchase_money",
            "location",
            "insured",
            "export_status",
            "perfection",
        ),
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_said_is_a_condition_and_never_a_yes(kind):
    """Of a title that states the right and its holder alone, all the rest is asked for before drawing."""
    title = read(Title, {"right": KINDS[kind][0]["right"], "holder": "X"})
    found = gate(Facts("a", kind, KINDS[kind][1], title, ON, 3.0, 1.0, "CN"))
    assert {check.name for check in found if check.result == "hold"} == ASKED[kind]
    assert {check.name for check in found if check.result == "refuse"} == set()


# rights


@pytest.mark.parametrize(
    ("kind", "right", "expected"),
    [
        ("training_data", "holding", "pass"),
        ("training_data", "operation", "pass"),
        ("training_data", "use", "refuse"),
        ("intellectual_property", "use", "refuse"),
        ("ai_model", "operation", "refuse"),
        ("compute_cluster", "use", "refuse"),
    ],
)
def test_a_right_to_use_is_no_security(kind, right, expected):
    assert result("right", kind, right=right) == expected


REFUSED = [
    ("exclusive", "training_data", {"exclusive": False}),
    ("exclusive", "intellectual_property", {"exclusive": False}),
    ("transferable", "training_data", {"transferable": False}),
    ("pledgor", "training_data", {"pledgor": "Parent", "pledgor_consent": False}),
    ("co_owners", "intellectual_property", {"co_owners": ["University"]}),
    ("disputes", "intellectual_property", {"disputes": ["invalidation 2026-05"]}),
    ("lawful_source", "training_data", {"lawful_source": False}),
    ("personal_information", "training_data", {"personal_information": "no_basis"}),
    ("state_core_data", "training_data", {"state_core_data": True}),
    ("open_weights", "ai_model", {"open_weights": True}),
    ("licence_chain", "ai_model", {"licence_chain": False}),
    ("in_force", "intellectual_property", {"in_force": False}),
    ("fees_paid", "intellectual_property", {"fees_paid_until": "2026-06-29"}),
    ("export_status", "compute_cluster", {"export_status": "barred"}),
    ("title_retained", "compute_cluster", {"title_retained": True}),
]
HELD = [
    ("pledgor", "training_data", {"pledgor": "Parent"}),
    ("licences_granted", "intellectual_property", {"licences_granted": ["exclusive, Japan"]}),
    ("works_without_borrower", "training_data", {"works_without_borrower": False}),
    ("escrow", "ai_model", {"escrow": False}),
    ("fees_paid", "intellectual_property", {"fees_paid_until": "2027-01-01"}),
    ("export_status", "compute_cluster", {"export_status": "licence_needed"}),
    ("insured", "compute_cluster", {"insured": False}),
    ("purchase_documents", "compute_cluster", {"evidence": [REGISTER]}),
    ("location", "compute_cluster", {"location": None}),
    ("important_data", "training_data", {"important_data": True}),
    ("cross_border", "training_data", {"cross_border": "not_cleared"}),
    ("open_source_terms", "ai_model", {"open_source_terms": True}),
    ("weights_digest", "ai_model", {"weights_digest": None}),
    ("register_extract", "intellectual_property", {"evidence": [{**REGISTER, "dated": "2026-01-01"}]}),
]


@pytest.mark.parametrize(("name", "kind", "changed"), REFUSED)
def test_what_no_haircut_mends_is_refused(name, kind, changed):
    assert result(name, kind, **changed) == "refuse"


@pytest.mark.parametrize(("name", "kind", "changed"), HELD)
def test_what_can_be_mended_is_a_condition(name, kind, changed):
    assert result(name, kind, **changed) == "hold"


@pytest.mark.parametrize(
    ("delivered", "searched", "expected"),
    [
        ("2026-06-01", "2026-06-11", "pass"),
        ("2026-06-01", "2026-06-10", "hold"),  # somebody may file after the search and rank first
        ("2026-06-25", "2026-06-29", "hold"),
        ("2026-06-01", None, "hold"),
        (None, "2026-06-29", "hold"),
    ],
)
def test_the_vendors_own_mortgage_ranks_first_for_ten_days_after_delivery(delivered, searched, expected):
    found = answers("compute_cluster", delivered=delivered, registry_searched=searched)["purchase_money"]
    assert found.result == expected
    assert found.ground.en == "Civil Code, Articles 403, 404 and 416"
    if delivered == "2026-06-25":
        assert found.evidence.startswith("delivered 2026-06-25, vendor may file until 2026-07-05")


def test_an_answer_bears_the_date_of_what_it_rests_on():
    found = {name: check.to_json()["date"] for name, check in answers("training_data").items()}
    assert found["evidence_of_title"] == found["effect_against_others"] == "2026-06-10"
    assert found["perfection"] == "2026-06-20"
    assert found["right"] is None
    patent = {name: check.to_json()["date"] for name, check in answers("intellectual_property").items()}
    assert (patent["fees_paid"], patent["legal_life"]) == ("2031-01-01", "2040-01-01")
    assert patent["register_extract"] == "2026-06-01"


def test_consent_of_all_co_owners_lets_a_patent_pass():
    assert result("co_owners", "intellectual_property", co_owners=["University"], co_owner_consent=True) == "pass"


# time


def test_a_right_must_outlive_the_loan_and_the_sale():
    """Three years and a year for the sale: 2030-06-30."""
    assert result("legal_life", "intellectual_property", legal_expiry="2030-07-02") == "pass"
    assert result("legal_life", "intellectual_property", legal_expiry="2030-06-28") == "refuse"
    assert result("legal_life", "intellectual_property", legal_expiry="2030-06-28", tenor=2.0) == "pass"


def test_the_life_a_product_asks_for_is_asked():
    assert result("life_asked_by_lender", "intellectual_property", asked=8.0) == "pass"
    assert result("life_asked_by_lender", "intellectual_property", asked=15.0) == "refuse"


def test_a_trade_secret_has_no_fees_and_no_expiry():
    found = answers("intellectual_property", subkind="trade_secret", legal_expiry=None, fees_paid_until=None)
    assert "fees_paid" not in found
    assert found["legal_life"].result == "pass"


# filing


@pytest.mark.parametrize("kind", ["exchange_certificate", "data_registration_certificate"])
def test_a_certificate_never_perfects_a_pledge(kind):
    found = answers("training_data", evidence=[{"kind": kind, "issuer": "Exchange"}], perfection=None)
    assert found["evidence_of_title"].result == "pass"
    assert found["perfection"].result == "hold"
    assert "perfects nothing" in found["perfection"].said.en


@pytest.mark.parametrize(
    ("kind", "subkind", "registry"),
    [
        ("intellectual_property", "trademark", "cnipa"),
        ("intellectual_property", "software", "copyright_authority"),
        ("intellectual_property", "trade_secret", "unified_movables_registry"),
        ("training_data", None, "unified_movables_registry"),
        ("compute_cluster", None, "unified_movables_registry"),
    ],
)
def test_only_the_registry_of_the_right_counts(kind, subkind, registry):
    """The unified registry takes no patents, marks or copyrights; the CNIPA takes no servers."""
    registries = {"cnipa", "copyright_authority", "unified_movables_registry", "foreign_register"}
    found = {
        name: result("perfection", kind, subkind=subkind, perfection={"registry": name, "filed": "2026-06-20"})
        for name in registries
    }
    assert {name for name, answer in found.items() if answer == "pass"} == {registry}
    assert set(found.values()) == {"pass", "hold"}


def test_data_need_an_opinion_even_when_filed():
    """No statute names data rights as pledgeable, so a filing may hold against nobody."""
    without = [entry for entry in DATA["evidence"] if entry["kind"] != "legal_opinion"]
    found = answers("training_data", evidence=without)["effect_against_others"]
    assert found.result == "hold"
    assert found.ground.mark == "file-read"


def test_every_ip_asset_is_asked_for_its_sort():
    """Without it no rule would ask about filing or fees."""
    facts = Facts("a", "intellectual_property", None, read(Title, PATENT), ON, 3.0, 1.0, "CN")
    assert {check.name: check.result for check in gate(facts)}["sort_of_right"] == "hold"


# other law


def test_abroad_counsel_speaks_and_no_chinese_article_is_cited():
    found = answers("compute_cluster", jurisdiction="other")
    assert found["local_law"].result == "hold"
    assert found["perfection"].result == "hold"
    assert all(check.ground is None for check in found.values())
    assert "effect_against_others" not in answers("training_data", jurisdiction="other")


def test_abroad_facts_still_refuse():
    assert result("exclusive", "training_data", jurisdiction="other", exclusive=False) == "refuse"


# sentences


def test_every_rule_has_its_sentences_and_every_sentence_a_rule():
    assert {rule.name for rule in RULES} | {"title"} == set(gate_texts().rules)


def test_every_ground_is_used_and_says_how_it_was_checked():
    assert {rule.ground for rule in RULES if rule.ground} == set(gate_texts().grounds)


def test_evidence_and_its_date_stand_beside_the_answer():
    assert (
        "data_registration_certificate, Shandong, 2026-03-01" in answers("training_data")["evidence_of_title"].evidence
    )
    assert answers("intellectual_property")["fees_paid"].evidence == "2031-01-01"
    assert answers("training_data")["perfection"].evidence == "unified_movables_registry, 2026-06-20"

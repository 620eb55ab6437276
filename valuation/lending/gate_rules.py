"""The rules of the gate, in the order a lender asks them: the right, what stands against it, each kind, the filing."""

from __future__ import annotations

from datetime import date, timedelta

from valuation.lending.gate import DAYS_OF_YEAR, Check, Facts, Rule

DATA, MODEL, CLUSTER, IP = "training_data", "ai_model", "compute_cluster", "intellectual_property"
WITH_FEES = ("invention_patent", "utility_model_patent", "design_patent", "trademark")
NO_STATUTE = (DATA, MODEL, "trade_secret")  # no law names them as pledgeable
REGISTRIES = {**dict.fromkeys(WITH_FEES, "cnipa"), "software": "copyright_authority"}
VENDOR_MAY_FILE = timedelta(days=10)  # after delivery, and then ranks first (Civil Code, Article 416)
EXTRACT_HOLDS = timedelta(days=90)  # how old a register extract may be: judgement, no rule read
OTHERWISE = "unified_movables_registry"  # it takes no patents, marks or copyrights


def gate(facts: Facts) -> tuple[Check, ...]:
    """Every rule that asks about this asset, answered."""
    return tuple(rule.check(facts) for rule in RULES if rule.applies(facts))


def _right_suffices(facts: Facts) -> bool:
    enough = ("ownership", "holding", "operation") if facts.kind == DATA else ("ownership",)
    return facts.title.right in enough


def _exclusive(facts: Facts) -> bool | None:
    # Who owns a patent, a mark or a server excludes others by that; data and weights are copied.
    return facts.title.exclusive if facts.kind in (DATA, MODEL) else facts.title.exclusive is not False


def _pledgor_may(facts: Facts) -> bool | None:
    title = facts.title
    return True if title.pledgor in (None, title.holder) else title.pledgor_consent


def _co_owners_agree(facts: Facts) -> bool:
    return not facts.title.co_owners or facts.title.co_owner_consent is True


def _personal_information(facts: Facts) -> bool | None:
    stated = facts.title.personal_information
    return None if stated is None else stated != "no_basis"


def _fees_paid(facts: Facts) -> bool | None:
    until = facts.title.fees_paid_until
    if until is not None and until < facts.on:
        return False
    return True if until is not None and until >= facts.end_of_sale() else None


def _outlives_the_loan(facts: Facts) -> bool | None:
    expiry = facts.title.legal_expiry
    if expiry is None:
        return None if facts.sort in WITH_FEES else True
    return expiry >= facts.end_of_sale()


def _life_asked_for(facts: Facts) -> bool | None:
    asked, expiry = facts.min_remaining_life_years, facts.title.legal_expiry
    if asked is None or expiry is None:
        return True if asked is None else None
    return (expiry - facts.on).days / DAYS_OF_YEAR >= asked


def _free_to_sell(facts: Facts) -> bool | None:
    return {"free": True, "barred": False}.get(facts.title.export_status or "")


def _extract_is_fresh(facts: Facts) -> bool | None:
    seen = facts.newest("statutory_register")
    return True if seen is not None and facts.on - seen <= EXTRACT_HOLDS else None


def _nobody_ahead(facts: Facts) -> bool | None:
    """Whether the registry was searched once no vendor could file ahead any more; never a plain no."""
    delivered, searched = facts.title.delivered, facts.title.registry_searched
    known = delivered is not None and searched is not None and searched >= delivered + VENDOR_MAY_FILE
    return True if known else None


def _search(facts: Facts) -> str:
    delivered, searched = facts.title.delivered, facts.title.registry_searched
    open_until = f"delivered {delivered}, vendor may file until {delivered + VENDOR_MAY_FILE}" if delivered else ""
    return "; ".join(filter(None, (open_until, f"registry searched {searched}" if searched else "")))


def _crosses_border(facts: Facts) -> bool | None:
    stated = facts.title.cross_border
    return None if stated is None else stated != "not_cleared"


def _filed(facts: Facts) -> bool | None:
    filing = facts.title.perfection
    if filing is None or filing.filed is None:
        return None
    right_one = REGISTRIES.get(facts.sort, OTHERWISE) if facts.jurisdiction == "CN" else "foreign_register"
    return filing.registry == right_one


def _filing(facts: Facts) -> str:
    filing = facts.title.perfection
    return f"{filing.registry}, {filing.filed}" if filing and filing.filed else ""


def _not(stated: bool | None) -> bool | None:  # noqa: FBT001 - a fact, no option
    return None if stated is None else not stated


def _expiry(facts: Facts) -> str:
    return str(facts.title.legal_expiry or "")


def _filing_date(facts: Facts) -> date | None:
    return facts.title.perfection.filed if facts.title.perfection else None


def _opinion_date(facts: Facts) -> date | None:
    return facts.newest("legal_opinion")


def _opinion(facts: Facts) -> str:
    return facts.evidence("legal_opinion")


RULES = (
    Rule("right_to_data", _right_suffices, (DATA,), "data_rights", lambda f: f.title.right, topic="right"),
    Rule("right_of_owner", _right_suffices, (IP, MODEL, CLUSTER), "pledgeable", lambda f: f.title.right, topic="right"),
    Rule(
        "evidence_of_title",
        lambda f: bool(f.title.evidence) or None,
        shown=Facts.evidence,
        dated=Facts.newest,
    ),
    Rule("exclusive", _exclusive, ground="market_sale"),
    Rule("transferable", lambda f: f.title.transferable, ground="market_sale"),
    Rule("pledgor", _pledgor_may, ground="pledgeable", shown=lambda f: f.title.pledgor or ""),
    Rule("co_owners", _co_owners_agree, ground="co_owners", shown=lambda f: ", ".join(f.title.co_owners)),
    Rule("disputes", lambda f: not f.title.disputes, shown=lambda f: "; ".join(f.title.disputes)),
    Rule(
        "licences_granted",
        lambda f: not f.title.licences_granted or None,
        (DATA, MODEL, IP),
        "pledgeable",
        lambda f: "; ".join(f.title.licences_granted),
    ),
    # data and models
    Rule("lawful_source", lambda f: f.title.lawful_source, (DATA,), "data_stops"),
    Rule("personal_information", _personal_information, (DATA,), "data_stops"),
    Rule("state_core_data", lambda f: _not(f.title.state_core_data), (DATA,), "data_stops"),
    Rule("important_data", lambda f: _not(f.title.important_data), (DATA,), on_no="hold"),
    Rule("cross_border", _crosses_border, (DATA,), on_no="hold"),
    Rule("open_weights", lambda f: _not(f.title.open_weights), (MODEL,), "market_sale"),
    Rule("licence_chain", lambda f: f.title.licence_chain, (MODEL,)),
    Rule("open_source_terms", lambda f: _not(f.title.open_source_terms), (MODEL, "software"), on_no="hold"),
    Rule(
        "weights_digest",
        lambda f: bool(f.title.weights_digest) or None,
        (MODEL,),
        shown=lambda f: f.title.weights_digest or "",
    ),
    Rule("works_without_borrower", lambda f: f.title.works_without_borrower, (DATA, MODEL), on_no="hold"),
    Rule("escrow", lambda f: f.title.escrow, (DATA, MODEL), on_no="hold"),
    # intellectual property
    Rule("sort_of_right", lambda f: f.subkind is not None or None, (IP,), "pledgeable", lambda f: f.subkind or ""),
    Rule(
        "in_force",
        lambda f: f.title.in_force,
        (IP,),
        "pledgeable",
        lambda f: f.evidence("statutory_register"),
        dated=lambda f: f.newest("statutory_register"),
    ),
    Rule(
        "register_extract",
        _extract_is_fresh,
        WITH_FEES,
        "pledgeable",
        lambda f: f.evidence("statutory_register"),
        dated=lambda f: f.newest("statutory_register"),
    ),
    Rule(
        "fees_paid",
        _fees_paid,
        WITH_FEES,
        "fees",
        lambda f: str(f.title.fees_paid_until or ""),
        dated=lambda f: f.title.fees_paid_until,
    ),
    Rule("legal_life", _outlives_the_loan, (IP,), "term", _expiry, dated=lambda f: f.title.legal_expiry),
    Rule("life_asked_by_lender", _life_asked_for, (IP,), shown=_expiry, dated=lambda f: f.title.legal_expiry),
    # compute clusters
    Rule(
        "purchase_documents",
        lambda f: bool(f.evidence("invoice", "contract")) or None,
        (CLUSTER,),
        "mortgage",
        lambda f: f.evidence("invoice", "contract"),
        dated=lambda f: f.newest("invoice", "contract"),
    ),
    Rule("title_retained", lambda f: _not(f.title.title_retained), (CLUSTER,)),
    Rule(
        "purchase_money",
        _nobody_ahead,
        (CLUSTER,),
        "mortgage",
        _search,
        jurisdiction="CN",
        dated=lambda f: f.title.registry_searched,
    ),
    Rule(
        "location", lambda f: f.title.location is not None or None, (CLUSTER,), shown=lambda f: f.title.location or ""
    ),
    Rule("insured", lambda f: f.title.insured, (CLUSTER,), on_no="hold"),
    Rule("export_status", _free_to_sell, (CLUSTER, MODEL), shown=lambda f: f.title.export_status or ""),
    # the filing
    *(
        Rule(
            name,
            _filed,
            sorts,
            ground,
            _filing,
            on_no="hold",
            jurisdiction="CN",
            topic="perfection",
            dated=_filing_date,
        )
        for name, sorts, ground in (
            ("filed_with_cnipa", WITH_FEES, "pledgeable"),
            ("filed_with_copyright_authority", ("software",), "pledgeable"),
            ("mortgage_filed", (CLUSTER,), "mortgage"),
            ("filed_without_statute", NO_STATUTE, "no_effect"),
        )
    ),
    Rule(
        "effect_against_others",
        lambda f: bool(_opinion(f)) or None,
        NO_STATUTE,
        "no_effect",
        _opinion,
        jurisdiction="CN",
        dated=_opinion_date,
    ),
    Rule(
        "filed_abroad",
        _filed,
        shown=_filing,
        on_no="hold",
        jurisdiction="other",
        topic="perfection",
        dated=_filing_date,
    ),
    Rule("local_law", lambda f: bool(_opinion(f)) or None, shown=_opinion, jurisdiction="other", dated=_opinion_date),
)

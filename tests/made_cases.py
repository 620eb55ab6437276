"""Small cases that several tests start from; each call gives a new one, to be spoiled or changed at will."""

from copy import deepcopy
from typing import Any

ROYALTY = "income.relief_from_royalty"
COST = "cost.data_replacement"

_SOFTWARE: dict[str, Any] = {
    "format": "valuation-case/1",
    "name": "Route planner",
    "purpose": "pledge",
    "valuation_date": "2025-06-30",
    "currency": "CNY",
    "basis_of_value": "market_value",
    "assets": [
        {
            "id": "software",
            "kind": "intellectual_property",
            "methods": [
                {
                    "id": ROYALTY,
                    "inputs": {
                        "revenue": [1000000, 1200000, 1300000],
                        "royalty_rate": {"low": 0.03, "mode": 0.05, "high": 0.08},
                        "remaining_useful_life": 3,
                        "discount_rate": 0.18,
                    },
                }
            ],
            "conclusion": {
                "select": ROYALTY,
                "because": "it is licensed",
                "single_method_reason": "nothing like it is sold",
            },
        }
    ],
    "uncertainty": {"draws": 256},
}

_CORPUS: dict[str, Any] = {
    **_SOFTWARE,
    "name": "Corpus",
    "valuation_date": "2026-03-31",
    "assets": [
        {
            "id": "corpus",
            "kind": "training_data",
            "facts": {"remaining_useful_life": {"low": 3, "mode": 4, "high": 6, "source": "contracts", "level": 2}},
            "methods": [
                {
                    "id": COST,
                    "inputs": {
                        "collection_cost": {"low": 900000, "mode": 1000000, "high": 1200000, "source": "ledger"},
                        "opportunity_cost": 50000,
                        "quality_coefficient": 0.9,
                        "timeliness": "by_life",
                        "age": 1,
                    },
                },
                {
                    "id": ROYALTY,
                    "inputs": {
                        "revenue": [6000000, 6500000, 7000000, 7000000, 7000000, 7000000],
                        "royalty_rate": {"low": 0.03, "mode": 0.05, "high": 0.08},
                        "discount_rate": {
                            "derive": "rate.wacc",
                            "inputs": {"beta": {"low": 0.9, "mode": 1.1, "high": 1.5}, "debt_share": 0.2},
                        },
                    },
                },
            ],
            "conclusion": {"select": ROYALTY, "because": "it earns licence fees", "spread_cause": "scarce content"},
        }
    ],
}


def software() -> dict[str, Any]:
    """One asset, one method, one range."""
    return deepcopy(_SOFTWARE)


def corpus() -> dict[str, Any]:
    """One asset, two approaches that share a fact, a rate that is worked out, and reference figures."""
    return deepcopy(_CORPUS)


def with_loan() -> dict[str, Any]:
    """The corpus with its title and a loan on it, which the gate lets pass with conditions."""
    content = corpus()
    content["assets"][0]["title"] = {"right": "operation", "holder": "Example Ltd"}
    content["loan"] = {
        "product": "cn.data_pledge",
        "tenor_years": 1,
        "amount": 400000,
        "rate": 0.04,
        "schedule": "bullet",
    }
    return content


def inputs_of(content: dict[str, Any], method: int = 0) -> dict[str, Any]:
    """The inputs of one method of the first asset, to be changed in place."""
    inputs: dict[str, Any] = content["assets"][0]["methods"][method]["inputs"]
    return inputs


def conclusion_of(content: dict[str, Any]) -> dict[str, Any]:
    """How the first asset is concluded, to be changed in place."""
    conclusion: dict[str, Any] = content["assets"][0]["conclusion"]
    return conclusion

"""What is told beside the figures of an appraisal and is not told elsewhere."""

from typing import Any

from made_cases import inputs_of, software

from valuation.appraisal import appraise
from valuation.case import read_case


def told(content: dict[str, Any], language: str = "english") -> str:
    (asset,) = appraise(read_case(content), draws=0).assets
    return " ".join(getattr(warning, language) for warning in asset.warnings)


def test_a_liquidation_value_is_stated_without_the_buyers_tax_benefit() -> None:
    content = software()
    inputs_of(content)["tax_life"] = 10
    assert "tax benefit" not in told(content)
    content["basis_of_value"] = "liquidation_value"
    assert "a liquidation value is stated without it" in told(content)
    assert "清算价值不含该利益" in told(content, "chinese")
    del inputs_of(content)["tax_life"]
    assert "tax benefit" not in told(content)


def test_prices_of_orderly_sales_are_no_liquidation_value() -> None:
    """The same prices stand under both bases only if somebody says how they were lowered."""
    used = {"name": "server", "quantity": 4, "age": 1, "form_factor": "server", "price": 1e6, "price_is": "used"}
    inputs = {"premise": "orderly", "used_hardware": [{**used, "export_status": "free", "curve": "none"}]}
    content = software()
    content["assets"] = [
        {
            "id": "servers",
            "kind": "compute_cluster",
            "methods": [{"id": "market.compute_resale", "inputs": inputs}],
            "conclusion": {
                "select": "market.compute_resale",
                "because": "dealers quote",
                "single_method_reason": "new",
            },
        }
    ]
    assert "hurried sale" not in told(content)
    content["basis_of_value"] = "liquidation_value"
    assert "a hurried sale brings" in told(content)
    inputs |= {"premise": "auction_30_days", "forced_share": 0.65}
    assert "a hurried sale brings" not in told(content)

"""`valuation lend CASE --product FILE`: a bank's own product, and what is wrong with its file in one sentence."""

import json
from pathlib import Path

from click.testing import CliRunner

from valuation.cli import main
from valuation.json_text import read_json

EXAMPLES = Path(__file__).parents[1] / "examples"
OWN = """
name = { en = "Data loan", zh = "数据贷" }
lender = { en = "A bank", zh = "某银行" }
jurisdiction = "CN"
purpose = { en = "Working capital", zh = "流动资金" }

[[policy_caps]]
kind = "training_data"
value = 0.2
published = 2025-01-01
source = "credit policy 7"
mark = "file-read"
"""


def run(case: Path, product: Path, *more: str, code: int) -> str:
    return printed("lend", str(case), "--draws", "0", "--product", str(product), *more, code=code)


def printed(*arguments: str, code: int) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def test_a_bank_lends_under_its_own_product(tmp_path: Path) -> None:
    product, case = tmp_path / "data_loan.toml", tmp_path / "case.json"
    product.write_text(OWN, encoding="utf-8")
    content = read_json(EXAMPLES / "gangtong_port_data/case.json")
    for term in ("product", "policy_cap", "max_tenor_years", "max_amount"):
        content["loan"].pop(term, None)
    case.write_text(json.dumps(content), encoding="utf-8")
    offer = json.loads(run(case, product, "--json", code=0))
    assert offer["policy"]["product"]["id"] == "own.data_loan"
    cap = next(limit["amount"] for limit in offer["limits"] if limit["name"] == "policy_cap")
    assert cap == 0.2 * offer["path"][0]["value"]
    product.write_text(OWN.replace('source = "credit policy 7"', ""), encoding="utf-8")
    assert "data_loan.toml: policy_caps[0].source: nothing was given" in run(case, product, code=2)


def test_the_same_loan_is_stressed_under_it(tmp_path: Path) -> None:
    """A lower cap on the value at the start and on its decay path decides where a sale would carry more."""
    tutorial = Path(__file__).parents[1] / "docs/tutorial"
    low = tmp_path / "low.toml"
    low.write_text((tutorial / "our_compute_loan.toml").read_text().replace("value = 0.50", "value = 0.20"))
    given = ("stress", str(tutorial / "cluster.json"), "--json", "--product", str(low))
    base = json.loads(printed(*given, code=0))[0]
    assert (base["scenario"], base["binding"], round(base["maximum_loan"])) == ("as_stated", "decay_path", 6_247_277)

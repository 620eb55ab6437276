"""Everything the page shows and hands out of one case."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from valuation.appraisal import appraise
from valuation.json_text import parse
from valuation.lending.offer import lend
from valuation.records import record
from valuation.report.workbook import workbook
from valuation.saved_case import read


def compute(stored: bytes, language: str) -> dict[str, Any]:
    """Appraisal, offer, record and workbook of the case in these bytes; the workbook speaks the language."""
    case = read(parse(stored))
    appraisal = appraise(case)
    offer = lend(appraisal) if case.loan is not None else None
    with tempfile.TemporaryDirectory() as folder:
        sheets = workbook(Path(folder) / "workbook.xlsx", appraisal, offer, language=language).read_bytes()
    methods = [i.outcome.calculation.method for asset in appraisal.assets for i in asset.indications]
    return {
        "name": case.name,
        "names": {asset.id: asset.name or asset.kind for asset in case.assets},
        "titles": {method.id: dict(zip(("en", "zh"), method.title, strict=True)) for method in methods},
        "appraisal": appraisal.to_json(),
        "offer": offer.to_json() if offer is not None else None,
        "record": record(case, appraisal, offer).stored,
        "workbook": sheets,
    }

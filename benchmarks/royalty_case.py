"""The case that is measured: royalties saved over ten years with the tax benefit, ten correlated PERT inputs.

The life is ten whole years and receipts come at the end of each, so that every peer can express it.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

YEARS = 10
TAX_RATE = 0.25
RANK_CORRELATION = 0.2  # of every pair

GROWTH = [1.06**year for year in range(YEARS)]

# Low, most likely and high; revenue is that of the first year, and one score moves its whole path.
RANGES: dict[str, tuple[float, float, float]] = {
    "revenue": (80e6, 100e6, 135e6),
    "share_of_revenue": (0.3, 0.5, 0.6),
    "royalty_rate": (0.03, 0.05, 0.08),
    "risk_free_rate": (0.015, 0.02, 0.03),
    "beta": (0.8, 1.1, 1.6),
    "equity_risk_premium": (0.05, 0.06, 0.08),
    "size_premium": (0.005, 0.015, 0.04),
    "cost_of_debt": (0.03, 0.04, 0.06),
    "debt_share": (0.1, 0.2, 0.35),
    "asset_premium": (0.0, 0.02, 0.05),
}
STATED = tuple(mode for _, mode, _ in RANGES.values())

_OWN = ("revenue", "share_of_revenue", "royalty_rate")
_ASSET, _METHOD = "patent", "income.relief_from_royalty"


def content(*, draws: int = 2**14, seed: int = 1) -> dict[str, Any]:
    """The case as it stands in a file."""
    paths = [f"{_ASSET}.{_METHOD}.{'' if name in _OWN else 'discount_rate.'}{name}" for name in RANGES]
    pairs = [[a, b, RANK_CORRELATION] for place, a in enumerate(paths) for b in paths[:place]]
    rate = {
        "derive": "rate.wacc",
        "inputs": {n: _quantity(n) for n in RANGES if n not in _OWN} | {"tax_rate": TAX_RATE},
    }
    inputs = {name: _quantity(name) for name in _OWN} | {
        "remaining_useful_life": YEARS, "discount_rate": rate, "tax_rate": TAX_RATE, "tax_life": YEARS, "timing": "end",
    }  # fmt: skip
    conclusion = {"select": _METHOD, "because": "Made up to be measured.", "single_method_reason": "As above."}
    asset = {"id": _ASSET, "kind": "intellectual_property", "methods": [{"id": _METHOD, "inputs": inputs}]}
    return {
        "format": "valuation-case/1",
        "name": "Royalty relief, ten uncertain inputs",
        "purpose": "internal",
        "valuation_date": "2026-06-30",
        "currency": "CNY",
        "basis_of_value": "market_value",
        "assets": [asset | {"conclusion": conclusion}],
        "uncertainty": {"draws": draws, "seed": seed, "rank_correlation": pairs},
    }


def _quantity(name: str) -> dict[str, Any]:
    low, mode, high = RANGES[name]
    if name != "revenue":
        return {"low": low, "mode": mode, "high": high}
    return {part: [start * g for g in GROWTH] for part, start in (("low", low), ("mode", mode), ("high", high))}


def write(path: Path, **options: int) -> Path:
    """The case as a file, as a user has it."""
    path.write_text(json.dumps(content(**options)), encoding="utf-8")
    return path


def score_factor() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Lower triangular factor of the normal scores' correlation: 2 sin(pi/6 x rank correlation) for every pair."""
    matrix = np.full((len(RANGES), len(RANGES)), 2 * math.sin(math.pi / 6 * RANK_CORRELATION))
    np.fill_diagonal(matrix, 1.0)
    return np.linalg.cholesky(matrix)

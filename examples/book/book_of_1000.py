"""Writes an invented book of 1,000 pledged assets, seven rows of it bad: `python examples/book/book_of_1000.py`.

The same rows every time. Seven rows are wrong in ways that occur: a rate of 4.5 for 4.5%, an amount in 万, a kind in
words of the bank's own, a name given twice, an appraisal dated after the book's day, a blank schedule, a cell lost.
"""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np

ROWS, SEED, ON = 1000, 20260630, date(2026, 6, 30)
HEADING = (
    "id", "branch", "borrower", "kind", "subkind", "value", "evidence_level", "valued_on", "title", "title_reason",
    "tenor_years", "payments_per_year", "rate", "schedule", "balance", "cash_flow", "default_probability",
    "prior_claims", "guarantor", "base_model", "gpu_generation",
)  # fmt: skip
BRANCHES = ("闵行支行", "张江支行", "徐汇支行", "虹桥支行")
PLACES, TRADES = ("上海", "苏州", "杭州", "合肥", "深圳", "成都"), ("智能科技", "数据", "算力", "软件", "机器人")
SIGNS = "云启明远恒信中科星河天枢致远博雅华芯"
GUARANTORS = ("上海市融资担保中心", "苏州市信用再担保", "")
KINDS = {  # share of the book, median value in yuan, spread of its logarithm, largest balance over value
    "intellectual_property": (0.40, 8e6, 0.9, 0.10),
    "training_data": (0.25, 6e6, 0.8, 0.06),
    "compute_cluster": (0.20, 6e7, 1.0, 0.30),
    "ai_model": (0.15, 1.5e7, 1.0, 0.04),
}
SUBKINDS = ("invention_patent", "utility_model_patent", "software", "trademark")
BASE_MODELS, GENERATIONS = ("Qwen3", "DeepSeek-V3", "GLM-4.5", "own"), ("A100", "H20", "H100", "B200", "910B")


def row(number: int, rng: np.random.Generator) -> dict[str, object]:
    """One asset with its loan; what its kind has no use for is blank."""
    kind = str(rng.choice(list(KINDS), p=[facts[0] for facts in KINDS.values()]))
    _, median, spread, owed = KINDS[kind]
    value = round(float(rng.lognormal(np.log(median), spread)), -4)
    tenor = float(rng.choice([1, 1, 2, 3, 3, 5] if kind != "compute_cluster" else [2, 3, 3, 4, 5]))
    title = str(rng.choice(["pass", "hold", "refuse"], p=[0.7, 0.27, 0.03]))
    return {
        "id": f"YP2026-{number:04d}",
        "branch": rng.choice(BRANCHES),
        "borrower": borrower(rng),
        "kind": kind,
        "subkind": rng.choice(SUBKINDS) if kind == "intellectual_property" else "",
        "value": f"{value:.0f}",
        "evidence_level": rng.choice([2, 3], p=[0.3, 0.7]),
        "valued_on": ON - timedelta(days=int(rng.integers(5, 500))),
        "title": title,
        "title_reason": {"pass": "", "hold": "质押登记办理中", "refuse": "共有人未同意质押"}[title],
        "tenor_years": f"{tenor:g}",
        "payments_per_year": rng.choice([1, 4, 12]),
        "rate": f"{rng.uniform(0.029, 0.062):.4f}",
        "schedule": rng.choice(["annuity", "straight_line", "bullet"], p=[0.4, 0.35, 0.25]),
        "balance": f"{value * owed * rng.uniform():.0f}",
        "cash_flow": f"{value * rng.uniform(0.02, 0.3):.0f}" if rng.random() < 0.6 else "",
        "default_probability": f"{rng.lognormal(np.log(0.02), 0.6):.4f}",
        "prior_claims": f"{value * 0.05:.0f}" if rng.random() < 0.1 else "",
        "guarantor": rng.choice(GUARANTORS, p=[0.3, 0.2, 0.5]),
        "base_model": rng.choice(BASE_MODELS) if kind == "ai_model" else "",
        "gpu_generation": rng.choice(GENERATIONS) if kind == "compute_cluster" else "",
    }


def borrower(rng: np.random.Generator) -> str:
    """An invented firm; some have several loans."""
    return f"{rng.choice(PLACES)}{''.join(rng.choice(list(SIGNS), 2, replace=False))}{rng.choice(TRADES)}有限公司"


def spoil(rows: list[dict[str, object]]) -> None:
    """Six of the seven bad rows; the seventh loses a cell when it is written."""
    rows[16]["rate"] = "4.5"
    rows[162]["value"] = "1,234万"
    rows[287]["kind"] = "算力集群"
    rows[401]["id"] = rows[400]["id"]
    rows[554]["valued_on"] = ON + timedelta(days=12)
    rows[670]["schedule"] = ""


def write(target: Path) -> None:
    """The book as a CSV file that Excel opens."""
    rng = np.random.default_rng(SEED)
    rows = [row(number, rng) for number in range(1, ROWS + 1)]
    spoil(rows)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADING)
        for at, one in enumerate(rows):
            cells = [str(one[name]) for name in HEADING]
            writer.writerow(cells[:-1] if at == 833 else cells)


if __name__ == "__main__":
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "book.csv")
    write(place)
    print(f"{place}: {ROWS:,} rows, 7 of them bad")

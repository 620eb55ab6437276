"""Four real assets from file to value, loan, record, workbook and replay: what `make demo` shows.

Each example is a folder with a case of public facts and a README that holds the result against what was published.
Written for each: out/<example>/record.json, its digest beside it, and out/<example>/workbook.xlsx.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import valuation

HERE = Path(__file__).parent
OUT = HERE.parent / "out"
EXAMPLES = ("gangtong_port_data", "reddit_corpus", "zhipu_glm", "iren_childress")
DRAWS = 2**17  # as many as a record asks for
THREADS = 2  # the same bytes with one


def main() -> int:
    """Run every example; 0 if every record replays to the same figures, else 1."""
    rows, all_same = [], True
    for name in EXAMPLES:
        appraised, offer, lines, same = run(name)
        print("\n".join(lines), end="\n\n", flush=True)
        rows.append(summary(name, appraised, offer, same=same))
        all_same = all_same and same
    print(table(("example", "", "value", "P5", "P95", "loan", "because", "replayed"), rows))
    return 0 if all_same else 1


def run(name: str) -> tuple[dict[str, Any], dict[str, Any], list[str], bool]:
    """One example walked to the end: the appraisal, the offer, the report, and whether the replay is the same."""
    case = valuation.load(HERE / name / "case.json")
    appraisal = valuation.appraise(case, draws=DRAWS, threads=THREADS)
    offer = valuation.lend(appraisal)
    record = valuation.record(case, appraisal, offer)
    saved = record.save(OUT / name / "record.json")
    workbook = valuation.workbook(OUT / name / "workbook.xlsx", appraisal, offer)
    replayed = valuation.replay(saved, threads=THREADS)

    appraised, offered = appraisal.to_json(), offer.to_json()
    lines = [case.name, f"  valued on {case.valuation_date}, {case.basis_of_value.replace('_', ' ')}, {case.currency}"]
    for asset in appraised["assets"]:
        lines += indications(asset)
    lines += loan(offered, case.currency)
    lines += [f"  {path.relative_to(OUT.parent)}" for path in (saved, workbook)]
    lines.append(f"  replayed: {'same' if replayed.same else f'{len(replayed.differences)} differences'}")
    lines += [f"    {difference.sentence()}" for difference in replayed.differences]
    return appraised, offered, lines, replayed.same


def indications(asset: dict[str, Any]) -> Iterator[str]:
    """What each method says, what was concluded and why."""
    found = [(indication["method"], indication["value"], indication["range"]) for indication in asset["indications"]]
    rows = [(name, money(value), money(span["p5"]), money(span["p95"])) for name, value, span in found]
    if asset["value"] is not None:
        rows.append(("concluded", money(asset["value"]), money(asset["range"]["p5"]), money(asset["range"]["p95"])))
    yield from indented(table((asset["id"], "value", "P5", "P95"), rows))
    yield from wrapped(f"evidence level {asset['evidence_level']}. {asset['conclusion']['because']}")
    for warning in asset["warnings"]:
        yield from wrapped(f"note: {warning['en']}")


def loan(offer: dict[str, Any], currency: str) -> Iterator[str]:
    """The offer with its limits and the conditions before drawing, or the refusal with its reasons."""
    if offer["decision"] == "refuse":
        yield "  NO LOAN"
    else:
        yield f"  LOAN up to {money(offer['maximum_loan'])} {currency}, {offer['loan_to_value']:.2%} of the value"
        rows = [
            (limit["name"], money(limit["amount"]), "binds" if limit["binding"] else "")
            for limit in offer["limits"]
            if limit["amount"] is not None
        ]
        yield from indented(table(("limit", "amount", ""), rows))
    for reason in offer["reasons"]:
        yield from wrapped(reason["en"])
    if offer["decision"] == "offer":
        for condition in offer["conditions"]:
            yield from wrapped(f"before drawing: {condition['reason']['en']}")


def summary(name: str, appraised: dict[str, Any], offer: dict[str, Any], *, same: bool) -> tuple[str, ...]:
    """One line of the last table."""
    asset = appraised["assets"][0]
    refused = offer["decision"] == "refuse"
    binding = next((limit["name"] for limit in offer["limits"] if limit["binding"]), "")
    barred = ", ".join(check["name"] for check in offer["checks"] if check["result"] == "refuse")
    return (
        name,
        appraised["currency"],
        money(asset["value"]),
        money(asset["range"]["p5"]),
        money(asset["range"]["p95"]),
        "none" if refused else money(offer["maximum_loan"]),
        barred if refused else f"{binding} binds",
        "same" if same else "DIFFERS",
    )


def money(amount: float | None) -> str:
    """Whole units with thousands separators; a dash for none."""
    return "-" if amount is None else f"{amount:,.0f}"


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Aligned columns, figures to the right."""
    grid = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    right = [any(row[column][:1].isdigit() for row in rows) for column in range(len(heads))]
    return "\n".join(
        "  ".join(f"{c:>{w}}" if r else f"{c:<{w}}" for c, w, r in zip(row, widths, right, strict=True)).rstrip()
        for row in grid
    )


def indented(text: str) -> list[str]:
    """Every line two places in."""
    return textwrap.indent(text, "  ").splitlines()


def wrapped(text: str) -> list[str]:
    """A paragraph within the width of a page."""
    return textwrap.wrap(text, 116, initial_indent="  ", subsequent_indent="    ")


if __name__ == "__main__":
    sys.exit(main())

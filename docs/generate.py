"""Writes docs/reference from the code: one page a method in English and Chinese, figures, products, glossary of fields.

Run by `make docs`; a test holds the committed pages equal to what this writes.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import readings
import worked_pages

from valuation import plugins
from valuation.book import columns, policy
from valuation.book.rows import REJECT_COLUMNS
from valuation.lending import backtest
from valuation.lending.defaults import defaults_on
from valuation.method import FieldFacts, Inputs, Method, field_facts
from valuation.reference.figure_file import read as read_figure
from valuation.reference.look_up import names

REFERENCE = Path(__file__).parent / "reference"
MARKS = {
    "page-read": "原文已读",
    "file-read": "文件已读",
    "secondary": "二手来源",
    "memory": "凭记忆，未核对",
    "recomputed": "已独立复算",
}
WORDS = {
    "en": {
        "id": "Id", "version": "version", "approach": "approach", "serves": "serves", "others": "other inputs",
        "meaning": "Meaning", "formula": "Formula",
        "formula_note": "The function itself, which also writes the Excel sheet.",
        "inputs": "Inputs", "head": "| input | meaning | unit | default | allowed | customary |", "needed": "needed",
        "by_year": "by year", "list": "list by year", "workings": "Workings, on the example inputs `{name}`",
        "lines": "| step | unit | figures |", "citations": "Sources", "limits": "Limits", "evidence": "Evidence needed",
        "none": "–", "of": "of each entry of", "more": "inputs of it", "language": "[中文](%s.zh.md)",
    },
    "zh": {
        "id": "编号", "version": "版本", "approach": "途径", "serves": "适用资产", "others": "其他输入",
        "meaning": "含义（英文）", "formula": "公式", "formula_note": "即计算函数本身，Excel 工作表由同一函数写出。",
        "inputs": "输入", "head": "| 输入 | 含义 | 单位 | 默认 | 允许范围 | 惯常范围 |", "needed": "必填",
        "by_year": "可逐年", "list": "逐年列表", "workings": "计算过程（示例输入 `{name}`）",
        "lines": "| 步骤 | 单位 | 数值 |", "citations": "来源", "limits": "局限", "evidence": "所需证据",
        "none": "–", "of": "每项：", "more": "的输入", "language": "[English](%s.md)",
    },
}  # fmt: skip


@functools.cache
def pages() -> dict[Path, str]:
    """Every generated page by its path below docs/reference."""
    methods = [found.method for found in readings.INSTALLED.values() if found.distribution == "ai-asset-valuation"]
    found: dict[Path, str] = {}
    for method in methods:
        found[Path("methods") / f"{method.id}.md"] = method_page(method, "en")
        found[Path("methods") / f"{method.id}.zh.md"] = method_page(method, "zh")
    found[Path("methods") / "README.md"] = index(methods)
    found[Path("figures.md")] = figures_page()
    found[Path("book.md")] = book_page()
    found[Path("../explanation/haircuts-against-history.md")] = backtest_page()
    return found


def index(methods: list[Method]) -> str:
    """All methods in one table, both languages."""
    rows = [
        f"| [{m.id}]({m.id}.md) | {m.title[0]} | [{m.title[1]}]({m.id}.zh.md) | {m.approach} | {m.version} |"
        for m in sorted(methods, key=lambda method: method.id)
    ]
    head = ["# Methods | 方法", "", "| id | | | approach | version |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *rows, ""])


def method_page(method: Method, language: str) -> str:
    """One method in one language."""
    words, zh = WORDS[language], language == "zh"
    serves = ", ".join(method.serves) or words["others"]
    head = [
        f"# {method.title[1 if zh else 0]}",
        "",
        words["language"] % method.id,
        "",
        "; ".join(
            (
                f"{words['id']} `{method.id}`",
                f"{words['version']} {method.version}",
                f"{words['approach']} {method.approach}",
                f"{words['serves']} {serves}",
            )
        ),
    ]
    parts = [
        (words["meaning"], [inspect.cleandoc(method.value.__doc__ or "")]),
        (words["formula"], [words["formula_note"], "", "```python", source_of(method), "```"]),
        (words["inputs"], list(inputs_table(method.inputs, language))),
        *workings(method, language),
        (words["citations"], [f"- {c.text} ({MARKS[c.mark] if zh else c.mark})" for c in method.citations]),
        (words["limits"], [method.limitations[1 if zh else 0]]),
        (words["evidence"], [", ".join(method.evidence) or words["none"]]),
    ]
    body = [line for title, lines in parts for line in ("", f"## {title}", "", *lines)]
    return "\n".join([*head, *body, ""])


def source_of(method: Method) -> str:
    """The method's function without its docstring, which stands above."""
    source = inspect.getsource(method.value)
    said = ast.parse(source).body[0].body[0]  # type: ignore[attr-defined]
    lines = source.splitlines()
    return "\n".join([*lines[: said.lineno - 1], *lines[said.end_lineno :]])


def inputs_table(model: type[Inputs], language: str) -> Iterator[str]:
    """One row an input, and a table of its own for each list of entries."""
    words, below = WORDS[language], []
    yield words["head"]
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, field in model.model_fields.items():
        facts = field_facts(model, name)
        if facts is None:
            continue
        entry = entry_of(field.annotation)
        if entry is not None:
            below.append((name, entry))
        label = facts.label_zh if language == "zh" else facts.label_en
        meaning = f"{label}. {facts.help}" if facts.help and language == "en" else label
        default = words["needed"] if field.is_required() else shown(field.default)
        yield f"| `{name}` | {meaning} | {unit(facts, words)} | {default} | {bounds(facts)} | {customary(facts)} |"
    for name, entry in below:
        yield ""
        yield f"`{name}`: {words['of']}" if language == "zh" else f"Inputs {words['of']} `{name}`:"
        yield ""
        yield from inputs_table(entry, language)


def entry_of(annotation: Any) -> type[Inputs] | None:
    """The model of the entries, if this field is a list of them."""
    for part in getattr(annotation, "__args__", ()):
        if isinstance(part, type) and issubclass(part, Inputs):
            return part
    return None


def unit(facts: FieldFacts, words: dict[str, str]) -> str:
    """The unit, and whether the input may or must be given by year."""
    by_year = {True: f", {words['by_year']}", "list": f", {words['list']}"}.get(facts.by_year, "")
    return f"{facts.unit}{by_year}"


def bounds(facts: FieldFacts) -> str:
    """What is allowed."""
    low = f"≥ {facts.low:g}" if facts.low is not None else f"> {facts.above:g}" if facts.above is not None else ""
    high = f"≤ {facts.high:g}" if facts.high is not None else f"< {facts.below:g}" if facts.below is not None else ""
    return ", ".join(filter(None, (low, high))) or "–"


def customary(facts: FieldFacts) -> str:
    """Outside this a warning is printed."""
    low = f"≥ {facts.warn_below:g}" if facts.warn_below is not None else ""
    high = f"≤ {facts.warn_above:g}" if facts.warn_above is not None else ""
    return ", ".join(filter(None, (low, high))) or "–"


def shown(default: Any) -> str:
    """A default as it stands in a case."""
    if isinstance(default, dict):
        return " ".join(f"`{value}`" for value in default.values())
    return "–" if default in (None, "", []) else str(default)


def workings(method: Method, language: str) -> Iterator[tuple[str, list[str]]]:
    """Every step of the method on its first example."""
    words = WORDS[language]
    name = next(iter(readings.EXAMPLES[method.id]))
    outcome = readings.example(method.id, name)
    rows = [f"| {line.name} | {line.unit} | {' ; '.join(f'{v:,.6g}' for v in line.values)} |" for line in outcome.lines]
    yield words["workings"].format(name=name), [words["lines"], "| --- | --- | --- |", *rows]


def figures_page() -> str:
    """Every dated reference figure: its name, labels and unit."""
    rows = []
    for name in names():
        kept = read_figure(name)
        rows.append(f"| `{name}` | {kept.label['en']} | {kept.label['zh']} | {kept.unit} | {kept.currency or ''} |")
    head = ["# Reference figures | 参考数据", "", "| name | | | unit | currency |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *rows, ""])


def book_page() -> str:
    """The table of a book: the columns it may have, those it comes back with, and the keys of its policy."""
    rows = columns.dictionary()
    given, back = [row for row in rows if "allowed" in row], [row for row in rows if "allowed" not in row]
    lines = [
        "# The table of a book | 资产组合表",
        "",
        "`valuation book TABLE --policy POLICY --out TARGET`, or `valuation.lend_book(frame, policy)`. This page is",
        "written from the code; for machines: `valuation schema --of book` and `valuation schema --of policy`.",
        "",
        "Amounts are in whole units of the policy's currency, rates and shares are fractions (4.5% is 0.045), dates",
        "are written 2026-06-30. A blank is filled as its column says; nothing else is guessed. Other columns are",
        "handed through if the policy names them in `other_columns`. Rows are counted from 1, without heading and",
        "empty rows.",
        "金额以政策币种的基本单位填写，比率以小数填写（4.5% 写成 0.045），日期写成 2026-06-30。",
        "空格按该列说明取值，其余一概不猜测。",
        "",
        "## Columns in | 输入列",
        "",
        "| column | | | unit | allowed | blank |",
        "| --- | --- | --- | --- | --- | --- |",
        *(
            f"| `{row['column']}` | {row['en']} | {row['zh']} | {row['unit']} | {row['allowed']} | {blank_cell(row)} |"
            for row in given
        ),
        "",
        "## Columns out | 结果列",
        "",
        "The columns given come first, then these; a limit that no row and no policy states has no column.",
        "",
        "| column | | |",
        "| --- | --- | --- |",
        *(f"| `{row['column']}` | {row['en']} | {row['zh']} |" for row in back),
        "",
        f"Bad rows stand in a table of their own, a line a cell: {', '.join(f'`{name}`' for name in REJECT_COLUMNS)}.",
        "错误单元格列于单独的表中，每格一行。",
        "",
        "## Policy | 政策",
        "",
        'A TOML file or a dictionary. Every figure is written `{ value = …, source = "…" }`; one without a source is',
        "refused. 每个数均须注明来源。[An example | 示例](../../examples/book/policy.toml)",
        "",
        "| key | holds |",
        "| --- | --- |",
        *(f"| `{name}` | {meaning} |" for name, meaning in policy_keys()),
        "",
    ]
    return "\n".join(lines)


def blank_cell(row: dict[str, Any]) -> str:
    """What a blank cell of a column means."""
    if row["needed"]:
        return "**needed 必填**"
    return {"assumed": "assumed 取假设值", "policy": "the policy's 取政策值"}.get(row["if_blank"], "–")


def policy_keys() -> Iterator[tuple[str, str]]:
    """Each key of a policy with what it may hold."""
    content = policy.schema()
    parts = content["$defs"]
    for name, field in content["properties"].items():
        one = field.get("items", field)
        reference = one.get("$ref") or next((each["$ref"] for each in one.get("anyOf", ()) if "$ref" in each), None)
        needed = "**needed 必填**. " if name in content["required"] else ""
        if reference is not None:
            part = parts[reference.rpartition("/")[2]]
            said = part["description"].split("\n")[0]
            many = "a list, each: " if "items" in field else ""
            yield name, f"{needed}{many}{', '.join(f'`{key}`' for key in part['properties'])}. {said}"
        elif "propertyNames" in field.get("additionalProperties", {}):
            names = field["additionalProperties"]["propertyNames"]["enum"]
            yield name, f"by kind of asset, in place of the dated defaults: {', '.join(f'`{key}`' for key in names)}"
        elif "propertyNames" in field:
            yield name, f"for every loan: {', '.join(f'`{key}`' for key in field['propertyNames']['enum'])}"
        else:
            yield name, f"{needed}{'a list of texts' if field.get('type') == 'array' else 'text'}"


def backtest_page() -> str:
    """The haircut against history: the prose of its template with the tables of the backtest."""
    template = Path(__file__).parent / "explanation/haircuts-against-history.template.md"
    defaults, moves = defaults_on(date.max), backtest.windows()
    breaches = [
        "| kind | regime | windows | rises | least kept | expected | seen | p | volatility that holds |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for group in backtest.regimes(moves):
        for row in (row for row in backtest.backtest() if (row.kind, row.regime) == (group[0].kind, group[0].regime)):
            drift = defaults.of_kind(row.kind).log_drift.value
            needed = backtest.volatility_needed(group, row.shortfall_probability, drift)
            rises, least = sum(window.kept > 1 for window in group), min(window.kept for window in group)
            breaches.append(
                f"| {row.kind} | {row.regime} | {row.windows} | {rises} | {least:.2f} "
                f"| {row.shortfall_probability:.0%} | {row.seen:.0%} | {row.p_value:.3f} | {needed:.2f} |"
            )
    seen = ["| series | years | kept | stressed at 10% | held | mark |", "| --- | --- | --- | --- | --- | --- |"]
    for window in moves:
        floor = backtest.stressed_retention(window.kind, window.years, 0.10, defaults)
        held = "yes" if window.kept >= floor else "**no**"
        seen.append(
            f"| {window.series} | {window.years:.2f} | {window.kept:.2f} | {floor:.2f} | {held} | {window.mark} |"
        )
    text = template.read_text(encoding="utf-8")
    return text.replace("{breaches}", "\n".join(breaches)).replace("{windows}", "\n".join(seen))


def main() -> None:
    """Write every page and remove those of methods that are gone; nothing is touched while a method fails to load."""
    broken = [str(found) for found in plugins.methods() if not isinstance(found, plugins.Installed)]
    if broken:
        sys.exit("\n".join(broken))
    wanted = pages()
    for old in (REFERENCE / "methods").glob("*.md"):
        if old.relative_to(REFERENCE) not in wanted:
            old.unlink()
    for path, text in wanted.items():
        target = REFERENCE / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for template in worked_pages.TEMPLATES:
        worked_pages.page_of(template).write_text(worked_pages.filled(template), encoding="utf-8")


if __name__ == "__main__":
    main()

"""What has changed from one case to another: every figure and word that can move a value, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from valuation.case import Case
from valuation.quantity import PARTS

OF_AN_ASSET = ("id", "kind", "subkind", "title", "conclusion")  # what of it can move a value, beside facts and methods
ABOUT_A_FIGURE = ("source", "level", "note", "override")  # and what cannot
WHOLE = ("title", "conclusion")  # of which one key means nothing without the others
BETWEEN = ("assets", "facts", "methods", "inputs")  # steps that a reader needs not be told
GONE = "–"  # what stands for an input that is not there

Path = tuple[str | int, ...]


def tree_of(case: Case) -> dict[str, Any]:
    """What of a case can move its values; assets and methods by their ids, so that their order does not matter."""
    content = deepcopy(case.to_json())
    assets = {
        asset["id"]: {
            **{name: part for name, part in asset.items() if name in OF_AN_ASSET},
            "facts": asset.get("facts", {}),
            "methods": {method["id"]: method.get("inputs", {}) for method in asset["methods"]},
        }
        for asset in content["assets"]
    }
    return {"exchange_rates": content.get("exchange_rates", {}), "assets": assets}


def listed(tree: dict[str, Any]) -> dict[str, Any]:
    """The same as a case holds it; the order of keys is kept."""
    assets = [
        {**asset, "methods": [{"id": name, "inputs": inputs} for name, inputs in asset["methods"].items()]}
        for asset in tree["assets"].values()
    ]
    return {**tree, "assets": assets}


def changes(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place where two contents differ in a figure or word that counts, with what is there now."""
    if _plain(old) == _plain(new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and not _is_one(old, new, path):
        for key in [*new, *(name for name in old if name not in new)]:
            if not ("derive" in new and key in ABOUT_A_FIGURE):
                yield from changes(old.get(key, GONE), new.get(key, GONE), (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new) and isinstance(new[0], dict):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from changes(before, after, (*path, index))
    else:
        yield path, new


def _is_one(old: dict[str, Any], new: dict[str, Any], path: Path) -> bool:
    """Whether an object is one thing to a reader: a figure, not worked out by the same method, or a conclusion."""
    worked_out_alike = bool("derive" in new and old.get("derive") == new["derive"])
    return path[-1:] in [(name,) for name in WHOLE] or (not PARTS.isdisjoint({*old, *new}) and not worked_out_alike)


def _plain(given: Any) -> Any:
    """A figure without what is said about it, so that a better source is no change."""
    if not isinstance(given, dict) or not PARTS & set(given):
        return given
    kept = {name: part for name, part in given.items() if name not in ABOUT_A_FIGURE}
    return kept["value"] if set(kept) == {"value"} else kept


def place_of(path: Path) -> str:
    """The place as inputs are named elsewhere: corpus.income.direct.revenue."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path if step not in BETWEEN]
    return "".join(steps).removeprefix(".")


def at(tree: Any, path: Path) -> Any:
    """What stands at this place of a tree."""
    for step in path:
        if isinstance(tree, dict) and step not in tree:
            return GONE
        tree = tree[step]
    return tree


def put(tree: Any, path: Path, value: Any) -> None:
    """Set what stands at this place of a tree, or take it away."""
    *above, last = path
    tree = at(tree, tuple(above))
    if value is GONE:
        del tree[last]
    else:
        tree[last] = deepcopy(value)

"""What the header of a weights file says: how many parameters, in which precision, of which tensors.

The safetensors format: 8 bytes with the length of a JSON header (little-endian), the header with type, shape and place
of every tensor, then the tensors. Only the header is read, so a file of a terabyte costs nothing; no code is run.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

from valuation.errors import InputError, problem
from valuation.json_text import parse

LARGEST_HEADER = 100_000_000  # bytes, the limit of the format's own readers
BYTES = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1,
    "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1,
}  # fmt: skip


def read(file: Path) -> dict[str, Any]:
    """Parameters (all, and by precision), tensors and bytes, out of the header alone.

    Refused: a header that is no JSON, a tensor whose place and shape contradict each other, a file that ends too early.
    """
    header, start = _header(file)
    entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
    parameters: Counter[str] = Counter()
    end = 0
    for name, entry in entries.items():
        count, last = _tensor(file, name, entry)
        parameters[entry["dtype"]] += count
        end = max(end, last)
    if start + end > file.stat().st_size:
        raise _refused(file, "the file ends before its last tensor", "文件在最后一个张量之前结束")
    return {
        "kind": "weights",
        "parameters": sum(parameters.values()),
        "tensors": len(entries),
        "weight_bytes": end,
        "parameters_by_precision": dict(parameters),
    }


def _header(file: Path) -> tuple[dict[str, Any], int]:
    with file.open("rb") as opened:
        size = int.from_bytes(opened.read(8), "little")
        if not 2 <= size <= min(LARGEST_HEADER, file.stat().st_size - 8):
            raise _refused(file, "the first 8 bytes give no length of a header", "前 8 字节不是有效的头部长度")
        text = opened.read(size)
    try:
        header = parse(text.rstrip(b" \x00"))
    except InputError as error:
        raise error.in_file(file.name) from None
    if not isinstance(header, dict):
        raise _refused(file, "the header is no object", "头部不是对象")
    return header, 8 + size


def _tensor(file: Path, name: str, entry: Any) -> tuple[int, int]:
    """How many parameters a tensor has, and where it ends."""
    said = entry if isinstance(entry, dict) else {}
    shape, places = _whole(said.get("shape")), _whole(said.get("data_offsets"))
    if shape is None or places is None or len(places) != 2 or said.get("dtype") not in BYTES:
        raise _refused(
            file, f"the tensor {name} lacks a known type, a shape or a place", f"张量 {name} 缺少类型、形状或位置"
        )
    count = math.prod(shape)
    if places[1] - places[0] != count * BYTES[entry["dtype"]]:
        raise _refused(file, f"the tensor {name} is not as long as its shape says", f"张量 {name} 的长度与形状不符")
    return count, places[1]


def _whole(given: Any) -> list[int] | None:
    """A list of whole numbers from 0, or nothing."""
    fits = isinstance(given, list) and all(type(n) is int and n >= 0 for n in given)
    return given if fits else None


def _refused(file: Path, reason: str, reason_zh: str) -> InputError:
    remedy, remedy_zh = "Give the file as it was saved.", "请提供保存时的原始文件。"
    return InputError(
        problem("combination", file.name, reason=reason, reason_zh=reason_zh, remedy=remedy, remedy_zh=remedy_zh)
    )

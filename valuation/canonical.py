"""One text for one content: canonical JSON (RFC 8785) and its SHA-256 digest.

The stored bytes are what is hashed, so a digest can be checked by any program that knows SHA-256, in any language.
RFC 8785 writes 1.0 as 1 and -0.0 as 0 and refuses NaN, infinity and integers of 2**53 and more.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785


def canonical_bytes(content: Any) -> bytes:
    """The one byte string of this content: keys sorted, numbers in shortest form, UTF-8."""
    return rfc8785.dumps(content)


def digest(stored: bytes, *, domain: str) -> str:
    """SHA-256 of stored bytes, written sha256:<hex>. The first line keeps digests of different formats apart."""
    return "sha256:" + hashlib.sha256(domain.encode() + b"\n" + stored).hexdigest()


def read_back(content: Any) -> Any:
    """The content as a reader of its stored bytes will find it (1.0 comes back as 1, tuples as lists)."""
    return json.loads(canonical_bytes(content), parse_int=whole)


def whole(word: str) -> int | float:
    """A whole number as it stands in JSON; from 2**53 on it is not exact in every reader, and becomes a float.

    So a figure of 10**17, written without a point, can be stored again.
    """
    number = float(word)
    return int(word) if abs(number) < 2**53 else number

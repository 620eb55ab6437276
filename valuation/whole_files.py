"""Files written whole or not at all: beside their places first, renamed when all is well."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valuation.errors import InputError, problem


@contextmanager
def whole(*targets: Path) -> Iterator[list[Path]]:
    """Paths to write to, one a target; they take the places of the targets when the block ends without an error.

    Missing folders are made. Only an ordinary file gives way: a rename over a device such as /dev/null would take the
    device from the machine.
    """
    parts: list[Path] = []
    placed: list[str] = []
    at = targets[0]
    try:
        for at in targets:  # one by one, so that a part is removed even if the next cannot be made
            parts.append(_beside(Path(os.path.realpath(at))))  # noqa: PERF401
        yield parts
        for at, part in zip(targets, parts, strict=True):
            _settle(part)
            part.replace(os.path.realpath(at))
            placed.append(str(at))
    except (OSError, ValueError) as error:  # a name with the sign U+0000 is a ValueError
        if isinstance(error, ValueError) and parts:
            raise
        reason = getattr(error, "strerror", None) or str(error)
        if placed:
            raise InputError(problem("files_half_written", str(at), reason=reason, placed=", ".join(placed))) from None
        raise InputError(problem("file_not_writable", str(at), reason=reason)) from None
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def write_whole(target: Path, stored: bytes) -> None:
    """Write these bytes so that nobody ever finds half of them."""
    with whole(target) as (part,):
        part.write_bytes(stored)


def _beside(target: Path) -> Path:
    """An empty file beside what a link names, so that the link goes on pointing to it.

    A rename asks neither what is there nor whether it is protected, so this does.
    """
    if target.exists():
        if not target.is_file():
            raise OSError(errno.EISDIR, "it is a folder" if target.is_dir() else "it is no ordinary file")
        if not target.stat().st_mode & 0o222:
            raise OSError(errno.EACCES, "it is write-protected")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{secrets.token_hex(8)}.part")
    part.touch(exist_ok=False)  # readable to whom the umask says
    return part


def _settle(part: Path) -> None:
    """What is not on the disk when the power goes would leave the new name on an empty file."""
    with part.open("rb") as file:
        os.fsync(file.fileno())

"""What a stranger's clone must not hold."""

import re
from collections.abc import Iterator
from pathlib import Path

# Written so that the patterns do not find themselves.
MACHINE_PATH = re.compile(r"(?<![\w.-])/(?:work|root|home)/")
PACKAGE_INDEX = re.compile(r"index[-_]url|trusted[-_]host|find[-_]links", re.IGNORECASE)


def lines_with(pattern: re.Pattern[str], checkout: Path, names: list[str]) -> Iterator[str]:
    """Each place where the pattern stands in a text file, as file:line: text."""
    for name in names:
        content = (checkout / name).read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), 1):
            if pattern.search(line):
                yield f"{name}:{number}: {line.strip()[:120]}"


def test_no_file_names_a_folder_of_one_machine(checkout: Path, tracked_files: list[str]) -> None:
    """Such a path works here and nowhere else."""
    assert list(lines_with(MACHINE_PATH, checkout, tracked_files)) == []


def test_no_file_chooses_the_package_index(checkout: Path, tracked_files: list[str]) -> None:
    """Which index a bank installs from is the bank's own setting."""
    assert list(lines_with(PACKAGE_INDEX, checkout, tracked_files)) == []

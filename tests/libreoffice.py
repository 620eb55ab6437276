"""Recalculation of workbooks by LibreOffice, for tests.

LibreOffice trusts the cached figures of an .xlsx unless told otherwise: a test that plants wrong ones and forgets that
cannot fail. So every call has a profile of its own, made for it, in which recalculation on load is set to "always".
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""

Figures = dict[tuple[str, int, int], object]  # (sheet, row, column), both counted from 0


def recalculate(soffice: str, workbooks: Sequence[Path], folder: Path, *, timeout: float = 120) -> list[Path]:
    """Recalculated copies of the workbooks, in `folder` under their own names. One start (1 s) serves them all.

    `soffice` is the fixture of that name, which skips a test where LibreOffice is missing.
    """
    assert len({book.name for book in workbooks}) == len(workbooks), "two workbooks of one name would overwrite"
    with tempfile.TemporaryDirectory(prefix="libreoffice-") as profile:
        user = Path(profile, "user")
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")
        _run(
            [
                soffice,
                f"-env:UserInstallation={Path(profile).as_uri()}",
                *("--headless", "--norestore", "--convert-to", "xlsx", "--outdir", str(folder)),
                *map(str, workbooks),
            ],
            timeout,
        )
    outputs = [folder / book.name for book in workbooks]
    missing = [output.name for output in outputs if not output.exists()]
    assert not missing, f"LibreOffice said nothing and wrote no {missing}"
    return outputs


def _run(command: list[str], timeout: float) -> None:
    with subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            said, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # soffice is a script: the office is its child
            raise
    assert process.returncode == 0, said.decode(errors="replace")


def figures(workbook: Path) -> Figures:
    """Every figure and text of a workbook as it stands in the file; an error reads as its text, such as #DIV/0!."""
    book = openpyxl.load_workbook(workbook, data_only=True)
    return {
        (sheet.title, cell.row - 1, cell.column - 1): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }

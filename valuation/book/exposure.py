"""What is owed on each row of a book, and the security behind it as a loss is reckoned."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from valuation.book.lending_of_rows import Stretch
from valuation.book.rows import Rows
from valuation.workings import FloatArray


def exposure(stretch: Stretch) -> FloatArray:
    """Debt on each row: its balance where one is stated, else its largest loan, as if that were drawn in full.

    0 for a row that is left out. A balance counts also where nothing could be lent today.
    """
    lent = np.nan_to_num(stretch.figures["maximum_loan"], nan=0.0)
    return np.where(stretch.rows.bad, 0.0, stretch.rows.filled("balance", lent))


def security(rows: Rows) -> Mapping[str, FloatArray]:
    """The assets, where those without title bring in nothing and no value is below nothing; fields of PledgedAsset."""
    failing = np.where(rows.titled("refuse"), 1.0, rows.asset["title_failure"])
    return {**rows.asset, "value": np.maximum(rows.asset["value"], 0.0), "title_failure": failing}

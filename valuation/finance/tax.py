"""Tax amortisation benefit: what a buyer saves by writing the asset off, which a market value includes where he may.

Source: linear write-off with gross-up, as in IVS and fair-value practice (end-year form read in Wikipedia, "Tax
amortization benefit"; checked by iterating value = present value + tax rate x value x annuity until it stands still).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.finance.discounting import annuity_factor
from valuation.finance.powers import compound, power


def amortisation_benefit_factor(
    tax_rate: Any, discount_rate: Any, tax_life: Any, *, timing: str = "mid", write_off: str = "straight_line"
) -> Any:
    """Factor on a value before the benefit: 1 / (1 - tax rate x present value of writing one unit off).

    1 where the tax life is 0 (none). Tax 25%, 10 years, 15%: 1.1554692467070442 (mid), 1.1434703247628826 (end);
    by the declining balance 1.1858838 (mid). The tax life is that of the law, not the economic life. Whole years are
    exact; parts of a year are interpolated by the formulas.
    """
    life = np.where(tax_life > 0, tax_life, 1.0)
    written_off = annuity_factor(discount_rate, life) / life
    if write_off == "declining_balance":
        written_off = np.where(life > 2, declining_balance_worth(discount_rate, np.maximum(life, 2.0)), written_off)
    if timing == "mid":
        written_off = written_off * compound(discount_rate, 0.5)
    return 1 / (1 - np.where(tax_life > 0, tax_rate * written_off, 0.0))


def declining_balance_worth(discount_rate: Any, life: Any) -> Any:
    """Worth today of writing one unit off at year ends by the double-declining balance (双倍余额递减法).

    2 / life of what is left in each year but the last two, which share the rest evenly, as Chinese accounts do; at
    least 2 years. Five years write off 0.4, 0.24, 0.144, 0.108, 0.108; at 10%: 0.8109978.
    """
    share, early = 2 / life, life - 2
    kept = (1 - share) * compound(discount_rate, -1.0)  # of one unit a year later, at its present value
    first = share * compound(discount_rate, -1.0) * (1 - power(kept, early)) / (1 - kept)
    rest = power(1 - share, early) / 2
    return first + rest * (compound(discount_rate, 1 - life) + compound(discount_rate, -life))

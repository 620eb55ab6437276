"""Tax amortisation benefit: what a buyer saves by writing the asset off, which a market value includes where he may.

Source: linear write-off with gross-up, as in IVS and fair-value practice (end-year form read in Wikipedia, "Tax
amortization benefit"; checked by iterating value = present value + tax rate x value x annuity until it stands still).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from valuation.finance.discounting import annuity_factor
from valuation.finance.powers import compound


def amortisation_benefit_factor(tax_rate: Any, discount_rate: Any, tax_life: Any, *, timing: str = "mid") -> Any:
    """Factor on a value before the benefit: 1 / (1 - tax rate x present value of writing one unit off).

    1 where the tax life is 0 (none). Tax 25%, 10 years, 15%: 1.1554692467070442 (mid), 1.1434703247628826 (end).
    The tax life is that of the law, not the economic life. Whole years are exact; parts of a year are interpolated by
    the annuity formula.
    """
    life = np.where(tax_life > 0, tax_life, 1.0)
    written_off = annuity_factor(discount_rate, life) / life
    if timing == "mid":
        written_off = written_off * compound(discount_rate, 0.5)
    return 1 / (1 - np.where(tax_life > 0, tax_rate * written_off, 0.0))

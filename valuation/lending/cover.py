"""How well the borrower's cash pays for the debt, and how far it may fall before it no longer does."""

from __future__ import annotations

from typing import Any

import numpy as np


def debt_service_cover(cash_flow: Any, service: Any) -> Any:
    """Cash flow over interest and principal due (DSCR), by period; without bound where nothing is due.

    Rents of 100 less running costs of 40 pay a service of 45 at 1.3333 times, half the rents at 0.2222 times.
    """
    due = service > 0
    return np.where(due, cash_flow / np.where(due, service, 1.0), np.inf)


def tolerated_fall(revenue: Any, running_cost: Any, service: Any) -> Any:
    """Part of its revenue a borrower can lose before costs and debt service are not paid; below 0 they are not now.

    Rents 100, running costs 40, service 45: 0.15. Of a cash flow itself the running cost is 0.
    """
    return 1 - (running_cost + service) / revenue

"""Amounts for the eye: one scale for a page, large enough to read and small enough that no amount vanishes in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

STEPS = {
    "en": ((1e9, "{currency} bn"), (1e6, "{currency} m"), (1e3, "{currency} thousand"), (1.0, "{currency}")),
    "zh": ((1e8, "亿{currency}"), (1e4, "万{currency}"), (1.0, "{currency}")),
}
CURRENCIES_ZH = {"CNY": "元", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元", "HKD": "港元"}


@dataclass(frozen=True)
class Scale:
    """Amounts are shown over `divisor`, in `unit`."""

    divisor: float
    unit: str
    digits: int

    def of(self, amount: float) -> float:
        """The amount on this scale."""
        return amount / self.divisor

    def text(self, amount: float | None) -> str:
        """The amount as it is read; a dash for none."""
        return "–" if amount is None else f"{self.of(amount):,.{self.digits}f}"


def scale_of(amounts: Iterable[float | None], currency: str, language: str = "en") -> Scale:
    """The largest scale on which the smallest amount is still 1 or more, with three digits of that amount.

    2,753,905 and 111,475 are 2,753.91 and 111.48 thousand; a nought and a missing amount do not count.
    """
    sizes = [abs(amount) for amount in amounts if amount]
    smallest = min(sizes, default=0.0)
    name = CURRENCIES_ZH.get(currency, f" {currency}") if language == "zh" else currency
    divisor, unit = next((step for step in STEPS[language] if smallest >= step[0]), STEPS[language][-1])
    digits = 0 if divisor == 1 else 2 if smallest / divisor >= 10 else 3
    return Scale(divisor, unit.format(currency=name).strip(), digits)

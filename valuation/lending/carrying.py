"""What carries a loan: the sale of the security, the guarantee, the borrower's cash flow, or nothing that was tested.

On resale alone patents, data and models support less than published pledge rates. A rate is bearable because something
else stands behind the loan; a pledge that carries little of it is a form, and a reader must see that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from valuation.calculation import Outcome
from valuation.lending.risk_sharing import guarantors_pay
from valuation.lending.sharing_contract import Contract
from valuation.workings import Warning


@dataclass(frozen=True)
class Carried:
    """An amount in parts that add up to it; each takes what those before it leave."""

    amount: float
    security: float
    guarantee: float
    cash_flow: float

    @property
    def nothing_tested(self) -> float:
        """What neither a sale nor a guarantee carries, and of which no cash flow was shown to."""
        return self.amount - self.security - self.guarantee - self.cash_flow

    def to_json(self) -> dict[str, float]:
        """The amount and its parts."""
        return {
            "amount": self.amount,
            "by_security": self.security,
            "by_guarantee": self.guarantee,
            "by_cash_flow": self.cash_flow,
            "by_nothing_tested": self.nothing_tested,
        }


def carried(amount: float, limited: Outcome, contract: Contract | None) -> Carried:
    """The parts of this amount under the limits worked out.

    A sale carries what it brings in all but the accepted cases; the guarantee what it pays at those proceeds; the cash
    flow as much of the rest as its coverage allows.
    """
    lines = {line.name: line.values[0] for line in limited.lines}
    security = max(0.0, min(amount, lines["carried_by_sale"]))
    guarantee = 0.0 if contract is None else _guaranteed(amount, security, contract)
    rest = amount - security - guarantee
    cash_flow = min(rest, max(lines.get("limit_debt_service", 0.0), 0.0))
    return Carried(amount, security, guarantee, cash_flow)


def _guaranteed(amount: float, recovered: float, contract: Contract) -> float:
    """What the guarantors pay of this debt, each up to its cap and to what it may still guarantee."""
    share = contract.guaranteed(amount)
    if share <= 0:
        return 0.0
    paid = float(guarantors_pay(contract.order_of_recovery, amount, share, recovered))
    each = [min(paid * bearer["share"] / share, _most(bearer)) for bearer in contract.bearers(amount)]
    return float(sum(each))


def _most(bearer: dict[str, Any]) -> float:
    cap = bearer.get("cap")
    return float("inf") if cap is None else float(cap.value)


def remarks_on(found: Carried) -> Iterator[Warning]:
    """What a reader must know of a pledge that is little more than a form."""
    others = found.amount - found.security
    if found.security < others:
        share = found.security / found.amount
        yield Warning(
            f"A sale of the security carries {share:.0%} of this loan; most is lent on others, the pledge is a form.",
            f"变现仅覆盖贷款的 {share:.0%}；贷款主要依赖担保人或借款人，该质押近于形式。",
        )
    if found.nothing_tested > 0:
        yield Warning(
            f"{found.nothing_tested:,.2f} of this loan rests on nothing that was tested: no guarantee, no cash flow.",
            f"贷款中 {found.nothing_tested:,.2f} 未经任何测试支撑：既无担保，也未给出现金流。",
        )

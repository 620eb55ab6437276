"""Who bears the loss: any split on any base, by the contract's order of recovery, with caps and bearers that may fail.

The order decides more than the split. Of a debt of 100 with proceeds of 40 and a guarantee of 60%, the bank loses 24 if
both share what is short, nothing if it keeps the proceeds first, and 40 if the guarantor does. So no order is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from valuation.distributions import shape_of
from valuation.finance import bivariate_normal_cdf, normal_quantile
from valuation.lending.losses import LossInputs, defaulting, lost_on
from valuation.lending.schedules import plan
from valuation.method import Citation, Inputs, Method, Quantity, choice, fraction, items, money, refuse, text

Order = Literal["net", "bank_first", "guarantor_first"]
Base = Literal["principal", "principal_and_interest"]
SINGLE_CLIENT = 0.10  # of net assets: State Council regulation of 2017, Article 16


class Bearer(Inputs):
    """One who bears a part of the loss beside the bank."""

    name: str = text("Who", "承担方")
    share: Quantity = fraction("Share of the loss", "分担比例")
    cap: Quantity | None = money("Most it pays on this loan", "单笔代偿上限", None, low=0)
    default_probability: Quantity = fraction("Its own probability of default in a year", "自身年违约概率", 0, below=1)
    default_correlation: Quantity = fraction(
        "Correlation of its default with the borrower's", "与借款人违约的相关系数", 0
    )
    available: Quantity = fraction(
        "Part it is expected to pay before its pool is spent", "资金池上限内预期可付比例", 1,
        help="From the cap of the fund on all loans of its pool; 1 where there is none.",
    )  # fmt: skip


class SharingInputs(LossInputs):
    """The loan, its security, and the contract with those who share the loss."""

    base: Base = choice("What is shared", "分担基数")
    order_of_recovery: Order = choice("Who keeps the proceeds of the security first", "处置所得的分配顺序")
    bearers: list[Bearer] = items("Bearers beside the bank", "银行以外的承担方", at_most=10)

    @model_validator(mode="after")
    def _shares_of_one_loss(self) -> Self:
        names = [bearer.name for bearer in self.bearers]
        if len(set(names)) < len(names) or "bank" in names:
            refuse(
                "two bearers have one name, or one is called bank",
                "承担方重名，或名称为 bank",
                "Name each once; the bank bears the rest.",
                "请各写一次；其余由银行承担。",
            )
        shares = [bearer.share for bearer in self.bearers]
        known = [share for share in shares if share.form not in ("reference", "derive")]
        if np.any(sum(shape_of(share).stated for share in known) > 1 + 1e-9):
            refuse(
                "the shares beside the bank's add up to more than 1",
                "银行以外的分担比例之和大于 1",
                "Let all shares add up to 1 with the bank's.",
                "请使各方（含银行）比例之和为 1。",
            )
        return self


def expected_loss_of_bank(inputs: Any, workings: Any) -> Any:
    """Mean loss that stays with the bank over the life of the loan, discounted to today; one line a bearer beside it.

    A shared part is a layer of the loss, so its mean is the difference of two shortfalls. What a bearer cannot pay
    falls back on the bank, and so does all interest where principal alone is shared.

    Certain proceeds 40 on a debt of 100 that defaults with 50%, guarantor 60%: the bank bears 12, 0 or 20 by order.
    """
    line = workings.line
    loan = plan(inputs, workings)
    exposure = line("exposure", inputs.loan * loan.exposure)
    base = line("loss_base", inputs.loan * loan.opening) if inputs.base == "principal" else exposure
    defaults = defaulting(inputs, line)

    def lost(name: str, claim: Any) -> Any:
        named = _Named(workings, name)
        return named.line("lost", lost_on(named.line("claim", claim), defaults, inputs, named))

    guaranteed = line("guaranteed_share", sum(bearer.share for bearer in inputs.bearers), unit="fraction")
    top, depth, whole = layer(inputs.order_of_recovery, base, guaranteed)
    total = line("expected_loss", lost("in_all", exposure))
    below_top = lost("at_top", top)
    borne = 0.0
    for bearer in inputs.bearers:
        part = bearer.share if whole else bearer.share / np.where(guaranteed > 0, guaranteed, 1.0)
        deep = depth if bearer.cap is None else np.minimum(depth, bearer.cap / np.where(part > 0, part, 1.0))
        claimed = part * (below_top - lost(f"below_{bearer.name}", np.maximum(top - deep, 0.0)))
        paid = _pays(inputs.default_probability, bearer, _Named(workings, bearer.name).line)
        borne = borne + line(f"borne_by_{bearer.name}", claimed * paid)
    return line("borne_by_bank", total - borne)


def layer(order: Order, base: Any, guaranteed: Any) -> tuple[Any, Any, bool]:
    """Where the guaranteed part of a loss lies: its top, its depth, and whether it is all of it to be divided by share.

    The layer's loss at proceeds R is min((top - R)+, depth). Sharing what is short takes a share of the whole loss;
    otherwise the bearers split the guaranteed layer among themselves.
    """
    if order == "net":
        return base, base, True
    return base if order == "bank_first" else base * guaranteed, base * guaranteed, False


def guarantors_pay(order: Order, base: Any, guaranteed: Any, recovered: Any) -> Any:
    """What the guarantors together pay of a debt once the security has brought its proceeds; never more than is short.

    Debt 100, proceeds 40, guarantee 60%: 36 net, 60 if the bank keeps the proceeds first, 20 if the guarantor does.
    """
    top, depth, whole = layer(order, base, guaranteed)
    short = np.minimum(np.maximum(top - recovered, 0.0), depth)
    return guaranteed * short if whole else short


@dataclass(frozen=True)
class _Named:
    """Names the lines of one claim apart from those of the others."""

    workings: Any
    claim: str

    def line(self, name: str, array: Any, unit: str = "money") -> Any:
        """The step under the name of its claim."""
        return self.workings.line(f"{name}_{self.claim}", array, unit=unit)


def _pays(borrower_defaults: Any, bearer: Any, line: Any) -> Any:
    """The part of its claims that a bearer is expected to pay, given that the borrower has defaulted.

    Borrower 4%, guarantor 1%, correlation .3: 1 - 0.0016051712030646 / 4%.
    """
    borrower = np.where(borrower_defaults > 0, borrower_defaults, 0.5)
    own = np.where(bearer.default_probability > 0, bearer.default_probability, 0.5)
    borrowers = line("score_of_borrower", normal_quantile(borrower), "ratio")
    bearers = line("score_of_bearer", normal_quantile(own), "ratio")
    both = line("both_default", bivariate_normal_cdf(borrowers, bearers, bearer.default_correlation), "fraction")
    fails = np.where(bearer.default_probability > 0, both / borrower, 0.0)
    return line("part_paid", (1 - fails) * bearer.available, "fraction")


def pool_pays(share: Any, cap: Any, *, default_probability: Any, correlation: Any, loss_given_default: Any) -> Any:
    """Mean pay-out of a fund on a large pool of loans, per unit lent, if it bears a share until its cap is spent.

    The pool's defaults follow one common shock (Vasicek), the loss given default is one figure; `cap` is a part of the
    pool. Default 5%, correlation .15, loss 50%, share 50%, cap 3%: 0.011674886063480834; without a cap .0125.
    """
    lost = share * loss_given_default
    full = np.where(lost > 0, cap / np.where(lost > 0, lost, 1.0), 1.0)  # defaults that spend the cap
    return lost * (default_probability - defaults_beyond(full, default_probability, correlation))


def defaults_beyond(level: Any, default_probability: Any, correlation: Any) -> Any:
    """Mean part of a large pool that defaults beyond this part of it: E[(P - level)+]; nothing beyond all of it."""
    within = np.clip(level, 0.0, 1.0)
    joint = bivariate_normal_cdf(
        0 - normal_quantile(within), normal_quantile(default_probability), 0 - np.sqrt(1 - correlation)
    )
    return np.where(level < 1, joint, 0.0)


def largest_guaranteed_loan(net_assets: float, outstanding: float, share: float, *, multiple: float = 10.0) -> float:
    """Loan of which a guarantee company may guarantee `share`, by what the law leaves it.

    Its guarantees stay within 10 times its net assets (15 where it serves mostly small firms and farms), those for one
    client within a tenth of them. Net assets 100m, guarantees of 950m outstanding, share 80%: 12.5m.
    """
    free = min(SINGLE_CLIENT * net_assets, multiple * net_assets - outstanding)
    return max(free, 0.0) / share


method = Method(
    id="lending.risk_sharing",
    version=1,
    approach="lending",
    title=("Who bears the expected loss", "预期损失的分担"),
    serves=(),
    citations=(
        Citation("Schemes of valuation/reference/schemes, each with its source and mark", "secondary"),
        Citation("Order of recovery, caps and guarantors' default: derived, checked by counting", "recomputed"),
    ),
    limitations=(
        "What a bearer pays in the end hangs on its contract; proceeds are taken to go to what is shared first.",
        "各方最终代偿取决于合同约定；处置所得先冲抵分担基数。",
    ),
    evidence=("sharing_contract", "appraisal", "probability_of_default"),
    inputs=SharingInputs,
    value=expected_loss_of_bank,
)

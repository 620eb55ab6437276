"""Borrowing base: what may be drawn against current assets, class by class, after what is not eligible."""

import numpy as np
from pydantic import model_validator

from valuation.method import Citation, Inputs, Method, Quantity, fraction, items, money, named_twice, rate, refuse, text


class AssetClass(Inputs):
    """One class of assets on the latest certificate, such as receivables or stock."""

    name: str = text("Class of assets", "资产类别")
    amount: Quantity = money("Gross amount", "总额", low=0)
    ineligible: Quantity = money(
        "Of which not eligible", "其中不合格部分", 0, low=0,
        help="Overdue, disputed, due from the borrower's group, beyond one debtor's share, old stock.",
    )  # fmt: skip
    reserve: Quantity = money("Held back for claims that rank ahead", "为优先债权预留", 0, low=0)
    advance_rate: Quantity = fraction("Advance rate on what is eligible", "可贷比例")
    at_most: Quantity | None = money("Most that counts of this class", "该类别计入上限", None, low=0)
    interest_rate: Quantity = rate("Loan rate on this class a year", "该类别贷款年利率", 0, low=0, high=1)


class BorrowingBaseInputs(Inputs):
    """The classes of the certificate, and what the lender holds back of all together."""

    classes: list[AssetClass] = items("Classes of assets", "资产类别", at_most=50)
    reserve: Quantity = money("Held back of the whole", "整体预留", 0, low=0)
    drawn: Quantity = money("Drawn already", "已提款", 0, low=0)

    @model_validator(mode="after")
    def _named_once(self):
        twice = named_twice(each.name for each in self.classes)
        if twice is not None:
            refuse(
                f"two classes are called {twice}",
                f"两个类别均名为 {twice}",
                "Name each class once.",
                "请为每个类别使用不同名称。",
            )
        return self


def borrowing_base(inputs, workings):
    """What may still be drawn, in the case's currency; 0 where more is drawn than the base carries.

    All figures are (..., 1). What is not eligible comes off before the rate, a class counts up to its own limit, and
    the reserve on the whole comes off once.

    Receivables 100 of which 10 overdue at 80%, stock 50 at 50% but at most 20, reserve 5, drawn 30: base 87, left 57.
    """
    line = workings.line
    capacities, interest = [], []
    for number, each in enumerate(inputs.classes, 1):
        eligible = np.maximum(each.amount - each.ineligible - each.reserve, 0.0)
        capacity = line(f"eligible[{number}]", eligible) * each.advance_rate
        if each.at_most is not None:
            capacity = np.minimum(capacity, each.at_most)
        capacities.append(line(f"capacity[{number}]", capacity))
        interest.append(line(f"interest_if_drawn[{number}]", capacity * each.interest_rate))
    line("total_capacity", sum(capacities))
    line("total_interest_if_drawn", sum(interest))
    base = line("borrowing_base", np.maximum(sum(capacities) - inputs.reserve, 0.0))
    workings.warn(
        inputs.drawn > base,
        "More is drawn than the base carries: the excess falls due.",
        "已提款超过借款基数，超出部分应予归还。",
    )
    return line("left_to_draw", np.maximum(base - inputs.drawn, 0.0))


method = Method(
    id="limit.borrowing_base",
    version=1,
    approach="input",
    title=("Borrowing base", "借款基数"),
    serves=(),
    citations=(
        Citation("Peachtree Plumbing case study, Table 32: capacity by class of assets", "page-read"),
        Citation("Eligibility, reserves and limits by class as asset-based lenders apply them", "memory"),
    ),
    limitations=(
        "As good as the last certificate: receivables and stock turn, and are counted again every month.",
        "以最近一期证明为准：应收与存货不断周转，应按月重新核定。",
    ),
    evidence=("borrowing_base_certificate",),
    inputs=BorrowingBaseInputs,
    value=borrowing_base,
)

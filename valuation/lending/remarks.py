"""What an offer says in words: which limit decides, what was not tested, why there is no loan, what to bear in mind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from valuation.calculation import Circumstances
from valuation.lending.assessment import Assessment, Assumer
from valuation.lending.collateral import Collateral
from valuation.lending.limits import LIMIT_NAMES
from valuation.workings import Warning

Texts = dict[str, str]  # en and zh


def both(texts: tuple[str, str]) -> Texts:
    """A text in both languages."""
    return {"en": texts[0], "zh": texts[1]}


@dataclass(frozen=True)
class Limit:
    """One limit on the loan: its amount, or why it was not tested."""

    name: str
    amount: float | None
    binding: bool = False
    not_tested: Texts | None = None

    @property
    def label(self) -> dict[str, str]:
        """Its name in both languages."""
        return both(LIMIT_NAMES.get(self.name, (self.name, self.name)))

    def to_json(self) -> dict[str, Any]:
        """The keys of the contract first."""
        rest = {"not_tested": self.not_tested} if self.not_tested else {}
        return {"name": self.name, "amount": self.amount, "binding": self.binding, "label": self.label, **rest}


NOT_TESTED: Mapping[str, tuple[str, str]] = {
    "debt_service": ("not tested: no cash flow of the borrower is stated", "未测试：未给出借款人现金流"),
    "product_amount": (
        "not tested: neither the product nor the loan states a largest amount in this currency",
        "未测试：产品与贷款条款均未给出该币种的金额上限",
    ),
    "need": ("not tested: the need for funds is not stated", "未测试：未给出资金需求"),
    "amount_asked": ("not tested: no amount is asked for", "未测试：未给出申请金额"),
}


def without_value(asset: Collateral) -> Iterator[Texts]:
    """Why an asset whose title holds still carries no loan."""
    if asset.value is None:
        yield {"en": f"{asset.id}: no value was concluded.", "zh": f"{asset.id}：未形成评估结论。"}
        yield from ({lang: f"{asset.id}: {text}" for lang, text in point.items()} for point in asset.open_points)
    elif asset.value <= 0:
        yield {
            "en": f"{asset.id}: the value is {asset.value:,.2f}; nothing can be lent on it.",
            "zh": f"{asset.id}：评估值为 {asset.value:,.2f}，不能据此放款。",
        }


def deciding(limits: Sequence[Limit], assessment: Assessment) -> Texts:
    """The limit that decides, and by how much; where it leaves nothing, why."""
    binding = next(limit for limit in limits if limit.binding)
    english, chinese = binding.label["en"], binding.label["zh"]
    if binding.amount is not None and binding.amount > 0:
        return {
            "en": f"{english} decides: {binding.amount:,.2f}.",
            "zh": f"起决定作用的限额：{chinese}，{binding.amount:,.2f}。",
        }
    stated = assessment.limits.stated
    accepted = float(stated["shortfall_probability"][0])
    failing = [float(figures[0]) for path, figures in stated.items() if path.endswith(".title_failure")]
    if binding.name == "value_at_risk" and min(failing) >= accepted:
        return {
            "en": f"Title or enforcement fails with a probability of {min(failing):.0%}, a shortfall is accepted with "
            f"{accepted:.0%}: no loan on this security meets that.",
            "zh": f"权属或执行失败概率为 {min(failing):.0%}，可接受的不足额概率为 {accepted:.0%}：任何金额均不满足。",
        }
    return {"en": f"{english} leaves nothing to lend.", "zh": f"{chinese}之下无可贷金额。"}


def remarks(
    assets: Sequence[Collateral], assessment: Assessment | None, assumer: Assumer, circumstances: Circumstances
) -> Iterator[Warning]:
    """What a reader of the offer must bear in mind."""
    dated, on = assumer.defaults.dated, circumstances.look_up.on
    if assumer.used and dated > on:
        yield Warning(
            f"The assumptions on the sale are judgement of {dated}, later than the valuation date {on}.",
            f"变现假设为 {dated} 的专业判断，晚于评估基准日 {on}。",
        )
    if len(assets) > 1:
        yield Warning(
            "The recoverable amounts of the assets are summed as if all fell together, which is the safe side.",
            "各押品可回收金额按完全同向变动加总，属审慎处理。",
        )
    unmeasured = [asset.id for asset in assets if any(value <= 0 for value in asset.indications)]
    if unmeasured:
        names = ", ".join(unmeasured)
        yield Warning(
            f"An approach gave nothing or less for {names}; the spread of the approaches leaves it out.",
            f"{names} 有评估结果不大于零，离散度未计入该结果。",
        )
    undrawn = [asset.id for asset in assets if len(asset.spreads) < len(asset.indications)]
    if undrawn:
        names = ", ".join(undrawn)
        yield Warning(
            f"For {names} not every approach has a drawn range above 0; what is missing is not in the valuation error.",
            f"{names} 并非每种方法都有已抽样且大于零的区间；缺失部分未计入评估误差。",
        )
    if assessment is not None and assessment.path is not None and assessment.loss is None:
        yield Warning(
            "No expected loss: the borrower's probability of default is not stated.",
            "未计算预期损失：未给出借款人违约概率。",
        )

"""Reproduction cost (复原重置成本法): what making the same asset again would cost today, less what it has lost."""

from typing import Literal

import numpy as np
from pydantic import model_validator

from valuation.finance import opportunity_cost, power
from valuation.method import (
    Citation,
    Inputs,
    Method,
    Quantity,
    amount,
    choice,
    count,
    fraction,
    money,
    rate,
    ratio,
    refuse,
    years,
)

NEEDED = {  # by each word that may be chosen
    "historical": ("historical_cost", "price_index_ratio"),
    "multiplier": ("materials_and_other_cost", "staff_cost", "creative_labour_multiplier", "average_research_risk"),
    "code_size": ("thousand_lines", "effort_coefficient", "size_exponent", "cost_per_person_month"),
    "value": (),
    "minimum_fee": ("owner_capacity", "licensee_capacity"),
    "stated": (),
    "by_life": ("age", "remaining_useful_life"),
}
CHOICES = ("basis", "depreciation", "asked")
LAYERS = "One figure, or a list with one figure for each year or sort of spending."


class ReproductionInputs(Inputs):
    """How the cost is found, what a developer asks on top, what the asset has lost, and what is asked."""

    basis: Literal["historical", "multiplier", "code_size"] = choice(
        "How the cost is found", "重置成本的计算方式", "historical",
        help="historical: books, indexed. multiplier: 倍加系数法, for know-how made in the house. code_size: software "
        "by COCOMO, lines of code to person-months to cost.",
    )  # fmt: skip
    historical_cost: Quantity | None = money(
        "Cost of record", "历史成本", None, by_year=True, low=0,
        help=f"Without work that failed and VAT that is recovered; of shared work the part of this asset. {LAYERS}",
    )  # fmt: skip
    price_index_ratio: Quantity | None = ratio(
        "Price index today over that when spent", "价格指数比（评估基准日/发生时）", None, by_year=True, above=0,
        help=f"1 says that prices have not moved. {LAYERS}",
    )  # fmt: skip
    materials_and_other_cost: Quantity | None = money(
        "Materials and other things used up", "物化劳动消耗", None, low=0, help="C of the multiplier method."
    )
    staff_cost: Quantity | None = money(
        "Pay of the researchers", "活劳动消耗（科研人员薪酬）", None, low=0, help="V, before the multiplier."
    )
    creative_labour_multiplier: Quantity | None = ratio(
        "Multiplier of creative labour", "创造性劳动倍加系数", None, above=0, warn_below=1, warn_above=3,
        help="β1: what research is worth over what it is paid; 1.2 to 2 in examination problems.",
    )  # fmt: skip
    average_research_risk: Quantity | None = fraction(
        "Average risk of research", "科研平均风险系数", None, below=1, warn_above=0.6,
        help="β2: share of such research that fails. The cost is divided by 1 - β2; a page that prints 1 + β2 errs. "
        "It stands for the failures, so they do not stand in the cost as well.",
    )  # fmt: skip
    thousand_lines: Quantity | None = count(
        "Lines of code, in thousands", "代码行数（千行）", None, above=0,
        help="Delivered lines without comments, generated code and libraries of others.",
    )  # fmt: skip
    effort_coefficient: Quantity | None = ratio(
        "COCOMO coefficient", "COCOMO 系数 a", None, above=0, warn_below=2, warn_above=4,
        help="Basic COCOMO: 2.4 organic, 3.0 semi-detached, 3.6 embedded.",
    )  # fmt: skip
    size_exponent: Quantity | None = ratio(
        "COCOMO exponent", "COCOMO 指数 b", None, above=0, warn_below=0.9, warn_above=1.25,
        help="Basic COCOMO: 1.05 organic, 1.12 semi-detached, 1.20 embedded.",
    )  # fmt: skip
    effort_multiplier: Quantity = ratio(
        "Product of the cost drivers", "工作量调整系数 β", 1, above=0, warn_below=0.5, warn_above=2,
        help="Staff, tools, reliability asked for; 1 is the ordinary project.",
    )  # fmt: skip
    upkeep_share: Quantity = fraction(
        "Upkeep, as a share of development effort", "维护工作量占比", 0, help="Only upkeep that a maker would repeat."
    )
    person_months: Literal["exact", "whole"] = choice(
        "Person-months", "人月取整", "exact", help="whole: rounded at each step, as a published problem does."
    )
    cost_per_person_month: Quantity | None = money(
        "Cost of a person-month today", "单位工作量成本", None, per="person-month", low=0,
        help="Pay, social insurance and overhead at prices of today.",
    )  # fmt: skip
    profit_rate: Quantity = ratio(
        "Developer's profit, as a share of cost", "开发者利润率（投资报酬率）", 0, low=0, warn_above=0.5,
        help="L of the multiplier method. A margin that bears the cost of capital leaves out the return below.",
    )  # fmt: skip
    return_rate: Quantity | None = rate("Return on the capital tied up", "资金机会成本率", None, low=0)
    years_to_completion: Quantity | None = years(
        "Time from spending to completion", "支出至完成的时间", None, by_year=True,
        help=f"With a return rate. {LAYERS}",
    )  # fmt: skip
    depreciation: Literal["stated", "by_life"] = choice(
        "How depreciation is measured", "贬值率的确定方式", "stated",
        help="by_life: used over whole life (预测剩余年限法); it stands for all that time takes.",
    )  # fmt: skip
    age: Quantity | None = years("Age", "已使用年限", None, rolls="up")
    remaining_useful_life: Quantity | None = years("Remaining useful life", "剩余使用年限", None, above=0, rolls="down")
    physical_depreciation: Quantity | None = fraction(
        "Physical depreciation", "实体性贬值率", None, help="Intangible assets do not wear: leave it out."
    )
    functional_obsolescence: Quantity = fraction(
        "Functional obsolescence", "功能性贬值率", 0,
        help="Of what the first leaves: better ways to the same end are known now.",
    )  # fmt: skip
    economic_obsolescence: Quantity = fraction(
        "Economic obsolescence", "经济性贬值率", 0, help="Of what both leave: demand, law, competition."
    )
    asked: Literal["value", "minimum_fee"] = choice(
        "What is asked", "评估内容", "value",
        help="minimum_fee: the least an owner can take for a licence (最低收费额).",
    )  # fmt: skip
    owner_capacity: Quantity | None = amount(
        "throughput", "Capacity the owner runs with it", "许可方设计能力", None, low=0
    )
    licensee_capacity: Quantity | None = amount(
        "throughput", "Capacity the licensee runs with it", "被许可方设计能力", None, above=0,
        help="In the unit of the owner's. The licensee bears the cost by its share of both.",
    )  # fmt: skip
    licensing_loss: Quantity = money(
        "Owner's loss by licensing, present value", "转让的机会成本", 0, low=0,
        help="Profit lost to the licensee's competition and cost of keeping the secret, discounted.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _complete(self) -> "ReproductionInputs":
        pair = ("return_rate", "years_to_completion")
        needed = {f"{field} {getattr(self, field)}": NEEDED[getattr(self, field)] for field in CHOICES}
        needed |= {one: (other,) for one, other in (pair, pair[::-1]) if not _none(self, one)}
        missing = {by: [name for name in names if _none(self, name)] for by, names in needed.items()}
        missing = {by: names for by, names in missing.items() if names}
        if missing:
            refuse(
                "; ".join(f"{by} needs {' and '.join(names)}, not stated" for by, names in missing.items()),
                "；".join(f"{by} 需要 {'、'.join(names)}，尚未填写" for by, names in missing.items()),
                "State what is needed.", "请补充。",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _lists_go_with_the_costs(self) -> "ReproductionInputs":
        by_layer = [name for name in ("price_index_ratio", "years_to_completion") if _listed(self, name)]
        if by_layer and not (self.basis == "historical" and _listed(self, "historical_cost")):
            refuse(
                f"{by_layer[0]} is a list and the cost is one figure", f"{by_layer[0]} 为列表，而成本为单一数值",
                "Give historical_cost as a list of as many figures.", "请将 historical_cost 写成同样长度的列表。",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _depreciated_once(self) -> "ReproductionInputs":
        if self.depreciation == "by_life" and self.physical_depreciation is not None:
            refuse(
                "depreciation is taken by life and stated as well", "贬值既按年限计算又直接给出",
                'Leave physical_depreciation out, or write "depreciation": "stated".',
                '请删除 physical_depreciation，或写 "depreciation": "stated"。',
            )  # fmt: skip
        return self


def chosen(inputs):
    """The words chosen."""
    return tuple(getattr(inputs, field) for field in CHOICES)


def _none(inputs, name):
    return getattr(inputs, name) is None


def _listed(inputs, name):
    return not _none(inputs, name) and getattr(inputs, name).years is not None


def reproduction(inputs, workings):
    """Cost today of the same asset, with profit, less what time and obsolescence have taken; or the least licence fee.

    Cost of record, index ratio and years to completion may be (..., layer); all else and the value are (..., 1). The
    three losses multiply, each on what the one before left: added up they would take the same part twice and could
    exceed the whole. Costs are before tax and no tax benefit of a buyer is added. Refused: what the basis needs and is
    not given, lists without a list of costs, depreciation both by life and stated.

    Multiplier: materials 35, pay 30, β1 1.2, β2 0.4, profit 20%: 142 new; 3 years used, 5 to go: 88.75. Minimum fee:
    1,000 x 1.12, 5 years used, 10 to go, licensee 2,400 of 3,000, loss 555: 1,152.33.
    """
    line = workings.line
    spent = SPENT[inputs.basis](inputs, workings)
    cost = line("cost_today", total(spent))
    cost_new = cost + line("developer_profit", cost * inputs.profit_rate)
    if inputs.return_rate is not None:
        missed = opportunity_cost(spent, inputs.return_rate, inputs.years_to_completion)
        cost_new = cost_new + line("return_on_capital", total(missed))
    cost_new = line("reproduction_cost_new", cost_new)

    left = (1 - inputs.functional_obsolescence) * (1 - inputs.economic_obsolescence)
    depreciated = depreciation_rate(inputs)
    if depreciated is not None:
        left = left * (1 - line("depreciation_rate", depreciated, unit="fraction"))
    left = line("share_left", left, unit="fraction")
    net_cost = line("net_cost", cost_new * left)
    warn(inputs, left, workings)
    if inputs.asked == "value":
        return line("value", net_cost)
    share = inputs.licensee_capacity / (inputs.owner_capacity + inputs.licensee_capacity)
    borne = line("cost_borne_by_licensee", net_cost * line("licensee_share", share, unit="fraction"))
    return line("minimum_fee", borne + inputs.licensing_loss)


def total(spent):
    """Sum over the layers of cost."""
    return np.sum(spent, axis=-1, keepdims=True)


def indexed_cost(inputs, workings):
    """Cost of record at prices of today, layer by layer."""
    return workings.line("indexed_cost", inputs.historical_cost * inputs.price_index_ratio)


def multiplied_cost(inputs, workings):
    """Multiplier method (倍加系数法): (C + β1 V) / (1 - β2); creative work counts more, and pays for what fails."""
    labour = workings.line("creative_labour", inputs.staff_cost * inputs.creative_labour_multiplier)
    success = workings.line("chance_of_success", 1 - inputs.average_research_risk, unit="fraction")
    return workings.line("multiplied_cost", (inputs.materials_and_other_cost + labour) / success)


def code_cost(inputs, workings):
    """COCOMO: coefficient x thousand lines ^ exponent x cost drivers person-months, with upkeep, at today's cost."""
    line = workings.line
    sized = inputs.effort_coefficient * power(inputs.thousand_lines, inputs.size_exponent)
    effort = line("effort", sized * inputs.effort_multiplier, unit="person-months")
    with_upkeep = counted(effort, inputs.person_months) * (1 + inputs.upkeep_share)
    with_upkeep = line("effort_with_upkeep", with_upkeep, unit="person-months")
    return line("code_cost", counted(with_upkeep, inputs.person_months) * inputs.cost_per_person_month)


def counted(effort, person_months):
    """Person-months as they are, or to the nearest whole one."""
    return np.floor(effort + 0.5) if person_months == "whole" else effort


SPENT = {"historical": indexed_cost, "multiplier": multiplied_cost, "code_size": code_cost}


def depreciation_rate(inputs):
    """Share of the cost that time has taken: stated, or life used over whole life; None if nothing is said of it."""
    if inputs.depreciation == "by_life":
        return inputs.age / (inputs.age + inputs.remaining_useful_life)
    return inputs.physical_depreciation


def warn(inputs, left, workings):
    """What a reader must know of the figure."""
    workings.warn(
        left >= 1,
        "Nothing is deducted for depreciation or obsolescence; say why the asset is as good as new.",
        "未扣除任何贬值，请说明该资产为何等同全新。",
    )
    if inputs.return_rate is not None:
        workings.warn(
            inputs.profit_rate > 0,
            "Profit and a return on capital are both added: a margin that bears the cost of capital counts it twice.",
            "同时计入利润与资金机会成本：若利润率已含资金成本，则重复计算。",
        )
    words = chosen(inputs)
    idle = [name for word in NEEDED if word not in words for name in NEEDED[word] if not _none(inputs, name)]
    workings.warn(
        bool(idle),
        f"Not used with {', '.join(words)}: {', '.join(idle)}.",
        f"所选 {'、'.join(words)} 未使用：{'、'.join(idle)}。",
    )
    workings.warn(
        inputs.asked == "minimum_fee",
        "This is the least fee for a licence, not the value of the asset.",
        "本结果为许可最低收费额，并非资产价值。",
    )


method = Method(
    id="cost.reproduction",
    version=1,  # raise it when the same inputs would give another figure
    approach="cost",
    title=("Reproduction cost", "复原重置成本法"),
    serves=("training_data", "ai_model", "compute_cluster", "intellectual_property"),
    citations=(
        Citation("IVS 2025, 103 Valuation Approaches: cost approach (paragraphs not read)", "memory"),
        Citation(
            "资产评估题库 (appraiser examination): 倍加系数法 (2018, 2020), 最低收费额 (2017), COCOMO 软件 (2020)",
            "page-read",
        ),
        Citation(
            "B. Boehm, Software Engineering Economics (1981): coefficients of basic COCOMO, as textbooks quote them",
            "secondary",
        ),
    ),
    limitations=(
        "A cost, not an income: what a patent, a model or data earn has little to do with what they cost.",
        "反映成本而非收益：专利、模型和数据的收益与其成本关联较弱。",
    ),
    evidence=("title", "cost_ledger", "price_indices"),
    inputs=ReproductionInputs,
    value=reproduction,
)

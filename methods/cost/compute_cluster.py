"""Depreciated replacement cost of a cluster (算力集群重置成本法): what equal capacity costs now, less what is lost."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import model_validator

from valuation.finance import (
    annuity_factor,
    compound,
    declining_balance_depreciation,
    fixed_declining_balance_depreciation,
    power,
    straight_line_depreciation,
    sum_of_years_depreciation,
    units_of_production_depreciation,
)
from valuation.method import (
    NOMINAL_AFTER_TAX,
    Citation,
    Inputs,
    Method,
    Quantity,
    amount,
    check_named_once,
    choice,
    count,
    fraction,
    items,
    money,
    rate,
    ratio,
    refuse,
    text,
    years,
)

DEPRECIATION: dict[str, Callable[..., Any]] = {
    "straight_line": straight_line_depreciation,
    "sum_of_years": sum_of_years_depreciation,
    "declining_balance": declining_balance_depreciation,
    "fixed_declining_balance": fixed_declining_balance_depreciation,
    "units_of_production": units_of_production_depreciation,
}
NEEDED = {
    **dict.fromkeys(
        ("straight_line", "sum_of_years", "declining_balance", "fixed_declining_balance"), ("age", "physical_life")
    ),
    "units_of_production": ("use_so_far", "use_in_life"),
    "observed": ("observed_wear",),
}


class Hardware(Inputs):
    """Units of one sort: what they cost new today, how worn they are, what they cost more to run than modern ones."""

    name: str = text("Name", "名称")
    quantity: Quantity = count("Number of units", "数量", above=0)
    unit_price: Quantity = money(
        "Price of a new unit", "单台全新价格", per="unit", above=0,
        help="Today's price of the modern equivalent, or of the same unit if it is still sold, without VAT that is "
        "recovered. A historical cost goes with price_index_ratio.",
    )  # fmt: skip
    price_index_ratio: Quantity = ratio(
        "Price index today over that of the price", "价格指数比（评估基准日/价格日）", 1.0, above=0,
        help="1 means that the price is of the valuation date. An index of like hardware, not of consumer prices.",
    )  # fmt: skip
    subject_throughput: Quantity = amount(
        "throughput", "Throughput of one unit valued", "被评估单台算力", 1.0, above=0,
        help="In any unit, the same for both: dense FLOP per second at one precision (vendor sheets often print "
        "sparse ones, twice as high) or tokens per second. 1 and 1 if the price is of the same unit.",
    )  # fmt: skip
    modern_throughput: Quantity = amount(
        "throughput", "Throughput of one modern unit", "现代等效设备单台算力", 1.0, above=0
    )
    wear: Literal[
        "straight_line", "sum_of_years", "declining_balance", "fixed_declining_balance", "units_of_production",
        "observed",
    ] = choice(
        "How physical wear is measured", "实体性贬值计算方式", "straight_line",
        help="declining_balance: a multiple of the straight-line share of what is left. fixed_declining_balance: the "
        "share that leaves the residual at the end of the life. sum_of_years: 年数总和法.",
    )  # fmt: skip
    declining_multiple: Quantity = ratio(
        "Multiple of the declining balance", "余额递减倍数", 2.0, above=0, high=5, help="2 is the double-declining one."
    )
    age: Quantity | None = years("Age", "已使用年限", None, rolls="up")
    physical_life: Quantity | None = years(
        "Physical life when new", "经济耐用年限", None, above=0, warn_below=3, warn_above=6,
        help="Owners' accounts write servers off over 3 to 6 years.",
    )  # fmt: skip
    use_so_far: Quantity | None = amount("hours", "Use so far", "已工作时间", None, low=0, rolls="anew")
    use_in_life: Quantity | None = amount("hours", "Use in a whole life", "总工作时间", None, above=0)
    observed_wear: Quantity | None = fraction(
        "Wear seen on inspection",
        "现场勘查实体性贬值率",
        None,
        rolls="anew",
        help="1 less the rate of newness (成新率).",
    )
    residual_share: Quantity = fraction(
        "Share of cost left at the end of life", "残值率", 0.0, below=1,
        help="What scrap and parts bring then; not used where wear is observed.",
    )  # fmt: skip
    repair_cost: Quantity = money(
        "Repairs that pay", "可修复性贬值（修复费用）", 0, low=0,
        help="For all units of this sort; deducted in full, and wear is taken on the rest.",
    )  # fmt: skip
    excess_operating_cost: Quantity | None = money(
        "Running cost above that of modern equivalents", "年超额运营成本", None, per="year", low=0,
        help="For all units of this sort, before tax: mostly power for the same work.",
    )  # fmt: skip
    excess_cost_years: Quantity | None = years(
        "Years in which it will be borne", "超额运营成本持续年限", None, rolls="down"
    )
    export_status: str = text(
        "Export and re-export status", "出口管制状态", "",
        help="A restriction is a matter of who may buy, not of quality: it is reported and does not enter the figure.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _complete(self) -> "Hardware":
        missing = [name for name in NEEDED[self.wear] if getattr(self, name) is None]
        missing += _other_half(self, "subject_throughput", "modern_throughput")
        missing += _other_half(self, "excess_operating_cost", "excess_cost_years")
        missing += (
            ["residual_share"] if self.wear == "fixed_declining_balance" and self.residual_share.value == 0 else []
        )
        missing += [] if self.name.strip() else ["name"]
        if missing:
            refuse(
                f"{self.name or 'this hardware'} with wear {self.wear} lacks {', '.join(missing)}",
                f"{self.name or '该硬件'}（wear 为 {self.wear}）缺少 {'、'.join(missing)}",
                "Add it. Throughputs go in pairs, and so do an excess cost and its years.",
                "请补充。两项算力须成对给出，超额运营成本与其年限亦然。",
            )
        return self


def _other_half(entry, *pair):
    """Which of two fields was left out although the other was given."""
    left_out = [name for name in pair if name not in entry.model_fields_set or getattr(entry, name) is None]
    return left_out if len(left_out) == 1 else []


class ComputeClusterInputs(Inputs):
    """The hardware by sort, what connects and installs it, and how fully it will be used."""

    hardware: list[Hardware] = items("Hardware", "硬件")
    network_share: Quantity = fraction(
        "Network", "网络设备占比", 0.0, below=1,
        help="Cables and switches that are not in the hardware list. Epoch AI's cost model takes 0.19 of the total: "
        '{"reference": "compute.interconnect_share_of_cluster_cost"}.',
    )  # fmt: skip
    network_share_of: Literal["total", "hardware"] = choice(
        "What the network is a share of", "网络占比的基数", "total", help="Hardware and network together, or hardware."
    )
    network_cost: Quantity = money("Network, stated as cost", "网络设备成本", 0, low=0, help="At prices of today.")
    installation_cost: Quantity = money(
        "Delivery, installation and testing", "运杂、安装调试费", 0, low=0, help="At prices of today."
    )
    share_of_design_use: Quantity = fraction(
        "Expected use as a share of design use", "预计利用率与设计利用率之比", 1.0, above=0,
        help="Below 1 where demand, power or permits keep the cluster from its design use for the rest of its life.",
    )  # fmt: skip
    scale_exponent: Quantity = ratio(
        "Scale exponent", "规模效益指数", 1.0, above=0, warn_above=1,
        help="1: in proportion to use. Below 1: a smaller plant costs more per unit of capacity; 0.68 in a textbook.",
    )  # fmt: skip
    discount_rate: Quantity | None = rate(
        "Discount rate, nominal, after tax", "税后名义折现率", None, basis=NOMINAL_AFTER_TAX
    )
    tax_rate: Quantity | None = fraction("Income tax rate", "所得税率", None, below=1)
    timing: Literal["mid", "end"] = choice("When running costs are paid in a year", "年内付款时点", "mid")
    location: str = text("Where it stands", "所在地", "", help="For the report; it does not enter the figure.")

    @model_validator(mode="after")
    def _names_differ(self) -> "ComputeClusterInputs":
        check_named_once([entry.name for entry in self.hardware], "hardware", "硬件")
        return self

    @model_validator(mode="after")
    def _excess_cost_has_its_rates(self) -> "ComputeClusterInputs":
        excess = [entry.name for entry in self.hardware if entry.excess_operating_cost is not None]
        if excess and (self.discount_rate is None or self.tax_rate is None):
            refuse(
                f"the excess operating cost of {excess[0]} needs discount_rate and tax_rate",
                f"{excess[0]} 的超额运营成本需要 discount_rate 和 tax_rate",
                "Add both; a tax_rate of 0 says that the excess cost is stated after tax.",
                "请补充两者；tax_rate 为 0 表示超额运营成本为税后金额。",
            )
        return self


def compute_cluster(inputs, workings):
    """Cost of equal capacity today, less wear, less what it costs more to run, times what its use leaves of that.

    Every input is (..., 1). Lines of one sort of hardware carry its name: hardware_cost_new[H100]. May be negative.
    Refused: a way of wear without its figures, half of a pair of throughputs, an excess cost without years and rates.

    Capacity counts once: price of the modern unit x subject / modern throughput; network, delivery and installation
    share the wear of the hardware they serve. Wear and economic obsolescence multiply, each on what the one before
    left. The excess operating cost is no rate but an amount of money to come, so it is deducted from what wear leaves.

    Layers of 120, 10 and 20 at index 100, 120 and 125, today 130; ages 7, 4, 1 with 3 years to go; excess cost of 10
    a year after tax at 10%, paid at year end: 187.63 new, 120.59 wear, 24.87 excess cost, value 42.17.
    """
    line = workings.line
    new = {entry.name: hardware_cost_new(entry, workings) for entry in inputs.hardware}
    hardware_cost = line("hardware_cost_new", sum(new.values()))
    of_total = inputs.network_share_of == "total"
    per_hardware = inputs.network_share / (1 - inputs.network_share) if of_total else inputs.network_share
    network = line("network_cost_new", hardware_cost * per_hardware + inputs.network_cost)
    cost_new = line("replacement_cost_new", hardware_cost + network + inputs.installation_cost)
    installed = line("installed_cost_factor", cost_new / hardware_cost, unit="ratio")

    wear = [physical_depreciation(entry, new[entry.name] * installed, workings) for entry in inputs.hardware]
    dear = [entry for entry in inputs.hardware if entry.excess_operating_cost is not None]
    excess = [functional_obsolescence(entry, inputs, workings) for entry in dear]
    physical = line("physical_depreciation", sum(wear))
    functional = line("functional_obsolescence", sum(excess))
    depreciated = line("depreciated_cost", cost_new - physical - functional)
    workings.warn(
        depreciated < 0,
        "Wear and excess operating cost exceed the cost new: running the cluster costs more than it is worth.",
        "贬值合计超过重置成本：该集群的运行成本高于其价值。",
    )
    used = power(inputs.share_of_design_use, inputs.scale_exponent)
    economic = line("economic_obsolescence", 1 - used, unit="fraction")
    return line("value", depreciated * (1 - economic))


def hardware_cost_new(entry, workings):
    """Cost today of the same capacity: units x price x index x subject throughput / modern throughput."""
    capacity = workings.line(
        f"capacity_ratio[{entry.name}]", entry.subject_throughput / entry.modern_throughput, unit="ratio"
    )
    workings.warn(
        capacity > 1,
        f"{entry.name}: the modern equivalent is slower than the unit valued; was a newer one left out?",
        f"{entry.name}：现代等效设备慢于被评估设备，是否遗漏了更新的型号？",
    )
    workings.warn(
        bool(entry.export_status.strip()),
        f"{entry.name}: export status {entry.export_status}. It narrows the buyers, which the haircut must answer for; "
        "this value is not lowered.",
        f"{entry.name}：出口管制状态为 {entry.export_status}。其限制买方范围，应由折扣率体现；本估值未因此降低。",
    )
    price = entry.unit_price * entry.price_index_ratio * capacity
    return workings.line(f"hardware_cost_new[{entry.name}]", entry.quantity * price)


def physical_depreciation(entry, cost, workings):
    """Wear in money: repairs that pay in full, and wear by age, use or inspection on the rest of the installed cost."""
    cost = workings.line(f"replacement_cost_new[{entry.name}]", cost)
    rest = cost - entry.repair_cost
    if entry.wear == "observed":
        worn = rest * entry.observed_wear
    else:
        lived, life = (getattr(entry, name) for name in NEEDED[entry.wear])
        terms = {"multiple": entry.declining_multiple} if entry.wear == "declining_balance" else {}
        worn = DEPRECIATION[entry.wear](rest, lived, life, salvage=rest * entry.residual_share, **terms)
        workings.warn(
            lived > life,
            f"{entry.name}: in use beyond its stated life; that life is too short, or only the residual share is left.",
            f"{entry.name}：使用已超过所述寿命；寿命取值偏短，或仅余残值。",
        )
    worn = workings.line(f"incurable_depreciation[{entry.name}]", worn)
    return workings.line(f"physical_depreciation[{entry.name}]", entry.repair_cost + worn)


def functional_obsolescence(entry, inputs, workings):
    """Worth today of running costs above those of modern equivalents, after tax, while they will be borne."""
    factor = annuity_factor(inputs.discount_rate, entry.excess_cost_years)
    if inputs.timing == "mid":
        factor = factor * compound(inputs.discount_rate, 0.5)
    after_tax = entry.excess_operating_cost * (1 - inputs.tax_rate)
    return workings.line(f"functional_obsolescence[{entry.name}]", after_tax * factor)


method = Method(
    id="cost.compute_cluster",
    version=1,  # raise it when the same inputs would give another figure
    approach="cost",
    title=("Depreciated replacement cost of a compute cluster", "算力集群重置成本法"),
    serves=("compute_cluster",),
    citations=(
        Citation(
            "IVS 2025, 103 Valuation Approaches and 300 Plant, Equipment and Infrastructure: cost approach", "memory"
        ),
        Citation(
            "资产评估题库 (appraiser examination), 2022-2023: indexed layers, repairable wear, 规模效益指数",
            "page-read",
        ),
        Citation(
            "Epoch AI, training-cost-trends (cost_analysis_standalone.py): interconnect 19% of a cluster", "file-read"
        ),
    ),
    limitations=(
        "Blind to what the hardware earns: where rents do not carry this cost, the income value is the ceiling.",
        "不反映硬件的收益：若租金不足以支撑该成本，应以收益法结果为上限。",
    ),
    evidence=("title", "hardware_inventory", "purchase_contracts", "supplier_quotes"),
    inputs=ComputeClusterInputs,
    value=compute_cluster,
)

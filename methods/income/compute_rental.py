"""Rental income of a compute cluster (算力租赁收益法): GPU-hours let, less power, space and upkeep, and the resale."""

from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from valuation import common_inputs as common
from valuation.finance import (
    compound,
    discount_factor,
    flow_time,
    horizon,
    period_in_life,
    period_start,
    present_value,
    tell_of_years_not_counted,
    value_with_tax_benefit,
)
from valuation.method import (
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


class RentedHardware(Inputs):
    """Units of one sort: what they are let for, and the costs that end when they are switched off."""

    name: str = text("Name", "名称")
    quantity: Quantity = count("Number of units let (GPUs or servers)", "出租单元数量（GPU 或服务器）", above=0)
    utilisation: Quantity = fraction(
        "Share of all hours let at market rent", "市场出租率（占全部小时）", by_year="list",
        help="Paid hours, not load. Hours under contract count in committed_revenue, not here.",
    )  # fmt: skip
    rent_per_hour: Quantity = money(
        "Market rent of one unit", "单元市场租金", 0, per="hour", by_year=True, low=0,
        help="At the valuation date, or rent_age before it, with rent_change; or one a year, without it. Net of VAT "
        "and platform fees.",
    )  # fmt: skip
    rent_age: Quantity = years(
        "Years from that rent to the valuation date", "租金取值日距评估基准日年数", 0, rolls="up",
        help="0 for a rent of today. Only with rent_change, which carries it on.",
    )  # fmt: skip
    rent_change: Quantity | None = rate(
        "Change of market rent a year", "市场租金年变化率", None, low=-0.9, warn_below=-0.6, warn_above=0.1,
        help="-0.25: a quarter less each year. Rents of one GPU fell in most years and rose in some: give a range.",
    )  # fmt: skip
    committed_revenue: Quantity = money(
        "Revenue under contract", "合同锁定收入", 0, per="year", by_year=True, low=0,
        help="All units of this sort. Only as long as the contract runs and the client can pay.",
    )  # fmt: skip
    power: Quantity = amount(
        "kW", "Average power drawn by one unit", "单元平均功率", by_year=True, low=0,
        help="At the plug of the server over all hours, idle ones too; PUE is added below.",
    )  # fmt: skip
    colocation: Quantity = money(
        "Space and connection of one unit", "单元托管费", 0, per="year", by_year=True, low=0,
        help="If it includes power, set the electricity price to 0.",
    )  # fmt: skip
    maintenance: Quantity = money("Maintenance of one unit", "单元维护费", 0, per="year", by_year=True, low=0)
    unit_cost: Quantity = money(
        "Cost of one unit", "单元成本", 0, per="unit", low=0, help="Base of insurance and resale."
    )
    residual_share: Quantity = fraction(
        "Resale at the end of the life, as a share of cost", "期末变现占成本比", 0,
        help="In money of that day, net of selling costs and of tax on the gain.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _one_path_of_rent(self) -> Self:
        if self.rent_per_hour.years is not None and self.rent_change is not None:
            refuse(
                f"the rent of {self.name} is stated by year and changes on top of it",
                f"“{self.name}”的租金已逐年填写，又填写了年变化率",
                "Give today's rent with rent_change, or rents by year without it.",
                "请填写当前租金和 rent_change，或仅填写逐年租金。",
            )
        return self


class ComputeRentalInputs(Inputs):
    """The hardware by sort, what the whole cluster costs to run, and how the income is valued."""

    rented_hardware: list[RentedHardware] = items("Hardware that is let", "出租的硬件")
    hours_per_year: Quantity = amount(
        "hours", "Hours in a year", "全年小时数", 8766, above=0, high=8784, help="365.25 days."
    )
    electricity_price: Quantity = money("Electricity price", "电价", per="kWh", by_year=True, low=0)
    power_usage_effectiveness: Quantity = ratio(
        "Power usage effectiveness", "电能利用效率（PUE）", by_year=True, low=1, warn_above=2,
        help="Power of the whole data centre over that of the servers; 1 if the electricity price includes cooling.",
    )  # fmt: skip
    overheads: Quantity = money(
        "Staff, leases and other fixed costs", "人员、租赁等固定费用", 0, per="year", by_year=True, low=0,
        help="They stay when hardware is switched off.",
    )  # fmt: skip
    insurance_rate: Quantity = fraction(
        "Insurance, a year, of the cost of the units", "年保险费率（占单元成本）", 0, high=0.2
    )
    replacement_spending: Quantity = money(
        "Spending on replaced parts", "更新改造支出", 0, per="year", by_year=True, low=0,
        help="Deducted for tax at once.",
    )  # fmt: skip
    prepayment_credited: Quantity = money(
        "Prepayment set against fees", "预收款冲抵", 0, per="year", by_year=True, low=0,
        help="Part of the committed revenue that the client paid before the valuation date: earned again, not received "
        "again. Taken as taxed when it came in.",
    )  # fmt: skip
    tax_rate: Quantity = common.income_tax_rate()
    loss_relief: Literal["at_once", "carried_forward"] = choice(
        "How a loss lowers tax", "亏损抵税方式", "at_once",
        help="At once: the owner has other income. Carried forward: against later income of the cluster, for ever.",
    )  # fmt: skip
    tax_life: Quantity = common.tax_life(
        help='China, electronic equipment: {"reference": "cn.tax.electronic_equipment_minimum_years"}.'
    )
    tax_write_off: common.WriteOff = common.tax_write_off()
    may_stop: Literal["no", "yes"] = choice(
        "Whether hardware may be switched off in a year in which it earns less than it costs",
        "年度入不敷出时能否停机", "no",
        help="Power, space and maintenance of that sort then end for the year, and its contract without penalty.",
    )  # fmt: skip
    remaining_useful_life: Quantity = years(
        "Remaining useful life", "剩余使用寿命", above=0, warn_above=8, rolls="down"
    )
    discount_rate: Quantity = common.discount_rate_after_tax()
    first_period: Quantity = common.first_period(help="Money stays that of a full year; the part is counted here.")
    timing: common.Timing = common.receipts()
    rent_timing: Literal["mid", "start"] = choice(
        "When in a year its changing rent is read", "年内租金取值时点", "mid",
        help="Middle: rents follow the market through the year. Start: fixed at the beginning of each year.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        check_named_once([entry.name for entry in self.rented_hardware], "hardware", "硬件")
        return self


def compute_rental(inputs, workings):
    """Present value of the rent after running costs and tax over the remaining life, and of the resale at its end.

    Yearly inputs are (..., year), all others (..., 1); the value is (..., 1), in the case's currency. May be negative.
    All amounts are of a full year; a period counts by the part of a year in it that lies within the life. Lines of one
    sort of hardware carry its name: revenue[H100]. Where the market rent changes it is read in the middle of the year.
    Refused: one sort of hardware twice, a rent by year that changes on top of it.

    Rent 100 a year falling 25% a year, running costs of 40, four years at 12%, no tax: 69.32030720362894; if it may be
    switched off: 71.65045873785827.
    """
    line, life, first = workings.line, inputs.remaining_useful_life, inputs.first_period
    forecast = horizon(*(entry.utilisation for entry in inputs.rented_hardware))
    tell_of_years_not_counted(inputs, forecast, workings, uncounted=("rent after the last forecast year is", "租金"))
    in_use = line("years_in_use", period_in_life(life, forecast, first), unit="years")

    hardware = inputs.rented_hardware
    contribution = line("contribution", sum(contribution_of(entry, inputs, in_use, workings) for entry in hardware))
    cost = line("cost_of_units", sum(entry.quantity * entry.unit_cost for entry in hardware))
    fixed_costs = inputs.overheads + cost * inputs.insurance_rate + inputs.replacement_spending
    fixed = line("fixed_costs", fixed_costs * in_use)
    before_tax = line("cash_before_tax", contribution - fixed - inputs.prepayment_credited * in_use)
    after_tax = line("cash_after_tax", before_tax - inputs.tax_rate * taxable_income(before_tax, inputs, workings))

    time = line("flow_time", flow_time(in_use, forecast, first, timing=inputs.timing), unit="years")
    discount = line("discount_factor", discount_factor(inputs.discount_rate, time), unit="fraction")
    income = line("value_of_income", present_value(after_tax, discount))
    residual = line(
        "residual_value", sum(entry.quantity * entry.unit_cost * entry.residual_share for entry in hardware)
    )
    resale = line("value_of_resale", residual * discount_factor(inputs.discount_rate, life))

    workings.warn(
        (inputs.tax_life == 0) & (inputs.tax_rate > 0),
        "No tax depreciation is counted, which a buyer of equipment would have: set tax_life, or the value is too low.",
        "未计入买方可享受的折旧抵税；请填写 tax_life，否则价值偏低。",
    )
    return value_with_tax_benefit(income + resale, inputs, workings)


def contribution_of(entry, inputs, in_use, workings):
    """What one sort of hardware earns each year above the costs that end when it is switched off."""

    def line(name, array, unit="money"):
        return workings.line(f"{name}[{entry.name}]", array, unit=unit)

    forecast, first = horizon(entry.utilisation), inputs.first_period
    rent = entry.rent_per_hour
    if entry.rent_change is not None:
        middle = inputs.rent_timing == "mid"
        read = flow_time(in_use, forecast, first, timing="mid") if middle else period_start(forecast, first)
        rent = line("rent_per_hour", rent * compound(entry.rent_change, entry.rent_age + read), unit="money per hour")
    hours = line("hours", entry.quantity * inputs.hours_per_year * in_use, unit="hours")
    revenue = line("revenue", hours * entry.utilisation * rent + entry.committed_revenue * in_use)
    energy = line("energy", hours * entry.power * inputs.power_usage_effectiveness, unit="kWh")
    electricity = line("electricity", energy * inputs.electricity_price)
    upkeep = line("upkeep", entry.quantity * (entry.colocation + entry.maintenance) * in_use)
    contribution = line("contribution", revenue - electricity - upkeep)
    if inputs.may_stop == "yes":
        return line("contribution_with_right_to_stop", np.maximum(contribution, 0.0))
    workings.warn(
        contribution < 0,
        f"{entry.name} earns less than it costs to run in some years; with a right to switch it off it is worth more.",
        f"“{entry.name}”部分年度收入低于运行成本；若可停机则价值更高。",
    )
    return contribution


def taxable_income(before_tax, inputs, workings):
    """Income that is taxed each year: all of it, losses too, or what earlier losses leave of it."""
    if inputs.loss_relief == "at_once":
        return before_tax

    def loss_left(loss, income):
        return np.maximum(loss - income, 0.0)

    losses = workings.scan("losses_carried_forward", loss_left, 0.0, before_tax)
    brought_forward = np.concatenate([losses[..., :1] * 0.0, losses[..., :-1]], axis=-1)
    return workings.line("taxable_income", np.maximum(before_tax - brought_forward, 0.0))


method = Method(
    id="income.compute_rental",
    version=1,
    approach="income",
    title=("Rental income of compute", "算力租赁收益法"),
    serves=("compute_cluster",),
    citations=(
        Citation("IVS 2025, 300 Plant, Equipment and Infrastructure: income approach (paragraph not read)", "memory"),
        Citation("Cash flow of rented GPUs with falling rent, with and without the right to stop", "recomputed"),
        Citation("redc project, Server Unit Economics Snapshot: yearly costs of a rented GPU server", "page-read"),
    ),
    limitations=(
        "Rents of one GPU type fall or rise by tens of percent in a year, and utilisation with them; value the range.",
        "同型号 GPU 租金一年内涨跌可达数十个百分点，出租率随之变动；应以区间评估。",
    ),
    evidence=("title", "rental_contracts", "cluster_inventory", "power_contract"),
    inputs=ComputeRentalInputs,
    value=compute_rental,
)

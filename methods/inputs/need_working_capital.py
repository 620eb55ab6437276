"""Need for working capital: what stock, customers and prepayments tie up, less what suppliers and other money carry."""

import numpy as np

from valuation.method import Citation, Inputs, Method, Quantity, count, fraction, money, rate

DAYS_OF_YEAR = 360  # as the measures count


class WorkingCapitalInputs(Inputs):
    """Last year's sales, how long each part of the cycle takes, and the money already there."""

    last_sales: Quantity = money("Sales of last year", "上年度销售收入", low=0)
    profit_margin: Quantity = fraction("Profit margin on sales", "上年度销售利润率")
    growth: Quantity = rate("Expected growth of sales", "预计销售收入年增长率", 0)
    days_of_stock: Quantity = count("Days in stock", "存货周转天数", 0)
    days_receivable: Quantity = count("Days until customers pay", "应收账款周转天数", 0)
    days_prepaid: Quantity = count("Days paid in advance to suppliers", "预付账款周转天数", 0)
    days_payable: Quantity = count("Days until suppliers are paid", "应付账款周转天数", 0)
    days_advances: Quantity = count("Days paid in advance by customers", "预收账款周转天数", 0)
    own_funds: Quantity = money("Own funds for it", "自有资金", 0, low=0)
    existing_loans: Quantity = money("Working-capital loans already there", "现有流动资金贷款", 0, low=0)
    other_sources: Quantity = money("Money from other sources", "其他渠道资金", 0, low=0)


def working_capital_need(inputs, workings):
    """The new working-capital loan a borrower can use, in the case's currency; 0 where others carry the cycle.

    All figures are (..., 1). Sales 100m, margin 12%, growth 30%, days of stock 60, receivable 90, payable 45, prepaid
    10, advances 20: 3.789 turns a year, 30,188,888.89 tied up; own funds 20m and loans of 5m leave 5,188,888.89.
    """
    line = workings.line
    tied = inputs.days_of_stock + inputs.days_receivable + inputs.days_prepaid
    cycle = line("days_of_cycle", tied - inputs.days_payable - inputs.days_advances, unit="count")
    turns = line("turns_a_year", DAYS_OF_YEAR / np.where(cycle > 0, cycle, DAYS_OF_YEAR), unit="ratio")
    cost = line("cost_of_expected_sales", inputs.last_sales * (1 - inputs.profit_margin) * (1 + inputs.growth))
    working_capital = line("working_capital", np.where(cycle > 0, cost / turns, 0.0))
    workings.warn(
        cycle <= 0,
        "Suppliers and customers' advances carry the whole cycle: no working capital is needed.",
        "应付与预收账款已覆盖整个周转，无流动资金需求。",
    )
    there = inputs.own_funds + inputs.existing_loans + inputs.other_sources
    return line("need", np.maximum(working_capital - there, 0.0))


method = Method(
    id="need.working_capital",
    version=1,
    approach="input",
    title=("Need for working capital", "流动资金贷款需求量"),
    serves=(),
    citations=(
        Citation("流动资金贷款管理办法（2010）附件：流动资金贷款需求量的测算（凭记忆）", "memory"),
        Citation("Example of the formula, recomputed", "recomputed"),
    ),
    limitations=(
        "Days of last year's accounts: a seasonal or project business needs its own plan.",
        "以上年度周转天数为准；季节性或项目型企业应另行测算。",
    ),
    evidence=("accounts", "sales_plan"),
    inputs=WorkingCapitalInputs,
    value=working_capital_need,
)

"""Published examples of the income approach."""

from typing import Any

from readings import outcome_of

from cases_mapping.reading import Figures, Inputs, line, reading
from valuation.calculation import Outcome

OWNER = {"right": "ownership", "income_from": "own_use"}

# excess earnings


def charged(value: float, return_on: float, name: str = "asset") -> Inputs:
    return {"name": name, "asset_value": value, "return_on": return_on}


def excess_earnings(**inputs: Any) -> Outcome:
    """Earnings stated after tax, at year ends, as these pages have them."""
    return outcome_of("income.excess_earnings", {**OWNER, "margin": 1, "tax_rate": 0, "timing": "end", **inputs})


@reading("cac-opag-three")
def _(case: Inputs) -> Figures:
    names = ("working_capital", "fixed_assets", "brand")
    assets = [charged(case[name], case[f"rate_{name}"], name) for name in names]
    outcome = excess_earnings(revenue=[1e8], contributory_assets=assets, discount_rate=0.1)
    return {"charges": [line(outcome, f"charge[{name}]") for name in names]}


@reading("cn-excess-franchise")
def _(case: Inputs) -> Figures:
    capital = charged(case["profit"] / case["capital_return"], case["industry_return"])
    profits = [case["profit"]] * case["years"]
    outcome = excess_earnings(revenue=profits, contributory_assets=[capital], discount_rate=case["discount_rate"])
    return {"excess": line(outcome, "excess_earnings"), "value": outcome.value}


@reading("cn-excess-goodwill")
def _(case: Inputs) -> Figures:
    nothing = {"name": "all, already deducted", "share_of_revenue": 0}
    excess = [case["excess_per_year_yuan"]] * case["years"]
    return {
        "value": excess_earnings(
            revenue=excess, contributory_assets=[nothing], discount_rate=case["discount_rate"]
        ).value
    }


@reading("eem-fag-400k")
def _(case: Inputs) -> Figures:
    outcome = excess_earnings(
        form="capitalised",
        revenue=[case["normalised_earnings"]],
        contributory_assets=[charged(case["tangible_assets"], case["return_on_tangible"])],
        discount_rate=case["capitalisation_rate"],
    )
    return {
        "tangible_return": line(outcome, "after_tax_charges"),
        "excess_earnings": line(outcome, "excess_earnings"),
        "intangible_value": outcome.value,
        "total_value": outcome.value + case["tangible_assets"],
    }


@reading("eem-cfa-205")
def _(case: Inputs) -> Figures:
    outcome = excess_earnings(
        form="capitalised",
        revenue=[case["normalised_earnings"]],
        contributory_assets=[
            charged(case["working_capital"], case["return_working_capital"], "working capital"),
            charged(case["fixed_assets"], case["return_fixed_assets"], "fixed assets"),
        ],
        discount_rate=case["discount_rate_intangibles"],
        growth=case["growth"],
    )
    return {
        "charge_working_capital": line(outcome, "charge[working capital]"),
        "charge_fixed_assets": line(outcome, "charge[fixed assets]"),
        "excess": line(outcome, "excess_earnings"),
        "intangibles_m": outcome.value / 1e6,
    }


# other income


def rental(hardware: Inputs, **inputs: Any) -> Outcome:
    bare = {"power_usage_effectiveness": 1, "electricity_price": 0, "tax_rate": 0}
    return outcome_of("income.compute_rental", {"rented_hardware": [{"name": "let", **hardware}], **bare, **inputs})


@reading("rental-gpu-4xa100")
def _(case: Inputs) -> Figures:
    months, gpus, price = 12, case["gpus"], case["energy_price_eur_per_kwh"]
    power = case["energy_cost_per_month_eur"] / price / case["hours_per_month"] / gpus
    found: dict[str, list[float]] = {"revenue": [], "total_cost": [], "net": []}
    for rent, utilisation, insured in case["rows_rate_utilisation_insured_value"]:
        outcome = rental(
            {
                "quantity": gpus,
                "utilisation": [utilisation],
                "rent_per_hour": rent,
                "power": power,
                "maintenance": case["maintenance_per_gpu_year_eur"],
                "unit_cost": insured / gpus,
            },
            hours_per_year=case["hours_per_month"] * months,
            electricity_price=price,
            insurance_rate=case["insurance_rate"],
            overheads=case["site_overhead_per_month_eur"] * months,
            remaining_useful_life=1,
            discount_rate=0.1,
        )
        revenue, net = line(outcome, "revenue[let]") / months, line(outcome, "cash_before_tax") / months
        for name, amount in (("revenue", revenue), ("total_cost", revenue - net), ("net", net)):
            found[name].append(amount)
    return dict(found)


@reading("cn-rental-equipment-trap")
def _(case: Inputs) -> Figures:
    pairs = list(zip(case["reference_income"], case["reference_price"], strict=True))
    years, income = case["years_left"], case["yearly_net_income_yuan"]
    outcome = rental(
        {"quantity": 1, "utilisation": [0] * years, "committed_revenue": income, "power": 0},
        remaining_useful_life=years,
        discount_rate=0.08,  # as the page rounds it
        timing="end",
    )
    recovery = sum(each / price for each, price in pairs) / len(pairs)
    level = {"price": 1 / round(recovery, 2), "cash_flow": [1] * years, "timing": "end"}  # 15%, as the page has it
    return {
        "recovery_rate": recovery,
        "discount_rate": outcome_of("rate.implied", level).value,
        "value": outcome.value,
    }


@reading("cn-income-declining")
def _(case: Inputs) -> Figures:
    years = case["benefit_years"]
    lives = {"legal": case["legal_life_years"], "economic": years}
    inputs = {
        **OWNER,
        "revenue": [case["income_year_1"] - case["yearly_fall"] * year for year in range(years)],
        "tax_rate": 0,
        "remaining_useful_life": {"derive": "life.shortest", "inputs": lives},
        "discount_rate": case["discount_rate"],
        "timing": "end",
    }
    return {"value": outcome_of("income.direct", inputs).value}


@reading("rfr-simonmak-194163")
def _(case: Inputs) -> Figures:
    inputs = {name: case[name] for name in ("revenue", "royalty_rate", "discount_rate", "tax_rate")}
    inputs |= {"remaining_useful_life": len(case["revenue"]), "tax_life": case["tax_life_years"], "timing": "end"}
    outcome = outcome_of("income.relief_from_royalty", inputs)
    return {
        "value_before_tab": line(outcome, "value_before_tax_benefit"),
        "tab_factor": line(outcome, "tax_benefit_factor"),
        "value_with_tab": outcome.value,
    }


# split


def split(profits: list[float], **inputs: Any) -> Outcome:
    """A split of profits stated after tax, at year ends, as these pages have them."""
    return outcome_of(
        "income.profit_split",
        {
            **OWNER,
            "base": "profit",
            "profit": profits,
            "tax": "already_net",
            "remaining_useful_life": len(profits),
            "discount_rate": 0.1,
            "timing": "end",
            **inputs,
        },
    )


def equivalent_investment(case: Inputs, profits: list[float], **inputs: Any) -> Outcome:
    investment = {
        "asset_replacement_cost": case["ip_replacement_cost"],
        "asset_profit_rate": case["ip_cost_profit_margin"],
        "partner_replacement_cost": case["partner_asset_replacement_cost"],
        "partner_profit_rate": case["partner_profit_margin"],
    }
    return split(profits, split_by="equivalent_investment", **(investment | inputs))


def equivalent_share(case: Inputs) -> Figures:
    return {"profit_share": line(equivalent_investment(case, [1.0]), "split_rate")}


for _page in (1, 2, 4, 5):
    reading(f"cn-split-equivalent-{_page}")(equivalent_share)


@reading("cn-split-patent-248")
def _(case: Inputs) -> Figures:
    rate = {"discount_rate": case["risk_free"] + case["risk_premium"]}
    printed = split(case["net_income"], split_rate=case["share_as_printed"], **rate)
    return {**equivalent_share(case), "value": printed.value}


@reading("cn-split-patent-433")
def _(case: Inputs) -> Figures:
    profits = [output * case["net_profit_per_unit_yuan"] for output in case["output_10k_units"]]
    today = case | {"ip_replacement_cost": case["book_cost"] * (1 + case["price_rise_since_purchase"])}
    outcome = equivalent_investment(today, profits, discount_rate=case["discount_rate"])
    due = next(each.values for each in outcome.lines if each.name == "income_due_to_asset")
    return {"profit_share": line(outcome, "split_rate"), "income": list(due), "value": outcome.value}


@reading("cn-split-trademark-249")
def _(case: Inputs) -> Figures:
    profit = case["units_10k"] * case["price_yuan"] * case["profit_margin"]
    rates = {"split_rate": case["profit_split"], "discount_rate": case["discount_rate"]}
    return {"value": split([profit] * case["years"], **rates).value}


@reading("cn-split-trademark-trap")
def _(case: Inputs) -> Figures:
    whole, quarter = (
        split(case["extra_profit"], split_rate=rate, discount_rate=case["discount_rate"]) for rate in (1, case["split"])
    )
    return {"sum_pv": whole.value, "value": quarter.value}


# with less without


@reading("cn-incr-with-without-33")
def _(case: Inputs) -> Figures:
    states = {
        f"{what}_{state}": [case[f"units_{when}_10k"] * case[f"{each}_{when}"]] * case["years"]
        for state, when in (("with", "after"), ("without", "before"))
        for what, each in (("revenue", "price"), ("costs", "cost"))
    }
    rates = {"tax_rate": case["tax_rate"], "discount_rate": case["discount_rate"]}
    life = {"remaining_useful_life": case["years"], "timing": "end"}
    outcome = outcome_of("income.with_and_without", states | rates | life)
    return {
        "net_with": line(outcome, "income_with"),
        "net_without": line(outcome, "income_without"),
        "value": outcome.value,
    }


def incremental(case: Inputs, *markets: Inputs, **inputs: Any) -> Outcome:
    """Gains of the same size in each year, at year ends."""
    named = [{"name": str(number), **market} for number, market in enumerate(markets)]
    level = [market | {"volume": [market["volume"]] * case["years"]} for market in named]
    rates = {"tax_rate": case["tax_rate"], "discount_rate": case.get("discount_rate"), **inputs}
    life = {"remaining_useful_life": case["years"], "timing": "end"}
    return outcome_of("income.incremental", {"markets": level, **OWNER, **rates, **life})


@reading("cn-incr-cost-and-price")
def _(case: Inputs) -> Figures:
    market = {
        "volume": case["units_10k"],
        "price_premium": case["price_after"] - case["price_before"],
        "cost_saved": case["unit_cost_before"] - case["unit_cost_after"],
    }
    outcome, kept = incremental(case, market), 1 - case["tax_rate"]
    return {
        "cost_saving": line(outcome, "cost_saving") * kept,
        "revenue_gain": line(outcome, "revenue_gain") * kept,
        "value": outcome.value,
    }


@reading("cn-incr-trademark-premium")
def _(case: Inputs) -> Figures:
    markets = [
        {"volume": case["units_10k"] * share, "price_premium": premium}
        for share, premium in zip(case["sales_share"], case["price_premium_yuan"], strict=True)
    ]
    outcome = incremental(case, *markets, discount_rate=case["risk_free"] + case["risk_premium"])
    return {"yearly_increment": line(outcome, "gain_after_tax"), "value": outcome.value}


@reading("cn-incr-design-untaxed")
def _(case: Inputs) -> Figures:
    extra = case["extra_units_10k"]
    margin = case["price"] - case["unit_cost"]
    return {"value": incremental(case, {"volume": extra, "extra_volume": extra, "margin_without": margin}).value}


@reading("cn-incr-toy-trap")
def _(case: Inputs) -> Figures:
    price, cost, units = case["price"], case["unit_cost"], case["units_10k"]
    market = {
        "volume": units * (1 + case["units_growth"]),
        "extra_volume": units * case["units_growth"],
        "price_premium": price * case["price_growth"],
        "cost_saved": cost * case["cost_saving"],
        "margin_without": price - cost,
    }
    return {"value": incremental(case, market).value}

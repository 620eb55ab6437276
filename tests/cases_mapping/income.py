"""Published examples of the income approach."""

from typing import Any

from readings import outcome_of

from cases_mapping.reading import Figures, Inputs, line, reading
from valuation.calculation import Outcome

# excess earnings


def charged(value: float, return_on: float, name: str = "asset") -> Inputs:
    return {"name": name, "asset_value": value, "return_on": return_on}


def excess_earnings(**inputs: Any) -> Outcome:
    """Earnings stated after tax, at year ends, as these pages have them."""
    return outcome_of("income.excess_earnings", {"margin": 1, "tax_rate": 0, "timing": "end", **inputs})


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
    return {"recovery_rate": sum(each / price for each, price in pairs) / len(pairs), "value": outcome.value}


@reading("cn-income-declining")
def _(case: Inputs) -> Figures:
    years = case["benefit_years"]
    lives = {"legal": case["legal_life_years"], "economic": years}
    inputs = {
        "right": "ownership",
        "income_from": "own_use",
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

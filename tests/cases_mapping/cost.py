"""Published examples of the cost approach: worn hardware, and the computation of a training run."""

from typing import Any

from readings import outcome_of

from cases_mapping.reading import Figures, Inputs, line, reading
from valuation import finance
from valuation.calculation import Outcome

# hardware


def cluster(*hardware: Inputs, **inputs: Any) -> Outcome:
    named = [{"name": str(number), "quantity": 1, **entry} for number, entry in enumerate(hardware)]
    return outcome_of("cost.compute_cluster", {"hardware": named, **inputs})


@reading("cn-cost-machine-42")
def _(case: Inputs) -> Figures:
    layers = [
        {
            "unit_price": cost,
            "price_index_ratio": case["index_now"] / index,
            "age": age,
            "physical_life": age + case["remaining_years"],
        }
        for cost, index, age in zip(case["cost_layers"], case["index_at_layer"], case["age_years"], strict=True)
    ]
    layers[0] |= {
        "excess_operating_cost": case["net_excess_operating_cost_per_year"],
        "excess_cost_years": case["remaining_years"],
    }
    outcome = cluster(*layers, discount_rate=case["discount_rate"], tax_rate=0, timing="end")
    return {
        "replacement_cost": line(outcome, "replacement_cost_new"),
        "physical": line(outcome, "physical_depreciation"),
        "functional": line(outcome, "functional_obsolescence"),
        "value": outcome.value,
    }


@reading("cn-cost-repairable")
def _(case: Inputs) -> Figures:
    press = {
        "unit_price": case["replacement_cost"],
        "repair_cost": case["repair_cost"],
        "age": case["age_years"],
        "physical_life": case["life_years"],
    }
    outcome = cluster(press)
    worn = line(outcome, "physical_depreciation")
    return {
        "incurable": line(outcome, "incurable_depreciation[0]"),
        "physical": worn,
        "rate": worn / line(outcome, "replacement_cost_new"),
    }


@reading("cn-econ-obsolescence-3165")
def _(case: Inputs) -> Figures:
    plant = {"unit_price": 1, "wear": "observed", "observed_wear": 0}
    use = case["expected_output"] / case["design_capacity"]
    outcome = cluster(plant, share_of_design_use=use, scale_exponent=case["exponent"])
    return {"rate": line(outcome, "economic_obsolescence")}


@reading("cost-depr-three-ways")
def _(case: Inputs) -> Figures:
    asset = {"unit_price": case["cost"], "residual_share": case["salvage"] / case["cost"]}
    by_age = {"age": 1, "physical_life": case["life_years"]}
    by_use = {"use_so_far": case["units_year_1"], "use_in_life": case["life_units"]}
    ways = {
        "straight_line": {"wear": "straight_line", **by_age},
        "units_of_production": {"wear": "units_of_production", **by_use},
        "double_declining_year_1": {"wear": "declining_balance", **by_age},
    }
    return {name: line(cluster(asset | way), "physical_depreciation") for name, way in ways.items()}


# training


def training(effort: str, **inputs: Any) -> Outcome:
    """The final run alone, at full use of the peak unless a utilisation is stated."""
    full_use = {} if effort == "gpu_hours" else {"utilisation": 1}
    return outcome_of("cost.model_retraining", {"effort": effort, "price_per_gpu_hour": 1, **full_use, **inputs})


def of_size(parameters: float, tokens: float, peak: float = 1e15) -> Outcome:
    return training("parameters_and_tokens", parameters=parameters, tokens=tokens, peak_flop_per_second=peak)


@reading("train-deepseek-v3")
def _(case: Inputs) -> Figures:
    hours = 1000 * sum(case[f"{part}_gpu_hours_k"] for part in ("pretraining", "context_extension", "post_training"))
    outcome = training("gpu_hours", gpu_hours=hours, price_per_gpu_hour=case["price_usd_per_gpu_hour"])
    return {"gpu_hours_m": line(outcome, "gpu_hours") / 1e6, "total_usd_m": outcome.value / 1e6}


@reading("train-gpt3-table-d1")
def _(case: Inputs) -> Figures:
    runs = [of_size(parameters, case["tokens"]) for parameters in case["parameters"]]
    return {"flop": [line(run, "flop") for run in runs], "pf_days": [line(run, "gpu_hours") / 24 for run in runs]}


@reading("scaling-chinchilla-table3")
def _(case: Inputs) -> Figures:
    sizes = zip(case["parameters"], case["tokens"], strict=True)
    return {"flop": [line(of_size(parameters, tokens), "flop") for parameters, tokens in sizes]}


@reading("train-lambda-gpt3")
def _(case: Inputs) -> Figures:
    peak, price = case["peak_flop_per_s"], case["price_usd_per_hour"]
    outcome = training("flop", flop=case["flop"], peak_flop_per_second=peak, price_per_gpu_hour=price)
    return {"gpu_years": line(outcome, "gpu_hours") / 8760, "cost_usd_m": outcome.value / 1e6}


@reading("train-llama65b-days")
def _(case: Inputs) -> Figures:
    parameters = 65e9  # 6 FLOP a parameter and token: any size gives the same hours
    outcome = of_size(parameters, case["tokens"], peak=6 * parameters * case["tokens_per_s_per_gpu"])
    hours = line(outcome, "gpu_hours")
    return {"days": hours / case["gpus"] / 24, "gpu_hours": hours}


@reading("train-llama-energy")
def _(case: Inputs) -> Figures:
    power = {"gpu_power": case["watt"]["OPT"] / 1000, "power_usage_effectiveness": case["pue"], "energy_price": 1}
    runs = [training("gpu_hours", gpu_hours=hours, **power) for hours in case["gpu_hours"].values()]
    return {"mwh": [line(run, "energy") / 1000 for run in runs]}


@reading("scaling-nanogpt-approach3")
def _(case: Inputs) -> Figures:
    law = finance.ScalingLaw(*(case[name] for name in ("E", "A", "B", "alpha", "beta")))
    (few, few_tokens), (more, more_tokens) = (law.optimum(flop) for flop in case["compute_flop"])
    return {
        "n_at_2.21e19_m": few / 1e6,
        "d_at_2.21e19_b": few_tokens / 1e9,
        "n_at_3.46e19_m": more / 1e6,
        "d_at_3.46e19_b": more_tokens / 1e9,
        "loss_at_399.54m_14.43b": law.loss(399.54e6, 14.43e9),
    }


# reproduction


def reproduction(basis: str, **inputs: Any) -> Outcome:
    return outcome_of("cost.reproduction", {"basis": basis, **inputs})


def minimum_fee(case: Inputs) -> Figures:
    outcome = reproduction(
        "historical",
        historical_cost=case["historical_cost"],
        price_index_ratio=case["price_index_factor"],
        depreciation="by_life",
        age=case["years_used"],
        remaining_useful_life=case["years_left"],
        asked="minimum_fee",
        owner_capacity=case["owner_capacity"],
        licensee_capacity=case["licensee_capacity"],
        licensing_loss=case["opportunity_cost_pv"],
    )
    return {"net_replacement_cost": line(outcome, "net_cost"), "minimum_fee": outcome.value}


for _page in (1, 2):
    reading(f"cn-cost-minfee-{_page}")(minimum_fee)


@reading("cn-cost-minfee-4")
def _(case: Inputs) -> Figures:
    return {"minimum_fee": minimum_fee(case)["minimum_fee"]}  # its page has no net cost


def multiplied(case: Inputs, **inputs: Any) -> Outcome:
    names = ("materials_and_other_cost", "staff_cost", "creative_labour_multiplier", "average_research_risk")
    stated = {name: case[name] for name in names}
    return reproduction("multiplier", profit_rate=case["return_on_intangible"], **stated, **inputs)


@reading("cn-cost-multiplier-1")
def _(case: Inputs) -> Figures:
    return {"replacement_cost": line(multiplied(case), "reproduction_cost_new")}


@reading("cn-cost-multiplier-2")
def _(case: Inputs) -> Figures:
    return {"replacement_cost": line(multiplied(case), "reproduction_cost_new")}


@reading("cn-cost-multiplier-4")
def _(case: Inputs) -> Figures:
    lives = {"age": case["years_used"], "remaining_useful_life": case["years_left"]}
    outcome = multiplied(case, depreciation="by_life", **lives)
    return {
        "replacement_cost": line(outcome, "reproduction_cost_new"),
        "depreciation_rate": line(outcome, "depreciation_rate"),
        "value": outcome.value,
    }


@reading("cn-cost-cocomo-software")
def _(case: Inputs) -> Figures:
    software = {
        "thousand_lines": case["kloc"],
        "effort_coefficient": case["a"],
        "size_exponent": case["exponent"],
        "effort_multiplier": case["staff_factor"],
        "upkeep_share": case["maintenance_share"],
        "cost_per_person_month": case["cost_per_person_month_yuan"],
    }
    whole, exact = (reproduction("code_size", **software, person_months=each) for each in ("whole", "exact"))
    return {
        "effort": line(whole, "effort"),
        "effort_with_maintenance": line(whole, "effort_with_upkeep"),
        "value_yuan": whole.value,
        "value_unrounded": exact.value,
    }

"""Published examples of the market approach: adjustment grids, and what used hardware keeps of its price."""

from typing import Any

from readings import outcome_of

from cases_mapping.reading import Figures, Inputs, reading


@reading("cn-market-three-refs")
def _(case: Inputs) -> Figures:
    indices = ("transaction_index", "brand_index", "function_index")
    deals = []
    for number, price in enumerate(case["price"]):
        factors = {name: (100, case[name][number]) for name in indices}
        factors["date"] = (case["price_index_now_pct"], case["price_index_at_deal_pct"][number])
        factors["newness"] = (case["newness_subject_pct"], case["newness_reference_pct"][number])
        scored = [{"name": name, "subject": ours, "comparable": theirs} for name, (ours, theirs) in factors.items()]
        deals.append({"name": str(number), "price": price, "agreed_on": "2021-01-01", "factors": scored})
    stated: dict[str, Any] = {"comparables": deals, "middle": "mean", "why_this_middle": "as the page does"}
    outcome = outcome_of("market.comparables", stated)
    adjusted = next(list(line.values) for line in outcome.lines if line.name == "adjusted_price")
    return {"adjusted": adjusted, "value": outcome.value}


@reading("resale-declining-500")
def _(case: Inputs) -> Figures:
    card = {
        "name": "GPU",
        "quantity": 1,
        "form_factor": "card",
        "price": case["price_usd"],
        "price_is": "new_today",
        "curve": "declining",
        "yearly_decline": case["rate_per_year"],
    }
    aged = [{"used_hardware": [{**card, "age": age}]} for age in case["years"]]
    return {"value": [outcome_of("market.compute_resale", stated).value for stated in aged]}

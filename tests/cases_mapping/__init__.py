"""How the inputs of published worked examples are called here: the one place that knows both names.

A case in tests/cases keeps the inputs as its page prints them. READINGS takes them to the inputs of a method, of a
function of valuation.finance or valuation.scoring or of a loan's schedule, and what comes out to the names of the
page's results. Hardly anything is worked out here: changes of unit (months, millions), and flows where a page tests
discounting alone.
"""

from cases_mapping import allocation, cost, early_stage, finance, income, lending, market, scoring
from cases_mapping.reading import READINGS

__all__ = [
    "LEFT_OUT",
    "READINGS",
    "allocation",
    "cost",
    "early_stage",
    "finance",
    "income",
    "lending",
    "market",
    "scoring",
]

# Printed results that no method gives, and why.
LEFT_OUT = {
    "opt-haug-american-baw": {"value": "an approximation, up to 0.036 above the tree, which is what we give"},
    "train-llama-energy": {"tco2_65b": "carbon is not priced"},
}

"""The arithmetic of value: discounting, tax, survival, cost of capital; all of it on arrays and on Excel cells."""

from valuation.finance.adoption import bass_adoption, logistic_adoption
from valuation.finance.bivariate_normal import bivariate_normal_cdf
from valuation.finance.comparison import (
    NOT_COMPARABLE,
    dispersion,
    gross_adjustment,
    median,
    middle,
    weighted_mean,
)
from valuation.finance.contributory_charges import charge_share_of_revenue
from valuation.finance.cost_of_capital import capm, real_rate, relevered_beta, wacc
from valuation.finance.depreciation import (
    declining_balance_depreciation,
    straight_line_depreciation,
    units_of_production_depreciation,
)
from valuation.finance.discounting import (
    LEAST_SPREAD,
    annuity_factor,
    discount_factor,
    discount_factor_by_year,
    flow_time,
    growing_perpetuity,
    horizon,
    opportunity_cost,
    period_in_life,
    period_length,
    period_start,
    present_value,
    share_in_life,
    year_numbers,
)
from valuation.finance.flows import (
    share_of_years_in_life,
    survivors_by_year,
    tell_of_years_not_counted,
    time_of_flows,
    value_with_tax_benefit,
)
from valuation.finance.options import CALL, PUT, american_option, european_option, option_score, up_probability
from valuation.finance.powers import compound, gamma, normal_cdf, normal_quantile, power
from valuation.finance.rows import how_many_are_at_most, joined, quantile, running_product, running_sum
from valuation.finance.scaling_law import ScalingLaw, training_flop
from valuation.finance.survival import (
    exponential_survival,
    half_life_decay,
    mid_year_survival,
    weibull_mean_life,
    weibull_remaining_life,
    weibull_survival,
)
from valuation.finance.survivor_table import is_survivor_table, tabulated_remaining_life, tabulated_survivors
from valuation.finance.tax import amortisation_benefit_factor

__all__ = [
    "CALL",
    "LEAST_SPREAD",
    "NOT_COMPARABLE",
    "PUT",
    "ScalingLaw",
    "american_option",
    "amortisation_benefit_factor",
    "annuity_factor",
    "bass_adoption",
    "bivariate_normal_cdf",
    "capm",
    "charge_share_of_revenue",
    "compound",
    "declining_balance_depreciation",
    "discount_factor",
    "discount_factor_by_year",
    "dispersion",
    "european_option",
    "exponential_survival",
    "flow_time",
    "gamma",
    "gross_adjustment",
    "growing_perpetuity",
    "half_life_decay",
    "horizon",
    "how_many_are_at_most",
    "is_survivor_table",
    "joined",
    "logistic_adoption",
    "median",
    "mid_year_survival",
    "middle",
    "normal_cdf",
    "normal_quantile",
    "opportunity_cost",
    "option_score",
    "period_in_life",
    "period_length",
    "period_start",
    "power",
    "present_value",
    "quantile",
    "real_rate",
    "relevered_beta",
    "running_product",
    "running_sum",
    "share_in_life",
    "share_of_years_in_life",
    "straight_line_depreciation",
    "survivors_by_year",
    "tabulated_remaining_life",
    "tabulated_survivors",
    "tell_of_years_not_counted",
    "time_of_flows",
    "training_flop",
    "units_of_production_depreciation",
    "up_probability",
    "value_with_tax_benefit",
    "wacc",
    "weibull_mean_life",
    "weibull_remaining_life",
    "weibull_survival",
    "weighted_mean",
    "year_numbers",
]

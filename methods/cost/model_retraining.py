"""Replacement cost of a model (模型训练重置成本法): what training it, or its equal, would cost at prices of today."""

from typing import Any, Literal

from pydantic import model_validator

from valuation.finance import (
    half_life_decay,
    law_used,
    opportunity_cost,
    training_flop,
)
from valuation.method import (
    Citation,
    Inputs,
    Method,
    Quantity,
    amount,
    choice,
    count,
    fraction,
    items,
    money,
    rate,
    ratio,
    refuse,
    years,
)

# The scaling law's constants, and the dated figures that stand in where none of them is given.
LAW = {
    "irreducible_loss": "scaling_law.besiroglu.e",
    "parameter_coefficient": "scaling_law.besiroglu.a",
    "token_coefficient": "scaling_law.besiroglu.b",
    "parameter_exponent": "scaling_law.besiroglu.alpha",
    "token_exponent": "scaling_law.besiroglu.beta",
}
BY_LAW = ("compute_optimal", "same_size")
SPEED = ("peak_flop_per_second", "utilisation")
NEEDED = {
    "gpu_hours": ("gpu_hours",),
    "flop": ("flop", *SPEED),
    "parameters_and_tokens": ("parameters", "tokens", *SPEED),
    "compute_optimal": (*LAW, *SPEED),
    "same_size": ("parameters", "target_loss", *LAW, *SPEED),
}
NATS = "nats per token"
ALL_FIVE = (
    "Left out: the re-fit of Besiroglu et al. 2024 (scaling_law.besiroglu). Give all five constants of a fit or none."
)


class Resample(Inputs):
    """The constants of the law as one resample of its training runs gives them, all five together."""

    irreducible_loss: Quantity = amount(NATS, "E of this resample", "该次重抽样的 E", low=0)
    parameter_coefficient: Quantity = amount(NATS, "A of this resample", "该次重抽样的 A", above=0)
    token_coefficient: Quantity = amount(NATS, "B of this resample", "该次重抽样的 B", above=0)
    parameter_exponent: Quantity = ratio("alpha of this resample", "该次重抽样的 α", above=0)
    token_exponent: Quantity = ratio("beta of this resample", "该次重抽样的 β", above=0)


class ModelRetrainingInputs(Inputs):
    """The training run, its price today, and what a developer pays beside it."""

    drawn_together = tuple(LAW)
    basis: Literal["as_trained", "cost_to_match"] = choice(
        "What is replaced", "重置口径", "as_trained",
        help="as_trained: the same computation again. cost_to_match: the same capability by the means of today.",
    )  # fmt: skip
    effort: Literal["gpu_hours", "flop", "parameters_and_tokens", "compute_optimal", "same_size"] = choice(
        "How the computation is stated", "计算量给出方式", "gpu_hours",
        help="The run itself by GPU-hours, by FLOP, or by parameters and tokens; or, to match a loss by scaling law, "
        "the least compute (compute_optimal) or that of a model no larger and no dearer to serve (same_size).",
    )  # fmt: skip
    gpu_hours: Quantity | None = amount("hours", "GPU-hours of the final run", "最终训练 GPU 小时", None, above=0)
    flop: Quantity | None = amount(
        "FLOP", "Computation of the final run", "最终训练计算量", None, above=0, help="FLOP, not FLOP per second."
    )
    parameters: Quantity | None = count(
        "Parameters active per token", "每 token 激活参数量", None, above=0,
        help="For a mixture of experts only those a token passes through.",
    )  # fmt: skip
    tokens: Quantity | None = count("Training tokens", "训练 token 数", None, above=0)
    peak_flop_per_second: Quantity | None = amount(
        "FLOP per second", "Dense peak of one GPU at the training precision", "单卡稠密峰值算力", None,
        above=0, warn_below=1e13, warn_above=5e15,
        help="989 TFLOPS is 9.89e14. Not the sparse figure of vendor sheets, which is twice as high.",
    )  # fmt: skip
    utilisation: Quantity | None = fraction(
        "Model FLOP utilisation", "模型算力利用率 (MFU)", None, above=0, warn_below=0.25, warn_above=0.6,
        help="Useful FLOP over peak; recomputed activations are not useful (that would be HFU). Where it is not known: "
        '{"reference": "compute.model_flop_utilisation"}.',
    )  # fmt: skip
    target_loss: Quantity | None = amount(
        NATS, "Loss to match", "目标损失", None, above=0,
        help="On the data and tokenizer of the law. If left out, the law's own loss for parameters and tokens.",
    )  # fmt: skip
    irreducible_loss: Quantity | None = amount(NATS, "Scaling law: E", "缩放律 E", None, low=0, help=ALL_FIVE)
    parameter_coefficient: Quantity | None = amount(
        "nats per token", "Scaling law: A", "缩放律 A", None, above=0, help=ALL_FIVE
    )
    token_coefficient: Quantity | None = amount(
        "nats per token", "Scaling law: B", "缩放律 B", None, above=0, help=ALL_FIVE
    )
    parameter_exponent: Quantity | None = ratio("Scaling law: alpha", "缩放律 α", None, above=0, help=ALL_FIVE)
    token_exponent: Quantity | None = ratio("Scaling law: beta", "缩放律 β", None, above=0, help=ALL_FIVE)
    law_draw: Quantity | None = ratio(
        "Which fit of the law: 0 the constants, else a resample", "缩放律拟合的抽样（0 为所给常数）", None,
        help='{"mean": 0, "sd": 1} draws whole rows of resamples, all equally likely, so that the constants move as in '
        "a fit. Constants with ranges of their own would be drawn apart, and mean nothing together.",
    )  # fmt: skip
    law_resamples: list[Resample] = items(
        "Resamples of the fit", "拟合的重抽样", [], at_least=0,
        help="Of constants of your own, in order of the compute they ask for. Left out: 100 of the re-fit of Besiroglu "
        "et al. 2024, which are in the package.",
    )  # fmt: skip
    years_of_progress: Quantity | None = years(
        "Years of progress in training methods", "训练方法进步年数", None, rolls="up",
        help="Since the recipe on which the computation above rests; for cost_to_match only.",
    )  # fmt: skip
    algorithm_halving_time: Quantity | None = years(
        "Computation for equal capability halves every", "等效计算量减半时间", None,
        above=0, warn_below=5 / 12, warn_above=14 / 12,
        help="Left out: 8 months, 95% interval 5 to 14 (progress.algorithms.halving).",
    )  # fmt: skip
    price_per_gpu_hour: Quantity = money(
        "Price of a GPU-hour", "GPU 小时单价", per="hour", low=0,
        help="Rent today, by the class of provider and term a buyer would use; it already holds depreciation.",
    )  # fmt: skip
    price_age: Quantity | None = years(
        "Years from that price to the valuation date", "单价距评估基准日年数", None, rolls="up",
        help="Leave it out for a price of today, which already holds all progress of hardware.",
    )  # fmt: skip
    hardware_halving_time: Quantity | None = years(
        "Price of equal computation halves every", "等效算力价格减半时间", None,
        above=0, warn_below=1.54, warn_above=3.13,
        help="Left out: 2.07 years, 95% interval 1.54 to 3.13 (progress.hardware.doubling_ml_gpus).",
    )  # fmt: skip
    experiments: Quantity = ratio(
        "Experiments, as a multiple of the final run", "试验计算量倍数", 0.0, low=0, warn_below=0.2, warn_above=3,
        help="0 prices the final run alone, which is a floor: 0.2 to 3 is usual (from memory, and wide).",
    )  # fmt: skip
    failed_runs: Quantity = ratio(
        "Failed runs, as a multiple of the final run", "失败训练倍数", 0.0, low=0, warn_above=1,
        help="Those a careful developer must expect today, not what was wasted on this model.",
    )  # fmt: skip
    gpu_power: Quantity = amount(
        "kW", "Power of one GPU with its share of the server", "单卡功率（含服务器分摊）", 0.0, low=0,
        help="With energy_price, where the price of a GPU-hour does not hold the power; else leave both out.",
    )  # fmt: skip
    power_usage_effectiveness: Quantity = ratio("Power usage effectiveness", "电能利用效率 (PUE)", 1.0, low=1)
    energy_price: Quantity = money("Price of electricity", "电价", 0, per="kWh", low=0)
    data_cost: Quantity = money(
        "Training data", "训练数据成本", 0, low=0, help="Not where the data are valued as an asset of their own."
    )
    staff_cost: Quantity = money("Research and engineering staff", "研发人员成本", 0, low=0)
    evaluation_cost: Quantity = money("Evaluation and safety", "评测与安全成本", 0, low=0)
    overhead_rate: Quantity = fraction("Overhead on these costs", "间接费用率", 0.0)
    profit_rate: Quantity = fraction("Developer's profit on cost with overhead", "开发者利润率", 0.0)
    return_rate: Quantity = rate(
        "Entrepreneur's return while building", "创业激励回报率", 0.0, low=0,
        help="Per year on cost with overhead, from the middle of the build to its end.",
    )  # fmt: skip
    build_time: Quantity = years("Time to build", "开发周期", 0)

    @model_validator(mode="before")
    @classmethod
    def _reference_figures_where_needed(cls, data: Any) -> Any:
        """Only what enters the figure is looked up: a run of 2021 is not refused for a law published in 2024."""
        if not isinstance(data, dict):
            return data
        figures = dict(LAW) if data.get("effort") in BY_LAW and not LAW.keys() & data.keys() else {}
        if data.get("years_of_progress") is not None:
            figures["algorithm_halving_time"] = "progress.algorithms.halving"
        if data.get("price_age") is not None:
            figures["hardware_halving_time"] = "progress.hardware.doubling_ml_gpus"
        return {**{name: {"reference": figure} for name, figure in figures.items()}, **data}

    @model_validator(mode="after")
    def _effort_complete(self) -> "ModelRetrainingInputs":
        missing = [name for name in NEEDED[self.effort] if getattr(self, name) is None]
        if self.effort == "compute_optimal" and self.target_loss is None:
            missing += [name for name in ("parameters", "tokens") if getattr(self, name) is None]
        if missing:
            refuse(
                f"effort {self.effort} lacks {', '.join(missing)}",
                f"effort 为 {self.effort} 时缺少 {'、'.join(missing)}",
                "Add it, or state the computation in another way.",
                "请补充，或改用其他方式给出计算量。",
            )
        return self

    @model_validator(mode="after")
    def _resamples_are_of_this_fit(self) -> "ModelRetrainingInputs":
        refit = all(getattr(getattr(self, name), "reference", None) == figure for name, figure in LAW.items())
        if self.law_draw is None and self.law_resamples:
            refuse(
                "law_resamples are given and not drawn", "已填写 law_resamples 但未填写 law_draw",
                'Add "law_draw": {"mean": 0, "sd": 1}.', '请补充 "law_draw": {"mean": 0, "sd": 1}。',
            )  # fmt: skip
        if self.law_draw is not None and (self.effort not in BY_LAW or not (refit or self.law_resamples)):
            refuse(
                "law_draw needs an effort by scaling law, and resamples of the very constants that are stated",
                "law_draw 须与按缩放律的 effort 同用，且须有所给常数自身的重抽样",
                "Leave the constants out (the re-fit and its resamples are then taken), or give law_resamples.",
                "请不填各常数（采用复拟合及其重抽样），或填写 law_resamples。",
            )
        return self

    @model_validator(mode="after")
    def _equal_capability_for_cost_to_match_only(self) -> "ModelRetrainingInputs":
        asked = self.effort if self.effort in BY_LAW else "years_of_progress"
        if self.basis == "as_trained" and (self.effort in BY_LAW or self.years_of_progress is not None):
            refuse(
                f"{asked} prices equal capability, but the basis is as_trained",
                f"{asked} 用于同等能力口径，但 basis 为 as_trained",
                'Write "basis": "cost_to_match", or state the run itself and no progress.',
                '请写 "basis": "cost_to_match"，或给出训练本身的计算量且不计进步。',
            )
        return self

    @model_validator(mode="after")
    def _power_complete(self) -> "ModelRetrainingInputs":
        if len({"gpu_power", "energy_price"} & self.model_fields_set) == 1:
            refuse(
                "only one of gpu_power and energy_price is given",
                "gpu_power 与 energy_price 只给出了一项",
                "Give both, or none where the price of a GPU-hour holds the power.",
                "请同时给出；若 GPU 小时单价已含电费则均不填。",
            )
        return self


def model_retraining(inputs, workings):
    """Compute (final run, experiments, failures), power, data, staff, evaluation, overhead, profit and return.

    Every input is (..., 1), and so is the value, in the case's currency. Refused: an effort without its figures, equal
    capability where the same run is priced, constants of two fits, resamples of another fit, a loss no data reach.

    Experiments and failed runs are multiples of the final run and add up: compute = run x (1 + experiments + failed).
    Progress acts on compute alone: that of methods where equal capability is priced, that of hardware where the price
    of a GPU-hour is old. The constants of a scaling law are drawn together or not at all (law_draw). Profit and return
    are both taken on cost with overhead, neither on the other.

    70 billion parameters, 1.4 trillion tokens, peak 989.4e12, utilisation 0.4, 2 an hour: 5.88e23 FLOP, 412,708.04
    GPU-hours, 825,416.08 for the run.
    """
    line = workings.line
    hours = line("gpu_hours", gpu_hours(inputs, workings), unit="hours")
    final_run = line("final_run_cost", hours * price_today(inputs, workings))
    runs = line("runs_in_all", 1 + inputs.experiments + inputs.failed_runs, unit="ratio")
    compute = line("compute_cost", final_run * runs)

    energy = line("energy", hours * runs * inputs.gpu_power * inputs.power_usage_effectiveness, unit="kWh")
    electricity = line("electricity_cost", energy * inputs.energy_price)
    people_and_data = inputs.data_cost + inputs.staff_cost + inputs.evaluation_cost
    direct = line("direct_cost", compute + electricity + people_and_data)
    cost = line("cost_with_overhead", direct * (1 + inputs.overhead_rate))
    profit = line("developers_profit", cost * inputs.profit_rate)
    reward = line("entrepreneurs_return", opportunity_cost(cost, inputs.return_rate, inputs.build_time / 2))
    workings.warn(
        (inputs.profit_rate > 0) & (inputs.return_rate * inputs.build_time > 0),
        "Profit and return are both counted: the profit rate must not hold the return on capital as well.",
        "同时计入利润与创业激励回报：利润率不得再包含资金回报。",
    )
    return line("value", cost + profit + reward)


def gpu_hours(inputs, workings):
    """GPU-hours of the final run, by the methods of today where equal capability is what is priced."""
    line = workings.line
    if inputs.effort == "gpu_hours":
        hours = inputs.gpu_hours
        compare_with_size(inputs, workings)
    else:
        flop = line("flop", computation(inputs, workings), unit="FLOP")
        hours = line("gpu_hours_of_run", flop / (inputs.peak_flop_per_second * inputs.utilisation * 3600), unit="hours")
    if inputs.years_of_progress is None:
        return hours
    still_needed = half_life_decay(inputs.algorithm_halving_time, inputs.years_of_progress)
    return hours * line("share_of_compute_still_needed", still_needed, unit="fraction")


def computation(inputs, workings):
    """FLOP of the final run: as stated, or what the scaling law asks for to reach a loss."""
    if inputs.effort == "flop":
        return inputs.flop
    if inputs.effort == "parameters_and_tokens":
        return training_flop(inputs.parameters, inputs.tokens)
    line = workings.line
    law = law_used(inputs, workings)
    loss = law.loss(inputs.parameters, inputs.tokens) if inputs.target_loss is None else inputs.target_loss
    loss = line("loss_to_match", loss, unit=NATS)
    if inputs.effort == "compute_optimal":
        least = law.irreducible_loss
        parameters, tokens = law.cheapest_match(loss)
    else:
        least = law.least_loss(inputs.parameters)
        parameters, tokens = inputs.parameters, law.tokens_to_match(loss, inputs.parameters)
    workings.warn(
        loss <= line("least_loss", least, unit=NATS),
        "No amount of data takes the model to this loss; check its tokenizer, or match it with a larger model.",
        "再多数据也无法使模型达到该损失；请核对分词器，或以更大的模型匹配。",
    )
    parameters = line("parameters_to_match", parameters, unit="count")
    return training_flop(parameters, line("tokens_to_match", tokens, unit="count"))


def price_today(inputs, workings):
    """Price of a GPU-hour at the valuation date; a price of today is taken as it is."""
    if inputs.price_age is None:
        return inputs.price_per_gpu_hour
    workings.warn(
        inputs.price_age > 0,
        "The price of a GPU-hour is carried to today by a trend; rents have also risen, so prefer a price of today.",
        "GPU 小时单价按趋势推算至基准日；租金也曾上涨，宜采用基准日价格。",
    )
    cheaper = half_life_decay(inputs.hardware_halving_time, inputs.price_age)
    return workings.line("price_today", inputs.price_per_gpu_hour * cheaper, unit="money per hour")


def compare_with_size(inputs, workings):
    """GPU-hours and 6 x parameters x tokens must meet at a utilisation that is possible."""
    if any(known is None for known in (inputs.parameters, inputs.tokens, inputs.peak_flop_per_second)):
        return
    flop = workings.line("flop", training_flop(inputs.parameters, inputs.tokens), unit="FLOP")
    implied = flop / (inputs.gpu_hours * 3600 * inputs.peak_flop_per_second)
    implied = workings.line("implied_utilisation", implied, unit="fraction")
    workings.warn(
        (implied < 0.25) | (implied > 0.6),
        "GPU-hours, parameters and tokens imply a utilisation outside 0.25 to 0.6; check the dense peak and the hours.",
        "GPU 小时与参数量、token 数推算的算力利用率超出 0.25 至 0.6，请核对稠密峰值与小时数。",
    )


method = Method(
    id="cost.model_retraining",
    version=1,  # raise it when the same inputs would give another figure
    approach="cost",
    title=("Replacement cost of a model by retraining", "模型训练重置成本法"),
    serves=("ai_model",),
    citations=(
        Citation("IVS 2025, 103 Valuation Approaches: cost approach", "memory"),
        Citation("Hoffmann et al. 2022, Training Compute-Optimal Large Language Models: 6ND, scaling law", "secondary"),
        Citation("Besiroglu et al. 2024, Chinchilla Scaling: A replication attempt: constants", "secondary"),
        Citation("Their points (github.com/Besiroglu/data), fitted again on 100 resamples", "recomputed"),
        Citation("Least computation for a loss: derived from that law, checked against a grid", "recomputed"),
        Citation("Ho et al. 2024, Algorithmic progress in language models: 8 months", "secondary"),
        Citation("Hobbhahn and Besiroglu 2022, Trends in GPU price-performance: 2.07 years", "page-read"),
    ),
    limitations=(
        "A cost, not what the model earns: as_trained ignores that its capability may be had for far less today.",
        "反映成本而非收益：as_trained 口径未考虑如今可以低得多的成本获得同等能力。",
    ),
    evidence=("title", "training_log", "compute_invoices", "model_weights"),
    inputs=ModelRetrainingInputs,
    value=model_retraining,
)

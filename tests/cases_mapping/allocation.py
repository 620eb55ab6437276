"""Published games: votes, gloves and a runway, shared out as sources of data are."""

from collections.abc import Callable, Collection
from itertools import chain, combinations
from typing import Any

import numpy as np
from readings import outcome_of

from cases_mapping.reading import Figures, Inputs, line, reading
from valuation import scoring
from valuation.calculation import Outcome

Reached = Callable[[Collection[int]], float]


def coalitions(players: list[int]) -> list[tuple[int, ...]]:
    """All but the empty one, the small ones first: 1, 2, 3, 12, 13, 23, 123."""
    return list(chain.from_iterable(combinations(players, size) for size in range(1, len(players) + 1)))


def shared(players: list[int], reached: Reached, **inputs: Any) -> Outcome:
    stated = [{"sources": [str(one) for one in each], "utility": reached(each)} for each in coalitions(players)]
    game = {
        "sources": [{"name": str(player)} for player in players],
        "coalitions": stated,
        "measured_on": "the page",
        "reason_substitutes": "players of a game are no copies",
        "pool": [1],
        "data_share": 1,
        "remaining_useful_life": 1,
        "discount_rate": 0,
    }
    return outcome_of("allocation.shapley", {**game, **inputs})


def parts(name: str, players: list[int], reached: Reached, **inputs: Any) -> list[float]:
    outcome = shared(players, reached, **inputs)
    return [line(outcome, f"{name}[{player}]") for player in players]


@reading("shap-3player-coopgame")
def _(case: Inputs) -> Figures:
    players = [1, 2, 3]
    values = dict(zip(coalitions(players), case["coalition_values"], strict=True))
    return {"shapley": parts("contribution", players, lambda members: values[tuple(members)])}


def pairs(left: list[int], right: list[int]) -> Reached:
    return lambda members: min(len(set(left) & set(members)), len(set(right) & set(members)))


@reading("shap-glove-2-1")
def _(case: Inputs) -> Figures:
    players = list(range(case["left"] + case["right"]))
    left, right = players[: case["left"]], players[case["left"] :]
    return {"shapley": parts("contribution", players, pairs(left, right))}


@reading("shap-glove-wiese")
def _(case: Inputs) -> Figures:
    found = {}
    for game in case["games"]:
        players = sorted(game["left"] + game["right"])
        found[f"game_{len(players)}"] = parts("contribution", players, pairs(game["left"], game["right"]))
    return found


@reading("shap-symmetric-voting-4")
def _(case: Inputs) -> Figures:
    players = list(range(case["players"]))

    def carried(members: Collection[int]) -> float:
        return float(len(members) > len(players) / 2)

    return {
        "shapley": parts("contribution", players, carried),
        "banzhaf": parts("contribution", players, carried, rule="banzhaf_normalised"),
    }


@reading("banzhaf-50-49-1")
def _(case: Inputs) -> Figures:
    players = list(range(len(case["weights"])))

    def normalised(quota: int) -> list[float]:
        def carried(members: Collection[int]) -> float:
            return float(sum(case["weights"][member] for member in members) >= quota)

        return parts("share", players, carried, rule="banzhaf_normalised")

    return {f"q{quota}": normalised(quota) for quota in case["quotas"]}


@reading("shap-airport-100")
def _(case: Inputs) -> Figures:
    players = case["players_per_type"]
    each = scoring.shapley_of_largest(np.repeat(case["cost_per_type"], players))
    return {"shapley_per_type": each[np.cumsum(players) - 1].tolist()}

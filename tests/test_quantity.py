"""A stated number: every form it can be written in, what it says about itself, and what is no number."""

import numpy as np
import pytest
from pydantic import ValidationError

from valuation.errors import InputError
from valuation.quantity import FORMS, Quantity
from valuation.strict import read

# written: (form, whether a range, years covered)
WRITTEN = [
    (5, "value", False, None),
    (-0.5, "value", False, None),
    ([100, 110, 121], "value", False, 3),
    ({"value": [1]}, "value", False, 1),
    ({"low": 1, "mode": 2, "high": 4}, "pert", True, None),
    ({"low": 1, "mode": 2, "high": 4, "shape": "triangular"}, "pert", True, None),
    ({"low": [1, 2, 3], "mode": 3, "high": 4}, "pert", True, 3),
    ({"low": 1, "high": 4}, "uniform", True, None),
    ({"median": 2, "sigma": 0.3}, "lognormal", True, None),
    ({"mean": -2, "sd": 0.3}, "normal", True, None),
    ({"values": [80, 120, 100], "weights": [0.2, 0.3, 0.5]}, "scenarios", True, None),
    ({"reference": "cn.lpr.1y"}, "reference", False, None),
    ({"derive": "rate.wacc", "inputs": {"beta": 1}}, "derive", False, None),
    ({"derive": "rate.wacc"}, "derive", False, None),
]


def refusal(given: object) -> tuple[str, str]:
    """Code and path of the one problem of a quantity."""
    with pytest.raises(InputError) as refused:
        read(Quantity, given)
    assert len(refused.value.problems) == 1
    return refused.value.problems[0].code, refused.value.problems[0].path


@pytest.mark.parametrize(("given", "form", "uncertain", "years"), WRITTEN)
def test_every_form_says_what_it_is(given: object, form: str, uncertain: bool, years: int | None) -> None:
    quantity = Quantity.model_validate(given)
    assert (quantity.form, quantity.uncertain, quantity.years) == (form, uncertain, years)


def test_every_form_is_written_here() -> None:
    assert {form for _, form, _, _ in WRITTEN} == set(FORMS)


@pytest.mark.parametrize("given", [given for given, *_ in WRITTEN])
def test_a_quantity_is_written_as_it_was_read(given: object) -> None:
    quantity = Quantity.model_validate(given)
    assert Quantity.model_validate(quantity.to_json()) == quantity


def test_a_bare_number_stays_bare_and_one_with_a_source_does_not() -> None:
    assert Quantity.model_validate({"value": 5}).to_json() == 5
    sourced = {"value": 5, "source": "ledger", "level": 2}
    assert Quantity.model_validate(sourced).to_json() == sourced


def test_whole_numbers_are_numbers() -> None:
    """JSON knows one kind of number; a draw must not depend on whether somebody wrote 5 or 5.0."""
    assert isinstance(Quantity.model_validate(5).value, float)
    assert Quantity.model_validate(5) == Quantity.model_validate(5.0)


@pytest.mark.parametrize("given", [True, "5", None, (1, 2), {"value": True}, {"value": "5"}, [1, None]])
def test_what_is_no_number_is_refused(given: object) -> None:
    assert refusal(given)[0] == "wrong_kind"


@pytest.mark.parametrize("given", [float("nan"), float("inf"), {"low": 0, "high": float("inf")}, 10**400])
def test_what_is_not_finite_is_refused(given: object) -> None:
    """A caller in Python can give what no JSON file can hold."""
    assert refusal(given)[0] == "not_finite"


def test_the_entry_of_a_list_is_named() -> None:
    assert refusal([1, "2", 3]) == ("wrong_kind", "[1]")
    assert refusal({"low": [1, 2], "mode": [1, "2"], "high": 9}) == ("wrong_kind", "mode[1]")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"low": 1},
        {"low": 1, "mode": 2},
        {"value": 1, "low": 0, "high": 2},
        {"median": 1, "sd": 1},
        {"reference": "cn.lpr.1y", "value": 0.03},
        {"low": 1, "high": 2, "shape": "triangular"},
        {"value": 1, "inputs": {}},
    ],
)
def test_keys_that_make_no_form_are_refused(given: dict[str, object]) -> None:
    assert refusal(given)[0] == "quantity_form"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"low": 2, "mode": 1, "high": 3}, "not_in_order"),
        ({"low": 1, "mode": 4, "high": 3}, "not_in_order"),
        ({"low": 2, "high": 1}, "not_in_order"),
        ({"low": [1, 5], "mode": 3, "high": 9}, "not_in_order"),
        ({"median": 1, "sigma": -0.1}, "too_small"),
        ({"mean": 1, "sd": -0.1}, "too_small"),
        ({"median": 0, "sigma": 0.1}, "not_above"),
        ({"median": [1, -1], "sigma": 0.1}, "not_above"),
        ({"values": [1, 2], "weights": [0.5, 0.4]}, "weights_sum"),
        ({"values": [1, 2], "weights": [1.5, -0.5]}, "too_small"),
        ({"values": [1, 2, 3], "weights": [0.5, 0.5]}, "scenario_lengths"),
        ({"low": [1, 2], "mode": 2, "high": [3, 4, 5]}, "years_differ"),
        ([], "list_length"),
        ([1] * 361, "list_length"),
    ],
)
def test_figures_that_do_not_fit_together_are_refused(given: object, code: str) -> None:
    assert refusal(given)[0] == code


@pytest.mark.parametrize(
    "given",
    [
        {"low": 2, "mode": 2, "high": 2},
        {"low": 2, "high": 2},
        {"mean": 1, "sd": 0},
        {"median": 1, "sigma": 0},
        {"values": [1, 2, 3], "weights": [1 / 3, 1 / 3, 1 / 3]},
        {"values": [7], "weights": [1]},
        [1] * 100,
    ],
)
def test_the_last_allowed_figure_is_allowed(given: object) -> None:
    read(Quantity, given)


def test_an_override_says_who_why_and_until_when() -> None:
    full = {"who": "tax adviser", "why": "high-tech enterprise", "until": "2026-12-31"}
    assert read(Quantity, {"value": 0.15, "override": full}).to_json()["override"] == full
    for name in full:
        less = {key: value for key, value in full.items() if key != name}
        assert refusal({"value": 0.15, "override": less}) == ("missing", f"override.{name}")


@pytest.mark.parametrize("level", [0, 4, "2", 1.5, True])
def test_an_evidence_level_is_one_two_or_three(level: object) -> None:
    assert refusal({"value": 1, "level": level}) == ("not_known", "level")


def test_a_quantity_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Quantity.model_validate(5).value = 6.0


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        (np.float64(0.5), 0.5),
        (np.int64(5), 5),
        (np.array([1, 2]), [1, 2]),
        ([np.int64(1), 2], [1, 2]),
        ({"low": np.array([1.0, 2.0]), "high": [3, 4]}, {"low": [1, 2], "high": [3, 4]}),
        ({"values": np.array([1.0, 2.0]), "weights": [0.5, 0.5]}, {"values": [1, 2], "weights": [0.5, 0.5]}),
    ],
)
def test_figures_of_numpy_are_figures(given: object, plain: object) -> None:
    """Callers in Python have their figures in arrays; "5 was given, a number is expected" helped nobody."""
    assert read(Quantity, given) == read(Quantity, plain)


@pytest.mark.parametrize("given", [np.array([[1.0, 2.0]]), np.array(["5"]), np.array([np.nan]), np.True_])
def test_arrays_of_anything_else_are_refused(given: object) -> None:
    assert refusal(given)[0] in ("wrong_kind", "not_finite")

"""What `make bench` says where a peer is missing or a goal is missed. How long anything takes is no test."""

import subprocess
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import machine, other_ways, shapley
from benchmarks.comparison import Comparison, summary, table

FASTER = Comparison("draws: a loop", "1 s", "30 s", 30.0, 28)
SLOWER = Comparison("draws: a compiled loop", "3 s", "1 s", 3.0, 2.5, at_most=True)
LEFT_OUT = Comparison("shares of variance: SALib", "", "SALib is not installed", None, 25)
SHOWN = Comparison("points, 2 threads", "1 s", "90 s", 90.0)


def test_each_line_says_its_goal_and_whether_it_was_reached():
    reached = [line.split()[-1] for line in table([FASTER, SLOWER]).splitlines()]
    assert reached == ["reached", "yes", "NO"]
    assert ">= 28" in table([FASTER])
    assert "<= 2.5" in table([SLOWER])


def test_what_was_missed_and_what_was_left_out_stand_under_the_table():
    assert summary([FASTER, SLOWER, LEFT_OUT, SHOWN]).splitlines() == [
        "1 of 2 goals reached",
        "not reached: draws: a compiled loop",
        "left out: shares of variance: SALib (SALib is not installed)",
    ]


def test_a_subject_whose_library_is_missing_is_a_line_that_names_it(monkeypatch):
    def without_a_library(name):
        raise ModuleNotFoundError("No module named 'polars'", name="polars")

    monkeypatch.setattr(command, "import_module", without_a_library)
    (line,) = command.measured("draws")
    assert (line.peer, line.reached) == ("polars is not installed", "not measured")


def test_the_compiled_loop_is_asked_for_only_where_numba_is(monkeypatch):
    monkeypatch.setattr(other_ways, "find_spec", lambda name: None)
    assert other_ways.compiled() is None


def test_an_environment_that_cannot_be_made_is_a_reason_and_no_crash(monkeypatch, tmp_path):
    """Without a package index, or without venv, the line of pyDVL says so."""
    failed = subprocess.CompletedProcess([], 1, "", "ERROR: No matching distribution found for pyDVL==0.10.0\n")
    monkeypatch.setattr(shapley, "PYDVL", tmp_path / "nowhere")
    monkeypatch.setattr(shapley.subprocess, "run", lambda *given, **options: failed)
    assert shapley.in_pydvl({}) == (
        None,
        "its environment could not be made: ERROR: No matching distribution found for pyDVL==0.10.0",
    )


@pytest.mark.parametrize("name", sorted(command.SUBJECTS))
def test_every_subject_that_is_offered_has_a_file(name):
    assert Path(command.__file__).with_name(f"{name}.py").is_file()


def test_the_head_says_on_what_was_measured():
    heads = [line.split()[0] for line in machine.described().splitlines()]
    assert heads == ["processor", "BLAS", "load", "libraries"]

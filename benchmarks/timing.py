"""Times and peak memory, measured so that what disturbs one way disturbs the other."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

MEBIBYTE = 2**20
SHORT_RUNS, SHORT = 5, 0.5  # at most so many runs a turn, and no further one after so many seconds


def medians(ways: Mapping[str, Callable[[], Any]], runs: int = 5) -> dict[str, float]:
    """Median seconds of each way. The ways take turns, so that a busy minute of the machine falls on all of them."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            taken[name] += _turn(way)
    return {name: median(times) for name, times in taken.items()}


def _turn(way: Callable[[], Any]) -> list[float]:
    """Seconds of one run, or of a few if they are short: one alone says little on a machine that others use."""
    times: list[float] = []
    while not times or (len(times) < SHORT_RUNS and sum(times) < SHORT):
        start = perf_counter()
        way()
        times.append(perf_counter() - start)
    return times


def process(arguments: list[str]) -> Callable[[], Any]:
    """A way that is a process of its own, with compiled modules kept from one start to the next as users have them."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run(arguments, env=environment, check=True, capture_output=True)


def peak_memory(preparation: str, work: str) -> float | None:
    """MiB that `work` needs at its highest above what `preparation` left, in a fresh process; None if not on Linux."""
    if not Path("/proc/self/clear_refs").exists():
        return None
    code = f"from benchmarks import timing\n{preparation}\ntiming.reset_peak()\n{work}\ntiming.print_peak()"
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(answer.stdout)


_before: list[int] = []


def reset_peak() -> None:
    """Forget the peak so far and keep what is resident now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    _before.append(_resident("VmRSS"))


def print_peak() -> None:
    """The peak since then, in MiB."""
    print((_resident("VmHWM") - _before[-1]) / MEBIBYTE)


def _resident(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith(name))

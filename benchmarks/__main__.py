"""`python -m benchmarks [NAME…]`: runs them all, or those named, and prints one table."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from importlib import import_module

from benchmarks import comparison, machine

SUBJECTS = {
    "startup": "help and a point value, in fresh processes",
    "draws": "from a case to values and ranges; speed and memory",
    "accuracy": "error of mean and P5 against plain random draws",
    "book": "a million loans at once against a loop, pandas and polars; speed and memory",
    "book_files": "the same from file to file against pandas",
    "sobol": "shares of variance with intervals against SALib",
    "shapley": "what training points and sources add, against pyDVL and plain loops",
}


def main() -> None:
    """Says on what machine, measures, and says how busy it was in the end."""
    listed = "\n".join(f"  {name:10} {about}" for name, about in SUBJECTS.items())
    parser = argparse.ArgumentParser(
        "benchmarks", None, f"Without a name, all:\n{listed}", formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    names = parser.parse_args().names or list(SUBJECTS)
    unknown = [name for name in names if name not in SUBJECTS]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(SUBJECTS)}")
    print(machine.described(), flush=True)
    found: list[comparison.Comparison] = []
    for name in names:
        print(f"measuring  {name}: {SUBJECTS[name]}", flush=True)
        found += measured(name)
        print(f"load       {machine.load()} after it", flush=True)
    print(f"\n{comparison.table(found)}\n\n{comparison.summary(found)}")


def measured(name: str) -> Iterable[comparison.Comparison]:
    """The lines of a subject; one that says why if a library that it measures against is not installed."""
    try:
        yield from import_module(f"benchmarks.{name}").compare()
    except ModuleNotFoundError as error:
        yield comparison.Comparison(SUBJECTS[name], "", f"{error.name} is not installed", None)


if __name__ == "__main__":
    main()

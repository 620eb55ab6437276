"""Values the assets of AI companies and says what may be lent on them: case, value, loan, record, replay.

    case      = valuation.load("examples/….json")        # a clear error names file, field and reason
    appraisal = valuation.appraise(case)                 # values, ranges, workings, warnings
    offer     = valuation.lend(appraisal)                # gate, haircut parts, limits, binding limit, path
    record    = valuation.record(case, appraisal, offer) # frozen, hashed
    valuation.replay(record)                             # same, or every difference
    valuation.lend_book(frame, policy)                   # a table in, the same rows with their loans out

Names are loaded when first used, so that `import valuation` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "InputError": "errors",
    "appraise": "appraisal",
    "bridge": "value_bridge",
    "haircut": "lending.offer",
    "lend": "lending.offer",
    "lend_book": "book.tables",
    "load": "saved_case",
    "methods": "plugins",
    "readiness": "missing_facts",
    "record": "records",
    "replay": "records",
    "roll_forward": "rolled_case",
    "run": "calculation",
    "stress": "lending.stress_tests",
    "workbook": "report.workbook",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'valuation' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"valuation.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__

"""How a scoring function refuses its arguments: in one sentence, in both languages, as every reader does."""

from typing import NoReturn

from valuation.errors import InputError, problem


def refuse(reason: str, reason_zh: str, remedy: str = "", remedy_zh: str = "") -> NoReturn:
    """Raise InputError with what is wrong and how to mend it."""
    words = {"reason": reason, "reason_zh": reason_zh, "remedy": remedy, "remedy_zh": remedy_zh}
    raise InputError(problem("combination", "", reason, **words))

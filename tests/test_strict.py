"""What pydantic finds, said as a plain sentence with the way to mend it."""

import pytest
from pydantic import Field

from valuation.errors import InputError
from valuation.strict import Strict, read


class Cap(Strict):
    """A share with a bound of pydantic's own."""

    value: float = Field(ge=0, le=1)


@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [
        (50, "Write 50% as 0.5.", "50% 请写成 0.5。"),
        (4.35, "Write 4.35% as 0.0435.", "4.35% 请写成 0.0435。"),
    ],
)
def test_a_share_given_in_per_cent_is_told_how_to_be_written(given: float, english: str, chinese: str) -> None:
    with pytest.raises(InputError) as refused:
        read(Cap, {"value": given})
    (found,) = refused.value.problems
    assert found.sentence() == f"value: {given:g} was given, at most 1 is allowed. {english}"
    assert found.sentence("zh").endswith(chinese)


def test_what_is_no_percentage_either_gets_no_such_advice() -> None:
    with pytest.raises(InputError) as refused:
        read(Cap, {"value": 5000})
    assert str(refused.value) == "value: 5000 was given, at most 1 is allowed."

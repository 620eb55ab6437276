"""Which assets of a case live on which income, so that no income is counted twice (standards R6).

Data, a model, its cluster and its software, each valued by the whole income they earn together, would be worth more
than that income. So an asset names the stream it is valued from and its share of it; over the assets concluded by
income the shares of one stream add up to 1 at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import fsum

from valuation import plugins
from valuation.assets import Asset
from valuation.errors import InputError, Problem, problem
from valuation.workings import Warning

FROM_INCOME = ("income", "allocation")  # an allocation shares an income out, so it is one as well
TOLERANCE = 1e-9


def lives_on_income(asset: Asset) -> bool:
    """Whether a method that counts income has a part in the conclusion of this asset."""
    return any(_approach(method_id) in FROM_INCOME for method_id in _concluded(asset))


def _concluded(asset: Asset) -> Iterator[str]:
    """The methods that the conclusion rests on: the one selected, those with a weight, or the only one."""
    selection = asset.conclusion
    if selection is not None and selection.select is not None:
        yield selection.select
    elif selection is not None and selection.weights is not None:
        yield from (method_id for method_id, weight in selection.weights.items() if weight)
    elif len(asset.methods) == 1:
        yield asset.methods[0].id


def _approach(method_id: str) -> str:
    try:
        return plugins.find(method_id, "").method.approach
    except InputError:  # a misspelt method is told where it stands
        return ""


def overdrawn(assets: Sequence[Asset]) -> Iterator[Problem]:
    """Every stream of which the assets take more than there is, with each asset's share.

    Data 0.4, model 0.5, cluster 0.3 of one stream: 1.2, refused.
    """
    drawn: dict[str, list[int]] = {}
    for index, asset in enumerate(assets):
        if asset.income_stream is not None and lives_on_income(asset):
            drawn.setdefault(asset.income_stream.name, []).append(index)
    for name, places in drawn.items():
        shares = [_share(assets[index]) for index in places]
        if fsum(shares) > 1 + TOLERANCE:
            listed = ", ".join(f"{assets[i].id} {share:g}" for i, share in zip(places, shares, strict=True))
            where = f"assets[{places[0]}].income_stream.share"
            yield problem("stream_overdrawn", where, name, total=fsum(shares), shares=listed)


def _share(asset: Asset) -> float:
    return asset.income_stream.share if asset.income_stream is not None else 0.0


def double_counting(assets: Sequence[Asset]) -> Iterator[Warning]:
    """What a reader is told where several assets are concluded by income and nobody said which income each lives on."""
    living = [asset for asset in assets if lives_on_income(asset)]
    unnamed = [asset.id for asset in living if asset.income_stream is None]
    if len(living) > 1 and unnamed:
        yield Warning(
            f"{len(living)} assets are valued by income, and of {', '.join(unnamed)} no income_stream is stated: the "
            "same income may be counted twice.",
            f"{len(living)} 项资产以收益法定值，其中 {'、'.join(unnamed)} 未填写 income_stream，"
            "同一收益可能被重复计算。",
        )

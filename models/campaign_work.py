"""What a campaign's state lets people do: one table, read by the actions, the page and the docs."""

from collections.abc import Mapping
from enum import StrEnum

from models.campaign import CampaignState


class CampaignWork(StrEnum):
    """A kind of work that belongs to a campaign."""

    PLAN = "PLAN"
    IMPORT = "IMPORT"
    SAMPLE = "SAMPLE"
    BEGIN_FORM = "BEGIN_FORM"
    FILL_FORM = "FILL_FORM"
    RAISE = "RAISE"
    HANDLE = "HANDLE"
    RECORD = "RECORD"

    @property
    def label(self) -> str:
        """The words on screen."""
        return _LABELS[self]


W, S = CampaignWork, CampaignState
_LABELS = {
    W.PLAN: "编排时间表、任务书和参数", W.IMPORT: "导入名册和发放登记", W.SAMPLE: "封存抽样框和抽样",
    W.BEGIN_FORM: "新开一户一表", W.FILL_FORM: "填写和退回已开的一户一表",
    W.RAISE: "登记问题", W.HANDLE: "办理已登记的问题", W.RECORD: "登记自查、宣传、行程和暗访",
}  # fmt: skip
ALLOWED: Mapping[CampaignState, frozenset[CampaignWork]] = {
    S.PREPARING: frozenset({W.PLAN, W.IMPORT, W.SAMPLE, W.RECORD}),
    S.OPEN: frozenset(W),
    S.CONCLUDED: frozenset({W.PLAN, W.FILL_FORM, W.RAISE, W.HANDLE, W.RECORD}),
    S.ARCHIVED: frozenset(),
}
"""Late findings (tips, audits) may still be raised while a campaign concludes; the sample no longer moves."""
MEANINGS: Mapping[CampaignState, str] = {
    S.PREPARING: "编方案、导名册、抽样；还不入户，不登记问题",
    S.OPEN: "全部工作照常",
    S.CONCLUDED: "检查已结束：不再导入、抽样、新开表；已登记的问题继续整改销号，没销号的逐件定去向",
    S.ARCHIVED: "记录只读，什么都不再改动；回头看要先退回“收尾”",
}
NEXT: Mapping[CampaignState, tuple[CampaignState, ...]] = {
    S.PREPARING: (S.OPEN,),
    S.OPEN: (S.CONCLUDED,),
    S.CONCLUDED: (S.ARCHIVED, S.OPEN),
    S.ARCHIVED: (S.CONCLUDED,),
}
"""Where a campaign can go; one step at a time."""
_ORDER = tuple(CampaignState)


def is_back(here: CampaignState, there: CampaignState) -> bool:
    """Whether the step goes back; a step back needs a reason."""
    return _ORDER.index(there) < _ORDER.index(here)


def work_refusal(name: str, state: CampaignState, work: CampaignWork) -> str | None:
    """Why the work may not be done now, as a sentence that says what to do; None if it may."""
    if work in ALLOWED[state]:
        return None
    if state is S.PREPARING:
        return f"“{name}”还在筹备，不能{work.label}。请领导小组办公室先在“专项治理”里转为“进行”。"
    if state is S.CONCLUDED:
        return f"“{name}”已在收尾，不再{work.label}。确需办理的，请领导小组办公室说明理由转回“进行”。"
    return f"“{name}”已归档，记录不再改动，不能{work.label}。确需办理的，请领导小组办公室说明理由退回“收尾”。"

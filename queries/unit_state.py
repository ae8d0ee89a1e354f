"""The five figures a responsible unit begins its day with. Each is the length of a list of the ledger one can open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.deadline import Light
from queries.ledger import LedgerFilter, ledger_top
from queries.ledger_views import LedgerView
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """So many problems (件) of one list. `first`: words on its first one; the list is opened by view or by light."""

    key: str
    label: str
    count: int
    first: str
    view: LedgerView = LedgerView.ALL
    light: Light | None = None

    @property
    def is_red(self) -> bool:
        """Only what is overdue is red."""
        return self.view is LedgerView.OVERDUE and self.count > 0

    @property
    def address(self) -> Mapping[str, str]:
        """The query of the ledger's address that opens the list."""
        return {"light": self.light.label} if self.light else {"view": self.view.label}


def unit_state(viewer: Viewer, campaign_id: int, today: date) -> tuple[UnitFigure, ...]:
    """已超期, 本周到期, 待签收, 被退回, 审核中 within what the viewer sees of the ledger."""
    views = {
        LedgerView.OVERDUE: ("已超期", "没有超期的"),
        LedgerView.THIS_WEEK: ("本周到期", "本周没有到期的"),
        LedgerView.UNSIGNED: ("待签收", "都已签收"),
        LedgerView.RETURNED: ("被退回", "没有被退回的"),
    }
    found = []
    for view, (label, none) in views.items():
        top = ledger_top(viewer, campaign_id, LedgerFilter(view), today)
        words = _words(view, top.rows[0].light.text, top.rows[0].deadline) if top.rows else none
        found.append(UnitFigure(view.value.lower(), label, top.total, words, view))
    held = ledger_top(viewer, campaign_id, LedgerFilter(lights=(Light.REVIEW,)), today)
    words = "不计您的时限" if held.total else "没有送审的"
    return (*found, UnitFigure("review", "审核中", held.total, words, light=Light.REVIEW))


def _words(view: LedgerView, light: str, deadline: date | None) -> str:
    match view:
        case LedgerView.OVERDUE:
            return f"最长{light}"
        case LedgerView.THIS_WEEK if deadline is not None:
            return f"最近 {deadline.month}月{deadline.day}日"
        case LedgerView.UNSIGNED:
            return "收到后先签收"
        case _:
            return "补充后再申请"

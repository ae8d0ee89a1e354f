"""What marks problems of the ledger beyond status, light and type: each a condition asked of the record."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa

from models.issue_record import Issue
from models.look_back import LookBack
from queries.carry_over import is_carried, is_kept, is_undecided
from queries.common_problem import members_by
from queries.contest import waits_for_an_answer
from queries.listing import misses_report
from queries.look_back import not_hidden_from
from queries.repeat import is_repeated
from queries.scope import Condition
from queries.viewer import Viewer


class LedgerMark(StrEnum):
    """A mark one can filter by."""

    REPEATED = "REPEATED"
    COMMON = "COMMON"
    UNREPORTED = "UNREPORTED"
    CONTESTED = "CONTESTED"
    LOOKED_BACK = "LOOKED_BACK"
    UNDECIDED = "UNDECIDED"
    CARRIED = "CARRIED"
    KEPT = "KEPT"

    @property
    def label(self) -> str:
        """The words in the list of conditions."""
        return {
            "REPEATED": "屡查屡犯", "COMMON": "列入共性问题", "UNREPORTED": "进展超期未报", "CONTESTED": "申辩待答复",
            "LOOKED_BACK": "列入回头看",
            "UNDECIDED": "收尾未定去向", "CARRIED": "已结转", "KEPT": "列入遗留清单",
        }[self.value]  # fmt: skip


def mark_condition(viewer: Viewer, mark: LedgerMark, today: date) -> Condition:
    """Problems that bear the mark, to be narrowed to what the viewer may see."""
    match mark:
        case LedgerMark.REPEATED:
            return is_repeated(viewer, today)
        case LedgerMark.COMMON:
            return Issue.id.in_(sa.select(members_by(today).subquery().c.issue_id))
        case LedgerMark.UNREPORTED:
            return misses_report(today)
        case LedgerMark.CONTESTED:
            return waits_for_an_answer()
        case LedgerMark.LOOKED_BACK:
            return sa.exists().where(LookBack.issue_id == Issue.id, not_hidden_from(viewer))
        case LedgerMark.UNDECIDED:
            return is_undecided()
        case LedgerMark.CARRIED:
            return is_carried()
        case LedgerMark.KEPT:
            return is_kept()

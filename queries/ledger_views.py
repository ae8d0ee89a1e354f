"""The ready-made views over the ledger: what each holds, and how many."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue import Verb
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueStatus
from models.role import Permission
from queries.carry_over import is_carried
from queries.issue_waiting import acted_on_by, waits_for_acceptance_by, waits_for_approval_by
from queries.last_act import last_by
from queries.ledger_light import DayTotal, is_overdue
from queries.scope import Condition
from queries.viewer import Viewer


class LedgerView(StrEnum):
    """The ready-made views over the table."""

    ALL = "ALL"
    MINE = "MINE"
    OVERDUE = "OVERDUE"
    THIS_WEEK = "THIS_WEEK"
    TO_ACCEPT = "TO_ACCEPT"
    TO_APPROVE = "TO_APPROVE"
    UNSIGNED = "UNSIGNED"
    RETURNED = "RETURNED"

    @property
    def label(self) -> str:
        """The words on the button."""
        return {
            "ALL": "全部", "MINE": "我经办的", "OVERDUE": "超期", "THIS_WEEK": "本周到期", "TO_ACCEPT": "待我验收",
            "TO_APPROVE": "待我审批", "UNSIGNED": "待签收", "RETURNED": "被退回",
        }[self.value]  # fmt: skip


OF_ONES_TURN: Mapping[LedgerView, Permission] = {
    LedgerView.TO_ACCEPT: Permission.ACCEPT,
    LedgerView.TO_APPROVE: Permission.APPROVE,
    LedgerView.UNSIGNED: Permission.SIGN,
    LedgerView.RETURNED: Permission.SIGN,
}
"""Views for whoever may do what they wait for; others reach them by a link only."""


def view_condition(viewer: Viewer, view: LedgerView, today: date) -> Condition:
    """Problems of a view, to be narrowed to what the viewer may see."""
    match view:
        case LedgerView.MINE:
            return acted_on_by(viewer)
        case LedgerView.OVERDUE:
            return is_overdue(today)
        case LedgerView.THIS_WEEK:
            return sa.and_(Issue.status == IssueStatus.RECTIFYING, Issue.deadline.between(today, _sunday(today)))
        case LedgerView.TO_ACCEPT:
            return waits_for_acceptance_by(viewer)
        case LedgerView.TO_APPROVE:
            return waits_for_approval_by(viewer)
        case LedgerView.UNSIGNED:
            units = [grant.unit_id for grant in viewer.grants_with(Permission.SIGN)]
            own = Issue.responsible_unit_id.in_(units) if units else sa.true()
            unsigned = sa.and_(Issue.status == IssueStatus.RECTIFYING, Issue.signed_on.is_(None), own)
            return sa.and_(unsigned, sa.not_(is_carried()))
        case LedgerView.RETURNED:
            returned = sa.and_(Issue.status == IssueStatus.RECTIFYING, Issue.returns > 0, _given_back_in_this_round())
            return sa.and_(returned, sa.not_(is_carried()))
        case _:
            return sa.true()


def _given_back_in_this_round() -> Condition:
    return sa.exists().where(
        IssueEvent.issue_id == Issue.id, IssueEvent.round == Issue.round, IssueEvent.verb == Verb.RETURN
    )


def view_counts(
    session: Session, viewer: Viewer, here: Condition, today: date, chosen: LedgerView, days: Sequence[DayTotal]
) -> dict[LedgerView, int]:
    """How many problems each view has of those in `here`; 0 for what only others wait for and nobody asked for.

    `days` are the sums of `here`: three of the views ask for nothing else.
    """

    def count(view: LedgerView) -> int:
        match view:
            case LedgerView.ALL:
                return sum(day.count for day in days)
            case LedgerView.OVERDUE:
                return _due(days, date.min, today - timedelta(days=1))
            case LedgerView.THIS_WEEK:
                return _due(days, today, _sunday(today))
            case LedgerView.MINE:
                mine = last_by(viewer)
                asked = (
                    sa.select(sa.func.count()).select_from(mine).join(Issue, Issue.id == mine.c.issue_id).where(here)
                )
            case _:
                asked = sa.select(sa.func.count()).select_from(Issue).where(here, view_condition(viewer, view, today))
        return int(session.scalar(asked) or 0)

    theirs = {v for v, p in OF_ONES_TURN.items() if p is Permission.SIGN and v is not chosen and not viewer.may(p)}
    return {view: 0 if view in theirs else count(view) for view in LedgerView}


def _sunday(today: date) -> date:
    return today + timedelta(days=6 - today.weekday())


def _due(days: Sequence[DayTotal], first: date, last: date) -> int:
    """Under way and due from one day to another."""
    running = (day for day in days if day.status is IssueStatus.RECTIFYING and day.deadline is not None)
    return sum(day.count for day in running if first <= (day.deadline or first) <= last)

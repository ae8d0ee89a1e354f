"""等别人办的: what the viewer has a part in and others have in hand, so that nobody chases what is not theirs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.role import Permission, Role
from queries.carry_over import is_carried
from queries.issue_place import of_units
from queries.issue_waiting import acted_on_by, for_the_leader
from queries.ledger_light import is_overdue
from queries.reading import reading
from queries.scope import Condition, in_places, issue_visible
from queries.today import waits_for
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class HandedOn:
    """Problems others have: `holder` in words, `status` where they stand, `longest_days` since it is theirs.

    `overdue`: of those with a unit, how many are past their deadline.
    """

    status: IssueStatus
    holder: str
    count: int
    longest_days: int
    overdue: int = 0

    @property
    def label(self) -> str:
        """Where they stand, in the ledger's word."""
        return self.status.label


def handed_on(viewer: Viewer, campaign_id: int, today: date) -> tuple[HandedOn, ...]:
    """By status, in the order of a problem's life; what waits for the viewer is not among them."""
    since = sa.case(
        (Issue.status.in_(IssueStatus.held()), Issue.requested_on),
        (Issue.status == IssueStatus.RECTIFYING, Issue.assigned_on),
        else_=Issue.registered_on,
    )
    leaders = sa.case((for_the_leader(), 1), else_=0)
    late = sa.func.sum(sa.case((is_overdue(today), 1), else_=0))
    units = sa.func.count(Issue.responsible_unit_id.distinct())
    query = (
        sa.select(
            Issue.status, sa.func.count(), sa.func.min(since), late, units, sa.func.min(Issue.responsible_unit_name),
            sa.func.min(leaders), sa.func.max(leaders),
        )
        .where(Issue.campaign_id == campaign_id, Issue.status.in_(IssueStatus.open()), issue_visible(viewer))
        .where(sa.not_(is_carried()))
        .where(sa.or_(sa.false(), *_concerns(viewer)), sa.not_(waits_for(viewer, today)))
        .group_by(Issue.status)
    )  # fmt: skip
    with reading() as session:
        found = {
            status: HandedOn(
                status, _holder(status, units, name, bool(least), bool(most)), count,
                (today - first).days if first else 0, int(late),
            )
            for status, count, first, late, units, name, least, most in session.execute(query)
        }  # fmt: skip
    return tuple(found[status] for status in IssueStatus.open() if status in found)


def _concerns(viewer: Viewer) -> Iterator[Condition]:
    """A unit's own, what an inspector had a hand in, everything in the region of office and leader."""
    if viewer.may(Permission.RAISE):
        yield acted_on_by(viewer)
    for grant in viewer.grants:
        if grant.role is Role.UNIT:
            yield sa.or_(Issue.responsible_unit_id == grant.unit_id, of_units((grant.unit_id,)))
        if grant.role in (Role.OFFICE, Role.LEADER):
            yield in_places(grant, Issue.reporting_unit_id, Issue.town_id, Issue.village_id)


def _holder(status: IssueStatus, units: int, name: str | None, all_leaders: bool, any_leaders: bool) -> str:
    match status:
        case IssueStatus.RECTIFYING:
            return (name or "责任单位") if units == 1 else f"{units} 个责任单位"
        case IssueStatus.ACCEPTANCE:
            return "检查组或办公室"
        case IssueStatus.APPROVAL if all_leaders:
            return "领导"
        case IssueStatus.APPROVAL if any_leaders:
            return "办公室、领导"
        case _:
            return "办公室"

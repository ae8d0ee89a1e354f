"""Who is reminded today of which problems: those whose hands it is in, by the rules, and whom a reached step names."""

from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.digest import BEFORE
from models.escalation import Audience, EscalationStep, reached
from models.issue import Verb
from models.issue_record import Issue
from models.issue_word import Handling, IssueStatus
from models.role import Role, roles_that_may
from models.user import Membership, User
from queries.concerned import concerned, people_of_the_unit
from queries.escalation import steps_in, steps_taken
from queries.issue_case import case_of
from queries.scope import OFFENCES

Lines = dict[int, dict[int, str | None]]
"""Person → problem → the step it has come to, None where it is only due."""
_ROLES = {Role.OFFICE: Audience.OFFICE, Role.LEADER: Audience.LEADER}


def lines_due(session: Session, campaign_id: int, today: date) -> Lines:
    """Everybody's lines of the day. Only problems that are being rectified and that nobody proposed to dismiss.

    The unit hears 7, 3 and 1 days before, on the day of a step that names it, and every day once it is overdue; of a
    problem it was not told of (group C) the leader hears instead. Office and leader hear of steps not yet taken that
    name them.
    """
    steps = steps_in(session, campaign_id)
    running = sa.and_(
        Issue.campaign_id == campaign_id, Issue.status == IssueStatus.RECTIFYING, Issue.deadline.is_not(None),
        sa.not_(Issue.dismissal_pending),
    )  # fmt: skip
    issues = session.scalars(sa.select(Issue).where(running).order_by(Issue.deadline, Issue.id)).all()
    taken = steps_taken(session, [issue.id for issue in issues])
    units: dict[int | None, frozenset[int]] = {}
    keepers = _keepers(session) if any(_names_keepers(step) for step in steps) else ()
    lines: Lines = {}
    for issue in issues:
        open_steps = [s for s in reached(steps, issue.deadline, today) if s.name not in taken.get(issue.id, ())]
        if _is_due(issue, steps, today):
            name = next((s.name for s in reversed(open_steps) if Audience.UNIT in s.told), None)
            for person in _holders(session, issue, today, units):
                lines.setdefault(person, {})[issue.id] = name
        for person, name in _told_of_steps(issue, open_steps, keepers):
            lines.setdefault(person, {})[issue.id] = name
    return lines


def _is_due(issue: Issue, steps: Sequence[EscalationStep], today: date) -> bool:
    assert issue.deadline is not None
    left = (issue.deadline - today).days
    return left < 0 or left in BEFORE or any(s.days == -left and Audience.UNIT in s.told for s in steps)


def _holders(
    session: Session, issue: Issue, today: date, units: dict[int | None, frozenset[int]]
) -> frozenset[int]:  # fmt: skip
    """Whose hands it is in; a unit's people are read once, the rules are asked where it is not simply the unit."""
    if issue.handling is Handling.DIRECT or (issue.type_code in OFFENCES and not issue.is_released):
        return frozenset(one.person_id for one in concerned(session, issue, case_of(session, issue), today))
    if issue.responsible_unit_id not in units:
        units[issue.responsible_unit_id] = people_of_the_unit(session, issue.responsible_unit_id)
    return units[issue.responsible_unit_id]


def _names_keepers(step: EscalationStep) -> bool:
    return Audience.OFFICE in step.told or Audience.LEADER in step.told


def _keepers(session: Session) -> Sequence[sa.Row[int, Membership]]:
    """Those who may 督办, with the grant that says where."""
    return session.execute(
        sa.select(User.person_id, Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.role.in_(roles_that_may(Verb.SUPERVISE.permission)), User.disabled_at.is_(None))
        .where(Membership.confirmed_at.is_not(None), Membership.ended_at.is_(None))
        .order_by(Membership.id)
    ).all()


def _told_of_steps(
    issue: Issue, open_steps: Sequence[EscalationStep], keepers: Sequence[sa.Row[int, Membership]]
) -> Iterator[tuple[int, str]]:  # fmt: skip
    for person, grant in keepers:
        here = grant.reporting_unit_id in (None, issue.reporting_unit_id)
        here = here and grant.region_id in (None, issue.town_id, issue.village_id)
        name = next((s.name for s in reversed(open_steps) if _ROLES[grant.role] in s.told), None)
        if here and name is not None:
            yield person, name

"""Whose turn it is with a problem, as people: those whom a reminder has to reach, none of them left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue import Verb
from models.issue_record import Issue
from models.issue_rule import Case, Doer, awaited_verb, refusal
from models.role import Role, roles_that_may
from models.unit import Person, TeamMember, Unit
from models.user import Membership, User


@dataclass(frozen=True, slots=True)
class Concerned:
    """A person who may do what the problem waits for, and the unit they do it for."""

    person_id: int
    unit: str


def concerned(
    session: Session, issue: Issue, case: Case, today: date, verb: Verb | None = None
) -> tuple[Concerned, ...]:
    """Everybody with an account who may do the verb, the awaited one if none is named: each asked of the rules;
    of inspectors its own team only.

    Whoever stands in for one of them reads the notice too (queries.notice).
    """
    verb = verb or awaited_verb(case)
    if verb is None:
        return ()
    judges, team = people_of_the_unit(session, issue.responsible_unit_id), _team(session, issue, today)
    found: dict[int, Concerned] = {}
    for membership, person, unit_name in _holders(session, verb):
        doer = _doer(membership, person, judges, issue)
        if _reaches(membership, person, issue, team) and refusal(verb, case, doer) is None:
            unit = issue.responsible_unit_name if membership.role is Role.UNIT else None
            found.setdefault(person.id, Concerned(person.id, unit or unit_name))
    return tuple(found.values())


def _holders(session: Session, verb: Verb) -> Sequence[sa.Row[Membership, Person, str]]:
    return session.execute(
        sa.select(Membership, Person, Unit.name)
        .join(User, User.id == Membership.user_id)
        .join(Person, Person.id == User.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Membership.role.in_(roles_that_may(verb.permission)))
        .where(Membership.confirmed_at.is_not(None), Membership.ended_at.is_(None), User.disabled_at.is_(None))
        .order_by(Membership.id)
    ).all()


def people_of_the_unit(session: Session, unit_id: int | None) -> frozenset[int]:
    """People who act for a unit under any account: they judge none of its problems."""
    return frozenset(
        session.scalars(
            sa.select(User.person_id)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.role == Role.UNIT, Membership.unit_id == unit_id)
            .where(Membership.confirmed_at.is_not(None), Membership.ended_at.is_(None))
        )
    )


def _team(session: Session, issue: Issue, today: date) -> frozenset[int]:
    return frozenset(
        session.scalars(
            sa.select(TeamMember.person_id)
            .where(TeamMember.team_id == issue.team_id, TeamMember.valid_from <= today)
            .where(sa.or_(TeamMember.valid_to.is_(None), TeamMember.valid_to >= today))
        )
    )


def _doer(membership: Membership, person: Person, judges: frozenset[int], issue: Issue) -> Doer:
    unit_id = membership.unit_id if membership.role is Role.UNIT and membership.unit_id else person.unit_id
    own = {person.unit_id, *([issue.responsible_unit_id] if person.id in judges else [])}
    return Doer(frozenset({person.id}), membership.role, unit_id, frozenset(u for u in own if u is not None))


def _reaches(membership: Membership, person: Person, issue: Issue, team: frozenset[int]) -> bool:
    """Whether the problem lies where the role holds; of a unit the rules themselves ask."""
    if membership.role is Role.UNIT:
        return True
    if membership.role is Role.INSPECTOR:
        return person.id in team and (person.home_village_id is None or person.home_village_id != issue.village_id)
    in_unit = membership.reporting_unit_id in (None, issue.reporting_unit_id)
    return in_unit and membership.region_id in (None, issue.town_id, issue.village_id)

"""Whose turn it is with a problem, as people: those whom a reminder has to reach, none of them left out."""

from collections.abc import Mapping, Sequence
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
    judges, team = _of_the_units(session, case), _team(session, issue, today)
    idle = case.units - {p.unit_id for p in case.places if not p.is_done} - {issue.responsible_unit_id}
    found: dict[int, Concerned] = {}
    for membership, person, unit_name in _holders(session, verb):
        doer = _doer(membership, person, judges)
        if membership.role is Role.UNIT and doer.unit_id in idle:
            continue  # its own places are done: it has nothing to hurry
        if _reaches(membership, person, issue, team) and refusal(verb, case, doer) is None:
            holds = membership.role is Role.UNIT and doer.unit_id == issue.responsible_unit_id
            unit = issue.responsible_unit_name if holds else None
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


def _of_the_units(session: Session, case: Case) -> dict[int, frozenset[int]]:
    """For people who act for a responsible unit under any account, which ones: they judge none of its problems."""
    rows = session.execute(
        sa.select(User.person_id, Membership.unit_id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.role == Role.UNIT, Membership.unit_id.in_(case.units))
        .where(Membership.confirmed_at.is_not(None), Membership.ended_at.is_(None))
    )
    found: dict[int, frozenset[int]] = {}
    for person_id, unit_id in rows:
        found[person_id] = found.get(person_id, frozenset()) | {unit_id or 0}
    return found


def _team(session: Session, issue: Issue, today: date) -> frozenset[int]:
    return frozenset(
        session.scalars(
            sa.select(TeamMember.person_id)
            .where(TeamMember.team_id == issue.team_id, TeamMember.valid_from <= today)
            .where(sa.or_(TeamMember.valid_to.is_(None), TeamMember.valid_to >= today))
        )
    )


def _doer(membership: Membership, person: Person, judges: Mapping[int, frozenset[int]]) -> Doer:
    unit_id = membership.unit_id if membership.role is Role.UNIT and membership.unit_id else person.unit_id
    belongs_to = judges.get(person.id, frozenset()) | {person.unit_id}
    return Doer(frozenset({person.id}), membership.role, unit_id, belongs_to)


def _reaches(membership: Membership, person: Person, issue: Issue, team: frozenset[int]) -> bool:
    """Whether the problem lies where the role holds; of a unit the rules themselves ask."""
    if membership.role is Role.UNIT:
        return True
    if membership.role is Role.INSPECTOR:
        return person.id in team and (person.home_village_id is None or person.home_village_id != issue.village_id)
    in_unit = membership.reporting_unit_id in (None, issue.reporting_unit_id)
    return in_unit and membership.region_id in (None, issue.town_id, issue.village_id)

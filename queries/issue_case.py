"""What the rules need to know of one problem, read from its record and its history."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.campaign import Campaign, CampaignState
from models.evidence import Evidence, EvidencePurpose
from models.issue import ASKING_VERBS, PROPOSING_VERBS, WRITING_VERBS, Verb
from models.issue_record import MEASURE_FIELDS, Issue, IssueEvent
from models.issue_rule import Case, Doer
from models.issue_word import IssueStatus
from models.role import Role
from queries.carry_over import carried_to_number
from queries.extension import waiting_request
from queries.issue_money import money_standing
from queries.issue_place import place_states
from queries.measure import unfinished
from queries.referral import referral_bodies
from queries.review import review_standing
from queries.scope import issue_visible_to
from queries.viewer import Grant, Viewer, doers

Event = sa.Row[tuple[str, int, int | None, dict[str, Any]]]
"""Verb, who, for whom, what it brought."""


def case_of(session: Session, issue: Issue, today: date | None = None) -> Case:
    """The case as the rules see it now; without a `today` nothing is late."""
    events = session.execute(
        sa.select(IssueEvent.verb, IssueEvent.person_id, IssueEvent.stood_in_for_id, IssueEvent.detail)
        .where(IssueEvent.issue_id == issue.id, IssueEvent.round == issue.round)
        .order_by(IssueEvent.position)
    ).all()
    last_request = [e for e in events if e.verb in ASKING_VERBS][-1:]
    reviews = review_standing(session, issue)
    proposal = [e for e in events if e.verb in PROPOSING_VERBS][-1:] if issue.dismissal_pending else []
    referred_to, unanswered = referral_bodies(session, issue.id)
    return Case(
        status=issue.status,
        type_code=issue.type_code,
        author_id=issue.author_id,
        handling=issue.handling,
        responsible_unit_id=issue.responsible_unit_id,
        requested_from=issue.requested_from,
        requesters=_people(last_request),
        writers=_people([e for e in events if _writes(e)]) | _evidence_givers(session, issue),
        acceptors=_people([e for e in events if e.verb == Verb.ACCEPT]),
        dismissal_proposers=_people(proposal),
        proposed=Verb(proposal[0].verb) if proposal else None,
        is_released=issue.is_released,
        is_signed=issue.signed_on is not None,
        unfinished=unfinished(session, issue),
        reviews_held=reviews.held,
        reviews_asked=reviews.asked,
        review_is_due=review_is_due(issue, today) and reviews.held < reviews.asked,
        has_deadline=issue.deadline is not None,
        is_late=today is not None and issue.deadline is not None and issue.deadline < today,
        extension_askers=_time_askers(session, issue),
        is_contested=_is_contested(events),
        is_concluding=session.get_one(Campaign, issue.campaign_id).state is CampaignState.CONCLUDED,
        carried_to=carried_to_number(session, issue.id),
        money=money_standing(session, issue),
        referred_to=referred_to,
        unanswered=unanswered,
        places=place_states(session, issue.id),
    )


def _is_contested(events: Sequence[Event]) -> bool:
    """A 申辩 waits for its answer; this is what `queries.contest.waits_for_an_answer` finds in SQL."""
    return [e.verb for e in events if e.verb in (Verb.CONTEST, Verb.ANSWER)][-1:] == [Verb.CONTEST]


def review_is_due(issue: Issue, today: date | None) -> bool:
    """Whether the office has to review it now."""
    due, is_under_way = issue.next_step_on, issue.status is IssueStatus.RECTIFYING and issue.deadline is None
    return is_under_way and today is not None and due is not None and due <= today


def _writes(event: Event) -> bool:
    """An office's edit in a returned ledger makes a writer whatever the field; elsewhere the measures alone do."""
    wrote = event.detail.get("writer") is True or event.detail.get("field") in MEASURE_FIELDS
    return (event.verb == Verb.CORRECT and wrote) or event.verb in WRITING_VERBS


def _people(events: Sequence[Event]) -> frozenset[int]:
    """Who did it and for whom: the two-person rule looks at both."""
    return frozenset(p for e in events for p in (e.person_id, e.stood_in_for_id) if p is not None)


def _time_askers(session: Session, issue: Issue) -> frozenset[int]:
    waiting = waiting_request(session, issue)
    both = (waiting.person_id, waiting.stood_in_for_id) if waiting is not None else ()
    return frozenset(person for person in both if person is not None)


def _evidence_givers(session: Session, issue: Issue) -> frozenset[int]:
    given = session.execute(
        sa.select(Evidence.person_id, Evidence.stood_in_for_id).where(
            Evidence.issue_id == issue.id,
            Evidence.round == issue.round,
            Evidence.purpose == EvidencePurpose.RECTIFICATION,
        )
    )
    return frozenset(person for row in given for person in row if person is not None)


def doers_for(session: Session, viewer: Viewer, issue: Issue, grants: tuple[Grant, ...]) -> tuple[Doer, ...]:
    """The viewer under each of the grants that reach this problem."""
    if not grants:
        return ()
    row = session.execute(sa.select(*(issue_visible_to(viewer, g) for g in grants)).where(Issue.id == issue.id)).one()
    units = (viewer.unit_id, *(g.unit_id for g in viewer.grants if g.role is Role.UNIT))
    belongs_to = frozenset(u for u in units if u is not None)
    reaching = [g for g, reaches in zip(grants, row, strict=True) if reaches]
    return tuple(
        replace(doer, belongs_to=belongs_to | frozenset(grant.principal_units))
        for doer, grant in zip(doers(viewer, reaching), reaching, strict=True)
    )


INSIDERS = frozenset({Role.OFFICE, Role.LEADER, Role.AUDITOR, Role.DISCIPLINE})


def sees_inside(doers: Iterable[Doer]) -> bool:
    """Whether one of the roles that reach a problem is told of its referrals and sanctions: never unit or inspector."""
    return any(doer.role in INSIDERS for doer in doers)

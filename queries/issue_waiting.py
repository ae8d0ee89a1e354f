"""Problems that wait for this very person: the rules of `models.issue_rule.refusal` as a `where`, role by role.

A list that says 待我验收 shows only what the button would then let them do. A test compares with `allowed_verbs`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.evidence import Evidence, EvidencePurpose
from models.issue import BY_VERB, PROPOSING_VERBS, WRITING_VERBS, Verb
from models.issue_record import MEASURE_FIELDS, Issue, IssueEvent
from models.issue_rule import LEADERS_TRACKS
from models.issue_word import Handling, IssueStatus
from models.role import Role
from models.unit import Unit
from queries.extension import asks_for_time
from queries.issue_place import of_units, with_a_dissolved_unit
from queries.referral import waits_for_reply
from queries.scope import OFFENCES, Condition, issue_visible_to
from queries.viewer import Grant, Viewer


def waits_for_acceptance_by(viewer: Viewer) -> Condition:
    """The viewer may accept: outside the responsible unit, wrote nothing of this round."""
    return _under_any(viewer, Verb.ACCEPT, _may_accept)


def waits_for_approval_by(viewer: Viewer) -> Condition:
    """The viewer may approve: office, leader for what is theirs; neither writer nor acceptor of this round."""
    return _under_any(viewer, Verb.APPROVE, _may_approve)


def waits_for_decision_on_dismissal_by(viewer: Viewer) -> Condition:
    """The viewer may decide on a proposed dismissal: leader for group C, office else; never who proposed it."""
    return _under_any(viewer, Verb.CONFIRM_DISMISSAL, _may_decide)


def waits_for_more_time_from(viewer: Viewer) -> Condition:
    """The viewer may decide on more time: office outside the responsible unit, leader for LISTED; never who asked."""
    return _under_any(viewer, Verb.DECIDE_EXTENSION, _may_give_time)


def waits_for_review_by(viewer: Viewer, today: date) -> Condition:
    """The day of a review of 长期坚持 has come, and the viewer may do it: outside the unit, wrote nothing of it."""
    due = sa.and_(Issue.deadline.is_(None), Issue.next_step_on.is_not(None), Issue.next_step_on <= today)
    return sa.and_(due, _under_any(viewer, Verb.REVIEW, _may_accept))


def waits_for_reassignment() -> Condition:
    """Under way with a unit that is no more: the office must hand it to another one."""
    gone = sa.select(Unit.id).where(Unit.valid_to.is_not(None))
    held = sa.or_(Issue.responsible_unit_id.in_(gone), with_a_dissolved_unit())
    return sa.and_(Issue.status == IssueStatus.RECTIFYING, held)


def acted_on_by(viewer: Viewer) -> Condition:
    """The viewer, or whoever they stood in for, did something to it: what people look for as 我经办的."""
    if viewer.person_id is None:
        return sa.false()
    mine = sa.or_(IssueEvent.person_id == viewer.person_id, IssueEvent.stood_in_for_id == viewer.person_id)
    return Issue.id.in_(sa.select(IssueEvent.issue_id).where(mine))


def _under_any(viewer: Viewer, verb: Verb, rule: Callable[[Viewer, Grant], Condition]) -> Condition:
    if viewer.person_id is None:
        return sa.false()
    parts = [
        sa.and_(issue_visible_to(viewer, grant), rule(viewer, grant)) for grant in viewer.grants_with(verb.permission)
    ]
    return sa.and_(Issue.status.in_(BY_VERB[verb].sources), sa.or_(sa.false(), *parts))


def _may_accept(viewer: Viewer, grant: Grant) -> Condition:
    return sa.and_(not_responsible(viewer, grant), sa.not_(_wrote(_people(viewer, grant))))


def _may_approve(viewer: Viewer, grant: Grant) -> Condition:
    people = _people(viewer, grant)
    nor_accepted = sa.not_(_did(people, IssueEvent.verb == Verb.ACCEPT))
    own_kind = _own_kind(grant, for_the_leader())
    return sa.and_(
        not_responsible(viewer, grant), own_kind, sa.not_(_wrote(people)), nor_accepted, sa.not_(waits_for_reply())
    )


def _may_decide(viewer: Viewer, grant: Grant) -> Condition:
    """Only the last proposal of the round counts: an earlier one was declined."""
    later = aliased(IssueEvent)
    proposed_again = sa.exists().where(
        later.issue_id == IssueEvent.issue_id,
        later.position > IssueEvent.position,
        later.verb.in_(PROPOSING_VERBS),
    )
    last_proposal = sa.and_(IssueEvent.verb.in_(PROPOSING_VERBS), sa.not_(proposed_again))
    own_kind = _own_kind(grant, Issue.type_code.in_(OFFENCES))
    return sa.and_(Issue.dismissal_pending, own_kind, sa.not_(_did(_people(viewer, grant), last_proposal)))


def _may_give_time(viewer: Viewer, grant: Grant) -> Condition:
    listed = sa.and_(Issue.handling.is_not(None), Issue.handling == Handling.LISTED)
    return sa.and_(asks_for_time(but=_people(viewer, grant)), not_responsible(viewer, grant), _own_kind(grant, listed))


def for_the_leader() -> Condition:
    """`models.issue_rule.is_for_the_leader` in SQL; never unknown, so that it may be negated."""
    on_their_track = sa.and_(Issue.handling.is_not(None), Issue.handling.in_(LEADERS_TRACKS))
    return sa.or_(Issue.type_code.in_(OFFENCES), on_their_track)


def _own_kind(grant: Grant, leaders: Condition) -> Condition:
    """What is the leader's, and the rest the office's."""
    return leaders if grant.role is Role.LEADER else sa.not_(leaders)


def _people(viewer: Viewer, grant: Grant) -> frozenset[int]:
    """The person and whoever they stand in for under this grant: the two-person rule looks at both."""
    return frozenset(p for p in (viewer.person_id, grant.stands_in_for) if p is not None)


def not_responsible(viewer: Viewer, grant: Grant) -> Condition:
    """Not responsible are: the unit the role acts for, where the person works, units they act for under other roles;
    and those of whom they stand in for."""
    own = {
        grant.unit_id,
        viewer.unit_id,
        *grant.principal_units,
        *(g.unit_id for g in viewer.grants if g.role is Role.UNIT),
    }
    direct = sa.and_(Issue.handling.is_not(None), Issue.handling == Handling.DIRECT)
    not_ours = sa.or_(Issue.responsible_unit_id.is_(None), direct, Issue.responsible_unit_id.not_in(own - {None}))
    return sa.and_(not_ours, sa.not_(of_units(own)))


def _wrote(people: frozenset[int]) -> Condition:
    """Measures, progress or evidence of this round came from one of them."""
    # The detail is canonical JSON, quotes inside a value are escaped: this text can only be the key and its value.
    said = ('"writer":true', *(f'"field":"{field}"' for field in sorted(MEASURE_FIELDS)))
    corrected = [sa.type_coerce(IssueEvent.detail, sa.Text).contains(word, autoescape=True) for word in said]
    writing = sa.or_(
        IssueEvent.verb.in_(sorted(WRITING_VERBS)), sa.and_(IssueEvent.verb == Verb.CORRECT, sa.or_(*corrected))
    )
    gave = sa.select(Evidence.issue_id, Evidence.round).where(
        _by(people, Evidence), Evidence.purpose == EvidencePurpose.RECTIFICATION, Evidence.issue_id.is_not(None)
    )
    return sa.or_(_did(people, writing), _this_round(gave))


def _did(people: frozenset[int], what: Condition) -> Condition:
    return _this_round(sa.select(IssueEvent.issue_id, IssueEvent.round).where(_by(people, IssueEvent), what))


def _by(people: frozenset[int], acts: type[IssueEvent] | type[Evidence]) -> Condition:
    return sa.or_(acts.person_id.in_(people), acts.stood_in_for_id.in_(people))


def _this_round(acts: sa.Select[Any, Any]) -> Condition:
    """What one person did is a short list, found once; asked problem by problem, 100,000 of them took a second."""
    return sa.tuple_(Issue.id, Issue.round).in_(acts)

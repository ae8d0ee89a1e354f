"""Problems that wait for this very person: the rules of `models.issue.refusal` as a `where`, role by role.

A list that says 待我验收 shows only what the button would then let them do. A test compares with `allowed_verbs`.
"""

from collections.abc import Callable

import sqlalchemy as sa

from models.evidence import Evidence, EvidencePurpose
from models.issue import BY_VERB, WRITING_VERBS, Verb
from models.issue_record import MEASURE_FIELDS, Issue, IssueEvent
from models.role import Role
from queries.scope import OFFENCES, Condition, issue_visible_to
from queries.viewer import Grant, Viewer


def waits_for_acceptance_by(viewer: Viewer) -> Condition:
    """The viewer may accept: outside the responsible unit, wrote nothing of this round."""
    return _under_any(viewer, Verb.ACCEPT, _may_accept)


def waits_for_approval_by(viewer: Viewer) -> Condition:
    """The viewer may approve: office, leader for group C; neither writer nor acceptor of this round."""
    return _under_any(viewer, Verb.APPROVE, _may_approve)


def acted_on_by(viewer: Viewer) -> Condition:
    """The viewer, or whoever they stood in for, did something to it: what people look for as 我经办的."""
    if viewer.person_id is None:
        return sa.false()
    mine = sa.or_(IssueEvent.person_id == viewer.person_id, IssueEvent.stood_in_for_id == viewer.person_id)
    return Issue.id.in_(sa.select(IssueEvent.issue_id).where(mine))


def _under_any(viewer: Viewer, verb: Verb, rule: Callable[[frozenset[int], Grant], Condition]) -> Condition:
    if viewer.person_id is None:
        return sa.false()
    parts = [
        sa.and_(issue_visible_to(viewer, grant), _outside(viewer, grant), rule(_people(viewer, grant), grant))
        for grant in viewer.grants_with(verb.permission)
    ]
    return sa.and_(Issue.status.in_(BY_VERB[verb].sources), sa.or_(sa.false(), *parts))


def _may_accept(people: frozenset[int], grant: Grant) -> Condition:
    return sa.not_(_wrote(people))


def _may_approve(people: frozenset[int], grant: Grant) -> Condition:
    offence = Issue.type_code.in_(OFFENCES)
    own_kind = offence if grant.role is Role.LEADER else sa.not_(offence)
    return sa.and_(own_kind, sa.not_(_wrote(people)), sa.not_(_did(people, IssueEvent.verb == Verb.ACCEPT)))


def _people(viewer: Viewer, grant: Grant) -> frozenset[int]:
    """The person and whoever they stand in for under this grant: the two-person rule looks at both."""
    return frozenset(p for p in (viewer.person_id, grant.stands_in_for) if p is not None)


def _outside(viewer: Viewer, grant: Grant) -> Condition:
    """Not responsible are: the unit the role acts for, where the person works, units they act for under other roles."""
    own = {grant.unit_id, viewer.unit_id, *(g.unit_id for g in viewer.grants if g.role is Role.UNIT)}
    return sa.or_(Issue.responsible_unit_id.is_(None), Issue.responsible_unit_id.not_in(own - {None}))


def _wrote(people: frozenset[int]) -> Condition:
    """Measures, progress or evidence of this round came from one of them."""
    # The detail is canonical JSON, quotes inside a value are escaped: this text can only be the key and its value.
    corrected = [
        sa.type_coerce(IssueEvent.detail, sa.Text).contains(f'"field":"{field}"', autoescape=True)
        for field in sorted(MEASURE_FIELDS)
    ]
    writing = sa.or_(
        IssueEvent.verb.in_(sorted(WRITING_VERBS)), sa.and_(IssueEvent.verb == Verb.CORRECT, sa.or_(*corrected))
    )
    gave = sa.exists().where(
        Evidence.issue_id == Issue.id, Evidence.round == Issue.round, Evidence.person_id.in_(people),
        Evidence.purpose == EvidencePurpose.RECTIFICATION,
    )  # fmt: skip
    return sa.or_(_did(people, writing), gave)


def _did(people: frozenset[int], what: Condition) -> Condition:
    by_them = sa.or_(IssueEvent.person_id.in_(people), IssueEvent.stood_in_for_id.in_(people))
    return sa.exists().where(IssueEvent.issue_id == Issue.id, IssueEvent.round == Issue.round, what, by_them)

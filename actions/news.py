"""Who hears what was done to their problem: a notice in the app, written with the verb in its transaction."""

from actions.step import Step
from actions.telling import tell
from models.issue import Verb
from models.notice import NoticeKind
from queries.concerned import people_of_the_unit

NEWS: dict[Verb, NoticeKind] = {
    Verb.ASSIGN: NoticeKind.ASSIGNED,
    Verb.RELEASE: NoticeKind.ASSIGNED,
    Verb.REASSIGN: NoticeKind.ASSIGNED,
    Verb.RETURN: NoticeKind.RETURNED,
    Verb.BACK: NoticeKind.BACK,
    Verb.APPROVE: NoticeKind.CLOSED,
    Verb.REOPEN: NoticeKind.REOPENED,
    Verb.DECIDE_EXTENSION: NoticeKind.TIME_DECIDED,
}
"""The verbs somebody else has to hear of, besides those whose own action says whom it reaches."""


def tell_news(now: Step) -> None:
    """Write the notices of a step, if its verb has any; the step's case is the one the verb found.

    The accused unit hears nothing of a group C problem it was not told of.
    """
    kind = NEWS.get(now.verb)
    if kind is not None:
        tell(now, kind, _hearers(now))


def _hearers(now: Step) -> frozenset[int]:
    if now.verb is Verb.BACK:
        return now.case.acceptors
    is_told = now.issue.is_released or not now.case.is_suspected_offence
    unit = people_of_the_unit(now.tx.session, now.issue.responsible_unit_id) if is_told else frozenset()
    asked = now.case.requesters if now.verb in (Verb.RETURN, Verb.APPROVE) else frozenset()
    return unit | asked

"""Tell people of a problem: one notice each, inside the step that gives the reason. Whoever does it is not told."""

from collections.abc import Iterable
from datetime import date

from actions.step import Step
from models.notice import Notice, NoticeKind

LONGEST = 500


def tell(now: Step, kind: NoticeKind, people: Iterable[int], reply_by: date | None = None) -> int:
    """The same sentence, the step's note, to each of these people; returns to how many."""
    others = sorted(set(people) - now.doer.people)
    now.tx.session.add_all(
        Notice(
            person_id=person, issue_id=now.issue.id, kind=kind, text=(now.note or "")[:LONGEST] or None,
            sender_id=now.tx.person_id, sent_at=now.tx.now, reply_by=reply_by,
        )
        for person in others
    )  # fmt: skip
    return len(others)

"""What sets a problem apart in a list, in a few words: a track that is not the usual one, and what is missing."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue_record import Issue
from models.issue_rule import LEADERS_TRACKS
from queries.contest import waits_for_an_answer
from queries.ledger_marks import LedgerMark
from queries.listing import missing_reports


def marks_of(session: Session, issues: Sequence[Issue], today: date) -> Mapping[int, tuple[str, ...]]:
    """By problem; an empty tuple for most."""
    ids = [issue.id for issue in issues]
    unreported = missing_reports(session, ids, today)
    contested = frozenset(session.scalars(sa.select(Issue.id).where(Issue.id.in_(ids), waits_for_an_answer())))
    return {issue.id: tuple(_words(issue, issue.id in unreported, issue.id in contested)) for issue in issues}


def _words(issue: Issue, is_unreported: bool, is_contested: bool) -> list[str]:
    track = [issue.handling.label] if issue.handling in LEADERS_TRACKS else []
    return track + [LedgerMark.UNREPORTED.label] * is_unreported + [LedgerMark.CONTESTED.label] * is_contested

"""What sets a problem apart in a list, in a few words: a track that is not the usual one, and what is missing."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue_record import Issue
from models.issue_rule import LEADERS_TRACKS
from queries.carry_over import is_carried, is_kept
from queries.contest import waits_for_an_answer
from queries.ledger_marks import LedgerMark
from queries.listing import misses_report


def marks_of(session: Session, issues: Sequence[Issue], today: date) -> Mapping[int, tuple[str, ...]]:
    """By problem; an empty tuple for most."""
    marks = {
        LedgerMark.UNREPORTED: misses_report(today), LedgerMark.CONTESTED: waits_for_an_answer(),
        LedgerMark.CARRIED: is_carried(), LedgerMark.KEPT: is_kept(),
    }  # fmt: skip
    here = Issue.id.in_([issue.id for issue in issues])
    bearing = {mark: set(session.scalars(sa.select(Issue.id).where(here, is_so))) for mark, is_so in marks.items()}
    found = {}
    for issue in issues:
        track = [issue.handling.label] if issue.handling in LEADERS_TRACKS else []
        found[issue.id] = (*track, *(mark.label for mark, ids in bearing.items() if issue.id in ids))
    return found

"""What a returned ledger is compared with: each problem as it stands, under which rules this person may change it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from files.ledger_workbook import LedgerRow
from models.issue import WRITING_VERBS, Verb
from models.issue_record import IssueEvent
from models.issue_rule import FOR_THE_WHOLE, Case, Doer, is_for_a_place_only, refusal, writing_refusal
from models.role import Role
from models.unit import Person
from queries.issue_case import case_of, doers_for
from queries.ledger_sheet import ledger_rows_of
from queries.viewer import Viewer

CHUNK = 500


@dataclass(frozen=True, slots=True)
class ProblemNow:
    """One problem: its row of the ledger unmasked, its version, and the viewer under the roles that may change it."""

    row: LedgerRow
    case: Case
    reporters: tuple[Doer, ...]
    correctors: tuple[Doer, ...]

    def report_refusal(self) -> str | None:
        """Why the viewer cannot fill in what a unit fills in; None where they can, empty where it is not theirs."""
        return _first(
            refusal(Verb.REPORT, self.case, doer) or (FOR_THE_WHOLE if is_for_a_place_only(self.case, doer) else None)
            for doer in self.reporters
        )

    def correct_refusal(self) -> str | None:
        """The same for what the office corrects: who edits becomes a writer of the round."""
        return _first(
            refusal(Verb.CORRECT, self.case, doer) or writing_refusal(self.case, doer) for doer in self.correctors
        )


def problems_now(
    session: Session, viewer: Viewer, campaign_id: int, issue_ids: Sequence[int], today: date
) -> Iterator[tuple[int, ProblemNow]]:
    """Those of the campaign that the viewer sees; of any others nothing is said."""
    reports, corrects = viewer.grants_with(Verb.REPORT.permission), viewer.grants_with(Verb.CORRECT.permission)
    office = tuple(grant for grant in corrects if grant.role is Role.OFFICE)
    for start in range(0, len(issue_ids), CHUNK):
        found = ledger_rows_of(session, viewer, campaign_id, issue_ids[start : start + CHUNK], today)
        for issue_id, (issue, row) in found.items():
            yield (
                issue_id,
                ProblemNow(
                    row,
                    case_of(session, issue),
                    doers_for(session, viewer, issue, reports),
                    doers_for(session, viewer, issue, office),
                ),
            )


def last_change(session: Session, issue_id: int, field: str) -> tuple[str, datetime] | None:
    """Who last changed a field of a problem, and when; the last act of any kind where none names the field."""
    rows = session.execute(
        sa.select(IssueEvent.verb, IssueEvent.detail, IssueEvent.recorded_at, Person.name)
        .join(Person, Person.id == IssueEvent.person_id)
        .where(IssueEvent.issue_id == issue_id)
        .order_by(IssueEvent.position.desc())
    ).all()
    for verb, detail, at, name in rows:
        if _changes(verb, detail, field):
            return name, at
    return (rows[0].name, rows[0].recorded_at) if rows else None


_BROUGHT_BY = {
    "progress": frozenset({Verb.REPORT, Verb.EXTEND}),
    "measures": WRITING_VERBS - {Verb.REPORT, Verb.EXTEND} | {Verb.ASSIGN, Verb.REOPEN},
    "rule_mended": frozenset({Verb.REQUEST}),
    "responsible_leader": frozenset({Verb.ASSIGN, Verb.REASSIGN, Verb.REOPEN}),
    "person_in_charge": frozenset({Verb.ASSIGN, Verb.REASSIGN, Verb.REOPEN}),
}
"""Which verbs bring a field besides 更正 and 台账回填, which name it."""


def _changes(verb: str, detail: dict[str, Any], field: str) -> bool:
    if "fields" in detail:
        return field in detail["fields"]
    return detail.get("field") == field or verb in _BROUGHT_BY.get(field, ())


def _first(sentences: Iterator[str | None]) -> str | None:
    """None if any role may; else what the last was refused with, empty where there is no such role."""
    said = ""
    for sentence in sentences:
        if sentence is None:
            return None
        said = sentence
    return said

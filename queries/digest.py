"""The day's reminder as its reader sees it: only what is still theirs to do, with their own rights."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from models.deadline import Light, LightReading
from models.digest import Digest, DigestLine
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.masking import mask_text
from models.unit import Person
from queries.escalation import steps_taken
from queries.ledger_light import light_rule
from queries.reading import reading
from queries.scope import Condition, issue_visible
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class DigestRow:
    """One problem to be reminded of. Title masked; `step` the escalation step it has come to, empty without one;
    `stands_in_for` whose reminder it is, empty for the own.
    """

    issue_id: int
    number: str
    title: str
    responsible_unit: str
    light: LightReading
    step: str
    stands_in_for: str

    @property
    def is_overdue(self) -> bool:
        """Past the deadline."""
        return self.light.light is Light.OVERDUE


@dataclass(frozen=True, slots=True)
class DigestPage:
    """The unread reminder of the day: what is overdue first. `steps`: how many problems wait for which step."""

    rows: tuple[DigestRow, ...]

    @property
    def overdue(self) -> int:
        """How many are past their deadline."""
        return sum(row.is_overdue for row in self.rows)


def own_digest(viewer: Viewer, campaign_id: int, today: date) -> DigestPage:
    """Today's, of the viewer and of those they stand in for (代), until it is read.

    A problem that meanwhile asked for 销号, went to another unit or was dismissed is not listed any more, nor a step
    that was taken.
    """
    with reading() as session:
        found = session.execute(
            sa.select(Issue, DigestLine.step, Person.id, Person.name)
            .join(DigestLine, DigestLine.issue_id == Issue.id)
            .join(Digest, Digest.id == DigestLine.digest_id)
            .join(Person, Person.id == Digest.person_id)
            .where(digest_of(viewer), Digest.campaign_id == campaign_id, Digest.day == today, Digest.read_at.is_(None))
            .where(Issue.status == IssueStatus.RECTIFYING, sa.not_(Issue.dismissal_pending), issue_visible(viewer))
            .order_by(Issue.deadline, Issue.id, (Person.id != viewer.person_id))
        ).all()
        rule, rows = light_rule(session, campaign_id, today), dict[int, DigestRow]()
        taken = steps_taken(session, [issue.id for issue, *_ in found])
        for issue, step, person_id, name in found:
            is_own = person_id == viewer.person_id
            if step and step in taken.get(issue.id, ()) and not _holds(viewer, issue):
                continue
            rows.setdefault(
                issue.id,
                DigestRow(
                    issue.id, issue.number or "未编号", mask_text(issue.title), issue.responsible_unit_name or "—",
                    rule.of(issue), "" if step in taken.get(issue.id, ()) else step or "", "" if is_own else name,
                ),
            )  # fmt: skip
    return DigestPage(tuple(rows.values()))


def digest_of(viewer: Viewer) -> Condition:
    """Reminders to the viewer, or to somebody they stand in for."""
    people = {viewer.person_id, *(g.stands_in_for for g in viewer.grants)}
    return Digest.person_id.in_({person for person in people if person is not None})


def _holds(viewer: Viewer, issue: Issue) -> bool:
    return any(g.unit_id == issue.responsible_unit_id for g in viewer.grants)

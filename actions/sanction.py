"""登记问责 on one problem: how many people, by which document. Discipline's alone; corrected by a second row."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from actions.batch import not_to_come
from actions.issue_step import required_text, step
from actions.step import Step
from actions.transaction import Caller
from models.issue import Verb
from models.outcome import Outcome, OutcomeKind
from models.refusal import NotFoundOrNotYours, Refused

LONGEST_NUMBER, MOST = 60, 10_000


@dataclass(frozen=True, slots=True)
class Sanction:
    """People held to account by one document."""

    kind: OutcomeKind
    people: int
    document_number: str
    decided_on: date


def record_sanction(caller: Caller, issue_id: int, sanction: Sanction, version: int | None = None) -> int:
    """Record people held to account for a problem. Who: discipline in its region. Returns the row's id.

    Raises Refused for nobody, more than `MOST`, no document, or a day to come.
    """
    with step(caller, Verb.SANCTION, issue_id, version) as now:
        if not 0 < sanction.people <= MOST:
            raise Refused("请填写人数，应大于 0；以前登记错了的，用“更正”改。")
        not_to_come(sanction.decided_on, now.tx.today, "处理决定")
        number = required_text(sanction.document_number, "文号", least=2, most=LONGEST_NUMBER)
        row = _row(now, sanction.kind, sanction.people, number, sanction.decided_on)
        now.tx.session.flush()
        now.detail = {"kind": sanction.kind.value, "people": sanction.people, "document": number}
    return row.id


def correct_sanction(
    caller: Caller, issue_id: int, outcome_id: int, right_people: int, reason: str, version: int | None = None
) -> None:
    """Put a number of people right: a second row brings the difference, both stay. Who: discipline.

    `right_people`: what it should say; 0 takes it back whole. Raises Refused without a reason or for the same number.
    """
    with step(caller, Verb.SANCTION, issue_id, version) as now:
        first, stands = _first(now, outcome_id)
        if not 0 <= right_people <= MOST:
            raise Refused("更正后的人数不能是负数；整个登记错了的，填 0。")
        if right_people == stands:
            raise Refused(f"现在就是 {stands} 人，没有需要更正的。")
        now.note = required_text(reason, "更正理由", least=2, most=500)
        row = _row(now, first.kind, right_people - stands, first.document_number, first.decided_on)
        row.corrects_id, row.reason = first.id, now.note
        now.detail = {
            "kind": first.kind.value, "old": stands, "new": right_people, "document": first.document_number,
        }  # fmt: skip


def _row(now: Step, kind: OutcomeKind, people: int, document_number: str, day: date) -> Outcome:
    issue = now.issue
    row = Outcome(
        campaign_id=issue.campaign_id, issue_id=issue.id, reporting_unit_id=issue.reporting_unit_id,
        town_id=issue.town_id, kind=kind, people=people, decided_on=day, recorded_at=now.tx.now,
        recorded_by_id=now.tx.person_id, document_number=document_number,
    )  # fmt: skip
    now.tx.session.add(row)
    return row


def _first(now: Step, outcome_id: int) -> tuple[Outcome, int]:
    session = now.tx.session
    row = session.scalar(
        sa.select(Outcome).where(
            Outcome.id == outcome_id, Outcome.issue_id == now.issue.id, Outcome.corrects_id.is_(None)
        )
    )
    if row is None:
        raise NotFoundOrNotYours("问责登记")
    later = session.scalar(sa.select(sa.func.sum(Outcome.people)).where(Outcome.corrects_id == row.id))
    return row, row.people + int(later or 0)

"""移送: hand a problem to another authority with its papers, record its reply, or let it go on as a case of its own."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from actions.batch import not_to_come
from actions.issue_step import required_text, step
from actions.step import Step
from actions.transaction import Caller
from models.issue import Verb
from models.local_time import day_text
from models.referral import AnswerKind, Referral, ReferralAnswer, ReferralBody, ReferralPaper
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Role
from queries.evidence import evidence_of_issue
from queries.referral import unanswered_referrals

LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class ReferralOrder:
    """What 移送 must bring. `body_name`: of another authority only; `papers`: evidence of the problem, sent along."""

    body: ReferralBody
    ground: str
    document_number: str
    referred_on: date
    papers: tuple[int, ...] = ()
    body_name: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, with the number and day of the letter."""

    text: str
    document_number: str
    replied_on: date


def refer(caller: Caller, issue_id: int, order: ReferralOrder, version: int | None = None) -> int:
    """Refer a problem. Who: office, leader. Returns the referral's id.

    Raises Refused without ground or letter, for a day to come, for papers of another problem, and while the same
    authority has not replied yet.
    """
    with step(caller, Verb.REFER, issue_id, version) as now:
        session = now.tx.session
        name = (
            required_text(order.body_name, "机关名称", least=2, most=60) if order.body is ReferralBody.OTHER else None
        )
        not_to_come(order.referred_on, now.tx.today, "移送")
        row = Referral(
            issue_id=issue_id, round=now.issue.round, body=order.body, body_name=name,
            ground=required_text(order.ground, "移送理由", least=5),
            document_number=required_text(order.document_number, "移送函文号", least=2, most=LONGEST_NUMBER),
            referred_on=order.referred_on, person_id=now.tx.person_id, recorded_at=now.tx.now,
        )  # fmt: skip
        if any(earlier.to == row.to for earlier in unanswered_referrals(session, issue_id)):
            raise Refused(f"已移送{row.to}，还在等回复，不用再移送一次。")
        _check_papers(now, order.papers)
        session.add(row)
        session.flush()
        session.add_all(ReferralPaper(referral_id=row.id, evidence_id=paper) for paper in order.papers)
        now.note = row.ground
        now.detail = {"to": row.to, "document": row.document_number, "papers": len(order.papers)}
    return row.id


def record_reply(caller: Caller, issue_id: int, referral_id: int, reply: Reply, version: int | None = None) -> None:
    """Record what came back. Who: discipline for 纪委监委, the office for the others, from their letter.

    Raises Refused without text or letter, and for a day before the referral or to come.
    """
    with step(caller, Verb.REPLY, issue_id, version) as now:
        referral = now.tx.session.scalar(
            sa.select(Referral).where(Referral.id == referral_id, Referral.issue_id == issue_id)
        )
        if referral is None or not _is_theirs(referral, now):
            raise NotFoundOrNotYours("移送")
        not_to_come(reply.replied_on, now.tx.today, "回复")
        if reply.replied_on < referral.referred_on:
            raise Refused(f"回复日期早于移送日期 {day_text(referral.referred_on)}，请核对。")
        now.note = required_text(reply.text, "回复内容", least=5)
        number = required_text(reply.document_number, "回复文号", least=2, most=LONGEST_NUMBER)
        _answer(now, referral, AnswerKind.REPLY, number, reply.replied_on)
        now.detail = {"to": referral.to, "document": number}


def treat_separately(caller: Caller, issue_id: int, reason: str, version: int | None = None) -> None:
    """另案处理: what was referred goes on by itself, closing waits for it no longer. Who: leader. All that wait are
    answered with it."""
    with step(caller, Verb.SEPARATE, issue_id, version) as now:
        now.note = required_text(reason, "另案处理的理由", least=5, most=500)
        waiting = unanswered_referrals(now.tx.session, issue_id)
        for referral in waiting:
            _answer(now, referral, AnswerKind.SEPARATE, None, now.tx.today)
        now.detail = {"to": "、".join(referral.to for referral in waiting)}


def _is_theirs(referral: Referral, now: Step) -> bool:
    return (referral.body is ReferralBody.DISCIPLINE) == (now.doer.role is Role.DISCIPLINE)


def _answer(now: Step, referral: Referral, kind: AnswerKind, number: str | None, day: date) -> None:
    now.tx.session.add(
        ReferralAnswer(
            referral_id=referral.id, kind=kind, text=now.note, document_number=number, answered_on=day,
            person_id=now.tx.person_id, recorded_at=now.tx.now,
        )
    )  # fmt: skip


def _check_papers(now: Step, papers: tuple[int, ...]) -> None:
    own = {row.id for row in evidence_of_issue(now.tx.session, now.tx.viewer, now.issue.id)}
    if not set(papers) <= own:
        raise NotFoundOrNotYours("佐证")

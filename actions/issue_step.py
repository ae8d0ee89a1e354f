"""What every verb on a problem shares: find it within one's rights, ask the rules, log the step, keep the version."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from actions.campaign import working_campaign
from actions.news import tell_news
from actions.step import Step as Step
from actions.transaction import Caller, Transaction, transaction
from models.campaign_work import CampaignWork
from models.issue import INSIDE_VERBS, Verb
from models.issue_record import Issue, IssueEvent, stands_as
from models.issue_rule import Case, Doer, refusal
from models.issue_word import IssueStatus
from models.refusal import NotFoundOrNotYours, Refused, Stale
from queries.calendar import calendar_in
from queries.issue_case import case_of, doers_for, sees_inside
from queries.referral import before_discipline
from queries.scope import issue_visible


@contextmanager
def step(caller: Caller, verb: Verb, issue_id: int, version: int | None) -> Iterator[Step]:
    """Open one verb on one problem: permission first, then the table, then the log and whoever has to hear of it.

    `version` is the one that was on screen; None from the terminal's own tests. Raises Refused, Stale, SignedOut or
    NotFoundOrNotYours; then nothing was written.
    """
    with transaction(caller) as tx:
        tx.require(verb.permission)
        issue = _find(tx, verb, issue_id)
        if version is not None and issue.version != version:
            raise Stale(_who_was_first(tx, issue))  # before the rules: "not in this status" would not say why
        working_campaign(tx, issue.campaign_id, CampaignWork.RAISE if verb is Verb.SUBMIT else CampaignWork.HANDLE)
        case = case_of(tx.session, issue, tx.today)
        doer = _permitted(tx, verb, issue, case)
        now = Step(tx, verb, issue, case, doer, calendar_in(tx.session))
        yield now
        _log(now)


def _find(tx: Transaction, verb: Verb, issue_id: int) -> Issue:
    """Within the person's rights. Discipline, which does not see the ledger, reaches its region for its own verbs."""
    seen = issue_visible(tx.viewer)
    if verb in (Verb.SANCTION, Verb.REPLY):
        seen = sa.or_(seen, before_discipline(tx.viewer))
    issue = tx.session.scalar(sa.select(Issue).where(Issue.id == issue_id, seen))
    if issue is None:
        raise NotFoundOrNotYours("问题")
    return issue


def _permitted(tx: Transaction, verb: Verb, issue: Issue, case: Case) -> Doer:
    """The first of the person's roles under which the table allows the verb."""
    sentences = []
    for doer in doers_for(tx.session, tx.viewer, issue, tx.viewer.grants_with(verb.permission)):
        sentence = refusal(verb, case, doer)
        if sentence is None:
            return doer
        sentences.append(sentence)
    raise Refused(sentences[-1] if sentences else f"您不能{verb.label}这条问题。")


_TOLD_TO_ALL = frozenset(Verb) - INSIDE_VERBS


def _who_was_first(tx: Transaction, issue: Issue) -> str:
    last = tx.session.scalars(
        sa.select(IssueEvent).where(IssueEvent.issue_id == issue.id).order_by(IssueEvent.position.desc()).limit(1)
    ).first()
    told = set(Verb) if sees_inside(doers_for(tx.session, tx.viewer, issue, tx.viewer.grants)) else _TOLD_TO_ALL
    done = Verb(last.verb).label if last is not None and last.verb in told else "改动"
    return f"刚才有人已对本件“{done}”，现在是“{issue.status.label}”。您填写的内容仍在下方，请看过最新情况再办。"


def _log(now: Step) -> None:
    flag_modified(now.issue, "status")  # the version moves with every verb, even one that changes no column
    if now.issue.status is IssueStatus.CLOSED:
        now.detail.setdefault("on_time", now.issue.closed_on_time)  # figures as of a day read it from the last event
    log_event(now.tx, now.issue, now.verb.value, now.case.status, now.doer, now.note, now.detail)
    tell_news(now)
    now.tx.record(now.verb.permission.value, f"issue:{now.issue.id}", number=now.issue.number, round=now.issue.round)


def log_event(
    tx: Transaction, issue: Issue, verb: str, from_status: IssueStatus | None, doer: Doer, note: str | None,
    detail: dict[str, Any],
) -> IssueEvent:  # fmt: skip
    """Add one event: how the problem stood after it."""
    person = tx.person_id
    last = tx.session.scalar(sa.select(sa.func.max(IssueEvent.position)).where(IssueEvent.issue_id == issue.id)) or 0
    event = IssueEvent(
        issue_id=issue.id,
        position=last + 1,
        round=issue.round,
        verb=verb,
        from_status=from_status,
        status=issue.status,
        person_id=person,
        stood_in_for_id=doer.stands_in_for(person),
        role=doer.role.value,
        unit_id=doer.unit_id,
        note=note,
        detail=detail,
        recorded_at=tx.now,
        **stands_as(issue),
    )
    tx.session.add(event)
    return event


def required_text(value: str | None, what: str, least: int = 1, most: int = 5000) -> str:
    """A text the user had to give. Raises Refused naming what is missing."""
    text = (value or "").replace("\x00", "").strip()  # PostgreSQL stores no NUL
    if len(text) < least:
        raise Refused(f"请填写{what}" + (f"，不少于 {least} 个字。" if least > 1 else "。"))
    if len(text) > most:
        raise Refused(f"{what}太长：{len(text)} 个字，最多 {most} 个字。")
    return text

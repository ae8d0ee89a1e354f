"""回头看: take closed problems of an earlier campaign over, and say of each whether it held."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from actions.batch import not_to_come
from actions.campaign import working_campaign
from actions.issue_step import required_text
from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign, CampaignState
from models.campaign_work import CampaignWork
from models.issue_record import Issue
from models.issue_rule import Doer
from models.issue_word import IssueStatus, VerifiedHow
from models.local_time import day_text
from models.look_back import LEAST_FINDING, LookBack, LookBackCheck, LookBackVerdict, check_refusal
from models.refusal import NotFoundOrNotYours, Refused, Stale
from models.role import Permission
from queries.issue_case import case_of, doers_for
from queries.look_back import look_back_visible
from queries.scope import issue_visible


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found: the verdict, how, on which day, in words."""

    verdict: LookBackVerdict
    how: VerifiedHow
    looked_on: date
    finding: str


def take_over(caller: Caller, campaign_id: int, source_id: int, issue_ids: Collection[int]) -> int:
    """Take closed problems of an earlier campaign over into this one; returns how many.

    Who: office, each within its region. Refused: none given, an earlier campaign that is still under way, a problem
    that is not closed or was taken over before.
    """
    with transaction(caller) as tx:
        tx.require(Permission.TAKE_BACK)
        working_campaign(tx, campaign_id, CampaignWork.HANDLE)
        source = _ended(tx, campaign_id, source_id)
        wanted = set(issue_ids)
        if not wanted:
            raise Refused("请选择要接收的问题。")
        here = sa.and_(Issue.campaign_id == source.id, issue_visible(tx.viewer))
        issues = list(tx.session.scalars(sa.select(Issue).where(Issue.id.in_(wanted), here).order_by(Issue.id)))
        if len(issues) != len(wanted):
            raise NotFoundOrNotYours("问题")
        _refuse_open(issues)
        _refuse_taken(tx, campaign_id, wanted)
        write_items(tx, campaign_id, issues)
        tx.record(Permission.TAKE_BACK.value, f"campaign:{campaign_id}", source=source.code, rows=len(issues))
    return len(issues)


def record_check(caller: Caller, look_back_id: int, looked: Looked, seen: int | None = None) -> None:
    """Say whether it held. A later word counts more than an earlier one; both stay readable.

    Who: inspector or office outside the responsible unit, who neither wrote nor accepted what was done. `seen`: how
    many checks were on screen. Refused: a problem that is open again, a day to come or before it was closed, no
    finding.
    """
    with transaction(caller) as tx:
        tx.require(Permission.CHECK_BACK)
        item = tx.session.scalar(
            sa.select(LookBack)
            .join(Issue, Issue.id == LookBack.issue_id)
            .where(LookBack.id == look_back_id, look_back_visible(tx.viewer))
        )
        if item is None:
            raise NotFoundOrNotYours("回头看问题")
        working_campaign(tx, item.campaign_id, CampaignWork.HANDLE)
        issue = tx.session.get_one(Issue, item.issue_id)
        doer = _permitted(tx, issue)
        not_to_come(looked.looked_on, tx.today, "核查")
        if issue.closed_on is not None and looked.looked_on < issue.closed_on:
            raise Refused(f"核查日期早于销号的{day_text(issue.closed_on)}，请改正。")
        finding = required_text(looked.finding, "核查情况", least=LEAST_FINDING, most=2000)
        last = _last_position(tx, item.id)
        if seen is not None and last != seen:
            raise Stale("刚才有人先登记了这件的核查结论。您填写的内容仍在下方，请看过最新情况再办。")
        tx.session.add(
            LookBackCheck(
                look_back_id=item.id, position=last + 1, verdict=looked.verdict, how=looked.how,
                looked_on=looked.looked_on, finding=finding, person_id=tx.person_id,
                stood_in_for_id=doer.stands_in_for(tx.person_id), unit_id=doer.unit_id,
                recorded_at=tx.now,
            )
        )  # fmt: skip
        tx.record(Permission.CHECK_BACK.value, f"issue:{issue.id}", number=issue.number, verdict=looked.verdict.label)


def write_items(tx: Transaction, campaign_id: int, issues: Collection[Issue]) -> list[LookBack]:
    """The rows of problems newly taken over."""
    rows = [
        LookBack(campaign_id=campaign_id, issue_id=i.id, round=i.round, person_id=tx.person_id, recorded_at=tx.now)
        for i in issues
    ]
    tx.session.add_all(rows)
    tx.session.flush()
    return rows


def _ended(tx: Transaction, campaign_id: int, source_id: int) -> Campaign:
    """The earlier campaign: another one, and over."""
    source = tx.session.get(Campaign, source_id)
    if source is None:
        raise NotFoundOrNotYours("专项治理")
    if source.id == campaign_id:
        raise Refused("请选择以往的专项治理；本次已销号的问题用“抽查”来看。")
    if source.state not in (CampaignState.CONCLUDED, CampaignState.ARCHIVED):
        raise Refused(f"“{source.name}”还是“{source.state.label}”，收尾或归档以后才能接收它的问题。")
    return source


def _refuse_open(issues: Collection[Issue]) -> None:
    for issue in issues:
        if issue.status is not IssueStatus.CLOSED:
            raise Refused(f"{issue.number or '未编号的草稿'}是“{issue.status.label}”，只有已销号的才回头看。")


def _refuse_taken(tx: Transaction, campaign_id: int, ids: Collection[int]) -> None:
    taken = list(
        tx.session.scalars(
            sa.select(Issue.number)
            .join(LookBack, LookBack.issue_id == Issue.id)
            .where(LookBack.campaign_id == campaign_id, LookBack.issue_id.in_(ids))
            .order_by(Issue.number)
        )
    )
    if taken:
        more = f"等 {len(taken)} 件" if len(taken) > 1 else ""
        raise Refused(f"{taken[0]}{more}已经接收过，同一件只接收一次。请去掉以后再接收。")


def _permitted(tx: Transaction, issue: Issue) -> Doer:
    """The first of the person's roles under which they may judge it."""
    case, sentences = case_of(tx.session, issue), []
    for doer in doers_for(tx.session, tx.viewer, issue, tx.viewer.grants_with(Permission.CHECK_BACK)):
        sentence = check_refusal(case, doer)
        if sentence is None:
            return doer
        sentences.append(sentence)
    raise Refused(sentences[-1] if sentences else "这条问题不在您核查的范围内。")


def _last_position(tx: Transaction, look_back_id: int) -> int:
    last = sa.select(sa.func.max(LookBackCheck.position)).where(LookBackCheck.look_back_id == look_back_id)
    return tx.session.scalar(last) or 0

"""Throw away a draft made by mistake: nothing is deleted, nobody is shown it any more."""

import sqlalchemy as sa

from actions.campaign import working_campaign
from actions.transaction import Caller, transaction
from models.campaign_work import CampaignWork
from models.discarded_draft import DiscardedDraft
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from queries.scope import issue_visible

DISCARD = "issue.discard"
"""How the audit names it."""


def discard_draft(caller: Caller, issue_id: int) -> None:
    """Throw a draft away for good. Who: its author, who stands in for nobody here.

    Refused once it was handed in: a problem with a number ends by 查否 of two people, never alone.
    """
    with transaction(caller) as tx:
        tx.require(Permission.RAISE)
        issue = tx.session.scalar(sa.select(Issue).where(Issue.id == issue_id, issue_visible(tx.viewer)))
        if issue is None:
            raise NotFoundOrNotYours("草稿")
        if issue.status is not IssueStatus.DRAFT:
            raise Refused("已提交的问题有编号，不能作废；不成立的请办公室“拟查否”，由另一人决定。")
        working_campaign(tx, issue.campaign_id, CampaignWork.RAISE)
        tx.session.add(DiscardedDraft(issue_id=issue.id, person_id=tx.person_id, recorded_at=tx.now))
        tx.record(DISCARD, f"issue:{issue.id}")

"""The day's reminders are written, one a person a day, and read: 知道了."""

from dataclasses import dataclass

import sqlalchemy as sa

from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign
from models.campaign_work import ALLOWED, CampaignWork
from models.digest import Digest, DigestLine
from models.refusal import Refused
from models.role import Permission
from queries.digest import digest_of
from queries.due import lines_due


@dataclass(frozen=True, slots=True)
class Written:
    """What one run wrote for one campaign. `before`: people who had today's already."""

    code: str
    digests: int
    problems: int
    before: int


def write_digests(caller: Caller) -> tuple[Written, ...]:
    """Write today's reminders of every campaign whose problems are being handled. A second run on the day adds only
    people who had none.

    Who: the terminal, office of all regions. One transaction and one entry a campaign; nothing written, no entry.
    """
    with transaction(caller) as tx:
        tx.require(Permission.WRITE_DIGESTS)
        if not tx.viewer.is_everywhere(Permission.WRITE_DIGESTS):
            raise Refused("到期提醒对全部地区写，您的权限只到部分地区，不能写。")
        campaigns = tx.session.execute(sa.select(Campaign.id, Campaign.code, Campaign.state).order_by(Campaign.id))
        handled = [(id_, code) for id_, code, state in campaigns if CampaignWork.HANDLE in ALLOWED[state]]
    return tuple(_of_campaign(caller, campaign_id, code) for campaign_id, code in handled)


def mark_digests_read(caller: Caller, campaign_id: int) -> int:
    """知道了: today's and earlier ones. Who: whoever was reminded, or stands in for them."""
    with transaction(caller) as tx:
        mine = sa.and_(digest_of(tx.viewer), Digest.campaign_id == campaign_id, Digest.read_at.is_(None))
        found = tx.session.execute(sa.update(Digest).where(mine).values(read_at=tx.now))
        return int(found.rowcount)  # type: ignore[attr-defined]


def _of_campaign(caller: Caller, campaign_id: int, code: str) -> Written:
    with transaction(caller) as tx:
        tx.require(Permission.WRITE_DIGESTS)
        lines = lines_due(tx.session, campaign_id, tx.today)
        there = frozenset(
            tx.session.scalars(
                sa.select(Digest.person_id).where(Digest.campaign_id == campaign_id, Digest.day == tx.today)
            )
        )
        new = {person: problems for person, problems in sorted(lines.items()) if person not in there}
        for person, problems in new.items():
            _write(tx, campaign_id, person, problems)
        problems_told = {issue_id for problems in new.values() for issue_id in problems}
        if new:
            tx.record(
                Permission.WRITE_DIGESTS.value, f"campaign:{campaign_id}", people=len(new), issues=len(problems_told)
            )
        return Written(code, len(new), len(problems_told), len(there & set(lines)))


def _write(tx: Transaction, campaign_id: int, person: int, problems: dict[int, str | None]) -> None:
    digest = Digest(campaign_id=campaign_id, person_id=person, day=tx.today, sent_at=tx.now)
    tx.session.add(digest)
    tx.session.flush()
    tx.session.add_all(DigestLine(digest_id=digest.id, issue_id=i, step=step) for i, step in problems.items())

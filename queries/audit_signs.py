"""Where an auditor might look first: when all was last verified, and how often identities and files left the house."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from models.audit import AuditEntry
from models.role import Permission
from queries.audit_log import action_label, entries_visible
from queries.reading import reading
from queries.viewer import Viewer

LOOKED_AT = 20_000
"""Of the chain's end, so many entries are read; the page of the log has all."""
LOOK_BACK = timedelta(days=30)
VERIFIED = Permission.VERIFY_AUDIT.value
WATCHED = {
    "查看完整身份信息": (Permission.REVEAL.value,),
    "导出": ("ledger.export", "issue.print", "roster.export", "payment.export", "sample.export", "sample.export_list"),
    "授权": ("grant.propose", "grant.confirm", "grant.decline", "grant.end"),
    "密码": ("user.reset_password",),
    "登录失败": ("signin.throttled",),
}
"""What is counted, by the word that finds it in the log: the label of each action holds it."""


@dataclass(frozen=True, slots=True)
class LastVerification:
    """When, and what it found. `entries` were verified; nothing disagreed when `findings` is 0."""

    at: datetime
    entries: int
    findings: int


@dataclass(frozen=True, slots=True)
class Sign:
    """So many acts of one kind (次) within `LOOK_BACK`; `words` finds them in the log."""

    words: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class AuditSigns:
    """`last` is None where nobody verified among the entries looked at."""

    last: LastVerification | None
    signs: tuple[Sign, ...]


def audit_signs(viewer: Viewer, now: datetime) -> AuditSigns:
    """Who: auditors; what they may see of the log. The last verification is everybody's who may verify."""
    actions = [VERIFIED, *(action for group in WATCHED.values() for action in group)]
    newest = sa.select(sa.func.coalesce(sa.func.max(AuditEntry.seq), 0)).scalar_subquery()
    near = sa.and_(AuditEntry.seq > newest - LOOKED_AT, AuditEntry.action.in_(actions))
    recent = sa.and_(near, AuditEntry.recorded_at >= now - LOOK_BACK, entries_visible(viewer))
    with reading() as session:
        last = session.scalar(
            sa.select(AuditEntry).where(near, AuditEntry.action == VERIFIED).order_by(AuditEntry.seq.desc()).limit(1)
        )
        rows = session.execute(sa.select(AuditEntry.action, sa.func.count()).where(recent).group_by(AuditEntry.action))
        counts = {action: count for action, count in rows}
    signs = (
        Sign(words, action_label(group[0]) if len(group) == 1 else words, sum(counts.get(a, 0) for a in group))
        for words, group in WATCHED.items()
    )
    return AuditSigns(None if last is None else _verification(last), tuple(signs))


def _verification(entry: AuditEntry) -> LastVerification:
    return LastVerification(
        entry.recorded_at, int(entry.detail.get("entries", 0)), int(entry.detail.get("findings", 0))
    )

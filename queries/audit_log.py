"""The log 操作记录 page by page: who did what to what, in words, newest first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from files.export_level import ExportLevel
from models.audit import AuditEntry
from models.batch import BatchKind
from models.campaign import CampaignState
from models.evidence import EvidenceKind, EvidencePurpose
from models.household_check import HouseholdCheck, VisitOutcome
from models.issue_record import Issue
from models.outcome import OutcomeKind
from models.role import Permission, Role
from models.unit import Person
from models.user import User
from queries.reading import reading
from queries.scope import Condition, within
from queries.viewer import Viewer

PAGE_SIZE = 50
CLOCK_MOVED_BACK = "时间早于上一条，系统时钟曾往回调"

ACTION_LABELS = {
    "backup.make": "备份",
    "backup.restore": "从备份恢复",
    "calendar.follow": "按公布的日历调整时限",
    "campaign.edit": "修改专项治理",
    "campaign.set_state": "专项治理改状态",
    "campaign.set_steps": "设定升级措施",
    "check.open": "打开一户一表",
    "check.submit": "提交一户一表",
    "delegation.add": "委托代办",
    "delegation.end": "结束代办",
    "check.load": "成批登记一户一表",
    "demonstration.load": "载入演示数据",
    "evidence.add": "上传佐证",
    "issue.discard": "作废草稿",
    "grant.confirm": "确认授权",
    "grant.decline": "不予授权",
    "grant.end": "收回授权",
    "grant.propose": "提出授权",
    "issue.print": "打印问题整改全程记录",
    "ledger.export": "导出整改台账",
    "region.add": "增设区划",
    "region.merge": "合并村（居）",
    "region.rename": "区划更名",
    "reporting_unit.count_for": "改归填报单位",
    "reporting_unit.create": "新建填报单位",
    "look_back.freeze": "封存抽查名单",
    "look_back.draw": "抽查已销号问题",
    "look_back.release": "公布抽查名单",
    "payment.export": "导出发放明细",
    "payment.withdraw": "撤回发放登记",
    "reference.load": "载入补贴项目和工作日历",
    "roster.export": "导出名册",
    "roster.withdraw": "撤回名册",
    "sample.abandon": "不采用抽样结果",
    "sample.export": "导出抽样名单",
    "sample.export_list": "导出抽样框清单",
    "sample.release": "公开抽样名单",
    "setup.first_admin": "首次设置：建立系统管理员",
    "setup.throttled": "多次输错设置码，暂停尝试",
    "signin.in": "登录",
    "signin.out": "退出",
    "signin.out_everywhere": "退出全部登录",
    "signin.throttled": "多次登录失败，暂停尝试",
    "team.add_member": "检查组加人",
    "team.create": "新建检查组",
    "team.remove_member": "检查组减人",
    "unit.attach": "单位改所在地",
    "unit.create": "登记单位",
    "unit.dissolve": "撤销单位",
    "unit.rename": "单位更名",
    "user.change_password": "修改密码",
    "user.create": "新建账号",
    "user.disable": "停用账号",
    "user.enable": "启用账号",
    "user.reset_password": "重置密码",
}
"""Actions that are not named after a permission."""

SUBJECT_LABELS = {
    "audit": "操作记录", "backup": "备份", "batch": "成批登记", "outcome": "问责", "calendar": "工作日历",
    "campaign": "专项治理", "check": "一户一表", "delegation": "代办", "household_member": "家庭成员",
    "issue": "问题", "payment_import": "发放登记", "reference": "基础数据", "region": "区划",
    "reporting_unit": "填报单位", "roster_import": "名册",
    "sample": "抽样", "sample_frame": "抽样框", "sampled_household": "样本户", "sampled_village": "样本村",
    "team": "检查组", "unit": "单位", "user": "账号",
}  # fmt: skip

DETAIL_LABELS = {
    "number": "编号", "round": "轮次", "reason": "理由", "purpose": "用途", "level": "级别", "rows": "行数",
    "taken": "收入", "unchanged": "未变", "faulty": "有误", "conflicts": "冲突", "submission": "第几次提交",
    "persons": "人数", "sessions": "登录数", "code": "代码", "state": "状态", "due": "期限", "done_on": "办结日期",
    "moved": "移动时限件数", "common": "共性问题", "verdict": "结论", "source": "来源专项治理",
    "seed_source": "种子来源",
    "days": "日期",
    "seed": "种子", "share_percent": "比例（%）",
    "conditions": "筛选条件", "day": "自哪天起", "head": "校验头", "sha256": "散列值", "file": "文件", "bytes": "字节",
    "findings": "不符之处", "role": "角色", "outcome": "结果", "kind": "种类", "entries": "核对条数",
}  # fmt: skip
"""What of an entry's detail is said on screen; the rest is for the verifier."""
VALUE_LABELS: dict[str, tuple[type[StrEnum], ...]] = {
    "purpose": (EvidencePurpose,), "level": (ExportLevel,), "role": (Role,), "state": (CampaignState,),
    "outcome": (VisitOutcome,), "kind": (EvidenceKind, BatchKind, OutcomeKind),
}  # fmt: skip
"""What the values of a detail are words of; a purpose that is none of them was typed by a person."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry in words. `recorded_at` is UTC."""

    seq: int
    recorded_at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    hash: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of the log, newest first; `total` entries in all that the viewer may see."""

    total: int
    rows: tuple[EntryRow, ...]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def recent_entries(viewer: Viewer, page: int = 1, words: str = "") -> EntryPage:
    """One page of the log. Who: auditors, the terminal; an auditor of a part of the region sees that part's cases only.

    `words` narrows to an account's sign-in name, a problem's number, or what was done: 导出.
    """
    with reading() as session:
        where = sa.and_(entries_visible(viewer), _said(session, words.strip()))
        total = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(where)) or 0
        newest = sa.select(AuditEntry).where(where).order_by(AuditEntry.seq.desc())
        entries = session.scalars(newest.limit(PAGE_SIZE).offset(PAGE_SIZE * (max(1, page) - 1))).all()
        people = _people(session, [e.actor for e in entries])
        early = _earlier_than_the_last(session, [e.seq for e in entries])
        return EntryPage(total, tuple(_row(e, people, e.seq in early) for e in entries))


def action_label(action: str) -> str:
    """The Chinese word of an action's name; the name itself for one that nobody has named yet."""
    if action in ACTION_LABELS:
        return ACTION_LABELS[action]
    return Permission(action).label if action in set(Permission) else action


def entries_visible(viewer: Viewer) -> Condition:
    """Everything for whoever sees all regions; else what was done to problems and forms of one's own places."""
    if not viewer.may(Permission.SEE_AUDIT):
        return sa.false()
    if viewer.is_everywhere(Permission.SEE_AUDIT):
        return sa.true()
    issues = within(viewer, Permission.SEE_AUDIT, Issue.reporting_unit_id, Issue.town_id, Issue.village_id)
    checks = within(
        viewer,
        Permission.SEE_AUDIT,
        HouseholdCheck.reporting_unit_id,
        HouseholdCheck.town_id,
        HouseholdCheck.village_id,
    )
    return sa.or_(
        AuditEntry.subject.in_(sa.select(_subject("issue", Issue.id)).where(issues)),
        AuditEntry.subject.in_(sa.select(_subject("check", HouseholdCheck.id)).where(checks)),
    )


def _said(session: Session, words: str) -> Condition:
    if not words:
        return sa.true()
    users = session.scalars(sa.select(User.id).where(User.name == words.lower()))
    numbered = sa.select(_subject("issue", Issue.id)).where(Issue.number == words.upper())
    done = [name for name in (*ACTION_LABELS, *Permission) if words in action_label(name)]
    return sa.or_(
        AuditEntry.actor.in_([f"user:{user_id}" for user_id in users]),
        AuditEntry.subject.in_(numbered),
        AuditEntry.action.in_(done),
    )


def _subject(kind: str, key: Any) -> sa.ColumnElement[str]:
    return sa.literal(f"{kind}:").concat(sa.cast(key, sa.String))


def _people(session: Session, actors: list[str]) -> dict[str, str]:
    """Actor → sign-in name and person."""
    ids = {int(a.removeprefix("user:")) for a in actors if a.startswith("user:") and a[5:].isdecimal()}
    rows = session.execute(
        sa.select(User.id, User.name, Person.name).join(Person, Person.id == User.person_id).where(User.id.in_(ids))
    )
    return {f"user:{user_id}": f"{person}（{name}）" for user_id, name, person in rows}


def _earlier_than_the_last(session: Session, seqs: list[int]) -> set[int]:
    """Entries with an earlier time than the one before them. The order is the chain's: the clock was moved back."""
    last = aliased(AuditEntry)
    asked = sa.select(AuditEntry.seq).join(last, last.seq == AuditEntry.seq - 1)
    return set(session.scalars(asked.where(AuditEntry.seq.in_(seqs), last.recorded_at > AuditEntry.recorded_at)))


def _row(entry: AuditEntry, people: dict[str, str], is_early: bool) -> EntryRow:
    said = [
        f"{label} {_value(key, entry.detail[key])}"
        for key, label in DETAIL_LABELS.items()
        if entry.detail.get(key) not in (None, "")
    ]
    detail = "；".join([*said, *([CLOCK_MOVED_BACK] if is_early else [])])
    return EntryRow(
        entry.seq, entry.recorded_at, people.get(entry.actor, _terminal(entry.actor)), action_label(entry.action),
        _subject_label(entry.subject), detail or "—", entry.hash,
    )  # fmt: skip


def _value(key: str, value: Any) -> str:
    """The word of an enum's value; anything else as it is."""
    for words in VALUE_LABELS.get(key, ()):
        if value in set(words):
            return str(getattr(words(value), "label"))  # noqa: B009  every enum with words has one
    return str(value)


def _terminal(actor: str) -> str:
    kind, _, name = actor.partition(":")
    return f"服务器终端（{name}）" if kind == "terminal" else actor


def _subject_label(subject: str) -> str:
    kind, _, key = subject.partition(":")
    word = SUBJECT_LABELS.get(kind, kind)
    return f"{word} {key}" if key.isdecimal() else word

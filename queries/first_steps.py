"""第一次使用: what has to be done before a county can work, in order, each step read from the record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.audit import AuditEntry
from models.campaign import Campaign, CampaignState, SamplingRule
from models.household_check import HouseholdCheck
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.payment import PaymentImport
from models.region import Region, RegionLevel, ReportingUnit
from models.role import Permission, Role
from models.roster import Household
from models.sample import Sample, SampleFrame, SampleState
from models.unit import Team, TeamMember, Unit
from models.user import Membership, User
from queries.reading import reading
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class StepKind:
    """A step: what, whose, on which page, and how the record tells that it is done (words, or empty)."""

    title: str
    why: str
    page: str
    permission: Permission
    who: tuple[Role, ...]
    done: Callable[[Session, int | None], str]


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it stands. `found`: what the record holds, empty while it is not done; `is_mine`: the viewer may."""

    number: int
    title: str
    why: str
    page: str
    who: str
    found: str
    is_next: bool
    is_mine: bool

    @property
    def is_done(self) -> bool:
        """Whether the record shows it."""
        return bool(self.found)


def first_steps(viewer: Viewer, campaign_id: int | None) -> tuple[Step, ...]:
    """All steps in order for a campaign, None before there is one; the first that is not done is the next."""
    with reading() as session:
        found = [kind.done(session, campaign_id) for kind in STEPS]
    upcoming = next((n for n, words in enumerate(found) if not words), len(STEPS))
    return tuple(
        Step(n + 1, kind.title, kind.why, kind.page, "、".join(role.label for role in kind.who), found[n],
             n == upcoming, viewer.may(kind.permission))
        for n, kind in enumerate(STEPS)
    )  # fmt: skip


def _count(session: Session, column: InstrumentedAttribute[Any], *where: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count(column)).where(*where)) or 0


def _campaign(session: Session, campaign_id: int | None) -> str:
    found = session.get(Campaign, campaign_id) if campaign_id else None
    return f"{found.code}，{found.name}" if found else ""


def _accounts(session: Session, campaign_id: int | None) -> str:
    held = set(
        session.scalars(
            sa.select(Membership.role)
            .join(User, User.id == Membership.user_id)
            .where(Membership.confirmed_at.is_not(None), Membership.ended_at.is_(None), User.disabled_at.is_(None))
        )
    )
    return f"{_count(session, User.id):,} 个账号" if {Role.OFFICE, Role.SECURITY} <= held else ""


def _regions(session: Session, campaign_id: int | None) -> str:
    towns = _count(session, Region.id, Region.level == RegionLevel.TOWN)
    villages = _count(session, Region.id, Region.level == RegionLevel.VILLAGE)
    return f"{towns:,} 个乡镇，{villages:,} 个村" if villages else ""


def _reporting_units(session: Session, campaign_id: int | None) -> str:
    found = session.scalars(sa.select(ReportingUnit.name).order_by(ReportingUnit.position)).all()
    return "、".join(found[:6]) + ("等" if len(found) > 6 else "")


def _units(session: Session, campaign_id: int | None) -> str:
    found = _count(session, Unit.id, Unit.reporting_unit_id.is_not(None))
    return f"{found} 个" if found else ""


def _teams(session: Session, campaign_id: int | None) -> str:
    """A team of two at least: an inspector never signs alone."""
    members = (
        sa.select(TeamMember.team_id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.campaign_id == campaign_id)
        .group_by(TeamMember.team_id)
        .having(sa.func.count() > 1)
    )
    teams = len(session.scalars(members).all())
    return f"{teams} 个，每个至少两人" if teams else ""


def _roster(session: Session, campaign_id: int | None) -> str:
    found = _count(session, Household.id, Household.campaign_id == campaign_id)
    return f"{found:,} 户" if found else ""


def _payments(session: Session, campaign_id: int | None) -> str:
    rows = session.scalar(
        sa.select(sa.func.sum(PaymentImport.row_count)).where(PaymentImport.campaign_id == campaign_id)
    )
    return f"{rows:,} 笔" if rows else ""


def _rule(session: Session, campaign_id: int | None) -> str:
    """Set, or passed over: a frame that is frozen has taken the usual rule."""
    share = session.scalar(
        sa.select(SamplingRule.share_percent)
        .where(SamplingRule.campaign_id == campaign_id)
        .order_by(SamplingRule.id.desc())
        .limit(1)
    )
    if share is None and _count(session, SampleFrame.id, SampleFrame.campaign_id == campaign_id):
        return "按通常规则：30%"
    return f"不少于 {share}%" if share else ""


def _sample(session: Session, campaign_id: int | None) -> str:
    adopted = _count(session, Sample.id, Sample.campaign_id == campaign_id, Sample.state == SampleState.ADOPTED)
    return "抽样结果已采用" if adopted else ""


def _opened(session: Session, campaign_id: int | None) -> str:
    found = session.get(Campaign, campaign_id) if campaign_id else None
    return f"现在是“{found.state.label}”" if found and found.state is not CampaignState.PREPARING else ""


def _form(session: Session, campaign_id: int | None) -> str:
    found = _count(session, HouseholdCheck.id, HouseholdCheck.campaign_id == campaign_id, HouseholdCheck.submission > 0)
    return f"已提交 {found:,} 户" if found else ""


def _issue(session: Session, campaign_id: int | None) -> str:
    found = _count(session, Issue.id, Issue.campaign_id == campaign_id, Issue.status != IssueStatus.DRAFT)
    return f"已登记 {found:,} 件" if found else ""


def _ledger(session: Session, campaign_id: int | None) -> str:
    exported = _count(
        session, AuditEntry.seq, AuditEntry.action == "ledger.export", AuditEntry.subject == f"campaign:{campaign_id}"
    )
    return f"已导出 {exported} 次" if exported else ""


P, R = Permission, Role
STEPS = (
    StepKind("新建专项治理", "编号、名称、检查年度、整改到位期限；时间表和任务书可以随后补", "admin/campaign.py",
             P.CREATE_CAMPAIGN, (R.ADMIN, R.OFFICE), _campaign),
    StepKind("建立账号", "领导小组办公室和安全管理员各至少一人；有了安全管理员，办公室、领导、纪检的授权由其确认",
             "admin/people.py", P.MANAGE_PEOPLE, (R.ADMIN,), _accounts),
    StepKind("导入区划", "市、县区、乡镇、村，一张表；更名合并以后按日期记", "money/registers.py",
             P.IMPORT_REGIONS, (R.ADMIN, R.OFFICE), _regions),
    StepKind("填报单位", "数字归谁报：县区随区划建好，功能区在这里增设", "admin/regions.py",
             P.IMPORT_REGIONS, (R.ADMIN, R.OFFICE), _reporting_units),
    StepKind("登记责任单位", "财政所、部门、村、银行：问题交办给它们", "admin/units.py", P.MANAGE_PEOPLE, (R.ADMIN,),
             _units),
    StepKind("检查人员和检查组", "建检查人员和责任单位经办的账号；一个检查组至少两个人", "admin/people.py",
             P.MANAGE_PEOPLE, (R.ADMIN,), _teams),
    StepKind("导入名册", "户和人，Excel 或 CSV；有误的行先挑出来，不会半截导入", "money/registers.py",
             P.IMPORT_ROSTER, (R.OFFICE,), _roster),
    StepKind("导入发放登记", "逐笔补贴，控制总额一分不差才收", "money/registers.py", P.IMPORT_PAYMENTS, (R.OFFICE,),
             _payments),
    StepKind("设定抽样规则", "比例、必查的户和村；不设则每镇的村、每村的户都不少于 30%", "admin/campaign.py",
             P.SET_RULE, (R.OFFICE,), _rule),
    StepKind("封存抽样框，抽样", "先封存、登记种子来源，种子产生后再抽，采用", "field/sample.py", P.DRAW, (R.OFFICE,),
             _sample),
    StepKind("转为“进行”", "从这时起可以入户、登记问题", "admin/campaign.py", P.CREATE_CAMPAIGN, (R.OFFICE, R.ADMIN),
             _opened),
    StepKind("第一张一户一表", "检查人员在手机上填，两人签", "field/households.py", P.FILL_CHECK, (R.INSPECTOR,),
             _form),
    StepKind("第一件问题", "从表里登记，或另行登记；提交后有编号", "ledger/raise_issue.py", P.SUBMIT,
             (R.INSPECTOR, R.OFFICE), _issue),
    StepKind("台账导出 Excel", "可打印、可线下修改的整改台账", "ledger/ledger.py", P.EXPORT, (R.OFFICE, R.INSPECTOR),
             _ledger),
)  # fmt: skip
"""In the order of the first campaign of a county. Nothing of this is stored."""

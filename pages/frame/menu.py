"""The menu: which pages there are, where they stand, and what one must be allowed to do to find them there."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from models.role import Permission
from queries.search import SEARCHERS
from queries.viewer import Viewer

PAGES = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Entry:
    """One page. `permissions`: any of them opens it, none means everybody. Hidden ones are reached by a link."""

    file: str
    title: str
    icon: str
    section: str = ""
    permissions: tuple[Permission, ...] = ()
    hidden: bool = False

    @property
    def path(self) -> Path:
        """Where the page's file is."""
        return PAGES / self.file

    @property
    def address(self) -> str:
        """The path in the browser: `/ledger`; the first page is `/`."""
        return "/" if self is MENU[0] else f"/{self.path.stem}"

    def is_for(self, viewer: Viewer) -> bool:
        """Whether the person finds it in the menu."""
        return not self.permissions or any(viewer.may(p) for p in self.permissions)


P = Permission
FIELD, LEDGER, OFFICE, SYSTEM = "现场检查", "整改台账", "统筹", "系统"
MENU = (
    Entry("home/today.py", "我的待办", "checklist"),
    Entry("field/sample.py", "抽样", "casino", FIELD, (P.SEE_SAMPLE,)),
    Entry("field/households.py", "一户一表", "assignment", FIELD, (P.FILL_CHECK, P.SEE_CHECKS)),
    Entry("field/household.py", "一户一表填写", "edit_note", FIELD, (P.FILL_CHECK, P.SEE_CHECKS), hidden=True),
    Entry("ledger/ledger.py", "整改台账", "table", LEDGER, (P.SEE_LEDGER,)),
    Entry("ledger/raise_issue.py", "登记问题", "add_circle", LEDGER, (P.RAISE,)),
    Entry("ledger/ledger_return.py", "台账回填", "drive_file_move_rtl", LEDGER, (P.RETURN_LEDGER,), hidden=True),
    Entry("ledger/referrals.py", "移送与问责", "gavel", LEDGER, (P.SANCTION,)),
    Entry("ledger/referral.py", "移送详情", "output", LEDGER, (P.SANCTION,), hidden=True),
    Entry("ledger/issue.py", "问题详情", "description", LEDGER, (P.SEE_LEDGER,), hidden=True),
    Entry("ledger/common.py", "共性问题", "hub", LEDGER, (P.SEE_LEDGER,)),
    Entry("ledger/common_one.py", "共性问题详情", "hub", LEDGER, (P.SEE_LEDGER,), hidden=True),
    Entry("ledger/look_back.py", "回头看", "history", LEDGER, (P.SEE_LEDGER,)),
    Entry("ledger/look_back_one.py", "回头看核查", "history", LEDGER, (P.SEE_LEDGER,), hidden=True),
    Entry("ledger/look_back_draw.py", "抽查已销号问题", "casino", LEDGER, (P.SEE_SAMPLE,), hidden=True),
    Entry("ledger/look_back_take.py", "接收回头看问题", "history", LEDGER, (P.TAKE_BACK,), hidden=True),
    Entry("office/dashboard.py", "驾驶舱", "monitoring", OFFICE, (P.SEE_DASHBOARD,)),
    Entry("money/owed.py", "追缴补发", "payments", OFFICE, (P.SEE_DASHBOARD,)),
    Entry("office/figure.py", "指标明细", "table_rows", OFFICE, (P.SEE_DASHBOARD,), hidden=True),
    Entry(
        "money/registers.py",
        "名册与发放登记",
        "upload_file",
        OFFICE,
        (P.IMPORT_ROSTER, P.IMPORT_PAYMENTS, P.IMPORT_REGIONS),
    ),
    Entry("admin/schedule.py", "时间表与任务书", "event_note", OFFICE, (P.SEE_SCHEDULE,)),
    Entry("admin/guide.py", "第一次使用", "explore", SYSTEM, (P.CREATE_CAMPAIGN, P.SET_RULE, P.MANAGE_PEOPLE)),
    Entry("admin/campaign.py", "专项治理", "flag", SYSTEM, (P.CREATE_CAMPAIGN, P.SET_RULE)),
    Entry("admin/regions.py", "区划与填报单位", "account_tree", SYSTEM, (P.MANAGE_REGIONS, P.IMPORT_REGIONS)),
    Entry("admin/calendar.py", "工作日历", "calendar_month", SYSTEM, (P.SET_CALENDAR, P.CREATE_CAMPAIGN)),
    Entry("admin/units.py", "单位", "apartment", SYSTEM, (P.MANAGE_PEOPLE,)),
    Entry("admin/people.py", "人员与账号", "group", SYSTEM, (P.MANAGE_PEOPLE, P.CONFIRM_GRANT, P.END_SESSIONS)),
    Entry("admin/sessions.py", "登录情况", "devices", SYSTEM, (P.END_SESSIONS,)),
    Entry("admin/audit.py", "操作记录", "history", SYSTEM, (P.SEE_AUDIT, P.VERIFY_AUDIT)),
    Entry("admin/backup.py", "备份", "backup", SYSTEM, (P.BACKUP,)),
    Entry("home/manual.py", "使用手册", "menu_book", SYSTEM),
    Entry("home/account.py", "我的账号", "account_circle", SYSTEM),
    Entry("home/search.py", "搜索", "search", SYSTEM, SEARCHERS, hidden=True),
)
"""In the order of the screen. A page that is not the person's stays reachable by its address and says so itself."""


def menu_for(viewer: Viewer) -> dict[str, list[StreamlitPage]]:
    """Sections and pages for `st.navigation`; only pages whose file exists."""
    sections: dict[str, list[StreamlitPage]] = {}
    for entry in MENU:
        if entry.path.exists():
            sections.setdefault(entry.section, []).append(_page(entry, viewer))
    return sections


def addresses() -> frozenset[str]:
    """Every address that is a page."""
    return frozenset(entry.address for entry in MENU)


def _page(entry: Entry, viewer: Viewer) -> StreamlitPage:
    return st.Page(
        entry.path,
        title=entry.title,
        icon=f":material/{entry.icon}:",
        default=entry is MENU[0],
        visibility="visible" if entry.is_for(viewer) and not entry.hidden else "hidden",
    )

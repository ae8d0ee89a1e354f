"""The first page of auditor, admin, security and discipline; the last three see nothing of a case."""

from datetime import date
from functools import partial

import streamlit as st

import clock
from models.local_time import day_text, moment_text
from pages.frame.look import empty, escape
from pages.home.panels import Panel, heading, line, panel_row, work_row
from pages.home.state import figure_panel
from pages.office.dashboard_question import Question
from queries.account_state import AccountState, account_state, signed_in
from queries.audit import audit_head
from queries.audit_signs import AuditSigns, audit_signs
from queries.backup import BackupAge, backups
from queries.figures import figures
from queries.people import GrantRow, waiting_grants
from queries.referral import referred_cases
from queries.viewer import Viewer

PEOPLE, AUDIT, BACKUP = "pages/admin/people.py", "pages/admin/audit.py", "pages/admin/backup.py"
SESSIONS = "pages/admin/sessions.py"
REFERRALS, REFERRAL = "pages/ledger/referrals.py", "pages/ledger/referral.py"
GRANTS_SHOWN = 10
LOOKED_INTO = {
    "issues_dismissed": "逐件有理由", "reopenings_in_week": "已销号又重开", "returns_in_week": "验收、审批退回",
    "issues_overdue": "责任单位在办而过期", "closure_rate": "不含不成立",
}  # fmt: skip


def auditor(viewer: Viewer, campaign_id: int, today: date) -> None:
    """Today's head, the last verification, and where to look."""
    found = figures(viewer, campaign_id, today, names=LOOKED_INTO)
    panel_row([figure_panel(found[n], words, Question("", "", today)) for n, words in LOOKED_INTO.items()])
    signs = audit_signs(viewer, clock.now())
    left, right = st.columns([1.9, 1])
    with left, st.container(border=True, key="box_head"):
        heading("今日校验头", "抄下或打印留存，以后用它可以发现记录被截断或改写")
        st.code(str(audit_head()), language=None, wrap_lines=True)
        icon, words = _last_words(signs)
        work_row("verify", icon, words, "去校验", lambda: st.switch_page(AUDIT), is_first=True)
    with right, st.container(border=True, key="box_signs"):
        heading("可以先看", "近三十天，点开看操作记录")
        for at, sign in enumerate(signs.signs):
            line(f"sign_{at}", f"{sign.count:,} 次", f"{sign.label} ›", AUDIT, {"audit_words": sign.words})


def _last_words(signs: AuditSigns) -> tuple[str, str]:
    last = signs.last
    if last is None:
        return ":material/help: **最近没有校验过全部记录**", "逐条重算散列值，并与库中各表逐行核对"
    when = f"上次校验：{moment_text(last.at)}，核对 {last.entries:,} 条操作记录"
    if last.findings:
        return f":red[:material/gpp_bad: **发现 {last.findings} 处不符**]", when
    return ":green[:material/verified: **上次校验全部相符**]", when


def admin(viewer: Viewer) -> None:
    """Accounts, and the grants proposed that wait for security."""
    state = account_state(viewer, clock.wall())
    panel_row([*_accounts(state, PEOPLE), _backup(viewer)])
    grants = waiting_grants(viewer)
    with st.container(border=True, key="box_grants"):
        heading("等安全管理员确认的授权", f"共 {len(grants)} 项")
        for grant in grants[:GRANTS_SHOWN]:
            line(f"grant_{grant.membership_id}", moment_text(grant.proposed_at)[5:], _grant(grant) + " ›", PEOPLE, {})
        if not grants:
            st.markdown(":gray[没有等待确认的授权。办公室、领导、纪检监察三种角色由您提出、安全管理员确认。]")
    with st.container(border=True, key="box_accounts"):
        heading("账号")
        work_row("accounts", "**人员与账号**", _account_words(state), "去登记", lambda: st.switch_page(PEOPLE))


def security(viewer: Viewer) -> None:
    """Grants to be confirmed, and who is signed in now."""
    state = account_state(viewer, clock.wall())
    panel_row(_accounts(state, SESSIONS))
    grants = waiting_grants(viewer)
    if not grants:
        empty("没有等您确认的授权", "系统管理员提出办公室、领导、纪检监察的授权后，列在这里。", key="grants")
    else:
        with st.container(border=True, key="box_grants"):
            heading("等您确认的授权", f"先提出的在前，共 {len(grants)} 项")
            for at, grant in enumerate(grants[:GRANTS_SHOWN]):
                words = f"{escape(grant.proposed_by)} {moment_text(grant.proposed_at)}提出"
                key = f"grant_{grant.membership_id}"
                work_row(key, f"**{_grant(grant)}**", words, "去确认", lambda: st.switch_page(PEOPLE), at == 0)
            if len(grants) > GRANTS_SHOWN:
                st.page_link(PEOPLE, label=f"全部 {len(grants)} 项 ›")
    with st.container(border=True, key="box_sessions"):
        heading("现在登录的人", f"{state.people_signed_in} 人 {state.sessions} 处，30 分钟不操作自动退出")
        for row in signed_in(viewer, clock.wall()):
            words = f"{escape(row.unit)} · {row.sessions} 处 · {moment_text(row.since)[5:]} 起"
            label = f"{escape(row.person)}（{escape(row.user_name)}） {words} ›"
            line(
                f"session_{row.user_name}",
                moment_text(row.seen_at)[-5:],
                label,
                SESSIONS,
                {"session_words": row.user_name},
            )


def discipline(viewer: Viewer, campaign_id: int) -> None:
    """What was referred and waits for a reply; the way to record who was held to account."""
    waiting = [case for case in referred_cases(viewer, campaign_id) if case.referral.is_waiting]
    if not waiting:
        empty("没有等您回复的移送", "领导小组办公室或领导移送纪委监委的问题，列在这里等回复。", key="referrals")
    else:
        with st.container(border=True, key="box_referrals"):
            heading("等回复的移送", f"共 {len(waiting)} 件")
            for at, case in enumerate(waiting):
                row = case.referral
                words = (
                    f"{case.issue.number} · {case.issue.place} · {day_text(row.referred_on)}移送，{row.document_number}"
                )
                work_row(f"referral_{row.id}", f"**{escape(case.title)}**", escape(words), "去回复",
                         partial(_open_referral, row.id), at == 0)  # fmt: skip
    with st.container(border=True, key="box_sanctions"):
        heading("问责")
        work_row(
            "sanctions", "**移送与问责**", "登记、更正问责人数，看全部移送", "去登记", lambda: st.switch_page(REFERRALS)
        )


def _open_referral(referral_id: int) -> None:
    st.switch_page(REFERRAL, query_params={"id": str(referral_id)})


def _accounts(state: AccountState, sessions: str) -> list[Panel]:
    """`sessions`: the page that says who is signed in."""
    rows = [
        ("in_use", "在用账号", f"{state.in_use:,} 个", f"已停用 {state.disabled} 个", PEOPLE),
        ("one_time", "一次性密码未改", f"{state.one_time:,} 个", "首次登录时自己改", PEOPLE),
        ("waiting", "待确认授权", f"{state.waiting:,} 项", "由安全管理员确认", PEOPLE),
        ("signed_in", "现在登录", f"{state.people_signed_in:,} 人", f"共 {state.sessions} 处", sessions),
    ]
    return [Panel(key, label, text, words, page) for key, label, text, words, page in rows]


def _backup(viewer: Viewer) -> Panel:
    """How old the last backup is; red where there is none or it is too old to fall back on."""
    found = backups(viewer)
    age, last = found.age(clock.now()), found.last
    if last is None:
        return Panel("backup", "最近备份", "没有", "今天就备份一次", BACKUP, is_red=True)
    hours = max(0, int((clock.now() - last.made_at).total_seconds() // 3600))
    text = f"{hours // 24} 天前" if hours >= 24 else f"{hours} 小时前"
    words = {BackupAge.TOO_OLD: "▲ 请立即备份", BackupAge.LATE: "超过一天"}.get(age, "已核对散列值")
    return Panel("backup", "最近备份", text, words, BACKUP, is_red=age is BackupAge.TOO_OLD)


def _account_words(state: AccountState) -> str:
    parts = [f"{state.one_time} 个还没改一次性密码"] if state.one_time else []
    parts += [f"{state.without_role} 个还没有角色"] if state.without_role else []
    return "，".join(parts) or "登记人员、授权、重置密码、停用账号"


def _grant(grant: GrantRow) -> str:
    where = f"（{grant.where}）" if grant.where else ""
    return escape(f"{grant.person_name} · {grant.unit_name} · {grant.role.label}{where}")

"""使用手册: the chapters of docs/guide with their pictures, one's own role first; the life of a problem."""

import re
from pathlib import Path

import pandas as pd
import streamlit as st

from models.issue import TRANSITIONS
from models.issue_word import IssueStatus
from models.role import Role, roles_that_may
from pages.frame.look import is_phone, table_words, title
from pages.frame.who import viewer

GUIDE = Path(__file__).parent.parent.parent / "docs" / "guide"
LIFE = "问题的一生"
CHAPTERS = {
    "开始使用": "start.md", "检查人员": "inspector.md", "责任单位": "unit.md", "办公室": "office.md",
    "领导": "leader.md", "纪检监察": "discipline.md", "审计": "auditor.md", "系统管理": "admin.md", LIFE: "",
}  # fmt: skip
OF_ROLE = {
    Role.INSPECTOR: "检查人员", Role.UNIT: "责任单位", Role.OFFICE: "办公室", Role.LEADER: "领导", Role.AUDITOR: "审计",
    Role.ADMIN: "系统管理", Role.SECURITY: "系统管理",
}  # fmt: skip
TAKEN_ON_A_PHONE = ("inspector-", "raise-")
PICTURE = re.compile(r"^!\[(?P<words>[^\]]+)\]\((?P<path>pictures/[a-z-]+\.png)\)$", re.M)


def chapter(file_name: str) -> None:
    """The text of a chapter, its pictures where they stand; a picture not taken yet is left out."""
    text = (GUIDE / file_name).read_text(encoding="utf-8").partition("\n")[2]
    at = 0
    for picture in PICTURE.finditer(text):
        st.markdown(text[at : picture.start()])
        path = GUIDE / picture["path"]
        if path.exists():
            width = "stretch" if is_phone() else 320 if path.stem.startswith(TAKEN_ON_A_PHONE) else 760
            st.image(str(path), caption=picture["words"], width=width)  # type: ignore[arg-type]
        at = picture.end()
    st.markdown(text[at:])


def life() -> None:
    """Statuses and verbs as the one table of transitions has them."""
    st.markdown("###### 状态")
    st.table(
        pd.DataFrame({"状态": [table_words(s) for s in IssueStatus], "意思": [s.meaning for s in IssueStatus]}),
        border="horizontal", hide_index=True,
    )  # fmt: skip
    st.markdown("###### 每一步：谁能做，从哪里到哪里，要带什么")
    st.table(
        pd.DataFrame(
            {
                "动作": [t.verb.label for t in TRANSITIONS],
                "在什么时候": ["、".join(s.label for s in t.sources) for t in TRANSITIONS],
                "之后": [_after(t.returns, t.target) for t in TRANSITIONS],
                "谁": ["、".join(r.label for r in roles_that_may(t.verb.permission)) for t in TRANSITIONS],
                "其中": [t.relation.label for t in TRANSITIONS],
                "要带什么": [t.brings for t in TRANSITIONS],
            }
        ),
        border="horizontal", hide_index=True,
    )  # fmt: skip
    st.caption("整改、验收、批准必须是三个不同的人，代办的人也算在内。本表与程序用的是同一张表。")


def _after(returns: bool, target: IssueStatus | None) -> str:
    return "回到申请时的状态" if returns else target.label if target else "不变"


person = viewer()
title("使用手册", right="先看自己这一章")
own = next((OF_ROLE[role] for role in person.roles if role in OF_ROLE), "开始使用")
chosen = st.segmented_control(
    "章节", list(CHAPTERS), default=own, required=True, key="manual_chapter", label_visibility="collapsed",
    bind="query-params",
)  # fmt: skip
with st.container(key="manual"):
    if chosen == LIFE:
        life()
    else:
        chapter(CHAPTERS[chosen])

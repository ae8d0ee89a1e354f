"""The left side of a problem: what was found, the money, the evidence, what was done."""

from collections.abc import Mapping, Sequence
from html import escape as html_escape
from pathlib import Path

import pandas as pd
import streamlit as st

from models.evidence import EvidencePurpose
from models.issue import Verb
from models.issue_word import IssueStatus
from models.local_time import day_text, moment_text
from models.money import yuan
from pages.frame.look import escape
from pages.ledger.evidence_fields import give_evidence
from pages.ledger.kept_list import open_issue
from pages.ledger.money_part import money_part
from queries.evidence import EvidenceRow
from queries.issue import IssuePage
from queries.issue_history import HistoryRow, PastRound

SHOWN_AT_FIRST = 8
FORM = "pages/field/household.py"
GALLERY = f"<style>{Path(__file__).with_name('gallery.css').read_text(encoding='utf-8')}</style>"
"""What pictures and papers stand in, on this page and where discipline reads them."""


_UPLOAD = {EvidencePurpose.RECTIFICATION: "上传整改佐证", EvidencePurpose.FINDING: "上传发现问题的照片或材料"}


def found_panel(issue: IssuePage, phone: bool) -> None:
    """发现了什么, with the money in both directions."""
    found = issue.found
    with st.container(border=True, key="found"):
        st.markdown("##### 发现了什么")
        st.markdown(escape(found.facts).replace("\n", "  \n"))
        team = f"{found.team}（{found.author}）" if found.team else found.author
        counted = ((found.households, "户"), (found.persons, "人"))
        given = " ".join(f"{count:,} {unit}" for count, unit in counted if count)
        counts = f"涉及 {given}" if given else ""
        item = f"项目 {found.item}" if found.item else ""
        period = f"期间 {found.period}" if found.period else ""
        source = f"{found.source}（{found.document}）" if found.document else found.source
        parts = (
            f"来源：{source}", team, f"{day_text(found.found_on)}发现", found.place, item, period, counts,
            f"涉及 {yuan(found.amount_cents)} 元" if found.amount_cents else "", f"性质 {found.severity}",
        )  # fmt: skip
        st.caption(" · ".join(escape(part) for part in parts if part))
        if issue.check_id is not None:
            st.button("看这一户的一户一表", icon=":material/assignment:", type="tertiary", key="to_form",
                      on_click=_open_form, args=(issue.check_id,))  # fmt: skip
        if issue.remark:
            st.caption(f"备注：{escape(issue.remark)}")
        money_part(issue, phone)


def _open_form(check_id: int) -> None:
    st.switch_page(FORM, query_params={"id": str(check_id)})


def evidence_panel(issue: IssuePage) -> None:
    """佐证材料: the latest first; who may give some finds the place for it here."""
    with st.container(border=True, key="evidence"):
        st.markdown(f"##### 佐证材料　:small[{_counts(issue)}]")
        total = len(issue.evidence)
        if issue.evidence:
            places = {place.id: place.name for place in issue.places}
            st.html(gallery(issue.evidence[:SHOWN_AT_FIRST], places))
            if total > SHOWN_AT_FIRST:
                with st.expander(f"其余 {total - SHOWN_AT_FIRST} 份"):
                    st.html(gallery(issue.evidence[SHOWN_AT_FIRST:], places))
        else:
            st.caption("还没有佐证。")
        for purpose in sorted(issue.purposes):
            if _in_a_dialog(purpose, issue):
                continue
            with st.expander(
                f"上传{'整改佐证' if purpose is EvidencePurpose.RECTIFICATION else '发现问题的照片'}",
                icon=":material/add_a_photo:",
            ):
                give_evidence(issue, purpose)


def _in_a_dialog(purpose: EvidencePurpose, issue: IssuePage) -> bool:
    """Given in the dialog of its verb. Of 立查立改: whoever proves it here has said that it is put right."""
    on_spot = purpose is EvidencePurpose.RECTIFICATION and Verb.FIX in issue.verbs
    return on_spot or purpose in (EvidencePurpose.CONTEST, EvidencePurpose.LOOK_BACK)


def carried_lines(issue: IssuePage) -> None:
    """Where it came from and what it became, with the way there."""
    if issue.origin is not None:
        _link_line(f"由“{issue.origin.campaign}”的 {issue.origin.number} 结转而来", issue.origin.id, "origin")
    if issue.carry is None:
        return
    told = f"{issue.carry.by} {moment_text(issue.carry.at)}，理由：{issue.carry.reason}"
    to = issue.carry.to
    if to is not None:
        _link_line(f"已结转到“{to.campaign}”，编号 {to.number}（{told}）", to.id, "to")
    else:
        _link_line(f"列入遗留清单：{issue.carry.ground.label}（{told}）", None, "kept")


def _link_line(words: str, issue_id: int | None, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"carried_{key}"):
        st.markdown(f":gray[:material/move_item: {escape(words)}]", width="content")
        if issue_id is not None:
            st.button("打开", key=f"thumb_carried_{key}", type="tertiary", on_click=open_issue, args=(issue_id,))


def contest_panel(issue: IssuePage) -> None:
    """申辩与答复: nothing where nobody contested."""
    if not issue.contests:
        return
    with st.container(border=True, key="contests"):
        st.markdown("##### 申辩与答复")
        for row in issue.contests:
            turn = f"第 {row.round} 轮 · " if issue.round > 1 else ""
            st.markdown(f"**{escape(row.unit)}**申辩：{escape(row.ground)}")
            st.caption(f"{turn}{escape(row.person)} {moment_text(row.at)} · 申辩材料 {len(row.papers)} 份，见佐证材料")
            if row.verdict is None:
                waits = "待答复" if row.round == issue.round and issue.status in IssueStatus.open() else "未答复"
                st.markdown(f":orange-badge[:material/hourglass_top: {waits}]")
                continue
            st.markdown(f"**答复（{row.verdict.label}）**：{escape(row.answer)}")
            st.caption(f"{escape(row.answered_by)} {moment_text(row.answered_at)}")


def _counts(issue: IssuePage) -> str:
    """How many files, and how many of them are new: nothing is said of a request before one was made."""
    total, now = f"共 {len(issue.evidence)} 份", issue.evidence_this_time
    if issue.requested_on is not None:
        return f"本次申请 {now} 份，{total}"
    if issue.verified_after_return:
        return f"退回后新交 {now} 份，{total}"
    return f"本轮整改 {now} 份，{total}" if issue.round > 1 else total


def history_panel(issue: IssuePage) -> None:
    """经过: this round, then the earlier ones, each readable whole."""
    with st.container(border=True, key="history"):
        st.markdown("##### 经过" + (f"　:small[第 {issue.round} 轮]" if issue.round > 1 else ""))
        _history(issue.history)
        for past in issue.past_rounds:
            with st.expander(_round_words(past), icon=":material/history:"):
                _round_texts(past)
                _history(past.rows)
    st.caption(":material/verified_user: 以上记录只增不改，每一步都有校验值。")


def gallery(rows: Sequence[EvidenceRow], places: Mapping[int, str]) -> str:
    """Files as pictures with their captions; `places`: what the places of the problem are called."""
    figures = "".join(_figure(row, places.get(row.place_id or 0, "")) for row in rows)
    return f'{GALLERY}<div class="evidence">{figures}</div>'


def _figure(row: EvidenceRow, place: str) -> str:
    address, caption = f"/evidence/{row.id}", html_escape(row.caption)
    ending = {"application/pdf": "PDF"}.get(row.media_type, "文档")
    picture = (
        f'<img class="picture" src="{address}?size=480" alt="{caption}" loading="lazy">'
        if row.is_image
        else f'<span class="picture">{ending}</span>'
    )
    when = moment_text(row.taken_at or row.recorded_at) + ("拍摄" if row.taken_at else "上传")
    again = "、".join(row.also_in) or "另一条问题"
    twice = f'<small class="again">▲ 同一份文件还用在 {html_escape(again)}</small>' if row.also_elsewhere else ""
    kind = "" if row.kind.label in row.caption else f"{row.kind.label} · "
    if row.purpose in (EvidencePurpose.CONTEST, EvidencePurpose.LOOK_BACK):
        kind = f"{row.purpose.label} · "
    kind = f"{html_escape(place)} · {kind}" if place else kind
    if row.from_visit:
        kind = "入户照片 · " if row.is_image else "入户材料 · "
    return (
        f'<figure><a href="{address}" target="_blank">{picture}<figcaption>{caption}'
        f"<small>{kind}{when} · {html_escape(row.given_by)}</small>{twice}</figcaption></a></figure>"
    )


def _history(rows: Sequence[HistoryRow]) -> None:
    if not rows:
        st.caption("没有记录。")
        return
    told = [
        f"**{escape(row.who)}**（{escape(row.by)}）{escape(row.done.rstrip('。'))}"
        + (f"：{escape(row.note)}" if row.note else "。")
        for row in rows
    ]
    index = [moment_text(row.at) for row in rows]
    with st.container(key=f"told_{rows[0].at.timestamp():.0f}"):
        st.table(pd.DataFrame({"经过": told}, index=index), border="horizontal", hide_header=True)


def _round_texts(past: PastRound) -> None:
    """What was asked for and done in a round that ended: it is not the running one's."""
    told = {"首次时限": day_text(past.first_deadline)} if past.first_deadline else {}
    told |= {label: escape(text) for label, text in past.texts.items()}
    if told:
        with st.container(key=f"round_{past.round}"):
            st.table(told, border="horizontal")


def _round_words(past: PastRound) -> str:
    ended = f"{day_text(past.closed_on)}销号" if past.closed_on else "未销号"
    on_time = {True: "，按期", False: "，逾期", None: ""}[past.on_time]
    reason = f"：{past.reason}" if past.reason else ""
    return escape(f"第 {past.round} 轮（{day_text(past.opened_on)}起，{ended}{on_time}）{reason}")

"""The form of 登记问题: kept on the server as it is typed, files too; one click hands it in."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from html import escape as html_escape
from typing import Any

import streamlit as st

import clock
from actions.held_file import attach_held_files, drop_file, hold_file
from actions.issue import Finding, raise_issue, submit
from files.evidence import LARGEST_BYTES, thumbnail
from models.issue_word import IssueSource
from models.money import NotMoney, parse_yuan, yuan
from models.problem_type import problem_types
from models.refusal import Refused
from pages.frame.notice import attempt, say
from pages.frame.who import caller
from pages.ledger.evidence_fields import TAKEN, Chosen, keep_each, say_faults
from pages.ledger.typed import Typed
from queries.campaign import subsidy_items
from queries.finding import PlaceRow, places_for, sources_for
from queries.line_finding import LineFinding
from queries.viewer import Viewer

LEAST_TITLE, LEAST_FACTS = 4, 5
RAISED, GENERATION, HANDING_IN = "_issue_raised", "_raise_files", "_issue_being_raised"
"""Keys in session_state: the problem just raised, to be opened; a new generation empties the uploader; pressed."""


def prefill(typed: Typed, line: LineFinding) -> None:
    """What a household form says already, where nothing was typed yet. Amounts as one types them."""
    for field, value in asdict(line).items():
        if field in ("amount_cents", "to_recover_cents", "to_pay_cents"):
            typed.kept.setdefault(field, yuan(value))
        elif isinstance(value, date):
            typed.kept.setdefault(field, value.isoformat())
        elif value is not None:
            typed.kept.setdefault(field, value)


def finding_fields(typed: Typed, viewer: Viewer, today: date) -> list[str]:
    """Where, what kind, the sentence, the facts; returns what is missing."""
    offered = places_for(viewer, today)
    places = {place.id: place.name for place in offered}
    types = problem_types()
    place = typed.choice(
        "region_id",
        "在哪个村或镇（必填）",
        list(places),
        format_func=lambda i: places[i],
        placeholder="输入镇、村的名字查找",
    )
    _further_places(typed, offered, place)
    code = typed.choice("type_code", "问题类别（必填）", list(types), format_func=lambda c: f"{c} {types[c].label}")
    if code is not None:
        st.caption(_type_words(code))
    title = typed.line(
        "title", "一句话标题（必填）", max_chars=120, placeholder="如：甲一村12户2021年度耕地地力保护补贴少发"
    )
    facts = typed.text(
        "facts",
        "问题事实（必填）",
        height=150,
        max_chars=5000,
        placeholder="什么时候、谁、哪几户、应发多少、实发多少、怎么核实的；不写身份证号和银行账号",
    )
    given = (
        ("地点", place),
        ("问题类别", code),
        ("标题", len(title) >= LEAST_TITLE),
        ("问题事实", len(facts) >= LEAST_FACTS),
    )
    missing = [word for word, there in given if not there]
    if code and types[code].is_suspected_offence and "涉嫌" not in title + facts:
        missing.append("“涉嫌”二字（第三类问题查实前用“涉嫌”表述）")
    return missing


def _further_places(typed: Typed, offered: Sequence[PlaceRow], chosen: int | None) -> None:
    """One problem in several villages of a reporting unit; asked once the first one is known."""
    own = next((place for place in offered if place.id == chosen), None)
    if own is None:
        return
    others = {p.id: p.name for p in offered if p.reporting_unit_id == own.reporting_unit_id and p.id != own.id}
    some = typed.several(
        "also_in", "还涉及哪些村（可不选）", list(others), format_func=lambda i: others[i],
        placeholder="同一个问题涉及几个村的，选其余各村", select_all=False,
    )  # fmt: skip
    if some:
        st.caption(f"登记为一件、{len(some) + (0 if own.is_town else 1)} 处，逐处整改，全部完成后才能申请销号。")


def amount_fields(typed: Typed, viewer: Viewer, today: date) -> list[str]:
    """Money in two directions, how many, which subsidy, how and when found."""
    missing = []
    columns = st.columns(3)
    for column, (field, label) in zip(
        columns,
        (("amount_cents", "涉及金额（元）"), ("to_recover_cents", "应追缴（元）"), ("to_pay_cents", "应补发（元）")),
        strict=True,
    ):
        with column:
            typed.line(field, label, placeholder="可不填" if field == "amount_cents" else "0.00")
            if _fault(typed.now_text(field)):
                st.caption(f":red[{_fault(typed.now_text(field))}]")
                missing.append(label.removesuffix("（元）"))
    st.caption("涉及金额不填，则为应追缴加应补发。")
    left, right = st.columns(2)
    with left:
        typed.count("households", "涉及户数")
    with right:
        typed.count("persons", "涉及人数")
    items = {item.code: item.name for item in subsidy_items()}
    left, right = st.columns(2)
    with left:
        typed.choice(
            "item_code", "补贴项目", list(items), format_func=lambda c: f"{c} {items[c]}", placeholder="没有可不选"
        )
    with right:
        typed.line("period", "期间", max_chars=20, placeholder="如：2021、2021-06、2021Q2")
    sources = [source.value for source in sources_for(viewer)]
    left, right = st.columns(2)
    with left:
        source = typed.choice(
            "source", "检查方式（必填）", sources, sources[0] if sources else None, format_func=_source_words
        )
    with right:
        found_on = typed.day("found_on", "发现日期（必填）", today, max_value=today)
    missing += ([] if source else ["检查方式"]) + ([] if found_on else ["发现日期"])
    return missing + (document_fields(typed, today) if source and IssueSource(source).comes_by_document else [])


def document_fields(typed: Typed, today: date) -> list[str]:
    """The letter a problem came by; asked only where the source is outside."""
    sender = typed.line(
        "document_from", "来文单位（必填）", max_chars=80, placeholder="转来的机关，如：示例市审计局；不写信访人姓名"
    )
    left, right = st.columns(2)
    with left:
        number = typed.line(
            "document_number", "文号（必填）", max_chars=60, placeholder="如：示审〔2022〕3号；没有写“无”"
        )
    with right:
        day = typed.day("document_on", "来文日期（必填）", max_value=today)
    return [word for word, given in (("来文单位", sender), ("文号", number), ("来文日期", day)) if not given]


def file_fields(typed: Typed) -> None:
    """Photos and papers; kept at once, attached on submission."""
    generation = st.session_state.get(GENERATION, 0)
    st.file_uploader(
        "照片或材料", type=TAKEN, accept_multiple_files=True, max_upload_size=LARGEST_BYTES // 1_048_576,
        key=f"raise_files_{generation}", on_change=_hold, args=(typed.subject, generation),
    )  # fmt: skip
    say_faults(typed.subject)
    held = typed.kept.get("files", [])
    if not held:
        st.caption("照片（JPG、PNG、WebP）、PDF、Word、Excel，每个不超过 30 MB。")
        return
    with st.container(horizontal=True, key="held_files"):
        for number, file in enumerate(held, 1):
            with st.container(width=132):
                st.html(_picture(file["sha256"], file["media_type"], number))
                st.button(
                    "移除", key=f"drop_{file['sha256'][:12]}", type="tertiary", icon=":material/close:",
                    on_click=_drop, args=(typed.subject, file["sha256"]),
                )  # fmt: skip


def begin_to_hand_in() -> None:
    """Callback: the next run says so at once and does it."""
    st.session_state[HANDING_IN] = True


def is_handing_in(missing: Sequence[str]) -> bool:
    """Whether the button was pressed and nothing is missing; asked once a press."""
    return bool(st.session_state.pop(HANDING_IN, False)) and not missing


def hand_in(typed: Typed, campaign_id: int, line: LineFinding | None) -> None:
    """Raise, attach, submit. What fails after the first step leaves a draft, which opens to be finished."""
    issue_id = attempt(lambda: raise_issue(caller(), _finding(typed, campaign_id, line)))
    if issue_id is None:
        return
    st.session_state[RAISED] = issue_id
    if attempt(lambda: attach_held_files(caller(), typed.subject, issue_id)) is None:
        return
    number = attempt(lambda: submit(caller(), issue_id))
    if number is not None:
        typed.clear()
        say(f"已登记，编号 {number}")


def _finding(typed: Typed, campaign_id: int, line: LineFinding | None) -> Finding:
    found_on = typed.now("found_on", clock.today())
    recover, pay = typed.now_cents("to_recover_cents"), typed.now_cents("to_pay_cents")
    return Finding(
        campaign_id=campaign_id,
        type_code=typed.now_text("type_code"),
        title=typed.now_text("title"),
        facts=typed.now_text("facts"),
        region_id=int(typed.now("region_id", 0)),
        source=IssueSource(typed.now("source", IssueSource.SELF_CHECK.value)),
        found_on=date.fromisoformat(found_on) if isinstance(found_on, str) else found_on,
        item_code=typed.now("item_code"),
        period=typed.now("period"),
        households=int(typed.now("households", 0)),
        persons=int(typed.now("persons", 0)),
        amount_cents=typed.now_cents("amount_cents") or recover + pay,
        to_recover_cents=recover,
        to_pay_cents=pay,
        check_line_id=line.check_line_id if line else None,
        also_in=tuple(int(region_id) for region_id in typed.now("also_in", [])),
        **_document(typed),
    )


def _document(typed: Typed) -> dict[str, Any]:
    """What stands in fields that are not on screen, another source being chosen by now, is not meant."""
    if not IssueSource(typed.now("source", IssueSource.SELF_CHECK.value)).comes_by_document:
        return {}
    day = typed.now("document_on")
    return {
        "document_from": typed.now("document_from"),
        "document_number": typed.now("document_number"),
        "document_on": date.fromisoformat(day) if isinstance(day, str) else day,
    }


def _type_words(code: str) -> str:
    kind = problem_types()[code]
    kinds = "或".join(sorted(k.label for k in kind.evidence))
    offence = "第三类问题用“涉嫌”表述，告知责任单位前对其隐藏，由领导审批。" if kind.is_suspected_offence else ""
    return f"{kind.explanation}。性质通常为“{kind.typical_severity}”；销号时须附{kinds}。{offence}"


def _source_words(value: str) -> str:
    return IssueSource(value).label


def _fault(typed: str) -> str:
    if not typed:
        return ""
    try:
        return "金额不能是负数" if parse_yuan(typed) < 0 else ""
    except NotMoney as fault:
        return str(fault)


def _hold(subject: str, generation: int) -> None:
    keep_each(
        Chosen(f"raise_files_{generation}", GENERATION, generation), lambda data: hold_file(caller(), subject, data),
        lambda taken: f"已存 {len(taken)} 份" if taken else "", subject,
    )  # fmt: skip


def _drop(subject: str, sha256: str) -> None:
    attempt(lambda: drop_file(caller(), subject, sha256))


def _picture(sha256: str, media_type: str, number: int) -> str:
    """Shown from the page itself: there is no problem yet whose rights a route could ask for."""
    if not media_type.startswith("image/"):
        return f'<div style="height:96px;display:flex;align-items:center;justify-content:center">材料 {number}</div>'
    try:
        data = b64encode(thumbnail(sha256, 240)).decode()
    except (FileNotFoundError, Refused):
        return html_escape(f"照片 {number} 不见了")
    style = "height:96px;max-width:132px;border-radius:.3rem"
    return f'<img alt="照片 {number}" style="{style}" src="data:image/jpeg;base64,{data}">'

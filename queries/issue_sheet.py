"""One problem's whole life in the words of its printed page; within the rights of whoever asks, masked."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from files.issue_sheet import IssueSheet, SheetRound, SheetStep
from models.campaign import Campaign
from models.evidence import Evidence
from models.identity import Identity
from models.issue_record import IssuePerson
from models.issue_word import IssueStatus
from models.local_time import day_text, local
from models.masking import mask_name
from models.money import yuan
from models.outcome import Outcome
from models.refusal import Refused
from models.role import Permission
from models.roster import HouseholdMember
from queries.issue import IssuePage, issue_page
from queries.issue_history import ROUND_LABELS, HistoryRow
from queries.place_row import PlaceRow
from queries.reading import reading
from queries.viewer import Viewer

HEADING = "惠民惠农财政补贴资金“一卡通”专项治理"
MOST_REPEATS = 5
DIGEST_SHOWN = 12
"""Characters of a file's SHA-256: enough to find the file among a problem's own."""


def issue_sheet(viewer: Viewer, issue_id: int, today: date) -> IssueSheet:
    """What is printed of a problem. Who: as its page; sanctions only for whoever sees the dashboard.

    Raises NotFoundOrNotYours, and Refused for a draft: it has no number to be filed under.
    """
    page = issue_page(viewer, issue_id, today)
    if page.status is IssueStatus.DRAFT:
        raise Refused("草稿还没有编号，提交后才能打印。")
    with reading() as session:
        campaign = session.get_one(Campaign, page.campaign_id)
        return IssueSheet(
            heading=f"{campaign.place}{HEADING}", number=page.number, title=page.title,
            pairs=tuple(_pairs(page, campaign.name)), texts=tuple(_texts(session, page)),
            money=tuple(_money(page)), rounds=tuple(_rounds(page)), evidence=tuple(_evidence(session, page)),
            sanctions=tuple(_sanctions(session, issue_id)) if viewer.may(Permission.SEE_DASHBOARD) else (),
        )  # fmt: skip


def _pairs(page: IssuePage, campaign: str) -> Iterator[tuple[str, str]]:
    """Short facts, two to a line."""
    found, duty = page.found, page.duty
    counted = ((found.households, "户"), (found.persons, "人"))
    counts = " ".join(f"{count:,} {unit}" for count, unit in counted if count)
    money = f"{yuan(found.amount_cents)} 元" if found.amount_cents else ""
    yield "专项治理", campaign
    yield (
        "目前状态",
        f"{page.status.symbol} {page.status.label}" + (f"（第 {page.round} 轮）" if page.round > 1 else ""),
    )
    yield "问题类别", page.type_label
    yield "问题性质", found.severity
    letter = f"（{found.document}）" if found.document else ""
    yield "检查方式", f"{found.source}{letter}，{day_text(found.found_on)}发现"
    yield "发现人", f"{found.team}（{found.author}）" if found.team else found.author
    done = sum(place.is_done for place in page.places)
    yield "地点", found.place + (f"等 {len(page.places)} 处，已完成 {done} 处" if page.places else "")
    yield "涉及", "，".join(part for part in (counts, money) if part)
    yield "补贴项目", "，".join(part for part in (found.item, found.period) if part)
    yield "办理方式", " · ".join(part for part in (duty.handling, duty.nature) if part)
    yield "责任单位", duty.unit or ("未交办：检查人员当场改好" if page.is_on_spot else "")
    yield "责任人", "，".join(f"{w}{n}" for w, n in (("责任领导", duty.leader), ("责任人", duty.person)) if n)
    yield "首次时限", day_text(duty.first_deadline) if duty.first_deadline else "无时限"
    yield "现行时限", (day_text(duty.deadline) if duty.deadline else "无时限") + _moved(page)


def _moved(page: IssuePage) -> str:
    parts = (
        f"延期 {page.duty.extensions} 次" if page.duty.extensions else "",
        f"审核占用 {page.duty.held} 个工作日已顺延" if page.duty.held else "",
        f"退回 {page.time.returns} 次" if page.time.returns else "",
    )
    said = "，".join(part for part in parts if part)
    return f"（{said}）" if said else ""


def _texts(session: Session, page: IssuePage) -> Iterator[tuple[str, str]]:
    """What takes a whole line."""
    yield "问题事实", page.found.facts
    if page.places:
        yield "各处", "；".join(map(_place, page.places))
    if page.links:
        yield "关联问题", "；".join(f"{link.words} {link.number}" for link in page.links)
    people = "、".join(_people(session, page.id))
    if people:
        yield "涉及人员", people
    repeated = "；".join(f"{row.number}（{row.words}）" for row in page.repeats.rows[:MOST_REPEATS])
    if page.repeats.total:
        yield (
            "屡查屡犯",
            f"此前已交办过 {page.repeats.total} 件：{repeated}" if repeated else f"{page.repeats.total} 件",
        )
    looked = "；".join(
        f"{day_text(check.looked_on)}{check.verdict.label}（{check.who}）：{check.finding}"
        for _, check in reversed(page.look_backs)
    )
    if looked:
        yield "回头看", looked
    for label, text in (("查否理由", page.dismissal), ("部分整改", page.partial_reason), ("备注", page.remark)):
        if text:
            yield label, text


def _place(place: PlaceRow) -> str:
    unit = f"（{place.unit}）" if place.unit and place.unit != place.name else ""
    return f"{place.name}{unit}{day_text(place.done_on)}完成" if place.done_on else f"{place.name}{unit}未完成"


def _people(session: Session, issue_id: int) -> Iterator[str]:
    rows = session.execute(
        sa.select(Identity.name, HouseholdMember.pseudonym)
        .join(HouseholdMember, HouseholdMember.identity_id == Identity.id)
        .join(IssuePerson, IssuePerson.member_id == HouseholdMember.id)
        .where(IssuePerson.issue_id == issue_id)
        .order_by(HouseholdMember.id)
    )
    return (f"{mask_name(name) if name else '已清除'}（代号 {pseudonym}）" for name, pseudonym in rows)


def _money(page: IssuePage) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Both directions; the treasury where anything came back."""
    treasury = (page.treasury,) if page.treasury.due_cents or page.treasury.done_cents else ()
    for line in (*page.money, *treasury):
        yield (
            line.label, yuan(line.due_cents), yuan(line.done_cents), yuan(line.open_cents), line.state,
            "、".join(line.vouchers),
        )  # fmt: skip


def _rounds(page: IssuePage) -> Iterator[SheetRound]:
    """From the first to the one that runs, each with what was asked for and done in it."""
    for past in reversed(page.past_rounds):
        ended = f"{day_text(past.closed_on)}销号" if past.closed_on else "未销号"
        on_time = {True: "，按期", False: "，逾期", None: ""}[past.on_time]
        reason = f"；重开原因：{past.reason}" if past.reason else ""
        heading = f"第 {past.round} 轮　{day_text(past.opened_on)}起，{ended}{on_time}{reason}"
        yield SheetRound(heading, tuple(_lasting(past.texts)), tuple(_steps(past.rows)))
    duty = page.duty
    texts = (
        ("回头看发现", duty.finding if page.round > 1 else ""), ("整改要求", duty.requirements),
        ("整改措施", duty.measures), ("整改结果", duty.result), ("建章立制", duty.rule_mended),
    )  # fmt: skip
    heading = f"第 {page.round} 轮　{_running(page)}"
    yield SheetRound(heading, tuple((k, v) for k, v in texts if v), tuple(_steps(page.history)))


def _lasting(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Without the last progress: it stands among the steps."""
    return ((label, text) for label, text in texts.items() if label != ROUND_LABELS["progress"])


def _running(page: IssuePage) -> str:
    if page.closed_on is None:
        return page.status.label
    on_time = {True: "，按期", False: "，逾期", None: ""}[page.closed_on_time]
    return f"{day_text(page.closed_on)}销号{on_time}"


def _steps(rows: Iterable[HistoryRow]) -> Iterator[SheetStep]:
    for row in reversed(tuple(rows)):
        what = row.done.rstrip("。") + (f"：{row.note}" if row.note else "")
        yield SheetStep(f"{local(row.at):%Y-%m-%d %H:%M}", f"{row.who}（{row.by}）", what)


def _evidence(session: Session, page: IssuePage) -> Iterator[str]:
    """In the order given, with the beginning of each file's hash, so that paper and file can be laid side by side."""
    ids = [row.id for row in page.evidence]
    digests = {i: d for i, d in session.execute(sa.select(Evidence.id, Evidence.sha256).where(Evidence.id.in_(ids)))}
    for row in reversed(page.evidence):
        turn = f"第 {row.round} 轮，" if page.round > 1 else ""
        day = day_text(local(row.taken_at or row.recorded_at).date())
        caption = row.caption or row.kind.label
        yield f"{caption}（{turn}{row.kind.label}，{day}，{row.given_by}，校验 {digests[row.id][:DIGEST_SHOWN]}）"


def _sanctions(session: Session, issue_id: int) -> Iterator[str]:
    """How many people, by which document; rows that correct each other to nothing are left out."""
    rows = session.execute(
        sa.select(Outcome.kind, Outcome.document_number, Outcome.decided_on, sa.func.sum(Outcome.people))
        .where(Outcome.issue_id == issue_id)
        .group_by(Outcome.kind, Outcome.document_number, Outcome.decided_on)
        .having(sa.func.sum(Outcome.people) != 0)
        .order_by(Outcome.decided_on)
    )
    return (f"{kind.label} {people} 人，{day_text(day)}，{document}" for kind, document, day, people in rows)

"""共性问题 as they stood at the end of a day: which there were, with how many problems, how far each is.

Who sees one: whoever may see one of its problems, and the unit that owes the remedy. Problems that are not theirs are a
number to them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.common_problem import CANDIDATE_VILLAGES, CommonMember, CommonProblem
from models.deadline import Light, LightReading, StatusGroup, light
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueStatus
from models.local_time import end_of_day
from models.masking import mask_text
from models.problem_type import problem_types
from models.refusal import NotFoundOrNotYours
from models.role import Permission, Role
from models.unit import Person
from queries.ledger_light import light_rule
from queries.reading import reading
from queries.scope import issue_visible
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class CommonRow:
    """One common problem on a day. Texts masked; `amount_cents` and `closed` are of the problems `seen`."""

    number: int
    version: int
    title: str
    cause: str
    remedy: str
    owner_unit_id: int
    owner: str
    deadline: date
    done_on: date | None
    document_number: str
    light: LightReading
    total: int
    seen: int
    closed: int
    amount_cents: int

    @property
    def elsewhere(self) -> int:
        """Problems under it that are not the viewer's."""
        return self.total - self.seen


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One problem under it, as it stood on the day."""

    issue_id: int
    number: str
    title: str
    status: IssueStatus
    responsible_unit: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class CommonStep:
    """One thing recorded of it; of problems that are not the viewer's it says how many, not which."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class CommonPage:
    """All that the page of one common problem shows."""

    row: CommonRow
    members: tuple[MemberRow, ...]
    steps: tuple[CommonStep, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Problems of one type in several villages that stand under no common problem yet."""

    type_code: str
    villages: int
    issue_ids: tuple[int, ...]

    @property
    def label(self) -> str:
        """The words of the type."""
        return problem_types()[self.type_code].label


def common_problems(viewer: Viewer, campaign_id: int, today: date, as_of: date | None = None) -> tuple[CommonRow, ...]:
    """The common problems the viewer may know of, those still owed first, by deadline."""
    day = min(as_of or today, today)
    with reading() as session:
        rows = _rows(session, viewer, campaign_id, day)
    return tuple(sorted(rows, key=lambda row: (row.done_on is not None, row.deadline, row.number)))


def common_page(
    viewer: Viewer, campaign_id: int, number: int, today: date, as_of: date | None = None
) -> CommonPage:  # fmt: skip
    """One of them. Raises NotFoundOrNotYours: an unknown number is told apart to nobody."""
    day = min(as_of or today, today)
    with reading() as session:
        row = next((r for r in _rows(session, viewer, campaign_id, day, number) if r.number == number), None)
        if row is None:
            raise NotFoundOrNotYours("共性问题")
        seen = _seen(session, viewer, members_as_of(session, campaign_id, day).get(number, ()))
        return CommonPage(row, _members(session, seen, day), _steps(session, viewer, campaign_id, number, day))


def common_of(session: Session, issue: Issue) -> tuple[int, str] | None:
    """Number and title of the common problem a problem the viewer was allowed to open stands under."""
    last = session.scalars(
        sa.select(CommonMember).where(CommonMember.issue_id == issue.id).order_by(CommonMember.id.desc()).limit(1)
    ).first()
    if last is None or not last.is_in:
        return None
    title = session.scalars(
        sa.select(CommonProblem.title)
        .where(CommonProblem.campaign_id == last.campaign_id, CommonProblem.number == last.number)
        .order_by(CommonProblem.version.desc())
        .limit(1)
    ).one()
    return last.number, mask_text(title)


def candidates(viewer: Viewer, campaign_id: int, today: date) -> tuple[Candidate, ...]:
    """The same type in three villages or more, for whoever may group them; the widest first."""
    if not viewer.may(Permission.MANAGE_COMMON):
        return ()
    with reading() as session:
        found = session.execute(
            sa.select(Issue.type_code, Issue.village_id, Issue.id)
            .where(*_groupable(viewer, campaign_id, today), Issue.village_id.is_not(None))
            .order_by(Issue.id)
        ).all()
    villages: dict[str, set[int]] = defaultdict(set)
    ids: dict[str, list[int]] = defaultdict(list)
    for code, village, issue_id in found:
        villages[code].add(village or 0)
        ids[code].append(issue_id)
    wide = [Candidate(c, len(v), tuple(ids[c])) for c, v in villages.items() if len(v) >= CANDIDATE_VILLAGES]
    return tuple(sorted(wide, key=lambda c: (-c.villages, c.type_code)))


def groupable(viewer: Viewer, campaign_id: int, today: date, most: int = 500) -> dict[int, str]:
    """Problems that may come under a common problem, number and title by id, for a list to choose from."""
    if not viewer.may(Permission.MANAGE_COMMON):
        return {}
    with reading() as session:
        rows = session.execute(
            sa.select(Issue.id, Issue.number, Issue.title)
            .where(*_groupable(viewer, campaign_id, today))
            .order_by(Issue.type_code, Issue.number)
            .limit(most)
        )
        return {issue_id: f"{number} {mask_text(title)}" for issue_id, number, title in rows}


def members_as_of(session: Session, campaign_id: int, day: date) -> dict[int, tuple[int, ...]]:
    """Ids of the problems under each common problem at the end of a day, by its number."""
    rows = session.execute(
        sa.select(CommonMember.number, CommonMember.issue_id, CommonMember.is_in)
        .where(CommonMember.campaign_id == campaign_id, CommonMember.recorded_at < end_of_day(day))
        .order_by(CommonMember.id)
    )
    found: dict[int, dict[int, None]] = defaultdict(dict)
    for number, issue_id, is_in in rows:
        if is_in:
            found[number][issue_id] = None
        else:
            found[number].pop(issue_id, None)
    return {number: tuple(ids) for number, ids in found.items()}


def members_by(day: date) -> sa.Select[int, int, int]:
    """issue_id, campaign_id and number of every membership in force at the end of a day, for a condition."""
    last = (
        sa.select(sa.func.max(CommonMember.id).label("id"))
        .where(CommonMember.recorded_at < end_of_day(day))
        .group_by(CommonMember.issue_id)
        .subquery()
    )
    return (
        sa.select(CommonMember.issue_id, CommonMember.campaign_id, CommonMember.number)
        .join(last, last.c.id == CommonMember.id)
        .where(CommonMember.is_in)
    )


def _groupable(viewer: Viewer, campaign_id: int, today: date) -> tuple[sa.ColumnElement[bool], ...]:
    taken = sa.select(members_by(today).subquery().c.issue_id)
    return (
        Issue.campaign_id == campaign_id, Issue.status.in_(IssueStatus.counted()), issue_visible(viewer),
        Issue.id.not_in(taken),
    )  # fmt: skip


def _rows(
    session: Session, viewer: Viewer, campaign_id: int, day: date, number: int | None = None
) -> list[CommonRow]:  # fmt: skip
    versions = sa.select(CommonProblem).where(
        CommonProblem.campaign_id == campaign_id, CommonProblem.recorded_at < end_of_day(day)
    )
    if number is not None:
        versions = versions.where(CommonProblem.number == number)
    last = {row.number: row for row in session.scalars(versions.order_by(CommonProblem.version))}
    members, rule = members_as_of(session, campaign_id, day), light_rule(session, campaign_id, day)
    owners = {g.unit_id for g in viewer.grants_with(Permission.SEE_LEDGER) if g.role is Role.UNIT}
    rows = []
    for common in last.values():
        ids = members.get(common.number, ())
        seen = _seen(session, viewer, ids)
        if seen or common.owner_unit_id in owners:
            reading_ = light(StatusGroup.RUNNING, common.deadline, day, rule.calendar, rule.thresholds)
            if common.done_on is not None:
                reading_ = LightReading(Light.CLOSED, "已完成")
            rows.append(_row(session, common, reading_, len(ids), seen, day))
    return rows


def _row(
    session: Session, common: CommonProblem, reading_: LightReading, total: int, seen: Sequence[int], day: date
) -> CommonRow:  # fmt: skip
    stood = _stood(session, seen, day)
    return CommonRow(
        common.number, common.version, mask_text(common.title), mask_text(common.cause), mask_text(common.remedy),
        common.owner_unit_id, common.owner_name, common.deadline, common.done_on, common.document_number or "",
        reading_, total, len(seen), sum(status is IssueStatus.CLOSED for status, _ in stood.values()),
        sum(cents for _, cents in stood.values()),
    )  # fmt: skip


def _seen(session: Session, viewer: Viewer, ids: Iterable[int]) -> tuple[int, ...]:
    """Those of them the viewer may open."""
    asked = sa.select(Issue.id).where(Issue.id.in_(tuple(ids)), issue_visible(viewer)).order_by(Issue.number)
    return tuple(session.scalars(asked))


def _stood(session: Session, ids: Sequence[int], day: date) -> Mapping[int, tuple[IssueStatus, int]]:
    """Status and amount of problems at the end of a day."""
    last = (
        sa.select(IssueEvent.issue_id, sa.func.max(IssueEvent.position).label("position"))
        .where(IssueEvent.issue_id.in_(ids), IssueEvent.recorded_at < end_of_day(day))
        .group_by(IssueEvent.issue_id)
        .subquery()
    )
    same = sa.and_(last.c.issue_id == IssueEvent.issue_id, last.c.position == IssueEvent.position)
    rows = session.execute(sa.select(IssueEvent.issue_id, IssueEvent.status, IssueEvent.amount_cents).join(last, same))
    return {issue_id: (status, cents) for issue_id, status, cents in rows}


def _members(session: Session, ids: Sequence[int], day: date) -> tuple[MemberRow, ...]:
    stood = _stood(session, ids, day)
    found = session.scalars(sa.select(Issue).where(Issue.id.in_(ids)).order_by(Issue.number))
    return tuple(
        MemberRow(i.id, i.number or "", mask_text(i.title), stood[i.id][0], i.responsible_unit_name or "—",
                  stood[i.id][1])
        for i in found
    )  # fmt: skip


def _steps(session: Session, viewer: Viewer, campaign_id: int, number: int, day: date) -> tuple[CommonStep, ...]:
    """Versions and comings and goings, the latest first."""
    versions = session.execute(
        sa.select(CommonProblem, Person.name)
        .join(Person, Person.id == CommonProblem.person_id)
        .where(CommonProblem.campaign_id == campaign_id, CommonProblem.number == number)
        .where(CommonProblem.recorded_at < end_of_day(day))
        .order_by(CommonProblem.version)
    ).all()
    steps = [CommonStep(v.recorded_at, who, _said(v)) for v, who in versions]
    moves: dict[tuple[datetime, bool], tuple[str, str, list[int]]] = {}
    rows = session.execute(
        sa.select(CommonMember, Person.name)
        .join(Person, Person.id == CommonMember.person_id)
        .where(CommonMember.campaign_id == campaign_id, CommonMember.number == number)
        .where(CommonMember.recorded_at < end_of_day(day))
        .order_by(CommonMember.id)
    )
    for move, who in rows:
        moves.setdefault((move.recorded_at, move.is_in), (who, move.reason or "", []))[2].append(move.issue_id)
    for (at, is_in), (who, reason, ids) in moves.items():
        numbers = list(session.scalars(sa.select(Issue.number).where(Issue.id.in_(_seen(session, viewer, ids)))))
        named = f"：{'、'.join(n for n in numbers[:5] if n)}{'等' if len(numbers) > 5 else ''}" if numbers else ""
        why = f"。理由：{mask_text(reason)}" if reason else ""
        steps.append(CommonStep(at, who, f"{'列入' if is_in else '移出'} {len(ids)} 件{named}{why}"))
    return tuple(sorted(steps, key=lambda step: step.at, reverse=True))


def _said(version: CommonProblem) -> str:
    reason = f"：{mask_text(version.reason)}" if version.reason else ""
    if version.version == 1:
        return "归为共性问题"
    if version.done_on is not None:
        return f"整治措施完成，{version.document_number}{reason}"
    return f"修改{reason}"

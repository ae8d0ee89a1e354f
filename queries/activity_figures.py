"""Figures of what was done beside the checks: teams and trips, covert visits, publicity, meetings, people held to
account."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.activity import Activity, ActivityKind
from models.covert_visit import CovertVisit, Response
from models.issue_record import Issue
from models.outcome import Outcome
from models.trip import Trip, TripMember
from models.unit import Person, Team, Unit
from queries.figure import Definition
from queries.row_figure import Column, Condition, Counted, number_of, sum_of

A = Activity
ACTIVITIES = Counted(
    A, A.held_on,
    (Column("种类", A.kind, lambda kind: kind.label), Column("内容", A.title), Column("数量", A.count),
     Column("凭据", A.evidence)),
    unit=A.unit_id,
)  # fmt: skip
TRIPS = Counted(
    Trip, Trip.went_on, (Column("专班", Team.name), Column("轮次", Trip.round), Column("事由", Trip.purpose)),
    source=lambda asked: asked.join(Team, Team.id == Trip.team_id),
)  # fmt: skip
HOME = aliased(Unit)


def _with_people(asked: sa.Select[Any]) -> sa.Select[Any]:
    """One row a person on a trip."""
    return (
        asked.join(Team, Team.id == Trip.team_id)
        .join(TripMember, TripMember.trip_id == Trip.id)
        .join(Person, Person.id == TripMember.person_id)
        .join(HOME, HOME.id == Person.unit_id)
    )


TRAVELLERS = Counted(
    Trip, Trip.went_on,
    (Column("专班", Team.name), Column("轮次", Trip.round), Column("人员", Person.name), Column("所在单位", HOME.name)),
    source=_with_people,
)  # fmt: skip
VISITS = Counted(CovertVisit, CovertVisit.visited_on, ())
RESPONSES = Counted(
    Response, Response.answered_on,
    (Column("是否知晓政策", Response.is_aware, lambda said: {True: "知晓", False: "不知晓"}.get(said, "未问")),),
)  # fmt: skip
OUTCOMES = Counted(
    Outcome, Outcome.decided_on,
    (Column("处理方式", Outcome.kind, lambda kind: kind.label), Column("人数", Outcome.people),
     Column("文号", Outcome.document_number), Column("对应问题", Issue.number)),
    source=lambda asked: asked.outerjoin(Issue, Issue.id == Outcome.issue_id),
)  # fmt: skip


def _of(*kinds: ActivityKind) -> Condition:
    return lambda ask: A.kind.in_(kinds)


def _logged(kind: ActivityKind, label: str, definition: str) -> Definition:
    return sum_of(ACTIVITIES, A.count, label, kind.unit, definition, _of(kind))


ACTIVITY_FIGURES: dict[str, Definition] = {
    "people_disciplined": sum_of(
        OUTCOMES, Outcome.people, "问责人数", "人", "纪检监察登记的诫勉、党纪处分、政务处分和移送司法的人数合计。"
    ),
    "trips": number_of(TRIPS, "专班出勤次数", "次", "登记的专班出勤，一个专班一天一次。"),
    "person_trips": number_of(
        TRAVELLERS, "专班出勤人次", "人次", "各次出勤登记的人员逐一计数，同一人每次出勤计一次；不手工填报。"
    ),
    "covert_visits": number_of(VISITS, "暗访次数", "次", "登记的暗访；路线不在此列出。"),
    "questionnaires": number_of(RESPONSES, "收回问卷", "份", "收回的调查问卷答卷，不记姓名。"),
    "leaflets": _logged(ActivityKind.LEAFLETS, "发放宣传资料", "登记的宣传资料发放份数合计；编印的宣传册另计。"),
    "door_to_door": _logged(ActivityKind.DOOR_TO_DOOR, "入户宣传人次", "登记的入户宣传人次合计。"),
    "meetings": sum_of(
        ACTIVITIES, A.count, "会议和座谈", "次", "登记的会议、座谈次数合计。",
        _of(ActivityKind.MEETING, ActivityKind.DISCUSSION),
    ),
    "special_audits": _logged(ActivityKind.SPECIAL_AUDIT, "专项审计", "登记的专项审计次数合计。"),
}  # fmt: skip

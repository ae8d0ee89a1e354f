"""The stages and tasks of a campaign as they stand, or stood at the end of a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.local_time import day_text, end_of_day
from models.role import Permission, Role
from models.schedule import Stage, Task
from models.unit import Person, Unit
from models.user import User
from queries.reading import reading
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage in force. `order` counts from 1 by its days; `number` and `version` name it to the action."""

    number: int
    version: int
    order: int
    name: str
    starts_on: date
    ends_on: date

    def words(self, today: date) -> str:
        """Symbol and word: where `today` lies."""
        if today < self.starts_on:
            return f"□ {(self.starts_on - today).days} 天后开始"
        if today > self.ends_on:
            return "■ 已结束"
        return f"◇ 正在进行，剩 {(self.ends_on - today).days} 天" if today < self.ends_on else "◇ 今天结束"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in force: what, who owes it, until when, and when and by whom it was done."""

    number: int
    version: int
    what: str
    unit_id: int
    unit_name: str
    person_in_charge: str
    due: date
    done_on: date | None
    done_by: str
    done_note: str

    def is_overdue(self, today: date) -> bool:
        """Owed and late."""
        return self.done_on is None and self.due < today

    def words(self, today: date) -> str:
        """Symbol and word: done on which day, or how much time is left."""
        if self.done_on is not None:
            late = (self.done_on - self.due).days
            return f"■ {day_text(self.done_on)}办结" + (f"，晚 {late} 天" if late > 0 else "")
        left = (self.due - today).days
        if left < 0:
            return f"▲ 超期 {-left} 天"
        return f"○ 剩 {left} 天" if left else "△ 今日到期"


def stages(campaign_id: int, as_of: date | None = None) -> tuple[StageRow, ...]:
    """The stages by their days; `as_of`: as the record had them at the end of that day."""
    with reading() as session:
        return stages_in(session, campaign_id, as_of)


def stages_in(session: Session, campaign_id: int, as_of: date | None = None) -> tuple[StageRow, ...]:
    """As `stages`, within an open session."""
    rows = session.scalars(_last(Stage, campaign_id, as_of).order_by(Stage.starts_on, Stage.number))
    return tuple(
        StageRow(s.number, s.version, order, s.name, s.starts_on, s.ends_on) for order, s in enumerate(rows, start=1)
    )


def first_day(session: Session, campaign_id: int) -> date | None:
    """The day the first stage begins; None before there is one."""
    found = stages_in(session, campaign_id)
    return found[0].starts_on if found else None


def tasks(viewer: Viewer, campaign_id: int, as_of: date | None = None) -> tuple[TaskRow, ...]:
    """The tasks the viewer may see, what is owed first, by day. A unit sees its own; security and discipline none."""
    with reading() as session:
        asked = _last(Task, campaign_id, as_of).add_columns(Unit.name).join(Unit, Unit.id == Task.unit_id)
        rows = session.execute(
            asked.where(_visible(viewer)).order_by(Task.done_on.is_not(None), Task.due, Task.number)
        ).all()
        names = names_of(session, (task.done_by for task, _ in rows))
        return tuple(
            TaskRow(
                t.number, t.version, t.what, t.unit_id, unit, t.person_in_charge or "", t.due, t.done_on,
                names.get(t.done_by or "", ""), t.done_note or "",
            )
            for t, unit in rows
        )  # fmt: skip


def names_of(session: Session, actors: Iterable[str | None]) -> dict[str, str]:
    """Actor → the person's name; the terminal keeps its own word."""
    known = {a for a in actors if a}
    ids = {int(a.removeprefix("user:")) for a in known if a.startswith("user:")}
    rows = session.execute(
        sa.select(User.id, Person.name).join(Person, Person.id == User.person_id).where(User.id.in_(ids))
    )
    found = {f"user:{user_id}": name for user_id, name in rows}
    return {a: found.get(a, "服务器终端") for a in known}


def _last(table: type[Stage] | type[Task], campaign_id: int, as_of: date | None) -> sa.Select[Any]:
    """The last version of each number, removed ones left out."""
    known = sa.select(table.number, sa.func.max(table.version).label("version")).where(table.campaign_id == campaign_id)
    if as_of is not None:
        known = known.where(table.recorded_at < end_of_day(as_of))
    last = known.group_by(table.number).subquery("last")
    return (
        sa.select(table)
        .join(last, sa.and_(last.c.number == table.number, last.c.version == table.version))
        .where(table.campaign_id == campaign_id, sa.not_(table.is_removed))
    )


def _visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    if viewer.user_id is None:
        return sa.true() if viewer.may(Permission.SEE_SCHEDULE) else sa.false()
    grants = viewer.grants_with(Permission.SEE_SCHEDULE)
    if any(g.role is not Role.UNIT for g in grants):
        return sa.true()
    return Task.unit_id.in_([g.unit_id for g in grants])

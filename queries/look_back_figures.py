"""Figures of 回头看: how many closed problems were taken over, looked at, held, rebounded; as of a day."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.issue_record import Issue
from models.local_time import end_of_day
from models.look_back import LookBack, LookBackVerdict
from models.masking import mask_text
from models.problem_type import problem_types
from models.region import Region, ReportingUnit
from models.unit import Unit
from queries.figure import Definition, Rows, Slice
from queries.look_back import last_checks
from queries.merged import short_name_on
from queries.standing import Ask

HEADERS = ("问题编号", "问题", "类别", "填报单位", "镇（办）", "村（居）", "责任单位", "结论", "核查日期", "核查情况")
Which = Callable[[Any], sa.ColumnElement[bool]]


def _items(ask: Ask, which: Which, last: sa.Subquery, *columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(LookBack)
        .join(Issue, Issue.id == LookBack.issue_id)
        .outerjoin(last, last.c.look_back_id == LookBack.id)
        .where(
            LookBack.campaign_id == ask.campaign_id,
            LookBack.recorded_at < end_of_day(ask.as_of),
            ask.here(Issue.reporting_unit_id, Issue.town_id, Issue.village_id),
            which(last.c.verdict),
        )
    )


def _count(ask: Ask, which: Which) -> int:
    last = last_checks(end_of_day(ask.as_of))
    return int(ask.session.scalar(_items(ask, which, last, sa.func.count())) or 0)


def _rows(ask: Ask, which: Which, part: Slice) -> Rows:
    last = last_checks(end_of_day(ask.as_of))
    town, village, day = aliased(Region), aliased(Region), Issue.registered_on
    columns = (
        Issue.id, Issue.number, Issue.title, Issue.type_code, ReportingUnit.name, short_name_on(town, day),
        short_name_on(village, day), Unit.name, last.c.verdict, last.c.looked_on, last.c.finding,
    )  # fmt: skip
    found = ask.session.execute(
        _items(ask, which, last, *columns)
        .join(ReportingUnit, ReportingUnit.id == Issue.reporting_unit_id)
        .outerjoin(town, town.id == Issue.town_id)
        .outerjoin(village, village.id == Issue.village_id)
        .outerjoin(Unit, Unit.id == Issue.responsible_unit_id)
        .order_by(ReportingUnit.position, Issue.number)
        .offset(part.offset)
        .limit(part.limit)
    ).all()
    cells = [
        (number, mask_text(title), problem_types()[kind].label, *place, verdict.label if verdict else "待核查", looked,
         mask_text(finding or "") or None)
        for _, number, title, kind, *place, verdict, looked, finding in found
    ]  # fmt: skip
    return Rows(HEADERS, cells, _count(ask, which), tuple(row[0] for row in found))


def _figure(label: str, definition: str, which: Which) -> Definition:
    return Definition(
        label, "件", definition, lambda ask: _count(ask, which), lambda ask, part: _rows(ask, which, part)
    )


def _is(verdict: LookBackVerdict) -> Which:
    return lambda column: column == verdict


LOOK_BACK_FIGURES: dict[str, Definition] = {
    "look_back_taken": _figure(
        "列入回头看的问题", "本次专项治理接收或抽中、要再看一遍的已销号问题。", lambda column: sa.true()
    ),
    "look_back_checked": _figure(
        "回头看已核查", "列入回头看的问题中，已登记核查结论的；改过结论的只计最后一次。",
        lambda column: column.is_not(None),
    ),
    "look_back_held": _figure("回头看已巩固", "结论为“已巩固”的。", _is(LookBackVerdict.HELD)),
    "look_back_rebounded": _figure("回头看反弹", "结论为“反弹”的：整改过，又犯了。", _is(LookBackVerdict.REBOUNDED)),
    "look_back_never_done": _figure(
        "回头看虚假整改", "结论为“虚假整改”的：销号时就没有真正整改。", _is(LookBackVerdict.NEVER_DONE)
    ),
}  # fmt: skip

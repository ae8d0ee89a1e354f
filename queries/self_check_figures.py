"""Figures of the self-check: what villages and departments reported of themselves, the last edition of each return.

户 (visited, each once) and 户次 (paid, once an item) are two columns and are never added.
"""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.local_time import end_of_day
from models.self_check import SelfCheckReturn
from queries.figure import Definition
from queries.row_figure import Column, Counted, money, number_of, sum_of
from queries.standing import Ask

R = SelfCheckReturn
RETURNS = Counted(
    R, R.handed_in_on,
    (
        Column("入户（户）", R.households),
        Column("入户（人）", R.people),
        Column("发现问题（件）", R.problems),
        Column("零报告", R.is_zero_report, lambda said: "是" if said else "否"),
        Column("核实银行卡（人）", R.cards_confirmed),
        Column("覆盖资金（元）", R.amount_cents, money),
        Column("凭据", R.evidence),
    ),
    unit=R.unit_id, village=R.village_id,
)  # fmt: skip


def _last(ask: Ask) -> sa.ColumnElement[bool]:
    """The edition in force at the end of the day."""
    later = aliased(R)
    same = sa.and_(
        later.campaign_id == R.campaign_id,
        later.village_id.is_not_distinct_from(R.village_id),
        later.unit_id.is_not_distinct_from(R.unit_id),
    )
    return ~sa.exists().where(same, later.edition > R.edition, later.recorded_at < end_of_day(ask.as_of))


def _of_villages(ask: Ask) -> sa.ColumnElement[bool]:
    return sa.and_(R.village_id.is_not(None), _last(ask))


def _of_departments(ask: Ask) -> sa.ColumnElement[bool]:
    return sa.and_(R.unit_id.is_not(None), _last(ask))


SELF_CHECK_FIGURES: dict[str, Definition] = {
    "villages_self_checked": number_of(
        RETURNS, "已自查村数", "村", "交了自查表的村（居），零报告也算；改报的只计最后一次。", _of_villages
    ),
    "departments_self_checked": number_of(
        RETURNS, "已自查部门数", "个", "交了自查表的部门，零报告也算；改报的只计最后一次。", _of_departments
    ),
    "households_self_checked": sum_of(
        RETURNS, R.households, "自查入户户数", "户",
        "各村自查表所报的入户户数合计，一户只计一次；与重点检查的户数不相加。", _of_villages,
    ),
    "people_self_checked": sum_of(
        RETURNS, R.people, "自查入户人数", "人", "各村自查表所报的入户人数合计。", _of_villages
    ),
    "cards_confirmed": sum_of(
        RETURNS, R.cards_confirmed, "核实银行卡人数", "人", "各村自查表所报已确认银行卡（折）信息的补贴对象合计。",
        _of_villages,
    ),
    "money_self_checked_cents": sum_of(
        RETURNS, R.amount_cents, "部门自查覆盖资金", "分", "各部门自查表所报清理过的补贴资金合计。", _of_departments
    ),
}  # fmt: skip
"""By name; departments belong to no town, so figures of departments are none for a town."""

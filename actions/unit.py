"""Units 单位: written down, renamed, attached to a place, dissolved. Problems never move by themselves."""

from datetime import date, timedelta

import sqlalchemy as sa

from actions.grant import region_coded, reporting_unit_coded, unit_coded
from actions.issue_step import required_text
from actions.transaction import Caller, Transaction, transaction
from models.refusal import Refused
from models.role import Permission
from models.unit import Unit, UnitChange, UnitEvent, UnitKind, dissolution_refusal

CODE, NAME, REASON = 30, 80, 200


def create_unit(
    caller: Caller,
    code: str,
    name: str,
    kind: UnitKind,
    region_code: str | None = None,
    reporting_unit_code: str | None = None,
) -> int:
    """Write a unit down; its id. Who: admin, terminal. Refused: a code or name already taken, unknown places."""
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        code, name = required_text(code, "单位编号", most=CODE), required_text(name, "单位名称", most=NAME)
        _refuse_twin(tx, sa.or_(Unit.code == code, Unit.name == name), f"编号“{code}”或名称“{name}”")
        unit = add_unit(tx, code, name, kind)
        unit.region_id, unit.reporting_unit_id = _place(tx, region_code, reporting_unit_code)
        tx.record("unit.create", f"unit:{unit.id}", code=code)
    return unit.id


def rename_unit(caller: Caller, code: str, name: str, day: date, reason: str) -> None:
    """Give a unit a new name from a day on. Who: admin, terminal.

    Problems keep the name under which they were handed over, the history the name of its day. Refused: a day to come
    or before the last change, a dissolved unit, a name taken or the one it has.
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        unit = unit_coded(tx, code)
        name = required_text(name, "新名称", most=NAME)
        if name == unit.name:
            raise Refused("新名称与现在的相同，没有需要更改的。")
        _refuse_twin(tx, sa.and_(Unit.name == name, Unit.id != unit.id), f"名称“{name}”")
        _in_order(tx, unit, day, "更名")
        before, unit.name = unit.name, name
        _write(
            tx, unit, UnitChange.RENAMED, day, required_text(reason, "更名依据", least=2, most=REASON), before=before
        )
        tx.record("unit.rename", f"unit:{unit.id}", day=day.isoformat())


def attach_unit(
    caller: Caller, code: str, region_code: str | None, reporting_unit_code: str | None, reason: str
) -> None:
    """Say anew where a unit is and whom it reports with, from today on. Who: admin, terminal.

    Where it may find problems itself and which problems it may be handed follow from it; what it holds stays.
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        unit = unit_coded(tx, code)
        place = _place(tx, region_code, reporting_unit_code)
        if place == (unit.region_id, unit.reporting_unit_id):
            raise Refused("所在地和填报单位都没有改变。")
        unit.region_id, unit.reporting_unit_id = place
        _write(tx, unit, UnitChange.ATTACHED, tx.today, required_text(reason, "依据", least=2, most=REASON))
        tx.record("unit.attach", f"unit:{unit.id}", code=unit.code)


def dissolve_unit(caller: Caller, code: str, day: date, successor_code: str | None, reason: str) -> None:
    """A unit is no more from a day on; its successor is named, or that there is none. Who: admin, terminal.

    Its open problems stay with it and say that they must be reassigned 改派. Refused: itself or a dissolved unit as
    successor, a day to come, twice.
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        unit = unit_coded(tx, code)
        successor = unit_coded(tx, successor_code) if successor_code else None
        sentence = dissolution_refusal(unit, successor, day, tx.today)
        if sentence is not None:
            raise Refused(sentence)
        _in_order(tx, unit, day, "撤销")
        unit.valid_to, unit.successor_id = day - timedelta(days=1), successor.id if successor else None
        reason = required_text(reason, "撤销依据", least=2, most=REASON)
        _write(tx, unit, UnitChange.DISSOLVED, day, reason)
        tx.record("unit.dissolve", f"unit:{unit.id}", day=day.isoformat(), successor=unit.successor_id)


def add_unit(tx: Transaction, code: str, name: str, kind: UnitKind) -> Unit:
    """A unit in force from today. For actions that hold a transaction."""
    unit = Unit(code=code, name=name, kind=kind, valid_from=tx.today)
    tx.session.add(unit)
    tx.session.flush()
    return unit


def _place(tx: Transaction, region_code: str | None, reporting_unit_code: str | None) -> tuple[int | None, int | None]:
    region = region_coded(tx, region_code) if region_code else None
    if region is not None and region.valid_to is not None and region.valid_to < tx.today:
        raise Refused(f"{region.short_name}已经撤并，请填合并后的村。")
    if not reporting_unit_code:
        return region.id if region else None, None
    found = reporting_unit_coded(tx, reporting_unit_code)
    if found is None:
        raise Refused(f"没有编号为“{reporting_unit_code}”的填报单位。")
    return region.id if region else None, found.id


def _refuse_twin(tx: Transaction, same: sa.ColumnElement[bool], what: str) -> None:
    if tx.session.scalar(sa.select(Unit.id).where(same)) is not None:
        raise Refused(f"已有{what}的单位，没有重复登记。")


def _in_order(tx: Transaction, unit: Unit, day: date, word: str) -> None:
    """A day that has come, not before the unit was written down nor before its last change."""
    last = tx.session.scalar(
        sa.select(sa.func.max(UnitEvent.effective_on)).where(
            UnitEvent.unit_id == unit.id, UnitEvent.what != UnitChange.ATTACHED
        )
    )
    if day > tx.today:
        raise Refused(f"{word}日期 {day.isoformat()} 还没有到，请在当天或以后办理。")
    if day < max(filter(None, (last, unit.valid_from))):
        raise Refused(f"{word}日期不能早于登记日期和上一次变更的日期。")


def _write(tx: Transaction, unit: Unit, what: UnitChange, day: date, reason: str, before: str | None = None) -> None:
    tx.session.add(
        UnitEvent(
            unit_id=unit.id, what=what, effective_on=day, name_before=before, name=unit.name, region_id=unit.region_id,
            reporting_unit_id=unit.reporting_unit_id, successor_id=unit.successor_id, reason=reason,
            recorded_at=tx.now, recorded_by=tx.viewer.actor,
        )
    )  # fmt: skip

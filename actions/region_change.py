"""A place set up by hand, a new name, a village merged into another: each by its day, nothing overwritten (law 4)."""

from datetime import date

import sqlalchemy as sa

from actions.grant import region_coded
from actions.issue_step import required_text
from actions.transaction import Caller, Transaction, transaction
from models.refusal import Refused
from models.region import (
    Region,
    RegionChange,
    RegionEvent,
    RegionLevel,
    ReportingUnit,
    ReportingUnitRegion,
    change_day_refusal,
    merge_refusal,
)
from models.role import Permission
from queries.region_history import last_change
from queries.scope import Condition

NAME, SHORT, KIND, REASON = 60, 60, 20, 200


def add_region(
    caller: Caller, parent_code: str | None, code: str, name: str, since: date, short_name: str = "", kind: str = "",
    letters: str = "",
) -> int:  # fmt: skip
    """Set up one place below another; its id. Who: admin, terminal.

    The level follows from the parent; without one it is the city. A county reports for itself and needs `letters`, the
    letters inside a problem's number. Refused: a code known already, below a village or below what was merged.
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_REGIONS)
        parent = _parent(tx, parent_code)
        level = RegionLevel.CITY if parent is None else parent.level.below
        assert level is not None
        code, name = _new_code(tx, code), required_text(name, "名称", most=NAME)
        _refuse_twin(tx, parent, name)
        region = Region(
            code=code, name=name, short_name=required_text(short_name or name, "简称", most=SHORT), level=level,
            kind=required_text(kind, "类别", most=KIND) if kind.strip() else None, valid_from=since,
            parent_id=parent.id if parent else None, path=f"{parent.path if parent else ''}{code}/",
        )  # fmt: skip
        tx.session.add(region)
        tx.session.flush()
        if level is RegionLevel.COUNTY:
            _reports_for_itself(tx, region, letters)
        write_change(tx, region, RegionChange.ADDED, since, "手工增设")
        tx.record("region.add", f"region:{region.id}", code=code)
    return region.id


def rename_region(
    caller: Caller, code: str, name: str, day: date, reason: str, short_name: str = "", kind: str = ""
) -> None:
    """Give a place a new name from a day on. Who: admin, terminal.

    What was registered before that day goes on showing the former name. `kind` empty: as it is. Refused: a day to come
    or before the last change, a place that was merged, the name it has.
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_REGIONS)
        region = region_coded(tx, code)
        if region.valid_to is not None:
            raise Refused(f"{region.short_name}已经撤并，不再更名。")
        _refuse(change_day_refusal(day, tx.today, _not_before(tx, region), "更名"))
        name = required_text(name, "新名称", most=NAME)
        short_name = required_text(short_name or name, "简称", most=SHORT)
        new = (name, short_name, kind.strip()[:KIND] or region.kind)
        if new == (region.name, region.short_name, region.kind):
            raise Refused("新名称与现在的相同，没有需要更改的。")
        if name != region.name:
            _refuse_twin(tx, tx.session.get(Region, region.parent_id or 0), name)
        rename(tx, region, new, day, required_text(reason, "更名依据", least=2, most=REASON))
        tx.record("region.rename", f"region:{region.id}", day=day.isoformat())


def merge_village(caller: Caller, code: str, into_code: str, day: date, reason: str) -> None:
    """Merge a village into another from a day on. Who: admin, terminal.

    Problems, households, forms and frozen frames stay with the village as it was; new problems go to the survivor.
    Refused: itself, twice, into one that was merged, a day to come (models.region.merge_refusal).
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_REGIONS)
        village, survivor = region_coded(tx, code), region_coded(tx, into_code)
        last = max(
            filter(None, (last_change(tx.session, village.id), last_change(tx.session, survivor.id))), default=None
        )
        _refuse(merge_refusal(village, survivor, day, tx.today, last))
        village.valid_to, village.merged_into_id = date.fromordinal(day.toordinal() - 1), survivor.id
        reason = required_text(reason, "合并依据", least=2, most=REASON)
        write_change(tx, village, RegionChange.MERGED, day, reason, into_id=survivor.id)
        tx.record("region.merge", f"region:{village.id}", into=survivor.id, day=day.isoformat())


def rename(tx: Transaction, region: Region, new: tuple[str, str, str | None], day: date, reason: str) -> None:
    """Name, short name, kind of a place from a day on. For actions that hold a transaction."""
    before = {"name_before": region.name, "short_name_before": region.short_name, "kind_before": region.kind}
    region.name, region.short_name, region.kind = new
    write_change(tx, region, RegionChange.RENAMED, day, reason, **before)


def write_change(
    tx: Transaction, region: Region, what: RegionChange, day: date, reason: str, **more: str | int | None
) -> None:
    """One event with the place as it is from that day on."""
    tx.session.add(
        RegionEvent(
            region_id=region.id, what=what, effective_on=day, name=region.name, short_name=region.short_name,
            kind=region.kind, reason=reason, recorded_at=tx.now, recorded_by=tx.viewer.actor, **more,
        )
    )  # fmt: skip


def letters_free(tx: Transaction, letters: str) -> str:
    """Letters for problems' numbers that no reporting unit has yet. Raises Refused."""
    plain = letters.strip().upper()
    if not (1 <= len(plain) <= 8 and plain.isascii() and plain.isalnum()):
        raise Refused("编号字母用 1 到 8 个字母或数字，例如 SX，写进问题编号后不再更改。")
    if tx.session.scalar(sa.select(ReportingUnit.id).where(ReportingUnit.abbreviation == plain)) is not None:
        raise Refused(f"编号字母 {plain} 已被另一个填报单位使用，请另定字母。")
    return plain


def next_position(tx: Transaction) -> int:
    """The last place in the office's fixed order."""
    return (tx.session.scalar(sa.select(sa.func.max(ReportingUnit.position))) or 0) + 1


def _reports_for_itself(tx: Transaction, county: Region, letters: str) -> None:
    unit = ReportingUnit(
        code=county.code, name=county.short_name, abbreviation=letters_free(tx, letters), position=next_position(tx)
    )
    tx.session.add(unit)
    tx.session.flush()
    tx.session.add(ReportingUnitRegion(reporting_unit_id=unit.id, region_id=county.id, valid_from=county.valid_from))


def _parent(tx: Transaction, code: str | None) -> Region | None:
    if not code:
        if tx.session.scalar(sa.select(Region.id).where(Region.level == RegionLevel.CITY)) is not None:
            raise Refused("已经有市一级，请选择上级后再增设。")
        return None
    parent = region_coded(tx, code)
    if parent.level is RegionLevel.VILLAGE:
        raise Refused(f"{parent.short_name}是村（居），下面不再设区划。")
    return parent


def _new_code(tx: Transaction, code: str) -> str:
    plain = code.strip()
    if len(plain) != 12 or not plain.isascii() or not plain.isdigit():
        raise Refused("区划代码须是 12 位数字，照统计用区划代码填写。")
    known = tx.session.scalar(sa.select(Region).where(Region.code == plain))
    if known is not None:
        raise Refused(f"代码 {plain} 已是{known.short_name}，请核对代码。")
    return plain


def _refuse_twin(tx: Transaction, parent: Region | None, name: str) -> None:
    """Two places of one name under one parent happen in the published codes; by hand they are a slip."""
    same: Condition = Region.parent_id == parent.id if parent else Region.parent_id.is_(None)
    asked = sa.select(Region.code).where(same, Region.name == name, Region.valid_to.is_(None))
    if (code := tx.session.scalar(asked)) is not None:
        raise Refused(f"{parent.short_name if parent else '这里'}已有“{name}”（{code}），请核对名称。")


def _not_before(tx: Transaction, region: Region) -> date:
    """The first day on which something may change."""
    return max(filter(None, (last_change(tx.session, region.id), region.valid_from)))


def _refuse(sentence: str | None) -> None:
    if sentence is not None:
        raise Refused(sentence)

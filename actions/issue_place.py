"""The places of a problem: listed, left out, given a unit and a day of their own, crossed off one by one.

A problem in one village has no places of its own; the first further one makes both of them places. All of it is 更正
but crossing off, which is part of 填报进展.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.assignment import responsible_unit
from actions.issue_step import Step, required_text, step
from actions.transaction import Caller, Transaction
from models.issue import Verb
from models.issue_place import MOST_PLACES, IssuePlace
from models.issue_record import Issue
from models.issue_rule import is_for_a_place_only
from models.issue_word import IssueStatus
from models.refusal import Refused
from models.region import Region, RegionLevel
from models.role import Role
from models.unit import Unit
from queries.issue_place import place_names, places_of
from queries.merged import survivor_id
from queries.region import reporting_unit_of

FIELD = "places"
"""What 更正 calls them in the history."""


def add_places(
    caller: Caller, issue_id: int, region_ids: Sequence[int], unit_ids: Sequence[int], reason: str,
    version: int | None = None,
) -> None:  # fmt: skip
    """List further villages, or units where no village is meant. Who: as 更正. Raises Refused for a place twice, of
    another county, or a unit that is no more."""
    with step(caller, Verb.CORRECT, issue_id, version) as now:
        _before_a_request(now)
        reason = required_text(reason, "更正理由", least=2, most=500)
        before = places_of(now.tx.session, issue_id)
        units = [responsible_unit(now, unit_id) for unit_id in unit_ids]
        _tell_anew(now, units)
        added = list_places(now.tx, now.issue, region_ids, units)
        own = [place for place in places_of(now.tx.session, issue_id) if not before and place not in added]
        _log(now, reason, "增加", [*own, *added])


def drop_places(
    caller: Caller, issue_id: int, place_ids: Collection[int], reason: str, version: int | None = None
) -> None:
    """Leave places out that turned out not to be concerned. Who: as 更正. What was done at one, and the place where the
    problem was registered, stay. Raises Refused."""
    with step(caller, Verb.CORRECT, issue_id, version) as now:
        _before_a_request(now)
        chosen = chosen_places(now, place_ids)
        names = place_names(now.tx.session, chosen)
        for place in chosen:
            if place.done_on is not None:
                raise Refused(f"{names[place.id]}已经完成，不能去掉；没有做到的，请用“指定”让它重新整改。")
            if place.region_id is not None and place.region_id == now.issue.village_id:
                raise Refused(f"{names[place.id]}是本件登记的地点，不能去掉。")
            place.ended_at = now.tx.now
        _log(now, required_text(reason, "更正理由", least=2, most=500), "去掉", chosen)


def hand_places(
    caller: Caller, issue_id: int, place_ids: Collection[int], unit_id: int | None, due_on: date | None, reason: str,
    version: int | None = None, *, undone: bool = False,
) -> None:  # fmt: skip
    """Give places a unit and a day of their own; without, those of the problem hold. `undone`: they were crossed off
    and are to be put right again. Who: the office, once it is assigned. Raises Refused for a day after the deadline."""
    with step(caller, Verb.CORRECT, issue_id, version) as now:
        _before_a_request(now)
        if now.issue.status is not IssueStatus.RECTIFYING:
            raise Refused("交办以后才能给各处指定责任单位和时限。")
        chosen = chosen_places(now, place_ids)
        unit = responsible_unit(now, unit_id) if unit_id is not None else None
        _check_due(now, due_on)
        _tell_anew(now, [unit] if unit else [])
        for place in chosen:
            if place.region_id is None and unit is None:
                raise Refused(f"{place.unit_name}是按单位列的，须有单位。")
            place.unit_id, place.unit_name = (unit.id, unit.name) if unit else (None, None)
            place.due_on = due_on
        if undone:
            open_again(chosen)
        _log(now, required_text(reason, "更正理由", least=2, most=500), "指定", chosen)
        now.detail |= {"unit": unit.name if unit else "", "due": due_on.isoformat() if due_on else ""}
        now.detail["undone"] = undone


def list_places(
    tx: Transaction, issue: Issue, region_ids: Sequence[int], units: Sequence[Unit] = ()
) -> list[IssuePlace]:
    """Add rows for further places; the problem's own village becomes the first. Raises Refused."""
    session, held = tx.session, places_of(tx.session, issue.id)
    if not region_ids and not units:
        raise Refused("请选择要增加的村或单位。")
    regions = [_region(tx, issue, region_id) for region_id in region_ids]
    if not held and issue.village_id is not None:
        held = [_place(tx, issue, 1, session.get_one(Region, issue.village_id))]
    taken = {place.region_id for place in held if place.region_id is not None}
    _no_place_twice([*(session.get_one(Region, r) for r in taken), *regions])
    _no_unit_twice([p.unit_id for p in held if p.region_id is None], units)
    if len(held) + len(regions) + len(units) > MOST_PLACES:
        raise Refused(f"一件问题最多列 {MOST_PLACES} 处，请分成几件登记。")
    last = _last_position(session, issue.id)
    added = [_place(tx, issue, last + n, region) for n, region in enumerate(regions, start=1)]
    return added + [_place(tx, issue, last + len(added) + n, None, unit) for n, unit in enumerate(units, start=1)]


def cross_off(now: Step, place_ids: Collection[int]) -> list[str]:
    """Places put right, as the report says. The problem's unit crosses off any, another unit its own. Returns names."""
    chosen = chosen_places(now, place_ids) if place_ids else []
    names = place_names(now.tx.session, chosen)
    for place in chosen:
        if is_for_a_place_only(now.case, now.doer) and now.doer.unit_id != place.unit_id:
            raise Refused(f"{names[place.id]}不是由贵单位整改的，请由它的责任单位填报。")
        if place.done_on is not None:
            raise Refused(f"{names[place.id]}已经完成，没有重复登记。")
        _done(now, place, now.note)
    return [names[place.id] for place in chosen]


def cross_off_all(now: Step) -> None:
    """Put right on the spot: everywhere."""
    for place in places_of(now.tx.session, now.issue.id):
        if place.done_on is None:
            _done(now, place, now.note)


def open_again(places: Iterable[IssuePlace]) -> None:
    """To be put right anew: what was done stays in the history, a day of its own has passed."""
    for place in places:
        if place.done_on is not None:
            place.done_on = place.done_by_id = place.done_note = place.due_on = None


def open_chosen_again(now: Step, place_ids: Collection[int] | None) -> None:
    """What an acceptor or looking back found undone; None: all of it. Named in the event."""
    places = places_of(now.tx.session, now.issue.id)
    found = places if place_ids is None else chosen_places(now, place_ids) if place_ids else []
    if found:
        names = place_names(now.tx.session, found)
        now.detail["places"] = [names[place.id] for place in found]
    open_again(found)


def chosen_places(now: Step, place_ids: Collection[int]) -> list[IssuePlace]:
    """The places of these ids, all of them this problem's. Raises Refused."""
    found = [place for place in places_of(now.tx.session, now.issue.id) if place.id in set(place_ids)]
    if not found or len(found) != len(set(place_ids)):
        raise Refused("请从本件的地点中选择。")
    return found


def _done(now: Step, place: IssuePlace, note: str | None) -> None:
    place.done_on, place.done_by_id, place.done_note = now.tx.today, now.tx.person_id, note


def _place(tx: Transaction, issue: Issue, position: int, region: Region | None, unit: Unit | None = None) -> IssuePlace:
    place = IssuePlace(
        issue_id=issue.id, position=position, region_id=region and region.id, unit_id=unit and unit.id,
        unit_name=unit and unit.name, recorded_at=tx.now,
    )  # fmt: skip
    tx.session.add(place)
    tx.session.flush()
    return place


def _last_position(session: Session, issue_id: int) -> int:
    last = sa.select(sa.func.max(IssuePlace.position)).where(IssuePlace.issue_id == issue_id)
    return session.scalar(last) or 0


def _region(tx: Transaction, issue: Issue, region_id: int) -> Region:
    """A village or town in force that counts for the problem's reporting unit; a merged village is its survivor."""
    region = tx.session.get(Region, survivor_id(tx.session, region_id))
    if region is None or region.level not in (RegionLevel.TOWN, RegionLevel.VILLAGE):
        raise Refused("请选择村，或整个镇。")
    if region.valid_to is not None and region.valid_to < tx.today:
        raise Refused(f"{region.short_name}已经撤并，请选择在用的村。")
    if region.id in tx.viewer.home_villages and Role.INSPECTOR in tx.viewer.roles:
        raise Refused(f"{region.short_name}是您自己的村，按回避要求须由其他检查人员登记。")
    unit = reporting_unit_of(tx.session, region, tx.today)
    if unit is None or unit.id != issue.reporting_unit_id:
        raise Refused(f"{region.short_name}不在本件所在的县区，请另登记一件。")
    return region


def _no_place_twice(regions: Sequence[Region]) -> None:
    """Neither the same village twice, nor a town together with its villages. Raises Refused."""
    seen: set[int] = set()
    for region in regions:
        if region.id in seen:
            raise Refused(f"{region.short_name}已在地点里，同一处只列一次。")
        seen.add(region.id)
    for region in regions:
        if region.parent_id in seen:
            raise Refused(f"{region.short_name}所在的镇已整个列入，不再单列村。")


def _no_unit_twice(held: Sequence[int | None], units: Sequence[Unit]) -> None:
    seen = set(held)
    for unit in units:
        if unit.id in seen:
            raise Refused(f"{unit.name}已在地点里，同一个单位只列一次。")
        seen.add(unit.id)


def _before_a_request(now: Step) -> None:
    if now.issue.status in IssueStatus.held():
        raise Refused("已经申请销号，地点不能再改；请先退回。")


def _check_due(now: Step, due_on: date | None) -> None:
    deadline = now.issue.deadline
    if due_on is None:
        return
    if deadline is not None and due_on > deadline:
        raise Refused(f"各处的时限不能晚于本件时限 {deadline.isoformat()}。")
    if due_on < now.tx.today:
        raise Refused(f"时限 {due_on.isoformat()} 已经过去，请改为今天或以后的日期。")


def _tell_anew(now: Step, units: Sequence[Unit]) -> None:
    """Group C: a unit that comes to it now has not been told by the leader."""
    if any(unit.id not in now.case.units for unit in units):
        now.issue.is_released = False


def _log(now: Step, reason: str, what: str, places: Sequence[IssuePlace]) -> None:
    names = place_names(now.tx.session, places)
    now.note = reason
    now.detail = {"field": FIELD, "what": what, "places": [names[place.id] for place in places]}

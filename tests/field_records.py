"""Lists of returns, activities, trips and covert visits in the small world."""

from datetime import date
from typing import Any

from actions.activity import ActivityLine
from actions.covert_visit import Answered, CovertVisitLine
from actions.self_check import ReturnLine
from actions.trip import TripLine
from models.activity import ActivityKind
from tests.factories import World

DAY = date(2022, 7, 22)


def village_return(world: World, village: str, **changes: Any) -> ReturnLine:
    """28 households with 61 people visited, 190 cards confirmed, a zero report unless problems are given."""
    told: dict[str, Any] = {
        "households": 28,
        "people": 61,
        "cards_confirmed": 190,
        "evidence": "村支书签字，公示栏照片",
    }
    return ReturnLine(DAY, village_id=world.regions[village], **(told | changes))


def department_return(world: World, unit: str, **changes: Any) -> ReturnLine:
    """3,166,000.00 元 gone through, nothing found."""
    told: dict[str, Any] = {
        "amount_cents": 316_600_000,
        "payees": 864,
        "payee_households": 856,
        "evidence": "主要领导签字",
    }
    return ReturnLine(DAY, unit_id=world.units[unit], **(told | changes))


def activity(world: World, kind: ActivityKind, town: str = "示例一镇", count: int = 2) -> ActivityLine:
    """One entry of the log."""
    unit = world.reporting_units["乙市" if town == "示例三镇" else "甲县"]
    return ActivityLine(kind, f"{town}{kind.label}", DAY, count, unit, world.regions[town], evidence="照片")


def trip(world: World, round: int = 1, people: tuple[str, ...] = ("inspector", "inspector2")) -> TripLine:
    """The team out to 示例一镇."""
    went = tuple(world.people[name] for name in people)
    unit, town = world.reporting_units["甲县"], world.regions["示例一镇"]
    return TripLine(world.team_id, round, DAY, unit, "督导自查自纠", went, town)


def covert_visit(world: World) -> CovertVisitLine:
    """One visit with two questionnaires."""
    answered = (Answered(("知道",), True), Answered(("不知道",), False))
    return CovertVisitLine(
        DAY, world.reporting_units["甲县"], "示例一镇甲一村、甲二村", answered, world.regions["示例一镇"]
    )

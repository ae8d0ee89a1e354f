"""What the source reports beside checks and problems, handed in as lists: returns, activities, trips, covert visits;
and the people held to account."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from actions.activity import ActivityLine, load_activities
from actions.covert_visit import Answered, CovertVisitLine, load_covert_visits
from actions.demonstration.places import Places, demo_moment
from actions.demonstration.problems import Planned
from actions.demonstration.schedule import Act
from actions.demonstration.sizes import shares
from actions.demonstration.source import (
    DAHONGSHAN,
    DOOR_TO_DOOR,
    HIGH_TECH,
    LEAFLETS,
    SANCTIONED,
    SUIXIAN,
    UNITS,
    ZENGDU,
    Reported,
)
from actions.outcome import record_outcome
from actions.self_check import ReturnLine, load_returns
from actions.transaction import Caller
from actions.trip import TripLine, load_trips
from models.activity import ActivityKind
from models.outcome import OutcomeKind
from models.unit import TeamKind

SIGNED, POSTED = "主要负责人签字，已加盖公章", "村主要负责人签字，公示栏公示并拍照"
RETURNED_BY = {"随县": date(2022, 7, 22), "曾都区": date(2022, 7, 29), "高新区": date(2022, 7, 20),
               "大洪山": date(2022, 7, 15)}  # fmt: skip
"""The day of the last list; the source's own closing day is 24 July, a Sunday."""
MEETINGS, TALKS = "惠民惠农财政补贴资金“一卡通”专项治理“回头看”", "各领域补贴资金发放情况座谈"


def plan_records(places: Places, problems: Planned, chance: random.Random) -> list[Act]:
    """All lists of the office, and the decisions of discipline."""
    acts = [act for unit in UNITS for act in _returns(places, unit, problems, chance)]
    acts += _activities(places)
    acts += _trips(places)
    acts.append(_act(date(2022, 8, 10), lambda caller: _covert_visit(caller, places)))
    for number, people in enumerate(SANCTIONED):
        acts.append(Act(demo_moment(date(2022, 7, 22), 15, number), _Sanction(places, problems, number, people).record,
                        "discipline"))  # fmt: skip
    return acts


def _act(day: date, do: Callable[[Caller], object], minute: int = 0) -> Act:
    return Act(demo_moment(day, 17, minute), do, "office")


# --- returns ----------------------------------------------------------------------------------------------------------


def _returns(places: Places, unit: Reported, problems: Planned, chance: random.Random) -> list[Act]:
    """The villages in four lists over two weeks, the departments with the last."""
    if unit.name not in RETURNED_BY:
        return []
    last = RETURNED_BY[unit.name]
    lines = [] if unit.households is None else _village_lines(places, unit, problems, last, chance)
    acts, at_once = [], -(-len(lines) // 4)
    for number in range(0, len(lines), at_once or 1):
        day = _workday(last - timedelta(days=4 * (3 - number // at_once)))
        part = [_on(line, day) for line in lines[number : number + at_once]]
        acts.append(_act(day, _Lines(places.campaign_id, part).load))
    if unit.departments_report:
        departments = _Lines(places.campaign_id, _department_lines(places, unit, last, chance))
        acts.append(_act(last, departments.load, 30))
    return acts


def _workday(day: date) -> date:
    """The day, or the Friday before."""
    return day - timedelta(days=max(0, day.weekday() - 4))


@dataclass(frozen=True, slots=True)
class _Lines:
    campaign_id: int
    lines: list[ReturnLine]

    def load(self, caller: Caller) -> None:
        load_returns(caller, self.campaign_id, self.lines)


def _on(line: tuple[int, int, int, int, int], day: date) -> ReturnLine:
    village_id, households, people, cards, found = line
    return ReturnLine(
        day, village_id=village_id, households=households, people=people, problems=found, cards_confirmed=cards,
        evidence=POSTED,
    )  # fmt: skip


def _village_lines(
    places: Places, unit: Reported, problems: Planned, last: date, chance: random.Random
) -> list[tuple[int, int, int, int, int]]:
    """Village, households, people, cards, problems: people and cards in proportion to the households."""
    own = [v for v in places.villages if v.unit == unit.name]
    people = _people(unit, [v.visited for v in own])
    cards = shares(unit.cards, len(own), chance) if unit.cards else [0] * len(own)
    found = {v.id for v in problems.self_found_in}
    return [
        (v.id, v.visited, persons, confirmed, int(v.id in found))
        for v, persons, confirmed in zip(own, people, cards, strict=True)
    ]


def _people(unit: Reported, visited: list[int]) -> list[int]:
    """The unit's people over its villages by their households, the sum exact."""
    assert unit.households is not None
    whole = [unit.people * households // unit.households for households in visited]
    for at in range(unit.people - sum(whole)):
        whole[at] += 1
    return whole


def _department_lines(places: Places, unit: Reported, day: date, chance: random.Random) -> list[ReturnLine]:
    """Zero reports all, with the money gone through where the source names it."""
    bodies = places.bodies[unit.name]
    sums = [shares(total, len(bodies), chance) for total in
            (unit.amount_cents // 100, unit.payees, unit.payee_households)]  # fmt: skip
    return [
        ReturnLine(day, unit_id=body, amount_cents=yuan * 100, payees=payees, payee_households=homes, evidence=SIGNED)
        for body, yuan, payees, homes in zip(bodies, *sums, strict=True)
    ]


# --- activities -------------------------------------------------------------------------------------------------------


def _activities(places: Places) -> list[Act]:
    by_unit = {
        SUIXIAN.name: [*_publicity(places, SUIXIAN), *_published(places, SUIXIAN, date(2022, 7, 6), 2)],
        "广水市": _published(places, UNITS[1], date(2022, 5, 18), 3),
        ZENGDU.name: [
            *_publicity(places, ZENGDU),
            *_published(places, ZENGDU, date(2022, 6, 8), 2),
            *(_line(places, ZENGDU, ActivityKind.MEETING, f"党组会研究{MEETINGS}", day)
              for day in (date(2022, 5, 16), date(2022, 6, 13))),
            _line(places, ZENGDU, ActivityKind.MEETING, f"{MEETINGS}专题会", date(2022, 5, 24)),
        ],
        HIGH_TECH.name: _published(places, HIGH_TECH, date(2022, 6, 1), 1),
        DAHONGSHAN.name: _of_dahongshan(places),
    }  # fmt: skip
    return [_act(max(line.held_on for line in lines), _Log(places.campaign_id, lines).load)
            for lines in by_unit.values()]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Log:
    campaign_id: int
    lines: list[ActivityLine]

    def load(self, caller: Caller) -> None:
        load_activities(caller, self.campaign_id, self.lines)


def _line(
    places: Places, unit: Reported, kind: ActivityKind, title: str, day: date, count: int = 1, town: int | None = None
) -> ActivityLine:
    return ActivityLine(kind, title, day, count, places.units[unit.name], town, evidence="照片和签到表")


def _publicity(places: Places, unit: Reported) -> list[ActivityLine]:
    """Leaflets and visits from door to door, town by town."""
    towns, chance = places.towns[unit.name], random.Random(unit.name)
    found = []
    for kind, total in ((ActivityKind.LEAFLETS, LEAFLETS), (ActivityKind.DOOR_TO_DOOR, DOOR_TO_DOOR)):
        for at, ((name, town_id), count) in enumerate(
            zip(towns, shares(total[unit.name], len(towns), chance), strict=True)
        ):
            day = date(2022, 7, 5) + timedelta(days=at // 2)
            found.append(_line(places, unit, kind, f"{name}{kind.label}", day, count, town_id))
    return found


def _published(places: Places, unit: Reported, first: date, times: int) -> list[ActivityLine]:
    what = ("公布补贴项目政策清单", "公布举报电话并征集问题线索", "公布专项治理实施方案")
    days = (first + timedelta(days=at) for at in range(times))
    return [
        _line(places, unit, ActivityKind.WEBSITE, title, day) for title, day in zip(what[:times], days, strict=True)
    ]


def _of_dahongshan(places: Places) -> list[ActivityLine]:
    """8 talks, 3 publications, 5 banners, 2 messages, 5 booklets, the loudspeakers twice a working day, one audit."""
    unit, last = DAHONGSHAN, date(2022, 9, 9)
    weeks = [date(2022, 6, 17) + timedelta(weeks=at) for at in range(13)]
    return [
        *(_line(places, unit, ActivityKind.DISCUSSION, TALKS, date(2022, 5, 19) + timedelta(days=5 * at))
          for at in range(8)),
        *_published(places, unit, date(2022, 6, 1), 3),
        _line(places, unit, ActivityKind.BANNER, "镇区和小集镇横幅标语", date(2022, 6, 14), 5),
        _line(places, unit, ActivityKind.BOOKLETS, "编印宣传资料", date(2022, 6, 10), 5),
        *(_line(places, unit, ActivityKind.SMS, "短信平台宣传", day) for day in (date(2022, 6, 15), date(2022, 7, 15))),
        *(_line(places, unit, ActivityKind.BROADCAST, "“村村响”周一至周五每天两次", day, 6 if day == weeks[0] else 10)
          for day in weeks),
        _line(places, unit, ActivityKind.SPECIAL_AUDIT, "惠民惠农补贴资金专项审计", last),
    ]  # fmt: skip


# --- trips, covert visits, sanctions ----------------------------------------------------------------------------------


def _trips(places: Places) -> list[Act]:
    """随县: 7 teams twice out, 72 人次 in two rounds; 大洪山: 3 groups three times out, 9 trips."""
    rounds = {
        "随县": (date(2022, 7, 4), date(2022, 7, 13)),
        "大洪山": (date(2022, 6, 8), date(2022, 7, 12), date(2022, 8, 16)),
    }
    acts = []
    for unit, starts in rounds.items():
        for number, start in enumerate(starts, start=1):
            acts.append(_act(start + timedelta(days=6), _Round(places, unit, number, start).load, 45))
    return acts


@dataclass(frozen=True, slots=True)
class _Round:
    places: Places
    unit: str
    number: int
    start: date

    def load(self, caller: Caller) -> None:
        towns = dict(self.places.towns[self.unit])
        lines = []
        for at, team in enumerate(self.places.teams[self.unit, TeamKind.SUPERVISION]):
            visited = sorted(team.towns, key=lambda name: towns[name])
            town = towns[visited[self.number % len(visited)]]
            lines.append(TripLine(
                team.id, self.number, self.start + timedelta(days=at % 3), self.places.units[self.unit],
                f"第{'一二三'[self.number - 1]}轮督导自查自纠", team.person_ids, town,
            ))  # fmt: skip
        load_trips(caller, self.places.campaign_id, lines)


def _covert_visit(caller: Caller, places: Places) -> None:
    """One visit, ten questionnaires; the source says nothing of the answers' awareness."""
    (_, town_id), answered = places.towns[DAHONGSHAN.name][0], Answered(("是", "是"))
    line = CovertVisitLine(
        date(2022, 8, 10), places.units[DAHONGSHAN.name], "示例线路：集镇—村部—随机农户", (answered,) * 10, town_id
    )
    questions = ["您家的补贴是不是都打到一张卡上", "补贴发放后村里有没有公示"]
    load_covert_visits(caller, places.campaign_id, "惠民惠农补贴暗访问卷", questions, [line])


@dataclass(frozen=True, slots=True)
class _Sanction:
    """Of one of the three towns, for its first fraud."""

    places: Places
    problems: Planned
    number: int
    people: int

    def record(self, caller: Caller) -> None:
        record_outcome(
            caller, self.places.campaign_id, self.places.units[SUIXIAN.name], OutcomeKind.PARTY_SANCTION, self.people,
            f"示纪〔2022〕{self.number + 3}号", caller.today, self.problems.frauds[self.number].issue_id,
        )  # fmt: skip

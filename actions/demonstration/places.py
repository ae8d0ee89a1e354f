"""Invented towns and villages under the five reporting units, the units in them, and the people of the campaign."""

from dataclasses import dataclass, field
from datetime import date, datetime

from argon2 import PasswordHasher

from actions.demonstration import DEMO_CODE, DEMO_PASSWORD, DEMO_USERS
from actions.demonstration.source import UNITS, Reported
from actions.transaction import Transaction
from models.campaign import Campaign, CampaignState, HouseholdBase, SamplingRule
from models.region import Region, RegionLevel, ReportingUnit, ReportingUnitRegion
from models.role import Role
from models.unit import Person, Team, TeamKind, TeamMember, TeamRegion, Unit, UnitKind
from models.user import Membership, User

LONG_AGO = date(2019, 1, 1)
NUMERALS = "一二三四五六七八九十"
STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄宇宙洪荒日月盈昃宿列寒来暑往秋收冬藏闰余成岁律吕调"
"""One for each town: 甲一村 lies in 示例一镇."""
SURNAMES = "李周徐马朱胡郭何林罗高梁宋唐许韩"
CITY = ("421300000000", "随州市")
TWINS = {1: "中心村", 6: "中心村", 22: "双河村", 27: "双河村", 39: "新街村", 44: "新街村"}
"""Village names planted in two towns each, by the number of the town: an import has to ask for the town."""


@dataclass(slots=True)
class Village:
    """One invented village. `households` in its roster, `visited` of them in its own self-check."""

    id: int
    code: str
    name: str
    town_id: int
    town: str
    unit: str
    bank: int
    households: int = 0
    visited: int = 0


@dataclass(frozen=True, slots=True)
class TeamOf:
    """One team with its members and the towns it goes to."""

    id: int
    person_ids: tuple[int, ...]
    towns: frozenset[str]


@dataclass
class Places:
    """Ids and codes of what was made, for the later steps."""

    campaign_id: int = 0
    team_id: int = 0
    villages: list[Village] = field(default_factory=list)
    units: dict[str, int] = field(default_factory=dict)
    """Name of the reporting unit → its id."""
    towns: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    """Name of the reporting unit → names and ids of its towns."""
    bodies: dict[str, list[int]] = field(default_factory=dict)
    """Name of the reporting unit → ids of its departments."""
    teams: dict[tuple[str, TeamKind], list[TeamOf]] = field(default_factory=dict)
    town_offices: dict[str, int] = field(default_factory=dict)
    """Town name → id of its finance office."""
    departments: dict[str, int] = field(default_factory=dict)
    """Reporting unit's name → id of its civil affairs department."""
    users: dict[str, int] = field(default_factory=dict)
    office: int = 0
    """The leading office, a unit."""
    leader: int = 0
    """The leader, a person."""
    staff: int = 0
    """People put into the teams so far."""
    unit_users: dict[int, str] = field(default_factory=dict)
    """Unit id → the user who acts for it."""


def build_places(tx: Transaction) -> Places:
    """Regions, reporting units, units, campaign, people: one entry in the chain."""
    made = Places()
    _campaign(tx, made)
    city = _region(tx, *CITY, RegionLevel.CITY, None)
    counties = {u.code: _region(tx, u.code, u.name, RegionLevel.COUNTY, city) for u in UNITS if u.code.isdigit()}
    town_number = 0
    for position, reported in enumerate(UNITS, start=1):
        unit = _reporting_unit(tx, made, reported, position)
        if reported.code in counties:
            _reports(tx, unit, counties[reported.code])
        for count in reported.towns:
            town_number += 1
            town = _town(tx, made, counties[reported.county], unit, town_number, count)
            if reported.code not in counties:
                _reports(tx, unit, town)
    _people(tx, made)
    return made


def _reporting_unit(tx: Transaction, made: Places, reported: Reported, position: int) -> ReportingUnit:
    """The unit and its departments, whose names are invented: real ones get no invented problem."""
    unit = ReportingUnit(code=reported.code, name=reported.name, abbreviation=reported.letters, position=position)
    tx.session.add(unit)
    tx.session.flush()
    made.units[unit.name], made.towns[unit.name] = unit.id, []
    made.bodies[unit.name] = [
        _unit(tx, f"{reported.letters}-{number:02d}", f"{unit.name}示例{name}", UnitKind.DEPARTMENT, None, unit)
        for number, name in enumerate(reported.departments, start=1)
    ]
    made.departments[unit.name] = made.bodies[unit.name][0]
    return unit


def _campaign(tx: Transaction, made: Places) -> None:
    campaign = Campaign(
        code=DEMO_CODE,
        name="随州市惠民惠农财政补贴资金“一卡通”专项治理“回头看”",
        place="随州市",
        state=CampaignState.OPEN,
        year_from=2020,
        year_to=2021,
        rectify_by=date(2022, 11, 30),
        is_demonstration=True,
        created_at=tx.now,
    )
    tx.session.add(campaign)
    tx.session.flush()
    made.campaign_id = campaign.id
    tx.session.add(
        SamplingRule(
            campaign_id=campaign.id,
            household_base=HouseholdBase.ALL,
            mandatory_villages=[],
            mandatory_items=["S11", "S14"],
            mandatory_from_cents=2_000_000,
            recorded_at=tx.now,
        )
    )


def _town(tx: Transaction, made: Places, county: Region, unit: ReportingUnit, number: int, villages: int) -> Region:
    stem, name = STEMS[number - 1], f"示例{numeral(number)}镇"
    town = _region(tx, f"{county.code[:6]}{900 + number}000", name, RegionLevel.TOWN, county)
    made.towns[unit.name].append((name, town.id))
    made.town_offices[name] = _unit(tx, f"CZS-{number:02d}", f"{name}财政所", UnitKind.FINANCE_OFFICE, town, unit)
    for n in range(1, villages + 1):
        village_name = TWINS[number] if number in TWINS and n == villages else f"{stem}{numeral(n)}村"
        village = _region(tx, f"{town.code[:9]}{200 + n}", village_name, RegionLevel.VILLAGE, town)
        made.villages.append(Village(village.id, village.code, village_name, town.id, name, unit.name, number % 2))
    return town


def numeral(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    high = "" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return high + (NUMERALS[ones - 1] if ones else "")


def _region(tx: Transaction, code: str, name: str, level: RegionLevel, parent: Region | None) -> Region:
    region = Region(
        code=code,
        name=name,
        short_name=name,
        level=level,
        kind="村委会" if level is RegionLevel.VILLAGE else None,
        parent_id=parent.id if parent else None,
        path=f"{parent.path if parent else ''}{code}/",
        valid_from=LONG_AGO,
    )
    tx.session.add(region)
    tx.session.flush()
    return region


def _reports(tx: Transaction, unit: ReportingUnit, region: Region) -> None:
    tx.session.add(ReportingUnitRegion(reporting_unit_id=unit.id, region_id=region.id, valid_from=LONG_AGO))


def _unit(
    tx: Transaction, code: str, name: str, kind: UnitKind, region: Region | None, reporting: ReportingUnit | None
) -> int:
    unit = Unit(
        code=code,
        name=name,
        kind=kind,
        region_id=region.id if region else None,
        reporting_unit_id=reporting.id if reporting else None,
        valid_from=LONG_AGO,
    )
    tx.session.add(unit)
    tx.session.flush()
    return unit.id


def _people(tx: Transaction, made: Places) -> None:
    office = _unit(tx, "LDXZ", "市专项治理领导小组办公室", UnitKind.LEADING_OFFICE, None, None)
    team_home = _unit(tx, "JCZB", "市检查专班", UnitKind.OTHER, None, None)
    made.office = office
    discipline = _unit(tx, "JW", "市纪委监委", UnitKind.DISCIPLINE, None, None)
    audit = _unit(tx, "SJ", "市审计局", UnitKind.AUDIT, None, None)
    first_office = made.town_offices["示例一镇"]
    homes = {
        "office": (office, "王某"),
        "office2": (office, "赵某"),
        "leader": (office, "张某某"),
        "admin": (office, "孙某"),
        "security": (office, "钱某"),
        "inspector": (team_home, "刘某"),
        "inspector2": (team_home, "周某"),
        "discipline": (discipline, "吴某"),
        "auditor": (audit, "郑某"),
        "unit": (first_office, "陈某某"),
    }
    password = PasswordHasher().hash(DEMO_PASSWORD)
    for name in DEMO_USERS:
        unit_id, shown = homes[name]
        role = Role(name.rstrip("2"))
        _account(tx, made, name, unit_id, shown, role, password)
    for unit_id in (*made.town_offices.values(), *(body for bodies in made.bodies.values() for body in bodies)):
        if unit_id not in made.unit_users:
            shown = f"{SURNAMES[unit_id % len(SURNAMES)]}某某"
            _account(tx, made, f"unit-{unit_id}", unit_id, shown, Role.UNIT, "!")
    _team(tx, made)


def _account(tx: Transaction, made: Places, name: str, unit_id: int, shown: str, role: Role, password: str) -> None:
    """`!` is no password: such an account can only be given one by the administrator."""
    person = Person(unit_id=unit_id, staff_number=f"{len(made.users) + 1:04d}", name=shown)
    tx.session.add(person)
    tx.session.flush()
    user = User(name=name, person_id=person.id, password_hash=password, one_time_password=False, created_at=tx.now)
    tx.session.add(user)
    tx.session.flush()
    tx.session.add(
        Membership(
            user_id=user.id,
            role=role,
            unit_id=unit_id if role is Role.UNIT else None,
            proposed_by=tx.viewer.actor,
            proposed_at=tx.now,
            confirmed_by=tx.viewer.actor,
            confirmed_at=tx.now,
        )
    )
    made.users[name] = user.id
    if role is Role.LEADER:
        made.leader = person.id
    if role is Role.UNIT:
        made.unit_users[unit_id] = name


def _team(tx: Transaction, made: Places) -> None:
    team = Team(campaign_id=made.campaign_id, name="检查一组")
    tx.session.add(team)
    tx.session.flush()
    made.team_id = team.id
    for unit_id in tx.session.scalars(ReportingUnit.__table__.select().with_only_columns(ReportingUnit.id)):
        tx.session.add(TeamRegion(team_id=team.id, reporting_unit_id=unit_id))
    for name in ("inspector", "inspector2"):
        user = tx.session.get_one(User, made.users[name])
        tx.session.add(TeamMember(team_id=team.id, person_id=user.person_id, valid_from=LONG_AGO))


def demo_moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of the demonstration's days, Asia/Shanghai."""
    from models.local_time import LocalTime

    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LocalTime.zone)

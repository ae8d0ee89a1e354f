"""Invented towns and villages under the five reporting units, the units in them, and the people of the campaign."""

from dataclasses import dataclass, field
from datetime import date, datetime

from argon2 import PasswordHasher

from actions.demonstration import DEMO_CODE, DEMO_PASSWORD, DEMO_USERS
from actions.transaction import Transaction
from models.campaign import Campaign, CampaignState, HouseholdBase, SamplingRule
from models.region import Region, RegionLevel, ReportingUnit, ReportingUnitRegion
from models.role import Role
from models.unit import Person, Team, TeamMember, TeamRegion, Unit, UnitKind
from models.user import Membership, User

LONG_AGO = date(2019, 1, 1)
NUMERALS = "一二三四五六七八九十"
STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅"
SURNAMES = "李周徐马朱胡郭何林罗高梁宋唐许韩"
CITY = ("421300000000", "随州市")
REPORTING = (
    # code, name, letters, statutory county, its towns: villages in each
    ("421321000000", "随县", "SX", "421321000000", (9, 8, 8, 7)),
    ("421381000000", "广水市", "GS", "421381000000", (8, 8, 7, 7)),
    ("421303000000", "曾都区", "ZD", "421303000000", (8, 7, 6)),
    ("ZGX", "高新区", "GX", "421303000000", (7,)),
    ("ZDHS", "大洪山", "DHS", "421321000000", (9,)),
)
TWIN = "中心村"
"""A village name planted in two towns: an import has to ask for the town."""


@dataclass
class Places:
    """Ids and codes of what was made, for the later steps."""

    campaign_id: int = 0
    team_id: int = 0
    villages: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    """(village id, code, name, town name, reporting unit's name)."""
    town_offices: dict[str, int] = field(default_factory=dict)
    """Town name → id of its finance office."""
    departments: dict[str, int] = field(default_factory=dict)
    """Reporting unit's name → id of its civil affairs department."""
    users: dict[str, int] = field(default_factory=dict)
    unit_users: dict[int, str] = field(default_factory=dict)
    """Unit id → the user who acts for it."""


def build_places(tx: Transaction) -> Places:
    """Regions, reporting units, units, campaign, people: one entry in the chain."""
    made = Places()
    _campaign(tx, made)
    city = _region(tx, *CITY, RegionLevel.CITY, None)
    counties: dict[str, Region] = {}
    for code, name, *_ in REPORTING:
        if code.isdigit():
            counties[code] = _region(tx, code, name, RegionLevel.COUNTY, city)
    town_number = 0
    for position, (code, name, letters, county, towns) in enumerate(REPORTING, start=1):
        unit = ReportingUnit(code=code, name=name, abbreviation=letters, position=position)
        tx.session.add(unit)
        tx.session.flush()
        if code in counties:
            _reports(tx, unit, counties[code])
        made.departments[name] = _unit(tx, f"{letters}-MZ", f"{name}民政局", UnitKind.DEPARTMENT, None, unit)
        for count in towns:
            town_number += 1
            town = _town(tx, made, counties[county], unit, town_number, count)
            if code not in counties:
                _reports(tx, unit, town)
    _people(tx, made)
    return made


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
    stem, name = STEMS[number - 1], f"示例{_numeral(number)}镇"
    town = _region(tx, f"{county.code[:6]}{900 + number}000", name, RegionLevel.TOWN, county)
    made.town_offices[name] = _unit(tx, f"CZS-{number:02d}", f"{name}财政所", UnitKind.FINANCE_OFFICE, town, unit)
    for n in range(1, villages + 1):
        twin = number in (1, 6) and n == villages
        village_name = TWIN if twin else f"{stem}{NUMERALS[n - 1]}村"
        village = _region(tx, f"{town.code[:9]}{200 + n}", village_name, RegionLevel.VILLAGE, town)
        made.villages.append((village.id, village.code, village_name, name, unit.name))
    return town


def _numeral(number: int) -> str:
    return NUMERALS[number - 1] if number <= 10 else f"十{NUMERALS[number - 11]}"


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
    hasher = PasswordHasher()
    for name in DEMO_USERS:
        unit_id, shown = homes[name]
        role = Role(name.rstrip("2"))
        _account(tx, made, name, unit_id, shown, role, hasher.hash(DEMO_PASSWORD))
    for unit_id in (*made.town_offices.values(), *made.departments.values()):
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

"""The teams of the source with invented members: how many teams, how many people, from which departments."""

from dataclasses import dataclass
from datetime import date

from actions.demonstration.places import SURNAMES, Places, TeamOf, numeral
from actions.transaction import Transaction
from models.unit import Person, Team, TeamKind, TeamMember, TeamRegion


@dataclass(frozen=True, slots=True)
class _Teams:
    """Teams of one kind in one unit, by the number of their members. `towns`: each goes to a part of the towns."""

    unit: str
    kind: TeamKind
    name: str
    founded_on: date
    members: tuple[int, ...]
    towns: bool = True


TEAMS = (
    _Teams("随县", TeamKind.SUPERVISION, "随县督导{}组", date(2022, 7, 1), (5, 5, 5, 5, 5, 5, 6)),
    _Teams("广水市", TeamKind.INSPECTION, "广水检查{}组", date(2022, 6, 20), (4,) * 6),
    _Teams("高新区", TeamKind.INSPECTION, "高新区检查{}组", date(2022, 6, 20), (4, 4)),
    _Teams("大洪山", TeamKind.WORKING, "大洪山工作{}组", date(2022, 5, 20), (5,) * 4 + (4,) * 13, towns=False),
    _Teams("大洪山", TeamKind.SUPERVISION, "大洪山督导{}组", date(2022, 6, 1), (3, 3, 3)),
)
"""随县 7 teams, whose two rounds are 72 人次; 大洪山 17 teams of 72 people from 8 departments, and 3 that supervise."""


def build_teams(tx: Transaction, made: Places) -> None:
    """Write them; the people have no account."""
    for teams in TEAMS:
        towns, count = made.towns[teams.unit], len(teams.members)
        for at, members in enumerate(teams.members):
            team = Team(
                campaign_id=made.campaign_id, name=teams.name.format(numeral(at + 1)), kind=teams.kind,
                reporting_unit_id=made.units[teams.unit], founded_on=teams.founded_on,
            )  # fmt: skip
            tx.session.add(team)
            tx.session.flush()
            own = towns[at::count] if len(towns) >= count else towns
            if teams.towns:
                for _, town_id in own:
                    place = TeamRegion(team_id=team.id, reporting_unit_id=made.units[teams.unit], town_id=town_id)
                    tx.session.add(place)
            people = tuple(_member(tx, made, teams, team.id, number) for number in range(members))
            there = TeamOf(team.id, people, frozenset(name for name, _ in own))
            made.teams.setdefault((teams.unit, teams.kind), []).append(there)


def _member(tx: Transaction, made: Places, teams: _Teams, team_id: int, number: int) -> int:
    bodies, at = made.bodies[teams.unit], made.staff
    made.staff += 1
    person = Person(
        unit_id=bodies[at % len(bodies)], staff_number=f"Z{at + 1:03d}", name=f"{SURNAMES[at % len(SURNAMES)]}某"
    )
    tx.session.add(person)
    tx.session.flush()
    tx.session.add(TeamMember(team_id=team_id, person_id=person.id, is_leader=number == 0, valid_from=teams.founded_on))
    return person.id

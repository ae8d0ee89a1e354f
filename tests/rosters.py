"""Small rosters straight into the record: so many households in each village, two persons in each, nobody real."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from actions.transaction import Transaction, transaction
from files.storage import Storage
from models.campaign import Campaign
from models.id_number import make_demo_id
from models.identity import Identity, fields_hash, new_salt, pseudonym
from models.region import Region
from models.roster import Household, HouseholdMember, RosterImport
from queries.region import reporting_unit_by_village
from tests.factories import World

SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "甲乙丙丁"


@dataclass(frozen=True)
class Roster:
    """What was written. Ids and ID numbers by household code `village code/0001`."""

    import_id: int
    households: dict[str, int]
    members: dict[str, list[int]]
    id_numbers: dict[str, list[str]]

    def in_village(self, village_code: str) -> list[str]:
        """The household codes of one village."""
        return [code for code in self.households if code.startswith(f"{village_code}/")]


def add_roster(world: World, sizes: Mapping[str, int], campaign_id: int | None = None) -> Roster:
    """`{"甲一村": 12}` puts twelve households of two persons into 甲一村; no ID number repeats."""
    with transaction(world.terminal()) as tx:
        campaign = tx.session.get_one(Campaign, campaign_id or world.campaign_id)
        manifest = RosterImport(
            campaign_id=campaign.id, file_name="名册.xlsx", sha256="0" * 64, taken=2 * sum(sizes.values()), unchanged=0,
            faulty=0, recorded_at=tx.now, recorded_by="terminal:tests",
        )  # fmt: skip
        tx.session.add(manifest)
        tx.session.flush()
        homes = _households(tx, world, manifest, sizes)
        people = _people(tx, campaign, manifest, homes)
        tx.record("roster.import", f"roster_import:{manifest.id}")
    members: dict[str, list[int]] = {code: [] for code in homes}
    numbers: dict[str, list[str]] = {code: [] for code in homes}
    for code, member_id, number in people:
        members[code].append(member_id)
        numbers[code].append(number)
    return Roster(manifest.id, homes, members, numbers)


def _households(tx: Transaction, world: World, manifest: RosterImport, sizes: Mapping[str, int]) -> dict[str, int]:
    units = reporting_unit_by_village(tx.session, tx.today)
    next_id = tx.next_id(Household)
    rows: list[dict[str, Any]] = []
    for name, size in sizes.items():
        village = tx.session.get_one(Region, world.regions[name])
        known = tx.session.scalar(
            sa.select(sa.func.count()).select_from(Household)
            .where(Household.village_id == village.id, Household.campaign_id == manifest.campaign_id)
        ) or 0  # fmt: skip
        for number in range(known + 1, known + size + 1):
            rows.append({
                "id": next_id + len(rows), "campaign_id": manifest.campaign_id, "import_id": manifest.id,
                "code": f"{village.code}/{number:04d}", "number": f"{number:04d}", "village_id": village.id,
                "town_id": village.parent_id, "reporting_unit_id": units[village.id], "group_name": "一组",
            })  # fmt: skip
    tx.insert_set(Household, rows, "import_id", manifest.id)
    return {row["code"]: row["id"] for row in rows}


def _people(
    tx: Transaction, campaign: Campaign, manifest: RosterImport, homes: Mapping[str, int]
) -> list[tuple[str, int, str]]:
    first_identity, first_member = tx.next_id(Identity), tx.next_id(HouseholdMember)
    identities: list[dict[str, Any]] = []
    members: list[dict[str, Any]] = []
    found = []
    for home, (code, household_id) in enumerate(homes.items()):
        for place, relation in enumerate(("户主", "配偶")):
            at = 2 * home + place
            serial = first_identity + at
            born = date(1950, 1, 1) + timedelta(days=serial // 1000)
            number = make_demo_id(born, serial % 1000)
            name = SURNAMES[serial % 10] + GIVEN[place] + GIVEN[serial // 10 % 4]
            values = (name, number, f"6228{serial:015d}", None, None)
            salt = new_salt()
            identities.append({
                "id": serial, "campaign_id": campaign.id, "import_id": manifest.id, "name": name, "id_number": number,
                "account_no": values[2], "phone": None, "address": None, "salt": salt,
                "fields_hash": fields_hash(salt, values),
            })  # fmt: skip
            members.append({
                "id": first_member + at, "campaign_id": campaign.id, "import_id": manifest.id,
                "household_id": household_id, "identity_id": serial, "position": at + 1, "relation": relation,
                "is_head": place == 0, "sex": "女" if place else "男", "bank_name": "示例农商行", "account_kind": "卡",
                "pseudonym": pseudonym(campaign.code, Storage.secret, number),
            })  # fmt: skip
            found.append((code, first_member + at, number))
    tx.insert_set(Identity, identities, "import_id", manifest.id)
    tx.insert_set(HouseholdMember, members, "import_id", manifest.id)
    return found

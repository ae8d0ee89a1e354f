"""Take in a roster: preview first, all faults at once, changed rows as new versions, the same file twice
changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from actions.importing import ImportResult, permitted
from actions.transaction import Caller, Transaction, transaction
from files.roster import RosterFile, RosterRow, read_roster
from files.storage import Storage
from files.village_index import VillageIndex
from models.campaign import Campaign
from models.identity import Identity, fields_hash, new_salt, pseudonym
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from models.roster import Household, HouseholdMember, RosterImport
from queries.region import VillageRow, reporting_unit_by_village, villages_for
from queries.roster import KnownMember, known_members


@dataclass(frozen=True, slots=True)
class RosterOptions:
    """How a roster is taken in. `accept_as_is`: 按原样接收 of odd ID numbers; `mapping`: standard header → the
    file's."""

    dry_run: bool = False
    skip_faulty: bool = False
    accept_as_is: bool = False
    mapping: dict[str, str] | None = None


def import_roster(
    caller: Caller, campaign_id: int, path: Path, name: str, options: RosterOptions = RosterOptions()
) -> ImportResult:
    """Take in a roster file. Who: office in its region, the terminal.

    Raises Refused for a file that is no table; row faults are values in the result. Nothing half done.
    """
    result, _ = read_and_take(caller, campaign_id, path, name, options)
    return result


def read_and_take(
    caller: Caller, campaign_id: int, path: Path, name: str, options: RosterOptions
) -> tuple[ImportResult, RosterFile]:
    """As `import_roster`, with the file read beside the result: the screen offers its faulty rows back."""
    viewer = permitted(caller, Permission.IMPORT_ROSTER)
    villages = villages_for(viewer, Permission.IMPORT_ROSTER, caller.today)
    if not villages:
        raise Refused("还没有区划，请先导入区划再导入名册。")
    index = VillageIndex([(v.town_code, v.town_name, v.town_short, v.code, v.name, v.short_name) for v in villages])
    found = read_roster(
        path, name, index, caller.today, options.accept_as_is, options.mapping, max_bytes=Storage.max_upload_bytes
    )
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_ROSTER)
        result = _take(tx, campaign_id, found, name, options, {v.code: v for v in villages})
    return result, found


def _take(
    tx: Transaction,
    campaign_id: int,
    found: RosterFile,
    name: str,
    options: RosterOptions,
    villages: dict[str, VillageRow],
) -> ImportResult:
    campaign = tx.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundOrNotYours("专项治理")
    known = known_members(tx.session, campaign_id)
    fresh = [row for row in found.rows if known.get(row.id_number, NOBODY).facts != _facts(row)]
    unchanged = len(found.rows) - len(fresh)
    stops = bool(found.whole_file_faults) or (found.faulty_rows > 0 and not options.skip_faulty)
    if fresh and not stops and not options.dry_run:
        _write(tx, campaign, fresh, known, villages, found, name, unchanged)
    return ImportResult(
        0 if stops else len(fresh), unchanged, max(found.faulty_rows, len(found.whole_file_faults)), found.faults,
        found.notices, options.skip_faulty, len(fresh),
    )  # fmt: skip


NOBODY = KnownMember(0, ())


def _facts(row: RosterRow) -> tuple[str, ...]:
    """What must be equal for a row to be unchanged; the same order as `queries.roster.known_members`."""
    return (
        f"{row.village_code}/{row.household_number}", row.relation, row.name, row.sex, row.bank_name, row.account_no,
        row.account_kind, row.phone, row.address,
    )  # fmt: skip


def _write(
    tx: Transaction, campaign: Campaign, rows: Sequence[RosterRow], known: dict[str, KnownMember],
    villages: dict[str, VillageRow], found: RosterFile, name: str, unchanged: int,
) -> None:  # fmt: skip
    manifest = RosterImport(
        campaign_id=campaign.id,
        file_name=Path(name).name[:200],
        sha256=found.sha256,
        taken=len(rows),
        unchanged=unchanged,
        faulty=found.faulty_rows,
        recorded_at=tx.now,
        recorded_by=tx.viewer.actor,
    )
    tx.session.add(manifest)
    tx.session.flush()
    homes = _households(tx, campaign.id, manifest.id, rows, villages)
    identities, members = _people(tx, campaign, manifest.id, rows, homes)
    tx.insert_set(Identity, identities, "import_id", manifest.id)
    tx.insert_set(HouseholdMember, members, "import_id", manifest.id)
    _supersede(
        tx, [(known[r.id_number].id, m["id"]) for r, m in zip(rows, members, strict=True) if r.id_number in known]
    )
    tx.record(
        Permission.IMPORT_ROSTER.value, f"roster_import:{manifest.id}", taken=len(rows), unchanged=unchanged,
        faulty=found.faulty_rows, sha256=found.sha256,
    )  # fmt: skip


def _households(
    tx: Transaction, campaign_id: int, import_id: int, rows: Sequence[RosterRow], villages: dict[str, VillageRow]
) -> dict[str, int]:
    """Ids of all households by code; new ones are written."""
    homes = {
        code: id_
        for code, id_ in tx.session.execute(
            sa.select(Household.code, Household.id).where(Household.campaign_id == campaign_id)
        )
    }
    units = reporting_unit_by_village(tx.session, tx.today)
    next_id = tx.next_id(Household)
    new: list[dict[str, Any]] = []
    for row in rows:
        code = f"{row.village_code}/{row.household_number}"
        if code in homes:
            continue
        village = villages[row.village_code]
        if village.id not in units:
            raise Refused(f"{village.town_name}还没有归入任何填报单位，请先设好再导入名册。")
        homes[code] = next_id + len(new)
        new.append({
            "id": homes[code], "campaign_id": campaign_id, "import_id": import_id, "code": code,
            "number": row.household_number, "village_id": village.id, "town_id": village.town_id,
            "reporting_unit_id": units[village.id], "group_name": row.group_name or None,
        })  # fmt: skip
    tx.insert_set(Household, new, "import_id", import_id)
    return homes


def _people(
    tx: Transaction, campaign: Campaign, import_id: int, rows: Sequence[RosterRow], homes: dict[str, int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    identity_id, member_id = tx.next_id(Identity), tx.next_id(HouseholdMember)
    identities, members = [], []
    for offset, row in enumerate(rows):
        values = (row.name, row.id_number, row.account_no or None, row.phone or None, row.address or None)
        salt = new_salt()
        identities.append({
            "id": identity_id + offset, "campaign_id": campaign.id, "import_id": import_id, "name": values[0],
            "id_number": values[1], "account_no": values[2], "phone": values[3], "address": values[4], "salt": salt,
            "fields_hash": fields_hash(salt, values),
        })  # fmt: skip
        members.append({
            "id": member_id + offset, "campaign_id": campaign.id, "import_id": import_id,
            "household_id": homes[f"{row.village_code}/{row.household_number}"], "identity_id": identity_id + offset,
            "position": row.row, "relation": row.relation, "is_head": row.is_head, "sex": row.sex or None,
            "bank_name": row.bank_name or None, "account_kind": row.account_kind or None,
            "pseudonym": pseudonym(campaign.code, Storage.secret, row.id_number),
        })  # fmt: skip
    return identities, members


def _supersede(tx: Transaction, pairs: Sequence[tuple[int, int]]) -> None:
    """The old version points to the new one."""
    newer = dict(pairs)
    ids = list(newer)
    for start in range(0, len(ids), 500):
        for member in tx.session.scalars(
            sa.select(HouseholdMember).where(HouseholdMember.id.in_(ids[start : start + 500]))
        ):
            member.superseded_by_id = newer[member.id]

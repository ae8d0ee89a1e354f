"""The rows of one roster import, some thousand at a time: households, identities, persons, older versions closed."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from actions.transaction import Transaction
from files.progress import WRITING, Report
from files.roster import RosterRow
from files.storage import Storage
from models.audit import row_digest, row_key
from models.campaign import Campaign
from models.identity import IDENTITY_FIELDS, Identity, fields_hash, new_salt, pseudonym
from models.refusal import Refused
from models.roster import Household, HouseholdMember
from queries.region import VillageRow, reporting_unit_by_village
from queries.roster import KnownMember, household_ids, person_key, vacant_households

AT_ONCE = 5_000
"""Rows held as dictionaries at a time: a roster of a county has hundreds of thousands."""
IDS_IN_ONE_QUESTION = 500


class RosterWriter:
    """Writes rows into one import; the caller owns the transaction, the manifest and the audit entry."""

    def __init__(
        self, tx: Transaction, campaign: Campaign, import_id: int, villages: Mapping[str, VillageRow], report: Report
    ) -> None:
        self.tx, self.campaign, self.import_id, self.villages = tx, campaign, import_id, villages
        self.report = report
        self._homes = household_ids(tx.session, campaign.id)
        self._vacant = vacant_households(tx.session, campaign.id)
        self._units = reporting_unit_by_village(tx.session, tx.today)
        self._next = {table: tx.next_id(table) for table in (Household, Identity, HouseholdMember)}

    def write(self, rows: Sequence[RosterRow], known: Mapping[str, KnownMember]) -> None:
        """All rows, new or changed. `known` are the persons in force: a version is closed where a row is newer."""
        for start in range(0, len(rows), AT_ONCE):
            self.report(WRITING, start, len(rows))
            some = rows[start : start + AT_ONCE]
            self._insert(Household, self._new_households(some))
            first_identity = self._insert(Identity, [self._identity(row) for row in some])
            members = [self._member(row, first_identity + at) for at, row in enumerate(some)]
            first_member = self._insert(HouseholdMember, members)
            older = ((known.get(person_key(row.id_number)), first_member + at) for at, row in enumerate(some))
            self._close({member.id: newer for member, newer in older if member is not None})

    def _insert(self, table: type[Household | Identity | HouseholdMember], rows: Sequence[dict[str, Any]]) -> int:
        """Gives the rows their ids, in order; the first of them."""
        first = self._next[table]
        common = {"campaign_id": self.campaign.id, "import_id": self.import_id}
        self.tx.insert_set(
            table, [{"id": first + at, **common, **row} for at, row in enumerate(rows)], "import_id", self.import_id
        )
        self._next[table] = first + len(rows)
        return first

    def _new_households(self, rows: Sequence[RosterRow]) -> list[dict[str, Any]]:
        new: list[dict[str, Any]] = []
        for row in rows:
            code = f"{row.village_code}/{row.household_number}"
            if code in self._vacant:
                self._move_in(self._vacant.pop(code), row)
            if code in self._homes:
                continue
            village = self.villages[row.village_code]
            if village.id not in self._units:
                raise Refused(f"{village.town_name}还没有归入任何填报单位，请先设好再导入名册。")
            self._homes[code] = self._next[Household] + len(new)
            new.append({
                "code": code, "number": row.household_number, "village_id": village.id, "town_id": village.town_id,
                "reporting_unit_id": self._units[village.id], "group_name": row.group_name or None,
            })  # fmt: skip
        return new

    def _move_in(self, household_id: int, row: RosterRow) -> None:
        """A household whose roster was withdrawn is written anew: nobody in it held on to its 组."""
        home = self.tx.session.get_one(Household, household_id)
        home.group_name = row.group_name or None
        home.reporting_unit_id = self._units.get(home.village_id, home.reporting_unit_id)

    def _identity(self, row: RosterRow) -> dict[str, Any]:
        salt = new_salt()
        values = (row.name, row.id_number, row.account_no or None, row.phone or None, row.address or None)
        return {
            **dict(zip(IDENTITY_FIELDS, values, strict=True)),
            "salt": salt,
            "fields_hash": fields_hash(salt, values),
        }

    def _member(self, row: RosterRow, identity_id: int) -> dict[str, Any]:
        return {
            "household_id": self._homes[f"{row.village_code}/{row.household_number}"], "identity_id": identity_id,
            "position": row.row, "relation": row.relation, "is_head": row.is_head, "sex": row.sex or None,
            "bank_name": row.bank_name or None, "account_kind": row.account_kind or None,
            "pseudonym": pseudonym(self.campaign.code, Storage.secret, row.id_number),
        }  # fmt: skip

    def _close(self, newer: Mapping[int, int]) -> None:
        """The old version points to the new one; each is noted for the chain, without an object a row."""
        table = sa.inspect(HouseholdMember).local_table
        assert isinstance(table, sa.Table)
        ids = list(newer)
        for start in range(0, len(ids), IDS_IN_ONE_QUESTION):
            asked = sa.select(table).where(table.c.id.in_(ids[start : start + IDS_IN_ONE_QUESTION]))
            for row in self.tx.session.execute(asked).mappings():
                closed = {**row, "superseded_by_id": newer[row["id"]]}
                self.tx.sets.append(["row", table.name, row_key(table, closed), row_digest(table, closed)])
        if newer:
            self.tx.session.execute(
                sa.update(table).where(table.c.id == sa.bindparam("old")).values(superseded_by_id=sa.bindparam("new")),
                [{"old": old, "new": new} for old, new in newer.items()],
            )

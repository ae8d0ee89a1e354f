"""Take in a roster: preview, all faults at once, changed rows as new versions, the same file twice changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from actions.campaign import require_work
from actions.importing import ImportResult, file_label, masked, permitted
from actions.roster_rows import RosterWriter
from actions.transaction import Caller, Transaction, transaction
from files.progress import COMPARING, Report, unheard
from files.roster import RosterFile, RosterRow, read_roster
from files.storage import Storage
from files.table import Table
from models.campaign import Campaign
from models.campaign_work import CampaignWork
from models.masking import mask_id
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from models.roster import RosterImport
from models.row_fault import RowFault
from queries.reading import reading
from queries.region import VillageRow
from queries.roster import KnownMember, fingerprint, group_by_household, known_members, person_key
from queries.viewer import Viewer
from queries.village_names import named_villages

ELSEWHERE = "这个人已登记在您管辖范围以外的名册里，一个人只能登记在一户，请与上级办公室核实后由其导入。"


@dataclass(frozen=True, slots=True)
class RosterOptions:
    """How a roster is taken in. `accept_as_is`: 按原样接收 of odd numbers; `mapping`: standard header → the file's."""

    dry_run: bool = False
    skip_faulty: bool = False
    accept_as_is: bool = False
    mapping: Mapping[str, str] | None = None


def import_roster(
    caller: Caller, campaign_id: int, path: Path, name: str, options: RosterOptions = RosterOptions()
) -> ImportResult:
    """Take in a roster file. Who: office in its region, the terminal.

    Raises Refused for a file that is no table; row faults are values in the result. Nothing half done.
    """
    result, _ = read_and_take(caller, campaign_id, path, name, options)
    return result


def read_and_take(
    caller: Caller, campaign_id: int, path: Path, name: str, options: RosterOptions, report: Report = unheard
) -> tuple[ImportResult, RosterFile]:
    """As `import_roster`, with the file read beside the result: the screen offers its faulty rows back. `report` hears
    how far it is."""
    viewer = permitted(caller, Permission.IMPORT_ROSTER)
    named = named_villages(viewer, Permission.IMPORT_ROSTER, caller.today, merged_too=False)
    villages = named.by_code
    if not named.in_force:
        raise Refused("还没有区划，请先导入区划再导入名册。")
    found = read_roster(
        path, name, named.index, caller.today, options.accept_as_is, options.mapping,
        max_bytes=Storage.max_upload_bytes, report=report,
    )  # fmt: skip
    report(COMPARING, 0, 0)
    if options.dry_run:
        with reading() as session:
            return _compare(session, viewer, campaign_id, found, villages, options).answer()
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_ROSTER)
        comparison = _compare(tx.session, tx.viewer, campaign_id, found, villages, options)
        if comparison.writes:
            _write(tx, comparison, name, villages, report)
    return comparison.answer()


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The file beside the record: which rows are new or changed, and whether anything stands in the way."""

    campaign: Campaign
    found: RosterFile
    fresh: Sequence[RosterRow]
    known: Mapping[str, KnownMember]
    options: RosterOptions

    @property
    def stops(self) -> bool:
        return bool(self.found.whole_file_faults) or (self.found.faulty_rows > 0 and not self.options.skip_faulty)

    @property
    def writes(self) -> bool:
        return bool(self.fresh) and not self.stops and not self.options.dry_run

    @property
    def unchanged(self) -> int:
        return len(self.found.rows) - len(self.fresh)

    def answer(self) -> tuple[ImportResult, RosterFile]:
        found = self.found
        return ImportResult(
            taken=0 if self.stops else len(self.fresh),
            unchanged=self.unchanged,
            faulty=max(found.faulty_rows, len(found.whole_file_faults)),
            faults=masked(found.faults),
            notices=masked(found.notices),
            skip_faulty=self.options.skip_faulty,
            good=len(self.fresh),
        ), found


def _compare(
    session: Session, viewer: Viewer, campaign_id: int, found: RosterFile, villages: Mapping[str, VillageRow],
    options: RosterOptions,
) -> _Comparison:  # fmt: skip
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundOrNotYours("专项治理")
    require_work(campaign, CampaignWork.IMPORT)
    known = known_members(session, campaign_id)
    if not viewer.is_everywhere(Permission.IMPORT_ROSTER):
        found = _without_those_of_others(found, known, villages)
    found = replace(found, notices=(*found.notices, *_other_groups(found, group_by_household(session, campaign_id))))
    fresh = [row for row in found.rows if not _is_unchanged(row, known.get(person_key(row.id_number)))]
    return _Comparison(campaign, found, fresh, known, options)


def _is_unchanged(row: RosterRow, member: KnownMember | None) -> bool:
    return member is not None and member.fingerprint == fingerprint(
        (f"{row.village_code}/{row.household_number}", row.relation, row.name, row.id_number, row.sex, row.bank_name,
         row.account_no, row.account_kind, row.phone, row.address)
    )  # fmt: skip


def _without_those_of_others(
    found: RosterFile, known: Mapping[str, KnownMember], villages: Mapping[str, VillageRow]
) -> RosterFile:
    """A person in force elsewhere is not drawn over into one's own villages: a fault of the row."""
    tables = {table.sheet.name: table for table in found.tables}
    good, faults = [], list(found.faults)
    for row in found.rows:
        member = known.get(person_key(row.id_number))
        if member is None or member.village_code in villages:
            good.append(row)
        else:
            faults.append(tables[row.sheet].fault(row.row, "身份证号", mask_id(row.id_number), ELSEWHERE))
    return replace(found, rows=tuple(good), faults=tuple(faults))


def _other_groups(found: RosterFile, groups: Mapping[str, str]) -> Iterator[RowFault]:
    """A household keeps the 组 it was first written with: said once a household, lest anybody think it was taken."""
    tables: dict[str, Table] = {table.sheet.name: table for table in found.tables}
    said: set[str] = set()
    for row in found.rows:
        code = f"{row.village_code}/{row.household_number}"
        known = groups.get(code)
        if known is not None and row.group_name and row.group_name != known and code not in said:
            said.add(code)
            message = f"户编号 {row.household_number} 这一户登记的是“{known or '无'}”，组不随导入更改。"
            yield tables[row.sheet].fault(row.row, "组", row.group_name, message)


def _write(
    tx: Transaction, comparison: _Comparison, name: str, villages: Mapping[str, VillageRow], report: Report
) -> None:
    found, campaign = comparison.found, comparison.campaign
    manifest = RosterImport(
        campaign_id=campaign.id, file_name=file_label(name), sha256=found.sha256, taken=len(comparison.fresh),
        unchanged=comparison.unchanged, faulty=found.faulty_rows, recorded_at=tx.now, recorded_by=tx.viewer.actor,
    )  # fmt: skip
    tx.session.add(manifest)
    tx.session.flush()
    RosterWriter(tx, campaign, manifest.id, villages, report).write(comparison.fresh, comparison.known)
    tx.record(
        Permission.IMPORT_ROSTER.value, f"roster_import:{manifest.id}", taken=manifest.taken,
        unchanged=manifest.unchanged, faulty=manifest.faulty, sha256=found.sha256,
    )  # fmt: skip

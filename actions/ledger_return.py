"""台账回填: an edited ledger comes back. What was edited here alone is taken, through the actions of the screen.

Each problem's own act is a transaction and an entry of its own: taking the same file again takes what is left. With
faults or conflicts nothing is taken unless the person says: all but those.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from actions.campaign import require_work
from actions.importing import file_label, permitted
from actions.issue import correct
from actions.issue_fields import checked
from actions.ledger_comparison import Clash, Comparison, LedgerChange, LedgerReturned
from actions.rectification import fill_in, filled_value
from actions.transaction import Caller, transaction
from files.digest import file_sha256
from files.export_level import ExportLevel
from files.ledger_return import EditedCell, EditedRow, ReturnedLedger, read_ledger, shown
from files.ledger_seal import Sealer, is_same
from files.ledger_workbook import shown_value
from files.progress import COMPARING, WRITING, Report, unheard
from files.storage import Storage
from models.campaign import Campaign
from models.campaign_work import CampaignWork
from models.issue import Verb
from models.local_time import moment_text
from models.masking import mask_text
from models.refusal import NotFoundOrNotYours, Refused, SignedOut, Stale
from models.role import Permission
from queries.ledger_return import ProblemNow, last_change, problems_now
from queries.reading import reading
from queries.viewer import Viewer

SOURCE = "台账回填：{file}"
NOT_HERE = "没有找到这条问题，或者它不在您的权限范围内。"
LOCKED = "“{header}”不能在台账里改，没有收：{why}。"
NOT_YOURS = "“{header}”由{who}填写，您不能改，没有收。"
MASKED = "这一格有打码的内容，收进来会盖掉原文，没有收；请在系统里改，或用内部版。"
CONFLICT = "导出后有人改过这一格，没有收：现在是“{there}”（{by} {at}），您填的是“{here}”。"
TOO_OFTEN = "正在收的时候一直有人改这条问题，没有收；请稍后再导一次。"
_WHY = {
    "number": "编号永不改变", "status": "状态由办理动作产生", "deadline": "时限只能由办公室在系统里办理",
    "first_deadline": "首次时限永远保留", "extensions": "由延期记录产生", "evidence_count": "佐证在系统里上传",
    "accepted_by": "由验收动作产生", "closed_on": "由销号动作产生", "returns": "由退回动作产生",
    "responsible_unit": "改派在系统里办理", "assigned_on": "由交办动作产生", "handling": "由交办动作产生",
    "nature": "由交办动作产生", "recovered_cents": "资金在系统里登记", "paid_cents": "资金在系统里登记",
    "sanctions": "由纪检监察登记", "referred_to": "移送在系统里办理", "published_at": "由公开动作产生",
}  # fmt: skip
_OTHERWISE = "登记错了请办公室在系统里“更正”"
_TRIES = 3


def take_ledger(
    caller: Caller, campaign_id: int, path: Path, name: str, *, dry_run: bool = False, skip_faulty: bool = False,
    report: Report = unheard,
) -> LedgerReturned:  # fmt: skip
    """Take an edited ledger, or say what taking it would do. Who: units and the office, each cell as its column says.

    A unit's edit is a report of progress, an office's a correction with the file's name as reason. Raises Refused where
    the file is no ledger of ours or the campaign is not being worked on.
    """
    return read_and_take(caller, campaign_id, path, name, dry_run=dry_run, skip_faulty=skip_faulty, report=report)[0]


def read_and_take(
    caller: Caller, campaign_id: int, path: Path, name: str, *, dry_run: bool = False, skip_faulty: bool = False,
    report: Report = unheard,
) -> tuple[LedgerReturned, ReturnedLedger]:  # fmt: skip
    """The same, with what was read: its tables give back the faulty rows."""
    viewer = _permitted(caller)
    _open_campaign(campaign_id)
    read = read_ledger(path, name, Storage.max_upload_bytes, Sealer(Storage.secret), campaign_id, report)
    with reading() as session:
        found = _compare(session, viewer, campaign_id, read.edited, caller.today, report)
    result = LedgerReturned.of(read, found, skip_faulty)
    if not dry_run and not result.is_refused and found.changes:
        taken = _take(caller, campaign_id, found, file_label(name), report)
        _log(caller, campaign_id, path, file_label(name), result := result.after(*taken))
    elif result.is_refused:
        result = replace(result, taken=0)
    return result, read


def _permitted(caller: Caller) -> Viewer:
    if caller.terminal is not None:
        raise Refused("台账回填要改动问题，须由有权限的人办理，服务器终端不能代办；请加 --as 账号。")
    return permitted(caller, Permission.RETURN_LEDGER)


def _open_campaign(campaign_id: int) -> None:
    with reading() as session:
        campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundOrNotYours("专项治理")
    require_work(campaign, CampaignWork.HANDLE)


def _compare(
    session: Session, viewer: Viewer, campaign_id: int, edited: Sequence[EditedRow], today: date, report: Report
) -> Comparison:
    """Every edited cell: a change, a conflict, a fault, or what the record says by now anyway."""
    found = Comparison()
    rows = {row.issue_id: row for row in edited}
    seen: set[int] = set()
    for issue_id, now in problems_now(session, viewer, campaign_id, list(rows), today):
        seen.add(issue_id)
        report(COMPARING, len(seen), len(rows))
        for cell in rows[issue_id].cells:
            _weigh(_Cell(session, rows[issue_id], cell, now, today), found)
    for row in edited:
        if row.issue_id not in seen:
            found.faults.append(row.fault(row.cells[0], NOT_HERE))
    return found


class _Cell:
    """One edited cell beside what the record holds now."""

    def __init__(self, session: Session, row: EditedRow, cell: EditedCell, now: ProblemNow, today: date) -> None:
        self.session, self.row, self.cell, self.now, self.today = session, row, cell, now, today
        self.column = cell.column
        self.value = shown_value(now.row, cell.column, row.seal.level)

    def way(self) -> tuple[Verb | None, str]:
        """The verb by which the cell may come in, or why there is none."""
        header, may = self.column.header, self.column.editable_by
        if not may:
            return None, LOCKED.format(header=header, why=_WHY.get(self.column.field, _OTHERWISE))
        refused = []
        for role, verb, sentence in (
            ("unit", Verb.REPORT, self.now.report_refusal()),
            ("office", Verb.CORRECT, self.now.correct_refusal()),
        ):
            if role in may and sentence is None:
                return verb, ""
            if role in may and sentence:
                refused.append(sentence)
        who = "责任单位" if may == {"unit"} else "办公室" if may == {"office"} else "责任单位或办公室"
        return None, refused[0] if refused else NOT_YOURS.format(header=header, who=who)

    def wrong(self, verb: Verb) -> str | None:
        """What the field cannot hold, as a sentence."""
        name, text = self.column.field, self.cell.text
        if name != "progress" and (self.value or "") != (getattr(self.now.row, name) or ""):
            return MASKED
        try:
            if verb is Verb.REPORT:
                filled_value(self.session, name, text, self.today)
            else:
                checked(self.session, name, text, self.today)
        except Refused as refused:
            return str(refused)
        return None

    def plain(self, value: object) -> str:
        """As it is shown to whoever brought the file: masked."""
        return mask_text(str(value or ""), self.now.row.people)

    def change(self, verb: Verb) -> LedgerChange:
        """The change the cell asks for."""
        row, cell = self.row, self.cell
        old = self.plain(shown_value(self.now.row, cell.column, ExportLevel.UNIT))
        return LedgerChange(
            row, self.now.row.number, cell.column.header, cell.column.field, verb, self.now.row.version, cell.text,
            old, self.plain(cell.text), cell.letter,
        )  # fmt: skip

    def clash(self) -> Clash:
        """What was edited here and meanwhile there."""
        by = last_change(self.session, self.row.issue_id, self.column.field)
        there = self.plain(shown_value(self.now.row, self.column, ExportLevel.UNIT)) or "无"
        here, who, at = self.plain(self.cell.text) or "无", by[0] if by else "", moment_text(by[1]) if by else ""
        words = CONFLICT.format(there=shown(there), by=who, at=at, here=shown(here))
        return Clash(self.row.fault(self.cell, words), self.row.issue_id, self.now.row.number, here, there, who, at)


def _weigh(cell: _Cell, found: Comparison) -> None:
    if is_same(cell.column, cell.cell.cell, cell.value):
        return
    verb, sentence = cell.way()
    if verb is None:
        found.faults.append(cell.row.fault(cell.cell, sentence))
    elif not cell.row.seal.held(cell.column, cell.value):
        found.clashes.append(cell.clash())
    elif (wrong := cell.wrong(verb)) is not None:
        found.faults.append(cell.row.fault(cell.cell, wrong))
    else:
        found.changes.append(cell.change(verb))


def _take(
    caller: Caller, campaign_id: int, found: Comparison, file: str, report: Report
) -> tuple[Sequence[LedgerChange], Comparison]:
    """Problem by problem; what was taken, and what could not be after all."""
    taken: list[LedgerChange] = []
    left = Comparison()
    by_problem = found.by_problem()
    for done, changes in enumerate(by_problem):
        report(WRITING, done, len(by_problem))
        for _ in range(_TRIES):
            try:
                for act in _acts(caller, changes, SOURCE.format(file=file)):
                    taken += act
                    changes = [change for change in changes if change not in act]
            except SignedOut:
                raise
            except Stale:
                changes = _again(caller, campaign_id, changes, left)
            except Refused as refused:
                left.faults += [change.fault(str(refused)) for change in changes]
                changes = []
            if not changes:
                break
        left.faults += [change.fault(TOO_OFTEN) for change in changes]
    return taken, left


def _acts(caller: Caller, changes: Sequence[LedgerChange], source: str) -> Iterator[list[LedgerChange]]:
    """One report for what the unit filled in, a correction for each of the office's; each done when it is yielded."""
    version = changes[0].version
    filled = [change for change in changes if change.verb is Verb.REPORT]
    if filled:
        fill_in(caller, filled[0].row.issue_id, {c.field: c.text for c in filled}, source, version)
        version += 1
        yield filled
    for change in changes:
        if change.verb is Verb.CORRECT:
            correct(
                caller, change.row.issue_id, change.field, change.text, source, version, as_writer=True,
            )  # fmt: skip
            version += 1
            yield [change]


def _again(caller: Caller, campaign_id: int, changes: Sequence[LedgerChange], left: Comparison) -> list[LedgerChange]:
    """Somebody was faster: the cells that remain, compared anew."""
    columns = {change.field for change in changes}
    row = changes[0].row
    row = replace(row, cells=tuple(cell for cell in row.cells if cell.column.field in columns))
    with reading() as session:
        found = _compare(session, caller.look_up(session), campaign_id, [row], caller.today, unheard)
    left.faults += found.faults
    left.clashes += found.clashes
    return found.changes


def _log(caller: Caller, campaign_id: int, path: Path, file: str, result: LedgerReturned) -> None:
    """The file as a whole; what it did stands in the acts themselves."""
    with transaction(caller) as tx:
        tx.require(Permission.RETURN_LEDGER)
        tx.record(
            "ledger.return", f"campaign:{campaign_id}", file=file, sha256=file_sha256(path), taken=result.taken,
            unchanged=result.unchanged, faulty=result.faulty, conflicts=result.conflicts,
        )  # fmt: skip

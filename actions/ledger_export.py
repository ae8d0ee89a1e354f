"""Hand out the ledger as a workbook: the rows of the screen, masked by level, each export in the log."""

from pathlib import Path

from sqlalchemy.orm import Session

from actions.handout import Counted, check_handout, to_fetch, whole_or_not_there
from actions.transaction import Caller, transaction
from files.digest import file_sha256
from files.export_level import ExportLevel
from files.ledger_seal import Sealer
from files.ledger_workbook import FigureValue, ledger_file_name, write_ledger
from files.storage import Storage
from models.campaign import Campaign
from models.issue_word import IssueStatus
from models.masking import mask_text
from models.refusal import NotFoundOrNotYours
from models.role import Permission
from queries.audit import audit_head
from queries.figures import figures
from queries.ledger import LedgerFilter
from queries.ledger_sheet import ledger_sheet_rows
from queries.ledger_words import filter_words
from queries.light_setting import thresholds_in
from queries.reading import reading
from queries.viewer import Viewer

TITLE = "惠民惠农财政补贴资金“一卡通”专项治理问题整改台账"
COLUMN_DEFINITIONS = (
    ("整改时限", "日", "责任单位的时限：销号申请审核期间停止计算，退回后顺延；“首次时限”为第一次定的日期，不变。"),
    ("时限灯", "", "截至日的情况：超期、临期（{soon}）、正常、审核中、未起算。"),
    ("涉及金额", "元", "发现的问题金额；应追缴、应补发是两个方向，分别登记应办和已办。"),
    *((f"状态“{s.label}”", "", s.meaning) for s in IssueStatus),
)


def export_ledger(
    caller: Caller, campaign_id: int, wanted: LedgerFilter, level: ExportLevel, purpose: str, target: Path
) -> str:
    """Write the rows of a filter to `target`; returns the name the file should have on somebody's desk.

    Who: whoever may export, within their rights; 内部版 needs its own permission and a purpose. The file is complete
    and the entry written, or there is neither. Raises Refused.
    """
    with whole_or_not_there(target):
        with reading() as session:  # not in the transaction: writers need not wait for a long file
            viewer = caller.look_up(session)
            check_handout(viewer, level, purpose)
            count, head, name = _write(session, caller, viewer, campaign_id, wanted, level, target)
        with transaction(caller) as tx:
            check_handout(tx.viewer, level, purpose)
            tx.record(
                "ledger.export", f"campaign:{campaign_id}", level=level.value, purpose=mask_text(purpose.strip()),
                rows=count, conditions=mask_text(filter_words(wanted)), head=head, sha256=file_sha256(target),
            )  # fmt: skip
    return name


def export_to_fetch(
    caller: Caller, campaign_id: int, wanted: LedgerFilter, level: ExportLevel, purpose: str = ""
) -> str:
    """The same for a browser: the file waits for the person under a token; returns the token."""
    return to_fetch(caller, lambda made: export_ledger(caller, campaign_id, wanted, level, purpose, made))


def _write(
    session: Session, caller: Caller, viewer: Viewer, campaign_id: int, wanted: LedgerFilter, level: ExportLevel,
    target: Path,
) -> tuple[int, str, str]:  # fmt: skip
    """Number of rows, the head printed, the file's name."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundOrNotYours("专项治理")
    head = str(audit_head())
    values, definitions = _figures(viewer, caller, campaign_id)
    rows = Counted(ledger_sheet_rows(session, viewer, campaign_id, wanted, caller.today))
    write_ledger(
        target, rows, level=level, seal=Sealer(Storage.secret).writer(campaign_id, level),
        title=f"{campaign.place}{TITLE}", as_of=caller.today, campaign_name=campaign.name,
        conditions=filter_words(wanted), exported_by=viewer.person_name, exported_at=caller.now, audit_head=head,
        definitions=(*_column_definitions(session, campaign_id), *definitions), figures=values,
    )  # fmt: skip
    return rows.count, head, ledger_file_name(campaign.place, campaign.name, caller.today, level)


def _column_definitions(session: Session, campaign_id: int) -> list[tuple[str, str, str]]:
    """With the campaign's own thresholds: a printed ledger says by what its lights were lit."""
    soon = thresholds_in(session, campaign_id).words
    return [(label, unit, text.replace("{soon}", soon)) for label, unit, text in COLUMN_DEFINITIONS]


def _figures(
    viewer: Viewer, caller: Caller, campaign_id: int
) -> tuple[list[tuple[str, FigureValue, str]], list[tuple[str, str, str]]]:
    """Figures of the viewer's own region with their definitions; none for whoever does not see the dashboard."""
    if not viewer.may(Permission.SEE_DASHBOARD):
        return [], []
    found = figures(viewer, campaign_id, caller.today).values()
    return [(f.label, f.value, f.unit) for f in found], [(f.label, f.unit, f.definition) for f in found]

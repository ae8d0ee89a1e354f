"""Print one problem's whole life: a page for the files of the office, logged as every paper that leaves the house."""

from pathlib import Path

from actions.handout import check_handout, to_fetch, whole_or_not_there
from actions.transaction import Caller, transaction
from files.digest import file_sha256
from files.export_level import ExportLevel, ExportMark
from files.issue_sheet import TITLE, write_issue_sheet
from queries.audit import audit_head
from queries.issue_sheet import issue_sheet
from queries.reading import reading


def print_issue(caller: Caller, issue_id: int, target: Path) -> str:
    """Write the page of a problem to `target`, 责任单位版; returns the name the file should have.

    Who: whoever may export and may see the problem. The file is complete and the entry written, or there is neither.
    Raises Refused, and NotFoundOrNotYours.
    """
    with whole_or_not_there(target):
        with reading() as session:
            viewer = caller.look_up(session)
        check_handout(viewer, ExportLevel.UNIT, "")
        sheet, head = issue_sheet(viewer, issue_id, caller.today), str(audit_head())
        mark = ExportMark(ExportLevel.UNIT, caller.today, "", "", viewer.person_name, caller.now, head)
        write_issue_sheet(target, sheet, mark)
        with transaction(caller) as tx:
            check_handout(tx.viewer, ExportLevel.UNIT, "")
            tx.record(
                "issue.print", f"issue:{issue_id}", number=sheet.number, level=ExportLevel.UNIT.value, head=head,
                sha256=file_sha256(target),
            )  # fmt: skip
    return f"{sheet.number} {TITLE}（{ExportLevel.UNIT.label}）{caller.today.isoformat()}.html"


def print_to_fetch(caller: Caller, issue_id: int) -> str:
    """The same for a browser: the page waits for the person under a token; returns the token."""
    return to_fetch(caller, lambda made: print_issue(caller, issue_id, made))

"""The ledger leaves the house within rights, at a level, with its proof, and every time it is in the log."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from actions.ledger_export import export_ledger, export_to_fetch
from files.export_level import ExportLevel
from files.outgoing import outgoing_file
from models.audit import AuditEntry
from models.issue_word import IssueStatus
from models.refusal import Refused
from queries.audit import audit_head
from queries.ledger import LedgerFilter, LedgerView, ledger_page
from queries.reading import reading
from queries.viewer import viewer_of_user
from tests.factories import World

ALL = LedgerFilter()


def rows_of(path: Path) -> list[dict[str, object]]:
    """The ledger sheet's body by header."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(n for n, row in enumerate(cells) if "问题编号" in row)
    body = [dict(zip([str(c) for c in cells[head]], row, strict=True)) for row in cells[head + 1 :]]
    return [row for row in body if str(row["问题编号"]).startswith("SL2022")]


def last_entry() -> AuditEntry:
    with reading() as session:
        return session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()


def test_the_sheet_has_the_rows_of_the_screen_in_its_order(both_worlds: World, tmp_path: Path) -> None:
    both_worlds.in_acceptance()
    both_worlds.registered()
    both_worlds.rectifying()
    both_worlds.on(date(2022, 9, 16))
    target, caller = tmp_path / "out.xlsx", both_worlds.caller("office")
    export_ledger(caller, both_worlds.campaign_id, ALL, ExportLevel.UNIT, "", target)
    with reading() as session:
        viewer = viewer_of_user(session, both_worlds.users["office"], caller.today)
    assert viewer is not None
    shown = ledger_page(viewer, both_worlds.campaign_id, ALL, caller.today).rows
    assert [row["问题编号"] for row in rows_of(target)] == [row.number for row in shown]
    assert [row["状态"] for row in rows_of(target)] == [row.status.label for row in shown]
    assert [row["时限灯"] for row in rows_of(target)] == [row.light.text for row in shown]


def test_a_filter_and_ones_rights_hold_in_the_file_too(both_worlds: World, tmp_path: Path) -> None:
    both_worlds.rectifying()
    both_worlds.registered()
    target = tmp_path / "out.xlsx"
    wanted = LedgerFilter(statuses=(IssueStatus.RECTIFYING,))
    export_ledger(both_worlds.caller("office"), both_worlds.campaign_id, wanted, ExportLevel.UNIT, "", target)
    assert len(rows_of(target)) == 1
    assert last_entry().detail["rows"] == 1
    export_ledger(both_worlds.caller("other_unit"), both_worlds.campaign_id, ALL, ExportLevel.UNIT, "", target)
    assert rows_of(target) == []


def test_each_export_is_one_entry_with_level_purpose_count_and_the_files_head(
    both_worlds: World, tmp_path: Path
) -> None:
    both_worlds.rectifying()
    before, target = str(audit_head()), tmp_path / "out.xlsx"
    wanted = LedgerFilter(LedgerView.OVERDUE, search="甲一")
    name = export_ledger(
        both_worlds.caller("office"), both_worlds.campaign_id, wanted, ExportLevel.INTERNAL, "报领导小组审阅", target
    )
    entry = last_entry()
    assert name.endswith("_内部版.xlsx")
    assert (entry.action, entry.detail["level"], entry.detail["purpose"]) == (
        "ledger.export",
        "internal",
        "报领导小组审阅",
    )
    assert (entry.detail["head"], entry.detail["rows"]) == (before, 0)
    assert entry.detail["conditions"] == "视图“超期”，搜索“甲一”"
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert any(before in str(cell) for row in sheet.iter_rows(max_row=7, values_only=True) for cell in row)


@pytest.mark.parametrize(
    ("by", "level", "purpose", "sentence"),
    [
        ("unit", ExportLevel.INTERNAL, "想看看", "导出内部版"),
        ("leader", ExportLevel.INTERNAL, "想看看", "导出内部版"),
        ("office", ExportLevel.INTERNAL, " ", "用途"),
        ("discipline", ExportLevel.UNIT, "", "导出"),
        ("admin", ExportLevel.PUBLIC, "", "导出"),
    ],
)
def test_a_refused_export_leaves_neither_file_nor_entry(
    both_worlds: World, tmp_path: Path, by: str, level: ExportLevel, purpose: str, sentence: str
) -> None:
    both_worlds.rectifying()
    before, target = audit_head(), tmp_path / "out.xlsx"
    with pytest.raises(Refused, match=sentence):
        export_ledger(both_worlds.caller(by), both_worlds.campaign_id, ALL, level, purpose, target)
    assert not target.exists()
    assert audit_head() == before


def test_only_the_internal_level_shows_a_number_somebody_wrote_into_the_facts(world: World, tmp_path: Path) -> None:
    number = "000000195001010014"
    world.registered(facts=f"甲一村张某某（{number}）未收到2021年补贴。")
    seen = {}
    for level in ExportLevel:
        target = tmp_path / f"{level}.xlsx"
        export_ledger(world.caller("office"), world.campaign_id, ALL, level, "核对", target)
        seen[level] = number in str(rows_of(target)[0]["问题描述"])
    assert seen == {ExportLevel.PUBLIC: False, ExportLevel.UNIT: False, ExportLevel.INTERNAL: True}


def test_a_number_typed_as_purpose_or_searched_for_does_not_enter_the_log(world: World, tmp_path: Path) -> None:
    number = "000000195001010014"
    wanted = LedgerFilter(search=number)
    target = tmp_path / "out.xlsx"
    export_ledger(world.caller("office"), world.campaign_id, wanted, ExportLevel.INTERNAL, f"核对{number}", target)
    assert number not in str(last_entry().detail)


def test_a_file_to_fetch_is_its_makers_alone_and_not_for_long(world: World) -> None:
    world.rectifying()
    caller = world.caller("office")
    token = export_to_fetch(caller, world.campaign_id, ALL, ExportLevel.UNIT)
    wall = datetime.now(UTC)
    found = outgoing_file(world.users["office"], token, wall)
    assert found is not None
    assert found.name.endswith("_责任单位版.xlsx")
    assert len(rows_of(found)) == 1
    assert outgoing_file(world.users["office2"], token, wall) is None
    assert outgoing_file(world.users["office"], "../../secret.key", wall) is None
    assert outgoing_file(world.users["office"], token, wall + timedelta(minutes=31)) is None
    assert not found.exists()


def test_the_terminal_exports_without_a_person(world: World, tmp_path: Path) -> None:
    world.rectifying()
    export_ledger(world.terminal(), world.campaign_id, ALL, ExportLevel.UNIT, "", tmp_path / "out.xlsx")
    assert len(rows_of(tmp_path / "out.xlsx")) == 1

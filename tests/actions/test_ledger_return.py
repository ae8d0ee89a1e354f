"""The ledger comes back from Excel: what was edited is taken by the same rules, the rest is told cell by cell."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions import closure, issue, rectification
from actions.ledger_return import take_ledger
from files.export_level import ExportLevel
from files.ledger_return import ADDED, FORMULA, TORN
from files.progress import WRITING
from models.audit import AuditEntry
from models.issue_record import IssueEvent
from models.issue_word import VerifiedHow
from models.refusal import Refused
from queries.audit import audit_head, verify
from queries.reading import reading
from tests.factories import World
from tests.files.hostile import workbook
from tests.ledger_edits import Sheet, edited, exported, record, taken, through_libreoffice

RARE = "𠮷䶮" + "甲" * 4_998
LIKE_FORMULAS = ("=1+1", "+86", "-1", "@SUM(A1)", "\t=2", "'=3")


def last_event(issue_id: int) -> IssueEvent:
    with reading() as session:
        found = sa.select(IssueEvent).where(IssueEvent.issue_id == issue_id).order_by(IssueEvent.position.desc())
        return session.scalars(found.limit(1)).one()


def test_a_units_edits_are_one_report_with_old_and_new(both_worlds: World, tmp_path: Path) -> None:
    one, other = both_worlds.rectifying(), both_worlds.rectifying()
    path = edited(
        exported(both_worlds, "unit", tmp_path),
        lambda s: s.put(one, "整改进展", "已核对8户账号。").put(one, "责任人", "孙某某").put(one, "备注", "=先补发"),
    )
    result = taken(both_worlds, "unit", path)
    assert result.last_line == "taken 1, unchanged 1, faulty 0, conflicts 0"
    now, event = record(one), last_event(one)
    assert (now.progress, now.person_in_charge, now.remark) == ("已核对8户账号。", "孙某某", "=先补发")
    assert event.verb == "report"
    assert event.detail["fields"]["person_in_charge"] == ["陈某某", "孙某某"]
    assert event.detail["source"] == f"台账回填：{path.name}"
    assert last_event(other).verb == "assign"
    assert verify().ok


def test_an_offices_edit_is_a_correction_and_makes_it_a_writer_of_the_round(both_worlds: World, tmp_path: Path) -> None:
    one = both_worlds.in_acceptance()
    path = edited(exported(both_worlds, "office", tmp_path), lambda s: s.put(one, "备注", "已与镇所核对。"))
    assert taken(both_worlds, "office", path).last_line == "taken 1, unchanged 0, faulty 0, conflicts 0"
    event = last_event(one)
    assert (event.verb, event.note, event.detail["field"]) == ("correct", f"台账回填：{path.name}", "remark")
    with pytest.raises(Refused, match="本轮整改材料是您写的"):
        closure.accept(both_worlds.caller("office"), one, VerifiedHow.DOCUMENTS, "核对回单。")
    closure.accept(both_worlds.caller("office2"), one, VerifiedHow.DOCUMENTS, "核对回单。")


def test_an_unedited_copy_changes_nothing_however_old(world: World, tmp_path: Path) -> None:
    one, other = world.rectifying(), world.rectifying()
    files = [exported(world, "office", tmp_path), exported(world, "office", tmp_path, ExportLevel.INTERNAL)]
    world.on(date(2022, 8, 20))
    rectification.report(world.caller("unit"), one, "已补发到户。")
    issue.correct(world.caller("office"), other, "remark", "另有说明", "补记")
    before = audit_head()
    for path in files:
        assert taken(world, "office", path).last_line == "taken 0, unchanged 2, faulty 0, conflicts 0"
    assert audit_head() == before


def test_what_changed_here_and_there_is_a_conflict_and_the_same_change_is_none(world: World, tmp_path: Path) -> None:
    one, other = world.rectifying(), world.rectifying()
    path = edited(
        exported(world, "unit", tmp_path),
        lambda s: s.put(one, "整改进展", "我这样写。").put(one, "备注", "照收").put(other, "整改进展", "两边一样。"),
    )
    rectification.report(world.caller("unit2"), one, "同事那样写。")
    rectification.report(world.caller("unit2"), other, "两边一样。")
    refused = taken(world, "unit", path)
    assert refused.last_line == "taken 0, unchanged 1, faulty 0, conflicts 1"
    clash = refused.clashes[0]
    assert (clash.here, clash.there, clash.by) == ("我这样写。", "同事那样写。", "U某某")
    assert refused.is_refused and record(one).remark is None
    assert taken(world, "unit", path, skip_faulty=True).last_line == "taken 1, unchanged 1, faulty 0, conflicts 1"
    assert (record(one).progress, record(one).remark) == ("同事那样写。", "照收")


def test_a_cell_one_may_not_edit_is_refused_with_the_reason_and_nothing_is_half_taken(
    world: World, tmp_path: Path
) -> None:
    one, other = world.rectifying(), world.rectifying()
    path = edited(
        exported(world, "unit", tmp_path),
        lambda s: (
            s.put(one, "状态", "已销号").put(one, "整改时限", date(2022, 12, 1)).put(one, "责任领导", "赵某某")
            .put(other, "整改进展", "已补发。").put(other, "涉及人员", "张三").put(other, "身份证号", "4.2E+17")
        ),
    )  # fmt: skip
    before = audit_head()
    result = taken(world, "unit", path)
    assert {fault.column for fault in result.faults} == {"状态", "整改时限", "责任领导"}
    assert all(fault.message and fault.letter for fault in result.faults)
    assert (result.last_line, audit_head()) == ("taken 0, unchanged 0, faulty 1, conflicts 0", before)
    assert taken(world, "unit", path, skip_faulty=True).taken == 1
    assert record(other).progress == "已补发。"


def test_the_office_does_not_write_progress_and_a_value_too_long_is_told(world: World, tmp_path: Path) -> None:
    one = world.rectifying()
    path = edited(
        exported(world, "office", tmp_path),
        lambda s: s.put(one, "整改进展", "办公室写的。").put(one, "备注", "长" * 501).put(one, "整改措施", RARE),
    )
    result = taken(world, "office", path, dry_run=True, skip_faulty=True)
    assert {(f.column, "责任单位" in f.message, "太长" in f.message) for f in result.faults} == {
        ("整改进展", True, False), ("备注", False, True)
    }  # fmt: skip
    assert [change.text for change in result.changes] == [RARE]


def test_rows_gone_added_sorted_and_columns_moved(world: World, tmp_path: Path) -> None:
    ids = [world.rectifying() for _ in range(4)]
    sheet = Sheet(exported(world, "unit", tmp_path)).put(ids[0], "整改进展", "第一件在办。")
    header, *body = sheet.table()
    body = [row for row in body[::-1] if row[header.index("记录键")] != ids[1]]
    added = ["表里新增的问题" if name == "问题描述" else None for name in header]
    path = workbook(tmp_path / "改过.xlsx", [[*row[::-1], "办公室自己的列"] for row in (header, *body, added)])
    result = taken(world, "unit", path, skip_faulty=True)
    assert result.last_line == "taken 1, unchanged 2, faulty 1, conflicts 0"
    assert [fault.message for fault in result.faults] == [ADDED]
    assert any("少了 1 件" in notice.message for notice in result.notices)
    assert record(ids[0]).progress == "第一件在办。"


def test_types_changed_by_a_program_are_no_edit(world: World, tmp_path: Path) -> None:
    one = world.rectifying(period="2021-06")

    def retyped(s: Sheet) -> None:
        s.put(one, "发现日期", "2022年7月4日").put(one, "整改时限", str(s.cell(one, "整改时限").value)[:10])
        s.put(one, "涉及金额(元)", "3,200.00").put(one, "涉及户数", "12").put(one, "记录键", str(one))
        s.put(one, "期间", date(2021, 6, 1)).put(one, "备注", None).put(one, "整改进展", " 无 ")

    path = edited(exported(world, "unit", tmp_path), retyped)
    assert taken(world, "unit", path).last_line == "taken 0, unchanged 1, faulty 0, conflicts 0"


def test_a_real_formula_is_refused_and_typed_text_like_one_comes_in(world: World, tmp_path: Path) -> None:
    one = world.rectifying()

    def formulas(s: Sheet) -> None:
        s.put(one, "整改措施", "=核对账号后补发").put(one, "责任人", "@陈某").put(one, "备注", "-1+1")
        s.cell(one, "整改进展").value = '=CONCATENATE("已","补发")'

    path = edited(exported(world, "unit", tmp_path), formulas)
    result = taken(world, "unit", path, skip_faulty=True)
    assert [(f.column, f.message) for f in result.faults] == [("整改进展", FORMULA)]
    now = record(one)
    assert (now.measures, now.person_in_charge, now.remark) == ("=核对账号后补发", "@陈某", "-1+1")
    again = exported(world, "unit", tmp_path)
    assert taken(world, "unit", again).last_line == "taken 0, unchanged 1, faulty 0, conflicts 0"


def test_rows_sorted_without_their_hidden_columns_are_not_taken(world: World, tmp_path: Path) -> None:
    one, other = world.rectifying(), world.rectifying()
    sheet = Sheet(exported(world, "unit", tmp_path))
    numbers = [sheet.cell(issue_id, "问题编号").value for issue_id in (one, other)]
    path = sheet.put(one, "问题编号", numbers[1]).put(other, "问题编号", numbers[0]).save()
    assert [fault.message for fault in taken(world, "unit", path).faults] == [TORN, TORN]


def test_a_seal_that_was_tampered_with_or_of_another_house_is_not_believed(world: World, tmp_path: Path) -> None:
    one, other = world.rectifying(), world.rectifying()

    def tampered(s: Sheet) -> None:
        s.put(one, "记录版本", 99).put(one, "整改进展", "改了版本。")
        s.put(other, "导出标记", s.cell(one, "导出标记").value).put(other, "整改进展", "抄了标记。")

    result = taken(world, "unit", edited(exported(world, "unit", tmp_path), tampered), skip_faulty=True)
    assert result.last_line == "taken 0, unchanged 0, faulty 2, conflicts 0"


def test_another_units_rows_are_not_found(world: World, tmp_path: Path) -> None:
    one = world.rectifying()
    path = edited(exported(world, "unit", tmp_path), lambda s: s.put(one, "整改进展", "别人的表。"))
    result = taken(world, "other_unit", path)
    assert "不在您的权限范围内" in result.faults[0].message
    assert record(one).progress is None


def test_the_file_as_a_whole_is_in_the_log_with_its_counts(world: World, tmp_path: Path) -> None:
    one = world.rectifying()
    path = edited(exported(world, "unit", tmp_path), lambda s: s.put(one, "整改进展", "已补发。"))
    taken(world, "unit", path)
    with reading() as session:
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.action, entry.detail["taken"], entry.detail["file"]) == ("ledger.return", 1, path.name)


def test_the_terminal_takes_no_ledger_in(world: World, tmp_path: Path) -> None:
    world.rectifying()
    path = exported(world, "unit", tmp_path)
    with pytest.raises(Refused, match="--as"):
        take_ledger(world.terminal(), world.campaign_id, path, path.name)


@pytest.mark.libreoffice
def test_through_libreoffice_exactly_what_was_edited_comes_back(world: World, tmp_path: Path) -> None:
    """One start of LibreOffice for all: unedited, edited in every way, sorted, and opened after others were at it."""
    ids = [world.rectifying(facts=RARE[:4_990] + text) for text in LIKE_FORMULAS]
    issue.correct(world.caller("office"), ids[0], "remark", "+86\t转告", "补记")
    rectification.report(world.caller("unit"), ids[0], "=SUM(A1)\n第二行　")
    plain, inside = exported(world, "unit", tmp_path), exported(world, "office", tmp_path, ExportLevel.INTERNAL)
    unit = Sheet(exported(world, "unit", tmp_path))
    for issue_id, text in zip(ids, LIKE_FORMULAS, strict=True):
        unit.put(issue_id, "整改措施", f"{text}先核对，再补发").put(issue_id, "备注", text + RARE[:300])
    unit.put(ids[1], "整改进展", "我这样写。").cell(ids[2], "责任人").value = '="陈"&"某"'
    office = Sheet(exported(world, "office", tmp_path)).put(ids[3], "备注", "办公室备注").put(ids[4], "状态", "已销号")
    office.sheet.auto_filter.add_sort_condition(f"B{office.head + 1}:B{office.sheet.max_row}", descending=True)
    back = through_libreoffice([plain, inside, unit.save(), office.save()], tmp_path)
    for path, by in zip(back[:2], ("unit", "office"), strict=True):
        assert taken(world, by, path).last_line == f"taken 0, unchanged {len(ids)}, faulty 0, conflicts 0"
    rectification.report(world.caller("unit2"), ids[1], "同事那样写。")
    result = taken(world, "unit", back[2], skip_faulty=True)
    assert result.last_line == f"taken {len(ids)}, unchanged 0, faulty 1, conflicts 1"
    for issue_id, text in zip(ids, LIKE_FORMULAS, strict=True):
        now = record(issue_id)
        assert (now.measures, now.remark) == (f"{text}先核对，再补发".strip(), (text + RARE[:300]).strip())
        assert now.person_in_charge == "陈某某"
    assert record(ids[1]).progress == "同事那样写。"
    result = taken(world, "office", back[3], dry_run=True, skip_faulty=True)
    assert ([c.issue_id for c in result.clashes], [f.column for f in result.faults]) == ([ids[3]], ["状态"])
    assert verify().ok


def test_somebody_faster_while_it_is_taken_makes_a_conflict_of_that_cell_alone(world: World, tmp_path: Path) -> None:
    one, other = world.rectifying(), world.rectifying()
    sheet = Sheet(exported(world, "office", tmp_path)).put(one, "备注", "第一处").put(one, "责任领导", "赵某某")
    path = sheet.put(other, "备注", "另一件").save()
    faster: list[str] = []

    def meanwhile(step: str, done: int, total: int) -> None:
        if step == WRITING and not faster:
            faster.append(step)
            issue.correct(world.caller("office2"), one, "remark", "同事写的", "补记")

    result = taken(world, "office", path, report=meanwhile)
    assert result.last_line == "taken 2, unchanged 0, faulty 0, conflicts 1"
    assert (record(one).remark, record(one).responsible_leader) == ("同事写的", "赵某某")
    assert (record(other).remark, result.clashes[0].there) == ("另一件", "同事写的")

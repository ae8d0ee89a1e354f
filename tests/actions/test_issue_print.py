"""A problem's whole life on paper: all rounds in order, masked, with the head it was printed under, and in the log."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions import closure, rectification
from actions.issue_print import print_issue
from actions.outcome import record_outcome
from files.issue_sheet import LONGEST_NOTE
from models.audit import AuditEntry
from models.deadline import DeadlineRule
from models.issue_word import VerifiedHow
from models.outcome import OutcomeKind
from models.refusal import NotFoundOrNotYours, Refused
from queries.audit import audit_head
from queries.reading import reading
from tests.factories import World


def printed(world: World, issue_id: int, folder: Path, by: str = "office") -> str:
    target = folder / "page.html"
    print_issue(world.caller(by), issue_id, target)
    return target.read_text(encoding="utf-8")


def long_life(world: World, reports: int = 8) -> int:
    """Three rounds, two looks back, some forty steps."""
    issue_id = world.closed()
    for turn, day in enumerate((date(2023, 3, 1), date(2023, 9, 4)), start=2):
        world.on(day)
        back = closure.Reopening(f"第 {turn} 次回访，3户未收到。", "回头看发现未到账。", DeadlineRule.workdays(10))
        closure.reopen(world.caller("office"), issue_id, back)
        for number in range(reports):
            rectification.report(world.caller("unit"), issue_id, f"第 {number + 1} 户账号已核对，等银行回单。")
        world.evidence(issue_id)
        rectification.request(world.caller("unit"), issue_id, world.closure_request())
        if turn == 2:
            closure.accept(world.caller("inspector"), issue_id, VerifiedHow.ON_SITE, "入户核实，3户已收到。")
            closure.approve(world.caller("office2"), issue_id)
    return issue_id


def test_rounds_stand_in_order_from_the_first_step_to_the_last(world: World, tmp_path: Path) -> None:
    page = printed(world, long_life(world), tmp_path)
    marks = [
        "第 1 轮　",
        "批准销号，按期",
        "第 2 轮　",
        "第 2 次回访",
        "第 3 轮　",
        "第 3 次回访",
        "验收人：",
        "校验头",
    ]
    places = [page.find(mark) for mark in marks]
    assert -1 not in places
    assert places == sorted(places)


def test_the_head_on_paper_is_the_one_the_log_had_and_the_log_has_the_print(world: World, tmp_path: Path) -> None:
    issue_id = world.closed()
    before = audit_head()
    page = printed(world, issue_id, tmp_path, by="auditor")
    assert f"校验头 {before.seq} <code>{before.hash}</code>" in page
    with reading() as session:
        last = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (last.action, last.subject, last.detail["head"]) == ("issue.print", f"issue:{issue_id}", str(before))


def test_names_written_into_the_facts_are_masked_and_nothing_typed_runs(world: World, tmp_path: Path) -> None:
    facts = "甲一村<script>alert(1)</script>，身份证号000000195001010014未收到补贴。"
    page = printed(world, world.registered(facts=facts), tmp_path)
    assert "000000195001010014" not in page
    assert "<script>alert" not in page


def test_sanctions_are_printed_for_the_office_and_not_for_the_unit(world: World, tmp_path: Path) -> None:
    issue_id = world.rectifying()
    record_outcome(
        world.caller("discipline"), world.campaign_id, world.reporting_units["甲县"], OutcomeKind.ADMONITION, 2,
        "甲纪〔2022〕1号", date(2022, 7, 1), issue_id,
    )  # fmt: skip
    assert "诫勉 2 人" in printed(world, issue_id, tmp_path)
    assert "诫勉" not in printed(world, issue_id, tmp_path, by="unit")


def test_a_very_long_note_is_cut_and_says_how_long_it_is(world: World, tmp_path: Path) -> None:
    issue_id = world.rectifying()
    rectification.report(world.caller("unit"), issue_id, "𠮷䶮" * 2_500)
    page = printed(world, issue_id, tmp_path)
    assert "全文 5005 字，存于系统" in page
    assert "𠮷䶮" * LONGEST_NOTE not in page


def test_a_draft_and_somebody_elses_problem_are_not_printed_and_leave_no_file(world: World, tmp_path: Path) -> None:
    draft, mine = world.draft(), world.rectifying()
    with pytest.raises(Refused, match="草稿"):
        printed(world, draft, tmp_path, by="inspector")
    with pytest.raises(NotFoundOrNotYours):
        printed(world, mine, tmp_path, by="far_unit")
    assert not (tmp_path / "page.html").exists()

"""What somebody else found and wrote to the office about: 专项审计, 巡察, 信访, 上级交办 in the same ledger."""

from datetime import date
from pathlib import Path

import pytest

from actions import issue
from actions.ledger_export import export_ledger
from files.export_level import ExportLevel
from models.issue_word import IssueSource
from models.refusal import Refused
from queries.issue import issue_page
from queries.ledger import LedgerFilter, ledger_page
from queries.reading import reading
from queries.viewer import Viewer, viewer_of_user
from tests.actions.test_issue import stored
from tests.actions.test_ledger_export import rows_of
from tests.factories import World

LETTER = {
    "source": IssueSource.SPECIAL_AUDIT, "document_from": "示例市审计局", "document_number": "示审〔2022〕3号",
    "document_on": date(2022, 7, 1),
}  # fmt: skip
REASON = "文号录错了。"


def office(world: World) -> Viewer:
    with reading() as session:
        found = viewer_of_user(session, world.users["office"], world._today())
    assert found is not None
    return found


@pytest.mark.parametrize("typed", ["示审〔2022〕3号", "示审[2022]3号", "示审（２０２２）３号", "示例市审计局"])
def test_an_audits_finding_is_found_by_its_document_however_the_number_is_typed(world: World, typed: str) -> None:
    found = world.registered(by="office", **LETTER)
    world.registered()
    seen = ledger_page(office(world), world.campaign_id, LedgerFilter(search=typed), world._today())
    assert [row.id for row in seen.rows] == [found]


def test_the_letter_stands_on_the_page_and_in_the_workbook_but_not_before_the_public(
    both_worlds: World, tmp_path: Path
) -> None:
    world = both_worlds
    issue_id = world.registered(by="office", **LETTER | {"source": IssueSource.PATROL})
    world.registered(by="office", **LETTER | {"source": IssueSource.PETITION, "document_number": "无"})
    letter = "示例市审计局 示审〔2022〕3号，2022年7月1日"
    assert issue_page(office(world), issue_id, world._today()).found.document == letter
    wanted = LedgerFilter(sources=(IssueSource.PATROL,))
    told = []
    for level in (ExportLevel.UNIT, ExportLevel.PUBLIC):
        file = tmp_path / f"{level.value}.xlsx"
        export_ledger(world.caller("office"), world.campaign_id, wanted, level, "", file)
        told += [row["检查方式"] for row in rows_of(file)]
    assert told == [f"巡察（{letter}）", "巡察"]


@pytest.mark.parametrize("missing", ["document_from", "document_number", "document_on"])
def test_what_came_from_outside_names_its_whole_letter(world: World, missing: str) -> None:
    with pytest.raises(Refused, match="请写明来文单位、文号和来文日期"):
        world.draft(by="office", **LETTER | {missing: None})


def test_what_was_found_here_has_no_letter(world: World) -> None:
    with pytest.raises(Refused, match="重点检查的问题没有来文"):
        world.draft(by="office", **LETTER | {"source": IssueSource.INSPECTION})


def test_inspectors_raise_nothing_in_the_name_of_an_audit(world: World) -> None:
    with pytest.raises(Refused, match="专项审计的问题由领导小组办公室登记"):
        world.draft(by="inspector", **LETTER)


def test_a_letter_is_not_of_a_day_to_come(world: World) -> None:
    with pytest.raises(Refused, match="来文日期不能晚于今天"):
        world.draft(by="office", **LETTER | {"document_on": date(2022, 8, 1)})


def test_a_wrong_document_number_is_corrected_found_by_the_new_one_and_never_emptied(world: World) -> None:
    issue_id = world.registered(by="office", **LETTER)
    issue.correct(world.caller("office"), issue_id, "document_number", "示审〔2022〕13号", REASON)
    with pytest.raises(Refused, match="请写明来文单位、文号和来文日期"):
        issue.correct(world.caller("office"), issue_id, "document_number", "", REASON)
    with pytest.raises(Refused, match="没有来文"):
        issue.correct(world.caller("inspector"), world.registered(), "document_number", "示审〔2022〕3号", REASON)
    assert "示审(2022)13号" in stored(issue_id).search_text

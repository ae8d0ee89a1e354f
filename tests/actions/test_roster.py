"""Taking in a roster: previewed, whole or without its faulty rows, in versions, nothing twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions import roster_rows
from actions.importing import ImportResult
from actions.roster import RosterOptions, import_roster
from models.audit import AuditEntry
from models.database import Database
from models.id_number import make_demo_id
from models.identity import Identity
from models.refusal import Refused
from models.region import Region, ReportingUnitRegion
from models.roster import Household, HouseholdMember, RosterImport
from queries.audit import verify
from queries.reading import reading
from queries.roster import known_members
from tests.factories import World
from tests.files import hostile
from tests.register_files import FOUR_HOUSEHOLDS, ROSTER_HEADER, Somebody, changed, roster_file

Take = Callable[..., ImportResult]


@pytest.fixture
def take(both_worlds: World, tmp_path: Path) -> Take:
    """`take(people, by="office", skip_faulty=True)`: the import of a roster made of these people, or of a file."""

    def import_it(people: Any = FOUR_HOUSEHOLDS, by: str = "office", extra: Any = (), **options: Any) -> ImportResult:
        path = people if isinstance(people, Path) else roster_file(tmp_path / "名册.xlsx", people, extra)
        caller = both_worlds.caller(by)
        return import_roster(caller, both_worlds.campaign_id, path, path.name, RosterOptions(**options))

    return import_it


def count(model: Any, *where: Any) -> int:
    """How many rows of a table."""
    with reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


def written() -> tuple[int, ...]:
    """Everything an import could have written."""
    return tuple(count(model) for model in (RosterImport, Household, Identity, HouseholdMember, AuditEntry))


def said(result: ImportResult) -> str:
    """All sentences of the faults."""
    return " ".join(fault.message for fault in result.faults)


def test_a_roster_of_four_households_is_taken(take: Take) -> None:
    result = take()
    assert result.last_line == "taken 8, unchanged 0, faulty 0"
    assert (count(Household), count(HouseholdMember), count(Identity), count(RosterImport)) == (4, 8, 8, 1)
    assert verify().ok


def test_the_same_file_twice_writes_nothing(take: Take) -> None:
    take()
    before = written()
    assert take().last_line == "taken 0, unchanged 8, faulty 0"
    assert written() == before


def test_a_changed_row_is_a_new_version_and_the_others_stay(take: Take) -> None:
    take()
    result = take(changed(FOUR_HOUSEHOLDS, 1, phone="13911112222"))
    assert result.last_line == "taken 1, unchanged 7, faulty 0"
    with reading() as session:
        old = session.scalars(sa.select(HouseholdMember).where(HouseholdMember.superseded_by_id.is_not(None))).one()
        new = session.get_one(HouseholdMember, old.superseded_by_id)
        phones = [session.get_one(Identity, member.identity_id).phone for member in (old, new)]
    assert phones == ["13900000001", "13911112222"]
    assert (count(HouseholdMember), count(Household)) == (9, 4)
    assert verify().ok


def test_a_person_who_moved_is_in_force_once(take: Take, both_worlds: World) -> None:
    take()
    assert take(changed(FOUR_HOUSEHOLDS, 1, household="0009")).taken == 1
    with reading() as session:
        assert len(known_members(session, both_worlds.campaign_id)) == 8
    assert count(HouseholdMember, HouseholdMember.superseded_by_id.is_(None)) == 8


def test_a_15_digit_number_and_its_18_digit_form_are_one_person(take: Take) -> None:
    number = make_demo_id(date(1960, 1, 5), 22)
    take([Somebody(11, id_number=number[:6] + number[8:17])], accept_as_is=True)
    assert take([Somebody(11, id_number=number)]).last_line == "taken 1, unchanged 0, faulty 0"
    assert count(HouseholdMember, HouseholdMember.superseded_by_id.is_(None)) == 1


def test_many_rows_are_written_in_several_sets_that_verify(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_rows, "AT_ONCE", 3)
    take()
    take(
        [*changed(FOUR_HOUSEHOLDS, 1, phone="13911112222"), Somebody(40), Somebody(41), Somebody(42, household="0077")]
    )
    assert count(HouseholdMember, HouseholdMember.superseded_by_id.is_(None)) == 11
    assert verify().ok


def test_one_faulty_row_keeps_everything_out(take: Take) -> None:
    before = written()
    result = take([*FOUR_HOUSEHOLDS, Somebody(50, id_number="000000196001010000")])
    assert result.is_refused
    assert result.last_line == "taken 0, unchanged 0, faulty 1"
    assert result.good == 8
    assert written() == before


def test_the_others_are_taken_when_the_user_says_so(take: Take) -> None:
    result = take([*FOUR_HOUSEHOLDS, Somebody(50, village="没有村")], skip_faulty=True)
    assert not result.is_refused
    assert result.last_line == "taken 8, unchanged 0, faulty 1"
    with reading() as session:
        assert session.scalars(sa.select(RosterImport)).one().faulty == 1


def test_a_preview_writes_nothing_and_says_what_would_come(take: Take) -> None:
    before = written()
    assert take(dry_run=True).last_line == "taken 8, unchanged 0, faulty 0"
    assert written() == before


def test_odd_numbers_are_taken_as_written_on_request(take: Take) -> None:
    odd = [Somebody(50, id_number="000000196001010000")]
    assert take(odd).is_refused
    assert take(odd, accept_as_is=True).taken == 1


@pytest.mark.parametrize("by", ["leader", "inspector", "unit", "auditor", "admin", "discipline"])
def test_who_may_not_import_is_refused_before_the_file_is_read(both_worlds: World, by: str) -> None:
    with pytest.raises(Refused, match="导入名册"):
        import_roster(both_worlds.caller(by), both_worlds.campaign_id, Path("/there/is/no/such/file"), "名册.xlsx")


def test_an_office_cannot_write_into_another_countys_villages(take: Take) -> None:
    result = take(by="far_office", skip_faulty=True)
    assert result.last_line == "taken 0, unchanged 0, faulty 8"
    assert "区划里没有" in said(result)
    assert count(Household) == 0


def test_an_office_cannot_draw_a_person_over_from_another_county(take: Take) -> None:
    take()
    result = take(changed(FOUR_HOUSEHOLDS[:1], 0, town="示例三镇", village="丙一村"), by="far_office")
    assert result.is_refused
    assert "范围以外" in said(result)
    assert result.faults[0].letter == "G"
    assert count(HouseholdMember, HouseholdMember.superseded_by_id.is_not(None)) == 0


def test_the_office_of_all_counties_may_move_a_person_between_them(take: Take) -> None:
    take()
    assert take(changed(FOUR_HOUSEHOLDS[:1], 0, town="示例三镇", village="丙一村")).taken == 1


def test_of_two_villages_with_one_name_none_is_guessed(take: Take, both_worlds: World) -> None:
    name_like(both_worlds, "甲二村", "甲一村")
    result = take(skip_faulty=True)
    # 甲二村 no longer exists by that name, 甲一村 twice; only 甲三村 can be told.
    assert result.last_line == "taken 2, unchanged 0, faulty 6"
    assert "分不清是哪一个" in said(result)


def test_of_two_villages_with_one_name_the_code_tells(take: Take, both_worlds: World) -> None:
    name_like(both_worlds, "甲二村", "甲一村")
    assert take([Somebody(1, village="421381901202")]).taken == 1


def test_the_same_village_name_in_two_towns_is_told_by_the_town(take: Take, both_worlds: World) -> None:
    name_like(both_worlds, "乙一村", "甲一村")
    take([Somebody(1), Somebody(2, town="示例二镇")])
    with reading() as session:
        assert set(session.scalars(sa.select(Household.village_id))) == {
            both_worlds.regions["甲一村"], both_worlds.regions["乙一村"],
        }  # fmt: skip


def test_another_group_is_said_and_not_taken(take: Take) -> None:
    take()
    row = list(FOUR_HOUSEHOLDS[0].row)
    row[2] = "二组"
    result = take([], extra=[row])
    assert result.last_line == "taken 0, unchanged 1, faulty 0"
    assert "组不随导入更改" in result.notices[0].message


def test_two_people_import_at_once_and_one_batch_comes_of_it(take: Take, tmp_path: Path) -> None:
    roster = roster_file(tmp_path / "名册.xlsx", FOUR_HOUSEHOLDS)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda by: take(roster, by=by), ("office", "office2")))
    assert sorted(r.last_line for r in results) == ["taken 0, unchanged 8, faulty 0", "taken 8, unchanged 0, faulty 0"]
    assert (count(RosterImport), count(HouseholdMember)) == (1, 8)
    assert verify().ok


def test_a_town_without_a_reporting_unit_is_said(take: Take, both_worlds: World) -> None:
    with Database.writers() as session:
        session.execute(sa.delete(ReportingUnitRegion))
        session.commit()
    with pytest.raises(Refused, match="没有归入任何填报单位"):
        take()
    assert count(RosterImport) == 0


def test_a_number_in_the_files_name_is_not_recorded(both_worlds: World, tmp_path: Path) -> None:
    path = roster_file(tmp_path / "a.xlsx")
    name = f"C:\\桌面\\{FOUR_HOUSEHOLDS[0].number}名册.xlsx"
    import_roster(both_worlds.caller("office"), both_worlds.campaign_id, path, name)
    with reading() as session:
        kept = session.scalars(sa.select(RosterImport.file_name)).one()
    assert FOUR_HOUSEHOLDS[0].number not in kept
    assert kept.endswith("名册.xlsx") and "桌面" not in kept


def test_the_audit_entry_names_the_import_and_nobody_in_it(take: Take) -> None:
    take()
    with reading() as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "roster.import")).one()
    assert entry.subject == "roster_import:1"
    text = f"{entry.detail}{entry.writes}"
    assert all(p.number not in text and p.name not in text for p in FOUR_HOUSEHOLDS)


HEAD = list(ROSTER_HEADER)
ROWS = [list(p.row) for p in FOUR_HOUSEHOLDS]


def rows_with(at: int, header: str, value: Any) -> list[list[Any]]:
    """The eight rows with one cell changed."""
    rows = [list(row) for row in ROWS]
    rows[at][HEAD.index(header)] = value
    return rows


def wrong_headers(path: Path) -> Path:
    return hostile.workbook(path, [["序", "区域", "人", "号"], *ROWS])


def a_duplicate_person(path: Path) -> Path:
    return hostile.workbook(path, [HEAD, *ROWS, ROWS[0]])


def a_scientific_number(path: Path) -> Path:
    return hostile.workbook(path, [HEAD, *rows_with(0, "身份证号", 4.2e17)])


def an_unknown_village(path: Path) -> Path:
    return hostile.workbook(path, [HEAD, *rows_with(0, "村", "没有村")])


def merged_cells(path: Path) -> Path:
    return hostile.workbook(path, [HEAD, *ROWS], merged=["D2:D3"])


def no_rows(path: Path) -> Path:
    return hostile.workbook(path, [HEAD])


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (wrong_headers, "表头"),
        (a_duplicate_person, "同一个身份证号"),
        (a_scientific_number, "科学计数"),
        (an_unknown_village, "区划里没有村“没有村”"),
        (merged_cells, "合并"),
        (no_rows, "没有数据行"),
    ],
)
def test_what_is_wrong_in_a_table_is_said_and_nothing_is_taken(
    take: Take, tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    before = written()
    result = take(make(tmp_path / "坏.xlsx"))
    assert result.is_refused
    assert sentence in said(result)
    assert written() == before


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: hostile.bytes_file(path, b""), "空"),
        (hostile.word_document, "Word"),
        (hostile.encrypted_workbook, "密码"),
        (hostile.macro_workbook, "宏"),
        (hostile.bomb, "解压后大得不正常"),
        (hostile.lying_bomb, "解压后大得不正常|损坏"),
        (hostile.entity_workbook, "DTD|外部|声明|XML"),
        (hostile.truncated_workbook, "损坏"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(
    take: Take, tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    before = written()
    with pytest.raises(Refused, match=sentence):
        take(make(tmp_path / "坏.xlsx"))
    assert written() == before


def test_two_header_rows_and_a_total_at_the_foot_are_read_through(take: Take, tmp_path: Path) -> None:
    upper = ["所在地", "", "", "", "家庭成员", "", "", "", "银行卡", "", "", "联系", ""]
    total = ["合计", "", "", "", "", "8人", *[""] * 7]
    path = hostile.workbook(tmp_path / "双表头.xlsx", [["某县名册", *[""] * 12], upper, HEAD, *ROWS, total])
    result = take(path)
    assert result.last_line == "taken 8, unchanged 0, faulty 0"
    assert any("合计行" in notice.message for notice in result.notices)


def name_like(world: World, village: str, other: str) -> None:
    """Give a village the name of another; not an action, hence after it the chain would not verify."""
    with Database.writers() as session:
        region = session.get_one(Region, world.regions[village])
        region.name = region.short_name = other
        session.commit()

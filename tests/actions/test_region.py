"""Taking in a region tree and functional zones: whole branches or none, nothing known is moved."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.importing import ImportResult
from actions.region import import_regions
from actions.region_change import merge_village
from actions.roster import import_roster
from files.storage import Storage
from models.audit import AuditEntry
from models.refusal import Refused
from models.region import Region, RegionLevel, ReportingUnit, ReportingUnitRegion
from queries.audit import verify
from queries.ledger import LedgerFilter, ledger_page
from queries.reading import reading
from tests.actions.test_region_change import seen
from tests.factories import World
from tests.register_files import roster_file

HEADER = "code,parent_code,level,name_zh,short_name,kind,reporting_unit_guess,abbreviation\n"
NEW_COUNTY = (
    "421399000000,421300000000,county,丁县,丁县,,丁县,DX\n"
    "421399101000,421399000000,town,示例四镇,示例四镇,镇,丁县,\n"
    "421399101201,421399101000,village,丁一村村民委员会,丁一村,村委会,丁县,\n"
    "421399101202,421399101000,village,丁二村村民委员会,丁二村,村委会,丁县,\n"
)
ZONES = "zone_id,name_zh,short_zh,host_county_code,member_town_code,member_name_zh\n"
ZONE = "ZGX,示例高新技术产业开发区,高新区,421381000000,421381902000,示例二镇\n"
Take = Callable[..., ImportResult]


@pytest.fixture
def take(both_worlds: World, tmp_path: Path) -> Take:
    """`take("lines of the CSV", by="admin", skip_faulty=True)`."""

    def import_it(lines: str = NEW_COUNTY, by: str = "admin", header: str = HEADER, **options: bool) -> ImportResult:
        path = tmp_path / "区划.csv"
        path.write_text(header + lines, encoding="utf-8-sig")
        return import_regions(both_worlds.caller(by), path, path.name, **options)

    return import_it


def place(code: str) -> Region | None:
    """The place of that code."""
    with reading() as session:
        return session.scalar(sa.select(Region).where(Region.code == code))


def places_and_entries() -> tuple[int, int]:
    """How many places and audit entries there are."""
    with reading() as session:
        counts = [session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Region, AuditEntry)]
    return counts[0] or 0, counts[1] or 0


def unit_of_town(name: str) -> str | None:
    """For which unit a town counts by a row of its own."""
    with reading() as session:
        return session.scalar(
            sa.select(ReportingUnit.code)
            .join(ReportingUnitRegion, ReportingUnitRegion.reporting_unit_id == ReportingUnit.id)
            .join(Region, Region.id == ReportingUnitRegion.region_id)
            .where(Region.name == name)
        )


def test_a_county_is_taken_with_its_towns_and_reports_for_itself(take: Take) -> None:
    assert take().last_line == "taken 4, unchanged 0, faulty 0"
    village = place("421399101201")
    assert village is not None and village.level is RegionLevel.VILLAGE
    assert village.path == "421300000000/421399000000/421399101000/421399101201/"
    assert unit_of_town("丁县") == "421399000000"
    assert verify().ok


def test_the_order_of_the_lines_does_not_matter(take: Take) -> None:
    lines = NEW_COUNTY.splitlines(keepends=True)
    assert take("".join(reversed(lines))).taken == 4
    assert verify().ok


def test_the_same_file_twice_changes_nothing(take: Take) -> None:
    take()
    before = places_and_entries()
    assert take().last_line == "taken 0, unchanged 4, faulty 0"
    assert places_and_entries() == before


def test_a_new_name_is_taken(take: Take) -> None:
    take()
    assert take(NEW_COUNTY.replace("丁二村", "丁新村")).last_line == "taken 1, unchanged 3, faulty 0"
    found = place("421399101202")
    assert found is not None and found.short_name == "丁新村"
    assert verify().ok


def test_a_preview_writes_nothing(take: Take) -> None:
    before = places_and_entries()
    assert take(dry_run=True).last_line == "taken 4, unchanged 0, faulty 0"
    assert places_and_entries() == before


def test_office_may_and_inspectors_may_not(take: Take) -> None:
    assert take(by="office", dry_run=True).taken == 4
    with pytest.raises(Refused, match="导入区划"):
        take(by="inspector")


def test_an_office_of_one_county_does_not_change_the_tree(take: Take) -> None:
    with pytest.raises(Refused, match="统一导入"):
        take(by="far_office")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("421399101201,", "42139910120,", "12 位数字"),
        ("421399101201,", "４21399101201,", "12 位数字"),
        ("421399101201,", "4.21E+11,", "科学计数"),
        ("village,丁一村村民委员会", "hamlet,丁一村村民委员会", "级别须是"),
        ("421399101201,421399101000", "421399101201,421399999000", "上级代码没有"),
        ("丁一村村民委员会,", ",", "请填写名称"),
        ("421399101202,", "421399101201,", "重复"),
        ("丁一村村民委员会", "村" * 61, "超过 60 个字"),
    ],
)
def test_a_faulty_line_keeps_everything_out(take: Take, old: str, new: str, sentence: str) -> None:
    before = places_and_entries()
    result = take(NEW_COUNTY.replace(old, new))
    assert result.is_refused and result.faulty == 1
    assert sentence in result.faults[0].message
    assert places_and_entries() == before


def test_below_a_faulty_line_nothing_is_taken(take: Take) -> None:
    lines = NEW_COUNTY.replace("town,示例四镇", "town,")
    result = take(lines, skip_faulty=True)
    assert result.last_line == "taken 1, unchanged 0, faulty 3"
    assert place("421399000000") is not None and place("421399101201") is None


def test_a_known_place_is_not_moved_under_another_parent(take: Take) -> None:
    result = take("421381901201,421381902000,village,甲一村,甲一村,村委会,,\n")
    assert result.is_refused
    assert "归属不能随导入更改" in result.faults[0].message


def test_a_list_that_still_names_a_merged_village_changes_nothing_of_it(take: Take, both_worlds: World) -> None:
    merge_village(both_worlds.caller("admin"), "421381901202", "421381901201", date(2022, 7, 4), "并村方案")
    line = "421381901202,421381901000,village,甲二村,甲二村,村委会,,\n"
    assert take(line).last_line == "taken 0, unchanged 1, faulty 0"
    result = take(line.replace("甲二村", "新二村"))
    assert result.is_refused and "不能随导入更名" in result.faults[0].message


def test_a_name_taken_from_a_file_leaves_the_former_one_readable(take: Take, both_worlds: World) -> None:
    both_worlds.registered()
    both_worlds.later(days=30)
    take("421381901201,421381901000,village,新一村,新一村,村委会,,\n")
    (row,) = ledger_page(seen(both_worlds, "office"), both_worlds.campaign_id, LedgerFilter(), date(2022, 8, 3)).rows
    assert row.village == "甲一村"
    assert verify().ok


def test_a_known_place_does_not_change_its_level(take: Take) -> None:
    result = take("421381901201,421381000000,town,甲一村,甲一村,村委会,,\n")
    assert result.is_refused
    assert "级别不能随导入更改" in result.faults[0].message


def test_letters_of_another_unit_are_refused_with_all_that_lies_below(take: Take) -> None:
    result = take(NEW_COUNTY.replace(",DX", ",JX"), skip_faulty=True)
    assert result.last_line == "taken 0, unchanged 0, faulty 4"
    assert "编号字母 JX 已被" in " ".join(f.message for f in result.faults)


def test_a_zone_reports_beside_the_counties(take: Take) -> None:
    assert take(ZONE, header=ZONES).last_line == "taken 1, unchanged 0, faulty 0"
    assert unit_of_town("示例二镇") == "ZGX"
    assert take(ZONE, header=ZONES).last_line == "taken 0, unchanged 1, faulty 0"
    assert verify().ok


def test_a_town_does_not_change_from_one_zone_to_another(take: Take) -> None:
    take(ZONE, header=ZONES)
    result = take(ZONE.replace("ZGX", "ZDH"), header=ZONES)
    assert result.is_refused and "归属不能" in result.faults[0].message
    assert unit_of_town("示例二镇") == "ZGX"


def test_a_town_stands_in_a_zones_file_once(take: Take) -> None:
    result = take(ZONE + ZONE.replace("ZGX", "ZDH"), header=ZONES)
    assert result.is_refused and "只归一个填报单位" in result.faults[0].message


def test_a_zone_of_an_unknown_town_is_a_fault(take: Take) -> None:
    result = take(ZONE.replace("421381902000", "421381999000"), header=ZONES)
    assert result.is_refused and "请先导入区划" in result.faults[0].message


def test_a_zone_comes_before_the_roster_of_its_towns(take: Take, both_worlds: World, tmp_path: Path) -> None:
    path = roster_file(tmp_path / "名册.xlsx")
    import_roster(both_worlds.caller("office"), both_worlds.campaign_id, path, path.name)
    result = take(ZONE.replace("421381902000", "421381901000"), header=ZONES)
    assert result.is_refused and "已导入名册" in result.faults[0].message


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空"),
        (b"\n\n", "空文件"),
        (HEADER.encode(), "没有数据行"),
        ("代码,名称\n1,2\n".encode(), "缺少列"),
        (b"PK\x03\x04 workbook", "CSV 文件"),
        (b"\xd0\xcf\x11\xe0 old workbook", "CSV 文件"),
        (b"code,parent_code,level,name_zh\n\xff\xff\xff", "读不出"),
        (b'code,parent_code,level,name_zh\n"' + b"x" * 200_000, "CSV"),
    ],
)
def test_what_is_no_region_table_is_refused(both_worlds: World, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "区划.csv"
    path.write_bytes(content)
    with pytest.raises(Refused, match=sentence):
        import_regions(both_worlds.caller("admin"), path, path.name)


def test_a_file_over_the_limit_is_refused_unread(
    both_worlds: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Storage, "max_upload_bytes", 100)
    path = tmp_path / "区划.csv"
    path.write_bytes(HEADER.encode() * 2)
    with pytest.raises(Refused, match="超过上限"):
        import_regions(both_worlds.caller("admin"), path, path.name)


def test_gb18030_is_read(both_worlds: World, tmp_path: Path) -> None:
    path = tmp_path / "区划.csv"
    path.write_bytes((HEADER + NEW_COUNTY).encode("gb18030"))
    assert import_regions(both_worlds.caller("admin"), path, path.name).taken == 4
    found = place("421399101201")
    assert found is not None and found.name == "丁一村村民委员会"

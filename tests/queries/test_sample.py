"""What the page and the workbook of a draw say: states, ranks, replacements, error rates, and to whom."""

from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from actions import sample
from actions.sample_export import FrameList, export_frame_list, export_sample
from files.export_level import ExportLevel
from models.audit import AuditEntry
from models.database import Database
from models.draw import rank_hash
from models.household_check import Verdict, VisitOutcome
from models.refusal import NotFoundOrNotYours, Refused
from models.sample import DrawnKind, SampleState
from queries.error_rate import error_rates
from queries.reading import reading
from queries.sample import Sampling, frame_outlook, sampling
from queries.sample_frame import FrameOutlook
from queries.sample_list import ListState, households_in_rank, villages_in_rank
from queries.viewer import Viewer
from tests.factories import World
from tests.rosters import add_roster
from tests.samples import SEED, SOURCE, adopted, day, frozen, households, villages, visit


def person(world: World, name: str) -> Viewer:
    with Database.readers() as session:
        return world.caller(name).look_up(session)


def now(world: World, name: str = "office") -> Sampling:
    return sampling(person(world, name), world.campaign_id)


def base(world: World) -> FrameOutlook:
    return frame_outlook(person(world, "office"), world.campaign_id, day(world))


def test_before_anything_the_page_says_what_is_missing(world: World) -> None:
    found = now(world)
    assert found.frame is None and found.draws == () and found.adopted is None
    assert base(world).problem == "名册里还没有农户，请先导入名册再封存抽样框。"


def test_before_a_freeze_the_base_is_counted(both_worlds: World) -> None:
    add_roster(both_worlds, {"甲一村": 3, "丙二村": 2})
    outlook = base(both_worlds)
    assert (outlook.towns, outlook.villages, outlook.households, outlook.problem) == (3, 9, 5, None)


def test_a_frozen_frame_waits_for_its_seed_with_all_that_was_printed(both_worlds: World) -> None:
    frozen(both_worlds)
    found = now(both_worlds)
    assert found.is_frame_unused and found.frame is not None
    frame = found.frame
    assert (frame.towns, frame.villages, frame.households, frame.mandatory_villages) == (3, 9, 58, 0)
    assert frame.seed_source == SOURCE and frame.frozen_by == "领导小组办公室O某某"
    assert frame.rule == ("每镇村、每村户 ≥ 30%，向上取整", "含居委会 · 名册全部农户", "必查：无")


def test_every_draw_is_listed_with_its_state_and_who_drew_it(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    drawn = len(households(sample_id))
    sample.draw(both_worlds.terminal(), both_worlds.campaign_id, "7", "演练")
    sample.replace_village(both_worlds.caller("office"), villages(sample_id)[0].id, "整村搬迁")
    second, first = now(both_worlds).draws
    assert (second.number, second.drawn_by, second.reason) == (2, "服务器终端", "演练")
    assert (first.id, first.state, first.villages) == (sample_id, SampleState.ADOPTED, 4)
    assert first.households == drawn


def test_the_unit_sees_no_sample(world: World) -> None:
    adopted(world)
    with pytest.raises(Refused, match="权限"):
        now(world, "unit")


def test_a_town_lists_its_villages_in_rank_with_the_reserve_behind(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    rows = villages_in_rank(person(both_worlds, "office"), sample_id, both_worlds.regions["示例一镇"], day(both_worlds))
    assert [row.rank for row in rows] == [1, 2, 3, 4]
    assert all(row.hash == rank_hash(SEED, row.code) for row in rows)
    assert [row.state for row in rows] == [ListState.WAITING] * 2 + [ListState.RESERVE] * 2


def test_a_replaced_village_stays_listed_with_reason_and_successor(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    sample.replace_village(both_worlds.caller("office"), villages(sample_id)[0].id, "整村搬迁")
    rows = villages_in_rank(person(both_worlds, "office"), sample_id, both_worlds.regions["示例一镇"], day(both_worlds))
    gone = next(row for row in rows if row.state is ListState.REPLACED)
    assert gone.note == "整村搬迁（7月5日由第 3 位递补）"
    assert rows[2].kind is DrawnKind.REPLACEMENT


def test_a_village_begun_is_not_a_village_checked(world: World) -> None:
    sample_id = adopted(world)
    first = max(villages(sample_id), key=lambda v: sum(h.sampled_village_id == v.id for h in households(sample_id)))
    homes = [h for h in households(sample_id) if h.sampled_village_id == first.id]
    visit(world, homes[0].household_id)
    office = person(world, "office")
    row = {r.row_id: r for r in villages_in_rank(office, sample_id, first.town_id, day(world))}[first.id]
    assert (row.state, row.done, row.required) == (ListState.BEGUN, 1, len(homes))
    for home in homes[1:]:
        visit(world, home.household_id)
    row = {r.row_id: r for r in villages_in_rank(office, sample_id, first.town_id, day(world))}[first.id]
    assert row.state is ListState.DONE


def test_a_village_lists_its_households_masked_with_what_became_of_them(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    first, second, *_ = (h for h in households(sample_id) if h.sampled_village_id == biggest(sample_id))
    visit(both_worlds, first.household_id)
    visit(both_worlds, second.household_id, VisitOutcome.ABSENT)
    sample.replace_household(both_worlds.caller("office"), second.id, "常年外出")
    rows = {r.row_id: r for r in households_in_rank(person(both_worlds, "office"), first.sampled_village_id)}
    assert rows[first.id].state is ListState.DONE and rows[first.id].note == "入户见面"
    assert rows[second.id].state is ListState.REPLACED and "常年外出" in rows[second.id].note
    assert all(row.head[1:3] == "**" for row in rows.values())


def biggest(sample_id: int) -> int:
    counts: dict[int, int] = {}
    for home in households(sample_id):
        counts[home.sampled_village_id] = counts.get(home.sampled_village_id, 0) + 1
    return max(counts, key=lambda key: counts[key])


def test_lists_of_another_region_are_empty(world: World) -> None:
    sample_id = adopted(world)
    here = next(v for v in villages(sample_id) if v.stratum == "421381901000")
    far = person(world, "far_office")
    assert villages_in_rank(far, sample_id, here.town_id, day(world)) == ()
    assert households_in_rank(far, here.id) == ()
    with pytest.raises(NotFoundOrNotYours):
        villages_in_rank(far, 999, here.town_id, day(world))


# Error rates


def test_errors_of_drawn_households_come_with_their_interval_and_mandatory_ones_without(both_worlds: World) -> None:
    homes = households(adopted(both_worlds))
    for home in homes[:4]:
        visit(both_worlds, home.household_id)
    visit(both_worlds, homes[4].household_id, verdict=Verdict.WRONG_AMOUNT)
    visit(both_worlds, homes[5].household_id, verdict=Verdict.UNREACHED)
    drawn, mandatory = error_rates(person(both_worlds, "office"), both_worlds.campaign_id, day(both_worlds))
    assert (drawn.lines, drawn.wrong_lines, drawn.households, drawn.wrong_households) == (10, 2, 5, 1)
    assert drawn.interval is not None and drawn.interval.rate_permille == 200
    assert mandatory.lines == 0 and mandatory.interval is None


# Files


def test_the_workbook_lists_villages_households_and_frames(both_worlds: World, tmp_path: Path) -> None:
    sample_id = adopted(both_worlds)
    sample.replace_household(both_worlds.caller("office"), households(sample_id)[0].id, "常年外出，电话138 0000 0000")
    export_sample(both_worlds.caller("office"), sample_id, tmp_path / "样本.xlsx")
    book = openpyxl.load_workbook(tmp_path / "样本.xlsx")
    texts = {name: [str(c.value) for row in book[name] for c in row if c.value is not None] for name in book.sheetnames}
    assert SEED in texts["怎样复算"] and SOURCE in texts["怎样复算"]
    assert sum("/" in t and t[:4] == "4213" for t in texts["户抽样框"]) == 58
    assert sum("/" in t and t[:4] == "4213" for t in texts["户"]) == len(households(sample_id))
    assert not any("0000 0000" in t for t in texts["户"])
    assert any("常年外出" in t for t in texts["户"])


def test_a_number_typed_as_the_purpose_of_an_internal_copy_does_not_enter_the_log(world: World, tmp_path: Path) -> None:
    sample_id = adopted(world)
    asked = "核对000000195001010116"
    export_sample(world.caller("office"), sample_id, tmp_path / "a.xlsx", ExportLevel.INTERNAL, asked)
    with reading() as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "sample.export")).one()
    assert entry.detail["purpose"].startswith("核对") and "195001010116" not in entry.detail["purpose"]


def test_a_part_of_the_regions_exports_its_part(world: World, tmp_path: Path) -> None:
    sample_id = adopted(world)
    export_sample(world.caller("far_office"), sample_id, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    codes = {str(c.value) for name in book.sheetnames[:4] for row in book[name] for c in row if c.value}
    assert any(code.startswith("421382") for code in codes)
    assert not any(code.startswith("421381") for code in codes)


def test_a_public_copy_waits_for_the_release_and_an_internal_one_for_a_purpose(world: World, tmp_path: Path) -> None:
    sample_id = adopted(world)
    office, target = world.caller("office"), tmp_path / "a.xlsx"
    with pytest.raises(Refused, match="还没有公布"):
        export_sample(office, sample_id, target, ExportLevel.PUBLIC)
    with pytest.raises(Refused, match="用途"):
        export_sample(office, sample_id, target, ExportLevel.INTERNAL)
    with pytest.raises(Refused, match="权限"):
        export_sample(world.caller("unit"), sample_id, target)
    assert not target.exists()


def test_a_list_of_the_frame_leaves_as_it_was_hashed_and_is_logged(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    frame = now(both_worlds).frame
    assert frame is not None and sample_id
    said = export_frame_list(both_worlds.caller("office"), frame.id, FrameList.HOUSEHOLDS)
    assert sha256(said).hexdigest() == frame.household_hash
    with pytest.raises(Refused, match="部分地区"):
        export_frame_list(both_worlds.caller("far_office"), frame.id, FrameList.HOUSEHOLDS)

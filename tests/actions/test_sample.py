"""Freeze, draw, adopt, replace: what the record proves afterwards and what is refused."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions import sample
from actions.sampling_rule import set_rule
from actions.transaction import transaction
from models.campaign import HouseholdBase, SubsidyItem
from models.database import Database
from models.draw import Rounding
from models.refusal import NotFoundOrNotYours, Refused, Stale
from models.region import Region
from models.roster import Household
from models.sample import DrawnKind, Sample, SampledHousehold, SampleFrame, SampleState
from queries.audit import verify
from queries.sample_check import verify_draw
from tests.factories import World
from tests.rosters import add_roster
from tests.samples import SEED, SOURCE, adopted, frozen, households, villages, visit

SCRIPT = Path(__file__).parent.parent.parent / "docs" / "verify_draw.py"


def the_frame(frame_id: int) -> SampleFrame:
    with Database.readers() as session:
        return session.get_one(SampleFrame, frame_id)


def the_sample(sample_id: int) -> Sample:
    with Database.readers() as session:
        return session.get_one(Sample, sample_id)


def household_codes(sample_id: int) -> list[str]:
    with Database.readers() as session:
        asked = sa.select(Household.code).join(SampledHousehold, SampledHousehold.household_id == Household.id)
        return list(session.scalars(asked.where(SampledHousehold.sample_id == sample_id).order_by(SampledHousehold.id)))


def change_rule(world: World, **rule: Any) -> None:
    set_rule(world.later(minutes=1).caller("office"), world.campaign_id, **rule)


# Freezing


def test_the_frame_is_the_sorted_codes_and_its_hash_anyones_sha256(both_worlds: World) -> None:
    roster = add_roster(both_worlds, {"甲二村": 3, "乙一村": 2})
    frame = the_frame(sample.freeze(both_worlds.caller("office"), both_worlds.campaign_id, SOURCE))
    assert frame.household_codes == "".join(f"{code}\n" for code in sorted(roster.households))
    assert frame.household_hash == hashlib.sha256(frame.household_codes.encode()).hexdigest()
    assert frame.village_hash == hashlib.sha256(frame.village_codes.encode()).hexdigest()
    assert (frame.village_count, frame.household_count) == (9, 5)
    assert frame.seed_source == SOURCE
    assert verify().ok


def test_a_village_without_households_is_in_the_frame(world: World) -> None:
    add_roster(world, {"甲二村": 3})
    frame = the_frame(sample.freeze(world.caller("office"), world.campaign_id, SOURCE))
    assert "421381901204,421381901000\n" in frame.village_strata


def test_residents_committees_are_left_out_when_the_rule_says_so(world: World) -> None:
    add_roster(world, {"甲一村": 3, "甲二村": 2})
    with transaction(world.terminal()) as tx:
        tx.session.get_one(Region, world.regions["甲一村"]).kind = "居委会"
        tx.record("test", "region:1")
    change_rule(world, committees_included=False)
    frame = the_frame(sample.freeze(world.caller("office"), world.campaign_id, SOURCE))
    assert (frame.village_count, frame.household_count) == (8, 2)


def test_a_merged_village_is_not_in_the_base(world: World) -> None:
    add_roster(world, {"甲一村": 3, "甲二村": 2})
    with transaction(world.terminal()) as tx:
        tx.session.get_one(Region, world.regions["甲一村"]).valid_to = tx.today.replace(year=2021)
        tx.record("test", "region:1")
    frame = the_frame(sample.freeze(world.caller("office"), world.campaign_id, SOURCE))
    assert (frame.village_count, frame.household_count) == (8, 2)


def test_an_import_after_the_freeze_does_not_move_the_frame(world: World) -> None:
    frozen(world)
    add_roster(world, {"甲四村": 9})
    sample_id = sample.draw(world.caller("office"), world.campaign_id, SEED)
    assert the_frame(the_sample(sample_id).frame_id).household_count == 58
    assert verify_draw(sample_id).ok


@pytest.mark.parametrize("name", ["inspector", "unit", "leader", "auditor", "admin", "far_office"])
def test_only_the_office_of_all_regions_freezes_and_draws(world: World, name: str) -> None:
    add_roster(world, {"甲一村": 3})
    with pytest.raises(Refused, match="权限"):
        sample.freeze(world.caller(name), world.campaign_id, SOURCE)
    with pytest.raises(Refused, match="权限"):
        sample.draw(world.caller(name), world.campaign_id, SEED)


def test_without_a_roster_there_is_nothing_to_freeze(world: World) -> None:
    with pytest.raises(Refused, match="请先导入名册"):
        sample.freeze(world.caller("office"), world.campaign_id, SOURCE)


# Drawing


def test_the_stored_draw_is_what_the_ten_lines_of_a_stranger_draw(both_worlds: World, tmp_path: Path) -> None:
    with_mandatory_villages(both_worlds)
    frozen(both_worlds)
    sample_id = sample.draw(both_worlds.terminal(), both_worlds.campaign_id, SEED)
    frame = the_frame(the_sample(sample_id).frame_id)
    for name, text in (("村.csv", frame.village_strata), ("户.txt", frame.household_codes),
                       ("必查.txt", frame.mandatory_villages)):  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8", newline="\n")
    command = [sys.executable, "-I", str(SCRIPT), SEED, "村.csv", "户.txt", "必查.txt"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True).stdout.split()
    with Database.readers() as session:
        codes = [session.get_one(Region, v.region_id).code for v in villages(sample_id)]
    assert sorted(said) == sorted(codes + household_codes(sample_id))
    assert verify_draw(sample_id).ok
    assert verify().ok


def with_mandatory_villages(world: World) -> None:
    change_rule(world, mandatory_villages=["421381901202"])


def test_each_town_gives_three_tenths_of_its_villages_and_each_drawn_village_of_its_households(world: World) -> None:
    sample_id = adopted(world)
    by_town: dict[str, int] = {}
    for village in villages(sample_id):
        by_town[village.stratum] = by_town.get(village.stratum, 0) + 1
        drawn = [h for h in households(sample_id) if h.sampled_village_id == village.id]
        size = sum(code.startswith(f"{code_of(village.region_id)}/") for code in frame_households(sample_id))
        assert len(drawn) == (3 * size + 9) // 10
    assert by_town == {"421381901000": 2, "421381902000": 1, "421382901000": 1}


def code_of(region_id: int) -> str:
    with Database.readers() as session:
        return session.get_one(Region, region_id).code


def frame_households(sample_id: int) -> list[str]:
    return the_frame(the_sample(sample_id).frame_id).household_codes.split()


def test_a_mandatory_village_is_in_and_named_so(world: World) -> None:
    with_mandatory_villages(world)
    kinds = {code_of(v.region_id): v.kind for v in villages(adopted(world))}
    assert kinds["421381901202"] is DrawnKind.MANDATORY


def test_a_frame_frozen_by_the_draw_itself_has_no_registered_seed(both_worlds: World) -> None:
    add_roster(both_worlds, {"甲一村": 3})
    sample_id = sample.draw(both_worlds.terminal(), both_worlds.campaign_id, SEED)
    assert not the_sample(sample_id).seed_registered
    with pytest.raises(Refused, match="种子未事先登记"):
        sample.adopt(both_worlds.caller("office"), sample_id)


def test_a_frame_without_a_seed_source_gives_no_adoptable_draw(world: World) -> None:
    add_roster(world, {"甲一村": 3})
    sample.freeze(world.caller("office"), world.campaign_id, " ")
    assert not the_sample(sample.draw(world.caller("office"), world.campaign_id, SEED)).seed_registered


def test_a_further_draw_needs_a_reason_and_both_stay_listed(both_worlds: World) -> None:
    first = adopted(both_worlds)
    with pytest.raises(Refused, match="第 2 次抽样的理由"):
        sample.draw(both_worlds.caller("office"), both_worlds.campaign_id, "另一个种子")
    second = sample.draw(both_worlds.caller("office"), both_worlds.campaign_id, "另一个种子", "第一次种子抄错一位")
    assert (the_sample(first).number, the_sample(second).number) == (1, 2)
    assert the_sample(first).state is SampleState.ADOPTED
    assert verify_draw(second).ok


@pytest.mark.parametrize("seed", ["", " 7", "7\n", "x" * 301])
def test_a_seed_nobody_can_read_from_paper_is_refused(world: World, seed: str) -> None:
    frozen(world)
    with pytest.raises(Refused, match="种子"):
        sample.draw(world.caller("office"), world.campaign_id, seed)


# Adopting


def test_one_draw_is_adopted_at_a_time(both_worlds: World) -> None:
    first = adopted(both_worlds)
    sample.freeze(both_worlds.caller("office"), both_worlds.campaign_id, "下一期体彩号码")
    second = sample.draw(both_worlds.caller("office"), both_worlds.campaign_id, "7", "第一次种子抄错一位")
    sample.adopt(both_worlds.caller("office"), second)
    assert (the_sample(first).state, the_sample(second).state) == (SampleState.ABANDONED, SampleState.ADOPTED)
    assert the_sample(first).abandoned_at == both_worlds.now


def test_a_second_seed_from_one_registered_source_is_never_adopted(world: World) -> None:
    adopted(world)
    second = sample.draw(world.caller("office"), world.campaign_id, "7", "想换一份名单")
    with pytest.raises(Refused, match="种子未事先登记"):
        sample.adopt(world.caller("office"), second)


def test_the_terminal_does_not_adopt(world: World) -> None:
    frozen(world)
    sample_id = sample.draw(world.terminal(), world.campaign_id, SEED)
    with pytest.raises(Refused, match="权限"):
        sample.adopt(world.terminal(), sample_id)


def test_an_abandoned_draw_comes_back_no_more(world: World) -> None:
    sample_id = adopted(world)
    sample.abandon(world.caller("office"), sample_id)
    with pytest.raises(Refused, match="不能再采用"):
        sample.adopt(world.caller("office"), sample_id)


def test_a_second_click_on_an_old_page_is_told_what_happened(world: World) -> None:
    sample_id = adopted(world)
    with pytest.raises(Stale, match="已采用"):
        sample.abandon(world.caller("office2"), sample_id, version=1)


def test_only_an_adopted_list_is_released_and_only_once(world: World) -> None:
    frozen(world)
    sample_id = sample.draw(world.caller("office"), world.campaign_id, SEED)
    with pytest.raises(Refused, match="已采用"):
        sample.release(world.caller("office"), sample_id)
    sample.adopt(world.caller("office"), sample_id)
    sample.release(world.caller("office"), sample_id)
    with pytest.raises(Refused, match="已经公布"):
        sample.release(world.caller("office"), sample_id)


# Replacing


def test_the_next_village_in_rank_takes_the_place_with_its_own_households(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    old = villages(sample_id)[0]
    new_id = sample.replace_village(both_worlds.caller("office"), old.id, "整村搬迁，村内无人")
    rows = {v.id: v for v in villages(sample_id)}
    assert rows[old.id].replaced_by_id == new_id and rows[old.id].reason == "整村搬迁，村内无人"
    assert rows[new_id].kind is DrawnKind.REPLACEMENT and rows[new_id].stratum == old.stratum
    assert rows[new_id].rank == 1 + max(v.rank for v in rows.values() if v.stratum == old.stratum and v.id != new_id)
    assert verify_draw(sample_id).ok
    assert verify().ok


def test_the_next_household_in_rank_takes_the_place(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    old = households(sample_id)[0]
    new_id = sample.replace_household(both_worlds.caller("office"), old.id, "常年外出，电话不通")
    rows = {h.id: h for h in households(sample_id)}
    assert rows[old.id].replaced_by_id == new_id and rows[old.id].replaced_at == both_worlds.now
    assert rows[new_id].sampled_village_id == old.sampled_village_id
    assert verify_draw(sample_id).ok
    assert verify().ok


def test_a_replacement_is_replaced_in_turn_and_nobody_twice(world: World) -> None:
    sample_id = adopted(world)
    old = households(sample_id)[0]
    first = sample.replace_household(world.caller("office"), old.id, "常年外出")
    second = sample.replace_household(world.caller("office"), first, "拒访")
    rows = {h.id: h for h in households(sample_id)}
    assert rows[second].rank == rows[first].rank + 1
    with pytest.raises(Refused, match="已经被替换过"):
        sample.replace_household(world.caller("office"), old.id, "再换一次")
    assert verify_draw(sample_id).ok


def test_whoever_was_visited_is_not_replaced(world: World) -> None:
    sample_id = adopted(world)
    home = households(sample_id)[0]
    visit(world, home.household_id)
    with pytest.raises(Refused, match="这一户已经完成入户"):
        sample.replace_household(world.caller("office"), home.id, "想换一户")
    with pytest.raises(Refused, match="该村已有农户完成入户"):
        sample.replace_village(world.caller("office"), home.sampled_village_id, "想换一村")


def test_a_replacement_without_a_reason_or_outside_ones_region_is_refused(world: World) -> None:
    sample_id = adopted(world)
    home = households(sample_id)[0]
    with pytest.raises(Refused, match="请填写替换的理由"):
        sample.replace_household(world.caller("office"), home.id, " ")
    with pytest.raises(NotFoundOrNotYours):
        sample.replace_household(world.caller("far_office"), home.id, "常年外出")
    with pytest.raises(Refused, match="权限"):
        sample.replace_household(world.caller("inspector"), home.id, "常年外出")


def test_an_empty_reserve_is_said(world: World) -> None:
    sample_id = adopted(world)
    last = next(v for v in villages(sample_id) if v.stratum == "421382901000")
    new_id = sample.replace_village(world.caller("office"), last.id, "整村搬迁")
    with pytest.raises(Refused, match="没有备选的村"):
        sample.replace_village(world.caller("office"), new_id, "也搬迁了")


def test_a_draw_that_was_not_adopted_has_no_replacements(world: World) -> None:
    frozen(world)
    sample_id = sample.draw(world.caller("office"), world.campaign_id, SEED)
    with pytest.raises(Refused, match="只有已采用的抽样才能替换"):
        sample.replace_village(world.caller("office"), villages(sample_id)[0].id, "整村搬迁")


# The rule


def test_a_new_rule_holds_from_the_next_freeze_on(both_worlds: World) -> None:
    frozen(both_worlds)
    change_rule(both_worlds, share_percent=100, rounding=Rounding.DOWN)
    old = sample.draw(both_worlds.caller("office"), both_worlds.campaign_id, SEED)
    assert len(villages(old)) == 4
    frame_id = sample.freeze(both_worlds.caller("office"), both_worlds.campaign_id, SOURCE)
    new = sample.draw(both_worlds.caller("office"), both_worlds.campaign_id, SEED, "规则改为全查", frame_id)
    assert len(villages(new)) == 9 and len(households(new)) == 58
    assert verify_draw(new).ok


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"share_percent": 0}, "1% 到 100%"),
        ({"mandatory_villages": ["999999999999"]}, "没有这些村编号"),
        ({"mandatory_items": ["S99"]}, "没有这些补贴项目"),
        ({"mandatory_from_cents": 0}, "大于 0"),
    ],
)
def test_a_rule_that_cannot_hold_is_refused(world: World, wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        set_rule(world.caller("office"), world.campaign_id, **wrong)  # type: ignore[arg-type]


def test_only_the_office_of_all_regions_sets_the_rule(world: World) -> None:
    for name in ("inspector", "far_office", "leader"):
        with pytest.raises(Refused, match="权限"):
            set_rule(world.caller(name), world.campaign_id)


def test_a_rule_that_needs_payments_waits_for_them(world: World) -> None:
    add_roster(world, {"甲一村": 3})
    change_rule(world, household_base=HouseholdBase.SUBSIDISED)
    with pytest.raises(Refused, match="还没有导入发放登记"):
        sample.freeze(world.caller("office"), world.campaign_id, SOURCE)
    with Database.readers() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SubsidyItem)) == 3

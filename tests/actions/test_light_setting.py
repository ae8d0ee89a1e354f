"""When 临期 begins: set for a campaign, told apart by day, the same in the table, on the dashboard and in Excel."""

from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from actions.campaign import set_state
from actions.ledger_export import export_ledger
from actions.light_setting import set_thresholds
from files.export_level import ExportLevel
from models.campaign import CampaignState
from models.deadline import Light, LightThresholds
from models.local_time import local_day
from models.refusal import Refused, Stale
from queries.breakdown import by_unit_and_light
from queries.ledger import LedgerFilter, ledger_page
from queries.reading import reading
from queries.standing import ask_for
from queries.viewer import viewer_named
from tests.factories import World

EAGER = LightThresholds(soon_workdays=20, soon_days_long=0, long_limit_days=15)


def eager(world: World, by: str = "office", version: int | None = None) -> None:
    set_thresholds(world.caller(by), world.campaign_id, EAGER, version)


def lights_on(world: World, day: date) -> dict[Light, int]:
    """What the dashboard says of 甲县 as of a day."""
    today = local_day(world.now)
    with reading() as session:
        viewer = viewer_named(session, "leader", today)
        assert viewer is not None
        ask = ask_for(session, viewer, world.campaign_id, today, as_of=day)
        (county,) = (c for c in by_unit_and_light(ask) if c.name == "甲县")
        return {light: n for light, n in county.counts.items() if n}


def lights_in_the_ledger(world: World) -> list[Light]:
    today = local_day(world.now)
    with reading() as session:
        viewer = viewer_named(session, "office", today)
    assert viewer is not None
    return [r.light.light for r in ledger_page(viewer, world.campaign_id, LedgerFilter(), today).rows]


def test_a_problem_warns_earlier_from_the_day_the_office_says_so(both_worlds: World) -> None:
    world = both_worlds
    world.rectifying()  # on 2022-07-04, 15 working days
    world.on(date(2022, 7, 6))
    assert lights_in_the_ledger(world) == [Light.NORMAL]
    eager(world)
    assert lights_in_the_ledger(world) == [Light.SOON]
    world.on(date(2022, 7, 7))
    assert [lights_on(world, date(2022, 7, day)) for day in (5, 6, 7)] == [
        {Light.NORMAL: 1}, {Light.SOON: 1}, {Light.SOON: 1},
    ]  # fmt: skip


def test_the_ledger_in_excel_says_by_what_its_lights_were_lit(world: World, tmp_path: Path) -> None:
    eager(world)
    target = tmp_path / "ledger.xlsx"
    export_ledger(world.caller("office"), world.campaign_id, LedgerFilter(), ExportLevel.UNIT, "", target)
    book = CalamineWorkbook.from_path(target)
    said = [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert any("临期（剩 20 个工作日以内；时限多于 15 天的，剩 0 天以内也算）" in cell for cell in said)


def test_two_people_who_set_it_at_once_are_told_of_each_other(both_worlds: World) -> None:
    eager(both_worlds, version=0)
    with pytest.raises(Stale, match="剩 20 个工作日"):
        set_thresholds(both_worlds.caller("office2"), both_worlds.campaign_id, LightThresholds(4, 7, 15), 0)


@pytest.mark.parametrize("wrong", [LightThresholds(-1, 7, 15), LightThresholds(3, 91, 15), LightThresholds(3, 7, 0)])
def test_numbers_out_of_reach_are_refused(world: World, wrong: LightThresholds) -> None:
    with pytest.raises(Refused, match="应在"):
        set_thresholds(world.caller("office"), world.campaign_id, wrong)


def test_only_the_office_of_all_regions_sets_it(world: World) -> None:
    for name in ("far_office", "leader", "admin"):
        with pytest.raises(Refused):
            eager(world, by=name)


def test_an_archive_keeps_its_lights(world: World) -> None:
    for state in (CampaignState.CONCLUDED, CampaignState.ARCHIVED):
        set_state(world.caller("office"), world.campaign_id, state, None)
    with pytest.raises(Refused, match="已归档"):
        eager(world)

"""How problems came and went, and how they stand by type, place and light: the same numbers as the figures."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from actions import assignment, closure
from models.deadline import DeadlineRule, Light
from queries.breakdown import by_type, by_unit_and_light
from queries.closures import BurnDown, DayOpen, WeekFlow, closures_by_week, open_by_day
from queries.dashboard import dashboard, place_choices
from queries.figures import answers, figures
from queries.ledger import LedgerFilter, ledger_page
from queries.place_coverage import sample_coverage
from queries.reading import reading
from queries.standing import Ask, ask_for
from queries.viewer import Viewer, viewer_named
from queries.week_changes import WeekChange, reopening_effect, week_changes
from tests.busy import TODAY, busy, play_today
from tests.factories import World, at

MONDAY = date(2022, 7, 11)


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        found = viewer_named(session, name, world.terminal().today)
    assert found is not None
    return found


@contextmanager
def asked(world: World, name: str = "office", region: str | None = None, as_of: date | None = None) -> Iterator[Ask]:
    with reading() as session:
        yield ask_for(session, viewer(world, name), world.campaign_id, world.terminal().today, region, as_of)


def change(world: World, name: str) -> WeekChange:
    with asked(world) as ask:
        return next(c for c in week_changes(ask) if c.figure.name == name)


def test_the_burn_down_is_the_figure_of_open_problems_of_every_day(both_worlds: World) -> None:
    world = busy(both_worlds)
    with asked(world) as ask:
        drawn = open_by_day(ask)
        for day in drawn.days:
            assert answers(replace(ask, as_of=day.day, _answers={}), ["issues_open"])["issues_open"].value == day.open
    assert (drawn.days[0].day, drawn.days[-1].day) == (date(2022, 7, 6), TODAY)


def test_what_was_closed_less_what_was_reopened_is_what_stands_closed(both_worlds: World) -> None:
    world = busy(both_worlds)
    play_today(world)
    with asked(world) as ask:
        weeks = closures_by_week(ask)
        found = answers(ask, ["issues_closed", "issues_total", "issues_dismissed"])
    assert sum(w.closed - w.reopened for w in weeks) == found["issues_closed"].value
    assert sum(w.registered for w in weeks) == sum(found[n].value or 0 for n in ("issues_total", "issues_dismissed"))


def test_a_week_begins_on_monday_as_people_here_count(both_worlds: World) -> None:
    for moment in (at(MONDAY, 0), at(MONDAY, 0) - timedelta(minutes=1)):
        both_worlds.now = moment
        both_worlds.registered()
    with asked(both_worlds.on(MONDAY + timedelta(days=15))) as ask:
        assert closures_by_week(ask) == (
            WeekFlow(date(2022, 7, 4), 1, 0, 0),
            WeekFlow(MONDAY, 1, 0, 0),
            WeekFlow(date(2022, 7, 18), 0, 0, 0),
            WeekFlow(date(2022, 7, 25), 0, 0, 0),
        )


def test_without_problems_there_is_nothing_to_draw(world: World) -> None:
    with asked(world) as ask:
        assert closures_by_week(ask) == ()
        drawn = open_by_day(ask)
        assert (drawn.days, drawn.peak, drawn.has_plan, drawn.behind) == ((), None, False, 0)
        assert {t.cumulative for t in by_type(ask)} == {None}


def test_the_plan_runs_from_the_highest_point_to_nothing() -> None:
    days = tuple(DayOpen(date(2022, 8, 1) + timedelta(days=n), count) for n, count in enumerate((4, 10, 10, 9, 9)))
    drawn = BurnDown(days, date(2022, 8, 13))
    assert drawn.peak == DayOpen(date(2022, 8, 3), 10)
    assert [drawn.planned(date(2022, 8, day)) for day in (3, 4, 5, 12, 13, 20)] == [10, 9, 8, 1, 0, 0]
    assert drawn.behind == 1
    assert not replace(drawn, rectify_by=date(2022, 8, 3)).has_plan


def test_all_fourteen_types_are_named_most_problems_first(world: World) -> None:
    busy(world)
    with asked(world) as ask:
        types, total = by_type(ask), answers(ask, ["issues_total"])["issues_total"].value
    assert len(types) == 14
    assert sum(t.count for t in types) == total
    assert [t.count for t in types] == sorted((t.count for t in types), reverse=True)
    assert types[0].code == "P102" and types[-1].cumulative == 100.0
    assert next(t for t in types if t.code == "P302").label == "涉嫌借证办卡虚报冒领"


def test_bars_by_place_add_up_to_the_figures(both_worlds: World) -> None:
    world = busy(both_worlds)
    with asked(world) as ask:
        bars, found = by_unit_and_light(ask), answers(ask)
    assert [bar.name for bar in bars] == ["甲县", "乙市"]
    lights = sum((Counter(bar.counts) for bar in bars), Counter[Light]())
    assert sum(bar.total for bar in bars) == found["issues_total"].value
    for light, name in ((Light.OVERDUE, "overdue"), (Light.CLOSED, "closed"), (Light.NOT_STARTED, "registered")):
        assert lights[light] == found[f"issues_{name}"].value
    with asked(world, region="421381") as ask:
        towns = by_unit_and_light(ask)
    assert [t.name for t in towns] == ["示例一镇", "示例二镇"]
    assert sum(t.total for t in towns) == bars[0].total


def at_limits(world: World) -> None:
    """Deadlines round the warnings of short and long limits, seen on Thursday 11 August."""
    for rule in (
        DeadlineRule.workdays(2), DeadlineRule.workdays(4), DeadlineRule.workdays(5),
        DeadlineRule.by(date(2022, 8, 17)), DeadlineRule.by(date(2022, 8, 18)),
    ):  # fmt: skip
        found = world.registered()
        assignment.assign(world.caller("office"), found, world.order(deadline_rule=rule))
    for day, rule in (
        (27, DeadlineRule.workdays(16)), (28, DeadlineRule.workdays(15)), (28, DeadlineRule.calendar_days(21)),
    ):  # fmt: skip
        found = world.on(date(2022, 7, day)).registered()
        assignment.assign(world.caller("office"), found, world.order(deadline_rule=rule))
    world.on(date(2022, 8, 11))


def test_lights_by_place_are_the_ledgers_lights(both_worlds: World) -> None:
    at_limits(both_worlds.on(date(2022, 8, 11)))
    person, today = viewer(both_worlds, "office"), both_worlds.terminal().today
    page = ledger_page(person, both_worlds.campaign_id, LedgerFilter(), today)
    with asked(both_worlds) as ask:
        (bar,) = (bar for bar in by_unit_and_light(ask) if bar.total)
    assert +Counter(bar.counts) == Counter(row.light.light for row in page.rows)
    assert bar.counts[Light.SOON] > 0 < bar.counts[Light.NORMAL]


def test_lights_of_a_past_day_are_those_seen_on_it(both_worlds: World) -> None:
    at_limits(both_worlds.on(date(2022, 8, 11)))
    back = both_worlds.closed()
    with asked(both_worlds) as ask:
        seen = by_unit_and_light(ask)
    both_worlds.later(days=20)
    again = closure.Reopening("回访发现两户仍未到账。", "群众反映", DeadlineRule.workdays(30))
    closure.reopen(both_worlds.caller("office"), back, again)
    with asked(both_worlds, as_of=date(2022, 8, 11)) as ask:
        assert by_unit_and_light(ask) == seen


def test_the_week_says_where_and_why(world: World) -> None:
    busy(world)
    assert change(world, "returns_in_week").note == "均在甲县"
    reopened = change(world, "reopenings_in_week")
    with asked(world) as ask:
        found = answers(ask, ["issues_closed", "issues_total", "closure_rate"])
    closed, total = (int(found[name].value or 0) for name in ("issues_closed", "issues_total"))
    before = ((closed + 1) * 1000 // total) / 10
    assert (reopened.figure.value, reopened.before) == (1, 0)
    assert reopened.note == f"销号率因此 −{round(before - (found['closure_rate'].value or 0), 1)} 点"


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((1, 3, 20), "销号率因此 −5.0 点"),
        ((1, 300, 2000), "销号率因此下降不足 0.1 点"),
        ((0, 3, 20), "均已再次销号，销号率不受影响"),
    ],
)
def test_what_reopening_takes_is_said_in_points_as_shown(counts: tuple[int, int, int], sentence: str) -> None:
    assert reopening_effect(*counts) == sentence


def test_coverage_by_place_adds_up_to_the_whole(world: World) -> None:
    busy(world)
    with asked(world) as ask:
        found, shown = sample_coverage(ask), answers(ask)
    assert [place.name for place in found.places] == ["甲县", "乙市"]
    for gaps, overall in (([p.villages for p in found.places], found.villages),
                          ([p.households for p in found.places], found.households)):  # fmt: skip
        assert sum(g.done for g in gaps) == overall.done
        assert sum(g.total for g in gaps) == overall.total
    assert found.households.done == shown["households_checked"].value
    with asked(world, region="421381") as ask:
        assert {place.name for place in sample_coverage(ask).places} == {"示例一镇", "示例二镇"}


def test_a_county_office_is_shown_its_county_by_town_and_has_nothing_to_choose(world: World) -> None:
    busy(world)
    person, today = viewer(world, "far_office"), world.terminal().today
    found = dashboard(person, world.campaign_id, today)
    assert found.place == "乙市"
    assert [bar.name for bar in found.lights] == ["示例三镇"]
    assert found.figures == {
        name: f for name, f in figures(person, world.campaign_id, today).items() if name in found.figures
    }
    assert place_choices(person) == ()
    assert [choice.name for choice in place_choices(viewer(world, "office"))] == ["全部", "甲县", "乙市"]


def test_the_dashboard_of_yesterday_is_not_changed_by_today(world: World) -> None:
    busy(world)
    person, yesterday = viewer(world, "office"), TODAY - timedelta(days=1)
    before = dashboard(person, world.campaign_id, TODAY, None, yesterday)
    play_today(world)
    assert dashboard(person, world.campaign_id, TODAY, None, yesterday) == before
    assert dashboard(person, world.campaign_id, TODAY) != before

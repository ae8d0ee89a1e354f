"""Coverage counts finished visits of drawn units and recorded replacements, as the record stood on a day."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from actions import sample
from models.database import Database
from models.household_check import CheckLayer, Verdict, VisitOutcome
from models.sample import SampledHousehold
from queries import coverage
from queries.coverage import EVERYWHERE, Coverage, Gap
from queries.viewer import Place, Viewer
from tests.factories import World
from tests.samples import adopted, day, frozen, give_back, households, villages, visit


def person(world: World, name: str) -> Viewer:
    with Database.readers() as session:
        return world.caller(name).look_up(session)


def of_villages(world: World, name: str = "office", as_of: date | None = None, place: Place = EVERYWHERE) -> Coverage:
    return coverage.village_coverage(person(world, name), world.campaign_id, as_of or day(world), place)


def of_households(world: World, name: str = "office", as_of: date | None = None, place: Place = EVERYWHERE) -> Coverage:
    return coverage.household_coverage(person(world, name), world.campaign_id, as_of or day(world), place)


def counts(found: Coverage) -> tuple[int, int, int]:
    return found.overall.total, found.overall.required, found.overall.done


def of_first_village(sample_id: int) -> list[SampledHousehold]:
    first = villages(sample_id)[0]
    return [h for h in households(sample_id) if h.sampled_village_id == first.id]


def test_an_adopted_draw_without_visits_is_all_gap(both_worlds: World) -> None:
    adopted(both_worlds)
    found = of_villages(both_worlds)
    assert counts(found) == (9, 4, 0)
    assert (found.towns_meeting, len(found.towns), found.overall.missing) == (0, 3, 4)
    assert counts(of_households(both_worlds))[2] == 0


def test_a_village_is_checked_once_its_share_of_households_is(both_worlds: World) -> None:
    homes = of_first_village(adopted(both_worlds))
    for home in homes[:-1]:
        visit(both_worlds, home.household_id)
    assert of_villages(both_worlds).overall.done == 0
    visit(both_worlds, homes[-1].household_id, VisitOutcome.BY_PHONE)
    assert of_villages(both_worlds).overall.done == 1
    assert of_households(both_worlds).overall.done == len(homes)


def test_mandatory_households_beyond_the_share_stay_a_gap_in_households_only() -> None:
    gap = Gap(total=10, required=5, done=3, floor=3)
    row = coverage.VillageCoverage(1, 1, "421381901201", "甲一村", 1, 1, gap)
    assert row.is_checked and gap.missing == 2


def test_a_village_without_households_is_not_checked_by_visiting_nobody() -> None:
    assert not coverage.VillageCoverage(1, 1, "421381901204", "甲四村", 1, 1, Gap(0, 0, 0, 0)).is_checked


@pytest.mark.parametrize("outcome", [VisitOutcome.ABSENT, VisitOutcome.REFUSED])
def test_nobody_met_is_no_finished_visit(world: World, outcome: VisitOutcome) -> None:
    home = of_first_village(adopted(world))[0]
    visit(world, home.household_id, outcome)
    assert of_households(world).overall.done == 0


def test_a_visit_of_another_layer_or_of_a_household_not_drawn_does_not_count(world: World) -> None:
    roster = frozen(world)
    sample_id = sample.draw(world.caller("office"), world.campaign_id, "7")
    sample.adopt(world.caller("office"), sample_id)
    drawn = {h.household_id for h in households(sample_id)}
    visit(world, next(iter(drawn)), layer=CheckLayer.SUPERVISION)
    visit(world, next(i for i in roster.households.values() if i not in drawn))
    assert of_households(world).overall.done == 0


def test_a_form_given_back_no_longer_counts_but_did_yesterday(both_worlds: World) -> None:
    home = of_first_village(adopted(both_worlds))[0]
    check_id = visit(both_worlds, home.household_id)
    yesterday = day(both_worlds)
    both_worlds.later(days=1)
    give_back(both_worlds, check_id)
    assert of_households(both_worlds).overall.done == 0
    assert of_households(both_worlds, as_of=yesterday).overall.done == 1


def test_before_the_adoption_there_is_no_coverage(both_worlds: World) -> None:
    adopted(both_worlds)
    assert of_villages(both_worlds, as_of=day(both_worlds) - timedelta(days=1)) == coverage.EMPTY


def test_another_draw_adopted_later_leaves_the_past_alone(both_worlds: World) -> None:
    first = adopted(both_worlds)
    home = of_first_village(first)[0]
    visit(both_worlds, home.household_id)
    then = day(both_worlds)
    both_worlds.later(days=1)
    sample.freeze(both_worlds.caller("office"), both_worlds.campaign_id, "2022年7月8日体彩排列五开奖号码")
    second = sample.draw(both_worlds.caller("office"), both_worlds.campaign_id, "另一个种子", "名册有误，重新封存")
    sample.adopt(both_worlds.caller("office"), second)
    assert of_households(both_worlds, as_of=then).overall.done == 1
    again = of_households(both_worlds).overall.done
    assert again == sum(h.household_id == home.household_id for h in households(second))


def test_a_replaced_village_counts_until_the_day_it_was_replaced(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    old = villages(sample_id)[0]
    then = day(both_worlds)
    both_worlds.later(days=1)
    new_id = sample.replace_village(both_worlds.caller("office"), old.id, "整村搬迁")
    assert listed_villages(both_worlds, then) == {v.id for v in villages(sample_id)} - {new_id}
    assert listed_villages(both_worlds, day(both_worlds)) == {v.id for v in villages(sample_id)} - {old.id}
    assert of_villages(both_worlds).overall.required == 4


def listed_villages(world: World, as_of: date) -> set[int]:
    with Database.readers() as session:
        asked = coverage.required_villages(session, person(world, "office"), world.campaign_id, as_of)
        return set(session.scalars(asked))


def test_a_replacement_household_counts_in_the_place_of_the_replaced(both_worlds: World) -> None:
    sample_id = adopted(both_worlds)
    old = households(sample_id)[0]
    new_id = sample.replace_household(both_worlds.caller("office"), old.id, "常年外出")
    new = next(h for h in households(sample_id) if h.id == new_id)
    visit(both_worlds, new.household_id)
    before = of_households(both_worlds)
    visit(both_worlds, old.household_id)
    assert counts(before) == counts(of_households(both_worlds))
    assert before.overall.done == 1


def test_every_figure_has_as_many_rows_as_it_says(both_worlds: World) -> None:
    for home in of_first_village(adopted(both_worlds)):
        visit(both_worlds, home.household_id)
    office, today, campaign = person(both_worlds, "office"), day(both_worlds), both_worlds.campaign_id
    with Database.readers() as session:

        def rows(asked: sa.Select[int]) -> int:
            return len(set(session.scalars(asked)))

        of = (session, office, campaign, today)
        villages_, homes_ = of_villages(both_worlds).overall, of_households(both_worlds).overall
        assert rows(coverage.required_villages(*of)) == villages_.required
        assert rows(coverage.checked_villages(*of)) == villages_.done == 1
        assert rows(coverage.required_households(*of)) == homes_.required
        assert rows(coverage.checked_households(*of)) == homes_.done
        assert rows(coverage.checked_people(*of)) == 2 * homes_.done


def test_a_person_nobody_could_verify_is_not_a_person_checked(world: World) -> None:
    home = of_first_village(adopted(world))[0]
    visit(world, home.household_id, verdict=Verdict.UNREACHED)
    with Database.readers() as session:
        asked = coverage.checked_people(session, person(world, "office"), world.campaign_id, day(world))
        assert list(session.scalars(asked)) == []


def test_everybody_sees_the_part_that_is_theirs(both_worlds: World) -> None:
    adopted(both_worlds)
    assert counts(of_villages(both_worlds, "far_office"))[:2] == (2, 1)
    assert counts(of_villages(both_worlds, "inspector"))[:2] == (7, 3)
    assert of_villages(both_worlds, "unit").towns == ()
    assert of_villages(both_worlds, "discipline").towns == ()


def test_a_place_narrows_both_figures_and_rows(both_worlds: World) -> None:
    adopted(both_worlds)
    town, unit = Place(region_id=both_worlds.regions["示例一镇"]), Place(both_worlds.reporting_units["乙市"])
    assert counts(of_villages(both_worlds, place=town)) == (4, 2, 0)
    assert counts(of_villages(both_worlds, place=unit)) == (2, 1, 0)
    assert [t.town for t in of_villages(both_worlds, place=unit).towns] == ["示例三镇"]
    one = coverage.drawn_villages(person(both_worlds, "office"), both_worlds.campaign_id, day(both_worlds))[0]
    assert counts(of_villages(both_worlds, place=Place(region_id=one.village_id))) == (1, 1, 0)


def test_one_town_may_fail_while_the_whole_passes(world: World) -> None:
    sample_id = adopted(world)
    left_out = {v.id for v in villages(sample_id) if v.stratum == "421382901000"}
    for home in households(sample_id):
        if home.sampled_village_id not in left_out:
            visit(world, home.household_id)
    found = of_villages(world)
    assert (found.towns_meeting, len(found.towns), found.meets_overall) == (2, 3, True)
    assert found.towns[0].town == "示例三镇" and found.towns[0].gap.missing == 1


def test_a_rate_is_cut_and_never_rounded_up_to_its_floor() -> None:
    assert Gap(38_900, 11_670, 11_669, 11_670).permille == 299
    assert not Gap(38_900, 11_670, 11_669, 11_670).meets_floor

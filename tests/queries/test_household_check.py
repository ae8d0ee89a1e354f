"""Who sees whose form, how much of the persons in it, and how far the visits are."""

from datetime import date

import pytest
import sqlalchemy as sa

from actions.household_check import return_check, submit_check
from actions.issue import Finding, raise_issue
from actions.transaction import transaction
from models.household_check import CheckLine, HouseholdCheck
from models.issue_record import Issue
from models.issue_word import IssueSource, IssueStatus
from models.refusal import NotFoundOrNotYours, Refused
from models.roster import HouseholdMember
from models.sample import SampledHousehold
from queries.household import VisitState, households_to_visit, next_household, open_forms
from queries.household_check import CheckView, check_form
from queries.reading import reading
from queries.viewer import Place, Viewer, viewer_of_user
from queries.village_visits import towns_to_visit, villages_to_visit
from tests.actions.test_household_check import another_team
from tests.factories import World
from tests.visits import Visits


@pytest.fixture
def visits(world: World) -> Visits:
    return Visits.build(world).usual_payments()


@pytest.fixture
def both_visits(both_worlds: World) -> Visits:
    return Visits.build(both_worlds).usual_payments()


def viewer(visits: Visits, by: str) -> Viewer:
    with reading() as session:
        found = viewer_of_user(session, visits.world.users[by], visits.world._today())
    assert found is not None
    return found


def form(visits: Visits, check_id: int, by: str = "inspector") -> CheckView:
    return check_form(viewer(visits, by), check_id, visits.world._today())


def handed_in(visits: Visits) -> int:
    check_id = visits.filled()
    submit_check(visits.world.caller("inspector"), check_id)
    return check_id


# --- one form -------------------------------------------------------------------------------------------------------


def test_the_team_sees_the_persons_of_an_open_form_whole(both_visits: Visits) -> None:
    head = form(both_visits, both_visits.opened()).people[0]
    assert head.name == both_visits.name_of()
    assert head.id_number == both_visits.roster.id_numbers[both_visits.code()][0]
    assert head.account.startswith("*")


@pytest.mark.parametrize("by", ["office", "leader", "auditor", "stranger"])
def test_all_others_see_them_masked(visits: Visits, by: str) -> None:
    check_id = visits.opened()
    another_team(visits.world)
    shown = form(visits, check_id, by)
    assert not shown.may_edit
    assert shown.people[0].name == visits.name_of()[0] + "*" * (len(visits.name_of()) - 1)
    assert "********" in shown.people[0].id_number
    assert len(shown.people[0].pseudonym) == 4


def test_once_handed_in_the_team_too_sees_them_masked(both_visits: Visits) -> None:
    shown = form(both_visits, handed_in(both_visits))
    assert not shown.is_unmasked
    assert "*" in shown.people[0].name and "********" in shown.people[0].id_number


def test_given_back_the_team_sees_them_whole_again(visits: Visits) -> None:
    check_id = handed_in(visits)
    return_check(visits.world.caller("office"), check_id, "高龄津贴期数不对，请重核")
    assert form(visits, check_id).people[0].name == visits.name_of()


@pytest.mark.parametrize("by", ["unit", "far_office", "discipline", "admin"])
def test_a_form_of_others_is_as_one_that_is_not(both_visits: Visits, by: str) -> None:
    check_id = both_visits.opened()
    with pytest.raises(NotFoundOrNotYours) as theirs:
        form(both_visits, check_id, by)
    with pytest.raises(NotFoundOrNotYours) as unknown:
        form(both_visits, 999_999, by)
    assert str(theirs.value) == str(unknown.value)


def test_the_form_of_the_own_village_is_not_found(visits: Visits) -> None:
    check_id = visits.opened("inspector2")
    visits.lives_in("inspector", "甲一村")
    with pytest.raises(NotFoundOrNotYours):
        form(visits, check_id)


def test_the_form_says_how_far_it_is(both_visits: Visits) -> None:
    check_id = both_visits.opened()
    assert form(both_visits, check_id).progress.text == "人 1/2 · 项 0/2"
    both_visits.save(check_id, "inspector", {both_visits.line("S17", "verdict"): "MATCHES"})
    assert form(both_visits, check_id).progress.text == "人 1/2 · 项 1/2"


def test_the_form_lists_what_is_missing(visits: Visits) -> None:
    check_id = visits.opened()
    visits.save(check_id, "inspector", {"outcome": "VISITED"})
    found = form(visits, check_id).missing
    assert len(found) == 3
    assert found[1] == f"{visits.name_of()} 2021年农村最低生活保障金：结论"


def test_its_place_among_the_households_of_the_village(visits: Visits) -> None:
    shown = form(visits, visits.opened(at=1))
    assert (shown.position, shown.siblings, shown.number) == (2, 3, "0002")


def test_a_roster_taken_in_meanwhile_loses_nothing_that_was_typed(both_visits: Visits) -> None:
    check_id = both_visits.filled()
    with transaction(both_visits.world.terminal()) as tx:
        old = tx.session.get_one(HouseholdMember, both_visits.member())
        new = HouseholdMember(
            campaign_id=old.campaign_id, import_id=old.import_id, household_id=old.household_id,
            identity_id=old.identity_id, position=old.position, relation=old.relation, is_head=old.is_head,
            pseudonym=old.pseudonym,
        )  # fmt: skip
        tx.session.add(new)
        tx.session.flush()
        old.superseded_by_id = new.id
        tx.record("test.roster", "roster_import:1")
    shown = form(both_visits, check_id)
    assert len(shown.people) == 2
    assert all(line.verdict for line in shown.people[0].lines)


def finding_from(visits: Visits, village: str) -> Finding:
    """A finding said to be in a village, from the first line handed in."""
    with reading() as session:
        line = session.scalars(sa.select(CheckLine).order_by(CheckLine.id)).first()
    assert line is not None
    return Finding(
        campaign_id=visits.world.campaign_id, type_code="P102", title="0001户低保少发360元",
        facts="2021年低保应发4,320.00元，到账3,960.00元。", region_id=visits.world.regions[village],
        source=IssueSource.INSPECTION, found_on=date(2022, 7, 4), check_line_id=line.id,
    )  # fmt: skip


def test_a_problem_from_a_form_lies_where_the_household_lives(both_visits: Visits) -> None:
    handed_in(both_visits)
    with pytest.raises(Refused, match="这一户所在的村"):
        raise_issue(both_visits.world.caller("inspector"), finding_from(both_visits, "甲二村"))


def test_a_line_knows_the_problem_raised_from_it(both_visits: Visits) -> None:
    check_id = handed_in(both_visits)
    finding = finding_from(both_visits, "甲一村")
    issue_id = raise_issue(both_visits.world.caller("inspector"), finding)
    with reading() as session:
        line = session.get_one(CheckLine, finding.check_line_id)
        raised_issue = session.get_one(Issue, issue_id)
        assert raised_issue.team_id == session.get_one(HouseholdCheck, check_id).team_id
    raised = form(both_visits, check_id).issues[line.id]
    assert (raised.id, raised.status) == (issue_id, IssueStatus.DRAFT)
    assert form(both_visits, check_id, "inspector2").issues[line.id].id is None


# --- villages and households ----------------------------------------------------------------------------------------


def test_a_team_sees_the_villages_of_its_places(both_visits: Visits) -> None:
    page = villages_to_visit(viewer(both_visits, "inspector"), both_visits.world.campaign_id)
    assert (page.total, {v.reporting_unit for v in page.rows}) == (7, {"甲县"})
    counted = [(v.village, v.required, v.people) for v in page.rows if v.required]
    assert counted == [("甲一村", 3, 6), ("甲二村", 2, 4), ("乙一村", 1, 2)]


def test_the_office_sees_all_of_them_and_a_unit_none(visits: Visits) -> None:
    campaign = visits.world.campaign_id
    assert villages_to_visit(viewer(visits, "office"), campaign).total == 9
    assert villages_to_visit(viewer(visits, "unit"), campaign).total == 0


def test_the_own_village_is_not_in_the_list(visits: Visits) -> None:
    visits.lives_in("inspector", "甲一村")
    rows = villages_to_visit(viewer(visits, "inspector"), visits.world.campaign_id).rows
    assert "甲一村" not in [v.village for v in rows]
    page = households_to_visit(viewer(visits, "inspector"), visits.world.campaign_id, visits.world.regions["甲一村"])
    assert page.total == 0


def test_only_finished_visits_count(both_visits: Visits) -> None:
    handed_in(both_visits)
    absent = both_visits.opened(at=1)
    both_visits.save(absent, "inspector", {"outcome": "ABSENT"})
    submit_check(both_visits.world.caller("inspector"), absent)
    both_visits.opened(at=2)
    first = villages_to_visit(viewer(both_visits, "office"), both_visits.world.campaign_id).rows[0]
    assert (first.required, first.finished, first.not_met, first.open, first.people_checked) == (3, 1, 1, 1, 1)


def test_villages_that_are_done_come_last_and_can_be_left_out(visits: Visits) -> None:
    world = visits.world
    only = visits.opened(village="乙一村")
    visits.save(only, "inspector", {"outcome": "VISITED", "second": world.people["inspector2"]})
    submit_check(world.caller("inspector"), only)
    inspector = viewer(visits, "inspector")
    assert "乙一村" not in [v.village for v in villages_to_visit(inspector, world.campaign_id).rows][:2]
    assert villages_to_visit(inspector, world.campaign_id, unfinished_only=True).total == 2


def test_a_village_is_found_by_its_name_or_its_town(visits: Visits) -> None:
    office = viewer(visits, "office")
    assert [v.village for v in villages_to_visit(office, visits.world.campaign_id, search="甲二").rows] == ["甲二村"]
    assert villages_to_visit(office, visits.world.campaign_id, search="示例一镇").total == 4


def test_the_list_of_villages_narrows_to_a_unit_and_a_town_of_it(visits: Visits) -> None:
    office, campaign = viewer(visits, "office"), visits.world.campaign_id
    towns = towns_to_visit(office, campaign)
    assert [t.town for t in towns] == ["示例一镇", "示例二镇", "示例三镇"]
    assert [villages_to_visit(office, campaign, place=Place(t.reporting_unit_id, t.town_id)).total for t in towns] == [
        4, 3, 2,
    ]  # fmt: skip
    assert villages_to_visit(office, campaign, place=Place(towns[0].reporting_unit_id)).total == 7
    assert {t.reporting_unit for t in towns_to_visit(viewer(visits, "inspector"), campaign)} == {"甲县"}
    assert villages_to_visit(office, visits.world.campaign_id, search="%").total == 0


def test_villages_and_households_come_in_pages(visits: Visits) -> None:
    office, campaign = viewer(visits, "office"), visits.world.campaign_id
    third = villages_to_visit(office, campaign, page=3, size=4)
    assert (third.total, third.pages, len(third.rows)) == (9, 3, 1)
    homes = households_to_visit(office, campaign, visits.world.regions["甲一村"], page=9, size=2)
    assert (homes.page, homes.pages, [h.number for h in homes.rows]) == (2, 2, ["0003"])


def test_the_list_shows_names_whole_only_where_the_form_does(both_visits: Visits) -> None:
    both_visits.opened()
    campaign, village = both_visits.world.campaign_id, both_visits.world.regions["甲一村"]
    mine = households_to_visit(viewer(both_visits, "inspector"), campaign, village).rows
    assert (mine[0].head, mine[0].state, "*" in mine[1].head) == (both_visits.name_of(), VisitState.OPEN, True)
    theirs = households_to_visit(viewer(both_visits, "office"), campaign, village).rows
    assert all("*" in row.head for row in theirs)
    assert [row.may_open for row in theirs] == [False, False, False]


def test_a_household_is_found_by_its_number(visits: Visits) -> None:
    campaign, village = visits.world.campaign_id, visits.world.regions["甲一村"]
    page = households_to_visit(viewer(visits, "inspector"), campaign, village, search="0002")
    assert [row.number for row in page.rows] == ["0002"]


def test_what_is_still_to_be_done_comes_first_and_the_rest_can_be_left_out(both_visits: Visits) -> None:
    handed_in(both_visits)
    absent = both_visits.opened(at=1)
    both_visits.save(absent, "inspector", {"outcome": "ABSENT"})
    submit_check(both_visits.world.caller("inspector"), absent)
    campaign, village = both_visits.world.campaign_id, both_visits.world.regions["甲一村"]
    inspector = viewer(both_visits, "inspector")
    rows = households_to_visit(inspector, campaign, village).rows
    assert [(row.number, row.state) for row in rows] == [
        ("0003", VisitState.TO_VISIT), ("0002", VisitState.NOT_MET), ("0001", VisitState.FINISHED),
    ]  # fmt: skip
    assert households_to_visit(inspector, campaign, village, unfinished=True).total == 2


def test_after_a_household_comes_the_next_by_number_that_is_still_to_be_done(both_visits: Visits) -> None:
    handed_in(both_visits)
    begun = both_visits.opened(at=1)
    campaign, village = both_visits.world.campaign_id, both_visits.world.regions["甲一村"]
    inspector = viewer(both_visits, "inspector")

    def after(number: str, by: Viewer = inspector) -> tuple[str, int | None] | None:
        found = next_household(by, campaign, village, number)
        return None if found is None else (found.number, found.check_id)

    assert (after("0001"), after("0002"), after("0003")) == (("0002", begun), ("0003", None), ("0002", begun))
    assert after("0001", viewer(both_visits, "office")) is None, "the office visits nobody"


def test_opening_a_form_is_not_yet_filling_it(visits: Visits) -> None:
    check_id = visits.opened()
    assert form(visits, check_id).saved_at is None
    visits.world.later(seconds=1)
    visits.save(check_id, "inspector", {"interviewee": "本人"})
    assert form(visits, check_id).saved_at is not None


def test_a_replaced_household_stays_listed_with_its_successor(both_visits: Visits) -> None:
    with transaction(both_visits.world.terminal()) as tx:
        drawn = {s.household_id: s for s in tx.session.scalars(sa.select(SampledHousehold))}
        first = drawn[both_visits.home(0)]
        first.replaced_by_id, first.reason = drawn[both_visits.home(1)].id, "全家外出务工"
        tx.record("test.replace", "sample:1")
    campaign, village = both_visits.world.campaign_id, both_visits.world.regions["甲一村"]
    row = households_to_visit(viewer(both_visits, "inspector"), campaign, village).rows[-1]
    assert (row.state, row.replaced_by, row.reason, row.may_open) == (
        VisitState.REPLACED, "0002", "全家外出务工", False,
    )  # fmt: skip
    assert villages_to_visit(viewer(both_visits, "office"), campaign).rows[0].required == 2


def test_the_form_to_go_on_with_is_the_returned_one_then_the_last_typed_in(both_visits: Visits) -> None:
    returned = handed_in(both_visits)
    older, newer = both_visits.opened(at=1), both_visits.opened(at=2)
    both_visits.world.later(minutes=5)
    both_visits.save(older, "inspector2", {"interviewee": "本人"})
    return_check(both_visits.world.caller("office"), returned, "高龄津贴期数不对，请重核")
    found = open_forms(viewer(both_visits, "inspector"), both_visits.world.campaign_id)
    assert [f.check_id for f in found] == [returned, older, newer]
    assert open_forms(viewer(both_visits, "office"), both_visits.world.campaign_id) == ()

"""屡查屡犯: which earlier problems one repeats, of whatever campaign, and who is told what of it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from actions import assignment, campaign, closure, dismissal, issue
from actions.transaction import transaction
from models.campaign import CampaignState
from models.deadline import DeadlineRule
from models.household_check import CheckLine
from models.identity import Identity
from models.issue_record import IssuePerson
from models.issue_word import DismissalGround
from models.repeat import RepeatGround
from models.roster import HouseholdMember
from queries.figures import figure_rows, figures
from queries.ledger import LedgerFilter, ledger_page
from queries.ledger_marks import LedgerMark
from queries.repeat import Repeats, repeats_of_finding
from tests.factories import World
from tests.queries.test_issue import from_a_form, page, viewer
from tests.rosters import add_roster

DAY = date(2022, 7, 4)
UNIT_TYPE, VILLAGE_TYPE, VILLAGE_ITEM, PERSON, CARD, CAUSE = RepeatGround


def repeats(world: World, issue_id: int, by: str = "office") -> Repeats:
    return page(world, issue_id, by).repeats


def grounds(world: World, issue_id: int, by: str = "office") -> dict[str, tuple[RepeatGround, ...]]:
    return {row.number[-4:]: row.grounds for row in repeats(world, issue_id, by).rows}


def marked(world: World, by: str = "office") -> list[int]:
    """The ledger narrowed to the mark."""
    found = ledger_page(
        viewer(world, by), world.campaign_id, LedgerFilter(marks=(LedgerMark.REPEATED,)), world.caller(by).today
    )
    return sorted(row.id for row in found.rows)


def figure(world: World, as_of: date | None = None) -> object:
    today = world.caller("office").today
    found = figures(viewer(world, "office"), world.campaign_id, today, as_of=as_of, names=["issues_repeated"])
    listed = figure_rows(viewer(world, "office"), world.campaign_id, today, "issues_repeated", as_of=as_of)
    assert found["issues_repeated"].value == listed.total == len(listed.rows)
    return listed.total


def test_the_same_unit_or_village_with_the_same_type_is_a_repeat_from_the_next_day_on(both_worlds: World) -> None:
    world = both_worlds
    world.rectifying()
    same_day = world.rectifying()
    world.on(DAY + timedelta(days=1))
    here, beside = world.rectifying(), world.rectifying(region_id=world.regions["甲二村"])
    other = world.rectifying(type_code="P106", region_id=world.regions["甲三村"])
    both = (UNIT_TYPE, VILLAGE_TYPE)
    assert grounds(world, same_day) == {}
    assert grounds(world, here) == {"0001": both, "0002": both}
    assert grounds(world, beside) == {"0001": (UNIT_TYPE,), "0002": (UNIT_TYPE,)}
    assert marked(world) == [here, beside]
    assert figure(world) == 2
    assert other not in marked(world)


def test_the_item_of_a_village_is_enough_and_yesterdays_figure_keeps_the_item_it_had(both_worlds: World) -> None:
    world = both_worlds
    world.rectifying(item_code="S01")
    again = world.on(DAY + timedelta(days=1)).rectifying(type_code="P106", item_code="S01")
    assert grounds(world, again) == {"0001": (VILLAGE_ITEM,)}
    world.later(days=1)
    issue.correct(world.caller("office"), again, "item_code", "S17", "登记时选错了项目。")
    assert marked(world) == []
    assert (figure(world, DAY + timedelta(days=1)), figure(world)) == (1, 0)


def test_what_nobody_was_told_of_is_not_done_again(world: World) -> None:
    world.registered()
    world.on(DAY + timedelta(days=1))
    again = world.rectifying()
    assert repeats(world, again) == Repeats()


def test_reopening_the_earlier_one_changes_nothing_of_what_the_later_repeats(world: World) -> None:
    first = world.closed()
    again = world.on(DAY + timedelta(days=1)).rectifying()
    back = closure.Reopening("回访3户未收到。", "回头看发现未到账。", DeadlineRule.workdays(10))
    closure.reopen(world.on(DAY + timedelta(days=9)).caller("office"), first, back)
    assert (marked(world), figure(world), figure(world, DAY + timedelta(days=2))) == ([again], 1, 1)


def test_a_problem_that_was_none_is_not_repeated(world: World) -> None:
    first = world.registered()
    dismissal.propose_dismissal(world.caller("office"), first, DismissalGround.NOT_A_PROBLEM, "与清册一致。")
    dismissal.confirm_dismissal(world.caller("office2"), first)
    again = world.on(DAY + timedelta(days=1)).rectifying()
    assert repeats(world, again) == Repeats()
    assert marked(world) == []


def next_campaign(world: World) -> int:
    """The same city a year later."""
    return campaign.create_campaign(
        world.terminal(), "SL2023", "第二次回头看", "示例市", 2022, 2022, date(2023, 12, 1), CampaignState.OPEN
    )


def test_a_repeat_across_campaigns_names_the_campaign_of_the_earlier_one(world: World) -> None:
    world.closed()
    again = world.on(date(2023, 7, 3)).registered(campaign_id=next_campaign(world))
    (row,) = repeats(world, again).rows
    assert (row.number, row.campaign) == ("SL2022-JX-0001", "示例市“一卡通”专项治理“回头看”")


def test_a_person_and_their_card_are_known_again_in_another_roster(both_worlds: World) -> None:
    world = both_worlds
    earlier, *_ = from_a_form(world)
    roster = add_roster(world, {"甲二村": 1}, campaign_id=next_campaign(world))
    again = world.on(date(2023, 7, 3)).registered(type_code="P201", region_id=world.regions["甲二村"], to_pay_cents=0)
    with transaction(world.terminal()) as tx:
        old = tx.session.scalars(
            sa.select(Identity)
            .join(HouseholdMember, HouseholdMember.identity_id == Identity.id)
            .join(CheckLine, CheckLine.member_id == HouseholdMember.id)
            .join(IssuePerson, IssuePerson.member_id == HouseholdMember.id)
            .where(IssuePerson.issue_id == earlier)
        ).first()
        assert old is not None
        member = tx.session.get_one(HouseholdMember, next(iter(roster.members.values()))[0])
        new = tx.session.get_one(Identity, member.identity_id)
        new.id_number, new.account_no = old.id_number, old.account_no
        tx.session.add(IssuePerson(issue_id=again, member_id=member.id))
        tx.record("test.person", f"issue:{again}")
    assert old.account_no is not None
    assert list(grounds(world, again).values()) == [(PERSON, CARD)]
    assert again in marked(world)


def test_a_unit_is_not_told_of_an_offence_it_does_not_know_of(world: World) -> None:
    hidden = world.registered(type_code="P302", title="涉嫌虚报冒领", facts="甲一村涉嫌虚报冒领补贴。", item_code="S01")
    assignment.assign(world.caller("office"), hidden, world.order())
    again = world.on(DAY + timedelta(days=1)).rectifying(item_code="S01")
    assert repeats(world, again, "office").total == 1
    assert repeats(world, again, "unit") == Repeats()
    assert (marked(world, "office"), marked(world, "unit")) == ([again], [])


def test_what_lies_in_another_county_is_told_as_a_number(world: World) -> None:
    bureau = world.order(responsible_unit_id=world.units["审计局"])
    assignment.assign(world.caller("office"), world.registered(), bureau)
    world.on(DAY + timedelta(days=1))
    there = world.registered(by="far_office", region_id=world.regions["丙一村"])
    assignment.assign(world.caller("far_office"), there, bureau)
    told = repeats(world, there, "far_office")
    assert (told.rows, told.seen, told.elsewhere) == ((), 0, 1)


@pytest.mark.parametrize(("by", "told"), [("inspector", 1), ("far_unit", 0), ("auditor", 0)])
def test_while_raising_one_hears_of_ones_own_region_only(world: World, by: str, told: int) -> None:
    world.rectifying()
    world.on(DAY + timedelta(days=1))
    found = repeats_of_finding(
        viewer(world, by), world.regions["甲一村"], "P102", None, None, world.caller(by).today
    )  # fmt: skip
    assert found.total == told

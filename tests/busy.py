"""A world in which much has happened: problems in every state in both counties, a sample, visits to a part of it."""

from datetime import date, timedelta

from actions import assignment, closure, dismissal, issue, rectification
from actions.activity import load_activities
from actions.covert_visit import load_covert_visits
from actions.issue_money import MoneyEntry, correct_money, record_money
from actions.outcome import record_outcome
from actions.self_check import load_returns
from actions.trip import load_trips
from models.activity import ActivityKind
from models.deadline import DeadlineRule
from models.issue_money import Direction
from models.issue_word import DismissalGround, IssueSource
from models.outcome import OutcomeKind
from queries.issue import IssuePage, issue_page
from queries.reading import reading
from queries.viewer import viewer_named
from tests.factories import World
from tests.field_records import activity, covert_visit, department_return, trip, village_return
from tests.samples import adopted, households, visit

TODAY = date(2022, 8, 12)
"""The world's day afterwards, a Friday."""
REASON = "回单上缺两户的签字，请补齐后再报。"


def busy(world: World) -> World:
    """Everything between 5 July and 12 August; returns the world on its last day."""
    homes = households(adopted(world))
    for number, home in enumerate(homes[: 2 * len(homes) // 3]):
        visit(world.on(date(2022, 7, 7) + timedelta(days=min(5 * number, 34))), home.household_id)
    _first_county(world)
    _recovering(world)
    _second_county(world)
    _turned(world)
    _field_records(world)
    return world.on(TODAY)


def issue_page_of(world: World, issue_id: int) -> IssuePage:
    """As the office sees it."""
    with reading() as session:
        viewer = viewer_named(session, "office", world.caller("office").today)
    assert viewer is not None
    return issue_page(viewer, issue_id, world.caller("office").today)


def _first_county(world: World) -> None:
    """甲县: one problem in each state, the older ones overdue."""
    world.on(date(2022, 7, 6)).rectifying(title="甲一村公示牌长期空白", type_code="P105", source=IssueSource.COVERT)
    world.on(date(2022, 7, 11)).rectifying(region_id=world.regions["乙一村"])
    world.on(date(2022, 7, 12)).in_acceptance()
    world.on(date(2022, 7, 19)).rectifying(region_id=world.regions["甲三村"])
    world.on(date(2022, 7, 13)).in_approval(region_id=world.regions["甲二村"])
    for day in (date(2022, 7, 14), date(2022, 7, 15), date(2022, 8, 8)):
        last = world.on(day).closed()
    money_id = issue_page_of(world, last).movements[0].id
    correct_money(world.caller("office"), last, money_id, 310_000, "一户退票，银行退回 100.00 元。")
    world.on(date(2022, 8, 8)).draft()
    world.on(date(2022, 8, 9)).registered(region_id=world.regions["乙二村"], type_code="P106")
    world.on(date(2022, 8, 10)).rectifying(type_code="P302", title="甲一村涉嫌虚报冒领", to_pay_cents=0)
    world.on(date(2022, 8, 11)).registered(by="unit", source=IssueSource.SELF_CHECK)


def _recovering(world: World) -> None:
    """Wrongly paid money, part of it recovered, part of that handed to the treasury."""
    world.on(date(2022, 7, 18))
    found = world.rectifying(type_code="P103", to_pay_cents=0, to_recover_cents=180_000, title="甲一村3人超标准享受")
    for way, cents in ((Direction.RECOVER, 100_000), (Direction.REMIT, 40_000)):
        entry = MoneyEntry(way, cents, date(2022, 7, 18), f"缴款书2022-{cents}")
        record_money(world.caller("unit"), found, entry)
    world.on(date(2022, 7, 29)).evidence(found)
    asked = world.closure_request(recovered_cents=120_000, paid_cents=0)
    rectification.request(world.caller("unit"), found, asked)


def _second_county(world: World) -> None:
    """乙市: outside the first team, raised by its own office."""
    there = world.regions["丙一村"]
    world.on(date(2022, 7, 20)).registered(by="far_office", region_id=there, type_code="P201", to_pay_cents=0)
    found = world.registered(by="far_office", region_id=there)
    order = world.order(
        responsible_unit_id=world.units["示例三镇财政所"], deadline_rule=DeadlineRule.by(date(2022, 8, 15))
    )
    assignment.assign(world.caller("far_office"), found, order)


def _turned(world: World) -> None:
    """What went back: returned, reopened, dismissed, reinstated."""
    returned = world.on(date(2022, 7, 21)).in_acceptance()
    world.on(date(2022, 8, 9))
    closure.return_to_unit(world.caller("inspector2"), returned, REASON)
    back = world.on(date(2022, 7, 22)).closed()
    again = closure.Reopening("回访发现两户仍未到账。", "群众反映", DeadlineRule.workdays(10))
    closure.reopen(world.on(date(2022, 8, 10)).caller("office"), back, again)
    for day, reinstated in ((date(2022, 8, 7), False), (date(2022, 7, 27), True)):
        none = world.on(day).registered()
        dismissal.propose_dismissal(world.caller("office"), none, DismissalGround.NOT_A_PROBLEM, "现场核对，金额一致。")
        dismissal.confirm_dismissal(world.later(days=1).caller("office2"), none)
        if reinstated:
            dismissal.reinstate(world.on(date(2022, 8, 3)).caller("office"), none, "复核后认定属实。")


def _field_records(world: World) -> None:
    """What was done beside the checks, in both counties; one village mended its return."""
    office, campaign, far = world.on(date(2022, 7, 25)).caller("office"), world.campaign_id, "示例三镇"
    villages = [village_return(world, "甲一村", problems=1), village_return(world, "丙一村")]
    load_returns(office, campaign, [*villages, department_return(world, "示例一镇财政所")])
    load_returns(office, campaign, [village_return(world, "甲一村", households=31)])
    kinds = (ActivityKind.MEETING, ActivityKind.LEAFLETS, ActivityKind.DOOR_TO_DOOR, ActivityKind.SPECIAL_AUDIT)
    load_activities(office, campaign, [activity(world, kind) for kind in kinds] + [activity(world, kinds[0], far)])
    load_trips(office, campaign, [trip(world), trip(world, round=2)])
    load_covert_visits(office, campaign, "知晓率问卷", ["知道补贴政策吗"], [covert_visit(world)])
    issue_id = world.rectifying(type_code="P302", title="甲二村涉嫌虚报冒领", to_pay_cents=0)
    record_outcome(
        world.caller("discipline"), campaign, world.reporting_units["甲县"], OutcomeKind.PARTY_SANCTION, 2,
        "示纪〔2022〕8号", date(2022, 7, 25), issue_id,
    )  # fmt: skip


def play_today(world: World) -> None:
    """A day's work after the world was looked at: one of everything that moves a figure."""
    with_money = world.in_acceptance()
    closure.return_to_unit(world.caller("inspector"), with_money, REASON)
    world.closed()
    dismissal.propose_dismissal(
        world.caller("office"), world.registered(), DismissalGround.DUPLICATE, "与前一件是同一件事。"
    )
    closed = world.closed(title="甲一村另一件")
    again = closure.Reopening("回访发现一户仍未到账。", "群众反映", DeadlineRule.workdays(10))
    closure.reopen(world.caller("office"), closed, again)
    issue.correct(world.caller("office"), closed, "title", "甲一村改过的标题", "写错了村组")
    issue.correct(world.caller("office"), closed, "to_pay_cents", 330_000, "重新核算")
    load_returns(world.caller("office"), world.campaign_id, [village_return(world, "甲一村", households=40)])
    load_trips(world.caller("office"), world.campaign_id, [trip(world, round=3)])

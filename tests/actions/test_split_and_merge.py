"""拆分 and 并案: no money is lost or doubled, nothing counts as progress that is none, two people merge."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from actions import closure, dismissal, issue, rectification
from actions.issue_merge import MergeOrder, propose_merge
from actions.issue_place import hand_places
from actions.issue_split import Shares, SplitOrder, split
from actions.transaction import transaction
from models.campaign import Campaign
from models.evidence import EvidenceKind
from models.issue_record import Issue
from models.issue_word import IssueSource, IssueStatus, VerifiedHow
from models.refusal import NotFoundOrNotYours, Refused
from queries.audit import verify
from queries.evidence import stored_evidence
from queries.figures import figures
from queries.reading import reading
from tests.actions.test_issue import OFFENCE, events, stored
from tests.actions.test_issue_place import page, places, report, three, viewer
from tests.factories import World

REASON = "两件说的是同一件事，合并办理。"
WHOLE = Shares(320_000, 0, 320_000)
PART = SplitOrder("甲一村2户另行办理", "其中2户账号不符，另行核实办理。", "分开办理。", Shares(220_000, 0, 220_000),
                  Shares(100_000, 0, 100_000), households=2, persons=5)  # fmt: skip


def by_number(number: str) -> Issue:
    with reading() as session:
        return session.scalars(sa.select(Issue).where(Issue.number == number)).one()


def merge(world: World, issue_id: int, into: int, carried: Shares = WHOLE, by: str = "office") -> None:
    order = MergeOrder(stored(into).number or "", REASON, carried)
    propose_merge(world.caller(by), issue_id, order)


def merged(world: World, issue_id: int, into: int, carried: Shares = WHOLE) -> None:
    merge(world, issue_id, into, carried)
    dismissal.confirm_dismissal(world.caller("office2"), issue_id)


# --- split ------------------------------------------------------------------------------------------------------------


def test_a_part_goes_on_under_its_own_number_with_the_deadlines_of_the_whole(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying()
    world.later(days=3)
    assert split(world.caller("office"), issue_id, PART) == "SL2022-JX-0002"
    old, new = stored(issue_id), by_number("SL2022-JX-0002")
    for name in ("status", "deadline", "first_deadline", "responsible_unit_id", "person_in_charge", "source"):
        assert getattr(new, name) == getattr(old, name), name
    assert (old.to_pay_cents, new.to_pay_cents, old.households, new.households) == (220_000, 100_000, 10, 2)
    assert (new.progress, new.measures, new.evidence_count) == (None, None, 0)
    assert [link.words for link in page(world, new.id).links] == ["拆分自"]
    assert [link.number for link in page(world, issue_id).links] == ["SL2022-JX-0002"]
    assert page(world, new.id).history[-2].done == "登记问题，编号 SL2022-JX-0002，自 SL2022-JX-0001 拆分"
    assert verify(files=False).findings == ()


def test_totals_are_what_they_were_before_the_split_today_and_as_of_yesterday(world: World) -> None:
    issue_id = world.rectifying()
    told = viewer(world, "leader")

    def owed(day: int) -> list[object]:
        asked = figures(told, world.campaign_id, world._today(), as_of=world._today() - timedelta(days=day))
        return [asked[name].value for name in ("money_to_pay_cents", "issues_total", "issues_rectifying")]

    world.later(days=1)
    split(world.caller("office"), issue_id, PART)
    assert (owed(0), owed(1)) == ([320_000, 2, 2], [320_000, 1, 1])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"moved": Shares(100_000, 0, 90_000)}, "应补发分开后合计 3,100.00 元，与原来的 3,200.00 元不符"),
        ({"moved": Shares(0, 0, 0)}, "涉及金额分开后合计"),
        ({"kept": Shares(420_000, 0, 220_000), "moved": Shares(-100_000, 0, 100_000)}, "不能是负数"),
        ({"households": 13}, "分出去的户数应在 0 到 12 之间"),
        ({"title": "短"}, "一句话标题"),
    ],
)
def test_halves_that_do_not_sum_to_the_whole_are_refused(
    world: World, changes: dict[str, object], sentence: str
) -> None:
    issue_id = world.registered()
    with pytest.raises(Refused, match=sentence):
        split(world.caller("office"), issue_id, replace(PART, **changes))
    assert stored(world.registered()).number == "SL2022-JX-0002"


def test_money_that_moved_stays_with_the_problem_it_moved_for(world: World) -> None:
    issue_id = world.in_acceptance()
    closure.return_to_unit(world.caller("inspector"), issue_id, "两户没有签字，请补充后再申请。")
    with pytest.raises(Refused, match="留在原件的应补发不能少于这个数"):
        split(world.caller("office"), issue_id, PART)


def test_places_that_are_not_done_go_along_and_one_stays(world: World) -> None:
    issue_id, (first, second, third) = three(world)
    hand_places(world.caller("office"), issue_id, [second], world.units["示例二镇财政所"], None, "由其整改。")
    report(world, issue_id, first)
    for chosen, sentence in (((first,), "甲一村已经完成"), ((first, second, third), "已经完成")):
        with pytest.raises(Refused, match=sentence):
            split(world.caller("office"), issue_id, replace(PART, place_ids=chosen))
    number = split(world.caller("office"), issue_id, replace(PART, place_ids=(second, third)))
    new = by_number(number)
    assert [(p.name, p.unit) for p in page(world, new.id).places] == [
        ("甲二村", "示例二镇财政所"), ("甲三村", "示例一镇财政所"),
    ]  # fmt: skip
    assert new.village_id == world.regions["甲二村"]
    assert [p.name for p in page(world, issue_id).places] == ["甲一村"]
    rectifying, _ = three(world)
    with pytest.raises(Refused, match="不能把全部地点都拆出去"):
        split(world.caller("office"), rectifying, replace(PART, place_ids=tuple(places(rectifying))))


# --- merge ------------------------------------------------------------------------------------------------------------


def test_two_people_merge_and_the_survivor_has_money_places_and_evidence(both_worlds: World) -> None:
    world = both_worlds
    one, other = world.rectifying(), world.registered(region_id=world.regions["甲二村"])
    world.evidence(other, by="inspector", kind=EvidenceKind.PHOTO)
    merge(world, other, one)
    assert stored(other).status is IssueStatus.REGISTERED
    with pytest.raises(Refused, match="查否意见是您提出的"):
        dismissal.confirm_dismissal(world.caller("office"), other)
    dismissal.confirm_dismissal(world.caller("office2"), other)
    assert (stored(other).status, stored(one).to_pay_cents) == (IssueStatus.DISMISSED, 640_000)
    shown = page(world, one, "unit")
    assert [place.name for place in shown.places] == ["甲一村", "甲二村"]
    (link,) = shown.links
    assert (link.words, link.number, link.issue_id, len(link.evidence)) == (
        "并入本件的", "SL2022-JX-0002", None, 1,
    )  # fmt: skip
    assert stored_evidence(viewer(world, "unit"), link.evidence[0].id).id == link.evidence[0].id
    assert page(world, other).merged_into == "SL2022-JX-0001"
    assert events(one)[-1].detail["took_in"] == "SL2022-JX-0002"
    found = figures(viewer(world, "leader"), world.campaign_id, world._today())
    assert [found[n].value for n in ("issues_total", "issues_closed", "issues_dismissed", "money_to_pay_cents")] == [
        1, 0, 1, 640_000,
    ]  # fmt: skip
    assert verify(files=False).findings == ()


def test_no_merge_leads_in_a_circle(world: World) -> None:
    first, second, third = (world.registered() for _ in range(3))
    with pytest.raises(Refused, match="不能并入它自己"):
        merge(world, first, first)
    merge(world, first, second)
    with pytest.raises(Refused, match="SL2022-JX-0001 自己也拟查否或拟并案"):
        merge(world, second, first)
    merged(world, second, third)
    with pytest.raises(Refused, match="SL2022-JX-0002 已并入 SL2022-JX-0003，请改为并入 SL2022-JX-0003"):
        dismissal.confirm_dismissal(world.caller("office2"), first)


def test_nothing_is_merged_into_what_is_closed_or_elsewhere_or_of_another_campaign(world: World) -> None:
    here, closed = world.registered(), world.closed()
    with pytest.raises(Refused, match="现在是“已销号”"):
        merge(world, here, closed)
    with pytest.raises(Refused, match="不在本件的县区"):
        merge(world, here, world.registered(by="far_office", region_id=world.regions["丙一村"]))
    with transaction(world.terminal()) as tx:
        first = tx.session.get_one(Campaign, world.campaign_id)
        old = Campaign(code="SL2019", name="上一次", place=first.place, state=first.state, year_from=2018,
                       year_to=2019, rectify_by=first.rectify_by, created_at=tx.now)  # fmt: skip
        tx.session.add(old)
        tx.session.flush()
        earlier = old.id
        tx.record("test.campaign", "campaign:2")
    there = world.registered(by="office", campaign_id=earlier)
    with pytest.raises(Refused, match="SL2019-JX-0001 属于另一次专项治理"):
        merge(world, here, there)
    with pytest.raises(NotFoundOrNotYours):
        propose_merge(world.caller("office"), here, MergeOrder("JX-0999", REASON, WHOLE))


def test_an_offence_goes_into_another_group_by_the_leader_alone_and_nothing_goes_into_it(world: World) -> None:
    plain, offence = world.registered(), world.registered(**OFFENCE)
    with pytest.raises(Refused, match="第三类问题，本件不是"):
        merge(world, plain, offence)
    merge(world, offence, plain)
    with pytest.raises(Refused, match="须由领导"):
        dismissal.confirm_dismissal(world.caller("office2"), offence)
    dismissal.confirm_dismissal(world.caller("leader"), offence)
    assert page(world, plain).links[0].facts
    issue_id = world.rectifying()
    merged(world, plain, issue_id)
    assert [link.title for link in page(world, issue_id, "unit").links] == ["甲一村12户耕地地力保护补贴少发"]


def test_no_money_vanishes_with_a_merged_problem_and_more_than_there_is_does_not_go_over(world: World) -> None:
    paid = world.in_acceptance()
    closure.return_to_unit(world.caller("inspector"), paid, "两户没有签字，请补充后再申请。")
    other = world.registered()
    with pytest.raises(Refused, match="本件已有资金到账"):
        merge(world, paid, other)
    with pytest.raises(Refused, match="带过去的金额应在 0 到 3,200"):
        merge(world, other, paid, Shares(0, 0, 320_001))
    merged(world, other, paid, Shares())
    assert stored(paid).to_pay_cents == 320_000


def test_a_reinstated_problem_takes_back_what_it_had_brought(world: World) -> None:
    one, other = world.rectifying(), world.registered()
    merged(world, other, one)
    dismissal.reinstate(world.caller("leader"), other, "是另外的2户，分开办理。")
    assert (stored(one).to_pay_cents, stored(other).status) == (320_000, IssueStatus.REGISTERED)
    assert page(world, one).links == ()
    merged(world, other, one)
    world.evidence(one)
    rectification.request(world.caller("unit"), one, world.closure_request(paid_cents=640_000))
    closure.accept(world.caller("inspector"), one, VerifiedHow.ON_SITE, "入户核实。")
    closure.approve(world.caller("office2"), one)
    with pytest.raises(Refused, match="本件已并入 SL2022-JX-0001，它现在是“已销号”，不能恢复"):
        dismissal.reinstate(world.caller("leader"), other, "是另外的2户，分开办理。")


def test_a_split_off_part_is_no_repeat_of_the_whole(world: World) -> None:
    issue_id = world.rectifying()
    number = split(world.caller("office"), world.later(days=2) and issue_id, PART)
    assert page(world, by_number(number).id).repeats.total == 0


def test_a_declined_merge_leaves_both_as_they_were(world: World) -> None:
    one, other = world.rectifying(), world.registered(source=IssueSource.COVERT)
    merge(world, other, one)
    dismissal.decline_dismissal(world.caller("office2"), other, "不是同一件事。")
    assert (stored(one).to_pay_cents, page(world, one).links) == (320_000, ())
    issue.correct(world.caller("inspector"), other, "remark", "分开办理", "说明")

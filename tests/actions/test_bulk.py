"""One order over many problems: each its own step and entry, each with its own result, nothing half done."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from actions import assignment, bulk, reminder
from actions.people import disable_user
from actions.transaction import Caller, transaction
from models.bulk import BulkItem, BulkRun
from models.issue import Verb
from models.issue_word import IssueStatus
from models.refusal import NotFoundOrNotYours, Refused
from queries.audit import verify
from queries.bulk import BulkResult, last_bulk, picks_of
from queries.ledger import LedgerFilter
from queries.reading import reading
from tests.actions.test_issue import events, stored
from tests.factories import World
from tests.queries.test_issue import viewer


def caller_of(world: World) -> Callable[[int | None], Caller]:
    """As the worker of the application makes them."""

    def made(user_id: int | None) -> Caller:
        if user_id is None:
            return world.terminal()
        return Caller(world.now, world.caller("office").today, world.now, user_id=user_id)

    return made


def work(world: World) -> None:
    """What the worker does once it was woken."""
    while bulk.run_next(caller_of(world), lambda error: f"事件号 {type(error).__name__}"):
        pass


def picks(*issue_ids: int) -> tuple[tuple[int, int], ...]:
    return tuple((issue_id, stored(issue_id).version) for issue_id in issue_ids)


def result(world: World, by: str = "office") -> BulkResult:
    found = last_bulk(viewer(world, by), world.campaign_id)
    assert found is not None
    return found


def remind(world: World, *issue_ids: int, by: str = "office") -> BulkResult:
    bulk.remind_many(world.caller(by), world.campaign_id, picks(*issue_ids), "月底前办结。")
    work(world)
    return result(world, by)


def test_many_are_chased_and_each_leaves_its_own_entry(both_worlds: World) -> None:
    ids = [both_worlds.rectifying() for _ in range(2)]
    other = both_worlds.registered()
    elsewhere = both_worlds.order(responsible_unit_id=both_worlds.units["示例二镇财政所"])
    assignment.assign(both_worlds.caller("office"), other, elsewhere)
    told = remind(both_worlds, *ids, other)
    assert told.sentence == "已催办 3 件，2 个单位收到通知"
    assert [events(i)[-1].verb for i in (*ids, other)] == ["remind"] * 3
    with reading() as session:
        subjects = session.scalars(sa.text("select subject from audit_entry where action = 'issue.remind'")).all()
    assert sorted(subjects) == sorted(f"issue:{i}" for i in (*ids, other))
    assert verify(files=False).findings == ()


def test_each_result_says_which_were_done_and_which_were_not_and_why(both_worlds: World) -> None:
    world = both_worlds
    good, closed, stale = world.rectifying(), world.closed(), world.rectifying()
    order = picks(good, closed, stale)
    assignment.sign(world.caller("unit"), stale)
    bulk.remind_many(world.caller("office"), world.campaign_id, order)
    work(world)
    told = result(world)
    by_id = {line.issue_id: line for line in told.lines}
    assert by_id[good].done is True
    assert by_id[closed].sentence == "现在是“已销号”，不能催办。"
    assert by_id[stale].sentence == bulk.STALE
    assert [e.verb for e in events(stale)][-1] == "sign"


def test_a_second_order_of_the_same_day_is_refused_for_each(both_worlds: World) -> None:
    ids = [both_worlds.rectifying() for _ in range(2)]
    remind(both_worlds, *ids)
    again = remind(both_worlds, *ids, by="office2")
    assert again.done == 0
    assert all("已经催办过这件" in line.sentence for line in again.refused)


def test_many_are_assigned_to_one_unit_with_one_limit(both_worlds: World) -> None:
    ids = [both_worlds.registered() for _ in range(2)]
    upward = both_worlds.registered(type_code="P107")
    assigned = both_worlds.rectifying()
    bulk.assign_many(
        both_worlds.caller("office"), both_worlds.campaign_id, picks(*ids, upward, assigned), both_worlds.order()
    )
    work(both_worlds)
    told = result(both_worlds)
    assert [line.sentence for line in told.lines] == [
        "时限至 2022年7月25日", "时限至 2022年7月25日", "无时限", "现在是“整改中”，不能交办。"
    ]  # fmt: skip
    assert told.sentence == "已交办 3 件；1 件没有办，原因列在下面"
    assert {stored(i).status for i in (*ids, upward)} == {IssueStatus.RECTIFYING}


def test_a_double_click_gives_one_order(both_worlds: World) -> None:
    chosen = picks(both_worlds.rectifying())
    bulk.remind_many(both_worlds.caller("office"), both_worlds.campaign_id, chosen)
    with pytest.raises(Refused, match="上一批还在办理"):
        bulk.remind_many(both_worlds.caller("office"), both_worlds.campaign_id, chosen)
    work(both_worlds)
    assert [e.verb for e in events(chosen[0][0])].count("remind") == 1


def test_a_process_killed_in_the_middle_leaves_nothing_half_done_and_says_what_was_done(both_worlds: World) -> None:
    world = both_worlds
    ids = [world.rectifying() for _ in range(3)]
    run_id = bulk.remind_many(world.caller("office"), world.campaign_id, picks(*ids))
    with transaction(world.terminal()) as tx:  # it was at the second one when it died, which was written already
        tx.session.get_one(BulkRun, run_id).started_at = tx.now
        tx.session.scalars(sa.select(BulkItem).where(BulkItem.issue_id == ids[0])).one().done = True
    for issue_id in ids[:2]:
        reminder.remind(world.caller("office"), issue_id)
    assert not result(world).has_ended
    world.later(minutes=3)
    bulk.settle(world.terminal())
    told = result(world)
    assert [(line.done, line.sentence) for line in told.lines] == [(True, ""), (True, ""), (False, bulk.CUT_OFF)]
    work(world)
    assert [e.verb for e in events(ids[2])][-1] == "assign", "what was cut off is not taken up by itself"


def test_whoever_lost_their_account_meanwhile_does_nothing(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    bulk.remind_many(both_worlds.caller("office"), both_worlds.campaign_id, picks(issue_id))
    disable_user(both_worlds.caller("admin"), "office")
    work(both_worlds)
    with reading() as session:
        item = session.scalars(sa.select(BulkItem)).one()
    assert (item.done, item.sentence) == (False, bulk.NOT_ANY_MORE)
    assert [e.verb for e in events(issue_id)][-1] == "assign"


@pytest.mark.parametrize("by", ["unit", "inspector", "auditor"])
def test_nobody_without_the_right_gives_an_order(world: World, by: str) -> None:
    with pytest.raises(Refused, match="您没有“催办”的权限"):
        bulk.remind_many(world.caller(by), world.campaign_id, picks(world.rectifying()))


def test_leaders_chase_but_do_not_assign(world: World) -> None:
    assert remind(world, world.rectifying(), by="leader").done == 1
    with pytest.raises(Refused, match="您没有“交办”的权限"):
        bulk.assign_many(world.caller("leader"), world.campaign_id, picks(world.registered()), world.order())


def test_another_countys_problem_in_the_order_is_a_line_like_an_unknown_one(world: World) -> None:
    mine = world.rectifying()
    told = remind(world, mine, by="far_office")
    assert [(line.number, line.done) for line in told.lines] == [("—", False)]
    assert "没有找到这条问题，或者它不在您的权限范围内" in told.lines[0].sentence


def test_at_most_five_hundred_at_once(world: World) -> None:
    issue_id = world.rectifying()
    with pytest.raises(Refused, match="一次最多 500 件，选中了 501 件"):
        bulk.remind_many(world.caller("office"), world.campaign_id, [(issue_id, 1)] * 501)
    with pytest.raises(Refused, match="还没有选中问题"):
        bulk.remind_many(world.caller("office"), world.campaign_id, ())


def test_results_are_for_whoever_gave_the_order(both_worlds: World) -> None:
    remind(both_worlds, both_worlds.rectifying())
    run_id = result(both_worlds).id
    assert last_bulk(viewer(both_worlds, "office2"), both_worlds.campaign_id) is None
    with pytest.raises(NotFoundOrNotYours):
        bulk.put_away(both_worlds.caller("office2"), run_id)
    bulk.put_away(both_worlds.caller("office"), run_id)
    assert last_bulk(viewer(both_worlds, "office"), both_worlds.campaign_id) is None


def test_the_whole_list_is_picked_in_its_order_with_its_versions(world: World) -> None:
    first, second = world.registered(), world.rectifying()
    today = world.on(date(2022, 9, 16)).caller("office").today
    found = picks_of(viewer(world, "office"), world.campaign_id, LedgerFilter(), today, 500)
    assert found == picks(second, first)
    assert picks_of(viewer(world, "office"), world.campaign_id, LedgerFilter(), today, 1) == picks(second)
    assert picks_of(viewer(world, "far_office"), world.campaign_id, LedgerFilter(), today, 500) == ()


def test_what_waited_for_too_long_is_not_done_by_surprise(world: World) -> None:
    issue_id = world.rectifying()
    bulk.remind_many(world.caller("office"), world.campaign_id, picks(issue_id))
    world.now += bulk.WAITING_FOR + timedelta(minutes=1)
    work(world)
    assert result(world).lines[0].sentence == bulk.CUT_OFF
    assert Verb.REMIND.value not in [e.verb for e in events(issue_id)]

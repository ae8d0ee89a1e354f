"""回头看: a campaign takes over closed problems of an earlier one, and says of each whether it held."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from actions import closure
from actions.campaign import set_state
from actions.evidence import add_evidence
from actions.look_back import Looked, record_check, take_over
from models.campaign import CampaignState
from models.deadline import DeadlineRule
from models.evidence import EvidenceKind, EvidencePurpose
from models.issue_word import VerifiedHow
from models.look_back import LookBackVerdict
from models.refusal import NotFoundOrNotYours, Refused, Stale
from queries.audit import verify
from queries.figures import figure_rows, figures
from queries.look_back import (
    ItemPage,
    LookBackState,
    TakeFilter,
    look_back_item,
    look_back_items,
    sources,
    takeable,
    takeable_ids,
)
from tests.actions.test_evidence import photo
from tests.factories import World
from tests.queries.test_issue import page, viewer
from tests.queries.test_repeat import next_campaign

LATER = date(2023, 7, 3)
FIVE = ("look_back_taken", "look_back_checked", "look_back_held", "look_back_rebounded", "look_back_never_done")


def a_year_later(world: World, *, ended: bool = True) -> int:
    """The first campaign concludes; the next one begins. Returns its id."""
    if ended:
        set_state(world.caller("office"), world.campaign_id, CampaignState.CONCLUDED, None)
    world.on(LATER)
    return next_campaign(world)


def taken(world: World) -> tuple[int, int, int]:
    """A closed problem taken over: the campaign that looks back, the problem, the item."""
    issue_id = world.closed()
    campaign_id = a_year_later(world)
    take_over(world.caller("office"), campaign_id, world.campaign_id, [issue_id])
    (row,) = look_back_items(viewer(world, "office"), campaign_id, LookBackState.ALL).rows
    return campaign_id, issue_id, row.id


def looked(verdict: LookBackVerdict = LookBackVerdict.REBOUNDED, **changes: object) -> Looked:
    base = Looked(verdict, VerifiedHow.ON_SITE, LATER, "回访12户，其中3户本年又没有收到。")
    return replace(base, **changes)  # type: ignore[arg-type]


def item(world: World, look_back_id: int, by: str = "office") -> ItemPage:
    return look_back_item(viewer(world, by), look_back_id)


def counted(world: World, campaign_id: int, as_of: date | None = None) -> tuple[object, ...]:
    today = world.caller("office").today
    found = figures(viewer(world, "office"), campaign_id, today, as_of=as_of, names=FIVE)
    for name in FIVE:
        listed = figure_rows(viewer(world, "office"), campaign_id, today, name, as_of=as_of)
        assert found[name].value == listed.total == len(listed.rows)
    return tuple(found[name].value for name in FIVE)


def test_what_is_taken_over_is_judged_and_counted_as_of_a_day(both_worlds: World) -> None:
    world = both_worlds
    campaign_id, issue_id, look_back_id = taken(world)
    assert counted(world, campaign_id) == (1, 0, 0, 0, 0)
    world.later(days=1)
    record_check(world.caller("inspector2"), look_back_id, looked(LookBackVerdict.HELD))
    world.later(days=1)
    record_check(world.caller("inspector2"), look_back_id, looked())
    days = (LATER, date(2023, 7, 4), date(2023, 7, 5))
    assert [counted(world, campaign_id, day) for day in days] == [
        (1, 0, 0, 0, 0), (1, 1, 1, 0, 0), (1, 1, 0, 1, 0)
    ]  # fmt: skip
    assert [check.verdict for check in item(world, look_back_id).checks] == [
        LookBackVerdict.REBOUNDED, LookBackVerdict.HELD
    ]  # fmt: skip
    assert page(world, issue_id).look_backs[0][1].finding == looked().finding
    assert verify(files=False).ok


def test_a_rebound_is_reopened_and_the_problem_keeps_what_was_found(world: World) -> None:
    campaign_id, issue_id, look_back_id = taken(world)
    record_check(world.caller("inspector2"), look_back_id, looked())
    assert (item(world, look_back_id).may_reopen, item(world, look_back_id, "inspector2").may_reopen) == (True, False)
    back = closure.Reopening(looked().finding, "回头看发现反弹", DeadlineRule.workdays(10))
    closure.reopen(world.caller("office"), issue_id, back)
    with pytest.raises(Refused, match="不是已销号"):
        record_check(world.caller("inspector2"), look_back_id, looked())
    assert counted(world, campaign_id) == (1, 1, 0, 1, 0)


def test_only_ended_campaigns_are_offered_and_what_was_taken_is_not_offered_again(world: World) -> None:
    first, second = world.closed(), world.closed(type_code="P104")
    running = a_year_later(world, ended=False)
    assert sources(viewer(world, "office"), running) == ()
    set_state(world.caller("office"), world.campaign_id, CampaignState.CONCLUDED, None)
    (source,) = sources(viewer(world, "office"), running)
    assert (source.id, source.left) == (world.campaign_id, 2)
    wanted = TakeFilter(types=("P104",))
    assert takeable_ids(viewer(world, "office"), running, source.id, wanted) == (second,)
    take_over(world.caller("office"), running, source.id, [second])
    rows, total = takeable(viewer(world, "office"), running, source.id, TakeFilter())
    assert (total, [row.issue_id for row in rows]) == (1, [first])


Attempt = Callable[[World], object]
REFUSED: dict[str, tuple[str, Attempt]] = {
    "taken twice": ("已经接收过", lambda w: [_take(w, *taken(w)[:2])]),
    "a campaign under way": ("收尾或归档", lambda w: _take_from_running(w)),
    "the same campaign": ("请选择以往", lambda w: take_over(w.caller("office"), 1, 1, [w.closed()])),
    "one that is not closed": ("只有已销号的", lambda w: _take_open(w)),
    "none": ("请选择要接收", lambda w: take_over(w.caller("office"), a_year_later(w), w.campaign_id, [])),
    "the unit's own people": ("的权限", lambda w: _check(w, "unit")),
    "who accepted it": ("您验收的", lambda w: _check(w, "inspector")),
    "a day to come": ("还没有到", lambda w: _check(w, "inspector2", looked_on=date(2023, 8, 1))),
    "a day before it was closed": ("早于销号", lambda w: _check(w, "inspector2", looked_on=date(2022, 7, 1))),
    "no finding": ("不少于 5 个字", lambda w: _check(w, "inspector2", finding="好")),
}


def _take(world: World, campaign_id: int, issue_id: int) -> int:
    return take_over(world.caller("office"), campaign_id, world.campaign_id, [issue_id])


def _take_from_running(world: World) -> None:
    issue_id = world.closed()
    _take(world, a_year_later(world, ended=False), issue_id)


def _take_open(world: World) -> None:
    issue_id = world.rectifying()
    _take(world, a_year_later(world), issue_id)


def _check(world: World, by: str, **changes: object) -> None:
    *_, look_back_id = taken(world)
    record_check(world.caller(by), look_back_id, looked(**changes))


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_looking_back_is_refused_with_its_reason(world: World, case: str) -> None:
    said, attempt = REFUSED[case]
    with pytest.raises(Refused, match=said):
        attempt(world)


def test_another_county_neither_takes_nor_judges_nor_sees_it(world: World) -> None:
    campaign_id, issue_id, look_back_id = taken(world)
    other = world.on(date(2024, 7, 1)) and next_of(world)
    with pytest.raises(NotFoundOrNotYours):
        take_over(world.caller("far_office"), other, world.campaign_id, [issue_id])
    with pytest.raises(NotFoundOrNotYours):
        record_check(world.caller("far_office"), look_back_id, looked())
    with pytest.raises(NotFoundOrNotYours):
        item(world, look_back_id, "far_office")
    assert look_back_items(viewer(world, "far_office"), campaign_id, LookBackState.ALL).rows == ()


def next_of(world: World) -> int:
    from actions.campaign import create_campaign

    return create_campaign(
        world.terminal(), "SL2024", "第三次回头看", "示例市", 2023, 2023, date(2024, 12, 1), CampaignState.OPEN
    )


def test_the_second_of_two_who_judge_is_told(world: World) -> None:
    *_, look_back_id = taken(world)
    record_check(world.caller("inspector2"), look_back_id, looked(), seen=0)
    with pytest.raises(Stale):
        record_check(world.caller("office2"), look_back_id, looked(LookBackVerdict.HELD), seen=0)


def test_photos_of_looking_back_stay_with_the_problem_of_an_archived_campaign(world: World) -> None:
    _, issue_id, _ = taken(world)
    set_state(world.caller("office"), world.campaign_id, CampaignState.ARCHIVED, None)
    given = dict(kind=EvidenceKind.PHOTO, purpose=EvidencePurpose.LOOK_BACK, data=photo(), caption="现场照片")
    add_evidence(world.caller("inspector2"), issue_id=issue_id, **given)  # type: ignore[arg-type]
    assert page(world, issue_id).evidence[0].purpose is EvidencePurpose.LOOK_BACK
    with pytest.raises(Refused, match="核查人"):
        add_evidence(world.caller("inspector"), issue_id=issue_id, **given | {"data": photo("green")})  # type: ignore[arg-type]

"""申辩: a ground with its papers, one answer each, and a clock that runs on."""

import pytest

from actions import closure, contest, rectification
from actions.news import NEWS
from models.contest import ContestVerdict
from models.evidence import EvidencePurpose
from models.issue import Verb
from models.issue_word import IssueStatus, VerifiedHow
from models.notice import NoticeKind
from models.refusal import Refused
from queries.notice import unread_news, unread_notices
from queries.today import waiting_for
from tests.actions.test_issue import stored
from tests.factories import World
from tests.queries.test_issue import page, viewer

GROUND = "清册上的面积是村里报错的，县农业局已于6月更正，我所按更正后的面积发放。"


def contested(world: World) -> int:
    """Under way, contested by the unit with one paper."""
    issue_id = world.rectifying()
    world.evidence(issue_id, purpose=EvidencePurpose.CONTEST)
    contest.contest(world.caller("unit"), issue_id, GROUND)
    return issue_id


def told(world: World, by: str) -> list[tuple[NoticeKind, str]]:
    asked = (viewer(world, by), world.campaign_id, world.caller(by).today)
    found = (*unread_notices(*asked).rows, *unread_news(*asked).rows)
    return [(row.kind, row.text) for row in found if row.kind not in NEWS.values()]


def test_whoever_contests_brings_papers_of_its_own(world: World) -> None:
    issue_id = world.rectifying()
    world.evidence(issue_id)  # of rectification: it proves another thing
    with pytest.raises(Refused, match="申辩须附材料"):
        contest.contest(world.caller("unit"), issue_id, GROUND)


def test_the_office_is_told_and_answers_once_and_the_unit_is_told(both_worlds: World) -> None:
    world = both_worlds
    issue_id = contested(world)
    waiting = waiting_for(viewer(world, "office"), world.campaign_id, world.caller("office").today).rows
    assert [(row.id, row.verb) for row in waiting] == [(issue_id, Verb.ANSWER)]
    assert told(world, "office2") == [(NoticeKind.CONTEST, GROUND)] and told(world, "far_office") == []
    contest.answer(world.caller("office"), issue_id, ContestVerdict.REJECTED, "更正只涉及2022年度，2021年度仍应补发。")
    with pytest.raises(Refused, match="没有待答复的申辩"):
        contest.answer(world.caller("office2"), issue_id, ContestVerdict.UPHELD, "同意责任单位的意见。")
    assert told(world, "unit2") == [(NoticeKind.ANSWER, "更正只涉及2022年度，2021年度仍应补发。")]
    (row,) = page(world, issue_id, "unit").contests
    assert (row.verdict, row.answered_by, len(row.papers)) == (ContestVerdict.REJECTED, "O某某", 1)


def test_a_second_time_it_needs_an_answer_to_the_first_and_papers_the_first_did_not_bring(world: World) -> None:
    issue_id = contested(world)
    with pytest.raises(Refused, match="已有申辩等待答复"):
        contest.contest(world.caller("unit"), issue_id, GROUND)
    contest.answer(world.caller("office"), issue_id, ContestVerdict.PARTLY, "请补充农业局的更正文件。")
    with pytest.raises(Refused, match="申辩须附材料"):
        contest.contest(world.caller("unit"), issue_id, GROUND)
    world.evidence(issue_id, purpose=EvidencePurpose.CONTEST)
    assert contest.contest(world.caller("unit"), issue_id, GROUND) == 1


def test_a_contest_stops_neither_the_clock_nor_the_way_to_closing_and_is_not_lost_on_it(world: World) -> None:
    issue_id = contested(world)
    deadline = stored(issue_id).deadline
    world.evidence(issue_id)
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    assert stored(issue_id).deadline == deadline
    assert Verb.ANSWER in page(world, issue_id, "office").verbs
    closure.accept(world.caller("inspector"), issue_id, VerifiedHow.ON_SITE, "入户核实，12户已收到。")
    closure.approve(world.caller("office2"), issue_id)
    assert stored(issue_id).status is IssueStatus.CLOSED
    assert [row.verdict for row in page(world, issue_id, "unit").contests] == [None]


def test_papers_of_a_contest_make_nobody_a_writer_of_the_rectification(world: World) -> None:
    issue_id = world.in_acceptance()
    world.evidence(issue_id, by="inspector", purpose=EvidencePurpose.CONTEST)
    assert Verb.ACCEPT in page(world, issue_id, "inspector").verbs

"""What a few problems of the demonstration go through besides: listed, rectified by the office itself, contested, given
more time, staged, sustained, referred, grouped under one cause.

Nothing here is left to chance, nothing changes a figure of the source.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from actions import common_problem, contest, extension, listing, referral, review
from actions.demonstration.places import Places, demo_moment
from actions.demonstration.problems import FIRST_DAY, Fate, Planned, Problem, picture
from actions.demonstration.schedule import LAST_MOMENT_DAY, Act
from actions.evidence import add_evidence
from actions.transaction import Caller
from models.contest import ContestVerdict
from models.evidence import EvidenceKind, EvidencePurpose
from models.issue_word import Handling, Nature
from models.measure import MeasurePlan
from models.referral import ReferralBody
from models.review import ReviewOrder
from queries.issue import issue_page
from queries.reading import reading
from queries.referral import unanswered_referrals

YESTERDAY = LAST_MOMENT_DAY - timedelta(days=1)


def plan_courses(places: Places, planned: Planned) -> list[Act]:
    """All acts of the problems, those of this page among them."""
    at_work = [p for p in planned.everything if p.is_at_work(LAST_MOMENT_DAY) and not p.further]
    at_work.sort(key=lambda problem: problem.found)
    _direct(places, _last(at_work, "P201", "曾都区"))
    _staged(_last(at_work, "P106", "曾都区"))
    further = [
        *_listed(places, _first(at_work, "P105", "曾都区")),
        *_contested(_last(at_work, "P103", "广水市"), None),
        *_contested(_first(at_work, "P103", "广水市"), ContestVerdict.REJECTED),
        *_sustained(_last(at_work, "P105", "广水市")),
        *_more_time(_last([p for p in at_work if p.by_unit == "unit"], "P105", "随县"), None),
        *_more_time(_last(at_work, "P201", "随县"), date(2022, 10, 31)),
        *_referred(planned.frauds),
        *_grouped(places, [problem for problem in planned.everything if "机动地" in problem.template.title]),
    ]
    return [act for problem in planned.everything for act in problem.acts] + further


def _first(problems: list[Problem], type_code: str, unit: str) -> Problem:
    return next(p for p in problems if p.template.type_code == type_code and p.village.unit == unit)


def _last(problems: list[Problem], type_code: str, unit: str) -> Problem:
    return _first(problems[::-1], type_code, unit)


def _at(day: date, do: Callable[[Caller], object], by: str, hour: int = 11) -> Act:
    moment: datetime = demo_moment(day, hour, 7)
    return Act(moment, do, by)


def _direct(places: Places, problem: Problem) -> None:
    """直查直办: the office's own people report, nobody signs."""
    problem.order = {"handling": Handling.DIRECT, "responsible_unit_id": places.office}
    problem.acts = [
        replace(act, by="office") if act.by == problem.by_unit else act
        for act in problem.acts
        if act.do != problem._sign
    ]


def _staged(problem: Problem) -> None:
    """分阶段整改 in two steps: the first is overdue, the limit is not."""
    assigned = problem.acts[1].at.date()
    steps = ("补齐历年清册的经办和审核签字", "逐户更新信息，公示 7 天")
    plans = tuple(MeasurePlan(text, assigned + timedelta(days=days)) for text, days in zip(steps, (4, 9), strict=True))
    problem.order = {"nature": Nature.STAGED, "measures": plans}


def _listed(places: Places, problem: Problem) -> Iterator[Act]:
    """挂牌督办 over the longest overdue one; its unit has not reported since."""

    def put_up(caller: Caller) -> None:
        listing.list_issue(caller, problem.issue_id, places.leader, "逾期一个多月，请主要负责人到村督办。")

    yield _at(date(2022, 9, 5), put_up, "leader")


def _contested(problem: Problem, verdict: ContestVerdict | None) -> Iterator[Act]:
    """The unit holds that some of the dead were already struck off; answered, or waiting for the office."""

    def say(caller: Caller) -> None:
        add_evidence(
            caller, issue_id=problem.issue_id, kind=EvidenceKind.DOCUMENT, purpose=EvidencePurpose.CONTEST,
            data=picture(7_000_000 + problem.number), caption="停发审批表",
        )  # fmt: skip
        contest.contest(caller, problem.issue_id, "其中 2 人当月已停发，系统到账为补发以前月份，附停发审批表。")

    def answer(caller: Caller) -> None:
        assert verdict is not None
        contest.answer(caller, problem.issue_id, verdict, "已核对审批表和银行流水，到账确为当月发放，按原要求整改。")

    day = problem.acts[-1].at.date() if verdict else YESTERDAY
    yield _at(day, say, problem.by_unit, hour=17)
    if verdict:
        yield _at(_working_day(day + timedelta(days=2)), answer, "office2")


def _sustained(problem: Problem) -> Iterator[Act]:
    """长期坚持: reviewed every two weeks, held once, the next review to come."""
    assigned = problem.acts[1].at.date()
    first = _working_day(assigned + timedelta(days=3))
    problem.order = {"nature": Nature.SUSTAINED, "reviews": ReviewOrder(first, 14, 3)}

    def look(caller: Caller) -> None:
        review.review(caller, problem.issue_id, review.ReviewDone(True, "入户回访 5 户，都能说出享受的补贴项目。"))

    yield _at(first, look, "office2", hour=17)


def _more_time(problem: Problem, granted: date | None) -> Iterator[Act]:
    """申请延期: granted, or waiting for the office."""

    def ask(caller: Caller) -> None:
        until = granted or date(2022, 10, 21)
        more = extension.MoreTime(until, "多数农户外出务工，银行账号要逐户核对。", "已核对一半农户的账号。")
        extension.extend(caller, problem.issue_id, more)

    def grant(caller: Caller) -> None:
        extension.decide_extension(caller, problem.issue_id, extension.TimeDecision(granted, "情况属实，同意延期。"))

    yield _at(date(2022, 9, 14), ask, problem.by_unit, hour=17)
    if granted:
        yield _at(YESTERDAY, grant, "office2")


def _referred(frauds: list[Problem]) -> Iterator[Act]:
    """Two whose officials were sanctioned went to discipline and came back; the one that stalls waits for its reply."""
    closed = [problem for problem in frauds if problem.fate is Fate.CLOSED][:2]
    for number, problem in enumerate(closed, start=1):
        referred = FIRST_DAY + timedelta(days=1)
        yield _at(referred, _refer(problem, number), "office", hour=17)
        yield _at(referred + timedelta(days=2), _reply(problem, number), "discipline", hour=17)
    waits = next(problem for problem in frauds if problem.fate is Fate.STALLED)
    yield _at(date(2022, 9, 8), _refer(waits, 3), "office")


def _refer(problem: Problem, number: int) -> Callable[[Caller], object]:
    def refer(caller: Caller) -> None:
        ground = "涉嫌侵占补贴资金，须查清经办人员责任。"
        order = referral.ReferralOrder(ReferralBody.DISCIPLINE, ground, f"示移〔2022〕{number}号", caller.today)
        referral.refer(caller, problem.issue_id, order)

    return refer


def _reply(problem: Problem, number: int) -> Callable[[Caller], object]:
    def reply(caller: Caller) -> None:
        with reading() as session:
            waiting = unanswered_referrals(session, problem.issue_id)[0].id
        said = referral.Reply("已受理，追缴和整改按职责继续办理。", f"示纪函〔2022〕{number}号", caller.today)
        referral.record_reply(caller, problem.issue_id, waiting, said)

    return reply


def _grouped(places: Places, problems: list[Problem]) -> Iterator[Act]:
    """共性问题: land let by villages without contract, met again and again in one place."""

    def group(caller: Caller) -> None:
        plan = common_problem.CommonPlan(
            "村集体机动地承包流于形式", "机动地没有合同和公示，面积底数靠村里口头上报。",
            "统一合同文本，逐村重新丈量，承包结果公示 7 天后再核定补贴面积。", places.bodies["大洪山"][0],
            date(2022, 10, 31),
        )  # fmt: skip
        with reading() as session:
            viewer = caller.look_up(session)
        pages = [issue_page(viewer, problem.issue_id, caller.today) for problem in problems if problem.issue_id]
        counted = [page.id for page in pages if page.status in page.status.counted()]
        common_problem.make_common_problem(caller, places.campaign_id, plan, counted)

    yield _at(YESTERDAY, group, "office", hour=16)


def _working_day(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day

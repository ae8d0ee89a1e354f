"""Measures: which lists may be asked for, which step comes next, how they read in one text."""

from datetime import date

import pytest

from models.issue_word import Nature
from models.measure import MOST, IssueMeasure, MeasurePlan, check_plans, done_text, list_text, next_step
from models.refusal import Refused

TODAY, DEADLINE = date(2022, 7, 4), date(2022, 7, 25)
FIRST, LAST = MeasurePlan("核对账号", date(2022, 7, 8)), MeasurePlan("补发到户", DEADLINE)


def measure(
    text: str, due: date | None = None, done: str = "", is_required: bool = True, line: int = 1
) -> IssueMeasure:
    return IssueMeasure(
        line=line, text=text, due=due, is_required=is_required, done=done or None, done_on=TODAY if done else None
    )


@pytest.mark.parametrize(
    ("plans", "sentence"),
    [
        ([MeasurePlan("补", None)], "第 1 项措施须写 2 到 300 个字，现在是 1 个字"),
        ([FIRST, MeasurePlan("  ", None)], "第 2 项措施"),
        ([MeasurePlan("补发到户", date(2022, 7, 3))], "2022年7月3日已经过去"),
        ([MeasurePlan("补发到户", date(2022, 7, 26))], "晚于整改时限2022年7月25日"),
        ([MeasurePlan(f"第{n}件事") for n in range(200)], f"一共 200 项，最多 {MOST} 项"),
    ],
)
def test_a_list_that_cannot_be_asked_for_is_refused_naming_the_measure(plans: list[MeasurePlan], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        check_plans(plans, Nature.IMMEDIATE, DEADLINE, TODAY)


@pytest.mark.parametrize("plans", [[], [FIRST], [FIRST, MeasurePlan("补发到户")], [FIRST, FIRST]])
def test_stages_need_two_different_days(plans: list[MeasurePlan]) -> None:
    with pytest.raises(Refused, match="至少要有两步"):
        check_plans(plans, Nature.STAGED, DEADLINE, TODAY)
    assert check_plans([FIRST, LAST], Nature.STAGED, DEADLINE, TODAY) == (FIRST, LAST)


def test_without_a_deadline_there_are_no_stages() -> None:
    with pytest.raises(Refused, match="没有时限"):
        check_plans([FIRST, LAST], Nature.STAGED, None, TODAY)


def test_the_next_step_is_the_earliest_open_one_the_office_asked_for() -> None:
    own = measure("自己加的", date(2022, 7, 5), is_required=False)
    done = measure("核对账号", date(2022, 7, 8), "逐户核对")
    late, later = measure("公示", date(2022, 7, 12)), measure("补发到户", DEADLINE)
    assert next_step([own, done, later, late, measure("立制度")]) is late
    assert next_step([own, done]) is None


def test_the_ledger_reads_all_of_them_the_request_what_was_done() -> None:
    measures = [measure("核对账号", FIRST.due, "逐户核对。"), measure("补发到户", DEADLINE), measure("立制度")]
    assert list_text(measures) == (
        "1. 核对账号（2022年7月4日完成：逐户核对）；2. 补发到户（应于 2022年7月25日 前完成）；3. 立制度（在办）。"
    )
    assert done_text(measures) == "核对账号：逐户核对。"
    assert list_text([]) == done_text(measures[1:]) == ""

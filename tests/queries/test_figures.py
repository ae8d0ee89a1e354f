"""Figures: each equals its rows, the same twice as of a past day, within one's region, and as the docs say."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions import issue
from actions.carry_over import CarryDecision, carry_over
from models.carry_over import CarryGround
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.masking import mask_name
from models.money import parse_yuan
from models.refusal import Refused
from models.role import Role
from queries.figure import Slice
from queries.figures import FIGURES, Figure, FigureRows, figure_rows, figures
from queries.reading import reading
from queries.standing import ask_for, standing
from queries.viewer import Place, Viewer, terminal_viewer, viewer_named
from tests.actions.attempts import conclude, next_campaign
from tests.busy import TODAY, busy, play_today
from tests.factories import World
from tests.samples import adopted

DOCS = Path(__file__).parent.parent.parent / "docs" / "figures.md"
YESTERDAY = TODAY - timedelta(days=1)
DESIGNED = (
    "issues_total", "issues_open", "issues_closed", "issues_overdue", "closure_rate", "villages_required",
    "villages_checked", "households_required", "households_checked", "people_checked", "money_recovered_cents",
    "people_disciplined", "person_trips", "villages_self_checked", "departments_self_checked",
    "households_self_checked", "people_self_checked", "issues_by_self_check", "cards_confirmed", "leaflets",
    "covert_visits", "questionnaires", "meetings",
)  # fmt: skip


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        found = viewer_named(session, name, world.terminal().today)
    assert found is not None
    return found


def values(
    world: World, name: str = "office", region: str | None = None, as_of: date | None = None
) -> dict[str, object]:
    found = figures(viewer(world, name), world.campaign_id, world.terminal().today, region, as_of)
    return {key: figure.value for key, figure in found.items()}


def rows(
    world: World, figure: str, who: str = "office", region: str | None = None, as_of: date | None = None
) -> FigureRows:
    return figure_rows(viewer(world, who), world.campaign_id, world.terminal().today, figure, region, as_of)


def column(found: FigureRows, start: str) -> list[str]:
    at = next(n for n, header in enumerate(found.headers) if header.startswith(start))
    return [row[at] for row in found.rows]


def cut(done: int, base: int) -> float:
    return (done * 1000 // base) / 10


def rate_of_towns(found: FigureRows) -> float:
    whole = next(h for h in found.headers if h.endswith(("总数", "总户数")))
    done, base = (sum(map(int, column(found, start))) for start in ("已查（", whole))
    return cut(done, base)


def adds_up(start: str) -> Callable[[FigureRows], object]:
    return lambda found: sum(map(int, column(found, start)))


OF_DEPARTMENTS = {"departments_self_checked", "money_self_checked_cents"}
"""A department belongs to a county, to no town."""
FROM_ROWS: dict[str, Callable[[FigureRows], object]] = {
    "closure_rate": lambda f: cut(column(f, "状态").count("已销号"), len(f.rows)),
    "longest_overdue_days": lambda f: max((TODAY - date.fromisoformat(d)).days for d in column(f, "整改时限")),
    "village_coverage_rate": rate_of_towns,
    "household_coverage_rate": rate_of_towns,
    "money_to_recover_cents": lambda f: sum(map(parse_yuan, column(f, "应追缴金额"))),
    "money_recovered_cents": lambda f: sum(map(parse_yuan, column(f, "已追缴金额"))),
    "money_to_pay_cents": lambda f: sum(map(parse_yuan, column(f, "应补发金额"))),
    "money_paid_cents": lambda f: sum(map(parse_yuan, column(f, "已补发金额"))),
    "money_remitted_cents": lambda f: sum(map(parse_yuan, column(f, "已缴库金额"))),
    "money_open_recover_cents": lambda f: sum(map(parse_yuan, column(f, "未追缴"))),
    "money_open_pay_cents": lambda f: sum(map(parse_yuan, column(f, "未补发"))),
    "money_open_remit_cents": lambda f: sum(map(parse_yuan, column(f, "追回未缴库"))),
    "money_self_checked_cents": lambda f: sum(map(parse_yuan, column(f, "覆盖资金"))),
    "households_self_checked": adds_up("入户（户）"),
    "people_self_checked": adds_up("入户（人）"),
    "cards_confirmed": adds_up("核实银行卡"),
    "people_disciplined": adds_up("人数"),
    **dict.fromkeys(("leaflets", "door_to_door", "meetings", "special_audits"), adds_up("数量")),
}
"""How a figure that is not simply the number of its rows comes out of them."""


SHOWN_ELSEWHERE = {
    "measures_overdue", "reviews_missed", "issues_common", "look_back_taken", "look_back_checked", "look_back_held",
    "look_back_rebounded", "look_back_never_done",
}  # fmt: skip
"""Nothing in a busy world; tests/actions/test_review.py, test_common_problem.py and test_look_back.py count them."""


def one_carried_over(world: World) -> None:
    """The campaign ends, and one problem that nobody was assigned goes on in the next one."""
    conclude(world, "office")
    with reading() as session:
        left = sa.select(Issue.id).where(Issue.status == IssueStatus.REGISTERED).order_by(Issue.id)
        issue_id = session.scalars(left).first()
    assert issue_id is not None
    decision = CarryDecision(CarryGround.NEXT, "下一年继续办理。", next_campaign(world))
    carry_over(world.caller("office"), issue_id, decision)


def test_every_figure_equals_its_rows(both_worlds: World) -> None:
    world = busy(both_worlds)
    one_carried_over(world)
    for name, value in values(world).items():
        found = rows(world, name)
        assert found.total == len(found.rows), name
        assert FROM_ROWS.get(name, lambda f: f.total)(found) == value, name
        assert found.figure.value == value
        assert value or name in SHOWN_ELSEWHERE, f"{name} is nothing in a busy world: the test shows nothing"
        assert all(len(row) == len(found.headers) and all(row) for row in found.rows), name


def test_a_slice_of_the_rows_is_a_part_of_all(world: World) -> None:
    busy(world)
    for name in FIGURES:
        whole = rows(world, name)
        person, today = viewer(world, "office"), world.terminal().today
        part = figure_rows(person, world.campaign_id, today, name, part=Slice(1, 2))
        assert part.rows == whole.rows[1:3], name
        assert part.issue_ids == whole.issue_ids[1:3], name
        assert part.total == whole.total


def test_today_read_from_the_record_is_today_read_from_the_events(both_worlds: World) -> None:
    world = busy(both_worlds)
    with reading() as session:
        now = ask_for(session, viewer(world, "office"), world.campaign_id, TODAY)
        then = replace(now, today=TODAY + timedelta(days=1))
        assert then.is_past and not now.is_past
        one, other = (set(map(tuple, session.execute(standing(ask).select()))) for ask in (now, then))
    assert len(one) > 15
    assert one == other


def test_yesterday_stays_as_it_was_whatever_happens_today(both_worlds: World) -> None:
    world = busy(both_worlds)
    before = values(world.on(TODAY), as_of=YESTERDAY)
    listed = {name: rows(world, name, as_of=YESTERDAY) for name in FIGURES}
    play_today(world)
    changed = values(world)
    assert values(world, as_of=YESTERDAY) == before
    assert {name: rows(world, name, as_of=YESTERDAY) for name in FIGURES} == listed
    assert {name for name in before if changed[name] != before[name]} >= {
        "issues_total", "returns_in_week", "households_self_checked", "person_trips",
    }  # fmt: skip


def test_what_is_overdue_comes_longest_first_with_its_days(world: World) -> None:
    found = rows(busy(world), "issues_overdue", as_of=TODAY)
    days = [int(d) for d in column(found, "超期（日历日）")]
    assert len(days) > 1 and days == sorted(days, reverse=True)
    assert days == [(TODAY - date.fromisoformat(d)).days for d in column(found, "整改时限")]


def test_newly_overdue_are_those_overdue_now_and_not_seven_days_before(both_worlds: World) -> None:
    world = busy(both_worlds)
    for day in (date(2022, 7, 28), date(2022, 8, 5), YESTERDAY, TODAY):
        now = set(rows(world, "issues_overdue", as_of=day).issue_ids)
        before = set(rows(world, "issues_overdue", as_of=day - timedelta(days=7)).issue_ids)
        assert set(rows(world, "overdue_since_week", as_of=day).issue_ids) == now - before
    assert now - before and now & before


def test_a_title_corrected_today_reads_yesterday_as_it_read_then(world: World) -> None:
    found = world.on(YESTERDAY).rectifying(title="甲一村旧标题")
    issue.correct(world.on(TODAY).caller("office"), found, "title", "甲一村新标题", "写错了")
    issue.correct(world.caller("office"), found, "title", "甲一村第三个标题", "又写错了")
    assert column(rows(world, "issues_total"), "问题") == ["SL2022-JX-0001"]
    assert rows(world, "issues_total").rows[0][1] == "甲一村第三个标题"
    assert rows(world, "issues_total", as_of=YESTERDAY).rows[0][1] == "甲一村旧标题"


def test_numbers_and_names_in_what_a_figure_lists_are_masked(world: World) -> None:
    busy(world)
    world.registered(title="张某某110101199003078515少发一笔")
    assert "110101199003078515" not in str(rows(world, "issues_total").rows)
    people = rows(world, "people_checked")
    assert {mask_name(name) for name in column(people, "姓名")} == set(column(people, "姓名"))
    assert {mask_name(name) for name in column(rows(world, "households_required"), "户主")} == set(
        column(rows(world, "households_required"), "户主")
    )


def test_a_county_office_counts_its_own_county(both_worlds: World) -> None:
    world = busy(both_worlds)
    own = values(world, "far_office")
    assert values(world, "far_office", as_of=YESTERDAY)["issues_total"] == 2
    assert own["issues_total"] == 2 and values(world)["issues_total"] != 2
    assert own == values(world, "office", region="421382000000")
    for name in FIGURES:
        assert "甲" not in "".join(column(rows(world, name, "far_office"), "填报单位"))


def test_places_add_up_to_the_whole(both_worlds: World) -> None:
    world = busy(both_worlds)
    whole, counties = values(world), [values(world, region=code) for code in ("421381", "421382000000")]
    towns = [values(world, region=code) for code in ("421381901", "421381902000", "421382901")]
    for name in FIGURES:
        if not name.endswith("_rate") and name != "longest_overdue_days":
            assert sum(c[name] for c in counties) == whole[name], name  # type: ignore[misc]
            in_towns = 0 if name in OF_DEPARTMENTS else whole[name]
            assert sum(t[name] for t in towns) == in_towns, name  # type: ignore[misc]
    in_village = column(rows(world, "issues_total"), "村").count("甲一村")
    assert values(world, region="421381901201")["issues_total"] == in_village
    assert values(world, region="421300000000") == whole


@pytest.mark.parametrize("code", ["421381000000", "421381901000", "421381901201", "999999", "421383"])
def test_a_place_that_is_not_ones_own_is_refused_like_one_that_does_not_exist(world: World, code: str) -> None:
    with pytest.raises(Refused, match=f"没有代码为 {code} 的填报单位、乡镇或村，或者它不在您的权限范围内。"):
        values(world, "far_office", region=code)


@pytest.mark.parametrize("name", ["unit", "inspector", "admin", "security", "discipline"])
def test_who_has_no_dashboard_gets_no_figure_and_no_rows(world: World, name: str) -> None:
    with pytest.raises(Refused, match="查看驾驶舱"):
        values(world, name)
    with pytest.raises(Refused, match="查看驾驶舱"):
        rows(world, "issues_total", name)


def test_another_roles_region_adds_nothing_to_the_figures(world: World) -> None:
    adopted(world)
    office = viewer(world, "far_office")
    wide = next(g for g in viewer(world, "inspector").grants if g.role is Role.INSPECTOR)
    both = replace(office, grants=(*office.grants, replace(wide, places=(Place(),))))
    asked = [figures(v, world.campaign_id, world.terminal().today) for v in (office, both)]
    assert asked[0] == asked[1]


def test_a_day_to_come_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="截至日期不能晚于今天"):
        values(world, as_of=world.terminal().today + timedelta(days=1))


def test_an_empty_campaign_has_nothing_and_no_rates(world: World) -> None:
    found = figures(terminal_viewer("tests"), world.campaign_id, world.terminal().today)
    assert {f.value for f in found.values()} == {0, None}
    assert found["closure_rate"].text == "—"


def test_the_day_before_the_first_record_knows_nothing(world: World) -> None:
    busy(world)
    assert set(values(world, as_of=date(2022, 7, 3)).values()) == {0, None}


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [("件", 1234, "1,234 件"), ("%", 29.9, "29.9%"), ("分", 342000, "3,420.00 元"), ("%", None, "—")],
)
def test_a_figure_is_written_with_its_unit(unit: str, value: float | None, text: str) -> None:
    assert Figure("f", "l", unit, "d", value).text == text


def test_the_names_of_the_terminals_contract_are_there() -> None:
    assert set(DESIGNED) <= set(FIGURES)


def test_the_table_in_the_docs_is_the_table_in_the_code() -> None:
    written = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert written == [(name, d.label, d.unit, d.definition) for name, d in FIGURES.items()]

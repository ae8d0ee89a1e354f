"""我的待办 by role: the state first, the verb that is mine on each row, what others have apart."""

from datetime import date

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from actions import closure
from actions.grant import propose_grant
from models.database import Database
from models.role import Role
from pages.home import leader, work
from tests.busy import TODAY, busy
from tests.factories import World
from tests.pages.conftest import OpenPage


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Worlds of other tests had the same ids and days."""
    leader._overview.clear()


def words(app: AppTest) -> str:
    return "\n".join(str(e.value) for e in (*app.title, *app.markdown, *app.caption))


def links(app: AppTest) -> dict[str, str]:
    """Label → address of what a click opens."""
    return {e.proto.label: f"{e.proto.page}?{e.proto.query_string}" for e in app.get("page_link")}


def verbs(app: AppTest) -> list[str]:
    return [b.label for b in app.button if b.key and b.key.startswith("go_")]


def test_a_units_five_figures_open_their_rows_in_the_ledger(world: World, open_page: OpenPage) -> None:
    busy(world)
    app = open_page("unit")
    assert not app.exception
    figures = [e.proto for e in app.get("page_link") if "件" in e.proto.label and e.proto.page == "ledger"][:5]
    for figure in figures:
        name, _, value = figure.query_string.partition("=")
        ledger = open_page("unit", "ledger/ledger.py", **{name: _decoded(value)})
        total = int(figure.label.removeprefix(":red[").split(" ")[0])
        shown = words(ledger)
        assert (f"共 **{total}** 件" in shown) if total else ("没有符合条件的问题" in shown), figure.label


def _decoded(value: str) -> str:
    from urllib.parse import unquote_plus

    return unquote_plus(value)


def test_only_the_first_row_has_the_primary_button(world: World, open_page: OpenPage) -> None:
    busy(world)
    for name in ("unit", "office"):
        app = open_page(name)
        kinds = [b.proto.type for b in app.button if b.key and b.key.startswith("go_issue_")]
        assert kinds[0] == "primary" and set(kinds[1:]) == {"secondary"}


def test_a_list_that_grows_is_shown_twenty_by_twenty(
    world: World, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "SHOWN", 2)
    for _ in range(5):
        world.registered()
    app = open_page("office")
    assert len(verbs(app)) == 2
    app.button(key="thumb_more_work").click().run()
    assert len(verbs(app)) == 4 and app.button(key="thumb_more_work").label == "再看 1 件（还有 1 件）"


def test_a_leader_sees_on_one_screen_who_is_behind_and_what_waits_for_a_decision(
    world: World, open_page: OpenPage
) -> None:
    busy(world)
    world.in_approval(type_code="P302", title="甲一村涉嫌截留补贴资金")
    app = open_page("leader")
    assert not app.exception
    assert "去审批" in verbs(app)
    said = words(app)
    assert "**甲县**" in said and "**乙市**" in said and "超期最久的" in said
    assert any(a.startswith("figure?") and "issues_overdue" in a and "place=" in a for a in links(app).values())


def test_a_leader_of_one_county_sees_its_towns(world: World, open_page: OpenPage) -> None:
    busy(world)
    with Database.writers() as session:
        session.execute(
            sa.text("update membership set reporting_unit_id = :unit where user_id = :user"),
            {"unit": world.reporting_units["甲县"], "user": world.users["leader"]},
        )
        session.commit()
    said = words(open_page("leader"))
    assert "**示例一镇**" in said and "**乙市**" not in said


def test_an_auditor_sees_the_head_and_that_nobody_verified_until_somebody_does(
    world: World, open_page: OpenPage
) -> None:
    app = open_page("auditor")
    assert len(app.code) == 1
    assert "最近没有校验过全部记录" in words(app)
    open_page("auditor", "admin/audit.py").button(key="verify").click().run()
    assert "上次校验全部相符" in words(open_page("auditor"))


def test_what_an_auditor_opens_is_what_was_counted(world: World, open_page: OpenPage) -> None:
    for role in (Role.INSPECTOR, Role.LEADER):
        propose_grant(world.caller("admin"), "office", role)
    assert "去确认" in verbs(open_page("security"))
    app = open_page("auditor")
    assert links(app)["授权 ›"].endswith("audit_words=%E6%8E%88%E6%9D%83")
    assert "2 次" in words(app)
    log = open_page("auditor", "admin/audit.py", audit_words="授权").dataframe[0].value
    assert list(log["做了什么"]) == ["提出授权"] * 2
    assert "角色 领导" in log["说明"][0]


def test_admin_and_security_see_accounts_and_grants_and_nothing_of_a_case(world: World, open_page: OpenPage) -> None:
    world.in_acceptance()
    security = open_page("security")
    assert "没有等您确认的授权" in words(security) and "现在登录的人" in words(security)
    admin = open_page("admin")
    assert "没有等待确认的授权" in words(admin) and ":red[没有]" in links(admin)
    for app in (security, admin):
        assert not app.exception
        assert "甲一村" not in words(app) and not any("ledger" in a for a in links(app).values())


def test_discipline_is_told_plainly_that_nothing_was_referred(open_page: OpenPage, world: World) -> None:
    app = open_page("discipline")
    assert "没有等您回复的移送" in words(app)


def test_what_was_given_back_says_why_on_the_row(world: World, open_page: OpenPage) -> None:
    issue_id = world.in_acceptance()
    closure.return_to_unit(world.caller("inspector"), issue_id, "照片看不清日期，请重拍。")
    assert "照片看不清日期" in words(open_page("unit"))


def test_the_day_of_the_page_is_the_rehearsed_one(world: World, open_page: OpenPage) -> None:
    busy(world)
    assert date(2022, 8, 12) == TODAY
    assert "8月12日 星期五" in words(open_page("unit"))

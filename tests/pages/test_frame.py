"""What every page stands in: menu, words of the day, refusals, another person's tab, a database that is away."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from models.database import Database
from models.local_time import local_day
from models.refusal import Refused
from models.user import Session as SignIn
from pages.frame import notice, password_form, who
from pages.frame.look import escape
from pages.frame.menu import MENU
from queries.reading import reading
from queries.viewer import Viewer, viewer_named
from tests.conftest import ROOT
from tests.factories import World
from tests.pages.conftest import OpenPage, mint

ACCOUNT = "home/account.py"


def seen(world: World, name: str) -> Viewer:
    with reading() as session:
        viewer = viewer_named(session, name, local_day(world.now))
    assert viewer is not None
    return viewer


def write(statement: str) -> None:
    with Database.writers() as session:
        session.execute(sa.text(statement))
        session.commit()


def texts(app: AppTest) -> str:
    return "\n".join(m.value for m in (*app.title, *app.markdown, *app.error, *app.caption))


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        (
            "admin",
            [
                "我的待办",
                "名册与发放登记",
                "时间表与任务书",
                "第一次使用",
                "专项治理",
                "区划与填报单位",
                "工作日历",
                "单位",
                "人员与账号",
                "备份",
                "使用手册",
                "我的账号",
            ],
        ),
        ("security", ["我的待办", "人员与账号", "登录情况", "使用手册", "我的账号"]),
        ("discipline", ["我的待办", "移送与问责", "使用手册", "我的账号"]),
        ("unit", ["我的待办", "整改台账", "登记问题", "共性问题", "回头看", "时间表与任务书", "使用手册", "我的账号"]),
        (
            "inspector",
            [
                "我的待办",
                "抽样",
                "一户一表",
                "整改台账",
                "登记问题",
                "共性问题",
                "回头看",
                "时间表与任务书",
                "使用手册",
                "我的账号",
            ],
        ),
        (
            "leader",
            [
                "我的待办",
                "抽样",
                "一户一表",
                "整改台账",
                "共性问题",
                "回头看",
                "驾驶舱",
                "追缴补发",
                "时间表与任务书",
                "使用手册",
                "我的账号",
            ],
        ),
        (
            "auditor",
            [
                "我的待办",
                "抽样",
                "一户一表",
                "整改台账",
                "共性问题",
                "回头看",
                "驾驶舱",
                "追缴补发",
                "时间表与任务书",
                "操作记录",
                "使用手册",
                "我的账号",
            ],
        ),
    ],
)
def test_the_menu_shows_what_is_ones_own(world: World, name: str, titles: list[str]) -> None:
    viewer = seen(world, name)
    assert [e.title for e in MENU if e.is_for(viewer) and not e.hidden] == titles


def test_nobody_signed_in_sees_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who, "cookie_token", lambda: None)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20).switch_page(f"pages/{ACCOUNT}").run()
    assert not app.title
    assert not app.exception


def test_a_rehearsed_day_and_invented_data_are_said_on_every_page(world: World, open_page: OpenPage) -> None:
    assert "日期按 2022年7月4日 演练" in texts(open_page("unit", ACCOUNT))
    assert "演示数据" not in texts(open_page("unit", ACCOUNT))
    write("update campaign set is_demonstration = 1")
    assert "演示数据" in texts(open_page("unit", ACCOUNT))


def test_another_persons_tab_is_emptied(world: World, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("admin", "admin/people.py")
    app.text_input(key="people_words").set_value("inspector").run()
    app.session_state["_campaign_id"] = 77
    other = mint(world, "security")
    monkeypatch.setattr(who, "cookie_token", lambda: other)
    app.run()
    assert "_campaign_id" not in app.session_state
    assert "共 **14** 个账号" in texts(app)


def test_a_click_in_another_persons_tab_does_nothing(
    world: World, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("office", "admin/campaign.py")
    app.button(key="state_CONCLUDED").click().run()
    other = mint(world, "office2")
    monkeypatch.setattr(who, "cookie_token", lambda: other)
    app.button(key="state_confirm").click().run()
    with reading() as session:
        assert session.scalar(sa.text("select state from campaign")) == "OPEN"


def test_without_a_database_there_is_one_sentence_and_work_resumes(
    world: World, open_page: OpenPage, tmp_path: Path
) -> None:
    app = open_page("unit", ACCOUNT)
    assert Database.engine is not None
    home = Database.engine.url.render_as_string(hide_password=False)
    Database.open(f"sqlite:///{tmp_path}/no such folder/x.db")
    app.run()
    assert [t.value for t in app.title] == ["暂时打不开"]
    assert "数据库暂时连不上" in texts(app)
    Database.open(home)
    app.run()
    assert [t.value for t in app.title] == ["我的账号"]


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [("update alembic_version set version_num = 'of last year'", "数据库还没有升级"),
     ("drop table alembic_version", "数据库还没有建立")],
)  # fmt: skip
def test_a_schema_of_another_version_is_not_worked_on(
    world: World, open_page: OpenPage, statement: str, sentence: str
) -> None:
    write(statement)
    app = open_page("unit", ACCOUNT)
    assert sentence in texts(app)
    assert not app.button


def test_an_unforeseen_error_is_one_sentence_with_the_number_of_the_log_line(
    world: World, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("something nobody thought of")

    monkeypatch.setattr(password_form, "change_password", broken)
    app = open_page("unit", ACCOUNT)
    app.button(key="change_password").click().run()
    (error,) = app.error
    number = re.search(r"事件号 ([0-9A-F]{8})", error.value)
    assert number is not None
    assert number.group(1) in caplog.text
    assert "nobody thought" not in error.value


def test_a_refusal_stays_until_the_next_click_and_does_not_follow_to_another_page(
    world: World, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("admin", ACCOUNT)
    app.button(key="change_password").click().run()
    assert [e.value for e in app.error] == ["请填写现在的密码。"]
    app.run()
    assert len(app.error) == 1
    app.switch_page("pages/admin/people.py").run()
    assert not app.error


def test_a_fragment_and_its_page_do_not_both_say_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {notice.RUN: 1}
    said: list[str] = []
    monkeypatch.setattr(notice.st, "session_state", _State(state))
    monkeypatch.setattr(notice.st, "error", lambda sentence, icon: said.append(sentence))

    def refused() -> None:
        raise Refused("不行。")

    notice.attempt(refused)
    notice.show_notices()
    notice.show_notices()
    assert said == ["不行。"]


class _State(dict[str, object]):
    """As much of session_state as notices use."""


@pytest.mark.parametrize(
    "text", ["张*某*", "$1$", "[a](b)", "1. 一", "- 二", "# 三", ":red[四]", "<b>", "a_b_c", "`x`"]
)
def test_plain_text_survives_markdown(text: str) -> None:
    marks = re.findall(r"(?<!\\)[*_\[\]#$:<>`]", escape(text))
    assert marks == []
    assert escape(text).replace("\\", "") == text


def test_what_follows_an_action_is_not_cut_off_by_a_second_click() -> None:
    def script() -> None:
        import streamlit as st
        from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

        from pages.frame.notice import attempt

        def clicked_again() -> bool:
            get_script_run_ctx().script_requests.request_rerun(RerunData())
            return True

        def close() -> None:
            attempt(clicked_again)
            st.session_state["closed"] = True

        st.button("办理", key="act", on_click=close)

    app = AppTest.from_function(script).run()
    app.button(key="act").click().run()
    assert "closed" in app.session_state


def test_everybody_finds_their_name_role_and_the_way_out_on_every_page(world: World, open_page: OpenPage) -> None:
    app = open_page("leader", ACCOUNT)
    assert "L某某 · 领导" in [link.proto.label for link in app.get("page_link")]
    app.button(key="frame_leave").click().run()
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).where(SignIn.ended_at.is_(None))) == 0

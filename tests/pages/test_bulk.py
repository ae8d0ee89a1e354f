"""Rows ticked in the ledger: the bar, the dialog, the results; as many hands as there are rows."""

import pytest
from streamlit.testing.v1 import AppTest

from actions import assignment
from models.issue_word import IssueStatus
from pages.frame.worker import Worker
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.pages.test_issue import status, verbs_done, write
from tests.pages.test_ledger import LEDGER, words


def tick(app: AppTest, *rows: int) -> AppTest:
    """Ticks rows of the table by their place."""
    app.session_state["ledger_table_0"] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return app.run()


def choose_unit(app: AppTest, unit_id: int) -> AppTest:
    return next(box for box in app.selectbox if str(box.key).endswith("_unit")).select(unit_id).run()


def test_the_summary_line_becomes_the_bar_for_whoever_may(world: World, open_page: OpenPage) -> None:
    for _ in range(3):
        world.rectifying()
    bar = tick(open_page("office", LEDGER), 0, 2)
    assert "已选 **2** 件" in words(bar)
    assert {"bulk_remind", "bulk_assign", "untick"} <= {str(b.key) for b in bar.button}
    leader = tick(open_page("leader", LEDGER), 0)
    assert {str(b.key) for b in leader.button if str(b.key).startswith("bulk_")} == {"bulk_remind"}
    assert [b.key for b in tick(open_page("inspector", LEDGER), 0).button if str(b.key).startswith("bulk_")] == []


def test_those_ticked_are_chased_and_the_toast_says_how_many(world: World, open_page: OpenPage) -> None:
    ids = [world.rectifying() for _ in range(2)]
    app = tick(open_page("office", LEDGER), 0, 1)
    app.button(key="bulk_remind").click().run()
    assert "催办 2 件，通知轮到办理的人？" in words(app)
    app.button(key="bulk_confirm").click().run()
    assert not app.exception and not app.error
    assert [t.value for t in app.toast] == ["已催办 2 件，1 个单位收到通知"]
    assert [verbs_done(i)[-1] for i in ids] == ["remind", "remind"]
    assert "已选" not in words(app)


def test_a_row_that_changed_meanwhile_is_a_line_with_its_reason(world: World, open_page: OpenPage) -> None:
    ids = [world.registered() for _ in range(2)]
    app = tick(open_page("office", LEDGER), 0, 1)
    app.button(key="bulk_assign").click().run()
    assert app.button(key="bulk_confirm").disabled
    choose_unit(app, world.units["示例一镇财政所"])
    for field, value in (("leader", "李某某"), ("person", "陈某某"), ("requirements", "补发差额，公示7天。")):
        write(app, field, value)
    assert "将 2 件交办给示例一镇财政所，时限 2022-07-25？" in words(app)
    assignment.assign(world.caller("office2"), ids[0], world.order())
    app.button(key="bulk_confirm").click().run()
    assert "已交办 1 件；1 件没有办，原因列在下面" in words(app)
    assert list(app.table[0].value["结果"]) == ["选中之后有人改动过本件，没有办理；请看过最新情况再办。"]
    assert [status(i) for i in ids] == [IssueStatus.RECTIFYING] * 2
    app.button(key="bulk_seen").click().run()
    assert "没有办，原因列在下面" not in words(app)


def test_whoever_leaves_in_the_middle_finds_the_results_later(
    world: World, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.rectifying()
    with monkeypatch.context() as asleep:
        asleep.setattr(Worker, "wake", lambda self: None)
        asleep.setattr(Worker, "wait", lambda self, has_ended, seconds: None)
        app = tick(open_page("office", LEDGER), 0)
        app.button(key="bulk_remind").click().run()
        app.button(key="bulk_confirm").click().run()
        assert "可以离开本页或关掉浏览器" in words(app)
        assert "可以离开本页或关掉浏览器" in words(open_page("office", LEDGER))

"""工作日历: what a notice would move is seen before it is entered."""

from datetime import date

from queries.calendar import overrides
from tests.factories import World
from tests.pages.conftest import OpenPage


def test_office_sees_what_a_holiday_moves_and_enters_it_once(world: World, open_page: OpenPage) -> None:
    world.rectifying()
    app = open_page("office", "admin/calendar.py")
    app.date_input(key="day_first").set_value(date(2022, 7, 6))
    app.date_input(key="day_last").set_value(date(2022, 7, 8)).run()
    assert any("录入后将移动 **1** 件" in m.value for m in app.markdown)
    app.text_input(key="day_reason").set_value("防汛停工")
    app.text_input(key="day_document").set_value("某政办发〔2022〕12号").run()
    app.button(key="day_save").click().run()
    assert not app.exception and not app.error
    assert [t.value for t in app.toast] == ["已录入，1 件问题的截止日期随之调整"]
    assert [o.day.day for o in overrides()] == [8, 7, 6]


def test_an_admin_reads_the_calendar_and_enters_nothing(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", "admin/calendar.py")
    assert not app.exception
    assert "day_save" not in [b.key for b in app.button]

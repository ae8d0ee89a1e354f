"""驾驶舱 and the rows behind a figure: what is shown is what the figures say, for one's own place, as of a day."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from pages.office import dashboard_answer
from queries.dashboard import dashboard
from queries.figures import FIGURES, figures
from queries.reading import reading
from queries.viewer import Viewer, viewer_named
from tests.busy import TODAY, busy, play_today
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.queries.test_figures import SHOWN_ELSEWHERE

DASHBOARD, FIGURE = "office/dashboard.py", "office/figure.py"
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Worlds of other tests had the same ids and days."""
    dashboard_answer._answer.clear()
    dashboard_answer._pictures.clear()


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        found = viewer_named(session, name, world.terminal().today)
    assert found is not None
    return found


def links(app: AppTest) -> dict[str, str]:
    """Label by the figure each link opens."""
    found = [element.proto for element in app.get("page_link")]
    return {p.query_string.split("name=")[1].split("&")[0]: p.label for p in found if "name=" in p.query_string}


def words(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in [*app.title, *app.markdown, *app.caption, *app.info])


def test_every_number_on_the_dashboard_opens_the_rows_of_its_figure(world: World, open_page: OpenPage) -> None:
    busy(world)
    app = open_page("leader", DASHBOARD)
    assert not app.exception
    shown = links(app)
    found = figures(viewer(world, "leader"), world.campaign_id, TODAY)
    assert len(shown) == 6 + 4 + 7
    for name in ("villages_checked", "households_checked", "issues_open", "closure_rate"):
        assert shown[name] == found[name].text
    assert shown["issues_overdue"] == f":red[{found['issues_overdue'].text}]"
    assert shown["money_recovered_cents"] == "1,200.00 元"
    assert set(shown) <= set(FIGURES)


WITHOUT_ROWS = SHOWN_ELSEWHERE | {"issues_carried_over"}
"""Nothing in a busy world: its page says so in a sentence."""


def test_the_page_behind_a_figure_shows_value_definition_and_rows(world: World, open_page: OpenPage) -> None:
    busy(world)
    for name, definition in FIGURES.items():
        app = open_page("auditor", FIGURE, name=name)
        assert not app.exception, name
        assert app.title[0].value.startswith(definition.label)
        assert len(app.dataframe) == (0 if name in WITHOUT_ROWS else 1), name
        assert name in WITHOUT_ROWS or len(app.dataframe[0].value) > 0, name


def test_a_county_is_asked_for_by_the_buttons_name(world: World, open_page: OpenPage) -> None:
    busy(world)
    app = open_page("office", DASHBOARD)
    app.segmented_control(key="region").set_value("乙市").run()
    assert links(app)["issues_open"] == "2 件"
    assert "示例三镇" not in words(app)
    app = open_page("office", FIGURE, name="issues_open", place="乙市")
    assert app.title[0].value == "未销号问题　2 件"
    assert list(app.dataframe[0].value["填报单位"]) == ["乙市", "乙市"]


def test_a_past_day_is_shown_as_it_was(world: World, open_page: OpenPage) -> None:
    busy(world)
    app = open_page("office", DASHBOARD)
    app.date_input(key="as_of").set_value(YESTERDAY).run()
    before = links(app)
    play_today(world)
    app.run()
    assert links(app) == before
    app.date_input(key="as_of").set_value(TODAY).run()
    assert links(app) != before


def test_whoever_has_one_county_sees_its_name_and_nothing_to_choose(world: World, open_page: OpenPage) -> None:
    busy(world)
    app = open_page("far_office", DASHBOARD)
    assert not app.exception
    assert not app.segmented_control
    assert "**乙市**" in words(app)
    assert links(app)["issues_open"] == "2 件"


def test_another_county_is_refused_in_words_on_the_page_behind(world: World, open_page: OpenPage) -> None:
    app = open_page("far_office", FIGURE, name="issues_open", place="421381000000")
    assert [i.value for i in app.info] == ["没有代码为 421381000000 的填报单位、乡镇或村，或者它不在您的权限范围内。"]
    assert not app.dataframe


def test_who_has_no_dashboard_is_told_so_on_both_pages(world: World, open_page: OpenPage) -> None:
    for name in ("unit", "inspector"):
        for page in (DASHBOARD, FIGURE):
            app = open_page(name, page, name="issues_open")
            assert [t.value for t in app.title] == ["这一页不对您开放"]


def test_before_anything_happened_the_dashboard_says_what_is_missing(world: World, open_page: OpenPage) -> None:
    app = open_page("leader", DASHBOARD)
    assert not app.exception
    said = words(app)
    assert "截至当日没有采用的抽样结果" in said
    assert said.count("截至当日没有登记的问题") == 3
    assert links(app)["closure_rate"] == "—"
    assert "没有这样的行" in words(open_page("leader", FIGURE, name="issues_open"))


def test_a_wrong_link_is_answered_in_words(world: World, open_page: OpenPage) -> None:
    app = open_page("leader", FIGURE, name="nonsense", day="2022-13-41")
    assert [t.value for t in app.title] == ["没有这个指标"]
    app = open_page("leader", FIGURE, **{"name": "issues_open", "day": "2022-13-41"})
    assert not app.exception
    assert app.title[0].value == "未销号问题　0 件"


def test_a_second_look_asks_the_record_for_its_head_only(
    world: World, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counted(*given: object) -> object:
        asked.append(given)
        return dashboard(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(dashboard_answer, "dashboard", counted)
    app = open_page("leader", DASHBOARD)
    app.run()
    assert len(asked) == 1
    world.registered()
    app.run()
    assert len(asked) == 2


def test_a_page_beyond_the_last_is_the_last(world: World, open_page: OpenPage) -> None:
    busy(world)
    app = open_page("leader", FIGURE, name="issues_open")
    app.query_params["page"] = "99"
    app.run()
    assert not app.exception
    assert len(app.dataframe[0].value) > 0

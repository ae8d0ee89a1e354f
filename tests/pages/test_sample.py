"""抽样: each state of the page says what is next, and the buttons do it."""

from actions import sample
from queries.reading import reading
from queries.sample import Sampling, sampling
from queries.sample_check import verify_draw
from queries.viewer import Viewer, viewer_named
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.rosters import add_roster
from tests.samples import SEED, SIZES, SOURCE, adopted, day, frozen, households, villages, visit

PAGE = "field/sample.py"


def person(world: World) -> Viewer:
    with reading() as session:
        viewer = viewer_named(session, "office", day(world))
    assert viewer is not None
    return viewer


def now(world: World) -> Sampling:
    return sampling(person(world), world.campaign_id)


def words(app: object) -> str:
    """All markdown and captions of a page."""
    return "\n".join(e.value for e in (*app.markdown, *app.caption))  # type: ignore[attr-defined]


def test_without_a_roster_the_page_says_what_to_do_first(open_page: OpenPage) -> None:
    app = open_page("office", PAGE)
    assert not app.exception
    assert [w.value for w in app.warning] == ["名册里还没有农户，请先导入名册再封存抽样框。"]


def test_the_frame_is_frozen_before_a_seed_can_be_typed(world: World, open_page: OpenPage) -> None:
    add_roster(world, SIZES)
    app = open_page("office", PAGE)
    assert not [t for t in app.text_input if t.key == "sample_seed"]
    assert app.button(key="sample_freeze").disabled
    app.text_input(key="sample_source").set_value(SOURCE).run()
    app.button(key="sample_freeze").click().run()
    frame = now(world).frame
    assert frame is not None and frame.seed_source == SOURCE
    assert [t.value for t in app.toast] == ["抽样框已封存，请打印公布"]
    assert app.text_input(key="sample_seed").value == ""


def test_a_seed_draws_and_the_draw_waits_for_a_decision(world: World, open_page: OpenPage) -> None:
    frozen(world)
    app = open_page("office", PAGE)
    app.text_input(key="sample_seed").set_value(SEED).run()
    app.button(key="sample_draw_go").click().run()
    assert not app.exception and not app.error
    waiting = now(world).waiting
    assert waiting is not None and verify_draw(waiting.id).ok
    assert "待决定" in words(app)
    app.button(key="sample_adopt").click().run()
    app.button(key="sample_confirm").click().run()
    assert now(world).adopted is not None


def test_a_seed_nobody_can_read_is_refused_and_stays_typed(world: World, open_page: OpenPage) -> None:
    frozen(world)
    app = open_page("office", PAGE)
    app.text_input(key="sample_seed").set_value("7 ").run()
    app.button(key="sample_draw_go").click().run()
    assert [e.value for e in app.error] == ["种子不能为空，首尾不能有空格，中间不能换行。请按公布的内容重新填写。"]
    assert app.text_input(key="sample_seed").value == "7 "


def test_a_draw_without_a_registered_seed_offers_no_adoption(world: World, open_page: OpenPage) -> None:
    add_roster(world, SIZES)
    sample.draw(world.terminal(), world.campaign_id, SEED)
    app = open_page("office", PAGE)
    assert "种子未事先登记，不能采用" in words(app)
    assert not [b for b in app.button if b.key == "sample_adopt"]


def test_an_adopted_draw_shows_both_floors_and_the_gap(world: World, open_page: OpenPage) -> None:
    sample_id = adopted(world)
    first = villages(sample_id)[0]
    for home in households(sample_id):
        if home.sampled_village_id == first.id:
            visit(world, home.household_id)
    app = open_page("office", PAGE)
    assert not app.exception
    assert (
        "**村**　逐镇达标 **0/3** · 总体 **1/9 = 11.1%** 未到 30% · 应查 **4** 已查 **1** · :red[**缺 3 村**]"
        in words(app)
    )
    towns, listed, *_ = (table.value for table in app.dataframe)
    assert list(towns["缺口"]) == sorted(towns["缺口"], reverse=True)
    assert list(listed["次序"]) == list(range(1, len(listed) + 1))


def test_the_units_page_is_not_theirs(world: World, open_page: OpenPage) -> None:
    adopted(world)
    app = open_page("unit", PAGE)
    assert [t.value for t in app.title] == ["这一页不对您开放"]
    assert not app.dataframe and SEED not in words(app)


def test_the_inspector_sees_lists_and_no_verbs(world: World, open_page: OpenPage) -> None:
    adopted(world)
    app = open_page("inspector", PAGE)
    assert not app.exception
    keys = {b.key for b in app.button}
    assert not keys & {"sample_adopt", "sample_abandon", "sample_release", "sample_freeze", "sample_draw_go"}
    assert len(app.dataframe) > 1


def test_every_draw_stays_listed(world: World, open_page: OpenPage) -> None:
    adopted(world)
    sample.draw(world.caller("office"), world.campaign_id, "7", "种子抄错一位")
    app = open_page("office", PAGE)
    assert not app.exception
    listed = app.dataframe[-1].value
    assert list(listed["结果"]) == ["已抽取", "已采用"]
    assert list(listed["理由"]) == ["种子抄错一位", "—"]

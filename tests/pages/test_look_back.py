"""回头看 without a browser: taken over, judged on the spot, reopened with what was found already written."""

from models.issue import Verb
from models.look_back import LookBackVerdict
from queries.look_back import LookBackState, look_back_items
from tests.actions.test_look_back import a_year_later, item, looked, record_check, taken
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.pages.test_issue import asking, words, write
from tests.queries.test_issue import viewer

ONE, TAKE, DRAW = "ledger/look_back_one.py", "ledger/look_back_take.py", "ledger/look_back_draw.py"


def test_all_that_the_filter_shows_is_taken_over(world: World, open_page: OpenPage) -> None:
    world.closed()
    campaign_id = a_year_later(world)
    app = open_page("office", TAKE)
    assert app.button(key="thumb_take").disabled
    app.button(key="thumb_take_all").click().run()
    assert look_back_items(viewer(world, "office"), campaign_id, LookBackState.WAITING).total == 1


def test_an_inspector_judges_in_one_form_and_it_is_done_once(world: World, open_page: OpenPage) -> None:
    *_, look_back_id = taken(world)
    app = open_page("inspector2", ONE, id=str(look_back_id))
    assert app.button(key="thumb_record").disabled
    verdict = next(group for group in app.get("button_group") if str(group.key).endswith("_verdict"))
    verdict.set_value(LookBackVerdict.HELD.value).run()  # type: ignore[attr-defined]
    write(app, "finding", "到户看了12户，都收到了。")
    app.button(key="thumb_record").click().run()
    (check,) = item(world, look_back_id).checks
    assert (check.verdict, check.finding) == (LookBackVerdict.HELD, "到户看了12户，都收到了。")
    assert "已巩固" in words(app)


def test_who_accepted_it_reads_why_they_may_not_judge(world: World, open_page: OpenPage) -> None:
    *_, look_back_id = taken(world)
    app = open_page("inspector", ONE, id=str(look_back_id))
    assert "本轮是您验收的" in words(app)
    assert "thumb_record" not in {str(b.key) for b in app.button}


def test_the_dialog_of_reopening_holds_what_was_found(world: World, open_page: OpenPage) -> None:
    _, issue_id, look_back_id = taken(world)
    record_check(world.caller("inspector2"), look_back_id, looked())
    app = asking(open_page, "office", issue_id, Verb.REOPEN)
    finding = next(area for area in app.text_area if str(area.key).endswith("_finding"))
    assert finding.value == f"反弹：{looked().finding}"


def test_the_office_freezes_draws_and_releases_and_the_unit_finds_no_such_page(
    world: World, open_page: OpenPage
) -> None:
    world.closed()
    app = open_page("office", DRAW)
    app.text_input(key="draw_seed_source").set_value("2022年8月1日体彩排列五").run()
    app.button(key="thumb_freeze").click().run()
    app.text_input(key="draw_seed_1").set_value("7 3 9 1 5").run()
    app.button(key="thumb_draw_1").click().run()
    assert "由种子和清单重抽，结果逐件一致" in words(app)
    app.button(key="thumb_release_1").click().run()
    assert "公布名单。" in words(app)
    assert [t.value for t in open_page("unit", DRAW).title] == ["这一页不对您开放"]

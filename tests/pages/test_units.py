"""单位 on screen: written down, found, renamed, dissolved with what that means said first."""

from datetime import date

from actions.unit import dissolve_unit
from models.unit import UnitKind
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.pages.test_regions import names, words

PAGE = "admin/units.py"
GONE, OTHER = "U004", "U005"


def test_admin_writes_a_unit_down(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", PAGE)
    app.text_input(key="unit_code").set_value("CZS-9")
    app.text_input(key="unit_name").set_value("示例九镇财政所")
    app.selectbox(key="unit_kind").select(UnitKind.FINANCE_OFFICE).run()
    app.button(key="unit_save").click().run()
    assert not app.error and not app.exception
    assert "示例九镇财政所 ›" in names(app)


def test_a_dissolution_says_first_what_hangs_on_the_unit(world: World, open_page: OpenPage) -> None:
    world.rectifying()
    world.later(days=3)
    app = open_page("admin", PAGE, unit=GONE)
    app.pills(key=f"unit_verb_{GONE}").select("撤销").run()
    assert "整改中的 1 件问题仍在它名下，不会自己转走" in words(app)
    app.selectbox(key="unit_successor").select(OTHER)
    app.text_input(key="unit_why").set_value("编办文件").run()
    app.button(key="unit_dissolve").click().run()
    assert not app.error and not app.exception
    assert "由示例二镇财政所承接" in words(app)
    assert not app.pills


def test_the_problem_itself_says_that_it_must_be_reassigned(world: World, open_page: OpenPage) -> None:
    issue_id = world.rectifying()
    dissolve_unit(world.on(date(2022, 8, 1)).caller("admin"), GONE, date(2022, 8, 1), OTHER, "编办文件")
    app = open_page("office", "ledger/issue.py", id=str(issue_id))
    assert any("须由办公室改派" in w.value for w in app.warning)


def test_a_refusal_stands_on_the_page_and_what_was_typed_stays(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", PAGE, unit=GONE)
    app.pills(key=f"unit_verb_{GONE}").select("更名").run()
    app.text_input(key="unit_new_name").set_value("示例二镇财政所").run()
    app.text_input(key="unit_why").set_value("编办文件").run()
    app.button(key="unit_rename").click().run()
    assert "没有重复登记" in app.error[0].value
    assert app.text_input(key="unit_new_name").value == "示例二镇财政所"


def test_others_do_not_see_the_page(world: World, open_page: OpenPage) -> None:
    assert [t.value for t in open_page("office", PAGE).title] == ["这一页不对您开放"]

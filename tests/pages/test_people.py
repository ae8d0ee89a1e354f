"""人员与账号 and 专项治理: a first installation is done on these two pages."""

from actions.people import create_user
from models.local_time import local_day
from models.role import Role
from queries.people import waiting_grants
from queries.reading import reading
from queries.viewer import Viewer, viewer_named
from tests.factories import World
from tests.pages.conftest import OpenPage


def seen_by(world: World, name: str) -> Viewer:
    with reading() as session:
        viewer = viewer_named(session, name, local_day(world.now))
    assert viewer is not None
    return viewer


def test_a_page_that_is_not_ones_own_says_so_in_words(world: World, open_page: OpenPage) -> None:
    app = open_page("inspector", "admin/people.py")
    assert [t.value for t in app.title] == ["这一页不对您开放"]
    assert not app.dataframe


def test_admin_makes_an_account_and_sees_the_password_once(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", "admin/people.py")
    app.text_input(key="new_name").set_value("zhang.san")
    app.text_input(key="new_person").set_value("张某某")
    app.selectbox(key="new_role").select(Role.INSPECTOR).run()
    app.button(key="new_account").click().run()
    assert not app.exception
    assert not app.error
    assert [t.value for t in app.toast] == ["账号已建，授权已生效"]
    assert len(app.code) == 1
    app.button(key="password_noted_zhang.san").click().run()
    assert not app.code


def test_a_second_click_on_a_new_account_neither_refuses_nor_hides_its_password(
    world: World, open_page: OpenPage
) -> None:
    app = open_page("admin", "admin/people.py")
    app.selectbox(key="new_role").select(Role.INSPECTOR)
    for _ in range(2):  # the first click was cut off before it emptied the form
        app.text_input(key="new_name").set_value("zhang.san").run()
        app.button(key="new_account").click().run()
    assert not app.error and len(app.code) == 1
    assert app.text_input(key="new_name").value == ""


def test_a_refusal_stands_on_the_page_and_what_was_typed_stays(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", "admin/people.py")
    app.text_input(key="new_name").set_value("office")
    app.selectbox(key="new_role").select(Role.INSPECTOR).run()
    app.button(key="new_account").click().run()
    assert [e.value for e in app.error] == ["账号“office”已有人用，请换一个。"]
    assert app.text_input(key="new_name").value == "office"


def test_security_confirms_what_admin_proposed(world: World, open_page: OpenPage) -> None:
    create_user(world.caller("admin"), "new.office", Role.OFFICE)
    app = open_page("security", "admin/people.py")
    (grant,) = waiting_grants(seen_by(world, "security"))
    app.button(key=f"confirm_{grant.membership_id}").click().run()
    assert not app.error
    assert waiting_grants(seen_by(world, "security")) == ()


def test_office_sets_a_new_sampling_rule(world: World, open_page: OpenPage) -> None:
    app = open_page("office", "admin/campaign.py")
    app.number_input(key="rule_share").set_value(40).run()
    app.button(key="rule_save").click().run()
    assert not app.error
    assert any("设定" in m.value for m in app.markdown if "抽样规则" in m.value)
    again = open_page("office", "admin/campaign.py")
    assert again.number_input(key="rule_share").value == 40


def test_a_campaign_with_a_bad_code_is_refused_in_words(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", "admin/campaign.py")
    app.text_input(key="campaign_code").set_value("二〇二二")
    app.button(key="campaign_save").click().run()
    assert app.error[0].value.startswith("编号用大写字母开头")


def test_places_are_chosen_by_name_and_security_reads_who_proposed(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", "admin/people.py")
    app.text_input(key="new_name").set_value("li.si").run()
    app.selectbox(key="new_place").select("421381901000")
    assert "示例一镇（甲县）" in app.selectbox(key="new_place").options
    assert "示例一镇 甲一村（甲县）" in app.selectbox(key="new_village").options
    app.selectbox(key="new_role").select(Role.OFFICE).run()
    app.button(key="new_account").click().run()
    assert not app.error and app.selectbox(key="new_place").value is None
    said = [m.value for m in open_page("security", "admin/people.py").markdown]
    assert any("示例一镇" in words and "A某某 2022年7月4日" in words for words in said)

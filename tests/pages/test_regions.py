"""区划与填报单位 on screen: found, renamed, merged with what it means said first, counted elsewhere."""

from datetime import date

from actions.region_change import merge_village, rename_region
from tests.factories import World
from tests.pages.conftest import OpenPage

PAGE = "admin/regions.py"
A1, A2, TOWN, TOWN2 = "421381901201", "421381901202", "421381901000", "421381902000"
JULY = date(2022, 7, 4)


def words(app: object) -> str:
    return "\n".join(m.value for m in app.markdown)  # type: ignore[attr-defined]


def names(app: object) -> list[str]:
    return list(app.dataframe[0].value["名称"])  # type: ignore[attr-defined]


def test_admin_goes_down_the_tree_to_a_town(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", PAGE, at=TOWN)
    assert names(app) == ["甲一村 ›", "甲二村 ›", "甲三村 ›", "甲四村 ›"]
    assert "归 **甲县** 统计" in words(app)
    app.button(key="thumb_way_421381000000").click().run()
    assert names(app) == ["示例一镇 ›", "示例二镇 ›"]


def test_a_place_is_found_by_its_former_name(world: World, open_page: OpenPage) -> None:
    rename_region(world.caller("admin"), A1, "新一村", JULY, "批复")
    app = open_page("admin", PAGE)
    app.text_input(key="region_words").set_value("甲一").run()
    assert names(app) == ["新一村 ›"]
    app.text_input(key="region_words").set_value("没有").run()
    assert "没有符合条件的区划" in words(app)


def test_a_new_name_is_given_with_its_ground(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", PAGE, at=A1)
    app.pills(key=f"region_verb_{A1}").select("更名").run()
    app.text_input(key="rename_name").set_value("新一村").run()
    assert app.button(key="rename_save").disabled
    app.text_input(key="rename_why").set_value("民政局批复").run()
    app.button(key="rename_save").click().run()
    assert not app.error and not app.exception
    assert "甲一村 → 新一村" in words(app)


def test_before_a_merge_the_screen_says_what_stays_and_what_is_to_do(world: World, open_page: OpenPage) -> None:
    world.rectifying(region_id=world.regions["甲二村"])
    app = open_page("admin", PAGE, at=A2)
    app.pills(key=f"region_verb_{A2}").select("并入其他村").run()
    app.selectbox(key="merge_into").select(A1).run()
    assert "已登记的 1 件问题（未销号 1 件）仍列在甲二村" in words(app)
    assert "都列在甲一村" in words(app)
    app.text_input(key="merge_why").set_value("并村方案").run()
    app.button(key="merge_save").click().run()
    assert not app.error and not app.exception
    assert "并入甲一村" in words(app)
    assert not app.pills


def test_a_village_that_was_merged_is_not_offered_as_survivor(world: World, open_page: OpenPage) -> None:
    merge_village(world.caller("admin"), A2, A1, JULY, "并村方案")
    app = open_page("admin", PAGE, at=A1)
    app.pills(key=f"region_verb_{A1}").select("并入其他村").run()
    offered = app.selectbox(key="merge_into").options
    assert "示例一镇 甲三村" in offered and "示例一镇 甲二村" not in offered
    assert not [b for b in app.button if b.key == "merge_save"]


def test_a_zone_is_written_down_and_gets_a_town(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", PAGE)
    app.segmented_control(key="region_view").select("填报单位").run()
    app.text_input(key="zone_code").set_value("ZGX")
    app.text_input(key="zone_name").set_value("高新区").run()
    app.button(key="zone_save").click().run()
    assert not app.error and not app.exception
    app = open_page("admin", PAGE, at=TOWN2)
    app.pills(key=f"region_verb_{TOWN2}").select("改归填报单位").run()
    app.selectbox(key="count_unit").select("ZGX")
    app.text_input(key="count_why").set_value("托管协议").run()
    app.button(key="count_save").click().run()
    assert not app.error and not app.exception
    assert "归 **高新区** 统计" in words(app)


def test_office_reads_the_tree_and_changes_nothing(world: World, open_page: OpenPage) -> None:
    app = open_page("office", PAGE, at=A1)
    assert "甲一村" in words(app)
    assert not app.pills


def test_an_unknown_place_says_so(world: World, open_page: OpenPage) -> None:
    assert "没有找到这个区划" in words(open_page("admin", PAGE, at="421399999999"))

"""我的视图: named, renamed, shared within the unit, deleted; each person's own, on the server."""

from typing import Any

import pytest

from actions.saved_view import delete_view, rename_view, save_view, share_view
from models.refusal import NotFoundOrNotYours, Refused
from models.saved_view import MOST_VIEWS
from queries.saved_view import ViewRow, saved_views
from tests.factories import World
from tests.queries.test_issue import viewer

LATE = {"light": ["超期"], "area": ["示例一镇"]}


def views(world: World, by: str = "office") -> tuple[ViewRow, ...]:
    return saved_views(viewer(world, by), world.campaign_id)


def save(world: World, name: str = "一镇超期", by: str = "office", **conditions: Any) -> int:
    return save_view(world.caller(by), world.campaign_id, name, conditions or LATE)


def test_a_view_is_its_owners_alone_until_it_is_shared_with_the_unit(both_worlds: World) -> None:
    view_id = save(both_worlds)
    assert [(v.name, v.conditions, v.is_own) for v in views(both_worlds)] == [("一镇超期", LATE, True)]
    assert views(both_worlds, "office2") == ()
    share_view(both_worlds.caller("office"), view_id, True)
    assert [(v.name, v.owner, v.is_own) for v in views(both_worlds, "office2")] == [("一镇超期", "O某某", False)]
    assert views(both_worlds, "unit") == (), "another unit's people do not find it"
    share_view(both_worlds.caller("office"), view_id, False)
    assert views(both_worlds, "office2") == ()


def test_only_the_owner_changes_a_view(both_worlds: World) -> None:
    view_id = save(both_worlds)
    share_view(both_worlds.caller("office"), view_id, True)
    for change in (
        lambda: rename_view(both_worlds.caller("office2"), view_id, "我的"),
        lambda: share_view(both_worlds.caller("office2"), view_id, False),
        lambda: delete_view(both_worlds.caller("office2"), view_id),
    ):
        with pytest.raises(NotFoundOrNotYours):
            change()
    rename_view(both_worlds.caller("office"), view_id, "每周看")
    assert [v.name for v in views(both_worlds)] == ["每周看"]
    delete_view(both_worlds.caller("office"), view_id)
    assert views(both_worlds) == ()


@pytest.mark.parametrize(
    ("name", "conditions", "sentence"),
    [
        (" ", LATE, "请填写视图名称"),
        ("很长" * 7, LATE, "视图名称太长"),
        ("一镇超期", LATE, "已有名为“一镇超期”的视图"),
        ("13800001234", LATE, "不能有身份证号、银行账号或电话号码"),
        ("按号查", {"q": "000000195001010014"}, "不能有身份证号、银行账号或电话号码"),
        ("空的", {}, "还没有筛选条件"),
        ("空的", {"page": "3"}, "还没有筛选条件"),
        ("乱的", {"area": [{"a": 1}]}, "不能存为视图"),
    ],
)
def test_a_name_and_conditions_that_can_be_shown(
    world: World, name: str, conditions: dict[str, Any], sentence: str
) -> None:
    save(world)
    with pytest.raises(Refused, match=sentence):
        save_view(world.caller("office"), world.campaign_id, name, conditions)


def test_nobody_keeps_more_than_they_can_look_at(world: World) -> None:
    for number in range(MOST_VIEWS):
        save(world, f"视图{number}")
    with pytest.raises(Refused, match="最多保存 12 个视图"):
        save(world, "再来一个")
    save(world, "别人的", by="office2")


def test_whoever_does_not_see_the_ledger_keeps_no_views(world: World) -> None:
    with pytest.raises(Refused, match="查看整改台账"):
        save(world, by="admin")

"""第一次使用: each step is read from the record."""

from models.local_time import local_day
from queries.first_steps import Step, first_steps
from queries.reading import reading
from queries.viewer import viewer_named
from tests.factories import World


def steps(world: World, name: str = "office") -> dict[str, Step]:
    with reading() as session:
        viewer = viewer_named(session, name, local_day(world.now))
    assert viewer is not None
    return {step.title: step for step in first_steps(viewer, world.campaign_id)}


def test_the_first_step_that_is_not_done_is_the_next(both_worlds: World) -> None:
    found = steps(both_worlds)
    assert [s.title for s in found.values() if s.is_next] == ["导入名册"]
    assert [s.title for s in found.values() if s.is_done] == [
        "新建专项治理", "建立账号", "导入区划", "填报单位", "登记责任单位", "检查人员和检查组",
        "设定抽样规则", "转为“进行”",
    ]  # fmt: skip


def test_a_step_says_whose_it_is(world: World) -> None:
    assert steps(world, "admin")["导入名册"].who == "领导小组办公室"
    assert not steps(world, "admin")["导入名册"].is_mine
    assert steps(world, "office")["导入名册"].is_mine


def test_a_registered_problem_ends_its_step_and_a_draft_does_not(world: World) -> None:
    world.draft()
    assert not steps(world)["第一件问题"].is_done
    world.registered()
    assert steps(world)["第一件问题"].found == "已登记 1 件"

"""What is still owed, by place: equal to the figures, and yesterday's unmoved by what arrives today."""

from datetime import timedelta

from models.issue_money import Direction
from queries.money_owed import money_by_place
from tests.actions.test_issue_money import closed_with_money_open, move
from tests.factories import World
from tests.queries.test_figures import rows, values, viewer


def owed(world: World) -> int:
    """A closed problem that owes 2,000.00 元 and one that owes 4,000.00 and came back with 1,000.00."""
    closed = closed_with_money_open(world)
    there = {"region_id": world.regions["乙一村"], "to_pay_cents": 0, "to_recover_cents": 500_000}
    move(world, world.rectifying(**there), 100_000, Direction.RECOVER)
    return closed


def test_places_add_up_to_the_figures(both_worlds: World) -> None:
    owed(both_worlds)
    found, today = values(both_worlds), both_worlds.terminal().today
    places = money_by_place(viewer(both_worlds, "office"), both_worlds.campaign_id, today)
    towns = money_by_place(viewer(both_worlds, "office"), both_worlds.campaign_id, today, "421381000000")
    for listed in (places, towns):
        sums = [
            sum(p.open_recover for p in listed), sum(p.open_pay for p in listed),
            sum(p.money.open(Direction.REMIT) for p in listed), sum(p.money.recovered for p in listed),
        ]  # fmt: skip
        names = ("money_open_recover_cents", "money_open_pay_cents", "money_open_remit_cents", "money_recovered_cents")
        assert sums == [found[name] for name in names] == [400_000, 200_000, 100_000, 100_000]
    assert [p.name for p in towns] == ["示例一镇", "示例二镇"]


def test_what_arrives_today_leaves_yesterday_as_it_was(world: World) -> None:
    issue_id = owed(world)
    day = world.terminal().today
    before = values(world)
    world.later(days=1)
    move(world, issue_id, 200_000, by="office")
    assert (values(world)["issues_partial"], values(world)["money_open_pay_cents"]) == (0, 0)
    assert values(world, as_of=day) == before
    assert [row[0] for row in rows(world, "issues_partial", as_of=day).rows] == ["SL2022-JX-0001"]
    assert day == world.terminal().today - timedelta(days=1)

"""Who is asking, and where their roles hold."""

from datetime import date

from models.role import Permission
from queries.reading import reading
from queries.viewer import viewer_of_user
from tests.factories import World


def test_an_inspector_whose_team_is_over_sees_nowhere_rather_than_everywhere(world: World) -> None:
    with reading() as session:
        now = viewer_of_user(session, world.users["inspector"], world.caller("inspector").today)
        before_any_team = viewer_of_user(session, world.users["inspector"], date(2019, 1, 1))
    assert now is not None and before_any_team is not None
    assert now.grants[0].places != ()
    assert before_any_team.grants[0].places == ()
    assert not before_any_team.is_everywhere(Permission.SEE_LEDGER)
